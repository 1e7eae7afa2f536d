import { type Subject, subjectName } from '../../lib/permissions/grant.ts';
import { Lamp } from '../parts/lamp.tsx';
import { subjectText } from '../sites/grant-text.ts';
import { runs, stopSite } from '../state/runs.ts';
import { t } from '../text/t.ts';

/** Sites in other tabs that are using a model now. Those of private windows are shown there alone. */
export function OtherSites({ current }: { current: Subject | undefined }) {
  const pages = new Map<string, Subject>();
  for (const { origin, topOrigin = origin, isPrivate = false } of runs.value) {
    if (origin === 'extension' || isPrivate !== (current?.isPrivate ?? false)) continue;
    if (topOrigin !== current?.origin) pages.set(topOrigin, { origin: topOrigin, ...(isPrivate && { isPrivate }) });
  }
  if (pages.size === 0) return null;
  return (
    <ul class="plain others">
      {[...pages.values()].map((page) => (
        <li key={subjectName(page)} class="row">
          <Lamp state="busy">
            <bdi class="cut" title={page.origin}>
              {subjectText(page)}
            </bdi>
          </Lamp>
          <span class="grow" />
          <button
            type="button"
            class="button plain danger small"
            onClick={() => void stopSite(page)}
            aria-label={t('stopSite', { site: page.origin })}
          >
            {t('stop')}
          </button>
        </li>
      ))}
    </ul>
  );
}
