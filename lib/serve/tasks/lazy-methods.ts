import type { Router } from '../../router/router.ts';
import { type LateCreate, lateMethods } from '../late-methods.ts';
import type { MethodTable } from '../method.ts';
import { standardCode } from '../standard-code.ts';
import type { TaskMethods } from './methods.ts';

/** The methods of the task APIs, in a background that carries none of their code (lib/serve/standard-code.ts). */
export function lazyTaskMethods(router: Router, read: LateCreate<TaskMethods> = () => standardCode('createTaskMethods')): MethodTable {
  const { value, stream } = lateMethods(router, read);
  return {
    'task.availability': value((methods, params, context) => methods.availability(params, context)),
    'task.create': stream((methods, params, context) => methods.create(params, context)),
    'task.run': stream((methods, params, context) => methods.run(params, context)),
    'task.measure': stream((methods, params, context) => methods.measure(params, context)),
  };
}
