import type { JsonObject } from '../../protocol/json.ts';
import type { EndPart, EndReason, Part, TextPart, TokenLogprob } from '../../protocol/part.ts';
import { byName } from '../by-name.ts';
import { brokenCall } from './errors.ts';
import { ownCallId } from './messages.ts';

/** One event of a stream, or the whole answer. Everything in it may be missing. */
export interface GeminiChunk {
  candidates?: { content?: { parts?: GeminiPart[] }; finishReason?: string; logprobsResult?: LogprobsResult }[];
  promptFeedback?: { blockReason?: string };
  usageMetadata?: {
    promptTokenCount?: number;
    toolUsePromptTokenCount?: number;
    candidatesTokenCount?: number;
    thoughtsTokenCount?: number;
    cachedContentTokenCount?: number;
  };
  modelVersion?: string;
  responseId?: string;
}

interface GeminiPart {
  text?: string;
  thought?: boolean;
  thoughtSignature?: string;
  functionCall?: { id?: string; name?: string; args?: JsonObject };
}

interface LogprobsResult {
  chosenCandidates?: { token?: string; logProbability?: number }[];
  topCandidates?: { candidates?: { token?: string; logProbability?: number }[] }[];
}

export interface GeminiDecoder {
  read(chunk: GeminiChunk): Part[];
  /** The end of the body, which is the end of the answer if a chunk gave a reason: otherwise undefined. */
  finish(): EndPart | undefined;
  /** Why the service refused the prompt, where it did. */
  readonly blocked: string | undefined;
}

export function createGeminiDecoder(): GeminiDecoder {
  let end: EndPart = { type: 'end', reason: 'other' };
  let finishReason: string | undefined;
  let blocked: string | undefined;
  let callCount = 0;

  return {
    get blocked() {
      return blocked;
    },
    read(chunk) {
      const candidate = chunk.candidates?.[0];
      finishReason = candidate?.finishReason ?? finishReason;
      const { blockReason } = chunk.promptFeedback ?? {};
      if (blockReason !== 'BLOCK_REASON_UNSPECIFIED') blocked ??= blockReason;
      end = { ...end, ...origin(chunk) };
      const parts = (candidate?.content?.parts ?? []).flatMap((part) => readPart(part));
      const logprobs = readLogprobs(candidate?.logprobsResult);
      const text = logprobs && parts.find((part): part is TextPart => part.type === 'text');
      if (text) text.logprobs = logprobs;
      return parts;
    },
    finish() {
      if (finishReason === undefined) return undefined;
      if (broken.has(finishReason)) throw brokenCall();
      // A turn that ends in calls is a STOP as well.
      const reason = finishReason === 'STOP' && callCount > 0 ? 'tool-calls' : (endReasons[finishReason] ?? 'other');
      return { ...end, reason };
    },
  };

  function readPart({ text, thought, thoughtSignature: signature, functionCall }: GeminiPart): Part[] {
    if (functionCall) {
      const { id = `${ownCallId}${crypto.randomUUID()}`, name = '', args = {} } = functionCall;
      return [
        {
          type: 'tool-call',
          index: callCount++,
          id,
          name,
          arguments: JSON.stringify(args),
          ...(signature && { opaque: { thoughtSignature: signature } }),
        },
      ];
    }
    if (thought) return text || signature ? [{ type: 'thought', text: text ?? '', ...(signature && { signature }) }] : [];
    return [
      ...(text ? [{ type: 'text', text } as const] : []),
      ...(signature ? [{ type: 'thought', text: '', opaque: { thoughtSignature: signature } } as const] : []),
    ];
  }
}

/** The model tried to call a tool, and nothing that could be called came of it. */
const broken = new Set(['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'TOO_MANY_TOOL_CALLS']);

const endReasons = byName<EndReason>({
  STOP: 'stop',
  MAX_TOKENS: 'length',
  CONTINUATION: 'length',
  SAFETY: 'content-filter',
  RECITATION: 'content-filter',
  LANGUAGE: 'content-filter',
  BLOCKLIST: 'content-filter',
  PROHIBITED_CONTENT: 'content-filter',
  SPII: 'content-filter',
  IMAGE_SAFETY: 'content-filter',
  IMAGE_PROHIBITED_CONTENT: 'content-filter',
  IMAGE_RECITATION: 'content-filter',
});

function origin({ modelVersion, responseId, usageMetadata: usage }: GeminiChunk): Partial<EndPart> {
  return {
    ...(modelVersion && { model: modelVersion }),
    ...(responseId && { responseId }),
    ...(usage && {
      usage: {
        inputTokens: (usage.promptTokenCount ?? 0) + (usage.toolUsePromptTokenCount ?? 0),
        outputTokens: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
        ...(usage.cachedContentTokenCount && { cachedInputTokens: usage.cachedContentTokenCount }),
        ...(usage.thoughtsTokenCount && { reasoningTokens: usage.thoughtsTokenCount }),
      },
    }),
  };
}

function readLogprobs(result: LogprobsResult | undefined): TokenLogprob[] | undefined {
  return result?.chosenCandidates?.map((chosen, index) => {
    const top = result.topCandidates?.[index]?.candidates?.map(tokenLogprob);
    return { ...tokenLogprob(chosen), ...(top && { top }) };
  });
}

function tokenLogprob({ token = '', logProbability = 0 }: { token?: string; logProbability?: number }): { token: string; logprob: number } {
  return { token, logprob: logProbability };
}
