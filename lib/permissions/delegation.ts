import { browser } from 'wxt/browser';

/** A frame inside a page of another origin. */
export interface EmbeddedFrame {
  tabId: number;
  frameId: number;
  origin: string;
}

/**
 * Whether the page handed its models on to this frame: `<iframe allow="language-model">`, the delegation of the Prompt
 * API. Chromium tells the frame itself, the page's header and every frame between included. Firefox knows no such policy,
 * so there the elements of the page in the tab are looked at, and a frame deeper than that has nothing handed on.
 */
export async function isDelegated({ tabId, frameId, origin }: EmbeddedFrame): Promise<boolean> {
  try {
    const told = await runIn(tabId, frameId, policyOfFrame, []);
    if (told !== null) return told === true;
    return (await runIn(tabId, 0, isAllowedByPage, [frameId, origin])) === true;
  } catch {
    // The frame or the page is gone, or closed to extensions.
    return false;
  }
}

async function runIn<Args extends unknown[]>(
  tabId: number,
  frameId: number,
  func: (...args: Args) => boolean | null,
  args: Args,
): Promise<unknown> {
  const [ran] = await browser.scripting.executeScript({ target: { tabId, frameIds: [frameId] }, func, args });
  return ran?.result;
}

/** Runs in the frame, apart from its scripts. Null where the browser has no such policy. */
function policyOfFrame(): boolean | null {
  const { featurePolicy } = document as { featurePolicy?: { features(): string[]; allowsFeature(name: string): boolean } };
  if (!featurePolicy?.features().includes('language-model')) return null;
  return featurePolicy.allowsFeature('language-model');
}

/** Runs in the page, apart from its scripts. Firefox says which element a frame belongs to; elsewhere its address has to do. */
function isAllowedByPage(frameId: number, origin: string): boolean {
  const { browser: firefox } = globalThis as { browser?: { runtime: { getFrameId?(frame: Element): number } } };
  return [...document.querySelectorAll('iframe')].some((frame) => {
    const isIt = firefox?.runtime.getFrameId
      ? firefox.runtime.getFrameId(frame) === frameId
      : URL.canParse(frame.src) && new URL(frame.src).origin === origin;
    const directive = frame.allow.split(';').map((each) => each.trim().split(/\s+/));
    const allowList = directive.find(([name]) => name === 'language-model')?.slice(1);
    if (!isIt || !allowList) return false;
    return allowList.length === 0 || allowList.some((each) => each === '*' || each === "'src'" || each === origin);
  });
}
