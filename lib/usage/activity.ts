import type { ErrorCode } from '../protocol/errors.ts';
import type { Usage } from '../protocol/part.ts';

/** One call as the activity list keeps it. The words are kept apart, and only where the user said so (texts.ts). */
export interface ActivityEntry {
  id: string;
  /** The site, or `extension` for the user's own chats. */
  origin: string;
  /** Of the page around it, where a frame of another origin asked. */
  topOrigin?: string;
  connectionId: string;
  backend: string;
  model: string;
  startedAt: number;
  firstTokenMs?: number;
  durationMs: number;
  usage?: Usage;
  /** Absent where nothing was used, or nobody knows the price; 0 where it is free. */
  costMicroUsd?: number;
  outcome: 'done' | ErrorCode;
  /** The limit it ran into: the name of one of the grant's, or of the extension's own. */
  limit?: string;
  /** So many like it, in the same minute, are told in this one line. */
  times?: number;
  /** The words are in texts.ts. */
  hasText?: boolean;
}
