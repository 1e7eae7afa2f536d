import type { JsonObject } from '../../../protocol/json.ts';
import type { EndPart, EndReason, Part } from '../../../protocol/part.ts';
import { backendError, type ErrorContext } from '../../backend-error.ts';
import type { EventReading } from '../../event-parts.ts';
import { notAnAnswer } from '../../openai-shaped/answer-errors.ts';
import { createTextChannel } from '../../openai-shaped/text-channel.ts';
import { usageOf } from '../../openai-shaped/usage.ts';
import { isObject } from '../../openai-shaped/wire.ts';

type Event = Record<string, unknown>;

/** The events of a response as parts. Items are known by their place in the output. */
export function createReading(context: ErrorContext): EventReading<Event> {
  const texts = createTextChannel();
  let hasText = false;
  /** Tool calls by their place; `hasArguments`: pieces of them have come. */
  const calls = new Map<unknown, { index: number; hasArguments: boolean }>();

  function text(delta: unknown, refusal: boolean): Part[] {
    const whole = typeof delta === 'string' ? texts.add(delta) : '';
    hasText ||= whole !== '';
    return whole === '' ? [] : [{ type: 'text', text: whole, ...(refusal && { refusal: true }) }];
  }

  function begin(place: unknown, item: Event): Part[] {
    // Newer models comment on what they do in messages of their own before the answer.
    if (item.type === 'message') return hasText ? text('\n\n', false) : [];
    if (item.type !== 'function_call') return [];
    const index = calls.size;
    const args = typeof item.arguments === 'string' ? item.arguments : '';
    calls.set(place, { index, hasArguments: args !== '' });
    return [{ type: 'tool-call', index, id: String(item.call_id ?? item.id), name: String(item.name), arguments: args }];
  }

  function addArguments(place: unknown, delta: unknown): Part[] {
    const call = calls.get(place);
    if (!call || typeof delta !== 'string' || delta === '') return [];
    call.hasArguments = true;
    return [{ type: 'tool-call', index: call.index, arguments: delta }];
  }

  /** What of a finished item did not come in pieces. */
  function finish(place: unknown, item: Event): Part[] {
    if (item.type === 'reasoning') return keptReasoning(item);
    if (item.type !== 'function_call') return [];
    const call = calls.get(place);
    if (!call) return begin(place, item);
    return call.hasArguments ? [] : addArguments(place, item.arguments);
  }

  function end(response: Event, reason: EndReason): Part[] {
    const { id, model, usage } = response;
    const counted = usageOf(usage);
    const part: EndPart = {
      type: 'end',
      reason: calls.size > 0 && reason === 'stop' ? 'tool-calls' : reason,
      ...(typeof model === 'string' && { model }),
      ...(typeof id === 'string' && { responseId: id }),
      ...(counted && { usage: counted }),
    };
    const rest = texts.end();
    return rest === '' ? [part] : [{ type: 'text', text: rest }, part];
  }

  /** An answer that came in one piece. */
  function whole(response: Event): Part[] {
    if (response.error) throw backendError(response, context);
    if (!Array.isArray(response.output)) throw notAnAnswer(context);
    const parts = response.output.filter(isObject).flatMap((item, place) => {
      if (item.type !== 'message') return [...summary(item), ...finish(place, item)];
      const content = Array.isArray(item.content) ? item.content.filter(isObject) : [];
      return [...begin(place, item), ...content.flatMap((piece) => text(piece.text ?? piece.refusal, piece.type === 'refusal'))];
    });
    return [...parts, ...end(response, reasonOf(response))];
  }

  return {
    whole: (answer) => whole(answer as Event),
    read(event) {
      const { type, output_index: place, delta, item, response } = event;
      if (isObject(event.error)) throw backendError(event.error, context);
      switch (type) {
        case 'response.output_text.delta':
          return text(delta, false);
        case 'response.refusal.delta':
          return text(delta, true);
        case 'response.reasoning_summary_text.delta':
        case 'response.reasoning_text.delta':
          return typeof delta === 'string' && delta !== '' ? [{ type: 'thought', text: delta }] : [];
        case 'response.reasoning_summary_part.added':
          return Number(event.summary_index) > 0 ? [{ type: 'thought', text: '\n\n' }] : [];
        case 'response.output_item.added':
          return isObject(item) ? begin(place, item) : [];
        case 'response.function_call_arguments.delta':
          return addArguments(place, delta);
        case 'response.output_item.done':
          return isObject(item) ? finish(place, item) : [];
        case 'response.completed':
        case 'response.incomplete':
          return end(isObject(response) ? response : {}, reasonOf(isObject(response) ? response : {}));
        case 'response.failed':
        case 'response.cancelled':
          throw backendError((isObject(response) && response.error) || 'The model stopped with an error.', context);
        case 'error':
          throw backendError(event, context);
        default:
          return [];
      }
    },
  };
}

/** What must go back with the results of tools, because nothing is kept at OpenAI. */
function keptReasoning({ id, summary, encrypted_content: encrypted }: Event): Part[] {
  if (typeof id !== 'string' || typeof encrypted !== 'string') return [];
  const openai: JsonObject = { id, summary: (Array.isArray(summary) ? summary : []) as JsonObject[], encrypted_content: encrypted };
  return [{ type: 'thought', text: '', opaque: { openai } }];
}

function summary(item: Event): Part[] {
  if (item.type !== 'reasoning' || !Array.isArray(item.summary)) return [];
  const text = item.summary
    .filter(isObject)
    .map((piece) => piece.text)
    .join('\n\n');
  return text === '' ? [] : [{ type: 'thought', text }];
}

function reasonOf({ incomplete_details: details }: Event): EndReason {
  if (!isObject(details)) return 'stop';
  if (details.reason === 'max_output_tokens') return 'length';
  return details.reason === 'content_filter' ? 'content-filter' : 'other';
}
