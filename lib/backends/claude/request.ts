import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { ChatRequest, Tool } from '../../protocol/request.ts';
import type { SamplerNames } from '../openai-shaped/samplers.ts';
import { type ClaudeAbilities, claudeAbilities } from './abilities.ts';
import { claudeMessages } from './messages.ts';
import { claudeSchema, fitsFormat } from './schema.ts';

export interface ClaudeRequestOptions {
  /** Most tokens of the answer: the service refuses a request without. */
  maxTokens: number;
  /** Marks the unchanging start of the conversation for the service's prompt cache, for that long. */
  cache?: '5m' | '1h';
}

/** The body of POST /v1/messages. Parameters the model refuses are left out. */
export function claudeBody(request: ChatRequest, { maxTokens, cache }: ClaudeRequestOptions): JsonObject {
  const abilities = claudeAbilities(request.model);
  const { system, messages } = claudeMessages(request.messages);
  const format = responseFormat(request, abilities);
  if (typeof format === 'string') system.push({ type: 'text', text: format });
  const { thinking, effort } = thinkingFields(request, abilities, maxTokens, messages);
  const choice = toolChoice(request, abilities);
  if (choice.told) system.push({ type: 'text', text: choice.told });
  const outputConfig = { ...(effort && { effort }), ...(typeof format === 'object' && { format }) };
  const tools = choice.offered.map((tool) => ({
    name: tool.name,
    ...(tool.description !== undefined && { description: tool.description }),
    input_schema: { type: 'object', ...tool.parameters },
    ...(tool.strict !== undefined && { strict: tool.strict }),
  }));
  if (cache) markForCache([...tools.slice(-1), ...system.slice(-1), ...lastBlocks(messages)], cache);
  const stop = request.stop?.filter((text) => !isBlank(text));
  return {
    model: request.model,
    max_tokens: maxTokens,
    ...(system.length > 0 && { system }),
    messages,
    ...(tools.length > 0 && { tools, ...choice.field }),
    ...(stop?.length && { stop_sequences: stop }),
    ...(abilities.sampling && (!thinking || thinking.type === 'disabled') && samplingFields(request)),
    ...(thinking && { thinking }),
    ...(Object.keys(outputConfig).length > 0 && { output_config: outputConfig }),
    stream: true,
    ...request.extra,
  };
}

/** Stops of white space alone are refused, so they are looked for on our side. */
export function isBlank(stop: string): boolean {
  return stop.trim() === '';
}

/** Of models that take any. */
export const claudeSamplers: SamplerNames = { temperature: 'temperature', topP: 'top_p', topK: 'top_k' };

/** Claude takes temperature from 0 to 1 and, since version 4, not together with top_p. */
function samplingFields({ sampling }: ChatRequest): JsonObject {
  if (!sampling) return {};
  const { temperature, topP, topK } = sampling;
  return {
    ...(temperature !== undefined ? { temperature: Math.min(Math.max(temperature, 0), 1) } : topP !== undefined && { top_p: topP }),
    ...(topK !== undefined && { top_k: topK }),
  };
}

/** What the service is held to, or what the model is told where it cannot be. */
function responseFormat({ responseFormat: asked }: ChatRequest, { noSchema }: ClaudeAbilities): JsonObject | string | undefined {
  if (!asked) return undefined;
  if (asked.type === 'json') return 'Answer with one valid JSON value and nothing else.';
  if (asked.type === 'json-schema') {
    if (!noSchema && fitsFormat(asked.schema)) return { type: 'json_schema', schema: claudeSchema(asked.schema) };
    return `Answer with one valid JSON value and nothing else. It must conform to this JSON schema: ${JSON.stringify(asked.schema)}`;
  }
  throw new SwitchboardError(
    'not-supported',
    `Claude cannot be held to a ${asked.type === 'regex' ? 'regular expression' : 'grammar'}. Ask for a JSON schema instead.`,
  );
}

interface ToolWish {
  offered: Tool[];
  field: JsonObject;
  /** For models that choose for themselves. */
  told?: string;
}

function toolChoice({ tools = [], toolChoice: choice, parallelToolCalls }: ChatRequest, { freeTools }: ClaudeAbilities): ToolWish {
  const single = parallelToolCalls === false && choice !== 'none' && { disable_parallel_tool_use: true };
  const named = typeof choice === 'object' ? choice.name : undefined;
  if (tools.length > 0 && freeTools && (named !== undefined || choice === 'required')) {
    return {
      offered: named === undefined ? tools : tools.filter(({ name }) => name === named),
      field: { tool_choice: { type: 'auto', ...single } },
      told: named === undefined ? 'Call a tool before you answer.' : `Call the tool ${named} before you answer.`,
    };
  }
  if (choice === undefined && !single) return { offered: tools, field: {} };
  if (named !== undefined) return { offered: tools, field: { tool_choice: { type: 'tool', name: named, ...single } } };
  return { offered: tools, field: { tool_choice: { type: choice === 'required' ? 'any' : (choice ?? 'auto'), ...single } } };
}

/** Shares of the answer that an effort allows for thinking, where thinking takes a number of tokens. */
const budgetShare = { minimal: 0.1, low: 0.2, medium: 0.5, high: 0.8, max: 0.95 };
const smallestBudget = 1024;

function thinkingFields(
  { thinking, tools, toolChoice: choice }: ChatRequest,
  abilities: ClaudeAbilities,
  maxTokens: number,
  messages: JsonObject[],
): { thinking?: JsonObject; effort?: string } {
  if (!thinking || abilities.thinking === 'none') return {};
  const { effort, budgetTokens } = thinking;
  if (effort === 'none' || budgetTokens === 0) return noThinking(abilities);
  if (abilities.thinking === 'adaptive') {
    return { thinking: { type: 'adaptive', display: 'summarized' }, ...(effort && { effort: effort === 'minimal' ? 'low' : effort }) };
  }
  const budget = Math.max(smallestBudget, Math.min(budgetTokens ?? Math.floor(maxTokens * budgetShare[effort ?? 'medium']), maxTokens - 1));
  // The answer must have room beside it, and a turn that called tools without thinking cannot go on with it.
  if (budget >= maxTokens || continuesUnthought(messages)) return {};
  // A call that is demanded leaves no room to think about it first.
  if (tools?.length && (typeof choice === 'object' || choice === 'required')) return {};
  return { thinking: { type: 'enabled', budget_tokens: budget } };
}

function noThinking({ leastThinking }: ClaudeAbilities): { thinking?: JsonObject; effort?: string } {
  if (leastThinking === 'low-effort') return { effort: 'low' };
  return { thinking: { type: leastThinking === 'between-tools' ? 'between_tools' : 'disabled' } };
}

function continuesUnthought(messages: JsonObject[]): boolean {
  const [before, last] = messages.slice(-2).map((message) => message.content as JsonObject[]);
  return last?.[0]?.type === 'tool_result' && !before?.some((block) => block.type === 'thinking' || block.type === 'redacted_thinking');
}

function lastBlocks(messages: JsonObject[]): JsonObject[] {
  return ((messages.at(-1)?.content as JsonObject[] | undefined) ?? []).slice(-1);
}

function markForCache(blocks: JsonObject[], ttl: '5m' | '1h'): void {
  for (const block of blocks) block.cache_control = { type: 'ephemeral', ...(ttl === '1h' && { ttl }) };
}
