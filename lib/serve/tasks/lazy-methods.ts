import type { Router } from '../../router/router.ts';
import { lateMethods } from '../late-methods.ts';
import type { MethodTable } from '../method.ts';
import { readStandardCode } from '../standard-code.ts';
import type { createTaskMethods, TaskMethods } from './methods.ts';

type Create = typeof createTaskMethods;

/** The methods of the task APIs, in a background that carries none of their code (lib/serve/standard-code.ts). */
export function lazyTaskMethods(router: Router, read: () => Create | Promise<Create> = readCreate): MethodTable {
  const { value, stream } = lateMethods<TaskMethods>(() => {
    const create = read();
    return create instanceof Promise ? create.then((made) => made(router)) : create(router);
  });
  return {
    'task.availability': value((methods, params, context) => methods.availability(params, context)),
    'task.create': stream((methods, params, context) => methods.create(params, context)),
    'task.run': stream((methods, params, context) => methods.run(params, context)),
    'task.measure': stream((methods, params, context) => methods.measure(params, context)),
  };
}

function readCreate(): Create | Promise<Create> {
  const code = readStandardCode();
  return code instanceof Promise ? code.then(({ createTaskMethods }) => createTaskMethods) : code.createTaskMethods;
}
