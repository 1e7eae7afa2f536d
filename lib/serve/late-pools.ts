import type { PoolDeps, Pools } from '../router/pool/pools.ts';
import { lateCode } from './late-code.ts';

/** The pools, in a background that carries none of their code until one is asked. */
export function latePools(deps: PoolDeps): () => Pools {
  let pools: Pools | undefined;
  return () => {
    pools ??= lateCode('createPools')(deps);
    return pools;
  };
}
