# SPDX-License-Identifier: AGPL-3.0-or-later
"""Receipts, keys and policies that are not whole."""

NOTE_WORDS = [
    (2, "whom you trust", None, ["receipt", "@receipt"]),
    (2, "whom you trust", b"x", ["receipt", "@receipt", "--vkey", "x", "--policy", "-"]),
    (3, "verifier key is written", None, ["receipt", "@not-there", "--vkey", "x"]),
    (3, "verifier key is written", None, ["receipt", "@receipt", "--vkey", "nonsense"]),
    (3, "Line 1 of the policy", b"nonsense", ["receipt", "@receipt", "--policy", "-"]),
]


def in_line(number, change):
    def act(whole):
        lines = whole.split(b"\n")
        lines[number] = change(lines[number])
        return b"\n".join(lines)
    return act


def put(old, new):
    return lambda whole: whole.replace(old, new, 1)


# name, exit status, what is said, how a whole receipt is spoilt
RECEIPTS = [
    ("empty", 3, "no checkpoint", lambda w: b""),
    ("one line", 3, "no checkpoint", lambda w: w.split(b"\n")[0]),
    ("cut in half", 3, "malformed", lambda w: w[:len(w) // 2]),
    ("without its last line end", 3, "malformed", lambda w: w[:-1]),
    ("with something behind it", 3, "malformed", lambda w: w + b"and more\n"),
    ("another kind of file", 3, "does not begin with", in_line(0, lambda line: b"c2sp.org/tlog-proof@v9")),
    ("not UTF-8", 3, "UTF-8", lambda w: b"\xff" + w),
    ("NUL inside", 3, "malformed", put(b"\n", b"\n\x00")),
    ("with CRLF", 3, "end in LF", lambda w: w.replace(b"\n", b"\r\n")),
    ("ten million lines long", 3, "is larger than", lambda w: w + b"\n" * 10_000_000),
    ("an index that is no number", 3, "malformed", put(b"index ", b"index x")),
    ("an index with a sign", 3, "malformed", put(b"index ", b"index -")),
    ("an index past the tree", 1, "not that of its entry", put(b"index ", b"index 9")),
    ("a proof with one hash altered", 1, "inclusion", lambda w: spoil_hash(w)),
    ("a signature with one letter altered", 1, "signature", lambda w: spoil_signature(w)),
    ("no signature", 3, "has no signature", lambda w: b"\n".join(
        line for line in w.split(b"\n") if not line.startswith("\u2014 ".encode()))),
]


def spoil_hash(whole):
    """Another letter in the first line of the proof that is a hash in base64."""
    lines = whole.split(b"\n")
    for i, line in enumerate(lines):
        if len(line) == 44 and line.endswith(b"=") and i > 1:
            lines[i] = (b"A" if line[:1] != b"A" else b"B") + line[1:]
            break
    return b"\n".join(lines)


def spoil_signature(whole):
    lines = whole.split(b"\n")
    for i, line in enumerate(lines):
        if line.startswith("\u2014 ".encode()):
            lines[i] = line[:-6] + (b"A" if line[-6:-5] != b"A" else b"B") + line[-5:]
    return b"\n".join(lines)


# name, exit status, what is said, how a verifier key is spoilt
KEYS = [
    ("without its middle", 3, "name+id+key", lambda k: k.replace("+", "", 1)),
    ("another sum", 3, "is miswritten", lambda k: "+".join([k.split("+", 2)[0], "00000000", k.split("+", 2)[2]])),
    ("cut short", 3, "name+id+key", lambda k: k[:-6]),
    ("another name", 3, "is miswritten", lambda k: "x" + k),
    ("not base64", 3, "name+id+key", lambda k: k[:-3] + "*=="),
]
