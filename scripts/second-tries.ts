import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase } from 'vitest/node';

/** A reporter for Vitest: writes which tests passed at a second try only, and what was wrong at the first, one a line. */
export default class SecondTries implements Reporter {
  readonly #lines: string[] = [];

  onTestCaseResult(test: TestCase): void {
    if (!test.diagnostic()?.flaky) return;
    const [first] = test.result().errors ?? [];
    this.#lines.push(`${test.module.relativeModuleId} > ${test.fullName}: ${first?.message.split('\n', 1)[0] ?? ''}`);
  }

  onTestRunEnd(): void {
    const { SWITCHBOARD_SECOND_TRIES } = process.env;
    if (SWITCHBOARD_SECOND_TRIES) writeFileSync(SWITCHBOARD_SECOND_TRIES, this.#lines.join('\n'));
  }
}
