import start from 'cld3-asm/dist/cjs/lib/node/cld3.js';

/** The language that a text looks most like to CLD3. */
export interface Guess {
  /** As BCP 47 has it; `und` for no guess. */
  language: string;
  /** How sure that is, 0 to 1. */
  probability: number;
}

/** How much of a text is looked at, in bytes of UTF-8. */
const atMost = 1_000;
/** Where the answer's structure holds what is read of it: char* language, float probability, …, SpanInfo** spans. */
const at = { language: 0, probability: 4, spans: 20 };

/** Starts Google's Compact Language Detector 3 (github.com/google/cld3). Rejects where WebAssembly does not start. */
export async function openCld3(): Promise<(text: string) => Guess> {
  const c = await started();
  const findLanguage = c.cwrap('Cld_findLanguage', null, ['number', 'number', 'number']);
  const detector = c.cwrap('Cld_create', 'number', ['number', 'number'])(0, atMost);
  const answer = c._malloc(c.cwrap('get_SizeLanguageResult', 'number', [])());
  return (text) => {
    const copy = c.allocateUTF8(text.replaceAll('\0', ' '));
    findLanguage(detector, copy, answer);
    c._free(copy);
    const language = c.getValue(answer + at.language, '*');
    const guess = { language: c.UTF8ToString(language), probability: c.getValue(answer + at.probability, 'float') };
    c._free(language);
    c._free(c.getValue(answer + at.spans, '*'));
    return guess;
  };
}

/** Not what `start` gives itself, which has a `then` and would be waited for without end. */
function started(): Promise<ReturnType<typeof start>> {
  return new Promise((resolve, reject) => {
    const runtime = start({
      onRuntimeInitialized() {
        const { cwrap, _malloc, _free, allocateUTF8, UTF8ToString, getValue } = runtime;
        resolve({ cwrap, _malloc, _free, allocateUTF8, UTF8ToString, getValue });
      },
      onAbort: reject,
    });
  });
}
