import type { GenerationOptions } from '../protocol/request.ts';

/** The request, with a sampler order only where it is written this server's way: by Kobold's numbers, or by names. */
export function orderedBy<Request extends GenerationOptions>(kind: 'number' | 'string', request: Request): Request {
  const { samplerOrder, ...sampling } = request.sampling ?? {};
  if (samplerOrder === undefined || samplerOrder.every((each) => typeof each === kind)) return request;
  return { ...request, sampling };
}
