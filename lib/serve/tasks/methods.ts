import type { Router } from '../../router/router.ts';
import type { CallContext } from '../method.ts';
import { failureOf } from '../prompt/failure.ts';
import { availability } from './availability.ts';
import { create } from './create.ts';
import type { TaskPiece } from './piece.ts';
import { measureInput, run } from './run.ts';

/** What the task APIs ask of the background. Failures are the last piece: they have the names of the platform. */
export interface TaskMethods {
  availability(params: unknown, context: CallContext): Promise<{ availability: string }>;
  create(params: unknown, context: CallContext): AsyncIterable<TaskPiece[]>;
  run(params: unknown, context: CallContext): AsyncIterable<TaskPiece[]>;
  measure(params: unknown, context: CallContext): AsyncIterable<TaskPiece[]>;
}

export function createTaskMethods(router: Router): TaskMethods {
  return {
    availability: async (params, context) => ({ availability: await availability(router, params, forTask(params, context)) }),
    create: (params, context) => withFailure(create(router, params, forTask(optionsIn(params), context)), 'OperationError'),
    run: (params, context) => withFailure(run(router, params, forTask(optionsIn(params), context)), 'UnknownError'),
    measure: (params, context) => withFailure(measureInput(router, params, forTask(optionsIn(params), context)), 'OperationError'),
  };
}

/** Names the task that is called: a page may have handed on to a frame no more than that one. */
function forTask(options: unknown, context: CallContext): CallContext {
  const { caller } = context;
  const { task } = (options ?? {}) as { task?: unknown };
  if (caller.role !== 'site' || typeof task !== 'string') return context;
  return { ...context, caller: { ...caller, feature: task.replace(/\B[A-Z]/, '-$&').toLowerCase() } };
}

function optionsIn(params: unknown): unknown {
  return (params as { options?: unknown } | null)?.options;
}

async function* withFailure(pieces: AsyncIterable<TaskPiece[]>, fallback: Parameters<typeof failureOf>[1]): AsyncGenerator<TaskPiece[]> {
  try {
    yield* pieces;
  } catch (thrown) {
    yield [{ error: failureOf(thrown, fallback) }];
  }
}
