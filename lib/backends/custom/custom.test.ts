import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startGateway } from '../../testing/emulators/gateway.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { collect, openEngine, textOf, unstopped, userMessage } from '../../testing/open-engine.ts';
import { custom } from './custom.ts';

let emulator: Emulator | undefined;
let server: Server | undefined;
afterEach(async () => {
  await emulator?.close();
  server?.close();
  emulator = undefined;
  server = undefined;
});

const key = ['sk', 'test', '0123456789abcdef'].join('-');
const chat = { model: 'team-model', messages: [userMessage('Hi')] };

describe('a custom server', () => {
  it.each([
    ['', ''],
    ['', '/v1'],
    ['/llm', '/llm'],
    ['/api', ''],
    ['/openai', ''],
    ['/deep/v2', '/deep'],
  ])('that answers below %j/v1 is found from %j', async (prefix, typed) => {
    emulator = await startGateway({ prefix: prefix === '/deep/v2' ? '/deep/openai' : prefix });
    const engine = openEngine(custom, { baseUrl: emulator.url + typed });
    expect(textOf(await collect(engine.chat?.(chat, unstopped())))).not.toBe('');
    expect(await engine.models?.(unstopped())).toHaveLength(2);
    const before = emulator.requests.length;
    await collect(engine.chat?.(chat, unstopped()));
    expect(emulator.requests.length).toBe(before + 1);
  });

  it('that answers at the path as typed is not asked elsewhere', async () => {
    const paths: string[] = [];
    const url = await serve((path) => {
      paths.push(path);
      return path === '/v1beta/openai/models' ? [200, { data: [{ id: 'a' }] }] : [404, {}];
    });
    expect(await openEngine(custom, { baseUrl: `${url}/v1beta/openai/` }).models?.(unstopped())).toEqual([{ id: 'a' }]);
    expect(paths).toEqual(['/v1beta/openai/models']);
  });

  it('gets extra headers, and the key in the header it wants', async () => {
    const seen: Record<string, unknown>[] = [];
    const url = await serve((_path, headers) => {
      seen.push(headers);
      return [200, { data: [] }];
    });
    await openEngine(custom, { baseUrl: url, headers: 'X-Team: research: one\n\nX-Empty:', keyHeader: 'api-key' }, { key }).models?.(
      unstopped(),
    );
    expect(seen[0]).toMatchObject({ 'x-team': 'research: one', 'x-empty': '', 'api-key': key });
    expect(seen[0]).not.toHaveProperty('authorization');
    await openEngine(custom, { baseUrl: url, keyHeader: '' }, { key }).models?.(unstopped());
    expect(seen[1]).toMatchObject({ authorization: `Bearer ${key}` });
  });

  it.each([
    'Authorization: x',
    'origin: x',
    'Host: x',
    'Cookie: x',
    'Proxy-Foo: x',
    'Sec-Fetch-Mode: x',
    'Content-Length: 1',
    'X-HTTP-Method-Override: DELETE',
    'no colon',
    'bad name: x',
    ': x',
  ])('refuses the header %j in its settings', (headers) => {
    const result = custom.schema.safeParse({ baseUrl: 'http://127.0.0.1:1', headers });
    expect(result.success).toBe(false);
    expect(result.error?.issues[0]?.message).toMatch(/cannot be set by hand|one header a line/);
  });

  it('refuses an address in the words of the address check', () => {
    const result = custom.schema.safeParse({ baseUrl: 'file:///etc/passwd' });
    expect(result.error?.issues[0]?.message).toContain('not with file:');
  });

  it('tells how much fits, under whichever name its list has it', async () => {
    const models = [
      { id: 'a', max_model_len: 4096 },
      { id: 'b', context_length: 8192 },
      { id: 'c', meta: { n_ctx: 2048 } },
      { id: 'd', context_window: 'much' },
    ];
    const url = await serve(() => [200, { data: models }]);
    const listed = await openEngine(custom, { baseUrl: url }).models?.(unstopped());
    expect(listed?.map(({ contextWindow }) => contextWindow)).toEqual([4096, 8192, 2048, undefined]);
  });

  it('counts where it has a route for that, and is asked about it once where it has none', async () => {
    const paths: string[] = [];
    let hasRoute = true;
    const url = await serve((path) => {
      paths.push(path);
      return hasRoute ? [200, { count: 12 }] : [404, { detail: 'Not Found' }];
    });
    expect(await openEngine(custom, { baseUrl: url }).countTokens?.(chat, unstopped())).toBe(12);
    hasRoute = false;
    const engine = openEngine(custom, { baseUrl: `${url}/v1` });
    for (let time = 0; time < 2; time++)
      await expect(engine.countTokens?.(chat, unstopped())).rejects.toMatchObject({ code: 'not-supported' });
    expect(paths).toEqual(['/tokenize', '/tokenize']);
  });

  it('is tested without a list of models where it has none', async () => {
    const answers: Record<string, [number, object]> = {
      '/v1/chat/completions': [422, { detail: [{ type: 'missing', loc: ['body', 'model'], msg: 'Field required' }] }],
    };
    const url = await serve((path) => answers[path] ?? [404, {}]);
    await openEngine(custom, { baseUrl: url }).test?.(unstopped());
    answers['/v1/chat/completions'] = [401, {}];
    await expect(openEngine(custom, { baseUrl: url }).test?.(unstopped())).rejects.toMatchObject({ code: 'unauthorized' });
    delete answers['/v1/chat/completions'];
    await expect(openEngine(custom, { baseUrl: url }).test?.(unstopped())).rejects.toMatchObject({ code: 'bad-response' });
  });
});

async function serve(answer: (path: string, headers: Record<string, unknown>) => [number, object]): Promise<string> {
  server = createServer((request, response) => {
    const [status, body] = answer(request.url ?? '', request.headers);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
