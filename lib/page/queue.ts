/** First in, first out; by hand, because a page can replace what arrays inherit. Each field is a link's own, so no inherited setter runs. */
export interface Queue<T> {
  isEmpty(): boolean;
  push(value: T): void;
  shift(): T | undefined;
  clear(): void;
}

interface Link<T> {
  value: T;
  next: Link<T> | undefined;
}

export function createQueue<T>(): Queue<T> {
  let first: Link<T> | undefined;
  let last: Link<T> | undefined;
  return {
    isEmpty: () => first === undefined,
    push(value) {
      const link: Link<T> = { value, next: undefined };
      if (last === undefined) first = link;
      else last.next = link;
      last = link;
    },
    shift() {
      const link = first;
      first = link?.next;
      if (first === undefined) last = undefined;
      return link?.value;
    },
    clear() {
      first = undefined;
      last = undefined;
    },
  };
}
