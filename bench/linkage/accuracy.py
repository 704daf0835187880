#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How well `candour link` finds who is who: every measure of accuracy beside its bar, and the table of fairness.

    bench/linkage/accuracy.py BUILD --folder DIR [--only NAME,...] [--seeds 10,12,11]

CANDOUR_LINKAGE_TOOLS names the folder of the generator of people (make_people.py) and of the evaluator
(eval_links.py); CANDOUR_LINKAGE that of fake_1000 and FEBRL. What is made or found once in DIR is not made again.
Sets: fake, febrl1, febrl2, febrl3 (with their _truth.csv; those that are missing are said to be), usual, noise, twins, other, full, words, million.
Origin of names is in the truth alone: it measures, it is never an input.
"""
import argparse
import csv
import importlib.util
import json
import math
import os
import subprocess
import sys
from collections import Counter, defaultdict

sys.dont_write_bytecode = True

EDGE = 2
BITS = range(-3, 8)
LOWEST = -200  # so that all candidates are written
REVIEW = 0  # the lower end of what a person is shown
PLENTY = 1000  # true pairs of an origin, for its recall to be more than chance
SETS = ("fake", "febrl1", "febrl2", "febrl3", "usual", "noise", "twins", "other", "full", "words", "million")

# Headers, dates and mistakes that are none of the generator's own: what another partnership would hand over.
OTHER_HEADER = ["Unique_Ref", "Forename", "Other Names", "Family Name", "Date of Birth", "Gender", "Post Code", "Address_Line_1",
                "Telephone", "NHS No", "Unique Pupil Number", "Source"]
FULL_HEADER = ["ref", "name", "born", "gender", "postal_code", "addr", "mobile", "nhs", "upn", "org"]
WORDS_HEADER = ["Case Number", "Child Forename(s)", "Child Middle Name", "Child Surname", "DOB (dd/mm/yyyy)", "Sex at birth", "Home Post Code",
                "Home Address Line 1", "Contact Tel No", "Patient NHS Number", "UPN Number", "Referring Agency"]
OTHER_MISTAKES = {"typo": .05, "phonetic": .035, "translit": .1, "nick": 1.6, "middle_first": .02, "dob_digit": .02, "dob_swap": .02,
                  "dob_default": .02, "move": .3, "phone_change": .4, "postcode_typo": .03, "mojibake": .1, "swap": 2.0}


def fail(text):
    print("accuracy: " + text, file=sys.stderr)
    sys.exit(2)


def tools():
    folder = os.environ.get("CANDOUR_LINKAGE_TOOLS", "")
    if not folder or not os.path.exists(os.path.join(folder, "make_people.py")):
        fail("CANDOUR_LINKAGE_TOOLS must name the folder of make_people.py and eval_links.py")
    return folder


def generator():
    spec = importlib.util.spec_from_file_location("make_people", os.path.join(tools(), "make_people.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def day_first(date):
    return "/".join(reversed(date.split("-"))) if date.count("-") == 2 else date


def other_row(row):
    sex = {"F": "Female", "M": "Male"}.get(row[4], row[4])
    return [*row[:3], day_first(row[3]), sex, *row[5:]]


def full_row(row):
    first, middle, surname = row[:3]
    name = " ".join(part for part in (first, middle, surname) if part)
    return [name, day_first(row[3]), row[4].lower(), *row[5:]]


def make(name, seed, folder):
    """The set's file and its truth, made if they are not there."""
    out = os.path.join(folder, f"{name}-{seed}.csv")
    truth = os.path.join(folder, f"{name}-{seed}-truth.csv")
    if os.path.exists(out) and os.path.exists(truth):
        return out, truth
    people = generator()
    size = {"million": 1000000, "words": 30000}.get(name, 100000)
    options = {"noise": {"noise": 2.0}, "twins": {"twins": 0.1}, "other": OTHER_MISTAKES, "full": OTHER_MISTAKES,
               "words": OTHER_MISTAKES}.get(name, {})
    maker = people.Maker(size, seed, **options)
    if name in ("other", "words"):
        people.write(maker, out, truth, OTHER_HEADER if name == "other" else WORDS_HEADER, other_row)
    elif name == "full":
        people.write(maker, out, truth, FULL_HEADER, full_row)
    else:
        people.write(maker, out, truth)
    return out, truth


def link(build, source, folder, lowest=LOWEST):
    pairs, groups, report = (os.path.join(folder, x) for x in ("pairs.csv", "clusters.csv", "report.json"))
    subprocess.run([os.path.join(build, "candour"), "link", "--in", source, "--pairs", pairs, "--clusters", groups, "--report", report,
                    "--threshold", str(lowest), "--quiet"], check=True, stdout=subprocess.DEVNULL)
    return pairs, groups, report


def evaluate(truth, pairs, groups):
    done = subprocess.run([sys.executable, os.path.join(tools(), "eval_links.py"), "--truth", truth, "--pairs", pairs, "--clusters",
                           groups, "--threshold", str(EDGE), "--json"], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


class Truth:
    """Who each record is of, whose twin, and of which origin the name is."""

    def __init__(self, path):
        with open(path, newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        one = next(iter(rows))
        ident = next(x for x in ("id", "unique_id", "rec_id") if x in one)
        person = next(x for x in ("person", "cluster", "entity") if x in one)
        self.person = {row[ident]: row[person] for row in rows}
        self.origin = {row[ident]: row["origin"] for row in rows} if "origin" in one else {}
        self.true = Counter()
        for ids in self.people().values():
            self.true[self.origin.get(ids[0])] += len(ids) * (len(ids) - 1) // 2

    def people(self):
        out = defaultdict(list)
        for ident, person in self.person.items():
            out[person].append(ident)
        return out


class Scored:
    """What the pairs of one run come to, by bit and by origin."""

    def __init__(self, truth, path):
        self.truth = truth
        self.stated, self.count, self.right = defaultdict(float), Counter(), Counter()
        self.at = {least: Counter() for least in (REVIEW, EDGE)}
        self.wrong, self.touching = Counter(), Counter()
        self.wrong_links = 0
        with open(path, newline="", encoding="utf-8") as file:
            rows = csv.reader(file)
            next(rows)
            for left, right, weight in rows:
                self.add(left, right, float(weight))

    def add(self, left, right, weight):
        if weight < min(BITS):
            return
        same = self.truth.person[left] == self.truth.person[right]
        bit = math.floor(weight)
        self.count[bit] += 1
        self.right[bit] += same
        self.stated[bit] += 1 / (1 + 2 ** -weight)
        origins = {self.truth.origin.get(left), self.truth.origin.get(right)}
        for least, found in self.at.items():
            if weight >= least and same:
                found[self.truth.origin.get(left)] += 1
        if weight >= EDGE:
            self.wrong_links += not same
            for origin in origins:
                self.touching[origin] += 1
                self.wrong[origin] += not same

    def calibration(self):
        """By bit what was said and what was true; the widest gap of those with fifty pairs."""
        lines = [(bit, self.stated[bit] / self.count[bit], self.right[bit] / self.count[bit]) for bit in BITS if self.count[bit]]
        gaps = [abs(said - true) for bit, said, true in lines if self.count[bit] >= 50]
        return lines, max(gaps, default=0)

    def fairness(self):
        records = Counter(self.truth.origin.values())
        rate = 1000 * self.wrong_links / max(len(self.truth.origin), 1)
        out = []
        for origin, count in records.most_common():
            true = self.truth.true[origin] or 1
            out.append((origin, count, true, self.at[EDGE][origin] / true, self.at[REVIEW][origin] / true,
                        1 - self.wrong[origin] / max(self.touching[origin], 1), 1000 * self.wrong[origin] / count,
                        1000 * self.wrong[origin] / count / (rate or 1)))
        return out


def known(name):
    """A set that is not made: its file and truth, from the folder of data or of this run."""
    def look(folder):
        out = os.path.join(folder, {"fake": "fake_1000"}.get(name, name) + ".csv")
        truth = out if name == "fake" else out.replace(".csv", "_truth.csv")
        return (out, truth) if os.path.exists(out) and os.path.exists(truth) else None
    return look


def bars(name, figures, scored):
    """Rows of measure, value, what is owed, what is aimed at."""
    best, edge, groups = figures["best"]["f1"], figures["at"]["f1"], figures["clusters"]
    twins = figures["at"].get("twin_links", 0) / max(figures["at"].get("twin_pairs", 0), 1)
    given = figures["pairs"]["given"] / figures["records"]
    ceiling = figures["pairs"]["recall_of_given"]
    pair = ("best pair F1", best)
    if name in ("fake", "febrl1", "febrl2", "febrl3"):
        owed = (.865, .93) if name == "fake" else (.995, .995)
        return [(*pair, *owed), ("groups, pairwise F1", groups["pairwise"]["f1"], *((.918, .95) if name == "fake" else ("", "")))]
    rows = [(*pair, *{"usual": (.958, .972), "million": (.952, .966), "noise": (.941, .959), "other": (.9, .935),
                      "full": (.9, .935), "words": (.9, .935)}.get(name, ("", ""))),
            ("under the best at the edge", best - edge, .012, .006),
            ("B-cubed F1", groups["b_cubed"]["f1"], *((.976, .985) if name == "usual" else (.935, "") if name in ("other", "full", "words") else ("", ""))),
            ("groups, pairwise F1", groups["pairwise"]["f1"], *((.945, .962) if name == "million" else ("", ""))),
            ("twins over the edge", twins, .2, .1),
            ("precision at the edge", figures["at"]["precision"], "", ""),
            ("recall at the edge", figures["at"]["recall"], "", ""),
            ("ceiling of candidates", ceiling, .985, .991),
            ("candidates a record", given, 100, ""),
            ("widest gap of calibration", scored.calibration()[1], .12, .06)]
    groups_of = [line for line in scored.fairness() if line[2] >= PLENTY]
    recalls = [line[3] for line in groups_of]
    reviewed = [line[4] for line in groups_of]
    rows += [("gap of recall by origin", max(recalls) - min(recalls), .065, .04),
             ("the same with the review band", max(reviewed) - min(reviewed), "", ""),
             ("most false links of an origin, times the rate", max(line[7] for line in groups_of), 1.5, "")]
    return rows


def fairness_table(scored):
    """Lines of the table by the origin of names, the largest first."""
    yield ("| origin of the name | records | true pairs | recall at the edge | with review | precision | false links per 1,000 | times the rate |\n"
           "| --- | --- | --- | --- | --- | --- | --- | --- |")
    for origin, count, true, recall, review, precision, wrong, times in scored.fairness():
        yield f"| {origin.replace('_', ' ')} | {count} | {true} | {recall:.3f} | {review:.3f} | {precision:.3f} | {wrong:.1f} | {times:.2f} |"


def show(name, seed, figures, scored):
    title = name if seed is None else f"{name}, seed {seed}"
    for measure, value, owed, aim in bars(name, figures, scored):
        print(f"| {title} | {measure} | {value:.4f} | {owed} | {aim} |")
    if not scored.truth.origin:
        return
    print("|  | said against true, by bit | " +
          " ".join(f"{bit}:{said:.2f}/{true:.2f}" for bit, said, true in scored.calibration()[0]) + " | | |")
    print("", *fairness_table(scored), sep="\n")
    print()


def arguments():
    parser = argparse.ArgumentParser(prog="bench/linkage/accuracy.py", description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("build", metavar="BUILD", help="the folder of the build")
    parser.add_argument("--folder", required=True, help="where data and results lie")
    parser.add_argument("--only", default=",".join(SETS), help="some of: " + ", ".join(SETS))
    parser.add_argument("--seeds", default="", help="NAME=SEED,... in place of 10 (usual, twins, other, full), 12 (noise), 11 (million), 77 (words)")
    return parser.parse_args()


def main():
    given = arguments()
    os.makedirs(given.folder, exist_ok=True)
    seeds = {"usual": 10, "noise": 12, "twins": 10, "other": 10, "full": 10, "million": 11, "words": 77}
    for part in filter(None, given.seeds.split(",")):
        name, _, seed = part.partition("=")
        seeds[name] = int(seed)
    print("| set | measure | value | owed | aim |\n| --- | --- | --- | --- | --- |")
    for name in given.only.split(","):
        if name in seeds:
            files = make(name, seeds[name], given.folder)
        else:
            files = known(name)(os.environ.get("CANDOUR_LINKAGE", given.folder)) or known(name)(given.folder)
        if not files:
            print(f"| {name} | is not there | | | |")
            continue
        pairs, groups, _ = link(given.build, files[0], given.folder)
        show(name, seeds.get(name), evaluate(files[1], pairs, groups), Scored(Truth(files[1]), pairs))
        sys.stdout.flush()


if __name__ == "__main__":
    main()
