#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fork drill, over real processes: a register, its witness, and yesterday's backup.

    fork.py PROGRAM

A drill register is served and countersigned; it is backed up, and grows on. The
backup is restored and started: it must sign nothing, take nothing in, be read
all the same, and say why. So must one that grew by itself meanwhile. A second
server of one folder is refused. A witness that is killed and comes back is no
fork, nor is what one says that lies. A register whose log does not fit its own
proof at the start is read, takes nothing in and lets nobody sign in. Prints
lines that tools/run-tests counts.
"""
import base64
import contextlib
import hashlib
import http.client
import http.server
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

PROGRAM = sys.argv[1]
PATIENCE = 20.0  # seconds for what takes less than one
os.environ["CANDOUR_PACKS"] = os.environ.get("CANDOUR_TEST_PACKS", "tests/data/packs")

WHY = "a witness holds another history"


def result(name, good, why=""):
    print(f"[ RUN      ] {name}")
    print(f"[       OK ] {name}" if good else f"[  FAILED  ] {name}  {why}", flush=True)
    return good


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def candour(*words):
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=False)


def must(*words):
    done = candour(*words)
    if done.returncode != 0:
        raise SystemExit(f"candour {' '.join(words)}: {done.stderr}")
    return done.stdout


class Process:
    """One that serves; its words go to a file."""

    running = []

    def __init__(self, folder, name, port, *words):
        self.words = os.path.join(folder, name + ".words")
        self.port = port
        with open(self.words, "w", encoding="utf-8") as out:
            self.process = subprocess.Popen([PROGRAM, *words, "--listen", f"127.0.0.1:{port}"], stdout=out,
                                            stderr=subprocess.STDOUT)
        Process.running.append(self)
        until(lambda: self.process.poll() is not None or self.answers(), f"{name} answers")

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 0.2).close()
            return True
        except OSError:
            return False

    def said(self):
        with open(self.words, encoding="utf-8") as file:
            return file.read()

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")

    def report(self, key):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        body = json.dumps({"happening": f"Something happened, {key}.", "where": "Quarry Lane"})
        connection.request("POST", "/report", body, {"Content-Type": "application/json",
                                                     "Accept": "application/json", "Idempotency-Key": key})
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")

    def end(self, how=signal.SIGTERM):
        Process.running.remove(self)
        self.process.send_signal(how)
        return self.process.wait()


def until(holds, what):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if holds():
            return
        time.sleep(0.02)
    raise SystemExit(f"it does not come to this: {what}")


def size_of(note):
    lines = note.split("\n")
    return int(lines[1]) if len(lines) > 2 and lines[1].isdigit() else -1


class Liar(http.server.BaseHTTPRequestHandler):
    """A witness that takes every tree for a fork, and shows a longer log that nobody signed."""

    note = ""

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):  # the name is the library's
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(422, b"This tree does not begin with what was cosigned before\n")

    def do_GET(self):  # the name is the library's
        self.answer(200, Liar.note.encode())

    def log_message(self, format, *args):  # the name is the library's
        pass


class World:
    def __init__(self, folder):
        self.folder = folder
        self.register = os.path.join(folder, "register")
        must("init", self.register, "--drill", "--origin", "drill.north.example/register")
        self.own_limits(self.register)
        self.vkey = must("log", "vkey", self.register).split("\n")[0]
        self.path = "/" + hashlib.sha256(self.vkey.split("+")[0].encode()).hexdigest() + "/checkpoint"
        self.witness_port = free_port()
        self.witness = self.start_witness("--name", "witness.example.net/w1", "--log", self.vkey)
        until(lambda: self.witness.said().count("\n") >= 3, "the witness tells its key")
        key = self.witness.said().split("\n")[1]
        must("log", "witness", "add", self.register, "w1", key, f"http://127.0.0.1:{self.witness_port}/")

    @staticmethod
    def own_limits(register):
        with open(os.path.join(register, "limits"), "w", encoding="utf-8") as file:
            file.write("publish.every 1\n")

    def start_witness(self, *words):
        """The second time too it is the same port and folder."""
        return Process(self.folder, "witness", self.witness_port, "witness", os.path.join(self.folder, "w"), *words)

    def seen(self):
        return size_of(self.witness.get(self.path)[1])

    def serve(self, register):
        return Process(self.folder, os.path.basename(register), free_port(), "serve", register)

    @staticmethod
    def take(server, key):
        """One report; its entry."""
        status, body = server.report(key)
        if status != 201:
            raise SystemExit(f"a report is not taken: {status} {body} {server.said()}")
        return json.loads(body)["index"]

    def until_seen(self, index):
        until(lambda: self.seen() > index, f"entry {index} is countersigned")

    def name_a_liar(self):
        port = free_port()
        other = Process(self.folder, "liar", port, "witness", os.path.join(self.folder, "l"), "--name",
                        "liar.example.net/w", "--log", self.vkey)
        until(lambda: other.said().count("\n") >= 3, "the other witness tells its key")
        other.end()
        lines = must("log", "checkpoint", self.register).split("\n")
        forged = base64.b64encode(base64.b64decode(lines[4].split(" ")[2])[:4] + bytes(64)).decode()
        Liar.note = "\n".join([lines[0], str(int(lines[1]) + 1000), lines[2], "",
                               " ".join(lines[4].split(" ")[:2] + [forged]), ""])
        must("log", "witness", "add", self.register, "liar", other.said().split("\n")[1], f"http://127.0.0.1:{port}/")
        liar = http.server.ThreadingHTTPServer(("127.0.0.1", port), Liar)
        threading.Thread(target=liar.serve_forever, daemon=True).start()

    def restore(self, backup, name):
        made = os.path.join(self.folder, name)
        must("restore", backup, made, "--master", os.path.join(self.register, "keys/master.key"))
        return made


def signed(register):
    """Every tree that this copy signed."""
    with sqlite3.connect(f"file:{register}/register.db?mode=ro", uri=True) as database:
        return database.execute("SELECT size, hex(root) FROM signed ORDER BY size").fetchall()


def refuses(world, register, name):
    """Served, it takes and signs nothing, is read, says why, and keeps what proves it."""
    before = signed(register)
    server = world.serve(register)
    until(lambda: WHY in server.said(), f"{name} says why")
    status, body = server.report(name)
    page = server.get("/")[0]
    figures, health = server.get("/figures")[1], server.get("/health")
    time.sleep(1.2)  # the clock complains
    server.end()
    after = signed(register)
    kept = os.listdir(os.path.join(register, "evidence")) if os.path.isdir(os.path.join(register, "evidence")) else []
    good = result(f"{name}_takes_nothing_in_and_says_why", status == 503 and page == 200, f"{status} {page} {body}")
    good &= result(f"{name}_signs_nothing", after == before, f"{len(before)} and then {len(after)}")
    good &= result(f"{name}_keeps_what_proves_it", len(kept) == 2, str(kept))
    good &= result(f"{name}_says_nothing_false_beside_it", "cannot be kept" not in server.said() and
                   "()" not in server.said(), server.said())
    good &= result(f"{name}_is_told_by_figures_and_health", "another history" in figures and
                   "signed all of it" not in figures and health[0] == 503, f"{figures} {health}")
    doctor = candour("doctor", register)
    good &= result(f"{name}_is_told_by_the_doctor", doctor.returncode == 1 and "signed another history" in
                   doctor.stdout and "their quorum signed" not in doctor.stdout, doctor.stdout)
    by_hand = candour("report", register, "--text", "He is alone at night.")
    return good & result(f"{name}_is_refused_to_a_command_too", by_hand.returncode == 4 and WHY in by_hand.stderr
                         and signed(register) == before, f"{by_hand.returncode} {by_hand.stderr}")


def look(world, server, *words):
    """What an outsider's program says of a served log."""
    done = candour(*words[:1], f"http://127.0.0.1:{server.port}/log/", *words[1:], "--policy",
                   os.path.join(world.register, "policy"))
    return done.returncode, done.stdout + done.stderr


def told_otherwise(world, register):
    """The other history is served to outsiders, as if nothing were: each of their programs names it, and ends with 1."""
    server = world.serve(register)
    until(lambda: size_of(server.get("/log/checkpoint")[1]) >= signed(register)[-1][0], "it is published")
    status, said = look(world, server, "monitor")
    good = result("a_monitor_names_the_other_history", status == 1 and "alarm fork: what w1 saw" in said,
                  f"{status} {said}")
    status, said = look(world, server, "mirror", os.path.join(world.folder, "mirror"))
    good &= result("a_mirror_names_the_other_history", status == 1 and bool(re.search("alarm (fork|tiles): ", said)),
                   f"{status} {said}")
    server.end()
    return good


def damaged(register, sql):
    with contextlib.closing(sqlite3.connect(os.path.join(register, "register.db"))) as database:
        database.execute(sql)
        database.commit()


def written(register):
    """What a server that writes nothing leaves as it was."""
    names = ["register.db", "keys/newest", "keys/keys.db", "keys/log.key"]
    files = {}
    for name in names:
        with open(os.path.join(register, name), "rb") as file:
            files[name] = hashlib.sha256(file.read()).hexdigest()
    return files


UNFIT = "does not fit its own proof"


def unfit(world, register):
    """Its log was damaged: it is read over HTTP, and refuses the rest with a sentence."""
    server = world.serve(register)
    shown = server.get("/log/checkpoint")[1]
    server.end()
    damaged(register, "UPDATE signed SET sig = zeroblob(64) WHERE size = (SELECT MAX(size) FROM signed)")
    before = written(register), signed(register)
    by_hand = candour("report", register, "--text", "He is alone at night.")
    good = result("what_does_not_fit_is_shut_to_a_command", by_hand.returncode == 4 and "does not hold" in by_hand.stderr,
                  f"{by_hand.returncode} {by_hand.stderr}")
    server = world.serve(register)
    until(lambda: "It is read here and takes nothing in" in server.said(), "it says why")
    status, body = server.report("unfit")
    good &= result("what_does_not_fit_takes_nothing_in_and_says_why", status == 503 and UNFIT in body and
                   "candour doctor" in body, f"{status} {body} {server.said()}")
    pages = [server.get(path) for path in ("/", "/figures", "/sign-in", "/log/checkpoint", "/log/tile/0/000.p/3")]
    good &= result("what_does_not_fit_is_read", [page[0] for page in pages] == [200] * 5 and pages[3][1] == shown,
                   str([page[0] for page in pages]))
    status, body = server.get("/work")
    good &= result("what_does_not_fit_lets_nobody_in", status == 503 and UNFIT in body, f"{status} {body}")
    status, body = server.get("/health")
    good &= result("what_does_not_fit_is_told_by_health", status == 503 and UNFIT in body, f"{status} {body}")
    doctor = candour("doctor", register)
    good &= result("what_does_not_fit_is_told_by_the_doctor", doctor.returncode == 1 and UNFIT in doctor.stdout and
                   "does not hold" in doctor.stdout, doctor.stdout)
    duties, show = candour("duties", register), candour("show", register, "C-1", "--as", "amara", "--office", "screener")
    good &= result("what_does_not_fit_tells_what_is_owed_and_no_words", duties.returncode == 0 and
                   show.returncode == 4 and UNFIT in show.stderr, f"{duties.returncode} {show.returncode} {show.stderr}")
    time.sleep(1.5)  # a beat would come
    server.end()
    after = written(register), signed(register)
    good &= result("what_does_not_fit_signs_and_writes_nothing", after == before, f"{before[0]} {after[0]}")
    # Another size than was signed: a letter might not stand in every note.
    damaged(register, "UPDATE published SET note = replace(note, char(10) || size || char(10), "
                      "char(10) || (size + 1) || char(10))")
    server = world.serve(register)
    statuses = [server.get(path)[0] for path in ("/", "/log/checkpoint", "/log/tile/0/000.p/3")]
    server.end()
    return good & result("what_is_published_and_does_not_fit_is_not_shown", statuses == [200, 503, 503], str(statuses))


def drill(folder):
    world = World(folder)
    server = world.serve(world.register)
    world.until_seen(world.take(server, "first"))
    server.end()
    backup = os.path.join(folder, "backup")
    must("backup", world.register, backup)

    server = world.serve(world.register)
    second = candour("serve", world.register, "--listen", f"127.0.0.1:{free_port()}")
    good = result("the_second_of_two_instances_is_refused", second.returncode == 4 and
                  "Another program is writing" in second.stderr, f"{second.returncode} {second.stderr}")
    world.witness.end(signal.SIGKILL)
    index = world.take(server, "alone")
    world.witness = world.start_witness()
    world.until_seen(index)
    good &= result("a_witness_that_was_killed_is_no_fork", WHY not in server.said(), server.said())
    status, said = look(world, server, "mirror", os.path.join(folder, "mirror"))
    good &= result("a_mirror_of_the_register_finds_nothing_wrong", status == 0, f"{status} {said}")
    server.end()

    restored = world.restore(backup, "yesterday")
    good &= refuses(world, restored, "yesterdays_backup_that_is_started")

    other = world.restore(backup, "grown")
    policy = os.path.join(other, "policy")
    os.rename(policy, policy + ".away")
    while signed(other)[-1][0] <= world.seen():
        must("report", other, "--text", "It goes on.")
    good &= told_otherwise(world, other)
    os.rename(policy + ".away", policy)
    good &= refuses(world, other, "a_backup_that_grew_another_history")

    world.name_a_liar()
    server = world.serve(world.register)
    index = world.take(server, "after")
    until(lambda: "the witness liar: fork (422)" in server.said(), "the journal tells of the liar")
    world.until_seen(index)
    status, _ = server.report("later")
    good &= result("a_witness_that_lies_is_an_alarm_and_stops_nothing", status == 201 and WHY not in server.said() and
                   not os.path.exists(os.path.join(world.register, "evidence")), server.said())
    server.end()
    return good & unfit(world, world.register)


def main():
    folder = tempfile.mkdtemp(prefix="candour-fork-")
    try:
        good = drill(folder)
    finally:
        for process in list(Process.running):
            process.end()
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if good else 1)


main()
