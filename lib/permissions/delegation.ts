import { browser } from 'wxt/browser';

/** A frame inside a page of another origin. */
export interface EmbeddedFrame {
  tabId: number;
  frameId: number;
  origin: string;
  /** The one task API that is called. */
  feature?: string;
}

/**
 * Whether the page handed its models on to this frame: `<iframe allow="language-model">`, the delegation of the Prompt
 * API, or for the one task API that is called `allow="summarizer"` and the like. Chromium tells the frame itself, the
 * page's header and every frame between included. Firefox knows no such policy, so there the elements of the page in the
 * tab are looked at, and a frame deeper than that has nothing handed on.
 */
export async function isDelegated({ tabId, frameId, origin, feature }: EmbeddedFrame): Promise<boolean> {
  try {
    const names = ['language-model', ...(feature === undefined ? [] : [feature])];
    const told = (await runIn(tabId, frameId, policyOfFrame, [names])) as PolicyOfFrame;
    if (told.isAllowed || told.unknown.length === 0) return told.isAllowed;
    return (await runIn(tabId, 0, isAllowedByPage, [frameId, origin, told.unknown])) === true;
  } catch {
    // The frame or the page is gone, or closed to extensions.
    return false;
  }
}

async function runIn<Args extends unknown[]>(
  tabId: number,
  frameId: number,
  func: (...args: Args) => unknown,
  args: Args,
): Promise<unknown> {
  const [ran] = await browser.scripting.executeScript({ target: { tabId, frameIds: [frameId] }, func, args });
  return ran?.result;
}

interface PolicyOfFrame {
  isAllowed: boolean;
  /** The names that the browser has no policy of. */
  unknown: string[];
}

/** Runs in the frame, apart from its scripts. */
function policyOfFrame(names: string[]): PolicyOfFrame {
  const { featurePolicy } = document as { featurePolicy?: { features(): string[]; allowsFeature(name: string): boolean } };
  const known = featurePolicy?.features() ?? [];
  return {
    isAllowed: names.some((name) => known.includes(name) && featurePolicy?.allowsFeature(name)),
    unknown: names.filter((name) => !known.includes(name)),
  };
}

/** Runs in the page, apart from its scripts. Firefox says which element a frame belongs to; elsewhere its address has to do. */
function isAllowedByPage(frameId: number, origin: string, names: string[]): boolean {
  const { browser: firefox } = globalThis as { browser?: { runtime: { getFrameId?(frame: Element): number } } };
  return [...document.querySelectorAll('iframe')].some((frame) => {
    const isIt = firefox?.runtime.getFrameId
      ? firefox.runtime.getFrameId(frame) === frameId
      : URL.canParse(frame.src) && new URL(frame.src).origin === origin;
    const directive = frame.allow.split(';').map((each) => each.trim().split(/\s+/));
    if (!isIt) return false;
    return directive.some(([name = '', ...allowList]) => {
      if (!names.includes(name)) return false;
      return allowList.length === 0 || allowList.some((each) => each === '*' || each === "'src'" || each === origin);
    });
  });
}
