import type { ZodMiniType } from 'zod/mini';
import type { JsonObject } from '../protocol/json.ts';
import type { Message } from '../protocol/message.ts';
import type { ModelInfo, Place } from '../protocol/model.ts';
import type { Part } from '../protocol/part.ts';
import type { ChatRequest, CountRequest, EmbedRequest, EmbedResult, TextRequest } from '../protocol/request.ts';
import type { NativeModel } from './chrome/native.ts';
import type { SamplerNames } from './openai-shaped/samplers.ts';

/**
 * A kind of service. Knows the wire and nothing else: no storage, no origins of pages, no `browser.*`. What it needs
 * from outside comes in through `Resources`.
 */
export interface Backend<Config extends BaseConfig = BaseConfig> {
  id: BackendId;
  /** The name its own users know, for every language the same. */
  label: string;
  /** One of the groups of the "add a connection" screen. */
  group: 'local' | 'cloud' | 'browser' | 'pool';
  schema: ZodMiniType<Config>;
  /** The settings form, as data. */
  fields: Field[];
  /** What a new connection starts with. */
  preset: Partial<Config>;
  /** Where the user gets a key, for clouds. */
  keyUrl?: string;
  /** Where the user limits what a key may do or spend, where the service can. */
  limitUrl?: string;
  /** Signing in instead of pasting a key, where the service has it. */
  signIn?: SignIn<Config>;
  /** False where this browser cannot have it, so that it is not offered. Absent: it may be anywhere. */
  isHere?(): boolean;
  /** Origins this connection may contact; the injected fetch refuses every other. */
  hosts(config: Config): string[];
  open(config: Config, resources: Resources): Engine;
}

export const backendIds = [
  'koboldai',
  'koboldcpp',
  'oobabooga',
  'tabbyapi',
  'claude',
  'dreamgen',
  'horde',
  'mancer',
  'novelai',
  'openai',
  'openrouter',
  'ondevice',
  'chrome',
  'ollama',
  'llamacpp',
  'lmstudio',
  'vllm',
  'custom',
  'gemini',
  'mistral',
  'groq',
  'deepseek',
  'xai',
  'together',
  'cohere',
  'pool',
] as const;

export type BackendId = (typeof backendIds)[number];

/** OAuth as far as it needs no browser (lib/panel/sign-in.ts has the rest). */
export interface SignIn<Config extends BaseConfig = BaseConfig> {
  /** `redirect`: where the service sends a browser that agreed. Without one it shows the user a code. */
  begin(
    config: Config,
    redirect?: string,
  ): Promise<{
    /** The page of the service where the user agrees. */
    page: string;
    /** The secrets of the connection, by name, that the code is worth. */
    exchange(code: string, http: Http, signal: AbortSignal): Promise<Record<string, string>>;
  }>;
}

/** Every configuration has these; a backend's own schema adds to them. */
export interface BaseConfig {
  /** Without a trailing slash; absent for backends that have no address. */
  baseUrl?: string;
}

export interface Field {
  /** Name in the configuration, or of a secret where `kind` is `secret`. */
  name: string;
  kind: 'url' | 'secret' | 'text' | 'number' | 'choice' | 'switch';
  /** Key of the message catalogue. */
  label: string;
  hint?: string;
  placeholder?: string;
  required?: boolean;
  choices?: { value: string; label: string }[];
  /** A text whose values the server offers (`Engine.offers`): one of them, or several with commas between. */
  offers?: 'one' | 'several';
  /** Shown behind "more". */
  advanced?: boolean;
}

/**
 * An opened connection. **The presence of a method is the capability**; what is absent the router bridges or refuses.
 * Streams are arrays of parts, one array for each network read. Every method throws SwitchboardError.
 */
export interface Engine {
  chat?(request: ChatRequest, signal: AbortSignal): AsyncIterable<Part[]>;
  /** Milliseconds within which a stopped answer may still bring words that were finished, as with the AI Horde's cancel. */
  graceMs?: number;
  text?(request: TextRequest, signal: AbortSignal): AsyncIterable<Part[]>;
  embed?(request: EmbedRequest, signal: AbortSignal): Promise<EmbedResult>;
  models?(signal: AbortSignal): Promise<ModelInfo[]>;
  /** The samplers that reach the model, under the server's own names; every other is left out. */
  samplers?(model: string, signal: AbortSignal): SamplerNames | Promise<SamplerNames>;
  /** Exact count by the backend; the router estimates where this is absent. */
  countTokens?(request: CountRequest, signal: AbortSignal): Promise<number>;
  contextWindow?(model: string, signal: AbortSignal): Promise<number | undefined>;
  /**
   * Whether its server cuts a conversation that is too long from the front, instructions first, without a word: then the
   * oldest turns are left out before it is sent (converse/). Who says that it is too long, or cuts well, has none.
   */
  losesStart?(model: string): boolean;
  /** The model's own template, as the server tells it: Jinja, Go, or only a name. */
  chatTemplate?(model: string, signal: AbortSignal): Promise<string | undefined>;
  /** A conversation as the server will write it for the model. */
  applyTemplate?(request: { model: string; messages: Message[] }, signal: AbortSignal): Promise<string>;
  /** Yields `loading` parts and returns when the model answers. */
  load?(model: string, signal: AbortSignal): AsyncIterable<Part[]>;
  unload?(model: string, signal: AbortSignal): Promise<void>;
  /** Gets a model the server does not have, by its name in the server's library. Yields `loading` parts, returns when it is there. */
  pull?(model: string, signal: AbortSignal): AsyncIterable<Part[]>;
  /** Deletes a model from the server's disk. */
  remove?(model: string, signal: AbortSignal): Promise<void>;
  /** Cheapest request that proves address, key and a model; throws what is wrong. Absent: `models` is tried. */
  test?(signal: AbortSignal): Promise<void>;
  /** How much it has to do, where it tells cheaply: a pool sends to who has most room. */
  room?(model: string, signal: AbortSignal): Promise<Room>;
  /** What the server has for a field of the settings that says so: Horde's workers, OpenRouter's companies. */
  offers?(field: string, signal: AbortSignal): Promise<Offer[]>;
  /** Credit, queue or subscription in the user's words, where the service tells. */
  account?(signal: AbortSignal): Promise<AccountInfo>;
}

/** Absent is unknown. */
export interface Room {
  /** Calls it works on at the same time. */
  total?: number;
  /** Calls at work and waiting, whoever made them. */
  busy?: number;
}

/** One value for a field of the settings. */
export interface Offer {
  value: string;
  /** What people know it by, where that is not the value. */
  name?: string;
  /** What helps to choose. */
  detail?: string;
}

export interface AccountInfo {
  /** Millionths of a US dollar left, where known. */
  creditMicroUsd?: number;
  /** One sentence for the settings page. */
  note?: string;
}

export interface Resources {
  http: Http;
  /** The user's secret of that name for this connection (`key` unless the backend's fields say otherwise). */
  secret(name?: string): string | undefined;
  /** Only for `ondevice`. */
  onDevice?: OnDeviceHost;
  /** Only for `chrome`: the browser's own `LanguageModel`, where there is one. */
  nativeModel?: NativeModel;
}

/**
 * The one way out. Adds the fixed fetch options, refuses hosts outside `hosts(config)`, runs the three clocks
 * (headers, first byte, silence) and turns refusals into SwitchboardError. See lib/backends/http.ts.
 */
export interface Http {
  /** Resolves on 2xx only; any other status is read, scrubbed of secrets and thrown as the SwitchboardError it means. */
  request(url: string, init: HttpInit): Promise<HttpResponse>;
}

/** What is used of a `Response`, its body under watch. */
export interface HttpResponse {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Headers;
  readonly body: { getReader(): BodyReader; cancel(): Promise<void> } | null;
  text(): Promise<string>;
  json(): Promise<unknown>;
}

/** One read at a time. */
export interface BodyReader {
  /** Throws a SwitchboardError. */
  read(): Promise<{ done: false; value: Uint8Array } | { done: true; value?: Uint8Array | undefined }>;
  /** Closes the connection; a read under way ends. */
  cancel(): Promise<void>;
}

export interface HttpInit {
  method?: 'GET' | 'POST' | 'DELETE' | 'PUT';
  headers?: Record<string, string>;
  /** Sent as JSON with its content type. */
  json?: unknown;
  signal: AbortSignal;
  /** Statuses to hand back instead of throwing, for probes. */
  accept?: number[];
  /** Milliseconds, where the defaults of the place (this device, network, company) are wrong. */
  headersTimeout?: number;
  /** Who is asked, for the text of errors. */
  service?: Service;
}

/** What an error message may say of a server beside its host. */
export interface Service {
  /** The name its users know. */
  label: string;
  /** One sentence on how to start it, for servers the user runs. */
  startHint?: string;
  /** One sentence on what to do about a 403 without a reason: a server that refuses extensions. */
  originHint?: string;
}

/** The GGUF host in this browser: an engine whose models the user added. */
export interface OnDeviceHost
  extends Required<Pick<Engine, 'chat' | 'text' | 'models' | 'countTokens' | 'contextWindow' | 'load' | 'unload'>> {
  embed?: NonNullable<Engine['embed']>;
}

/** What answered at an address, and how to connect to it. */
export interface Detected {
  backend: BackendId;
  baseUrl: string;
  /** Further settings of the backend that follow from what answered. */
  config?: JsonObject;
  /** What it says of itself, for example `KoboldCpp 1.111`. */
  version?: string;
  models: ModelInfo[];
  /** It asked for a key. */
  needsKey?: boolean;
}

export type { Place };
