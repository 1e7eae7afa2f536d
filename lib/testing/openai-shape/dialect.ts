import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { Exchange } from '../kit/exchange.ts';
import type { Failure } from '../kit/scenario.ts';
import type { Reply } from './plan-reply.ts';

/** How one server writes the OpenAI shape. Data where it can be. */
export interface Dialect {
  /** The answer's id starts so. */
  idPrefix: string;
  /** On every chunk and on the whole answer. */
  fields?: JsonObject;
  /** On every chunk of a stream only. */
  chunkFields?: JsonObject;
  /**
   * Delta of the first chunk; `with-text`: the role rides on the first piece of text; `every`: on all pieces; `none`:
   * nobody says it.
   */
  opening: JsonObject | 'with-text' | 'every' | 'none';
  /** Delta of the chunk with the finish reason. */
  closing: JsonObject;
  /** More in each choice, told the reply when it ends. */
  choice?(ended?: Reply): JsonObject;
  /** More in the message of a whole answer. */
  message?: JsonObject;
  /** Field for reasoning, in deltas and messages. */
  reasoning: 'reasoning' | 'reasoning_content';
  /** Delta with a piece of reasoning, where it is more than that field. */
  thought?(text: string): JsonObject;
  /** Tool call arguments come in pieces or whole; `bare`: whole, and without index and type; `name-first`: whole behind the name. */
  toolCalls: 'pieces' | 'whole' | 'bare' | 'name-first';
  /** When a stream has a usage chunk. */
  usage: 'asked' | 'always' | 'never';
  /** The chunk with the usage has the reason to finish, and no other has. */
  hasFinishInUsage?: boolean;
  /** While usage is asked for, all other chunks say `usage: null`. */
  hasNullUsage?: boolean;
  usageFields?(reply: Reply): JsonObject;
  /** On the last chunk and on the whole answer. */
  lastFields?(reply: Reply): JsonObject;
  /** Comment lines before the first event, and before each token when pings are on. */
  comment?: string;
  hasCommentFirst?: boolean;
  /** Log probabilities of text completions: OpenAI's old lists, or the shape of chat. */
  textLogprobs?: 'lists' | 'content';
  /** Those of chat come as the old lists too. */
  hasListsInChat?: boolean;
  /** What an answer to a text completion is called, where it is not `cmpl-` with the model. */
  textEnvelope?(envelope: JsonObject): JsonObject;
  /** The server's way of writing JSON; that of JavaScript unless told. */
  json?(value: JsonValue): string;
  /** Line ends of its events; LF unless told. */
  lineEnds?: 'crlf';
  /** Last event of a stream; `data: [DONE]` unless told. Empty for none. */
  done?: string;
  /** Error event of a running stream, with all that follows it. */
  errorEvent(failure: Failure, exchange: Exchange): string;
}
