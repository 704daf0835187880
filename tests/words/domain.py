#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nothing of one country's law or practice is in the program: its words are looked for in src/, comments too.

What is looked for: the words of domain.txt, and of every pack the names of its kinds, offices, agencies and file
types and the numbers of its rules, where they stand between quotation marks or dots. domain.txt also says where a
word may stand and why; a place that no longer needs its leave is told, so that the list can only become shorter.
Prints lines that tools/run-tests counts.
"""
import fnmatch
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent


def read_list():
    words, allowed, part = [], [], None
    for number, line in enumerate((HERE / "domain.txt").read_text().splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            part = line
        elif part == "[words]":
            words += line.split(", ")
        else:
            path, rest = line.split(": ", 1)
            names, why = rest.split(" | ", 1)
            allowed.append({"path": path, "words": set(names.split(", ")), "why": why, "line": number, "used": set()})
    return words, allowed


def names_of_packs():
    """Names that stand for themselves only as a name: quoted, or the first part of a dotted one."""
    names = {"child", "concern"}
    for pack in sorted(pathlib.Path("packs").glob("*/")):
        for path in sorted(pack.glob("kinds/*.yaml")):
            if path.name != "register.yaml":
                names |= set(re.findall(r"(?m)^([a-z][a-z-]*\.[a-z-]+):", path.read_text()))
        names |= set(re.findall(r"(?m)^  ([a-z][a-z-]*):", (pack / "offices.yaml").read_text()))
        types = (pack / "files.yaml").read_text().partition("\nrelations:")[0]
        names |= set(re.findall(r"(?m)^  ([a-z][a-z-]*):", types))
    return names - BUILT_IN


# Roles and agencies that every register has (docs/reference/pack.md), and words that are the program's own.
BUILT_IN = {"register-administrator", "independent-scrutineer", "data-protection-officer", "partnership", "host",
            "outside", "report", "review", "office", "register", "request", "place",
            "group", "warning", "thing", "plan", "board", "link.made", "link.removed"}
RULES = re.compile(r'(?<![A-Za-z0-9_"$])"?((?:T\d{2}|K\d{2}|G\d{1,2})(?:\.\d+)?)"?(?![A-Za-z0-9_])')


SPOKEN = re.compile(r'/\*.*?\*/|"(?:[^"\\\n]|\\.)*"', re.S)


def spoken(text):
    """
    Comments and texts alone, each in its line: names of C (a child of a node) say nothing of the field. What a
    comment has in quotation marks is an example of a value, and may be of any country.
    """
    kept, end = [], 0
    for match in SPOKEN.finditer(text):
        piece = match.group()
        if piece.startswith("/*"):
            piece = re.sub(r'"[^"]*"', lambda m: re.sub(r"[^\n]", " ", m.group()), piece)
        kept.append(re.sub(r"[^\n]", " ", text[end:match.start()]) + piece)
        end = match.end()
    return "".join(kept)


def found_in(text, words, names):
    """(line, word) of everything that is of one country."""
    for number, line in enumerate(spoken(text).splitlines(), 1):
        for word, pattern in words:
            if pattern.search(line):
                yield number, word
        for quoted in re.findall(r'"([a-z][a-z.-]*)"', line) + re.findall(r"\b[a-z][a-z-]*\.[a-z][a-z-]+\b", line):
            if quoted in names:
                yield number, quoted
        for rule in RULES.findall(line):
            yield number, rule


def main():
    listed, allowed = read_list()
    words = [(w, re.compile(rf"(?<![A-Za-z]){re.escape(w)}(?:s|ren|'s)?(?![A-Za-z])",
                              0 if w.isupper() else re.I)) for w in listed]
    names = names_of_packs()
    bad = False
    for path in sorted(pathlib.Path("src").glob("**/*.[ch]")):
        wrong = []
        for number, word in found_in(path.read_text(), words, names):
            leave = next((a for a in allowed if fnmatch.fnmatch(str(path), a["path"])
                          and (word in a["words"] or "*" in a["words"])), None)
            if leave:
                leave["used"] |= {word, "*"} & leave["words"]
            else:
                wrong.append(f"{path}:{number}: \"{word}\" is a word of one country's practice: say it in the pack, "
                             "or by another word")
        if wrong:
            bad = True
            print("\n".join(wrong))
    print(f"[       OK ] no_word_of_one_country_is_in_the_program" if not bad else
          "[  FAILED  ] no_word_of_one_country_is_in_the_program")
    stale = [f"tests/words/domain.txt:{a['line']}: {a['path']} needs no leave for {', '.join(sorted(a['words'] - a['used']))}"
             for a in allowed if a["words"] - a["used"]]
    if stale:
        print("\n".join(stale))
    print("[       OK ] no_leave_is_given_that_is_not_needed" if not stale else
          "[  FAILED  ] no_leave_is_given_that_is_not_needed")
    return 1 if bad or stale else 0


sys.exit(main())
