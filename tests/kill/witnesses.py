#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Three registers that witness each other, while a witness is killed at random.

    witnesses.py PROGRAM [ENTRIES=150] [KILLS=3] [SEED=1]

Each register is cosigned by the two others' witnesses, both of them, so that
its quorum is lost whenever one of them is down. Reports go on coming all the
while. None may be refused, each must stand under a checkpoint that both
cosigned soon after the last witness is back, nobody may sound an alarm, and
the records must verify. Prints lines that tools/run-tests counts.
"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "interop"))
from running import Register, Reporter, Witness, result, wait_for  # noqa: E402

PROGRAM = sys.argv[1]
ENTRIES = int(sys.argv[2]) if len(sys.argv) > 2 else 150
KILLS = int(sys.argv[3]) if len(sys.argv) > 3 else 3
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else 1
NAMES = ("northmere", "southmere", "westmere")
BEAT = 1  # second

chance = random.Random(SEED)
os.environ["CANDOUR_PACKS"] = os.environ.get("CANDOUR_TEST_PACKS", "tests/data/packs")


def make(folder):
    with ThreadPoolExecutor() as pool:
        registers = list(pool.map(lambda name: Register(PROGRAM, os.path.join(folder, name),
                                                        f"drill.{name}.example/register",
                                                        f"publish.every {BEAT}\n"), NAMES))
    keys = [register.vkey() for register in registers]
    witnesses = [Witness(PROGRAM, os.path.join(folder, name + "-witness"), f"{name}.example/witness",
                         [key for j, key in enumerate(keys) if j != i]) for i, name in enumerate(NAMES)]
    for i, register in enumerate(registers):
        for j, witness in enumerate(witnesses):
            if i != j:
                register.run("log", "witness", "add", register.folder, NAMES[j], witness.key, witness.url)
        register.start()
    return registers, witnesses


class Sender(threading.Thread):
    """Reports to one register, one after the other, and how each was answered."""

    def __init__(self, register, count, pause):
        super().__init__(daemon=True)
        self.reporter, self.count, self.pause = Reporter(register.port), count, pause
        self.taken, self.refused, self.longest = 0, [], 0.0

    def run(self):
        for i in range(self.count):
            began = time.monotonic()
            try:
                status, body = self.reporter.send(f"key-{i}")
            except OSError as error:
                status, body = 0, str(error).encode()
            self.longest = max(self.longest, time.monotonic() - began)
            if status == 201:
                self.taken += 1
            else:
                self.refused.append((status, body[:80]))
            time.sleep(self.pause)


class Watcher(threading.Thread):
    """Which published checkpoints were seen, when first, and who had signed each."""

    def __init__(self, registers):
        super().__init__(daemon=True)
        self.registers, self.is_over = registers, False
        self.seen = [{} for _ in registers]  # of each: size to (when, signers)

    def run(self):
        while not self.is_over:
            for register, seen in zip(self.registers, self.seen):
                found = register.checkpoint()
                if found:
                    seen.setdefault(found["size"], (time.monotonic(), len(found["signers"])))
            time.sleep(0.05)

    def returned(self, backs):
        """The longest that a register took to publish again once the witness that it missed was back."""
        longest = 0.0
        for victim, back in backs:
            for i, seen in enumerate(self.seen):
                after = [at - back for at, _ in seen.values() if at > back]
                if i != victim and after:
                    longest = max(longest, min(after))
        return longest


def is_cosigned(register, size):
    """Both witnesses and the log itself, at that size or later."""
    found = register.checkpoint()
    return found and found["size"] >= size and len(found["signers"]) == 3


def evidence(folder):
    path = os.path.join(folder, "evidence")
    return os.listdir(path) if os.path.isdir(path) else []


def alarms(registers, witnesses):
    """What anybody kept as proof against somebody, or said of another history."""
    found = []
    for one in registers + witnesses:
        found += [f"{one.folder}: {name}" for name in evidence(one.folder)]
        found += [line for line in one.said().splitlines() if "growth" in line or "history" in line]
    for register in registers:
        ran = subprocess.run([PROGRAM, "monitor", register.prefix, "--policy", register.policy()],
                             capture_output=True, text=True, check=False)
        if ran.returncode != 0:
            found.append(f"monitor of {register.origin}: {ran.stdout}{ran.stderr}")
    return found


def kill_some(senders, witnesses):
    """Kills one of three, starts it again after a while, and so on until the reports are in. Who was back when."""
    backs = []
    longest = 0.4 if ENTRIES < 1000 else 3.0
    while any(sender.is_alive() for sender in senders):
        if len(backs) == KILLS:
            for sender in senders:
                sender.join()
            break
        victim = chance.randrange(len(witnesses))
        witnesses[victim].kill()
        time.sleep(chance.uniform(0.02, longest))
        witnesses[victim].start()
        backs.append((victim, time.monotonic()))
        time.sleep(chance.uniform(0.02, longest))
    return backs


def main():
    folder = tempfile.mkdtemp(prefix="candour-witnesses-")
    registers, witnesses = make(folder)
    each = -(-ENTRIES // len(registers))
    pause = 0.02  # seconds: an office that is busy, not a flood
    senders = [Sender(register, each, pause) for register in registers]
    watcher = Watcher(registers)
    began = time.monotonic()
    for thread in [watcher, *senders]:
        thread.start()
    backs = kill_some(senders, witnesses)
    over = time.monotonic()
    refused = [one for sender in senders for one in sender.refused]
    good = result("intake_goes_on_while_a_witness_is_away", not refused, str(refused[:3]))
    sizes = [int(r.run("log", "checkpoint", r.folder).split("\n")[1]) for r in registers]
    back = all(wait_for(lambda r=r, n=n: is_cosigned(r, n), 20) for r, n in zip(registers, sizes))
    waited = time.monotonic() - over
    watcher.is_over = True
    watcher.join()
    good &= result("the_quorum_returns_by_itself", back, str([r.checkpoint() for r in registers]))
    bare = [(i, size) for i, seen in enumerate(watcher.seen) for size, (_, signers) in seen.items() if signers < 3]
    good &= result("nothing_is_published_without_its_quorum", not bare, str(bare[:3]))
    told = alarms(registers, witnesses)
    good &= result("nobody_sounds_a_false_alarm", not told, "\n".join(told[:5]))
    for one in registers + witnesses:
        one.end()
    seen = [json.loads(subprocess.run([PROGRAM, "verify", r.folder, "--json"], capture_output=True, text=True,
                                      check=False).stdout or "{}") for r in registers]
    good &= result("the_records_verify_with_their_cosignatures", all(one.get("ok") is True for one in seen), str(seen))
    print(f"seed {SEED}: {sum(s.taken for s in senders)} reports, {sum(one.get('entries', 0) for one in seen)} entries"
          f" in three registers, {len(backs)} kills of a witness in {over - began:.1f} s;"
          f" {sum(map(len, watcher.seen))} published checkpoints seen, each cosigned by two, the next within"
          f" {watcher.returned(backs):.1f} s of the witness's return; all reports under one {waited:.1f} s after the last;"
          f" the longest answer {max(s.longest for s in senders) * 1000:.0f} ms", file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if good else 1)


main()
