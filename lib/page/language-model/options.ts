import { isSignal } from '../read-options.ts';
import { fail } from './errors.ts';
import { stringify } from './platform.ts';
import {
  any,
  boolean,
  type Convert,
  callback,
  dictionary,
  enumeration,
  isObject,
  object,
  sequence,
  sequenceOrString,
  string,
} from './webidl.ts';

/** The dictionaries of the Prompt API, their members in the order in which the standard reads them. */

const type = enumeration('text image audio tool-call tool-response');

export const signal: Convert<AbortSignal> = (value, place) => {
  return isSignal(value) ? value : fail(place);
};

/**
 * As JSON in a string, because it is the page's own to write: what its `toJSON` throws is thrown, and what its getters
 * throw that a browser reads, though JSON may leave them out.
 */
const schema: Convert<string> = (value, place) => {
  const { type, properties, required } = object(value, place) as Record<string, unknown>;
  void [type, properties, required];
  return stringify(value) ?? fail(place);
};

/** A string, or what may be a thing of the platform: that is looked at when it is sent (late/things.ts). */
const contentValue: Convert<string | object> = (value, place) => (isObject(value) ? value : string(value, place));

const expected = sequence(dictionary({ 'languages?': sequence(string), type }));

const message = dictionary({
  content: sequenceOrString(dictionary({ type, value: contentValue })),
  'prefix?': boolean,
  role: enumeration('system user assistant'),
});

/** Without `execute` the page answers the model's calls itself. */
const tool = dictionary({ description: string, 'execute?': callback, inputSchema: schema, name: string });

const core = {
  'expectedInputs?': expected,
  'expectedOutputs?': expected,
  'samplingMode?': enumeration('most-predictable predictable slightly-predictable balanced slightly-creative creative most-creative'),
  'tools?': sequence(tool),
};

export const readers = {
  readCore: dictionary(core),
  readCreate: dictionary({ ...core, 'initialPrompts?': sequence(message), 'monitor?': callback, 'signal?': signal }),
};
export const readPrompt = sequenceOrString(message);

const result = sequence(dictionary({ type: enumeration('text image audio object'), value: any }));

export const readToolCall = dictionary({ 'arguments?': object, callID: string, name: string });
export const readToolSuccess = dictionary({ callID: string, name: string, result });
export const readToolError = dictionary({ callID: string, errorMessage: string, name: string });

export type CreateOptions = ReturnType<typeof readers.readCreate>;
export type Prompt = ReturnType<typeof readPrompt>;
export type Message = ReturnType<typeof message>;
export type Tool = ReturnType<typeof tool>;
export type Result = ReturnType<typeof result>;
