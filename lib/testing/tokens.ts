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
