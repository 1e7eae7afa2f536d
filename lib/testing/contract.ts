import { afterEach, beforeEach, describe, expect } from 'vitest';
import { promiseFailures } from './contract/failures.ts';
import { promiseSamplers } from './contract/samplers.ts';
import { type Contract, createStage } from './contract/stage.ts';
import { promiseStops } from './contract/stops.ts';
import { promiseStreams } from './contract/streams.ts';
import { promiseWire } from './contract/wire.ts';

/**
 * The promises every HTTP backend keeps, each tried on its emulator: how answers stream, that stopping reaches the
 * server, what failures are called, and what leaves for the server. Call it in a test file.
 */
export function backendContract(name: string, contract: Contract): void {
  describe(name, () => {
    const stage = createStage(contract);
    beforeEach(async () => {
      stage.fetched.length = 0;
      stage.emulator = await contract.start(contract.secret === undefined ? {} : { apiKey: contract.secret });
    });
    afterEach(async () => {
      expect(stage.emulator.faults).toEqual([]);
      await stage.emulator.close();
    });
    promiseStreams(stage);
    promiseStops(stage);
    promiseFailures(stage);
    promiseWire(stage);
    promiseSamplers(stage);
  });
}
