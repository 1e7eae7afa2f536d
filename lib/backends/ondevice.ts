import * as z from 'zod/mini';
import { SwitchboardError } from '../protocol/errors.ts';
import type { Backend } from './backend.ts';
import { llamaCppQuirks } from './llamacpp/quirks.ts';

/** GGUF models inside the browser. The work is done by the host (lib/engine) that the background hands in. */
export const ondevice: Backend = {
  id: 'ondevice',
  label: 'On this device',
  group: 'browser',
  schema: z.object({}),
  fields: [],
  preset: {},
  hosts: () => [],
  open(_config, { onDevice }) {
    if (onDevice) return { ...onDevice, samplers: () => llamaCppQuirks.samplers };
    throw new SwitchboardError(
      'not-supported',
      'Models inside the browser run only in the Switchboard extension itself. Connect a server instead.',
    );
  },
};
