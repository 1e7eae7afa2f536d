import type { ToolResult } from '../../protocol/message.ts';
import { PromptFailure } from './failure.ts';
import type { PageContent } from './read.ts';

type Value = Extract<PageContent, { value: unknown }>['value'];

/** What a tool gave, as models read it: text as it is, everything else as JSON. */
export function toolResult(value: Exclude<Value, string>): ToolResult {
  if (value.kind === 'LanguageModelToolError') {
    const message: unknown = value.json === undefined ? '' : JSON.parse(value.json);
    return {
      type: 'tool-result',
      callId: value.callID,
      name: value.name,
      content: [{ type: 'text', text: String(message) }],
      isError: true,
    };
  }
  if (value.kind !== 'LanguageModelToolSuccess') {
    throw new PromptFailure(
      'SyntaxError',
      'The value of this tool-response is neither a LanguageModelToolSuccess nor a LanguageModelToolError.',
    );
  }
  const results = JSON.parse(value.json ?? '[]') as { type: string; value?: unknown }[];
  const content = results.map(({ type, value }) => ({ type: 'text' as const, text: resultText(type, value) }));
  return { type: 'tool-result', callId: value.callID, name: value.name, content };
}

function resultText(type: string, value: unknown): string {
  if (type === 'image' || type === 'audio') throw new PromptFailure('NotSupportedError', 'Results of tools are text and objects.');
  // JSON has left out what it cannot write.
  if (value === undefined) throw new PromptFailure('DataError', 'The result of the tool cannot be written as JSON.');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
