import type { Router } from '../router/router.ts';
import { lateCode } from './late-code.ts';
import type { doors } from './late-doors.ts';
import type { MethodTable } from './method.ts';

/** OpenAI's interface and the old Window AI's, in a background that carries none of their code. */
export function doorMethods(router: Router, read: () => typeof doors = () => lateCode('doors')): MethodTable {
  return {
    'openai.chat': { kind: 'stream', run: (params, context) => read().createChat(router, params, context) },
    'openai.fetch': { kind: 'stream', run: (params, context) => read().openAiFetch(router, params, context) },
    legacy: { kind: 'stream', run: (params, context) => read().callLegacy(router, params, context) },
  };
}
