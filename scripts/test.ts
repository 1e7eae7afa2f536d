import { type BrowserName, browserNames, ensureBrowser } from './browsers.ts';
import { check } from './check.ts';
import { report, runTests, sum, type Tally } from './run.ts';

/** `npm test`: both browsers, every check, and the end-to-end tests. The last line counts; a missing browser is a failure. */
const found = await findBrowsers();
const checked = await check();
// Side by side: a test mostly waits for its browser, and the two have nothing in common.
const endToEnd = await Promise.all(
  found.names.map((name) => runTests(`e2e ${name}`, 'e2e', { env: { ...found.env, SWITCHBOARD_BROWSERS: name } })),
);
const { passed, failed, skipped } = sum([found.tally, checked, ...endToEnd]);
if (skipped > 0) console.log(`${skipped} skipped`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function findBrowsers(): Promise<{ tally: Tally; names: BrowserName[]; env: Record<string, string> }> {
  const tally = { passed: 0, failed: 0, skipped: 0 };
  const names: BrowserName[] = [];
  const env: Record<string, string> = {};
  for (const name of browserNames) {
    const startedAt = performance.now();
    const seconds = () => (performance.now() - startedAt) / 1000;
    try {
      const { version, executablePath } = await ensureBrowser(name);
      names.push(name);
      // The tests then need not look again.
      env[`SWITCHBOARD_${name.toUpperCase()}`] = executablePath;
      report(name, true, seconds(), `${version} (${executablePath})`);
    } catch (error) {
      tally.failed += 1;
      report(name, false, seconds(), '', error instanceof Error ? error.message : String(error));
    }
  }
  return { tally, names, env };
}
