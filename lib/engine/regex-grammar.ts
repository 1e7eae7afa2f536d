export function grammarOfRegex(pattern: string, flags?: string): string {
  return pattern + flags;
}
