import type { Quirks } from '../openai-shaped/quirks.ts';

type Efforts = NonNullable<Quirks['efforts']>;

/**
 * What a model that reasons calls our efforts: the nearest of those it has. Which these are goes by generation; a model
 * with words of its own still (`-pro`, `-codex`) refuses one, and is then asked without.
 */
export function effortsOf(model: string, route: 'chat' | 'responses'): Efforts {
  const generation = generationOf(model);
  if (generation < 5) return { none: 'low', minimal: 'low', max: 'high' };
  if (generation < 5.1) return { none: 'minimal', max: 'high' };
  if (generation < 5.2) return { minimal: 'low', max: 'high' };
  // Chat Completions ends at `xhigh`, as all models before 5.6 do.
  const max = generation < 5.6 || route === 'chat' ? ({ max: 'xhigh' } as const) : {};
  return { ...(generation >= 6 && !rests(model) && { none: 'low' }), minimal: 'low', ...max };
}

/** The model takes samplers while it does not reason. */
export function samplesUnthinking(model: string): boolean {
  const generation = generationOf(model);
  return generation >= 5.1 && (generation < 6 || rests(model));
}

/** Of the sixth generation only some can be told not to reason. */
function rests(model: string): boolean {
  return /^(ft:)?gpt-(6-(sol|luna)|6\.1-terra)/.test(model);
}

/** 0 for `o1` and its kin. */
function generationOf(model: string): number {
  return Number(/^gpt-(\d+(\.\d+)?)/.exec(model.replace(/^ft:/, ''))?.[1] ?? 0);
}
