import { useSignal } from '@preact/signals';
import type { JsonObject } from '../../lib/protocol/json.ts';
import { t } from '../text/t.ts';

/** Fields that the server knows and this form does not, as JSON. */
export function ExtraField({ extra, onChange }: { extra: JsonObject | undefined; onChange(extra: JsonObject | undefined): void }) {
  const text = useSignal(extra ? JSON.stringify(extra, null, 2) : '');
  const isWrong = useSignal(false);
  const read = (typed: string) => {
    text.value = typed;
    const value = typed.trim() === '' ? undefined : objectOf(typed);
    isWrong.value = value === undefined && typed.trim() !== '';
    if (!isWrong.value) onChange(value);
  };
  return (
    <div class="field">
      <label for="extra">{t('extra')}</label>
      <textarea
        id="extra"
        class="input mono"
        rows={2}
        spellcheck={false}
        aria-invalid={isWrong.value}
        placeholder='{ "num_ctx": 8192 }'
        value={text.value}
        onInput={(event) => read(event.currentTarget.value)}
      />
      {isWrong.value ? (
        <span class="wrong" role="alert">
          {t('extraWrong')}
        </span>
      ) : (
        <span class="hint">{t('extraHint')}</span>
      )}
    </div>
  );
}

function objectOf(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
