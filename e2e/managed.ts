import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { extensionFolder } from '../scripts/extension-folder.ts';
import type { LaunchSettings } from '../scripts/launch.ts';
import type { BrowserName } from './harness.ts';

/** A policy where the browser looks for one. */
export interface PolicyFile {
  launch: LaunchSettings;
  remove(): void;
}

/** Chromium reads policies from folders of the whole computer, by the brand it was built with. */
const chromiumFolders = [
  '/etc/chromium/policies/managed',
  '/etc/opt/chrome_for_testing/policies/managed',
  '/etc/opt/chrome/policies/managed',
];

/** Why a policy cannot be set for this browser here; nothing where it can. */
export function whyNotManaged(name: BrowserName): string | undefined {
  if (name === 'firefox') return process.platform === 'linux' ? undefined : 'Firefox finds the policy of one test only on Linux';
  return chromiumFolders.every(isWritable) ? undefined : 'Chromium reads policies from /etc, which needs root';
}

/** Sets what an administrator would. Firefox takes a file under its home, Chromium one in /etc. */
export function setManaged(name: BrowserName, policy: Record<string, unknown>): PolicyFile {
  return name === 'firefox' ? forFirefox(policy) : forChromium(policy);
}

function forFirefox(data: Record<string, unknown>): PolicyFile {
  const home = mkdtempSync(join(tmpdir(), 'switchboard-home-'));
  const folder = join(home, '.mozilla', 'managed-storage');
  mkdirSync(folder, { recursive: true });
  const id = 'switchboard@switchboard.invalid';
  writeFileSync(join(folder, `${id}.json`), JSON.stringify({ name: id, description: 'Switchboard', type: 'storage', data }));
  return { launch: { env: { HOME: home } }, remove: () => rmSync(home, { recursive: true, force: true }) };
}

function forChromium(policy: Record<string, unknown>): PolicyFile {
  const files = chromiumFolders.map((folder) => join(folder, `switchboard-test-${process.pid}.json`));
  for (const file of files) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ '3rdparty': { extensions: { [unpackedId(extensionFolder('chromium'))]: policy } } }));
  }
  return {
    launch: {},
    remove() {
      for (const file of files) rmSync(file, { force: true });
    },
  };
}

/** Chromium names an unpacked extension after its folder. */
function unpackedId(folder: string): string {
  const digits = createHash('sha256').update(folder).digest('hex').slice(0, 32);
  return [...digits].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16))).join('');
}

function isWritable(folder: string): boolean {
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  try {
    accessSync(existing, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
