import { parseArgs } from 'node:util';
import { startEcho } from './echo.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '8765' }, host: { type: 'string', default: '127.0.0.1' } } });
const echo = await startEcho({ port: Number(values.port), host: values.host });
console.log(`Echo at ${echo.url}/v1, model "echo". Stop it with Ctrl+C.`);
