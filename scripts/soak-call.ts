import type { Page } from 'puppeteer';
import { errorCodes } from '../lib/protocol/errors.ts';

export interface Figures {
  calls: number;
  outcomes: Record<string, number>;
  kills: number;
  pagesClosed: number;
  firstWordMs: number[];
  /** Calls in the book of what was spent. */
  counted: number;
  /** From the page's abort to the server's closed socket. */
  closeMs: number[];
  rssBefore: number;
  rssAfter: number;
  /** What did not hold, in words. */
  broken: string[];
}

/** One call as its page saw it. */
export interface Call {
  settled: number;
  outcome: string;
  text: string;
  firstWordMs: number | null;
}

/** Calls of one page at once. */
export const maxAtOnce = 4;

/** What the server answers unless told otherwise. */
export const words = Array.from({ length: 60 }, (_, index) => `word${index} `);
export const whole = words.join('');

/** Undefined where the page was left before the call could settle. */
export async function ask(page: Page, prompt: string, stopAfterMs: number): Promise<Call | undefined> {
  return await page
    .evaluate(
      async (prompt, stopAfterMs) => {
        const call = { settled: 0, outcome: '', text: '', firstWordMs: null as number | null };
        const stop = new AbortController();
        if (stopAfterMs >= 0) setTimeout(() => stop.abort(), stopAfterMs);
        const startedAt = performance.now();
        try {
          const stream = await window.ai.chat.completions.create(
            // Numbered here: a driver may run this again in the document after a reload.
            { messages: [{ role: 'user', content: `${prompt} ${Math.random()}` }], stream: true },
            { signal: stop.signal },
          );
          for await (const chunk of stream) {
            const piece = chunk.choices[0]?.delta.content ?? '';
            if (piece !== '') call.firstWordMs ??= performance.now() - startedAt;
            call.text += piece;
          }
          call.outcome = 'whole';
        } catch (error) {
          const { code, name } = error as { code?: unknown; name: string };
          // A document that is being replaced has no API for a moment.
          call.outcome = 'ai' in window ? (typeof code === 'string' ? code : name) : 'page left';
        }
        call.settled += 1;
        return call;
      },
      prompt,
      stopAfterMs,
    )
    .catch(() => undefined);
}

/** Takes a call into the figures, and says what did not hold. */
export function note(figures: Figures, call: Call | undefined): void {
  const outcome = call?.outcome ?? 'page left';
  figures.outcomes[outcome] = (figures.outcomes[outcome] ?? 0) + 1;
  if (!call) return;
  if (call.firstWordMs !== null) figures.firstWordMs.push(call.firstWordMs);
  if (call.settled !== 1) figures.broken.push(`a call settled ${call.settled} times`);
  if (call.outcome === 'whole' && call.text !== whole)
    figures.broken.push(`an answer that was whole had ${call.text.length} of ${whole.length} characters`);
  if (call.outcome !== 'whole' && call.text !== '' && !endless(call.text))
    figures.broken.push('the text before an error is not the beginning of the answer');
  const isKnown =
    call.outcome === 'whole' ||
    ['AbortError', 'page left'].includes(call.outcome) ||
    (errorCodes as readonly string[]).includes(call.outcome);
  if (!isKnown) figures.broken.push(`a call ended with "${call.outcome}", which is no code`);
  if (call.outcome === 'internal') figures.broken.push('a call ended as internal');
}

/** What came is the beginning of the answer, said once or again and again. */
function endless(text: string): boolean {
  return whole.repeat(Math.ceil(text.length / whole.length)).startsWith(text.replace(/\ufffd$/, ''));
}
