import { afterEach, describe, expect, it } from 'vitest';
import { withSettings } from '../router/generation.ts';
import { emulators } from '../testing/emulators/start-any.ts';
import type { Emulator } from '../testing/kit/start-emulator.ts';
import { collect, openEngine, unstopped, userMessage } from '../testing/open-engine.ts';
import type { Backend } from './backend.ts';
import { koboldai } from './kobold/koboldai.ts';
import { koboldcpp } from './kobold/koboldcpp.ts';
import { llamacpp } from './llamacpp/llamacpp.ts';
import { ollama } from './ollama/ollama.ts';
import { oobabooga } from './oobabooga/oobabooga.ts';

const wish = { contextWindow: 1536 };

describe('the context window that the user set', () => {
  let server: Emulator;
  afterEach(() => server.close());

  const takers = [
    ['koboldai', koboldai, 'max_context_length'],
    ['koboldcpp', koboldcpp, 'max_context_length'],
    ['oobabooga', oobabooga, 'truncation_length'],
    ['oobabooga-legacy', oobabooga, 'truncation_length'],
    ['ollama', ollama, 'options.num_ctx'],
  ] as const;

  it.each(takers)('reaches %s under its own name', async (id, backend, field) => {
    server = await emulators[id].start({});
    const legacy = id === 'oobabooga-legacy' ? { api: 'legacy', streamUrl: server.socketUrl } : {};
    const engine = openEngine(backend as unknown as Backend, { baseUrl: server.url, ...legacy });
    const [model] = (await engine.models?.(unstopped())) ?? [];
    const about = { model: model?.id ?? '', ...wish };
    const sent = () => server.requests.findLast(({ wantsAnswer }) => wantsAnswer)?.body;
    await collect(engine.text?.({ ...about, prompt: 'Hi' }, unstopped()));
    expect(sent()).toHaveProperty(field, 1536);
    if (!engine.chat) return;
    await collect(engine.chat({ ...about, messages: [userMessage('Hi')] }, unstopped()));
    expect(sent()).toHaveProperty(field, 1536);
  });

  it('is not sent to who has one window for all', async () => {
    server = await emulators.llamacpp.start({});
    const engine = openEngine(llamacpp, { baseUrl: server.url });
    await collect(engine.chat?.({ model: 'm', messages: [userMessage('Hi')], ...wish }, unstopped()));
    expect(JSON.stringify(server.requests.at(-1)?.body)).not.toContain('1536');
  });

  it('comes from the settings alone, whatever a page writes', async () => {
    server = await emulators.llamacpp.start({});
    const asked = { messages: [userMessage('Hi')], contextWindow: 9, extra: { page: true } };
    expect(withSettings(asked, 'm')).not.toHaveProperty('contextWindow');
    expect(withSettings(asked, 'm', wish)).toMatchObject({ contextWindow: 1536 });
    expect(withSettings(asked, 'm', wish)).not.toHaveProperty('extra');
  });
});
