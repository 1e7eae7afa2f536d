import * as z from 'zod/mini';
import type { GenerationOptions } from '../../protocol/request.ts';
import type { Backend, Offer } from '../backend.ts';
import { addressSchema, keyField, otherAddressField } from '../fields.ts';
import { openShape } from '../openai-shaped/engine.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import { commonSamplers } from '../openai-shaped/samplers.ts';
import { isObject } from '../openai-shaped/wire.ts';
import { accountOf, type CreditData, type KeyData } from './account.ts';
import { openRouterModel } from './models.ts';
import { routingFields, routingFormFields, routingSettings } from './routing.ts';
import { openRouterSignIn } from './sign-in.ts';

const preset = { baseUrl: 'https://openrouter.ai' };

const schema = z.object({ baseUrl: z._default(addressSchema, preset.baseUrl), ...routingSettings });

/** OpenRouter: many companies' models behind one key, with prices. */
export const openrouter: Backend<z.infer<typeof schema>> = {
  id: 'openrouter',
  label: 'OpenRouter',
  group: 'cloud',
  schema,
  fields: [{ ...keyField, placeholder: 'sk-or-…' }, ...routingFormFields, otherAddressField],
  preset,
  keyUrl: 'https://openrouter.ai/settings/keys',
  limitUrl: 'https://openrouter.ai/settings/keys',
  signIn: openRouterSignIn,
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],

  open({ baseUrl, ...settings }, resources) {
    const root = `${baseUrl}/api/v1`;
    const { chat, text, embed, models, samplers, ask, askJson } = openShape(resources, { root, quirks, toModel: openRouterModel });
    return {
      chat: (request, signal) => chat(routed(request), signal),
      text: (request, signal) => text(routed(request), signal),
      embed,
      models,
      samplers,
      async account(signal) {
        const [key, credits] = await Promise.all([keyData(signal), creditData(signal)]);
        return accountOf(key, credits);
      },
      offers: async (field, signal) =>
        field === 'fallbackModels'
          ? (await models(signal)).map(({ id, name }) => ({ value: id, ...(name && { name }) }))
          : providerOffers(await askJson(`${root}/providers`, signal)),
      // The list of models is public; only this shows that the key is good.
      test: async (signal) => void (await keyData(signal)),
    };

    function routed<Request extends GenerationOptions & { model: string }>(request: Request): Request {
      return { ...request, extra: { ...routingFields(settings, request.model), ...request.extra } };
    }

    async function keyData(signal: AbortSignal): Promise<KeyData> {
      const { data } = await askJson(`${root}/key`, signal);
      return isObject(data) ? data : {};
    }

    /** Ordinary keys may not ask. */
    async function creditData(signal: AbortSignal): Promise<CreditData> {
      const response = await ask(`${root}/credits`, signal, { accept: [401, 403, 404] });
      const answer: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
      return isObject(answer) && isObject(answer.data) ? answer.data : {};
    }
  },
};

const quirks: Quirks = {
  service: { label: 'OpenRouter' },
  samplers: { ...commonSamplers, topK: 'top_k', topA: 'top_a', minP: 'min_p', repetitionPenalty: 'repetition_penalty' },
  maxStops: 4,
  files: true,
  prefill: {},
  thoughtField: 'reasoning_details',
  thinking: 'reasoning',
  thinkingBudget: 'reasoning.max_tokens',
};

/** The companies that answer for it; `data` holds their cards. */
function providerOffers({ data }: Record<string, unknown>): Offer[] {
  const cards = Array.isArray(data) ? data.filter(isObject) : [];
  return cards.flatMap(({ slug, name }) => (typeof slug === 'string' ? [{ value: slug, ...(typeof name === 'string' && { name }) }] : []));
}
