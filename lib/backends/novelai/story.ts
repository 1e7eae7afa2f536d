import type { Part } from '../../protocol/part.ts';
import { createTextChannel } from '../openai-shaped/text-channel.ts';
import { createStopCutter } from '../stop.ts';

/** One event of a stream, or the whole answer. */
export interface StoryEvent {
  token?: string;
  final?: boolean;
  output?: string;
  error?: string;
  statusCode?: number;
  message?: string;
}

export interface StoryDecoder {
  /** Parts of one event; its `end` comes with the last token, or with a stop text, after which nothing is needed. */
  read(event: StoryEvent): Part[];
}

/** Reads the tokens of one answer. The service says that it ended, not why: a full length was the limit. */
export function createStoryDecoder(model: string, stops: string[], maxLength: number, failure: (event: StoryEvent) => Error): StoryDecoder {
  const cutter = createStopCutter(stops);
  // A character may be spread over two tokens.
  const channel = createTextChannel();
  let tokens = 0;

  return {
    read(event) {
      if (event.error !== undefined || event.statusCode !== undefined) throw failure(event);
      tokens += 1;
      let text = cutter.add(channel.add(event.token ?? event.output ?? ''));
      const isOver = cutter.isCut || event.final === true || event.output !== undefined;
      const reason = !cutter.isCut && tokens >= maxLength ? 'length' : 'stop';
      if (isOver && !cutter.isCut) text += cutter.add(channel.end()) + cutter.end(reason);
      return [...(text ? [{ type: 'text', text } as const] : []), ...(isOver ? [{ type: 'end', reason, model } as const] : [])];
    },
  };
}
