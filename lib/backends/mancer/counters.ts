import type { Usage } from '../../protocol/part.ts';

/** Mancer's own counts of an answer, which stand in every chunk beside the text and grow. */
export interface Counters {
  /** The same response, listened to. */
  watch(response: Response): Response;
  readonly usage: Usage | undefined;
}

export function createCounters(): Counters {
  let inputTokens: number | undefined;
  let outputTokens: number | undefined;
  let tail = '';

  function read(text: string): void {
    for (const [, kind, count] of (tail + text).matchAll(/"x-(input|output)-tokens":\s*(\d+)(?=\D)/g)) {
      if (kind === 'input') inputTokens = Number(count);
      else outputTokens = Number(count);
    }
    // Long enough for a count that the network cut in two.
    tail = text.length < tailLength ? (tail + text).slice(-tailLength) : text.slice(-tailLength);
  }

  return {
    watch(response) {
      if (!response.body) return response;
      const decoder = new TextDecoder();
      const listen = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(bytes, controller) {
          read(decoder.decode(bytes, { stream: true }));
          controller.enqueue(bytes);
        },
      });
      return new Response(response.body.pipeThrough(listen), response);
    },
    get usage() {
      return inputTokens === undefined || outputTokens === undefined ? undefined : { inputTokens, outputTokens };
    },
  };
}

const tailLength = 64;
