/**
 * Calls `work` at most once a frame, and less often where a frame is expensive: the page keeps two thirds of the time
 * for the user, however long the answer on it has become.
 */
export function paced(work: () => void): () => void {
  let isAsked = false;
  let restUntil = 0;

  function frame(): void {
    requestAnimationFrame(() => {
      const start = performance.now();
      isAsked = false;
      work();
      // The next frame begins when this one is rendered and laid out.
      requestAnimationFrame(() => {
        const cost = performance.now() - start;
        restUntil = cost > 34 ? performance.now() + 2 * cost : 0;
      });
    });
  }

  return () => {
    if (isAsked) return;
    isAsked = true;
    const rest = restUntil - performance.now();
    if (rest > 0) setTimeout(frame, rest);
    else frame();
  };
}
