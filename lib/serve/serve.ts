import { browser } from 'wxt/browser';
import { type ErrorData, errorData, SwitchboardError } from '../protocol/errors.ts';
import { pageError } from '../protocol/page-errors.ts';
import type { Call } from '../protocol/wire.ts';
import type { Caller } from '../router/caller.ts';
import type { CallBook } from './calls/call-book.ts';
import { type Identity, nestedText, type Sender } from './identify.ts';
import type { Lease } from './keep-alive.ts';
import { createLimits, type Limits } from './limits.ts';
import type { MethodTable } from './method.ts';
import { readCall, readEnvelope } from './read-call.ts';
import { type RunningCall, runCall } from './run-call.ts';
import { createTurns, type Turns } from './turns.ts';

/** What is used of a `Runtime.Port`. */
export interface Port {
  sender?: Sender | undefined;
  postMessage(message: unknown): void;
  disconnect(): void;
  onMessage: { addListener(listener: (message: unknown) => void): void };
  onDisconnect: { addListener(listener: () => void): void };
}

export interface ServeOptions {
  identify(sender: Sender | undefined): Identity;
  /** What sites may call, and what our own pages may call: two tables, so that neither can name the other's methods. */
  site: MethodTable;
  panel: MethodTable;
  lease: Lease;
  limits?: Limits;
  turns?: Turns;
  stallMs?: number;
  /** Lets a message be read once all is there that answers it. Keeps the order. */
  whenReady?(work: () => void): void;
  /** For calls of sites, while a developer watches them. */
  begin?: CallBook['begin'];
}

const maxCallsAtOnce = 256;
const fiveMinutes = 5 * 60_000;
const sharedLimits = createLimits();
const sharedTurns = createTurns();

/**
 * Answers the calls of one port until it closes. Register it for `runtime.onConnect` alone, synchronously at the
 * background's start. Every call that can be read is answered exactly once; closing the port stops all of them.
 */
export function serve(
  port: Port,
  {
    identify,
    site,
    panel,
    lease,
    limits = sharedLimits,
    turns = sharedTurns,
    stallMs = fiveMinutes,
    whenReady = atOnce,
    begin,
  }: ServeOptions,
): void {
  const identity = identify(port.sender);
  const table = identity.role === 'extension' ? panel : site;
  const running = new Map<number, RunningCall>();
  let lastId = 0;
  let page = { active: false, visible: false, clicked: false };
  let wasActive = false;
  let isClosed = false;
  const tabId = identity.role === 'extension' ? undefined : (port.sender?.tab?.id ?? -1);
  const { frameId = 0, origin = '' } = port.sender ?? {};
  const leave = tabId === undefined ? () => {} : limits.open(tabId);

  const hear = identity.role === 'extension' ? (message: unknown) => void receive(message) : receiveFromSite;
  port.onMessage.addListener((message) => whenReady(() => isClosed || hear(message)));
  port.onDisconnect.addListener(() => {
    // Chromium logs a reason nobody looked at as an error of the extension.
    void browser.runtime.lastError;
    close();
  });

  function receiveFromSite(message: unknown): void {
    const envelope = readEnvelope(message);
    const text = envelope?.call;
    if (leave === undefined) refuseAll(text, tooManyPorts);
    else if (!limits.take(tabId as number, text?.length ?? 1)) refuseAll(text, flooded);
    else if (envelope !== undefined) {
      page = envelope;
      wasActive ||= envelope.active;
      const isNested = envelope.embedded && identity.role === 'site' && identity.topOrigin === undefined;
      turns.take(tabId as number, (done) => !isClosed && receive(envelope.call, isNested ? nested : undefined, done));
    }
  }

  /** True where a call is at work now, which calls `done` at its end. */
  function receive(text: unknown, refusal?: SwitchboardError, done?: () => void): boolean {
    const call = readCall(text);
    if (call.type === 'unreadable') answerError(call.id, new SwitchboardError(call.code, call.message));
    else if (call.type === 'abort') running.get(call.id)?.abort();
    else if (call.type === 'credit') running.get(call.id)?.credit(call.size);
    else return start(call, refusal, done);
    return false;
  }

  function start({ id, method: name, params }: Call & { type: 'call' }, refusal: SwitchboardError | undefined, done?: () => void): boolean {
    const isDouble = id <= lastId;
    lastId = Math.max(id, lastId);
    const method = Object.hasOwn(table, name) ? table[name] : undefined;
    const trace = tabId === undefined ? undefined : begin?.({ tabId, frameId, origin }, name, params);
    if (identity.role === 'refused') refuse(identity.error);
    else if (refusal !== undefined) refuse(refusal);
    else if (isDouble) refuse(new SwitchboardError('bad-request', 'There was a call with this id before.'));
    else if (method === undefined) refuse(new SwitchboardError('bad-request', 'There is no call of that name.'));
    else if (running.size >= maxCallsAtOnce) refuse(tooManyCalls);
    else {
      const caller: Caller =
        identity.role === 'extension'
          ? identity
          : {
              ...identity,
              isActive: () => page.active,
              wasActive: () => wasActive,
              isVisible: () => page.visible,
              isClicked: () => page.clicked,
            };
      const traced: Caller = trace ? { ...caller, trace } : caller;
      const onSettled = (isAnswered: boolean) => {
        running.delete(id);
        trace?.settled(isAnswered);
        done?.();
      };
      running.set(id, runCall({ id, method, params, caller: traced, post, describe: told, lease, stallMs, onSettled }));
      return method.kind !== 'subscription';
    }
    return false;

    function refuse(error: SwitchboardError): void {
      told(error);
      trace?.settled(true);
      answerError(id, error);
    }

    function told(error: SwitchboardError): ErrorData {
      trace?.failed(error);
      return describe(error);
    }
  }

  /** For a call that does not run. One that runs under the same id must not be settled by it. */
  function answerError(id: number | undefined, error: SwitchboardError): void {
    if (id === undefined || running.has(id)) return;
    try {
      post(JSON.stringify({ type: 'error', id, error: describe(error) }));
    } catch {
      // The port has closed: nobody waits for this answer.
    }
  }

  /** Tells whoever can be told, and closes. */
  function refuseAll(text: string | undefined, error: SwitchboardError): void {
    const call = text !== undefined && text.length < 65_536 ? readCall(text) : undefined;
    if (call?.type === 'call') answerError(call.id, error);
    for (const each of [...running.values()]) each.fail(error);
    port.disconnect();
    close();
  }

  function close(): void {
    isClosed = true;
    for (const each of [...running.values()]) each.abort();
    leave?.();
  }

  function post(text: string): void {
    port.postMessage(text);
  }

  function describe(error: SwitchboardError): ErrorData {
    return identity.role === 'extension' ? errorData(error) : pageError(error);
  }
}

function atOnce(work: () => void): void {
  work();
}

const nested = new SwitchboardError('unsupported-context', nestedText);
const tooManyPorts = new SwitchboardError(
  'rate-limited',
  'Too many frames of this tab use Switchboard at once. Call from the page itself.',
);
const tooManyCalls = new SwitchboardError('rate-limited', `Only ${maxCallsAtOnce} calls can run at once. Wait for some to finish.`, {
  retryAfterSeconds: 1,
});
const flooded = new SwitchboardError('rate-limited', 'This page sent too much at once. Wait before asking again.', {
  retryAfterSeconds: 10,
});
