import { useSignal } from '@preact/signals';
import type { GrantAbility, GrantLimits } from '../../lib/permissions/grant.ts';
import { consentMoneyLimits } from '../../lib/permissions/limits.ts';
import type { Choice, ConsentQuestion, Estimate } from '../../lib/permissions/question.ts';
import { AbilitiesEditor } from '../sites/abilities-editor.tsx';
import { abilitiesText, quotaTexts } from '../sites/grant-text.ts';
import { LimitsEditor } from '../sites/limits-editor.tsx';
import { listed, money, wholeNumber } from '../text/format.ts';
import { t } from '../text/t.ts';
import { newTexts } from './difference.ts';
import { quote } from './quote.ts';

/** What the user is about to grant, as far as they have changed it. */
export interface Wish {
  choice: Choice;
  abilities: GrantAbility[];
  limits: GrantLimits;
}

interface Props {
  question: ConsentQuestion;
  wish: Wish;
  onChange(wish: Wish): void;
}

/** Which model, where the data goes, what the site may do with it, what of that is new, and what this call will take. */
export function Facts({ question, wish, onChange }: Props) {
  const isEditing = useSignal(false);
  const { choice, abilities, limits } = wish;
  const { held } = question;
  const { estimate } = choice;
  const offered = [question, ...question.choices];
  const limitText = listed(quotaTexts(limits));
  const may = abilitiesText(abilities, true);
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
                onChange={(event) => onChange(withChoice(wish, offered[event.currentTarget.selectedIndex] ?? question))}
              >
                {offered.map((each) => (
                  <option key={keyOf(each)} value={keyOf(each)}>
                    {t('modelOf', { model: nameOf(each), connection: quote(each.connectionName, 120, 1) })}
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
        {held && (
          <div>
            <dt>{t('factHeld')}</dt>
            <dd>{[abilitiesText(held.abilities, true), ...quotaTexts(held.limits)].join(' · ')}</dd>
          </div>
        )}
        {held && (
          <div class="new">
            <dt>{t('factNew')}</dt>
            <dd>
              <ul>
                {newTexts(question, wish).map((text) => (
                  <li key={text}>
                    <strong>{text}</strong>
                  </li>
                ))}
              </ul>
            </dd>
          </div>
        )}
        <div>
          <dt>{t('factMay')}</dt>
          <dd>
            {limitText ? t('mayLimits', { abilities: may, limits: limitText }) : t('mayNoLimits', { abilities: may })}{' '}
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
        {estimate && (
          <div>
            <dt>{t('factCall')}</dt>
            <dd>{estimateText(estimate)}</dd>
          </div>
        )}
      </dl>
      {isEditing.value && (
        <div class="stack edits">
          <AbilitiesEditor offered={question.abilities} abilities={abilities} onChange={(next) => onChange({ ...wish, abilities: next })} />
          <LimitsEditor idPrefix="limit" limits={limits} onChange={(next) => onChange({ ...wish, limits: next })} />
        </div>
      )}
    </div>
  );
}

function goesTo({ place, host, connectionName }: Choice) {
  return (
    <>
      <strong>
        <bdi>{quote(connectionName, 120, 1)}</bdi>
      </strong>{' '}
      · {t(placeText[place])}
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

/** Unpriced is said, because it is not free; and that an answer without a length costs too. */
function estimateText({ inputTokens, outputTokens, microUsd }: Estimate): string {
  const tokens =
    outputTokens === undefined
      ? t('aboutTokensAnswer', { tokens: wholeNumber(inputTokens) })
      : t('aboutTokens', { tokens: wholeNumber(inputTokens + outputTokens) });
  if (microUsd === undefined) return t('tokensUnpriced', { tokens });
  return microUsd === 0 ? t('tokensFree', { tokens }) : t('tokensAtMost', { tokens, money: money(microUsd) });
}

/** Another model: one that may cost money is bounded in money, unless the user said otherwise. */
function withChoice({ abilities, limits, choice: before }: Wish, choice: Choice): Wish {
  const { microUsdPerDay, microUsdTotal, ...others } = limits;
  const isBounded = microUsdPerDay !== undefined || microUsdTotal !== undefined;
  const isUsual = microUsdPerDay === consentMoneyLimits.microUsdPerDay && microUsdTotal === consentMoneyLimits.microUsdTotal;
  if (choice.mayCost && !before.mayCost && !isBounded) return { abilities, choice, limits: { ...limits, ...consentMoneyLimits } };
  return { abilities, choice, limits: !choice.mayCost && before.mayCost && isUsual ? others : limits };
}

/** Names of models come from servers, those of connections from backups, too. */
function nameOf(choice: Choice): string {
  return quote(choice.modelName ?? choice.model, 120, 1);
}

function keyOf({ connectionId, model }: Choice): string {
  return `${connectionId} ${model}`;
}
