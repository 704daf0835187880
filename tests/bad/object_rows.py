# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that do not arrive as they should, sent with a report."""
import re

from http_rows import A_FORM, request

KIND = "multipart/form-data; boundary=cut"


def part(name=b"files", filename=b'; filename="a.txt"', data=b"words", head=b""):
    return (b"--cut\r\nContent-Disposition: form-data; name=\"" + name + b"\"" + filename + b"\r\n" + head +
            b"\r\n" + data + b"\r\n")


END = b"--cut--\r\n"


def begin(ground):
    """The cookie of a report that has begun."""
    _, page = ground.send(request(ground, "POST", "/report/danger", A_FORM, b"danger-now=no&about=child"))
    return "; ".join(re.findall(r"Set-Cookie: ([^;]+)", page))


# name, status, what is said, Content-Type, body
ROWS = [
    ("no boundary", 422, "no boundary", "multipart/form-data", part() + END),
    ("a boundary that is too long", 422, "no boundary", "multipart/form-data; boundary=" + "b" * 80, part() + END),
    ("another boundary than was said", 422, "does not begin with its boundary", "multipart/form-data; boundary=other", part() + END),
    ("no end", 422, "ends before its last boundary", KIND, part()),
    ("cut off in a part's head", 422, "ends before its last boundary", KIND, b"--cut\r\nContent-Dispo"),
    ("a part without a name", 422, "a part has no name", KIND, b"--cut\r\nContent-Type: text/plain\r\n\r\nx\r\n" + END),
    ("a part's head too long", 422, "headers of a part are too long", KIND, part(head=b"X-Long: " + b"x" * 20000 + b"\r\n") + END),
    ("a name of a file that is not UTF-8", 422, "a header that is not understood", KIND, part(filename=b'; filename="\xff.txt"') + END),
    ("NUL in the name of a file", 422, "a header that is not understood", KIND, part(filename=b'; filename="a\x00.txt"') + END),
    ("an empty file", 422, "is empty", KIND, part(data=b"") + END),
    ("eleven files", 422, "send at most 10 files", KIND, part() * 11 + END),
    ("too many parts", 422, "too many parts", KIND, part(name=b"x", filename=b"") * 600 + END),
    ("a form, sent as files", 415, "does not take this type", "text/plain", b"files=x"),
    ("a program", 422, "a type we cannot open", KIND,
     part(filename=b'; filename="a.exe"', data=b"MZ\x90\x00" + b"\x00" * 100) + END),
]


def others(ground, row_of):
    """Files without a report, and to pages that take none."""
    def send(path, cookie, body=part() + END):
        return lambda: ground.ask(request(ground, "POST", path, {
            "Content-Type": KIND, "Sec-Fetch-Site": "same-origin", **({"Cookie": cookie} if cookie else {})}, body))
    yield row_of("files with no report begun", 422, "came too late"), ground.watched(
        ground.log, send("/report/files", ""))
    yield row_of("files with a cookie that is none", 404, "We cannot find that page"), ground.watched(
        ground.log, send("/report/files", "candour-draft=" + "0" * 64))
    yield row_of("files to a page that takes none", 415, "does not take this type"), ground.watched(
        ground.log, send("/report/danger", begin(ground)))
