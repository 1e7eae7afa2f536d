import { type GgufTensor, type GgufValue, writeGguf } from './gguf-writer.ts';

export interface TinyGgufOptions {
  name?: string;
  /** What it says, in pieces that are all different; each becomes a token. Counting to ten, unless said. */
  answer?: string[];
  /** Begins again after the last piece, and never stops by itself. */
  endless?: boolean;
  /** More layers cost time for each token and change nothing else. */
  layers?: number;
  /** A multiple of 32; as `layers`. */
  width?: number;
  contextLength?: number;
  /** Added to the head, or over it. */
  metadata?: Record<string, GgufValue>;
}

/**
 * A GGUF model that llama.cpp loads and that says the same to everything, "one two three … ten" unless told otherwise.
 * Nothing is trained. The embedding of each piece of the answer points in a direction of its own, the layers pass it
 * through, and the output turns each direction into the next piece; whatever is no piece points at the first.
 */
export function tinyGguf({
  name = 'Tiny counter',
  answer = numbers,
  endless = false,
  layers = 1,
  width = 32,
  contextLength = 512,
  metadata = {},
}: TinyGgufOptions = {}): Uint8Array<ArrayBuffer> {
  if (answer.length >= width) throw new Error(`${answer.length} pieces need a width of more than ${width}`);
  const vocabulary = makeVocabulary(answer);
  const size = vocabulary.tokens.length;
  const embedding = new Float32Array(size * width);
  const output = new Float32Array(size * width);
  const pieceAt = (index: number) => size - answer.length + index;
  for (let token = 0; token < size; token++) embedding[token * width + Math.max(0, token - pieceAt(0) + 1)] = 1;
  for (let direction = 0; direction <= answer.length; direction++) {
    const next = direction < answer.length ? pieceAt(direction) : endless ? pieceAt(0) : endToken;
    output[next * width + direction] = certainty;
  }
  const head: Record<string, GgufValue> = {
    'general.architecture': { type: 'string', value: 'llama' },
    'general.name': { type: 'string', value: name },
    'general.alignment': { type: 'uint32', value: 32 },
    'llama.context_length': { type: 'uint32', value: contextLength },
    'llama.embedding_length': { type: 'uint32', value: width },
    'llama.block_count': { type: 'uint32', value: layers },
    'llama.feed_forward_length': { type: 'uint32', value: width },
    'llama.attention.head_count': { type: 'uint32', value: width / 32 },
    'llama.attention.head_count_kv': { type: 'uint32', value: width / 32 },
    'llama.attention.layer_norm_rms_epsilon': { type: 'float32', value: 1e-5 },
    'llama.rope.dimension_count': { type: 'uint32', value: 32 },
    'llama.vocab_size': { type: 'uint32', value: size },
    'tokenizer.ggml.model': { type: 'string', value: 'llama' },
    'tokenizer.ggml.pre': { type: 'string', value: 'default' },
    'tokenizer.ggml.tokens': { type: 'strings', value: vocabulary.tokens },
    'tokenizer.ggml.scores': { type: 'float32s', value: vocabulary.scores },
    'tokenizer.ggml.token_type': { type: 'int32s', value: vocabulary.types },
    'tokenizer.ggml.bos_token_id': { type: 'uint32', value: 1 },
    'tokenizer.ggml.eos_token_id': { type: 'uint32', value: endToken },
    'tokenizer.ggml.unknown_token_id': { type: 'uint32', value: 0 },
    'tokenizer.ggml.add_bos_token': { type: 'bool', value: true },
    'tokenizer.ggml.add_space_prefix': { type: 'bool', value: false },
    'tokenizer.chat_template': { type: 'string', value: template },
  };
  return writeGguf({ ...head, ...metadata }, [
    { name: 'token_embd.weight', shape: [width, size], values: embedding },
    ...Array.from({ length: layers }, (_, layer) => passingLayer(layer, width)).flat(),
    { name: 'output_norm.weight', shape: [width], values: new Float32Array(width).fill(1) },
    { name: 'output.weight', shape: [width, size], values: output },
  ]);
}

const numbers = [' one', ' two', ' three', ' four', ' five', ' six', ' seven', ' eight', ' nine', ' ten'];

/** What a tiny model says where it was given no answer. */
export const tinyAnswer = numbers.join('');

const endToken = 2;
/** After normalisation a direction has the length √width; this makes the next piece all but sure. */
const certainty = 8;

const template =
  "{% for message in messages %}{{ '[' + message['role'] + '] ' + message['content'] + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '[assistant]' }}{% endif %}";

/** Three control tokens, a token for each byte, the space, and the pieces of the answer last. */
function makeVocabulary(answer: string[]) {
  const tokens = ['<unk>', '<s>', '</s>'];
  for (let byte = 0; byte < 256; byte++) tokens.push(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
  tokens.push('\u2581', ...answer.map((piece) => piece.replaceAll(' ', '\u2581')));
  const kinds = { unknown: 2, control: 3, byte: 6, normal: 1 };
  const types = tokens.map((_, index) =>
    index === 0 ? kinds.unknown : index < 3 ? kinds.control : index < 259 ? kinds.byte : kinds.normal,
  );
  return { tokens, types, scores: tokens.map((_, index) => -index) };
}

/** Attention and feed-forward with weights of zero add nothing to what passes through. */
function passingLayer(layer: number, width: number): GgufTensor[] {
  const named = (name: string) => `blk.${layer}.${name}.weight`;
  const norms = ['attn_norm', 'ffn_norm'].map((name) => ({ name: named(name), shape: [width], values: new Float32Array(width).fill(1) }));
  const squares = ['attn_q', 'attn_k', 'attn_v', 'attn_output', 'ffn_gate', 'ffn_up', 'ffn_down'].map((name) => ({
    name: named(name),
    shape: [width, width],
    values: new Float32Array(width * width),
  }));
  return [...norms, ...squares];
}
