/** The families of browsers that Switchboard runs in. */
export type BrowserFamily = 'chromium' | 'firefox';

/** Where a site sends people who do not have Switchboard yet. */
export type InstallLinks = Partial<Record<BrowserFamily, string>>;

/** No provider announced itself. `browser` and `link` are what a page needs to offer the way to one. */
export class NotInstalledError extends Error {
  override readonly name = 'NotInstalledError';
  readonly code = 'not-installed';
  /** Undefined in a browser that Switchboard does not run in. */
  readonly browser: BrowserFamily | undefined;
  /** The one of the given links that is for this browser. */
  readonly link: string | undefined;

  constructor(links: InstallLinks = {}, browser: BrowserFamily | undefined = browserFamily()) {
    super(browser ? installText : elsewhereText);
    this.browser = browser;
    this.link = browser && links[browser];
  }
}

const installText = 'Switchboard is not in this browser. Install it, then reload the page.';
const elsewhereText = 'Switchboard runs in Firefox and in Chrome, Edge and their relatives. Open the page in one of them.';

function browserFamily(): BrowserFamily | undefined {
  const name = globalThis.navigator?.userAgent ?? '';
  if (/Firefox\//.test(name)) return 'firefox';
  // Chromium on phones has no extensions.
  return /Chrom(e|ium)\//.test(name) && !/\bMobile\b/.test(name) ? 'chromium' : undefined;
}
