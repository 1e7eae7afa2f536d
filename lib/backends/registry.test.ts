import { describe, expect, it } from 'vitest';
import { availableBackends, backends } from './all.ts';
import { backendIds } from './backend.ts';
import { getBackend } from './registry.ts';

describe('the registry', () => {
  it('files every backend under its own id', () => {
    for (const [id, backend] of Object.entries(backends)) {
      expect(backend.id).toBe(id);
      expect(backendIds).toContain(id);
      expect(getBackend(backend.id)).toBe(backend);
    }
  });

  it('refuses an id it does not have', () => {
    expect(() => getBackend('nonsense' as never)).toThrow(expect.objectContaining({ code: 'not-supported' }));
    expect(() => getBackend('toString' as never)).toThrow(expect.objectContaining({ code: 'not-supported' }));
  });

  it.each(availableBackends.map((backend) => [backend.id, backend] as const))('has settings for %s that fit together', (_id, backend) => {
    const filled = { baseUrl: 'http://127.0.0.1:1', ...backend.preset };
    const config = backend.schema.parse(filled);
    expect(backend.hosts(config).every((origin) => new URL(origin).origin === origin)).toBe(true);
    expect(backend.label).not.toBe('');
    for (const field of backend.fields) expect(field.label, field.name).toMatch(/^field_/);
    expect(new Set(backend.fields.map(({ name }) => name)).size).toBe(backend.fields.length);
    if (backend.group === 'cloud') expect(backend.keyUrl).toMatch(/^https:\/\//);
  });
});
