/** A piece of one list that became a piece of another: both from-to, the end not included. */
export interface Change {
  from: [start: number, end: number];
  to: [start: number, end: number];
}

/** More differences than that, and it is another text: the comparison would take longer than the answer did. */
const most = 600;

/** The fewest changes that make one list out of the other (Myers, An O(ND) Difference Algorithm), those that touch as one. */
export function compare(one: readonly string[], other: readonly string[]): Change[] {
  let start = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) start += 1;
  let [end, otherEnd] = [one.length, other.length];
  while (end > start && otherEnd > start && one[end - 1] === other[otherEnd - 1]) {
    end -= 1;
    otherEnd -= 1;
  }
  if (start === end && start === otherEnd) return [];
  const inner = search(one.slice(start, end), other.slice(start, otherEnd));
  return inner.map(({ from, to }) => ({ from: [from[0] + start, from[1] + start], to: [to[0] + start, to[1] + start] }));
}

function search(one: string[], other: string[]): Change[] {
  const whole: Change[] = [{ from: [0, one.length], to: [0, other.length] }];
  if (one.length === 0 || other.length === 0) return whole;
  const reached: Map<number, number>[] = [];
  let furthest = new Map([[1, 0]]);
  for (let steps = 0; steps <= Math.min(most, one.length + other.length); steps++) {
    const next = new Map(furthest);
    reached.push(furthest);
    for (let diagonal = -steps; diagonal <= steps; diagonal += 2) {
      const isDown = diagonal === -steps || (diagonal !== steps && at(furthest, diagonal - 1) < at(furthest, diagonal + 1));
      let x = isDown ? at(furthest, diagonal + 1) : at(furthest, diagonal - 1) + 1;
      while (x < one.length && x - diagonal < other.length && one[x] === other[x - diagonal]) x += 1;
      next.set(diagonal, x);
      if (x >= one.length && x - diagonal >= other.length) return joined(trace(reached, one.length, other.length));
    }
    furthest = next;
  }
  return whole;
}

/** The way back from the end, each step a change of one item. */
function trace(reached: Map<number, number>[], length: number, otherLength: number): Change[] {
  const changes: Change[] = [];
  let [x, y] = [length, otherLength];
  for (let steps = reached.length - 1; steps > 0; steps--) {
    const furthest = reached[steps] as Map<number, number>;
    const diagonal = x - y;
    const isDown = diagonal === -steps || (diagonal !== steps && at(furthest, diagonal - 1) < at(furthest, diagonal + 1));
    const before = isDown ? diagonal + 1 : diagonal - 1;
    const fromX = at(furthest, before);
    const fromY = fromX - before;
    changes.unshift(isDown ? { from: [fromX, fromX], to: [fromY, fromY + 1] } : { from: [fromX, fromX + 1], to: [fromY, fromY] });
    [x, y] = [fromX, fromY];
  }
  return changes;
}

function joined(changes: Change[]): Change[] {
  const list: Change[] = [];
  for (const change of changes) {
    const last = list.at(-1);
    if (last && last.from[1] === change.from[0] && last.to[1] === change.to[0]) {
      last.from[1] = change.from[1];
      last.to[1] = change.to[1];
    } else list.push(change);
  }
  return list;
}

function at(furthest: Map<number, number>, diagonal: number): number {
  return furthest.get(diagonal) ?? -1;
}
