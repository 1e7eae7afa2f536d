import * as z from 'zod/mini';
import type { EmbedRequest, EmbedResult } from '../../protocol/request.ts';
import type { Asked } from '../../router/router.ts';
import { defined } from '../params/defined.ts';
import { modelId } from '../params/schemas.ts';
import { bodyReader } from './body-reader.ts';
import { embeddingParameters, notCarried } from './parameters.ts';

const text = z.string('should be text: token numbers mean something else to every model');

const readBody = bodyReader(() =>
  z.strictObject({
    model: z.optional(modelId),
    input: z.union([z.string(), z.array(text).check(z.minLength(1), z.maxLength(2_048))]),
    dimensions: z.optional(z.int().check(z.minimum(1), z.maximum(100_000))),
    encoding_format: z.optional(z.enum(['float', 'base64'])),
    ...notCarried(embeddingParameters),
  }),
);

/** A body of `/v1/embeddings`, and the form the answer is to have. */
export function readOpenAiEmbedding(params: unknown): { request: Asked<EmbedRequest>; isBase64: boolean } {
  const { model, input, dimensions, encoding_format: encoding } = readBody(params);
  const texts = typeof input === 'string' ? [input] : input;
  return {
    request: { input: texts.map((text) => text.toWellFormed()), ...defined({ model, dimensions }) },
    isBase64: encoding === 'base64',
  };
}

/** The answer as OpenAI shapes it. */
export function toOpenAiEmbeddings({ vectors, model, inputTokens = 0 }: EmbedResult, asked: { model?: string; isBase64: boolean }) {
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: asked.isBase64 ? toBase64(vector) : vector })),
    model: model ?? asked.model ?? 'default',
    usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
  };
}

/** Little-endian 32-bit floats, which is what OpenAI's client asks for unless told otherwise. */
function toBase64(vector: number[]): string {
  const view = new DataView(new ArrayBuffer(vector.length * 4));
  for (const [index, value] of vector.entries()) view.setFloat32(index * 4, value, true);
  let binary = '';
  for (const byte of new Uint8Array(view.buffer)) binary += String.fromCharCode(byte);
  return btoa(binary);
}
