import type { JsonObject } from '../../protocol/json.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import { type Frame, sendFrames } from '../kit/send-frames.ts';
import { eventFrame } from '../openai-shape/frames.ts';

const modules = 4;

/**
 * Tells of a model that is loaded, a module at a time. A draft model comes first and has its own end; nothing marks the
 * end of the stream. A failure is told inside it.
 */
export async function streamLoad(exchange: Exchange, done: () => void): Promise<void> {
  const { body, scenario } = exchange;
  const isFailing = scenario.failAt !== undefined;
  const frames = function* (): Generator<Frame> {
    if (asObject(body.draft_model).draft_model_name !== undefined) yield* phase('draft');
    yield* phase('model');
    done();
  };
  const failed = eventFrame({ error: { message: 'Insufficient VRAM in split for model and cache', trace: null } });
  await sendFrames({ ...exchange, scenario: { lineEnds: 'crlf', ...scenario } }, 'text/event-stream', frames(), () =>
    isFailing ? failed : '',
  );
}

/** What is there already is not loaded again; that is told inside the stream too. */
export async function refuseLoad(exchange: Exchange, name: string): Promise<void> {
  const text = eventFrame({ error: { message: `Model "${name}" is already loaded! Aborting.`, trace: null } });
  await sendFrames({ ...exchange, scenario: { ...exchange.scenario, lineEnds: 'crlf' } }, 'text/event-stream', [{ text }], () => '');
}

function* phase(type: string): Generator<Frame> {
  const step = (module: number, status: string): JsonObject => ({ model_type: type, module, modules, status });
  for (let module = 1; module <= modules; module++) yield { text: eventFrame(step(module, 'processing')), token: true };
  yield { text: eventFrame(step(modules, 'finished')) };
}
