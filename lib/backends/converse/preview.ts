import { SwitchboardError } from '../../protocol/errors.ts';
import type { Message } from '../../protocol/message.ts';
import type { Engine } from '../backend.ts';
import { knownTemplate } from '../guess-template.ts';
import { renderChat, type TemplateName } from '../templates.ts';

/** How a conversation is put to a model, for the settings page. */
export interface TemplatePreview {
  /** Absent where only the server knows, and does not tell. */
  name?: TemplateName | undefined;
  /**
   * `settings`: the user's choice. `server`: the server writes it, by the model's own template; `name` is what that looks
   * like. `model-name`: by the name of the model. `nothing-known`: what most models take that nobody knows.
   */
  chosenBecause: 'settings' | 'server' | 'model-name' | 'nothing-known';
  /** A short conversation, written so; absent where the server writes it and does not show it. */
  prompt?: string;
  /** What ends an answer; empty where the server sees to that. */
  stop: string[];
}

const sample: Message[] = [
  { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
  { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
  { role: 'assistant', content: [{ type: 'text', text: 'Hello' }] },
  { role: 'user', content: [{ type: 'text', text: 'Bye' }] },
];

/** What `converse` does with this engine and model, shown on an example. Throws where the server cannot be asked. */
export async function previewTemplate(
  engine: Engine,
  { model, template }: { model: string; template?: string | undefined },
  signal: AbortSignal,
): Promise<TemplatePreview> {
  if (!engine.chat && !engine.text)
    throw new SwitchboardError('not-supported', 'A pool writes nothing itself: look at the connections in it.');
  if (template !== undefined && engine.text) {
    const { prompt, stop } = renderChat(sample, template);
    return { name: template as TemplateName, chosenBecause: 'settings', prompt, stop };
  }
  if (!engine.chat) {
    const known = knownTemplate(model);
    const name = known ?? usual;
    return { name, chosenBecause: known ? 'model-name' : 'nothing-known', ...renderChat(sample, name) };
  }
  const own = await engine.chatTemplate?.(model, signal);
  const name = own === undefined ? undefined : knownTemplate(own);
  const prompt = engine.applyTemplate ? await engine.applyTemplate({ model, messages: sample }, signal) : written(name);
  return { name, chosenBecause: 'server', ...(prompt && { prompt }), stop: [] };
}

const usual: TemplateName = 'alpaca';

function written(name: TemplateName | undefined): string | undefined {
  return name && renderChat(sample, name).prompt;
}
