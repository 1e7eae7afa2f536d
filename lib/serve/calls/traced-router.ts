import type { SwitchboardError } from '../../protocol/errors.ts';
import { toSwitchboardError } from '../../protocol/errors.ts';
import type { Part } from '../../protocol/part.ts';
import type { CallTrace, ModelRequest } from '../../router/call-trace.ts';
import type { Caller } from '../../router/caller.ts';
import type { Router } from '../../router/router.ts';

/** The router, telling the trace of a caller that has one what it was asked and what it answered. Others pay nothing. */
export function tracedRouter(router: Router): Router {
  const traced = (caller: Caller, asked: ModelRequest, parts: AsyncIterable<Part[]>) =>
    caller.trace ? tracedParts(caller.trace, asked, parts) : parts;
  return {
    ...router,
    chat: (caller, request, ...rest) => traced(caller, { kind: 'chat', request }, router.chat(caller, request, ...rest)),
    text: (caller, request, ...rest) => traced(caller, { kind: 'text', request }, router.text(caller, request, ...rest)),
    async embed(caller, request, signal) {
      caller.trace?.asked({ kind: 'embed', request });
      try {
        const result = await router.embed(caller, request, signal);
        caller.trace?.parts([{ type: 'end', reason: 'stop', usage: { inputTokens: result.inputTokens ?? 0, outputTokens: 0 } }]);
        return result;
      } catch (thrown) {
        throw told(caller.trace, thrown);
      }
    },
  };
}

async function* tracedParts(trace: CallTrace, asked: ModelRequest, parts: AsyncIterable<Part[]>): AsyncGenerator<Part[]> {
  trace.asked(asked);
  try {
    for await (const batch of parts) {
      trace.parts(batch);
      yield batch;
    }
  } catch (thrown) {
    throw told(trace, thrown);
  }
}

function told(trace: CallTrace | undefined, thrown: unknown): SwitchboardError {
  const error = toSwitchboardError(thrown);
  trace?.failed(error);
  return error;
}
