# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every page of a child who is long known: 500 acts and what followed, over her file and twelve linked to it."""
import base64
import hashlib
import hmac
import http.client
import json
import os
import re
import statistics
import struct
import subprocess
import time
import urllib.parse

from measure import Failed, stop

ACTS = 500
TIMES = 21  # each page is asked for; the first, whose readings are written, stands beside the median
STEP = 30  # seconds that six digits stand for
CHILD = "/files/CH-1"
CONCERN = "/files/C-1"
PAGES = (
    ("a child's page", CHILD),
    ("its chronology, from the beginning", f"{CHILD}/chronology?order=oldest"),
    ("its chronology, newest on top", f"{CHILD}/chronology?order=newest"),
    ("its chronology of one agency", f"{CHILD}/chronology?agency=council"),
    ("its chronology of one kind", f"{CHILD}/chronology?kind=child.said"),
    ("its chronology, the person's own words", f"{CHILD}/chronology?words=yes"),
    ("its chronology with every seal of the page", f"{CHILD}/chronology?open=all"),
    ("its chronology, all of it to print", f"{CHILD}/chronology?print=yes"),
    ("who has read it", f"{CHILD}/readings"),
    ("who has read it, as a table", f"{CHILD}/readings.csv"),
    ("an entry of it", "/entries/20"),
    ("a concern of hers", CONCERN),
    ("a concern of hers, every seal open", f"{CONCERN}?open=all"),
    ("a concern of hers with what is linked", f"{CONCERN}/chronology"),
    ("the files that can be begun", "/work/begin"),
    ("My work", "/work"),
    ("My work with initials", "/work?show=initials"),
    ("what is late", "/late"),
    ("what is late, by office", "/late?by=office"),
    ("what is late, as a table", "/late.csv"),
    ("finding", "/find"),
    ("one's own readings", "/readings"),
    ("what is restricted", "/restricted"),
    ("words that are advised on, by office", "/words"),
    ("figures for everybody", "/figures"),
    ("offices", "/offices"),
    ("the rules in force", "/pack"),
    ("a duty of the rules", "/pack/T01"),
    ("the picture of a type of file", "/pack/child"),
    ("health", "/health"),
)


def digits(secret):
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // STEP), hashlib.sha1).digest()
    at = mac[19] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


class Child:
    """The child while she is served; use it by `with`."""

    def __init__(self, program, acts=ACTS):
        self.program, self.acts = program, acts

    def __enter__(self):
        self.process = subprocess.Popen([self.program, "127.0.0.1:0", str(self.acts)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, env={**os.environ, "CANDOUR_PACKS": "packs"})
        try:
            self.said = json.loads(self.process.stdout.readline() or "{}")
            if "address" not in self.said:
                raise Failed("the child is not served")
            self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.said["address"]).netloc, timeout=60)
            self.cookie = self.sign_in("sunita")
        except BaseException:
            stop(self.process)
            raise
        return self

    def __exit__(self, *_):
        self.connection.close()
        self.process.stdin.close()
        self.process.wait(60)

    def ask(self, method, path, form=None, cookie=None):
        headers = {"Origin": self.said["address"], **({"Cookie": cookie} if cookie else {})}
        body = urllib.parse.urlencode(form) if form else None
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        text = response.read()
        took = (time.perf_counter() - began) * 1000
        cookies = "; ".join(c.split(";")[0] for c in response.headers.get_all("Set-Cookie") or [])
        return response.status, response.headers.get("Location"), text, cookies, took

    def sign_in(self, name):
        _, _, _, cookie, _ = self.ask("POST", "/sign-in", {"name": name, "password": self.said["password"]})
        for _ in range(2):
            form = {"digits": digits(self.said["people"][name])}
            status, where, _, new, _ = self.ask("POST", "/sign-in/digits", form, cookie)
            if status == 303 and where == "/work":
                return new or cookie
            time.sleep(STEP - time.time() % STEP)
        raise Failed(f"{name} cannot sign in")

    def page(self, path):
        """The first and the median answer in ms, and how many bytes it has."""
        took, size = [], 0
        for _ in range(TIMES):
            status, _, text, _, ms = self.ask("GET", path, cookie=self.cookie)
            if status != 200:
                raise Failed(f"{path} answered {status}")
            took.append(ms)
            size = len(text)
        return took[0], statistics.median(took[1:]), size

    def forms(self):
        """Every form that her page leads to."""
        _, _, text, _, _ = self.ask("GET", CHILD, cookie=self.cookie)
        return sorted(set(re.findall(r'href="(/files/(?:[A-Z]+-\d+|new)/[a-z]+\.[a-z.-]+(?:\?[a-z]+=[A-Z0-9-]+)?)"',
                                     text.decode())))


def measure(table, build):
    with Child(os.path.join(build, "tests", "web", "serve_child")) as child:
        for what, path in PAGES:
            first, median, size = child.page(path)
            table.row(f"{what}, {ACTS} acts over 13 files", median, "{:.1f} ms", under=50,
                      note=f"the first {first:.1f}, {size / 1000:,.0f} KB")
        slowest = max((child.page(path)[1], path) for path in child.forms())
        table.row(f"the slowest of its {len(child.forms())} forms", slowest[0], "{:.1f} ms", under=50, note=slowest[1])
