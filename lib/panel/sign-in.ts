import { browser } from 'wxt/browser';
import type { Backend, BaseConfig, SignIn } from '../backends/backend.ts';
import { useKit } from '../backends/registry.ts';
import { SwitchboardError } from '../protocol/errors.ts';

/** The browser's window for signing in. */
export interface AuthWindow {
  getRedirectURL(): string;
  launchWebAuthFlow(details: { url: string; interactive: true }): Promise<string | undefined>;
}

/** A sign-in whose code the user brings. */
export interface CodeSignIn {
  /** Where the service shows the code. */
  page: string;
  /** The secrets that the code is worth. */
  finish(code: string, signal: AbortSignal): Promise<Record<string, string>>;
}

/** The browser can show a window for signing in, and hear how it ended. */
export function hasAuthWindow(): boolean {
  return typeof (browser.identity as AuthWindow | undefined)?.launchWebAuthFlow === 'function';
}

/** Signs in at a service in a window of the browser; the secrets it gives. Needs a click. */
export async function signIn(
  backend: Backend,
  config: BaseConfig,
  signal: AbortSignal,
  window: AuthWindow = browser.identity as AuthWindow,
): Promise<Record<string, string>> {
  const { page, exchange } = await begin(backend, config, window.getRedirectURL());
  const ended = await window.launchWebAuthFlow({ url: page, interactive: true }).catch((thrown: unknown) => {
    throw notSignedIn(backend, thrown);
  });
  return await exchange(codeIn(ended ?? '', backend), httpOf(backend, config), signal);
}

/** Signs in without that window: the service shows a code, which the user copies. */
export async function signInByCode(backend: Backend, config: BaseConfig): Promise<CodeSignIn> {
  const { page, exchange } = await begin(backend, config);
  return {
    page,
    finish: async (typed, signal) => exchange(typedCode(typed), httpOf(backend, config), signal),
  };
}

function begin(backend: Backend, config: BaseConfig, redirect?: string): ReturnType<SignIn['begin']> {
  if (!backend.signIn) throw new SwitchboardError('not-supported', `${backend.label} has no sign-in. Paste a key.`);
  return backend.signIn.begin(backend.schema.parse({ ...backend.preset, ...config }), redirect);
}

function httpOf(backend: Backend, config: BaseConfig) {
  const parsed = backend.schema.parse({ ...backend.preset, ...config });
  return useKit().createHttp({ allowedOrigins: backend.hosts(parsed), secrets: () => [], place: 'company' });
}

/** The code in the address where the window ended. */
function codeIn(address: string, { label }: Backend): string {
  const parameters = URL.canParse(address) ? new URL(address).searchParams : new URLSearchParams();
  const code = parameters.get('code');
  if (code) return code;
  throw new SwitchboardError('unauthorized', `${label} did not let you in. Sign in again, or paste a key.`);
}

/** Some paste the whole address that the code stands in. */
function typedCode(typed: string): string {
  const trimmed = typed.trim();
  const inAddress = URL.canParse(trimmed) ? new URL(trimmed).searchParams.get('code') : null;
  if (trimmed === '') throw new SwitchboardError('bad-request', 'Paste the code first.');
  return inAddress ?? trimmed;
}

/** The browsers tell by a sentence alone that somebody closed the window. */
function notSignedIn({ label }: Backend, thrown: unknown): SwitchboardError {
  const said = thrown instanceof Error ? thrown.message : '';
  if (/did not approve|cancell?ed|denied/i.test(said)) return new SwitchboardError('aborted', `You did not sign in at ${label}.`);
  return new SwitchboardError('unreachable', `The browser could not open the sign-in of ${label}. Use a code, or paste a key.`, {
    cause: thrown,
  });
}
