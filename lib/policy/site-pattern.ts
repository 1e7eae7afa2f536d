/**
 * Whether a site is meant by one of the patterns: `*` for every site, `example.com` for that host and those under it on
 * any scheme and port, `https://*.example.com` for hosts under it, `https://app.example.com:8443` for exactly one origin.
 */
export function isSiteMeant(origin: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matches(origin, pattern));
}

/** Nothing where the pattern is well-formed, a sentence that says what is wrong otherwise. */
export function sitePatternProblem(pattern: string): string | undefined {
  if (pattern === '*' || form.test(pattern)) return undefined;
  return `"${pattern.slice(0, 100)}" is not a site. Write it as example.com, https://*.example.com or https://app.example.com:8443, without a path.`;
}

const form =
  /^(?:https?:\/\/)?(?:\*\.)?(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)*[a-z\d](?:[a-z\d-]*[a-z\d])?(?::\d{1,5})?$|^(?:https?:\/\/)?\[[\da-f:]+\](?::\d{1,5})?$/i;

function matches(origin: string, pattern: string): boolean {
  if (pattern === '*') return true;
  const site = URL.canParse(origin) ? new URL(origin) : undefined;
  if (!site) return false;
  const [, scheme, rest = ''] = /^(?:(https?):\/\/)?(.*)$/i.exec(pattern.toLowerCase()) ?? [];
  if (scheme && site.protocol !== `${scheme}:`) return false;
  const [, isUnder, host = '', port] = /^(\*\.)?(.*?)(?::(\d+))?$/.exec(rest) ?? [];
  if (port !== undefined && effectivePort(site) !== port) return false;
  // An exact origin says its port by its scheme.
  if (port === undefined && scheme && site.port !== '') return false;
  if (isUnder) return site.hostname.endsWith(`.${host}`);
  return site.hostname === host || (!scheme && port === undefined && site.hostname.endsWith(`.${host}`));
}

function effectivePort({ port, protocol }: URL): string {
  return port || (protocol === 'https:' ? '443' : '80');
}
