import * as z from 'zod/mini';
import type { ChatRequest, Tool } from '../../protocol/request.ts';
import { refuseField } from '../params/read-params.ts';

export const toolName = z.string().check(z.minLength(1), z.maxLength(128), z.regex(/^[\w.:-]+$/));

/** What the page wants called: as in a request, or some of the tools it offers. */
export type ToolWish = ChatRequest['toolChoice'] | { mode: 'auto' | 'required'; allowed: string[] };

/** The tools that may be called, and which has to be. A tool that is wanted has to be offered. */
export function chosenTools(
  tools: Tool[] | undefined,
  choice: ToolWish,
): { tools: Tool[] | undefined; toolChoice: ChatRequest['toolChoice'] | undefined } {
  const isOffered = (wanted: string) => tools?.some(({ name }) => name === wanted);
  if (choice === 'required' && !tools?.length) refuseField('tool_choice', 'needs tools');
  if (choice === undefined || typeof choice === 'string') return { tools, toolChoice: choice };
  const wanted = 'name' in choice ? [choice.name] : choice.allowed;
  const stranger = wanted.find((name) => !isOffered(name));
  if (stranger !== undefined) refuseField('tool_choice', `names "${stranger.slice(0, 40)}", which is not among the tools`);
  if ('name' in choice) return { tools, toolChoice: choice };
  return { tools: tools?.filter(({ name }) => wanted.includes(name)), toolChoice: choice.mode };
}
