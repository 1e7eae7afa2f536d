import * as z from 'zod/mini';
import { SwitchboardError } from '../../protocol/errors.ts';
import { lazy } from '../../protocol/parse.ts';
import type { FetchHead, FetchPiece } from '../../protocol/pieces.ts';
import { callerName } from '../../router/caller.ts';
import type { Router } from '../../router/router.ts';
import type { CallContext } from '../method.ts';
import { readParams } from '../params/read-params.ts';
import { problemOf } from '../read-call.ts';
import { chatDoor } from './chat-door.ts';
import type { Door } from './door.ts';
import { readOpenAiEmbedding, toOpenAiEmbeddings } from './embeddings.ts';
import { errorOf, type OpenAiError, toOpenAiError } from './error.ts';
import { createEventStream, createWhole } from './generate.ts';
import { findModel, toOpenAiModels } from './models.ts';
import { responsesDoor } from './responses/door.ts';
import { textDoor } from './text-door.ts';

const schema = lazy(() => z.strictObject({ method: z.string(), url: z.string(), body: z.string() }));

/**
 * The answer to `ai.fetch`: OpenAI's routes by the end of the path, whatever the page put before it. Before the answer
 * begins a failure is a status, as with a server; an aborted call throws.
 */
export async function* openAiFetch(router: Router, params: unknown, context: CallContext): AsyncGenerator<FetchPiece[]> {
  try {
    const { method, url, body } = readParams(schema(), params);
    const route = findRoute(pathOf(url));
    if (route === undefined) yield [failure(errorOf(404, 'bad-request', noRoute))];
    else if (method !== route.method) yield [failure(wrongMethod(route.method))];
    else yield* route.run(router, body, context);
  } catch (error) {
    if (context.signal.aborted) throw error;
    yield [failure(toOpenAiError(error))];
  }
}

interface Route {
  method: 'GET' | 'POST';
  run(router: Router, body: string, context: CallContext): AsyncIterable<FetchPiece[]>;
}

function findRoute(path: string): Route | undefined {
  if (path.endsWith('/responses')) return generating(responsesDoor);
  if (/\/responses\/[^/]+/.test(path)) throw new SwitchboardError('model-not-found', nothingKept);
  if (path.endsWith('/chat/completions')) return generating(chatDoor);
  if (path.endsWith('/completions')) return generating(textDoor);
  if (path.endsWith('/embeddings')) return embeddings;
  const [isModels, id] = /\/models(?:\/(.+))?$/.exec(path) ?? [];
  return isModels ? models(id) : undefined;
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname.replace(/\/$/, '') : '';
}

const noRoute =
  'Switchboard has no such route. It answers /v1/chat/completions, /v1/completions, /v1/embeddings, /v1/models and /v1/responses.';
const nothingKept = 'Switchboard keeps no responses: what one was is in the answer to the call that made it.';

function wrongMethod(right: string): OpenAiError {
  const error = errorOf(405, 'bad-request', `Ask for this with ${right}.`);
  return { ...error, headers: { ...error.headers, allow: right } };
}

function generating(door: Door): Route {
  return {
    method: 'POST',
    async *run(router, text, context) {
      const body = readBody(text);
      const reading = door(body, callerName(context.caller));
      if (body.stream === true) yield* createEventStream(router, reading, requestId(), context);
      else yield [whole(await createWhole(router, reading, context))];
    },
  };
}

const embeddings: Route = {
  method: 'POST',
  async *run(router, text, { caller, signal }) {
    const { request, isBase64 } = readOpenAiEmbedding(readBody(text));
    const result = await router.embed(caller, request, signal);
    yield [whole(toOpenAiEmbeddings(result, { isBase64, ...(request.model && { model: request.model }) }))];
  },
};

function models(id: string | undefined): Route {
  return {
    method: 'GET',
    async *run(router, _, { caller, signal }) {
      const granted = await router.models(caller, signal);
      yield [whole(id === undefined ? toOpenAiModels(granted) : findModel(granted, id))];
    },
  };
}

function readBody(text: string): Record<string, unknown> {
  const body = parse(text);
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new SwitchboardError('bad-request', 'The body is not a JSON object.');
  const problem = problemOf(body);
  if (problem !== undefined) throw new SwitchboardError('bad-request', problem);
  return body as Record<string, unknown>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SwitchboardError('bad-request', 'The body is not valid JSON.');
  }
}

function whole(body: object): FetchHead {
  return { status: 200, headers: { 'content-type': 'application/json', ...requestId() }, body: JSON.stringify(body) };
}

function failure({ status, headers, body }: OpenAiError): FetchHead {
  return { status, headers: { 'content-type': 'application/json', ...requestId(), ...headers }, body: JSON.stringify(body) };
}

/** Clients show it beside an error. */
function requestId(): Record<string, string> {
  return { 'x-request-id': `req_${crypto.randomUUID().replaceAll('-', '')}` };
}
