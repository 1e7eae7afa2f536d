import { describe, expect, it } from 'vitest';
import type { AccessState } from '../protocol/access.ts';
import { model, page, turns, until } from '../testing/road.ts';

describe('access', () => {
  it('asks, queries and lists', async () => {
    const asked: unknown[] = [];
    const granted: AccessState = { state: 'granted', models: [model] };
    const { ai } = page({
      async requestAccess(_, request) {
        asked.push(request);
        return granted;
      },
      queryAccess: async () => ({ state: 'prompt', models: [] }),
      models: async () => [model],
    });
    expect(await ai.requestAccess({ reason: 'To summarise', models: ['a'], abilities: ['chat', 'images'] })).toEqual(granted);
    expect(await ai.requestAccess()).toEqual(granted);
    expect(asked).toEqual([{ reason: 'To summarise', models: ['a'], abilities: ['chat', 'images'] }, {}]);
    expect(await ai.permissions.query()).toEqual({ state: 'prompt', models: [] });
    expect(await ai.models.list()).toEqual([model]);
    await expect(ai.requestAccess({ signal: AbortSignal.abort('no') as AbortSignal })).rejects.toBe('no');
    await expect(ai.requestAccess({ abilities: ['everything' as never] })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(ai.requestAccess({ reason: 5 as never })).rejects.toMatchObject({
      code: 'bad-request',
      message: 'reason: should be a string.',
    });
  });

  it('tells listeners what has changed, until they leave', async () => {
    let state: AccessState = { state: 'prompt', models: [] };
    const stage = page({ queryAccess: async () => state });
    const heard: unknown[] = [];
    const undo = stage.ai.on('accesschanged', (value) => heard.push(value.state));
    stage.ai.on('modelchanged', (value) => heard.push(value?.id));
    await turns();
    expect(heard).toEqual([]);
    state = { state: 'granted', models: [model] };
    stage.change();
    await until(() => heard.length === 2);
    expect(heard).toEqual(['granted', 'local/tiny']);
    undo();
    state = { state: 'denied', models: [] };
    stage.change();
    await until(() => heard.length === 3);
    expect(heard[2]).toBeUndefined();
    expect(() => stage.ai.on('other' as never, () => {})).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });

  it('asks again when the user comes back after the background slept', async () => {
    let state: AccessState = { state: 'prompt', models: [] };
    const stage = page({ queryAccess: async () => state });
    const heard: string[] = [];
    stage.ai.on('accesschanged', (value) => heard.push(value.state));
    await turns();
    stage.kill();
    await turns();
    state = { state: 'granted', models: [] };
    stage.change();
    await turns();
    expect(heard).toEqual([]);
    stage.scope.dispatchEvent(new Event('focus'));
    await until(() => heard.length === 1);
    expect(heard).toEqual(['granted']);
  });
});
