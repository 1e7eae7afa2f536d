import type { LegacyOutput, LegacyPiece } from '../../protocol/legacy.ts';
import type { ChatRequest } from '../../protocol/request.ts';
import type { Caller } from '../../router/caller.ts';
import type { Router } from '../../router/router.ts';
import type { CallContext } from '../method.ts';
import { inOneCall, type Marked } from '../openai/several.ts';
import { toLegacyError } from './legacy-error.ts';
import { legacyModel } from './legacy-model.ts';
import { readLegacy } from './read-legacy.ts';

/** `generateText` of Window AI: what is new of the answer while it comes, then the whole; or what to reject with. */
export async function* generateLegacy(router: Router, params: unknown, { caller, signal }: CallContext): AsyncGenerator<LegacyPiece[]> {
  const call = readLegacy(params);
  if (typeof call === 'string') return yield [['wrong', call]];
  const { outputs, shape } = call;
  const output = (text: string): LegacyOutput => (shape === 'text' ? { text } : { message: { role: 'assistant', content: text } });
  const texts = Array.from({ length: outputs }, () => '');
  try {
    const request = { ...call.request, model: await findModel(router, call.model, caller, signal) };
    const through = inOneCall<ChatRequest>(Array.from(texts, () => request));
    for await (const batch of router.chat(caller, request, signal, undefined, through, outputs)) {
      const news = wordsOf(batch);
      for (const [index, text] of news) texts[index] += text;
      const whole = news.map(([, text]) => text).join('');
      // Only a single answer was ever streamed.
      if (call.isStream && outputs === 1 && whole !== '') yield [['partial', { ...output(whole), isPartial: true }]];
    }
    yield [['done', texts.map(output)]];
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    yield [['refused', toLegacyError(thrown)]];
  }
}

/** `getCurrentModel`. Sites look into the text without looking whether there is one, so there always is. */
export async function currentLegacyModel(router: Router, { caller, signal }: CallContext): Promise<string> {
  return (await router.models(caller, signal)).find(({ isDefault }) => isDefault)?.id ?? 'default';
}

async function findModel(router: Router, name: string | undefined, caller: Caller, signal: AbortSignal): Promise<string> {
  return name === undefined ? 'default' : legacyModel(name, await router.models(caller, signal));
}

function wordsOf(batch: Marked[]): [number, string][] {
  return batch.flatMap((part) => (part.type === 'text' ? [[part.choice ?? 0, part.text] as [number, string]] : []));
}
