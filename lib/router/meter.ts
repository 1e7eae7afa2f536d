import type { GrantLimits } from '../permissions/grant.ts';
import { findGrants, watchGrants } from '../permissions/grants.ts';
import { getPolicy } from '../policy/managed.ts';
import { type ErrorCode, SwitchboardError } from '../protocol/errors.ts';
import type { HistoryLevel } from '../protocol/history.ts';
import type { ModelInfo, Place } from '../protocol/model.ts';
import { refusal } from '../protocol/page-errors.ts';
import type { EndPart, Part, Usage } from '../protocol/part.ts';
import type { ActivityEntry } from '../usage/activity.ts';
import { type Budget, over } from '../usage/budget.ts';
import type { Claim, Hold, Ledger } from '../usage/ledger.ts';
import type { ActivityLog } from '../usage/log.ts';
import { ownPrice } from '../usage/prices.ts';
import { getUsageSettings } from '../usage/settings.ts';
import { secondsLeftOfDay } from '../usage/spent.ts';
import { type Caller, callerName } from './caller.ts';
import { costOf, priceOf, trustedUsage } from './cost.ts';
import { estimateText } from './estimate.ts';
import type { Resolved } from './resolve.ts';

/** Counts one call: against the budget while it runs, into ledger and activity when it ends. */
export interface Meter {
  /** The call may cost money: its reservation must be on disk before the request leaves. */
  isPaid: boolean;
  /** Puts the reservation on disk. */
  write(): Promise<void>;
  /** A batch passes by. Throws `budget-exceeded` when the answer outgrows what is left. */
  watch(parts: Part[], characters: number): void;
  /** The answer is as long as the site may get one: its end is due, and the batch that `watch` refused is not part of it. */
  isFull(): boolean;
  /** The end with usage that can be trusted, and its cost where a price is known. */
  complete(end: EndPart, characters?: number): EndPart;
  /** Once, however the call ended. */
  finish(outcome: ActivityEntry['outcome']): void;
}

export interface Metered {
  id: string;
  caller: Caller;
  target: Resolved;
  info: ModelInfo | undefined;
  place: Place;
  inputTokens: number;
  /** The longest answer the caller or the user allows; absent where nobody said. */
  outputTokens: number | undefined;
  /** How many answers to the one request; 1 where nobody said. */
  answers?: number;
  /** What was asked, in words; for users who keep them. */
  words?(): string;
  /** The run, to be stopped when the user lowers the budget below what is spent. */
  live?: { stop(reason: SwitchboardError): void };
}

/** What is reserved for an answer whose length nobody named, and by how much it then grows. */
const usualAnswer = 4_096;
const growth = 1_024;

export async function startMeter({ ledger, log }: { ledger: Ledger; log: ActivityLog }, call: Metered): Promise<Meter> {
  const { caller, target, info, place, inputTokens } = call;
  const { connection, grant } = target;
  const limits = grant?.limits ?? {};
  const [settings, own, policy] = await Promise.all([getUsageSettings(), ownPrice(connection.id, target.model), getPolicy()]);
  const price = priceOf(own, info?.price, place);
  const ownHistory = policy.features.fullTextActivity || settings.ownHistory !== 'full' ? settings.ownHistory : 'meta';
  const history = grant?.history ?? ownHistory;
  const isPrivate = caller.role === 'site' && caller.isPrivate;
  const allowed = limits.outputTokensPerCall ?? Number.POSITIVE_INFINITY;
  const longest = Math.min(call.outputTokens ?? Number.POSITIVE_INFINITY, allowed);
  const { totalTokensPerDay, totalMicroUsdPerDay } = policy.limits;
  const capped = [settings.microUsdPerDay, totalMicroUsdPerDay].filter((cap) => cap !== undefined);
  const caps = {
    ...(totalTokensPerDay !== undefined && { tokensPerDay: totalTokensPerDay }),
    ...(capped.length > 0 && { microUsdPerDay: Math.min(...capped) }),
    ...(settings.connections[connection.id] !== undefined && { connectionMicroUsdPerDay: settings.connections[connection.id] as number }),
  };

  const hold = await reserve().catch((thrown: unknown) => {
    noteRefusal(log, call, thrown as SwitchboardError);
    throw thrown;
  });
  const undo = grant ? watchGrants(() => void followBudget().catch(() => {})) : () => {};
  const startedAt = Date.now();
  const started = performance.now();
  let reserved = hold.outputTokens;
  let firstTokenMs: number | undefined;
  let characters = 0;
  let usage: Usage | undefined;
  let isFull = false;
  let isFinished = false;
  let answered = '';

  async function reserve(): Promise<Hold> {
    if (caller.role === 'site' && !price && isInMoneyOnly(limits)) throw over('unpriced', Date.now());
    const isOpenEnded = call.outputTokens === undefined;
    const claim: Claim = {
      id: call.id,
      origin: callerName(caller),
      connectionId: connection.id,
      backend: connection.backend,
      model: target.model,
      inputTokens,
      outputTokens: isOpenEnded ? Math.min(info?.maxOutputTokens ?? usualAnswer, usualAnswer, longest) : longest,
      ...(price && { cost: (input: number, output: number) => costOf({ inputTokens: input, outputTokens: output }, price) ?? 0 }),
      ...(call.answers !== undefined && { calls: call.answers }),
      isOpenEnded,
      isPrivate,
    };
    return await ledger.reserve(claim, budgetOf(limits), caps);
  }

  async function followBudget(): Promise<void> {
    if (caller.role !== 'site') return;
    const now = (await findGrants(caller)).find(({ id }) => id === grant?.id);
    if (now && !hold.fits(budgetOf(now.limits))) call.live?.stop(endOfBudget());
  }

  const endOfBudget = () =>
    new SwitchboardError('budget-exceeded', stoppedText, {
      cause: { limit: hold.limit() },
      retryAfterSeconds: secondsLeftOfDay(Date.now()),
    });

  const counted = () => ({ inputTokens, outputTokens: estimateText(characters) });

  return {
    isPaid: place === 'company' || own !== undefined,
    write: hold.write,
    isFull: () => isFull,
    watch(parts, length) {
      // The batch that crossed the user's line was passed on; the next one is not. The caller's own line is the backend's to
      // keep: by our estimate most answers would be cut before it.
      if (estimateText(characters) > allowed && parts.some(isAnswer)) {
        isFull = true;
        throw refusal('budget-exceeded');
      }
      characters = length;
      firstTokenMs ??= parts.some(isAnswer) ? performance.now() - started : undefined;
      if (history === 'full') for (const part of parts) if (part.type === 'text') answered += part.text;
      const beyond = estimateText(characters) - reserved;
      if (beyond <= 0) return;
      const more = beyond + growth;
      if (!hold.grow(more)) throw endOfBudget();
      reserved += more;
    },
    complete(end, length = characters) {
      characters = length;
      const said = trustedUsage(end.usage, counted());
      // The user's own price holds, also against what the service says that it cost.
      const { costMicroUsd: _, ...priced } = said;
      const trusted = own ? priced : said;
      const cost = costOf(trusted, price);
      // What costs nothing because it runs at the user's is not a price that a page needs to know.
      usage = cost === undefined || (cost === 0 && place !== 'company') ? trusted : { ...trusted, costMicroUsd: cost };
      return { ...end, usage };
    },
    finish(outcome) {
      if (isFinished) return;
      isFinished = true;
      undo();
      const spent = usage ?? (mayHaveWorked(outcome) || characters > 0 ? { ...counted(), estimated: true as const } : undefined);
      const { inputTokens: input = 0, outputTokens: output = 0 } = spent ?? {};
      const microUsd = spent ? (costOf(spent, price) ?? 0) : 0;
      void hold.settle({ inputTokens: input, outputTokens: output, microUsd }).catch(() => {});
      if (isPrivate || history === 'off') return;
      const entry: ActivityEntry = {
        ...lineOf(call),
        startedAt,
        ...(firstTokenMs !== undefined && { firstTokenMs: Math.round(firstTokenMs) }),
        durationMs: Math.round(performance.now() - started),
        ...(spent && { usage: spent }),
        ...(spent && costOf(spent, price) !== undefined && { costMicroUsd: microUsd }),
        outcome,
        ...(outcome === 'budget-exceeded' && { limit: hold.limit() }),
      };
      void log.add(entry, textIf(history, call, answered)).catch(() => {});
    },
  };
}

/** Tells activity of a call that a limit refused. The cause of the error names the limit. */
export function noteRefusal(
  log: ActivityLog,
  call: Omit<Metered, 'info' | 'inputTokens' | 'outputTokens' | 'place'>,
  error: SwitchboardError,
): void {
  const { caller, target } = call;
  if (caller.role !== 'site' || caller.isPrivate || target.grant?.history === 'off') return;
  const { limit } = (error.cause ?? {}) as { limit?: string };
  const entry: ActivityEntry = { ...lineOf(call), startedAt: Date.now(), durationMs: 0, outcome: error.code, ...(limit && { limit }) };
  void log.refuse(entry).catch(() => {});
}

const stoppedText = 'The answer was stopped because the budget the user gave this site ends here. Wait for tomorrow, or ask for less.';

function lineOf({ id, caller, target: { connection, model } }: Pick<Metered, 'id' | 'caller' | 'target'>) {
  return {
    id,
    origin: caller.role === 'site' ? caller.origin : 'extension',
    ...(caller.role === 'site' && caller.topOrigin !== undefined && { topOrigin: caller.topOrigin }),
    connectionId: connection.id,
    backend: connection.backend,
    model,
  };
}

function textIf(history: HistoryLevel, { words }: Metered, answered: string) {
  return history === 'full' ? { asked: words?.() ?? '', answered } : undefined;
}

function budgetOf({ callsPerDay, tokensPerDay, microUsdPerDay, microUsdTotal }: GrantLimits): Budget {
  return {
    ...(callsPerDay !== undefined && { callsPerDay }),
    ...(tokensPerDay !== undefined && { tokensPerDay }),
    ...(microUsdPerDay !== undefined && { microUsdPerDay }),
    ...(microUsdTotal !== undefined && { microUsdTotal }),
  };
}

/** Such a budget cannot hold where nobody knows the price. */
function isInMoneyOnly({ tokensPerDay, microUsdPerDay, microUsdTotal }: GrantLimits): boolean {
  return tokensPerDay === undefined && (microUsdPerDay !== undefined || microUsdTotal !== undefined);
}

/** Failures after which the backend may have read the prompt all the same; the others came before any work. */
function mayHaveWorked(outcome: 'done' | ErrorCode): boolean {
  return ['done', 'aborted', 'denied', 'budget-exceeded', 'interrupted', 'timeout', 'bad-response', 'gone'].includes(outcome);
}

function isAnswer({ type }: Part): boolean {
  return type === 'text' || type === 'thought' || type === 'tool-call';
}
