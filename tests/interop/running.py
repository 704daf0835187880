# SPDX-License-Identifier: AGPL-3.0-or-later
"""Registers and witnesses as programs: made, served, asked, killed.

For tests and measurements that need several of them. Everything lives in one
folder that is taken away at the end, and every process ends with this one.
"""
import atexit
import http.client
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

CHILDREN = []


def end_children():
    for child in CHILDREN:
        if child.poll() is None:
            child.kill()
            child.wait()


atexit.register(end_children)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(what, seconds=10, every=0.02):
    """The first true answer of what(), or None."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        got = what()
        if got:
            return got
        time.sleep(every)
    return None


def is_open(port):
    try:
        socket.create_connection(("127.0.0.1", port), 0.2).close()
        return True
    except OSError:
        return False


def fetch(url, headers=None, timeout=10):
    """Status, headers and bytes, whatever the status is."""
    request = urllib.request.Request(url, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


class Program:
    """A program that listens, and is started again by the same words."""

    def __init__(self, words, port, errors):
        self.words, self.port, self.errors, self.process = words, port, errors, None

    def start(self, seconds=20):
        with open(self.errors, "ab") as errors:
            self.process = subprocess.Popen(self.words, stdout=subprocess.DEVNULL, stderr=errors)
        CHILDREN.append(self.process)
        if not wait_for(lambda: self.process.poll() is not None or is_open(self.port), seconds):
            raise RuntimeError(f"{self.words[0]} does not listen")
        if self.process.poll() is not None:
            raise RuntimeError(f"{' '.join(self.words)} ended: {self.said()[-500:]}")
        return self

    def kill(self):
        self.finish(signal.SIGKILL, None)

    def end(self, seconds=20):
        self.finish(signal.SIGTERM, seconds)

    def finish(self, how, seconds):
        """Of what has ended already nothing is left to do."""
        if self.process in CHILDREN:
            self.process.send_signal(how)
            self.process.wait(seconds)
            CHILDREN.remove(self.process)

    def said(self):
        with open(self.errors, encoding="utf-8", errors="replace") as file:
            return file.read()

    def memory(self, word="VmRSS"):
        """Megabytes."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            for line in file:
                if line.startswith(word + ":"):
                    return int(line.split()[1]) / 1024
        return 0


class Register(Program):
    """A drill register in its own folder, with its pages served."""

    def __init__(self, program, folder, origin, limits=""):
        self.program, self.folder, self.origin = program, folder, origin
        port = free_port()
        self.run("init", folder, "--drill", "--origin", origin)
        if limits:
            with open(os.path.join(folder, "limits"), "w", encoding="ascii") as file:
                file.write(limits)
        super().__init__([program, "serve", folder, "--listen", f"127.0.0.1:{port}"], port, folder + ".errors")
        self.prefix = f"http://127.0.0.1:{port}/log/"

    def run(self, *words):
        ran = subprocess.run([self.program, *words], capture_output=True, text=True, check=False)
        if ran.returncode != 0:
            raise RuntimeError(f"candour {' '.join(words)}: {ran.returncode} {ran.stderr or ran.stdout}")
        return ran.stdout

    def vkey(self):
        return self.run("log", "vkey", self.folder).splitlines()[0]

    def policy(self):
        return os.path.join(self.folder, "policy")

    def checkpoint(self):
        """Origin, size, root and signature lines of what is published; None when nothing is."""
        try:
            status, _, body = fetch(self.prefix + "checkpoint")
        except OSError:
            return None
        return read_checkpoint(body.decode()) if status == 200 else None

    def published(self):
        found = self.checkpoint()
        return found["size"] if found else 0


def read_checkpoint(text):
    head, _, signatures = text.partition("\n\n")
    lines = head.split("\n")
    return {"origin": lines[0], "size": int(lines[1]), "root": lines[2], "text": text,
            "signers": [line.split(" ")[1] for line in signatures.splitlines() if line.startswith("\u2014 ")]}


class Witness(Program):
    """`candour witness`, made new with the logs it watches."""

    def __init__(self, program, folder, name, vkeys):
        port = free_port()
        words = [program, "witness", folder, "--listen", f"127.0.0.1:{port}"]
        new = words + ["--name", name] + [word for vkey in vkeys for word in ("--log", vkey)]
        super().__init__(new, port, folder + ".errors")
        self.folder, self.name, self.url = folder, name, f"http://127.0.0.1:{port}/"
        self.again = words
        self.key = self.first()

    def first(self):
        """Its verifier key is the line behind its address."""
        with open(self.errors, "ab") as errors:
            self.process = subprocess.Popen(self.words, stdout=subprocess.PIPE, stderr=errors, text=True)
        CHILDREN.append(self.process)
        self.process.stdout.readline()
        key = self.process.stdout.readline().strip()
        if not key:
            raise RuntimeError(f"the witness does not start: {self.said()[-500:]}")
        self.words = self.again
        return key


class Reporter:
    """Sends reports over one connection that is kept, anew when it breaks."""

    def __init__(self, port):
        self.port, self.connection = port, None

    def send(self, key, timeout=10):
        """Status and what was answered; the key makes sending again harmless."""
        body = json.dumps({"happening": f"Something happened, {key}.", "where": "Quarry Lane"})
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            self.connection.request("POST", "/report", body, {
                "Content-Type": "application/json", "Accept": "application/json", "Idempotency-Key": key})
            response = self.connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            self.connection = None
            raise


def result(name, good, why=""):
    """In the words that tools/run-tests counts."""
    print(f"[ RUN      ] {name}")
    print(f"[       OK ] {name}" if good else f"[  FAILED  ] {name}  {why}", flush=True)
    return bool(good)
