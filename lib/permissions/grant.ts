import type { SiteAbility } from '../protocol/access.ts';
import type { HistoryLevel } from '../protocol/history.ts';

/** What the user lets a site do. Presence is authority: no record, no access; an empty list is no access either. */
export interface Grant extends Subject {
  /** Format of this record. */
  v: 2;
  id: string;
  decision: Decision;
  models: GrantedModel[];
  abilities: GrantAbility[];
  limits: GrantLimits;
  rules: GrantRules;
  /** What activity keeps of this site's calls. */
  history: HistoryLevel;
  /** How it came about. */
  source: GrantSource;
  createdAt: number;
  lastUsedAt?: number;
  expiresAt?: number;
}

/** Whom a grant is for. */
export interface Subject {
  /** Of the document that calls, as `port.sender.origin` says. */
  origin: string;
  /** Of the page in the tab, where the call comes from a frame of another origin inside it. */
  topOrigin?: string;
  /** Private windows are a space of their own, in memory only. */
  isPrivate?: boolean;
}

export type Decision = 'once' | 'session' | 'always' | 'block';
export type GrantSource = 'prompt' | 'settings' | 'import' | 'policy';

/** `'*'` stands for any, and is always written out. */
export interface GrantedModel {
  connectionId: string;
  model: string;
  /** Revision of the connection the user agreed to; absent only with `connectionId: '*'`. */
  revision?: number;
}

export const grantAbilities = ['chat', 'embed', 'list', 'tools', 'images'] as const satisfies SiteAbility[];
export type GrantAbility = SiteAbility;

/** Absent means no limit of that kind. Whole numbers; money in millionths of a US dollar. */
export interface GrantLimits {
  callsPerMinute?: number;
  callsPerDay?: number;
  concurrent?: number;
  inputTokensPerCall?: number;
  outputTokensPerCall?: number;
  tokensPerDay?: number;
  microUsdPerDay?: number;
  microUsdTotal?: number;
}

export interface GrantRules {
  /** A page that nobody can see: is refused, may make a tenth of the calls, or is treated like any other. */
  whenHidden: 'refuse' | 'slow' | 'allow';
  /** The user must have clicked or typed: on the page before its first call, just before each call, or never. */
  gesture: 'first' | 'each' | 'never';
}

/** The name that limits, ledger and activity file a subject under; `subjectOf` reads it back. */
export function subjectName({ origin, topOrigin, isPrivate }: Subject): string {
  return `${isPrivate ? 'private ' : ''}${origin}${topOrigin === undefined ? '' : ` in ${topOrigin}`}`;
}

export function isSameSubject(one: Subject, other: Subject): boolean {
  return subjectName(one) === subjectName(other);
}

/** The subject again; undefined for the extension's own line. Origins have no spaces in them. */
export function subjectOf(name: string): Subject | undefined {
  const words = name.split(' ');
  const isPrivate = words[0] === 'private';
  const [origin = '', , topOrigin] = isPrivate ? words.slice(1) : words;
  if (!URL.canParse(origin)) return undefined;
  return { origin, ...(topOrigin !== undefined && { topOrigin }), ...(isPrivate && { isPrivate }) };
}
