import { t } from '../text/t.ts';
import { originParts } from './origin-parts.ts';

interface Props {
  origin: string;
  /** Of the page around it, where a frame asks. */
  topOrigin?: string | undefined;
}

/** Who asks: the origin as the browser vouches for it, with the part that somebody had to register in bold. */
export function Origin({ origin, topOrigin }: Props) {
  return (
    <div>
      <h1 class="origin any-break" dir="ltr">
        <Parts origin={origin} />
        {topOrigin !== undefined && (
          <>
            <span class="inside"> {t('inside')} </span>
            <Parts origin={topOrigin} />
          </>
        )}
      </h1>
      {[origin, topOrigin ?? origin].some((each) => originParts(each).isCut) && (
        <details>
          <summary>
            <small>{t('originWhole')}</small>
          </summary>
          <code class="any-break">{[origin, topOrigin].filter(Boolean).join(' · ')}</code>
        </details>
      )}
    </div>
  );
}

function Parts({ origin }: { origin: string }) {
  const { scheme, lead, domain, port } = originParts(origin);
  return (
    <>
      <span>
        {scheme}
        {lead}
      </span>
      {domain}
      <span>{port}</span>
    </>
  );
}
