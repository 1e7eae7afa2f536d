import * as fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { usualSwitches } from '../permissions/switches.ts';
import { SwitchboardError } from '../protocol/errors.ts';
import { watchPrototypes } from '../testing/clean-prototypes.ts';
import { isPrice } from '../usage/prices.ts';
import { usualUsageSettings } from '../usage/settings.ts';
import { readBackup } from './backup.ts';
import { planImport } from './plan.ts';
import type { Preferences } from './preferences.ts';

afterEach(watchPrototypes());

const connection = { id: 'a', backend: 'openai', name: 'Work', config: { baseUrl: 'https://api.openai.com' }, revision: 1, createdAt: 1 };
const grant = {
  v: 1,
  id: 'g',
  origin: 'https://notes.example',
  decision: 'always',
  models: [{ connectionId: '*', model: '*' }],
  limits: {},
  createdAt: 1,
};
const price = { inputMicroUsdPerMillion: 5, outputMicroUsdPerMillion: 7, requestMicroUsd: 1 };
const preferences = {
  prices: { a: { m: price } },
  spending: { ...usualUsageSettings, connections: { a: 5 } },
  switches: usualSwitches,
  native: { usual: 'always', sites: { 'https://notes.example': 'never' } },
};
const turn = { id: 't', role: 'user', text: 'Hello', state: 'done', images: [{ mediaType: 'image/png', data: 'aGk=' }] };
const chat = { id: 'c', title: 'Hello', createdAt: 1, updatedAt: 2, turns: [turn] };
const whole = {
  format: 'switchboard-backup',
  version: 2,
  madeBy: '1',
  madeAt: 'now',
  connections: [connection],
  grants: [grant],
  preferences,
  chats: [chat],
};
const current: Preferences = {
  prices: {},
  spending: usualUsageSettings,
  switches: { ...usualSwitches, isPaused: true },
  native: { usual: 'when-missing', sites: {} },
};
const bytes = (text: string) => new TextEncoder().encode(text);

/** The whole with one field, anywhere in it, replaced by anything. */
const mutated = fc
  .tuple(
    fc.constantFrom(...pathsOf(whole)),
    fc.oneof(fc.jsonValue(), fc.constantFrom('__proto__', 'file:///etc', 'javascript:1', 'http://10.0.0.1', '<b>', -1, 1e308)),
  )
  .map(([path, value]) => {
    const copy = structuredClone(whole) as unknown as Record<string, unknown>;
    let at = copy;
    for (const step of path.slice(0, -1)) at = at[step] as Record<string, unknown>;
    at[path.at(-1) as string] = value;
    return JSON.stringify(copy);
  });

test('[H-6] any file is a backup that can be planned, or refused with a reason; nothing else is thrown', { timeout: 30_000 }, () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.json().map(bytes), mutated.map(bytes)), (file) => {
      let backup: ReturnType<typeof readBackup>;
      try {
        backup = readBackup(file);
      } catch (error) {
        expect(error).toBeInstanceOf(SwitchboardError);
        expect((error as Error).message).toMatch(/^[A-Z].*\.$/s);
        return;
      }
      const plan = planImport(backup, { connections: [] }, [], current);
      for (const { connection: planned } of plan.connections) {
        if (planned.config.baseUrl !== undefined) expect(planned.config.baseUrl).toMatch(/^https?:\/\/[^@]*$/);
      }
      for (const { grant: planned } of plan.grants) expect(planned.origin).toMatch(/^https?:\/\/[^/]+$/);
      for (const price of Object.values(plan.preferences?.then.prices ?? {}).flatMap(Object.values)) expect(isPrice(price)).toBe(true);
      expect(plan.preferences?.then.switches.isPaused ?? true).toBe(true);
      for (const { id, turns } of plan.chats) {
        expect(id).toMatch(/^[\w-]+$/);
        for (const { images = [] } of turns) for (const { mediaType } of images) expect(mediaType).toMatch(/^image\/(?!svg)/);
      }
      for (const { why } of plan.dropped) expect(why).not.toBe('');
    }),
    { numRuns: 1_000 },
  );
});

function pathsOf(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => [[name], ...pathsOf(each).map((rest) => [name, ...rest])]);
}
