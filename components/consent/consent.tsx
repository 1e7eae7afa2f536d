import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { request } from '../../lib/panel/background.ts';
import { type ConsentQuestion, watchQuestion } from '../../lib/permissions/question.ts';
import type { Decision } from '../../lib/protocol/access.ts';
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
  const { origin, topOrigin, reason, promptPreview, held } = question;
  const wish = useSignal<Wish>({ choice: question, abilities: question.abilities, limits: question.limits });

  async function decide(decision: Decision): Promise<void> {
    const { choice, abilities, limits } = wish.value;
    const picked = question.isUnconnected ? {} : { choice: { connectionId: choice.connectionId, model: choice.model }, abilities, limits };
    try {
      await request('consent.decide', { id: question.id, nonce: question.nonce, decision, ...picked });
      window.close();
    } catch {
      // Answered, withdrawn or too late: nothing was allowed by this click.
      onExpired();
    }
  }

  if (question.isUnconnected) return <Unconnected question={question} onDecide={decide} />;
  return (
    <main class="consent">
      <div class="what stack">
        <p class="quiet">{t(held ? 'consentAsksMore' : question.asksAccessOnly ? 'consentAsksAccess' : 'consentAsks')}</p>
        <Origin origin={origin} topOrigin={topOrigin} />
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
