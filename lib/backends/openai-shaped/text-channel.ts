/** Joins the two halves of a character that a server cut between two pieces of text. */
export interface TextChannel {
  /** The text that can be shown now; empty while half a character is held back. */
  add(text: string): string;
  /** Half a character that never got its other half, as U+FFFD; otherwise empty. */
  end(): string;
}

/** Emoji are two UTF-16 units in JSON, and byte-level models emit them in pieces. */
export function createTextChannel(): TextChannel {
  let half = '';
  return {
    add(text) {
      if (half !== '') {
        text = half + text;
        half = '';
      }
      const last = text.charCodeAt(text.length - 1);
      if (last < 0xd800 || last > 0xdbff || text === '') return text;
      half = text.slice(-1);
      return text.slice(0, -1);
    },
    end() {
      const rest = half === '' ? '' : '\ufffd';
      half = '';
      return rest;
    },
  };
}
