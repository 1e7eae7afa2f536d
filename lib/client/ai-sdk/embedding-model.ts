import type { SwitchboardProvider } from '../../protocol/provider.ts';
import { toApiCallError } from './errors.ts';
import type { EmbeddingModel } from './spec.ts';

interface Answer {
  data: { index: number; embedding: number[] }[];
  usage?: { prompt_tokens: number };
  error?: { message: string; code: string };
}

/** One of the user's embedding models. `providerOptions: { switchboard: { dimensions } }` where the model can be shortened. */
export function createEmbeddingModel(modelId: string, find: () => Promise<SwitchboardProvider>): EmbeddingModel {
  return {
    specificationVersion: 'v3',
    provider: 'switchboard.embedding',
    modelId,
    // What one request may hold (lib/serve/openai/embeddings.ts).
    maxEmbeddingsPerCall: 2048,
    supportsParallelCalls: true,

    async doEmbed({ values, abortSignal, providerOptions }) {
      const ai = await find();
      const dimensions = providerOptions?.switchboard?.dimensions;
      const response = await ai.fetch(`${ai.baseURL}/embeddings`, {
        method: 'POST',
        body: JSON.stringify({ model: modelId, input: values, dimensions, encoding_format: 'float' }),
        ...(abortSignal && { signal: abortSignal }),
      });
      const { data, usage, error } = (await response.json()) as Answer;
      if (!response.ok) throw toApiCallError({ ...error, status: response.status, ...waitOf(response) }, ai.baseURL);
      return {
        embeddings: data.toSorted((one, other) => one.index - other.index).map(({ embedding }) => embedding),
        ...(usage && { usage: { tokens: usage.prompt_tokens } }),
        warnings: [],
      };
    },
  };
}

function waitOf({ headers }: Response): { retryAfter?: number } {
  const seconds = headers.get('retry-after');
  return seconds === null ? {} : { retryAfter: Number(seconds) };
}
