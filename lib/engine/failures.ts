import { SwitchboardError } from '../protocol/errors.ts';

/**
 * What the engine's worker says when llama.cpp refused a request by an exception; the worker is made with this sentence
 * (scripts/engine-files.ts). The reason stands in the lines llama.cpp logged.
 */
export const actionFailed = 'llama.cpp refused the request';

/** True when the failure was of one request: the model is still there and answers the next. */
export function isHarmless(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name !== 'RuntimeError' || error.message.includes(actionFailed);
}

/** Why a model did not load, from the error and the error lines that llama.cpp logged. */
export function loadFailure(modelName: string, lines: string[], error?: unknown): SwitchboardError {
  const said = [...lines, messageOf(error)].join('\n');
  const architecture = said.match(/unknown model architecture: '([^']{1,40})'/)?.[1];
  if (architecture) {
    return new SwitchboardError(
      'backend-error',
      `${modelName} is of a kind ("${architecture}") that the llama.cpp in this version of Switchboard does not know. Choose another model.`,
    );
  }
  if (outOfMemory.test(said)) {
    return new SwitchboardError(
      'backend-error',
      `${modelName} needs more memory than this browser can give. Close other tabs, or choose a smaller model.`,
      { cause: error },
    );
  }
  if (
    /corrupted|incomplete|not within the file bounds|gguf_init|invalid magic|wrong shape|missing tensor|tensor .* not found/i.test(said)
  ) {
    return new SwitchboardError('backend-error', `The file of ${modelName} is damaged. Remove the model and add it again.`, {
      cause: error,
    });
  }
  if (/WebAssembly|CompileError|LinkError|SIMD|exception handling/i.test(said)) {
    return new SwitchboardError(
      'not-supported',
      'This browser cannot run models: it lacks the WebAssembly it takes. Update the browser, or connect a server.',
      { cause: error },
    );
  }
  return new SwitchboardError(
    'backend-error',
    `${modelName} could not be loaded. Try again; if it stays, remove the model and add it again.`,
    { cause: error },
  );
}

/** Why a loaded model did not answer. Prompts and answers stay out: only what the patterns name is repeated. */
export function answerFailure(error: unknown, lines: string[]): SwitchboardError {
  if (error instanceof SwitchboardError) return error;
  const said = [messageOf(error), ...lines].join('\n');
  const tooLong = said.match(/\((\d+) tokens\) (?:exceeds the available context size \((\d+) tokens\)|is too large to process)/);
  if (tooLong) return tooLongFor(Number(tooLong[1]), tooLong[2] === undefined ? undefined : Number(tooLong[2]));
  if (outOfMemory.test(said)) {
    return new SwitchboardError('backend-error', 'The model ran out of memory and was closed. Send less text, or choose a smaller model.', {
      cause: error,
    });
  }
  if (/json[ _]schema/i.test(said)) {
    return new SwitchboardError(
      'bad-request',
      'The JSON schema holds something that llama.cpp cannot turn into a grammar. Make it simpler.',
      { cause: error },
    );
  }
  if (/parse grammar|initialize samplers|grammar/i.test(said)) {
    return new SwitchboardError('bad-request', 'The grammar is not one that llama.cpp can read (GBNF). Check it.', { cause: error });
  }
  if (/logprobs is not supported with tools/i.test(said)) {
    return new SwitchboardError('not-supported', 'The model cannot give log probabilities together with tools. Ask for one of them.', {
      cause: error,
    });
  }
  if (said.includes(actionFailed)) {
    const reason = said.match(/Jinja Exception: ([^\n]{1,160})/)?.[1];
    return new SwitchboardError(
      'bad-request',
      `The model's chat template refused these messages${reason ? `: ${reason.replace(/[.!\s]+$/, '')}` : ''}. Change their roles or their order.`,
      { cause: error },
    );
  }
  return new SwitchboardError('backend-error', 'The model inside the browser stopped with an error. Try again.', { cause: error });
}

/** The tokens llama.cpp counted in a prompt that it refused for its length. */
export function countedTokens(error: unknown): number | undefined {
  const count = messageOf(error).match(/\((\d+) tokens\)/)?.[1];
  return count === undefined ? undefined : Number(count);
}

const outOfMemory =
  /bad_alloc|out of memory|\bOOM\b|failed to allocate|cannot enlarge memory|memory access out of bounds|allocat\w* .*memory|array buffer allocation/i;

function tooLongFor(tokens: number, window: number | undefined): SwitchboardError {
  const limit = window === undefined ? 'more than the model reads at once' : `and the model reads ${window} at most`;
  return new SwitchboardError('context-length', `The messages have ${tokens} tokens, ${limit}. Send fewer or shorter ones.`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : typeof error === 'string' ? error : '';
}
