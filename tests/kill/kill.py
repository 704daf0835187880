#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Real kills under real clients (L1).

    kill.py PROGRAM [KILLS=10] [SUBMISSIONS=1000] [CLIENTS=8] [SEED=1]

Serves a drill register, lets clients send reports over HTTP, kills the server
with SIGKILL at random moments and starts it again. Whatever was answered must
be there exactly once, with the same code; whatever was not answered, once after
it was sent again; and the record must verify. Prints lines that tools/run-tests
counts.
"""
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

PROGRAM = sys.argv[1]
KILLS = int(sys.argv[2]) if len(sys.argv) > 2 else 10
SUBMISSIONS = int(sys.argv[3]) if len(sys.argv) > 3 else 1000
CLIENTS = int(sys.argv[4]) if len(sys.argv) > 4 else 8
SEED = int(sys.argv[5]) if len(sys.argv) > 5 else 1

chance = random.Random(SEED)
os.environ["CANDOUR_PACKS"] = os.environ.get("CANDOUR_TEST_PACKS", "tests/data/packs")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    def __init__(self, folder, port):
        self.folder, self.port, self.process = folder, port, None

    def start(self):
        for _ in range(50):
            self.process = subprocess.Popen(
                [PROGRAM, "serve", self.folder, "--listen", f"127.0.0.1:{self.port}"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(200):
                if self.process.poll() is not None:
                    break
                try:
                    socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                    return
                except OSError:
                    time.sleep(0.02)
            time.sleep(0.1)
        raise SystemExit("the server does not start")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Sender(threading.Thread):
    """Sends keys from a shared list, each until it is answered once."""

    def __init__(self, port, keys, lock, answers):
        super().__init__(daemon=True)
        self.port, self.keys, self.lock, self.answers = port, keys, lock, answers

    def send(self, connection, key):
        body = json.dumps({"happening": f"Something happened, {key}.", "where": "Quarry Lane"})
        connection.request("POST", "/report", body, {
            "Content-Type": "application/json", "Accept": "application/json", "Idempotency-Key": key})
        response = connection.getresponse()
        return response.status, response.read()

    def run(self):
        connection = None
        while True:
            with self.lock:
                if not self.keys:
                    return
                key = self.keys.pop()
            while True:
                try:
                    if connection is None:
                        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
                    status, body = self.send(connection, key)
                except (OSError, http.client.HTTPException):
                    connection = None
                    time.sleep(0.02)
                    continue
                if status == 201:
                    with self.lock:
                        self.answers[key] = json.loads(body)
                    break
                if status not in (503, 429):
                    with self.lock:
                        self.answers[key] = {"status": status, "body": body.decode("utf-8", "replace")}
                    break
                time.sleep(0.05)


def result(name, good, why=""):
    print(f"[ RUN      ] {name}")
    print(f"[       OK ] {name}" if good else f"[  FAILED  ] {name}  {why}")
    return good


def main():
    folder = tempfile.mkdtemp(prefix="candour-kill-")
    register = os.path.join(folder, "register")
    subprocess.run([PROGRAM, "init", register, "--drill"], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    server = Server(register, free_port())
    keys = [f"key-{i}" for i in range(SUBMISSIONS)]
    todo, lock, answers, kills = list(keys), threading.Lock(), {}, 0
    server.start()
    senders = [Sender(server.port, todo, lock, answers) for _ in range(CLIENTS)]
    began = time.time()
    for sender in senders:
        sender.start()
    while any(s.is_alive() for s in senders):
        time.sleep(chance.uniform(0.01, 0.25))
        if kills < KILLS:
            server.kill()
            kills += 1
            server.start()
        elif not todo:
            for sender in senders:
                sender.join(30)
    while kills < KILLS:  # the rest, with the reports sent once more
        server.kill()
        kills += 1
        server.start()
    took = time.time() - began
    first = dict(answers)
    bad = [k for k in keys if "code" not in first.get(k, {})]
    good = result("every_report_is_answered_in_the_end", not bad, str([first.get(k) for k in bad[:2]]))
    again = {}
    todo = list(keys)
    senders = [Sender(server.port, todo, lock, again) for _ in range(CLIENTS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    changed = [k for k in keys if again.get(k, {}).get("code") != first.get(k, {}).get("code")
               or again.get(k, {}).get("index") != first.get(k, {}).get("index")]
    good &= result("what_was_answered_is_there_with_the_same_code", not changed, str(changed[:3]))
    indexes = {a.get("index") for a in first.values()}
    good &= result("each_report_is_one_entry", len(indexes) == len(keys), f"{len(indexes)} of {len(keys)}")
    server.kill()
    verify = subprocess.run([PROGRAM, "verify", register, "--json"], capture_output=True, text=True)
    seen = json.loads(verify.stdout or "{}")
    good &= result("the_record_verifies_after_every_kill", seen.get("ok") is True, verify.stdout)
    print(f"{kills} kills, {len(keys)} submissions, {CLIENTS} clients, {took:.1f} s, "
          f"{seen.get('entries')} entries", file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if good else 1)


main()
