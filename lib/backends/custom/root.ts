/**
 * Where `/chat/completions` most likely is below an address: as typed where that ends in a version (`/v1beta/openai`,
 * `/api/v3`), otherwise `/v1`; or where it was found before.
 */
export function guessRoot(baseUrl: string): string {
  return found.get(baseUrl) ?? (/\/v\d\w*(\/openai)?$/.test(baseUrl) ? baseUrl : `${baseUrl}/v1`);
}

/** Tries the paths that servers use until one has a list of models; remembered for as long as the background lives. */
export async function findRoot(baseUrl: string, models: (root: string) => Promise<unknown>): Promise<string | undefined> {
  const first = guessRoot(baseUrl);
  for (const path of ['', '/v1', '/api/v1', '/api', '/openai/v1', '/openai']) {
    const root = baseUrl + path;
    if (root === first || !(await models(root).then(isTrue, isFalse))) continue;
    found.set(baseUrl, root);
    return root;
  }
  return undefined;
}

const found = new Map<string, string>();

const isTrue = () => true;
const isFalse = () => false;
