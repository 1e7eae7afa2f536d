import type { Finish, Scenario, ScriptedToolCall } from '../kit/scenario.ts';
import { matchingText } from '../pattern-value.ts';
import { conformingValue } from '../schema-value.ts';
import { tokenise } from '../tokens.ts';
import type { Ask } from './ask.ts';

/** What an emulator answers, before any server's way of writing it down. */
export interface Reply {
  thoughts: string[];
  tokens: string[];
  isRefusal: boolean;
  toolCalls: Required<ScriptedToolCall>[];
  finish: Finish;
  /** The stop text that ended it. */
  stoppedBy?: string;
  promptTokens: number;
  outputTokens: number;
  thoughtTokens: number;
  /** Alternatives beside each token; absent: no log probabilities wanted. */
  logprobs?: number;
}

/** Holds characters of one, two, three and four bytes. */
export const stockTokens = ['Hello', ' from', ' the', ' emulator', ':', ' grüße', ',', ' 你好', ',', ' 👋', '.'];

/** Decides the answer: what the scenario scripts, else what the request asks for, else the stock answer. */
export function planReply(ask: Ask, scenario: Scenario): Reply {
  const toolCalls = planToolCalls(ask, scenario);
  const whole = scenario.tokens ?? (toolCalls.length > 0 ? [] : planText(ask, scenario));
  const { tokens, stoppedBy, isCut } = limit(whole, ask);
  const thoughts = scenario.thoughts ?? [];
  const argumentTokens = toolCalls.reduce((sum, call) => sum + tokenise(call.arguments).length, 0);
  return {
    thoughts,
    tokens,
    isRefusal: scenario.refusal !== undefined,
    toolCalls,
    finish: scenario.finish ?? (isCut ? 'length' : toolCalls.length > 0 ? 'tool_calls' : 'stop'),
    ...(stoppedBy !== undefined && { stoppedBy }),
    promptTokens: ask.promptTokens,
    outputTokens: thoughts.length + tokens.length + argumentTokens,
    thoughtTokens: thoughts.length,
    ...(ask.logprobs !== undefined && { logprobs: ask.logprobs }),
  };
}

function planText(ask: Ask, scenario: Scenario): string[] {
  if (scenario.refusal !== undefined) return tokenise(scenario.refusal);
  if (scenario.count !== undefined) return Array.from({ length: scenario.count }, (_, index) => `w${index} `);
  if (ask.schema !== undefined) return tokenise(JSON.stringify(conformingValue(ask.schema)));
  if (ask.pattern !== undefined) return tokenise(matchingText(ask.pattern));
  return stockTokens;
}

/** A model with tools calls the first of them (or the named one) and answers with text once it has the result. */
function planToolCalls(ask: Ask, scenario: Scenario): Required<ScriptedToolCall>[] {
  const scripted = scenario.toolCalls?.map((call, index) => ({
    id: call.id ?? `call_${index + 1}`,
    name: call.name,
    arguments: call.arguments,
  }));
  if (scripted) return scripted;
  if (scenario.tokens || scenario.count !== undefined || ask.toolChoice === 'none' || ask.afterToolResult) return [];
  const name = typeof ask.toolChoice === 'object' ? ask.toolChoice.name : ask.tools[0]?.name;
  const tool = ask.tools.find((candidate) => candidate.name === name);
  if (!tool) return [];
  return [{ id: 'call_1', name: tool.name, arguments: JSON.stringify(conformingValue(tool.parameters)) }];
}

function limit(whole: string[], ask: Ask): { tokens: string[]; stoppedBy?: string; isCut: boolean } {
  const text = whole.join('');
  const found = ask.stop.filter((stop) => stop !== '' && text.includes(stop)).sort((a, b) => text.indexOf(a) - text.indexOf(b))[0];
  const kept = found === undefined ? whole : tokenise(text.slice(0, text.indexOf(found)));
  const isCut = ask.maxTokens !== undefined && kept.length > ask.maxTokens;
  return { tokens: isCut ? kept.slice(0, ask.maxTokens) : kept, isCut, ...(found !== undefined && !isCut && { stoppedBy: found }) };
}
