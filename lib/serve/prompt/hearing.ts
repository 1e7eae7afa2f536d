import type { AssistantContent } from '../../protocol/message.ts';
import type { EndPart, Part, ThoughtPart, ToolCallPart } from '../../protocol/part.ts';

/** What comes of an answer beside its text. */
export interface Hearing {
  /** The text to hand on now. */
  take(parts: Part[]): string;
  text(): string;
  end(): EndPart | undefined;
  /** The contents of the assistant's message beside its text: calls, and the thoughts that backends want back with them. */
  more(): AssistantContent[];
  calls(): { callID: string; name: string; arguments: string }[];
}

/** Hears one answer. `keepsThoughts`: also those that nobody signed, which some backends want back with the calls. */
export function createHearing(keepsThoughts: boolean): Hearing {
  const thoughts: ThoughtPart[] = [];
  const calls: Required<Pick<ToolCallPart, 'id' | 'name' | 'arguments'>>[] = [];
  const opaque = new Map<number, ToolCallPart['opaque']>();
  let text = '';
  let end: EndPart | undefined;

  return {
    take(parts) {
      let said = '';
      for (const part of parts) {
        if (part.type === 'text') said += part.text;
        else if (part.type === 'thought') hearThought(part);
        else if (part.type === 'tool-call') hearCall(part);
        else if (part.type === 'end') end = part;
      }
      text += said;
      return said;
    },
    text: () => text,
    end: () => end,
    more: () => [
      ...(calls.length > 0 ? thoughts.filter((thought) => keepsThoughts || thought.signature !== undefined || thought.opaque) : []),
      ...calls.map(({ id, name, arguments: json }, index) => {
        const kept = opaque.get(index);
        return { type: 'tool-call' as const, id, name, arguments: json, ...(kept && { opaque: kept }) };
      }),
    ],
    calls: () => calls.map(({ id, name, arguments: json }) => ({ callID: id, name, arguments: asJson(json) })),
  };

  /** Pieces of one thought are one; a signature closes it. */
  function hearThought(part: ThoughtPart): void {
    const last = thoughts.at(-1);
    if (last && last.signature === undefined && last.opaque === undefined)
      thoughts[thoughts.length - 1] = { ...last, ...part, text: last.text + part.text };
    else thoughts.push(part);
  }

  function hearCall({ index, id, name, arguments: json, opaque: kept }: ToolCallPart): void {
    const call = calls[index] ?? { id: `call_${index + 1}`, name: '', arguments: '' };
    calls[index] = { id: id ?? call.id, name: name ?? call.name, arguments: call.arguments + json };
    if (kept) opaque.set(index, kept);
  }
}

/** A page gets an object, whatever the model wrote. */
function asJson(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? text : '{}';
  } catch {
    return '{}';
  }
}
