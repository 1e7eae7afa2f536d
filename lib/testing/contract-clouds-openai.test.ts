import { deepseek } from '../backends/deepseek/deepseek.ts';
import { groq } from '../backends/groq/groq.ts';
import { mistral } from '../backends/mistral/mistral.ts';
import { together } from '../backends/together/together.ts';
import { xai } from '../backends/xai/xai.ts';
import type { JsonObject, JsonValue } from '../protocol/json.ts';
import type { Contract } from './contract/stage.ts';
import { backendContract } from './contract.ts';
import { startDeepSeek } from './emulators/deepseek.ts';
import { startGroq } from './emulators/groq.ts';
import { startMistral } from './emulators/mistral.ts';
import { startTogether } from './emulators/together.ts';
import { startXai } from './emulators/xai.ts';
import { asObject } from './kit/exchange.ts';
import { listOf } from './openai-shape/ask.ts';

const secret = `key-${'test'}-0123456789abcdefghij`;

/** What companies that speak like OpenAI have in common. */
const shape = {
  wire: 'sse',
  toolArguments: 'text',
  chatKeys: ['messages', 'model', 'stream'],
  headers: ['authorization'],
  secret,
  image: {
    find: (body: JsonObject) => listOf(listOf(body.messages)[0]?.content).find((part) => part.type === 'image_url')?.image_url,
    expected: (mediaType: string, data: string): JsonValue => ({ url: `data:${mediaType};base64,${data}` }),
  },
  schema: (body: JsonObject) => asObject(asObject(body.response_format).json_schema).schema,
  wholeAnswer: { id: 'a', choices: [{ index: 0, message: { role: 'assistant', content: 'whole' }, finish_reason: 'stop' }] },
} satisfies Partial<Contract>;

backendContract('mistral', {
  ...shape,
  backend: mistral,
  start: startMistral,
  config: (url) => ({ baseUrl: `${url}/v1` }),
  model: 'mistral-medium-latest',
  embedModel: 'mistral-embed',
  embedKeys: ['input', 'model'],
  contextWindow: 131_072,
});

backendContract('groq', {
  ...shape,
  backend: groq,
  start: startGroq,
  config: (url) => ({ baseUrl: `${url}/openai/v1` }),
  model: 'openai/gpt-oss-20b',
  contextWindow: 131_072,
});

const { schema: _, ...withoutSchema } = shape;

backendContract('deepseek', {
  ...withoutSchema,
  backend: deepseek,
  start: startDeepSeek,
  config: (url) => ({ baseUrl: url }),
  model: 'deepseek-v4-flash',
  chatKeys: ['messages', 'model', 'stream', 'stream_options'],
  contextWindow: 1_000_000,
});

backendContract('xai', {
  ...shape,
  backend: xai,
  start: startXai,
  config: (url) => ({ baseUrl: `${url}/v1` }),
  model: 'grok-3',
  contextWindow: 131_072,
});

backendContract('together', {
  ...shape,
  backend: together,
  start: startTogether,
  config: (url) => ({ baseUrl: `${url}/v1` }),
  model: 'vendor/Model-70B',
  textModel: 'vendor/Base-7B',
  embedModel: 'vendor/Embed',
  chatKeys: ['messages', 'model', 'stream', 'stream_options'],
  textKeys: ['model', 'prompt', 'stream', 'stream_options'],
  embedKeys: ['input', 'model'],
  contextWindow: 131_072,
});
