import { parseArgs } from 'node:util';
import { type EmulatedId, emulators } from './emulators/start-any.ts';
import type { Scenario } from './kit/scenario.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    key: { type: 'string' },
    scenario: { type: 'string', default: '{}' },
  },
});
const [id = ''] = positionals;
if (!Object.hasOwn(emulators, id)) {
  console.error(
    `Say which server to play: ${Object.keys(emulators).join(', ')}. Example: node lib/testing/emulator-cli.ts ollama --port 11434`,
  );
  process.exit(1);
}
const { start, basePath } = emulators[id as EmulatedId];
const emulator = await start({
  port: Number(values.port),
  host: values.host,
  ...(values.key !== undefined && { apiKey: values.key }),
  scenario: JSON.parse(values.scenario) as Scenario,
});
console.log(`${id} at ${emulator.url}${basePath}. Stop it with Ctrl+C.`);
