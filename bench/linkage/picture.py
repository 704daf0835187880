#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draws the table of fairness of docs/linkage.md as bars: whom linking finds, by the origin of the name.

    bench/linkage/picture.py docs/linkage.md docs/pictures/linkage-origin.svg
"""
import sys
from xml.sax.saxutils import escape

LEAST = 0.85  # recall where the bars begin, said below them
WIDE, LINE, LEFT, RIGHT = 720, 26, 190, 60
LINK, REVIEW, INK, PAPER = "#1d5a8a", "#a9c9e3", "#1b1b1b", "#ffffff"


def rows(path):
    """Origin, recall at the edge, with review: of the first table that begins so."""
    out, inside = [], False
    with open(path, encoding="utf-8") as file:
        for line in file:
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if cells[0] == "origin of the name":
                inside = True
            elif inside and not line.startswith("|"):
                break
            elif inside and not cells[0].startswith("---"):
                out.append((cells[0], float(cells[3]), float(cells[4])))
    return out


def text(x, y, words, more=""):
    return f'<text x="{x}" y="{y}" fill="{INK}" {more}>{escape(words)}</text>'


def bar(y, least, most, colour):
    scale = (WIDE - LEFT - RIGHT) / (1 - LEAST)
    start, width = LEFT + (max(least, LEAST) - LEAST) * scale, max(most - max(least, LEAST), 0) * scale
    return f'<rect x="{start:.1f}" y="{y}" width="{width:.1f}" height="{LINE - 8}" fill="{colour}"/>'


def draw(table):
    high = LINE * (len(table) + 2) + 10
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}" role="img" font-family="sans-serif" font-size="14">',
           "<title>Share of a person's records that linking finds, by origin of the name</title>",
           f'<rect width="{WIDE}" height="{high}" fill="{PAPER}"/>']
    for at, (origin, link, review) in enumerate(sorted(table, key=lambda row: -row[1])):
        y = 10 + at * LINE
        out += [text(LEFT - 8, y + 14, origin, 'text-anchor="end"'), bar(y, LEAST, link, LINK), bar(y, link, review, REVIEW),
                text(WIDE - RIGHT + 8, y + 14, f"{link:.3f}")]
    foot = 10 + len(table) * LINE
    out += [text(LEFT, foot + 14, f"dark: at the edge; light: with the review band; bars begin at {LEAST}"),
            "</svg>"]
    return "\n".join(out) + "\n"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    table = rows(sys.argv[1])
    if not table:
        sys.exit("picture: there is no table of origins in " + sys.argv[1])
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(draw(table))


if __name__ == "__main__":
    main()
