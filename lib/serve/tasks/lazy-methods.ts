import type { Router } from '../../router/router.ts';
import { lateCode } from '../late-code.ts';
import type { Method, MethodTable } from '../method.ts';
import type { createTaskMethods, TaskMethods } from './methods.ts';

type Create = typeof createTaskMethods;

/** The methods of the task APIs, in a background that carries none of their code (lib/serve/late-code.ts). */
export function lazyTaskMethods(router: Router, read: () => Create = () => lateCode('createTaskMethods')): MethodTable {
  let methods: TaskMethods | undefined;
  const use = () => {
    methods ??= read()(router);
    return methods;
  };
  const stream = (name: 'create' | 'run' | 'measure'): Method => ({
    kind: 'stream',
    run: (params, context) => use()[name](params, context) as AsyncIterable<(string | object)[]>,
  });
  return {
    'task.availability': { kind: 'value', run: (params, context) => use().availability(params, context) },
    'task.create': stream('create'),
    'task.run': stream('run'),
    'task.measure': stream('measure'),
  };
}
