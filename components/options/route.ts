import { signal } from '@preact/signals';

export const sections = ['welcome', 'connections', 'sites', 'models', 'activity', 'keys', 'backup', 'about'] as const;
export type Section = (typeof sections)[number];

/** Where on the options page one is: `#connections/new/ollama?baseUrl=…`. The address is the state, so that Back works. */
export interface Route {
  section: Section;
  path: string[];
  query: URLSearchParams;
}

export const route = signal(parseRoute(globalThis.location?.hash ?? ''));

export function readRoute(): void {
  route.value = parseRoute(location.hash);
}

export function followRoute(): () => void {
  addEventListener('hashchange', readRoute);
  return () => removeEventListener('hashchange', readRoute);
}

/** What is not a section is the connections: the page is also the settings page that browsers open without a hash. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const [name, ...rest] = path.split('/').map(decode);
  const section = sections.find((each) => each === name) ?? 'connections';
  return { section, path: rest.filter(Boolean), query: new URLSearchParams(query) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
