import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { features } from './policy.ts';
import { readPolicy } from './read-policy.ts';

const read = (path: string) => readFileSync(resolve(import.meta.dirname, '../..', path), 'utf8');
const page = read('docs/administrators/policy.md');
const schema = JSON.parse(read('public/managed-schema.json')) as { properties: Record<string, { properties?: Record<string, unknown> }> };

describe('the page for administrators', () => {
  it('shows a policy without a mistake', () => {
    const [, example] = /```json policy\n([\s\S]*?)```/.exec(page) ?? [];
    expect(readPolicy(JSON.parse(example ?? '')).problems).toEqual([]);
  });

  it('names everything that can be set, and so does the schema for Chrome', () => {
    const limits = Object.keys(schema.properties.limits?.properties ?? {});
    expect(limits.length).toBeGreaterThan(0);
    for (const name of [...Object.keys(schema.properties), ...limits, ...features]) expect(page).toContain(`\`${name}\``);
    const known = readPolicy({ limits: Object.fromEntries(limits.map((name) => [name, 1])) });
    expect(known.problems).toEqual([]);
  });
});
