import type { EndPart } from '../../protocol/part.ts';
import { sleep } from '../sleep.ts';
import type { KoboldCppServer } from './koboldcpp-server.ts';

/**
 * The end of a run with what really ended it and what it cost. KoboldCpp says `length` for an ordinary stop text too
 * and tells no usage on its own routes; its counters do (`stop_reason` 0: out of tokens, 1: end of text, 2: a stop text).
 */
export async function trueEnd(
  end: EndPart,
  maxOutputTokens: number | undefined,
  server: KoboldCppServer,
  signal: AbortSignal,
): Promise<EndPart> {
  const isCertain = end.reason !== 'length' || (maxOutputTokens !== undefined && end.usage?.outputTokens === maxOutputTokens);
  if (isCertain && end.usage) return end;
  const { stop_reason: stopReason, last_input_count: input, last_token_count: output } = await lastRun(server, signal);
  if (end.usage && end.usage.outputTokens !== output) return end;
  const hasStopped = stopReason === 1 || stopReason === 2;
  const usage = typeof input === 'number' && typeof output === 'number' ? { inputTokens: input, outputTokens: output } : undefined;
  return { ...end, ...(hasStopped && !isCertain && { reason: 'stop' }), ...(!end.usage && usage && { usage }) };
}

/**
 * The counters, as long as they are those of the run that just ended: it keeps its place for 150 ms more, and after
 * that they stay until somebody else begins. Empty where that is not certain.
 */
async function lastRun(server: KoboldCppServer, signal: AbortSignal): Promise<Record<string, unknown>> {
  const endedAt = performance.now();
  const limited = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  try {
    for (;;) {
      const perf = await server.get('/api/extra/perf', limited);
      if (performance.now() - endedAt < ownMs || (perf.idle === 1 && perf.queue === 0)) return perf;
      await sleep(ownMs, limited);
    }
  } catch {
    return {};
  }
}

const ownMs = 100;
const patienceMs = 1000;
