import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildClient, clientName } from './build-client.ts';
import { root } from './extension-folder.ts';

/** A project that has installed the packed client, and beside it packages of ours that it may import. */
export interface Consumer {
  folder: string;
  remove(): void;
}

/**
 * Builds the client, packs it as npm would publish it, and unpacks it where a project has its packages. `packages` are
 * ours that it has too, by our name, or by the name there with ours: `{ ai: 'ai7' }`.
 */
export function packClient(packages: string[] | Record<string, string> = []): Consumer {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-client-'));
  const built = join(folder, 'built');
  buildClient(built);
  const installed = join(folder, 'node_modules', clientName);
  mkdirSync(installed, { recursive: true });
  const npm: ExecFileSyncOptionsWithStringEncoding = { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' };
  const [packed] = JSON.parse(execFileSync('npm', ['pack', built, '--json', '--silent', '--offline'], npm)) as { filename: string }[];
  if (!packed) throw new Error('npm packed nothing.');
  execFileSync('tar', ['-xzf', join(folder, packed.filename), '-C', installed, '--strip-components=1']);
  const names = Array.isArray(packages) ? packages.map((name) => [name, name] as const) : Object.entries(packages);
  for (const [name, ours] of names) symlinkSync(join(root, 'node_modules', ours), join(folder, 'node_modules', name), 'junction');
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
