import type { JsonObject } from '../../protocol/json.ts';
import type { Thinking } from '../../protocol/request.ts';
import type { Service } from '../backend.ts';
import type { SamplerNames } from './samplers.ts';

/**
 * How one server differs from the others that speak OpenAI's protocol, as data. An absent line means: as most do, or
 * not there.
 */
export interface Quirks {
  service: Service;
  samplers: SamplerNames;
  /** Name of the token limit in chat; `max_tokens` unless said. */
  maxTokens?: 'max_completion_tokens';
  /** Name of the seed; `seed` unless said. `none`: the server knows no seeds. */
  seed?: 'random_seed' | 'none';
  /** The model refuses stop texts: the answer is cut by us. */
  stopsHere?: true;
  /** The server refuses more stop texts than this: the answer is cut at all of them by us. */
  maxStops?: number;
  /** Role of instructions; `system` unless said. */
  systemRole?: 'developer';
  /** The server refuses `stream_options`. */
  noUsageOption?: true;
  /** The server refuses `json_object`: ask by a schema that allows any object. */
  jsonBySchema?: true;
  /** The server refuses JSON unless the messages speak of it. */
  jsonMention?: true;
  /** The server writes JSON, but to no schema: that is told to the model. */
  jsonOnly?: true;
  /** Where a regular expression and a GBNF grammar go, as a path in the body. */
  regex?: string;
  grammar?: string;
  /** Fields that make the server continue a last assistant message; absent where it cannot. */
  prefill?: JsonObject;
  /** The assistant message to be continued is marked with `prefix: true`. */
  marksPrefix?: true;
  /** Messages may not say who of several speaks. */
  noNames?: true;
  /** Which audio formats it takes; any where absent, no sound where empty. */
  audioFormats?: string[];
  /** Audio is its base64 alone, without an object around it. */
  plainAudio?: true;
  /** Files as content; `document_url`: as Mistral writes them. */
  files?: true | 'document_url';
  /**
   * Tools must come with parameters, or with a description as well, also where the caller gave none; `typed`: each
   * parameter must also say its type.
   */
  wholeTools?: 'parameters' | 'described' | 'typed';
  /** A message that calls tools has a text, if empty. */
  callsWithText?: true;
  /** `tool_choice` knows no names: offer that one tool and require it. */
  noNamedTool?: true;
  /** What `tool_choice` calls `required`. */
  requiredTool?: 'any';
  /** Name of `parallel_tool_calls`. */
  parallelTools?: string;
  /** Ids of tool calls have exactly nine letters and digits. */
  shortCallIds?: true;
  /** Tool messages carry the name of the tool. */
  toolResultName?: true;
  /** Tool messages hold images; elsewhere those follow in a message of the user. */
  toolImages?: true;
  /** Field in which the reasoning of earlier turns goes back; `content`: in front of the text, as Mistral writes it. */
  thoughtField?: 'reasoning_content' | 'reasoning' | 'reasoning_details' | 'content';
  /** That field must be there, if empty, with every assistant message. */
  thoughtAlways?: true;
  /** Where the wish to think goes. */
  thinking?: 'reasoning_effort' | 'reasoning' | 'chat_template_kwargs';
  /** Field for a limit of thinking tokens, where it stands beside the effort. */
  thinkingBudget?: string;
  /** Efforts under other names than ours. */
  efforts?: Partial<Record<NonNullable<Thinking['effort']>, string>>;
  /** Fields beside the wish to think, and instead of the wish not to. */
  thinkingOn?: JsonObject;
  thinkingOff?: JsonObject;
  /** The text may hold `<think>…</think>`. */
  thinkTags?: true;
  /** The model refuses to tell log probabilities. */
  noLogprobs?: true;
  /** Chat: `logprobs` is the number of alternatives, as with text completions. */
  logprobsNumber?: true;
  /** At least this many alternatives must be asked for to get log probabilities at all. */
  minTopLogprobs?: number;
  /** Every chunk counts the tokens so far, in fields of its own beside the choices. */
  usageFields?: { input: string; output: string };
  /** Usage counts reasoning beside the output, not in it. */
  reasoningBesideOutput?: true;
  /** Embeddings: name of `dimensions`. */
  dimensions?: 'output_dimension';
  /** Text completions: where a schema goes; `none`: there is no such thing. `response_format` as in chat unless said. */
  textSchema?: 'json_schema' | 'none';
  /** Text completions: the server can repeat the prompt itself. */
  echo?: true;
  /** Text completions: the server fills in the middle. */
  suffix?: true;
  /** An answer without a token means that something went wrong. */
  emptyIsError?: true;
}
