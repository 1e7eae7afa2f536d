import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { ChatRequest, Tool } from '../../protocol/request.ts';
import { defined } from '../body.ts';
import { type SamplerNames, samplerFields } from '../openai-shaped/samplers.ts';
import { geminiContents } from './messages.ts';

/** The names of `generationConfig`. */
export const geminiSamplers: SamplerNames = {
  temperature: 'temperature',
  topP: 'topP',
  topK: 'topK',
  presencePenalty: 'presencePenalty',
  frequencyPenalty: 'frequencyPenalty',
};

/** The body of :streamGenerateContent. `safety: 'off'` asks the service not to filter. */
export function geminiBody(request: ChatRequest, safety?: 'off'): JsonObject {
  const { sampling, tools } = request;
  const config = defined({
    ...samplerFields(sampling, geminiSamplers),
    maxOutputTokens: request.maxOutputTokens,
    stopSequences: request.stop?.length ? request.stop.slice(0, maxStops) : undefined,
    seed: request.seed,
    ...(request.logprobs && { responseLogprobs: true, logprobs: request.logprobs.top || undefined }),
    ...responseFields(request),
    thinkingConfig: thinkingConfig(request),
  });
  return {
    ...geminiPrompt(request),
    ...(tools?.length && toolConfig(request, tools)),
    ...(Object.keys(config).length > 0 && { generationConfig: config }),
    ...(safety === 'off' && { safetySettings: safetyCategories.map((category) => ({ category, threshold: 'OFF' })) }),
    ...request.extra,
  };
}

/** What the service counts as the prompt: conversation, system text and tools. */
export function geminiPrompt({ model, messages, tools }: Pick<ChatRequest, 'model' | 'messages' | 'tools'>): JsonObject {
  const { system, contents } = geminiContents(messages, model);
  return {
    contents,
    ...(system.length > 0 && { systemInstruction: { parts: system } }),
    ...(tools?.length && {
      tools: [
        {
          functionDeclarations: tools.map(({ name, description, parameters }) => ({
            name,
            description: description ?? '',
            ...(parameters && { parametersJsonSchema: parameters }),
          })),
        },
      ],
    }),
  };
}

/** More are refused. */
export const maxStops = 5;

const safetyCategories = ['HARASSMENT', 'HATE_SPEECH', 'SEXUALLY_EXPLICIT', 'DANGEROUS_CONTENT', 'CIVIC_INTEGRITY'].map(
  (name) => `HARM_CATEGORY_${name}`,
);

function responseFields({ responseFormat: format }: ChatRequest): JsonObject {
  if (!format) return {};
  if (format.type === 'json') return { responseMimeType: 'application/json' };
  if (format.type === 'json-schema') return { responseMimeType: 'application/json', responseJsonSchema: format.schema };
  throw new SwitchboardError(
    'not-supported',
    `Gemini cannot be held to a ${format.type === 'regex' ? 'regular expression' : 'grammar'}. Ask for a JSON schema instead.`,
  );
}

function toolConfig({ toolChoice }: ChatRequest, tools: Tool[]): JsonObject {
  const strict = tools.some((tool) => tool.strict);
  if (toolChoice === undefined && !strict) return {};
  const free = strict ? 'VALIDATED' : 'AUTO';
  const mode = typeof toolChoice === 'object' || toolChoice === 'required' ? 'ANY' : toolChoice === 'none' ? 'NONE' : free;
  return {
    toolConfig: { functionCallingConfig: { mode, ...(typeof toolChoice === 'object' && { allowedFunctionNames: [toolChoice.name] }) } },
  };
}

/** Budgets that the service itself takes for these efforts at its OpenAI-shaped door. */
const budgets = { none: 0, minimal: 1024, low: 1024, medium: 8192, high: 24_576, max: 24_576 };
/** Thinking of version 3 and later cannot be switched off, only made small. */
const levels = { none: 'minimal', minimal: 'minimal', low: 'low', medium: 'medium', high: 'high', max: 'high' };

function thinkingConfig({ thinking, model }: ChatRequest): JsonObject | undefined {
  if (!thinking || /gemma|gemini-(1|2\.0)/.test(model)) return undefined;
  const { effort, budgetTokens } = thinking;
  const includeThoughts = effort !== 'none';
  if (!model.includes('gemini-2.5')) return { includeThoughts, ...(effort && { thinkingLevel: levels[effort] }) };
  const budget = budgetTokens ?? (effort && budgets[effort]);
  // The Pro model of 2.5 always thinks a little.
  const least = model.includes('pro') ? 128 : 0;
  return { includeThoughts, ...(budget !== undefined && { thinkingBudget: Math.max(budget, least) }) };
}
