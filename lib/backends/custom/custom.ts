import * as z from 'zod/mini';
import { SwitchboardError } from '../../protocol/errors.ts';
import type { Backend, Engine } from '../backend.ts';
import { errorDetail } from '../backend-error.ts';
import { addressField, addressSchema, optionalKeyField } from '../fields.ts';
import { openShape } from '../openai-shaped/engine.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import { commonSamplers } from '../openai-shaped/samplers.ts';
import { extraHeaders, headersSchema } from './headers.ts';
import { countAsVllm, modelOfAnyServer } from './more-than-openai.ts';
import { findRoot, guessRoot } from './root.ts';

const schema = z.object({
  baseUrl: addressSchema,
  /** One `Name: value` a line. */
  headers: z.optional(headersSchema),
  /** The header that carries the key as it is, for gateways that want another than `Authorization: Bearer`. */
  keyHeader: z.optional(z.string().check(z.regex(/^[\w-]*$/, 'The name of a header has letters, digits and "-" only.'))),
});

/** Any server or gateway that speaks OpenAI's protocol. */
export const custom: Backend<z.infer<typeof schema>> = {
  id: 'custom',
  label: 'OpenAI-compatible server',
  group: 'local',
  schema,
  fields: [
    addressField('https://gateway.example/v1'),
    optionalKeyField,
    { name: 'keyHeader', kind: 'text', label: 'field_keyHeader', hint: 'field_keyHeader_hint', placeholder: 'api-key', advanced: true },
    { name: 'headers', kind: 'text', label: 'field_headers', hint: 'field_headers_hint', placeholder: 'X-Team: research', advanced: true },
  ],
  preset: {},
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],

  open({ baseUrl, headers, keyHeader }, resources): Engine {
    const key = resources.secret();
    // A key that travels in a header of its own does not travel twice.
    const secret = (name?: string) => (keyHeader ? undefined : resources.secret(name));
    const all = { ...extraHeaders(headers), ...(keyHeader && key && { [keyHeader]: key }) };
    const at = (root: string) =>
      openShape({ ...resources, secret }, { root, quirks, headers: all, toModel: modelOfAnyServer, asking: whereItIs });
    const { chat, text, askJson } = at(guessRoot(baseUrl));

    return {
      chat,
      text,
      samplers: () => quirks.samplers,
      embed: (request, signal) => whereItIs((root) => at(root).embed(request, signal), signal),
      models: (signal) => whereItIs((root) => at(root).models(signal), signal),
      countTokens: countAsVllm(askJson, guessRoot(baseUrl), quirks),
      test,
    };

    /** Asks at the likely path, and where the error says that it is the wrong one, at the one that has models. */
    async function whereItIs<Answer>(ask: (root: string) => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
      try {
        return await ask(guessRoot(baseUrl));
      } catch (error) {
        const root = errorDetail(error)?.wrongPath && (await findRoot(baseUrl, (path) => at(path).models(signal)));
        if (!root) throw error;
        return await ask(root);
      }
    }

    /** A gateway need not list its models; then an empty question shows whether address and key are right. */
    async function test(signal: AbortSignal): Promise<void> {
      try {
        await whereItIs((root) => at(root).models(signal), signal);
      } catch (error) {
        if (!errorDetail(error)?.wrongPath) throw error;
        const root = guessRoot(baseUrl);
        await at(root)
          .ask(`${root}/chat/completions`, signal, { json: { messages: [] } })
          .catch((refusal: unknown) => {
            if (!(refusal instanceof SwitchboardError) || !provesAddress.has(refusal.code)) throw refusal;
          });
      }
    }
  },
};

/** What a working server says to a question without a model and messages. */
const provesAddress = new Set(['bad-request', 'model-not-found', 'not-supported', 'backend-error']);

const quirks: Quirks = {
  service: { label: 'an OpenAI-compatible server' },
  samplers: { ...commonSamplers, topK: 'top_k', minP: 'min_p', repetitionPenalty: 'repetition_penalty' },
  maxStops: 4,
  files: true,
  wholeTools: 'parameters',
  prefill: {},
  thinking: 'reasoning_effort',
  thinkTags: true,
  echo: true,
  suffix: true,
};
