import type { JsonObject } from '../protocol/json.ts';

/** What an organisation decided for this browser. An absent policy decides nothing: see `noPolicy`. */
export interface Policy {
  /** In this order, in front of the user's own. */
  connections: PolicyConnection[];
  /** What sites and the quick chat get unless the user chooses otherwise. */
  defaultModel?: { connection: string; model?: string };
  sites: SitePolicy;
  limits: PolicyLimits;
  features: Record<Feature, boolean>;
  /** What could not be used of what was set, as sentences for whoever set it. */
  problems: string[];
}

/** A connection to a gateway, a cluster or a service. Users cannot change or remove it. */
export interface PolicyConnection {
  /** Unique in the policy; lower-case letters, digits and hyphens. */
  id: string;
  name: string;
  /** A kind of service: an id of lib/backends. */
  backend: string;
  /** As the backend's own form would have it: `baseUrl` and what else it knows. */
  config: JsonObject;
  model?: string;
  /** Secrets by their names, mostly `key`. Absent means that each user gives or signs in for their own. */
  secrets?: Record<string, string>;
}

export interface SitePolicy {
  /** Site patterns (./site-pattern.ts). Where given, no other site gets access. */
  allowed?: string[];
  /** Stronger than `allowed` and than anything a user says. */
  blocked: string[];
  /** Access without a question to the user. */
  granted: PolicyGrant[];
}

export interface PolicyGrant {
  sites: string[];
  /** Connections of this policy; absent means all of them. */
  connections?: string[];
  model?: string;
}

/** Upper bounds: what a user sets lower stays lower. Absent means no bound. */
export interface PolicyLimits {
  /** For each site. */
  callsPerMinute?: number;
  concurrent?: number;
  tokensPerDay?: number;
  microUsdPerDay?: number;
  /** For everything in this browser together. */
  totalTokensPerDay?: number;
  totalMicroUsdPerDay?: number;
}

/** What an organisation can switch off. All are on where nothing is said. */
export const features = [
  /** The chat in popup and side panel. */
  'quickChat',
  /** Connections that the user makes. */
  'ownConnections',
  /** Models inside the browser, and downloading them. */
  'onDeviceModels',
  /** Access for sites that no policy grants it to. */
  'sitesByConsent',
  /** Keeping the words of prompts and answers in the activity. */
  'fullTextActivity',
  /** Writing connections and settings to a file. */
  'backup',
] as const;

export type Feature = (typeof features)[number];

export const noPolicy: Policy = {
  connections: [],
  sites: { blocked: [], granted: [] },
  limits: {},
  features: { quickChat: true, ownConnections: true, onDeviceModels: true, sitesByConsent: true, fullTextActivity: true, backup: true },
  problems: [],
};
