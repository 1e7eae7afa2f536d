import { isObject } from '../openai-shaped/wire.ts';

/** An object Ollama answered with; what it holds depends on its version. */
export type OllamaAnswer = Record<string, unknown>;

/** What is known of a model without loading it. */
export interface ModelFacts {
  /** The longest context it was made for. */
  ownContext?: number;
  /** `num_ctx` of its own parameters: whoever made the model chose it. */
  chosenContext?: number;
  /** Ollama's words for what it can do. */
  capabilities?: string[];
  family?: string;
  /** It runs at Ollama's cloud, which has windows of its own. */
  isRemote: boolean;
}

/** The facts of an entry of `/api/tags` or of an answer of `/api/show`. */
export function factsOf(answer: OllamaAnswer): ModelFacts {
  const details = isObject(answer.details) ? answer.details : {};
  const ownContext = positive(details.context_length) ?? ownContextOf(answer.model_info);
  const chosenContext = chosenContextOf(answer.parameters);
  return {
    ...(ownContext !== undefined && { ownContext }),
    ...(chosenContext !== undefined && { chosenContext }),
    ...(Array.isArray(answer.capabilities) && { capabilities: answer.capabilities.filter((word) => typeof word === 'string') }),
    ...(typeof details.family === 'string' && { family: details.family }),
    isRemote: typeof answer.remote_host === 'string' && answer.remote_host !== '',
  };
}

/** The window of each model that is loaded. */
export function loadedContexts(running: OllamaAnswer): Map<string, number | undefined> {
  return new Map(entriesOf(running).map((entry) => [String(entry.name), positive(entry.context_length)]));
}

/** The entries of a list. */
export function entriesOf({ models }: OllamaAnswer): OllamaAnswer[] {
  return Array.isArray(models) ? models.filter(isObject) : [];
}

/** A name without a tag means `:latest`. */
export function wholeName(model: string): string {
  return model.includes(':') ? model : `${model}:latest`;
}

function ownContextOf(info: unknown): number | undefined {
  if (!isObject(info)) return undefined;
  return positive(info[`${info['general.architecture']}.context_length`]);
}

/** Parameters are lines of text. */
function chosenContextOf(parameters: unknown): number | undefined {
  const found = typeof parameters === 'string' ? /^num_ctx\s+(\d+)/m.exec(parameters)?.[1] : undefined;
  return found === undefined ? undefined : positive(Number(found));
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}
