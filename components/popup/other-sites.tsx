import { Lamp } from '../parts/lamp.tsx';
import { runs, stopSite } from '../state/runs.ts';
import { t } from '../text/t.ts';

/** Sites in other tabs that are using a model now. */
export function OtherSites({ current }: { current: string | undefined }) {
  const origins = [...new Set(runs.value.map(({ origin }) => origin))].filter((origin) => origin !== current && origin !== 'extension');
  if (origins.length === 0) return null;
  return (
    <ul class="plain others">
      {origins.map((origin) => (
        <li key={origin} class="row">
          <Lamp state="busy">
            <bdi class="cut" title={origin}>
              {new URL(origin).host}
            </bdi>
          </Lamp>
          <span class="grow" />
          <button
            type="button"
            class="button plain danger small"
            onClick={() => void stopSite(origin)}
            aria-label={t('stopSite', { site: origin })}
          >
            {t('stop')}
          </button>
        </li>
      ))}
    </ul>
  );
}
