import type { NativeUse } from '../../permissions/native-choice.ts';
import type { Caller } from '../../router/caller.ts';
import type { Router } from '../../router/router.ts';
import type { CallContext } from '../method.ts';
import { append, measureUsage } from './append.ts';
import { availability } from './availability.ts';
import { type Judge, judgeInFrame } from './constraint/judge-in-frame.ts';
import { create } from './create.ts';
import { failureOf } from './failure.ts';
import { nativeUse } from './native-use.ts';
import type { Piece } from './piece.ts';
import { run } from './run.ts';

/** What LanguageModel asks of the background. Failures are the last piece: they have the names of the platform. */
export interface PromptMethods {
  /** Asked by pages of a browser that has a Prompt API of its own. */
  native(caller: Caller): Promise<NativeUse>;
  availability(params: unknown, context: CallContext): Promise<Piece>;
  create(params: unknown, context: CallContext): AsyncIterable<Piece[]>;
  run(params: unknown, context: CallContext): AsyncIterable<Piece[]>;
  append(params: unknown, context: CallContext): AsyncIterable<Piece[]>;
  measure(params: unknown, context: CallContext): AsyncIterable<Piece[]>;
}

export type PromptMethodName = keyof PromptMethods;

/** `judge`: who decides what a page's constraint allows. */
export function createPromptMethods(router: Router, judge: Judge = judgeInFrame): PromptMethods {
  return {
    native: nativeUse,
    async availability(params, context) {
      try {
        return { availability: await availability(router, params, context) };
      } catch (thrown) {
        return { error: failureOf(thrown, 'UnknownError') };
      }
    },
    create: (params, context) => withFailure(create(router, params, context), 'OperationError'),
    run: (params, context) => withFailure(run(router, params, context, judge), 'UnknownError'),
    append: (params, context) => withFailure(append(router, params, context), 'UnknownError'),
    measure: (params, context) => withFailure(measureUsage(router, params, context), 'OperationError'),
  };
}

async function* withFailure(pieces: AsyncIterable<Piece[]>, fallback: Parameters<typeof failureOf>[1]): AsyncGenerator<Piece[]> {
  try {
    yield* pieces;
  } catch (thrown) {
    yield [{ error: failureOf(thrown, fallback) }];
  }
}
