import { isObject, isSignal } from '../read-options.ts';
import { fail } from './errors.ts';
import { stringify } from './platform.ts';
import { any, boolean, type Convert, callback, dictionary, enumeration, object, sequence, sequenceOrString, string } from './webidl.ts';

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

let made: ReturnType<typeof createReaders> | undefined;

/** What reads the dictionaries of the Prompt API; most pages never need it. */
export function readers(): ReturnType<typeof createReaders> {
  made ??= createReaders();
  return made;
}

/** Their members in the order in which the standard reads them. */
function createReaders() {
  const type = enumeration('text image audio tool-call tool-response');
  const expected = sequence(dictionary({ 'languages?': sequence(string), type }));
  const message = dictionary({
    content: sequenceOrString(dictionary({ type, value: contentValue })),
    'prefix?': boolean,
    role: enumeration('system user assistant'),
  });
  // Without `execute` the page answers the model's calls itself.
  const tool = dictionary({ description: string, 'execute?': callback, inputSchema: schema, name: string });
  const core = {
    'expectedInputs?': expected,
    'expectedOutputs?': expected,
    'samplingMode?': enumeration('most-predictable predictable slightly-predictable balanced slightly-creative creative most-creative'),
    'tools?': sequence(tool),
  };
  const result = sequence(dictionary({ type: enumeration('text image audio object'), value: any }));
  return {
    core: dictionary(core),
    create: dictionary({ ...core, 'initialPrompts?': sequence(message), 'monitor?': callback, 'signal?': signal }),
    prompt: sequenceOrString(message),
    call: dictionary({ 'arguments?': object, callID: string, name: string }),
    success: dictionary({ callID: string, name: string, result }),
    error: dictionary({ callID: string, errorMessage: string, name: string }),
  };
}

type Read<Name extends keyof ReturnType<typeof createReaders>> = ReturnType<ReturnType<typeof createReaders>[Name]>;

export type CreateOptions = Read<'create'>;
export type Prompt = Read<'prompt'>;
export type Message = Exclude<Prompt, string>[number];
export type Tool = NonNullable<CreateOptions['tools']>[number];
export type Result = Read<'success'>['result'];
