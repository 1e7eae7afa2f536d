import { t } from '../text/t.ts';
import { originParts } from './origin-parts.ts';

/** Who asks: the origin as the browser vouches for it, with the part that somebody had to register in bold. */
export function Origin({ origin }: { origin: string }) {
  const { scheme, lead, domain, port, isCut } = originParts(origin);
  return (
    <div>
      <h1 class="origin any-break" dir="ltr">
        <span>
          {scheme}
          {lead}
        </span>
        {domain}
        <span>{port}</span>
      </h1>
      {isCut && (
        <details>
          <summary>
            <small>{t('originWhole')}</small>
          </summary>
          <code class="any-break">{origin}</code>
        </details>
      )}
    </div>
  );
}
