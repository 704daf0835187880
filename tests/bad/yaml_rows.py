# SPDX-License-Identifier: AGPL-3.0-or-later
"""Packs that are broken: what candour pack check says of a sample with one file changed."""


def add(text):
    return lambda old: old + text


def put(old, new):
    def act(text):
        assert old in text, old
        return text.replace(old, new, 1)
    return act


def bomb(levels, width):
    """Aliases of aliases: a few lines that would unfold to width to the power of levels."""
    lines = [b"a0: &a0 [x]"]
    for i in range(1, levels):
        lines.append(b"a%d: &a%d [%s]" % (i, i, b", ".join([b"*a%d" % (i - 1)] * width)))
    return b"\n".join(lines) + b"\n"


# name, exit status, what is said, file, how it is changed
ROWS = [
    ("aliases that unfold to a million", 3, "anchors, aliases and tags are not used", "lists.yaml", add(bomb(8, 10))),
    ("an alias of itself", 3, "anchors, aliases and tags are not used", "lists.yaml", add(b"loop: &loop [*loop]\n")),
    ("an alias of nothing", 3, "anchors, aliases and tags are not used", "lists.yaml", add(b"odd: *nobody\n")),
    ("an anchor", 3, "anchors, aliases and tags are not used", "lists.yaml", add(b"odd: &here { a: A }\n")),
    ("a tag", 3, "anchors, aliases and tags are not used", "lists.yaml", add(b"odd: !!python/object { a: A }\n")),
    ("a merge", 3, "merge keys are not used", "lists.yaml", add(b"odd: { <<: { a: A } }\n")),
    ("two documents", 3, "a second document", "lists.yaml", add(b"---\nodd: { a: A }\n")),
    ("the same key twice", 3, "key \"harm\" stands twice", "lists.yaml", add(b"harm: { a: A }\n")),
    ("the same code twice", 3, "key \"a\" stands twice", "lists.yaml", add(b"odd: { a: A, a: B }\n")),
    ("a tab for indentation", 3, "a tab as indent; use blanks", "lists.yaml", add(b"odd:\n\ta: A\n")),
    ("not UTF-8", 3, "are not UTF-8", "lists.yaml", add(b"odd: { a: \xff }\n")),
    ("NUL", 3, "a control character", "lists.yaml", add(b"odd: { a: \x00 }\n")),
    ("an open bracket", 3, "without a closing bracket", "lists.yaml", add(b"odd: [a, b\n")),
    ("an open quote", 3, "without closing quote", "lists.yaml", add(b"odd: { a: \"A }\n")),
    ("a thousand levels", 3, "nested deeper than", "lists.yaml", add(b"odd: " + b"[" * 1000 + b"]" * 1000 + b"\n")),
    ("nine megabytes", 3, "is larger than", "lists.yaml", add(b"# " + b"x" * 9_000_000 + b"\n")),
    ("a list for a mapping", 3, "expected NAME: body", "lists.yaml", lambda old: b"[a, b]\n"),
    ("nothing at all", 3, "nothing stands in this file", "pack.yaml", lambda old: b""),
    ("a pack without a name", 3, "has no \"name\"", "pack.yaml", put(b"name: sample\n", b"")),
    ("a version that is none", 3, "expected MAJOR.MINOR.PATCH", "pack.yaml", put(b"version: 0.1.0", b"version: newest")),
    ("a zone that is none", 3, "There is no time zone", "pack.yaml", put(b"Europe/London", b"Europe/Northmere")),
    ("a key that is none", 3, "no such key", "pack.yaml", add(b"colour: green\n")),
    ("a pack below that is not there", 3, "below it lies nothing", "pack.yaml", add(b"extends: nowhere\n")),
    ("a holiday that is no date", 3, "is no date; expected YYYY-MM-DD", "calendar.yaml", put(b"2026-04-03", b"2026-02-30")),
    ("office hours that are none", 3, "office-hours: expected", "calendar.yaml", put(b"09:00", b"25:00")),
    ("a duty without a ladder", 3, "duty T00 has no", "duties.yaml", put(b"  ladder: referral\n", b"")),
    ("a ladder that is not there", 3, "no such ladder; one of: agency", "duties.yaml", put(b"ladder: referral", b"ladder: rope")),
    ("an office that is not there", 3, "nearest: screener", "duties.yaml", put(b"owed-by: screener", b"owed-by: sceener")),
    ("a limit below nothing", 3, "expected a whole number from 0", "duties.yaml", put(b"working-days: 10", b"working-days: -1")),
    ("a limit past all bounds", 3, "expected a whole number from 0", "duties.yaml",
     put(b"working-days: 10", b"working-days: 99999999999999999999")),
    ("a class that is none", 3, "one of: statute", "duties.yaml", put(b"class: norm", b"class: habit")),
    ("a dated case that does not hold", 1, "the case says 2026-05-25T23:00:00Z", "duties.yaml", put(b"2026-05-26T23:00:00Z", b"2026-05-25T23:00:00Z")),
    ("a file of no name that is known", 3, "no file of a pack", "surprise.yaml", lambda old: b"a: b\n"),
]
