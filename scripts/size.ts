import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type BrowserName, browserNames } from './browsers.ts';
import { extensionFolder } from './extension-folder.ts';

/** What the figures of the design allow, in bytes: the first two are injected into every frame of every page. */
export const limits: Record<string, number> = { 'page.js': 20 * 1024, 'relay.js': 3 * 1024, 'background.js': 160 * 1024 };

export interface Size {
  browser: BrowserName;
  file: string;
  bytes: number;
  gzipBytes: number;
  limit: number;
}

/** Each limited script with everything it imports before it runs. Throws where a build is missing. */
export function measureSizes(): Size[] {
  return browserNames.flatMap((browser) =>
    Object.entries(limits).map(([file, limit]) => {
      const scripts = withImports(join(extensionFolder(browser), file)).map((path) => readFileSync(path));
      const bytes = scripts.reduce((sum, script) => sum + script.length, 0);
      return { browser, file, bytes, gzipBytes: gzipSync(Buffer.concat(scripts)).length, limit };
    }),
  );
}

/** Prints the sizes; true when all are within their limits. */
export function printSizes(): boolean {
  const sizes = measureSizes();
  for (const { browser, file, bytes, gzipBytes, limit } of sizes) {
    const verdict = bytes <= limit ? 'ok' : 'TOO LARGE';
    console.log(`${browser.padEnd(9)} ${file.padEnd(14)} ${kib(bytes)} of ${kib(limit)} (${kib(gzipBytes)} gz)  ${verdict}`);
  }
  return sizes.every(({ bytes, limit }) => bytes <= limit);
}

/** Static imports only: what `import()` fetches later costs nothing at the start. */
function withImports(path: string, seen = new Set<string>()): string[] {
  if (seen.has(path)) return [];
  if (!existsSync(path)) throw new Error(`${path} is missing. Run npm run build first.`);
  seen.add(path);
  for (const [, imported = ''] of readFileSync(path, 'utf8').matchAll(/\b(?:from|import)\s*["'](\.{1,2}\/[^"']+)["']/g)) {
    withImports(join(dirname(path), imported), seen);
  }
  return [...seen];
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`.padStart(9);
}

if (import.meta.main) process.exitCode = printSizes() ? 0 : 1;
