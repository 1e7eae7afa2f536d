import { SwitchboardError } from '../../protocol/errors.ts';
import type { EmbedResult } from '../../protocol/request.ts';
import { backendError, type ErrorContext } from '../backend-error.ts';
import { usageOf } from './usage.ts';
import { isObject } from './wire.ts';

/** The vectors of an answer, in the order of the inputs whatever the order of the answer. */
export function embedResult(text: string, inputs: number, context: ErrorContext): EmbedResult {
  const answer = parse(text);
  if (!isObject(answer) || answer.error) throw answer === undefined ? noVectors(context) : backendError(answer, context);
  const vectors = vectorsOf(answer.data, inputs, context);
  const inputTokens = usageOf(answer.usage)?.inputTokens;
  return {
    vectors,
    ...(typeof answer.model === 'string' && { model: answer.model }),
    ...(inputTokens !== undefined && { inputTokens }),
  };
}

/** The vectors of a list of `{ embedding, index? }`, one for each input. */
export function vectorsOf(data: unknown, inputs: number, context: ErrorContext): number[][] {
  const vectors: number[][] = [];
  for (const [at, entry] of (Array.isArray(data) ? data : []).entries()) {
    if (!isObject(entry)) continue;
    const index = typeof entry.index === 'number' && entry.index >= 0 && entry.index < inputs ? entry.index : at;
    vectors[index] = vectorOf(entry.embedding, context);
  }
  if (vectors.length !== inputs || vectors.includes(undefined as never)) throw noVectors(context);
  return vectors;
}

function vectorOf(embedding: unknown, context: ErrorContext): number[] {
  if (typeof embedding === 'string') return floats(embedding);
  // llama.cpp wraps the vector in a list when it does not pool.
  const numbers: unknown = Array.isArray(embedding) && Array.isArray(embedding[0]) && embedding.length === 1 ? embedding[0] : embedding;
  if (!Array.isArray(numbers) || !numbers.every((value) => typeof value === 'number')) throw noVectors(context);
  return numbers;
}

/** Base64 of little-endian 32-bit floats, which some servers send unasked. */
function floats(base64: string): number[] {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length >> 2 }, (_, i) => view.getFloat32(i * 4, true));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function noVectors({ host }: ErrorContext): SwitchboardError {
  return new SwitchboardError('bad-response', `${host} did not send a vector for each text. Is the model one for embeddings?`);
}
