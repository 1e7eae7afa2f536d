import type { JsonObject } from '../../protocol/json.ts';
import type { EndReason, Part } from '../../protocol/part.ts';
import type { TextRequest } from '../../protocol/request.ts';
import type { Ask } from '../ask.ts';
import type { HttpResponse } from '../backend.ts';
import { defined } from '../body.ts';
import { cutOff } from '../event-parts.ts';
import { readNdjson } from '../ndjson.ts';
import type { SamplerNames } from '../openai-shaped/samplers.ts';

/** The body of DreamGen's own endpoint. `role` is the only one the model may answer in. */
export function nativeBody(request: TextRequest, role?: string): JsonObject {
  const { sampling = {} } = request;
  const { dry } = sampling;
  return {
    modelId: request.model.replace(/\/(text|assistant)$/, ''),
    input: request.prompt,
    samplingParams: {
      kind: 'basic',
      ...defined({
        maxTokens: request.maxOutputTokens,
        temperature: sampling.temperature,
        topP: sampling.topP,
        topK: sampling.topK,
        minP: sampling.minP,
        presencePenalty: sampling.presencePenalty,
        frequencyPenalty: sampling.frequencyPenalty,
        repetitionPenalty: sampling.repetitionPenalty,
        dry: dry && defined({ multiplier: dry.multiplier, base: dry.base, allowedLength: dry.allowedLength }),
        stopSequences: request.stop?.length ? request.stop : undefined,
        ignoreEos: sampling.banEos,
        allowedRoles: role && [role],
      }),
      ...request.extra,
    },
  };
}

/** The names of `samplingParams`. */
export const nativeSamplers: SamplerNames = {
  temperature: 'temperature',
  topP: 'topP',
  topK: 'topK',
  minP: 'minP',
  presencePenalty: 'presencePenalty',
  frequencyPenalty: 'frequencyPenalty',
  repetitionPenalty: 'repetitionPenalty',
  'dry.multiplier': 'dry.multiplier',
  'dry.base': 'dry.base',
  'dry.allowedLength': 'dry.allowedLength',
  banEos: 'ignoreEos',
};

interface NativeLine {
  success?: boolean;
  output?: string;
  finishReason?: string;
  usage?: { inputTokens?: number; outputTokens?: number };
  message?: string;
  status?: number;
}

/** The parts of an answer of one JSON text a line, up to the line with a reason to finish. */
export async function* nativeParts(response: HttpResponse, url: string, ask: Ask, model: string): AsyncGenerator<Part[], void> {
  const { host } = new URL(url);
  const reads = readNdjson(response, host);
  const increment = createIncrements();
  try {
    for (let read = await reads.next(); !read.done; read = await reads.next()) {
      const parts: Part[] = [];
      let failure: Error | undefined;
      for (const line of read.value) {
        if (!isLine(line)) throw ask.failure(url, line);
        if (line.success === false) failure ??= ask.failure(url, { message: line.message ?? 'It did not say why.' }, line.status);
        if (failure) break;
        const text = increment(line.output ?? '');
        if (text) parts.push({ type: 'text', text });
        if (line.finishReason) parts.push(endPart(line, model));
      }
      if (parts.length > 0) yield parts;
      if (failure) throw failure;
      if (parts.at(-1)?.type === 'end') return;
    }
    throw cutOff(host);
  } finally {
    await reads.return();
  }
}

function isLine(value: unknown): value is NativeLine {
  return typeof value === 'object' && value !== null && 'success' in value;
}

function endPart({ finishReason, usage }: NativeLine, model: string): Part {
  const reason: EndReason = finishReason === 'stop' || finishReason === 'length' ? finishReason : 'other';
  const counted = usage && { usage: { inputTokens: usage.inputTokens ?? 0, outputTokens: usage.outputTokens ?? 0 } };
  return { type: 'end', reason, model, ...counted };
}

/** Lines bring what is new, or all text so far: which of the two, the second line that says something shows. */
function createIncrements(): (output: string) => string {
  let received = '';
  let isWhole: boolean | undefined;
  return (output) => {
    if (output === '') return '';
    if (received !== '') isWhole ??= output.length > received.length && output.startsWith(received);
    const text = isWhole ? output.slice(received.length) : output;
    received += text;
    return text;
  };
}
