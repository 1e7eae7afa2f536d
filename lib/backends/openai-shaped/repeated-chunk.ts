import type { WireAnswer, WireChoice } from './wire.ts';

/** Recognises chunks that differ from the one before in nothing but their text. */
export interface RepeatedChunk {
  /** The text of a chunk that is otherwise the same as the learnt one; undefined for any other. */
  textOf(data: string): string | undefined;
  /** Remembers a chunk, if it does nothing but add text. */
  learn(data: string, answer: WireAnswer): void;
}

/**
 * In a burst nine chunks of ten are the same JSON around another string, and parsing them is most of the work. A chunk
 * with the same beginning and end around a string without quotes and backslashes is, letter for letter, the learnt
 * JSON with that string in it; anything else is parsed as ever.
 */
export function createRepeatedChunk(): RepeatedChunk {
  let before = '';
  let after = '';

  return {
    textOf(data) {
      const end = data.length - after.length;
      // Slices compared are ten times faster in V8 than `startsWith` and `endsWith`, which take the strings apart.
      if (before === '' || end < before.length || data.slice(0, before.length) !== before || data.slice(end) !== after) return undefined;
      for (let i = before.length; i < end; i++) {
        const code = data.charCodeAt(i);
        if (code === quote || code === backslash || code < firstPrintable) return undefined;
      }
      return data.slice(before.length, end);
    },

    learn(data, answer) {
      before = '';
      const text = onlyText(answer);
      if (text === undefined) return;
      // `"content":"…"`, whatever white space the server puts around the colon; a second one would be ambiguous.
      const key = data.indexOf('"content"');
      if (key < 0 || data.indexOf('"content"', key + 1) >= 0) return;
      const start = data.indexOf('"', key + '"content"'.length) + 1;
      if (data.slice(key + '"content"'.length, start - 1).trim() !== ':' || !data.startsWith(`${text}"`, start)) return;
      before = data.slice(0, start);
      after = data.slice(start + text.length);
    },
  };
}

/** The text of a chunk that holds nothing else of interest. */
function onlyText({ choices, usage, timings, x_groq: groq }: WireAnswer): string | undefined {
  if (usage || timings || groq || !Array.isArray(choices) || choices.length !== 1) return undefined;
  const { index, delta, finish_reason: finish, logprobs }: WireChoice = choices[0] ?? {};
  if (index || finish || logprobs || !delta || typeof delta.content !== 'string') return undefined;
  const { reasoning, reasoning_content: thought, reasoning_details: details, refusal, tool_calls: calls, function_call: call } = delta;
  return reasoning || thought || details || refusal || calls || call ? undefined : delta.content;
}

const quote = 34;
const backslash = 92;
const firstPrintable = 32;
