import type * as z from 'zod/mini';
import { lazy } from '../../protocol/parse.ts';
import { ofNamed } from '../params/of-named.ts';
import { readParams } from '../params/read-params.ts';

/** Reads the bodies of one route, whose schema is made when the first of them comes; what is wrong with one is thrown. */
export function bodyReader<Schema extends z.ZodMiniObject>(makeSchema: () => Schema): (params: unknown) => z.infer<Schema> {
  const schemaOf = lazy(() => ofNamed(makeSchema()));
  return (params) => {
    const body = withoutNulls(params);
    return readParams(schemaOf()(body) as unknown as z.ZodMiniType<z.infer<Schema>>, body);
  };
}

/** A body without its null fields: OpenAI's clients write null for "not given". */
function withoutNulls(params: unknown): unknown {
  if (typeof params !== 'object' || params === null || Array.isArray(params)) return params;
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== null));
}
