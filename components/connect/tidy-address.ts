/**
 * The address in what people paste: out of a command, a line of a log or a setting, without quotes, without the page of
 * a server's own interface that was open. What is wrong with the rest, whoever reads addresses says.
 */
export function tidyAddress(pasted: string): string {
  const text = pasted.trim();
  const address = /https?:\/\/[^\s"'`<>|]+/i.exec(text)?.[0] ?? text.replace(/^["'`<(]+|["'`>)]+$/g, '');
  return address
    .replace(/[?#].*$/, '')
    .replace(/[.,;)\]}]+$/, '')
    .replace(/\/(docs|redoc|index\.html?)\/?$/i, '');
}
