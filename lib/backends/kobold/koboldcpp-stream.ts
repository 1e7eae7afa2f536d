import { SwitchboardError } from '../../protocol/errors.ts';
import type { EndReason, Part } from '../../protocol/part.ts';
import { cutOff } from '../event-parts.ts';
import { readSse } from '../sse.ts';

/**
 * The parts of KoboldCpp's own event stream: `{"token": …, "finish_reason": …}`, where the unfinished value is null or,
 * before 1.86, the text "null", and the last text may share an event with the end (before 1.96).
 */
export async function* koboldCppParts(response: Response, host: string): AsyncGenerator<Part[], void> {
  const reads = readSse(response, host);
  try {
    for await (const events of reads) {
      const parts: Part[] = [];
      for (const event of events) {
        const { token, finish_reason: finish } = parse(event.data, host);
        if (typeof token === 'string' && token !== '') parts.push({ type: 'text', text: token });
        if (typeof finish !== 'string' || finish === 'null') continue;
        if (finish === 'error') throw new SwitchboardError('backend-error', `KoboldCpp at ${host} could not generate. Is a model loaded?`);
        parts.push({ type: 'end', reason: reasons[finish] ?? 'other' });
        break;
      }
      if (parts.length > 0) yield parts;
      if (parts.at(-1)?.type === 'end') return;
    }
    throw cutOff(host);
  } finally {
    await reads.return();
  }
}

const reasons: Record<string, EndReason> = { stop: 'stop', length: 'length', tool_calls: 'tool-calls' };

function parse(data: string, host: string): { token?: unknown; finish_reason?: unknown } {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value === 'object' && value !== null) return value;
  } catch {}
  throw new SwitchboardError('bad-response', `${host} sent something that is not an answer of KoboldCpp. Check the address.`);
}
