/** What the user lets a site do. Presence is authority: no record, no access; an empty list is no access either. */
export interface Grant {
  /** Format of this record. */
  v: 1;
  id: string;
  /** `port.sender.origin` of a top-level document. */
  origin: string;
  decision: 'once' | 'session' | 'always' | 'block';
  models: GrantedModel[];
  limits: GrantLimits;
  createdAt: number;
  lastUsedAt?: number;
  expiresAt?: number;
}

/** `'*'` stands for any, and is always written out. */
export interface GrantedModel {
  connectionId: string;
  model: string;
  /** Revision of the connection the user agreed to; absent only with `connectionId: '*'`. */
  revision?: number;
}

/** Absent means no limit of that kind. */
export interface GrantLimits {
  callsPerMinute?: number;
  concurrent?: number;
  tokensPerDay?: number;
  microUsdPerDay?: number;
  microUsdTotal?: number;
}
