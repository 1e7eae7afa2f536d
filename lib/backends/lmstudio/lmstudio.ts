import * as z from 'zod/mini';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { ModelInfo } from '../../protocol/model.ts';
import type { Part } from '../../protocol/part.ts';
import type { Backend, Engine } from '../backend.ts';
import { addressField, addressSchema, optionalKeyField } from '../fields.ts';
import { openShape } from '../openai-shaped/engine.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import { commonSamplers } from '../openai-shaped/samplers.ts';
import { type Instance, instancesOf, lmStudioModels } from './models.ts';
import { pullModel } from './pull.ts';

const schema = z.object({
  baseUrl: addressSchema,
  /** Tokens a model is loaded with; absent: as LM Studio has it set for the model. */
  contextLength: z.optional(z.number().check(z.int(), z.minimum(256))),
});

/** LM Studio: answers over its OpenAI-shaped routes, models over its own, whichever its version has. */
export const lmstudio: Backend<z.infer<typeof schema>> = {
  id: 'lmstudio',
  label: 'LM Studio',
  group: 'local',
  schema,
  fields: [
    addressField('http://127.0.0.1:1234'),
    optionalKeyField,
    { name: 'contextLength', kind: 'number', label: 'field_contextLength', hint: 'field_contextLength_lmstudio' },
  ],
  preset: { baseUrl: 'http://127.0.0.1:1234' },
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],

  open({ baseUrl, contextLength }, resources): Engine {
    const shape = openShape(resources, { root: `${baseUrl}/v1`, quirks });
    const { chat, text, embed, askJson } = shape;
    return { chat, text, embed, models, samplers: shape.samplers, contextWindow, load, unload, pull };

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

    /** Only `/api/v1` can be told to load. A model that is loaded would be loaded once more beside itself. */
    async function* load(model: string, signal: AbortSignal): AsyncGenerator<Part[], void> {
      const listed = await list('/api/v1/models', signal);
      if (!Array.isArray(listed.models)) throw cannotLoad();
      const instances = instancesOf(listed, model);
      if (instances.some(({ contextWindow }) => contextLength === undefined || contextWindow === contextLength)) return;
      yield [{ type: 'loading' }];
      await unloadAll(instances, signal);
      const json = { model, ...(contextLength !== undefined && { context_length: contextLength }) };
      await askJson(`${baseUrl}/api/v1/models/load`, signal, { json });
    }

    async function unload(model: string, signal: AbortSignal): Promise<void> {
      const listed = await list('/api/v1/models', signal);
      if (!Array.isArray(listed.models)) throw cannotLoad();
      await unloadAll(instancesOf(listed, model), signal);
    }

    async function* pull(model: string, signal: AbortSignal): AsyncGenerator<Part[], void> {
      if (!Array.isArray((await list('/api/v1/models', signal)).models)) throw cannotPull();
      yield* pullModel(askJson, baseUrl, model, signal);
    }

    async function unloadAll(instances: Instance[], signal: AbortSignal): Promise<void> {
      for (const { id } of instances) await askJson(`${baseUrl}/api/v1/models/unload`, signal, { json: { instance_id: id } });
    }
  },
};

function cannotLoad(): SwitchboardError {
  return new SwitchboardError(
    'not-supported',
    'This version of LM Studio loads a model when it is first asked, and cannot be told to. Send a message, load it in LM Studio, or update to 0.4.',
  );
}

function cannotPull(): SwitchboardError {
  return new SwitchboardError(
    'not-supported',
    'This version of LM Studio cannot be told to download a model. Get it in LM Studio, or update to 0.4.',
  );
}

const quirks: Quirks = {
  service: { label: 'LM Studio', startHint: 'Start its server on the Developer page, or with `lms server start`.' },
  samplers: { ...commonSamplers, topK: 'top_k', repetitionPenalty: 'repeat_penalty' },
  jsonBySchema: true,
  prefill: {},
  wholeTools: 'parameters',
  noNamedTool: true,
  toolResultName: true,
  thoughtField: 'reasoning_content',
  thinking: 'reasoning_effort',
  thinkTags: true,
  emptyIsError: true,
};
