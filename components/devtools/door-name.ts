/** What a developer calls the way a call came, from its method and what it sent. Names of interfaces are not translated. */
export function doorName(method: string, params: unknown): string {
  if (method === 'openai.fetch') return `ai.fetch ${pathOf(params)}`.trim();
  const known = doors[method];
  if (known) return known;
  const [room = '', name = ''] = method.split('.');
  return rooms[room] ? `${rooms[room]} ${name}`.trim() : method;
}

const doors: Record<string, string> = {
  'openai.chat': 'ai.chat.completions',
  'access.request': 'ai.requestAccess',
  'access.query': 'ai.permissions.query',
  'access.watch': 'ai.on',
  'models.list': 'ai.models.list',
};

/** Doors with several calls of their own. */
const rooms: Record<string, string> = {
  prompt: 'LanguageModel',
  task: 'Tasks',
  tasks: 'Tasks',
  legacy: 'window.ai (old)',
  detect: 'LanguageDetector',
};

function pathOf(params: unknown): string {
  const { url } = (params ?? {}) as { url?: unknown };
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).pathname : '';
}
