import type { ChatLogprobs } from '../../../protocol/openai.ts';
import type { Part, TextPart } from '../../../protocol/part.ts';
import { toTokens } from '../logprobs.ts';
import { type Event, type Item, newId, type OpenItem } from './output.ts';

type Content =
  | { type: 'output_text'; text: string; annotations: []; logprobs: ChatLogprobs['content'] }
  | { type: 'refusal'; refusal: string };

/** Text and refusals are contents of one message. */
export function openMessage(first: Part, place: number): OpenItem | undefined {
  if (first.type !== 'text') return undefined;
  const id = newId('msg');
  const content: Content[] = [];
  const item: Item = { id, type: 'message', status: 'in_progress', role: 'assistant', content };
  let open: Content | undefined;

  const at = () => ({ item_id: id, output_index: place, content_index: content.length - 1 });

  function begin({ refusal }: TextPart): { current: Content; events: Event[] } {
    const type = refusal ? 'refusal' : 'output_text';
    if (open?.type === type) return { current: open, events: [] };
    const before = close();
    const current: Content = refusal ? { type: 'refusal', refusal: '' } : { type: 'output_text', text: '', annotations: [], logprobs: [] };
    content.push(current);
    open = current;
    return { current, events: [...before, { type: 'response.content_part.added', ...at(), part: structuredClone(current) }] };
  }

  function close(): Event[] {
    if (!open) return [];
    const done: Event =
      open.type === 'refusal'
        ? { type: 'response.refusal.done', ...at(), refusal: open.refusal }
        : { type: 'response.output_text.done', ...at(), text: open.text, logprobs: open.logprobs };
    const events = [done, { type: 'response.content_part.done', ...at(), part: structuredClone(open) }];
    open = undefined;
    return events;
  }

  return {
    item,
    finish: close,
    add(part) {
      if (part.type !== 'text') return undefined;
      const { current, events } = begin(part);
      if (current.type === 'refusal') {
        current.refusal += part.text;
        return [...events, { type: 'response.refusal.delta', ...at(), delta: part.text }];
      }
      const logprobs = toTokens(part.logprobs ?? []).map(withBytes);
      current.text += part.text;
      current.logprobs.push(...logprobs);
      return [...events, { type: 'response.output_text.delta', ...at(), delta: part.text, logprobs }];
    },
  };
}

const encoder = new TextEncoder();

/** Here the bytes of a token are never left out. */
function withBytes(token: ChatLogprobs['content'][number]): ChatLogprobs['content'][number] {
  const add = <Token extends { token: string; bytes: number[] | null }>(each: Token): Token => ({
    ...each,
    bytes: each.bytes ?? [...encoder.encode(each.token)],
  });
  return { ...add(token), top_logprobs: token.top_logprobs.map(add) };
}
