import { expect, it } from 'vitest';
import type { CallEvent, RecordedCall } from '../../lib/serve/calls/call.ts';
import { watchCalls } from './watched-calls.ts';

/** A background that says what it is told to. */
function listen() {
  let tell: (event: CallEvent) => void = () => {};
  const watched = watchCalls(1, ((_name: string, _params: object, listener: (event: CallEvent) => void) => {
    tell = listener;
    return () => {};
  }) as never);
  return { watched, tell: (event: CallEvent) => tell(event) };
}

const call = (id: string): RecordedCall => ({
  id,
  method: 'openai.chat',
  origin: 'https://app.example',
  frameId: 0,
  startedAt: 1,
  state: 'open',
});

it('shows what is kept, and changes it as it goes', () => {
  const { watched, tell } = listen();
  tell({ type: 'call', call: call('a'), batches: [] });
  tell({ type: 'batch', id: 'a', batch: { at: 5, parts: [{ type: 'text', text: 'Hi' }] } });
  tell({ type: 'changed', id: 'a', change: { state: 'done' } });
  const [first] = watched.calls.value;
  expect(first?.about.value.state).toBe('done');
  expect(first?.batches.value).toHaveLength(1);
});

it('does not show a call twice when the background tells of it again', () => {
  const { watched, tell } = listen();
  tell({ type: 'call', call: call('a'), batches: [] });
  tell({ type: 'call', call: { ...call('a'), state: 'done' }, batches: [{ at: 1, parts: [] }] });
  expect(watched.calls.value).toHaveLength(1);
  expect(watched.calls.value[0]?.about.value.state).toBe('done');
});

it('leaves cleared calls away, and shows those that come after', () => {
  const { watched, tell } = listen();
  tell({ type: 'call', call: call('a'), batches: [] });
  watched.clear();
  tell({ type: 'call', call: call('a'), batches: [] });
  tell({ type: 'changed', id: 'a', change: { state: 'done' } });
  tell({ type: 'call', call: call('b'), batches: [] });
  expect(watched.calls.value.map(({ id }) => id)).toEqual(['b']);
});
