/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Packs by chance, as YAML text: agencies, a chart of offices in random lines,
 * calendars, ladders, duties, file types and kinds. Each is made so that the
 * check should accept it; those it does not are drawn again.
 */
#ifndef CANDOUR_TESTS_CASEBOOK_RANDOM_PACK_H
#define CANDOUR_TESTS_CASEBOOK_RANDOM_PACK_H

#include "casebook/random_pattern.h"

/* --- head, offices, calendar ---------------------------------------------------------------- */

static inline void draw_head(struct drawn *d, struct buf *out)
{
	(void)d;
	buf_format(out, "born: t0.born\npattern-duty: T90\n");
	buf_format(out, "name: chance\nversion: 0.1.0\ntitle: A pack by chance\nlanguage: en\n"
	                "languages: [en]\nzone: Europe/London\ncalendar: days\nnever: [ethnicity, nationality, religion]\n"
	                "rest: T00\nvacant-duty: T94\nclock-duty: T95\nbroken-duty: T96\n");
}

/* The first and the last office of an agency stand for its head and its chief. */
static inline int drawn_office_in(struct drawn *d, int agency, bool last)
{
	int found = 0;
	for (int i = 0; i < d->insides; i++) {
		if (d->agency_of[i] == agency) {
			found = i;
			if (!last)
				break;
		}
	}
	return found;
}

static inline void draw_offices(struct drawn *d, struct buf *out)
{
	d->agencies = 1 + drawn_below(d, 3);
	d->insides = d->agencies + 1 + drawn_below(d, 5);
	d->independents = 1 + drawn_below(d, 2);
	d->outsides = 2 + drawn_below(d, 2);
	for (int i = 0; i < d->insides; i++)
		d->agency_of[i] = i < d->agencies ? i : drawn_below(d, d->agencies);
	buf_format(out, "agencies:\n");
	for (int a = 0; a < d->agencies; a++)
		buf_format(out, "  a%d: { title: Agency, head: o%d, chief: o%d, inspectorate: out%d }\n", a,
		           drawn_office_in(d, a, drawn_once_in(d, 2)), drawn_office_in(d, a, true),
		           drawn_below(d, d->outsides));
	buf_format(out, "  beyond: { title: Beyond, outside: yes }\noffices:\n");
	for (int i = 0; i < d->insides; i++) {
		buf_format(out, "  o%d: { title: Office, agency: a%d, ", i, d->agency_of[i]);
		if (i + 1 < d->insides && !drawn_once_in(d, 4))
			buf_format(out, "line: o%d, ", i + 1 + drawn_below(d, d->insides - i - 1));
		else
			buf_format(out, "line: none, ");
		if (drawn_once_in(d, 4))
			buf_format(out, "deputies: [o%d], ", (i + 1) % d->insides);
		buf_format(out, "reads: [{ what: children }] }\n");
	}
	for (int i = 0; i < d->independents; i++)
		buf_format(out, "  free%d: { title: Free, agency: a%d, line: none, independent: yes,"
		                " reads: [{ what: children }] }\n", i, drawn_below(d, d->agencies));
	for (int i = 0; i < d->outsides; i++)
		buf_format(out, "  out%d: { title: Outside, agency: beyond, line: none, outside: yes,"
		                " reads: [{ what: nothing }] }\n", i);
	buf_format(out, "  register-administrator: { title: Administrator, agency: a0, line: %s,"
	                " reads: [{ what: nothing }] }\n", drawn_once_in(d, 2) ? "none" : "o0");
}

static inline void draw_calendar(struct drawn *d, struct buf *out)
{
	buf_format(out, "days:\n  weekend: [%s]\n  holidays: [2026-%02d-%02d, 2027-%02d-%02d]\n"
	                "  published: [2026, 2027]\n  rules: %s\n",
	           DRAWN_OF(d, "saturday, sunday", "friday, saturday", "sunday"), 11 + drawn_below(d, 2),
	           1 + drawn_below(d, 28), 1 + drawn_below(d, 6), 1 + drawn_below(d, 28),
	           DRAWN_OF(d, "none", "england-wales"));
	if (!drawn_once_in(d, 3))
		buf_format(out, "  office-hours: { from: \"0%d:00\", to: \"1%d:30\" }\n", 7 + drawn_below(d, 3),
		           5 + drawn_below(d, 4));
}

/* --- ladders -------------------------------------------------------------------------------- */

/* 0 .. 2: by a step from the owner; from 3 on: an office. */
static inline void draw_told(struct drawn *d, struct buf *out, int which)
{
	(void)d;
	if (which < 3)
		buf_format(out, "%s of owner", which == 0 ? "manager" : which == 1 ? "head" : "chief");
	else
		buf_format(out, "o%d", which - 3);
}

/* One to three, each once. */
static inline void draw_all_told(struct drawn *d, struct buf *out)
{
	int all = d->insides + 3, first = drawn_below(d, all), step = 1 + drawn_below(d, 2);
	for (int i = 0, n = 1 + drawn_below(d, 3); i < n; i++) {
		if (i)
			buf_format(out, ", ");
		draw_told(d, out, (first + i * step) % all);
	}
}

static inline void draw_after(struct buf *out, bool hours, int after)
{
	buf_format(out, hours ? "{ hours: %d }" : "{ working-days: %d }", after);
}

/* Whether a rung makes `makes`. */
static inline bool draw_ladder(struct drawn *d, struct buf *out, const char *name, const char *makes)
{
	bool is_made = false;
	bool hours = drawn_once_in(d, 2), has_zero = !drawn_once_in(d, 4);
	int after = has_zero ? 0 : 1 + drawn_below(d, 3), rungs = 1 + drawn_below(d, 4);
	buf_format(out, "%s:\n  rungs:\n", name);
	for (int i = 0; i < rungs; i++) {
		buf_format(out, "    - { after: ");
		if (i == 0 && has_zero)
			buf_format(out, "{ hours: 0 }");
		else
			draw_after(out, hours, after);
		buf_format(out, ", %s: [", drawn_once_in(d, 5) ? "one-of" : "tell");
		draw_all_told(d, out);
		buf_format(out, "]");
		if (makes && drawn_once_in(d, 2)) {
			buf_format(out, ", makes: %s", makes);
			makes = NULL;
			is_made = true;
		}
		buf_format(out, " }\n");
		after += 1 + drawn_below(d, hours ? 30 : 5);
	}
	buf_format(out, "    - { after: ");
	draw_after(out, hours, after);
	buf_format(out, ", tell: [free%d], place: independent }\n    - { after: ",
	           drawn_below(d, d->independents));
	draw_after(out, hours, after + drawn_below(d, hours ? 50 : 10));
	if (drawn_once_in(d, 2))
		buf_format(out, ", tell: [inspectorate of owner], place: outside }\n");
	else
		buf_format(out, ", tell: [out%d], place: outside }\n", drawn_below(d, d->outsides));
	return is_made;
}

/* One ladder a type may make a kind at a rung; duties that such a kind opens climb without. */
static inline void draw_ladders(struct drawn *d, struct buf *out)
{
	d->plain_ladders = 1 + drawn_below(d, 3);
	for (int i = 0; i < d->plain_ladders; i++) {
		char name[16];
		(void)snprintf(name, sizeof name, "l%d", i);
		(void)draw_ladder(d, out, name, NULL);
	}
	for (int t = 0; t < d->types; t++) {
		char name[16], makes[24];
		(void)snprintf(name, sizeof name, "m%d", t);
		(void)snprintf(makes, sizeof makes, "t%d.silent", t);
		d->is_silence_made[t] = draw_ladder(d, out, name, makes);
	}
}

/* --- duties --------------------------------------------------------------------------------- */

static inline void draw_owner(struct drawn *d, struct buf *out)
{
	int one = drawn_below(d, d->insides), two = drawn_below(d, d->insides);
	switch (drawn_below(d, 9)) {
	case 0:
		buf_format(out, "office of the entry");
		return;
	case 1:
		buf_format(out, "office of the first entry");
		return;
	case 2:
		buf_format(out, "office of the last entry");
		return;
	case 3:
		buf_format(out, "manager of o%d", one);
		return;
	case 4:
		buf_format(out, "head of the office of the entry");
		return;
	case 5:
		buf_format(out, "[o%d, o%d]", one, (one + 1 + two % (d->insides - 1)) % d->insides);
		return;
	default:
		buf_format(out, "o%d", one);
	}
}

static inline void draw_within(struct drawn *d, struct buf *out)
{
	switch (drawn_below(d, 8)) {
	case 0:
		buf_format(out, "{ hours: %d }", 2 + drawn_below(d, 90));
		return;
	case 1:
		buf_format(out, "{ days: %d }", 1 + drawn_below(d, 10));
		return;
	case 2:
		buf_format(out, "{ months: 1 }");
		return;
	case 3:
		buf_format(out, "{ days: %d, at: \"1%d:00\" }", 1 + drawn_below(d, 3), drawn_below(d, 9));
		return;
	case 4:
		buf_format(out, "{ field: until }");
		return;
	default:
		buf_format(out, "{ working-days: %d }", 1 + drawn_below(d, 8));
	}
}

static inline void draw_duty(struct drawn *d, struct buf *out, int type, int n)
{
	bool is_norm = drawn_once_in(d, 2);
	buf_format(out, "T1%d%d:\n  title: Something to do\n  owed-by: ", type, n);
	if (n == 0)
		buf_format(out, "office in who");
	else
		draw_owner(d, out);
	buf_format(out, "\n  from: %s\n  within: ",
	           DRAWN_OF(d, "recorded", "received", "happened", "field since", "[received, field since]"));
	draw_within(d, out);
	if (drawn_once_in(d, 5))
		buf_format(out, "\n  no-later-than: field until");
	if (drawn_once_in(d, 5))
		buf_format(out, "\n  out-of-hours: o%d", drawn_below(d, d->insides));
	if (is_norm && drawn_once_in(d, 2))
		buf_format(out, "\n  extendable: line-above");
	if (drawn_once_in(d, 3))
		buf_format(out, "\n  ladder: { by: c, a: m%d, b: l0, x: l%d }", type,
		           drawn_below(d, d->plain_ladders));
	else if (drawn_once_in(d, 3))
		buf_format(out, "\n  ladder: m%d", type);
	else
		buf_format(out, "\n  ladder: l%d", drawn_below(d, d->plain_ladders));
	buf_format(out, "\n  source: Norm 1\n  class: %s\n  certainty: sure\n",
	           is_norm ? DRAWN_OF(d, "norm", "local") : DRAWN_OF(d, "guidance", "statute"));
}

static inline void draw_own_duty(struct drawn *d, struct buf *out, const char *name, const char *owner,
                                 const char *more)
{
	buf_format(out, "%s:\n  title: Of the register\n  owed-by: %s\n  from: recorded\n"
	                "  within: { working-days: %d }\n  ladder: l%d\n  source: Norm 1\n  class: norm\n"
	                "  certainty: sure\n%s", name, owner, 1 + drawn_below(d, 9),
	           drawn_below(d, d->plain_ladders), more);
}

static inline void draw_duties(struct drawn *d, struct buf *out)
{
	draw_own_duty(d, out, "T00", "office of the last entry", drawn_once_in(d, 2) ? "  renewals: 2\n" : "");
	for (int t = 0; t < d->types; t++) {
		for (int n = 0; n < d->duties[t]; n++)
			draw_duty(d, out, t, n);
		char name[16];
		(void)snprintf(name, sizeof name, "T3%d", t);
		draw_own_duty(d, out, name, DRAWN_OF(d, "o0", "office of the first entry", "manager of o0"), "");
	}
	draw_own_duty(d, out, "T90", "owner of the pattern", "");
	draw_own_duty(d, out, "T94", "manager of office in office", "");
	draw_own_duty(d, out, "T95", "register-administrator", "");
	draw_own_duty(d, out, "T96", "manager of office of the entry", "");
}

/* --- file types and kinds ------------------------------------------------------------------- */

static inline void draw_files(struct drawn *d, struct buf *out)
{
	buf_format(out, "files:\n");
	for (int t = 0; t < d->types; t++) {
		buf_format(out, "  t%d:\n    title: Thread\n    letter: %c\n    states: [", t, 'A' + t);
		for (int s = 0; s < d->states[t]; s++)
			buf_format(out, "s%d, ", s);
		buf_format(out, "end]\n    final: [end]\n");
		for (int s = 0; d->is_strict[t] && s < d->states[t]; s++)
			buf_format(out, "%ss%d", s ? ", " : "    rests: [", s);
		buf_format(out, "%s    facts:\n      latest: { from: [t%d.begun.c, t%d.moved.c%s], keep: %s }\n",
		           d->is_strict[t] ? "]\n" : "", t, t,
		           drawn_once_in(d, 2) ? arena_format(d->arena, ", t%d.felt.c", t).p : "",
		           DRAWN_OF(d, "last", "first"));
		if (t == 0)
			buf_format(out, "      born: { from: [t0.begun.month], keep: last }\n");
	}
	buf_format(out, "relations:\n  near: { from: [t0], to: [t%d] }\n", d->types - 1);
}

static inline void draw_fields(struct buf *out)
{
	buf_format(out, "  fields:\n    - { name: c, type: code, list: abx, required: yes }\n"
	                "    - { name: who, type: office, repeated: yes, max-items: 3 }\n"
	                "    - { name: until, type: date, required: yes }\n    - { name: since, type: instant }\n");
}

/* Some of the type's duties; those before `always` only when somebody says so. */
static inline void draw_opens(struct drawn *d, struct buf *out, int type, int most, int always)
{
	bool any = false;
	for (int n = 0; n < d->duties[type] && most > 0; n++) {
		if (!drawn_once_in(d, 2))
			continue;
		buf_format(out, any ? ", " : "  opens: [");
		any = true;
		most--;
		if (drawn_once_in(d, 3) || n < always)
			buf_format(out, "{ duty: T1%d%d, when: { c: %s } }", type, n, DRAWN_OF(d, "a", "[a, b]"));
		else
			buf_format(out, "T1%d%d", type, n);
	}
	if (any)
		buf_format(out, "]\n");
}

static inline void draw_by(struct drawn *d, struct buf *out, int type, int duty)
{
	if (drawn_once_in(d, 3))
		buf_format(out, "  by: [owner of T1%d%d, o%d]\n", type, duty, drawn_below(d, d->insides));
	else
		buf_format(out, "  by: [anyone]\n");
}

/* "s0, s1": those that are not final. */
static inline const char *states_of(struct drawn *d, int t)
{
	struct str all = STR("s0");
	for (int s = 1; s < d->states[t]; s++)
		all = arena_format(d->arena, "%.*s, s%d", STR_ARG(all), s);
	return all.p;
}

/* What the register writes on it because of another file's act, or its own. */
static inline void draw_felt(struct drawn *d, struct buf *out, int t)
{
	bool opens_again = drawn_once_in(d, 2), opens = opens_again || d->is_answered_ended[t];
	buf_format(out, "t%d.felt:\n  title: Felt\n  file: t%d\n  from: %s\n", t, t,
	           d->is_strict[t] ? "any" : DRAWN_OF(d, "[s0]", "[s0, end]", "any"));
	if (opens_again)
		buf_format(out, "  to: { by-state: [end], to: s0 }\n");
	else if (d->states[t] > 1 && drawn_once_in(d, 2))
		buf_format(out, "  to: { by-state: [s0], to: s1 }\n");
	buf_format(out, "  by: [register]\n  fields: [{ name: c, type: code, codes: [a, b, x] }]\n");
	if (opens && drawn_once_in(d, 2))
		buf_format(out, "  opens: [%s]\n", drawn_once_in(d, 2) ?
		                                           arena_format(d->arena, "T3%d", t).p :
		                                           arena_format(d->arena, "{ duty: T3%d, when: { c: a } }", t).p);
}

static inline void draw_then(struct drawn *d, struct buf *out, int t)
{
	int other = d->types - 1 - t;
	buf_format(out, "  then: [{ kind: t%d.felt, on: near%s, set: { c: field c } }", other,
	           DRAWN_OF(d, "", ", when: { c: a }", ", when: { c: [a, b] }"));
	if (drawn_once_in(d, 3))
		buf_format(out, ", { kind: t%d.felt, when: { c: x } }", t);
	buf_format(out, "]\n");
}

/* Kinds that settle one duty each; some open what comes next: always a later one, so that it does
 * not go round for ever. */
static inline void draw_settling(struct drawn *d, struct buf *out, int t)
{
	for (int n = 0; n < d->duties[t]; n++) {
		buf_format(out, "t%d.did%d:\n  title: Done\n  file: t%d\n", t, n, t);
		draw_by(d, out, t, n);
		draw_fields(out);
		buf_format(out, "  settles: [%s]\n",
		           drawn_once_in(d, 2) ?
		                   arena_format(d->arena, "T1%d%d", t, n).p :
		                   arena_format(d->arena, "{ duty: T1%d%d, only: %s }", t, n,
		                                DRAWN_OF(d, "own", "earliest", "all")).p);
		if (drawn_once_in(d, 3))
			draw_opens(d, out, t, 1, n + 1);
	}
	buf_format(out, "t%d.answered:\n  title: Answered\n  file: t%d\n  from: %s\n  by: [anyone]\n  settles: [T3%d",
	           t, t, d->is_answered_ended[t] ? "any" : arena_format(d->arena, "[%s]", states_of(d, t)).p, t);
	if (drawn_once_in(d, 3))
		buf_format(out, ", { duty: T3%d, on: near }", d->types - 1 - t);
	buf_format(out, "]\n");
}

static inline void draw_closing(struct drawn *d, struct buf *out, int t)
{
	buf_format(out, "t%d.closed:\n  title: Close\n  file: t%d\n  to: end\n  by: [anyone]\n  needs:\n"
	                "    - { need: { not: { duty: { rule: [T3%d, T90, T96", t, t, t);
	for (int n = 0; n < d->duties[t]; n++)
		buf_format(out, ", T1%d%d", t, n);
	buf_format(out, "], is: open } } }, else: Something is still owed }\n");
	if (drawn_once_in(d, 3))
		buf_format(out, "    - { need: { second: o%d }, else: Another must agree }\n",
		           drawn_below(d, d->insides));
	buf_format(out, "  settles: [T00]\nt%d.reopened:\n  title: Open again\n  file: t%d\n  from: [end]\n"
	                "  to: s0\n  by: [anyone]\n", t, t);
	draw_fields(out);
	draw_opens(d, out, t, 2, 0);
}

static inline void draw_kinds(struct drawn *d, struct buf *out, int t)
{
	buf_format(out, "t%d.begun:\n  title: Begin\n  file: t%d\n  new: yes\n  to: s0\n  by: [anyone, public]\n",
	           t, t);
	draw_fields(out);
	if (t == 0)
		buf_format(out, "    - { name: month, type: month }\n");
	draw_opens(d, out, t, RANDOM_DUTIES_MAX, 0);
	buf_format(out, "t%d.moved:\n  title: Move on\n  file: t%d\n  to: { by: c", t, t);
	for (int s = 1; s < d->states[t]; s++)
		buf_format(out, ", %c: s%d", "abx"[s - 1], s);
	buf_format(out, " }\n  by: [anyone]\n");
	draw_fields(out);
	buf_format(out, "    - { name: seen, type: codes, list: abx, counted: { of: [t%d.begun, t%d.moved], field: c,"
	                " where: { c: %s }, through: near } }\n", d->types - 1 - t, d->types - 1 - t,
	           DRAWN_OF(d, "a", "[a, b]", "[a, b, x]"));
	/* Each rule of the type is opened by something. */
	buf_format(out, "  opens: [{ duty: T1%d0, when: { c: x } }", t);
	for (int n = 1; n < d->duties[t]; n++)
		buf_format(out, ", { duty: T1%d%d, when: { c: %s } }", t, n, DRAWN_OF(d, "a", "b", "x"));
	if (d->is_answered_ended[d->types - 1 - t] && drawn_once_in(d, 2))
		buf_format(out, ", { duty: T3%d, on: near, when: { c: %s } }", d->types - 1 - t, DRAWN_OF(d, "a", "b"));
	buf_format(out, "]\n");
	draw_then(d, out, t);
	draw_felt(d, out, t);
	buf_format(out, "t%d.noted:\n  title: Note\n  file: t%d\n  by: [anyone]\n  fields:\n"
	                "    - { name: next, type: code, list: next }\n"
	                "    - { name: seen, type: codes, list: next, counted: { of: t%d.noted, field: next,"
	                " where: { next: %s }, through: near } }\n"
	                "  settles: [{ duty: T00, when: { field: { next: present } } }]\n"
	                "t%d.silent:\n  title: Silence\n  file: t%d\n  by: [register%s]\n  opens: [T3%d]\n", t, t, d->types - 1 - t,
	           DRAWN_OF(d, "wait", "[wait, ask]", "ask"), t, t,
	           d->is_silence_made[t] ? "" : ", anyone", t);
	buf_format(out, "t%d.joined:\n  title: Join\n  file: t%d\n  by: [anyone]\n  fields:\n"
	                "    - { name: other, type: file, of: [t%d], required: yes }\n"
	                "  links: [{ relation: near, to: other }]\n"
	                "t%d.parted:\n  title: Part\n  file: t%d\n  by: [anyone]\n  fields:\n"
	                "    - { name: other, type: file, of: [t%d], required: yes }\n"
	                "  unlinks: [{ relation: near, to: other }]\n"
	                "t%d.considered:\n  title: Looked at\n  file: [%st%d]\n  by: [anyone]\n  fields:\n"
	                "    - { name: follows, type: code, codes: [not-a-pattern, in-hand], required: yes }\n"
	                "  settles: [T90]\n",
	           t, t, d->types - 1 - t, t, t, d->types - 1 - t, t, t ? "" : "office, ", t);
	draw_settling(d, out, t);
	draw_closing(d, out, t);
}

static inline void draw_own_kinds(struct buf *out)
{
	buf_format(out, "duty.read: { title: Read it, settles: [{ duty: T96, only: field duty }] }\n"
	                "office.held: { title: Held, settles: [T94] }\n"
	                "clock.confirmed: { title: Confirmed, settles: [T95] }\n");
}

/* --- the whole ------------------------------------------------------------------------------ */

static inline struct str draw_text(struct drawn *d, void (*draw)(struct drawn *, struct buf *))
{
	struct buf text;
	buf_init(&text, RANDOM_TEXT_MAX);
	draw(d, &text);
	struct str out = arena_copy(d->arena, buf_str(&text));
	buf_finish(&text);
	return out;
}

static inline void draw_all_kinds(struct drawn *d, struct buf *out)
{
	for (int t = 0; t < d->types; t++)
		draw_kinds(d, out, t);
	draw_own_kinds(out);
}

static inline const struct pack_bytes *draw_pack(struct drawn *d)
{
	struct pack_bytes *bytes = arena_alloc(d->arena, 1, sizeof *bytes);
	struct pack_file *files = arena_alloc(d->arena, 9, sizeof *files);
	d->types = 1 + drawn_below(d, RANDOM_TYPES_MAX);
	for (int t = 0; t < d->types; t++) {
		d->states[t] = 1 + drawn_below(d, 4);
		d->duties[t] = 1 + drawn_below(d, RANDOM_DUTIES_MAX);
		d->is_answered_ended[t] = drawn_once_in(d, 2);
		d->is_strict[t] = !drawn_once_in(d, 4);
	}
	struct str offices = draw_text(d, draw_offices), ladders = draw_text(d, draw_ladders);
	files[0] = (struct pack_file){ .path = STR("calendar.yaml"), .bytes = draw_text(d, draw_calendar) };
	files[1] = (struct pack_file){ .path = STR("duties.yaml"), .bytes = draw_text(d, draw_duties) };
	files[2] = (struct pack_file){ .path = STR("files.yaml"), .bytes = draw_text(d, draw_files) };
	files[3] = (struct pack_file){ .path = STR("kinds/all.yaml"), .bytes = draw_text(d, draw_all_kinds) };
	files[4] = (struct pack_file){ .path = STR("ladders.yaml"), .bytes = ladders };
	files[5] = (struct pack_file){ .path = STR("lists.yaml"), .bytes = STR("abx: { a: A, b: B, x: X }\nnext: { wait: Wait, ask: Ask }\n") };
	files[6] = (struct pack_file){ .path = STR("offices.yaml"), .bytes = offices };
	files[7] = (struct pack_file){ .path = STR("pack.yaml"), .bytes = draw_text(d, draw_head) };
	files[8] = (struct pack_file){ .path = STR("patterns.yaml"), .bytes = draw_text(d, draw_patterns) };
	*bytes = (struct pack_bytes){ .name = STR("chance"),
		                      .version = STR("0.1.0"),
		                      .shown_as = STR("chance"),
		                      .files = files,
		                      .count = 9 };
	return bytes;
}

#endif
