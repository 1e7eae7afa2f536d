import type { Meaning } from '../ask.ts';

/** What the Horde means by its refusals, which its return codes tell apart better than the statuses. */
export function explainHorde({ status, words, body }: { status: number | undefined; words: string; body: unknown }): Meaning | undefined {
  const { rc, errors } = (body ?? {}) as { rc?: string; errors?: Record<string, unknown> };
  if (errors) return { code: 'bad-request', message: `The AI Horde does not accept this value of ${Object.keys(errors).join(', ')}.` };
  if (rc !== undefined && Object.hasOwn(meanings, rc)) return meanings[rc];
  if (/^SharedKey/.test(rc ?? ''))
    return { code: 'payment-required', message: 'The shared key is used up or does not allow this. Ask its owner, or use another key.' };
  if (status === 401) return meanings.InvalidAPIKey;
  if (status === 429)
    return { code: 'rate-limited', message: 'The AI Horde takes only so many requests a minute. Wait a moment and try again.' };
  return /no available workers/i.test(words)
    ? { code: 'overloaded', message: 'No worker can take this request now. Choose another model.' }
    : undefined;
}

const wrongKey: Meaning = {
  code: 'unauthorized',
  message: 'The AI Horde does not know this key. Check it, or remove it to ask anonymously.',
};
const forgotten: Meaning = {
  code: 'timeout',
  message: 'The request waited too long, and the AI Horde dropped it. Try again, or choose a model with a shorter queue.',
};

/** By the service's return codes. */
const meanings: Record<string, Meaning> = {
  InvalidAPIKey: wrongKey,
  UserNotFound: wrongKey,
  KudosUpfront: {
    code: 'payment-required',
    message:
      'The AI Horde is busy, and an answer of this length needs more kudos than you have. Ask for fewer tokens, or allow shorter answers in the settings.',
  },
  TokenOverflow: {
    code: 'context-length',
    message: 'The answer asked for is longer than the context of the workers. Ask for fewer tokens.',
  },
  TooManyPrompts: {
    code: 'rate-limited',
    message: 'Too many requests of yours wait at the AI Horde. Try again when one of them is answered.',
  },
  TimeoutIP: { code: 'rate-limited', message: 'The AI Horde has blocked this address for a while. Try again later.' },
  MaintenanceMode: { code: 'overloaded', message: 'The AI Horde is being maintained. Try again later.' },
  RequestNotFound: forgotten,
  RequestExpired: forgotten,
};
