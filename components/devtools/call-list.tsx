import type { RecordedCall } from '../../lib/serve/calls/call.ts';
import { Lamp, type LampState } from '../parts/lamp.tsx';
import { duration } from '../text/format.ts';
import { plural } from '../text/plural.ts';
import type { PlainKey } from '../text/t.ts';
import { t } from '../text/t.ts';
import { doorName } from './door-name.ts';
import type { WatchedCall } from './watched-calls.ts';

/** The calls, newest last as they came; one of them is open beside the list. */
export function CallList({ calls, shownId, onOpen }: { calls: WatchedCall[]; shownId: string; onOpen(id: string): void }) {
  return (
    <ol class="plain calls">
      {calls.map((call) => (
        <Line key={call.id} call={call} isOpen={call.id === shownId} onOpen={() => onOpen(call.id)} />
      ))}
    </ol>
  );
}

function Line({ call, isOpen, onOpen }: { call: WatchedCall; isOpen: boolean; onOpen(): void }) {
  const { method, params, model, startedAt, durationMs, usage, replayOf, error } = call.about.value;
  const { lamp, text } = stateOf(call.about.value);
  return (
    <li>
      <button type="button" class="call" aria-current={isOpen ? 'true' : undefined} onClick={onOpen}>
        <span class="row">
          <strong class="grow cut">{doorName(method, params)}</strong>
          <Lamp state={lamp}>{error ? error.code : t(text)}</Lamp>
        </span>
        <small class="row">
          <span class="grow cut">{model ?? (replayOf ? t('callsAgain') : '')}</span>
          <span class="figures">
            {[
              timeOf(startedAt),
              durationMs !== undefined && duration(durationMs),
              usage && plural('tokens', usage.inputTokens + usage.outputTokens),
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </small>
      </button>
    </li>
  );
}

/** To the second: a developer compares it with a clock. */
function timeOf(at: number): string {
  return new Date(at).toLocaleTimeString([], { hour12: false });
}

/** A page that listens for changes waits for no answer. */
export function stateOf({ method, state }: Pick<RecordedCall, 'method' | 'state'>): { lamp: LampState; text: PlainKey } {
  return method === 'access.watch' && state === 'open' ? { lamp: 'ok', text: 'callsListening' } : callStates[state];
}

const callStates = {
  open: { lamp: 'busy', text: 'callsOpen' },
  answering: { lamp: 'busy', text: 'runAnswering' },
  done: { lamp: 'ok', text: 'outcomeDone' },
  failed: { lamp: 'bad', text: 'callsFailed' },
  stopped: { lamp: 'off', text: 'turnStopped' },
} satisfies Record<string, { lamp: LampState; text: PlainKey }>;
