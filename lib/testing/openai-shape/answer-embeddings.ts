import type { Exchange } from '../kit/exchange.ts';
import { countTokens } from '../tokens.ts';

/** Answers an embeddings request with vectors that depend on the text alone. */
export function answerEmbeddings(exchange: Exchange): void {
  const { input, dimensions = exchange.body.output_dimension, encoding_format: encoding } = exchange.body;
  const texts = (Array.isArray(input) ? input : [input ?? '']).map(String);
  const promptTokens = countTokens(texts.join(' '));
  exchange.json(200, {
    object: 'list',
    data: texts.map((text, index) => {
      const vector = vectorOf(text, typeof dimensions === 'number' ? dimensions : 8);
      return { object: 'embedding', index, embedding: encoding === 'base64' ? base64(vector) : vector };
    }),
    model: exchange.model,
    usage: { prompt_tokens: promptTokens, total_tokens: promptTokens },
  });
}

/** A unit vector made from the text's bytes. Values are exact in 32 bits, so that both encodings say the same. */
export function vectorOf(text: string, dimensions: number): number[] {
  const raw = Array.from({ length: dimensions }, () => 1);
  for (const [position, byte] of Buffer.from(text, 'utf8').entries()) {
    const at = (position * 31 + byte) % dimensions;
    raw[at] = (raw[at] ?? 0) + byte / 255;
  }
  const length = Math.hypot(...raw);
  return raw.map((value) => Math.fround(value / length));
}

function base64(vector: number[]): string {
  return Buffer.from(Float32Array.from(vector).buffer).toString('base64');
}
