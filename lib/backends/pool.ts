import * as z from 'zod/mini';
import type { Backend, BaseConfig } from './backend.ts';

/** Several connections as one choice of the user. */
export interface PoolConfig extends BaseConfig {
  /** `fallback`: the first that can and does answer, in their order. `spread`: the one with most free room, among equals. */
  strategy: 'fallback' | 'spread';
  members: PoolMember[];
}

/** Without `model` the one that the connection answers with by default. */
export interface PoolMember {
  connectionId: string;
  model?: string;
}

/** A pool shows one model, whoever answers. */
export const poolModel = 'pool';

/** Has no wire of its own: the router asks its members (lib/router/pool). */
export const pool: Backend<PoolConfig> = {
  id: 'pool',
  label: 'Pool',
  group: 'pool',
  schema: z.object({
    strategy: z.enum(['fallback', 'spread']),
    members: z
      .array(z.object({ connectionId: z.string().check(z.minLength(1)), model: z.exactOptional(z.string()) }))
      .check(z.maxLength(50)),
  }),
  fields: [],
  preset: { strategy: 'fallback', members: [] },
  hosts: () => [],
  open: () => ({}),
};
