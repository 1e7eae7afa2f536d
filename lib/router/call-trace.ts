import type { SwitchboardError } from '../protocol/errors.ts';
import type { Part } from '../protocol/part.ts';
import type { ChatRequest, EmbedRequest, TextRequest } from '../protocol/request.ts';
import type { Asked } from './router.ts';

/** What a call comes down to, whichever door it came through. */
export type ModelRequest =
  | { kind: 'chat'; request: Asked<ChatRequest> }
  | { kind: 'text'; request: Asked<TextRequest> }
  | { kind: 'embed'; request: Asked<EmbedRequest> };

/** Hears what becomes of one call while a developer watches its page (lib/serve/calls). Nobody else keeps requests. */
export interface CallTrace {
  /** The call was read and asks this of a model. */
  asked(request: ModelRequest): void;
  /** Who answers. */
  chosen(connectionId: string, model: string): void;
  parts(parts: Part[]): void;
  /** With all that the user may know of it; the first failure of a call is its reason. */
  failed(error: SwitchboardError): void;
  /** The last reply is out; without an answer where the caller gave up. */
  settled(isAnswered: boolean): void;
}
