/** A model as a backend lists it. Absent fields are unknown, not false. */
export interface ModelInfo {
  /** The backend's own id. */
  id: string;
  name?: string;
  description?: string;
  /** Tokens of prompt and answer together. */
  contextWindow?: number;
  maxOutputTokens?: number;
  abilities?: Ability[];
  /** False: listed, but must be loaded first. */
  loaded?: boolean;
  sizeBytes?: number;
  price?: Price;
}

export type Ability = 'chat' | 'text' | 'embed' | 'tools' | 'images' | 'audio' | 'files' | 'schema' | 'thinking';

/** Millionths of a US dollar for a million tokens. Absent means unpriced, which is not free. */
export interface Price {
  inputMicroUsdPerMillion: number;
  outputMicroUsdPerMillion: number;
  cachedInputMicroUsdPerMillion?: number;
  requestMicroUsd?: number;
}

/** Where the data goes: this device, a machine on the user's network, or a company. */
export type Place = 'device' | 'network' | 'company';

/** A model as a page sees it: only those it was granted. */
export interface PageModel {
  /** What to pass as `model`. `default` always stands for the first of the list. */
  id: string;
  name: string;
  place: Place;
  contextWindow?: number;
  maxOutputTokens?: number;
  abilities?: Ability[];
  isDefault: boolean;
}
