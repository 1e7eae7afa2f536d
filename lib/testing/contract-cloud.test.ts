import { claude } from '../backends/claude/claude.ts';
import { cohere } from '../backends/cohere/cohere.ts';
import { gemini } from '../backends/gemini/gemini.ts';
import type { JsonObject } from '../protocol/json.ts';
import { backendContract } from './contract.ts';
import { startClaude } from './emulators/claude.ts';
import { startCohere } from './emulators/cohere.ts';
import { startGemini } from './emulators/gemini.ts';
import { asObject } from './kit/exchange.ts';
import { listOf } from './openai-shape/ask.ts';

const secret = `key-${'test'}-0123456789abcdefghij`;
const firstContent = (body: JsonObject) => listOf(listOf(body.messages)[0]?.content);

backendContract('claude', {
  backend: claude,
  start: startClaude,
  config: (url) => ({ baseUrl: url }),
  model: 'claude-haiku-4-5-20251001',
  secret,
  wire: 'sse',
  chatKeys: ['max_tokens', 'messages', 'model', 'stream'],
  headers: ['x-api-key', 'anthropic-version', 'anthropic-dangerous-direct-browser-access'],
  contextWindow: 200_000,
  image: {
    find: (body) => firstContent(body).find((block) => block.type === 'image')?.source,
    expected: (mediaType, data) => ({ type: 'base64', media_type: mediaType, data }),
  },
  toolArguments: 'text',
  wholeAnswer: { type: 'message', id: 'm', content: [{ type: 'text', text: 'whole' }], stop_reason: 'end_turn' },
});

backendContract('gemini', {
  backend: gemini,
  start: startGemini,
  config: (url) => ({ baseUrl: url }),
  model: 'gemini-3.5-flash',
  embedModel: 'gemini-embedding-001',
  secret,
  wire: 'sse',
  chatKeys: ['contents'],
  embedKeys: ['requests'],
  headers: ['x-goog-api-key'],
  contextWindow: 1_048_576,
  image: {
    find: (body) => listOf(listOf(body.contents)[0]?.parts).find((part) => part.inlineData)?.inlineData,
    expected: (mimeType, data) => ({ mimeType, data }),
  },
  schema: (body) => asObject(body.generationConfig).responseJsonSchema,
  toolArguments: 'object',
  wholeAnswer: { candidates: [{ content: { parts: [{ text: 'whole' }] }, finishReason: 'STOP' }] },
});

backendContract('cohere', {
  backend: cohere,
  start: startCohere,
  config: (url) => ({ baseUrl: url }),
  model: 'command-a-03-2025',
  embedModel: 'embed-v4.0',
  secret,
  wire: 'sse',
  chatKeys: ['messages', 'model', 'stream'],
  embedKeys: ['embedding_types', 'input_type', 'model', 'texts'],
  headers: ['authorization'],
  contextWindow: 256_000,
  image: {
    find: (body) => firstContent(body).find((part) => part.type === 'image_url')?.image_url,
    expected: (mediaType, data) => ({ url: `data:${mediaType};base64,${data}` }),
  },
  schema: (body) => asObject(body.response_format).json_schema,
  toolArguments: 'text',
  wholeAnswer: { id: 'a', finish_reason: 'COMPLETE', message: { content: [{ type: 'text', text: 'whole' }] } },
});
