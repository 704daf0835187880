#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""bench/offsite.py BUILD REGISTER [ROUNDS]: a register streamed whole to a keeper of its off-site copy on the same machine, checked
there, and made again of the copy. REGISTER is one that bench_register made; what is written lies in folders beside it, and
is removed."""

import os
import shutil
import signal
import subprocess
import sys
import time

PROGRAM, REGISTER = os.path.join(sys.argv[1], "candour"), sys.argv[2].rstrip("/")
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 3
KEPT, AGAIN, TOKEN, RECEIPT = REGISTER + "-kept", REGISTER + "-again", REGISTER + "-token", REGISTER + "-receipt"


def run(*words):
    return subprocess.run([PROGRAM, *words], check=True, capture_output=True, text=True).stdout


def timed(name, *words):
    """Seconds by the clock, and the most memory of any child so far is told at the end."""
    began = time.monotonic()
    said = run(*words)
    took = time.monotonic() - began
    print(f"{name} {took:.1f} s", flush=True)
    return took, said


def tidy():
    for path in (KEPT, AGAIN):
        shutil.rmtree(path, ignore_errors=True)


def main():
    tidy()
    key = run("log", "vkey", REGISTER).split("\n")[0]
    with open(RECEIPT, "w") as file:
        file.write(run("log", "prove", REGISTER, "1000"))
    keeper = subprocess.Popen([PROGRAM, "keep", KEPT, "--vkey", key, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    told = [keeper.stdout.readline() for _ in range(5)]
    url = next(line.strip() for line in told if line.startswith("http"))
    with open(TOKEN, "w") as file:
        file.write(next(line for line in told if line.startswith("token")).split()[1])
    _, said = timed("stream", "backup", REGISTER, "--stream", url, "--token", TOKEN)
    print(said.split("\n")[0])
    timed("stream of nothing new", "backup", REGISTER, "--stream", url, "--token", TOKEN)
    keeper.send_signal(signal.SIGTERM)
    _, status, used = os.wait4(keeper.pid, 0)
    print(f"keeper {used.ru_maxrss // 1024} MB, {used.ru_utime + used.ru_stime:.1f} s of the processor, status {status}")
    timed("keep check", "keep", "check", KEPT)
    times = []
    for _ in range(ROUNDS):
        shutil.rmtree(AGAIN, ignore_errors=True)
        took, said = timed("restore, verified", "restore", KEPT, AGAIN, "--master", os.path.join(REGISTER, "keys/master.key"))
        times.append(took)
    print(said.split("\n")[1])
    run("receipt", RECEIPT, "--vkey", key)
    times.sort()
    print(f"restore: median {times[len(times) // 2]:.1f} s ({', '.join(f'{t:.1f}' for t in times)}); a receipt from before still checks")
    tidy()
    os.unlink(TOKEN)
    os.unlink(RECEIPT)


main()
