import type { Meaning } from '../ask.ts';

/** What NovelAI means by its statuses. */
export function explainNovelAi({ status, words }: { status: number | undefined; words: string }): Meaning | undefined {
  switch (status) {
    case 401:
      return {
        code: 'unauthorized',
        message: 'NovelAI refused the token. Make a new one in its account settings ("Get Persistent API Token") and paste it.',
      };
    case 402:
      return { code: 'payment-required', message: 'This needs an active NovelAI subscription. Renew it at novelai.net, then try again.' };
    case 403:
      return {
        code: 'payment-required',
        message: 'Your NovelAI tier does not include this model. Choose another, or a higher tier at novelai.net.',
      };
    case 409:
      return { code: 'model-not-found', message: 'NovelAI does not offer this model to your account. Choose another.' };
    case 429:
      return {
        code: 'rate-limited',
        message: 'NovelAI answers one request at a time, and another of yours is running. Wait for it, or stop it.',
        // A stopped answer holds its place for a moment.
        retryAfterSeconds: 1.5,
      };
    case 400:
      return /too (long|large|many tokens)|exceed/i.test(words)
        ? { code: 'context-length', message: 'The text is longer than the context of your NovelAI tier. Send less.' }
        : undefined;
  }
  return undefined;
}
