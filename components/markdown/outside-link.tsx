import type { ComponentChildren } from 'preact';

/**
 * A link in an answer. It opens only by a click, in a new tab that knows nothing of this page, and says where it goes:
 * the words of a link are the model's, the host is not. What is not http, https or mail stays text.
 */
export function OutsideLink({ href, children }: { href: string; children: ComponentChildren }) {
  const target = outsideAddress(href);
  if (!target) return <span>{children}</span>;
  const host = target.protocol === 'mailto:' ? target.pathname : target.host;
  return (
    <a href={target.href} target="_blank" rel="noopener noreferrer" title={target.href}>
      {children}
      {!saysItself(children, target) && <small class="host"> ({host})</small>}
    </a>
  );
}

/** The address a link may lead to; undefined where it must not lead anywhere. */
export function outsideAddress(href: string): URL | undefined {
  if (!URL.canParse(href)) return undefined;
  const url = new URL(href);
  return ['http:', 'https:', 'mailto:'].includes(url.protocol) && !url.username && !url.password ? url : undefined;
}

/** The words of the link are its own address, so that the host need not be said twice. */
function saysItself(children: ComponentChildren, { href, host, protocol, pathname }: URL): boolean {
  const words = [children].flat().join('');
  return words === href || `${words}/` === href || words === host || (protocol === 'mailto:' && words === pathname);
}
