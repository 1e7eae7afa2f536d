import type { Stage } from './harness.ts';

export type Choice = 'once' | 'session' | 'always' | 'block' | 'deny';

/** Waits for the consent window and clicks what a person would click. */
export async function answerConsent(stage: Stage, choice: Choice): Promise<void> {
  const consent = await stage.waitForExtensionPage('/consent.html');
  await consent.bringToFront();
  const button = await consent.waitForSelector(`[data-decision="${choice}"]:not([aria-disabled="true"])`, { timeout: 5000 });
  await button?.click();
}
