import type { EndReason } from '../../protocol/part.ts';
import { byName } from '../by-name.ts';

/** Why an answer ended, in our words. `error` is not here: it is thrown. */
export function endReasonOf(finishReason: string): EndReason {
  return reasons[finishReason.toLowerCase()] ?? 'other';
}

const reasons = byName<EndReason>({
  stop: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop',
  completed: 'stop',
  length: 'length',
  max_tokens: 'length',
  model_length: 'length',
  tool_calls: 'tool-calls',
  tool_use: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  content_filtered: 'content-filter',
  safety: 'content-filter',
  refusal: 'content-filter',
});
