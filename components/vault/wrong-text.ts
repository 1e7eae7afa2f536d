import type { ErrorData } from '../../lib/protocol/errors.ts';
import { duration } from '../text/format.ts';
import { t } from '../text/t.ts';

/** What is said below a passphrase that did not open; undefined where the fault lies elsewhere. */
export function wrongText(problem: ErrorData | undefined): string | undefined {
  if (problem?.code === 'unauthorized') return t('passphraseWrong');
  if (problem?.code === 'rate-limited') return t('passphraseWait', { time: duration((problem.retryAfterSeconds ?? 1) * 1000) });
  return undefined;
}
