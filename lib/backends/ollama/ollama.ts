import * as z from 'zod/mini';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { ModelInfo } from '../../protocol/model.ts';
import type { Part } from '../../protocol/part.ts';
import type { TextRequest } from '../../protocol/request.ts';
import type { Backend, Engine } from '../backend.ts';
import { closing } from '../closing.ts';
import { addressField, addressSchema, optionalKeyField } from '../fields.ts';
import { openShape } from '../openai-shaped/engine.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import { commonSamplers } from '../openai-shaped/samplers.ts';
import { generateBody, generateParts } from './generate.ts';
import { loadedWindows, type OllamaAnswer, ollamaModels, wantedWindow } from './models.ts';

const schema = z.object({ baseUrl: addressSchema });

/** Ollama: chat over its OpenAI-shaped route; models, raw text, loading and unloading over its own. */
export const ollama: Backend<z.infer<typeof schema>> = {
  id: 'ollama',
  label: 'Ollama',
  group: 'local',
  schema,
  fields: [addressField('http://127.0.0.1:11434'), optionalKeyField],
  preset: { baseUrl: 'http://127.0.0.1:11434' },
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],

  open({ baseUrl }, resources): Engine {
    const { chat, embed, ask, askJson, errorContext } = openShape(resources, { root: `${baseUrl}/v1`, quirks });
    const { host } = new URL(baseUrl);
    const show = (model: string, signal: AbortSignal): Promise<OllamaAnswer> => askJson(`${baseUrl}/api/show`, signal, { json: { model } });

    return { chat, text, embed, models, contextWindow, load, unload, test };

    /** Its OpenAI-shaped route puts the model's template around the prompt; only this one takes it as it is. */
    function text(request: TextRequest, signal: AbortSignal): AsyncIterable<Part[]> {
      return closing(signal, async function* (own) {
        const response = await ask(`${baseUrl}/api/generate`, own, { json: generateBody(request) });
        yield* generateParts(response, request, errorContext());
      });
    }

    async function models(signal: AbortSignal): Promise<ModelInfo[]> {
      const [tags, running] = await Promise.all([askJson(`${baseUrl}/api/tags`, signal), askJson(`${baseUrl}/api/ps`, signal)]);
      return ollamaModels(tags, running, (model) => show(model, signal));
    }

    /** The window a model really has is known once it is loaded; before that, only if its file or the user fixed it. */
    async function contextWindow(model: string, signal: AbortSignal): Promise<number | undefined> {
      const running = loadedWindows(await askJson(`${baseUrl}/api/ps`, signal));
      return running.get(model) ?? running.get(`${model}:latest`) ?? wantedWindow(await show(model, signal));
    }

    async function* load(model: string, signal: AbortSignal): AsyncGenerator<Part[], void> {
      yield [{ type: 'loading' }];
      await askJson(`${baseUrl}/api/generate`, signal, { json: { model, stream: false } });
    }

    async function unload(model: string, signal: AbortSignal): Promise<void> {
      await askJson(`${baseUrl}/api/generate`, signal, { json: { model, stream: false, keep_alive: 0 } });
    }

    /** Lists are fetched without an Origin and pass; only a POST shows whether Ollama lets extensions in. */
    async function test(signal: AbortSignal): Promise<void> {
      const [first] = ollamaNames(await askJson(`${baseUrl}/api/tags`, signal));
      if (first === undefined)
        throw new SwitchboardError('model-not-found', `Ollama at ${host} has no model yet. Get one with \`ollama pull llama3.2\`.`);
      await show(first, signal);
    }
  },
};

function ollamaNames({ models }: OllamaAnswer): string[] {
  const entries = Array.isArray(models) ? (models as { model?: unknown; name?: unknown }[]) : [];
  return entries.map((entry) => entry?.model ?? entry?.name).filter((name) => typeof name === 'string');
}

const quirks: Quirks = {
  service: {
    label: 'Ollama',
    startHint: 'Start it with `ollama serve`.',
    originHint:
      'Set the environment variable OLLAMA_ORIGINS=chrome-extension://*,moz-extension://* for Ollama and start it again, or allow Switchboard to reach this address.',
  },
  samplers: commonSamplers,
  prefill: {},
  noNamedTool: true,
  thinking: 'reasoning_effort',
  efforts: { minimal: 'low' },
  thoughtField: 'reasoning',
  thinkTags: true,
};
