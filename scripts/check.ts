import { runStep, runTests, sum, type Tally } from './run.ts';

/** Both builds, then format and lint, types and unit tests (layer rules and manifest among them), then sizes. */
export async function check(): Promise<Tally> {
  const build = await runStep('build', ['node', 'scripts/build.ts']);
  const rest = await Promise.all([
    runStep('lint', ['biome', 'check', '--error-on-warnings', '.']),
    runStep('types', ['tsc', '-p', '.']),
    runTests('unit', 'unit'),
  ]);
  const size = await runStep('size', ['node', 'scripts/size.ts']);
  return sum([build, ...rest, size]);
}

if (import.meta.main) {
  const { passed, failed } = await check();
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
