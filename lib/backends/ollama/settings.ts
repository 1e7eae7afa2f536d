import * as z from 'zod/mini';
import type { Field } from '../backend.ts';
import { addressField, addressSchema, optionalKeyField } from '../fields.ts';

export const ollamaSchema = z.object({
  baseUrl: addressSchema,
  /** Tokens the model is loaded with; absent: as the conversation needs, within reason. */
  contextLength: z.optional(z.number().check(z.int(), z.minimum(256))),
  /** How long a model stays loaded: `5m`, seconds, `-1` for good, `0` for not at all. */
  keepAlive: z.optional(z.string().check(z.regex(/^\s*(-?\d+|(\d+(\.\d+)?(ms|s|m|h))+)\s*$/))),
});

export type OllamaConfig = z.infer<typeof ollamaSchema>;

export const ollamaFields: Field[] = [
  addressField('http://127.0.0.1:11434'),
  optionalKeyField,
  { name: 'contextLength', kind: 'number', label: 'field_contextLength', hint: 'field_contextLength_ollama', placeholder: '8192' },
  { name: 'keepAlive', kind: 'text', label: 'field_keepAlive', hint: 'field_keepAlive_hint', placeholder: '5m', advanced: true },
];

/** Ollama wants a number of seconds as a number, and everything else as text. */
export function keepAliveFields({ keepAlive }: OllamaConfig): { keep_alive?: string | number } {
  const wanted = keepAlive?.trim();
  if (wanted === undefined || wanted === '') return {};
  return { keep_alive: /^-?\d+$/.test(wanted) ? Number(wanted) : wanted };
}
