/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A history told as YAML, replayed act by act through casebook_submit and
 * looked at after each. A row:
 *
 *	- row: 5
 *	  at: 2026-03-16T09:10:00Z
 *	  by: hospital-nurse              # an office, public or register
 *	  act: concern.received           # absent: only time passes
 *	  file: C2                        # a name of this history; new the first time; or R-1
 *	  received: 2026-03-14T02:35:00Z
 *	  fields: { … }                   # $C2 is a file, =5 the entry of row 5, _T93 a duty open on the file, _K16 that of the pattern
 *	  second: [team-manager]          # who agrees, in this order
 *	  refused: [G1]                   # gates it is refused by; [] for a door
 *	  waits: yes                      # for a second reader
 *	  asks: q2                        # that field is not answered so
 *	  opens: { T01: 2026-03-17T00:00:00Z }
 *	  opens-not: [T12]
 *	  settles: [T03(1) in time, T01(5) late]
 *	  finds: [K01]
 *	  climbed: { T03: service-manager }   # told of it by now
 *	  climbed-not: { T03: ofsted-contact } # and not told
 *	  leaves: [T01]                   # still owed: this is not what settles it
 *	  past: { T01: team-manager }     # time passes to its due instant and it is late; who is told then
 *	  owed: { T03: edt }              # who owes what the row opened
 *	  finds-not: [K01]                # not yet
 *	  moves: { who: dsl, to: gp }     # who acts as dsl holds gp alone from here on, still called dsl
 *	  besides: [T02]                  # where the story is exact: see exact.h; so are closes, restricted
 *	  holds: { who: dsl, to: gp }     # and so does whoever holds nothing, or holds another besides
 *	  ends: dsl                       # and here the account ends
 *
 * After each row every file of the story that has not ended owes something, and
 * an office owes it: a child whom two areas know is never owed to by neither (K10).
 *
 * Where a story is of one rule (`of`), each of its openings and settlings must
 * be told in the row that made it. `=KIND` is the newest entry of an act of
 * that kind; +28d, -1d and +0d are days, now and -2h instants, all from the
 * row's own moment. A row's fields stand over those that its kind usually has.
 */
#ifndef CANDOUR_TESTS_ENGLAND_STORY_H
#define CANDOUR_TESTS_ENGLAND_STORY_H

#include "england/england.h"

#define STORY_ROWS_MAX 120
#define STORY_FILES_MAX 64
#define STORY_DUTIES_MAX 400

enum story_told {
	TOLD_OPENED,  /* by a kind, due when the row says */
	TOLD_LEFT,    /* by an act that does not settle it */
	TOLD_PAST,    /* late, and who hears of it */
	TOLD_SETTLED, /* by a kind */
};

struct story {
	struct england *e;
	const char *path;
	struct {
		struct str name;
		struct str id;
	} files[STORY_FILES_MAX];
	size_t file_count;
	struct str of;            /* the rule it is about, or p NULL */
	const struct yaml *usual; /* by kind: by, file, fields; or NULL */
	void *ctx;                /* of `told` */
	/* What happened to the rule that it is about: TOLD_OPENED, …; `by` is the kind of the entry. */
	void (*told)(void *ctx, struct str rule, enum story_told what, struct str by);
	struct {
		struct str row;
		struct str kind;
		int64_t first; /* entries that the row made */
		int64_t last;
		int64_t own;
	} rows[STORY_ROWS_MAX];
	size_t row_count;
	bool is_exact;  /* each row tells all that it opens, closes and finds: exact.h */
	int64_t newest; /* entry seen */
	size_t looked;  /* sentences that were proved */
	size_t wrong;
	struct str row;
	struct str acting; /* the office of the row's act */
};

static inline void story_wrong(struct story *s, const char *format, ...) PRINTF(2, 3);
static inline void story_wrong(struct story *s, const char *format, ...)
{
	char text[1024];
	va_list args;
	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	print_error("%s, row %.*s: %s\n", s->path, STR_ARG(s->row), text);
	s->wrong++;
}

static inline struct str story_file(struct story *s, struct str name)
{
	for (size_t i = 0; i < s->file_count; i++) {
		if (str_eq(s->files[i].name, name))
			return s->files[i].id;
	}
	return str_eq(name, STR("R-1")) ? name : STR_NONE; /* the register's own */
}

static inline int64_t story_entry(struct story *s, struct str row)
{
	for (size_t i = 0; i < s->row_count; i++) {
		if (str_eq(s->rows[i].row, row))
			return s->rows[i].own;
	}
	for (size_t i = s->row_count; i-- > 0;) {
		if (str_eq(s->rows[i].kind, row))
			return s->rows[i].own;
	}
	story_wrong(s, "names row %.*s, which is not before it", STR_ARG(row));
	return -1;
}

static inline const char *story_c(struct story *s, struct str text)
{
	return str_to_c(s->e->f.arena, text);
}

/* --- fields --------------------------------------------------------------------------------- */

/* Whether the entry that opened it found the pattern. */
static inline bool story_is_of(struct story *s, struct casebook_reader *reader,
                               const struct casebook_duty *duty, struct str pattern)
{
	struct casebook_entry entry;
	return casebook_entry_get(reader, s->e->f.arena, duty->opened, &entry, &s->e->f.err) &&
	       str_eq(json_text(entry.plain, STR("pattern")), pattern);
}

/* Of several by one rule that of the office that acts; or the one that the pattern (K16) opened. */
static inline struct str story_duty(struct story *s, struct str file, struct str rule)
{
	struct fixture *f = &s->e->f;
	struct casebook_duty_list list;
	struct casebook_file found = file_named(f, file);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_duties_of_file(reader, f->arena, found.n, STORY_DUTIES_MAX, &list, &f->err));
	struct str found_name = STR_NONE;
	const struct pack_duty *looked = s->e->pack->pattern_duty;
	bool is_pattern = looked && rule.p[0] == 'K';
	for (size_t i = 0; i < list.count; i++) {
		const struct casebook_duty *duty = &list.at[i];
		bool is_own = str_eq(duty->office, s->acting);
		if (!duty->is_open || (found_name.p && !is_own) ||
		    !str_eq(duty->rule, is_pattern ? looked->name : rule) ||
		    (is_pattern && !story_is_of(s, reader, duty, rule)))
			continue;
		if (is_own)
			return duty->name;
		found_name = duty->name;
	}
	if (!found_name.p)
		story_wrong(s, "nothing is owed under %.*s", STR_ARG(rule));
	return found_name;
}

/* "+28d" and "-1d" as days, "now" and "-2h" as instants, from now; p NULL: it is none of them. */
static inline struct str story_moment(struct story *s, struct str text)
{
	struct arena *arena = s->e->f.arena;
	instant now = casebook_now(s->e->f.book);
	uint64_t number;
	if (str_eq(text, STR("now")))
		return instant_write(arena, now);
	char unit = text.n ? text.p[text.n - 1] : 0;
	if (text.n < 3 || (text.p[0] != '+' && text.p[0] != '-') || (unit != 'd' && unit != 'h') ||
	    !str_to_u64(str_sub(text, 1, text.n - 2), 99999, &number))
		return STR_NONE;
	int64_t n = text.p[0] == '-' ? -(int64_t)number : (int64_t)number;
	if (unit == 'h')
		return instant_write(arena, now + n * INSTANT_PER_HOUR);
	struct day today = zone_day(s->e->pack->zone, now);
	return day_write(arena, day_from_number(day_number(today) + n));
}

static inline struct json *story_value(struct story *s, const struct yaml *node, struct str file)
{
	struct arena *arena = s->e->f.arena;
	struct json *value;
	if (node->type == YAML_SEQUENCE) {
		value = json_array(arena);
		for (const struct yaml *item = node->first; item; item = item->next)
			json_push(value, story_value(s, item, file));
		return value;
	}
	if (node->type == YAML_MAPPING) {
		value = json_object(arena);
		for (const struct yaml *item = node->first; item; item = item->next)
			json_put(value, item->key, story_value(s, item, file));
		return value;
	}
	struct str text = node->text, rest = str_sub(text, 1, text.n);
	if (node->quoted || text.n < 2)
		return json_string(arena, text);
	if (text.p[0] == '$') {
		struct str id = story_file(s, rest);
		if (!id.p)
			story_wrong(s, "there is no file %.*s yet", STR_ARG(rest));
		return json_string(arena, id.p ? id : STR(""));
	}
	if (text.p[0] == '=')
		return json_integer(arena, story_entry(s, rest));
	struct str moment = story_moment(s, text);
	if (moment.p)
		return json_string(arena, moment);
	if (text.p[0] == '_')
		return json_string(arena, story_duty(s, file, rest));
	return json_string(arena, text);
}

/* --- what an act came to ---------------------------------------------------------------------- */

static inline bool story_instant(struct story *s, const struct yaml *row, const char *key, instant *out)
{
	const struct yaml *node = yaml_member(row, str_from_c(key));
	if (!node)
		return false;
	if (!instant_read(node->text, out))
		story_wrong(s, "%s is no instant", key);
	return true;
}

struct story_open {
	int64_t first;
	int64_t last;
};

/* Every duty on the files of the history. */
static inline size_t story_duties(struct story *s, struct casebook_duty *out, size_t max)
{
	struct fixture *f = &s->e->f;
	size_t n = 0;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	for (size_t i = 0; i < s->file_count; i++) {
		struct casebook_duty_list list;
		struct casebook_file found;
		MUST(f, casebook_file_find(reader, f->arena, s->files[i].id, &found, &f->err));
		MUST(f, casebook_duties_of_file(reader, f->arena, found.n, STORY_DUTIES_MAX, &list,
		                                &f->err));
		for (size_t d = 0; d < list.count && n < max; d++)
			out[n++] = list.at[d];
	}
	return n;
}

/* "T01", "T01 on C2", "T75 of dcs": of the rule, and of the file or the office when it is named. */
static inline bool story_is(struct story *s, const struct casebook_duty *duty, struct str name)
{
	size_t of = str_find_str(name, STR(" of "));
	if (of < name.n)
		return str_eq(duty->rule, str_sub(name, 0, of)) &&
		       str_eq(duty->office, str_sub(name, of + 4, name.n));
	size_t on = str_find_str(name, STR(" on "));
	if (on == name.n)
		return str_eq(duty->rule, name);
	return str_eq(duty->rule, str_sub(name, 0, on)) &&
	       str_eq(duty->file_id, story_file(s, str_sub(name, on + 4, name.n)));
}

static inline void story_opens(struct story *s, const struct yaml *row, struct story_open made)
{
	static struct casebook_duty all[STORY_DUTIES_MAX];
	const struct yaml *opens = yaml_member(row, STR("opens")), *not = yaml_member(row, STR("opens-not"));
	size_t count = story_duties(s, all, STORY_DUTIES_MAX);
	for (const struct yaml *want = opens ? opens->first : NULL; want; want = want->next) {
		instant due;
		const struct casebook_duty *near = NULL;
		bool found = false;
		s->looked++;
		if (!instant_read(want->text, &due)) {
			story_wrong(s, "%.*s: no instant", STR_ARG(want->key));
			continue;
		}
		for (size_t i = 0; i < count && !found; i++) {
			if (!story_is(s, &all[i], want->key) || all[i].opened < made.first ||
			    all[i].opened > made.last)
				continue;
			near = &all[i];
			found = all[i].due == due;
		}
		if (!found && near)
			story_wrong(s, "%.*s is due %.*s, not %.*s", STR_ARG(want->key),
			            STR_ARG(instant_write(s->e->f.arena, near->due)), STR_ARG(want->text));
		else if (!found)
			story_wrong(s, "%.*s was not opened", STR_ARG(want->key));
	}
	for (const struct yaml *item = not ? not->first : NULL; item; item = item->next) {
		s->looked++;
		for (size_t i = 0; i < count; i++) {
			if (story_is(s, &all[i], item->text) && all[i].opened >= made.first &&
			    all[i].opened <= made.last)
				story_wrong(s, "%.*s was opened", STR_ARG(item->text));
		}
	}
}

/* "T03(5) late": the duty of T03 that row 5 opened was settled now, late. */
static inline void story_settled(struct story *s, struct str text, struct story_open made)
{
	static struct casebook_duty all[STORY_DUTIES_MAX];
	size_t count = story_duties(s, all, STORY_DUTIES_MAX);
	size_t bracket = str_find(text, '('), end = str_find(text, ')');
	struct str rule = str_sub(text, 0, bracket), opened = str_sub(text, bracket + 1, end - bracket - 1);
	bool late = str_eq(str_sub(text, end + 2, text.n), STR("late"));
	bool ends = str_eq(str_sub(text, end + 2, text.n), STR("ended"));
	int64_t from = -1, to = -1;
	s->looked++;
	for (size_t i = 0; i < s->row_count; i++) {
		if (str_eq(s->rows[i].row, opened)) {
			from = s->rows[i].first;
			to = s->rows[i].last;
		}
	}
	bool known = false;
	for (size_t i = 0; i < count; i++) {
		if (!str_eq(all[i].rule, rule) || all[i].opened < from || all[i].opened > to)
			continue;
		known = true;
		if (all[i].is_open || all[i].closed < made.first || all[i].closed > made.last)
			continue;
		if (all[i].was_ended != ends)
			story_wrong(s, "%.*s was %s", STR_ARG(text), ends ? "settled" : "ended");
		else if (!ends && all[i].is_late != late)
			story_wrong(s, "%.*s was settled %s", STR_ARG(text), late ? "in time" : "late");
		return;
	}
	story_wrong(s, "%.*s: %s", STR_ARG(text), known ? "was not settled by this" : "no such duty");
}

/* A file that no row names, as an office's: what is found there is owed there. The last one is
 * called OFFICE. */
static inline void story_meets(struct story *s, struct str id)
{
	for (size_t i = 0; i < s->file_count; i++) {
		if (str_eq(s->files[i].id, id))
			return;
	}
	if (s->file_count == STORY_FILES_MAX) {
		story_wrong(s, "has more than %d files", STORY_FILES_MAX);
		return;
	}
	for (size_t i = 0; i < s->file_count; i++) {
		if (str_eq(s->files[i].name, STR("OFFICE")))
			s->files[i].name = s->files[i].id;
	}
	s->files[s->file_count].name = STR("OFFICE");
	s->files[s->file_count++].id = id;
}

static inline void story_finds(struct story *s, const struct yaml *row, struct story_open made)
{
	struct fixture *f = &s->e->f;
	const struct yaml *finds = yaml_member(row, STR("finds"));
	for (const struct yaml *want = finds ? finds->first : NULL; want; want = want->next) {
		bool found = false;
		s->looked++;
		CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
		for (int64_t i = made.first; i <= made.last && !found; i++) {
			struct casebook_entry entry;
			MUST(f, casebook_entry_get(reader, f->arena, i, &entry, &f->err));
			found = str_eq(entry.kind, STR("pattern.found")) &&
			        str_eq(json_text(entry.plain, STR("pattern")), want->text);
			if (found)
				story_meets(s, entry.file_id);
		}
		if (!found)
			story_wrong(s, "pattern %.*s was not found", STR_ARG(want->text));
	}
}

/* The kind of an entry; of a pattern its name. */
static inline struct str story_kind(struct story *s, int64_t index)
{
	struct fixture *f = &s->e->f;
	struct casebook_entry entry;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_entry_get(reader, f->arena, index, &entry, &f->err));
	return str_eq(entry.kind, STR("pattern.found")) ? json_text(entry.plain, STR("pattern"))
	                                                 : entry.kind;
}

static inline void story_finds_not(struct story *s, const struct yaml *row, struct story_open made)
{
	const struct yaml *not = yaml_member(row, STR("finds-not"));
	for (const struct yaml *item = not ? not->first : NULL; item; item = item->next) {
		s->looked++;
		for (int64_t i = made.first; i <= made.last; i++) {
			if (str_eq(story_kind(s, i), item->text))
				story_wrong(s, "pattern %.*s was found", STR_ARG(item->text));
		}
	}
}

static inline bool story_told(struct story *s, const struct casebook_duty *duty, struct str office)
{
	struct fixture *f = &s->e->f;
	const struct casebook_told *told;
	size_t count;
	bool found = false;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_duty_told(reader, f->arena, duty->id, &told, &count, &f->err));
	for (size_t i = 0; i < count; i++)
		found = found || str_eq(told[i].office, office);
	return found;
}

static inline void story_climbed(struct story *s, const struct yaml *row, struct str key, bool is_told)
{
	static struct casebook_duty all[STORY_DUTIES_MAX];
	const struct yaml *climbed = yaml_member(row, key);
	size_t count = climbed ? story_duties(s, all, STORY_DUTIES_MAX) : 0;
	for (const struct yaml *want = climbed ? climbed->first : NULL; want; want = want->next) {
		bool found = false;
		s->looked++;
		for (size_t i = 0; i < count && !found; i++)
			found = story_is(s, &all[i], want->key) && story_told(s, &all[i], want->text);
		if (found != is_told)
			story_wrong(s, "%.*s was %stold of %.*s", STR_ARG(want->text),
			            is_told ? "not " : "", STR_ARG(want->key));
	}
}

/* A duty of the rule that is still open after the row. */
static inline void story_leaves(struct story *s, const struct yaml *row)
{
	static struct casebook_duty all[STORY_DUTIES_MAX];
	const struct yaml *leaves = yaml_member(row, STR("leaves"));
	size_t count = leaves ? story_duties(s, all, STORY_DUTIES_MAX) : 0;
	for (const struct yaml *want = leaves ? leaves->first : NULL; want; want = want->next) {
		bool found = false;
		s->looked++;
		for (size_t i = 0; i < count; i++)
			found = found || (all[i].is_open && story_is(s, &all[i], want->text));
		if (!found)
			story_wrong(s, "%.*s is owed no more", STR_ARG(want->text));
		else if (s->told && str_eq(want->text, s->of))
			s->told(s->ctx, s->of, TOLD_LEFT, STR_NONE);
	}
}

static inline bool story_earliest(struct story *s, struct str name, struct casebook_duty *out)
{
	static struct casebook_duty all[STORY_DUTIES_MAX];
	size_t count = story_duties(s, all, STORY_DUTIES_MAX);
	bool found = false;
	for (size_t i = 0; i < count; i++) {
		if (!all[i].is_open || !story_is(s, &all[i], name) || (found && all[i].due >= out->due))
			continue;
		*out = all[i];
		found = true;
	}
	return found;
}

/* Up to its due instant it is in time; then it is late, and the first rung hears of it. */
static inline void story_past(struct story *s, const struct yaml *row)
{
	const struct yaml *past = yaml_member(row, STR("past"));
	for (const struct yaml *want = past ? past->first : NULL; want; want = want->next) {
		struct casebook_duty duty = { 0 };
		s->looked++;
		if (!story_earliest(s, want->key, &duty)) {
			story_wrong(s, "nothing is owed under %.*s", STR_ARG(want->key));
			continue;
		}
		if (duty.due > casebook_now(s->e->f.book)) {
			england_until(s->e, duty.due - 1);
			if (!story_earliest(s, want->key, &duty) || duty.is_late)
				story_wrong(s, "%.*s is late before its time", STR_ARG(want->key));
			england_until(s->e, duty.due);
		}
		if (!story_earliest(s, want->key, &duty) || !duty.is_late)
			story_wrong(s, "%.*s is not late at its time", STR_ARG(want->key));
		else if (!story_told(s, &duty, want->text))
			story_wrong(s, "%.*s was not told of %.*s", STR_ARG(want->text), STR_ARG(want->key));
		else if (s->told && str_eq(duty.rule, s->of))
			s->told(s->ctx, s->of, TOLD_PAST, STR_NONE);
	}
}

static inline void story_owed(struct story *s, const struct yaml *row, struct story_open made)
{
	static struct casebook_duty all[STORY_DUTIES_MAX];
	const struct yaml *owed = yaml_member(row, STR("owed"));
	size_t count = owed ? story_duties(s, all, STORY_DUTIES_MAX) : 0;
	for (const struct yaml *want = owed ? owed->first : NULL; want; want = want->next) {
		bool found = false;
		s->looked++;
		for (size_t i = 0; i < count; i++) {
			if (!story_is(s, &all[i], want->key) || all[i].opened < made.first ||
			    all[i].opened > made.last)
				continue;
			found = found || str_eq(all[i].office, want->text);
			for (size_t a = 0; a < all[i].also_count; a++)
				found = found || str_eq(all[i].also[a], want->text);
		}
		if (!found)
			story_wrong(s, "%.*s is not owed by %.*s", STR_ARG(want->key), STR_ARG(want->text));
	}
}

static inline size_t story_says(const struct story *s, const struct yaml *list)
{
	size_t said = 0;
	for (const struct yaml *item = list ? list->first : NULL; item; item = item->next) {
		struct str text = item->key.p ? item->key : item->text;
		said += str_starts(text, s->of) &&
		        (text.n == s->of.n || text.p[s->of.n] == ' ' || text.p[s->of.n] == '(');
	}
	return said;
}

/* What happens to the rule that a story is about is told there, all of it. */
static inline void story_whole(struct story *s, const struct yaml *row, struct story_open made)
{
	static struct casebook_duty all[STORY_DUTIES_MAX];
	size_t count = s->of.p ? story_duties(s, all, STORY_DUTIES_MAX) : 0, opened = 0, closed = 0;
	for (size_t i = 0; i < count; i++) {
		if (!str_eq(all[i].rule, s->of))
			continue;
		if (all[i].opened >= made.first && all[i].opened <= made.last) {
			opened++;
			if (s->told)
				s->told(s->ctx, s->of, TOLD_OPENED, story_kind(s, all[i].opened));
		}
		if (!all[i].is_open && all[i].closed >= made.first && all[i].closed <= made.last) {
			closed++;
			if (s->told && !all[i].was_ended)
				s->told(s->ctx, s->of, TOLD_SETTLED, story_kind(s, all[i].closed));
		}
	}
	size_t says_opened = s->of.p ? story_says(s, yaml_member(row, STR("opens"))) : 0;
	size_t says_closed = s->of.p ? story_says(s, yaml_member(row, STR("settles"))) : 0;
	s->looked++;
	if (opened != says_opened)
		story_wrong(s, "opens %zu of %.*s, and tells %zu", opened, STR_ARG(s->of), says_opened);
	if (closed != says_closed)
		story_wrong(s, "settles %zu of %.*s, and tells %zu", closed, STR_ARG(s->of), says_closed);
}

/* Whatever is open is owed, by somebody. */
static inline void story_owing(struct story *s)
{
	static struct casebook_duty all[STORY_DUTIES_MAX];
	struct fixture *f = &s->e->f;
	size_t count = story_duties(s, all, STORY_DUTIES_MAX);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	for (size_t i = 0; i < s->file_count; i++) {
		struct casebook_file file;
		bool is_owed = false;
		MUST(f, casebook_file_find(reader, f->arena, s->files[i].id, &file, &f->err));
		if (file.type->is_built_in || (file.type->final >> file.state & 1))
			continue;
		s->looked++;
		for (size_t d = 0; d < count && !is_owed; d++)
			is_owed = all[d].is_open && all[d].office.n && str_eq(all[d].file_id, file.id);
		if (!is_owed)
			story_wrong(s, "%.*s is open, and nobody owes anything there", STR_ARG(s->files[i].name));
	}
}

#include "england/exact.h"

/* --- the acts --------------------------------------------------------------------------------- */

static inline const struct casebook_actor *story_actor(struct story *s, struct str by)
{
	if (str_eq(by, STR("public")))
		return &BY_PUBLIC;
	if (str_eq(by, STR("register")))
		return &BY_REGISTER;
	return &england_holder(s->e, story_c(s, by))->actor;
}

static inline void story_refused(struct story *s, const struct yaml *refused,
                                 const struct casebook_answer *answer)
{
	s->looked++;
	if (answer->outcome != CASEBOOK_REFUSED) {
		story_wrong(s, "was not refused");
		return;
	}
	for (const struct yaml *want = refused->first; want; want = want->next) {
		bool found = false;
		for (size_t i = 0; i < answer->missing_count; i++)
			found = found || str_eq(answer->missing[i].gate, want->text);
		if (!found)
			story_wrong(s, "was not refused by %.*s", STR_ARG(want->text));
	}
}

static inline void story_explain(struct story *s, const struct casebook_answer *answer)
{
	static const char *const OUTCOMES[] = { "admitted", "waiting", "refused", "failed" };
	story_wrong(s, "%s: %.*s %s", OUTCOMES[answer->outcome], STR_ARG(answer->sentence),
	            answer->outcome == CASEBOOK_FAILED ? answer->err.message : "");
	for (size_t i = 0; i < answer->missing_count; i++)
		print_error("    missing %.*s: %.*s\n", STR_ARG(answer->missing[i].gate),
		            STR_ARG(answer->missing[i].sentence));
	for (size_t i = 0; i < answer->error_count; i++)
		print_error("    field %.*s: %.*s\n", STR_ARG(answer->errors[i].field),
		            STR_ARG(answer->errors[i].text));
	for (size_t i = 0; i < answer->role_count; i++)
		print_error("    waits for %.*s\n", STR_ARG(answer->roles[i]));
}

/* Nothing is written: the field says what is wrong with it. */
static inline void story_asks(struct story *s, struct str field, const struct casebook_answer *answer)
{
	bool found = false;
	s->looked++;
	for (size_t i = 0; answer->outcome == CASEBOOK_FAILED && i < answer->error_count; i++)
		found = found || str_eq(answer->errors[i].field, field);
	if (!found)
		story_explain(s, answer);
}

/* Seconds in their order; the last yes admits the act. */
static inline struct casebook_answer story_second(struct story *s, const struct yaml *seconds,
                                                  struct casebook_answer answer, struct str file)
{
	struct fixture *f = &s->e->f;
	int64_t waits = answer.index;
	for (const struct yaml *second = seconds->first; second; second = second->next) {
		struct json *fields = json_object(f->arena);
		json_put_integer(f->arena, fields, STR("of"), waits);
		json_put_text(f->arena, fields, STR("answer"), STR("yes"));
		json_put_text(f->arena, fields, STR("reasons"), STR("I have read it and agree."));
		answer = act(f, story_actor(s, second->text), "second.given", file, fields);
		if (answer.outcome != CASEBOOK_ADMITTED) {
			story_explain(s, &answer);
			return answer;
		}
	}
	answer.index++; /* the act stands right behind the word that admits it */
	return answer;
}

static inline int64_t story_newest(struct story *s)
{
	struct fixture *f = &s->e->f;
	struct casebook_entry entry;
	struct err none = { 0 };
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	while (casebook_entry_get(reader, f->arena, s->newest + 1, &entry, &none))
		s->newest++;
	return s->newest;
}

/* The fields that the kind usually has, and over them those of the row. */
static inline struct json *story_fields(struct story *s, const struct yaml *usual,
                                        const struct yaml *fields, struct str file)
{
	struct json *object = json_object(s->e->f.arena);
	const struct yaml *given = usual ? yaml_member(usual, STR("fields")) : NULL;
	for (const struct yaml *item = given ? given->first : NULL; item; item = item->next) {
		if (!fields || !yaml_member(fields, item->key))
			json_put(object, item->key, story_value(s, item, file));
	}
	for (const struct yaml *item = fields ? fields->first : NULL; item; item = item->next) {
		if (!str_eq(item->text, STR("left-out")))
			json_put(object, item->key, story_value(s, item, file));
	}
	return object;
}

/* Whoever is called `who` holds an office, leaves the one held, or both; or the account ends. */
static inline void story_people(struct story *s, const struct yaml *row)
{
	struct fixture *f = &s->e->f;
	const struct yaml *moves = yaml_member(row, STR("moves")), *ends = yaml_member(row, STR("ends"));
	const struct yaml *holds = yaml_member(row, STR("holds"));
	if (moves || holds) {
		const struct yaml *named = yaml_member(moves ? moves : holds, STR("who"));
		const struct yaml *to = yaml_member(moves ? moves : holds, STR("to"));
		struct person *who =
			(struct person *)(uintptr_t)england_holder(s->e, story_c(s, named->text));
		struct person before = *who;
		if (to)
			hold(f, who, story_c(s, to->text));
		if (moves)
			leave(f, &before);
	}
	if (ends) {
		struct json *fields = json_object(f->arena);
		json_put_text(f->arena, fields, STR("account"),
		              england_holder(s->e, story_c(s, ends->text))->account);
		(void)admitted(f, &BY_REGISTER, "account.ended", STR("R-1"), fields);
	}
}

static inline void story_submit(struct story *s, const struct yaml *row, const struct yaml *usual,
                                struct str kind, struct casebook_answer *answer)
{
	struct fixture *f = &s->e->f;
	const struct yaml *file = yaml_member(row, STR("file")), *by = yaml_member(row, STR("by"));
	const struct yaml *refused = yaml_member(row, STR("refused"));
	const struct yaml *seconds = yaml_member(row, STR("second"));
	file = !file && usual ? yaml_member(usual, STR("file")) : file;
	by = !by && usual ? yaml_member(usual, STR("by")) : by;
	struct str id = file ? story_file(s, file->text) : STR_NONE;
	struct casebook_act what = { .actor = by ? *story_actor(s, by->text) : BY_REGISTER,
		                     .via = CASEBOOK_WEB,
		                     .kind = kind,
		                     .file = id.p ? id : STR("") };
	s->acting = what.actor.office;
	what.fields = story_fields(s, usual, yaml_member(row, STR("fields")), id);
	what.has_received = story_instant(s, row, "received", &what.received);
	what.has_happened = story_instant(s, row, "happened", &what.happened);
	MUST(f, casebook_submit(f->book, &what, f->arena, answer, &f->err));
	if (!seconds && usual && !yaml_member(row, STR("waits")))
		seconds = yaml_member(usual, STR("second"));
	if (seconds && answer->outcome == CASEBOOK_WAITING)
		*answer = story_second(s, seconds, *answer, answer->file);
	if (yaml_member(row, STR("waits"))) {
		s->looked++;
		if (answer->outcome != CASEBOOK_WAITING)
			story_explain(s, answer);
	} else if (yaml_member(row, STR("asks")))
		story_asks(s, yaml_member(row, STR("asks"))->text, answer);
	else if (refused)
		story_refused(s, refused, answer);
	else if (answer->outcome != CASEBOOK_ADMITTED)
		story_explain(s, answer);
	if (file && !id.p && answer->outcome == CASEBOOK_ADMITTED && s->file_count < STORY_FILES_MAX) {
		s->files[s->file_count].name = file->text;
		s->files[s->file_count++].id = answer->file;
	}
}

static inline void story_act(struct story *s, const struct yaml *row, int64_t first)
{
	const struct yaml *act = yaml_member(row, STR("act"));
	struct str kind = act ? act->text : STR_NONE;
	const struct yaml *usual = act && s->usual ? yaml_member(s->usual, kind) : NULL;
	struct story_open made = { .first = first };
	struct casebook_answer answer = { .index = -1 };
	if (s->row_count >= STORY_ROWS_MAX) {
		story_wrong(s, "has more than %d rows before it", STORY_ROWS_MAX);
		return;
	}
	s->rows[s->row_count].row = s->row;
	s->rows[s->row_count].kind = kind;
	story_people(s, row);
	if (act)
		story_submit(s, row, usual, kind, &answer);
	story_past(s, row);
	made.last = story_newest(s);
	s->rows[s->row_count].first = made.first;
	s->rows[s->row_count].last = made.last;
	s->rows[s->row_count++].own = answer.index;
	story_finds(s, row, made);
	story_opens(s, row, made);
	const struct yaml *settles = yaml_member(row, STR("settles"));
	for (const struct yaml *item = settles ? settles->first : NULL; item; item = item->next)
		story_settled(s, item->text, made);
	story_finds_not(s, row, made);
	story_climbed(s, row, STR("climbed"), true);
	story_climbed(s, row, STR("climbed-not"), false);
	story_leaves(s, row);
	story_owed(s, row, made);
	story_whole(s, row, made);
	story_exact(s, row, made);
	story_owing(s);
}

/* Row after row; a row without a name is called by its number. */
static inline void story_play(struct story *s, const struct yaml *acts)
{
	size_t n = 0;
	s->newest = -1;
	for (const struct yaml *row = acts ? acts->first : NULL; row; row = row->next) {
		instant at;
		const struct yaml *name = yaml_member(row, STR("row"));
		s->row = name ? name->text : arena_format(s->e->f.arena, "%zu", ++n);
		int64_t first = story_newest(s) + 1; /* what falls due on the way is of this row too */
		if (story_instant(s, row, "at", &at))
			england_until(s->e, at);
		story_act(s, row, first);
	}
}

static inline const struct yaml *story_read(struct arena *arena, const char *path)
{
	struct err err = { 0 };
	struct str text;
	const struct yaml *root = NULL;
	const struct yaml_error *errors = NULL;
	if (!file_read(arena, path, YAML_FILE_MAX, &text, &err))
		fail_msg("%s: %s", path, err.message);
	if (!yaml_read(arena, text, 200000, &root, &errors))
		fail_msg("%s:%d:%d: %.*s", path, errors->line, errors->column, STR_ARG(errors->what));
	return root;
}

/* Replays the history of a file, and says how many sentences were proved. */
static inline size_t story_replay(const char *path)
{
	struct arena *arena = arena_create(FIXTURE_FILE_MAX);
	instant start;
	const struct yaml *root = story_read(arena, path);
	const struct yaml *begins = yaml_member(root, STR("begins"));
	assert_true(begins && instant_read(begins->text, &start));
	struct story s = { .e = england_begin(start), .path = path };
	s.is_exact = yaml_member(root, STR("exactly")) != NULL;
	const struct yaml *offices = yaml_member(root, STR("held"));
	for (const struct yaml *office = offices ? offices->first : NULL; office; office = office->next)
		(void)england_holder(s.e, story_c(&s, office->text));
	story_play(&s, yaml_member(root, STR("acts")));
	size_t looked = s.looked, wrong = s.wrong;
	england_end(s.e);
	arena_destroy(arena);
	if (wrong)
		fail_msg("%s: %zu sentences are not so", path, wrong);
	return looked;
}

#endif
