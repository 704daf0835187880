# SPDX-License-Identifier: AGPL-3.0-or-later
"""The program as people run it, a register to try it on, and what its log holds."""
import html
import os
import re
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import time

START = "2026-11-26T10:00:00Z"
ORIGIN = "drill.northmere.example/register"


class Log:
    """Entries and newest signed root of a register, read beside the program."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "register.db")

    def read(self):
        try:
            with sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=20) as db:
                entries = db.execute("SELECT count(*) FROM entry").fetchone()[0]
                root = db.execute("SELECT hex(root) FROM signed ORDER BY size DESC LIMIT 1").fetchone()
                db.rollback()
            db.close()
            return entries, root
        except sqlite3.Error as error:
            return -1, str(error)


class Ground:
    """A drill register with one concern, a receipt of it, and three accounts; served when asked for."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.register = os.path.join(folder, "register")
        self.server = None
        self.port = 0
        os.environ["CANDOUR_PACKS"] = os.path.abspath(os.environ.get("CANDOUR_TEST_PACKS", "tests/data/packs"))
        os.environ.pop("CANDOUR_TOKEN", None)
        self.must("init", self.register, "--drill", "--start", START, "--seed", "1", "--origin", ORIGIN)
        self.code = self.must("report", self.register, "--text", "He is alone at night.", "--receipt",
                              self.at("receipt")).split("\n")[0]
        self.must("find", self.register, "C-1", "--as", "a", "--office", "screener")
        self.must("show", self.register, "C-1", "--as", "a")
        self.must("account", "list", self.register)
        self.write("password", b"a long enough password\n")
        added = self.must("account", "add", self.register, "zofia", "--as", "admin", "--password",
                          self.at("password"))
        self.totp = [line[5:] for line in added.split("\n") if line.startswith("totp ")][0]
        self.must("office", "hold", self.register, "screener", "zofia", "--as", "admin")
        self.token = self.must("account", "token", self.register, "zofia", "--for", "screener", "--until",
                               "2027-06-01T00:00:00Z", "--as", "zofia").split("\n")[0]
        self.vkey = self.must("log", "vkey", self.register).split("\n")[0]
        self.log = Log(self.register)

    def at(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, data):
        with open(self.at(name), "wb") as file:
            file.write(data)
        return self.at(name)

    def must(self, *words):
        status, out, said = self.run(list(words))
        if status:
            raise SystemExit(f"{words}: exit {status}: {said}")
        return out

    def run(self, words, stdin=None, before=None, prefix=()):
        """Exit status, standard output, standard error."""
        done = subprocess.run(list(prefix) + [self.program] + words, input=stdin if stdin is not None else b"",
                              capture_output=True, preexec_fn=before, timeout=300, check=False)
        return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")

    def word(self, text, register=None):
        """DIR is the register, CODE its code, VKEY its key, TOKEN a token; @NAME a file of the test's folder."""
        if text == "DIR":
            return register or self.register
        if isinstance(text, str) and text.startswith("@"):
            return self.at(text[1:])
        return {"CODE": self.code, "VKEY": self.vkey, "TOKEN": self.token}.get(text, text)

    def words(self, args, register=None):
        return [self.word(arg, register) for arg in args]

    def watched(self, log, act):
        """Runs act(); (status, text, entries gained, whether the newest root is the same)."""
        entries, root = log.read()
        status, text = act()
        now, new_root = log.read()
        return status, text, now - entries, root == new_root

    def copy(self):
        """A copy of the register, as it lies on the disk when nobody serves it."""
        to = self.at("copy")
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(self.register, to)
        return to

    # --- served ---------------------------------------------------------------------------------

    def serve(self):
        if self.server:
            return
        self.server = subprocess.Popen([self.program, "serve", self.register, "--listen", "127.0.0.1:0"],
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        first = self.server.stdout.readline()
        self.port = int(first.strip().rstrip("/").rsplit(":", 1)[1])
        for _ in range(400):
            if os.path.exists(os.path.join(self.register, "socket")):
                return
            time.sleep(0.05)
        raise SystemExit("the register is not served")

    def stop(self):
        if self.server:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(60)
            self.server.stdout.close()
        self.server = None

    def end(self):
        self.stop()

    def verify(self):
        self.stop()
        status, out, said = self.run(["verify", self.register])
        return "" if status == 0 else out + said

    def ask(self, request):
        """As send, and of the answer what people see."""
        return seen(self.send(request))

    def send(self, request):
        """Bytes to the server as they are; (status, whole answer), 0 when it closed without one."""
        with socket.create_connection(("127.0.0.1", self.port), 60) as peer:
            try:
                peer.sendall(request)
            except OSError:
                pass
            answer = b""
            while True:
                try:
                    piece = peer.recv(65536)
                except OSError:
                    break
                if not piece:
                    break
                answer += piece
        status = int(answer[9:12]) if answer[9:12].isdigit() else 0
        return status, answer.decode("utf-8", "replace") if answer else "closed without an answer"


def seen(answer):
    """The head of an answer, and of a page what stands on it for people."""
    status, text = answer
    if not status:
        return status, text
    head, _, body = text.partition("\r\n\r\n")
    body = re.sub(r"(?s)<(head|script|style).*?</\1>|<[^>]*>", " ", body) if "<html" in body else body
    kept = [line for line in head.split("\r\n") if re.match(r"HTTP|Location|Allow|Retry", line)]
    return status, "\n".join(kept) + "\n" + " ".join(html.unescape(body).split())


def small_files(limit):
    """For `before` of run: no file of the child may grow past so many bytes, as on a full disk."""
    def before():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    return before
