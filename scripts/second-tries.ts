import { appendFileSync } from 'node:fs';
import type { Reporter, TestCase } from 'vitest/node';

/** Adds a line to what the run names at its end, or says it at once where no run listens. */
export function noteSecondTry(line: string): void {
  const { SWITCHBOARD_SECOND_TRIES } = process.env;
  if (SWITCHBOARD_SECOND_TRIES) appendFileSync(SWITCHBOARD_SECOND_TRIES, `${line.replaceAll('\n', ' ')}\n`);
  else console.warn(line);
}

/** A reporter for Vitest: notes which tests passed at a second try only, and what was wrong at the first. */
export default class SecondTries implements Reporter {
  onTestCaseResult(test: TestCase): void {
    if (!test.diagnostic()?.flaky) return;
    const [first] = test.result().errors ?? [];
    noteSecondTry(`${test.module.relativeModuleId} > ${test.fullName}: ${first?.message.split('\n', 1)[0] ?? ''}`);
  }
}
