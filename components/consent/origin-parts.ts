import { getDomain } from 'tldts';

/** An origin as the user should read it: who is behind it stands out, and the front of a long name gives way first. */
export interface OriginParts {
  /** `https://` */
  scheme: string;
  /** What stands before the registrable domain, cut on its left where it is long. */
  lead: string;
  /** The part that somebody had to register; the whole host where there is none. */
  domain: string;
  /** `:8443`, or empty. */
  port: string;
  isCut: boolean;
}

/** Characters of the name that fit into two lines of the window. */
const longest = 56;

/** `origin` is what the browser vouches for, in ASCII: a name in another script appears as `xn--…`. */
export function originParts(origin: string): OriginParts {
  const url = new URL(origin);
  // The parts of a shared domain (github.io) belong to different people.
  const domain = getDomain(url.hostname, { allowPrivateDomains: true }) ?? url.hostname;
  const lead = url.hostname.slice(0, url.hostname.length - domain.length);
  const room = Math.max(8, longest - domain.length);
  const isCut = lead.length > room;
  return {
    scheme: `${url.protocol}//`,
    lead: isCut ? `…${lead.slice(-room)}` : lead,
    domain,
    port: url.port && `:${url.port}`,
    isCut,
  };
}
