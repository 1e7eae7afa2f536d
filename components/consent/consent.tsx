import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { request } from '../../lib/panel/background.ts';
import { type ConsentQuestion, watchQuestion } from '../../lib/permissions/question.ts';
import type { Decision } from '../../lib/protocol/access.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import { Problem } from '../parts/problem.tsx';
import { t } from '../text/t.ts';
import { Actions } from './actions.tsx';
import { Expired } from './expired.tsx';
import { Facts, type Wish } from './facts.tsx';
import { Origin } from './origin.tsx';
import { quote } from './quote.ts';
import { Unconnected } from './unconnected.tsx';

interface Props {
  /** The question before the user; nothing where it was answered or withdrawn before the window was there. */
  question: ConsentQuestion | undefined;
}

/** The window that asks whether a site may use a model. */
export function Consent({ question }: Props) {
  const isExpired = useSignal(question === undefined);
  useEffect(
    () =>
      watchQuestion((now) => {
        if (now?.id !== question?.id) isExpired.value = true;
      }),
    [],
  );
  if (!question || isExpired.value) return <Expired />;
  return <Question question={question} onExpired={() => (isExpired.value = true)} />;
}

function Question({ question, onExpired }: { question: ConsentQuestion; onExpired(): void }) {
  const { origin, topOrigin, isPrivate, reason, promptPreview, held } = question;
  const problem = useSignal<ErrorData | undefined>(undefined);
  const wish = useSignal<Wish>({ choice: question, abilities: question.abilities, limits: question.limits });

  async function decide(decision: Decision): Promise<void> {
    const { choice, abilities, limits } = wish.value;
    const picked = question.isUnconnected ? {} : { choice: { connectionId: choice.connectionId, model: choice.model }, abilities, limits };
    try {
      await request('consent.decide', { id: question.id, nonce: question.nonce, decision, ...picked });
      window.close();
    } catch (thrown) {
      const error = errorData(toSwitchboardError(thrown));
      // A storage that fails leaves the question open: "once" needs no disk. Otherwise it was answered, withdrawn or too late.
      if (storageFailures.has(error.code)) problem.value = error;
      else onExpired();
    }
  }

  if (question.isUnconnected) return <Unconnected question={question} onDecide={decide} />;
  return (
    <main class="consent">
      <div class="what stack">
        {problem.value && <Problem error={problem.value} />}
        <p class="quiet">{t(held ? 'consentAsksMore' : question.asksAccessOnly ? 'consentAsksAccess' : 'consentAsks')}</p>
        <Origin origin={origin} topOrigin={topOrigin} />
        {isPrivate && <p class="quiet">{t('consentPrivate')}</p>}
        {reason && (
          <figure class="stack">
            <figcaption class="quiet">{t('consentReason')}</figcaption>
            <blockquote>
              <bdi>{quote(reason)}</bdi>
            </blockquote>
          </figure>
        )}
        <Facts question={question} wish={wish.value} onChange={(next) => (wish.value = next)} />
        {promptPreview && (
          <figure class="stack">
            <figcaption class="quiet">{t('consentPrompt')}</figcaption>
            <blockquote>
              <bdi>{quote(promptPreview)}</bdi>
            </blockquote>
          </figure>
        )}
      </div>
      <Actions onDecide={(decision) => void decide(decision)} />
    </main>
  );
}

const storageFailures = new Set<ErrorData['code']>(['internal', 'not-supported']);
