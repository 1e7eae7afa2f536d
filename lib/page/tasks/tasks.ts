import { exception } from '../language-model/errors.ts';
import { exposeInterface } from '../language-model/expose-interface.ts';
import { replaceNative } from '../language-model/native.ts';
import { append } from '../language-model/platform.ts';
import { createStatics, type StaticMeans } from '../language-model/statics.ts';
import { toJson } from '../plain-json.ts';
import { define, keys } from '../primordials.ts';
import { createReaders, readDefaults } from './options.ts';
import { type Task, tasks } from './table.ts';

/** Puts Summarizer and the others on the window, where the browser has none that works. */
export function exposeTasks(scope: object, means: Omit<StaticMeans, 'native'>): void {
  for (const name in tasks)
    replaceNative(scope, (native) => exposeTask(scope, { ...means, native }, name, tasks[name] as () => Task), [name]);
}

function exposeTask(scope: object, means: StaticMeans, name: string, describe: () => Task): void {
  // The one with two words in its name is LanguageDetector.
  const feature = name.replace('D', '-D').toLowerCase();
  const isRequired = name === 'Translator';
  const ours = exposeInterface(scope, name, () => {
    const task = describe();
    const operation = task[0];
    const ways = task[1];
    const options = task[2];
    const operations = [operation, 'destroy'];
    if (ways > 0) append(operations, 'measureInputUsage');
    if (ways > 1) append(operations, `${operation}Streaming`);
    const defaults = readDefaults(options, ways);
    const statics = createStatics(means, {
      ...createReaders(options, isRequired),
      feature,
      method: 'task.availability',
      write: (asked) => toJson({ ...asked, task: name }, exception as () => Error),
      make: (late, asked, monitor) => late.createTask({ ...means, ours, name, operations, defaults }, asked, monitor),
    });
    if (isRequired) for (const key in statics) define(statics[key as 'create'], 'length', { value: 1 });
    return [keys(defaults), operations, statics];
  });
}
