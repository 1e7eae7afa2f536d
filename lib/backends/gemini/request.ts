import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { ChatRequest, Tool } from '../../protocol/request.ts';
import { defined } from '../body.ts';
import { type SamplerNames, samplerFields } from '../openai-shaped/samplers.ts';
import { toldInstead } from '../openai-shaped/told-format.ts';
import { generationOf, thinkingConfig } from './abilities.ts';
import { geminiContents } from './messages.ts';

/** The names of `generationConfig`. The models of 2.5 refuse penalties. */
export function geminiSamplers(model: string): SamplerNames {
  const penalties = { presencePenalty: 'presencePenalty', frequencyPenalty: 'frequencyPenalty' };
  return { temperature: 'temperature', topP: 'topP', topK: 'topK', ...(generationOf(model) !== 2.5 && penalties) };
}

/** The body of :streamGenerateContent. `safety: 'off'` asks the service not to filter. */
export function geminiBody(asked: ChatRequest, safety?: 'off'): JsonObject {
  // Before version 3 a format excludes tools.
  const request = asked.tools?.length && generationOf(asked.model) < 3 ? toldInstead(asked) : asked;
  const { model, sampling, thinking, tools } = request;
  const config = defined({
    ...samplerFields(sampling, geminiSamplers(model)),
    maxOutputTokens: request.maxOutputTokens,
    stopSequences: request.stop?.length ? request.stop.slice(0, maxStops) : undefined,
    seed: request.seed,
    ...(request.logprobs && { responseLogprobs: true, logprobs: request.logprobs.top || undefined }),
    ...responseFields(request),
    thinkingConfig: thinking && thinkingConfig(model, thinking),
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
