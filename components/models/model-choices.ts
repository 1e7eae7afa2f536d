import type { Connection } from '../../lib/connections/connection.ts';
import type { ModelInfo } from '../../lib/protocol/model.ts';
import { canAnswer } from './filter-models.ts';

/** One line of the model menu. */
export interface ModelChoice {
  connection: Connection;
  /** Absent: the connection itself, with whatever model it has. */
  model?: ModelInfo;
  /** The id was typed and not listed. */
  isTyped?: true;
}

/** Shown of one connection before the user types: OpenRouter lists some four hundred. */
export const shownAtOnce = 60;

/**
 * What the menu offers for a search: the models that answer and whose id, name or connection holds every word of it, and the words
 * themselves as a model id for each connection that takes any.
 */
export function modelChoices(
  connections: readonly Connection[],
  modelsOf: (connectionId: string) => readonly ModelInfo[] | undefined,
  search: string,
): { connection: Connection; choices: ModelChoice[]; hidden: number }[] {
  const typed = search.trim();
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = connections.flatMap((connection) => {
    const models = modelsOf(connection.id) ?? [];
    const matching = models.filter(canAnswer).filter((model) => matches(`${model.id} ${model.name ?? ''} ${connection.name}`, words));
    const choices: ModelChoice[] = matching.slice(0, shownAtOnce).map((model) => ({ connection, model }));
    if (models.length === 0 && matches(connection.name, words)) choices.push({ connection });
    if (typed !== '' && takesAnyModel(connection) && !models.some(({ id }) => id === typed)) {
      choices.push({ connection, model: { id: typed }, isTyped: true });
    }
    return choices.length === 0 ? [] : [{ connection, choices, hidden: matching.length - Math.min(matching.length, shownAtOnce) }];
  });
  // What is there comes before what could be: Enter takes the first.
  const isThere = ({ choices }: (typeof groups)[number]) => choices.some(({ isTyped }) => !isTyped);
  return [...groups.filter(isThere), ...groups.filter((group) => !isThere(group))];
}

function matches(text: string, words: string[]): boolean {
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
}

/** A model in the browser exists or does not, and a pool's members have theirs; a server may know models it does not list. */
export function takesAnyModel({ backend }: Pick<Connection, 'backend'>): boolean {
  return backend !== 'ondevice' && backend !== 'chrome' && backend !== 'pool';
}
