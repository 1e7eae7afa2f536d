/**
 * The part of a host that somebody had to register, as far as that can be told without the list of all suffixes, which is
 * as large as the background itself. For counting questions alone, where too large a group asks less, never more; what
 * people read goes by the full list (components/consent/origin-parts.ts).
 */
export function siteGroup(origin: string): string {
  const { hostname, host } = new URL(origin);
  const labels = hostname.replace(/\.$/, '').split('.');
  // An address, or a name without a dot: each port is another program.
  if (labels.length === 1 || hostname.startsWith('[') || /^\d+$/.test(labels.at(-1) ?? '')) return host;
  const suffix = labels.slice(-2).join('.');
  const [second = '', top = ''] = labels.slice(-2);
  const isShared = sharedHosts.has(suffix) || (top.length === 2 && secondLevels.has(second));
  return labels.slice(isShared ? -3 : -2).join('.');
}

/** `example.co.uk`, `example.com.br` */
const secondLevels = new Set(
  'ac ad asso co com ed edu go gob gouv gov gr ind info lg ltd me mil ne net nhs nom or org plc sch web'.split(' '),
);

/** Where neighbours have nothing to do with each other. */
const sharedHosts = new Set(
  (
    'github.io gitlab.io codeberg.page pages.dev workers.dev vercel.app netlify.app web.app firebaseapp.com herokuapp.com ' +
    'blogspot.com onrender.com fly.dev surge.sh glitch.me repl.co replit.app hf.space streamlit.app azurewebsites.net ' +
    'cloudfront.net neocities.org deno.dev'
  ).split(' '),
);
