import { type ErrorData, SwitchboardError, toSwitchboardError } from '../protocol/errors.ts';
import type { Part } from '../protocol/part.ts';
import type { Reply } from '../protocol/wire.ts';
import type { Caller } from '../router/caller.ts';
import { createFlow } from './flow.ts';
import type { Lease } from './keep-alive.ts';
import type { Method } from './method.ts';
import { plainText } from './plain-text.ts';

/** A call at work. */
export interface RunningCall {
  /** Stops it without another word: whoever asked has gone or no longer listens. */
  abort(): void;
  /** Stops it and says why. */
  fail(error: SwitchboardError): void;
  credit(size: number): void;
}

export interface CallOptions {
  id: number;
  method: Method;
  params: unknown;
  caller: Caller;
  /** Puts a reply's text on the port; may throw. */
  post(text: string): void;
  /** What the caller may know of an error. */
  describe(error: SwitchboardError): ErrorData;
  lease: Lease;
  /** Milliseconds a full window may go unread. */
  stallMs: number;
  /** The last reply is out; not `isAnswered`: none will come, because the caller gave up. */
  onSettled(isAnswered: boolean): void;
}

/** Runs a method for one caller and answers exactly once, whatever the method, the caller and the port do meanwhile. */
export function runCall({ id, method, params, caller, post, describe, lease, stallMs, onSettled }: CallOptions): RunningCall {
  const controller = new AbortController();
  const { signal } = controller;
  const context = { caller, signal };
  const flow = createFlow(signal, stallMs, () => {
    settle({ type: 'error', id, error: stalled });
    controller.abort();
  });
  // A subscription waits for changes: the browser may put the background to sleep meanwhile, so it holds no lease.
  const release = method.kind === 'subscription' ? () => {} : lease.hold();
  let isSettled = false;
  run()
    .then((value) => settle({ type: 'done', id, value }), fail)
    .finally(release);

  return {
    abort() {
      settle();
      controller.abort();
    },
    fail(error) {
      fail(error);
      controller.abort();
    },
    credit: flow.credit,
  };

  async function run(): Promise<unknown> {
    if (method.kind === 'value') return method.run(params, context);
    if (method.kind === 'subscription') return method.run(params, context, (value) => isSettled || send({ type: 'value', id, value }));
    for await (const parts of method.run(params, context)) {
      if (isSettled) return undefined;
      if (parts.length > 0) await sendParts(parts);
    }
    return undefined;
  }

  function sendParts(parts: (Part | string | object)[]): Promise<void> | undefined {
    const text = JSON.stringify(parts.map(toWire));
    post(`{"type":"parts","id":${id},"size":${text.length},"parts":${text}}`);
    return flow.spend(text.length);
  }

  function send(reply: Reply): void {
    post(JSON.stringify(reply));
  }

  function fail(thrown: unknown): void {
    settle({ type: 'error', id, error: describe(toSwitchboardError(thrown)) });
  }

  function settle(reply?: Reply): void {
    if (isSettled) return;
    isSettled = true;
    onSettled(reply !== undefined);
    try {
      if (reply) send(reply);
    } catch {
      if (reply?.type === 'done') sayUnsendable();
    }
  }

  /** The port has closed, or the answer is larger than a port carries: an error always fits. */
  function sayUnsendable(): void {
    try {
      send({ type: 'error', id, error: describe(unsendable) });
    } catch {
      // It has closed: nobody waits.
    }
  }
}

const stalled: ErrorData = { code: 'timeout', message: 'Nothing of the answer was read for five minutes, so it was stopped.' };
const unsendable = new SwitchboardError('bad-response', 'The answer is too large to hand over.');

function toWire(part: Part | string | object): unknown {
  return typeof part === 'string' ? part : (plainText(part as Part) ?? part);
}
