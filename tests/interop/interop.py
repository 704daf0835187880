#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Other people's software on our log, and ours on theirs.

    interop.py PROGRAM FOLDER

Takes the peers by their package names into FOLDER (nothing of them enters the
repository): Tessera's fsck, hammer and POSIX log, litewitness, omniwitness.
Where Go or its module proxy is out of reach, says so and ends well. Prints
lines that tools/run-tests counts, and what each peer said.
"""
import base64
import functools
import hashlib
import http.server
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import peers as taken  # noqa: E402
from keys import private_of, public_of, vkey_of  # noqa: E402
from running import (Program, Register, Reporter, Witness, fetch, free_port, read_checkpoint, result,  # noqa: E402
                     wait_for)

PROGRAM, FOLDER = sys.argv[1], os.path.abspath(sys.argv[2])
REPORTS = 700  # past two whole bundles

os.environ["CANDOUR_PACKS"] = os.environ.get("CANDOUR_TEST_PACKS", "tests/data/packs")
all_good = True


def say(words):
    print(words, flush=True)


def prove(name, good, why=""):
    global all_good
    all_good &= result(name, good, why)


def skip(name, why):
    say(f"[ RUN      ] {name}")
    say(f"[  SKIPPED ] {name}  {why}")


def run(words, seconds=120):
    """Status (124: did not end in time) and what was said."""
    try:
        ran = subprocess.run(words, capture_output=True, text=True, timeout=seconds, check=False)
        return ran.returncode, (ran.stdout + ran.stderr).strip()
    except subprocess.TimeoutExpired as late:
        return 124, ((late.stdout or b"") + (late.stderr or b"")).decode("utf-8", "replace").strip()


def candour(*words):
    return run([PROGRAM, *words])


# --- our log, read by Tessera -----------------------------------------------------------------------------

def make_register(folder, name, reports, limits="publish.every 1\n"):
    register = Register(PROGRAM, os.path.join(folder, name), f"drill.{name}.example/register", limits)
    register.start()
    reporter = Reporter(register.port)
    for i in range(reports):
        status, body = reporter.send(f"{name}-{i}")
        if status != 201:
            raise RuntimeError(f"a report was answered with {status}: {body[:200]}")
    return register


def size_signed(register):
    return int(register.run("log", "checkpoint", register.folder).split("\n")[1])


def fsck(peers, url, vkey_file, seconds=60):
    return run([peers["fsck"], f"--storage_url={url}", f"--public_key={vkey_file}", "--ui=false"], seconds)


class Files:
    """Any static web server."""

    def __init__(self, folder):
        quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(quiet, directory=folder))
        self.server.handle_error = lambda *_: None  # a reader that goes away
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"


def hammer(peers, vkey, url):
    """What hammer complains of in five seconds; its status says only that time was up."""
    _, said = run([peers["hammer"], f"--log_public_key={vkey}", f"--log_url={url}", "--max_read_ops=500",
                   "--num_readers_random=4", "--num_readers_full=1", "--num_writers=0", "--max_runtime=5s",
                   "--show_ui=false"])
    bad = [line for line in said.splitlines() if re.match(r"[WEF]\d{4} ", line) and "context canceled" not in line]
    return bad if "Max runtime reached" in said else bad + [said[-400:]]


def hammered(peers, register, vkey):
    """Readers of leaves at random and in order; of each new checkpoint hammer proves that it grew out of the last."""
    name = "hammer_reads_it_while_it_grows"
    if "hammer" not in peers:
        skip(name, "hammer cannot be had")
        return
    before, over = register.published(), threading.Event()

    def write():
        reporter, i = Reporter(register.port), 0
        while not over.is_set():
            reporter.send(f"meanwhile-{i}")
            i += 1
            time.sleep(0.02)
    writer = threading.Thread(target=write)
    writer.start()
    bad = hammer(peers, vkey, register.prefix)
    over.set()
    writer.join()
    say(f"hammer, four random readers and one of all, from {before} to {register.published()} entries:"
        f" {len(bad)} complaints")
    prove(name, not bad and register.published() > before, "\n".join(bad[:5]))


def log_is_read(peers, folder):
    register = make_register(folder, "northmere", REPORTS)
    wait_for(lambda: register.published() > REPORTS, 10)
    vkey = register.vkey()
    vkey_file = os.path.join(folder, "northmere.vkey")
    with open(vkey_file, "w", encoding="ascii") as file:
        file.write(vkey)
    if "fsck" in peers:
        began = time.monotonic()
        status, said = fsck(peers, register.prefix, vkey_file)
        say(f"fsck on {register.published()} entries that are served: {status}, {time.monotonic() - began:.1f} s")
        prove("fsck_passes_the_log_as_it_is_served", status == 0, said[-600:])
    else:
        skip("fsck_passes_the_log_as_it_is_served", "fsck cannot be had")
    hammered(peers, register, vkey)
    exported_is_read(peers, folder, register, vkey_file)
    register.end()


def exported_is_read(peers, folder, register, vkey_file):
    if "fsck" not in peers:
        skip("fsck_passes_what_was_exported", "fsck cannot be had")
        return
    out = os.path.join(folder, "exported")
    register.run("log", "export", register.folder, out)
    root = next((where for where, _, files in os.walk(out) if "checkpoint" in files), out)
    files = Files(root)
    status, said = fsck(peers, files.url, vkey_file)
    prove("fsck_passes_what_was_exported", status == 0, said[-600:])
    bundle = os.path.join(root, "tile", "entries", "000")
    if "hammer" in peers:
        os.rename(bundle, bundle + ".away")
        bad = hammer(peers, register.vkey(), files.url)
        os.rename(bundle + ".away", bundle)
        prove("hammer_complains_of_a_missing_bundle", bool(bad))
    with open(bundle, "r+b") as file:
        file.seek(1000)
        byte = file.read(1)[0]
        file.seek(1000)
        file.write(bytes([byte ^ 1]))
    status, said = fsck(peers, files.url, vkey_file, 15)
    say(f"fsck with one byte of a bundle changed: {status}" + (" (does not end)" if status == 124 else ""))
    prove("fsck_does_not_pass_a_changed_byte", status != 0, said[-600:])


# --- their log, watched by us ---------------------------------------------------------------------------------

def ssh_public(folder, name):
    """The public half of a new key in the form that an ssh-agent keeps."""
    path = os.path.join(folder, name)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path], check=True)
    with open(path + ".pub", encoding="ascii") as file:
        return base64.b64decode(file.read().split()[1])[-32:]


def add_entries(port, first, count):
    """Entries of 32 bytes, as ours are, many at once: the log puts them into one batch."""
    def one(i):
        body = hashlib.sha256(f"entry {i}".encode()).digest()
        request = urllib.request.Request(f"http://127.0.0.1:{port}/add", data=body)
        urllib.request.urlopen(request, timeout=30).read()
    threads = [threading.Thread(target=lambda k=k: [one(first + i) for i in range(k, count, 50)]) for k in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves):
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node(root_of(leaves[:k]), root_of(leaves[k:]))


def consistency(leaves, old):
    """RFC 6962, 2.1.2."""
    def sub(m, d, whole):
        n = len(d)
        if m == n:
            return [] if whole else [root_of(d)]
        k = 1 << ((n - 1).bit_length() - 1)
        if m <= k:
            return sub(m, d[:k], whole) + [root_of(d[k:])]
        return sub(m - k, d[k:], False) + [root_of(d[:k])]
    return sub(old, leaves, True) if 0 < old < len(leaves) else []


def leaves_of(url, size):
    """Leaf hashes from the log's own tiles of level 0."""
    leaves = []
    for index in range(0, (size + 255) // 256):
        width = min(256, size - index * 256)
        path = f"tile/0/{index:03d}" + (f".p/{width}" if width < 256 else "")
        status, _, body = fetch(url + path)
        if status != 200:
            raise RuntimeError(f"{path}: {status}")
        leaves += [body[i:i + 32] for i in range(0, len(body), 32)]
    return leaves


def ask_witness(url, old, proof, note):
    body = f"old {old}\n" + "".join(base64.b64encode(p).decode() + "\n" for p in proof) + "\n" + note
    request = urllib.request.Request(url + "add-checkpoint", data=body.encode(),
                                     headers={"Content-Type": "text/plain"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def checkpoint_of(url):
    try:
        status, _, body = fetch(url + "checkpoint")
    except OSError:
        return None
    return read_checkpoint(body.decode()) if status == 200 else None


def their_log_is_watched(peers, folder):
    names = ("monitor_passes_a_log_of_tessera", "mirror_copies_a_log_of_tessera", "mirror_follows_it_as_it_grows",
             "witness_cosigns_a_log_of_tessera_as_it_grows", "witness_refuses_another_history_of_it",
             "fsck_passes_our_mirror_of_it")
    if "posix" not in peers:
        for name in names:
            skip(name, "Tessera's log cannot be had")
        return
    origin = "tessera.example/log"
    seed = os.urandom(32)
    key = os.path.join(folder, "tessera.key")
    with open(key, "w", encoding="ascii") as file:
        file.write(private_of(origin, seed))
    vkey, port = vkey_of(origin, 1, public_of(seed)), free_port()
    url = f"http://127.0.0.1:{port}/"
    store = os.path.join(folder, "tessera-log")
    os.mkdir(store)
    Program([peers["posix"], f"--private_key={key}", f"--storage_dir={store}", f"--listen=127.0.0.1:{port}"], port,
            os.path.join(folder, "tessera.errors")).start()
    add_entries(port, 0, 600)
    first = wait_for(lambda: (checkpoint_of(url) or {"size": 0})["size"] >= 600 and checkpoint_of(url), 30)
    if not first:
        prove(names[0], False, "its checkpoint does not grow")
        return
    status, said = candour("monitor", url, "--vkey", vkey)
    say(f"candour monitor on Tessera's log of {first['size']}: {status} {said.splitlines()[-1] if said else ''}")
    prove(names[0], status == 0, said)
    mirror = os.path.join(folder, "mirror")
    status, said = candour("mirror", url, mirror, "--vkey", vkey)
    prove(names[1], status == 0, said)
    witness = Witness(PROGRAM, os.path.join(folder, "our-witness"), "ours.example/witness", [vkey])
    wait_for(lambda: fetch_status(witness.url), 5)
    took, line = ask_witness(witness.url, 0, [], first["text"])
    add_entries(port, 600, 300)
    second = wait_for(lambda: (checkpoint_of(url) or {"size": 0})["size"] >= 900 and checkpoint_of(url), 30)
    status, said = candour("mirror", url, mirror, "--vkey", vkey)
    prove(names[2], bool(second) and status == 0, said)
    leaves = leaves_of(url, second["size"])
    proof = consistency(leaves, first["size"])
    grown, more = ask_witness(witness.url, first["size"], proof, second["text"])
    prove(names[3], took == 200 and grown == 200 and line.startswith("\u2014 ours.example/witness ") and
          more.startswith("\u2014 "), f"{took} {line} {grown} {more}")
    false = [hashlib.sha256(b"x").digest()] * len(proof)
    again, told = ask_witness(witness.url, first["size"], proof, second["text"])
    wrong, _ = ask_witness(witness.url, second["size"], false, second["text"])
    prove(names[4], again == 409 and told == f"{second['size']}\n" and wrong == 422, f"{again} {told!r} {wrong}")
    if "fsck" in peers:
        vkey_file = os.path.join(folder, "tessera.vkey")
        with open(vkey_file, "w", encoding="ascii") as file:
            file.write(vkey)
        files = Files(os.path.join(mirror, hashlib.sha256(origin.encode()).hexdigest()))
        status, said = fsck(peers, files.url, vkey_file)
        prove(names[5], status == 0, said[-600:])
    else:
        skip(names[5], "fsck cannot be had")
    witness.end()


def fetch_status(url):
    try:
        return fetch(url)[0]
    except OSError:
        return None


# --- their witnesses on our log ------------------------------------------------------------------------------------

def write_policy(register, name, vkey, url):
    with open(register.policy(), "w", encoding="ascii") as file:
        file.write(f"log {register.vkey()}\nwitness {name} {vkey} {url}\nquorum {name}\n")


def grows_cosigned(register, signer, times):
    """Whether the next so many published checkpoints bear the signer's line."""
    seen = {}

    def enough():
        found = register.checkpoint()
        if found:
            seen[found["size"]] = signer in found["signers"]
        return len(seen) >= times
    return bool(wait_for(enough, 20)) and all(seen.values()), seen


def witness_cosigns(peer, register, witness, signer):
    """Three checkpoints, then three more after the witness was killed and came back."""
    good, seen = grows_cosigned(register, signer, 3)
    prove(f"{peer}_cosigns_our_log_as_it_grows", good, f"{seen} {register.said()[-500:]} {witness.said()[-500:]}")
    witness.kill()
    before = register.published()
    time.sleep(2.5)
    waits = register.published() - before <= 1  # one may have been under way
    witness.start()
    good, seen = grows_cosigned(register, signer, 3)
    prove(f"{peer}_is_waited_for_and_cosigns_when_it_is_back", good and waits,
          f"{seen} {register.said()[-500:]} {witness.said()[-500:]}")
    status, said = candour("monitor", register.prefix, "--policy", register.policy())
    say(f"candour monitor with the policy that names {peer}: {status} {said.splitlines()[-1] if said else ''}")
    prove(f"the_monitor_counts_the_cosignatures_of_{peer}", status == 0, said)


def litewitness(peers, folder):
    names = ("litewitness_cosigns_our_log_as_it_grows", "litewitness_is_waited_for_and_cosigns_when_it_is_back")
    missing = [name for name in ("ssh-agent", "ssh-add", "ssh-keygen") if not shutil.which(name)]
    if "litewitness" not in peers or missing:
        for name in names:
            skip(name, f"{missing[0]} is missing" if missing else "litewitness cannot be had")
        return
    register = make_register(folder, "eastmere", 20)
    register.end()
    signer = "lite.example/witness"
    public = ssh_public(folder, "lite")
    agent, base, port = os.path.join(folder, "agent"), os.path.join(folder, "lite.db"), free_port()
    running = subprocess.Popen(["ssh-agent", "-D", "-a", agent], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(lambda: os.path.exists(agent), 5)
    subprocess.run(["ssh-add", "-q", os.path.join(folder, "lite")], env=dict(os.environ, SSH_AUTH_SOCK=agent),
                   check=True, stderr=subprocess.DEVNULL)
    print_of = base64.b64encode(hashlib.sha256(b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00 " + public).digest())
    witness = Program([peers["litewitness"], "-db", base, "-name", signer, "-key",
                       "SHA256:" + print_of.decode().rstrip("="), "-ssh-agent", agent, "-listen", f"127.0.0.1:{port}"],
                      port, os.path.join(folder, "lite.errors")).start()
    with sqlite3.connect(base, timeout=10) as rows:
        empty = base64.b64encode(hashlib.sha256(b"").digest()).decode()
        rows.execute("INSERT INTO log VALUES (?, 0, ?)", (register.origin, empty))
        rows.execute("INSERT INTO key VALUES (?, ?)", (register.origin, register.vkey()))
    write_policy(register, "lite", vkey_of(signer, 4, public), f"http://127.0.0.1:{port}/")
    register.start()
    witness_cosigns("litewitness", register, witness, signer)
    register.end()
    witness.kill()
    running.terminate()
    running.wait()


def omniwitness(peers, folder):
    names = ("omniwitness_cosigns_our_log_as_it_grows", "omniwitness_is_waited_for_and_cosigns_when_it_is_back")
    if "omniwitness" not in peers or "generate_keys" not in peers:
        for name in names:
            skip(name, "omniwitness cannot be had")
        return
    register = make_register(folder, "ostmere", 20)
    register.end()
    signer = "omni.example"
    private, public = os.path.join(folder, "omni.key"), os.path.join(folder, "omni.pub")
    run([peers["generate_keys"], "--origin", signer, "--out_priv", private, "--out_pub", public])
    with open(public, encoding="ascii") as file:
        vkey = next(line for line in file.read().split() if line.startswith(signer + "+"))
    logs = os.path.join(folder, "logs.yaml")
    with open(logs, "w", encoding="ascii") as file:
        file.write(f"Logs:\n  - Origin: {register.origin}\n    URL: {register.prefix}\n"
                   f"    PublicKey: {register.vkey()}\n    Feeder: none\n")
    port, metrics = free_port(), free_port()
    witness = Program([peers["omniwitness"], "--private_key_path", private,
                       "--db_file", os.path.join(folder, "omni.db"), "--additional_logs", logs, "--listen", f"127.0.0.1:{port}",
                       "--metrics_listen", f"127.0.0.1:{metrics}"], port, os.path.join(folder, "omni.errors")).start()
    write_policy(register, "omni", vkey, f"http://127.0.0.1:{port}/")
    register.start()
    witness_cosigns("omniwitness", register, witness, vkey.split("+")[0])
    register.end()
    witness.kill()


def main():
    go = taken.find_go()
    if not go:
        say("interop: skipped: there is no Go here (1.25 or newer), with which the peers are built")
        return
    os.makedirs(FOLDER, exist_ok=True)
    peers, why = taken.install(go, FOLDER)
    for name, words in why.items():
        say(f"{taken.PEERS[name]} cannot be had: {words}")
    if not peers:
        say("interop: skipped: none of the peers can be had; is the Go module proxy in reach?")
        return
    folder = tempfile.mkdtemp(prefix="candour-interop-")
    try:
        for part in (log_is_read, their_log_is_watched, litewitness, omniwitness):
            part(peers, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if all_good else 1)


main()
