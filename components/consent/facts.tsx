import { useSignal } from '@preact/signals';
import type { GrantLimits } from '../../lib/permissions/grant.ts';
import type { Choice, ConsentQuestion } from '../../lib/permissions/question.ts';
import { limitTexts } from '../sites/grant-text.ts';
import { LimitsEditor } from '../sites/limits-editor.tsx';
import { listed, money, wholeNumber } from '../text/format.ts';
import { t } from '../text/t.ts';
import { quote } from './quote.ts';

interface Props {
  question: ConsentQuestion;
  choice: Choice;
  onChoose(choice: Choice): void;
  limits: GrantLimits;
  onLimits(limits: GrantLimits): void;
}

/** Which model, where the data goes, what the site may do with it, and what this call will take. */
export function Facts({ question, choice, onChoose, limits, onLimits }: Props) {
  const isEditing = useSignal(false);
  const offered = [question, ...question.choices];
  const { tokensPerDay, microUsdPerDay, microUsdTotal } = limits;
  const limitText = listed(limitTexts(defined({ tokensPerDay, microUsdPerDay, microUsdTotal })));
  return (
    <div class="card">
      <dl class="facts">
        <div>
          <dt>{t('factModel')}</dt>
          <dd>
            {offered.length === 1 ? (
              <strong class="any-break">{nameOf(question)}</strong>
            ) : (
              <select
                class="input"
                aria-label={t('factModel')}
                value={keyOf(choice)}
                onChange={(event) => onChoose(offered[event.currentTarget.selectedIndex] ?? question)}
              >
                {offered.map((each) => (
                  <option key={keyOf(each)} value={keyOf(each)}>
                    {t('modelOf', { model: nameOf(each), connection: each.connectionName })}
                  </option>
                ))}
              </select>
            )}
          </dd>
        </div>
        <div>
          <dt>{t('factGoesTo')}</dt>
          <dd>{goesTo(choice)}</dd>
        </div>
        <div>
          <dt>{t('factMay')}</dt>
          <dd>
            {limitText ? t('mayChatLimits', { limits: limitText }) : t('mayChat')}{' '}
            <button
              type="button"
              class="button plain small"
              aria-expanded={isEditing.value}
              onClick={() => (isEditing.value = !isEditing.value)}
            >
              {t('edit')}
            </button>
          </dd>
        </div>
        {question.estimate && (
          <div>
            <dt>{t('factCall')}</dt>
            <dd>{estimateText(question.estimate)}</dd>
          </div>
        )}
      </dl>
      {isEditing.value && <LimitsEditor idPrefix="limit" limits={limits} onChange={onLimits} />}
    </div>
  );
}

function goesTo({ place, host, connectionName }: Choice) {
  return (
    <>
      <strong>{connectionName}</strong> · {t(placeText[place])}
      {host && (
        <>
          {' · '}
          <code class="any-break">{host}</code>
        </>
      )}
    </>
  );
}

const placeText = { device: 'goesDevice', network: 'goesNetwork', company: 'goesCompany' } as const;

function estimateText({ inputTokens, outputTokens = 0, microUsd }: NonNullable<ConsentQuestion['estimate']>): string {
  const tokens = t('aboutTokens', { tokens: wholeNumber(inputTokens + outputTokens) });
  return microUsd === undefined ? tokens : t('aboutTokensMoney', { tokens, money: money(microUsd) });
}

/** What it may use up is what matters here; how fast it may ask is among the details. */
function defined(limits: { [Name in keyof GrantLimits]: GrantLimits[Name] | undefined }): GrantLimits {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

/** Names of models come from servers. */
function nameOf(choice: Choice | ConsentQuestion): string {
  return quote('modelName' in choice ? choice.modelName : choice.model, 120, 1);
}

function keyOf({ connectionId, model }: Choice): string {
  return `${connectionId} ${model}`;
}
