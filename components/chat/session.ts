import { batch, computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Chat, ChatChange, ChatEvent, ChatImage } from '../../lib/chats/chat.ts';
import { request, subscribe } from '../../lib/panel/background.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import type { Target } from '../../lib/router/router.ts';
import { keptChat } from './kept.ts';
import type { TurnView } from './turn-view.ts';

/** The chat on the screen. The background owns the answers; this only watches them and passes the user's wishes on. */
export interface ChatSession {
  chatId: ReadonlySignal<string | undefined>;
  turns: ReadonlySignal<readonly TurnView[]>;
  isAnswering: ReadonlySignal<boolean>;
  /** Its answers come from more than one model. */
  isMixed: ReadonlySignal<boolean>;
  /** Why the last wish could not be passed on. */
  problem: ReadonlySignal<ErrorData | undefined>;
  /** True when the background took it. */
  send(text: string, images: ChatImage[], target: Target): Promise<boolean>;
  stop(): void;
  retry(target: Target): void;
  edit(turnId: string, text: string, target: Target): void;
  /** Shows another chat; without an id a new one, which exists once something is sent. */
  open(chatId?: string): void;
}

type Views = typeof import('./turn-view.ts');
const loadViews = (): Promise<Views> => import('./turn-view.ts');

export function createChatSession(): ChatSession {
  const chatId = signal<string | undefined>(undefined);
  const turns = signal<readonly TurnView[]>([]);
  const problem = signal<ErrorData | undefined>(undefined);
  const isAnswering = computed(() => turns.value.some(({ turn }) => turn.value.state === 'answering'));
  const isMixed = computed(() => new Set(turns.value.flatMap(({ turn }) => turn.value.model ?? [])).size > 1);
  let unwatch = () => {};
  let createTurnView: Views['createTurnView'];

  function open(next?: string): void {
    void keptChat.update((kept) => ({ ...kept, chatId: next ?? '' }));
    show(next);
  }

  function show(next: string | undefined): void {
    unwatch();
    batch(() => {
      chatId.value = next;
      turns.value = [];
      problem.value = undefined;
    });
    unwatch = next === undefined ? () => {} : watch(next);
  }

  /** The reader of markdown is not there at the popup's first paint: the chat waits for it, the popup does not. */
  function watch(id: string): () => void {
    let isWanted = true;
    let undo = () => {};
    void loadViews().then((views) => {
      createTurnView = views.createTurnView;
      // A chat that is no more is a new one.
      if (isWanted) undo = subscribe('chats.watch', { chatId: id }, take, () => open());
    });
    return () => {
      isWanted = false;
      undo();
    };
  }

  function take(event: ChatEvent): void {
    if ('turns' in event) takeChat(event);
    else takeChange(event);
  }

  function takeChat(chat: Chat): void {
    const known = new Map(turns.value.map((view) => [view.id, view]));
    const last = chat.turns.at(-1);
    turns.value = chat.turns.map((turn) => {
      const view = known.get(turn.id);
      view?.replace(turn);
      // The chat names the connection of its last answer; of earlier ones nothing is known.
      return view ?? createTurnView(turn, turn === last ? chat.connectionId : undefined);
    });
  }

  function takeChange({ turnId, append, turn }: ChatChange): void {
    const view = turns.value.find(({ id }) => id === turnId);
    if (append) view?.append(append);
    if (!turn) return;
    if (view) view.replace(turn);
    else turns.value = [...turns.value, createTurnView(turn)];
  }

  /** Runs a wish; what goes wrong with it is shown beside the composer. */
  async function wish(work: () => Promise<unknown>): Promise<boolean> {
    problem.value = undefined;
    try {
      await work();
      return true;
    } catch (thrown) {
      problem.value = errorData(toSwitchboardError(thrown));
      return false;
    }
  }

  // Soon wanted, if not now.
  void loadViews();
  void keptChat.get().then((kept) => {
    if (kept.chatId && chatId.value === undefined) show(kept.chatId);
  });

  return {
    chatId,
    turns,
    isAnswering,
    isMixed,
    problem,
    send(text, images, target) {
      return wish(async () => {
        const current = chatId.value;
        const sent = await request('chats.send', {
          text,
          ...(current && { chatId: current }),
          ...(images.length > 0 && { images }),
          ...target,
        });
        if (sent.chatId !== current) open(sent.chatId);
      });
    },
    stop() {
      const current = chatId.value;
      if (current) void wish(() => request('chats.stop', { chatId: current }));
    },
    retry(target) {
      const current = chatId.value;
      if (current) void wish(() => request('chats.retry', { chatId: current, target }));
    },
    edit(turnId, text, target) {
      const current = chatId.value;
      if (current) void wish(() => request('chats.edit', { chatId: current, turnId, text, target }));
    },
    open,
  };
}
