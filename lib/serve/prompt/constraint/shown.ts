/** What of an answer is shown while it is written. */
export interface Shown {
  /** What can be shown now that this has come; undefined once the answer is no longer what it should be. */
  take(text: string): string | undefined;
  /** Everything that was shown. */
  all(): string;
}

/** Without `follow` nothing is shown. Blanks around the answer are no part of it, and are held back. */
export function createShown(follow: ((text: string) => boolean) | undefined): Shown {
  let isFollowed = follow !== undefined;
  let shown = '';
  let blanks = '';

  return {
    take(text) {
      isFollowed &&= follow?.(text) ?? false;
      if (!isFollowed) return undefined;
      const come = shown === '' ? text.trimStart() : blanks + text;
      const next = come.trimEnd();
      blanks = come.slice(next.length);
      shown += next;
      return next;
    },
    all: () => shown,
  };
}
