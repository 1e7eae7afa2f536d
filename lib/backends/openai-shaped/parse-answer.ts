import { SwitchboardError } from '../../protocol/errors.ts';
import { backendError, type ErrorContext } from '../backend-error.ts';
import type { SseEvent } from '../sse.ts';
import { interrupted, notAnAnswer } from './answer-errors.ts';
import { isObject, type WireAnswer } from './wire.ts';

/** The object in an event. What is no JSON is an error: which, tells where it stands. A list stands for its first entry (Gemini). */
export function parseAnswer(event: SseEvent, context: ErrorContext): WireAnswer {
  let value: unknown;
  try {
    value = JSON.parse(event.data);
  } catch {
    // Without the parser's own error as cause: it quotes the text, which is the model's answer.
    throw notJson(event, context);
  }
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (isObject(first)) return first;
  return event.event === 'error' ? { error: first } : {};
}

function notJson({ event, data, cut, whole }: SseEvent, context: ErrorContext): SwitchboardError {
  if (event === 'error') return backendError(data, context);
  if (cut) return interrupted(context);
  if (whole) return notAnAnswer(context);
  return new SwitchboardError('bad-response', `${context.host} sent an event that is not JSON in the middle of the answer. Try again.`);
}
