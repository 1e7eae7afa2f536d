import { describe, expect, it } from 'vitest';
import type { Connection } from '../connections/connection.ts';
import type { Grant, GrantedModel } from '../permissions/grant.ts';
import type { ModelInfo } from '../protocol/model.ts';
import { pageModels } from './page-models.ts';
import { covers, fullReach, reachOf, resolveModel } from './resolve.ts';

const connection = (id: string, more: Partial<Connection> = {}): Connection => ({
  id,
  backend: 'llamacpp',
  name: id,
  config: { baseUrl: `http://127.0.0.1:${id === 'home' ? 1 : 2}` },
  revision: 1,
  createdAt: 0,
  ...more,
});

const home = connection('home');
const work = connection('work', { model: 'work-main' });
const connections = [home, work];
const lists: Record<string, ModelInfo[]> = {
  home: [{ id: 'embedder', abilities: ['embed'] }, { id: 'asleep', loaded: false }, { id: 'small' }, { id: 'shared' }],
  work: [{ id: 'shared' }, { id: 'work-main' }, { id: 'vendor/large' }],
};
const list = async ({ id }: Connection) => lists[id] ?? [];
const grant = (...models: GrantedModel[]): Grant => ({
  v: 2,
  id: 'g',
  origin: 'https://a.example',
  decision: 'always',
  models,
  abilities: ['chat'],
  limits: {},
  rules: { whenHidden: 'allow', gesture: 'never' },
  history: 'meta',
  source: 'settings',
  createdAt: 0,
});
const any = { connectionId: '*', model: '*' };
const exact = (connectionId: string, model: string, revision = 1) => ({ connectionId, model, revision });

describe('what a grant reaches', () => {
  it.each([
    ['any model of any connection', [any], ['home/*', 'work/*']],
    ['one model of any connection', [{ connectionId: '*', model: 'shared' }], ['home/shared', 'work/shared']],
    ['any model of one connection', [exact('work', '*')], ['work/*']],
    ['exactly one model', [exact('home', 'small')], ['home/small']],
    ['nothing of another revision', [exact('home', 'small', 2)], []],
    ['nothing without a revision', [{ connectionId: 'home', model: 'small' }], []],
    ['nothing of a connection that is gone', [exact('gone', 'small')], []],
    ['nothing when it names nothing', [], []],
  ])('is %s', (_, models, expected) => {
    const reach = reachOf([grant(...models)], connections);
    expect(reach.map((each) => `${each.connection.id}/${each.model ?? '*'}`)).toEqual(expected);
  });

  it('covers what it reaches and no more', () => {
    const reach = reachOf([grant(exact('home', 'small'), exact('work', '*'))], connections);
    expect(covers(reach, home, 'small')).toBe(true);
    expect(covers(reach, home, 'shared')).toBe(false);
    expect(covers(reach, work, 'anything')).toBe(true);
  });
});

describe('the model that a page means', () => {
  const everything = [any];
  it.each([
    // name, granted, user's default, expected
    [undefined, everything, { connectionId: 'home', model: 'small' }, 'home/small'],
    ['', everything, { connectionId: 'home', model: 'small' }, 'home/small'],
    ['default', everything, { connectionId: 'home', model: 'small' }, 'home/small'],
    ['default', everything, { connectionId: 'work' }, 'work/work-main'],
    ['default', everything, { connectionId: 'home' }, 'home/small'],
    ['default', everything, undefined, 'home/small'],
    ['default', [exact('work', 'shared')], { connectionId: 'home', model: 'small' }, 'work/shared'],
    [
      'default',
      [exact('work', 'shared'), exact('work', 'vendor/large')],
      { connectionId: 'work', model: 'vendor/large' },
      'work/vendor/large',
    ],
    ['default', [exact('home', 'shared'), exact('work', 'shared')], { connectionId: 'work', model: 'other' }, 'work/shared'],
    ['default', [exact('work', '*')], { connectionId: 'home', model: 'small' }, 'work/work-main'],
    ['small', everything, undefined, 'home/small'],
    ['shared', everything, undefined, 'home/shared'],
    ['shared', everything, { connectionId: 'work' }, 'work/shared'],
    ['vendor/large', everything, undefined, 'work/vendor/large'],
    ['work/shared', everything, undefined, 'work/shared'],
    ['work/vendor/large', everything, undefined, 'work/vendor/large'],
    ['work/small', everything, undefined, undefined],
    ['home/small', [exact('work', '*')], undefined, undefined],
    ['small', [exact('home', 'shared')], undefined, undefined],
    ['gpt-unknown', everything, undefined, undefined],
    ['unlisted', everything, { connectionId: 'home', model: 'unlisted' }, 'home/unlisted'],
    ['unlisted', everything, { connectionId: 'home', model: 'other' }, undefined],
    ['../../etc/passwd', everything, undefined, undefined],
    ['*', everything, undefined, undefined],
    ['home/*', everything, undefined, undefined],
    ['default', [], undefined, undefined],
  ])('by %j within %j and the default %j is %s', async (name, models, defaults, expected) => {
    const found = await resolveModel(name, reachOf([grant(...models)], connections), defaults, list);
    expect(found && `${found.connection.id}/${found.model}`).toBe(expected);
  });

  it('carries the grant that allows it', async () => {
    const own = grant(exact('home', 'small'));
    expect(await resolveModel('small', reachOf([own], connections), undefined, list)).toMatchObject({ grant: own });
  });

  it('is found although the server of another connection is down', async () => {
    const failing = (each: Connection) => (each.id === 'home' ? Promise.reject(new Error('down')) : list(each));
    expect(await resolveModel('vendor/large', fullReach(connections), undefined, failing)).toMatchObject({ model: 'vendor/large' });
  });

  it('says what to do where a server lists none', async () => {
    const asked = resolveModel(undefined, fullReach([home]), undefined, async () => []);
    await expect(asked).rejects.toMatchObject({ code: 'not-configured', message: expect.stringContaining('home') });
  });
});

describe('the list that a page sees', () => {
  it('has its default first, and names twins by their connection', async () => {
    const models = await pageModels(fullReach(connections), { connectionId: 'work', model: 'vendor/large' }, list);
    expect(models.map(({ id, isDefault }) => (isDefault ? `(${id})` : id))).toEqual([
      '(vendor/large)',
      'shared',
      'work-main',
      'embedder',
      'asleep',
      'small',
      'home/shared',
    ]);
  });

  it('holds every id that resolves to the model it describes', async () => {
    const reach = fullReach(connections);
    for (const { id, name } of await pageModels(reach, undefined, list)) {
      expect(await resolveModel(id, reach, undefined, list)).toMatchObject({ model: name });
    }
  });

  it('holds only what was granted, with the default that will answer', async () => {
    const reach = reachOf([grant(exact('home', 'shared'), exact('work', 'vendor/large'))], connections);
    const models = await pageModels(reach, { connectionId: 'work', model: 'work-main' }, list);
    expect(models.map(({ id }) => id)).toEqual(['vendor/large', 'shared']);
    expect((await resolveModel('default', reach, { connectionId: 'work', model: 'work-main' }, list))?.model).toBe('vendor/large');
  });
});
