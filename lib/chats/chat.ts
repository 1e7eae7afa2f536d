import type { ErrorData } from '../protocol/errors.ts';
import type { Usage } from '../protocol/part.ts';

/** A conversation of the user's own, in the popup or the side panel. */
export interface Chat extends ChatSummary {
  turns: ChatTurn[];
}

export interface ChatSummary {
  id: string;
  /** The first words of the first question, until the user gives it a name. */
  title: string;
  /** What answers; absent for the user's default. */
  connectionId?: string;
  model?: string;
  createdAt: number;
  updatedAt: number;
}

export interface ChatTurn {
  id: string;
  role: 'user' | 'assistant';
  text: string;
  /** The model's reasoning. */
  thought?: string;
  images?: ChatImage[];
  state: 'done' | 'answering' | 'stopped' | 'failed';
  error?: ErrorData;
  usage?: Usage;
  costMicroUsd?: number;
  /** The model that answered, as the backend names it. */
  model?: string;
  /** The oldest messages of the chat, which the model was not told because they did not fit. */
  leftOutMessages?: number;
  startedAt?: number;
  firstTokenMs?: number;
  durationMs?: number;
}

export interface ChatImage {
  mediaType: string;
  /** base64 without a prefix. */
  data: string;
}

/** What `chats.watch` sends: the whole chat first and whenever turns go, otherwise what changed. */
export type ChatEvent = Chat | ChatChange;

export interface ChatChange {
  turnId: string;
  /** The end of the answer so far. */
  append?: { text?: string; thought?: string };
  /** The turn as it is now. */
  turn?: ChatTurn;
}
