/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A history that says `exactly: yes` tells all: each duty that opened by a row,
 * as often as it opened, each that closed, as often, and each pattern that was found.
 *
 *	besides: [T02, T87]     # opened too, and not of the story; twice where it opened twice
 *	closes: [T02]           # settled or ended too, and not of the story
 *	restricted: { entries: 3, days: 86 }   # on the row's file: still hidden, and since when
 *
 * Left out are the register's own: that somebody was told (R02: `climbed` says
 * whom), that a second reader was asked (R01), and what is added to a pattern
 * whose duty is still open.
 */
#ifndef CANDOUR_TESTS_ENGLAND_EXACT_H
#define CANDOUR_TESTS_ENGLAND_EXACT_H

/* Whether the text is of the rule: "T01", "T01 on C2", "T01(5) late". */
static inline bool exact_is(struct str text, struct str rule)
{
	return str_starts(text, rule) &&
	       (text.n == rule.n || text.p[rule.n] == ' ' || text.p[rule.n] == '(');
}

static inline size_t exact_says(const struct yaml *row, const char *key, struct str rule)
{
	const struct yaml *list = yaml_member(row, str_from_c(key));
	size_t said = 0;
	for (const struct yaml *item = list ? list->first : NULL; item; item = item->next)
		said += exact_is(item->key.p ? item->key : item->text, rule);
	return said;
}

static inline size_t exact_opens(const struct yaml *row, struct str rule)
{
	return exact_says(row, "opens", rule) + exact_says(row, "besides", rule);
}

/* What a list names and did not happen. */
static inline void exact_lacks(struct story *s, const struct yaml *row, const char *key,
                               const struct casebook_duty *all, const bool *did, size_t count)
{
	const struct yaml *list = yaml_member(row, str_from_c(key));
	for (const struct yaml *item = list ? list->first : NULL; item; item = item->next) {
		struct str name = item->key.p ? item->key : item->text;
		bool found = false;
		for (size_t i = 0; i < count; i++)
			found = found || (did[i] && exact_is(name, all[i].rule));
		if (!found)
			story_wrong(s, "%s tells of %.*s, and it is not so", key, STR_ARG(name));
	}
}

static inline bool exact_passes(const struct story *s, const struct casebook_duty *duty)
{
	return str_eq(duty->rule, s->e->pack->read_duty->name) ||
	       str_eq(duty->rule, s->e->pack->second_duty->name);
}

static inline void exact_duties(struct story *s, const struct yaml *row, struct story_open made)
{
	static struct casebook_duty all[STORY_DUTIES_MAX];
	static bool opened[STORY_DUTIES_MAX], closed[STORY_DUTIES_MAX];
	size_t count = story_duties(s, all, STORY_DUTIES_MAX);
	for (size_t i = 0; i < count; i++) {
		opened[i] = all[i].opened >= made.first && all[i].opened <= made.last;
		closed[i] = !all[i].is_open && all[i].closed >= made.first && all[i].closed <= made.last;
	}
	for (size_t i = 0; i < count; i++) {
		size_t times = 0, before = 0, ends = 0, ended = 0;
		if (exact_passes(s, &all[i]))
			continue;
		for (size_t o = 0; o < count; o++) {
			bool is_alike = opened[o] && str_eq(all[o].rule, all[i].rule);
			times += is_alike;
			before += is_alike && o < i;
			is_alike = closed[o] && str_eq(all[o].rule, all[i].rule);
			ends += is_alike;
			ended += is_alike && o < i;
		}
		if (opened[i] && before == 0 && times != exact_opens(row, all[i].rule))
			story_wrong(s, "opens %zu of %.*s (%.*s, due %.*s), and tells %zu", times,
			            STR_ARG(all[i].rule), STR_ARG(all[i].office),
			            STR_ARG(instant_write(s->e->f.arena, all[i].due)),
			            exact_opens(row, all[i].rule));
		size_t told = exact_says(row, "settles", all[i].rule) + exact_says(row, "closes", all[i].rule);
		if (closed[i] && ended == 0 && ends != told)
			story_wrong(s, "%s %zu of %.*s, and tells %zu", all[i].was_ended ? "ends" : "settles",
			            ends, STR_ARG(all[i].rule), told);
	}
	exact_lacks(s, row, "besides", all, opened, count);
	exact_lacks(s, row, "closes", all, closed, count);
}

static inline void exact_patterns(struct story *s, const struct yaml *row, struct story_open made)
{
	struct fixture *f = &s->e->f;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	for (int64_t i = made.first; i <= made.last; i++) {
		struct casebook_entry entry;
		MUST(f, casebook_entry_get(reader, f->arena, i, &entry, &f->err));
		if (!str_eq(entry.kind, STR("pattern.found")) || json_member(entry.plain, STR("duty")))
			continue;
		struct str pattern = json_text(entry.plain, STR("pattern"));
		if (exact_says(row, "finds", pattern) == 0)
			story_wrong(s, "finds %.*s, and does not tell it", STR_ARG(pattern));
	}
}

static inline int64_t exact_days(struct story *s, instant since)
{
	const struct zone *zone = s->e->pack->zone;
	return day_number(zone_day(zone, casebook_now(s->e->f.book))) - day_number(zone_day(zone, since));
}

static inline void exact_restricted(struct story *s, const struct yaml *row)
{
	struct fixture *f = &s->e->f;
	const struct yaml *want = yaml_member(row, STR("restricted"));
	const struct yaml *file = yaml_member(row, STR("file"));
	const struct casebook_restriction *all;
	struct casebook_file found;
	size_t count;
	int64_t hidden = 0, days = 0;
	if (!want || !file)
		return;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_file_find(reader, f->arena, story_file(s, file->text), &found, &f->err));
	MUST(f, casebook_restrictions(reader, f->arena, found.n, STORY_FILES_MAX, &all, &count, &f->err));
	for (size_t i = 0; i < count; i++) {
		int64_t age = exact_days(s, all[i].since);
		hidden += all[i].hidden;
		days = age > days ? age : days;
	}
	struct str told[] = { yaml_member(want, STR("entries"))->text, yaml_member(want, STR("days"))->text };
	if (!str_eq(told[0], arena_format(f->arena, "%" PRId64, hidden)) ||
	    !str_eq(told[1], arena_format(f->arena, "%" PRId64, days)))
		story_wrong(s, "%" PRId64 " entries are restricted, since %" PRId64 " days", hidden, days);
}

static inline void story_exact(struct story *s, const struct yaml *row, struct story_open made)
{
	if (!s->is_exact)
		return;
	s->looked++;
	exact_duties(s, row, made);
	exact_patterns(s, row, made);
	exact_restricted(s, row);
}

#endif
