import { RotateCw } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { Markdown } from '../markdown/markdown.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Problem } from '../parts/problem.tsx';
import { plural } from '../text/plural.ts';
import type { Step } from '../text/problem-text.ts';
import { t } from '../text/t.ts';
import { Figures } from './figures.tsx';
import type { TurnView } from './turn-view.ts';
import { Waiting } from './waiting.tsx';

interface Props {
  view: TurnView;
  isLast: boolean;
  /** It was answered by one of the user's own machines. */
  isOwn: boolean;
  /** Say which model it was: others answered in this chat too. */
  showsModel: boolean;
  onRetry(): void;
  can: Partial<Record<Step, () => void>>;
  /** Where its server may have no model loaded: what it could load. */
  offer?: ComponentChildren;
}

/** An answer: reasoning folded, the text as it comes, what went wrong, and what can be done with it. */
export function AnswerTurn({ view, isLast, isOwn, showsModel, onRetry, can, offer }: Props) {
  const turn = view.turn.value;
  const { settled, open } = view.blocks.value;
  const thought = view.thought.value;
  const isAnswering = turn.state === 'answering';
  const hasText = settled.length + open.length > 0;
  return (
    <article class="answer" aria-label={t('turnAnswer')} aria-busy={isAnswering}>
      {showsModel && turn.model && <small class="any-break">{turn.model}</small>}
      {thought && (
        <details class="thought">
          <summary>{isAnswering && !hasText ? t('thinking') : t('thoughts')}</summary>
          <p class="quiet" dir="auto">
            {thought}
          </p>
        </details>
      )}
      {hasText && <Markdown settled={settled} open={open} />}
      {isAnswering && !hasText && !thought && <Waiting />}
      {turn.leftOutMessages && <p class="lamp">{plural('leftOut', turn.leftOutMessages)}</p>}
      {turn.state === 'stopped' && <p class="lamp">{t('turnStopped')}</p>}
      {turn.state === 'failed' && turn.error && <Problem error={turn.error} can={isLast ? { ...can, retry: onRetry } : {}} />}
      {isLast && turn.error?.code === 'model-not-found' && offer}
      {!isAnswering && (
        <div class="row tools">
          {hasText && <CopyButton text={view.text} label={t('copyAnswer')} />}
          {isLast && turn.state !== 'failed' && (
            <button type="button" class="button plain small" onClick={onRetry} title={t('again')} aria-label={t('again')}>
              <RotateCw size={15} />
            </button>
          )}
          <span class="grow" />
          {hasText && <Figures turn={turn} isOwn={isOwn} />}
        </div>
      )}
    </article>
  );
}
