import type { EmbedResult } from '../../protocol/request.ts';
import type { ErrorContext } from '../backend-error.ts';
import { vectorsOf } from '../openai-shaped/embed.ts';
import type { OllamaAnswer } from './facts.ts';

/** The vectors of an answer of `/api/embed`. */
export function embedResult(answer: OllamaAnswer, inputs: number, context: ErrorContext): EmbedResult {
  const { embeddings, model, prompt_eval_count: inputTokens } = answer;
  const data = Array.isArray(embeddings) ? embeddings.map((embedding) => ({ embedding })) : undefined;
  return {
    vectors: vectorsOf(data, inputs, context),
    ...(typeof model === 'string' && { model }),
    ...(typeof inputTokens === 'number' && { inputTokens }),
  };
}
