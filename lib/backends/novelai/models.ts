import type { ModelInfo } from '../../protocol/model.ts';

/** Where a model answers: the story models by NovelAI's own protocol, on one of two hosts, the newer ones by OpenAI's. */
export type NovelRoute = 'story' | 'legacy-story' | 'openai';

export function routeOf(model: string): NovelRoute {
  if (/kayra|erato/.test(model)) return 'story';
  return /clio|euterpe|krake|sigurd|genji|snek|hypebot|infill|6b-v4/i.test(model) ? 'legacy-story' : 'openai';
}

/** What the user pays for, as far as it decides what may be asked. */
export interface NovelSubscription {
  /** 0 Paper or trial, 1 Tablet, 2 Scroll, 3 Opus. */
  tier: number;
  isActive: boolean;
  /** Seconds since 1970. */
  expiresAt?: number;
  contextTokens?: number;
}

export const tierNames = ['Paper', 'Tablet', 'Scroll', 'Opus'];

/** Newest first; `tier` is the lowest that has the model. */
const known = [
  { id: 'glm-4-6', name: 'GLM-4.6', tier: 0 },
  { id: 'xialong-v1', name: 'Xialong', tier: 3 },
  { id: 'llama-3-erato-v1', name: 'Erato', tier: 3 },
  { id: 'kayra-v1', name: 'Kayra', tier: 0 },
  { id: 'clio-v1', name: 'Clio', tier: 1 },
];

/** The models that the tier has, and those that only the service's own list knows. */
export function novelModels(subscription: NovelSubscription, listed: string[]): ModelInfo[] {
  const own = known.filter(({ tier }) => tier <= subscription.tier);
  const more = listed.filter((id) => !known.some((model) => model.id === id)).map((id) => ({ id, name: id }));
  return [...own, ...more].map(({ id, name }) => ({
    id,
    name,
    contextWindow: contextOf(id, subscription),
    ...(routeOf(id) !== 'openai' && { maxOutputTokens: longestAnswer(subscription.tier) }),
    abilities: routeOf(id) === 'openai' ? ['chat', 'text', 'thinking'] : ['text'],
  }));
}

/** Story models get the context of the tier; the newer ones have one of their own. */
export function contextOf(model: string, { tier, contextTokens }: NovelSubscription): number {
  if (routeOf(model) === 'openai') return 28_672;
  const ofTier = contextTokens ?? [2048, 4096, 8192, 8192][tier] ?? 8192;
  return Math.min(ofTier, 8192);
}

/** Tokens of one answer of a story model. */
export function longestAnswer(tier: number): number {
  return tier >= 3 ? 250 : everyTier;
}

/** What all tiers allow. */
export const everyTier = 150;
