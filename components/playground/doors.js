/**
 * The doors of the playground: what each is asked about unless the developer changes it, and as what. The code is in snippets/, the same for
 * the extension's page and for the demo page, and it is what both of them run.
 */
export const doors = [
  { id: 'chat', name: 'window.ai', request: (text) => chat(text) },
  { id: 'fetch', name: 'ai.fetch', request: (text) => chat(text) },
  {
    id: 'language-model',
    name: 'LanguageModel',
    request: (prompt) => ({ initialPrompts: [{ role: 'system', content: 'Answer in one sentence.' }], prompt }),
  },
  {
    id: 'summarizer',
    name: 'Summarizer',
    text:
      'The first telephone exchanges were run by boys, who shouted and played tricks on callers. In 1878 Emma Nutt became the ' +
      'first woman to work at a switchboard. Callers liked her patience, and soon nearly all operators were women.',
    request: (text) => ({ type: 'tldr', length: 'short', format: 'plain-text', text }),
  },
  {
    id: 'writer',
    name: 'Writer',
    text: 'An invitation to tea on Sunday.',
    request: (task) => ({ tone: 'casual', length: 'short', format: 'plain-text', task }),
  },
  {
    id: 'rewriter',
    name: 'Rewriter',
    text: 'hey, can u send me the file asap?',
    request: (text) => ({ tone: 'more-formal', length: 'as-is', text }),
  },
  {
    id: 'translator',
    name: 'Translator',
    text: 'Where is the telephone?',
    request: (text) => ({ sourceLanguage: 'en', targetLanguage: 'fr', text }),
  },
  {
    id: 'proofreader',
    name: 'Proofreader',
    text: 'I has two apple.',
    request: (text) => ({ expectedInputLanguages: ['en'], text }),
  },
  { id: 'language-detector', name: 'LanguageDetector', text: 'Wo ist hier der Bahnhof?', request: (text) => ({ text }) },
];

/** What a person would copy: the request, the loop, and the function exactly as it ran. */
export function snippetOf(request, code) {
  return `const request = ${JSON.stringify(request, null, 2)};\n\nfor await (const piece of ask(request)) console.log(piece);\n\n${code.trim()}\n`;
}

/** The text in a piece of any door. */
export function textOf(piece) {
  if (typeof piece === 'string') return piece;
  return piece?.choices?.[0]?.delta?.content ?? piece?.correctedInput ?? '';
}

/** Tokens where the piece says so. */
export function tokensOf(piece) {
  return piece?.usage?.completion_tokens;
}

/** What of a piece is worth a line: chunks say the same around every word. */
export function briefOf(piece) {
  if (!Array.isArray(piece?.choices)) return piece;
  const [choice] = piece.choices;
  if (!choice) return { usage: piece.usage };
  return choice.finish_reason ? { ...choice.delta, finish_reason: choice.finish_reason } : choice.delta;
}

const chat = (content) => ({ messages: [{ role: 'user', content }], stream: true, stream_options: { include_usage: true } });
