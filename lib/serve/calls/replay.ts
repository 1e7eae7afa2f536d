import { toSwitchboardError } from '../../protocol/errors.ts';
import type { CallTrace, ModelRequest } from '../../router/call-trace.ts';
import type { ExtensionCaller } from '../../router/caller.ts';
import type { Router, Target } from '../../router/router.ts';
import { tracedRouter } from './traced-router.ts';

export interface ReplayOptions {
  trace: CallTrace;
  signal: AbortSignal;
  /** Who answered the first time. */
  target?: Target;
}

/** Asks a model the same again for the user: no grant and no budget of the site's is used. What comes of it goes to the trace. */
export async function replay(
  router: Pick<Router, 'chat' | 'text' | 'embed'>,
  asked: ModelRequest,
  { trace, signal, target }: ReplayOptions,
): Promise<void> {
  const caller: ExtensionCaller = { role: 'extension', trace };
  const traced = tracedRouter(router as Router);
  try {
    if (asked.kind === 'embed') await traced.embed(caller, asked.request, signal);
    else {
      const parts =
        asked.kind === 'chat' ? traced.chat(caller, asked.request, signal, target) : traced.text(caller, asked.request, signal, target);
      for await (const _ of parts);
    }
  } catch (thrown) {
    // A call that failed again is an outcome to look at, and not a failure to send it.
    trace.failed(toSwitchboardError(thrown));
  } finally {
    trace.settled(!signal.aborted);
  }
}
