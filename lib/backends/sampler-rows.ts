import type { Engine } from './backend.ts';
import { type SamplerPath, samplerPaths } from './openai-shaped/samplers.ts';

/** A sampler, and what the server calls it; without that name it is left out of what is sent. */
export interface SamplerRow {
  name: SamplerPath;
  knownAs?: string;
}

/** Every sampler there is, with what this engine does with it. */
export async function samplerRows(engine: Engine, model: string, signal: AbortSignal): Promise<SamplerRow[]> {
  const names = (await engine.samplers?.(model, signal)) ?? {};
  return samplerPaths.map((name) => {
    const knownAs = names[name];
    return { name, ...(knownAs !== undefined && { knownAs }) };
  });
}
