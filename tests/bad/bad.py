#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bad input, over every surface of the running program.

    bad.py PROGRAM [SURFACE ...]

Each row is one thing that is wrong, with the words it must be answered with,
its exit status or HTTP status, and how many entries the log may gain by it
(a refusal is an entry; nothing else is). Before and after each row the entries
are counted and the newest signed root is read from the database itself.
Prints lines that tools/run-tests counts, one a row, and the count by surface.
BAD_SHOW=1 prints what was answered to each.
"""
import os
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True

import surfaces  # noqa: E402
from running import Ground  # noqa: E402

LEAST = {"cli": 60, "http": 40, "yaml": 20, "json": 25, "notes": 18, "attachments": 10, "keys": 20}
ALL = 300


def result(name, problem):
    print(f"[ RUN      ] {name}")
    print(f"[       OK ] {name}" if not problem else f"{problem}\n[  FAILED  ] {name}", flush=True)
    return not problem


def judge(outcome, row):
    """What is wrong with the answer; empty when nothing is."""
    status, text, gained, same_root = outcome
    if status != row.status:
        return f"status {status}, wanted {row.status}: {text[:600]!r}"
    if row.says not in text or not text.strip():
        return f"does not say {row.says!r}: {text[:600]!r}"
    if gained != row.adds:
        return f"the log gained {gained} entries, wanted {row.adds}: {text[:300]!r}"
    if row.adds == 0 and not same_root:
        return "the newest signed root changed"
    return ""


def run_surface(ground, name, counts):
    good = True
    for row, outcome in surfaces.SURFACES[name](ground):
        if os.environ.get("BAD_SHOW"):
            print(f"{name} {row.name}\n    {outcome[0]} +{outcome[2]} {outcome[1][:900]!r}")
        good &= result(f"{name}: {row.name}", judge(outcome, row))
        counts[name] = counts.get(name, 0) + 1
    return good


def main():
    folder = tempfile.mkdtemp(prefix="candour-bad-")
    wanted = sys.argv[2:] or list(surfaces.SURFACES)
    counts = {}
    ground = Ground(os.path.abspath(sys.argv[1]), folder)
    try:
        good = all([run_surface(ground, name, counts) for name in wanted])
        distinct = sum(n for name, n in counts.items() if name != "cli-served")
        if len(wanted) == len(surfaces.SURFACES):
            few = [f"{n} has {counts.get(n, 0)} rows, not {least}" for n, least in LEAST.items()
                   if counts.get(n, 0) < least]
            good &= result("each_surface_has_its_rows", "; ".join(few))
            good &= result("there_are_rows_enough", "" if distinct >= ALL else str(counts))
        left = [name for name in ("new", "copy-new", "copy-backup") if os.path.exists(ground.at(name))]
        good &= result("nothing_is_left_in_the_way", ", ".join(left))
        good &= result("the_register_verifies_after_all_of_it", ground.verify())
    finally:
        ground.end()
        shutil.rmtree(folder, ignore_errors=True)
    print(", ".join(f"{name} {n}" for name, n in counts.items()) + f": {distinct} different cases")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
