import type { Router } from '../../router/router.ts';
import { lateCode } from '../late-code.ts';
import type { Method } from '../method.ts';
import type { CallBook } from './call-book.ts';
import type { createCallMethods } from './call-methods.ts';

/** The calls of watched tabs, in a background that carries no code for them before a developer first watches one. */
export interface LateCalls {
  begin: CallBook['begin'];
  methods: Record<'calls.watch' | 'calls.replay', Method>;
}

export function lateCalls(router: Router, read: () => typeof createCallMethods = () => lateCode('createCallMethods')): LateCalls {
  let made: ReturnType<typeof createCallMethods> | undefined;
  const use = () => {
    made ??= read()(router);
    return made;
  };
  return {
    begin: (from, method, params) => made?.book.begin(from, method, params),
    methods: {
      'calls.watch': { kind: 'subscription', run: (params, context, emit) => use().watch(params, context, emit) },
      'calls.replay': { kind: 'value', run: (params, context) => use().replay(params, context) },
    },
  };
}
