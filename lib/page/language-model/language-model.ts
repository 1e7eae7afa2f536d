import { toJson } from '../plain-json.ts';
import { SafeEventTarget } from '../primordials.ts';
import { exception } from './errors.ts';
import { exposeInterface } from './expose-interface.ts';
import { readers } from './options.ts';
import { createStatics, type StaticMeans } from './statics.ts';
import type { CalledTool } from './tools.ts';

/** What the class works with. */
export interface Means extends StaticMeans {
  makeCall(call: CalledTool): object;
}

/** Puts LanguageModel on the window. What sessions do is the late part's; here is what a page can see before there is one. */
export function exposeLanguageModel(scope: object, means: Means): void {
  const ours = exposeInterface(
    scope,
    'LanguageModel',
    () => [
      ['contextUsage', 'contextWindow', 'samplingMode', 'oncontextoverflow'],
      ['prompt', 'promptStreaming', 'append', 'measureContextUsage', 'clone', 'destroy'],
      createStatics(means, {
        ...readers(),
        feature: 'language-model',
        method: 'prompt.availability',
        write: (asked) => toJson({ ...asked, tools: undefined }, exception as () => Error),
        make: (late, asked, monitor) => late.createSession({ ...means, ours }, asked, monitor),
      }),
    ],
    SafeEventTarget,
  );
}
