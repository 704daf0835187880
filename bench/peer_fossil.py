# SPDX-License-Identifier: AGPL-3.0-or-later
"""The nearest peer: Debian's Fossil, also one C program over SQLite that keeps a record for good, with tickets.

What stands beside what:
  *My work* with 30 duties        the timeline of the newest 20
  a concern's page                a ticket's page
  candour add, a process an act   fossil ticket add, a process an act
  candour refold, entries         fossil rebuild, artefacts (each here a ticket of its own)
"""
import hashlib
import os
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta

from measure import Failed, free_port, output, repeated, stop, timed
from pages import Wrk

WORDS = "He is out alone until late and says there is nothing to eat at home. On Tuesday he had no coat."


def artefact(number):
    """A ticket's one change, as Fossil keeps it: cards in order, their MD5 last."""
    escaped = WORDS.replace(" ", "\\s")
    moment = datetime(2024, 1, 1) + timedelta(minutes=7 * number)
    cards = [
        f"D {moment:%Y-%m-%dT%H:%M:%S}.000",
        f"J comment {escaped}",
        "J status Open",
        f"J subsystem office-{number % 20}",
        f"J title A\\sboy\\sfrom\\snumber\\s{number}",
        "J type Concern",
        f"K {hashlib.sha1(b'ticket %d' % number).hexdigest()}",
        "U bench",
    ]
    body = "\n".join(cards) + "\n"
    return f"{body}Z {hashlib.md5(body.encode()).hexdigest()}\n"


class Fossil:
    """A repository of `tickets` tickets in `folder`; served while used by `with`."""

    def __init__(self, folder, tickets):
        self.folder, self.tickets = folder, tickets
        self.repository = os.path.join(folder, "tickets.fossil")
        self.environment = {**os.environ, "HOME": folder, "USER": "bench", "FOSSIL_USER": "bench"}
        self.process, self.port = None, free_port()
        os.mkdir(folder)
        artefacts = os.path.join(folder, "artefacts")
        os.mkdir(artefacts)
        for number in range(tickets):
            with open(os.path.join(artefacts, f"{number:07d}"), "w", encoding="ascii") as file:
                file.write(artefact(number))
        output(["fossil", "reconstruct", self.repository, artefacts], env=self.environment)
        self.open_to_all()

    def open_to_all(self):
        """Pages for everybody and without a puzzle, so that none needs a session."""
        output(["fossil", "user", "capabilities", "nobody", "hijorstwz", "-R", self.repository],
               env=self.environment)
        database = sqlite3.connect(self.repository)
        for name, value in (("auto-captcha", "0"), ("robot-restrict", ""), ("robots-squelch", "0"),
                            ("auto-hyperlink", "1")):
            database.execute("REPLACE INTO config (name, value, mtime) VALUES (?, ?, 1)", (name, value))
        database.commit()
        made = database.execute("SELECT COUNT(*) FROM ticket").fetchone()[0]
        self.ticket = database.execute("SELECT tkt_uuid FROM ticket LIMIT 1 OFFSET ?",
                                       (self.tickets // 2,)).fetchone()[0]
        database.close()
        if made != self.tickets:
            raise Failed(f"fossil made {made} of {self.tickets} tickets")

    def version(self):
        return output(["fossil", "version"]).split()[4]

    def acts(self, times):
        """Tickets a second, a process and a durable commit each."""
        return repeated(["fossil", "ticket", "add", "title", "A boy from number 12", "status", "Open", "type",
                         "Concern", "subsystem", "office-1", "comment", WORDS, "-R", self.repository],
                        times, env=self.environment)

    def rebuild(self):
        """Artefacts a second."""
        database = sqlite3.connect(self.repository)
        artefacts = database.execute("SELECT COUNT(*) FROM blob").fetchone()[0]
        database.close()
        took, _ = timed(["fossil", "rebuild", self.repository], env=self.environment)
        return artefacts / took

    def __enter__(self):
        self.process = subprocess.Popen(
            ["fossil", "server", self.repository, "--port", str(self.port), "--localhost"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment)
        self.base = f"http://127.0.0.1:{self.port}"
        for _ in range(200):
            try:
                with urllib.request.urlopen(self.base + "/timeline?n=1", timeout=5):
                    return self
            except (OSError, urllib.error.URLError):
                time.sleep(0.05)
        stop(self.process)
        raise Failed("fossil server does not answer")

    def __exit__(self, *_):
        stop(self.process)

    def page(self, path, must_hold, seconds):
        with urllib.request.urlopen(self.base + path, timeout=20) as answer:
            text = answer.read().decode("utf-8", "replace")
        if must_hold not in text:
            raise Failed(f"fossil's {path} does not show \"{must_hold}\"")
        return Wrk(self.base + path, seconds).rate

    def timeline(self, seconds):
        return self.page("/timeline?n=20&y=t", "A boy from number", seconds)

    def ticket_page(self, seconds):
        return self.page(f"/tktview/{self.ticket}", "nothing to eat", seconds)
