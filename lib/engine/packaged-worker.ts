/** Files of the package that scripts/engine-files.ts makes from wllama's own sources. */
export const engineFiles = {
  worker: '/engine/worker.js',
  threads: '/engine/threads.js',
  wasm: '/engine/wllama.wasm',
};

/**
 * wllama starts its worker from a blob, which Firefox's extension policy refuses (and which should not be needed to run
 * code that could be in the package). This replaces `Worker` in the engine's page by one that starts the packaged file
 * of the same code instead. wllama starts no other workers here: its downloads are not used.
 */
export function usePackagedWorker(threads: number): void {
  const Native = globalThis.Worker;
  if (Native.name === 'PackagedWorker') return;
  globalThis.Worker = class PackagedWorker extends Native {
    constructor(url: string | URL, _options?: WorkerOptions) {
      URL.revokeObjectURL(String(url));
      super(`${engineFiles.worker}?threads=${threads > 1 ? threads : 0}`);
    }

    override postMessage(message: unknown, options?: StructuredSerializeOptions | Transferable[]): void {
      // wllama hands its worker the code of the threads as a blob; the packaged worker wants the address of that file.
      if (isInit(message)) message.args[0] = new URL(engineFiles.threads, globalThis.location.href).href;
      super.postMessage(message, options as StructuredSerializeOptions);
    }
  };
}

function isInit(message: unknown): message is { verb: 'module.init'; args: unknown[] } {
  return (message as { verb?: unknown } | undefined)?.verb === 'module.init';
}
