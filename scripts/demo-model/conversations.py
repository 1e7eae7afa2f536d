"""Whole conversations: one question, several, or such as belong together."""

from chinese import chinese
from english import (
    animal_sound,
    arithmetic,
    capital,
    colour,
    connect,
    count,
    json_object,
    list_of,
    need_key,
    next_day,
    opposite,
    poem,
    port,
    repeat,
    say_hello,
    story_request,
    summary,
    translation,
    trouble,
    unknown,
    unknown_backend,
    unknown_colour,
    what_is,
)
from fixed_answers import FIXED
from text import capitalised
from words import BACKENDS, CAPITALS, LANGUAGES, NAMES, PHRASES, SYSTEM_PROMPTS

INTENTS = [
    (connect, 9, "connect"),
    (port, 3, "port"),
    (need_key, 3, "needkey"),
    (what_is, 3, "whatis"),
    (trouble, 2.5, "trouble"),
    (unknown_backend, 2, "unkback"),
    (count, 5, "count"),
    (next_day, 1.5, "next"),
    (opposite, 4, "opposite"),
    (colour, 3, "colour"),
    (unknown_colour, 0.7, "uncolour"),
    (repeat, 8, "repeat"),
    (arithmetic, 7, "sum"),
    (capital, 5, "capital"),
    (story_request, 4.5, "story"),
    (poem, 1.8, "poem"),
    (summary, 3, "summarise"),
    (translation, 7, "translate"),
    (json_object, 3, "json"),
    (list_of, 1.5, "list"),
    (animal_sound, 0.8, "sound"),
    (say_hello, 2, "name"),
    (chinese, 11, "chinese"),
    (unknown, 20, "fallback"),
]

FIXED_WEIGHT = sum(f[0] for f in FIXED) * 0.45


def fixed(g):
    w, n, ts, a, k = g.random.choices(FIXED, [f[0] for f in FIXED])[0]
    return (
        g.ask(
            ts,
            end="?" if n not in ("greet", "thanks", "bye", "praise", "blame", "test") else "!",
            pre=n not in ("greet", "praise", "blame"),
        ),
        g.pick(a),
        k,
        n,
    )


INTENT_FUNCTIONS = [f for f, w, n in INTENTS] + [fixed]

INTENT_WEIGHTS = [w for f, w, n in INTENTS] + [FIXED_WEIGHT]

INTENT_NAMES = [n for f, w, n in INTENTS] + ["fixed"]


def single(g, k=None):
    if k is None:
        k = g.random.choices(range(len(INTENT_FUNCTIONS)), INTENT_WEIGHTS)[0]
    x = INTENT_FUNCTIONS[k](g)
    return (x[0], x[1], x[2], x[3] if len(x) > 3 else INTENT_NAMES[k])


def follow_up(g):
    """Short conversations whose second question needs the first."""
    r = g.random
    k = r.random()
    if k < 0.3:
        p = g.pick(PHRASES)
        i, j = r.sample(range(4), 2)

        def translated(language):
            answer = capitalised(p[language + 1])
            return answer if answer[-1] in "?？" else answer + ("。" if language == 3 else ".")

        return [
            (
                g.ask(
                    ["how do you say <x> in <l>", "say <x> in <l>", "translate <x> to <l>"],
                    typo=False,
                    fill={"x": p[0], "l": LANGUAGES[i]},
                ),
                translated(i),
            ),
            (
                g.ask(
                    ["and in <l>", "in <l>", "now in <l>", "what about <l>", "and <l>"],
                    typo=False,
                    fill={"l": LANGUAGES[j]},
                ),
                translated(j),
            ),
        ]
    if k < 0.5:
        a, b = r.sample(list(CAPITALS), 2)
        return [
            (
                g.ask(["what is the capital of <x>", "capital of <x>"], fill={"x": a}),
                f"The capital of {a} is {CAPITALS[a].rstrip('.')}.",
            ),
            (
                g.ask(
                    ["and of <x>", "and <x>", "what about <x>", "and the capital of <x>", "how about <x>"],
                    pre=False,
                    fill={"x": b},
                ),
                f"The capital of {b} is {CAPITALS[b].rstrip('.')}.",
            ),
        ]
    if k < 0.75:
        n = g.pick(NAMES) if r.random() < 0.7 else g.pseudo().capitalize()
        t = [
            (
                g.ask(
                    ["my name is <n>", "i am <n>", "hi, i'm <n>", "call me <n>"],
                    typo=False,
                    pre=False,
                    end=".",
                    fill={"n": n},
                ),
                f"Nice to meet you, {n}! How can I help?",
            )
        ]
        if r.random() < 0.5:
            t.append(single(g)[:2])
        return t + [
            (
                g.ask(
                    [
                        "what is my name",
                        "what's my name",
                        "do you remember my name",
                        "who am i",
                        "say my name",
                        "do you know my name",
                    ]
                ),
                f"Your name is {n}.",
            )
        ]
    if k < 0.9:
        a, b = g.pick(list(BACKENDS)), g.pick(list(BACKENDS))
        return [
            (g.ask(["how do i connect <x>", "connect <x>"], fill={"x": a}), BACKENDS[a][2]),
            (
                g.ask(
                    ["and <x>", "what about <x>", "and how do i connect <x>", "how about <x>"], pre=False, fill={"x": b}
                ),
                BACKENDS[b][2],
            ),
        ]
    return [
        (
            g.ask(
                [
                    "what is my name",
                    "what's my name",
                    "do you know my name",
                    "who am i",
                    "how old am i",
                    "where do i live",
                ]
            ),
            "I do not know. You have not told me.",
        )
    ]


def conversation(g):
    """A system prompt or None, and the turns: [(question, answer), …]."""
    r = g.random
    k = r.random()
    if k < 0.74:
        t = [single(g)[:2]]
    elif k < 0.84:
        t = follow_up(g)
    else:
        t = [single(g)[:2] for _ in range(r.choice([2, 2, 2, 3, 3, 4]))]
    sysm = g.pick(SYSTEM_PROMPTS) if r.random() < 0.4 else None
    if sysm and r.random() < 0.25:
        sysm += " " + g.pick(SYSTEM_PROMPTS)
    return sysm, t
