import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { root } from './extension-folder.ts';

/** One import of a source file, as the layer rules see it. */
export interface Import {
  /** Path from the root of the project, with `/`. */
  from: string;
  /** Path from the root for our own files, else the package's name. */
  to: string;
  isPackage: boolean;
  /** `import type`: gone before anything runs. */
  isType: boolean;
  /** The names between the braces. */
  names: string[];
}

/** Every import of the shipped sources; tests are left out because they may reach anywhere. */
export function readImports(): Import[] {
  return sourceFiles().flatMap(importsOf);
}

/** The shipped TypeScript, by path from the root. */
export function sourceFiles(): string[] {
  return globSync('{entrypoints,components,lib}/**/*.{ts,tsx}', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !/\.(test|d)\.tsx?$/.test(path))
    .sort();
}

/** All files that run when `entry` runs, itself included. */
export function reachable(entry: string, imports: Import[]): Set<string> {
  const seen = new Set<string>([entry]);
  for (const path of seen) {
    for (const { from, to, isType, isPackage } of imports) if (from === path && !isType && !isPackage) seen.add(to);
  }
  return seen;
}

/** `lib/page` for a file of that room, `entrypoints` or `components` for those. */
export function roomOf(path: string): string {
  const [top = '', room = ''] = path.split('/');
  return top === 'lib' ? `lib/${room}` : top;
}

const statement = /^\s*(?:import|export)\s+(type\s+)?(?:([^'";]*?)\s+from\s+)?'([^']+)'/gm;
const dynamic = /\bimport\('([^']+)'\)/g;

function importsOf(from: string): Import[] {
  const text = readFileSync(resolve(root, from), 'utf8');
  const fixed = [...text.matchAll(statement)].map(([, type, clause = '', to = '']) => entry(from, to, type !== undefined, clause));
  const lazy = [...text.matchAll(dynamic)].map(([, to = '']) => entry(from, to, false, ''));
  return [...fixed, ...lazy];
}

function entry(from: string, to: string, isType: boolean, clause: string): Import {
  const names = /\{([^}]*)\}/.exec(clause)?.[1] ?? '';
  const isPackage = !to.startsWith('.');
  return {
    from,
    to: isPackage ? packageName(to) : ownPath(from, to),
    isPackage,
    isType,
    names: names
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
  };
}

function ownPath(from: string, to: string): string {
  return relative(root, join(dirname(resolve(root, from)), to.replace(/\?.*$/, ''))).replaceAll('\\', '/');
}

function packageName(to: string): string {
  return to
    .split('/')
    .slice(0, to.startsWith('@') ? 2 : 1)
    .join('/');
}
