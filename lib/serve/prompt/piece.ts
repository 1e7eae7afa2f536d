import type { AssistantContent } from '../../protocol/message.ts';
import type { FailureData } from './failure.ts';

/** What the page script hears: text of the answer, and the rest by its fields (lib/page/language-model/late/ask.ts). */
export type Piece = string | PieceData;

export interface PieceData {
  error?: FailureData;
  availability?: 'unavailable' | 'downloadable' | 'available';
  /** Of a model that is being loaded, 0 to 1. */
  loaded?: number;
  /** Tokens that fit; null where nobody knows. */
  window?: number | null;
  /** Tokens in use, or measured. */
  usage?: number;
  /** So many of the oldest turns are out; `usage` is without them. */
  overflow?: number;
  /** What the new turn takes; 0: it does not fit and is out already. */
  tokens?: number;
  /** What the assistant's message holds beside its text. */
  more?: AssistantContent[];
  /** The calls among that, for the page. */
  called?: { callID: string; name: string; arguments: string }[];
}
