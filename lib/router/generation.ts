import type { GenerationSettings } from '../connections/connection.ts';
import type { ChatRequest, GenerationOptions, TextRequest } from '../protocol/request.ts';
import type { Asked } from './router.ts';

/** The request with the user's own settings under it: what the caller gave wins; `extra` and the window are the user's alone. */
export function withSettings(request: Asked<ChatRequest>, model: string, settings?: GenerationSettings): ChatRequest;
export function withSettings(request: Asked<TextRequest>, model: string, settings?: GenerationSettings): TextRequest;
export function withSettings(
  request: Asked<ChatRequest> | Asked<TextRequest>,
  model: string,
  settings: GenerationSettings = {},
): ChatRequest | TextRequest {
  const { extra: _, contextWindow: _window, ...asked } = request;
  const options = { ...asked, ...underneath(asked, settings), model };
  return 'messages' in options ? { ...options, messages: withSystemPrompt(options.messages, settings.systemPrompt) } : options;
}

/** The settings that the caller left open. */
function underneath(
  asked: GenerationOptions,
  { sampling, maxOutputTokens, stop, contextWindow, extra }: GenerationSettings,
): GenerationOptions {
  return {
    ...(sampling && { sampling: { ...sampling, ...asked.sampling } }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens: asked.maxOutputTokens ?? maxOutputTokens }),
    ...(stop && { stop: asked.stop ?? stop }),
    ...(contextWindow !== undefined && { contextWindow }),
    ...(extra && { extra }),
  };
}

function withSystemPrompt(messages: ChatRequest['messages'], text: string | undefined): ChatRequest['messages'] {
  if (!text || messages.some(({ role }) => role === 'system')) return messages;
  return [{ role: 'system', content: [{ type: 'text', text }] }, ...messages];
}
