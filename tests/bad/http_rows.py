# SPDX-License-Identifier: AGPL-3.0-or-later
"""Requests that are wrong: as bytes, as forms, without a session, with somebody else's."""
import re

from running import seen

FORM = "application/x-www-form-urlencoded"
SAME = {"Sec-Fetch-Site": "same-origin"}
A_FORM = {"Content-Type": FORM, **SAME}
H = b" HTTP/1.1\r\nHost: 127.0.0.1\r\n"

# name, status (0: closed), what is said, bytes
RAW = [
    ("no host", 400, "must include a \"Host:\" header", b"GET / HTTP/1.1\r\n\r\n"),
    ("two hosts", 400, "not as a browser sends it", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: 127.0.0.1\r\n\r\n"),
    ("another host", 421, "does not go by that name", b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
    ("a version that is none", 505, "not one that we serve", b"GET / HTTP/1.2\r\nHost: 127.0.0.1\r\n\r\n"),
    ("not HTTP at all", 0, "closed", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64 + b"\r\n\r\n"),
    ("a method that is none", 501, "not one that we serve", b"FOO /" + H + b"\r\n"),
    ("TRACE", 405, "We cannot find that page", b"TRACE /" + H + b"\r\n"),
    ("a path upwards", 400, "not as a browser sends it", b"GET /assets/../../etc/passwd" + H + b"\r\n"),
    ("a path upwards, encoded", 400, "not as a browser sends it", b"GET /assets/%2e%2e/x" + H + b"\r\n"),
    ("NUL in a path", 400, "not as a browser sends it", b"GET /a%00b" + H + b"\r\n"),
    ("a path that is not UTF-8", 400, "not as a browser sends it", b"GET /%c3%28" + H + b"\r\n"),
    ("a broken escape", 400, "not as a browser sends it", b"GET /a%zz" + H + b"\r\n"),
    ("a name twice in a query", 400, "not as a browser sends it", b"GET /?x=1&x=2" + H + b"\r\n"),
    ("a path too long", 414, "This address is too long", b"GET /" + b"a" * 5000 + H + b"\r\n"),
    ("a header too long", 431, "head of this request is too large", b"GET /" + H + b"X: " + b"b" * 9000 + b"\r\n\r\n"),
    ("too many headers", 431, "head of this request is too large", b"GET /" + H + b"X: b\r\n" * 200 + b"\r\n"),
    ("a header with control characters", 400, "not as a browser sends it", b"GET /" + H + b"X: a\x01b\r\n\r\n"),
    ("a cookie twice", 400, "not as a browser sends it", b"GET /" + H + b"Cookie: candour=1; candour=2\r\n\r\n"),
    ("two lengths", 400, "not as a browser sends it", b"POST /report/danger" + H + b"Content-Type: application/x-www-form-urlencoded\r\n"
     b"Content-Length: 3\r\nContent-Length: 5\r\n\r\na=1"),
    ("a length below nothing", 400, "wrong value for Content-Length", b"POST /report/danger" + H + b"Content-Length: -1\r\n\r\n"),
    ("length and chunks", 400, "not as a browser sends it", b"POST /report/danger" + H + b"Content-Type: application/json\r\n"
     b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ("no length", 411, "not one that we serve", b"POST /report" + H + b"Content-Type: application/json\r\n\r\n"),
    ("a body with GET", 400, "not as a browser sends it", b"GET /" + H + b"Content-Length: 3\r\n\r\na=1"),
    ("a body past its limit", 413, "larger than we can take", b"POST /report" + H + b"Content-Type: application/json\r\n"
     b"Content-Length: 99999999\r\n\r\n"),
]

JSON_IN = {"Content-Type": "application/json", "Accept": "application/json"}
HAPPENING = b'{"happening":"He is alone"}'

# name, status, what is said, method, path, headers, body[, entries that the log gains]
ASKED = [
    ("a page that is not there", 404, "We cannot find that page", "GET", "/nothing", {}, b""),
    ("a method the page has not", 405, "Allow: GET, HEAD", "POST", "/figures", A_FORM, b"q=1"),
    ("report as text/plain", 415, "does not take this type", "POST", "/report", {"Content-Type": "text/plain"}, HAPPENING),
    ("report as JSON in a form", 422, "not part of a report", "POST", "/report", {**A_FORM, "Accept": "application/json"},
     HAPPENING),
    ("report as a form in JSON", 422, "JSON, line 1", "POST", "/report", JSON_IN, b"happening=He+is+alone"),
    ("report as XML", 415, "does not take this type", "POST", "/report", {"Content-Type": "application/xml"}, b"<a/>"),
    ("report with no type", 415, "does not take this type", "POST", "/report", {}, HAPPENING),
    ("report from another site", 403, "not sent from our own page", "POST", "/report",
     {"Content-Type": FORM, "Sec-Fetch-Site": "cross-site"}, b"happening=x"),
    ("report from another origin", 403, "not sent from our own page", "POST", "/report",
     {"Content-Type": FORM, "Origin": "https://evil.example"}, b"happening=x"),
    ("a submission id with blanks", 400, "Idempotency-Key must be 1 to 128", "POST", "/report", {**JSON_IN, "Idempotency-Key": "a b"}, HAPPENING),
    ("a submission id too long", 400, "Idempotency-Key must be 1 to 128", "POST", "/report", {**JSON_IN, "Idempotency-Key": "k" * 200}, HAPPENING),
    ("a form that is not UTF-8", 400, "form is not as a browser sends it", "POST", "/report/danger", A_FORM, b"danger-now=%c3%28"),
    ("a form with NUL", 400, "form is not as a browser sends it", "POST", "/report/danger", A_FORM, b"danger-now=n%00o"),
    ("a form with too many fields", 422, "too many fields", "POST", "/report/danger", A_FORM,
     b"&".join(b"f%d=1" % i for i in range(2000))),
    ("a question answered with no answer of it", 422, "Choose one of the answers", "POST", "/report/danger", A_FORM,
     b"danger-now=perhaps"),
    ("a question that is none", 404, "We cannot find that page", "POST", "/report/favourite-colour", A_FORM, b"a=b"),
    ("sending before anything was told", 303, "Location: /report", "POST", "/report/check", A_FORM, b""),
    ("a return code of no words", 404, "four words and four digits", "POST", "/return/status", A_FORM, b"code="),
    ("a wrong return code", 404, "does not open anything", "POST", "/return/status", A_FORM, b"code=lantern-otter-maple-river-4071"),
    ("a mistyped return code", 404, "Did you mean", "POST", "/return/status", A_FORM,
     b"code=lantren-otter-maple-river-4071"),
    ("a code in the address", 400, "not as a browser sends it", "GET", "/return/status?code=a&code=b", {}, b""),
    ("an answer to a concern without its code", 303, "Location: /return", "POST", "/return/add", A_FORM, b"words=x"),
    ("a tile that is none", 404, "nothing of this name", "GET", "/log/tile/0/99999", {}, b""),
    ("my work without signing in", 401, "Sign in first", "GET", "/work", {"Accept": "application/json"}, b""),
    ("my work with somebody's cookie", 303, "Location: /sign-in", "GET", "/work",
     {"Cookie": "candour=" + "0" * 64}, b""),
    ("a file with a token that is none", 401, "Sign in first", "GET", "/files/C-1",
     {"Accept": "application/json", "Authorization": "Bearer nonsense"}, b""),
    ("an act with no token", 401, "Sign in first", "POST", "/files/C-1/concern.looked", JSON_IN, b"{}"),
    ("a file that is not there", 404, "There is no such file", "GET", "/files/C-99",
     {"Accept": "application/json", "Authorization": "Bearer TOKEN"}, b""),
    ("a file by a name that is none", 404, "There is no such file", "GET", "/files/%27;drop",
     {"Accept": "application/json", "Authorization": "Bearer TOKEN"}, b""),
    ("an entry that is not there", 404, "There is no such entry", "GET", "/entries/99999",
     {"Accept": "application/json", "Authorization": "Bearer TOKEN"}, b""),
    ("an object that is not there", 404, "There is no such file", "GET", "/objects/00000000000000000000000000",
     {"Accept": "application/json", "Authorization": "Bearer TOKEN"}, b""),
    ("administration with a token of practice", 403, "Accounts are kept by: Register administrator", "GET", "/accounts",
     {"Accept": "application/json", "Authorization": "Bearer TOKEN"}, b""),
    ("set-up without a code", 422, "Write the set-up code", "POST", "/setup", A_FORM, b"code="),
    ("set-up by a code of another register", 422, "has its first administrator already", "POST", "/setup", A_FORM,
     b"code=AAAAA-BBBBB-CCCCC-DDDDD"),
    ("set-up's account before its code", 303, "Location: /setup", "POST", "/setup/account", A_FORM,
     b"name=eve&password=a+long+enough+password"),
    ("set-up's digits before its code", 303, "Location: /setup", "POST", "/setup/second-factor", A_FORM, b"digits=123456"),
    ("a question of set-up that is none", 404, "We cannot find that page", "GET", "/setup/colours",
     {"Accept": "application/json", "Authorization": "Bearer TOKEN"}, b""),
    ("set-up by a screener", 403, "It can be done by: Register administrator", "GET", "/setup/names",
     {"Accept": "application/json", "Authorization": "Bearer TOKEN"}, b""),
    ("particulars by a screener", 403, "It can be done by: Register administrator", "POST", "/particulars",
     {**JSON_IN, "Authorization": "Bearer TOKEN"}, b'{"area":"Southmere"}'),
    ("shares of the key by a screener", 403, "It can be done by: Register administrator", "GET", "/key-shares",
     {"Accept": "application/json", "Authorization": "Bearer TOKEN"}, b""),
    ("sign-in without a name", 422, "Write your account name", "POST", "/sign-in", A_FORM, b"name=&password=x"),
    ("sign-in without a password", 422, "Write your password", "POST", "/sign-in", A_FORM, b"name=zofia&password="),
    ("digits before a name", 422, "Begin again", "POST", "/sign-in/digits", A_FORM, b"digits=123456"),
    ("sign-in from another site", 403, "not sent from our own page", "POST", "/sign-in",
     {"Content-Type": FORM, "Sec-Fetch-Site": "cross-site"}, b"name=zofia&password=x"),
    ("closing what is not ready: a refusal is an entry", 409, "Nobody has looked in our own files", "POST", "/files/C-1/concern.decided",
     {**JSON_IN, "Authorization": "Bearer TOKEN"},
     b'{"decision":"none","threshold":"2026.1","evidence":[36],"reason-none":"information-only","reasons":"No."}', 1),
]


def request(ground, method, path, headers, body):
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    lines += [f"{name}: {value.replace('TOKEN', ground.token)}" for name, value in headers.items()]
    if method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape") + body


class Browser:
    """Cookies and the last page of somebody who signs in."""

    def __init__(self, ground):
        self.ground, self.cookies, self.page, self.status = ground, {}, "", 0

    def ask(self, method, path, body=b"", **more):
        headers = {**A_FORM, **more} if method == "POST" else dict(more)
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{n}={v}" for n, v in self.cookies.items())
        self.status, self.page = self.ground.send(request(self.ground, method, path, headers, body))
        for name, value in re.findall(r"Set-Cookie: ([^=]+)=([^;]*)", self.page):
            self.cookies[name] = value
        return self.status, self.page

    def hidden(self, name):
        found = re.search(f'name="{name}" value="([^"]*)"', self.page)
        return found.group(1) if found else ""

    def sign_in(self):
        ground = self.ground
        self.ask("POST", "/sign-in", b"name=zofia&password=a+long+enough+password")
        for minute in range(0, 6):
            at = f"2026-11-26T10:{minute // 2:02}:{30 * (minute % 2):02}Z"
            _, out, _ = ground.run(["code", ground.totp, "--at", at])
            self.ask("POST", "/sign-in/digits", b"digits=" + out.split()[0].encode())
            if self.status == 303:
                return
            self.ask("POST", "/sign-in", b"name=zofia&password=a+long+enough+password")
        raise SystemExit("zofia cannot sign in: " + self.page[-2000:])


LOOKED = b"danger=none-found&checked=own-files&basis=Nothing"


def sessions(ground, row_of):
    """What only a session can get wrong: no token of the form, another's, the same form sent again."""
    own = Browser(ground)
    own.sign_in()
    path = "/files/C-1/concern.looked"
    own.ask("GET", path)
    csrf, submission = own.hidden("csrf").encode(), own.hidden("submission").encode()

    def rows():
        yield "a form without its token", 400, "Check it and send again", LOOKED, {}, 0
        yield "a form with another session's token", 400, "Check it and send again", LOOKED + b"&csrf=" + b"0" * len(csrf), {}, 0
        yield ("a form from another site, with its token", 403, "not sent from our own page", LOOKED + b"&csrf=" + csrf,
               {"Sec-Fetch-Site": "cross-site"}, 0)
        yield ("a form with its answers missing", 422, "Choose an answer: Where did you look?",
               b"csrf=" + csrf + b"&submission=" + submission, {}, 0)
        yield ("a form with a code that is none", 422, "Choose one of the answers",
               b"danger=purple&checked=own-files&csrf=" + csrf + b"&submission=" + submission, {}, 0)

    for name, status, says, body, headers, adds in rows():
        yield row_of(name, status, says, adds), ground.watched(
            ground.log, lambda: seen(own.ask("POST", path, body, **headers)))
    whole = LOOKED + b"&csrf=" + csrf + b"&submission=" + submission
    status, page = own.ask("POST", path, whole)
    if status != 303:
        raise SystemExit("the form is not taken: " + page[-2000:])
    yield row_of("a form sent again is one entry", 303, "Location: "), ground.watched(
        ground.log, lambda: seen(own.ask("POST", path, whole)))
    yield row_of("a form sent again with other words", 409, "send it under a new one"), ground.watched(
        ground.log, lambda: seen(own.ask("POST", path, whole.replace(b"Nothing", b"Something"))))
    stranger = Browser(ground)
    stranger.cookies = {name: "f" * len(value) for name, value in own.cookies.items()}
    yield row_of("a form in a session that is none", 303, "Location: /sign-in"), ground.watched(
        ground.log, lambda: seen(stranger.ask("POST", path, whole)))
