import { SwitchboardError } from '../../protocol/errors.ts';
import type { SignIn } from '../backend.ts';
import { challengeOf, createVerifier } from './pkce.ts';

/** Signing in at OpenRouter by OAuth with PKCE, which ends with a key of the user's that Switchboard made. */
export const openRouterSignIn: SignIn<{ baseUrl: string }> = {
  async begin({ baseUrl }, redirect) {
    const verifier = createVerifier();
    const page = new URL(`${baseUrl}/auth`);
    if (redirect !== undefined) page.searchParams.set('callback_url', redirect);
    page.searchParams.set('code_challenge', await challengeOf(verifier));
    page.searchParams.set('code_challenge_method', 'S256');
    page.searchParams.set('key_label', 'Switchboard');
    return { page: page.href, exchange: (code, http, signal) => keyFor(baseUrl, code, verifier, http, signal) };
  },
};

type Exchange = Awaited<ReturnType<SignIn['begin']>>['exchange'];

async function keyFor(
  baseUrl: string,
  code: string,
  verifier: string,
  http: Parameters<Exchange>[1],
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const response = await http.request(`${baseUrl}/api/v1/auth/keys`, {
    json: { code, code_verifier: verifier, code_challenge_method: 'S256' },
    signal,
    service: { label: 'OpenRouter' },
    accept: [400, 403],
  });
  if (!response.ok)
    throw new SwitchboardError(
      'unauthorized',
      'OpenRouter did not take the code. It is good once, for ten minutes, and for the sign-in it came from: start again.',
      { status: response.status },
    );
  const { key } = (await response.json().catch(() => ({}))) as { key?: unknown };
  if (typeof key !== 'string' || key === '')
    throw new SwitchboardError('bad-response', `${new URL(baseUrl).host} sent no key. Sign in again, or paste a key of your account.`);
  return { key };
}
