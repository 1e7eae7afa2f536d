import { eld } from 'eld/extrasmall';
import { type Guess, openCld3 } from './open-cld3.ts';

/** Tells languages apart by the groups of letters that a text is made of. */
export interface Languages {
  /** How well a text fits each of 60 languages, 0 to 1, the best first; about the first 350 bytes of it. */
  common(text: string): [language: string, score: number][];
  /** One of some forty others that a text looks most like, and how sure that is, 0 to 1; undefined where it looks like none of them. */
  rare(text: string): Guess | undefined;
}

/** Of what CLD3 knows, that which ELD does not; without Bosnian, which it does not tell from Croatian. */
const rare = new Set(
  (
    'af bg-Latn ceb co cy el-Latn eo fy ga gd gl ha haw hi-Latn hmn ht ig ja-Latn jv kk ky la lb ' +
    'mg mi mk mn mt ne ny ps ru-Latn sd sm sn so st su sw tg uz xh zh-Latn zu'
  ).split(' '),
);

/** Where WebAssembly does not start, the common languages are told all the same. */
export async function openLanguages(): Promise<Languages> {
  const guess = await openCld3().catch(() => undefined);
  return {
    common: (text) => Object.entries(eld.detect(text).getScores()),
    rare(text) {
      const found = guess?.(text);
      return found && rare.has(found.language) ? found : undefined;
    },
  };
}
