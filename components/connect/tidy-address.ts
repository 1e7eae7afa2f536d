/**
 * The address in what people paste: out of a command, a line of a log or a setting, without quotes, without the page of
 * a server's own interface that was open, as an input method for Chinese writes it, or no more than a port. What is
 * wrong with the rest, whoever reads addresses says.
 */
export function tidyAddress(pasted: string): string {
  const text = plain(pasted);
  if (/^:?\d{2,5}$/.test(text)) return `127.0.0.1:${text.replace(':', '')}`;
  return (addressIn(text) ?? text.replace(/^["'`<(]+|["'`>)]+$/g, ''))
    .replace(/[?#].*$/, '')
    .replace(/[.,;:!)}]+$/, '')
    .replace(/^([^[]*)\]+$/, '$1')
    .replace(/\/(docs|redoc|index\.html?)\/?$/i, '');
}

/** The key in a pasted command: `-H "Authorization: Bearer …"`. A variable of the shell is none. */
export function keyIn(pasted: string): string | undefined {
  return /(?:authorization:\s*bearer|(?:x-)?api-key:)\s+([^\s"'`$<]+)/i.exec(pasted)?.[1];
}

/** The first that is surely an address; a mere `name:port` is one where nothing better is, because logs are full of them. */
function addressIn(text: string): string | undefined {
  // What a command sends is not where it sends it.
  const aside = text.replace(/\s(?:-d|-H|-F|--data\S*|--header|--form)[\s=]+(?:'[^']*'|"[^"]*")/g, ' ');
  const sure = /https?:\/\/[^\s"'`<>|]+|(?<![\w@.:/-])(?:localhost|\d+(?:\.\d+){3}|\[[\da-f:]*\]):\d+(?!\d)[^\s"'`<>|]*/i;
  const likely = /(?<![\w@.:/-])[a-z][\w-]*(?:\.[\w-]+)*:\d{2,5}(?![\w:])(?:\/[^\s"'`<>|]*)?/i;
  return sure.exec(aside)?.[0] ?? (/[\s=]/.test(aside) ? likely.exec(aside)?.[0] : undefined);
}

/** Without what is not meant: full-width and curly signs, invisible characters, a beginning typed twice or by half. */
function plain(pasted: string): string {
  return pasted
    .replace(/[\u200b-\u200f\u2060\ufeff]/g, '')
    .normalize('NFKC')
    .replace(/[“”„«»「」『』]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(/[。、]/g, '.')
    .replace(/\s*:\s*(?=\d)/g, ':')
    .trim()
    .replace(/^(?:https?:\/+)+(?=https?:)/i, '')
    .replace(/^(https?)(?::\/*|\/{2,})(?=[\w[])/i, '$1://');
}
