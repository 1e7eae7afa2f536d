"""The model: llama architecture (RMSNorm, interleaved RoPE, SwiGLU, tied embeddings)."""

from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F


@dataclass
class Shape:
    vocabulary: int = 1792
    width: int = 160
    layers: int = 4
    heads: int = 5
    inner: int = 448
    context: int = 1024
    epsilon: float = 1e-5
    rope_base: float = 10000.0


class Norm(nn.Module):
    def __init__(self, width, epsilon):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x):
        x = x.float()
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.epsilon) * self.weight


class Block(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.heads = shape.heads
        self.attention_norm = Norm(shape.width, shape.epsilon)
        self.query_key_value = nn.Linear(shape.width, 3 * shape.width, bias=False)
        self.attention_out = nn.Linear(shape.width, shape.width, bias=False)
        self.inner_norm = Norm(shape.width, shape.epsilon)
        self.gate_up = nn.Linear(shape.width, 2 * shape.inner, bias=False)
        self.down = nn.Linear(shape.inner, shape.width, bias=False)

    def forward(self, x, cos, sin):
        batch, length, width = x.shape
        head_width = width // self.heads
        qkv = self.query_key_value(self.attention_norm(x)).view(batch, length, 3, self.heads, head_width)
        # llama.cpp turns neighbouring pairs of queries and keys ("interleaved").
        even, odd = qkv[:, :, :2, :, 0::2].float(), qkv[:, :, :2, :, 1::2].float()
        turned = torch.stack((even * cos - odd * sin, even * sin + odd * cos), -1).flatten(-2).to(qkv.dtype)
        query, key, value = (t.transpose(1, 2) for t in (turned[:, :, 0], turned[:, :, 1], qkv[:, :, 2]))
        seen = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.attention_out(seen.transpose(1, 2).reshape(batch, length, width))
        gate, up = self.gate_up(self.inner_norm(x)).chunk(2, -1)
        return x + self.down(F.silu(gate) * up)


class Model(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.blocks = nn.ModuleList([Block(shape) for _ in range(shape.layers)])
        self.norm = Norm(shape.width, shape.epsilon)
        head_width = shape.width // shape.heads
        speeds = 1.0 / shape.rope_base ** (torch.arange(0, head_width, 2).float() / head_width)
        angles = torch.outer(torch.arange(shape.context).float(), speeds)
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)
        self._start(shape)

    def forward(self, ids, at=None):
        """Logits for each place, or only for those in `at` (places of the flattened batch)."""
        length = ids.shape[1]
        cos, sin = self.cos[None, :length, None, None], self.sin[None, :length, None, None]
        x = self.embedding(ids)
        for block in self.blocks:
            x = block(x, cos, sin)
        x = self.norm(x)
        if at is not None:
            x = x.reshape(-1, x.shape[-1])[at]
        return F.linear(x, self.embedding.weight)

    def _start(self, shape):
        for name, weight in self.named_parameters():
            if weight.dim() != 2:
                continue
            deviation = 0.02 if name.startswith("embedding") else weight.shape[1] ** -0.5 * 0.6
            if name.endswith(("attention_out.weight", "down.weight")):
                deviation /= (2 * shape.layers) ** 0.5
            nn.init.normal_(weight, 0, deviation)


def save(model, shape, path):
    torch.save({"shape": shape.__dict__, "weights": model.state_dict()}, path)


def load(path):
    """The model of a checkpoint, and its shape."""
    saved = torch.load(path, map_location="cpu")
    shape = Shape(**saved["shape"])
    model = Model(shape)
    model.load_state_dict(saved["weights"])
    return model, shape
