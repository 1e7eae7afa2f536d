import { describe, expect, it } from 'vitest';
import type { Part } from '../../protocol/part.ts';
import { all, end, hello, page, post, text } from '../../testing/road.ts';
import { inOneCall, type Marked } from './several.ts';

type Asked = { seed?: number; prompt?: string };

/** A router that asks as it is told, and remembers what. */
function router(answer: (request: Asked, index: number) => AsyncIterable<Part[]>) {
  const asked: Asked[] = [];
  const answers: number[] = [];
  const run = (request: Asked) => answer(request, asked.push(request) - 1);
  const method = (
    _caller: unknown,
    request: Asked,
    _signal: unknown,
    _target: unknown,
    through = (ask: typeof run) => ask(request),
    count = 1,
  ) => {
    answers.push(count);
    return through(run);
  };
  return { asked, answers, ...page({ chat: method as never, text: method as never }) };
}

async function* saying(...words: string[]): AsyncGenerator<Part[]> {
  for (const word of words) yield [text(word)];
  yield [end];
}

const chunksOf = (body: string) =>
  body
    .split('\n\n')
    .filter((event) => event.startsWith('data: {'))
    .map((event) => JSON.parse(event.slice(6)));

describe('several answers to one request', () => {
  it('are one call, with one choice for each and the usage of all', async () => {
    const { ai, answers } = router((_, index) => saying(`${index}`, '!'));
    const whole = await ai.fetch('https://x.example/v1/chat/completions', post({ messages: hello, n: 3 }));
    expect(await whole.json()).toMatchObject({
      choices: [0, 1, 2].map((index) => ({ index, message: { content: `${index}!` }, finish_reason: 'stop' })),
      usage: { prompt_tokens: 9, completion_tokens: 6, total_tokens: 15, prompt_tokens_details: { cached_tokens: 3 } },
    });
    expect(answers).toEqual([3]);
  });

  it('are streamed side by side: roles, texts, one finish each, one usage', async () => {
    const { ai } = router((_, index) => saying(`${index}a`, `${index}b`));
    const answer = await ai.fetch(
      'https://x.example/v1/chat/completions',
      post({ messages: hello, n: 2, stream: true, stream_options: { include_usage: true } }),
    );
    const body = await answer.text();
    const chunks = chunksOf(body);
    const of = (index: number) => chunks.map(({ choices }) => choices[0]).filter((choice) => choice?.index === index);
    for (const index of [0, 1]) {
      expect(of(index).map(({ delta }) => delta)).toEqual([
        { role: 'assistant', content: '', refusal: null },
        { content: `${index}a` },
        { content: `${index}b` },
        {},
      ]);
      expect(of(index).map(({ finish_reason }) => finish_reason)).toEqual([null, null, null, 'stop']);
    }
    expect(chunks.filter(({ choices }) => choices.length === 0).map(({ usage }) => usage.total_tokens)).toEqual([10]);
    expect(body.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  it('are streamed by chat.completions.create too', async () => {
    const { ai } = router((_, index) => saying(`${index}`));
    const texts = ['', ''];
    for await (const { choices } of ai.chat.completions.create({ messages: hello, n: 2, stream: true })) {
      for (const { index, delta } of choices) texts[index] += delta.content ?? '';
    }
    expect(texts).toEqual(['0', '1']);
  });

  it('have a seed each, because the same would make the same answer', async () => {
    const { ai, asked } = router(() => saying('x'));
    await ai.fetch('https://x.example/v1/chat/completions', post({ messages: hello, n: 3, seed: 7 }));
    expect(asked.map(({ seed }) => seed)).toEqual([7, 8, 9]);
  });

  it('are given for each of many prompts', async () => {
    const { ai, answers } = router(({ prompt }) => saying(`${prompt}.`));
    const whole = await ai.fetch('https://x.example/v1/completions', post({ prompt: ['a', 'bcd'], n: 2 }));
    const { choices, usage } = await whole.json();
    expect(choices.map((choice: { index: number; text: string }) => [choice.index, choice.text])).toEqual([
      [0, 'a.'],
      [1, 'a.'],
      [2, 'bcd.'],
      [3, 'bcd.'],
    ]);
    expect([usage.total_tokens, answers]).toEqual([20, [4]]);
    const streamed = await (await ai.fetch('https://x.example/v1/completions', post({ prompt: ['a', 'b'], stream: true }))).text();
    expect(chunksOf(streamed).map(({ choices: [{ index, text, finish_reason }] }) => [index, text, finish_reason])).toEqual(
      expect.arrayContaining([
        [0, 'a.', null],
        [1, 'b.', null],
        [0, '', 'stop'],
        [1, '', 'stop'],
      ]),
    );
  });

  it('come four at a time, and all of them', async () => {
    let working = 0;
    let most = 0;
    const { ai } = router(async function* () {
      working += 1;
      most = Math.max(most, working);
      yield [text('x')];
      working -= 1;
      yield [end];
    });
    const whole = await ai.fetch('https://x.example/v1/chat/completions', post({ messages: hello, n: 16 }));
    expect((await whole.json()).choices).toHaveLength(16);
    expect(most).toBe(4);
  });

  it('all end where the call does, as when it reaches what the user allows', async () => {
    const cut = { ...end, reason: 'length' } as const;
    const { ai } = page({
      async *chat() {
        const begun: Marked[] = [
          { type: 'text', text: 'a', choice: 0 },
          { type: 'text', text: 'b', choice: 1 },
        ];
        yield begun;
        const ended: Marked = { type: 'text', text: '', choice: 0, ended: end };
        yield [ended];
        yield [cut];
      },
    });
    const ask = async (more: object) =>
      (await ai.fetch('https://x.example/v1/chat/completions', post({ messages: hello, n: 2, ...more }))).text();
    const { choices } = JSON.parse(await ask({}));
    const finishes = [
      [0, 'stop'],
      [1, 'length'],
    ];
    expect(choices.map((choice: { index: number; finish_reason: string }) => [choice.index, choice.finish_reason])).toEqual(finishes);
    const ends = chunksOf(await ask({ stream: true })).flatMap((chunk) =>
      chunk.choices.filter((choice: { finish_reason: unknown }) => choice.finish_reason),
    );
    expect(ends.map((choice) => [choice.index, choice.finish_reason])).toEqual(finishes);
  });

  it('fail together, and the others are stopped', async () => {
    const stopped: number[] = [];
    const through = inOneCall([{}, {}, {}]);
    let count = 0;
    const parts = through?.(() => {
      const index = count++;
      return (async function* () {
        try {
          yield [text('a')];
          if (index === 1) throw new Error('no');
          yield [text('b')];
          yield [end];
        } finally {
          stopped.push(index);
        }
      })();
    });
    await expect(all(parts as AsyncIterable<Part[]>)).rejects.toThrow('no');
    expect(stopped.toSorted()).toEqual([0, 1, 2]);
  });

  it('are no answers where one stops without an end', async () => {
    const through = inOneCall([{}, {}]);
    let count = 0;
    const parts = through?.(() => (count++ === 0 ? saying('x') : (async function* () {})()));
    await expect(all(parts as AsyncIterable<Part[]>)).rejects.toMatchObject({ code: 'interrupted' });
  });
});

describe('log probabilities', () => {
  it('are refused where the model gives none, before anything is answered', async () => {
    const { ai } = router(() => saying('x'));
    for (const stream of [true, false]) {
      const answer = await ai.fetch('https://x.example/v1/chat/completions', post({ messages: hello, logprobs: true, stream }));
      expect([answer.status, (await answer.json()).error]).toEqual([
        400,
        expect.objectContaining({ code: 'not-supported', param: 'logprobs', message: expect.stringContaining('gives none') }),
      ]);
    }
  });
});
