/**
 * `target` as a page sees it, with what `fill` gives it when somebody first looks into it: few pages do, and all pay for
 * what is done before. By then a page may have replaced anything. What is returned, and given to `fill`, is a proxy
 * without traps, which does nothing but look for them first.
 */
export function lazy<T extends object>(target: T, fill: (shown: T) => void): T {
  let isEmpty = true;
  const traps = {
    get() {
      if (isEmpty) {
        isEmpty = false;
        fill(shown);
      }
    },
  };
  const shown = new Proxy(target, new Proxy({}, traps));
  return shown;
}
