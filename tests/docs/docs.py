#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tutorial is run as it is written; every command that the documents name is one.

    docs.py PROGRAM

Blocks marked ```sh are run in one shell, in their order, in a folder where
build/candour is the program and build/demo a new Northmere; what stands in
```sh fails must fail. Prints lines that tools/run-tests counts.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(sys.argv[1])
TUTORIAL = "docs/tutorial.md"
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "SECURITY.md"] + [
    os.path.join(folder, name) for folder, _, names in os.walk("docs") for name in names
    if name.endswith((".md", ".service"))]

# A line of a block, and what the program must say behind it.
SAYS = {
    "cat report.txt": ["number C-"],
    'status build/demo "$CODE"': ["A trained person reads it", "Somebody decides what to do"],
    'show build/demo "$N"': ["The boy next door is in the garden past ten", "Owed"],
    '"reasons":"Nothing new."': ["Nobody has asked the police", "Refused"],
    '"closing":"done","decision":\'"$D"\'}\'': ["candour: "],
    "receipt my.receipt": ["signed"],
    "verify build/demo": ["ok", "entries "],
    'status build/demo "$(head': ["because it is late, these were told", "Ofsted contact"],
    "duties build/demo --overdue": ["late"],
}


def result(name, problem):
    print(f"[ RUN      ] {name}")
    print(f"[       OK ] {name}" if not problem else f"{problem}\n[  FAILED  ] {name}", flush=True)
    return not problem


def blocks(path):
    """(what stands behind the fence, text) of each block, one after the other."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    return [(m.group(1).strip(), m.group(2)) for m in re.finditer(r"(?ms)^```([^\n]*)\n(.*?)^```$", text)]


# --- the tutorial -----------------------------------------------------------------------------------


def script(parts):
    lines = []
    for i, (kind, text) in enumerate(parts):
        lines.append(f"echo '=== {i}'")
        if kind == "sh fails":
            lines.append(f"if (\nset -e -o pipefail\n{text}) 2>&1; then echo '=== not refused {i}'; exit 9; fi")
        else:
            lines.append(f"set -e -o pipefail\n{text}set +e")
    return "exec 2>&1\n" + "\n".join(lines) + "\necho '=== end'\n"


def wrong_count(parts, said):
    """What the tutorial says is owed, by its number, against what the program lists."""
    with open(TUTORIAL, encoding="utf-8") as file:
        claim = re.search(r"(?m)^(\w+) things are owed already", file.read())
    told = "".join(said.get(str(i), "") for i, (_, text) in enumerate(parts) if 'status build/demo "$CODE"' in text)
    owed = len(re.findall(r"(?m)^    by .*, due ", told))
    words = ["No", "One", "Two", "Three", "Four", "Five"]
    return "" if claim and owed < len(words) and claim.group(1) == words[owed] else f"{owed} are owed: {told[:1000]}"


def run_tutorial(folder):
    os.makedirs(os.path.join(folder, "build"))
    os.symlink(PROGRAM, os.path.join(folder, "build/candour"))
    # The same roads with fewer children, sooner (tests/cli/test_demo makes the whole year).
    made = subprocess.run([PROGRAM, "demo", os.path.join(folder, "build/demo"), "--listen", "none", "--children", "12"],
                          capture_output=True, text=True, timeout=600, check=False)
    good = result("northmere_is_made", "" if made.returncode == 0 else made.stderr)
    parts = [(kind, text) for kind, text in blocks(TUTORIAL) if kind in ("sh", "sh fails")]
    good &= result("the_tutorial_has_its_blocks", "" if len(parts) >= 10 else f"only {len(parts)}")
    ran = subprocess.run(["bash", "-c", script(parts)], cwd=folder, capture_output=True, text=True, timeout=900,
                         check=False)
    said = dict(re.findall(r"(?ms)^=== (\d+)\n(.*?)(?=^=== )", ran.stdout))
    ended = ran.returncode == 0 and ran.stdout.rstrip().endswith("=== end")
    good &= result("the_tutorial_runs_as_written", "" if ended else ran.stdout[-3000:])
    for line, wanted in SAYS.items():
        at = [i for i, (_, text) in enumerate(parts) if line in text]
        told = "".join(said.get(str(i), "") for i in at)
        lacking = [word for word in wanted if word not in told]
        good &= result(f"the_tutorial_says: {line}", "" if at and not lacking else
                       f"{lacking or 'no such line'} in: {told[-1500:]}")
    good &= result("the_tutorial_counts_what_is_owed", wrong_count(parts, said))
    secret = re.search(r"(?m)^.*\bnadia\b.*\b([A-Z2-7]{32})$", made.stdout)
    code = subprocess.run([PROGRAM, "code", secret.group(1) if secret else "x"], capture_output=True, text=True,
                          check=False)
    return good & result("nadias_secret_gives_six_digits",
                         "" if re.match(r"\d{6}\b", code.stdout) else code.stdout + code.stderr)


# --- the pack's tutorial ------------------------------------------------------------------------------

PACK_PAGE = "docs/pack.md"

# What the program must say behind a line of a block of it.
PACK_SAYS = {
    "pack explain england T01": ["Settled by concern.decided", "Opened by concern.received"],
    "cat packs/northmere/pack.yaml": ["extends: england "],
    "concern.passed: { needs:": ["pack northmere 0.1.0 sha256:"],
    "packs/northmere northmere-T01": ["Ring back whoever reported", "within 2 working days", "independent"],
    "pack diff england": ["duty northmere-T01 added   tighter", ", 0 looser, 0 other, "],
    "duties trial --rule northmere-T01": ["change tighter", "Ring back whoever reported, due", "ok"],
    "cat waits.txt": ["2 working-days -> 3 working-days   looser", "waiting ", "for independent-scrutineer", "ok"],
}


def run_pack_page(folder):
    """docs/pack.md, in a folder of its own: what it says is refused is refused, and its layer is adopted."""
    os.makedirs(os.path.join(folder, "build"))
    os.symlink(PROGRAM, os.path.join(folder, "build/candour"))
    parts = [(kind, text) for kind, text in blocks(PACK_PAGE) if kind in ("sh", "sh fails")]
    ran = subprocess.run(["bash", "-c", script(parts)], cwd=folder, capture_output=True, text=True, timeout=900,
                         check=False)
    said = dict(re.findall(r"(?ms)^=== (\d+)\n(.*?)(?=^=== )", ran.stdout))
    ended = ran.returncode == 0 and ran.stdout.rstrip().endswith("=== end")
    good = result("the_page_of_the_pack_runs_as_written", "" if ended else ran.stdout[-3000:])
    for line, wanted in PACK_SAYS.items():
        at = [i for i, (_, text) in enumerate(parts) if line in text]
        told = "".join(said.get(str(i), "") for i in at)
        lacking = [word for word in wanted if word not in told]
        good &= result(f"the_page_of_the_pack_says: {line.splitlines()[0]}", "" if at and not lacking else
                       f"{lacking or 'no such line'} in: {told[-1500:]}")
    refused = "".join(said.get(str(i), "") for i, (kind, text) in enumerate(parts)
                      if kind == "sh fails" and "pack check" in text)
    return good & result("the_check_shows_what_would_be_forgotten", "" if
                         'while northmere-T01 "Ring back whoever reported" is still owed' in refused else refused)


# --- every command that is named ------------------------------------------------------------------


def helps():
    """Options by command, as the program tells them."""
    listed = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, check=True).stdout
    commands = re.findall(r"(?m)^  ([a-z]+(?: [a-z-]+){0,2})(?=  |$)", listed)
    known = {}
    for command in commands:
        told = subprocess.run([PROGRAM, *command.split(), "--help"], capture_output=True, text=True,
                              check=True).stdout
        known[command] = set(re.findall(r"(?m)^  (--[a-z-]+)", told))
    return known


def what_is_wrong(line, known):
    words = re.split(r"[\s|;>]", line)[1:]
    if not words or words[0] in ("--help", "--version", "COMMAND"):
        return ""
    command = next((c for c in (" ".join(words[:n]) for n in (3, 2)) if c in known), words[0])
    if command not in known:
        return f"there is no command: {line}"
    unknown = [o for o in re.findall(r"(?<=\s)--[a-z-]+", line) if o not in known[command]]
    return f"{command} has no {', '.join(unknown)}: {line}" if unknown else ""


def named_commands(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    inline = re.findall(r"`((?:build/)?candour [^`]+)`", text)
    fenced = [m for _, block in blocks(path) for m in
              re.findall(r"(?m)(?:^|[(|]\s*)((?:build/)?candour [^\n|)]*)", block)]
    started = re.findall(r"(?m)^ExecStart=\S*/(candour .*)$", text)
    return inline + fenced + started


def check_names():
    known = helps()
    wrong, count = [], 0
    for path in sorted(DOCUMENTS):
        for line in named_commands(path):
            count += 1
            problem = what_is_wrong(" ".join(line.split()), known)
            if problem:
                wrong.append(f"{path}: {problem}")
    good = result("documents_name_commands", "" if count > 30 else f"only {count} were found")
    return good & result("every_command_that_documents_name_is_one", "\n".join(wrong))


# --- every test that is named -----------------------------------------------------------------------


def defined_tests():
    sources = [os.path.join(folder, name) for folder, _, names in os.walk("tests") for name in names
               if name.endswith((".c", ".h"))]
    found = set()
    for path in sources:
        with open(path, encoding="utf-8") as file:
            found |= set(re.findall(r"(?m)^static void (\w+)\(void \*\*state\)", file.read()))
    return found | drilled_tests()


def drilled_tests():
    """What the fork drill tells under a name; one that stands for a part of it is told of each backup."""
    with open("tests/fork/fork.py", encoding="utf-8") as file:
        text = file.read()
    told = re.findall(r'result\(f?"([{}\w]+)"', text)
    parts = re.findall(r'refuses\(world, \w+, "(\w+)"\)', text)
    return {name.replace("{name}", part) for name in told for part in parts}


def check_tests():
    """Names of four words and more between backquotes are sentences of tests."""
    with open("docs/asked.md", encoding="utf-8") as file:
        named = set(re.findall(r"`([a-z0-9]+(?:_[a-z0-9]+){3,})`", file.read()))
    good = result("documents_name_tests", "" if len(named) > 30 else f"only {len(named)} were found")
    return good & result("every_test_that_documents_name_is_one", "\n".join(sorted(named - defined_tests())))


def table_of(path, heading):
    """The rows of a section's table, each a list of its cells; without its head."""
    with open(path, encoding="utf-8") as file:
        part = re.search(rf"(?ms)^## {heading}$(.*?)(?=^## |\Z)", file.read())
    rows = [line.strip("|").split("|") for line in (part.group(1) if part else "").splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def check_stops():
    """Every row of the tables of where the program is stopped, and of what it looks at first, names its tests."""
    good, made = True, defined_tests()
    for heading, wanted in (("Where it may be stopped", 14), ("Before it takes anything in", 7)):
        rows = table_of("docs/architecture.md", heading)
        named = [(row[0], re.findall(r"`(\w+)`", row[-1])) for row in rows]
        wrong = [f"{row}: {', '.join(set(names) - made) or 'names no test'}" for row, names in named
                 if not names or set(names) - made]
        good &= result(f"rows_of: {heading}", "" if len(rows) == wanted else f"{len(rows)}, not {wanted}")
        good &= result(f"every_row_has_its_test: {heading}", "\n".join(wrong))
    return good


def check_stories():
    """Every way to tell two stories that the page of trust tells is a test of these words, and the other way round."""
    ways = {row[0].replace(" ", "_") for row in table_of("docs/trust.md", "Ways to tell two stories")}
    with open("tests/log/test_equivocate.c", encoding="utf-8") as file:
        made = set(re.findall(r"PROVES\((\w+)\)", file.read()))
    good = result("twelve_ways_to_tell_two_stories", "" if len(ways) >= 12 else f"only {len(ways)}")
    return good & result("every_way_that_is_told_is_a_test_and_every_test_is_told", "\n".join(sorted(ways ^ made)))


def check_tries():
    """Every try of the table in the threat model is a test of these words, and the other way round."""
    with open("docs/threat-model.md", encoding="utf-8") as file:
        part = re.search(r"(?ms)^## Tries to make a concern go away$(.*?)^## ", file.read())
    told = re.findall(r"(?m)^\| ([a-z][a-z ]+?) \|", part.group(1) if part else "")
    tries = {name.replace(" ", "_") for name in told if name != "try"}
    made = set()
    for name in sorted(os.listdir("tests/england")):
        if name.startswith("test_bad_actor"):
            with open(os.path.join("tests/england", name), encoding="utf-8") as file:
                made |= set(re.findall(r"(?m)^\t\t(?:TRIES|cmocka_unit_test_setup_teardown)\((\w+)", file.read()))
    good = result("fifty_tries_are_told", "" if len(tries) >= 50 else f"only {len(tries)}")
    wrong = [f"no test: {name}" for name in sorted(tries - made)] + [f"not told: {name}" for name in sorted(made - tries)]
    return good & result("every_try_that_is_told_is_a_test_and_every_test_is_told", "\n".join(wrong))


def check_let_through():
    """The threat model names each story of what was let through once, and no other."""
    with open("docs/threat-model.md", encoding="utf-8") as file:
        part = re.search(r"(?ms)^## What was let through once$(.*?)^## ", file.read())
    named = re.findall(r"(?m)^\| (.+?) \| ", part.group(1) if part else "")
    named = [name for name in named if name not in ("what is so now", "---")]
    with open("tests/data/england/duties/let-through.yaml", encoding="utf-8") as file:
        told = re.findall(r"(?m)^  story: (.+)$", file.read())
    good = result("what_was_let_through_is_told", "" if len(named) >= 20 else f"only {len(named)}")
    wrong = [f"no story: {name}" for name in named if name not in told]
    good &= result("every_story_that_is_named_is_told", "\n".join(wrong))
    wrong = [f"no row: {name}" for name in told if named.count(name) != 1]
    return good & result("every_story_that_is_told_is_named_once", "\n".join(wrong))


def check_rows():
    """Every row stands in a table: behind another row, or before the line of dashes."""
    wrong = []
    for path in sorted(DOCUMENTS):
        with open(path, encoding="utf-8") as file:
            lines = [""] + file.read().splitlines() + [""]
        wrong += [f"{path}:{i}: {lines[i][:60]}" for i in range(1, len(lines) - 1) if lines[i].startswith("| ")
                  and not lines[i - 1].startswith("|") and not lines[i + 1].startswith("| ---")]
    return result("every_row_of_a_document_stands_in_its_table", "\n".join(wrong))


def main():
    folder = tempfile.mkdtemp(prefix="candour-docs-")
    os.environ["CANDOUR_PACKS"] = os.path.abspath("packs")
    os.environ.pop("CANDOUR_TOKEN", None)
    try:
        good = check_names()
        good &= check_tests()
        good &= check_stops()
        good &= check_stories()
        good &= check_tries()
        good &= check_let_through()
        good &= check_rows()
        good &= run_pack_page(os.path.join(folder, "pack"))
        good &= run_tutorial(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if good else 1)


main()
