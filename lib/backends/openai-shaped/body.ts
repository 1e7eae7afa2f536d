import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { ChatRequest, EmbedRequest, GenerationOptions, ResponseFormat, TextRequest, Thinking } from '../../protocol/request.ts';
import { wireMessages } from './messages.ts';
import type { Quirks } from './quirks.ts';
import { regexGrammar } from './regex-grammar.ts';
import { samplerFields } from './samplers.ts';
import { toldFormat } from './told-format.ts';
import { toolFields } from './tools.ts';

/** The body of POST /chat/completions. What the caller did not say is not in it. */
export function chatBody(request: ChatRequest, quirks: Quirks): JsonObject {
  const { logprobs } = request;
  return merge(
    { model: request.model, messages: wireMessages(toldFormat(request, quirks), quirks) },
    streaming(quirks),
    prefillFields(request, quirks),
    request.maxOutputTokens !== undefined && { [quirks.maxTokens ?? 'max_tokens']: request.maxOutputTokens },
    generationFields(request, quirks),
    request.responseFormat && formatFields(request.responseFormat, quirks),
    logprobs && !quirks.noLogprobs && logprobFields(logprobs.top, quirks),
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
    request.responseFormat && textFormatFields(request.responseFormat, quirks),
    request.logprobs && { logprobs: Math.max(request.logprobs.top, quirks.minTopLogprobs ?? 0) },
    request.extra,
  );
}

/** The body of POST /embeddings. */
export function embedBody({ model, input, dimensions }: EmbedRequest, quirks: Quirks): JsonObject {
  return { model, input, ...(dimensions !== undefined && { [quirks.dimensions ?? 'dimensions']: dimensions }) };
}

function streaming(quirks: Quirks): JsonObject {
  return { stream: true, ...(!quirks.noUsageOption && { stream_options: { include_usage: true } }) };
}

function generationFields(request: GenerationOptions, quirks: Quirks): JsonObject {
  return {
    ...samplerFields(request.sampling, quirks.samplers),
    ...(request.stop?.length && !quirks.stopsHere && { stop: request.stop.slice(0, quirks.maxStops) }),
    ...(request.seed !== undefined && quirks.seed !== 'none' && { [quirks.seed ?? 'seed']: request.seed }),
  };
}

function formatFields(format: ResponseFormat, quirks: Quirks): JsonObject {
  switch (format.type) {
    case 'json':
      return quirks.jsonBySchema ? schemaFormat('object', { type: 'object' }) : { response_format: { type: 'json_object' } };
    case 'json-schema': {
      if (quirks.jsonOnly) return { response_format: { type: 'json_object' } };
      const { name = 'answer', schema, description, strict } = format;
      return schemaFormat(name, schema, { ...(description !== undefined && { description }), ...(strict !== undefined && { strict }) });
    }
    case 'regex':
      return regexFields(format.pattern, format.flags, quirks);
    case 'grammar':
      if (!quirks.grammar) throw new SwitchboardError('not-supported', "The user's model server cannot hold an answer to a grammar.");
      return atPath(quirks.grammar, format.grammar);
  }
}

/** Text completions hold answers to a form their own way, or not at all. */
function textFormatFields(format: ResponseFormat, quirks: Quirks): JsonObject {
  const { textSchema } = quirks;
  if (!textSchema || (format.type !== 'json' && format.type !== 'json-schema')) return formatFields(format, quirks);
  if (textSchema === 'none') throw new SwitchboardError('not-supported', "The user's model server holds answers to a form in chats only.");
  return { [textSchema]: format.type === 'json' ? { type: 'object' } : format.schema };
}

/** A server that knows grammars only gets the expression as one. Case is the one flag that changes what matches. */
function regexFields(pattern: string, flags: string | undefined, { regex, grammar }: Quirks): JsonObject {
  if (regex && !flags?.includes('i')) return atPath(regex, pattern);
  if (grammar) return atPath(grammar, regexGrammar(pattern, flags));
  throw new SwitchboardError('not-supported', "The user's model server cannot hold an answer to this regular expression.");
}

function schemaFormat(name: string, schema: unknown, more: JsonObject = {}): JsonObject {
  return { response_format: { type: 'json_schema', json_schema: { name, schema: schema as JsonObject, ...more } } };
}

function logprobFields(top: number, { logprobsNumber, minTopLogprobs = 0 }: Quirks): JsonObject {
  const wanted = Math.max(top, minTopLogprobs);
  return logprobsNumber ? { logprobs: wanted } : { logprobs: true, top_logprobs: wanted };
}

function prefillFields({ messages }: ChatRequest, { prefill }: Quirks): JsonObject | undefined {
  const last = messages.at(-1);
  if (last?.role !== 'assistant' || !last.prefix) return undefined;
  if (!prefill) throw new SwitchboardError('not-supported', "The user's model cannot continue an answer that the page has begun.");
  return prefill;
}

function thinkingFields(thinking: Thinking | undefined, quirks: Quirks): JsonObject | undefined {
  const { thinking: field, thinkingBudget, thinkingOn, thinkingOff, efforts } = quirks;
  if (!thinking || !field) return undefined;
  const { effort, budgetTokens } = thinking;
  if (effort === 'none' && thinkingOff) return thinkingOff;
  const name = effort === undefined ? undefined : (efforts?.[effort] ?? effort);
  const budget = budgetTokens !== undefined && thinkingBudget !== undefined ? atPath(thinkingBudget, budgetTokens) : {};
  if (name === undefined) return budget;
  switch (field) {
    case 'reasoning':
      // OpenRouter takes an effort or a number of tokens, not both.
      return budget.reasoning === undefined ? { reasoning: { effort: name } } : budget;
    case 'chat_template_kwargs':
      return {
        ...budget,
        chat_template_kwargs: { enable_thinking: effort !== 'none', ...(effort !== 'none' && { reasoning_effort: name }) },
      };
    case 'reasoning_effort':
      return { ...budget, ...thinkingOn, reasoning_effort: name };
  }
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
