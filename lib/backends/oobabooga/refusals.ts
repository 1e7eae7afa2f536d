import { SwitchboardError } from '../../protocol/errors.ts';
import type { Part } from '../../protocol/part.ts';
import type { Http } from '../backend.ts';
import { noModel } from '../no-model.ts';

/** The way out, with the refusal of a foreign host name explained: it comes as a plain 400. */
export function explainingHost(http: Http): Http {
  return {
    async request(url, init) {
      try {
        return await http.request(url, init);
      } catch (error) {
        if (!(error instanceof SwitchboardError) || error.status !== 400 || !/invalid host header/i.test(error.message)) throw error;
        throw new SwitchboardError(
          'unreachable',
          `text-generation-webui refuses to be called ${new URL(url).hostname}. Start it with --listen, or connect to it as 127.0.0.1.`,
          { status: 400 },
        );
      }
    },
  };
}

/**
 * An answer whose failure is explained where no model is loaded: the server crashes then, or ends the stream without a
 * word, and says neither why.
 */
export async function* explainingNoModel(answer: AsyncIterable<Part[]>, isLoaded: () => Promise<boolean>): AsyncGenerator<Part[], void> {
  let isBegun = false;
  try {
    for await (const parts of answer) {
      isBegun = true;
      yield parts;
    }
  } catch (error) {
    if (!isBegun && error instanceof SwitchboardError && crashes.has(error.code) && !(await isLoaded().catch(() => true))) throw noModel();
    throw error;
  }
}

const crashes = new Set(['backend-error', 'bad-response', 'interrupted']);
