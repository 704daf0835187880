#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signs in as the bench's screener and measures pages with wrk: pages.py BASE PROGRAM TOTP SECONDS."""
import http.client
import re
import subprocess
import sys
import urllib.parse

BASE, PROGRAM, TOTP, SECONDS = sys.argv[1:5]
HOST = BASE.split("//")[1]


def request(method, path, cookie=None, form=None):
    connection = http.client.HTTPConnection(HOST, timeout=20)
    headers = {"Host": HOST, "Origin": BASE}
    if cookie:
        headers["Cookie"] = cookie
    body = None
    if form is not None:
        body = urllib.parse.urlencode(form)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    text = response.read().decode("utf-8", "replace")
    cookies = [c.split(";")[0] for c in response.headers.get_all("Set-Cookie") or []]
    return response.status, response.headers.get("Location"), text, "; ".join(cookies)


def hidden(text):
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))


def sign_in():
    _, _, text, cookie = request("GET", "/sign-in")
    form = hidden(text)
    form.update(name="amara", password="practice only, not a secret")
    _, where, _, new = request("POST", "/sign-in", cookie, form)
    cookie = new or cookie
    _, _, text, new = request("GET", where or "/sign-in/digits", cookie)
    cookie = new or cookie
    digits = subprocess.run([PROGRAM, "code", TOTP], capture_output=True, text=True, check=True).stdout.split()[0]
    form = hidden(text)
    form["digits"] = digits
    _, _, _, new = request("POST", "/sign-in/digits", cookie, form)
    return new or cookie


def measure(name, path, cookie=None, script=None, connections=16):
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency"]
    if cookie:
        command += ["-H", f"Cookie: {cookie}"]
    if script:
        command += ["-s", script]
    out = subprocess.run(command + [BASE + path], capture_output=True, text=True).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", out)
    p99 = re.search(r"99%\s+(\S+)", out)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    print(f"{name:<22} {rate.group(1) if rate else '?':>10} requests/s   p99 {p99.group(1) if p99 else '?'}"
          + (f"   {bad.group(1)} were refused" if bad else ""))


cookie = sign_in()
status, _, text, _ = request("GET", "/work", cookie)
files = re.findall(r'href="(/files/[A-Z]+-\d+)"', text)
print(f"{'my_work_status':<22} {status:>10}", len(text), "bytes")
measure("start_page", "/")
measure("my_work", "/work", cookie)
if files:
    measure("concern_page", files[0], cookie)
measure("report_json", "/", None, "bench/report.lua", 32)
