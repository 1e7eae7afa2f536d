import type { Backend, BaseConfig, Engine } from '../../backends/backend.ts';
import { type Clocks, createHttp } from '../../backends/http.ts';
import type { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { Part } from '../../protocol/part.ts';
import type { ChatRequest, EmbedRequest, TextRequest } from '../../protocol/request.ts';
import { chatWith } from '../../router/bridge.ts';
import type { RecordedRequest } from '../kit/exchange.ts';
import type { Failure } from '../kit/scenario.ts';
import type { Emulator, EmulatorOptions } from '../kit/start-emulator.ts';

/** A backend and the emulator it is tried on. What differs between servers is said here as data. */
export interface Contract {
  // biome-ignore lint/suspicious/noExplicitAny: a backend of any configuration; the schema checks what `config` returns.
  backend: Backend<any>;
  start(options: EmulatorOptions): Promise<Emulator>;
  /** The configuration that leads to a server at that address. */
  config(url: string): BaseConfig;
  model: string;
  embedModel?: string;
  /** Model for text completions, where it is another. */
  textModel?: string;
  /** What the user entered as `key`; the emulator then asks for it. Absent: the server knows no keys. */
  secret?: string;
  wire: 'sse' | 'ndjson';
  /** Keys of the body when nothing but the necessary was asked for, sorted. */
  chatKeys: readonly string[];
  textKeys?: readonly string[];
  embedKeys?: readonly string[];
  /** Headers the backend may add to those every request of a browser has. */
  headers: string[];
  /** The window of `model`, by the model list or by asking the engine. */
  contextWindow?: number;
  /** Where the backend puts an image, and how it should look there. */
  image?: { find(body: JsonObject): JsonValue | undefined; expected(mediaType: string, data: string): JsonValue };
  /** Where the backend puts a JSON schema. */
  schema?(body: JsonObject): JsonValue | undefined;
  /** The server sends the arguments of tool calls as text (kept exactly) or as an object. */
  toolArguments: 'text' | 'object';
  /** Failures whose code differs from the usual one for this server, or that it has no words for (`undefined`). */
  codes?: Partial<Record<Failure, SwitchboardError['code'] | undefined>>;
  /** The server answers with what it has, whatever model was named. */
  takesAnyModel?: true;
  /** The server loses its own errors in a running stream, so that the caller learns of an interruption only. */
  losesStreamErrors?: true;
  /** What the server cannot do by its nature; the promises about that are not asked of it. */
  lacks?: readonly Lack[];
  /** Other secrets the user entered, by their names. */
  secrets?: Record<string, string>;
  /** Raw prompts are answered with the blank of the first word in front. */
  hasLeadingBlank?: true;
  /** Whatever stands in front of a path, the server knows it. */
  takesAnyPath?: true;
  /** Failures the server can tell inside a running stream; its own and a prompt that is too long unless said. */
  streamFailures?: readonly Failure[];
  /** A whole answer in the server's own shape, with the text `whole`, for servers that ignore `stream`. */
  wholeAnswer?: JsonObject;
}

/**
 * `chat`: it only continues text, so conversations go the router's way. `stream`: answers come whole. `usage` and
 * `reason`: it counts no tokens, and does not say why an answer ended. `thoughts`: reasoning is text like any other. `queue`: it sends away
 * who comes while it is at work. `flow`: what it sends is taken in whether anybody reads or not.
 */
export type Lack = 'chat' | 'stream' | 'tools' | 'thoughts' | 'usage' | 'reason' | 'queue' | 'flow';

export interface Stage {
  contract: Contract;
  /** A fresh one in every test. */
  emulator: Emulator;
  /** What the backend asked `fetch` for, beside what arrived. */
  fetched: { url: string; init: RequestInit }[];
  open(options?: { url?: string; secret?: string | undefined; clocks?: Partial<Clocks> }): Engine;
  chat(more?: Partial<ChatRequest>, signal?: AbortSignal, engine?: Engine): AsyncIterable<Part[]>;
}

/** Everything of an answer, and the error it ended with. */
export interface Collected {
  parts: Part[];
  text: string;
  thought: string;
  error?: SwitchboardError;
}

export const prompt = 'Say something about the purple lighthouse.';

export function createStage(contract: Contract): Stage {
  const stage: Stage = {
    contract,
    emulator: undefined as unknown as Emulator,
    fetched: [],
    open({ url = stage.emulator.url, secret = contract.secret, clocks } = {}) {
      const config = contract.backend.schema.parse(contract.config(url));
      const http = createHttp({
        allowedOrigins: contract.backend.hosts(config),
        secrets: () => (secret === undefined ? [] : [secret]),
        place: 'device',
        // No retries: a test that wants them says so.
        clocks: { patience: -1, ...clocks },
        fetch(input, init = {}) {
          stage.fetched.push({ url: String(input), init });
          return fetch(input, init);
        },
      });
      return contract.backend.open(config, { http, secret: (name = 'key') => (name === 'key' ? secret : contract.secrets?.[name]) });
    },
    chat(more = {}, signal = new AbortController().signal, engine = stage.open()) {
      const request: ChatRequest = {
        model: contract.model,
        messages: [{ role: 'user', content: [{ type: 'text', text: prompt }] }],
        ...more,
      };
      if (!engine.chat && !contract.lacks?.includes('chat')) throw new Error(`${contract.backend.id} has no chat.`);
      return chatWith(engine, request, { window: async () => undefined }, signal);
    },
  };
  return stage;
}

/** Whether the contract holds the server to that. */
export function hasAll({ lacks = [] }: Contract, ...abilities: Lack[]): boolean {
  return !abilities.some((ability) => lacks.includes(ability));
}

export function textRequest(contract: Contract): TextRequest {
  return { model: contract.textModel ?? contract.model, prompt };
}

export function embedRequest(contract: Contract): EmbedRequest {
  return { model: contract.embedModel ?? contract.model, input: ['one', 'two'] };
}

/** Reads an answer to its end or its error. */
export async function collect(stream: AsyncIterable<Part[]>): Promise<Collected> {
  const collected: Collected = { parts: [], text: '', thought: '' };
  try {
    for await (const parts of stream) {
      collected.parts.push(...parts);
      for (const part of parts) {
        if (part.type === 'text') collected.text += part.text;
        if (part.type === 'thought') collected.thought += part.text;
      }
    }
  } catch (error) {
    collected.error = error as SwitchboardError;
  }
  return collected;
}

/** The latest request on which a model answered. */
export function lastAnswered(stage: Stage): RecordedRequest {
  const request = stage.emulator.requests.findLast((each) => each.wantsAnswer);
  if (!request) throw new Error('The server was not asked for an answer.');
  return request;
}
