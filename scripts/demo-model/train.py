"""Trains the model on shards, for as long as it is told: the learning rate follows the clock.

train.py SECONDS SHARD...                           -> checkpoint.pt
train.py SECONDS --resume checkpoint.pt --peak 0.4 SHARD...
"""

import argparse
import math
import pickle
import random
import time

import numpy as np
import torch
import torch.nn.functional as F

from model import Model, Shape, load, save

TOKENS_A_BATCH = 8192
MATRIX_RATE, OTHER_RATE = 6e-3, 5e-3
WARM_UP_STEPS = 60


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("seconds", type=float)
    arguments.add_argument("shards", nargs="+")
    arguments.add_argument("--resume")
    arguments.add_argument("--peak", type=float, default=1.0, help="share of the highest learning rate")
    options = arguments.parse_args()

    torch.manual_seed(0)
    random.seed(0)
    model, shape = load(options.resume) if options.resume else (Model(Shape()), Shape())
    print(sum(weight.numel() for weight in model.parameters()), "parameters", flush=True)
    conversations = []
    for path in options.shards:
        with open(path, "rb") as file:
            conversations += pickle.load(file)
    train(model, shape, conversations, options.seconds, options.peak)
    save(model, shape, "checkpoint.pt")


def train(model, shape, conversations, seconds, peak):
    matrices = [weight for name, weight in model.named_parameters() if is_matrix(name, weight)]
    others = [weight for name, weight in model.named_parameters() if not is_matrix(name, weight)]
    muon = torch.optim.Muon(matrices, lr=MATRIX_RATE, weight_decay=0.05, momentum=0.95, adjust_lr_fn="match_rms_adamw")
    adam = torch.optim.AdamW(others, lr=OTHER_RATE, betas=(0.9, 0.98), weight_decay=0.0, fused=True)
    compiled = torch.compile(model, dynamic=True)

    started, mean, tokens = None, None, 0
    for step, (epoch, batch) in enumerate(batches(conversations)):
        if step == 3:
            started = time.time()  # the clock starts after compilation
        done = 0 if started is None else (time.time() - started) / seconds
        if done >= 1:
            break
        rate = peak * min(1, (step + 1) / WARM_UP_STEPS) * (0.5 * (1 + math.cos(math.pi * done)) * 0.97 + 0.03)
        for optimizer, highest in ((muon, MATRIX_RATE), (adam, OTHER_RATE)):
            for group in optimizer.param_groups:
                group["lr"] = highest * rate

        ids, at, wanted = tensors(batch)
        loss = F.cross_entropy(compiled(ids, at), wanted)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(others, 1.0)
        for optimizer in (muon, adam):
            optimizer.step()
            optimizer.zero_grad()

        tokens += ids.numel()
        mean = loss.item() if mean is None else mean * 0.97 + loss.item() * 0.03
        if step % 20 == 0:
            print(f"step {step}, epoch {epoch}, loss {mean:.4f}, {tokens / 1e6:.2f}M tokens, {done:.1%}", flush=True)
        if step % 400 == 399:
            save(model, shape, "checkpoint-half.pt")


def is_matrix(name, weight):
    return weight.dim() == 2 and not name.startswith("embedding")


def batches(conversations):
    """Batches of conversations of like length, so that little is padding; endless."""
    epoch = 0
    while True:
        random.shuffle(conversations)
        epoch += 1
        for start in range(0, len(conversations), 8192):
            chunk = sorted(conversations[start : start + 8192], key=lambda each: len(each[0]))
            cut = []
            while chunk:
                count = 1
                while count < len(chunk) and (count + 1) * padded(len(chunk[count][0])) <= TOKENS_A_BATCH:
                    count += 1
                cut.append(chunk[:count])
                chunk = chunk[count:]
            random.shuffle(cut)
            for batch in cut:
                yield epoch, batch


def padded(length):
    return -(-length // 16) * 16


def tensors(batch):
    """The ids, the places before each token that is learned, and those tokens."""
    length = padded(max(len(ids) for ids, _ in batch))
    ids = np.zeros((len(batch), length), np.int64)
    learned = np.zeros((len(batch), length), bool)
    for row, (some, mask) in enumerate(batch):
        ids[row, : len(some)] = some
        learned[row, : len(some)] = mask
    before = np.roll(learned, -1, 1)
    before[:, -1] = False
    following = np.roll(ids, -1, 1)
    return (
        torch.from_numpy(ids),
        torch.from_numpy(before).flatten().nonzero()[:, 0],
        torch.from_numpy(following[before]),
    )


if __name__ == "__main__":
    main()
