import { signal } from '../language-model/options.ts';
import { boolean, type Convert, callback, dictionary, enumeration, sequence, string } from '../language-model/webidl.ts';
import { bare, freeze, indexOf, slice } from '../primordials.ts';
import type { Callback } from '../read-options.ts';
import type { Option } from './table.ts';

/** The options of a task as a page gave them, by name. */
export type Asked = Record<string, unknown> & { signal?: AbortSignal; monitor?: Callback };

const { getCanonicalLocales } = Intl;
const strings = sequence(string);

/** Language tags in their canonical form, each once; what is none is a RangeError. */
const languages: Convert<readonly string[]> = (value, place) => freeze(getCanonicalLocales(strings(value, place)));
const language: Convert<string | undefined> = (value, place) => getCanonicalLocales(string(value, place))[0];

/** What instances tell where the page gave nothing, by attribute. */
export function readDefaults(options: Option[], ways: number): Record<string, unknown> {
  const defaults: Record<string, unknown> = bare({});
  if (ways > 0) defaults.inputQuota = 0;
  for (let index = 0; index < options.length; index++) {
    const option = options[index] as Option;
    const key = option[0];
    const words = option[1];
    if (key !== 'preference') defaults[key] = words ? slice(words, 0, indexOf(words, ' ')) : (words ?? null);
    if (key === 'format') defaults.sharedContext = '';
  }
  return defaults;
}

/** What reads the options of `availability` and of `create`. For the first call: a page may have replaced anything by then. */
export function createReaders(options: Option[], isRequired: boolean): { core: Convert<Asked>; create: Convert<Asked> } {
  const core: Record<string, Convert<unknown>> = bare({});
  let shared: object | undefined;
  for (let index = 0; index < options.length; index++) {
    const option = options[index] as Option;
    const key = option[0];
    const words = option[1];
    core[isRequired ? key : `${key}?`] = words
      ? enumeration(words)
      : words === false
        ? boolean
        : slice(key, -1) === 's'
          ? languages
          : language;
    if (key === 'format') shared = { 'sharedContext?': string };
  }
  const create = dictionary({ ...core, 'monitor?': callback, ...shared, 'signal?': signal });
  return { core: dictionary(core), create: create as Convert<Asked> };
}
