import { exception } from '../language-model/errors.ts';
import { exposeInterface } from '../language-model/expose-interface.ts';
import { replaceNative } from '../language-model/native.ts';
import { createStatics, type StaticMeans } from '../language-model/statics.ts';
import { toJson } from '../plain-json.ts';
import { define, keys } from '../primordials.ts';
import { createReaders, readDefaults } from './options.ts';
import { type Task, tasks } from './table.ts';

/** Puts Summarizer and the others on the window, where the browser has none that works. */
export function exposeTasks(scope: object, means: Omit<StaticMeans, 'native'>): void {
  for (const task of tasks) replaceNative(scope, (native) => exposeTask(scope, { ...means, native }, task), [task[0]]);
}

function exposeTask(scope: object, means: StaticMeans, [name, operation, ways, options]: Task): void {
  const operations = [operation, 'destroy', 'measureInputUsage', `${operation}Streaming`].slice(0, ways + 2);
  const isRequired = name === 'Translator';
  const defaults = readDefaults(options, ways);
  let readers: ReturnType<typeof createReaders> | undefined;
  const statics = createStatics(means, {
    // The one with two words in its name is LanguageDetector.
    feature: name.replace('D', '-D').toLowerCase(),
    readers() {
      readers ??= createReaders(options, isRequired);
      return readers;
    },
    method: 'task.availability',
    write: (asked) => toJson({ ...asked, task: name }, exception as () => Error),
    make: (late, asked, monitor) => late.createTask({ ...means, ours, name, operations, defaults }, asked, monitor),
  });
  if (isRequired) for (const key in statics) define(statics[key as 'create'], 'length', { value: 1 });
  const ours = exposeInterface(scope, name, operations, keys(defaults), statics);
}
