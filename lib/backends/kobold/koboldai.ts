import * as z from 'zod/mini';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { ModelInfo } from '../../protocol/model.ts';
import type { Part } from '../../protocol/part.ts';
import type { TextRequest } from '../../protocol/request.ts';
import { askedOnce } from '../asked-once.ts';
import type { Backend, Engine, HttpInit, Resources, Service } from '../backend.ts';
import { closing } from '../closing.ts';
import { addressField, addressSchema } from '../fields.ts';
import { jsonAnswer } from '../json-answer.ts';
import { noModel } from '../no-model.ts';
import { isObject } from '../openai-shaped/wire.ts';
import { placeOf } from '../place.ts';
import { sleep } from '../sleep.ts';
import { cutAtStop } from '../stop.ts';
import { koboldAiBody } from './generate-body.ts';
import { koboldSamplersOf } from './samplers.ts';

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
  const { host } = new URL(baseUrl);
  // The whole answer arrives at once, so the headers do not come before it. Near the user that clock is long already.
  const patience = placeOf(baseUrl) === 'company' ? { headersTimeout: answerMs } : {};
  const version = askedOnce(apiVersion);
  /** When a caller stopped: the server finishes that answer all the same, and is busy until then. */
  let leftAt: number | undefined;

  return {
    text: (request, signal) => closing(signal, (own) => text(request, own)),
    models,
    samplers: async (_model, signal) => koboldSamplersOf(await version.get(signal)),
    contextWindow: (_model, signal) => windowOf(signal),

    async test(signal) {
      await apiVersion(signal);
      if (!(await modelName(signal))) throw noModel(loadHint);
    },
  };

  async function* text(request: TextRequest, signal: AbortSignal): AsyncGenerator<Part[], void> {
    const body = koboldAiBody(request, await version.get(signal));
    const init = { json: body, signal, ...patience };
    for (;;) {
      try {
        yield answerParts(await json('/generate', init), request);
        leftAt = undefined;
        return;
      } catch (error) {
        if (signal.aborted) leftAt = Date.now();
        if (!isOwnRest(error)) throw error;
      }
      yield [{ type: 'queued' }];
      await sleep(pollMs, signal);
    }
  }

  /** The server leaves the stop text in. Why an answer without one ended, it does not say. */
  function answerParts({ results }: Record<string, unknown>, { prompt, echo, stop = [] }: TextRequest): Part[] {
    const [first]: unknown[] = Array.isArray(results) ? results : [];
    if (!isObject(first) || typeof first.text !== 'string') throw notKoboldAi();
    // The tokenizer puts a space in front of every answer; behind the mark of a turn it is nobody's.
    const isTurn = !echo && /(\s|assistant:|\[\/INST\])$/i.test(prompt);
    const { text, isCut } = cutAtStop(isTurn ? first.text.replace(/^ /, '') : first.text, stop);
    const whole = echo ? prompt + text : text;
    return [...(whole === '' ? [] : [{ type: 'text' as const, text: whole }]), { type: 'end', reason: isCut ? 'stop' : 'other' }];
  }

  /** Busy with nothing but an answer of ours that nobody wants any more: worth waiting for. */
  function isOwnRest(error: unknown): boolean {
    const isBusy = error instanceof SwitchboardError && error.code === 'overloaded';
    return isBusy && leftAt !== undefined && Date.now() - leftAt < answerMs;
  }

  async function models(signal: AbortSignal): Promise<ModelInfo[]> {
    const id = await modelName(signal);
    if (!id) return [];
    const contextWindow = await windowOf(signal);
    const description = 'Answers come whole: KoboldAI cannot stream.';
    return [{ id, description, abilities: ['text'], loaded: true, ...(contextWindow && { contextWindow }) }];
  }

  /** Versions before 1.1.1 are older than this question. */
  async function apiVersion(signal: AbortSignal): Promise<string> {
    const { result } = await json('/info/version', { signal });
    return typeof result === 'string' ? result : '1.0.0';
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
    if (response.status === 501) throw noModel(loadHint);
    return await jsonAnswer(response, host, service.label);
  }

  function notKoboldAi(): SwitchboardError {
    return new SwitchboardError('bad-response', `${host} did not answer as KoboldAI does. Check the address.`);
  }
}

const loadHint = "Load one in the server's own window, then try again.";

const answerMs = 600_000;
const pollMs = 2000;
