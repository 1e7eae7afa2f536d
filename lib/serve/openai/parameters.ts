import * as z from 'zod/mini';

/** What becomes of a parameter of OpenAI's: the model gets it; it may be there and changes nothing; it is refused. The texts say why. */
export type Fate = 'carried' | { ignored: string } | { refused: string };

type Table = Record<string, Fate>;

const nothingStored: Fate = { ignored: 'Switchboard stores no answers' };
const account: Fate = { ignored: "is about an account at OpenAI; the user's model has none" };
const cache: Fate = { ignored: "is about OpenAI's own cache" };
const tier: Fate = { ignored: "is about OpenAI's own servers" };
const moderation: Fate = { refused: 'Switchboard moderates nothing; leave it out' };
const noSound: Fate = { refused: 'Switchboard answers in text; leave it out' };
const kept: Fate = { refused: 'Switchboard keeps no conversations; send the earlier items in input' };

/** Each parameter of `/v1/chat/completions` in OpenAI's description. */
export const chatParameters = {
  messages: 'carried',
  model: 'carried',
  frequency_penalty: 'carried',
  presence_penalty: 'carried',
  temperature: 'carried',
  top_p: 'carried',
  logit_bias: 'carried',
  logprobs: 'carried',
  top_logprobs: 'carried',
  max_completion_tokens: 'carried',
  max_tokens: 'carried',
  n: 'carried',
  parallel_tool_calls: 'carried',
  reasoning_effort: 'carried',
  response_format: 'carried',
  seed: 'carried',
  stop: 'carried',
  stream: 'carried',
  stream_options: 'carried',
  tools: 'carried',
  tool_choice: 'carried',
  modalities: 'carried',
  metadata: nothingStored,
  store: nothingStored,
  user: account,
  safety_identifier: account,
  service_tier: tier,
  prompt_cache_key: cache,
  prompt_cache_retention: cache,
  prompt_cache_options: cache,
  prediction: { ignored: 'makes OpenAI answer sooner and not otherwise' },
  verbosity: { ignored: 'is a hint that other models do not know; ask for it in a message' },
  audio: noSound,
  moderation,
  web_search_options: { refused: 'Switchboard searches nothing; offer a tool of your own' },
  functions: { refused: 'was replaced by tools; use those' },
  function_call: { refused: 'was replaced by tool_choice; use that' },
} satisfies Table;

/** Of `/v1/completions`. */
export const textParameters = {
  model: 'carried',
  prompt: 'carried',
  suffix: 'carried',
  echo: 'carried',
  best_of: 'carried',
  frequency_penalty: 'carried',
  presence_penalty: 'carried',
  temperature: 'carried',
  top_p: 'carried',
  logit_bias: 'carried',
  logprobs: 'carried',
  max_tokens: 'carried',
  n: 'carried',
  seed: 'carried',
  stop: 'carried',
  stream: 'carried',
  stream_options: 'carried',
  user: account,
} satisfies Table;

/** Of `/v1/embeddings`. */
export const embeddingParameters = {
  model: 'carried',
  input: 'carried',
  dimensions: 'carried',
  encoding_format: 'carried',
  user: account,
} satisfies Table;

/** Of `/v1/responses`. */
export const responseParameters = {
  input: 'carried',
  instructions: 'carried',
  model: 'carried',
  include: 'carried',
  max_output_tokens: 'carried',
  metadata: 'carried',
  parallel_tool_calls: 'carried',
  reasoning: 'carried',
  stream: 'carried',
  temperature: 'carried',
  text: 'carried',
  tool_choice: 'carried',
  tools: 'carried',
  top_logprobs: 'carried',
  top_p: 'carried',
  store: { ignored: 'Switchboard stores no answers; where this is false it does not remember their items either' },
  stream_options: { ignored: 'nothing is added that it could leave out' },
  truncation: { ignored: 'nothing is left out of what you send; what is too long fails' },
  max_tool_calls: { ignored: 'Switchboard runs no tools of its own' },
  user: account,
  safety_identifier: account,
  service_tier: tier,
  prompt_cache_key: cache,
  prompt_cache_retention: cache,
  prompt_cache_options: cache,
  background: { refused: 'Switchboard answers while the page waits; leave it out' },
  previous_response_id: kept,
  conversation: kept,
  context_management: { refused: 'Switchboard shortens no conversations; leave out earlier items yourself' },
  prompt: { refused: 'names a template at OpenAI; send its text as instructions' },
  moderation,
} satisfies Table;

/** The fields of a schema for what is not carried. */
export function notCarried(table: Table): Record<never, never> {
  return Object.fromEntries(
    Object.entries(table).flatMap(([name, fate]) => {
      if (fate === 'carried') return [];
      return [[name, z.optional('refused' in fate ? z.never(fate.refused) : z.unknown())]];
    }),
  );
}
