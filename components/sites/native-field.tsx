import { getNativeChoice, type NativeUse, setNativeUse, watchNativeChoice } from '../../lib/permissions/native-choice.ts';
import { stored } from '../state/stored.ts';
import { t } from '../text/t.ts';
import { ChoiceField, nativeChoices } from './choice-field.tsx';

const choice = stored(getNativeChoice, watchNativeChoice);

/** Whose `LanguageModel` pages get: of one site, or, without one, of all. */
export function NativeField({ origin }: { origin?: string }) {
  const known = choice.value.value;
  if (!known) return null;
  if (origin === undefined) {
    return (
      <ChoiceField
        id="native"
        label={t('nativeLabel')}
        hint={t('nativeHint')}
        value={known.usual}
        choices={nativeChoices}
        onChange={(use) => void setNativeUse(use)}
      />
    );
  }
  return (
    <ChoiceField
      id={`native-${origin}`}
      label={t('nativeLabel')}
      value={known.sites[origin] ?? 'usual'}
      choices={{ usual: 'nativeUsual', ...nativeChoices }}
      onChange={(use: NativeUse | 'usual') => void setNativeUse(use === 'usual' ? undefined : use, origin)}
    />
  );
}
