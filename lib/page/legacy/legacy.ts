import { type LegacyOutput, type LegacyPiece, type LegacyWindowAi, legacyMethods } from '../../protocol/legacy.ts';
import type { PageModel } from '../../protocol/model.ts';
import type { SwitchboardProvider } from '../../protocol/provider.ts';
import type { Calls } from '../calls.ts';
import { toPageError } from '../errors.ts';
import { toJson } from '../plain-json.ts';
import { bare, freeze, queueMicrotask, SafeError } from '../primordials.ts';
import { own } from '../read-options.ts';

type Hear = (result: LegacyOutput | null, error: string | null) => unknown;
type Handler = (event: 'model_changed' | 'error', data: unknown) => unknown;

/**
 * The interface of the extension Window AI, so that pages written for it go on working. The background knows what each
 * method means and shapes the answers; here they are handed over, in microtasks: what a page throws is its own affair.
 */
export function createLegacy(calls: Calls, on: SwitchboardProvider['on'], version: string): LegacyWindowAi {
  let count = 0;
  let tell = (_error: string): void => {};
  const ai: Record<string, unknown> = bare({
    __window_ai_metadata__: freeze({ domain: 'https://windowai.io', version }),
    addEventListener: freeze((handler: Handler) => {
      const before = tell;
      on('modelchanged', (model) => handler('model_changed', { model: (model as PageModel | null)?.id }));
      tell = (error) => {
        before(error);
        queueMicrotask(() => handler('error', error));
      };
      count += 1;
      return `${count}`;
    }),
  });
  for (let index = 0; index < legacyMethods.length; index++) {
    const name = legacyMethods[index] as string;
    ai[name] = freeze((input: unknown, options: unknown) => run(name, input, options));
  }
  return ai as unknown as LegacyWindowAi;

  async function run(name: string, input: unknown, options: unknown): Promise<unknown> {
    const given = own(options, 'onStreamResult');
    const hear = typeof given === 'function' && (given as Hear);
    const plain = hear ? { ...(options as object), onStreamResult: true } : options;
    const pieces = calls.stream<LegacyPiece>('legacy', toJson({ name, input, options: plain }, toPageError));
    for (;;) {
      let piece: LegacyPiece;
      try {
        // One in each batch, and the last ends the call: there is always a next one.
        piece = ((await pieces.next()).value as LegacyPiece[])[0] as LegacyPiece;
      } catch (error) {
        piece = [2, `MODEL_REJECTED_REQUEST: ${(error as Error).message}`];
      }
      const kind = piece[0];
      const content = piece[1];
      if (kind === 1) return content;
      if (kind === 3) throw new SafeError(content as string);
      queueMicrotask(() => hear && (kind ? hear(null, content as string) : hear(content as LegacyOutput, null)));
      if (kind) {
        tell(content as string);
        throw content;
      }
    }
  }
}
