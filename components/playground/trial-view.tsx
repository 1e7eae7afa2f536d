import { watchUsage } from '../../lib/usage/ledger.ts';
import { listActivity } from '../../lib/usage/log.ts';
import { FactList } from '../parts/fact-list.tsx';
import { Lamp, type LampState } from '../parts/lamp.tsx';
import { Problem } from '../parts/problem.tsx';
import { connectionNamed } from '../state/connections.ts';
import { useStored } from '../state/use-stored.ts';
import { duration, money, speed, wholeNumber } from '../text/format.ts';
import { plural } from '../text/plural.ts';
import { problemText } from '../text/problem-text.ts';
import { type PlainKey, t } from '../text/t.ts';
import { briefOf } from './doors.js';
import type { Piece, Trial } from './trial.ts';

/** What came of it, as it comes. */
export function TrialView({ trial }: { trial: Trial | undefined }) {
  if (!trial) return <p class="card pad quiet">{t('playgroundNothing')}</p>;
  const { lamp, text } = states[trial.state];
  return (
    <section class="stack" aria-labelledby="answer-title">
      <div class="row">
        <h2 id="answer-title" class="grow">
          {t('turnAnswer')}
        </h2>
        <Lamp state={lamp}>{t(text)}</Lamp>
      </div>
      {trial.error && (trial.error.code in problemText ? <Problem error={trial.error} /> : <PlatformError error={trial.error} />)}
      {trial.text !== '' && (
        <p class="card pad answer" dir="auto" aria-live="polite">
          {trial.text}
        </p>
      )}
      <Figures trial={trial} />
      {trial.pieces.length > 0 && <Pieces pieces={trial.pieces} />}
    </section>
  );
}

/** Doors of the platform fail by name: `NotSupportedError`. */
function PlatformError({ error: { code, message } }: { error: { code: string; message: string } }) {
  return (
    <div class="problem" role="alert">
      <strong>{code}</strong>
      <p class="quiet any-break">{message}</p>
    </div>
  );
}

function Figures({ trial }: { trial: Trial }) {
  // The line that the call left in the activity has what no door tells a page: who answered, and what it cost.
  const entries = useStored(() => listActivity({ origin: 'extension', limit: 1 }), watchUsage, String(trial.startedAt));
  const entry = entries?.find(({ startedAt }) => startedAt >= trial.startedAt);
  const { firstMs, durationMs } = trial;
  const tokens = trial.tokens ?? entry?.usage?.outputTokens;
  const facts: [string, string | undefined][] = [
    [t('columnModel'), entry && [entry.model, connectionNamed(entry.connectionId)?.name].filter(Boolean).join(' · ')],
    [t('callsFirst'), firstMs === undefined ? undefined : duration(firstMs)],
    [t('columnDuration'), durationMs === undefined ? undefined : duration(durationMs)],
    [t('callsSpeed'), tokens !== undefined && durationMs !== undefined ? speed(tokens, durationMs - (firstMs ?? 0)) : undefined],
    [
      t('columnTokens'),
      entry?.usage && t('callsTokens', { input: entry.usage.inputTokens, output: plural('tokens', entry.usage.outputTokens) }),
    ],
    [t('columnCost'), costText(entry?.costMicroUsd)],
  ];
  return <FactList facts={facts} />;
}

function costText(microUsd: number | undefined): string | undefined {
  if (microUsd === undefined) return undefined;
  return microUsd === 0 ? t('free') : money(microUsd);
}

/** Rows beyond which the screen would only get slower. */
const mostRows = 300;

function Pieces({ pieces }: { pieces: Piece[] }) {
  return (
    <details class="json" open>
      <summary>{t('callsParts', { count: wholeNumber(pieces.length) })}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
      <div class="scroll" tabIndex={0}>
        <table class="parts">
          <tbody>
            {pieces.slice(0, mostRows).map(({ at, value }, index) => (
              <tr key={index}>
                <td class="number">{wholeNumber(at)} ms</td>
                <td class="any-break">
                  <code>{JSON.stringify(briefOf(value))}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pieces.length > mostRows && <p class="quiet">{t('callsFirstParts', { count: wholeNumber(mostRows) })}</p>}
    </details>
  );
}

const states = {
  running: { lamp: 'busy', text: 'runAnswering' },
  done: { lamp: 'ok', text: 'outcomeDone' },
  stopped: { lamp: 'off', text: 'turnStopped' },
  failed: { lamp: 'bad', text: 'callsFailed' },
} satisfies Record<Trial['state'], { lamp: LampState; text: PlainKey }>;
