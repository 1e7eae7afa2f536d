"""Small helpers for text."""


def split(s):
    """The alternatives of a text: it is cut at each | that stands outside of braces."""
    out, d, cur = [], 0, ""
    for ch in s.strip():
        if ch == "{":
            d += 1
        elif ch == "}":
            d -= 1
        if ch == "|" and d == 0:
            out.append(cur.strip())
            cur = ""
        else:
            cur += ch
    return out + [cur.strip()]


def capitalised(s):
    return s[:1].upper() + s[1:]
