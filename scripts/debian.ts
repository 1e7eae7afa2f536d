import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { BrowserName } from './browsers.ts';

/** Ubuntu's `chromium` and `firefox` only fetch a snap, hence the second names are of no use there and harmless. */
const packages: Record<BrowserName, string[]> = { chromium: ['chromium'], firefox: ['firefox-esr', 'firefox'] };
let isUpdated = false;

/** Installs the distribution's own browser where that needs no password; says what came of it. */
export async function installDebianPackage(name: BrowserName, say: (line: string) => void): Promise<string> {
  if (!existsSync('/usr/bin/apt-get')) return 'Not installed from packages: this is not Debian.';
  const before = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (before.length > 0 && !run(['sudo', '-n', 'true'], 10_000))
    return 'Not installed from packages: that needs root, or sudo without a password.';
  if (!isUpdated) {
    say('Refreshing the package lists (apt-get update) …');
    isUpdated = run([...before, 'apt-get', 'update', '-q'], 120_000);
  }
  for (const wanted of packages[name]) {
    say(`Installing ${wanted} (apt-get install) …`);
    const isInstalled = run(
      [...before, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', '-q', '-y', '--no-install-recommends', wanted],
      300_000,
    );
    if (isInstalled) return `Installed the package ${wanted}.`;
  }
  return `apt-get could not install ${packages[name].join(' or ')}.`;
}

function run([command = '', ...args]: string[], timeout: number): boolean {
  return spawnSync(command, args, { timeout, stdio: ['ignore', 'ignore', 'ignore'] }).status === 0;
}
