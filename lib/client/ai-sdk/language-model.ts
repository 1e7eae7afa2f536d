import type { ChatBody, ChatCompletionChunk } from '../../protocol/openai.ts';
import type { SwitchboardProvider } from '../../protocol/provider.ts';
import { toApiCallError } from './errors.ts';
import { toResult } from './generate.ts';
import { toBody } from './request.ts';
import type { CallOptions, LanguageModel, StreamPart, Warning } from './spec.ts';
import { createPartMaker } from './stream.ts';

/** One of the user's models, as the AI SDK speaks to models. The provider is looked for at the first call. */
export function createLanguageModel(modelId: string, find: () => Promise<SwitchboardProvider>): LanguageModel {
  return {
    specificationVersion: 'v3',
    provider: 'switchboard.chat',
    modelId,
    supportedUrls: {},

    async doGenerate(options) {
      const ai = await find();
      const { body, warnings } = toBody(modelId, options);
      try {
        const completion = await ai.chat.completions.create({ ...body, stream: false }, signalOf(options));
        return toResult(completion, body, warnings);
      } catch (error) {
        throw toApiCallError(error, ai.baseURL);
      }
    },

    async doStream(options) {
      const ai = await find();
      const { body, warnings } = toBody(modelId, options);
      const asked: ChatBody & { stream: true } = { ...body, stream: true, stream_options: { include_usage: true } };
      try {
        const chunks = await ai.chat.completions.create(asked, signalOf(options));
        return { stream: toStream(chunks, warnings, options, ai.baseURL), request: { body: asked } };
      } catch (error) {
        throw toApiCallError(error, ai.baseURL);
      }
    },
  };
}

function signalOf({ abortSignal: signal }: { abortSignal?: AbortSignal }): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}

/** Read as the SDK reads it; cancelling stops the answer. What fails once it has begun is a part, and an abort fails the stream. */
function toStream(
  chunks: AsyncIterator<ChatCompletionChunk, undefined>,
  warnings: Warning[],
  { includeRawChunks: isRaw, abortSignal: signal }: CallOptions,
  url: string,
): ReadableStream<StreamPart> {
  const maker = createPartMaker();
  return new ReadableStream<StreamPart>({
    start: (controller) => controller.enqueue({ type: 'stream-start', warnings }),
    async pull(controller) {
      try {
        for (let parts: StreamPart[] = []; parts.length === 0; ) {
          const { done, value } = await chunks.next();
          parts = done ? maker.finish() : [...(isRaw ? [{ type: 'raw' as const, rawValue: value }] : []), ...maker.of(value)];
          for (const part of parts) controller.enqueue(part);
          if (done) controller.close();
        }
      } catch (thrown) {
        if (signal?.aborted) return controller.error(thrown);
        const error = toApiCallError(thrown, url);
        for (const part of [{ type: 'error' as const, error }, ...maker.finish('error')]) controller.enqueue(part);
        controller.close();
      }
    },
    async cancel() {
      await chunks.return?.();
    },
  });
}
