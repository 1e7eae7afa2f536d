import * as z from 'zod/mini';
import type { ModelInfo } from '../../protocol/model.ts';
import type { EndPart, Part } from '../../protocol/part.ts';
import type { ChatRequest, CountRequest, TextRequest } from '../../protocol/request.ts';
import type { Backend, Engine, Resources } from '../backend.ts';
import { countedMessages } from '../body.ts';
import { closing } from '../closing.ts';
import { addressField, addressSchema } from '../fields.ts';
import { openShape } from '../openai-shaped/engine.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import { guessTemplate, renderChat } from '../templates.ts';
import { koboldCppBody } from './generate-body.ts';
import { koboldCppAdmin } from './koboldcpp-admin.ts';
import { koboldCppServer, koboldCppService } from './koboldcpp-server.ts';
import { koboldCppParts } from './koboldcpp-stream.ts';
import { koboldCppChatSamplers } from './samplers.ts';

const schema = z.object({ baseUrl: addressSchema });

/**
 * KoboldCpp: its own streaming route for text, and its chat route for conversations, because that one knows the
 * template of the model and tools. Both take every sampler, and every run has a name by which it is stopped.
 */
export const koboldcpp: Backend<z.infer<typeof schema>> = {
  id: 'koboldcpp',
  label: 'KoboldCpp',
  group: 'local',
  schema,
  fields: [
    addressField('http://127.0.0.1:5001'),
    { name: 'key', kind: 'secret', label: 'field_password', hint: 'field_password_optional' },
    { name: 'adminKey', kind: 'secret', label: 'field_admin_password', hint: 'field_admin_password_koboldcpp', advanced: true },
  ],
  preset: { baseUrl: 'http://127.0.0.1:5001' },
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],
  open: ({ baseUrl }, resources) => openKoboldCpp(baseUrl, resources),
};

function openKoboldCpp(baseUrl: string, resources: Resources): Engine {
  const server = koboldCppServer(resources, baseUrl);
  const admin = koboldCppAdmin(resources, baseUrl);
  const shape = openShape(resources, { root: `${baseUrl}/v1`, quirks });
  const continuing = openShape(resources, { root: `${baseUrl}/v1`, quirks: { ...quirks, prefill: {} } });
  const host = new URL(baseUrl).host;

  return {
    chat: (request, signal) => closing(signal, (own) => chat(request, own)),
    text: (request, signal) => closing(signal, (own) => text(request, own)),
    embed: shape.embed,
    models,
    countTokens,
    contextWindow: (_model, signal) => server.contextWindow(signal),
    load: admin.load,

    /** The model routes answer without the password, so a count of tokens is what proves it. */
    async test(signal) {
      await server.about(signal);
      await server.post('/api/extra/tokencount', { prompt: 'Hi' }, signal);
    },
  };

  async function* chat(request: ChatRequest, signal: AbortSignal): AsyncGenerator<Part[], void> {
    const { canPrefill } = await server.about(signal);
    const genkey = newGenkey();
    const named = { ...request, extra: { genkey, ...request.extra } };
    yield* stoppable(genkey, (canPrefill ? continuing : shape).chat(named, signal), request, signal);
  }

  async function* text(request: TextRequest, signal: AbortSignal): AsyncGenerator<Part[], void> {
    const genkey = newGenkey();
    if (request.echo) yield [{ type: 'text', text: request.prompt }];
    const response = await resources.http
      .request(`${baseUrl}/api/extra/generate/stream`, {
        headers: server.headers(),
        json: koboldCppBody(request, genkey),
        signal,
        service: koboldCppService,
      })
      .catch((error: unknown) => {
        if (signal.aborted) server.abort(genkey);
        throw error;
      });
    yield* stoppable(genkey, koboldCppParts(response, host), request, signal);
  }

  /** Gives out the run's parts, sets right how it ended, and tells the server to stop where nobody wants the rest. */
  async function* stoppable(
    genkey: string,
    run: AsyncIterable<Part[]>,
    { maxOutputTokens }: { maxOutputTokens?: number },
    signal: AbortSignal,
  ): AsyncGenerator<Part[], void> {
    let isOver = false;
    try {
      for await (const parts of run) {
        const last = parts.at(-1);
        if (last?.type === 'end') {
          isOver = true;
          yield [...parts.slice(0, -1), await trueEnd(last, maxOutputTokens, signal)];
        } else yield parts;
      }
    } catch (error) {
      isOver ||= !signal.aborted;
      throw error;
    } finally {
      if (!isOver) server.abort(genkey);
    }
  }

  async function trueEnd(end: EndPart, maxOutputTokens: number | undefined, signal: AbortSignal): Promise<EndPart> {
    const isCertain = end.reason !== 'length' || (maxOutputTokens !== undefined && end.usage?.outputTokens === maxOutputTokens);
    if (isCertain && end.usage) return end;
    const { reason, usage } = await server.trueEnd(signal);
    return { ...end, ...(reason && !isCertain && { reason }), ...(!end.usage && usage && { usage }) };
  }

  /** The loaded model, and those the server can change to. */
  async function models(signal: AbortSignal): Promise<ModelInfo[]> {
    const [{ abilities }, listed, options] = await Promise.all([
      server.about(signal),
      shape.models(signal),
      admin.options(signal).catch(() => []),
    ]);
    const window = await server.contextWindow(signal).catch(() => undefined);
    const loaded = listed
      .filter(({ id }) => id !== 'inactive' && id !== 'koboldcpp/inactive' && !options.some((option) => option.id === id))
      .map((model) => ({
        ...model,
        name: model.id.replace(/^koboldcpp\//, ''),
        abilities,
        loaded: true,
        ...(window && { contextWindow: window }),
      }));
    return [...loaded, ...options];
  }

  async function countTokens(request: CountRequest, signal: AbortSignal): Promise<number> {
    const prompt = 'text' in request ? request.text : renderChat(countedMessages(request), await template(signal)).prompt;
    const { value } = await server.post('/api/extra/tokencount', { prompt }, signal);
    return typeof value === 'number' ? value : 0;
  }

  async function template(signal: AbortSignal) {
    const props = await server.get('/props', signal).catch(() => ({}) as Record<string, unknown>);
    return guessTemplate(typeof props.chat_template === 'string' ? props.chat_template : '');
  }
}

const quirks: Quirks = {
  service: koboldCppService,
  samplers: koboldCppChatSamplers,
  grammar: 'grammar',
};

/** KoboldCpp takes any text; ours is short and nobody else's. */
function newGenkey(): string {
  return `SWB${crypto.randomUUID().slice(0, 8)}`;
}
