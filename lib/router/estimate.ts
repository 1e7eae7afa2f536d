import type { Message } from '../protocol/message.ts';
import type { Tool } from '../protocol/request.ts';

/** Over English, code and JSON with the common tokenizers; a little low for the rest, so it is always marked as estimated. */
const charactersPerToken = 3.35;
/** What the large services charge for a picture of ordinary size. */
const tokensPerImage = 1_000;
/** Role marks and separators of a chat template. */
const tokensPerMessage = 4;

export function estimateText(characters: number): number {
  return Math.ceil(characters / charactersPerToken);
}

/** What a conversation weighs before any backend has counted it. */
export function estimateMessages(messages: Message[], tools: Tool[] = []): number {
  let tokens = estimateText(tools.length === 0 ? 0 : JSON.stringify(tools).length);
  for (const { content } of messages) {
    tokens += tokensPerMessage;
    for (const item of content) tokens += estimateContent(item);
  }
  return tokens;
}

function estimateContent(item: Message['content'][number]): number {
  switch (item.type) {
    case 'text':
    case 'thought':
    case 'refusal':
      return estimateText(item.text.length);
    case 'tool-call':
      return estimateText(item.name.length + item.arguments.length);
    case 'tool-result':
      return item.content.reduce((sum, part) => sum + estimateContent(part), tokensPerMessage);
    case 'image':
      return tokensPerImage;
    // A second of compressed speech is some 4 kB of base64 and 25 tokens; a document is mostly text.
    case 'audio':
      return Math.ceil(item.data.length / 160);
    case 'file':
      return estimateText(item.data.length * 0.75);
  }
}
