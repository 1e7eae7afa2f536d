import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';

/**
 * The model server of the benchmark, in a process of its own so that it never waits for the driver. The model's name
 * says what is sent: `burst-10000`, `crowd-1000` (once a hundred wait for it), `paced-600-5` (tokens, ms between them), `large-10` (MiB), `endless`. Every token of
 * a paced answer is the time it was sent. The benchmark's page comes from here too: its own fetch is the yardstick.
 */
const models = ['burst-10000', 'burst-1000', 'crowd-1000', 'paced-600-5', 'paced-200-5', 'paced-1-0', 'large-10', 'endless'];
/** A page of ordinary size, for the cost of being injected into it. */
const article = `<!doctype html><meta charset="utf-8"><title>Article</title><style>body { max-width: 40rem; margin: auto; font: 1rem/1.5 serif }</style>
<h1>Article</h1>${'<p>One of many paragraphs, with a <a href="#">link</a>, some <b>bold</b> words and an end.</p>\n'.repeat(300)}
<script>for (const link of document.links) link.addEventListener('click', () => {}); document.title += document.body.innerText.length;</script>`;
const waiting: (() => void)[] = [];
const closedAt = new Map<string, number>();

async function handle(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server');
  if (pathname === '/v1/models') return json(response, { object: 'list', data: models.map((id) => ({ id, object: 'model' })) });
  if (pathname === '/v1/chat/completions') return answer(request, response);
  if (pathname === '/closed') return json(response, { at: closedAt.get(searchParams.get('id') ?? '') ?? null });
  if (pathname === '/bench.js') return send(response, 'text/javascript', await readFile(new URL('site/bench.js', import.meta.url)));
  if (pathname === '/article') return send(response, 'text/html; charset=utf-8', article);
  if (pathname === '/') return send(response, 'text/html; charset=utf-8', await readFile(new URL('site/index.html', import.meta.url)));
  return response.writeHead(404).end();
}

/** Browsers open six connections to one host and port, so a hundred streams need more than one. */
const lanes = 21;
const ports = await Promise.all(
  Array.from({ length: lanes }, () => {
    const server = createServer(handle).listen(0, '127.0.0.1');
    return once(server, 'listening').then(() => (server.address() as AddressInfo).port);
  }),
);
process.send?.({ ports });
process.once('disconnect', () => process.exit());

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { model, messages } = JSON.parse(await text(request)) as { model: string; messages: { content: unknown }[] };
  const [kind, first = '0', second = '0'] = model.split('-');
  const id = idOf(messages);
  response.once('close', () => closedAt.set(id, now()));
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.socket?.setNoDelay(true);
  if (kind === 'burst') await burst(response, Number(first));
  else if (kind === 'crowd') {
    await crowd();
    await burst(response, Number(first));
  } else if (kind === 'paced') await paced(response, Number(first), Number(second));
  else if (kind === 'large') await large(response, Number(first));
  else await endless(response);
  response.end(`${event({}, 'stop')}data: [DONE]\n\n`);
}

/** As a fast server sends: a few tokens a write, as many writes as the client takes. */
async function burst(response: ServerResponse, count: number): Promise<void> {
  for (let index = 0; index < count; index += 20) {
    const size = Math.min(20, count - index);
    await write(response, Array.from({ length: size }, (_, offset) => event({ content: `w${index + offset} ` })).join(''));
    if (index % 200 === 0) await setImmediate();
  }
}

/** Resolves for all when the hundredth has come: streams that begin together can be compared by when they end. */
function crowd(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length < 100) return;
    for (const go of waiting.splice(0)) go();
  });
}

async function paced(response: ServerResponse, count: number, everyMs: number): Promise<void> {
  const startedAt = now();
  for (let index = 0; index < count && !response.destroyed; index++) {
    await sleep(Math.max(0, startedAt + index * everyMs - now()));
    response.write(event({ content: `${now().toFixed(3)} ` }));
  }
}

async function large(response: ServerResponse, mebibytes: number): Promise<void> {
  const piece = event({ content: 'x'.repeat(16 * 1024) });
  for (let sent = 0; sent < mebibytes * 64 && !response.destroyed; sent++) await write(response, piece);
}

async function endless(response: ServerResponse): Promise<void> {
  while (!response.destroyed) {
    response.write(event({ content: 'tick ' }));
    await sleep(5);
  }
}

async function write(response: ServerResponse, piece: string): Promise<void> {
  if (response.destroyed || response.write(piece)) return;
  const settled = new AbortController();
  const { signal } = settled;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  settled.abort();
}

function event(delta: object, finish: string | null = null): string {
  return `data: ${JSON.stringify({ id: 'bench', object: 'chat.completion.chunk', created: 1, model: 'bench', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
}

/** The benchmark's page names each request in its message. */
function idOf(messages: { content: unknown }[]): string {
  const content = messages.at(-1)?.content;
  return typeof content === 'string' ? content : String((content as { text?: string }[] | undefined)?.[0]?.text);
}

async function text(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const piece of request) body += piece;
  return body;
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

function json(response: ServerResponse, body: unknown): void {
  send(response, 'application/json', JSON.stringify(body));
}

function send(response: ServerResponse, type: string, body: string | Uint8Array): void {
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
