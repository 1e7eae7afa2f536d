import type { LegacyOutput, LegacyPiece, legacyMethods } from '../../protocol/legacy.ts';
import type { ChatRequest } from '../../protocol/request.ts';
import type { Router } from '../../router/router.ts';
import type { CallContext } from '../method.ts';
import { inOneCall, type Marked } from '../openai/several.ts';
import { toLegacyError } from './legacy-error.ts';
import { legacyModel } from './legacy-model.ts';
import { readLegacy } from './read-legacy.ts';

type Method = (router: Router, asked: Asked, context: CallContext) => AsyncIterable<LegacyPiece[]>;

interface Asked {
  input?: unknown;
  options?: unknown;
}

const methods: Record<(typeof legacyMethods)[number], Method> = {
  generateText: (router, asked, context) => generate(router, asked, context, (outputs) => outputs),
  getCompletion: (router, asked, context) => generate(router, asked, context, (outputs) => (outputs.length > 1 ? outputs : outputs[0])),
  getCurrentModel: currentModel,
  async *BETA_generate3DObject() {
    yield [[2, 'MODEL_REJECTED_REQUEST: 400: Switchboard makes no 3D objects.']];
  },
  // Which model answers is the user's to say.
  async *BETA_updateModelProvider() {
    yield [[2, 'PERMISSION_DENIED']];
  },
};

/** A method of the old Window AI. What goes wrong is the last piece, as those pages know it. */
export async function* callLegacy(router: Router, params: unknown, context: CallContext): AsyncGenerator<LegacyPiece[]> {
  const { name, ...asked } = (params ?? {}) as Asked & { name?: unknown };
  try {
    if (typeof name !== 'string' || !Object.hasOwn(methods, name)) yield [[3, 'There is no such method.']];
    else yield* methods[name as keyof typeof methods](router, asked, context);
  } catch (thrown) {
    if (context.signal.aborted) throw thrown;
    yield [[2, toLegacyError(thrown)]];
  }
}

/** What is new of the answer while it comes, then the whole. */
async function* generate(
  router: Router,
  asked: Asked,
  { caller, signal }: CallContext,
  resolved: (outputs: LegacyOutput[]) => unknown,
): AsyncGenerator<LegacyPiece[]> {
  const call = readLegacy(asked);
  if (typeof call === 'string') return yield [[3, call]];
  const { outputs, shape } = call;
  const output = (text: string): LegacyOutput => (shape === 'text' ? { text } : { message: { role: 'assistant', content: text } });
  const texts = Array.from({ length: outputs }, () => '');
  const model = call.model === undefined ? 'default' : legacyModel(call.model, await router.models(caller, signal));
  const request = { ...call.request, model };
  const through = inOneCall<ChatRequest>(Array.from(texts, () => request));
  for await (const batch of router.chat(caller, request, signal, undefined, through, outputs)) {
    const news = wordsOf(batch);
    for (const [index, text] of news) texts[index] += text;
    const whole = news.map(([, text]) => text).join('');
    // Only a single answer was ever streamed.
    if (call.isStream && outputs === 1 && whole !== '') yield [[0, { ...output(whole), isPartial: true }]];
  }
  yield [[1, resolved(texts.map(output))]];
}

/** Sites look into the text without looking whether there is one, so there always is. */
async function* currentModel(router: Router, _: Asked, { caller, signal }: CallContext): AsyncGenerator<LegacyPiece[]> {
  yield [[1, (await router.models(caller, signal)).find(({ isDefault }) => isDefault)?.id ?? 'default']];
}

function wordsOf(batch: Marked[]): [number, string][] {
  return batch.flatMap((part) => (part.type === 'text' ? [[part.choice ?? 0, part.text] as [number, string]] : []));
}
