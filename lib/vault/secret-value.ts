import { SwitchboardError } from '../protocol/errors.ts';

/** Longer than any key a service gives out, and short enough for every server's header limit. */
const maxLength = 8_192;

/**
 * The secret as it will be sent: without the spaces and line ends that pasting adds. Throws `bad-request` for what no
 * header can carry, so that it fails here and not at the first call. The message never holds the secret.
 */
export function cleanSecret(value: unknown): string {
  if (typeof value !== 'string') throw bad('A key is text. Paste it as the service shows it.');
  const secret = value.trim();
  if (secret === '') throw bad('The key is empty. Paste it as the service shows it.');
  if (secret.length > maxLength) throw bad(`This is not a key: it has ${secret.length} characters. Copy the key alone.`);
  if (/\s/.test(secret)) throw bad('The key has a space or a line break in the middle. Copy it again, in one piece.');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f]/.test(secret)) throw bad('The key has invisible control characters in it. Copy it again.');
  if (/[^\u0021-\u00ff]/.test(secret)) throw bad('The key has characters that no key has. Copy it again from the service.');
  return secret;
}

function bad(message: string): SwitchboardError {
  return new SwitchboardError('bad-request', message);
}
