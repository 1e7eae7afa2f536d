import type { Callback } from '../../read-options.ts';
import type { CalledTool } from '../tools.ts';
import { write } from './encode.ts';
import { platform } from './platform.ts';

/** The functions of a page's tools, by name. */
export type Functions = Record<string, Callback>;

/** Runs the page's functions side by side. Resolves with what came of them, as a message in JSON; a failure is told to the model. */
export async function runTools(functions: Functions, called: CalledTool[]): Promise<string> {
  const running: Promise<object>[] = [];
  const content: object[] = [];
  for (let index = 0; index < called.length; index++) platform.append(running, runTool(functions, called[index] as CalledTool));
  for (let index = 0; index < running.length; index++) platform.append(content, { type: 'tool-response', value: await running[index] });
  return write({ role: 'user', content });
}

async function runTool(functions: Functions, { callID, name, arguments: json }: CalledTool): Promise<object> {
  const { apply, parseJson, quote, string } = platform;
  try {
    const run = functions[name];
    if (!run) return { kind: 'LanguageModelToolError', callID, name, json: quote(`There is no tool ${name}.`) };
    const text = string(await apply(run, undefined, [parseJson(json)]), name);
    return { kind: 'LanguageModelToolSuccess', callID, name, json: write([{ type: 'text', value: text }]) };
  } catch (error) {
    return { kind: 'LanguageModelToolError', callID, name, json: quote(describe(error)) };
  }
}

function describe(error: unknown): string {
  try {
    const { message } = error as { message?: unknown };
    return `${message ?? error}`;
  } catch {
    return 'It failed.';
  }
}
