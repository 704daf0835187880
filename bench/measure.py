# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every measurement needs: programs timed, medians, and the table of figures beside their bars."""
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time

median = statistics.median


class Failed(Exception):
    """A program did not do what was to be measured."""


def say(words):
    print(words, flush=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def output(command, **more):
    """What a program prints; its end must be good."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **more)
    if done.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def timed(command, **more):
    """Seconds and the highest memory in MB of one program; its end must be good."""
    words = [str(word) for word in command]
    began = time.monotonic()
    child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    _, status, used = os.wait4(child.pid, 0)
    took = time.monotonic() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise Failed(f"{' '.join(words)} ended with {child.returncode}")
    return took, used.ru_maxrss / 1024


def repeated(command, times, **more):
    """How many processes a second, one after the other, each a whole command."""
    loop = 'n=$1; shift; while [ "$n" -gt 0 ]; do "$@" >/dev/null 2>&1 || exit 1; n=$((n - 1)); done'
    took, _ = timed(["sh", "-c", loop, "sh", times, *command], **more)
    return times / took


def figures(text):
    """Lines of a name and a number, as the programs of this folder print them."""
    found = re.findall(r"^\s*(\w+) +(-?[\d.]+)", text, re.M)
    return {name: float(value) for name, value in found}


def resident_mb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024


def stop(process):
    if process and process.poll() is None:
        process.terminate()
        process.wait(60)


def copy(source, target):
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("socket"))


class Table:
    """Rows of what, measured, bar; told as they come, printed together at the end."""

    def __init__(self):
        self.rows = []

    def row(self, what, measured, shown, least=None, most=None, under=None, note=""):
        bar, met = "", None
        if least is not None:
            bar, met = f"at least {least:,g}", measured is not None and measured >= least
        elif most is not None:
            bar, met = f"at most {most:,.4g}", measured is not None and measured <= most
        elif under is not None:
            bar, met = f"under {under:,.4g}", measured is not None and measured < under
        verdict = "" if met is None else "pass" if met else "MISS"
        text = "not measured" if measured is None else shown.format(measured)
        self.rows.append((what, text + (f" ({note})" if note else ""), bar, verdict))
        say(f"{what}: {self.rows[-1][1]}{f', {bar}: {verdict}' if bar else ''}")

    def failed(self, what, why):
        self.rows.append((what, "not measured", "", "MISS"))
        say(f"{what}: not measured: {why}")

    def print(self):
        say("\n| what | measured | bar | |\n| --- | --- | --- | --- |")
        for row in self.rows:
            say(f"| {' | '.join(row)} |")

    def missed(self):
        return [row[0] for row in self.rows if row[3] == "MISS"]


def spread(values, shown="{:,.0f}"):
    """Every round beside its median, lowest first."""
    return " ".join(shown.format(value) for value in sorted(values))


def need(program):
    if not shutil.which(program):
        sys.exit(f"bench: {program} is missing; `make bench` installs it, or: tools/deps long")
