# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys, shares and tokens that are none; disks that take no more."""
import os
import shutil
import subprocess

KEY_WORDS = [
    (2, "K/N", None, ["key", "split", "DIR", "three"]),
    (3, "does not begin with", b"not a share", ["key", "confirm", "DIR", "--share", "-"]),
    (3, "No share", b"\n", ["key", "join", "DIR", "--shares", "-"]),
    (3, "does not begin with", b"not a share\n", ["key", "join", "DIR", "--prove", "--shares", "-"]),
    (1, "There is no register", None, ["key", "split", "@not-there", "2/3"]),
]


def path(folder, name):
    return os.path.join(folder, name)


def cut(name, size):
    def act(keys, other):
        with open(path(keys, name), "r+b") as file:
            file.truncate(size)
    return act


def more(name, data):
    def act(keys, other):
        with open(path(keys, name), "ab") as file:
            file.write(data)
    return act


def whole(name, data):
    def act(keys, other):
        with open(path(keys, name), "wb") as file:
            file.write(data)
    return act


def gone(name):
    return lambda keys, other: os.unlink(path(keys, name))


def folder(name):
    def act(keys, other):
        os.unlink(path(keys, name))
        os.mkdir(path(keys, name))
    return act


def mode(name, bits):
    return lambda keys, other: os.chmod(path(keys, name), bits)


def others(name):
    return lambda keys, other: shutil.copy2(path(other, name), path(keys, name))


def swapped(one, two):
    def act(keys, other):
        os.rename(path(keys, one), path(keys, "x"))
        os.rename(path(keys, two), path(keys, one))
        os.rename(path(keys, "x"), path(keys, two))
    return act


# name, exit status, what is said, what is done to the keys of a copy[, the command; else a report]
SPOILT = [
    ("no master key", 4, "candour key join", gone("master.key")),
    ("a master key of no bytes", 4, "bring it back", cut("master.key", 0)),
    ("a master key cut short", 4, "candour-secret/v1", cut("master.key", 40)),
    ("a master key with more behind it", 4, "master.key", more("master.key", b"x" * 100)),
    ("a master key that is a letter to somebody", 4, "master.key", whole("master.key", b"Dear Sam,\n" * 7)),
    ("a master key that is not UTF-8", 4, "master.key", whole("master.key", b"\xff" * 70)),
    ("a folder in the master key's place", 4, "not a plain file", folder("master.key")),
    ("a master key that others may read", 4, "chmod", mode("master.key", 0o644)),
    ("a master key that others may write", 4, "chmod", mode("master.key", 0o622)),
    ("another register's master key", 4, "not the one that wrapped", others("master.key")),
    ("the log's key in the master key's place", 4, "master.key", swapped("master.key", "log.key")),
    ("no log key", 4, "put it back", gone("log.key")),
    ("a log key cut short", 4, "log.key", cut("log.key", 20)),
    ("a log key that others may read", 4, "set its mode to 0600", mode("log.key", 0o640)),
    ("another register's log key", 4, "does not hold under the log's key", others("log.key")),
    ("no return key", 4, "put it back", gone("return.key")),
    ("a return key cut short", 4, "return.key", cut("return.key", 10)),
    ("no promise key", 4, "put it back", gone("promise.key")),
    ("no key slots", 4, "put it back", gone("keys.db")),
    ("key slots that are no database", 4, "restore from a backup", whole("keys.db", b"a letter to somebody " * 200)),
    ("another register's key slots", 4, "of one register", others("keys.db")),
    ("no master key, for verify", 4, "candour key join", gone("master.key"), ["verify", "DIR"]),
    ("no log key, for verify", 4, "put it back", gone("log.key"), ["verify", "DIR"]),
    ("a token that is none", 1, "token", lambda k, o: None,
     ["show", "DIR", "C-1", "--token", "@password"]),
    ("a token that is a folder", 3, "is not a file", lambda k, o: None,
     ["show", "DIR", "C-1", "--token", "@"]),
    ("a register that is a letter", 4, "restore from a backup",
     lambda keys, other: whole("../register.db", b"this is no database " * 500)(keys, other)),
]

# name, exit status, what is said, bytes a file may grow to, the command
FULL = [
    ("a disk that is full, for a report", 4, "machine's disk", 4096, ["report", "DIR", "--text", "x" * 30000]),
    ("a disk that is full, for an act", 4, "machine's disk", 4096,
     ["add", "DIR", "concern.looked", "--file", "C-1", "--as", "a", "--json", "@looked"]),
    ("a disk that is full, for a new register", 4, "machine's disk", 4096, ["init", "DIR-new", "--drill"]),
    ("a disk that is full, for a backup", 4, "machine's disk", 4096, ["backup", "DIR", "DIR-backup"]),
]


def may_mount():
    """Whether this user may have a mount of its own; else what a read-only disk does cannot be tried."""
    done = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/tmp"], capture_output=True,
                          check=False)
    return done.returncode == 0


def read_only(ground, row_of, log_of):
    """The register on a disk that takes no writing: /proc for anybody, a mount of its own for root."""
    yield row_of("a new register on a disk that is read-only", 4, "/proc/candour"), ground.watched(
        ground.log, lambda: told(ground, ["init", "/proc/candour", "--drill"]))
    copy = ground.copy()
    if not may_mount():
        return
    script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    prefix = ["unshare", "-m", "sh", "-c", script, copy]
    for name, status, says, args in (
            ("a report to a read-only disk", 4, "Read-only file system", ["report", copy, "--text", "x"]),
            ("an act on a read-only disk", 4, "Read-only file system", ["find", copy, "C-1", "--as", "a"]),
            ("the clock on a read-only disk", 4, "Read-only file system", ["clock", copy]),
            ("serving from a read-only disk", 4, "Read-only file system", ["serve", copy, "--listen", "none"])):
        yield row_of(name, status, says), ground.watched(
            log_of(copy), lambda: told(ground, args, prefix=prefix))


FILL = """
mount -t tmpfs -o size=4m none "$0" && cp -a "$1"/. "$0"/ || exit 99
"$2" log checkpoint "$0" | sed -n '2,3p'
dd if=/dev/zero of="$0"/fill bs=4k 2>/dev/null
echo ===
"$2" report "$0" --text "$3" 2>&1
echo "=== $?"
rm "$0"/fill
"$2" log checkpoint "$0" | sed -n '2,3p'
echo ===
"$2" verify "$0" >/dev/null 2>&1 && "$2" report "$0" --text "and now there is room"
"""


def full(ground, row_of):
    """A disk with no byte left; when there is room again the register verifies and takes reports."""
    if not may_mount():
        return
    to = ground.at("full")
    os.makedirs(to, exist_ok=True)
    done = subprocess.run(["unshare", "-m", "sh", "-c", FILL, to, ground.copy(), ground.program, "x" * 30000],
                          capture_output=True, text=True, check=False)
    before, said, after, later = (done.stdout.split("===") + [""] * 4)[:4]
    code, _, after = after.partition("\n")
    gained = int(after.split()[0]) - int(before.split()[0])
    yield (row_of("a report to a disk with no byte left", 4, "The disk is full"),
           (int(code), said, gained, before.split() == after.split()))
    yield (row_of("a report when there is room again", 0, "number C-2"), (done.returncode, later, 0, True))


def told(ground, args, **how):
    code, out, said = ground.run(args, **how)
    return code, said + out
