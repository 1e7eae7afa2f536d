import * as z from 'zod/mini';

/**
 * For objects of which a request names few of many fields: the schema of those that the value names and those that must be
 * there. It reads the value as the whole one would, which looks at each field that is not there as well.
 */
export function ofNamed<Schema extends z.ZodMiniObject>(whole: Schema): (value: unknown) => Schema {
  const { shape } = whole.def;
  const made = new Map<string, Schema>();

  return (value) => {
    if (typeof value !== 'object' || value === null) return whole;
    const names = Object.keys(value);
    const key = names.join();
    const known = made.get(key);
    if (known || made.size === mostMade || names.some((name) => !Object.hasOwn(shape, name))) return known ?? whole;
    const fields = Object.keys(shape).filter((name) => names.includes(name) || shape[name]?._zod.optin !== 'optional');
    const mask = Object.fromEntries(fields.map((name) => [name, true as const]));
    const picked = z.pick(whole as z.ZodMiniObject, mask) as unknown as Schema;
    made.set(key, picked);
    return picked;
  };
}

/** An app asks in a few ways; who asks in a new way each time gets the whole one. */
const mostMade = 100;
