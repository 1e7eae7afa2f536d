/**
 * How many threads llama.cpp gets here. One, unless the page is cross-origin isolated (Chrome's engine page is; Firefox
 * has no such key). Half the processors, which is about the real cores, and always one left for the browser.
 */
export function threadCount(
  isIsolated: boolean = globalThis.crossOriginIsolated,
  processors: number = navigator.hardwareConcurrency,
): number {
  if (!isIsolated) return 1;
  return Math.max(1, Math.min(Math.ceil(processors / 2), processors - 1));
}
