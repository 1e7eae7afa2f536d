import type { Part } from '../../../protocol/part.ts';
import { type Item, newId, type OpenItem } from './output.ts';
import { sealThought } from './sealed-thought.ts';

/** Reasoning is told as its summary, which is where clients look for it. A signature, or what is opaque, closes it. */
export function openThought(first: Part, place: number): OpenItem | undefined {
  if (first.type !== 'thought') return undefined;
  const id = newId('rs');
  const summary: { type: 'summary_text'; text: string }[] = [];
  const item: Item = { id, type: 'reasoning', summary };
  const at = { item_id: id, output_index: place, summary_index: 0 };
  let isClosed = false;

  return {
    item,
    add(part) {
      if (part.type !== 'thought' || isClosed) return undefined;
      const sealed = sealThought(part);
      if (sealed !== undefined) {
        isClosed = true;
        item.encrypted_content = sealed;
      }
      if (part.text === '') return [];
      const begun = summary[0];
      const current = begun ?? { type: 'summary_text' as const, text: '' };
      if (!begun) summary.push(current);
      current.text += part.text;
      return [
        ...(begun ? [] : [{ type: 'response.reasoning_summary_part.added', ...at, part: { type: 'summary_text', text: '' } }]),
        { type: 'response.reasoning_summary_text.delta', ...at, delta: part.text },
      ];
    },
    finish() {
      const [part] = summary;
      if (!part) return [];
      return [
        { type: 'response.reasoning_summary_text.done', ...at, text: part.text },
        { type: 'response.reasoning_summary_part.done', ...at, part },
      ];
    },
  };
}
