import { describe, expect, it } from 'vitest';
import type { ProviderAnnouncement } from '../protocol/provider.ts';
import { page } from '../testing/road.ts';

describe('the announcement', () => {
  it('comes at once and on request, frozen through and through', () => {
    const { scope, ai } = page({});
    const seen: ProviderAnnouncement[] = [];
    scope.addEventListener('ai:announceProvider', (event) => seen.push((event as CustomEvent<ProviderAnnouncement>).detail));
    scope.dispatchEvent(new Event('ai:requestProvider'));
    scope.dispatchEvent(new Event('ai:requestProvider'));
    expect(seen).toHaveLength(2);
    expect(seen[0]?.provider).toBe(ai);
    expect(seen[0]?.info).toMatchObject({
      name: 'Switchboard',
      version: '1.2.3',
      rdns: 'invalid.switchboard',
      icon: expect.stringMatching(/^data:image\/svg/),
    });
    expect(seen[0]?.info.uuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
    for (const value of deep(seen[0])) expect(Object.isFrozen(value)).toBe(true);
  });

  it('takes the name ai where it is free, and lets a page replace it', () => {
    const { scope, ai } = page({});
    expect((scope as { ai?: unknown }).ai).toBe(ai);
    expect(Object.keys(scope)).not.toContain('ai');
    (scope as { ai?: unknown }).ai = 'mine';
    expect((scope as { ai?: unknown }).ai).toBe('mine');
  });

  it.each<[string, (scope: EventTarget) => void]>([
    ['a value', (scope) => Object.assign(scope, { ai: 'native' })],
    [
      'a getter that throws',
      (scope) =>
        Object.defineProperty(scope, 'ai', {
          get() {
            throw new Error('mine');
          },
        }),
    ],
    ['a fixed property', (scope) => Object.defineProperty(scope, 'ai', { value: 1, writable: false, configurable: false })],
    ['a frozen window', (scope) => Object.preventExtensions(scope)],
  ])('leaves the name alone where the page has %s', (_, prepare) => {
    const scope = new EventTarget();
    const seen: unknown[] = [];
    prepare(scope);
    const before = Object.getOwnPropertyDescriptor(scope, 'ai');
    scope.addEventListener('ai:announceProvider', (event) => seen.push((event as CustomEvent).detail.provider));
    const { ai } = page({}, scope);
    expect(Object.getOwnPropertyDescriptor(scope, 'ai')).toEqual(before);
    expect(seen).toEqual([ai]);
  });

  it('falls silent when a newer copy starts, and gives the name to it', () => {
    const scope = new EventTarget();
    page({}, scope);
    const newer = page({}, scope);
    const seen: unknown[] = [];
    scope.addEventListener('ai:announceProvider', (event) => seen.push((event as CustomEvent).detail.provider));
    scope.dispatchEvent(new Event('ai:requestProvider'));
    expect(seen).toEqual([newer.ai]);
    expect((scope as { ai?: unknown }).ai).toBe(newer.ai);
  });
});

function deep(value: unknown): unknown[] {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return [];
  return [value, ...Reflect.ownKeys(value).flatMap((key) => deep((value as Record<PropertyKey, unknown>)[key]))];
}
