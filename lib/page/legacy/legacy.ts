import type { LegacyOutput, LegacyPiece, LegacyWindowAi } from '../../protocol/legacy.ts';
import type { SwitchboardProvider } from '../../protocol/provider.ts';
import type { Calls } from '../calls.ts';
import { toPageError } from '../errors.ts';
import { toJson } from '../plain-json.ts';
import { createTable, freeze, queueMicrotask, SafeError } from '../primordials.ts';
import { isObject, own } from '../read-options.ts';

type Hear = (result: LegacyOutput | null, error: string | null) => unknown;

/**
 * The interface of the extension Window AI, so that pages written for it go on working: what is called, how it streams,
 * and what it rejects with. The background shapes the answers; here they are handed over.
 */
export function createLegacy(calls: Calls, on: SwitchboardProvider['on'], version: string): LegacyWindowAi {
  const listeners = createTable<(event: 'error', data: string) => unknown>();
  let lastId = 0;

  const generateText = async (input: unknown, options?: unknown): Promise<LegacyOutput[]> => {
    const given = own(options, 'onStreamResult');
    const hear = typeof given === 'function' ? (given as Hear) : undefined;
    const plain = isObject(options) && hear ? { ...options, onStreamResult: true } : options;
    const pieces = calls.stream<LegacyPiece>('legacy.generate', toJson({ input, options: plain }, toPageError));
    for (;;) {
      const { value } = await pieces.next().catch((error) => fail(lost(error), hear));
      // The last piece is never a partial one.
      for (let index = 0; index < (value as LegacyPiece[]).length; index++) {
        const piece = (value as LegacyPiece[])[index] as LegacyPiece;
        const content = piece[1];
        if (piece[0] === 'partial') queueMicrotask(() => hear?.(content as LegacyOutput, null));
        else if (piece[0] === 'done') return content as LegacyOutput[];
        else if (piece[0] === 'wrong') throw new SafeError(content as string);
        else fail(content as string, hear);
      }
    }
  };

  return {
    __window_ai_metadata__: freeze({ domain: 'https://windowai.io', version }),
    generateText: freeze(generateText),
    getCompletion: freeze(async (input: unknown, options?: unknown) => {
      const outputs = await generateText(input, options);
      return outputs.length > 1 ? outputs : (outputs[0] as LegacyOutput);
    }),
    getCurrentModel: freeze(async () => (await calls.request('legacy.model', '{}').catch((error) => fail(lost(error)))) as string),
    addEventListener: freeze((handler: (event: 'model_changed' | 'error', data: unknown) => unknown) => {
      on('modelchanged', (model) => handler('model_changed', { model: own(model, 'id') }));
      lastId += 1;
      listeners.set(lastId, handler);
      return `${lastId}`;
    }),
    BETA_generate3DObject: freeze(async () => fail('MODEL_REJECTED_REQUEST: 400: Switchboard makes no 3D objects.')),
    BETA_updateModelProvider: freeze(async () => fail('PERMISSION_DENIED')),
  };

  /** Not called from here: what a page throws is its own affair. */
  function fail(error: string, hear?: Hear): never {
    if (hear) queueMicrotask(() => hear(null, error));
    listeners.each((listener) => queueMicrotask(() => listener('error', error)));
    throw error;
  }
}

/** What goes wrong on this side of the background, or before it reads the call. */
function lost(error: unknown): string {
  const status = own(error, 'status');
  return status === 403 ? 'PERMISSION_DENIED' : `MODEL_REJECTED_REQUEST: ${status}: ${own(error, 'message')}`;
}
