import { expect, it } from 'vitest';
import { doors, snippetOf } from './doors.js';
import { snippetFor } from './snippets.ts';
import { createTrials } from './trial.ts';

it('has code for every door, which it shows as it runs it', () => {
  for (const { id } of doors) {
    const { ask, text } = snippetFor(id);
    expect(text).toContain('export async function* ask(');
    const shown = snippetOf({ text: 'Hi' }, text);
    expect(shown).toContain(text.trim());
    expect(shown.startsWith('const request = {\n  "text": "Hi"\n};\n')).toBe(true);
    expect(ask).toBeInstanceOf(Function);
  }
});

it('keeps each piece with its time, the text, and what the door says of tokens', async () => {
  const { trial, run } = createTrials();
  async function* ask() {
    yield { choices: [{ delta: { role: 'assistant', content: '' } }] };
    yield { choices: [{ delta: { content: 'Good ' } }] };
    yield 'day';
    yield { choices: [], usage: { completion_tokens: 2 } };
  }
  await run({ ask }, {});
  expect(trial.value).toMatchObject({
    state: 'done',
    text: 'Good day',
    tokens: 2,
    firstMs: expect.any(Number),
    durationMs: expect.any(Number),
  });
  expect(trial.value?.pieces).toHaveLength(4);
});

it('shows what a page would catch, and keeps what had come', async () => {
  const { trial, run } = createTrials();
  async function* ask() {
    yield 'Half';
    throw Object.assign(new Error('Cut off.'), { code: 'interrupted', status: 502 });
  }
  await run({ ask }, {});
  expect(trial.value).toMatchObject({ state: 'failed', text: 'Half', error: { code: 'interrupted', message: 'Cut off.', status: 502 } });
});

it('names errors of the platform by their name', async () => {
  const { trial, run } = createTrials();
  // biome-ignore lint/correctness/useYield: it fails before there is anything
  async function* ask() {
    throw new DOMException('No.', 'NotSupportedError');
  }
  await run({ ask }, {});
  expect(trial.value).toMatchObject({ state: 'failed', error: { code: 'NotSupportedError', message: 'No.' } });
});

it('stops, and a run that was replaced shows nothing any more', async () => {
  const { trial, run, stop } = createTrials();
  const waits = (text: string) =>
    async function* (_: unknown, signal: AbortSignal) {
      yield text;
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    };
  const first = run({ ask: waits('first') }, {});
  await new Promise((resolve) => setTimeout(resolve));
  const second = run({ ask: waits('second') }, {});
  await first;
  expect(trial.value).toMatchObject({ state: 'running', text: 'second' });
  stop();
  await second;
  expect(trial.value).toMatchObject({ state: 'stopped', text: 'second' });
});
