#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The log for outsiders, each figure beside its bar; ends with 1 when one is missed.

    bench/outside.py BUILD [--peers FOLDER] [--only PART,...] [--rounds 3] [--quick]

Parts: witness (add-checkpoint at a million entries), gate (the start at ten million), tiles (served, wrk with 16
connections beside the server), beat (to published by three witnesses, and a report to witnessed), peer (the log alone
beside Tessera's POSIX log, both driven by Tessera's hammer).
"""
import argparse
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "tests", "interop")]

import peers as taken  # noqa: E402
from keys import private_of, public_of, vkey_of  # noqa: E402
from measure import Failed, Table, figures, free_port, median, output, resident_mb, say, spread, stop  # noqa: E402
from pages import Served, Wrk  # noqa: E402
from running import Register, Reporter, Witness, fetch, is_open, read_checkpoint, wait_for  # noqa: E402

PARTS = ("witness", "gate", "tiles", "beat", "peer")
ORIGIN = "bench.example/log"
SEED = bytes([7] * 32)


def arguments():
    parser = argparse.ArgumentParser(prog="bench/outside.py", description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("build", metavar="BUILD", help="the folder of the build")
    parser.add_argument("--peers", help="where Tessera's programs are or are put; without it no peer is measured")
    parser.add_argument("--only", default=",".join(PARTS), help="some of: " + ", ".join(PARTS))
    parser.add_argument("--rounds", type=int, default=3, help="of each figure (3)")
    parser.add_argument("--seconds", type=int, default=0, help="of one run of wrk or hammer (6, 10)")
    parser.add_argument("--quick", action="store_true", help="small numbers, for working on the measurements")
    given = parser.parse_args()
    if given.quick:
        given.rounds = 1
    given.only = given.only.split(",")
    return given


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Outside:
    def __init__(self, given, folder):
        self.given, self.folder, self.table = given, folder, Table()
        self.program = os.path.join(given.build, "candour")

    def tool(self, name, *words):
        return figures(output([os.path.join(self.given.build, "bench", "bench_" + name), *words]))

    def rounds(self, name, *words):
        """One run a round, each in a new folder."""
        got = []
        for i in range(self.given.rounds):
            folder = os.path.join(self.folder, f"{name}-{i}")
            os.mkdir(folder)
            os.sync()
            got.append(self.tool(name, folder, *words))
            shutil.rmtree(folder)
        return got

    # --- add-checkpoint, and the gate -----------------------------------------------------------------

    def witness(self):
        entries, asked = (20000, 300) if self.given.quick else (1000000, 3000)
        got = self.rounds("witness", entries, asked)
        p99 = [one["add_checkpoint_p99_ms"] for one in got]
        p50, sync, slow = (median(one[name] for one in got)
                           for name in ("add_checkpoint_p50_ms", "sync_p50_ms", "sync_p99_ms"))
        self.table.row(f"add-checkpoint over HTTP at {entries:,} entries, {asked:,} asked, p99", median(p99),
                       "{:.2f} ms", under=5,
                       note=f"{spread(p99, '{:.2f}')}; p50 {p50:.2f}, longest"
                            f" {max(one['add_checkpoint_longest_ms'] for one in got):.1f}; one sync {sync:.2f},"
                            f" its p99 {slow:.2f}")

    def gate(self):
        entries = 200000 if self.given.quick else 10000000
        folder = os.path.join(self.folder, "gate")
        os.mkdir(folder)
        got = self.tool("gate", folder, entries, max(3, self.given.rounds))
        shutil.rmtree(folder)
        self.table.row(f"the gate at the start, a log of {entries:,} entries, the longest", got["gate_longest_ms"],
                       "{:.2f} ms", under=2000, note=f"made in {got['made_s']:.0f} s")

    # --- tiles -------------------------------------------------------------------------------------------

    def tiles(self):
        entries = 20000 if self.given.quick else 300000
        seconds = self.given.seconds or (1 if self.given.quick else 6)
        register = os.path.join(self.folder, "tiles")
        output(["sh", "-c", 'exec "$@" 2>&1', "sh", os.path.join(self.given.build, "bench", "bench_register"), "make",
                register, entries, 64])
        with Served(self.program, register) as served:
            size = wait_for(lambda: self.published(served), 20)
            if not size:
                raise Failed("nothing is published")
            for words, of in (("of hashes", "0"), ("of entries", "entries")):
                runs = [Wrk(served.base + "/", seconds, script=os.path.join(HERE, "tiles.lua"),
                            environment={"TILES_OF": of, "TILES": str(size // 256)}) for _ in range(self.given.rounds)]
                self.served_row(f"whole tiles {words}, anywhere in {size:,} entries", runs)
            runs = [Wrk(served.base + "/log/checkpoint", seconds) for _ in range(self.given.rounds)]
            self.served_row("the checkpoint", runs)
            self.table.row("memory of serve after these", resident_mb(served.process.pid), "{:.0f} MB", under=150)

    def served_row(self, what, runs):
        rates = [run.rate for run in runs]
        self.table.row(what, median(rates), "{:,.0f}/s", least=20000,
                       note=f"{spread(rates)}; p99 {median(run.p99 for run in runs):.1f} ms")

    @staticmethod
    def published(served):
        status, _, body = fetch(served.base + "/log/checkpoint")
        return read_checkpoint(body.decode())["size"] if status == 200 else 0

    # --- beats --------------------------------------------------------------------------------------------

    def witnessed(self, name, every):
        """A register with three witnesses, two of which suffice."""
        register = Register(self.program, os.path.join(self.folder, name), f"drill.{name}.example/register",
                            f"publish.every {every}\n")
        witnesses = [Witness(self.program, os.path.join(self.folder, f"{name}-w{i}"), f"w{i}.{name}.example/witness",
                             [register.vkey()]) for i in range(3)]
        for i, one in enumerate(witnesses):
            register.run("log", "witness", "add", register.folder, f"w{i}", one.key, one.url)
        register.start()
        return register, witnesses

    def beat(self):
        """Both at once: beats of a second in one register, reports to another whose beat is five seconds."""
        beats, reports = (5, 3) if self.given.quick else (100, 60)
        short, slow = self.witnessed("short", 1), self.witnessed("slow", 5)
        took, waited = [], []
        threads = [threading.Thread(target=lambda: took.extend(self.beats(short[0], beats))),
                   threading.Thread(target=lambda: waited.extend(self.reports(slow[0], reports, beats)))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for register, witnesses in (short, slow):
            for one in [register, *witnesses]:
                one.end()
        p99 = percentile(took, 0.99) if took else None
        self.table.row(f"from beat to published with three witnesses on this machine, {len(took)} beats, p99", p99,
                       "{:.3f} s", under=2, note=f"p50 {median(took):.3f}, longest {max(took):.3f}" if took else "")
        longest = max(waited) if len(waited) == reports else None
        self.table.row(f"from a report to witnessed at publish.every 5 s, {len(waited)} reports at any moment, longest",
                       longest, "{:.2f} s", under=7, note=f"median {median(waited):.2f}" if waited else "")

    def beats(self, register, count):
        """Nothing else is written there but one report, by which the register's clock is held against this one: each
        beat begins with an entry of its own, which says when."""
        seen = {}
        before = time.time()
        status, _ = Reporter(register.port).send("by-the-clock")
        if status != 201:
            raise Failed(f"a report was answered with {status}")
        ahead = max(at for _, at in self.recorded(register).values()) - before  # at most: what follows is not too short
        while len(seen) < count + 2:  # the first two may hold more than the beat's own
            found = register.checkpoint()
            if found and len(found["signers"]) >= 3:
                seen.setdefault(found["size"], time.time())
            time.sleep(0.002)
        recorded = self.recorded(register)
        own = [size for size in seen if recorded[size][0] == "log.blank"]
        return [seen[size] - (recorded[size][1] - ahead) for size in own][:count]

    @staticmethod
    def recorded(register):
        """Size behind each entry to its kind, and the second at which it was recorded."""
        found = {}
        with sqlite3.connect(f"file:{register.folder}/register.db?mode=ro", uri=True) as rows:
            for size, header in rows.execute("SELECT idx + 1, header FROM entry"):
                fields = dict(line.split(" ", 1) for line in bytes(header).decode().splitlines()[1:])
                found[size] = fields["kind"], datetime.fromisoformat(fields["recorded"][:-1] + "+00:00").timestamp()
        return found

    def reports(self, register, count, seconds):
        """Sent at odd moments over that time; each waits until what is published reaches past it, cosigned."""
        reporter, sent, waited = Reporter(register.port), {}, []
        began, done = time.monotonic(), 0
        while len(waited) < count and time.monotonic() - began < seconds + 30:
            if done < count and time.monotonic() - began >= done * seconds / count * 0.97:
                at = time.monotonic()
                status, _ = reporter.send(f"report-{done}")
                if status != 201:
                    raise Failed(f"a report was answered with {status}")
                done += 1
                with sqlite3.connect(f"file:{register.folder}/register.db?mode=ro", uri=True) as rows:
                    sent[rows.execute("SELECT MAX(idx) FROM entry").fetchone()[0]] = at
            found = register.checkpoint()
            if found and len(found["signers"]) >= 3:
                for index in [index for index in sent if index < found["size"]]:
                    waited.append(time.monotonic() - sent.pop(index))
            time.sleep(0.01)
        return waited

    # --- the peer -------------------------------------------------------------------------------------------

    def peer(self):
        go = taken.find_go() if self.given.peers else None
        had = taken.install(go, os.path.abspath(self.given.peers), ("posix", "hammer"))[0] if go else {}
        if len(had) < 2:
            say("the peer is not measured: Tessera cannot be had here (Go, its module proxy)")
            return
        keys = private_of(ORIGIN, SEED), vkey_of(ORIGIN, 1, public_of(SEED))
        ours, theirs, alone = [], [], []
        for i in range(self.given.rounds):
            theirs.append(self.drive(had, keys, "tessera", i))
            ours.append(self.drive(had, keys, "candour", i))
            alone.append(self.alone(i))
        self.peer_rows("alone, 256 entries always under way", alone, theirs, 0.25)
        self.peer_rows("served by HTTP, with 400 connections as the peer", ours, theirs)
        self.table.row("processor time of an entry, served, over the peer's",
                       median(a["cpu_us"] / b["cpu_us"] for a, b in zip(ours, theirs)), "{:.2f}",
                       note=f"{median(one['cpu_us'] for one in ours):.0f} us,"
                            f" {median(one['cpu_us'] for one in theirs):.0f} us")

    def peer_rows(self, how, ours, theirs, most=None):
        rates = [[one["rate"] for one in side] for side in (ours, theirs)]
        self.table.row(f"entries of 1 KiB integrated over the peer's a second, the log {how}",
                       median(a / b for a, b in zip(*rates)), "{:.2f}", least=1,
                       note=f"{median(rates[0]):,.0f}/s ({spread(rates[0])}), {median(rates[1]):,.0f}/s"
                            f" ({spread(rates[1])})")
        memory = [[one["memory"] for one in side] for side in (ours, theirs)]
        self.table.row("its memory over the peer's, the most that each had", median(a / b for a, b in zip(*memory)),
                       "{:.2f}", most=most, note=f"{median(memory[0]):.0f} MB, {median(memory[1]):.0f} MB")
        p99 = [one["integrated_p99_ms"] for one in ours]
        self.table.row("from its arrival to durable, in the tiles and published, p99", median(p99), "{:.1f} ms",
                       under=50, note=f"{spread(p99, '{:.1f}')}; p50 {median(one['integrated_p50_ms'] for one in ours):.1f},"
                            f" longest {max(one['integrated_longest_ms'] for one in ours):.0f};"
                            f" {median(one['entries'] / one['turns'] for one in ours):.0f} entries a turn")

    def alone(self, turn):
        seconds = self.given.seconds or (3 if self.given.quick else 10)
        folder = os.path.join(self.folder, f"alone-{turn}")
        os.mkdir(folder)
        child = subprocess.Popen([os.path.join(self.given.build, "bench", "bench_served_log"), folder, "alone",
                                  str(seconds)], stdout=subprocess.PIPE, text=True)
        got = figures(child.communicate()[0])
        shutil.rmtree(folder)
        if child.returncode != 0:
            raise Failed("the log alone does not run")
        got.update(rate=got["entries"] / got["seconds"], memory=got["most_memory_kib"] / 1024)
        say(f"alone: {got['rate']:,.0f} entries a second, {got['memory']:.0f} MB")
        return got

    def drive(self, had, keys, which, turn):
        """Starts one log, lets hammer write to it, and reads how far what it publishes grew in the middle of that."""
        seconds = self.given.seconds or (3 if self.given.quick else 10)
        folder = os.path.join(self.folder, f"{which}-{turn}")
        os.mkdir(folder)
        port = free_port()
        url = f"http://127.0.0.1:{port}/"
        key = os.path.join(folder, "key")
        with open(key, "w", encoding="ascii") as file:
            file.write(keys[0])
        words = [os.path.join(self.given.build, "bench", "bench_served_log"), folder, str(port), SEED.hex()]
        if which == "tessera":
            store = os.path.join(folder, "log")
            os.mkdir(store)
            words = [had["posix"], f"--private_key={key}", f"--storage_dir={store}", f"--listen=127.0.0.1:{port}"]
        server = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        hammer = None
        try:
            if not wait_for(lambda: is_open(port), 10):
                raise Failed(f"{which} does not listen")
            output(["curl", "-sf", "--data", "first", url + "add"])
            wait_for(lambda: self.size_of(url) > 0, 10)
            hammer = subprocess.Popen(
                [had["hammer"], f"--log_public_key={keys[1]}", f"--log_url={url}", f"--write_log_url={url}",
                 "--show_ui=false", "--num_writers=400", "--max_write_ops=20000", "--num_readers_random=0", "--num_readers_full=0",
                 "--max_read_ops=0", "--leaf_min_size=1024", "--leaf_write_goal=100000000",
                 f"--max_runtime={seconds + 5}s"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(3)
            before, began, used = self.size_of(url), time.monotonic(), self.used(server.pid)
            time.sleep(seconds)
            after, ended = self.size_of(url), time.monotonic()
            got = {"rate": (after - before) / (ended - began), "memory": self.peak(server.pid),
                   "cpu_us": (self.used(server.pid) - used) / max(1, after - before) * 1e6}
        finally:
            stop(hammer)
            server.send_signal(signal.SIGTERM)
            said, _ = server.communicate(timeout=60)
            shutil.rmtree(folder)
        got.update(figures(said or ""))
        say(f"{which}: {got['rate']:,.0f} entries a second, {got['memory']:.0f} MB, {got['cpu_us']:.0f} us an entry")
        return got

    @staticmethod
    def size_of(url):
        status, _, body = fetch(url + "checkpoint")
        return read_checkpoint(body.decode())["size"] if status == 200 else 0

    @staticmethod
    def used(pid):
        """Seconds of the processor."""
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            after = file.read().rsplit(")", 1)[1].split()
        return (int(after[11]) + int(after[12])) / os.sysconf("SC_CLK_TCK")

    @staticmethod
    def peak(pid):
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM:"))

    # --- all ---------------------------------------------------------------------------------------------------

    def run(self):
        for part in PARTS:
            if part not in self.given.only:
                continue
            try:
                getattr(self, part)()
            except (Failed, RuntimeError, OSError) as why:
                self.table.failed(part, str(why))


def main():
    given = arguments()
    os.environ["CANDOUR_PACKS"] = "tests/data/packs"
    folder = tempfile.mkdtemp(prefix="candour-outside-")
    outside = Outside(given, folder)
    try:
        say(f"{time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}, {os.cpu_count()} cores, load before"
            f" {os.getloadavg()[0]:.2f}")
        outside.run()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    outside.table.print()
    return 1 if outside.table.missed() else 0


if __name__ == "__main__":
    sys.exit(main())
