import type { ServerResponse } from 'node:http';
import { credentialsOf, repeatSecret } from './credentials.ts';
import { asObject, type Exchange, type RecordedRequest } from './exchange.ts';
import type { Scenario } from './scenario.ts';
import type { EmulatorKind } from './start-emulator.ts';

/** The ways to answer a request, in the words of that kind of server. */
export function createExchange(
  kind: EmulatorKind,
  request: RecordedRequest,
  response: ServerResponse,
  model: string,
  scenario: Scenario,
): Exchange {
  const left = new AbortController();
  response.once('close', () => left.abort());
  const send = (status: number, body: string | Uint8Array, headers: Record<string, string> = {}) => {
    response.writeHead(status, status === 204 ? headers : { 'content-length': String(Buffer.byteLength(body)), ...headers });
    response.end(body);
  };
  const exchange: Exchange = {
    request,
    scenario,
    response,
    body: asObject(request.body),
    model,
    gone: left.signal,
    json: (status, body, headers) => send(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers }),
    text: (status, body, headers) => send(status, body, { 'content-type': 'text/plain; charset=utf-8', ...headers }),
    bytes: send,
    failure(failure) {
      const reply = kind.failure(failure, exchange);
      return scenario.echoSecret ? { ...reply, body: repeatSecret(reply.body, credentialsOf(request)) } : reply;
    },
    fail(failure) {
      const { status, headers, body } = exchange.failure(failure);
      const more = { ...headers, ...(scenario.retryAfter !== undefined && { 'retry-after': scenario.retryAfter }) };
      if (typeof body === 'string') exchange.text(status, body, more);
      else if (body === undefined) send(status, '', more);
      else exchange.json(status, body, more);
    },
    break(how) {
      request.outcome = 'broken';
      if (how === 'reset') response.socket?.resetAndDestroy();
      else response.socket?.destroy();
    },
  };
  return exchange;
}
