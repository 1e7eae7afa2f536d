import { Wllama } from '@wllama/wllama/esm/index.js';
import { SwitchboardError } from '../protocol/errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import { answerFailure, countedTokens, isHarmless, loadFailure } from './failures.ts';
import { createLlamaLog, type LlamaLog } from './llama-log.ts';
import { engineFiles, usePackagedWorker } from './packaged-worker.ts';
import { isEmbedder, type StoredModel } from './stored-model.ts';
import { threadCount } from './threads.ts';
import { withProgress } from './watched-blob.ts';

/** A model in memory. One call at a time: llama.cpp here has one slot, and loses what comes while it is taken. */
export interface Llama {
  /** False once llama.cpp crashed; load the model anew. */
  isAlive(): boolean;
  /** Calls `onChunk` with each chunk of OpenAI's streaming shape. The signal stops it after the token under way. */
  generate(kind: 'chat' | 'text', body: JsonObject, onChunk: (chunk: JsonObject) => void, signal: AbortSignal): Promise<void>;
  /** Tokens of the prompt that the body makes, template included. */
  count(kind: 'chat' | 'text', body: JsonObject, signal: AbortSignal): Promise<number>;
  embed(input: string): Promise<{ vector: number[]; tokens: number }>;
  /** Ends the worker and gives the memory back. */
  close(): void;
}

export interface LoadOptions {
  /** 0 to 1. */
  onProgress(progress: number): void;
  signal: AbortSignal;
}

export type LoadLlama = (model: StoredModel, file: Blob, options: LoadOptions) => Promise<Llama>;

/** Reads a model file into llama.cpp in a worker of its own. Throws SwitchboardError. */
export const loadLlama: LoadLlama = async (model, file, { onProgress, signal }) => {
  if (signal.aborted) throw stoppedError();
  const threads = threadCount();
  usePackagedWorker(threads);
  const log = createLlamaLog();
  const wllama = new Wllama({ default: engineFiles.wasm }, { logger: log.logger });
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(stoppedError()), { once: true });
  });
  try {
    await Promise.race([stopped, log.crash, wllama.loadModel([withProgress(file, onProgress)], loadParams(model, threads))]);
    // wllama does not look at this itself and goes on with no model.
    if (!(wllama.getLoadedContextInfo() as { success?: boolean }).success) throw new Error('no model');
  } catch (error) {
    void wllama.exit();
    throw error instanceof SwitchboardError ? error : loadFailure(model.name, log.take(), error);
  }
  return createLlama(wllama, log);
};

function createLlama(wllama: Wllama, log: LlamaLog): Llama {
  let isAlive = true;
  const hasStartToken = wllama.mustAddBosToken();

  /** Runs one call; what it throws is a SwitchboardError, and a crash is remembered. */
  async function call<Value>(run: () => Promise<Value>): Promise<Value> {
    log.take();
    try {
      return await Promise.race([run(), log.crash]);
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') throw stoppedError();
      if (!isHarmless(error)) isAlive = false;
      throw answerFailure(error, log.take());
    }
  }

  async function stream(
    kind: 'chat' | 'text',
    body: JsonObject,
    onData: (chunk: JsonObject) => void,
    abortSignal: AbortSignal,
  ): Promise<void> {
    const options = { ...body, stream: true, onData, abortSignal };
    // The types of wllama name a part of what its core reads; the body is of the core's own shape.
    await (kind === 'chat' ? wllama.createChatCompletion(options as never) : wllama.createCompletion(options as never));
  }

  return {
    isAlive: () => isAlive,
    generate: (kind, body, onChunk, signal) => call(() => stream(kind, body, onChunk, signal)),
    count: (kind, body, signal) =>
      call(async () => {
        // The core has no tokenizer to call, but tells the length of a prompt before it reads on: stop it there. What it
        // read by then is kept for the answer that usually follows.
        const enough = new AbortController();
        let total: number | undefined;
        try {
          await stream(
            kind,
            { ...body, max_tokens: 1, return_progress: true },
            (chunk) => {
              total ??= (chunk.prompt_progress as { total?: number } | undefined)?.total;
              enough.abort();
            },
            AbortSignal.any([signal, enough.signal]),
          );
        } catch (error) {
          total ??= countedTokens(error);
          if (total === undefined) throw error;
        }
        if (total === undefined) throw new Error('no count');
        return kind === 'text' && hasStartToken ? total - 1 : total;
      }),
    embed: (input) =>
      call(async () => {
        // One text a call: of several, wllama returns one result and waits for ever for the others.
        const { data, usage } = await wllama.createEmbedding({ input });
        return { vector: data[0]?.embedding as number[], tokens: usage.prompt_tokens };
      }),
    close() {
      isAlive = false;
      void wllama.exit();
    },
  };
}

function stoppedError(): SwitchboardError {
  return new SwitchboardError('aborted', 'The call was stopped.');
}

function loadParams(model: StoredModel, threads: number): Parameters<Wllama['loadModel']>[1] {
  const embeds = isEmbedder(model);
  const context = Math.min(model.contextWindow ?? 4096, embeds ? longestEmbedding : Number.POSITIVE_INFINITY);
  // A call can be stopped between two batches, so a large batch would make stopping slow. Embeddings need one batch.
  const batch = embeds ? context : 128;
  return {
    n_ctx: context,
    n_batch: batch,
    n_ubatch: batch,
    n_threads: threads,
    n_parallel: 1,
    n_gpu_layers: 0,
    // With it, an answer depends in its last digits on what was read before, and temperature 0 would not be the same twice.
    flash_attn: false,
    jinja: true,
    prefill_assistant: false,
    // It would read every weight once more than needed before the first word.
    warmup: false,
    embeddings: embeds,
    log_level: errorLevel,
  };
}

const longestEmbedding = 2048;
const errorLevel = 4;
