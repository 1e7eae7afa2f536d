import { expect, it } from 'vitest';
import type { JsonObject } from '../../protocol/json.ts';
import { backendError } from '../backend-error.ts';
import { withoutRefused } from './refused-parameter.ts';

const context = { host: '127.0.0.1:8000', place: 'device' as const, secrets: [] };

it.each([
  ['Transformers', 422, { detail: "Unexpected fields in the request: {'min_p', 'top_k'}" }],
  ['older Transformers', 422, { detail: "Unsupported fields in the request: {'top_k', 'min_p'}" }],
  [
    'LiteLLM',
    400,
    {
      error: {
        message:
          "litellm.UnsupportedParamsError: openai does not support parameters: ['min_p', 'top_k'], for model=x. To drop these, set `drop_params`.",
        type: null,
        param: null,
        code: '400',
      },
    },
  ],
])('what %s refuses by name is left out at a second try', async (_who, status, refusal) => {
  const sent: JsonObject[] = [];
  const send = async (body: JsonObject) => {
    sent.push(body);
    if ('top_k' in body || 'min_p' in body) throw backendError(refusal, context, { status });
    return new Response();
  };
  await withoutRefused({ model: 'm', messages: [], temperature: 1, top_k: 3, min_p: 0.1 }, send);
  expect(sent.slice(1)).toEqual([{ model: 'm', messages: [], temperature: 1 }]);
});

it('does not ask again without what the request is about, nor for ever', async () => {
  const refuse = (names: string) => async () => {
    throw backendError({ detail: `Unexpected fields in the request: {${names}}` }, context, { status: 422 });
  };
  await expect(withoutRefused({ model: 'm', messages: [] }, refuse("'messages'"))).rejects.toMatchObject({ status: 422 });
  await expect(withoutRefused({ model: 'm', messages: [] }, refuse("'top_k'"))).rejects.toMatchObject({ status: 422 });
  await expect(withoutRefused({ model: 'm' }, refuse("'__proto__', 'constructor'"))).rejects.toMatchObject({ status: 422 });
});
