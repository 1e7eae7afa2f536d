import { type ReadonlySignal, signal } from '@preact/signals';
import type { ChatTurn } from '../../lib/chats/chat.ts';
import { type Block, type BlockReader, createBlockReader } from '../markdown/blocks.ts';
import { paced } from './pace.ts';

/** One turn of the chat on the screen. Its text grows in place, frame by frame. */
export interface TurnView {
  readonly id: string;
  /** What answered it, where that is known. */
  readonly connectionId: string | undefined;
  /** The turn without its text, which `blocks` shows. */
  turn: ReadonlySignal<ChatTurn>;
  blocks: ReadonlySignal<{ settled: readonly Block[]; open: readonly Block[] }>;
  thought: ReadonlySignal<string>;
  /** The text as far as it came, for copying. */
  text(): string;
  append(more: { text?: string | undefined; thought?: string | undefined }): void;
  /** The turn as the background has it now. */
  replace(turn: ChatTurn): void;
}

/** Characters rendered a frame: a long answer of yesterday appears in a few frames instead of holding up the first. */
const frameSize = 65_536;

export function createTurnView(first: ChatTurn, connectionId?: string): TurnView {
  const turn = signal(first);
  const thought = signal(first.thought ?? '');
  let text = '';
  let pending = '';
  let pendingThought = '';
  let reader: BlockReader = createBlockReader();
  const blocks = signal(viewOf(reader));
  const schedule = paced(flush);

  function flush(): void {
    const piece = pending.slice(0, frameSize);
    pending = pending.slice(piece.length);
    if (piece) reader.push(piece);
    if (pending === '' && turn.value.state !== 'answering') reader.end();
    blocks.value = viewOf(reader);
    if (pendingThought) thought.value += pendingThought;
    pendingThought = '';
    if (pending) schedule();
  }

  function take(whole: string): void {
    if (whole.startsWith(text)) pending += whole.slice(text.length);
    else {
      reader = createBlockReader();
      pending = whole;
    }
    text = whole;
  }

  take(first.text);
  flush();

  return {
    id: first.id,
    connectionId,
    turn,
    blocks,
    thought,
    text: () => text,
    append(more) {
      text += more.text ?? '';
      pending += more.text ?? '';
      pendingThought += more.thought ?? '';
      schedule();
    },
    replace(next) {
      const isAgain = turn.value.state !== 'answering' && next.state === 'answering';
      if (isAgain) {
        reader = createBlockReader();
        text = '';
        pending = '';
      }
      turn.value = next;
      take(next.text);
      pendingThought = '';
      thought.value = next.thought ?? '';
      schedule();
    },
  };
}

function viewOf({ settled, open }: BlockReader) {
  return { settled, open };
}
