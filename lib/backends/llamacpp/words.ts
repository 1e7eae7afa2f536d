import type { GenerationOptions } from '../../protocol/request.ts';

/**
 * A request with what llama-server writes otherwise than all others. Biases are pairs, which every version reads (an
 * object only those since August 2025); ranges of -1, the whole context, were refused in 2026, so they are a length
 * that no answer reaches.
 */
export function inLlamaCppWords<Request extends GenerationOptions>(request: Request): Request {
  if (!request.sampling) return request;
  const { logitBias, ...sampling } = request.sampling;
  const { repetitionRange: range, dry } = sampling;
  const pairs = logitBias && Object.entries(logitBias).map(([token, bias]) => [Number(token), bias]);
  return {
    ...request,
    sampling: {
      ...sampling,
      ...(range !== undefined && { repetitionRange: tokensBack(range) }),
      ...(dry?.range !== undefined && { dry: { ...dry, range: tokensBack(dry.range) } }),
    },
    ...(pairs && { extra: { logit_bias: pairs, ...request.extra } }),
  };
}

function tokensBack(range: number): number {
  return range < 0 ? 65_536 : range;
}
