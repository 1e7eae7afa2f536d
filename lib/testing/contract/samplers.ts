import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { Sampling } from '../../protocol/request.ts';
import { asObject } from '../kit/exchange.ts';
import { collect, lastAnswered, type Stage } from './stage.ts';

/** Every sampler, with values that all servers take. */
const all: Required<Sampling> = {
  temperature: 0.7,
  topP: 0.9,
  topK: 20,
  minP: 0.05,
  typicalP: 0.95,
  topA: 0.1,
  tailFree: 0.9,
  topNSigma: 1,
  repetitionPenalty: 1.1,
  repetitionRange: 512,
  repetitionSlope: 0.5,
  presencePenalty: 0.2,
  frequencyPenalty: 0.3,
  mirostat: { mode: 2, tau: 5, eta: 0.1 },
  dry: { multiplier: 0.8, base: 1.75, allowedLength: 2, range: 512, breakers: ['\n'] },
  xtc: { threshold: 0.1, probability: 0.5 },
  dynamicTemperature: { range: 0.3, exponent: 1 },
  smoothing: { factor: 0.2, curve: 1 },
  samplerOrder: [6, 0, 1, 3, 4, 2, 5],
  banEos: true,
  bannedStrings: ['never'],
  logitBias: { 42: -10 },
};

/** Switches that some servers want beside a value. */
const switches = ['dynamic_temperature', 'dynatemp_mode'];

/** That `samplers` tells the truth: the settings page shows it. */
export function promiseSamplers(stage: Stage): void {
  describe('samplers', () => {
    it('reach the server exactly as the backend says it knows them', async () => {
      const known = Object.values((await stage.open().samplers?.(stage.contract.model, new AbortController().signal)) ?? {}).flatMap(
        (names) => names.split(', '),
      );
      const before = await namesSent({});
      // Some servers take one of two, and an order by numbers or by names.
      const { temperature: _, ...others } = all;
      const sent = new Set([...(await namesSent(all)), ...(await namesSent({ ...others, samplerOrder: ['top_k', 'temperature'] }))]);
      for (const name of [...before, ...switches]) sent.delete(name);
      expect([...sent].sort()).toEqual([...new Set(known.map(lastOf))].filter((name) => !before.has(name)).sort());
    });
  });

  async function namesSent(sampling: Sampling): Promise<Set<string>> {
    const { error } = await collect(stage.chat({ sampling }));
    expect(error).toBeUndefined();
    return new Set(leaves(asObject(lastAnswered(stage).body)));
  }
}

/** Names of the values in a body, whatever they stand in. */
function leaves(body: JsonObject): string[] {
  return Object.entries(body).flatMap(([name, value]) => (isGroup(name, value) ? leaves(value) : [name]));
}

function isGroup(name: string, value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !name.endsWith('bias');
}

function lastOf(name: string): string {
  return name.split('.').at(-1) ?? name;
}
