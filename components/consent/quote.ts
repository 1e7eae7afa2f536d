/**
 * Words of a page or a model as they may be quoted: at most so many characters and lines, without characters that hide
 * reorder or, piled up, cover what stands around them. What was cut ends in an ellipsis.
 */
export function quote(text: string, maxCharacters = 300, maxLines = 6): string {
  const visible = text
    .slice(0, maxCharacters * 4)
    .replace(hidden, '')
    .replace(piledUp, '$1')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n');
  const lines = visible
    .split('\n')
    .map((line) => line.trim())
    .filter((line, index, all) => line !== '' || all[index - 1] !== '')
    .join('\n')
    .trim()
    .split('\n');
  const kept = lines.slice(0, maxLines).join('\n');
  const cut = [...kept].slice(0, maxCharacters).join('');
  return cut.length < kept.length || lines.length > maxLines || text.length > maxCharacters * 4 ? `${cut.trimEnd()}…` : cut;
}

/** Control characters other than tabs and line ends, and characters that only format: bidirectional, invisible, tags. */
const hidden = /(?![\t\n\r])[\p{Cc}\p{Cf}]/gu;

/** Marks over and under one letter: no script needs so many, and a hundred reach up over the name of the site. */
const piledUp = /(\p{M}{6})\p{M}+/gu;
