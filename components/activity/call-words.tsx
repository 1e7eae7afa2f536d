import type { ActivityEntry } from '../../lib/usage/activity.ts';
import { textOf } from '../../lib/usage/history.ts';
import { useStored } from '../state/use-stored.ts';
import { t } from '../text/t.ts';

/** What was said, as plain text. */
export function CallWords({ entry }: { entry: ActivityEntry }) {
  const words = useStored(
    () => textOf(entry),
    () => () => {},
    entry.id,
  );
  if (!words) return null;
  return (
    <dl class="said">
      <dt>{t('wordsAsked')}</dt>
      <dd dir="auto">{words.asked}</dd>
      <dt>{t('wordsAnswered')}</dt>
      <dd dir="auto">{words.answered}</dd>
    </dl>
  );
}
