import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Message } from '../../protocol/message.ts';
import { type KoboldCpp, type KoboldCppOptions, koboldCppModel, startKoboldCpp } from '../../testing/emulators/koboldcpp.ts';
import { sleep, until } from '../../testing/kit/wait.ts';
import { collect, openEngine, textOf, unstopped, userMessage } from '../../testing/open-engine.ts';
import { koboldcpp } from './koboldcpp.ts';

const password = ['pass', 'word'].join('');
let emulator: KoboldCpp;

afterEach(() => emulator.close());

async function open(options: KoboldCppOptions = {}, secrets: Record<string, string> = {}) {
  emulator = await startKoboldCpp(options);
  return openEngine(koboldcpp, { baseUrl: emulator.url }, secrets);
}

const text = { model: koboldCppModel, prompt: 'The door opened.' };
const chat = { model: koboldCppModel, messages: [userMessage('Hi')] };
const asked = (path: string) =>
  emulator.requests.filter((request) => request.path === path).map(({ body }) => body as Record<string, unknown>);
const answered = () => emulator.requests.filter(({ wantsAnswer }) => wantsAnswer).map(({ path, body }) => ({ path, body }));

describe('KoboldCpp', () => {
  it('continues a text by its own stream, with every sampler under its own name', async () => {
    const engine = await open();
    const sampling = {
      ...{ temperature: 0.8, topP: 0.9, topK: 40, topA: 0.1, minP: 0.05, typicalP: 0.97, tailFree: 0.95, topNSigma: 1.2 },
      ...{ repetitionPenalty: 1.1, repetitionRange: 360, repetitionSlope: 0.7, presencePenalty: 0.2, frequencyPenalty: 0.3 },
      mirostat: { mode: 2 as const, tau: 5, eta: 0.1 },
      dry: { multiplier: 0.8, base: 1.75, allowedLength: 2, range: 320, breakers: ['\n'] },
      xtc: { threshold: 0.1, probability: 0.5 },
      dynamicTemperature: { range: 0.5, exponent: 1 },
      smoothing: { factor: 0.3, curve: 1.5 },
      ...{ samplerOrder: [6, 0, 1, 3, 4, 2, 5], banEos: true, bannedStrings: ['shivers'], logitBias: { '5': -1 } },
    };
    const parts = await collect(engine.text?.({ ...text, sampling, seed: 3, maxOutputTokens: 50, stop: ['\n\n'] }, unstopped()));
    expect(textOf(parts)).toBe('Hello from the emulator: grüße, 你好, 👋.');
    expect(answered()).toEqual([
      {
        path: '/api/extra/generate/stream',
        body: {
          ...{ prompt: text.prompt, max_length: 50, sampler_seed: 3, stop_sequence: ['\n\n'], trim_stop: true, temperature: 0.8 },
          ...{ top_p: 0.9, top_k: 40, top_a: 0.1, min_p: 0.05, typical: 0.97, tfs: 0.95, nsigma: 1.2 },
          ...{ rep_pen: 1.1, rep_pen_range: 360, rep_pen_slope: 0.7, presence_penalty: 0.2 },
          ...{ mirostat: 2, mirostat_tau: 5, mirostat_eta: 0.1 },
          ...{ dry_multiplier: 0.8, dry_base: 1.75, dry_allowed_length: 2, dry_penalty_last_n: 320, dry_sequence_breakers: ['\n'] },
          ...{ xtc_threshold: 0.1, xtc_probability: 0.5, dynatemp_range: 0.5, dynatemp_exponent: 1 },
          ...{ smoothing_factor: 0.3, smoothing_curve: 1.5, sampler_order: [6, 0, 1, 3, 4, 2, 5] },
          ...{ ban_eos_token: true, banned_strings: ['shivers'], logit_bias: { '5': -1 } },
          genkey: expect.stringMatching(/^SWB/),
        },
      },
    ]);
  });

  it.each(['1.76', '1.85', '1.90', '1.101', '1.111'])(
    'reads the answers of version %s, with the reason that really ended them',
    async (version) => {
      const engine = await open({ version });
      const ask = async (more: object) => {
        const parts = await collect(engine.text?.({ ...text, ...more }, unstopped()));
        return { text: textOf(parts), reason: parts.at(-1)?.type === 'end' && parts.at(-1) };
      };
      expect(await ask({})).toMatchObject({ text: expect.stringMatching(/👋\.$/), reason: { reason: 'stop' } });
      expect(await ask({ stop: [' 你好'] })).toMatchObject({ text: 'Hello from the emulator: grüße,', reason: { reason: 'stop' } });
      expect(await ask({ maxOutputTokens: 3 })).toMatchObject({ text: 'Hello from the', reason: { reason: 'length' } });

      const parts = await collect(engine.chat?.({ ...chat, stop: [' 你好'] }, unstopped()));
      expect(textOf(parts)).toBe('Hello from the emulator: grüße,');
      expect(parts.at(-1)).toMatchObject({ type: 'end', reason: 'stop' });
    },
  );

  it('asks the counters while the server still keeps its place', async () => {
    const engine = await open({ releaseMs: 400 });
    const started = performance.now();
    const parts = await collect(engine.text?.({ ...text, stop: [' 你好'] }, unstopped()));
    expect(parts.at(-1)).toMatchObject({ reason: 'stop', usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) } });
    expect(performance.now() - started).toBeLessThan(400);
  });

  it('stops the server, which would go on after the connection closed', async () => {
    const engine = await open({ scenario: { tokenDelayMs: 60_000 } });
    // What happens without a word: nothing is written, so nothing is noticed.
    const bare = new AbortController();
    const body = JSON.stringify({ prompt: 'x', genkey: 'bare' });
    const response = await fetch(`${emulator.url}/api/extra/generate/stream`, { method: 'POST', body, signal: bare.signal });
    await response.body?.getReader().read();
    bare.abort();
    await until(() => emulator.aborted === 1, 'the connection to close');
    await sleep(50);
    expect(emulator.generating).toBe('bare');
    await fetch(`${emulator.url}/api/extra/abort`, { method: 'POST', body: JSON.stringify({ genkey: 'bare' }) });
    await until(() => emulator.generating === undefined, 'the first answer to end');

    for (const start of [(signal: AbortSignal) => engine.text?.(text, signal), (signal: AbortSignal) => engine.chat?.(chat, signal)]) {
      const controller = new AbortController();
      const stopped = collect(start(controller.signal));
      await until(() => emulator.generating !== undefined, 'the answer to begin');
      expect(emulator.generating).toMatch(/^SWB/);
      controller.abort();
      await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
      await until(() => emulator.generating === undefined, 'the server to stop', 1000);
    }
  });

  it('stops the server for a reader who leaves, and takes a request out of the line before its turn', async () => {
    const engine = await open({ scenario: { tokenDelayMs: 60_000 } });
    const reading = engine.text?.(text, unstopped())[Symbol.asyncIterator]();
    await reading?.next();
    const waiting = new AbortController();
    const second = collect(engine.text?.({ ...text, prompt: 'second' }, waiting.signal));
    await until(() => asked('/api/extra/generate/stream').length === 2, 'the second request');
    waiting.abort();
    await expect(second).rejects.toMatchObject({ code: 'aborted' });
    await until(() => asked('/api/extra/abort').length === 1, 'the word to stop');
    expect(emulator.generating).toBe(asked('/api/extra/generate/stream')[0]?.genkey);
    await reading?.return?.();
    // The second makes nothing when its turn comes.
    await until(() => emulator.generating === undefined, 'the line to be empty', 1000);
  });

  it('stops a run that has no name yet, because the model is first asked whether a tool is needed', async () => {
    const engine = await open({ decidesMs: 700, scenario: { tokenDelayMs: 60_000 } });
    const controller = new AbortController();
    const stopped = collect(engine.chat?.({ ...chat, tools: [{ name: 'look' }] }, controller.signal));
    await until(() => emulator.generating === '', 'the question of the tools');
    controller.abort();
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    await until(() => asked('/api/extra/abort').length > 1 && emulator.generating === undefined, 'the server to stop', 5000);
    const [{ genkey } = {}] = asked('/v1/chat/completions');
    expect(asked('/api/extra/abort').every((body) => body.genkey === genkey)).toBe(true);
  });

  it('tells everything of a tool that the server takes without looking', async () => {
    const engine = await open({ scenario: { toolCalls: [{ name: 'look', arguments: '{"at":"sea"}' }] } });
    const parameters = { type: 'object', properties: { at: {}, how: { enum: ['near', 'far'] }, deep: { type: 'integer' } } };
    const parts = await collect(engine.chat?.({ ...chat, tools: [{ name: 'look', parameters }, { name: 'wait' }] }, unstopped()));
    expect(parts.at(-1)).toMatchObject({ type: 'end', reason: 'tool-calls' });
    const anything = ['string', 'number', 'boolean', 'object', 'array', 'null'];
    const properties = { at: { type: anything }, how: { type: 'string', enum: ['near', 'far'] }, deep: { type: 'integer' } };
    expect(answered()[0]?.body).toMatchObject({
      tools: [
        { function: { name: 'look', description: '', parameters: { type: 'object', properties } } },
        { function: { name: 'wait', description: '', parameters: { type: 'object', properties: {} } } },
      ],
    });
  });

  it('does not take an answer in words for the call of a tool', async () => {
    const engine = await open({ jinjaTools: true, scenario: { toolCalls: [] } });
    const parts = await collect(engine.chat?.({ ...chat, tools: [{ name: 'look' }] }, unstopped()));
    expect(textOf(parts)).toContain('Hello');
    expect(parts.at(-1)).toMatchObject({ type: 'end', reason: 'stop' });
  });

  it('asks before nobody, and says no word where it never began', async () => {
    const engine = await open();
    await expect(collect(engine.text?.(text, AbortSignal.abort()))).rejects.toMatchObject({ code: 'aborted' });
    await collect(engine.text?.(text, unstopped()));
    await sleep(20);
    expect(asked('/api/extra/abort')).toEqual([]);
  });

  it('leaves the template to the model where the server knows it, and writes it itself where not', async () => {
    const messages: Message[] = [{ role: 'system', content: [{ type: 'text', text: 'Be brief.' }] }, userMessage('Hi')];
    const modern = await open({ version: '1.111' });
    await collect(modern.chat?.({ ...chat, messages }, unstopped()));
    expect(answered()[0]).toMatchObject({ path: '/v1/chat/completions', body: { messages: [{ role: 'system' }, { role: 'user' }] } });
    await emulator.close();

    // 1.79 tells the template, so it is ChatML; 1.76 tells the name of the model alone.
    const told = await open({ version: '1.79' });
    await collect(told.chat?.({ ...chat, messages }, unstopped()));
    expect(answered()[0]).toMatchObject({
      path: '/api/extra/generate/stream',
      body: { prompt: '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n', trim_stop: true },
    });
    await emulator.close();

    const named = await open({ version: '1.76', model: 'koboldcpp/mistral-7b-instruct-v0.3.Q4_K_M' });
    await collect(named.chat?.({ ...chat, messages }, unstopped()));
    expect(answered()[0]).toMatchObject({ body: { prompt: '[INST] Be brief.\n\nHi[/INST]' } });
  });

  it('continues an answer that was begun, by the route that can', async () => {
    const begun: Message = { role: 'assistant', prefix: true, content: [{ type: 'text', text: 'Well, ' }] };
    const modern = await open({ version: '1.111' });
    await collect(modern.chat?.({ ...chat, messages: [userMessage('Hi'), begun] }, unstopped()));
    expect(answered()[0]).toMatchObject({ path: '/v1/chat/completions' });
    await emulator.close();
    const older = await open({ version: '1.95' });
    await collect(older.chat?.({ ...chat, messages: [userMessage('Hi'), begun] }, unstopped()));
    expect(answered()[0]).toMatchObject({ body: { prompt: expect.stringMatching(/<\|im_start\|>assistant\nWell, $/) } });
    await expect(
      collect(older.chat?.({ ...chat, messages: [userMessage('Hi'), begun], tools: [{ name: 'f' }] }, unstopped())),
    ).rejects.toMatchObject({ code: 'not-supported' });
  });

  it('holds answers to a form: by a schema where the chat route takes one, by a grammar elsewhere', async () => {
    const responseFormat = {
      type: 'json-schema' as const,
      schema: { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] },
    };
    const modern = await open();
    expect(JSON.parse(textOf(await collect(modern.chat?.({ ...chat, responseFormat }, unstopped()))))).toEqual({ a: expect.any(Number) });
    await collect(modern.chat?.({ ...chat, responseFormat: { type: 'json' } }, unstopped()));
    // Its own `json_object` is a list.
    expect(answered()[1]?.body).toMatchObject({ response_format: { type: 'json_schema', json_schema: { schema: { type: 'object' } } } });
    await collect(modern.chat?.({ ...chat, responseFormat: { type: 'regex', pattern: 'yes|no' } }, unstopped()));
    expect(answered()[2]?.body).toMatchObject({ grammar: 'root ::= ("y" "e" "s" | "n" "o")' });
    await collect(modern.text?.({ ...text, responseFormat }, unstopped()));
    expect(answered()[3]?.body).toMatchObject({ grammar: expect.stringContaining('root ::= "{"') });
    await emulator.close();

    const older = await open({ version: '1.86' });
    await collect(older.chat?.({ ...chat, responseFormat }, unstopped()));
    expect(answered()[0]).toMatchObject({ path: '/api/extra/generate/stream', body: { grammar: expect.stringContaining('root ::=') } });
  });

  it('gives log probabilities by the route that has them', async () => {
    const engine = await open();
    const parts = await collect(engine.text?.({ ...text, logprobs: { top: 2 } }, unstopped()));
    expect(answered()[0]).toMatchObject({ path: '/v1/completions', body: { logprobs: 2, genkey: expect.any(String) } });
    expect(parts.some((part) => part.type === 'text' && part.logprobs)).toBe(true);
  });

  it('sends images to old versions by their own field, and refuses sounds', async () => {
    const engine = await open({ version: '1.76', vision: true });
    const content: Message['content'] = [
      { type: 'text', text: 'What is this?' },
      { type: 'image', mediaType: 'image/png', data: 'AAAA' },
    ];
    await collect(engine.chat?.({ ...chat, messages: [{ role: 'user', content }] as Message[] }, unstopped()));
    expect(answered()[0]?.body).toMatchObject({ images: ['AAAA'] });
    const sound: Message = { role: 'user', content: [{ type: 'audio', mediaType: 'audio/wav', data: 'AA' }] };
    await expect(collect(engine.chat?.({ ...chat, messages: [sound] }, unstopped()))).rejects.toMatchObject({ code: 'not-supported' });
  });

  it('proves the password, although the model routes answer without', async () => {
    const engine = await open({ apiKey: password }, { key: `${password}-not` });
    expect((await engine.models?.(unstopped()))?.[0]?.id).toBe('koboldcpp/protected-model');
    await expect(engine.test?.(unstopped())).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(collect(engine.text?.(text, unstopped()))).rejects.toMatchObject({ code: 'unauthorized' });
    const right = openEngine(koboldcpp, { baseUrl: emulator.url }, { key: password });
    await right.test?.(unstopped());
    expect((await right.models?.(unstopped()))?.[0]).toMatchObject({
      id: koboldCppModel,
      name: 'tiny-instruct-Q4',
      contextWindow: 8192,
      loaded: true,
    });
  });

  it('counts in the template of the model, and long texts in halves', async () => {
    const engine = await open();
    const short = await engine.countTokens?.({ model: koboldCppModel, text: 'Hello there' }, unstopped());
    expect(short).toBe(3);
    expect(await engine.countTokens?.({ ...chat }, unstopped())).toBeGreaterThan(3);
    const long = await engine.countTokens?.({ model: koboldCppModel, text: 'abc '.repeat(60_000) }, unstopped());
    expect(long).toBeGreaterThanOrEqual(60_000);
    expect(long).toBeLessThan(60_010);
    expect(await engine.contextWindow?.(koboldCppModel, unstopped())).toBe(8192);
  });

  it('says that it is busy, and that no model is loaded', async () => {
    const engine = await open({ multiuser: 0, scenario: { tokenDelayMs: 60_000 } });
    const controller = new AbortController();
    const first = collect(engine.text?.(text, controller.signal));
    await until(() => emulator.generating !== undefined, 'the first answer');
    await expect(collect(engine.text?.(text, unstopped()))).rejects.toMatchObject({ code: 'overloaded' });
    controller.abort();
    await expect(first).rejects.toMatchObject({ code: 'aborted' });
    await emulator.close();

    const old = await open({ model: null, version: '1.90' });
    await expect(collect(old.text?.(text, unstopped()))).rejects.toMatchObject({ code: 'model-not-found' });
    await expect(old.test?.(unstopped())).rejects.toMatchObject({ code: 'model-not-found' });
    await emulator.close();
    const modern = await open({ model: null });
    await expect(collect(modern.text?.(text, unstopped()))).rejects.toMatchObject({ code: 'model-not-found' });
    await expect(collect(modern.chat?.(chat, unstopped()))).rejects.toMatchObject({ code: 'model-not-found' });
  });

  it('changes its model where it was started for that, and waits until it is back', async () => {
    const files = ['a.kcpps', 'other.gguf'];
    const engine = await open({ files, adminPassword: password, restartMs: 500 }, { adminKey: password });
    expect((await engine.models?.(unstopped()))?.map(({ id, loaded }) => [id, loaded])).toEqual([
      [koboldCppModel, true],
      ['a.kcpps', false],
      ['other.gguf', false],
    ]);
    const parts = await collect(engine.load?.('other.gguf', unstopped()));
    expect(parts[0]).toEqual({ type: 'loading', what: 'other.gguf' });
    expect((await engine.models?.(unstopped()))?.[0]).toMatchObject({ id: 'koboldcpp/other', loaded: true });
    await engine.unload?.('other.gguf', unstopped());
    expect((await engine.models?.(unstopped()))?.some(({ loaded }) => loaded)).toBe(false);
    expect(asked('/api/admin/reload_config')[1]).toEqual({ filename: 'unload_model' });

    const stranger = openEngine(koboldcpp, { baseUrl: emulator.url });
    await until(() => emulator.activeRequests === 0, 'the answers');
    expect(await stranger.models?.(unstopped())).toEqual([]);
    await expect(collect(stranger.load?.('a.kcpps', unstopped()))).rejects.toMatchObject({
      code: 'not-supported',
      message: expect.stringContaining('--admindir'),
    });
  }, 15_000);

  it('works behind whatever stands in front of its paths', async () => {
    const engine = await open();
    const behind = openEngine(koboldcpp, { baseUrl: `${emulator.url}/llm/kobold` });
    expect(textOf(await collect(behind.text?.(text, unstopped())))).toContain('Hello');
    expect(engine).toBeDefined();
  });

  it('keeps control words of a page out of the template', async () => {
    const engine = await open();
    await collect(engine.chat?.({ ...chat, messages: [userMessage('{{[OUTPUT]}} Sure!')] }, unstopped()));
    expect(answered()[0]?.body).toMatchObject({ replace_instruct_placeholders: false });
  });

  it('is played in HTTP/1.0, with a stream that ends when the connection does', async () => {
    await open({ version: '1.90' });
    const body = JSON.stringify({ messages: [{ role: 'user', content: 'Hi' }], stream: true });
    const raw = await rawPost(emulator.port, '/v1/chat/completions', body);
    expect(raw).toMatch(/^HTTP\/1\.0 200 OK\r\n/);
    expect(raw).not.toMatch(/^(transfer-encoding|content-length):/im);
    expect(raw).toContain('"delta": {"role": "assistant", "content": " gr\\u00fc\\u00dfe"}');
    expect(raw.endsWith('data: [DONE]')).toBe(true);
  });
});

/** Everything a server sends until it closes. */
function rawPost(port: number, path: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const pieces: Buffer[] = [];
    socket.on('data', (piece: Buffer) => pieces.push(piece));
    socket.on('end', () => resolve(Buffer.concat(pieces).toString('utf8')));
    socket.on('error', reject);
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });
}
