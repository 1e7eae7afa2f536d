import { describe, expect, it } from 'vitest';
import { noPolicy } from './policy.ts';
import { readPolicy } from './read-policy.ts';

const gateway = { id: 'gateway', name: 'Company models', kind: 'vllm', address: 'https://models.example.com/v1', model: 'large' };

describe('a policy', () => {
  it('that says nothing decides nothing', () => {
    expect(readPolicy({})).toEqual(noPolicy);
  });

  it('gives connections, with the key where it has one', () => {
    const { connections, problems } = readPolicy({
      connections: [
        { ...gateway, key: 'from-policy' },
        { id: 'own', kind: 'openrouter' },
      ],
    });
    expect(connections).toEqual([
      {
        id: 'gateway',
        name: 'Company models',
        backend: 'vllm',
        config: { baseUrl: 'https://models.example.com/v1' },
        model: 'large',
        secrets: { key: 'from-policy' },
      },
      { id: 'own', name: 'own', backend: 'openrouter', config: {} },
    ]);
    expect(problems).toEqual([]);
  });

  it('leaves out what cannot be a connection, and says which', () => {
    const { connections, problems } = readPolicy({ connections: [{ kind: 'vllm' }, gateway, { ...gateway, name: 'again' }, 'text'] });
    expect(connections.map(({ name }) => name)).toEqual(['Company models']);
    expect(problems).toEqual([
      expect.stringMatching(/^connections\[0\]: id /),
      expect.stringMatching(/^connections\[2\]: the id "gateway" is there twice/),
      expect.stringMatching(/^connections\[3\]: /),
    ]);
  });

  it('says nothing of a key in what it complains about', () => {
    const { problems } = readPolicy({ connections: [{ ...gateway, id: 'NOT ok', key: 'canary-value' }] });
    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toContain('canary');
  });

  it('turns dollars into micro-dollars', () => {
    expect(readPolicy({ limits: { usdPerDay: 0.25, totalUsdPerDay: 3, tokensPerDay: 5_000 } }).limits).toEqual({
      microUsdPerDay: 250_000,
      totalMicroUsdPerDay: 3_000_000,
      tokensPerDay: 5_000,
    });
  });

  it.each([['many'], [-1], [Number.NaN], [null]])('holds a limit of %j for 0', (value) => {
    const { limits, problems } = readPolicy({ limits: { callsPerMinute: value } });
    expect(limits).toEqual({ callsPerMinute: 0 });
    expect(problems).toHaveLength(1);
  });

  it('closes where its lists of sites cannot be read', () => {
    expect(readPolicy({ blockedSites: 'evil.example' }).sites.blocked).toEqual(['*']);
    expect(readPolicy({ allowedSites: 'good.example' }).sites.allowed).toEqual([]);
    expect(readPolicy({ allowedSites: ['https://good.example/path'] }).sites.allowed).toEqual([]);
  });

  it('grants sites its own connections only', () => {
    const { sites, problems } = readPolicy({
      connections: [gateway],
      grantedSites: [
        { sites: ['https://*.example.com'], connections: ['gateway'], model: 'large' },
        { sites: ['intranet.example'] },
        { sites: ['wiki.example'], connections: ['other'] },
        { connections: ['gateway'] },
      ],
    });
    expect(sites.granted).toEqual([
      { sites: ['https://*.example.com'], connections: ['gateway'], model: 'large' },
      { sites: ['intranet.example'] },
    ]);
    expect(problems.filter((problem) => problem.endsWith('nothing is granted by it.'))).toHaveLength(2);
  });

  it('switches features off by name', () => {
    const { features, problems } = readPolicy({ disabledFeatures: ['quickChat', 'everything'] });
    expect(features).toEqual({ ...noPolicy.features, quickChat: false });
    expect(problems).toEqual([expect.stringContaining('"everything"')]);
  });

  it('names a default only among its connections', () => {
    expect(readPolicy({ connections: [gateway], defaultConnection: 'gateway', defaultModel: 'small' }).defaultModel).toEqual({
      connection: 'gateway',
      model: 'small',
    });
    expect(readPolicy({ connections: [gateway], defaultConnection: 'other' })).toMatchObject({
      problems: [expect.stringContaining('defaultConnection')],
    });
  });
});
