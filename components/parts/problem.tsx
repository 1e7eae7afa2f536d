import type { ComponentChildren } from 'preact';
import type { ErrorData } from '../../lib/protocol/errors.ts';
import { duration, language } from '../text/format.ts';
import { problemText, type Step, stepText } from '../text/problem-text.ts';
import { t } from '../text/t.ts';
import { openOptions } from './open-page.ts';

interface Props {
  error: ErrorData;
  /** What this place can do about it; the buttons of the steps that help are shown. */
  can?: Partial<Record<Step, () => void>>;
}

/**
 * A failure: what happened, the next step, the buttons for it, and the details behind "Why?". English readers get the
 * error's own sentence, which names the host; others get the catalogue's, and the exact one among the details.
 */
export function Problem({ error, can = {} }: Props) {
  const { what, next, steps } = problemText[error.code] ?? problemText.internal;
  const isOwnSentence = language() === 'en' && error.message !== '';
  // What any page can do without being told how.
  const able = { reload: () => location.reload(), unlock: () => void openOptions('keys'), ...can };
  const possible = steps.filter((step) => able[step]);
  return (
    <div class="problem" role="alert">
      <strong>{t(what)}</strong>
      <p class="quiet any-break" dir="auto">
        {isOwnSentence ? withCode(error.message) : t(next)}
      </p>
      {possible.length > 0 && (
        <div class="row wrap">
          {possible.map((step) => (
            <button key={step} type="button" class="button small" onClick={() => able[step]?.()}>
              {t(stepText[step])}
            </button>
          ))}
        </div>
      )}
      <details>
        <summary>{t('why')}</summary>
        <dl>
          {isOwnSentence ? (
            <Detail name={t('whyNext')} value={t(next)} />
          ) : (
            error.message && <Detail name={t('whyMessage')} value={error.message} />
          )}
          {error.status !== undefined && <Detail name={t('whyStatus')} value={String(error.status)} />}
          {error.retryAfterSeconds !== undefined && <Detail name={t('whyWait')} value={duration(error.retryAfterSeconds * 1000)} />}
          <Detail name={t('whyKind')} value={error.code} />
        </dl>
      </details>
    </div>
  );
}

/** Commands stand between backticks in the sentences of errors. */
function withCode(message: string): ComponentChildren {
  const pieces = message.split('`');
  return pieces.length % 2 === 0 ? message : pieces.map((piece, index) => (index % 2 === 0 ? piece : <code key={piece}>{piece}</code>));
}

function Detail({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd class="any-break" dir="auto">
        {value}
      </dd>
    </>
  );
}
