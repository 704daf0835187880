/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Patterns by chance: conditions of every form that a pattern may ask, over the kinds of random_pack.h. */
#ifndef CANDOUR_TESTS_CASEBOOK_RANDOM_PATTERN_H
#define CANDOUR_TESTS_CASEBOOK_RANDOM_PATTERN_H

#include "casebook/random_drawn.h"

/* A kind of the type, with or without what its entries say. */
static inline void draw_which(struct drawn *d, struct buf *out, int type)
{
	static const char *const with_code[] = { "begun", "moved", "did0", "reopened" };
	static const char *const any[] = { "begun", "moved", "noted", "did0", "answered", "joined" };
	switch (drawn_below(d, 4)) {
	case 0:
		buf_format(out, "{ kind: t%d.%s, where: { c: %s } }", type, with_code[drawn_below(d, 4)],
		           DRAWN_OF(d, "a", "[a, b]", "x"));
		return;
	case 1:
		buf_format(out, "[t%d.%s, t%d.moved]", type, DRAWN_OF(d, "begun", "noted", "joined"), type);
		return;
	case 2:
		buf_format(out, "{ kind: t%d.noted, where: { next: %s } }", type, DRAWN_OF(d, "present", "wait"));
		return;
	default:
		buf_format(out, "t%d.%s", type, any[drawn_below(d, 6)]);
	}
}

static inline void draw_days(struct drawn *d, struct buf *out)
{
	buf_format(out, "{ %s: %d }", DRAWN_OF(d, "days", "hours", "working-days"), 1 + drawn_below(d, 20));
}

static inline void draw_count(struct drawn *d, struct buf *out, int type)
{
	buf_format(out, "count: { of: ");
	draw_which(d, out, type);
	if (drawn_once_in(d, 2)) {
		buf_format(out, ", within: ");
		draw_days(d, out);
	}
	if (drawn_once_in(d, 4))
		buf_format(out, ", since: t%d.%s", type, DRAWN_OF(d, "noted", "moved"));
	if (drawn_once_in(d, 3))
		buf_format(out, ", %s: %s", DRAWN_OF(d, "different", "alike"), DRAWN_OF(d, "office", "agency", "account", "file"));
	buf_format(out, ", at-least: %d%s }", 1 + drawn_below(d, 3), DRAWN_OF(d, "", "", ", of-newest: 4"));
}

/* Links, those of a while, and those to files of which something holds. */
static inline void draw_linked(struct drawn *d, struct buf *out)
{
	int other = d->types - 1;
	buf_format(out, "linked: { by: near, type: t%d, at-least: %d", other, 1 + drawn_below(d, 2));
	if (drawn_once_in(d, 3))
		buf_format(out, ", within: { days: %d }", 1 + drawn_below(d, 15));
	switch (drawn_below(d, 4)) {
	case 0:
		buf_format(out, ", where: { has: t%d.%s }", other, DRAWN_OF(d, "moved", "noted"));
		break;
	case 1:
		buf_format(out, ", where: { state: [s0] }");
		break;
	case 2:
		buf_format(out, ", where: { count: { of: t%d.%s, within: { days: 6 }, at-least: 2 } }", other,
		           DRAWN_OF(d, "moved", "noted", "begun"));
		break;
	default:
		break;
	}
	buf_format(out, " }");
}

static inline void draw_form(struct drawn *d, struct buf *out, int type, int form)
{
	int period = 1 + drawn_below(d, 15);
	switch (form) {
	case 0:
		draw_count(d, out, type);
		return;
	case 1:
	case 2:
		buf_format(out, form == 1 ? "has: " : "lacks: ");
		draw_which(d, out, type);
		return;
	case 3:
		buf_format(out, "share: { of: entries, from-one: %s, at-least: %d, among-at-least: %d, within: { days: %d } }",
		           DRAWN_OF(d, "agency", "office", "account"), 40 + drawn_below(d, 60), 2 + drawn_below(d, 4), period);
		return;
	case 4:
		buf_format(out, "after: { first: ");
		draw_which(d, out, type);
		buf_format(out, ", then: ");
		draw_which(d, out, type);
		buf_format(out, ", within: { days: %d } }", period);
		return;
	case 5:
		buf_format(out, "running: { of: { kind: t%d.moved, where: { c: [a, b] } }, among: [t%d.moved%s], times: %d%s }",
		           type, type, drawn_once_in(d, 2) ? arena_format(d->arena, ", t%d.noted", type).p : "",
		           1 + drawn_below(d, 3), DRAWN_OF(d, "", ", same: c"));
		return;
	case 6:
		buf_format(out, "silent-for: { days: %d, by: %s }", period, DRAWN_OF(d, "agency", "office", "anyone"));
		return;
	case 7:
		buf_format(out, "older-than: { kind: t%d.%s, days: %d }", type, DRAWN_OF(d, "begun", "moved", "noted"), period);
		return;
	case 8:
		buf_format(out, "turns-age: { years: %d, months: %d }", 17 + drawn_below(d, 2), drawn_below(d, 12));
		return;
	case 9:
		buf_format(out, "age: { %s: 18 }", DRAWN_OF(d, "under", "at-least"));
		return;
	case 10:
		draw_linked(d, out);
		return;
	case 11:
		buf_format(out, "same-file: { by: near, type: t%d, of: 2, within: { days: %d } }", d->types - 1, period);
		return;
	case 12:
		buf_format(out, "duty: { rule: [T1%d0], is: %s }", type, DRAWN_OF(d, "open", "late", "settled"));
		return;
	case 13:
		buf_format(out, "fact: { latest: %s }", DRAWN_OF(d, "a", "[a, x]", "present"));
		return;
	case 14:
		buf_format(out, "state: [s%d]", drawn_below(d, d->states[type]));
		return;
	default:
		buf_format(out, "fresh: { kind: t%d.%s, within: { days: %d } }", type, DRAWN_OF(d, "noted", "moved", "begun"),
		           period);
	}
}

#define PATTERN_FORMS 16

/* One to three forms, each once. */
static inline void draw_pairs(struct drawn *d, struct buf *out, int type)
{
	int form = drawn_below(d, PATTERN_FORMS), step = 1 + drawn_below(d, 5);
	for (int i = 0, n = 1 + drawn_below(d, 2); i < n; i++, form = (form + step) % PATTERN_FORMS) {
		buf_format(out, i ? ", " : "{ ");
		draw_form(d, out, type, form);
	}
	buf_format(out, " }");
}

/* What adds up over the acts of one office, or over those that name it. */
static inline void draw_office_pattern(struct drawn *d, struct buf *out, int n)
{
	int type = drawn_below(d, d->types);
	if (drawn_once_in(d, 2)) {
		buf_format(out, "K%02d:\n  title: Too little is known there\n  about: office\n  owner: free0\n  source: Norm 1\n"
		                "  when: { complete: { of: { kind: t%d.%s }, within: { days: %d },"
		                " under: %d, at-least: %d } }\n", n, type,
		           DRAWN_OF(d, "moved, field: seen, due: [a]", "moved, field: seen, due: [a, b, x]",
		                    "noted, field: seen, due: [wait, ask]"),
		           5 + drawn_below(d, 20), 40 + drawn_below(d, 61), 1 + drawn_below(d, 6));
		return;
	}
	buf_format(out, "K%02d:\n  title: It adds up there\n  about: office\n  through: [%s]\n  owner: free0\n"
	                "  source: Norm 1\n  when: { count: { of: t%d.%s, within: { days: %d }, at-least: %d } }\n", n,
	           DRAWN_OF(d, "made-in", "asked-of"), type, DRAWN_OF(d, "begun", "moved", "did0"),
	           5 + drawn_below(d, 20), 1 + drawn_below(d, 3));
}

static inline void draw_pattern(struct drawn *d, struct buf *out, int n)
{
	int type = drawn_below(d, d->types);
	if (drawn_once_in(d, 6)) {
		draw_office_pattern(d, out, n);
		return;
	}
	buf_format(out, "K%02d:\n  title: It adds up\n  about: t%d\n  owner: %s\n", n, type,
	           DRAWN_OF(d, "o0", "o1", "free0"));
	if (drawn_once_in(d, 2))
		buf_format(out, "  through: [near]\n");
	if (drawn_once_in(d, 4))
		buf_format(out, "  once: yes\n");
	if (drawn_once_in(d, 3))
		buf_format(out, "  opens: [T3%d]\n", type);
	buf_format(out, "  source: Norm 1\n  when: ");
	switch (drawn_below(d, 3)) {
	case 0:
		buf_format(out, "{ any: [");
		draw_pairs(d, out, type);
		buf_format(out, ", ");
		draw_pairs(d, out, type);
		buf_format(out, "] }\n");
		return;
	case 1:
		buf_format(out, "{ all: [");
		draw_pairs(d, out, type);
		buf_format(out, ", { not: ");
		draw_pairs(d, out, type);
		buf_format(out, " }] }\n");
		return;
	default:
		draw_pairs(d, out, type);
		buf_format(out, "\n");
	}
}

static inline void draw_patterns(struct drawn *d, struct buf *out)
{
	for (int n = 0, all = 1 + drawn_below(d, 6); n < all; n++)
		draw_pattern(d, out, n);
}

#endif
