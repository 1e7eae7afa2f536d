"""The intents in English. Each function takes a Writer and returns (question, answer, what a right answer contains in lower case)."""

import json

from text import capitalised, split
from words import (
    ANIMALS,
    ANIMAL_SOUNDS,
    BACKENDS,
    CANNOT_ANSWER,
    CANNOT_DO,
    CAPITALS,
    COLOURS,
    COUNTRY_ALIASES,
    DAYS,
    LANGUAGES,
    LISTS,
    LOCAL_BACKENDS,
    MONTHS,
    NAMES,
    NUMBER_WORDS,
    OPPOSITES,
    OTHER_COUNTRIES,
    PHRASES,
    PLACES,
    TASKS,
    THINGS,
    TOPICS,
    UNKNOWN_QUESTIONS,
    WORDS,
)


def pick_backend(g):
    b = g.pick(list(BACKENDS))
    return b, g.pick(BACKENDS[b][0])


def connect(g):
    b, n = pick_backend(g)
    q = g.ask(
        [
            "how do i {connect|add|use|set up|link|configure|hook up} <x>{| in switchboard| to switchboard| with switchboard| here}",
            "how to {connect|add|set up|use|configure} <x>{| in switchboard}",
            "{connect|add|set up} <x>",
            "i want to {connect|use|add} <x>",
            "can i {connect|use} <x>{| with switchboard}",
            "does switchboard {support|work with} <x>",
            "help me {connect|set up|add|configure} <x>",
            "i have <x>, how do i connect it",
            "i {run|use} <x>. {how|now what|what do i do}",
            "how can switchboard {use|talk to|reach} <x>",
            "steps to connect <x>",
            "what do i need {for|to use|to connect} <x>",
            "<x> {setup|set up|how to|connection|guide|instructions}",
            "tell me how to {connect|use|add} <x>",
            "i would like to use <x>",
            "how does <x> connect",
            "explain how to {connect|add} <x>",
            "what are the steps {for|to add} <x>",
            "how do i make switchboard use <x>",
            "how do i get <x> {working|to work|running} {with|in} switchboard",
            "can you help me {connect|with|set up} <x>",
            "what is the way to connect <x>",
            "show me how to {connect|add} <x>",
            "my model runs in <x>, how do i connect it",
            "please help, i need to connect <x>",
            "how would i {add|connect} <x>",
            "is it possible to {use|connect} <x>",
        ],
        fill={"x": n},
    )
    return q, BACKENDS[b][2], ("127.0.0.1:%d" % BACKENDS[b][1]) if BACKENDS[b][1] else BACKENDS[b][2][:30].lower()


def port(g):
    b = g.pick(LOCAL_BACKENDS)
    n = g.pick(BACKENDS[b][0])
    q = g.ask(
        [
            "what is the {|default }port {of|for} <x>",
            "which port does <x> use",
            "<x> port",
            "what port {is <x> on|does <x> listen on|does <x> run on}",
            "default port {of|for} <x>",
            "port {of|for} <x>",
            "on {which|what} port {is|does} <x> {running|listen|run}",
            "what's <x>'s port",
            "what is the {address|url} {of|for} <x>",
            "where does <x> listen",
            "tell me the port of <x>",
            "<x> {address|url|default address}",
            "which {address|url} do i {use|enter|type} for <x>",
            "what port number {is|should i use for} <x>",
        ],
        fill={"x": n},
    )
    return (
        q,
        f"{b} listens on port {BACKENDS[b][1]} by default: http://127.0.0.1:{BACKENDS[b][1]}.",
        str(BACKENDS[b][1]),
    )


def need_key(g):
    b, n = pick_backend(g)
    q = g.ask(
        [
            "does <x> need {a|an api} key",
            "do i need {a|an api} key for <x>",
            "is {a|an api} key {needed|required} for <x>",
            "<x> api key",
            "where do i get {a|an api} key for <x>",
            "how do i get a <x> {key|api key|token}",
            "key for <x>",
            "which key does <x> need",
            "can i use <x> without a key",
            "do i need an account for <x>",
            "is <x> free",
            "does <x> cost {money|anything}",
            "what key do i need for <x>",
        ],
        fill={"x": n},
    )
    a = {
        "Claude": "Yes. Make an API key in the Anthropic console and paste it into Switchboard.",
        "OpenAI": "Yes. Make an API key on the OpenAI platform and paste it into Switchboard.",
        "OpenRouter": "Yes. Make an API key at OpenRouter and paste it into Switchboard.",
        "AI Horde": "AI Horde accepts the anonymous key 0000000000; your own free key gets faster answers.",
        "NovelAI": "Yes. NovelAI is paid: make a persistent API token in your account settings and paste it into Switchboard.",
        "TabbyAPI": "TabbyAPI is free, but it prints an API key at its first start; paste that key into Switchboard.",
    }.get(b, f"No. {b} is free, runs on your own computer and needs no key by default.")
    return q, a, a[:20].lower()


def what_is(g):
    b, n = pick_backend(g)
    q = g.ask(
        [
            "what is <x>",
            "what's <x>",
            "tell me about <x>",
            "explain <x>",
            "what does <x> do",
            "<x>",
            "describe <x>",
            "what do you know about <x>",
            "is <x> local or cloud",
            "is <x> {local|a cloud service|a local program}",
            "what kind of program is <x>",
            "define <x>",
            "give me information about <x>",
            "what sort of backend is <x>",
        ],
        fill={"x": n},
    )
    return q, BACKENDS[b][3], BACKENDS[b][3][:30].lower()


def trouble(g):
    b, n = pick_backend(g)
    q = g.ask(
        [
            "<x> {does not|doesn't|will not|won't} {connect|work|respond|answer}",
            "i {can't|cannot} connect {to |}<x>",
            "<x> is not {working|connecting|responding|found}",
            "why {does|is} <x> not {connect|work|working}",
            "<x> error",
            "connection {refused|failed|error} {with|to|from} <x>",
            "switchboard {can't|cannot|does not} {find|reach|see} <x>",
            "problem with <x>",
            "{fix|help with} <x>{| connection}",
            "<x> says {connection refused|error|failed to fetch|unauthorized}",
            "i get an error from <x>",
            "my <x> is {broken|not detected|offline}",
            "the connection to <x> {fails|failed|is broken}",
        ],
        end=".",
        fill={"x": n},
    )
    a = (
        (
            f"Check that {b} is running with a model loaded, and that the address in Switchboard is http://127.0.0.1:{BACKENDS[b][1]}."
            if BACKENDS[b][1]
            else f"Check that your {b} key is pasted in full, and that your account may use the model you chose."
        )
        if b != "AI Horde"
        else "AI Horde can be slow: check your key, choose a model that has workers now, and wait a little."
    )
    return q, a, a[:22].lower()


UNKNOWN_BACKENDS = split(
    "Foobar|vLLM|Aphrodite|Gemini|Mistral|Groq|Cohere|DeepSeek|Perplexity|Jan|GPT4All|Msty|Bing|Copilot|Grok|Together|Fireworks|Mancer|Hugging Face|Azure|Bedrock|exllama|SGLang|Llamafile|Replicate|Poe|Character AI|Qwen"
)


def unknown_backend(g):
    x = (
        g.pick(UNKNOWN_BACKENDS)
        if g.random.random() < 0.5
        else g.pseudo().capitalize() + g.pick(["", "AI", " AI", "GPT", " server", "API"])
    )
    q = g.ask(
        [
            "how do i {connect|add|use|set up} <x>{| in switchboard| to switchboard}",
            "how to {connect|add} <x>",
            "connect <x>",
            "can i {connect|use} <x>",
            "does switchboard support <x>",
            "what is the port of <x>",
            "which port does <x> use",
            "<x> setup",
            "help me connect <x>",
            "does <x> need a key",
            "<x> port",
            "i want to use <x>",
            "<x> does not connect",
        ],
        fill={"x": x},
    )
    return (
        q,
        "I do not know that backend. If it speaks the OpenAI API, try adding its address and key in Switchboard's settings.",
        "do not know that backend",
    )


def count(g):
    r = g.random
    k = r.random()
    if k < 0.55:
        n = r.randint(2, 20) if r.random() < 0.9 else r.choice([10, 5, 20])
        N = str(n) if r.random() < 0.7 else NUMBER_WORDS[n]
        q = g.ask(
            [
                "count to <n>",
                "count from 1 to <n>",
                "count up to <n>",
                "count from one to <n>",
                "list the numbers from 1 to <n>",
                "numbers 1 to <n>",
                "say the numbers up to <n>",
                "write the numbers 1 to <n>",
                "count until <n>",
                "count till <n>",
                "start counting to <n>",
                "count 1 to <n>",
                "give me the numbers from 1 to <n>",
                "counting to <n>",
                "count all the way to <n>",
            ],
            end=".",
            fill={"n": N},
        )
        a = range(1, n + 1)
    elif k < 0.75:
        m = r.randint(0, 15)
        n = r.randint(m + 1, min(20, m + 10))
        q = g.ask(
            [
                "count from <m> to <n>",
                "numbers from <m> to <n>",
                "list the numbers between <m> and <n>",
                "count between <m> and <n>",
                "<m> to <n>, count",
                "write the numbers from <m> to <n>",
                "start at <m> and count to <n>",
            ],
            end=".",
            fill={"m": str(m), "n": str(n)},
        )
        a = range(m, n + 1)
    elif k < 0.9:
        n = r.randint(2, 20)
        q = g.ask(
            [
                "count {down|backwards} from <n>{| to 1| to one}",
                "count backward from <n>",
                "countdown from <n>",
                "count from <n> down to 1",
                "start at <n> and count down",
                "do a countdown from <n>",
            ],
            end=".",
            fill={"n": str(n)},
        )
        a = range(n, 0, -1)
    else:
        n = r.choice([r.randint(21, 120), 100, 50, 1000, 1000000, r.randint(121, 5000)])
        return (
            g.ask(
                [
                    "count to <n>",
                    "count from 1 to <n>",
                    "count up to <n>",
                    "list the numbers from 1 to <n>",
                    "count down from <n>",
                ],
                end=".",
                fill={"n": str(n)},
            ),
            "I can only count to 20. " + "Connect a larger model in Switchboard for more.",
            "only count to 20",
        )
    a = ", ".join(map(str, a)) + "."
    return q, a, a


def next_day(g):
    L_, w = g.pick([(DAYS, "day"), (MONTHS, "month")])
    i = g.random.randrange(len(L_))
    f = g.random.random() < 0.6
    q = g.ask(
        [
            "{what|which} <y> {comes|is} <d> <x>",
            "<y> <d> <x>",
            "what is the <y> <d> <x>",
            "tell me the <y> <d> <x>",
            "name the <y> that comes <d> <x>",
            "what comes <d> <x>",
        ],
        fill={"x": L_[i], "y": w, "d": "after" if f else "before"},
    )
    a = L_[(i + (1 if f else -1)) % len(L_)]
    return q, f"{a} comes {'after' if f else 'before'} {L_[i]}.", a.lower() + " comes"


def opposite(g):
    T = [
        "what is the opposite of <x>",
        "opposite of <x>",
        "what's the opposite of <x>",
        "the opposite of <x>",
        "what is the antonym of <x>",
        "antonym of <x>",
        "<x> opposite",
        "give me the opposite of <x>",
        "tell me the opposite of <x>",
        "which word is the opposite of <x>",
        "what word means the opposite of <x>",
        "name the opposite of <x>",
        "what would be the opposite of <x>",
        "say the opposite of <x>",
    ]
    if g.random.random() < 0.12:
        return (
            g.ask(T, fill={"x": g.pseudo() if g.random.random() < 0.5 else g.pick(WORDS[:40] + THINGS + ANIMALS)}),
            "I do not know the opposite of that word.",
            "do not know the opposite",
        )
    x = g.pick(list(OPPOSITES))
    q = g.ask(T, fill={"x": x if g.random.random() < 0.8 else '"%s"' % x})
    return q, f"The opposite of {x} is {OPPOSITES[x]}.", f"is {OPPOSITES[x]}."


def colour(g):
    x = g.pick(list(COLOURS))
    n = x
    r = g.random.random()
    if x.startswith(("a ", "an ")) and r < 0.5:
        b = x.split(" ", 1)[1]
        n = g.pick([b + "s" if not b.endswith(("y", "f", "o")) else x, "the " + b, b])
    v = "are" if n.endswith("s") and n not in ("grass", "the grass") else "is"
    q = g.ask(
        [
            "what colo{|u}r <v> <x>",
            "which colo{|u}r <v> <x>",
            "what is the colo{|u}r of <x>",
            "colo{|u}r of <x>",
            "what's the colo{|u}r of <x>",
            "tell me the colo{|u}r of <x>",
            "which colo{|u}r does <x> have",
            "<x> colo{|u}r",
            "name the colo{|u}r of <x>",
            "say what colo{|u}r <x> <v>",
            "what colo{|u}r would you say <x> <v>",
        ],
        fill={"x": n, "v": v},
    )
    return q, f"{capitalised(x)} is {COLOURS[x]}.", f"is {COLOURS[x]}"


def unknown_colour(g):
    x = g.pick(
        [
            "a " + g.pick(THINGS),
            "my " + g.pick(THINGS),
            "a " + g.pseudo(),
            "your " + g.pick(split("eyes|hair|car|house")),
            "my " + g.pick(split("shirt|hair|eyes|cat|dog|car")),
        ]
    )
    return (
        g.ask(
            ["what colo{|u}r is <x>", "which colo{|u}r is <x>", "colo{|u}r of <x>", "what is the colo{|u}r of <x>"],
            fill={"x": x},
        ),
        "I do not know what colour that is.",
        "do not know what colour",
    )


def repeat(g):
    r = g.random
    if r.random() < 0.6:
        x = " ".join(g.pick(WORDS) if r.random() < 0.75 else g.pseudo() for _ in range(r.randint(1, 8)))
    else:
        x = g.pick(
            [
                g.pick(NAMES),
                g.fill("I like <n>"),
                g.fill("<W> and <W>"),
                g.fill("the <a> is in the <t>"),
                g.fill("I want a <t>"),
                g.fill("<n>"),
                str(r.randint(0, 99999)),
                g.fill("My name is <p>"),
                g.fill("<p> has a <a>"),
                "I " + g.pick(WORDS) + " " + g.pick(WORDS),
                g.fill("<W>"),
                g.fill("<p> and <p> are friends"),
                "abc " + str(r.randint(1, 999)),
            ]
        )
    k = r.random()
    if k < 0.35:
        x = capitalised(x)
    if k < 0.25:
        x += g.pick([".", "!", "?"])
    z = x if r.random() < 0.7 else '"%s"' % x
    q = g.question(
        [
            "repeat after me: <x>",
            "repeat: <x>",
            "say <x>",
            "repeat after me <x>",
            "say this: <x>",
            "please repeat: <x>",
            "echo <x>",
            "repeat this: <x>",
            "repeat the words: <x>",
            "say the following: <x>",
            "copy this: <x>",
            "say exactly: <x>",
            "write exactly this: <x>",
            "echo: <x>",
            "can you repeat after me: <x>",
            "repeat the following{| sentence| text}: <x>",
            "print <x>",
            "type: <x>",
            "reply with: <x>",
            "reply only with: <x>",
            "write: <x>",
            "repeat what i say: <x>",
        ]
    )
    return g.noise(q, typo=False).replace("<x>", z).replace("<X>", z), x, x.lower()


def arithmetic(g):
    r = g.random
    k = r.random()
    if k < 0.5:
        a, b = (r.randint(0, 10), r.randint(0, 10)) if r.random() < 0.7 else (r.randint(0, 20), r.randint(0, 20))
        c = a + b
        ops = ["+", "plus", "and"]
        s = "+"
    elif k < 0.75:
        a = r.randint(0, 20)
        b = r.randint(0, a)
        c = a - b
        ops = ["-", "minus"]
        s = "-"
    elif k < 0.93:
        a, b = r.randint(0, 10), r.randint(0, 10)
        c = a * b
        ops = ["*", "times", "x", "multiplied by"]
        s = "×"
    else:
        a, b = r.choice([(r.randint(21, 9999), r.randint(0, 9999)), (r.randint(0, 9999), r.randint(21, 9999))])
        o = r.choice(["+", "plus", "-", "*", "times", "/", "divided by", "minus"])
        return (
            g.ask(
                [
                    "what is <a> <o> <b>",
                    "<a> <o> <b>",
                    "calculate <a> <o> <b>",
                    "how much is <a> <o> <b>",
                    "what's <a> <o> <b>",
                ],
                fill={"a": str(a), "b": str(b), "o": o},
            ),
            "That sum is too large for me. I can only do small ones, such as 7 + 5.",
            "too large for me",
        )
    o = r.choice(ops)
    w = r.random() < 0.2 and a <= 20 and b <= 20
    A, B = (NUMBER_WORDS[a], NUMBER_WORDS[b]) if w else (str(a), str(b))
    if w and o in "+-*x":
        o = {"+": "plus", "-": "minus", "*": "times", "x": "times"}[o]
    sp = "" if o in "+-*x" and r.random() < 0.35 else " "
    T = [
        "<e>",
        "what is <e>",
        "what's <e>",
        "calculate <e>",
        "how much is <e>",
        "compute <e>",
        "solve <e>",
        "<e> =",
        "<e> equals",
        "tell me <e>",
        "what does <e> {make|equal|give}",
        "work out <e>",
        "the result of <e>",
        "can you calculate <e>",
        "do you know what <e> is",
        "give me <e>",
        "add up <e>" if s == "+" else "do <e>",
        "what do you get for <e>",
    ]
    if s == "+" and o == "and":
        T = ["add <e>", "what is the sum of <e>", "the sum of <e>", "sum <e>", "add up <e>", "what do <e> make"]
    q = g.ask(T, fill={"e": f"{A}{sp}{o}{sp}{B}"})
    return q, f"{a} {s} {b} = {c}.", f"= {c}."


def capital(g):
    r = g.random
    k = r.random()
    T = [
        "what is the capital of <x>",
        "capital of <x>",
        "what's the capital of <x>",
        "what is the capital city of <x>",
        "<x> capital",
        "which city is the capital of <x>",
        "tell me the capital of <x>",
        "name the capital of <x>",
        "the capital of <x> is",
        "capital city of <x>",
        "do you know the capital of <x>",
        "what city is the capital of <x>",
        "give me the capital of <x>",
        "which is the capital of <x>",
        "what is <x>'s capital",
        "i need the capital of <x>",
    ]
    if k < 0.26:
        x = (
            g.pick(OTHER_COUNTRIES)
            if r.random() < 0.6
            else g.pseudo().capitalize() + g.pick(["", "land", "ia", "stan"])
        )
        return (
            g.ask(T, fill={"x": x}),
            "I do not know that capital. I only know those of about fifty countries.",
            "do not know that capital",
        )
    x = g.pick(list(CAPITALS))
    n = g.pick(COUNTRY_ALIASES.get(x, [x]))
    if k < 0.33:
        return (
            g.ask(
                [
                    "<y> is the capital of {which|what} country",
                    "{which|what} country has the capital <y>",
                    "of which country is <y> the capital",
                    "what is <y> the capital of",
                    "what country is <y> in",
                ],
                fill={"y": CAPITALS[x]},
            ),
            f"{CAPITALS[x]} is the capital of {x}.",
            f"capital of {[c for c in CAPITALS if CAPITALS[c] == CAPITALS[x]][0].lower()}",
        )
    return (
        g.ask(T, typo=True, fill={"x": n if r.random() < 0.85 else n.lower()}),
        f"The capital of {x} is {CAPITALS[x].rstrip('.')}.",
        CAPITALS[x].rstrip(".").lower(),
    )


ADJECTIVES = split("small|old|brave|quiet|curious|lonely|clever|kind|sleepy|hungry|cheerful|shy|patient|gentle|proud")

OBJECTS = split(
    "golden key|red balloon|silver bell|lost letter|warm blanket|tiny boat|blue stone|paper star|wooden box|broken clock|loaf of bread|round mirror|green lantern|old map|music box"
)


def story(g, a, p, nm):
    d, o = g.pick(ADJECTIVES), g.pick(OBJECTS)
    D = "an" if d[0] in "aeiou" else "a"
    pr = "the " + p if not p.startswith(("the ", "a ")) and p.islower() else p
    at = (
        "in " + pr
        if p not in ("sea", "island", "farm", "beach", "bridge", "moon", "mountain", "train station", "harbor", "lake")
        else ("by " + pr if p in ("sea", "lake", "harbor") else "at " + pr if p == "train station" else "on " + pr)
    )
    s = [
        g.pick(
            [
                f"Once there was {D} {d} {a} named {nm} who lived {at}.",
                f"{nm} was {D} {d} {a} who lived {at}.",
                f"Long ago, {D} {d} {a} called {nm} lived {at}.",
            ]
        ),
        g.pick(
            [
                f"One morning, {nm} found {'an' if o[0] in 'aeiou' else 'a'} {o} on the path.",
                f"One evening, the {a} saw {'an' if o[0] in 'aeiou' else 'a'} {o} under a tree.",
                f"One day, {nm} heard a soft sound and found {'an' if o[0] in 'aeiou' else 'a'} {o}.",
            ]
        ),
        g.pick(
            [
                f'"Whose is this?" asked {nm}, but nobody answered.',
                f"The {a} did not know what it was for.",
                f"{nm} carried it home and thought about it all night.",
                f"The {a} wanted to keep it, but it belonged to someone else.",
            ]
        ),
        g.pick(
            [
                f"So {nm} walked from door to door until a child smiled and said it was hers.",
                f"Then an old friend came and told {nm} the story of the {o}.",
                f"The wind was cold, but {nm} did not give up.",
                f"So the {a} asked every neighbour, one after another.",
            ]
        ),
        g.pick(
            [
                f"From that day on, the {a} was never alone.",
                f"In the end, {nm} gave the {o} away and felt happy.",
                f"That night, {nm} slept well and dreamed of tomorrow.",
                f"And the {a} and the {o} stayed together for many years.",
            ]
        ),
    ]
    if g.random.random() < 0.4:
        del s[g.pick([2, 3])]
    return " ".join(s)


def story_request(g):
    r = g.random
    k = r.random()
    a = (
        g.pick(ANIMALS)
        if k < 0.75
        else g.pick(
            [
                "robot",
                "wizard",
                "knight",
                "girl",
                "boy",
                "king",
                "queen",
                "baker",
                "teacher",
                "sailor",
                "ghost",
                "pirate",
                "princess",
                "farmer",
                "astronaut",
                "detective",
            ]
            + THINGS[:8]
        )
    )
    p = g.pick(PLACES)
    nm = g.pick(NAMES)
    A = ("an " if a[0] in "aeiou" else "a ") + a
    V = "{tell|write|give} {|me }{a|a short|a small|a little|one|another}{| nice| funny| sad| new} {story|tale}"
    f = r.random()
    if f < 0.2:
        q = g.ask(
            [
                V,
                "tell me a story",
                "story",
                "a story{| please}",
                "i want a story",
                "can you tell me a story",
                "write a short story",
                "make up a story",
                "story time",
                "another story",
                "do you know a story",
                "tell a bedtime story",
            ],
            end=".",
        )
    elif f < 0.6:
        q = g.ask(
            [
                V + " about <A>",
                "story about <A>",
                "a {|short }story about <A>",
                "i want a story about <A>",
                "can you {tell|write} a story about <A>",
                "make up a story about <A>",
                "write about <A>",
                "<A> story",
                "tell me {|something }about a day in the life of <A>",
                "a bedtime story with <A>",
                "once upon a time there was <A>",
                "a tale of <A>",
                "write a few sentences about <A>",
            ],
            end=".",
            fill={"A": A if r.random() < 0.8 else a},
        )
    elif f < 0.85:
        q = g.ask(
            [
                V + " about <A> in <P>",
                "story: <A> in <P>",
                "write about <A> in <P>",
                "a story about <A> and <P>",
                "a {|short }story about <A> who lives in <P>",
                "write a tale with <A> in <P>",
                "i would like a story about <A> at <P>",
            ],
            end=".",
            fill={"A": A, "P": g.pick(["the ", "a "]) + p},
        )
    else:
        q = g.ask(
            [
                V + " about <A> {named|called} <N>",
                "story about <A> {named|called} <N>",
                "write about <N> the <a>",
                "a story about <N>, <A>",
            ],
            end=".",
            fill={"A": A, "a": a, "N": nm},
        )
    if f < 0.2 or f >= 0.6 and f < 0.85 or f < 0.6:
        nm = nm
    return q, story(g, a, p, nm), ("" if f < 0.2 else a)


def poem(g):
    t = (
        g.pick(TOPICS)
        if g.random.random() < 0.75
        else g.pick(["a " + g.pick(ANIMALS), "the " + g.pick(PLACES), g.pick(THINGS), g.pick(NAMES)])
    )
    bare = g.random.random() < 0.25
    q = (
        g.ask(
            [
                "{write|tell|give|make} {|me }a {|short |small |little }{poem|rhyme|verse}",
                "poem",
                "a poem please",
                "write a two line poem",
                "can you write a poem",
                "do you know a poem",
                "i want a poem",
                "recite a poem",
            ],
            end=".",
        )
        if bare
        else g.ask(
            [
                "{write|tell|give|make} {|me }a {|short |small |two line |two-line |little }{poem|rhyme|verse} about <t>",
                "poem about <t>",
                "a {|short }poem {about|on} <t>",
                "can you write a poem about <t>",
                "i want a poem about <t>",
                "two lines about <t>",
                "a rhyme about <t>",
                "write me two lines of verse on <t>",
                "describe <t> in a poem",
                "make <t> into a poem",
                "compose a {poem|verse} about <t>",
            ],
            end=".",
            fill={"t": t},
        )
    )
    T = capitalised(t)
    a = g.pick(
        [
            f"I think of {t} when the day is new,\nand all the small things that are quiet and true.",
            f"{T}, you are a song that I know by heart,\nyou were here at the end, you were here at the start.",
            f"In the soft evening light I remember {t},\nand a small lamp is burning for you and for me.",
            f"When I dream of {t}, the world becomes light,\nand I carry it with me all through the night.",
        ]
    )
    return q, a, t


SUBJECTS = split(
    "the baker|the teacher|my sister|my brother|the old man|the doctor|the farmer|our neighbour|the girl|the boy|the captain|the mayor|the cat|the dog|the engineer|a student|the company|the team|the committee|the scientists|the king|the gardener"
)

ACTIONS = split(
    "bought a new house|lost the keys|found a letter|won the race|closed the shop|opened a school|repaired the bridge|sold the car|wrote a long book|planted ten trees|missed the last train|cooked soup for everyone|painted the door green|moved to the city|started a new job|cancelled the meeting|learned to swim|saved the cat|built a small boat|finished the report|visited the museum|broke the window|read the whole book|released a new product|raised the prices|signed the contract"
)

TIMES = split(
    "on Monday|last week|in the morning|after a long day|in spring|yesterday|two years ago|late at night|during the holidays|before lunch|in the end|last summer|this year|at noon"
)

BECAUSES = split(
    "because it was raining|although nobody asked for it|with the help of some friends|without telling anyone|after thinking about it for a long time|in front of many people|even though it was expensive|while everyone was asleep|because there was no other way|to make the children happy|which surprised everybody|despite the bad weather"
)

RELATIVE_CLAUSES = split(
    "who was very tired|who came from the north|who loved music|whom everyone knew|who had waited for years|who never gave up|who was always late|who lived near the sea"
)


def summary(g):
    r = g.random
    n = g.pick(NAMES)
    s = g.pick(SUBJECTS) if r.random() < 0.7 else n
    a = (
        g.pick(ACTIONS)
        if r.random() < 0.7
        else g.pick(["bought", "saw", "found", "sold", "made", "lost", "painted", "carried"])
        + " "
        + g.pick(["a ", "the ", "an old "])
        + g.pick(THINGS + ANIMALS)
    )
    w, c, rl = g.pick(TIMES), g.pick(BECAUSES), g.pick(RELATIVE_CLAUSES)
    x = g.pick(
        [
            f"{w}, {s} {a} {c}.",
            f"{s}, {rl}, {a} {w}.",
            f"{w}, {s}, {rl}, {a} {c}.",
            f"{s} {a} {w} {c}.",
            f"{c}, {s} {a} {w}.",
        ]
    )
    x = capitalised(x)
    q = g.question(
        [
            "summari{s|z}e: <x>",
            "summari{s|z}e this: <x>",
            "summari{s|z}e this {sentence|text}: <x>",
            "give me a summary of this: <x>",
            "make this shorter: <x>",
            "shorten: <x>",
            "shorten this sentence: <x>",
            "summary: <x>",
            "tl;dr: <x>",
            "say this in fewer words: <x>",
            "in short: <x>",
            "summari{s|z}e the following {sentence|text}: <x>",
            "please summari{s|z}e: <x>",
            "can you summari{s|z}e this: <x>",
            "<x> summari{s|z}e this",
            "what is the main point of this: <x>",
        ]
    )
    return g.noise(q, typo=False).replace("<x>", x).replace("<X>", x), capitalised(f"{s} {a}."), f"{s} {a}".lower()


def translation(g):
    r = g.random
    i = r.randrange(4)
    p = g.pick(PHRASES)
    language = LANGUAGES[i]
    e = p[0]
    if r.random() < 0.15:
        j = r.randrange(1, 5)
        x = p[j].strip(" ?¿？")
        q = g.ask(
            [
                "what does <x> mean",
                "what is <x> in english",
                "translate <x> to english",
                "what does the word <x> mean",
                "<x> in english",
                "what does <x> mean in english",
            ],
            typo=False,
            fill={"x": g.pick([x, x, '"%s"' % x, x.lower()])},
        )
        e0 = [z for z in PHRASES if z[j] == p[j]][0][0]
        return q, f"It means: {e0}.", e0.lower()
    T = [
        "say <x> in <l>",
        "how do you say <x> in <l>",
        "what is <x> in <l>",
        "translate <x> {to|into} <l>",
        "<x> in <l>",
        "how do i say <x> in <l>",
        "translate to <l>: <x>",
        "what's the <l> word for <x>",
        "what is the <l> for <x>",
        "<l> for <x>",
        "how is <x> said in <l>",
        "give me <x> in <l>",
        "tell me <x> in <l>",
        "translate {|the phrase |the word }<x> into <l>",
        "write <x> in <l>",
        "what would <x> be in <l>",
        "in <l>, what is <x>",
        "can you translate <x> to <l>",
        "please translate <x> into <l>",
        "put <x> into <l>",
    ]
    k = r.random()
    if k < 0.07:
        x = g.pick(
            [
                g.pseudo(),
                g.pick(WORDS) + " " + g.pick(WORDS),
                g.fill("my <t> is in the <t>"),
                g.fill("<n>"),
                g.pick(THINGS),
            ]
        )
        l2 = language
        return (
            g.ask(T, typo=False, fill={"x": x, "l": l2}),
            "I do not know that phrase. I can translate about sixty short ones.",
            "do not know that phrase",
        )
    if k < 0.1:
        return (
            g.ask(
                T,
                typo=False,
                fill={
                    "x": e,
                    "l": g.pick(
                        split(
                            "Italian|Russian|Japanese|Korean|Dutch|Polish|Portuguese|Arabic|Hindi|Latin|Greek|Turkish|Swedish"
                        )
                    ),
                },
            ),
            "I do not know that language. I know a few phrases in French, Spanish, German and Chinese.",
            "do not know that language",
        )
    x = e if r.random() < 0.6 else '"%s"' % e if r.random() < 0.6 else "'%s'" % e
    q = g.ask(T, typo=False, fill={"x": x, "l": language if r.random() < 0.8 else language.lower()})
    a = p[i + 1]
    a = capitalised(a)
    a = a if a.endswith(("?", "？")) else a + ("。" if i == 3 else ".")
    return q, a, p[i + 1].lower()


def json_object(g):
    r = g.random
    nm = g.pick(NAMES) if r.random() < 0.8 else g.pseudo().capitalize()
    age = r.randint(1, 99)
    city = g.pick(sorted(set(CAPITALS.values())))
    k = r.random()
    F = g.pick(
        [
            "{answer|reply|respond} {in|with} json: ",
            "give me json{| with| for}: ",
            "json: ",
            "{write|make|create|return|output} {|a }json {|object }{with|for} ",
            "as json: ",
            "return json {with|for} ",
            "put this in json: ",
            "convert to json: ",
            "turn this into json: ",
        ]
    )
    if k < 0.35:
        q, d = (
            F
            + g.pick(["name <p>", "the name <p>", "name: <p>", "name is <p>", "my name is <p>", "a person named <p>"]),
            {"name": nm},
        )
    elif k < 0.7:
        q, d = (
            F
            + g.pick(
                [
                    "name <p>{,| and} age <A>",
                    "<p> is <A> years old",
                    "name: <p>, age: <A>",
                    "a person named <p>, age <A>",
                    "<p>, <A>",
                    "<p> who is <A>",
                    "name <p> and age <A>",
                ]
            ),
            {"name": nm, "age": age},
        )
    elif k < 0.85:
        q, d = (
            F + g.pick(["name <p>{,| and} city <C>", "<p> lives in <C>", "name: <p>, city: <C>", "<p> from <C>"]),
            {"name": nm, "city": city},
        )
    elif k < 0.95:
        t, n = g.pick(THINGS), r.randint(1, 99)
        q, d = F + g.pick([f"item {t}, count {n}", f"{n} {t}s", f"item: {t}, count: {n}"]), {"item": t, "count": n}
    else:
        q, d = (
            g.pick(
                [
                    "{answer|reply|respond} {in|with} json",
                    "give me {|some |an example of |a small }json",
                    "write json",
                    "return a json object",
                    "json please",
                    "show me json",
                    "output only json",
                ]
            ),
            {"name": "Pocket", "type": "demo model"},
        )
    q = g.spin(q.replace("<p>", nm).replace("<A>", str(age)).replace("<C>", city))
    return (
        g.noise(q, typo=False, case=False) if r.random() < 0.5 else capitalised(q),
        json.dumps(d),
        json.dumps(d).lower(),
    )


def list_of(g):
    k = g.pick(list(LISTS))
    w = g.pick(["three", "3", "some", "a few"])
    q = g.ask(
        [
            "{name|list|give me|tell me|write} <w> <k>",
            "<w> <k>",
            "can you name <w> <k>",
            "what are <w> <k>",
            "i need <w> <k>",
            "examples of <k>",
            "say <w> <k>",
            "list of <k>",
            "do you know <w> <k>",
        ],
        end=".",
        fill={"w": w, "k": k},
    )
    a = g.random.sample(LISTS[k], 3)
    return q, capitalised(f"{a[0]}, {a[1]} and {a[2]}."), " and "


def animal_sound(g):
    x = g.pick(list(ANIMAL_SOUNDS))
    q = g.ask(
        [
            "what {sound|noise} does a <x> make",
            "what does a <x> say",
            "{sound|noise} of a <x>",
            "<x> {sound|noise}",
            "what {sound|noise} do <x>s make",
            "how does a <x> sound",
            "which sound does the <x> make",
        ],
        fill={"x": x},
    )
    return q, f"A {x.replace('owl', 'owl')} says {ANIMAL_SOUNDS[x]}.".replace("A owl", "An owl"), ANIMAL_SOUNDS[x]


def say_hello(g):
    n = g.pick(NAMES) if g.random.random() < 0.7 else g.pseudo().capitalize()
    k = g.random.random()
    if k < 0.5:
        return (
            g.ask(
                [
                    "say {hello|hi} to <n>",
                    "greet <n>",
                    "{hello|hi} to <n>, please",
                    "can you {greet|say hello to} <n>",
                    "please welcome <n>",
                ],
                end=".",
                typo=False,
                fill={"n": n},
            ),
            f"Hello, {n}!",
            f"hello, {n.lower()}",
        )
    return (
        g.ask(
            [
                "my name is <n>",
                "i am <n>",
                "i'm <n>",
                "hello, i am <n>",
                "hi, my name is <n>",
                "call me <n>",
                "you can call me <n>",
                "hi i'm <n>",
            ],
            end=".",
            typo=False,
            pre=False,
            fill={"n": n},
        ),
        f"Nice to meet you, {n}! How can I help?",
        f"you, {n.lower()}",
    )


def unknown(g):
    if g.random.random() < 0.68:
        q = g.ask(g.fill(g.question(UNKNOWN_QUESTIONS)))
        return q, CANNOT_ANSWER, "very small demo model; connect"
    q = g.ask(g.fill(g.question(TASKS)), end=".")
    if g.random.random() < 0.3:
        q = g.pick(["can you ", "please ", "could you ", "i want you to ", "help me "]) + q[:1].lower() + q[1:]
    return q, CANNOT_DO, "very small demo model; connect"
