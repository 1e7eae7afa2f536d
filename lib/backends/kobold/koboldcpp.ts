import * as z from 'zod/mini';
import type { ModelInfo } from '../../protocol/model.ts';
import type { CountRequest } from '../../protocol/request.ts';
import type { Backend, Engine, Resources } from '../backend.ts';
import { addressField, addressSchema } from '../fields.ts';
import { noModel } from '../no-model.ts';
import { openShape } from '../openai-shaped/engine.ts';
import { guessTemplate, renderChat } from '../templates.ts';
import { koboldCppAdmin } from './koboldcpp-admin.ts';
import { koboldCppRuns } from './koboldcpp-run.ts';
import { koboldCppServer, koboldCppService } from './koboldcpp-server.ts';
import { koboldCppChatSamplers, koboldCppSamplers } from './samplers.ts';

const schema = z.object({ baseUrl: addressSchema });

/**
 * KoboldCpp, by the routes of its own that stream, stop, count and tell the true context, and by its OpenAI-shaped ones
 * where they know more: the model's template, tools, vectors.
 */
export const koboldcpp: Backend<z.infer<typeof schema>> = {
  id: 'koboldcpp',
  label: 'KoboldCpp',
  group: 'local',
  schema,
  fields: [
    addressField('http://127.0.0.1:5001'),
    { name: 'key', kind: 'secret', label: 'field_password', hint: 'field_password_optional' },
    { name: 'adminKey', kind: 'secret', label: 'field_admin_password', hint: 'field_admin_password_koboldcpp', advanced: true },
  ],
  preset: { baseUrl: 'http://127.0.0.1:5001' },
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],
  open: ({ baseUrl }, resources) => openKoboldCpp(baseUrl, resources),
};

function openKoboldCpp(baseUrl: string, resources: Resources): Engine {
  const server = koboldCppServer(resources, baseUrl);
  const admin = koboldCppAdmin(resources, baseUrl, server);
  const { embed } = openShape(resources, { root: `${baseUrl}/v1`, quirks: { service: koboldCppService, samplers: {} } });

  return {
    ...koboldCppRuns(resources, baseUrl, server),
    embed,
    models,
    countTokens,
    contextWindow: (_model, signal) => server.contextWindow(signal),
    losesStart: () => true,
    samplers: async (_model, signal) => ((await server.about.get(signal)).knowsTemplate ? koboldCppChatSamplers : koboldCppSamplers),
    chatTemplate: (_model, signal) => server.chatTemplate(signal),
    load: admin.load,
    unload: (_model, signal) => admin.unload(signal),
    room: (_model, signal) => server.room(signal),

    /** The model routes answer without the password, so a count of tokens is what proves it. */
    async test(signal) {
      await server.askAbout(signal);
      await server.countTokens('Hi', signal);
      if ((await models(signal)).length === 0) throw noModel('Start KoboldCpp with one, or load one in its window.');
    },
  };

  /** The loaded model, and those the server can change to. */
  async function models(signal: AbortSignal): Promise<ModelInfo[]> {
    const [{ abilities }, id, files] = await Promise.all([
      server.askAbout(signal),
      server.loadedModel(signal),
      admin.options(signal).catch(() => []),
    ]);
    const others: ModelInfo[] = files.map((file) => ({ id: file, loaded: false }));
    if (id === undefined) return others;
    const contextWindow = await server.contextWindow(signal).catch(() => undefined);
    const name = id.replace(/^koboldcpp\//, '');
    return [{ id, name, abilities, loaded: true, ...(contextWindow && { contextWindow }) }, ...others];
  }

  async function countTokens(request: CountRequest, signal: AbortSignal): Promise<number> {
    if ('text' in request) return await server.countTokens(request.text, signal);
    const { prompt } = renderChat(request.messages, guessTemplate(await server.chatTemplate(signal)));
    const tools = request.tools?.length ? JSON.stringify(request.tools) : '';
    return await server.countTokens(prompt + tools, signal);
  }
}
