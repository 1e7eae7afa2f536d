import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import type { Scenario } from '../kit/scenario.ts';
import { type Frame, sendFrames } from '../kit/send-frames.ts';
import { sleep } from '../kit/wait.ts';
import type { Dialect } from './dialect.ts';
import type { Reply } from './plan-reply.ts';

/** A server-sent event with that JSON. */
export function eventFrame(value: JsonValue, write: (value: JsonValue) => string = JSON.stringify): string {
  return `data: ${write(value)}\n\n`;
}

/** How an OpenAI-shaped stream ends. */
export function* endFrames(scenario: Scenario, { done = 'data: [DONE]\n\n' }: Dialect): Generator<Frame> {
  if (!scenario.dropDone && done !== '') yield { text: done };
}

/** The exchange with the line ends of the dialect, unless the scenario says others. */
export function inLines(exchange: Exchange, { lineEnds }: Dialect): Exchange {
  return lineEnds ? { ...exchange, scenario: { lineEnds, ...exchange.scenario } } : exchange;
}

/** The stream tells its usage at the end. */
export function tellsUsage(exchange: Exchange, { usage }: Dialect): boolean {
  return usage === 'always' || (usage === 'asked' && asObject(exchange.body.stream_options).include_usage === true);
}

export function usageOf(dialect: Dialect, reply: Reply): JsonObject {
  return {
    prompt_tokens: reply.promptTokens,
    completion_tokens: reply.outputTokens,
    total_tokens: reply.promptTokens + reply.outputTokens,
    ...dialect.usageFields?.(reply),
  };
}

/** Sends a whole answer as JSON after the time its tokens take; at `failAt` it breaks in the middle of the JSON. */
export async function sendWhole(
  exchange: Exchange,
  answer: JsonValue,
  tokenCount: number,
  write: (value: JsonValue) => string = JSON.stringify,
): Promise<void> {
  const { scenario, gone } = exchange;
  if (scenario.tokenDelayMs) await sleep(scenario.tokenDelayMs * tokenCount, gone);
  if (gone.aborted) return;
  const fails = scenario.failAt !== undefined;
  if (fails && (scenario.failMode ?? 'instream') === 'instream') return exchange.fail(scenario.failure ?? 'server');
  const text = write(answer);
  const frames: Frame[] = [{ text: text.slice(0, text.length / 2) }, { text: text.slice(text.length / 2), token: true }];
  const { lineEnds: _, tokenDelayMs: __, ...behaviour } = scenario;
  await sendFrames({ ...exchange, scenario: { ...behaviour, ...(fails && { failAt: 0 }) } }, 'application/json', frames, () => '');
}
