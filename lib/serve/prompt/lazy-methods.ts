import { browser } from 'wxt/browser';
import { refusal } from '../../protocol/page-errors.ts';
import type { Router } from '../../router/router.ts';
import { lateCode } from '../late-code.ts';
import type { Method, MethodTable } from '../method.ts';
import type { createPromptMethods, PromptMethods } from './methods.ts';

type Create = typeof createPromptMethods;

/** The script of entrypoints/model.ts. */
const latePart = '/model.js';

/**
 * The methods of LanguageModel, in a background that carries none of their code: it comes with the backends, which every
 * call needs anyway (lib/backends/load-kit.ts).
 */
export function lazyPromptMethods(router: Router, read: () => Create = () => lateCode('createPromptMethods')): MethodTable {
  let methods: PromptMethods | undefined;
  const use = () => {
    methods ??= read()(router);
    return methods;
  };
  const stream = (name: 'create' | 'run' | 'append' | 'measure'): Method => ({
    kind: 'stream',
    run: (params, context) => use()[name](params, context) as AsyncIterable<(string | object)[]>,
  });
  return {
    'prompt.load': { kind: 'value', run: (_, { caller }) => loadLatePart(caller) },
    'prompt.native': { kind: 'value', run: (_, { caller }) => use().native(caller) },
    'prompt.availability': { kind: 'value', run: (params, context) => use().availability(params, context) },
    'prompt.create': stream('create'),
    'prompt.run': stream('run'),
    'prompt.append': stream('append'),
    'prompt.measure': stream('measure'),
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
