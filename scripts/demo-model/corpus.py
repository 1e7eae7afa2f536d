"""Writes what the model learns from.

corpus.py tokenizer              trains the tokenizer on 40,000 conversations: tokenizer.json
corpus.py shard SEED COUNT       COUNT conversations as token ids: shard-SEED.pickle
corpus.py shard SEED COUNT late  the same, with more of what the first phase learned badly
"""

import pickle
import sys

import numpy as np

import conversations
from tokenizer import Tokenizer, train
from writer import Writer

LONGEST = 640

# Weights of the second phase, by the name of the intent; the others keep theirs.
LATE_WEIGHTS = {
    "sum": 16,
    "repeat": 8,
    "opposite": 5.5,
    "capital": 10,
    "json": 4,
    "story": 2,
    "fallback": 15,
    "fixed": conversations.FIXED_WEIGHT * 2.4,
    "uncolour": 2,
    "unkback": 4,
    "whatis": 4,
    "port": 4,
    "connect": 8,
    "count": 5,
    "translate": 7,
    "needkey": 4,
    "next": 3,
}


def write_tokenizer():
    writer = Writer(777)
    texts = []
    for _ in range(40_000):
        system, turns = conversations.conversation(writer)
        if system:
            texts.append(system)
        for question, answer in turns:
            texts += [question, answer]
    train(texts, 1792, "tokenizer.json")


def write_shard(seed, count):
    tokenizer = Tokenizer("tokenizer.json")
    writer = Writer(seed)
    shard = []
    for _ in range(count):
        ids, learned = tokenizer.encode_chat(*conversations.conversation(writer))
        if len(ids) <= LONGEST:
            shard.append((np.array(ids, np.uint16), np.array(learned, bool)))
    with open(f"shard-{seed}.pickle", "wb") as file:
        pickle.dump(shard, file)
    tokens = sum(len(ids) for ids, _ in shard)
    print(
        f"shard {seed}: {len(shard)} conversations, {tokens} tokens, {sum(mask.sum() for _, mask in shard)} of them learned"
    )


if __name__ == "__main__":
    if sys.argv[1:] == ["tokenizer"]:
        write_tokenizer()
    elif len(sys.argv) in (4, 5) and sys.argv[1] == "shard":
        if sys.argv[4:] == ["late"]:
            weights = zip(conversations.INTENT_NAMES, conversations.INTENT_WEIGHTS)
            conversations.INTENT_WEIGHTS[:] = [LATE_WEIGHTS.get(name, weight) for name, weight in weights]
        write_shard(int(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.exit(__doc__)
