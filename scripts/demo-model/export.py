"""Writes a checkpoint as GGUF (version 3, llama architecture): matrices in Q8_0, norms in F32, embeddings tied.

export.py checkpoint.pt pocket.gguf
"""

import json
import struct
import sys

import numpy as np

UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
F32, Q8_0 = 0, 8
ALIGNMENT = 32

TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def write_gguf(path, shape, weights, vocabulary):
    """`weights` are NumPy arrays under the names of model.py."""
    tensors = gguf_tensors(shape, weights)
    head = metadata(shape, vocabulary)
    infos, blobs, offset = b"", [], 0
    for name, values in tensors:
        is_norm = values.ndim == 1
        dimensions = values.shape[::-1]
        infos += text(name) + struct.pack("<I", len(dimensions)) + struct.pack(f"<{len(dimensions)}Q", *dimensions)
        infos += struct.pack("<IQ", F32 if is_norm else Q8_0, offset)
        blob = padded(values.astype("<f4").tobytes() if is_norm else q8_0(values))
        blobs.append(blob)
        offset += len(blob)
    with open(path, "wb") as file:
        file.write(padded(b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(head)) + b"".join(head) + infos))
        for blob in blobs:
            file.write(blob)


def gguf_tensors(shape, weights):
    tensors = [("token_embd.weight", weights["embedding.weight"])]
    for layer in range(shape.layers):
        theirs, ours = f"blk.{layer}.", f"blocks.{layer}."
        qkv, gate_up = weights[ours + "query_key_value.weight"], weights[ours + "gate_up.weight"]
        tensors += [
            (theirs + "attn_norm.weight", weights[ours + "attention_norm.weight"]),
            (theirs + "attn_q.weight", qkv[: shape.width]),
            (theirs + "attn_k.weight", qkv[shape.width : 2 * shape.width]),
            (theirs + "attn_v.weight", qkv[2 * shape.width :]),
            (theirs + "attn_output.weight", weights[ours + "attention_out.weight"]),
            (theirs + "ffn_norm.weight", weights[ours + "inner_norm.weight"]),
            (theirs + "ffn_gate.weight", gate_up[: shape.inner]),
            (theirs + "ffn_up.weight", gate_up[shape.inner :]),
            (theirs + "ffn_down.weight", weights[ours + "down.weight"]),
        ]
    return tensors + [("output_norm.weight", weights["norm.weight"])]


def metadata(shape, vocabulary):
    return [
        pair("general.architecture", STRING, "llama"),
        pair("general.type", STRING, "model"),
        pair("general.name", STRING, "Pocket demo"),
        pair(
            "general.description",
            STRING,
            "A very small demo model for Switchboard, trained only on sentences written for it.",
        ),
        pair("general.file_type", UINT32, 7),
        pair("general.quantization_version", UINT32, 2),
        pair("general.alignment", UINT32, ALIGNMENT),
        pair("llama.context_length", UINT32, shape.context),
        pair("llama.embedding_length", UINT32, shape.width),
        pair("llama.block_count", UINT32, shape.layers),
        pair("llama.feed_forward_length", UINT32, shape.inner),
        pair("llama.attention.head_count", UINT32, shape.heads),
        pair("llama.attention.head_count_kv", UINT32, shape.heads),
        pair("llama.attention.layer_norm_rms_epsilon", FLOAT32, shape.epsilon),
        pair("llama.rope.dimension_count", UINT32, shape.width // shape.heads),
        pair("llama.rope.freq_base", FLOAT32, shape.rope_base),
        pair("llama.vocab_size", UINT32, shape.vocabulary),
        pair("tokenizer.ggml.model", STRING, "llama"),
        pair("tokenizer.ggml.pre", STRING, "default"),
        pair("tokenizer.ggml.tokens", ARRAY, vocabulary["tokens"], STRING),
        pair("tokenizer.ggml.scores", ARRAY, vocabulary["scores"], FLOAT32),
        pair("tokenizer.ggml.token_type", ARRAY, vocabulary["types"], INT32),
        pair("tokenizer.ggml.bos_token_id", UINT32, 1),
        pair("tokenizer.ggml.eos_token_id", UINT32, 2),
        pair("tokenizer.ggml.unknown_token_id", UINT32, 0),
        pair("tokenizer.ggml.add_bos_token", BOOL, False),
        pair("tokenizer.ggml.add_eos_token", BOOL, False),
        pair("tokenizer.ggml.add_space_prefix", BOOL, False),
        pair("tokenizer.chat_template", STRING, TEMPLATE),
    ]


def pair(key, kind, value, items=None):
    head = text(key) + struct.pack("<I", kind)
    if kind == STRING:
        return head + text(value)
    if kind == ARRAY:
        head += struct.pack("<IQ", items, len(value))
        if items == STRING:
            return head + b"".join(map(text, value))
        return head + struct.pack(f"<{len(value)}{'f' if items == FLOAT32 else 'i'}", *value)
    return head + struct.pack({UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}[kind], value)


def text(value):
    encoded = value.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def q8_0(values):
    """Blocks of 32 values: a scale as a 16-bit float, and 32 signed bytes."""
    blocks = values.reshape(-1, 32).astype(np.float32)
    scale = np.abs(blocks).max(1) / 127
    divisor = np.where(scale > 0, scale, 1)[:, None]
    packed = np.zeros(len(blocks), np.dtype([("scale", "<f2"), ("values", "i1", 32)]))
    packed["scale"] = scale.astype(np.float16)
    packed["values"] = np.round(blocks / divisor).clip(-127, 127).astype(np.int8)
    return packed.tobytes()


def padded(data):
    return data + b"\0" * (-len(data) % ALIGNMENT)


if __name__ == "__main__":
    from model import load

    model, shape = load(sys.argv[1])
    with open("tokenizer.json", encoding="utf-8") as file:
        vocabulary = json.load(file)
    write_gguf(
        sys.argv[2], shape, {name: weight.float().numpy() for name, weight in model.state_dict().items()}, vocabulary
    )
