"""Questions the way people type them."""

import hashlib
import random
import re

from text import split
from words import ANIMALS, CAPITALS, NAMES, NOUNS, OTHER_COUNTRIES, THINGS, TOPICS, VERBS, WORDS


def is_held_out(t):
    """True of about 5.5 % of the templates: the model never sees them, and is tested on them."""
    return hashlib.md5(t.encode()).digest()[0] < 14


class Writer:
    """Writes questions. `split` is "train", which leaves the held-out templates alone, or "held", which uses only those."""

    def __init__(self, seed, split="train"):
        self.random = random.Random(seed)
        self.split = split
        self.used_held_out = False

    def spin(self, t):
        """Chooses one of each {a|b|} in a text, from the innermost outwards."""
        while "{" in t:
            n = re.sub(r"\{([^{}]*)\}", lambda m: self.random.choice(m.group(1).split("|")), t, count=0)
            if n == t:
                break
            t = n
        return t

    def pick(self, items):
        """One of a list."""
        return self.random.choice(items)

    def question(self, ts):
        """One of the templates, of the split this writer is for."""
        h = [t for t in ts if is_held_out(t)]
        n = [t for t in ts if not is_held_out(t)] or ts
        if self.split == "held" and h:
            self.used_held_out = True
            return self.spin(self.pick(h))
        return self.spin(self.pick(n))

    def pseudo(self):
        """A word that does not exist."""
        r = self.random
        if r.random() < 0.35:
            return "".join(r.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(r.randint(3, 8)))
        return "".join(
            r.choice("b|br|c|cl|d|dr|f|fl|g|gr|h|j|k|l|m|n|p|pl|qu|r|s|sh|st|t|tr|v|w|z".split("|"))
            + r.choice("a|e|i|o|u|ai|ou|ea".split("|"))
            + r.choice("|n|r|s|t|l|m|x|ck|nd".split("|"))
            for _ in range(r.randint(1, 3))
        )

    def fill(self, t):
        """Puts a word into each slot of a template: <n> a thing nobody here knows, <a> an animal, <p> a name and so on."""

        def f(m):
            k = m.group(1)
            r = self.random
            if k == "n":
                return (
                    self.pick(NOUNS)
                    if r.random() < 0.7
                    else self.pick(
                        [
                            self.pseudo(),
                            self.pick(TOPICS),
                            self.pick(THINGS),
                            self.pick(NAMES),
                            self.pseudo() + " " + self.pseudo(),
                            self.pick(ANIMALS) + "s",
                        ]
                    )
                )
            if k == "t":
                return self.pick(THINGS)
            if k == "a":
                return self.pick(ANIMALS)
            if k == "c":
                return self.pick(list(CAPITALS)) if r.random() < 0.6 else self.pick(OTHER_COUNTRIES)
            if k == "p":
                return self.pick(NAMES)
            if k == "w":
                return (
                    self.pseudo()
                    if r.random() < 0.5
                    else self.pick([self.pick(NOUNS), self.pick(THINGS), self.pick(ANIMALS), self.pick(WORDS)])
                )
            if k == "W":
                return self.pseudo().capitalize()
            if k == "v":
                return self.pick(VERBS)
            if k == "N":
                return str(r.randint(21, 9999))
            if k == "D":
                return str(r.randint(0, 9))

        return re.sub(r"<(\w)>", f, t)

    def noise(self, q, typo=True, case=True):
        """A question as people type it: a slip of the finger, no capitals or only capitals."""
        r = self.random
        if typo and r.random() < 0.14 and len(q) > 5:
            for _ in range(r.choice([1, 1, 2])):
                i = r.randrange(1, len(q) - 1)
                k = r.random()
                if not q[i].isalpha() or not q[i].isascii():
                    continue
                if k < 0.35:
                    q = q[:i] + q[i + 1 :]
                elif k < 0.6:
                    q = q[:i] + q[i + 1] + q[i] + q[i + 2 :]
                elif k < 0.8:
                    q = q[:i] + q[i] + q[i:]
                else:
                    q = q[:i] + r.choice("abcdefghijklmnopqrstuvwxyz") + q[i + 1 :]
        if case:
            k = r.random()
            if k < 0.42:
                q = q[:1].upper() + q[1:]
            elif k < 0.70:
                q = q.lower()
            elif k < 0.73:
                q = q.upper()
        return q

    def ask(self, t, end="?", typo=True, case=True, pre=True, fill=None):
        """A question from a template, with noise. What is in `fill` goes into its slots after the noise."""
        r = self.random
        q = self.question(t) if isinstance(t, list) else t
        if pre and r.random() < 0.22:
            p = self.spin(
                self.pick(
                    split(
                        "{hey|hi|hello|ok|so|well|um|please|quick question:|question:|now|and|hi there,|hey,|hello,|ok,|yo,|excuse me,|sorry,|Pocket,} |hi pocket, |hello! |thanks. |i want to know, |i wonder, |just curious: "
                    )
                )
            )
            q = p + (" " if not p.endswith(" ") else "") + q
        if fill:
            for n, k in enumerate(fill):
                q = q.replace("<" + k + ">", chr(0xE000 + n))
        q = self.noise(q, typo, case)
        if fill:
            up = len(q) > 4 and q.isupper()
            for n, v in enumerate(fill.values()):
                q = q.replace(chr(0xE000 + n), v.upper() if up else v)
        k = r.random()
        q = q.rstrip()
        if not q.endswith((".", "?", "!", '"', "”")):
            q += (
                end
                if k < 0.5
                else ""
                if k < 0.85
                else r.choice(["??", "!", ".", " ?", "?!", " please", ", please", " thanks", "..."])
            )
        return q
