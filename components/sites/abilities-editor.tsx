import type { GrantAbility } from '../../lib/permissions/grant.ts';
import { t } from '../text/t.ts';
import { abilityTexts } from './grant-text.ts';

interface Props {
  /** Those that can be given or left out. */
  offered: readonly GrantAbility[];
  abilities: readonly GrantAbility[];
  onChange(abilities: GrantAbility[]): void;
}

/** What a site may do with its models. */
export function AbilitiesEditor({ offered, abilities, onChange }: Props) {
  return (
    <fieldset class="field">
      <legend>{t('factMay')}</legend>
      <div class="row wrap checks">
        {offered.map((ability) => (
          <label key={ability} class="check">
            <input
              type="checkbox"
              checked={abilities.includes(ability)}
              onChange={(event) => {
                const others = abilities.filter((each) => each !== ability);
                onChange(event.currentTarget.checked ? [...others, ability] : others);
              }}
            />
            {t(abilityTexts[ability])}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
