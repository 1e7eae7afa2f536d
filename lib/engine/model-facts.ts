import { SwitchboardError } from '../protocol/errors.ts';
import type { Ability } from '../protocol/model.ts';
import { GgufError, type GgufHeader, readGgufHeader } from './gguf.ts';

/** What the engine needs to know of a model before it opens it, read from the head of its file. */
export interface ModelFacts {
  name?: string;
  contextWindow?: number;
  abilities: Ability[];
}

/** WebAssembly has 4 GiB at most, and the weights share it with the context and the buffers. */
export const maxModelBytes = 2 * 1024 ** 3;

/**
 * Reads a model file and refuses, as `bad-request` or `too-large` with the next step, what the engine could not open:
 * other formats, parts of a split model, image projectors, cut-off and oversized files. `what` names the file in messages.
 */
export async function readModelFacts(file: Blob, what: string): Promise<ModelFacts> {
  checkSize(file.size, what);
  const header = await readGgufHeader(file).catch((error: unknown) => {
    throw ggufProblem(error, what);
  });
  if (file.size < header.leastBytes) throw ggufProblem(new GgufError('cut-off'), what);
  checkKind(header, what);
  const architecture = text(header, 'general.architecture') ?? '';
  const name = text(header, 'general.name');
  const contextWindow = chooseContext(header, architecture);
  return { ...(name && { name }), ...(contextWindow && { contextWindow }), abilities: abilitiesOf(header, architecture) };
}

/** Throws `too-large` for a file the engine could not hold. */
export function checkSize(bytes: number, what: string): void {
  if (bytes === 0) throw new SwitchboardError('bad-request', `${what} is empty. Choose a GGUF model file.`);
  if (bytes <= maxModelBytes) return;
  throw new SwitchboardError(
    'too-large',
    `${what} has ${gigabytes(bytes)} GB; a model inside the browser may have ${gigabytes(maxModelBytes)} GB at most. Choose a smaller quantisation or a smaller model, or run this one in llama.cpp and connect that.`,
  );
}

/** Any failure to read the head as the SwitchboardError it means. */
export function ggufProblem(error: unknown, what: string): unknown {
  if (!(error instanceof GgufError)) return error;
  const text: Record<GgufError['reason'], string> = {
    'not-gguf': `${what} is not a GGUF file. Switchboard runs models in the GGUF format of llama.cpp; look for a file that ends in .gguf.`,
    html: `${what} is a web page, not a model. Use the address behind the download button of that page.`,
    old: `${what} is a GGUF file of the first version, which llama.cpp reads no longer. Download a newer conversion of the model.`,
    'cut-off': `${what} is cut off: the file ends before the model does. Download it again.`,
    damaged: `${what} is damaged: its head makes no sense. Download it again.`,
  };
  return new SwitchboardError('bad-request', text[error.reason]);
}

function checkKind(header: GgufHeader, what: string): void {
  const parts = Number(header.metadata.get('split.count') ?? 1);
  if (parts > 1) {
    const part = Number(header.metadata.get('split.no') ?? 0) + 1;
    throw new SwitchboardError(
      'bad-request',
      `${what} is part ${part} of ${parts} of a split model. Join the parts with llama-gguf-split --merge, or choose a model in one file.`,
    );
  }
  const architecture = text(header, 'general.architecture');
  if (architecture === 'clip' || text(header, 'general.type') === 'mmproj') {
    throw new SwitchboardError('bad-request', `${what} is an image projector (mmproj), not a model. Choose the model file it belongs to.`);
  }
  if (text(header, 'general.type') === 'adapter') {
    throw new SwitchboardError('bad-request', `${what} is a LoRA adapter, not a model. Choose the model file it belongs to.`);
  }
  if (!architecture || header.tensorCount === 0) {
    throw new SwitchboardError('bad-request', `${what} holds no model, only a vocabulary or settings. Choose the file with the weights.`);
  }
}

const wantedContext = 8192;
const leastContext = 1024;
const contextMemoryBytes = 512 * 1024 ** 2;

/** What the model was trained for, up to 8,192 tokens, and less where the cache of keys and values would pass 512 MB. */
function chooseContext(header: GgufHeader, architecture: string): number | undefined {
  const trained = number(header, `${architecture}.context_length`);
  if (!trained) return undefined;
  const layers = number(header, `${architecture}.block_count`);
  const width = number(header, `${architecture}.embedding_length`);
  const heads = number(header, `${architecture}.attention.head_count`);
  if (!layers || !width || !heads) return Math.min(trained, wantedContext);
  const keyHeads = number(header, `${architecture}.attention.head_count_kv`) ?? heads;
  const headWidth = number(header, `${architecture}.attention.key_length`) ?? width / heads;
  const bytesPerToken = 2 * 2 * layers * keyHeads * headWidth;
  const affordable = Math.floor(contextMemoryBytes / bytesPerToken / 256) * 256;
  return Math.min(trained, wantedContext, Math.max(leastContext, affordable));
}

function abilitiesOf(header: GgufHeader, architecture: string): Ability[] {
  // Pooling is written into models that were made to embed; 0 is "none" and 4 ranks.
  const pooling = number(header, `${architecture}.pooling_type`) ?? 0;
  if (pooling > 0 || /(^|-)bert$|^t5encoder$|embedding$/.test(architecture)) return ['embed'];
  const template = text(header, 'tokenizer.chat_template');
  if (!template) return ['text', 'schema'];
  return [
    'chat',
    'text',
    'schema',
    ...(/\btools\b/.test(template) ? (['tools'] as const) : []),
    ...(/<think>|enable_thinking|reasoning_content/.test(template) ? (['thinking'] as const) : []),
  ];
}

function text(header: GgufHeader, key: string): string | undefined {
  const value = header.metadata.get(key);
  return typeof value === 'string' && value ? value : undefined;
}

function number(header: GgufHeader, key: string): number | undefined {
  const value = header.metadata.get(key);
  return typeof value === 'number' && value > 0 ? value : undefined;
}

function gigabytes(bytes: number): string {
  return (bytes / 1024 ** 3).toFixed(1);
}
