import { SwitchboardError } from '../../protocol/errors.ts';
import type { ModelInfo } from '../../protocol/model.ts';
import { backendError, type ErrorContext } from '../backend-error.ts';
import { isObject } from './wire.ts';

/**
 * The models of a list, which is `data`, `models` or a bare array. Names are cut, doubles and nonsense left out, and
 * the list ends somewhere: a server may send anything.
 */
export function listedModels(
  text: string,
  context: ErrorContext,
  toModel: (entry: Record<string, unknown>) => ModelInfo | undefined = plainModel,
): ModelInfo[] {
  const models = new Map<string, ModelInfo>();
  for (const entry of entriesOf(text, context)) {
    const model = isObject(entry) ? toModel(entry) : undefined;
    if (model && isName(model.id) && !models.has(model.id)) models.set(model.id, tidy(model));
    if (models.size >= maxModels) break;
  }
  return [...models.values()];
}

/** What every list tells: the id. */
export function plainModel({ id, name, model }: Record<string, unknown>): ModelInfo | undefined {
  const given = id ?? model ?? name;
  return typeof given === 'string' ? { id: given } : undefined;
}

/** The entries of a list, or the error it turned out to be. */
export function entriesOf(text: string, context: ErrorContext): unknown[] {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw noList(context);
  }
  if (Array.isArray(answer)) return answer;
  if (!isObject(answer)) throw noList(context);
  if (Array.isArray(answer.data)) return answer.data;
  if (Array.isArray(answer.models)) return answer.models;
  if (answer.error ?? answer.detail) throw backendError(answer, context);
  throw noList(context);
}

function noList({ host, service }: ErrorContext): SwitchboardError {
  return new SwitchboardError(
    'bad-response',
    `${host} did not send a list of models. Is the address that of ${service?.label ?? 'a model server'}?`,
    {
      cause: { kind: 'no-list', wrongPath: true },
    },
  );
}

function isName(id: string): boolean {
  return id !== '' && id.length <= maxIdLength;
}

/** Names and descriptions are shown, so they lose control and direction characters. */
function tidy(model: ModelInfo): ModelInfo {
  const { name, description, ...rest } = model;
  return {
    ...rest,
    ...(name !== undefined && { name: clean(name).slice(0, 200) }),
    ...(description !== undefined && { description: clean(description).slice(0, 300) }),
  };
}

function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();
}

const maxModels = 5000;
const maxIdLength = 512;
