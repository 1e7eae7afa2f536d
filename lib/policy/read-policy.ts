import * as z from 'zod/mini';
import { lazy } from '../protocol/parse.ts';
import { type Feature, features, noPolicy, type Policy, type PolicyConnection, type PolicyGrant, type PolicyLimits } from './policy.ts';
import { sitePatternProblem } from './site-pattern.ts';

/**
 * What an administrator set (public/managed-schema.json has its shape, docs/administrators.md its meaning) as a policy.
 * An entry that cannot be used is left out and told among `problems`; a list of sites that cannot be read closes instead
 * of opening, because nobody may get access by a slip of the pen.
 */
export function readPolicy(set: Readonly<Record<string, unknown>>): Policy {
  const problems: string[] = [];
  const tell = (problem: string) => void problems.push(problem);
  const connections = readConnections(set.connections, tell);
  const sites = readSites(set, connections, tell);
  const defaultModel = readDefault(set, connections, tell);
  return {
    connections,
    ...(defaultModel && { defaultModel }),
    sites,
    limits: readLimits(set.limits, tell),
    features: readFeatures(set.disabledFeatures, tell),
    problems,
  };
}

type Tell = (problem: string) => void;

const connectionSchema = lazy(() =>
  z.object({
    id: z.string().check(z.regex(/^[a-z\d][a-z\d-]{0,60}$/)),
    name: z.exactOptional(z.string().check(z.trim(), z.minLength(1), z.maxLength(200))),
    kind: z.string(),
    address: z.exactOptional(z.string()),
    settings: z.exactOptional(z.record(z.string(), z.json())),
    model: z.exactOptional(z.string()),
    key: z.exactOptional(z.string()),
  }),
);

function readConnections(set: unknown, tell: Tell): PolicyConnection[] {
  const found = new Map<string, PolicyConnection>();
  for (const [index, entry] of listOf(set, 'connections', tell).entries()) {
    const read = connectionSchema().safeParse(entry);
    if (!read.success) {
      const [issue] = read.error.issues;
      tell(`connections[${index}]: ${issue?.path.join('.') || 'the entry'} is missing or not valid. The connection is left out.`);
      continue;
    }
    const { id, name = id, kind, address, settings, model, key } = read.data;
    if (found.has(id)) {
      tell(`connections[${index}]: the id "${id}" is there twice. The second one is left out.`);
      continue;
    }
    found.set(id, {
      id,
      name,
      backend: kind,
      config: { ...settings, ...(address !== undefined && { baseUrl: address }) },
      ...(model && { model }),
      ...(key && { secrets: { key } }),
    });
  }
  return [...found.values()];
}

function readDefault(set: Readonly<Record<string, unknown>>, connections: PolicyConnection[], tell: Tell): Policy['defaultModel'] {
  const { defaultConnection: connection, defaultModel: model } = set;
  if (connection === undefined) return undefined;
  if (typeof connection === 'string' && connections.some(({ id }) => id === connection))
    return { connection, ...(typeof model === 'string' && model && { model }) };
  tell('defaultConnection names no connection of this policy. The first one is used.');
  return undefined;
}

function readSites(set: Readonly<Record<string, unknown>>, connections: PolicyConnection[], tell: Tell): Policy['sites'] {
  const blocked = readPatterns(set.blockedSites, 'blockedSites', ['*'], tell);
  const allowed = set.allowedSites === undefined ? undefined : readPatterns(set.allowedSites, 'allowedSites', [], tell);
  const granted = listOf(set.grantedSites, 'grantedSites', tell).flatMap((entry, index): PolicyGrant[] => {
    const place = `grantedSites[${index}]`;
    const { sites, connections: ids, model } = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
    const patterns = readPatterns(sites ?? [], `${place}.sites`, [], tell);
    const named = ids === undefined ? undefined : listOf(ids, `${place}.connections`, tell).filter((id) => typeof id === 'string');
    const known = named?.filter((id) => connections.some((connection) => connection.id === id));
    if (known && named && known.length < named.length) tell(`${place}: it names a connection that this policy does not have.`);
    if (patterns.length === 0 || known?.length === 0) {
      tell(`${place}: nothing is granted by it.`);
      return [];
    }
    return [{ sites: patterns, ...(known && { connections: known }), ...(typeof model === 'string' && model && { model }) }];
  });
  return { blocked, ...(allowed && { allowed }), granted };
}

/** `closed` stands for a list that is none. */
function readPatterns(set: unknown, name: string, closed: string[], tell: Tell): string[] {
  if (set === undefined) return [];
  if (!Array.isArray(set)) {
    tell(`${name} should be a list of sites. Until it is, no site gets access by it.`);
    return closed;
  }
  return set.flatMap((entry) => {
    const problem = typeof entry === 'string' ? sitePatternProblem(entry) : 'An entry is not text.';
    if (problem === undefined) return [entry as string];
    tell(`${name}: ${problem}`);
    return [];
  });
}

/** Names for administrators, money in dollars. */
const limitNames = {
  callsPerMinute: 'callsPerMinute',
  concurrent: 'concurrent',
  tokensPerDay: 'tokensPerDay',
  usdPerDay: 'microUsdPerDay',
  totalTokensPerDay: 'totalTokensPerDay',
  totalUsdPerDay: 'totalMicroUsdPerDay',
} as const satisfies Record<string, keyof PolicyLimits>;

function readLimits(set: unknown, tell: Tell): PolicyLimits {
  if (set === undefined) return {};
  const limits: PolicyLimits = {};
  const entries = typeof set === 'object' && set !== null ? Object.entries(set) : [['limits', set] as const];
  for (const [name, value] of entries) {
    const known = Object.hasOwn(limitNames, name) ? limitNames[name as keyof typeof limitNames] : undefined;
    if (!known) tell(`limits.${name} is not a limit. There are ${Object.keys(limitNames).join(', ')}.`);
    else if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
      tell(`limits.${name} should be a number from 0 up. Until it is, the limit is 0.`);
      limits[known] = 0;
    } else limits[known] = known.toLowerCase().includes('usd') ? Math.round(value * 1_000_000) : Math.floor(value);
  }
  return limits;
}

function readFeatures(set: unknown, tell: Tell): Record<Feature, boolean> {
  const on = { ...noPolicy.features };
  for (const name of listOf(set, 'disabledFeatures', tell)) {
    if (features.includes(name as Feature)) on[name as Feature] = false;
    else tell(`disabledFeatures: there is no feature "${String(name).slice(0, 60)}". There are ${features.join(', ')}.`);
  }
  return on;
}

function listOf(set: unknown, name: string, tell: Tell): unknown[] {
  if (set === undefined) return [];
  if (Array.isArray(set)) return set;
  tell(`${name} should be a list.`);
  return [];
}
