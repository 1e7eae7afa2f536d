import { build, zip } from 'wxt';
import type { BrowserName } from './browsers.ts';
import { root, targets } from './extension-folder.ts';
import { printSizes } from './size.ts';

/** Builds the extension for one browser; WXT writes what it does to the terminal. */
export async function buildExtension(name: BrowserName): Promise<void> {
  await build({ root, browser: targets[name] });
}

if (import.meta.main) {
  const make = process.argv.includes('--zip') ? zip : build;
  for (const browser of Object.values(targets)) await make({ root, browser });
  printSizes();
}
