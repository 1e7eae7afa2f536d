import { SwitchboardError } from '../protocol/errors.ts';
import type { ChatRequest } from '../protocol/request.ts';

/** For services that take tools, formats and media without a word and do nothing with them: that looks like a model that fails. */
export function refuseIgnored({ tools, responseFormat, messages }: ChatRequest, label: string): void {
  const media = messages.some(({ content }) => content.some(({ type }) => type === 'image' || type === 'audio' || type === 'file'));
  const what = tools?.length
    ? 'call tools'
    : responseFormat
      ? 'hold an answer to a format'
      : media
        ? 'read images, sounds or files'
        : undefined;
  if (what) throw new SwitchboardError('not-supported', `${label}'s models cannot ${what}. Choose another model for it.`);
}
