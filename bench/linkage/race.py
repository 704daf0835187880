#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""`candour link` beside its peers in one run: time, memory and accuracy, then every bar of speed, and the table of fairness.

    bench/linkage/race.py BUILD --folder DIR [--rounds 3] [--sizes 100000,1000000] [--large 5000000,10000000] [--models people,wide,auto]
                          [--parts PART,...] [--patience 3600] [--write bench/RESULTS.md]

Parts: peers, alone (large files, threads, rows that are all equal), fair. CANDOUR_LINKAGE_TOOLS names the folder of the
generator of people, of the evaluator and of linkage-peer/ with the peers' scripts.
What is made in DIR once is not made again: files of people, and a virtual environment in which the peers
are installed by the names of their packages. Where that cannot be done Candour runs alone, and the table says so.
Each round runs all engines one after the other. A peer's wall time is what it says of its phases: Python's own start is
left out. Processor time and memory are those of the whole process.
"""
import argparse
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import time
from collections import namedtuple

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

import accuracy  # noqa: E402
from measure import Failed, Table, median, say, spread  # noqa: E402

PARTS = ("peers", "alone", "fair")
PACKAGES = ("splink==5.0.0", "duckdb==2.0.0", "recordlinkage==0.16")
SEEDS = {100000: 10, 1000000: 11}
USUAL, MILLION = 100000, 1000000
HEADING = "## Linkage beside its peers"
MEBI = 1048576 / 1e6

Run = namedtuple("Run", "wall cpu mb candidates")
Engine = namedtuple("Engine", "name rules most command")


def short(number):
    return f"{number // 1000000} M" if number >= 1000000 else f"{number // 1000} k"


class Race:
    def __init__(self, given):
        self.given = given
        self.folder = given.folder
        self.tools = accuracy.tools()
        self.program = os.path.join(given.build, "candour")
        self.python, self.why_alone = None, ""
        self.lines = []
        self.runs = {}
        self.judged = {}
        self.table = Table()

    def path(self, name):
        return os.path.join(self.folder, name)

    def tell(self, line=""):
        say(line)
        self.lines.append(line)

    # --- what is needed ----------------------------------------------------------------------------------------

    def people(self, size):
        """The file of so many records and its truth, by the generator; made once."""
        out, truth = self.path(f"people-{size}.csv"), self.path(f"people-{size}-truth.csv")
        if not (os.path.exists(out) and os.path.exists(truth)):
            subprocess.run([sys.executable, os.path.join(self.tools, "make_people.py"), "--n", str(size), "--seed",
                            str(SEEDS.get(size, 11)), "--out", out + ".part", "--truth", truth], check=True,
                           stdout=subprocess.DEVNULL)
            os.rename(out + ".part", out)
        return out, truth

    def equal(self, size):
        """As many records, alike in all but their ids."""
        out = self.path(f"equal-{size}.csv")
        if not os.path.exists(out):
            with open(out, "w", encoding="ascii") as file:
                file.write("id,first_name,middle_names,surname,dob,sex,postcode,address,phone,nhs_number,upn,agency\n")
                for i in range(size):
                    file.write(f'R{i:07},John,,Smith,1990-05-17,M,NM1 1AA,"12 Mill Lane, Kelbrough",,,,police\n')
        return out

    def find_peers(self):
        python = self.path("venv/bin/python")
        if not os.path.isdir(os.path.join(self.tools, "linkage-peer")):
            self.why_alone = "their scripts are not there"
            return
        try:
            if not os.path.exists(self.path("venv/done")):
                subprocess.run([sys.executable, "-m", "venv", self.path("venv")], check=True, capture_output=True)
                subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True, capture_output=True)
                with open(self.path("venv/done"), "w", encoding="ascii"):
                    pass
            self.python = python
        except (OSError, subprocess.CalledProcessError):
            self.why_alone = "their packages could not be installed"

    # --- one run -------------------------------------------------------------------------------------------------

    def ours(self, model, source, threads=2):
        return [self.program, "link", "--in", source, "--pairs", self.path("p.csv"), "--clusters", self.path("c.csv"),
                "--report", self.path("r.json"), "--model", model, "--threads", str(threads), "--quiet"]

    def theirs(self, script, source, *more, clusters=False):
        groups = ["--clusters", self.path("c.csv")] if clusters else []
        return [self.python, os.path.join(self.tools, "linkage-peer", script), "--in", source, "--pairs",
                self.path("p.csv"), "--report", self.path("r.json"), *groups, *more]

    def engines(self, size, source):
        out = [Engine("candour people", "people-8", None, self.ours("people", source)),
               Engine("candour wide", "wide-8", None, self.ours("wide", source)),
               Engine("candour auto", "its own", None, self.ours("auto", source))]
        if not self.python:
            return out
        few = ["--min-bits", "8"] if size >= MILLION else []
        for rules in ("people-8", "wide-8"):
            out.append(Engine(f"splink {rules}", rules, None,
                              self.theirs("splink_peer.py", source, "--rules", rules, clusters=True)))
            out.append(Engine(f"sql {rules}", rules, None,
                              self.theirs("duckdb_peer.py", source, "--rules", rules, *(few if rules == "wide-8" else []))))
        if size <= USUAL:
            out.append(Engine("toolkit people-8", "people-8", None, self.theirs("toolkit_peer.py", source)))
        return out

    def run(self, command):
        for name in ("p.csv", "c.csv", "r.json"):
            if os.path.exists(self.path(name)):
                os.unlink(self.path(name))
        began = time.monotonic()
        with open(self.path("error"), "wb") as error:
            child = subprocess.Popen(["timeout", str(self.given.patience), *command], stdout=subprocess.DEVNULL,
                                     stderr=error)
            _, status, used = os.wait4(child.pid, 0)
        wall = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            with open(self.path("error"), encoding="utf-8", errors="replace") as error:
                last = error.read().strip().splitlines()[-1:]
            raise Failed(f"ended with {child.returncode}: {' '.join(last)}")
        with open(self.path("r.json"), encoding="utf-8") as file:
            report = json.load(file)
        return Run(report.get("wall_s", wall), used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6,
                   report.get("candidates"))

    def judge(self, truth):
        """Best pair F1, groups' pairwise F1 and B-cubed F1, twins over the edge; what was not written is None."""
        command = [sys.executable, os.path.join(self.tools, "eval_links.py"), "--truth", truth, "--pairs",
                   self.path("p.csv"), "--threshold", "2", "--json"]
        if os.path.exists(self.path("c.csv")):
            command += ["--clusters", self.path("c.csv")]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        groups = found.get("clusters")
        return (found["best"]["f1"], groups and groups["pairwise"]["f1"], groups and groups["b_cubed"]["f1"],
                f"{found['at'].get('twin_links', 0):,} of {found['at'].get('twin_pairs', 0):,}")

    def bytes_out(self):
        digest = hashlib.sha256()
        for name in ("p.csv", "c.csv"):
            with open(self.path(name), "rb") as file:
                digest.update(file.read())
        return digest.hexdigest()

    # --- the parts -----------------------------------------------------------------------------------------------

    def head(self):
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as info:
            model = re.search(r"model name\s*: (.*)", info.read())
        self.tell(HEADING)
        self.tell()
        self.tell(f"`make bench-link`, {time.strftime('%-d %B %Y, %H:%M UTC', time.gmtime())}, {os.cpu_count()} cores of"
                  f" {model.group(1) if model else platform.machine()}, {self.memory():.0f} GB, 2 threads, load before"
                  f" {os.getloadavg()[0]:.1f}; people of the generator, seed 10 (100 k) or 11. Medians of"
                  f" {self.given.rounds}, all in one run, one engine after the other."
                  + (f" No peers: {self.why_alone}." if self.why_alone else
                     " Wall time of a peer is the sum of its phases, without Python's start; SQL has fixed weights,"
                     " estimates nothing and makes no groups; Splink's groups are at 8 bits, Candour's at 2."))
        self.tell()

    @staticmethod
    def memory():
        with open("/proc/meminfo", encoding="ascii") as file:
            return int(re.search(r"MemTotal:\s+(\d+)", file.read()).group(1)) / 1e6

    def peers(self):
        self.tell("| records | engine | candidates | wall s | processor s | memory, MB | best pair F1 | groups, pairwise F1"
                  " | B-cubed F1 | twins over 2 bits |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        for size in self.given.sizes:
            source, truth = self.people(size)
            engines, dropped = self.engines(size, source), set()
            for turn in range(self.given.rounds):
                for engine in engines:
                    if engine.name not in dropped and not self.once(size, engine, turn, truth):
                        dropped.add(engine.name)
            for engine in engines:
                self.line(size, engine.name)
        self.tell()

    def once(self, size, engine, turn, truth):
        key = (size, engine.name)
        try:
            run = self.run(engine.command)
        except Failed as why:
            print(f"{short(size)} {engine.name}: {why}", file=sys.stderr)
            return False
        self.runs.setdefault(key, []).append(run)
        print(f"{short(size)} {engine.name}, round {turn + 1}: {run.wall:.1f} s, {run.cpu:.1f} s, {run.mb:.0f} MB",
              file=sys.stderr)
        if turn == 0 and size <= self.given.judge:
            self.judged[key] = self.judge(truth)
        return True

    def line(self, size, name):
        runs = self.runs.get((size, name))
        if not runs:
            self.tell(f"| {short(size)} | {name} | did not end well | | | | | | | |")
            return
        judged = self.judged.get((size, name), (None, None, None, ""))
        shown = ["" if x is None else x if isinstance(x, str) else f"{x:.3f}" for x in judged]
        candidates = f"{runs[0].candidates:,}" if runs[0].candidates else ""
        self.tell(f"| {short(size)} | {name} | {candidates} | {median(r.wall for r in runs):.2f} ("
                  + spread([r.wall for r in runs], "{:.1f}") + f") | {median(r.cpu for r in runs):.2f} |"
                  f" {max(r.mb for r in runs):.0f} | {' | '.join(shown)} |")

    def ratio(self, what, ours, theirs, least):
        """The median of the rounds' ratios of wall time, and the same of processor time beside it."""
        a, b = self.runs.get((MILLION, ours)), self.runs.get((MILLION, theirs))
        if not a or not b:
            return
        self.table.row(what, median(y.wall / x.wall for x, y in zip(a, b)), "{:.1f}", least=least,
                       note=f"of processor time {median(y.cpu / x.cpu for x, y in zip(a, b)):.1f}")

    def middle(self, size, name, field):
        runs = self.runs.get((size, name))
        return median(getattr(run, field) for run in runs) if runs else None

    def bars(self):
        self.ratio("a: 1 M people, Splink over Candour", "candour people", "splink people-8", 12)
        self.ratio("b: 1 M wide, Splink over Candour", "candour wide", "splink wide-8", 12)
        self.ratio("c: 1 M wide, SQL over Candour", "candour wide", "sql wide-8", 9)
        self.ratio("d: 1 M people, SQL over Candour", "candour people", "sql people-8", 3)
        wide = self.runs.get((MILLION, "candour wide"))
        if wide:
            cpu = self.middle(MILLION, "candour wide", "cpu")
            self.table.row("e: 1 M wide, processor seconds", cpu, "{:.1f}", most=18)
            self.table.row("f: pairs a second of the processor, reading and all, million", wide[0].candidates / cpu / 1e6,
                           "{:.1f}", least=None, note="bar 7 of comparing alone")
            self.table.row("i: 1 M wide, memory in MB", max(run.mb for run in wide), "{:.0f}", most=500)
        for what, size, most in (("g: 100 k auto, wall seconds", USUAL, 1.5), ("h: 1 M auto, wall seconds", MILLION, 25)):
            if (size, "candour auto") in self.runs:
                self.table.row(what, self.middle(size, "candour auto", "wall"), "{:.2f}", most=most,
                               note=f"of the processor {self.middle(size, 'candour auto', 'cpu'):.2f}")
        same = [self.judged.get((size, name), (None,))[0] for size in self.given.sizes[:1]
                for name in ("candour people", "splink people-8")]
        if all(same):
            self.table.row(f"14.4 f: best pair F1 over Splink's, same rules, {short(self.given.sizes[0])}", same[0] - same[1],
                           "{:+.4f}", least=0)

    # --- Candour alone -------------------------------------------------------------------------------------------

    def measured(self, name, command):
        runs = [self.run(command) for _ in range(self.given.rounds)]
        self.runs[name] = runs
        return runs

    def threads(self):
        source, _ = self.people(MILLION)
        one, two, out = [], [], set()
        for _ in range(self.given.rounds):
            for threads, runs in ((1, one), (2, two)):
                runs.append(self.run(self.ours("wide", source, threads)))
                out.add(self.bytes_out())
        self.run(self.ours("wide", source, 5))
        out.add(self.bytes_out())
        wall, cpu = ([median(getattr(run, field) for run in runs) for runs in (one, two)] for field in ("wall", "cpu"))
        self.table.row("k: 1 M wide, one thread over two, wall", median(x.wall / y.wall for x, y in zip(one, two)), "{:.2f}",
                       least=1.6, note=f"{wall[0]:.1f} s, {wall[1]:.1f} s; of the processor {cpu[0]:.1f} s, {cpu[1]:.1f} s")
        self.table.row("l: different outputs of 1, 2 and 5 threads", len(out), "{}", most=1)

    def alike(self):
        source, _ = self.people(MILLION)
        usual = self.runs.get((MILLION, "candour auto")) or self.measured("usual", self.ours("auto", source))
        equal = self.measured("equal", self.ours("auto", self.equal(MILLION)))
        self.table.row("m: 1 M rows all equal, processor time over a usual file's",
                       median(r.cpu for r in equal) / median(r.cpu for r in usual), "{:.2f}", most=3)
        self.table.row("m: memory of the same, MB", max(r.mb for r in equal), "{:.0f}", under=1000)

    def large(self):
        for size in self.given.large:
            source, truth = self.people(size)
            for model in self.given.models:
                engine = Engine(f"candour {model}", "", None, self.ours(model, source))
                self.once(size, engine, 0, truth)
        self.tell("| records | engine | candidates | wall s | processor s | memory, MB | best pair F1 | groups, pairwise F1"
                  " | B-cubed F1 | twins over 2 bits |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        for size in self.given.large:
            for model in self.given.models:
                self.line(size, f"candour {model}")
        self.tell()
        self.slope()

    def slope(self):
        sizes = [size for size in (MILLION, *self.given.large) if (size, "candour people") in self.runs][:2]
        if len(sizes) < 2:
            return
        few, many = (max(run.mb for run in self.runs[size, "candour people"]) for size in sizes)
        self.table.row(f"j: bytes a record, {short(sizes[0])} to {short(sizes[1])}, people",
                       (many - few) * 1e6 / (sizes[1] - sizes[0]), "{:.0f}", most=450)

    def alone(self):
        if MILLION in self.given.sizes:
            self.threads()
            self.alike()
        if self.given.large:
            self.large()

    def fair(self):
        size = self.given.sizes[0]
        source, truth = self.people(size)
        # Of a million records all pairs that are compared are too many for one machine.
        pairs, groups, _ = accuracy.link(self.given.build, source, self.folder, accuracy.REVIEW)
        scored = accuracy.Scored(accuracy.Truth(truth), pairs)
        self.tell(f"Who is found how often, by the origin of the name: `auto`, {short(size)}, twins and all.\n")
        for line in accuracy.fairness_table(scored):
            self.tell(line)
        for name in (pairs, groups):
            os.unlink(name)
        self.tell()

    def all(self):
        self.find_peers()
        self.head()
        if "peers" in self.given.parts:
            self.peers()
            self.bars()
        if "alone" in self.given.parts:
            self.alone()
        if self.table.rows:
            self.tell("| bar | measured | owed | |\n| --- | --- | --- | --- |")
            for row in self.table.rows:
                self.tell(f"| {' | '.join(row)} |")
            self.tell()
        if "fair" in self.given.parts:
            self.fair()
        self.tell(f"Load after {os.getloadavg()[0]:.1f}.")


def write(path, lines):
    """The section of the results, in the place of the one that was there, or at the end."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    before, found, after = text.partition(HEADING + "\n")
    rest = after.partition("\n## ")
    tail = "\n## " + rest[2] if found and rest[1] else ""
    with open(path, "w", encoding="utf-8") as file:
        file.write(before.rstrip() + "\n\n" + "\n".join(lines).rstrip() + "\n" + tail)


def arguments():
    def sizes(text):
        return [int(part) for part in text.split(",") if part]
    parser = argparse.ArgumentParser(prog="bench/linkage/race.py", description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("build", metavar="BUILD", help="the folder of the build")
    parser.add_argument("--folder", required=True, help="where data, peers and results lie")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", type=sizes, default=[USUAL, MILLION], help="records, beside the peers")
    parser.add_argument("--large", type=sizes, default=[5 * MILLION, 10 * MILLION], help="records, Candour alone, once")
    parser.add_argument("--models", type=lambda text: text.split(","), default=["people", "wide", "auto"],
                        help="of the large files")
    parser.add_argument("--judge", type=int, default=MILLION, help="the largest file whose links are told from the truth")
    parser.add_argument("--parts", default=",".join(PARTS), help="some of: " + ", ".join(PARTS))
    parser.add_argument("--patience", type=int, default=3600, help="seconds for one run")
    parser.add_argument("--write", metavar="FILE", help="whose section is renewed")
    return parser.parse_args()


def main():
    given = arguments()
    os.makedirs(given.folder, exist_ok=True)
    race = Race(given)
    race.all()
    if given.write:
        write(given.write, race.lines)
    return 1 if race.table.missed() else 0


if __name__ == "__main__":
    sys.exit(main())
