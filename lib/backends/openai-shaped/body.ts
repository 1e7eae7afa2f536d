import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { ChatRequest, EmbedRequest, GenerationOptions, ResponseFormat, TextRequest, Thinking } from '../../protocol/request.ts';
import { wireMessages } from './messages.ts';
import type { Quirks } from './quirks.ts';
import { samplerFields } from './samplers.ts';

/** The body of POST /chat/completions. What the caller did not say is not in it. */
export function chatBody(request: ChatRequest, quirks: Quirks): JsonObject {
  const { logprobs } = request;
  return merge(
    { model: request.model, messages: wireMessages(request.messages, quirks) },
    streaming(quirks),
    prefillFields(request, quirks),
    request.maxOutputTokens !== undefined && { [quirks.maxTokens ?? 'max_tokens']: request.maxOutputTokens },
    generationFields(request, quirks),
    logprobs && { logprobs: true, top_logprobs: Math.max(logprobs.top, quirks.minTopLogprobs ?? 0) },
    toolFields(request, quirks),
    thinkingFields(request.thinking, quirks),
    request.extra,
  );
}

/** The body of POST /completions. */
export function textBody(request: TextRequest, quirks: Quirks): JsonObject {
  if (request.suffix !== undefined && !quirks.suffix)
    throw new SwitchboardError('not-supported', "The user's model server cannot fill in the middle of a text.");
  return merge(
    { model: request.model, prompt: request.prompt },
    streaming(quirks),
    request.suffix !== undefined && { suffix: request.suffix },
    request.echo && quirks.echo && { echo: true },
    request.maxOutputTokens !== undefined && { max_tokens: request.maxOutputTokens },
    generationFields(request, quirks),
    request.logprobs && { logprobs: Math.max(request.logprobs.top, quirks.minTopLogprobs ?? 0) },
    request.extra,
  );
}

/** The body of POST /embeddings. */
export function embedBody({ model, input, dimensions }: EmbedRequest): JsonObject {
  return { model, input, ...(dimensions !== undefined && { dimensions }) };
}

function streaming(quirks: Quirks): JsonObject {
  return { stream: true, ...(!quirks.noUsageOption && { stream_options: { include_usage: true } }) };
}

function generationFields(request: GenerationOptions, quirks: Quirks): JsonObject {
  return {
    ...samplerFields(request.sampling, quirks.samplers),
    ...(request.stop?.length && { stop: request.stop }),
    ...(request.seed !== undefined && { seed: request.seed }),
    ...(request.responseFormat && formatFields(request.responseFormat, quirks)),
  };
}

function formatFields(format: ResponseFormat, quirks: Quirks): JsonObject {
  switch (format.type) {
    case 'json':
      return quirks.jsonBySchema ? schemaFormat('object', { type: 'object' }) : { response_format: { type: 'json_object' } };
    case 'json-schema': {
      const { name = 'answer', schema, description, strict } = format;
      return schemaFormat(name, schema, { ...(description !== undefined && { description }), ...(strict !== undefined && { strict }) });
    }
    case 'regex':
      if (!quirks.regex)
        throw new SwitchboardError('not-supported', "The user's model server cannot hold an answer to a regular expression.");
      return atPath(quirks.regex, format.pattern);
    case 'grammar':
      if (!quirks.grammar) throw new SwitchboardError('not-supported', "The user's model server cannot hold an answer to a grammar.");
      return atPath(quirks.grammar, format.grammar);
  }
}

function schemaFormat(name: string, schema: unknown, more: JsonObject = {}): JsonObject {
  return { response_format: { type: 'json_schema', json_schema: { name, schema: schema as JsonObject, ...more } } };
}

function toolFields({ tools, toolChoice, parallelToolCalls }: ChatRequest, { noNamedTool }: Quirks): JsonObject {
  if (!tools?.length) return {};
  const named = typeof toolChoice === 'object' ? toolChoice.name : undefined;
  const offered = named !== undefined && noNamedTool ? tools.filter(({ name }) => name === named) : tools;
  return {
    tools: offered.map(({ name, description, parameters, strict }) => ({
      type: 'function',
      function: {
        name,
        ...(description !== undefined && { description }),
        ...(parameters !== undefined && { parameters }),
        ...(strict !== undefined && { strict }),
      },
    })),
    ...(typeof toolChoice === 'string' && { tool_choice: toolChoice }),
    ...(named !== undefined && { tool_choice: noNamedTool ? 'required' : { type: 'function', function: { name: named } } }),
    ...(parallelToolCalls !== undefined && { parallel_tool_calls: parallelToolCalls }),
  };
}

function prefillFields({ messages }: ChatRequest, { prefill }: Quirks): JsonObject | undefined {
  const last = messages.at(-1);
  if (last?.role !== 'assistant' || !last.prefix) return undefined;
  if (!prefill) throw new SwitchboardError('not-supported', "The user's model cannot continue an answer that the page has begun.");
  return prefill;
}

function thinkingFields(thinking: Thinking | undefined, { thinking: field, thinkingBudget, efforts }: Quirks): JsonObject | undefined {
  if (!thinking || !field) return undefined;
  const { effort, budgetTokens } = thinking;
  const name = effort === undefined ? undefined : (efforts?.[effort] ?? effort);
  const budget = budgetTokens !== undefined && thinkingBudget !== undefined ? atPath(thinkingBudget, budgetTokens) : {};
  if (name === undefined) return budget;
  if (field === 'chat_template_kwargs')
    return {
      ...budget,
      chat_template_kwargs: { enable_thinking: effort !== 'none', ...(effort !== 'none' && { reasoning_effort: name }) },
    };
  return merge(budget, field === 'reasoning' ? { reasoning: { effort: name } } : { reasoning_effort: name });
}

function atPath(path: string, value: JsonObject[string]): JsonObject {
  const [first = '', second] = path.split('.');
  return { [first]: second === undefined ? value : { [second]: value } };
}

/** Later fields win; objects that several of them fill are joined one level deep (`chat_template_kwargs`). */
function merge(...layers: (JsonObject | false | undefined)[]): JsonObject {
  const body: JsonObject = {};
  for (const [key, value] of layers.flatMap((layer) => Object.entries(layer || {}))) {
    const before = body[key];
    body[key] = isPlain(before) && isPlain(value) ? { ...before, ...value } : value;
  }
  return body;
}

function isPlain(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
