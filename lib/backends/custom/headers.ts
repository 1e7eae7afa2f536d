import * as z from 'zod/mini';
import { isReservedHeader } from '../request-headers.ts';

/** Lines of `Name: value`; names that the browser or the key field own are refused. */
export const headersSchema = z.string().check(
  z.refine((text) => headerLines(text).every(([name, value]) => value !== undefined && !isReservedHeader(name)), {
    error: ({ input }) => complaint(String(input)),
  }),
);

/** The headers of those lines. */
export function extraHeaders(text = ''): Record<string, string> {
  return Object.fromEntries(headerLines(text).map(([name, value]) => [name, value ?? '']));
}

function headerLines(text: string): [name: string, value: string | undefined][] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.trim(), value.length > 0 ? value.join(':').trim() : undefined];
    });
}

function complaint(text: string): string {
  const [name, value] = headerLines(text).find(([name, value]) => value === undefined || isReservedHeader(name)) ?? [''];
  return value === undefined ? 'Write one header a line, as Name: value.' : `The header "${name}" cannot be set by hand. Remove that line.`;
}
