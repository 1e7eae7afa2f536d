import { signal } from '../language-model/options.ts';
import { boolean, type Callback, type Convert, callback, dictionary, enumeration, sequence, string } from '../language-model/webidl.ts';
import { freeze } from '../primordials.ts';

/** The options of a task as a page gave them, by name. */
export type Asked = Record<string, unknown> & { signal?: AbortSignal; monitor?: Callback };

interface Options {
  /** The attributes of instances, with what they tell where the page gave nothing. */
  defaults: Record<string, unknown>;
  readCore: Convert<Asked>;
  readCreate: Convert<Asked>;
}

const { getCanonicalLocales } = Intl;
const strings = sequence(string);

/** Language tags in their canonical form, each once; what is none is a RangeError. */
const languages: Convert<readonly string[]> = (value, place) => freeze(getCanonicalLocales(strings(value, place)));
const language: Convert<string | undefined> = (value, place) => getCanonicalLocales(string(value, place))[0];

/** What the table says of options. */
export function readOptions(text: string, isRequired: boolean, ways: number): Options {
  const defaults: Options['defaults'] = ways ? { inputQuota: 0 } : {};
  const core: Record<string, Convert<unknown>> = {};
  for (const option of text.split(',')) {
    const [key = '', words] = option.split(':');
    if (key !== 'preference') defaults[key] = words ? words.split(' ')[0] : words === '' ? false : null;
    core[isRequired ? key : `${key}?`] = words ? enumeration(words) : words === '' ? boolean : key.endsWith('s') ? languages : language;
  }
  const shared = defaults.format && { 'sharedContext?': string };
  if (shared) defaults.sharedContext = '';
  const readCreate = dictionary({ ...core, 'monitor?': callback, ...(shared as object), 'signal?': signal });
  return { defaults, readCore: dictionary(core), readCreate: readCreate as Convert<Asked> };
}
