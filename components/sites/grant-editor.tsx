import { useSignal } from '@preact/signals';
import { type Grant, grantAbilities } from '../../lib/permissions/grant.ts';
import { idleLifeMs } from '../../lib/permissions/grant-items.ts';
import { changeGrant } from '../../lib/permissions/grants.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import { Problem } from '../parts/problem.tsx';
import { t } from '../text/t.ts';
import { AbilitiesEditor } from './abilities-editor.tsx';
import { ChoiceField, gestureChoices, hiddenChoices } from './choice-field.tsx';
import { HistoryField } from './history-field.tsx';
import { LimitsEditor } from './limits-editor.tsx';

/** Everything about one grant that can be changed in place. Its models are what the site asked for; it asks for others itself. */
export function GrantEditor({ grant, onDone }: { grant: Grant; onDone(): void }) {
  const draft = useSignal(grant);
  const problem = useSignal<ErrorData | undefined>(undefined);
  const { abilities, limits, rules, history, expiresAt } = draft.value;
  const change = (more: Partial<Grant>) => (draft.value = { ...draft.value, ...more });

  async function save(): Promise<void> {
    try {
      const { expiresAt: ends, ...rest } = draft.value;
      await changeGrant(grant, {
        abilities: rest.abilities,
        limits: rest.limits,
        rules: rest.rules,
        history: rest.history,
        ...(grant.decision === 'always' && { expiresAt: ends }),
      });
      onDone();
    } catch (thrown) {
      problem.value = errorData(toSwitchboardError(thrown));
    }
  }

  return (
    <form
      class="stack editor"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <AbilitiesEditor offered={grantAbilities} abilities={abilities} onChange={(next) => change({ abilities: next })} />
      <LimitsEditor idPrefix={grant.id} limits={limits} onChange={(next) => change({ limits: next })} />
      <div class="limits wide">
        <ChoiceField
          id={`${grant.id}-hidden`}
          label={t('ruleHidden')}
          value={rules.whenHidden}
          choices={hiddenChoices}
          onChange={(whenHidden) => change({ rules: { ...rules, whenHidden } })}
        />
        <ChoiceField
          id={`${grant.id}-gesture`}
          label={t('ruleGesture')}
          value={rules.gesture}
          choices={gestureChoices}
          onChange={(gesture) => change({ rules: { ...rules, gesture } })}
        />
        <HistoryField id={`${grant.id}-history`} label={t('ruleHistory')} value={history} onChange={(next) => change({ history: next })} />
      </div>
      {grant.decision === 'always' && (
        <label class="check">
          <input
            type="checkbox"
            checked={expiresAt !== undefined}
            onChange={(event) => {
              const { expiresAt: _, ...others } = draft.value;
              draft.value = event.currentTarget.checked ? { ...others, expiresAt: Date.now() + idleLifeMs } : others;
            }}
          />
          {t('grantEndsIdle')}
        </label>
      )}
      <div class="row">
        <button type="submit" class="button primary">
          {t('save')}
        </button>
        <button type="button" class="button plain" onClick={onDone}>
          {t('cancel')}
        </button>
      </div>
      {problem.value && <Problem error={problem.value} />}
    </form>
  );
}
