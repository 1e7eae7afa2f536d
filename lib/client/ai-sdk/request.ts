import type { ChatBody } from '../../protocol/openai.ts';
import { toMessages, toWarn, type Warn } from './messages.ts';
import type { CallOptions, Warning } from './spec.ts';

/** What is not the SDK's own and can still be asked for, as `providerOptions: { switchboard: { … } }`. */
export interface SwitchboardOptions {
  reasoningEffort?: NonNullable<ChatBody['reasoning_effort']>;
  parallelToolCalls?: boolean;
  minP?: number;
  repetitionPenalty?: number;
  logitBias?: Record<string, number>;
  /** Log probabilities of the tokens, and of that many alternatives; they come as `providerMetadata.switchboard.logprobs`. */
  logprobs?: number;
  /** Hold the schema exactly, where the backend can; it does unless told otherwise. */
  strictJsonSchema?: boolean;
}

/** The body of one call, and what of it had no place there. What is not asked for is left to the user's settings. */
export function toBody(modelId: string, options: CallOptions): { body: ChatBody; warnings: Warning[] } {
  const warnings: Warning[] = [];
  const warn = toWarn(warnings);
  const own = (options.providerOptions?.switchboard ?? {}) as SwitchboardOptions;
  const body: ChatBody = {
    messages: toMessages(options.prompt, warn),
    ...defined({
      model: modelId,
      max_completion_tokens: options.maxOutputTokens,
      temperature: options.temperature,
      top_p: options.topP,
      top_k: options.topK,
      min_p: own.minP,
      repetition_penalty: own.repetitionPenalty,
      presence_penalty: options.presencePenalty,
      frequency_penalty: options.frequencyPenalty,
      logit_bias: own.logitBias,
      stop: options.stopSequences?.length ? options.stopSequences : undefined,
      seed: options.seed,
      response_format: responseFormat(options.responseFormat, own),
      reasoning_effort: own.reasoningEffort,
      logprobs: own.logprobs === undefined ? undefined : true,
      top_logprobs: own.logprobs,
      ...toolFields(options, own, warn),
    }),
  };
  return { body, warnings };
}

function responseFormat(format: CallOptions['responseFormat'], { strictJsonSchema: strict }: SwitchboardOptions) {
  if (format?.type !== 'json') return undefined;
  const { schema, name = 'answer', description } = format;
  if (!schema) return { type: 'json_object' as const };
  return { type: 'json_schema' as const, json_schema: { name, schema, strict: strict ?? true, ...defined({ description }) } };
}

function toolFields({ tools, toolChoice }: CallOptions, own: SwitchboardOptions, warn: Warn) {
  const functions = (tools ?? []).flatMap((tool) => {
    if (tool.type === 'function') {
      const { name, description, inputSchema: parameters, strict } = tool;
      return [{ type: 'function' as const, function: { name, parameters, ...defined({ description, strict }) } }];
    }
    warn(`provider tool ${tool.id}`, 'Tools run in your page: give them an execute function.');
    return [];
  });
  if (functions.length === 0) return {};
  const choice = toolChoice?.type === 'tool' ? { type: 'function' as const, function: { name: toolChoice.toolName } } : toolChoice?.type;
  return { tools: functions, tool_choice: choice, parallel_tool_calls: own.parallelToolCalls };
}

type Defined<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

function defined<Fields extends object>(fields: Fields): Defined<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<Fields>;
}
