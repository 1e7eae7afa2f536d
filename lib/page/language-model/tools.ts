import { defineProperty, descriptorOf, freeze, parseJson } from '../primordials.ts';
import { fail } from './errors.ts';
import { expose, type Interface, keep, make, type State, stateOf } from './interfaces.ts';
import { type Result, readToolCall, readToolError, readToolSuccess } from './options.ts';
import { append } from './platform.ts';
import type { Convert } from './webidl.ts';

/** What the model asks for. */
export interface CalledTool {
  callID: string;
  name: string;
  /** As JSON. */
  arguments: string;
}

/** What page and model say to each other about tools: the state of the three interfaces. */
export interface ToolState extends State {
  callID: string;
  name: string;
  arguments?: object | null | undefined;
  result?: Result;
  errorMessage?: string;
}

/** Puts the three interfaces on the window. Returns what makes a LanguageModelToolCall. */
export function exposeTools(scope: object): (call: CalledTool) => object {
  exposeTool('LanguageModelToolError', 'errorMessage', readToolError);
  exposeTool('LanguageModelToolSuccess', 'result', (init, place) => {
    const read = readToolSuccess(init, place);
    const result: Result = [];
    for (let index = 0; index < read.result.length; index++) append(result, { ...(read.result[index] as Result[number]) });
    return { ...read, result: freeze(result) };
  });
  const ours = exposeTool('LanguageModelToolCall', 'arguments', (init, place) => ({ arguments: null, ...readToolCall(init, place) }));
  return (call) => make(ours, { ...call, kind: 'LanguageModelToolCall', arguments: parseJson(call.arguments) } as ToolState, {});

  function exposeTool(kind: string, attribute: string, read: Convert<object>) {
    const Tool = {
      [kind]: class {
        constructor(init: unknown) {
          keep(this, { ...read(init === undefined ? fail(kind) : init, kind), kind });
        }
      },
    }[kind] as Interface;
    for (const key of ['callID', 'name', attribute]) {
      const attributes = {
        get [key](): unknown {
          return (stateOf(this, kind) as unknown as Record<string, unknown>)[key];
        },
      };
      defineProperty(Tool.prototype, key, descriptorOf(attributes, key) as PropertyDescriptor);
    }
    return expose(scope, kind, Tool);
  }
}
