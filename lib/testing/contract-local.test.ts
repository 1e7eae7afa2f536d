import { koboldai } from '../backends/kobold/koboldai.ts';
import { koboldcpp } from '../backends/kobold/koboldcpp.ts';
import type { JsonObject, JsonValue } from '../protocol/json.ts';
import type { Contract } from './contract/stage.ts';
import { backendContract } from './contract.ts';
import { koboldAiModel, startKoboldAi } from './emulators/koboldai.ts';
import { koboldCppModel, startKoboldCpp } from './emulators/koboldcpp.ts';
import { asObject } from './kit/exchange.ts';
import { listOf } from './openai-shape/ask.ts';

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

function listOfAny(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}
