#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words that the public reads: easy enough for a child of ten, and none that labels.

Every template of the public, every question of the report as packs say it, every public sentence of the packs.
A page's grade is Flesch-Kincaid's over its sentences of four words and more.
"""
import pathlib
import re
import sys

GRADE_MAX = 5.5
SENTENCE_MAX = 25
WORDS_MIN = 20  # a grade of fewer says nothing
FORBIDDEN = ["referral", "threshold", "safeguarding", "agency", "mash", "victim", "survivor", "alleged", "disclosed",
             "offender", "perpetrator", "vulnerable", "at risk", "case", "subject", "submit"]
# Names, and words of law with a plain line beside them.
SPOKEN = [r"UK GDPR article 6\(1\)\(e\), and Schedule 1, paragraph 18 of the Data Protection Act 2018",
          r"Equality and Human Rights Commission", r"Information Commissioner", r"data protection officer"]
# Lines for a program, not for a reader.
UNREAD = re.compile(r"<(style|script|svg|code|pre)\b.*?</\1>", re.S)
ENDS = re.compile(r"</(p|h1|h2|h3|li|label|legend|button|summary|dt|dd|div|a|title|caption|th|td|option)>")


def text_of(template):
    text = UNREAD.sub(" ", template)
    text = re.sub(r"\{\{!.*?\}\}", " ", text, flags=re.S)
    text = re.sub(r"\{\{[#^/<>$].*?\}\}", " ", text)
    text = re.sub(r"\{\{.*?\}\}", "today", text)
    text = ENDS.sub(". ", text)
    text = re.sub(r"<[^>]*>", " ", text)
    for name in SPOKEN:
        text = re.sub(name, "the law", text)
    return re.sub(r"\s+", " ", text.replace("&nbsp;", " "))


def syllables(word):
    word = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not word.endswith("le") and groups > 1:
        groups -= 1
    if word.endswith("ed") and not word.endswith(("ted", "ded")) and groups > 1:
        groups -= 1
    return max(groups, 1)


def sentences(text):
    found = []
    for part in re.split(r"[.!?:;](?:\s|$)|”\s", text):
        words = re.findall(r"[A-Za-z’'-]*[A-Za-z][A-Za-z’'-]*|\d[\d,.]*", part)
        if len(words) >= 4:
            found.append(words)
    return found


def grade(found):
    words = sum(len(s) for s in found)
    spoken = sum(syllables(w) for s in found for w in s)
    return 0.39 * words / len(found) + 11.8 * spoken / words - 15.59


def pages():
    for path in sorted(pathlib.Path("templates/public").glob("*.mustache")):
        yield str(path), text_of(path.read_text())
    for name in ["too-many", "refusal", "partials/help-now", "partials/foot"]:
        yield name, text_of(pathlib.Path(f"templates/{name}.mustache").read_text())
    source = re.sub(r'"\s*\n\s*"', "", pathlib.Path("src/web/report_files.c").read_text())
    lines = [line for line in re.findall(r'"((?:[^"\\]|\\.)*)"', source) if " " in line and not line.startswith("web/")]
    yield "report_files.c", ". ".join(line.replace('\\"', "") for line in lines) + ". "
    for path in sorted(pathlib.Path("packs").glob("*/texts/*.yaml")):
        lines = re.findall(r"^report\.[a-z0-9.-]+: \"?(.*?)\"?$", path.read_text(), re.M)
        yield str(path), ". ".join(line.replace('\\"', "") for line in lines) + ". "
    for pack in sorted(pathlib.Path("packs").glob("*/")):
        lines = [line for path in sorted(pack.glob("**/*.yaml"))
                 for line in re.findall(r"\bpublic(?:-late)?: \"?(.*?)\"?(?: \}|,|$)", path.read_text(), re.M)]
        offices = (pack / "offices.yaml").read_text().partition("\noffices:")[2]
        # An office is known to the public by its title where it has no other name for them.
        lines += [line for line in re.findall(r"^ .*?title: ([^,}\n]*)(?!.*public:)", offices, re.M)]
        if lines:
            yield f"{pack}: public", ". ".join(lines) + ". "


def faults(text):
    found = sentences(text)
    for word in FORBIDDEN:
        if re.search(rf"\b{word}s?\b", text, re.I):
            yield f"\"{word}\" is not said to the public"
    for words in found:
        if len(words) > SENTENCE_MAX:
            yield f"a sentence of {len(words)} words: {' '.join(words)}"
    if sum(len(s) for s in found) >= WORDS_MIN and grade(found) > GRADE_MAX:
        yield f"reads at grade {grade(found):.1f}, not at most {GRADE_MAX}"


def main():
    failed = False
    for name, text in pages():
        wrong = list(faults(text))
        failed |= bool(wrong)
        for line in wrong:
            print(f"{name}: {line}")
        print(f"[  FAILED  ] {name}" if wrong else f"[       OK ] {name}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
