import { afterEach, beforeEach, describe } from 'vitest';
import { koboldai } from '../backends/kobold/koboldai.ts';
import { koboldcpp } from '../backends/kobold/koboldcpp.ts';
import { oobabooga } from '../backends/oobabooga/oobabooga.ts';
import { tabbyapi } from '../backends/tabbyapi/tabbyapi.ts';
import type { JsonObject, JsonValue } from '../protocol/json.ts';
import { type Contract, createStage } from './contract/stage.ts';
import { promiseStops } from './contract/stops.ts';
import { promiseStreams } from './contract/streams.ts';
import { backendContract } from './contract.ts';
import { koboldAiModel, startKoboldAi } from './emulators/koboldai.ts';
import { koboldCppModel, startKoboldCpp } from './emulators/koboldcpp.ts';
import { startOobabooga } from './emulators/oobabooga.ts';
import { legacyModel, startOobaboogaLegacy } from './emulators/oobabooga-legacy.ts';
import { startTabby } from './emulators/tabbyapi.ts';
import { asObject } from './kit/exchange.ts';
import { listOf } from './openai-shape/ask.ts';

/** Nobody listens there, so that answers come over HTTP. */
const closedPort = 'ws://127.0.0.1:1';
const secret = `local-${'test'}-0123456789abcdef`;

const openAiShape = {
  wire: 'sse',
  toolArguments: 'text',
  image: {
    find: (body: JsonObject) => listOf(listOf(body.messages)[0]?.content).find((part) => part.type === 'image_url')?.image_url,
    expected: (mediaType: string, data: string): JsonValue => ({ url: `data:${mediaType};base64,${data}` }),
  },
  wholeAnswer: { id: 'a', choices: [{ index: 0, message: { role: 'assistant', content: 'whole' }, finish_reason: 'stop' }] },
} satisfies Partial<Contract>;

backendContract('KoboldCpp', {
  ...openAiShape,
  backend: koboldcpp,
  start: (options) => startKoboldCpp({ ...options, multiuser: 50 }),
  config: (url) => ({ baseUrl: url }),
  model: koboldCppModel,
  secret,
  headers: ['authorization'],
  chatKeys: ['genkey', 'messages', 'model', 'replace_instruct_placeholders', 'stream', 'stream_options'],
  textKeys: ['genkey', 'prompt'],
  embedKeys: ['input', 'model'],
  schema: (body) => asObject(asObject(body.response_format).json_schema).schema,
  contextWindow: 8192,
  takesAnyModel: true,
  takesAnyPath: true,
  // What does not fit is cut off without a word.
  streamFailures: ['server'],
});

backendContract('KoboldCpp of 2024, which has no template of the model', {
  backend: koboldcpp,
  start: (options) => startKoboldCpp({ ...options, version: '1.76', multiuser: 50 }),
  config: (url) => ({ baseUrl: url }),
  model: koboldCppModel,
  secret,
  wire: 'sse',
  headers: ['authorization'],
  chatKeys: ['genkey', 'prompt', 'stop_sequence', 'trim_stop'],
  textKeys: ['genkey', 'prompt'],
  image: { find: (body) => listOfAny(body.images)[0], expected: (_type, data) => data },
  toolArguments: 'text',
  wholeAnswer: { results: [{ text: 'whole', finish_reason: 'stop' }] },
  contextWindow: 8192,
  takesAnyModel: true,
  takesAnyPath: true,
  streamFailures: ['server'],
  lacks: ['tools', 'thoughts', 'usage'],
});

const koboldAi = {
  backend: koboldai,
  config: (url) => ({ baseUrl: url }),
  model: koboldAiModel,
  wire: 'sse',
  headers: [],
  toolArguments: 'text',
  takesAnyModel: true,
  hasLeadingBlank: true,
  lacks: ['chat', 'stream', 'tools', 'thoughts', 'usage', 'reason', 'queue'],
} satisfies Partial<Contract>;

backendContract('KoboldAI United', {
  ...koboldAi,
  start: (options) => startKoboldAi(options),
  chatKeys: ['prompt', 'stop_sequence'],
  textKeys: ['prompt'],
  contextWindow: 2048,
});

backendContract('KoboldAI Client', {
  ...koboldAi,
  start: (options) => startKoboldAi({ ...options, mode: 'client' }),
  chatKeys: ['prompt'],
  textKeys: ['prompt'],
  contextWindow: 1024,
});

for (const version of ['2', '3', '4.0', '4.1'] as const) {
  backendContract(`text-generation-webui ${version}`, {
    ...openAiShape,
    backend: oobabooga,
    start: (options) => startOobabooga({ ...options, version }),
    config: (url) => ({ baseUrl: url }),
    model: 'tiny-instruct-Q4.gguf',
    secret,
    headers: ['authorization'],
    chatKeys: ['messages', 'model', 'stream', 'stream_options'],
    textKeys: ['model', 'prompt', 'stream', 'stream_options'],
    embedKeys: ['input', 'model'],
    takesAnyModel: true,
    // An exception ends the stream without a word, which is an interruption for whoever reads.
    streamFailures: [],
  });
}

const tabby = {
  ...openAiShape,
  backend: tabbyapi,
  config: (url) => ({ baseUrl: url }),
  model: 'tiny-instruct-4.0bpw',
  secret,
  headers: ['authorization'],
  chatKeys: ['messages', 'model', 'stream', 'stream_options'],
  textKeys: ['max_tokens', 'model', 'prompt', 'stream', 'stream_options'],
  embedKeys: ['input', 'model'],
  schema: (body) => body.json_schema,
  contextWindow: 8192,
  takesAnyModel: true,
  codes: { loading: 'loading' },
} satisfies Partial<Contract>;

backendContract('TabbyAPI', { ...tabby, start: (options) => startTabby({ ...options, adminKey: `${secret}-admin`, vision: true }) });

backendContract('TabbyAPI with its admin key alone', {
  ...tabby,
  headers: ['authorization', 'x-api-key'],
  start: ({ apiKey, ...options }) => startTabby({ ...options, apiKey: 'another', ...(apiKey !== undefined && { adminKey: apiKey }) }),
});

const legacy = {
  backend: oobabooga,
  config: (url) => ({ baseUrl: url, api: 'legacy', streamUrl: closedPort }),
  start: startOobaboogaLegacy,
  model: legacyModel,
  wire: 'sse',
  headers: [],
  chatKeys: ['prompt', 'stopping_strings', 'truncation_length'],
  textKeys: ['prompt', 'truncation_length'],
  toolArguments: 'text',
  contextWindow: 4096,
  takesAnyModel: true,
  lacks: ['chat', 'stream', 'tools', 'thoughts', 'usage', 'reason'],
} as const satisfies Contract & { config(url: string): object };

backendContract('text-generation-webui before November 2023, without its stream', legacy);

describe('text-generation-webui before November 2023, by its stream', () => {
  const contract: Contract = {
    ...legacy,
    config: (url) => ({ baseUrl: url, api: 'legacy', streamUrl: stage.emulator.socketUrl }) as { baseUrl: string },
    lacks: ['chat', 'tools', 'thoughts', 'usage', 'reason', 'flow'],
  };
  const stage = createStage(contract);
  beforeEach(async () => {
    stage.emulator = await contract.start({});
  });
  afterEach(() => stage.emulator.close());
  promiseStreams(stage);
  promiseStops(stage);
});

function listOfAny(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}
