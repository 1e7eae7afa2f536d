import { afterEach, beforeEach, describe, expect } from 'vitest';
import { claude } from '../backends/claude/claude.ts';
import { cohere } from '../backends/cohere/cohere.ts';
import { dreamgen } from '../backends/dreamgen/dreamgen.ts';
import { gemini } from '../backends/gemini/gemini.ts';
import { mancer } from '../backends/mancer/mancer.ts';
import { novelai } from '../backends/novelai/novelai.ts';
import type { JsonObject } from '../protocol/json.ts';
import { promiseFailures } from './contract/failures.ts';
import { promiseSamplers } from './contract/samplers.ts';
import { type Contract, createStage } from './contract/stage.ts';
import { promiseStops } from './contract/stops.ts';
import { backendContract } from './contract.ts';
import { startClaude } from './emulators/claude.ts';
import { startCohere } from './emulators/cohere.ts';
import { startDreamGen } from './emulators/dreamgen.ts';
import { startGemini } from './emulators/gemini.ts';
import { startMancer } from './emulators/mancer.ts';
import { startNovelAi } from './emulators/novelai.ts';
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

const openAiImage = {
  find: (body: JsonObject) => firstContent(body).find((part) => part.type === 'image_url')?.image_url,
  expected: (mediaType: string, data: string) => ({ url: `data:${mediaType};base64,${data}` }),
};
const openAiWhole = { id: 'a', choices: [{ index: 0, message: { role: 'assistant', content: 'whole' }, finish_reason: 'stop' }] };

backendContract('mancer', {
  backend: mancer,
  start: startMancer,
  config: (url) => ({ baseUrl: url }),
  model: 'mytholite',
  secret,
  wire: 'sse',
  chatKeys: ['messages', 'model', 'stream'],
  textKeys: ['model', 'prompt', 'stream'],
  headers: ['authorization', 'x-api-key'],
  contextWindow: 8192,
  image: openAiImage,
  schema: (body) => asObject(asObject(body.response_format).json_schema).schema,
  toolArguments: 'text',
  wholeAnswer: openAiWhole,
});

stopsAndFailures('dreamgen', {
  backend: dreamgen,
  start: startDreamGen,
  config: (url) => ({ baseUrl: url }),
  model: 'lucid-v1-max',
  secret,
  wire: 'sse',
  chatKeys: ['messages', 'model', 'stream'],
  textKeys: ['model', 'prompt', 'stream'],
  headers: ['authorization'],
  toolArguments: 'text',
  wholeAnswer: openAiWhole,
});

stopsAndFailures('dreamgen, its own endpoint', {
  backend: dreamgen,
  start: startDreamGen,
  config: (url) => ({ baseUrl: url, route: 'native' }) as { baseUrl: string },
  model: 'lucid-v1-max',
  secret,
  wire: 'ndjson',
  chatKeys: ['input', 'modelId', 'samplingParams'],
  textKeys: ['input', 'modelId', 'samplingParams'],
  headers: ['authorization'],
  toolArguments: 'text',
});

stopsAndFailures('novelai', {
  backend: novelai,
  start: startNovelAi,
  config: (url) => ({ baseUrl: url }),
  model: 'glm-4-6',
  secret,
  wire: 'sse',
  chatKeys: ['messages', 'model', 'stream'],
  textKeys: ['model', 'prompt', 'stream'],
  headers: ['authorization'],
  contextWindow: 28_672,
  toolArguments: 'text',
  wholeAnswer: openAiWhole,
});

stopsAndFailures('novelai, story models', {
  backend: novelai,
  start: startNovelAi,
  config: (url) => ({ baseUrl: url }),
  model: 'kayra-v1',
  secret,
  wire: 'sse',
  chatKeys: ['input', 'model', 'parameters'],
  textKeys: ['input', 'model', 'parameters'],
  headers: ['authorization'],
  contextWindow: 8192,
  toolArguments: 'text',
});

/** Streams and requests of these are tried in their own tests: they know no tools, and NovelAI counts no tokens. */
function stopsAndFailures(name: string, contract: Contract): void {
  describe(name, () => {
    const stage = createStage(contract);
    beforeEach(async () => {
      stage.emulator = await contract.start({ apiKey: secret });
    });
    afterEach(async () => {
      expect(stage.emulator.faults).toEqual([]);
      await stage.emulator.close();
    });
    promiseStops(stage);
    promiseFailures(stage);
    promiseSamplers(stage);
  });
}
