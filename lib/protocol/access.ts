import type { PageModel } from './model.ts';

/** What `requestAccess()` and `permissions.query()` answer. Before consent every site gets the same `prompt`. */
export interface AccessState {
  state: 'granted' | 'prompt' | 'denied';
  /** Empty unless granted. */
  models: PageModel[];
  /** Milliseconds since 1970, where the grant ends by itself. */
  expiresAt?: number;
}

export interface AccessRequest {
  /** Why the site asks, shown to the user as the site's own words; at most 300 characters are shown. */
  reason?: string;
  /** Model ids the site would like; the user chooses. */
  models?: string[];
}

export type Decision = 'once' | 'session' | 'always' | 'block' | 'deny';
