import { useSignal } from '@preact/signals';
import { request } from '../../lib/panel/background.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import type { RecordedCall } from '../../lib/serve/calls/call.ts';
import { FactList } from '../parts/fact-list.tsx';
import { Lamp } from '../parts/lamp.tsx';
import { Problem } from '../parts/problem.tsx';
import { connectionNamed } from '../state/connections.ts';
import { duration, money, speed } from '../text/format.ts';
import { plural } from '../text/plural.ts';
import { t } from '../text/t.ts';
import { stateOf } from './call-list.tsx';
import { doorName } from './door-name.ts';
import { JsonBlock } from './json-block.tsx';
import { PartList } from './part-list.tsx';
import type { WatchedCall } from './watched-calls.ts';

/** Everything about one call: what it took, why it failed, what was sent, what came back and when. */
export function CallDetail({ call, tabId }: { call: WatchedCall; tabId: number }) {
  const about = call.about.value;
  const { lamp, text } = stateOf(about);
  return (
    <article class="stack detail" aria-labelledby="call-title">
      <header class="row wrap">
        <h2 id="call-title" class="grow any-break">
          {doorName(about.method, about.params)}
        </h2>
        <Lamp state={lamp}>{t(text)}</Lamp>
        {about.asked && <Again id={call.id} tabId={tabId} />}
      </header>
      {about.error && <Problem error={about.error} />}
      <Facts about={about} />
      {about.params !== undefined && <JsonBlock title={t('callsSent')} value={about.params} isOpen />}
      {about.asked && <JsonBlock title={t('callsAsked')} value={about.asked.request} isOpen={about.params === undefined} />}
      <PartList batches={call.batches.value} dropped={about.dropped ?? 0} />
    </article>
  );
}

function Facts({ about }: { about: RecordedCall }) {
  const { origin, frameId, model, connectionId, usage, costMicroUsd, firstPartMs, durationMs, replayOf } = withCost(about);
  const facts: [string, string | undefined][] = [
    [t('columnSite'), replayOf ? t('callsYours') : frameId === 0 ? origin : t('callsFrame', { origin })],
    [t('columnModel'), model && [model, connectionNamed(connectionId ?? '')?.name].filter(Boolean).join(' · ')],
    [t('callsFirst'), firstPartMs === undefined ? undefined : duration(firstPartMs)],
    [t('columnDuration'), durationMs === undefined ? undefined : duration(durationMs)],
    [t('callsSpeed'), usage && durationMs !== undefined ? speed(usage.outputTokens, durationMs - (firstPartMs ?? 0)) : undefined],
    [
      t('columnTokens'),
      usage &&
        `${usage.estimated ? '~' : ''}${t('callsTokens', { input: usage.inputTokens, output: plural('tokens', usage.outputTokens) })}`,
    ],
    [t('columnCost'), costMicroUsd === undefined ? undefined : money(costMicroUsd)],
  ];
  return <FactList facts={facts} />;
}

function withCost(about: RecordedCall): RecordedCall & { costMicroUsd?: number | undefined } {
  return { ...about, costMicroUsd: about.usage?.costMicroUsd };
}

/** Sends it again, as the user's own call, and can be stopped; what comes of it is the newest call of the list. */
function Again({ id, tabId }: { id: string; tabId: number }) {
  const running = useSignal<AbortController | undefined>(undefined);
  const problem = useSignal<ErrorData | undefined>(undefined);
  const send = async () => {
    const stop = new AbortController();
    running.value = stop;
    problem.value = undefined;
    try {
      await request('calls.replay', { tabId, id }, stop.signal);
    } catch (thrown) {
      if (!stop.signal.aborted) problem.value = errorData(toSwitchboardError(thrown));
    } finally {
      running.value = undefined;
    }
  };
  return (
    <>
      {running.value ? (
        <button type="button" class="button small" onClick={() => running.value?.abort()}>
          {t('stop')}
        </button>
      ) : (
        <button type="button" class="button small" title={t('callsReplayHint')} onClick={() => void send()}>
          {t('callsReplay')}
        </button>
      )}
      {problem.value && <Problem error={problem.value} />}
    </>
  );
}
