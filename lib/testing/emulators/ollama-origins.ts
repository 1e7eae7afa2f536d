const localHosts = ['localhost', '127.0.0.1', '0.0.0.0'];
const appSchemes = ['app://', 'file://', 'tauri://', 'vscode-webview://', 'vscode-file://'];

/** Ollama's rule for the Origin header: its own host, local pages, desktop apps, and what OLLAMA_ORIGINS lists. */
export function isAllowedOrigin(origin: string, host: string, listed: string[]): boolean {
  if (origin === `http://${host}` || origin === `https://${host}`) return true;
  if (appSchemes.some((scheme) => origin.startsWith(scheme))) return true;
  const local = /^https?:\/\/([^:/]+)(:\d+)?$/.exec(origin)?.[1];
  return (local !== undefined && localHosts.includes(local)) || listed.some((entry) => matches(entry, origin));
}

/** Against DNS rebinding: a server on loopback answers to local names and private addresses only. */
export function isAllowedHost(host: string): boolean {
  const name = host.replace(/:\d+$/, '');
  if (name === '' || name === 'localhost' || /\.(localhost|local|internal)$/.test(name)) return true;
  return /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|0\.0\.0\.0$|\[)/.test(name);
}

/** An entry holds at most one `*`. */
function matches(entry: string, origin: string): boolean {
  const [before = '', after] = entry.split('*');
  return after === undefined
    ? entry === origin
    : origin.startsWith(before) && origin.endsWith(after) && origin.length >= before.length + after.length;
}
