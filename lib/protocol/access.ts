import type { PageModel } from './model.ts';

/** What `requestAccess()` and `permissions.query()` answer. Before consent every site gets the same `prompt`. */
export interface AccessState {
  state: 'granted' | 'prompt' | 'denied';
  /** Empty unless granted. */
  models: PageModel[];
  /** What the site may do, where it is granted. */
  abilities?: SiteAbility[];
  /** Milliseconds since 1970, where the grant ends by itself. */
  expiresAt?: number;
}

export interface AccessRequest {
  /** Why the site asks, shown to the user as the site's own words; at most 300 characters are shown. */
  reason?: string;
  /** Model ids the site would like; the user chooses. */
  models?: string[];
  /** What the site wants to do, so that the user is asked once for all of it; `chat` and `list` where nothing is said. */
  abilities?: SiteAbility[];
}

/** `list`: sees the names of its models; `images`: sends pictures, sound and files. */
export type SiteAbility = 'chat' | 'embed' | 'list' | 'tools' | 'images';

export type Decision = 'once' | 'session' | 'always' | 'block' | 'deny';
