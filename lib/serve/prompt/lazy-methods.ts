import { browser } from 'wxt/browser';
import { refusal } from '../../protocol/page-errors.ts';
import type { Router } from '../../router/router.ts';
import { type LateCreate, lateMethods } from '../late-methods.ts';
import type { Method, MethodTable } from '../method.ts';
import { standardCode } from '../standard-code.ts';
import type { PromptMethods } from './methods.ts';

/** The script of entrypoints/model.ts. */
const latePart = '/model.js';

/** The methods of LanguageModel, in a background that carries none of their code (lib/serve/standard-code.ts). */
export function lazyPromptMethods(
  router: Router,
  read: LateCreate<PromptMethods> = () => standardCode('createPromptMethods'),
): MethodTable {
  const { value, stream } = lateMethods(router, read);
  return {
    'prompt.load': { kind: 'value', run: (_, { caller }) => loadLatePart(caller) },
    'prompt.native': value((methods, _, { caller }) => methods.native(caller)),
    'prompt.availability': value((methods, params, context) => methods.availability(params, context)),
    'prompt.create': stream((methods, params, context) => methods.create(params, context)),
    'prompt.run': stream((methods, params, context) => methods.run(params, context)),
    'prompt.append': stream((methods, params, context) => methods.append(params, context)),
    'prompt.measure': stream((methods, params, context) => methods.measure(params, context)),
  };
}

/** Into the frame that asked, and no other. What the page script waits for there, it takes (lib/page/language-model/load.ts). */
async function loadLatePart(caller: Parameters<Method['run']>[1]['caller']): Promise<true> {
  if (caller.role !== 'site') throw refusal('bad-request');
  const { tabId, frameId } = caller;
  try {
    await browser.scripting.executeScript({
      target: { tabId, frameIds: [frameId] },
      files: [latePart],
      world: 'MAIN',
      injectImmediately: true,
    });
  } catch {
    throw refusal('unsupported-context');
  }
  return true;
}
