import * as z from 'zod/mini';
import { lazy, parse } from '../../protocol/parse.ts';
import type { Router } from '../../router/router.ts';
import type { CallContext } from '../method.ts';
import { type CallBook, createCallBook } from './call-book.ts';

export interface CallMethods {
  book: CallBook;
  watch(params: unknown, context: CallContext, emit: (value: unknown) => void): Promise<void>;
  replay(params: unknown, context: CallContext): Promise<void>;
}

/** What the developer panel asks of the background. */
export function createCallMethods(router: Router): CallMethods {
  const book = createCallBook(router);
  return {
    book,
    async watch(params, { signal }, emit) {
      const { tabId } = parse(watched, params, 'calls.watch');
      const undo = book.watch(tabId, emit);
      if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      undo();
    },
    async replay(params, { signal }) {
      const { tabId, id } = parse(replayed, params, 'calls.replay');
      await book.replay(tabId, id, signal);
    },
  };
}

const watched = lazy(() => z.object({ tabId: z.int() }));
const replayed = lazy(() => z.object({ tabId: z.int(), id: z.string() }));
