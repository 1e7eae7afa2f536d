/** Words that small models put around what they were asked for, and that no page asked for. */

/** How such a line begins, in lower case, in the languages that models begin it in. */
const openers = [
  ...['sure', 'certainly', 'of course', 'okay', 'ok,', 'ok.', 'ok!', 'absolutely', 'got it', 'no problem', 'yes,'],
  ...['here is', 'here are', "here's", 'here’s', 'below is', 'below are', 'the following is', 'this is the', 'this is a'],
  ...['voici', 'bien sûr', 'hier ist', 'hier sind', 'natürlich', 'gerne', 'aquí', 'claro', 'por supuesto', 'ecco', 'certo', 'aqui está'],
  ...['hier is', 'oto ', 'вот ', 'конечно', '当然', '以下是', '以下は', '这是', '好的', 'はい', 'こちら', '다음은', '네,'],
];

/** What such a line is about. */
const nouns =
  'summary|translation|headline|teaser|points|rewritten|rewrite|revised|corrected|correction|version|text|paragraph|list|draft|answer|result|output|tl;?dr';

/** Headings that name what follows. */
const labels = [
  ...[
    'summary',
    'summary of the text',
    'translation',
    'translated text',
    'headline',
    'teaser',
    'tl;dr',
    'tldr',
    'key points',
    'bullet points',
  ],
  ...[
    'rewritten text',
    'rewritten version',
    'revised text',
    'revised version',
    'corrected text',
    'corrected version',
    'output',
    'answer',
    'result',
  ],
];
const label = new RegExp(
  `^(?:#{1,6}\\s+|\\*\\*|__)?(?:the )?(?:${labels.join('|')})(?:\\*\\*|__)?\\s*[:：](?:\\*\\*|__)?[ \\t]*(?:\\n\\s*)?`,
  'i',
);

/** More than an introduction takes. */
const longest = 160;

/**
 * Where the answer begins in what has come so far; undefined while that is not known. `isAll`: nothing more will come.
 */
export function beginningOfAnswer(text: string, isAll: boolean): number | undefined {
  const lower = text.slice(0, 24).toLowerCase();
  const opens = openers.some((opener) => lower.startsWith(opener));
  if (!isAll && !opens && lower.length < 24 && openers.some((opener) => opener.startsWith(lower))) return undefined;
  if (opens) {
    const end = text.indexOf('\n');
    const line = end < 0 ? text : text.slice(0, end);
    if (end < 0 && !isAll && line.length < longest) return undefined;
    if (end >= 0 && line.length <= longest && /[:：]\W*$|^[^.:：]{0,40}[!.]\s*$/.test(line)) return skipBlank(text, end + 1);
    const within = new RegExp(`^[^\\n:：]{0,${longest}}\\b(?:${nouns})\\b[^\\n:：]{0,60}[:：]\\s+(?=\\S)`, 'i').exec(line);
    return within ? within[0].length : 0;
  }
  const labelled = label.exec(text);
  if (labelled) return !isAll && /^[*_]?$/.test(text.slice(labelled[0].length)) ? undefined : labelled[0].length;
  return !isAll && mayBeLabel(text) ? undefined : 0;
}

function mayBeLabel(text: string): boolean {
  const name = /^(?:#{0,6}\s*|\*{0,2}|_{0,2})(?:t|th|the|the )?(.*)$/i.exec(text)?.[1]?.toLowerCase();
  const bare = text.toLowerCase().replace(/^[#*_\s]*/, '');
  return [name, bare].some((start) => start !== undefined && labels.some((each) => each.startsWith(start) || isLabelled(start, each)));
}

/** The label is there, and its colon may be on its way. */
function isLabelled(text: string, name: string): boolean {
  return text.startsWith(name) && /^[*_\s]*$/.test(text.slice(name.length));
}

function skipBlank(text: string, from: number): number {
  return from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
}

const closers =
  /^(?:\(?note\b|let me know|i hope (?:this|that)|feel free|would you like|do you want|is there anything|if you (?:need|want|would like|have)|please let me know)/i;

/** Whether a last paragraph is a model's word to its user. */
export function isClosing(paragraph: string): boolean {
  return closers.test(paragraph.trimStart());
}

/** Whether it may still turn out to be one. */
export function mayBeClosing(paragraph: string): boolean {
  return paragraph.trimStart().length < 20 || isClosing(paragraph);
}

/** Whether a text itself has what would be taken off an answer: then nothing is. */
export function hasChatter(text: string): boolean {
  const start = text.trimStart();
  const [line = ''] = start.split('\n');
  return /[:：]\s*$/.test(line) || (beginningOfAnswer(start, true) ?? 0) > 0 || start.split(/\n\s*\n/).some(isClosing);
}
