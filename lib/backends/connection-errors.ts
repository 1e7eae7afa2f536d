import { SwitchboardError } from '../protocol/errors.ts';
import type { HttpResponse } from './backend.ts';
import type { ErrorContext } from './backend-error.ts';

/** A browser tells refused, unknown host, certificate and redirect by one TypeError, so the text says what to look at. */
export function unreachable({ host, protocol }: URL, context: ErrorContext): SwitchboardError {
  return new SwitchboardError('unreachable', whatToLookAt(host, protocol === 'https:', context));
}

function whatToLookAt(host: string, isSecure: boolean, { place, service }: ErrorContext): string {
  const label = service?.label ?? 'the server';
  const certificate = isSecure
    ? ` If it uses a certificate of its own, open https://${host} in a tab once and accept it, or use http://.`
    : '';
  if (place === 'device')
    return `${host} refused the connection. Is ${label} running?${service?.startHint ? ` ${service.startHint}` : ''}${certificate}`;
  if (place === 'network')
    return `${host} could not be reached. Is that machine on, is ${label} running there, and does it listen on the network and not only on its own machine?${certificate}`;
  if (globalThis.navigator?.onLine === false) return `This device is offline, so ${host} cannot be reached.`;
  return `${host} could not be reached. Check the internet connection and the address; a VPN, a firewall, an untrusted certificate or a redirect can also be the reason.`;
}

/** A page for people at 200: a login page in front of the network, or an address that is not that of a server's API. */
export function pageInsteadOfAnswer(response: HttpResponse, { host, service }: ErrorContext): SwitchboardError {
  void response.body?.cancel().catch(() => undefined);
  return new SwitchboardError(
    'bad-response',
    `${host} sent a web page instead of an answer. Is the address that of ${service?.label ?? 'a model server'}, or does a login page stand in front of it?`,
    { status: response.status, cause: { kind: 'html', wrongPath: true } },
  );
}
