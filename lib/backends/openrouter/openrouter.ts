import * as z from 'zod/mini';
import type { AccountInfo, Backend } from '../backend.ts';
import { addressSchema, keyField, otherAddressField } from '../fields.ts';
import { openShape } from '../openai-shaped/engine.ts';
import type { Quirks } from '../openai-shaped/quirks.ts';
import { commonSamplers } from '../openai-shaped/samplers.ts';
import { isObject } from '../openai-shaped/wire.ts';
import { openRouterModel } from './models.ts';

const preset = { baseUrl: 'https://openrouter.ai' };

const schema = z.object({ baseUrl: z._default(addressSchema, preset.baseUrl) });

/** OpenRouter: many companies' models behind one key, with prices. */
export const openrouter: Backend<z.infer<typeof schema>> = {
  id: 'openrouter',
  label: 'OpenRouter',
  group: 'cloud',
  schema,
  fields: [{ ...keyField, placeholder: 'sk-or-…' }, otherAddressField],
  preset,
  keyUrl: 'https://openrouter.ai/settings/keys',
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],

  open({ baseUrl }, resources) {
    const root = `${baseUrl}/api/v1`;
    const { chat, text, embed, models, askJson } = openShape(resources, { root, quirks, toModel: openRouterModel });
    return {
      chat,
      text,
      embed,
      models,
      account: async (signal) => accountOf(await keyData(signal)),
      // The list of models is public; only this shows that the key is good.
      test: async (signal) => void (await keyData(signal)),
    };

    async function keyData(signal: AbortSignal): Promise<KeyData> {
      const { data } = await askJson(`${root}/key`, signal);
      return isObject(data) ? data : {};
    }
  },
};

const quirks: Quirks = {
  service: { label: 'OpenRouter' },
  samplers: { ...commonSamplers, topK: 'top_k', topA: 'top_a', minP: 'min_p', repetitionPenalty: 'repetition_penalty' },
  files: true,
  prefill: {},
  thoughtField: 'reasoning_details',
  thinking: 'reasoning',
  thinkingBudget: 'reasoning.max_tokens',
};

interface KeyData {
  limit?: number | null;
  limit_remaining?: number | null;
  usage_monthly?: number;
  is_free_tier?: boolean;
}

function accountOf({ limit_remaining: left, usage_monthly: used, is_free_tier: isFree }: KeyData): AccountInfo {
  const spent = typeof used === 'number' ? `This key spent ${used.toFixed(2)} $ this month.` : '';
  const note = [spent, isFree ? 'The account has bought no credit, so only free models answer.' : ''].filter(Boolean).join(' ');
  return {
    ...(typeof left === 'number' && { creditMicroUsd: Math.round(left * 1e6) }),
    ...(note !== '' && { note }),
  };
}
