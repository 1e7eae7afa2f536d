import type { ErrorCode } from '../protocol/errors.ts';
import type { Usage } from '../protocol/part.ts';

/** One call as the activity list keeps it. Never the prompt or the answer. */
export interface ActivityEntry {
  id: string;
  /** The site, or `extension` for the user's own chats. */
  origin: string;
  connectionId: string;
  backend: string;
  model: string;
  startedAt: number;
  firstTokenMs?: number;
  durationMs: number;
  usage?: Usage;
  costMicroUsd?: number;
  outcome: 'done' | ErrorCode;
}
