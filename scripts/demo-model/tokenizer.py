"""The tokenizer: it cuts text exactly as llama.cpp's SentencePiece ("llama") tokenizer does. And its training."""

import collections
import json
import re

SPACE = "\u2581"
WORD = re.compile(SPACE + r"?[A-Za-z\u00c0-\u024f]+|.", re.S)

# Kinds of tokens, as GGUF numbers them.
NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6

START, END = 1, 2
FIRST_BYTE = 3


class Tokenizer:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            saved = json.load(file)
        self.tokens, self.scores, self.types = saved["tokens"], saved["scores"], saved["types"]
        self.normal = {token: id for id, token in enumerate(self.tokens) if self.types[id] == NORMAL}
        self.cache = {}

    def encode(self, text):
        ids = []
        for word in WORD.findall(text.replace(" ", SPACE)):
            ids += self._encode_word(word)
        return ids

    def decode(self, ids):
        text = b""
        for id in ids:
            if self.types[id] == BYTE:
                text += bytes([id - FIRST_BYTE])
            elif self.types[id] == NORMAL:
                text += self.tokens[id].encode()
        return text.decode("utf-8", "replace").replace(SPACE, " ")

    def encode_chat(self, system, turns, is_prompt=False):
        """Ids in ChatML, and for each whether it is learned (answers are). A prompt ends where the last answer begins."""
        ids, learned = [], []

        def add(some, is_learned=False):
            ids.extend(some)
            learned.extend([is_learned] * len(some))

        newline = self.encode("\n")
        if system is not None:
            add([START] + self.encode("system\n" + system) + [END] + newline)
        for number, (question, answer) in enumerate(turns, 1):
            add([START] + self.encode("user\n" + question) + [END] + newline)
            add([START] + self.encode("assistant\n"))
            if is_prompt and number == len(turns):
                break
            add(self.encode(answer) + [END], True)
            add(newline)
        return ids, learned

    def _encode_word(self, word):
        """Joins the two neighbours with the best score until none are left; what has no token becomes bytes."""
        if word in self.cache:
            return self.cache[word]
        pieces = list(word)
        while True:
            best, at = None, -1
            for i in range(len(pieces) - 1):
                id = self.normal.get(pieces[i] + pieces[i + 1])
                if id is not None and (best is None or self.scores[id] > best):
                    best, at = self.scores[id], i
            if best is None:
                break
            pieces[at : at + 2] = [pieces[at] + pieces[at + 1]]
        ids = []
        for piece in pieces:
            id = self.normal.get(piece)
            ids += [id] if id is not None else [FIRST_BYTE + byte for byte in piece.encode()]
        if len(self.cache) < 400_000:
            self.cache[word] = ids
        return ids


def train(texts, size, path):
    """Byte-pair merges inside words, the most frequent first, until there are `size` tokens."""
    words, characters = collections.Counter(), collections.Counter()
    for text in texts:
        text = text.replace(" ", SPACE)
        characters.update(text)
        words.update(word for word in WORD.findall(text) if len(word) > 1)
    for role in ("system", "user", "assistant"):
        words[role] += 50_000  # each stands once in every turn, as one token

    special = ["<unk>", "<|im_start|>", "<|im_end|>"] + ["<0x%02X>" % byte for byte in range(256)]
    ascii = [SPACE] + [chr(code) for code in range(33, 127)]
    singles = ascii + sorted(c for c, n in characters.items() if ord(c) > 126 and c != SPACE and n >= 5)
    frequent = [(list(word), n) for word, n in words.items() if n >= 6]
    merges = merge_pairs(frequent, size - len(special) - len(singles), set(singles))

    learned = merges + singles
    saved = {
        "tokens": special + learned,
        "scores": [0.0] * len(special) + [-float(rank) for rank in range(len(learned))],
        "types": [UNKNOWN, CONTROL, CONTROL] + [BYTE] * 256 + [NORMAL] * len(learned),
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(saved, file, ensure_ascii=False)
    print(f"{len(saved['tokens'])} tokens: {len(singles)} characters, {len(merges)} merges")


def merge_pairs(words, count, known):
    """The `count` best merges of (pieces, frequency) words. The pieces are merged in place."""
    merges = []
    pairs, places = collections.Counter(), collections.defaultdict(set)
    for index, (pieces, n) in enumerate(words):
        for pair in zip(pieces, pieces[1:]):
            pairs[pair] += n
            places[pair].add(index)
    while len(merges) < count:
        (first, second), n = max(pairs.items(), key=lambda item: (item[1], item[0]))
        if n <= 0:
            break
        joined = first + second
        if joined not in known:
            merges.append(joined)
            known.add(joined)
        for index in list(places[first, second]):
            pieces, n = words[index]
            for pair in zip(pieces, pieces[1:]):
                pairs[pair] -= n
            i = 0
            while i < len(pieces) - 1:
                if pieces[i] == first and pieces[i + 1] == second:
                    pieces[i : i + 2] = [joined]
                i += 1
            for pair in zip(pieces, pieces[1:]):
                pairs[pair] += n
                places[pair].add(index)
        pairs.pop((first, second), None)
    return merges
