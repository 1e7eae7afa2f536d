import type { Part } from '../../../protocol/part.ts';
import type { ChatRequest } from '../../../protocol/request.ts';
import type { HttpInit, HttpResponse } from '../../backend.ts';
import type { ErrorContext } from '../../backend-error.ts';
import { eventParts } from '../../event-parts.ts';
import { withoutRefused } from '../../openai-shaped/refused-parameter.ts';
import { placeOf } from '../../place.ts';
import { stoppedParts } from '../../stopped-parts.ts';
import { openAiDialect, type ResponsesDialect, responsesBody } from './body.ts';
import { createReading } from './reading.ts';

export interface ResponsesRoute {
  root: string;
  ask(address: string, signal: AbortSignal, init: Partial<HttpInit>): Promise<HttpResponse>;
  errorContext(): ErrorContext;
  /** OpenAI's unless told. */
  dialect?: ResponsesDialect;
}

/** An answer of the Responses API. It knows no stop texts, so the answer is cut at them here. */
export async function* responsesParts(route: ResponsesRoute, request: ChatRequest, signal: AbortSignal): AsyncGenerator<Part[], void> {
  const { root, ask, errorContext, dialect = openAiDialect } = route;
  // Behind some gateways the headers come with the first event, which thinking keeps waiting.
  const patient = placeOf(root) === 'company' ? { headersTimeout: 60_000 } : {};
  const response = await withoutRefused(responsesBody(request, dialect), (json) => ask(`${root}/responses`, signal, { json, ...patient }));
  yield* stoppedParts(eventParts(response, createReading(errorContext()), new URL(root).host), request.stop ?? []);
}
