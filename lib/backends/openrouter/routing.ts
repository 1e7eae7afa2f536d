import * as z from 'zod/mini';
import type { JsonObject } from '../../protocol/json.ts';
import type { Field } from '../backend.ts';

const sorts = ['auto', 'price', 'throughput', 'latency'] as const;
const policies = ['any', 'deny', 'zdr'] as const;

/** Which companies may answer, and what happens when one does not. Absent: as OpenRouter decides. */
export const routingSettings = {
  /** Models to try next, in order, separated by commas. */
  fallbackModels: z.optional(z.string()),
  /** Companies to try first, in order. */
  providerOrder: z.optional(z.string()),
  /** No company but these. */
  providerOnly: z.optional(z.string()),
  providerIgnore: z.optional(z.string()),
  /** Of those in order, and no others. */
  noOtherProviders: z.optional(z.boolean()),
  providerSort: z.optional(z.enum(sorts)),
  /** `deny`: none that may keep or learn from prompts. `zdr`: none that keeps anything at all. */
  dataPolicy: z.optional(z.enum(policies)),
  /** Only companies that know every parameter of a request; others leave out what they do not know. */
  requireParameters: z.optional(z.boolean()),
};

const schema = z.object(routingSettings);

/** The fields of a request that say so. */
export function routingFields(settings: z.infer<typeof schema>, model: string): JsonObject {
  const { fallbackModels, providerOrder, providerOnly, providerIgnore, noOtherProviders, providerSort, dataPolicy } = settings;
  const provider: JsonObject = {
    ...named('order', providerOrder),
    ...named('only', providerOnly),
    ...named('ignore', providerIgnore),
    ...(noOtherProviders && { allow_fallbacks: false }),
    ...(providerSort && providerSort !== 'auto' && { sort: providerSort }),
    ...(dataPolicy === 'deny' && { data_collection: 'deny' }),
    ...(dataPolicy === 'zdr' && { zdr: true }),
    ...(settings.requireParameters && { require_parameters: true }),
  };
  const next = listOf(fallbackModels).filter((id) => id !== model);
  return { ...(next.length > 0 && { models: [model, ...next] }), ...(Object.keys(provider).length > 0 && { provider }) };
}

export const routingFormFields: Field[] = [
  text('fallbackModels', 'field_fallbackModels'),
  text('providerOrder', 'field_providerOrder'),
  { name: 'noOtherProviders', kind: 'switch', label: 'field_noOtherProviders', advanced: true },
  text('providerOnly', 'field_providerOnly'),
  text('providerIgnore', 'field_providerIgnore'),
  {
    name: 'providerSort',
    kind: 'choice',
    label: 'field_providerSort',
    choices: sorts.map((value) => ({ value, label: `field_providerSort_${value}` })),
    advanced: true,
  },
  {
    name: 'dataPolicy',
    kind: 'choice',
    label: 'field_dataPolicy',
    choices: policies.map((value) => ({ value, label: `field_dataPolicy_${value}` })),
    advanced: true,
  },
  { name: 'requireParameters', kind: 'switch', label: 'field_requireParameters', hint: 'field_requireParameters_hint', advanced: true },
];

function text(name: string, label: string): Field {
  return { name, kind: 'text', label, hint: 'field_commas', offers: 'several', advanced: true };
}

function named(name: string, list: string | undefined): JsonObject {
  const entries = listOf(list);
  return entries.length > 0 ? { [name]: entries } : {};
}

function listOf(list: string | undefined): string[] {
  return (list ?? '')
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
