import * as z from 'zod/mini';
import { SwitchboardError } from '../protocol/errors.ts';
import type { Field } from './backend.ts';
import { normaliseBaseUrl } from './url.ts';

/** The address of a server, as typed; parsed to its normal form. */
export const addressSchema = z.pipe(
  z.string(),
  z.transform((typed, context) => {
    try {
      return normaliseBaseUrl(typed);
    } catch (error) {
      const message = error instanceof SwitchboardError ? error.message : 'This is not an address.';
      context.issues.push({ code: 'custom', message, input: typed });
      return z.NEVER;
    }
  }),
);

/** The address of a server the user runs: the first thing asked. */
export function addressField(placeholder: string): Field {
  return { name: 'baseUrl', kind: 'url', label: 'field_baseUrl', placeholder, required: true };
}

/** The address of a service whose address is known: only for those who have a gateway in front of it. */
export const otherAddressField: Field = { name: 'baseUrl', kind: 'url', label: 'field_baseUrl', advanced: true };

/** The key of a service that has no use without. */
export const keyField: Field = { name: 'key', kind: 'secret', label: 'field_key', required: true };

/** The key of a server that may ask for one. */
export const optionalKeyField: Field = { name: 'key', kind: 'secret', label: 'field_key', hint: 'field_key_optional' };
