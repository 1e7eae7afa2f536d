/** What a failure of llama.cpp is translated from. */
export interface LlamaLog {
  /** For wllama. */
  logger: { debug: Log; log: Log; warn: Log; error: Log };
  /** Rejects when the worker itself failed, which wllama only logs. */
  crash: Promise<never>;
  /** The last error lines since the last time. */
  take(): string[];
}

type Log = (...values: unknown[]) => void;

/** Keeps the last error lines of llama.cpp; nothing is written anywhere, because prompts may stand in them. */
export function createLlamaLog(): LlamaLog {
  let lines: string[] = [];
  const ignore = () => undefined;
  let fail: (error: Error) => void = ignore;
  const crash = new Promise<never>((_, reject) => {
    fail = reject;
  });
  crash.catch(ignore);
  const logger = {
    debug: ignore,
    log: ignore,
    warn: ignore,
    error: (...values: unknown[]) => {
      if (values[0] instanceof Event) fail(Object.assign(new Error('The worker failed.'), { name: 'RuntimeError' }));
      lines = [...lines, ...values.filter((value) => typeof value === 'string')].slice(-20);
    },
  };
  return {
    logger,
    crash,
    take(): string[] {
      const taken = lines;
      lines = [];
      return taken;
    },
  };
}
