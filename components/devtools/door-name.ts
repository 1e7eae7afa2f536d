/** What a developer calls the way a call came, from its method and what it sent. Names of interfaces are not translated. */
export function doorName(method: string, params: unknown): string {
  if (method === 'openai.fetch') return `ai.fetch ${pathOf(params)}`.trim();
  const known = doors[method];
  if (known) return known;
  const [room, name] = method.split('.');
  if (room === 'prompt') return `LanguageModel ${name}`;
  if (room === 'task') return `${taskOf(params)} ${name}`;
  return method;
}

const doors: Record<string, string> = {
  'openai.chat': 'ai.chat.completions',
  'access.request': 'ai.requestAccess',
  'access.query': 'ai.permissions.query',
  'access.watch': 'ai.on',
  'models.list': 'ai.models.list',
  legacy: 'window.ai (old)',
};

/** `Summarizer`, `Translator`: the call says which it is, beside its options or among them. */
function taskOf(params: unknown): string {
  const { task, options } = (params ?? {}) as { task?: unknown; options?: { task?: unknown } };
  const name = task ?? options?.task;
  return typeof name === 'string' ? name : 'Task';
}

function pathOf(params: unknown): string {
  const { url } = (params ?? {}) as { url?: unknown };
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).pathname : '';
}
