import { afterEach, describe, expect, it } from 'vitest';
import { backends } from '../../backends/all.ts';
import type { Backend } from '../../backends/backend.ts';
import { chatWith } from '../../router/bridge.ts';
import { emulators } from '../../testing/emulators/start-any.ts';
import type { Emulator } from '../../testing/kit/start-emulator.ts';
import { stage } from '../../testing/language-model-stage.ts';
import { openEngine, unstopped } from '../../testing/open-engine.ts';
import { stockTokens } from '../../testing/openai-shape/plan-reply.ts';

let emulator: Emulator | undefined;
afterEach(() => emulator?.close());

const key = `sk-${'test'}-0123456789abcdefghij`;
const answer = expect.stringContaining(stockTokens.join('').trim().slice(0, 20));
/** Horde answers by polling, seconds at a time. */
const ids = Object.keys(emulators).filter((id): id is keyof typeof emulators & keyof typeof backends => id in backends && id !== 'horde');

describe.each(ids)('a session over %s', (id) => {
  async function open() {
    const { start, basePath } = emulators[id];
    emulator = await start({ apiKey: key });
    // biome-ignore lint/suspicious/noExplicitAny: any backend; its schema checks the configuration.
    const engine = openEngine(backends[id] as Backend<any>, { baseUrl: emulator.url + basePath }, { key });
    const models = (await engine.models?.(unstopped())) ?? [];
    const model = models.find(({ abilities }) => !abilities || abilities.includes('chat') || abilities.includes('text'))?.id ?? '';
    return stage({
      window: undefined,
      engine: (request, signal) => chatWith(engine, { ...request, model }, { template: undefined, window: async () => undefined }, signal),
    });
  }

  it('remembers, and goes on from where the page began', async () => {
    const { LanguageModel } = await open();
    const session = await LanguageModel.create({ initialPrompts: [{ role: 'system', content: 'Be kind.' }] });
    expect(await session.prompt('One')).toEqual(answer);
    expect(await session.prompt('Two')).toEqual(answer);
    const begun = [
      { role: 'user', content: 'Three' },
      { role: 'assistant', content: 'Well, ', prefix: true },
    ];
    expect(await session.prompt(begun)).toEqual(answer);
    expect(session.contextUsage).toBeGreaterThan(0);
  });

  it('gets its tools run, whether the server knows tools or not', async () => {
    const { LanguageModel } = await open();
    const tool = { name: 'weather', description: 'Tells the weather.', inputSchema: { type: 'object' }, execute: async () => 'Rain' };
    const session = await LanguageModel.create({ tools: [tool] });
    expect(await session.prompt('How is it?')).toEqual(answer);
  });
});
