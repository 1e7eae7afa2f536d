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
  /** Role of instructions; `system` unless said. */
  systemRole?: 'developer';
  /** The server refuses `stream_options`. */
  noUsageOption?: true;
  /** The server refuses `json_object`: ask by a schema that allows any object. */
  jsonBySchema?: true;
  /** Where a regular expression and a GBNF grammar go, as a path in the body. */
  regex?: string;
  grammar?: string;
  /** Fields that make the server continue a last assistant message; absent where it cannot. */
  prefill?: JsonObject;
  /** Which audio formats it takes; any where absent. */
  audioFormats?: string[];
  /** Files as content. */
  files?: true;
  /** `tool_choice` knows no names: offer that one tool and require it. */
  noNamedTool?: true;
  /** Tool messages carry the name of the tool. */
  toolResultName?: true;
  /** Field in which the reasoning of earlier turns goes back. */
  thoughtField?: 'reasoning_content' | 'reasoning' | 'reasoning_details';
  /** Where the wish to think goes. */
  thinking?: 'reasoning_effort' | 'reasoning' | 'chat_template_kwargs';
  /** Field for a limit of thinking tokens, where it stands beside the effort. */
  thinkingBudget?: string;
  /** Efforts under other names than ours. */
  efforts?: Partial<Record<NonNullable<Thinking['effort']>, string>>;
  /** The text may hold `<think>…</think>`. */
  thinkTags?: true;
  /** The model refuses to tell log probabilities. */
  noLogprobs?: true;
  /** At least this many alternatives must be asked for to get log probabilities at all. */
  minTopLogprobs?: number;
  /** Text completions: the server can repeat the prompt itself. */
  echo?: true;
  /** Text completions: the server fills in the middle. */
  suffix?: true;
  /** An answer without a token means that something went wrong. */
  emptyIsError?: true;
}
