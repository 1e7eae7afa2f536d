import { llamaCppQuirks } from '../backends/llamacpp/quirks.ts';
import { inLlamaCppWords } from '../backends/llamacpp/words.ts';
import { chatBody, textBody } from '../backends/openai-shaped/body.ts';
import type { Quirks } from '../backends/openai-shaped/quirks.ts';
import { SwitchboardError } from '../protocol/errors.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { Message } from '../protocol/message.ts';
import type { ChatRequest, TextRequest } from '../protocol/request.ts';
import type { StoredModel } from './stored-model.ts';

/** wllama is the core of llama-server without its HTTP, so the engine speaks the same protocol as the `llamacpp` backend. */
export const llamaQuirks: Quirks = { ...llamaCppQuirks, service: { label: 'llama.cpp' } };

/** The chat request as llama.cpp reads it; throws `not-supported` for what this model cannot do. */
export function llamaChatBody(request: ChatRequest, model: StoredModel): JsonObject {
  refuseMedia(request.messages);
  const wantsTools = Boolean(request.tools?.length) && request.toolChoice !== 'none';
  if (wantsTools && !model.abilities?.includes('tools')) {
    throw new SwitchboardError('not-supported', `${model.name} was not made to call tools. Ask without them, or choose a model that was.`);
  }
  return chatBody(inLlamaCppWords(request), llamaQuirks);
}

export function llamaTextBody(request: TextRequest): JsonObject {
  return textBody(inLlamaCppWords(request), llamaQuirks);
}

/** A model file has no eyes or ears: those come as a second file (mmproj), which this engine does not load. */
function refuseMedia(messages: Message[]): void {
  for (const message of messages) {
    for (const item of message.content) {
      const contents = item.type === 'tool-result' ? item.content : [item];
      if (contents.some(({ type }) => type === 'image' || type === 'audio' || type === 'file')) {
        throw new SwitchboardError(
          'not-supported',
          'Models inside the browser read text alone. Send no images, sound or files, or choose another model.',
        );
      }
    }
  }
}
