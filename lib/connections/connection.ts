import type { BackendId } from '../backends/backend.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Sampling } from '../protocol/request.ts';

/** A backend the user configured. Secrets are not in it: they live in the vault under `id`. */
export interface Connection {
  id: string;
  backend: BackendId;
  /** What the user calls it. */
  name: string;
  /** As the backend's own schema parsed it. */
  config: { baseUrl?: string } & JsonObject;
  /** Preferred model; absent means the first the backend lists. */
  model?: string;
  generation?: GenerationSettings;
  patience?: Patience;
  /** Rises with every change of backend or address; a grant made for another revision is void. */
  revision: number;
  createdAt: number;
  /** Of an organisation's policy: nobody can change or remove it here. Never stored. */
  isManaged?: true;
}

/** What `save` takes: everything the caller need not say has a default. */
export type ConnectionDraft = Partial<Connection> & Pick<Connection, 'backend'>;

/** The user's own settings for every call over this connection; a page's values win where it gave some. */
export interface GenerationSettings {
  sampling?: Sampling;
  maxOutputTokens?: number;
  stop?: string[];
  contextWindow?: number;
  /** Prompt template for text-only backends: a name of lib/backends/templates.ts. */
  template?: string;
  systemPrompt?: string;
  extra?: JsonObject;
}

/** How long to wait on this connection, where the usual time for its place (this device, network, company) is wrong. */
export interface Patience {
  /** Until an answer begins: a server may load a model or read a long prompt first. */
  firstWordSeconds?: number;
  /** Between two words of it. */
  silenceSeconds?: number;
  /** For another attempt, where the server said that it did not take the request; 0 means one attempt. */
  retrySeconds?: number;
}

/** The active backend and model: what a page gets when it names none. */
export interface Defaults {
  connectionId: string;
  model?: string;
}
