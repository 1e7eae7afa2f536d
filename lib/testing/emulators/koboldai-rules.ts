import type { JsonObject, JsonValue } from '../../protocol/json.ts';

/** What POST /generate refuses, in marshmallow's words; Client knows fewer fields and no others. */
export function koboldAiComplaints(
  body: JsonObject,
  { isClient, version }: { isClient: boolean; version: string },
): JsonObject | undefined {
  const complaints: Record<string, JsonValue> = {};
  if (typeof body.prompt !== 'string')
    complaints.prompt = [body.prompt === undefined ? 'Missing data for required field.' : 'Not a valid string.'];
  for (const [name, value] of Object.entries(body)) {
    const rule = { ...fields, ...(isClient ? client : {}), ...(stopsSince(version) ? later : {}) }[name];
    if (!rule && refusesUnknown(version)) complaints[name] = ['Unknown field.'];
    const words = rule?.(value);
    if (words) complaints[name] = [words];
  }
  return Object.keys(complaints).length > 0 ? { detail: complaints } : undefined;
}

type Rule = (value: JsonValue) => string | undefined;

function stopsSince(version: string): boolean {
  return Number(version.split('.')[2]) >= 2;
}

/** From 1.2.5 on, fields it does not know are left alone. */
function refusesUnknown(version: string): boolean {
  return Number(version.split('.')[2]) < 5;
}

const within =
  (least: number, most = Number.POSITIVE_INFINITY, isOpen = false): Rule =>
  (value) => {
    if (typeof value !== 'number') return 'Not a valid number.';
    const fits = isOpen ? value > least : value >= least;
    return fits && value <= most
      ? undefined
      : `Must be greater than ${isOpen ? '' : 'or equal to '}${least} and less than or equal to ${most}.`;
  };
const boolean: Rule = (value) => (typeof value === 'boolean' ? undefined : 'Not a valid boolean.');

const fields: Record<string, Rule> = {
  prompt: () => undefined,
  n: within(1, 5),
  max_length: within(1),
  max_context_length: within(1),
  temperature: within(0, undefined, true),
  top_p: within(0, 1),
  typical: within(0, 1),
  tfs: within(0, 1),
  top_k: within(0),
  top_a: within(0),
  rep_pen: within(1),
  rep_pen_range: within(0),
  rep_pen_slope: within(0),
  sampler_seed: within(0, 2 ** 64),
  sampler_order: (value) =>
    Array.isArray(value) && value.length >= 6 && [...value].sort().every((each, index) => each === index)
      ? undefined
      : 'Must be a permutation.',
  sampler_full_determinism: boolean,
  use_memory: boolean,
  use_story: boolean,
  use_authors_note: boolean,
  use_world_info: boolean,
  use_userscripts: boolean,
  soft_prompt: () => undefined,
  disable_input_formatting: boolean,
  disable_output_formatting: boolean,
  frmtadsnsp: boolean,
  frmttriminc: boolean,
  frmtrmblln: boolean,
  frmtrmspch: boolean,
  singleline: boolean,
  quiet: boolean,
};
const client: Record<string, Rule> = { max_length: within(1, 512), max_context_length: within(512, 2048) };
const later: Record<string, Rule> = {
  stop_sequence: (value) => (Array.isArray(value) ? undefined : 'Not a valid list.'),
  use_default_badwordsids: boolean,
};
