import type { PageModel } from '../../protocol/model.ts';
import { refusal } from '../../protocol/page-errors.ts';

/** `/v1/models`: those the site was granted. */
export function toOpenAiModels(models: PageModel[]): object {
  return { object: 'list', data: models.map(toOpenAiModel) };
}

/** `/v1/models/{id}`; ids hold slashes, which clients write as they are or encoded. */
export function findModel(models: PageModel[], id: string): object {
  const name = decode(id);
  const found = models.find((model) => model.id === name || model.id === id || (name === 'default' && model.isDefault));
  if (!found) throw refusal('model-not-found');
  return toOpenAiModel(found);
}

function toOpenAiModel({ id, name, contextWindow, maxOutputTokens }: PageModel): object {
  return {
    id,
    object: 'model',
    created: 0,
    owned_by: 'switchboard',
    name,
    ...(contextWindow !== undefined && { context_window: contextWindow }),
    ...(maxOutputTokens !== undefined && { max_output_tokens: maxOutputTokens }),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
