import type { GrantLimits } from '../permissions/grant.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import type { ModelInfo } from '../protocol/model.ts';
import { refusal } from '../protocol/page-errors.ts';
import type { EndPart, Part, Usage } from '../protocol/part.ts';
import type { ActivityEntry } from '../usage/activity.ts';
import type { Ledger } from '../usage/ledger.ts';
import type { ActivityLog } from '../usage/log.ts';
import { type Caller, callerOrigin } from './caller.ts';
import { costOf, trustedUsage } from './cost.ts';
import { estimateText } from './estimate.ts';
import type { Resolved } from './resolve.ts';

/** Counts one call: against the budget while it runs, into ledger and activity when it ends. */
export interface Meter {
  /** Puts the reservation on disk. */
  write(): Promise<void>;
  /** A batch passes by. Throws `budget-exceeded` when the answer outgrows what is left. */
  watch(parts: Part[], characters: number): void;
  /** The end with usage that can be trusted, and its cost where a price is known. */
  complete(end: EndPart, characters: number): EndPart;
  /** Once, however the call ended. */
  finish(outcome: ActivityEntry['outcome']): void;
}

export interface Metered {
  id: string;
  caller: Caller;
  target: Resolved;
  info: ModelInfo | undefined;
  inputTokens: number;
  /** The longest answer the caller or the user allows; absent where nobody said. */
  outputTokens: number | undefined;
}

/** What is reserved for an answer whose length nobody named, and by how much it then grows. */
const usualAnswer = 4_096;
const growth = 1_024;

export async function startMeter({ ledger, log }: { ledger: Ledger; log: ActivityLog }, call: Metered): Promise<Meter> {
  const { id, caller, target, info, inputTokens } = call;
  const { connection, model } = target;
  const price = info?.price;
  const isPrivate = caller.role === 'site' && caller.isPrivate;
  const origin = isPrivate ? `private ${callerOrigin(caller)}` : callerOrigin(caller);
  const outputTokens = call.outputTokens ?? Math.min(info?.maxOutputTokens ?? usualAnswer, usualAnswer);
  const costs = (usage: Usage) => costOf(usage, price) ?? 0;
  const hold = await ledger.reserve(
    {
      id,
      origin,
      connectionId: connection.id,
      backend: connection.backend,
      model,
      inputTokens,
      outputTokens,
      microUsd: costs({ inputTokens, outputTokens }),
      isOpenEnded: call.outputTokens === undefined,
      isPrivate,
    },
    budgetOf(target.grant?.limits),
  );

  const startedAt = Date.now();
  const started = performance.now();
  let reserved = hold.outputTokens;
  let firstTokenMs: number | undefined;
  let characters = 0;
  let usage: Usage | undefined;
  let isFinished = false;

  const counted = () => ({ inputTokens, outputTokens: estimateText(characters) });

  return {
    write: hold.write,
    watch(parts, length) {
      characters = length;
      firstTokenMs ??= parts.some(isAnswer) ? performance.now() - started : undefined;
      const over = estimateText(characters) - reserved;
      if (over <= 0) return;
      const more = over + growth;
      if (!hold.grow({ outputTokens: more, microUsd: costs({ inputTokens: 0, outputTokens: more }) })) throw refusal('budget-exceeded');
      reserved += more;
    },
    complete(end, length) {
      characters = length;
      const trusted = trustedUsage(end.usage, counted());
      const cost = costOf(trusted, price);
      usage = cost === undefined ? trusted : { ...trusted, costMicroUsd: cost };
      return { ...end, usage };
    },
    finish(outcome) {
      if (isFinished) return;
      isFinished = true;
      const spent = usage ?? (mayHaveWorked(outcome) || characters > 0 ? { ...counted(), estimated: true as const } : undefined);
      const { inputTokens: input = 0, outputTokens: output = 0 } = spent ?? {};
      const microUsd = spent ? costs(spent) : 0;
      void hold.settle({ inputTokens: input, outputTokens: output, microUsd }).catch(() => {});
      if (isPrivate) return;
      const entry: ActivityEntry = {
        id,
        origin,
        connectionId: connection.id,
        backend: connection.backend,
        model,
        startedAt,
        ...(firstTokenMs !== undefined && { firstTokenMs: Math.round(firstTokenMs) }),
        durationMs: Math.round(performance.now() - started),
        ...(spent && { usage: spent }),
        ...(spent && costOf(spent, price) !== undefined && { costMicroUsd: microUsd }),
        outcome,
      };
      void log.add(entry).catch(() => {});
    },
  };
}

function budgetOf({ tokensPerDay, microUsdPerDay, microUsdTotal }: GrantLimits = {}) {
  return {
    ...(tokensPerDay !== undefined && { tokensPerDay }),
    ...(microUsdPerDay !== undefined && { microUsdPerDay }),
    ...(microUsdTotal !== undefined && { microUsdTotal }),
  };
}

/** Failures after which the backend may have read the prompt all the same; the others came before any work. */
function mayHaveWorked(outcome: 'done' | ErrorCode): boolean {
  return ['done', 'aborted', 'denied', 'budget-exceeded', 'interrupted', 'timeout', 'bad-response', 'gone'].includes(outcome);
}

function isAnswer({ type }: Part): boolean {
  return type === 'text' || type === 'thought' || type === 'tool-call';
}
