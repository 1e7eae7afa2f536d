import { gzipSync } from 'node:zlib';
import type { Exchange } from './exchange.ts';
import { fired } from './wait.ts';

/** A reply that no model server would send: a name from the list, or the reply itself. */
export type RawReply = StockReply | CannedReply;

export interface CannedReply {
  status: number;
  headers?: Record<string, string>;
  /** Text as it is; anything else as JSON. */
  body?: unknown;
}

const loginPage = '<!doctype html><html><head><title>Sign in</title></head><body><h1>Welcome to the hotel network</h1></body></html>';
const crashPage = '<html><head><title>500 Internal Server Error</title></head><body><h1>Internal Server Error</h1><hr>proxy</body></html>';

const stock = {
  'html-200': (exchange) => exchange.text(200, loginPage, { 'content-type': 'text/html; charset=utf-8' }),
  'html-404': (exchange) => exchange.text(404, crashPage.replaceAll('500', '404'), { 'content-type': 'text/html' }),
  'html-500': (exchange) => exchange.text(500, crashPage, { 'content-type': 'text/html' }),
  'html-502': (exchange) => exchange.text(502, crashPage.replaceAll('500', '502'), { 'content-type': 'text/html' }),
  'empty-200': (exchange) => exchange.text(200, '', { 'content-type': 'text/event-stream' }),
  'empty-500': (exchange) => exchange.text(500, ''),
  'no-content': (exchange) => exchange.text(204, ''),
  'not-json': (exchange) => exchange.text(200, 'data: {"choices":[{"delta":{"content":"He\n\n', { 'content-type': 'text/event-stream' }),
  'json-null': (exchange) => exchange.json(200, null),
  'json-array': (exchange) => exchange.json(200, []),
  'browser-login': (exchange) => exchange.text(401, 'Unauthorized', { 'www-authenticate': 'Basic realm="models"' }),
  'gzip-bomb': (exchange) => exchange.bytes(200, bomb(), { 'content-type': 'application/json', 'content-encoding': 'gzip' }),
  /** Accepts the request and never says anything. */
  silence: (exchange) => fired(exchange.gone),
  /** Headers of a stream, and never an event. */
  'silence-after-headers': (exchange) => {
    exchange.response.writeHead(200, { 'content-type': 'text/event-stream' });
    exchange.response.flushHeaders();
    return fired(exchange.gone);
  },
  reset: (exchange) => exchange.break('reset'),
  close: (exchange) => exchange.break('fin'),
} satisfies Record<string, (exchange: Exchange) => void | Promise<void>>;

export type StockReply = keyof typeof stock;
export const stockReplies = Object.keys(stock) as StockReply[];

/** Sends the reply; resolves when there is nothing more to do. */
export async function sendRaw(exchange: Exchange, reply: RawReply): Promise<void> {
  if (typeof reply === 'string') {
    const send = stock[reply] as ((exchange: Exchange) => void | Promise<void>) | undefined;
    if (!send) throw new Error(`No stock reply is called "${reply}". There are: ${stockReplies.join(', ')}.`);
    return send(exchange);
  }
  if (typeof reply.body === 'string' || reply.body === undefined) return exchange.text(reply.status, reply.body ?? '', reply.headers);
  return exchange.json(reply.status, reply.body, reply.headers);
}

/** 80 MB of blanks in 80 kB. */
function bomb(): Uint8Array {
  return gzipSync(Buffer.alloc(80 * 1024 * 1024, 0x20));
}
