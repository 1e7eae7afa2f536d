/** A door's code: to run, and to show. They are one file. */
export interface Snippet {
  ask(request: unknown, signal: AbortSignal): AsyncGenerator<unknown>;
  text: string;
}

const modules = import.meta.glob<{ ask: Snippet['ask'] }>('./snippets/*.js', { eager: true });
const texts = import.meta.glob<string>('./snippets/*.js', { eager: true, query: '?raw', import: 'default' });

export function snippetFor(id: string): Snippet {
  const path = `./snippets/${id}.js`;
  const ask = modules[path]?.ask;
  const text = texts[path];
  if (!ask || text === undefined) throw new Error(`The playground has no code for ${id}.`);
  return { ask, text };
}
