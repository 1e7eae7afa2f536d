import type { Sampling } from '../../lib/protocol/request.ts';
import type { PlainKey } from '../text/t.ts';

/** A number among the samplers: its place in `Sampling`, those of a group as `dry.base`. */
export interface SamplerField {
  path: string;
  label: PlainKey;
  min?: number;
  max?: number;
  step: number;
  /** The group means nothing without it. */
  isNeeded?: true;
}

/** What most servers know and most people know. */
export const mainSamplers: SamplerField[] = [
  { path: 'temperature', label: 'samplerTemperature', min: 0, max: 5, step: 0.05 },
  { path: 'topP', label: 'samplerTopP', min: 0, max: 1, step: 0.01 },
  { path: 'topK', label: 'samplerTopK', min: 0, step: 1 },
  { path: 'minP', label: 'samplerMinP', min: 0, max: 1, step: 0.01 },
  { path: 'repetitionPenalty', label: 'samplerRepetition', min: 0, max: 5, step: 0.01 },
  { path: 'presencePenalty', label: 'samplerPresence', min: -2, max: 2, step: 0.05 },
  { path: 'frequencyPenalty', label: 'samplerFrequency', min: -2, max: 2, step: 0.05 },
];

/** What servers for story writers and tinkerers know. */
export const furtherSamplers: SamplerField[] = [
  { path: 'typicalP', label: 'samplerTypicalP', min: 0, max: 1, step: 0.01 },
  { path: 'topA', label: 'samplerTopA', min: 0, max: 1, step: 0.01 },
  { path: 'tailFree', label: 'samplerTailFree', min: 0, max: 1, step: 0.01 },
  { path: 'topNSigma', label: 'samplerTopNSigma', step: 0.05 },
  { path: 'repetitionRange', label: 'samplerRepetitionRange', step: 1 },
  { path: 'repetitionSlope', label: 'samplerRepetitionSlope', min: 0, max: 10, step: 0.05 },
  { path: 'dry.multiplier', label: 'samplerDryMultiplier', min: 0, step: 0.05, isNeeded: true },
  { path: 'dry.base', label: 'samplerDryBase', min: 0, step: 0.05 },
  { path: 'dry.allowedLength', label: 'samplerDryLength', min: 0, step: 1 },
  { path: 'dry.range', label: 'samplerDryRange', step: 1 },
  { path: 'xtc.threshold', label: 'samplerXtcThreshold', min: 0, max: 1, step: 0.01, isNeeded: true },
  { path: 'xtc.probability', label: 'samplerXtcProbability', min: 0, max: 1, step: 0.01, isNeeded: true },
  { path: 'mirostat.mode', label: 'samplerMirostat', min: 0, max: 2, step: 1, isNeeded: true },
  { path: 'mirostat.tau', label: 'samplerMirostatTau', min: 0, step: 0.05 },
  { path: 'mirostat.eta', label: 'samplerMirostatEta', min: 0, max: 1, step: 0.01 },
  { path: 'dynamicTemperature.range', label: 'samplerDynamicRange', min: 0, step: 0.05, isNeeded: true },
  { path: 'dynamicTemperature.exponent', label: 'samplerDynamicExponent', min: 0, step: 0.05 },
  { path: 'smoothing.factor', label: 'samplerSmoothing', min: 0, step: 0.05, isNeeded: true },
  { path: 'smoothing.curve', label: 'samplerSmoothingCurve', min: 0, step: 0.05 },
];

export function samplerAt(sampling: Sampling | undefined, path: string): number | undefined {
  const [group = '', member] = path.split('.');
  const value = (sampling as Record<string, unknown> | undefined)?.[group];
  const found = member === undefined ? value : (value as Record<string, unknown> | undefined)?.[member];
  return typeof found === 'number' ? found : undefined;
}

/** With that one changed; absent means that it is the server's choice. A group without members goes, and so does the whole. */
export function withSampler(sampling: Sampling | undefined, path: string, value: number | undefined): Sampling | undefined {
  const [group = '', member] = path.split('.');
  const all = { ...sampling } as Record<string, unknown>;
  if (member === undefined) put(all, group, value);
  else {
    const members = { ...(all[group] as object | undefined) };
    put(members, member, value);
    put(all, group, Object.keys(members).length > 0 ? members : undefined);
  }
  return Object.keys(all).length > 0 ? (all as Sampling) : undefined;
}

/** Something of its group is set. */
export function isInUse(sampling: Sampling | undefined, path: string): boolean {
  const [group = ''] = path.split('.');
  return (sampling as Record<string, unknown> | undefined)?.[group] !== undefined;
}

function put(values: Record<string, unknown>, name: string, value: unknown): void {
  if (value === undefined) delete values[name];
  else values[name] = value;
}
