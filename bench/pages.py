# SPDX-License-Identifier: AGPL-3.0-or-later
"""A served register over HTTP: signs in as the bench's screener, and lets wrk ask or send."""
import http.client
import os
import re
import subprocess
import time
import urllib.parse

from measure import Failed, free_port, output, say, stop

ANSWERS_WITHIN = 60  # seconds
STEP = 30  # seconds that six digits stand for
UNITS = {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}


class Wrk:
    """One run of wrk: requests a second, their 99th percentile in ms, how many were answered."""

    def __init__(self, address, seconds, connections=16, cookie=None, script=None, environment=None):
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
        if cookie:
            command += ["-H", f"Cookie: {cookie}"]
        if script:
            command += ["-s", script]
        text = output(command + [address], env={**os.environ, **(environment or {})})
        rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
        p99 = re.search(r"99%\s+([\d.]+)(us|ms|s|m)", text)
        bad = re.search(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)", text)
        if not rate or not p99:
            raise Failed(f"wrk said nothing of {address}: {text}")
        if bad:
            raise Failed(f"{address}: {bad.group(0)}")
        self.rate = float(rate.group(1))
        self.p99 = float(p99.group(1)) * UNITS[p99.group(2)]
        self.answered = int(re.search(r"(\d+) requests in", text).group(1))


class Served:
    """A register while `candour serve` runs; use it by `with`."""

    def __init__(self, program, folder):
        self.program, self.folder, self.port = program, folder, free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.process = None

    def __enter__(self):
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [self.program, "serve", self.folder, "--listen", f"127.0.0.1:{self.port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self.answered_after = self.wait()
        except BaseException:
            stop(self.process)
            raise
        return self

    def __exit__(self, *_):
        stop(self.process)

    def wait(self):
        """Seconds from its start until it answered the start page."""
        while time.monotonic() - self.started < ANSWERS_WITHIN:
            if self.process.poll() is not None:
                raise Failed(f"serve ended with {self.process.returncode}")
            try:
                status, _, _, _ = self.request("GET", "/")
                if status == 200:
                    return time.monotonic() - self.started
            except OSError:
                time.sleep(0.001)
        raise Failed("serve does not answer")

    def request(self, method, path, cookie=None, form=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Origin": self.base}
        if cookie:
            headers["Cookie"] = cookie
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        finally:
            connection.close()
        cookies = [c.split(";")[0] for c in response.headers.get_all("Set-Cookie") or []]
        return response.status, response.headers.get("Location"), text, "; ".join(cookies)

    def sign_in(self, totp):
        """The cookie of the screener's session. Digits serve once, and a step that ends while a busy machine
        asks for a password may be too old: then those of the next step are asked for."""
        said = ""
        for more in (True, True, False):
            cookie, said = self.try_sign_in(totp)
            if cookie:
                return cookie
            if more:
                time.sleep(STEP - time.time() % STEP)
        raise Failed(f"the screener cannot sign in: {said}")

    def try_sign_in(self, totp):
        """The cookie, or None and what the page said."""
        _, _, text, cookie = self.request("GET", "/sign-in")
        form = hidden(text)
        form.update(name="amara", password="practice only, not a secret")
        _, where, _, new = self.request("POST", "/sign-in", cookie, form)
        cookie = new or cookie
        _, _, text, new = self.request("GET", where or "/sign-in/digits", cookie)
        cookie = new or cookie
        form = hidden(text)
        form["digits"] = output([self.program, "code", totp]).split()[0]
        status, where, text, new = self.request("POST", "/sign-in/digits", cookie, form)
        if status == 303 and where and not where.startswith("/sign-in"):
            return new or cookie, ""
        return None, f"{status}, {' '.join(re.findall(r'error-message[^>]*>(.*?)</p>', text, re.S)) or where}"

    def work(self, cookie):
        """How many duties *My work* shows, and the path of the first concern on it."""
        status, _, text, _ = self.request("GET", "/work", cookie)
        duties = text.count('class="cd-duty__src"')
        concerns = re.findall(r'href="(/files/[A-Z]+-\d+)"', text)
        if status != 200 or not concerns:
            raise Failed(f"My work answered {status} and shows {len(concerns)} concerns")
        return duties, concerns[0]

    def form_is_taken(self):
        """One whole report as a form, looked at: where a browser would be sent."""
        status, where, text, _ = self.request(
            "POST", "/report", form={"happening": "He is out alone until late.", "danger": "no"})
        if status != 303 or where != "/report/done":
            raise Failed(f"a report as a form was answered {status}: {text[:300]}")

    def pages(self, path, seconds, cookie=None):
        return Wrk(self.base + path, seconds, cookie=cookie)

    def reports(self, sort, seconds):
        return Wrk(self.base + "/", seconds, connections=32,
                   script=os.path.join(os.path.dirname(__file__), "report.lua"),
                   environment={"REPORT_AS": sort, "REPORT_FROM": self.base,
                                "REPORT_MARK": str(time.monotonic_ns())})


def hidden(text):
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))
