import { SwitchboardError } from '../../protocol/errors.ts';
import type { Part } from '../../protocol/part.ts';
import { backendError } from '../backend-error.ts';
import { readErrorBody } from '../error-body.ts';
import { readErrorResponse } from '../error-response.ts';
import type { openShape } from '../openai-shaped/engine.ts';
import { entriesOf } from '../openai-shaped/models.ts';
import { isObject } from '../openai-shaped/wire.ts';
import { waiting } from '../while-loading.ts';
import { hasFailed, llamaCppModel } from './models.ts';

/** Loading and unloading, which a llama-server does that was started as a router of several models. */
export function routerModels(shape: ReturnType<typeof openShape>, baseUrl: string, isReady: (signal: AbortSignal) => Promise<boolean>) {
  const { ask, errorContext } = shape;
  const { host } = new URL(baseUrl);
  return { load, unload };

  async function* load(model: string, signal: AbortSignal): AsyncGenerator<Part[], void> {
    const isRouter = await change('load', model, signal, /already running/i);
    // A server with one model of its own loads it by itself.
    yield* waiting(signal, isRouter ? (own) => isLoaded(model, own) : isReady);
  }

  async function isLoaded(model: string, signal: AbortSignal): Promise<boolean> {
    const list = await (await ask(`${baseUrl}/v1/models`, signal)).text();
    const entry = entriesOf(list, errorContext()).find((each) => isObject(each) && each.id === model);
    if (isObject(entry) && hasFailed(entry))
      throw new SwitchboardError(
        'backend-error',
        `${host} could not load the model. Look at the server's log: is the file whole, and is there memory for it?`,
      );
    return !isObject(entry) || llamaCppModel(entry)?.loaded !== false;
  }

  async function unload(model: string, signal: AbortSignal): Promise<void> {
    if (await change('unload', model, signal, /not running/i)) return;
    throw new SwitchboardError(
      'not-supported',
      'This llama.cpp server serves one model for as long as it runs. Stop the server to free its memory.',
    );
  }

  /** False where the server is no router. `isSo`: its words for what is the case already. */
  async function change(what: 'load' | 'unload', model: string, signal: AbortSignal, isSo: RegExp): Promise<boolean> {
    const response = await ask(`${baseUrl}/models/${what}`, signal, { json: { model }, accept: [400, 404, 405, 501] });
    if (response.ok) return true;
    const body = await readErrorResponse(response);
    const words = readErrorBody(body).message ?? '';
    if (isSo.test(words)) return true;
    // A missing route is a missing file to it.
    if (/model.*not found/i.test(words))
      throw new SwitchboardError('model-not-found', `${host} has no model of this name. Look at its list.`);
    if (response.status !== 400) return false;
    throw backendError(body, errorContext(), { status: 400 });
  }
}
