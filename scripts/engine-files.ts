import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedPublicFile } from 'wxt';
import { actionFailed } from '../lib/engine/failures.ts';

/**
 * Files of the engine that no bundler makes: its page, llama.cpp as WebAssembly, and wllama's worker. wllama carries the
 * worker as text and starts it from a blob; here the same sources become two files of the package, so that no code comes
 * from anywhere else (Firefox allows nothing else). Names: lib/engine/packaged-worker.ts.
 */
export function engineFiles(root: string, browser: string): ResolvedPublicFile[] {
  const wllama = join(root, 'node_modules/@wllama/wllama');
  const emscripten = readFileSync(join(wllama, 'src/wasm/wllama.js'), 'utf8');
  const worker = readFileSync(join(wllama, 'src/workers-code/llama-cpp.js'), 'utf8');
  return [
    { relativeDest: 'engine/wllama.wasm', absoluteSrc: join(wllama, 'esm/wasm/wllama.wasm') },
    { relativeDest: 'engine/worker.js', contents: workerScript(emscripten, worker) },
    { relativeDest: 'engine/LICENSE.txt', contents: notices(readFileSync(join(wllama, 'LICENCE'), 'utf8')) },
    // Firefox needs no page of its own for the engine, and allows an extension no threads.
    ...(browser === 'firefox'
      ? []
      : [
          { relativeDest: 'engine.html', contents: page },
          { relativeDest: 'engine/threads.js', contents: preamble + emscripten },
        ]),
  ];
}

/** Both licences are the same text (MIT) and ask that it goes where the code goes. */
function notices(wllama: string): string {
  return `worker.js, threads.js and wllama.wasm are built from wllama and llama.cpp.\n\nllama.cpp: MIT License, Copyright (c) 2023-2026 The ggml authors; the same terms as below.\n\nwllama:\n\n${wllama}`;
}

const page = `<!doctype html>
<meta charset="utf-8">
<title>Switchboard</title>
<script src="/engine.js"></script>
`;

/**
 * What wllama puts before llama.cpp: without JSPI its two functions pass through, and no GPU is looked for. And one
 * thing it does not: a start that failed (no memory for the WebAssembly, say) becomes an error of the worker, where it
 * would wait for ever.
 */
const preamble = `
if (!WebAssembly.Suspending) {
  WebAssembly.Suspending = function (imported) { return imported; };
  WebAssembly.promising = (exported) => async (...values) => exported(...values);
}
Object.defineProperty(WorkerNavigator.prototype, 'gpu', { get: () => ({ requestAdapter: async () => null }) });
addEventListener('unhandledrejection', ({ reason }) => setTimeout(() => { throw reason; }));
`;

/** As in wllama's src/worker.ts, moduleInit(), with the options from the worker's own address instead of from the text. */
function workerScript(emscripten: string, worker: string): string {
  return `${preamble}
const RUN_OPTIONS = {
  pathConfig: { 'wllama.wasm': new URL('wllama.wasm', location.href).href },
  nbThread: Number(new URL(location.href).searchParams.get('threads')),
  compat: false,
};
function wModuleInit() {
${replaceOnce(emscripten, 'var Module', 'var ___Module')};
return Module;
}
${replaceOnce(worker, callsAction, checkedAction)}`;
}

/** On an exception llama.cpp answers with no address, and wllama goes on to read a length from nowhere. */
const callsAction = 'const outputPtr = await wllamaAction(argAction, inputPtr);';
const checkedAction = `${callsAction}\n    if (!Number(outputPtr)) throw new Error(${JSON.stringify(actionFailed)});`;

/** Fails the build where a new version of wllama reads differently. */
function replaceOnce(source: string, found: string, replacement: string): string {
  const at = source.indexOf(found);
  if (at < 0) throw new Error(`wllama has changed: "${found}" is not in its sources. Look at scripts/engine-files.ts.`);
  return source.slice(0, at) + replacement + source.slice(at + found.length);
}
