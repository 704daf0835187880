# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the rows of each surface are tried."""
import os
import shutil
from dataclasses import dataclass

import cli_rows
import http_rows
import json_rows
import key_rows
import note_rows
import object_rows
import yaml_rows
from running import Log, small_files


@dataclass
class Row:
    name: str
    status: int
    says: str
    adds: int = 0


def shown(args):
    return " ".join(a if isinstance(a, str) else repr(a) for a in args)[:90]


# --- the command line ---------------------------------------------------------------------------


def try_words(ground, rows):
    """Status and words, and nothing printed as a result."""
    for status, says, stdin, args in rows:
        def act():
            code, out, said = ground.run(ground.words(args), stdin)
            return code, "printed a result: " + out if out else said
        row = Row(shown(args) + (f" <<< {stdin[:60]!r}" if stdin is not None else ""), status, says)
        yield row, ground.watched(ground.log, act)


def cli(ground):
    yield from try_words(ground, cli_rows.CLI)


def cli_served(ground):
    """The same rows through the program that serves: the same answers."""
    ground.serve()
    yield from try_words(ground, cli_rows.CLI)
    ground.stop()


# --- JSON: reports, acts, over HTTP ---------------------------------------------------------------


def json_surface(ground):
    for status, says, stdin, args in json_rows.REPORTS:
        row = Row(f"{shown(args)} <<< {stdin[:60]!r}" if stdin else shown(args), status, says)
        yield row, ground.watched(ground.log, lambda: said_by(ground, args, stdin))
    for says, kind, body in json_rows.ACTS:
        args = ["add", "DIR", kind, "--file", "C-1", "--as", "a", "--json", "-"]
        yield (Row(f"add {kind} {body[:70]!r}", 3, says),
               ground.watched(ground.log, lambda: said_by(ground, args, body)))
    ground.serve()
    for status, says, path, body in json_rows.POSTED:
        yield (Row(f"POST {path} {body[:70]!r}", status, says),
               ground.watched(ground.log, lambda: ground.ask(http_rows.request(
                   ground, "POST", path, {"Content-Type": "application/json", "Accept": "application/json",
                                          "Authorization": "Bearer TOKEN"} if path != "/report" else
                   {"Content-Type": "application/json", "Accept": "application/json"}, body))))
    ground.stop()


def said_by(ground, args, stdin=None, **how):
    code, out, said = ground.run(ground.words(args), stdin, **how)
    return code, said + out


# --- HTTP -----------------------------------------------------------------------------------------


def http(ground):
    ground.serve()
    for name, status, says, raw in http_rows.RAW:
        yield Row(name, status, says), ground.watched(ground.log, lambda: ground.ask(raw))
    for name, status, says, method, path, headers, body, *adds in http_rows.ASKED:
        yield (Row(name, status, says, adds[0] if adds else 0),
               ground.watched(ground.log, lambda: ground.ask(
                   http_rows.request(ground, method, path, headers, body))))
    yield from http_rows.sessions(ground, Row)
    ground.stop()


# --- attachments ----------------------------------------------------------------------------------


def attachments(ground):
    ground.serve()
    for name, status, says, kind, body in object_rows.ROWS:
        cookie = object_rows.begin(ground)
        yield (Row(name, status, says),
               ground.watched(ground.log, lambda: ground.ask(http_rows.request(
                   ground, "POST", "/report/files",
                   {"Content-Type": kind, "Sec-Fetch-Site": "same-origin", "Cookie": cookie}, body))))
    yield from object_rows.others(ground, Row)
    ground.stop()


# --- packs ----------------------------------------------------------------------------------------


def yaml(ground):
    base = "tests/data/pack-sample"
    for name, status, says, file, change in yaml_rows.ROWS:
        folder = ground.at("packs/sample")
        shutil.rmtree(ground.at("packs"), ignore_errors=True)
        shutil.copytree(base, folder)
        path = os.path.join(folder, file)
        old = b""
        if os.path.exists(path):
            with open(path, "rb") as f:
                old = f.read()
        with open(path, "wb") as f:
            f.write(change(old))
        yield (Row(name, status, says),
               ground.watched(ground.log, lambda: said_by(ground, ["pack", "check", folder])))
        shutil.rmtree(ground.at("packs"), ignore_errors=True)


# --- notes ----------------------------------------------------------------------------------------


def notes(ground):
    for status, says, stdin, args in note_rows.NOTE_WORDS:
        yield (Row(shown(args), status, says),
               ground.watched(ground.log, lambda: said_by(ground, args, stdin)))
    with open(ground.at("receipt"), "rb") as f:
        whole = f.read()
    for name, status, says, change in note_rows.RECEIPTS:
        ground.write("broken", change(whole))
        yield (Row("receipt: " + name, status, says),
               ground.watched(ground.log,
                              lambda: said_by(ground, ["receipt", "@broken", "--vkey", ground.vkey])))
    for name, status, says, change in note_rows.KEYS:
        yield (Row("verifier key: " + name, status, says),
               ground.watched(ground.log,
                              lambda: said_by(ground, ["receipt", "@receipt", "--vkey", change(ground.vkey)])))


# --- keys, and disks that do not take what is written ------------------------------------------------


def keys(ground):
    for status, says, stdin, args in key_rows.KEY_WORDS:
        yield (Row(shown(args), status, says),
               ground.watched(ground.log, lambda: said_by(ground, args, stdin)))
    other = ground.at("other")
    ground.must("init", other, "--drill", "--origin", "drill.other.example/register")
    for name, status, says, change, *args in key_rows.SPOILT:
        copy = ground.copy()
        log = Log(copy)
        change(os.path.join(copy, "keys"), os.path.join(other, "keys"))
        words = ground.words(args[0] if args else ["report", "DIR", "--text", "x"], copy)
        yield Row(name, status, says), ground.watched(log, lambda: said_by(ground, words))
    ground.write("looked", b'{"danger":"none-found","checked":["own-files"],"basis":"' + b"x" * 9000 + b'"}')
    for name, status, says, limit, args in key_rows.FULL:
        copy = ground.copy()
        words = [copy + word[3:] if word.startswith("DIR") else ground.word(word) for word in args]
        yield (Row(name, status, says),
               ground.watched(Log(copy), lambda: said_by(ground, words, before=small_files(limit))))
    yield from key_rows.read_only(ground, Row, Log)
    yield from key_rows.full(ground, Row)


SURFACES = {"cli": cli, "cli-served": cli_served, "http": http, "yaml": yaml, "json": json_surface, "notes": notes,
            "attachments": attachments, "keys": keys}
