import { readdirSync, readFileSync } from 'node:fs';

/** Bytes of a process and all below it, where the system tells (Linux). */
export function memoryOf(root: number | undefined): number {
  let sum = 0;
  for (const { pid } of processesOf(root)) {
    try {
      sum += Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096;
    } catch {
      // It has ended meanwhile.
    }
  }
  return sum;
}

/** A process and all below it; none where the system does not tell. */
export function processesOf(root: number | undefined): { pid: number; command: string }[] {
  if (root === undefined || process.platform !== 'linux') return [];
  const parents = new Map<number, number>();
  const commands = new Map<number, string>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const [, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      parents.set(Number(pid), Number(parent));
      commands.set(Number(pid), readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    } catch {
      // The same.
    }
  }
  const isOurs = (pid: number): boolean => pid === root || (parents.has(pid) && isOurs(parents.get(pid) as number));
  return [...parents.keys()].filter(isOurs).map((pid) => ({ pid, command: commands.get(pid) ?? '' }));
}
