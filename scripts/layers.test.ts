import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './extension-folder.ts';
import { type Import, reachable, readImports, roomOf, sourceFiles } from './imports.ts';

const imports = readImports();
const own = imports.filter(({ isPackage }) => !isPackage);

describe('the rooms of lib', () => {
  it('import neither components nor entrypoints', () => {
    expect(broken(own, ({ from, to }) => from.startsWith('lib/') && !to.startsWith('lib/'))).toEqual([]);
  });

  it('leave entrypoints alone, and so do components', () => {
    expect(broken(own, ({ from, to }) => roomOf(from) !== 'entrypoints' && to.startsWith('entrypoints/'))).toEqual([]);
  });

  it('keep the emulators for tests', () => {
    expect(broken(own, ({ from, to }) => roomOf(from) !== 'lib/testing' && roomOf(to) === 'lib/testing')).toEqual([]);
  });

  it.each([
    ['lib/protocol', []],
    ['lib/page', ['lib/protocol']],
    ['lib/relay', ['lib/protocol']],
    ['lib/client', ['lib/protocol', 'lib/page']],
    ['lib/backends', ['lib/protocol']],
  ])('%s imports no other room than %j', (room, allowed) => {
    expect(broken(own, ({ from, to }) => roomOf(from) === room && ![room, ...allowed].includes(roomOf(to)))).toEqual([]);
  });

  it('permissions, usage and connections do not import one another', () => {
    const separate = ['lib/permissions', 'lib/usage', 'lib/connections'];
    const crosses = ({ from, to }: Import) =>
      separate.includes(roomOf(from)) && separate.includes(roomOf(to)) && roomOf(from) !== roomOf(to);
    expect(broken(own, crosses)).toEqual([]);
  });
});

describe('what runs in a page', () => {
  it.each([
    ['page', 'lib/page'],
    ['relay', 'lib/relay'],
    ['model', 'lib/page'],
  ])('is entrypoints/%s.ts, %s and protocol files, and no package but WXT’s own line', (name, room) => {
    const entry = `entrypoints/${name}.ts`;
    const files = [...reachable(entry, imports)].filter((path) => path !== entry && path !== 'package.json');
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((path) => ![room, 'lib/protocol'].includes(roomOf(path)))).toEqual([]);
    const values = imports.filter(({ isPackage, isType }) => isPackage && !isType);
    expect(broken(values, ({ from, to }) => files.includes(from) || (from === entry && to !== 'wxt'))).toEqual([]);
  });
});

describe('secrets', () => {
  it('are read by the background alone', () => {
    const readers = own.filter(({ names, isType }) => !isType && names.some((name) => name.split(' ')[0] === 'readSecrets'));
    const pages = sourceFiles().filter((path) =>
      /^entrypoints\/(popup|options|sidepanel|consent|engine)\/main\.tsx?$|^entrypoints\/(page|relay)\.ts$/.test(path),
    );
    const reachedByPages = new Set(pages.flatMap((page) => [...reachable(page, imports)]));
    expect(readers.length).toBeGreaterThan(0);
    expect(readers.filter(({ from }) => reachedByPages.has(from))).toEqual([]);
  });
});

describe('the sources', () => {
  it('hold entrypoints to wiring', () => {
    const long = sourceFiles().filter((path) => path.startsWith('entrypoints/') && lines(path) > 70);
    expect(long).toEqual([]);
  });

  it('make no code from text and no elements from text', () => {
    const sinks = /\beval\(|new Function\(|\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write\(|dangerouslySetInnerHTML/;
    expect(sourceFiles().filter((path) => sinks.test(source(path)))).toEqual([]);
  });

  it('write the extension of a file they import', () => {
    expect(broken(own, ({ to }) => !/\.\w+$/.test(to) || !existsSync(resolve(root, to)))).toEqual([]);
  });
});

function broken(all: Import[], breaks: (each: Import) => boolean): string[] {
  return all.filter(breaks).map(({ from, to }) => `${from} imports ${to}`);
}

function source(path: string): string {
  return readFileSync(resolve(root, path), 'utf8');
}

function lines(path: string): number {
  return source(path).trimEnd().split('\n').length;
}
