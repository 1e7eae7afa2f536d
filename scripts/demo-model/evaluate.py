"""Asks a llama.cpp server that has pocket.gguf loaded, at temperature 0.

evaluate.py http://127.0.0.1:8080 tokenizer   our tokenizer against llama.cpp's, 500 strings
evaluate.py http://127.0.0.1:8080 corpus      new samples of the templates, learned ones and those held out
evaluate.py http://127.0.0.1:8080 by-hand     questions written by hand
"""

import collections
import json
import random
import sys
import urllib.request

import conversations
from by_hand import BY_HAND
from tokenizer import Tokenizer
from writer import Writer


def post(base, path, body):
    request = urllib.request.Request(base + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as response:
        return json.load(response)


def ask(base, question):
    body = {
        "messages": [{"role": "user", "content": question}],
        "temperature": 0,
        "top_k": 1,
        "max_tokens": 220,
        "cache_prompt": False,
    }
    return post(base, "/v1/chat/completions", body)["choices"][0]["message"]["content"]


def compare_tokenizers(base):
    tokenizer = Tokenizer("tokenizer.json")
    writer, dice = Writer(4242), random.Random(5)
    strings = []
    while len(strings) < 500:
        _, turns = conversations.conversation(writer)
        strings += turns[0]
        if len(strings) % 10 == 0:
            strings.append("".join(any_character(dice) for _ in range(dice.randint(1, 40))))
    different = 0
    for text in strings[:500]:
        theirs = post(base, "/tokenize", {"content": text, "add_special": False})["tokens"]
        if theirs != tokenizer.encode(text):
            different += 1
            print("different:", repr(text))
    print(f"{500 - different} of 500 strings are cut alike")


def any_character(dice):
    ranges = [(32, 126), (0xC0, 0x24F), (0x4E00, 0x9FFF), (10, 10), (32, 32), (0x1F600, 0x1F640)]
    return chr(dice.randint(*dice.choice(ranges)))


def evaluate_corpus(base):
    for split, samples in (("held", 12), ("train", 6)):
        writer = Writer(31337, split)
        asked = collections.defaultdict(list)
        for _ in range(60_000):
            writer.used_held_out = False
            question, _, key, intent = conversations.single(writer)
            if split == "held" and not writer.used_held_out or len(asked[intent]) >= samples:
                continue
            asked[intent].append((question, key))
        right = total = 0
        for intent, questions in sorted(asked.items()):
            good = sum(is_right(ask(base, question), key) for question, key in questions)
            right, total = right + good, total + len(questions)
            print(f"  {intent}: {good} of {len(questions)}")
        print(f"{split}: {right} of {total} ({right / total:.1%})")


def is_right(answer, key):
    return key.lower() in answer.lower() if key else len(answer) > 10


def evaluate_by_hand(base):
    right = 0
    for question, keys in BY_HAND:
        answer = ask(base, question)
        is_good = any(key in answer.lower() for key in keys.split("|"))
        right += is_good
        print("right" if is_good else "WRONG", "|", question, "->", answer.replace("\n", " / "))
    print(f"by hand: {right} of {len(BY_HAND)}")


if __name__ == "__main__":
    tasks = {"tokenizer": compare_tokenizers, "corpus": evaluate_corpus, "by-hand": evaluate_by_hand}
    if len(sys.argv) < 3 or not set(sys.argv[2:]) <= tasks.keys():
        sys.exit(__doc__)
    for task in sys.argv[2:]:
        tasks[task](sys.argv[1])
