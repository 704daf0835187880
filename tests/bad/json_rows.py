# SPDX-License-Identifier: AGPL-3.0-or-later
"""JSON on the command line and over HTTP."""

REPORTS = [
    (2, "one of them", b"{}", ["report", "DIR", "--text", "x", "--json", "-"]),
    (3, "\"happening\" is missing", b"{}", ["report", "DIR", "--json", "-"]),
    (3, "\"happening\" is missing", b"{\"happening\":\"\"}", ["report", "DIR", "--json", "-"]),
    (3, "A report has no \"hapening\"", b"{\"hapening\":\"x\"}", ["report", "DIR", "--json", "-"]),
    (3, "no \"harm\"", b"{\"happening\":\"x\",\"harm\":\"y\"}", ["report", "DIR", "--json", "-"]),
    (3, "\"danger\" must be", b"{\"happening\":\"x\",\"danger\":\"maybe\"}", ["report", "DIR", "--json", "-"]),
    (3, "\"danger\" must be", b"{\"happening\":\"x\",\"danger\":true}", ["report", "DIR", "--json", "-"]),
    (3, "must be text", b"{\"happening\":\"x\",\"where\":7}", ["report", "DIR", "--json", "-"]),
    (3, "must be text", b"{\"happening\":\"x\",\"child\":null}", ["report", "DIR", "--json", "-"]),
    (3, "must be text", b"{\"happening\":[\"x\"]}", ["report", "DIR", "--json", "-"]),
    (3, "one JSON object", b"[]", ["report", "DIR", "--json", "-"]),
    (3, "standard input", b"{\"happening\":\"x\"", ["report", "DIR", "--json", "-"]),
    (3, "standard input", b"{\"happening\":\"x\"} y", ["report", "DIR", "--json", "-"]),
    (3, "standard input", b"{\"happening\":\"x\",\"happening\":\"y\"}", ["report", "DIR", "--json", "-"]),
    (3, "standard input", b"", ["report", "DIR", "--json", "-"]),
    (3, "standard input", b"{\"happening\":\"\\ud800\"}", ["report", "DIR", "--json", "-"]),
    (3, "standard input is not UTF-8", b"{\"happening\":\"\xff\"}", ["report", "DIR", "--json", "-"]),
    (3, "There is no file", None, ["report", "DIR", "--json", "@not-there"]),
]

# what is said, kind, the fields
ACTS = [
    ("danger", "concern.looked", b'{"danger":"purple","checked":["own-files"]}'),
    ("danger", "concern.looked", b'{"checked":["own-files"]}'),
    ("danger", "concern.looked", b'{"danger":true,"checked":["own-files"]}'),
    ("danger", "concern.looked", b'{"danger":["none-found"],"checked":["own-files"]}'),
    ("checked", "concern.looked", b'{"danger":"none-found","checked":[]}'),
    ("checked", "concern.looked", b'{"danger":"none-found","checked":["tea-leaves"]}'),
    ("harmless", "concern.looked", b'{"danger":"none-found","checked":["own-files"],"harmless":1}'),
    ("basis", "concern.looked", b'{"danger":"none-found","checked":["own-files"],"basis":7}'),
    ("basis", "concern.looked", b'{"danger":"none-found","checked":["own-files"],"basis":"' + b"x" * 10001 + b'"}'),
    ("via", "concern.looked", b'{"danger":"none-found","checked":["own-files"],"via":"register"}'),
    ("Choose an office", "concern.asked", b'{"office":"nobody","urgent":false,"lawful-basis":"public-task","question":"?"}'),
    ("whole number", "concern.received", b'{"age-said":4.5}'),
    ("age", "concern.received", b'{"age-said":99}'),
    ("entry", "concern.decided", b'{"decision":"none","reason-none":"information-only","threshold":"1","evidence":[999999],"reasons":"x"}'),
    ("entry", "concern.decided", b'{"decision":"none","reason-none":"information-only","threshold":"1","evidence":[-1],"reasons":"x"}'),
    ("real date", "concern.answered", b'{"knows":"yes","answer":"x","last-seen":"2026-02-30"}'),
    ("real date", "concern.answered", b'{"knows":"yes","answer":"x","last-seen":"30/2/2026"}'),
    ("in the past", "concern.answered", b'{"knows":"yes","answer":"x","last-seen":"2099-01-01"}'),
    ("nothing", "concern.looked", b'{"nothing":null}'),
]

DEEP = b"[" * 3000 + b"]" * 3000

# status, what is said, path, body: over HTTP
POSTED = [
    (422, "Write something", "/report", b"{}"),
    (422, "not part of a report", "/report", b'{"happening":"x","harm":1}'),
    (422, "one object", "/report", b"[]"),
    (422, "JSON, line 1", "/report", b'{"happening":"x"'),
    (422, "JSON, line 1", "/report", b'{"happening":"x","happening":"y"}'),
    (422, "JSON, line 1", "/report", b"{'happening':'x'}"),
    (422, "JSON, line 1", "/report", b'{"happening":"x",}'),
    (422, "JSON, line 1", "/report", b'{"happening":NaN}'),
    (422, "JSON, line 1", "/report", b'{"happening":"x"} // and so on'),
    (422, "JSON, line 1", "/report", b'\xef\xbb\xbf{"happening":"x"}'),
    (422, "JSON", "/report", b'{"happening":"\xff"}'),
    (422, "JSON", "/report", b'{"happening":"\\ud800"}'),
    (422, "JSON", "/report", b'{"happening":"a\\u0000b"}'),
    (422, "JSON", "/report", b'{"happening":"a\x00b"}'),
    (422, "JSON", "/report", b'{"happening":' + DEEP + b"}"),
    (422, "JSON", "/report", b""),
    (422, "happening", "/report", b'{"happening":"' + b"x" * 40001 + b'"}'),
    (422, "happening", "/report", b'{"happening":7}'),
    (422, "danger", "/report", b'{"happening":"x","danger":"maybe"}'),
    (422, "danger", "/files/C-1/concern.looked", b'{"danger":"purple","checked":["own-files"]}'),
    (422, "harmless", "/files/C-1/concern.looked", b'{"danger":"none-found","checked":["own-files"],"harmless":1}'),
    (404, "404", "/files/C-99/concern.looked", b'{"danger":"none-found","checked":["own-files"]}'),
    (404, "404", "/files/C-1/concern.dreamt", b"{}"),
]
