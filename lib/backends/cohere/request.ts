import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { Message, UserContent } from '../../protocol/message.ts';
import type { ChatRequest, Thinking } from '../../protocol/request.ts';
import { defined, fileText, within } from '../body.ts';
import type { SamplerNames } from '../openai-shaped/samplers.ts';

/** More are refused. */
export const maxStops = 5;

/** Cohere's names; values are moved into range. */
export const cohereSamplers: SamplerNames = {
  temperature: 'temperature',
  topP: 'p',
  topK: 'k',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
};

/** The body of POST /v2/chat. */
export function cohereBody(request: ChatRequest, safetyMode?: string): JsonObject {
  const last = request.messages.at(-1);
  if (last?.role === 'assistant' && last.prefix) refuse('an answer that has already begun');
  const { sampling = {}, toolChoice } = request;
  const documents = request.messages.flatMap((message) => (message.role === 'user' ? message.content.flatMap(document) : []));
  // There is no choice of one tool by name: that tool alone is offered, and a call is required.
  const tools = (request.tools ?? []).filter((tool) => typeof toolChoice !== 'object' || tool.name === toolChoice.name);
  return {
    model: request.model,
    messages: request.messages.flatMap(cohereMessages),
    stream: true,
    ...defined({
      documents: documents.length > 0 ? documents : undefined,
      temperature: within(sampling.temperature, 0, 1),
      p: within(sampling.topP, 0.01, 0.99),
      k: within(sampling.topK, 0, 500),
      frequency_penalty: within(sampling.frequencyPenalty, 0, 1),
      presence_penalty: within(sampling.presencePenalty, 0, 1),
      max_tokens: request.maxOutputTokens,
      stop_sequences: request.stop?.length ? request.stop.slice(0, maxStops) : undefined,
      seed: request.seed,
      response_format: responseFormat(request),
      safety_mode: safetyMode,
      thinking: thinkingField(request),
    }),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({
        type: 'function',
        function: { name, ...(description !== undefined && { description }), parameters: parameters ?? { type: 'object', properties: {} } },
      })),
      ...(tools.some((tool) => tool.strict) && { strict_tools: true }),
      ...(toolChoice !== undefined && toolChoice !== 'auto' && { tool_choice: toolChoice === 'none' ? 'NONE' : 'REQUIRED' }),
    }),
    ...request.extra,
  };
}

function cohereMessages(message: Message): JsonObject[] {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: message.content.map(({ text }) => text).join('\n') }];
    case 'user': {
      const content = message.content.flatMap(userContent);
      return [
        { role: 'user', content: content.every((item) => item.type === 'text') ? content.map((item) => item.text).join('\n') : content },
      ];
    }
    case 'tool':
      return message.content.map((result) => ({
        role: 'tool',
        tool_call_id: result.callId,
        content: result.content.map((item) => (item.type === 'text' ? item.text : refuse('images in the results of tools'))).join('\n'),
      }));
    case 'assistant': {
      const text = message.content.flatMap((item) => (item.type === 'text' || item.type === 'refusal' ? [item.text] : [])).join('');
      const thoughts = message.content.flatMap((item) => (item.type === 'thought' ? [item.text] : [])).join('');
      const calls = message.content.flatMap((item) =>
        item.type === 'tool-call'
          ? [{ id: item.id, type: 'function', function: { name: item.name, arguments: item.arguments || '{}' } }]
          : [],
      );
      if (calls.length === 0) return text ? [{ role: 'assistant', content: text }] : [];
      return [{ role: 'assistant', tool_calls: calls, ...(thoughts && { tool_plan: thoughts }), ...(text && { content: text }) }];
    }
  }
}

function userContent(content: UserContent): JsonObject[] {
  if (content.type === 'text') return [{ type: 'text', text: content.text }];
  if (content.type === 'image') {
    const url = `data:${content.mediaType};base64,${content.data}`;
    return [{ type: 'image_url', image_url: { url, ...(content.detail && { detail: content.detail }) } }];
  }
  return content.type === 'file' ? [] : refuse('audio');
}

/** Files go beside the conversation, as documents the answer may cite. */
function document(content: UserContent): JsonObject[] {
  if (content.type !== 'file') return [];
  if (!content.mediaType.startsWith('text/') && content.mediaType !== 'application/json') refuse(`files of the type ${content.mediaType}`);
  return [{ data: { ...(content.name && { title: content.name }), text: fileText(content.data) } }];
}

function responseFormat({ responseFormat: format }: ChatRequest): JsonObject | undefined {
  if (!format) return undefined;
  if (format.type === 'json') return { type: 'json_object' };
  if (format.type === 'json-schema') return { type: 'json_object', json_schema: format.schema };
  return refuse(`a ${format.type === 'regex' ? 'regular expression' : 'grammar'} for the answer`);
}

/** The service knows a number of tokens, no efforts; the highest two think without a limit. */
function thinkingField({ thinking, maxOutputTokens }: ChatRequest): JsonObject | undefined {
  if (!thinking) return undefined;
  const { effort, budgetTokens = effort && budgets[effort] } = thinking;
  if (effort === 'none' || budgetTokens === 0) return { type: 'disabled' };
  // The answer needs room beside it.
  const budget = budgetTokens !== undefined && maxOutputTokens !== undefined ? Math.min(budgetTokens, maxOutputTokens - 1) : budgetTokens;
  return { type: 'enabled', ...(budget !== undefined && budget > 0 && { token_budget: budget }) };
}

const budgets: Partial<Record<NonNullable<Thinking['effort']>, number>> = { minimal: 1024, low: 4096, medium: 12_288 };

function refuse(what: string): never {
  throw new SwitchboardError('not-supported', `Cohere does not take ${what}. Leave that out, or choose another model.`);
}
