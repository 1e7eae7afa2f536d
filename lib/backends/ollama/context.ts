import type { ChatRequest, TextRequest } from '../../protocol/request.ts';
import type { ModelFacts } from './facts.ts';

export interface WindowWish {
  facts: ModelFacts;
  /** The user's setting for the connection. */
  setting?: number | undefined;
  /** With which the model is loaded now, by us or by others. */
  loaded?: number | undefined;
  /** Tokens that the call may take, prompt and answer together. */
  needed: number;
}

/**
 * `num_ctx` for a call. Left to itself Ollama loads many models with 4,096 tokens and drops the beginning of longer
 * conversations without a word. Each other value loads the model anew, so it goes up in doubling steps and never down.
 * Undefined: the model's own choice.
 */
export function contextFor({ facts, setting, loaded = 0, needed }: WindowWish): number | undefined {
  const { ownContext, chosenContext, isRemote } = facts;
  if (isRemote) return undefined;
  if (setting !== undefined) return Math.min(setting, ownContext ?? setting);
  if (chosenContext !== undefined || ownContext === undefined) return undefined;
  const wanted = Math.min(2 ** Math.ceil(Math.log2(Math.max(needed, usualContext))), longestContext);
  return Math.min(ownContext, Math.max(loaded, wanted));
}

/** The window a conversation can have: what `contextFor` would go up to. */
export function reachableContext({ facts, setting, loaded }: Omit<WindowWish, 'needed'>): number | undefined {
  const context = contextFor({ facts, setting, loaded, needed: longestContext });
  return context ?? (facts.isRemote ? facts.ownContext : (loaded ?? facts.chosenContext));
}

/** Rather too many than too few: three bytes a token, an image a thousand. */
export function tokensNeeded(request: ChatRequest | TextRequest): number {
  return estimate('prompt' in request ? request.prompt : request.messages) + (request.maxOutputTokens ?? usualAnswer);
}

function estimate(value: string | ChatRequest['messages']): number {
  if (typeof value === 'string') return Math.ceil(new Blob([value]).size / 3);
  let tokens = 0;
  for (const { content } of value) {
    tokens += 8;
    for (const item of content.flatMap((each) => (each.type === 'tool-result' ? each.content : [each]))) {
      if (item.type === 'image') tokens += 1000;
      else if (item.type === 'tool-call') tokens += estimate(item.name + item.arguments);
      else if ('text' in item) tokens += estimate(item.text);
    }
  }
  return tokens;
}

const usualContext = 8192;
/** Beyond it a window takes more memory than the model; who has that says so in the settings. */
const longestContext = 32_768;
const usualAnswer = 2048;
