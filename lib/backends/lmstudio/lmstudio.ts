import * as z from 'zod/mini';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { ModelInfo } from '../../protocol/model.ts';
import type { Part } from '../../protocol/part.ts';
import type { Backend, Engine } from '../backend.ts';
import { addressField, addressSchema, optionalKeyField } from '../fields.ts';
import { openShape } from '../openai-shaped/engine.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import { commonSamplers } from '../openai-shaped/samplers.ts';
import { instancesOf, lmStudioModels } from './models.ts';

const schema = z.object({ baseUrl: addressSchema });

/** LM Studio: answers over its OpenAI-shaped routes, models over its own, whichever its version has. */
export const lmstudio: Backend<z.infer<typeof schema>> = {
  id: 'lmstudio',
  label: 'LM Studio',
  group: 'local',
  schema,
  fields: [addressField('http://127.0.0.1:1234'), optionalKeyField],
  preset: { baseUrl: 'http://127.0.0.1:1234' },
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],

  open({ baseUrl }, resources): Engine {
    const shape = openShape(resources, { root: `${baseUrl}/v1`, quirks });
    const { chat, text, embed, askJson } = shape;
    return { chat, text, embed, models, contextWindow, load, unload };

    /** `/api/v1` since 0.4, `/api/v0` since 0.3.6; unknown paths are answered with an error and status 200. */
    async function models(signal: AbortSignal): Promise<ModelInfo[]> {
      for (const path of ['/api/v1/models', '/api/v0/models']) {
        const found = lmStudioModels(await list(path, signal));
        if (found) return found;
      }
      return shape.models(signal);
    }

    async function list(path: string, signal: AbortSignal): Promise<Record<string, unknown>> {
      try {
        return await askJson(baseUrl + path, signal, { accept: [404] });
      } catch (error) {
        if (error instanceof SwitchboardError && error.code === 'bad-response') return {};
        throw error;
      }
    }

    async function contextWindow(model: string, signal: AbortSignal): Promise<number | undefined> {
      return (await models(signal)).find(({ id }) => id === model)?.contextWindow;
    }

    async function* load(model: string, signal: AbortSignal): AsyncGenerator<Part[], void> {
      yield [{ type: 'loading' }];
      await askJson(`${baseUrl}/api/v1/models/load`, signal, { json: { model } });
    }

    async function unload(model: string, signal: AbortSignal): Promise<void> {
      for (const instance of instancesOf(await list('/api/v1/models', signal), model)) {
        await askJson(`${baseUrl}/api/v1/models/unload`, signal, { json: { instance_id: instance } });
      }
    }
  },
};

const quirks: Quirks = {
  service: { label: 'LM Studio', startHint: 'Start its server on the Developer page, or with `lms server start`.' },
  samplers: { ...commonSamplers, topK: 'top_k', minP: 'min_p', repetitionPenalty: 'repeat_penalty' },
  jsonBySchema: true,
  prefill: {},
  noNamedTool: true,
  toolResultName: true,
  thoughtField: 'reasoning_content',
  thinking: 'reasoning_effort',
  thinkTags: true,
  emptyIsError: true,
};
