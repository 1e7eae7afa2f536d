import { freeze, parseJson } from '../primordials.ts';
import { fail } from './errors.ts';
import { fill } from './expose-interface.ts';
import { expose, type Interface, keep, make, type State } from './interfaces.ts';
import { type Result, readers } from './options.ts';
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

const tool = 'LanguageModelTool';

/** Puts the three interfaces on the window. Returns what makes a LanguageModelToolCall. */
export function exposeTools(scope: object): (call: CalledTool) => object {
  exposeTool('Error', 'errorMessage', (init, place) => readers().error(init, place));
  exposeTool('Success', 'result', (init, place) => {
    const read = readers().success(init, place);
    const result: Result = [];
    for (let index = 0; index < read.result.length; index++) append(result, { ...(read.result[index] as Result[number]) });
    return { ...read, result: freeze(result) };
  });
  const ours = exposeTool('Call', 'arguments', (init, place) => ({ arguments: null, ...readers().call(init, place) }));
  return (call) => make(ours, { ...call, kind: `${tool}Call`, arguments: parseJson(call.arguments) } as ToolState, {});

  function exposeTool(which: string, attribute: string, read: Convert<object>) {
    const kind = tool + which;
    const Tool = {
      [kind]: class {
        constructor(init: unknown) {
          keep(this, { ...read(init === undefined ? fail(kind) : init, kind), kind });
        }
      },
    }[kind] as Interface;
    return expose(scope, kind, Tool, () => fill(Tool, kind, [['callID', 'name', attribute]]));
  }
}
