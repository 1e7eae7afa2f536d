import { SwitchboardError } from '../../protocol/errors.ts';
import type { Message } from '../../protocol/message.ts';
import type { Part } from '../../protocol/part.ts';
import type { ChatRequest, TextRequest } from '../../protocol/request.ts';
import type { Resources } from '../backend.ts';
import { closing } from '../closing.ts';
import { noModel } from '../no-model.ts';
import { openShape } from '../openai-shaped/engine.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import { orderedBy } from '../sampler-order.ts';
import { aborted } from '../sleep.ts';
import { guessTemplate, renderChat } from '../templates.ts';
import { koboldCppBody } from './generate-body.ts';
import { trueEnd } from './koboldcpp-end.ts';
import { type About, type KoboldCppServer, koboldCppService } from './koboldcpp-server.ts';
import { koboldCppParts } from './koboldcpp-stream.ts';
import { koboldCppChatSamplers } from './samplers.ts';

/**
 * The answers of a KoboldCpp: text by its own streaming route, conversations by its chat route wherever that one knows
 * the model's template. Every run has a name, by which it is stopped.
 */
export function koboldCppRuns(resources: Resources, baseUrl: string, server: KoboldCppServer) {
  const root = `${baseUrl}/v1`;
  const shape = openShape(resources, { root, quirks });
  const continuing = openShape(resources, { root, quirks: { ...quirks, prefill: {} } });
  const { host } = new URL(baseUrl);

  return {
    chat: (request: ChatRequest, signal: AbortSignal) => closing(signal, (own) => conversation(request, own)),
    text: (request: TextRequest, signal: AbortSignal) => closing(signal, (own) => continuation(request, own)),
  };

  async function* conversation(request: ChatRequest, signal: AbortSignal): AsyncGenerator<Part[], void> {
    const about = await server.about.get(signal);
    if (wantsOwnPrompt(request, about)) {
      yield* continuation(await asText(request, signal), signal);
      return;
    }
    yield* run(request, signal, (genkey, own) => {
      // Off: the words of a page could open turns of their own with KoboldCpp's placeholders.
      const window = request.contextWindow === undefined ? {} : { max_context_length: request.contextWindow };
      const extra = { replace_instruct_placeholders: false, ...window, ...request.extra, genkey };
      return (about.canPrefill ? continuing : shape).chat({ ...orderedBy('number', request), extra }, own);
    });
  }

  async function* continuation(request: TextRequest, signal: AbortSignal): AsyncGenerator<Part[], void> {
    yield* run(request, signal, (genkey, own) => {
      // Log probabilities stream on the OpenAI-shaped route alone.
      if (request.logprobs)
        return shape.text({ ...orderedBy('number', request), extra: { trim_stop: true, ...request.extra, genkey } }, own);
      return ownStream(request, genkey, own);
    });
  }

  async function* ownStream(request: TextRequest, genkey: string, signal: AbortSignal): AsyncGenerator<Part[], void> {
    const response = await resources.http.request(`${baseUrl}/api/extra/generate/stream`, {
      headers: server.headers(),
      json: koboldCppBody(request, genkey),
      signal,
      service: koboldCppService,
    });
    if (request.echo) yield [{ type: 'text', text: request.prompt }];
    yield* koboldCppParts(response, host);
  }

  /** Gives out a run's parts, sets right how it ended, and tells the server to stop where nobody hears the rest. */
  async function* run(
    { maxOutputTokens }: { maxOutputTokens?: number },
    signal: AbortSignal,
    start: (genkey: string, signal: AbortSignal) => AsyncIterable<Part[]>,
  ): AsyncGenerator<Part[], void> {
    if (signal.aborted) throw aborted();
    const genkey = newGenkey();
    let mayGoOn = true;
    let isEmpty = true;
    try {
      for await (const parts of start(genkey, signal)) {
        const last = parts.at(-1);
        if (last?.type !== 'end') {
          isEmpty = false;
          yield parts;
          continue;
        }
        mayGoOn = false;
        if (isEmpty && parts.length === 1) await refuseWithoutModel(signal);
        yield [...parts.slice(0, -1), await trueEnd(last, maxOutputTokens, server, signal)];
      }
    } catch (error) {
      const code = error instanceof SwitchboardError ? error.code : undefined;
      mayGoOn &&= code !== undefined && unheard.has(code);
      if (isEmpty && code === 'backend-error') await refuseWithoutModel(signal);
      throw error;
    } finally {
      if (mayGoOn) server.abort(genkey);
    }
  }

  /** Without a model KoboldCpp answers with nothing, and since 1.107 with an error without words. */
  async function refuseWithoutModel(signal: AbortSignal): Promise<void> {
    if (!(await server.loadedModel(signal))) throw noModel();
  }

  async function asText(request: ChatRequest, signal: AbortSignal): Promise<TextRequest> {
    const { messages, tools: _tools, toolChoice: _choice, parallelToolCalls: _parallel, stop = [], extra, ...options } = request;
    refuseSounds(messages);
    const { prompt, stop: ends } = renderChat(messages, guessTemplate(await server.chatTemplate(signal)));
    const images = messages.flatMap(({ content }) => content.flatMap((item) => (item.type === 'image' ? [item.data] : [])));
    return {
      ...options,
      prompt,
      stop: [...new Set([...stop, ...ends])],
      extra: { ...(images.length > 0 && { images }), ...extra },
    };
  }
}

/** Where the chat route would get it wrong: it has one template for all models, or takes no form, or begins a new answer. */
function wantsOwnPrompt({ messages, tools, responseFormat }: ChatRequest, { knowsTemplate, holdsSchema, canPrefill }: About): boolean {
  if (tools?.length) return false;
  const last = messages.at(-1);
  const isBegun = last?.role === 'assistant' && last.prefix === true;
  return !knowsTemplate || (!holdsSchema && responseFormat !== undefined) || (!canPrefill && isBegun);
}

function refuseSounds(messages: Message[]): void {
  if (messages.some(({ content }) => content.some(({ type }) => type === 'audio' || type === 'file')))
    throw new SwitchboardError('not-supported', "The user's model takes text and images only.");
}

const quirks: Quirks = {
  service: koboldCppService,
  samplers: koboldCppChatSamplers,
  grammar: 'grammar',
  // Without these, versions before 1.112 drop the connection.
  wholeTools: 'typed',
  // Its own `json_object` is a list.
  jsonBySchema: true,
  thoughtField: 'reasoning_content',
  thinking: 'reasoning_effort',
  thinkTags: true,
  minTopLogprobs: 1,
};

/** Ends at which the server may still be at work. */
const unheard = new Set(['aborted', 'timeout', 'interrupted']);

/** KoboldCpp takes any text; ours is short and nobody else's. */
function newGenkey(): string {
  return `SWB${crypto.randomUUID().slice(0, 8)}`;
}
