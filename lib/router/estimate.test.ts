import { describe, expect, it } from 'vitest';
import type { Message, UserContent } from '../protocol/message.ts';
import { estimateMessages } from './estimate.ts';

const data = 'A'.repeat(400_000);
const said: UserContent = { type: 'text', text: 'Look' };
const user = (...content: UserContent[]): Message[] => [{ role: 'user', content }];
const bare = estimateMessages(user(said));

describe('what a request weighs before it is sent', () => {
  it.each<[string, UserContent, number]>([
    ['a picture', { type: 'image', mediaType: 'image/png', data: 'AAAA' }, 1_000],
    ['a large picture', { type: 'image', mediaType: 'image/png', data }, 1_000],
    ['sound', { type: 'audio', mediaType: 'audio/mpeg', data }, 2_500],
    ['a document', { type: 'file', mediaType: 'application/pdf', data }, 80_000],
  ])('[D-11] counts %s, each time that it is there', (_, item, least) => {
    expect(estimateMessages(user(said, item)) - bare).toBeGreaterThanOrEqual(least);
    expect(estimateMessages(user(said, item, item)) - bare).toBeGreaterThanOrEqual(2 * least);
  });

  it('[D-11] counts what a tool gave back', () => {
    const result: Message = {
      role: 'tool',
      content: [{ type: 'tool-result', callId: '1', content: [said, { type: 'image', mediaType: 'image/png', data: 'AAAA' }] }],
    };
    expect(estimateMessages([result])).toBeGreaterThan(1_000);
  });
});
