import * as z from 'zod/mini';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { Part } from '../../protocol/part.ts';
import type { TextRequest } from '../../protocol/request.ts';
import type { Backend, Engine, HttpInit, Resources, Service } from '../backend.ts';
import { closing } from '../closing.ts';
import { addressField, addressSchema } from '../fields.ts';
import { cutAtStop } from '../stop.ts';
import { koboldAiBody } from './generate-body.ts';

const schema = z.object({ baseUrl: addressSchema });

/**
 * KoboldAI United and Client: raw text in, the whole answer out, nothing in between. It has no conversations, no
 * stream, no token count and no way to stop; what it lacks the router bridges or says.
 */
export const koboldai: Backend<z.infer<typeof schema>> = {
  id: 'koboldai',
  label: 'KoboldAI',
  group: 'local',
  schema,
  fields: [addressField('http://127.0.0.1:5000')],
  preset: { baseUrl: 'http://127.0.0.1:5000' },
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],
  open: ({ baseUrl }, resources) => openKoboldAi(baseUrl, resources),
};

const service: Service = { label: 'KoboldAI', startHint: 'Start KoboldAI and load a model in its window.' };

function openKoboldAi(baseUrl: string, { http }: Resources): Engine {
  const host = new URL(baseUrl).host;
  let version: Promise<string> | undefined;

  return {
    text: (request, signal) => closing(signal, (own) => text(request, own)),

    async models(signal) {
      const id = await modelName(signal);
      const contextWindow = await windowOf(signal);
      return id ? [{ id, abilities: ['text'], loaded: true, ...(contextWindow && { contextWindow }) }] : [];
    },

    contextWindow: (_model, signal) => windowOf(signal),

    async test(signal) {
      await apiVersion(signal);
      if (!(await modelName(signal))) throw noModel();
    },
  };

  async function* text(request: TextRequest, signal: AbortSignal): AsyncGenerator<Part[], void> {
    if (request.responseFormat) throw new SwitchboardError('not-supported', "The user's model server cannot hold an answer to a form.");
    const body = koboldAiBody(request, await apiVersion(signal));
    const { results } = await json('/generate', { json: body, signal, headersTimeout: patienceMs });
    const first: unknown = Array.isArray(results) ? results[0]?.text : undefined;
    if (typeof first !== 'string')
      throw new SwitchboardError('bad-response', `${host} did not answer in the way of KoboldAI. Check the address.`);
    // The tokenizer leaves a space in front, and the server leaves the stop text at the end.
    const { text, isCut } = cutAtStop(request.echo ? request.prompt + first : first.replace(/^ /, ''), request.stop ?? []);
    yield [
      { type: 'text', text },
      { type: 'end', reason: isCut ? 'stop' : 'other' },
    ];
  }

  function apiVersion(signal: AbortSignal): Promise<string> {
    version ??= json('/info/version', { signal }).then(({ result }) => (typeof result === 'string' ? result : '1.2.1'));
    version.catch(() => {
      version = undefined;
    });
    return version;
  }

  /** `ReadOnly` is KoboldAI's word for no model. */
  async function modelName(signal: AbortSignal): Promise<string | undefined> {
    const { result } = await json('/model', { signal });
    return typeof result === 'string' && result !== '' && result !== 'ReadOnly' ? result : undefined;
  }

  async function windowOf(signal: AbortSignal): Promise<number | undefined> {
    const { value } = await json('/config/max_context_length', { signal });
    return typeof value === 'number' && value > 0 ? value : undefined;
  }

  async function json(path: string, init: HttpInit): Promise<Record<string, unknown>> {
    const response = await http.request(`${baseUrl}/api/v1${path}`, { service, ...init, accept: [501] });
    if (response.status === 501) throw noModel();
    const value: unknown = await response.json().catch(() => undefined);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
    throw new SwitchboardError('bad-response', `${host} did not answer in the way of KoboldAI. Check the address.`);
  }

  function noModel(): SwitchboardError {
    return new SwitchboardError('model-not-found', `KoboldAI has no model loaded. Load one in its window and try again.`);
  }
}

/** The whole answer arrives at once, so the headers do not come before it. */
const patienceMs = 900_000;
