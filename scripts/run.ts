import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './extension-folder.ts';

/** What a step found, counted in tests; a step that is not made of tests counts as one. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

export interface StepOptions {
  /** Show the output as it comes; otherwise it is shown only when the step fails. */
  isLive?: boolean;
  env?: Record<string, string>;
}

/** Runs one command as one check and prints one line with the outcome. */
export async function runStep(name: string, command: string[], options: StepOptions = {}): Promise<Tally> {
  const { isOk, output, seconds } = await run(command, options);
  report(name, isOk, seconds, '', output);
  return { passed: isOk ? 1 : 0, failed: isOk ? 0 : 1, skipped: 0 };
}

/** Runs a Vitest project and counts its tests. No test at all is a failure, and so is an error outside of the tests. */
export async function runTests(name: string, project: string, options: StepOptions = {}): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-tests-'));
  const file = join(folder, 'report.json');
  const tries = join(folder, 'second-tries.txt');
  const shown = options.isLive ? 'default' : 'dot';
  const reporters = [shown, 'json', 'scripts/second-tries.ts'].map((reporter) => `--reporter=${reporter}`);
  const { isOk, output, seconds } = await run(['vitest', 'run', '--project', project, ...reporters, `--outputFile.json=${file}`], {
    ...options,
    env: { ...options.env, SWITCHBOARD_SECOND_TRIES: tries },
  });
  const tally = count(file, isOk);
  const again = existsSync(tries) ? readFileSync(tries, 'utf8').split('\n').filter(Boolean) : [];
  await rm(folder, { recursive: true });
  const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : '';
  report(name, tally.failed === 0, seconds, `${tally.passed} passed, ${tally.failed} failed${skipped}`, output);
  for (const line of again) console.log(`  passed at a second try: ${line}`);
  return tally;
}

export function sum(tallies: Tally[]): Tally {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of tallies) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
}

/** One line of the summary; the whole output below it where something is wrong. */
export function report(name: string, isOk: boolean, seconds: number, detail = '', output = ''): void {
  if (!isOk && output) console.log(`\n${output.trimEnd()}\n`);
  console.log(`${isOk ? '✓' : '✗'} ${name.padEnd(12)} ${`${seconds.toFixed(1)} s`.padStart(8)}  ${detail}`.trimEnd());
}

interface TestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

function count(file: string, isOk: boolean): Tally {
  const none = { passed: 0, failed: 1, skipped: 0 };
  const found = readReport(file);
  if (!found) return none;
  const brokenFiles = found.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = found.numFailedTests + brokenFiles;
  const tally = { passed: found.numPassedTests, failed, skipped: found.numPendingTests };
  const isSilentFailure = failed === 0 && (!isOk || tally.passed === 0);
  return isSilentFailure ? { ...tally, failed: 1 } : tally;
}

function readReport(file: string): TestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TestReport;
  } catch {
    return undefined;
  }
}

function run(
  [command = '', ...args]: string[],
  { isLive = false, env = {} }: StepOptions,
): Promise<{ isOk: boolean; output: string; seconds: number }> {
  const startedAt = performance.now();
  const path = `${join(root, 'node_modules/.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`;
  const child = spawn(command, args, {
    cwd: root,
    stdio: isLive ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: path, ...env },
    shell: process.platform === 'win32',
  });
  let output = '';
  child.stdout?.on('data', (data) => (output += data));
  child.stderr?.on('data', (data) => (output += data));
  return new Promise((resolve) => {
    const end = (isOk: boolean) => resolve({ isOk, output, seconds: (performance.now() - startedAt) / 1000 });
    child.once('error', (error) => {
      output += error.message;
      end(false);
    });
    child.once('close', (code) => end(code === 0));
  });
}
