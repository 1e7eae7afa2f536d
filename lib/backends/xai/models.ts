import type { Ability, ModelInfo, Price } from '../../protocol/model.ts';
import type { ErrorContext } from '../backend-error.ts';
import { entriesOf, listedModels } from '../openai-shaped/models.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import { isObject } from '../openai-shaped/wire.ts';

/** Models that reason, and refuse penalties and stop texts. */
export function isReasoningModel(id: string): boolean {
  return !id.includes('-non-reasoning') && /-reasoning|^grok-(4|3-mini|code-fast|build|latest)/.test(id);
}

/** Some reason as much as they like, and refuse to be told. */
export function hasEffort(id: string): boolean {
  return !/^grok-4\.20(-\d{4})?-reasoning$|^grok-build/.test(id);
}

/** How it calls the efforts it has. Since 4.5 it always thinks; 4.6 brought one more. */
export function effortsOf(id: string): NonNullable<Quirks['efforts']> {
  const version = Number(/^grok-(\d+(\.\d+)?)/.exec(id)?.[1] ?? (id === 'grok-latest' ? 5 : 0));
  // 4.20 is older than 4.5, for all that it looks like.
  const isNew = version >= 4.5 && version < 10;
  return { ...(isNew && { none: 'low' }), minimal: 'low', max: version >= 4.6 ? 'xhigh' : 'high' };
}

/** A model of the list with prices. */
export function languageModel(entry: Record<string, unknown>): ModelInfo | undefined {
  const { id, input_modalities: inputs, output_modalities: outputs } = entry;
  if (typeof id !== 'string' || (Array.isArray(outputs) && !outputs.includes('text'))) return undefined;
  const abilities: Ability[] = ['chat', 'tools', 'schema'];
  if (Array.isArray(inputs) && inputs.includes('image')) abilities.push('images');
  if (isReasoningModel(id)) abilities.push('thinking');
  const price = priceOf(entry);
  return { id, abilities, ...(price && { price }) };
}

/** The same with the windows of the plain list; where there are no prices, that list alone. */
export function withContext(priced: ModelInfo[], list: string, context: ErrorContext): ModelInfo[] {
  const windows = new Map<unknown, number>();
  for (const entry of entriesOf(list, context))
    if (isObject(entry) && typeof entry.context_length === 'number') windows.set(entry.id, entry.context_length);
  const models = priced.length > 0 ? priced : listedModels(list, context);
  return models.map((model) => {
    const contextWindow = windows.get(model.id);
    return contextWindow === undefined ? model : { ...model, contextWindow };
  });
}

/** Prices are whole numbers: cents for a hundred million tokens. */
function priceOf(entry: Record<string, unknown>): Price | undefined {
  const { prompt_text_token_price: input, completion_text_token_price: output, cached_prompt_text_token_price: cached } = entry;
  if (typeof input !== 'number' || typeof output !== 'number') return undefined;
  return {
    inputMicroUsdPerMillion: input * 100,
    outputMicroUsdPerMillion: output * 100,
    ...(typeof cached === 'number' && { cachedInputMicroUsdPerMillion: cached * 100 }),
  };
}
