import * as z from 'zod/mini';
import { historyLevels } from '../protocol/history.ts';
import { lazy, parse } from '../protocol/parse.ts';
import { type Grant, type GrantLimits, type GrantRules, grantAbilities } from './grant.ts';

export interface StoredGrants {
  grants: Grant[];
  /** Latest time at which this was written. */
  seenAt: number;
}

/** What records of the first version did not say, as it held then: they reached everything, and activity kept who and how much. */
export const openRules: GrantRules = { whenHidden: 'allow', gesture: 'never' };

/** Reads records of both versions; those of the first become what they meant. */
export function parseGrants(stored: unknown): StoredGrants {
  const { grants, seenAt } = parse(storedSchema, stored, 'Grants');
  return { seenAt, grants: grants.map(current) };
}

/** What a site may be held to; also what a form or a script may set. */
export const limitsSchema = lazy(() => {
  const limit = z.exactOptional(z.number().check(z.nonnegative()));
  const names: (keyof GrantLimits)[] = [
    'callsPerMinute',
    'callsPerDay',
    'concurrent',
    'inputTokensPerCall',
    'outputTokensPerCall',
    'tokensPerDay',
    'microUsdPerDay',
    'microUsdTotal',
  ];
  return z.strictObject(Object.fromEntries(names.map((name) => [name, limit])) as Record<keyof GrantLimits, typeof limit>);
});

export const decisionSchema = lazy(() => z.enum(['once', 'session', 'always', 'block']));
export const abilitiesSchema = lazy(() => z.array(z.enum(grantAbilities)));
export const historySchema = lazy(() => z.enum(historyLevels));
const hidden = lazy(() => z.enum(['refuse', 'slow', 'allow']));
const gesture = lazy(() => z.enum(['first', 'each', 'never']));
const rulesSchema = lazy(() => z.strictObject({ whenHidden: hidden(), gesture: gesture() }));
/** Of the rules, those that somebody wants to set. */
export const someRulesSchema = lazy(() => z.strictObject({ whenHidden: z.exactOptional(hidden()), gesture: z.exactOptional(gesture()) }));

type Stored = z.output<ReturnType<typeof grantSchema>>;

function current(stored: Stored): Grant {
  return { abilities: [...grantAbilities], rules: openRules, history: 'meta', source: 'settings', ...stored, v: 2 };
}

const grantSchema = lazy(() => {
  const text = z.string();
  const number = z.exactOptional(z.number());
  return z.object({
    v: z.union([z.literal(1), z.literal(2)]),
    id: text,
    origin: text,
    topOrigin: z.exactOptional(text),
    isPrivate: z.exactOptional(z.boolean()),
    decision: decisionSchema(),
    models: z.array(z.object({ connectionId: text, model: text, revision: number })),
    abilities: z.exactOptional(abilitiesSchema()),
    limits: limitsSchema(),
    rules: z.exactOptional(rulesSchema()),
    history: z.exactOptional(historySchema()),
    source: z.exactOptional(z.enum(['prompt', 'settings', 'import', 'policy'])),
    createdAt: z.number(),
    lastUsedAt: number,
    expiresAt: number,
  });
});

const storedSchema = lazy(() => z.object({ grants: z.array(grantSchema()), seenAt: z.number() }));
