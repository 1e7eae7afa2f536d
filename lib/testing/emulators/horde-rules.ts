import type { JsonObject } from '../../protocol/json.ts';
import { asObject } from '../kit/exchange.ts';

/** What the Horde refuses with 400: by its schema, without a return code, and by its own checks, with one. */
export function hordeComplaint(body: JsonObject): JsonObject | undefined {
  const params = asObject(body.params);
  const prompt = String(body.prompt ?? '');
  const outside = Object.entries(ranges).find(([name, [least, most]]) => {
    const value = params[name];
    return value !== undefined && (typeof value !== 'number' || value < least || value > most);
  });
  if (outside) {
    const [name, [least, most]] = outside;
    return {
      errors: { [`params.${name}`]: `${String(params[name])} is not within ${least} and ${most}` },
      message: 'Input payload validation failed',
    };
  }
  const unknown = Object.keys(params).find((name) => !(name in ranges) && !otherParams.has(name));
  if (unknown) return { errors: { [`params.${unknown}`]: 'is not known' }, message: 'Input payload validation failed' };
  if (prompt === '') return { message: 'You cannot specify an empty prompt.', rc: 'MissingPrompt' };
  if (prompt.includes('\0')) return { message: 'NUL byte in payload', rc: 'NulByteInPayload' };
  if (Number(params.max_context_length ?? 2048) < Number(params.max_length ?? 80)) {
    return { message: 'You cannot request more tokens than your context length.', rc: 'TokenOverflow' };
  }
  const order = params.sampler_order;
  if (Array.isArray(order) && new Set(order).size < 7)
    return { message: 'When sending a custom sampler order, you need to send all values.', rc: 'MissingFullSamplerOrder' };
  const stops = Array.isArray(params.stop_sequence) ? params.stop_sequence.map(String) : [];
  if (stops.length > 128) return { message: 'Too many stop sequences specified (max allowed is 128).', rc: 'TooManyStopSequences' };
  if (stops.join('').length > 2000)
    return { message: 'Your total stop sequence length exceeds the allowed limit (2000 chars).', rc: 'ExcessiveStopSequence' };
  return undefined;
}

const ranges: Record<string, [number, number]> = {
  n: [1, 20],
  max_context_length: [80, 1_048_576],
  max_length: [16, 4096],
  rep_pen: [1, 3],
  rep_pen_range: [0, 4096],
  rep_pen_slope: [0, 10],
  temperature: [0, 5],
  tfs: [0, 1],
  top_a: [0, 1],
  top_k: [0, 100],
  top_p: [0.001, 1],
  typical: [0, 1],
  min_p: [0, 1],
  smoothing_factor: [0, 10],
  dynatemp_range: [0, 5],
  dynatemp_exponent: [0, 5],
};

const otherParams = new Set([
  'sampler_order',
  'stop_sequence',
  'use_default_badwordsids',
  'singleline',
  'frmtadsnsp',
  'frmtrmblln',
  'frmtrmspch',
  'frmttriminc',
]);
