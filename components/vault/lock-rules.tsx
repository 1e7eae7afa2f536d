import { getLockPolicy, type LockPolicy, setLockPolicy, watchLock } from '../../lib/vault/lock.ts';
import { useStored } from '../state/use-stored.ts';
import { minutes } from '../text/format.ts';
import { t } from '../text/t.ts';

const choices = [5, 15, 30, 60, 240];

/** When the keys lock by themselves. What is chosen here holds at once. */
export function LockRules() {
  const policy = useStored(getLockPolicy, watchLock, '');
  if (!policy) return null;
  const set = (change: Partial<LockPolicy>) => void setLockPolicy({ ...policy, ...change });
  return (
    <div class="stack">
      <div class="field">
        <label for="lock-after">{t('lockAfter')}</label>
        <select
          id="lock-after"
          class="input"
          value={policy.afterMinutes}
          onChange={(event) => set({ afterMinutes: Number(event.currentTarget.value) })}
        >
          {choices.map((count) => (
            <option key={count} value={count}>
              {minutes(count)}
            </option>
          ))}
          <option value={0}>{t('lockNever')}</option>
        </select>
        <span class="hint">{t('lockAfterHint')}</span>
      </div>
      <label class="check">
        <input type="checkbox" checked={policy.onIdle} onChange={(event) => set({ onIdle: event.currentTarget.checked })} />
        <span>{t('lockIdle')}</span>
      </label>
    </div>
  );
}
