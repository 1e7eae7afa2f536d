/**
 * The emulators' own tokeniser: a piece is up to six characters with the blanks before them. The pieces joined are the
 * text again, and nothing depends on them being anybody's real tokens.
 */
export function tokenise(text: string): string[] {
  return text.match(/\s*[^\s]{1,6}|\s+/gu) ?? [];
}

export function countTokens(text: string): number {
  return tokenise(text).length;
}

/** The tokens up to the end of the first stop text, as a model writes them that sees it only once it is there. */
export function throughStop(tokens: string[], stops: string[]): string[] {
  const text = tokens.join('');
  const ends = stops.filter((stop) => stop !== '' && text.includes(stop)).map((stop) => text.indexOf(stop) + stop.length);
  return ends.length > 0 ? tokenise(text.slice(0, Math.min(...ends))) : tokens;
}
