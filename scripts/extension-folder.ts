import { globSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BrowserName } from './browsers.ts';

export const root = resolve(import.meta.dirname, '..');

/** What the build calls each browser. */
export const targets: Record<BrowserName, 'chrome' | 'firefox'> = { chromium: 'chrome', firefox: 'firefox' };

/** The folder that a browser loads: `.output/chrome` or `.output/firefox`. */
export function extensionFolder(name: BrowserName): string {
  return resolve(root, process.env.SWITCHBOARD_OUT ?? '.output', targets[name]);
}

/** False where there is no build, or a source is newer than what was built from it. */
export function isBuilt(name: BrowserName): boolean {
  const built = statSync(resolve(extensionFolder(name), 'manifest.json'), { throwIfNoEntry: false });
  if (!built) return false;
  const sources = globSync('{entrypoints,components,lib,public}/**/*.*', { cwd: root, exclude: (path) => /\.test\.tsx?$/.test(path) });
  return [...sources, 'wxt.config.ts', 'scripts/manifest.ts', 'package-lock.json'].every(
    (path) => statSync(resolve(root, path)).mtimeMs <= built.mtimeMs,
  );
}
