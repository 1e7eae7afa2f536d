import { describe, expect, it } from 'vitest';
import { lazy } from './lazy.ts';

type Looked = (new () => object) & Record<string, unknown>;

function create(): { looked: Looked; filled(): number } {
  let count = 0;
  const Target = class {} as unknown as Looked;
  const looked = lazy(Target, (shown) => {
    count += 1;
    Object.defineProperty(shown, 'word', { value: 'there', enumerable: true, writable: true, configurable: true });
    Object.setPrototypeOf(shown, EventTarget);
  });
  return { looked, filled: () => count };
}

describe('a lazy object', () => {
  it.each<[string, (looked: Looked) => unknown]>([
    ['reading', ({ word }) => word],
    ['asking for a field', (looked) => 'word' in looked && 'there'],
    ['listing', (looked) => Object.keys(looked).includes('word') && 'there'],
    ['describing', (looked) => Object.getOwnPropertyDescriptor(looked, 'word')?.value],
    ['looking for its parent', (looked) => Object.getPrototypeOf(looked) === EventTarget && 'there'],
    ['freezing', (looked) => Object.freeze(looked).word],
    ['a class below it', (looked) => (class extends (looked as new () => object) {} as unknown as Looked).word],
    ['one of its own kind', (looked) => new looked() instanceof looked && 'there'],
    ['adding', (looked) => Object.assign(looked, { more: 1 }).word],
    ['removing another', (looked) => Reflect.deleteProperty(looked, 'other') && Object.entries(looked)[0]?.[1]],
  ])('has what it is filled with from the first look on: %s', (_, look) => {
    const { looked, filled } = create();
    expect(filled()).toBe(0);
    expect(look(looked)).toBe('there');
    expect(filled()).toBe(1);
    expect(look(looked)).toBe('there');
    expect(filled()).toBe(1);
  });

  it('is not filled by being handed about', () => {
    const { looked, filled } = create();
    const holder = { looked };
    expect([typeof holder.looked, holder.looked === looked]).toEqual(['function', true]);
    expect(filled()).toBe(0);
  });
});
