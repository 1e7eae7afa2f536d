import type { Place } from '../protocol/model.ts';

/**
 * Where an address leads, judged from its normalised host: this device, the user's own network, or a company. A public
 * name counts as a company whatever it resolves to, because a browser cannot see the address behind it.
 */
export function placeOf(url: string): Place {
  const host = bareHost(new URL(url).hostname);
  if (host === 'localhost' || host.endsWith('.localhost')) return 'device';
  const address = ipv4(host);
  if (address) return placeOfAddress(address);
  if (host.includes(':')) {
    if (host === '::1' || host === '::') return 'device';
    return /^f[cd]|^fe[89ab]/.test(host) ? 'network' : 'company';
  }
  return !host.includes('.') || ownSuffixes.some((suffix) => host.endsWith(suffix)) ? 'network' : 'company';
}

/** Addresses of cloud machines' metadata services, which hand credentials to whoever asks. */
export function isMetadataHost(hostname: string): boolean {
  const host = bareHost(hostname);
  return metadataHosts.has(ipv4(host)?.join('.') ?? host);
}

const ownSuffixes = ['.local', '.lan', '.home', '.internal', '.intranet', '.home.arpa', '.ts.net'];

const metadataHosts = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '100.100.100.200',
  'fd00:ec2::254',
  'metadata.google.internal',
  'metadata',
]);

function placeOfAddress([a = 0, b = 0]: number[]): Place {
  if (a === 127 || a === 0) return 'device';
  const isPrivate = a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 169 && b === 254);
  // 100.64.0.0/10 is shared address space: carriers, and Tailscale's own network.
  return isPrivate || (a === 100 && b >= 64 && b < 128) ? 'network' : 'company';
}

/** The four numbers of an IPv4 address, also of one written as IPv6 (`::ffff:7f00:1`). `URL` has normalised the rest. */
function ipv4(host: string): number[] | undefined {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return host.split('.').map(Number);
  const mapped = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(host);
  if (!mapped) return undefined;
  return mapped.slice(1).flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
}

function bareHost(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}
