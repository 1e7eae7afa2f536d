import { backends } from '../backends/all.ts';
import type { JsonObject, JsonValue } from '../protocol/json.ts';
import type { Contract } from './contract/stage.ts';
import { backendContract } from './contract.ts';
import { startGateway } from './emulators/gateway.ts';
import { startLlamaCpp } from './emulators/llamacpp.ts';
import { startLmStudio } from './emulators/lmstudio.ts';
import { startOllama } from './emulators/ollama.ts';
import { startOpenAi } from './emulators/openai.ts';
import { startOpenRouter } from './emulators/openrouter.ts';
import { startVllm } from './emulators/vllm.ts';
import { asObject } from './kit/exchange.ts';
import { listOf } from './openai-shape/ask.ts';

/** What OpenAI and all who speak like it have in common. */
const openAiShape = {
  wire: 'sse',
  toolArguments: 'text',
  chatKeys: ['messages', 'model', 'stream', 'stream_options'],
  textKeys: ['model', 'prompt', 'stream', 'stream_options'],
  embedKeys: ['input', 'model'],
  image: {
    find: (body: JsonObject) => listOf(listOf(body.messages)[0]?.content).find((part) => part.type === 'image_url')?.image_url,
    expected: (mediaType: string, data: string): JsonValue => ({ url: `data:${mediaType};base64,${data}` }),
  },
  schema: (body: JsonObject) => asObject(asObject(body.response_format).json_schema).schema,
  wholeAnswer: { id: 'a', choices: [{ index: 0, message: { role: 'assistant', content: 'whole' }, finish_reason: 'stop' }] },
} satisfies Partial<Contract>;

const secret = `sk-${'test'}-0123456789abcdefghij`;

backendContract('openai', {
  ...openAiShape,
  backend: backends.openai,
  start: startOpenAi,
  config: (url) => ({ baseUrl: `${url}/v1` }),
  model: 'gpt-4o-mini',
  textModel: 'gpt-3.5-turbo-instruct',
  embedModel: 'text-embedding-3-small',
  secret,
  headers: ['authorization'],
});

backendContract('openai, by Responses', {
  backend: backends.openai,
  start: startOpenAi,
  config: (url) => ({ baseUrl: `${url}/v1` }),
  model: 'gpt-5-pro',
  secret,
  headers: ['authorization'],
  wire: 'sse',
  chatKeys: ['include', 'input', 'model', 'reasoning', 'store', 'stream'],
  contextWindow: 400_000,
  image: {
    find: (body) => listOf(listOf(body.input)[0]?.content).find((part) => part.type === 'input_image'),
    expected: (mediaType, data) => ({ type: 'input_image', image_url: `data:${mediaType};base64,${data}`, detail: 'auto' }),
  },
  schema: (body) => asObject(asObject(body.text).format).schema,
  toolArguments: 'text',
  wholeAnswer: {
    id: 'resp_1',
    object: 'response',
    status: 'completed',
    output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'whole' }] }],
  },
});

backendContract('openrouter', {
  ...openAiShape,
  backend: backends.openrouter,
  start: startOpenRouter,
  config: (url) => ({ baseUrl: `${url}/api/v1` }),
  model: 'vendor/model',
  secret,
  headers: ['authorization'],
  contextWindow: 131_072,
});

backendContract('llama.cpp', {
  ...openAiShape,
  backend: backends.llamacpp,
  start: (options) => startLlamaCpp({ ...options, vision: true }),
  config: (url) => ({ baseUrl: url }),
  model: '/models/tiny-instruct-q4.gguf',
  secret,
  headers: ['authorization'],
  contextWindow: 8192,
  takesAnyModel: true,
  codes: { loading: 'loading' },
});

backendContract('Ollama', {
  backend: backends.ollama,
  start: startOllama,
  config: (url) => ({ baseUrl: url }),
  model: 'llama3.2:latest',
  embedModel: 'nomic-embed-text:latest',
  secret,
  wire: 'ndjson',
  chatKeys: ['messages', 'model', 'options', 'stream'],
  textKeys: ['model', 'options', 'prompt', 'raw', 'stream'],
  embedKeys: ['input', 'model'],
  headers: ['authorization'],
  contextWindow: 32_768,
  image: { find: (body) => asObject(listOf(body.messages)[0]).images, expected: (_, data) => [data] },
  schema: (body) => body.format,
  toolArguments: 'object',
  wholeAnswer: { model: 'llama3.2:latest', message: { role: 'assistant', content: 'whole' }, done: true, done_reason: 'stop' },
});

backendContract('LM Studio', {
  ...openAiShape,
  backend: backends.lmstudio,
  start: startLmStudio,
  config: (url) => ({ baseUrl: url }),
  model: 'qwen2.5-7b-instruct',
  embedModel: 'text-embedding-nomic-embed-text-v1.5',
  takesAnyModel: true,
  secret,
  headers: ['authorization'],
  contextWindow: 4096,
});

backendContract('vLLM', {
  ...openAiShape,
  backend: backends.vllm,
  start: startVllm,
  config: (url) => ({ baseUrl: url }),
  model: 'org/tiny-instruct',
  textKeys: ['max_tokens', ...openAiShape.textKeys],
  secret,
  headers: ['authorization'],
  contextWindow: 8192,
});

backendContract('a gateway', {
  ...openAiShape,
  backend: backends.custom,
  start: startGateway,
  config: (url) => ({ baseUrl: `${url}/v1` }),
  model: 'team-model',
  embedModel: 'team-embedder',
  secret,
  headers: ['authorization'],
});
