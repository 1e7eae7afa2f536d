import type { Part } from '../../lib/protocol/part.ts';
import type { Batch } from '../../lib/serve/calls/call.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { wholeNumber } from '../text/format.ts';
import { t } from '../text/t.ts';

/** Rows beyond which the screen would only get slower; the answer above them is whole. */
const mostRows = 300;

/** What came, one row a part, with the milliseconds after the start; above it the text as a whole. */
export function PartList({ batches, dropped }: { batches: Batch[]; dropped: number }) {
  const rows = batches.flatMap(({ at, parts }) => parts.map((part) => ({ at, part })));
  const text = rows.map(({ part }) => (part.type === 'text' ? part.text : '')).join('');
  if (rows.length === 0) return null;
  return (
    <>
      {text && (
        <details class="json" open>
          <summary>{t('callsAnswer')}</summary>
          <div class="with-copy">
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
            <pre class="prose" tabIndex={0} dir="auto">
              {text}
            </pre>
            <CopyButton text={() => text} label={t('copyAnswer')} />
          </div>
        </details>
      )}
      <details class="json">
        <summary>{t('callsParts', { count: wholeNumber(rows.length + dropped) })}</summary>
        {dropped > 0 && <p class="quiet">{t('callsDropped', { count: wholeNumber(dropped) })}</p>}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
        <div class="scroll" tabIndex={0}>
          <table class="parts">
            <tbody>
              {rows.slice(0, mostRows).map(({ at, part }, index) => (
                <tr key={index}>
                  <td class="number">{wholeNumber(at)} ms</td>
                  <td>
                    <code>{part.type}</code>
                  </td>
                  <td class="any-break">
                    <code>{content(part)}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {rows.length > mostRows && <p class="quiet">{t('callsFirstParts', { count: wholeNumber(mostRows) })}</p>}
      </details>
    </>
  );
}

function content(part: Part): string {
  const { type, ...rest } = part;
  return type === 'text' && Object.keys(rest).length === 1 ? JSON.stringify(part.text) : JSON.stringify(rest);
}
