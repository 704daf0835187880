/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * TZif files (RFC 8536). Every count and index is checked before use: the file
 * is the system's, but a container or a careless copy can hold anything.
 */
#include "base/zone_table.h"

#include <stdlib.h>

#define HEADER_SIZE 44
#define CHANGES_MAX 20000
#define KINDS_MAX 256
#define NAMES_MAX 4096
#define HOURS_MAX 167
#define DEFAULT_TIME (2 * 3600) /* of a change, when the rule names none */

/* The counts of a header, in its order. */
struct counts {
	uint32_t is_ut;
	uint32_t is_std;
	uint32_t leap;
	uint32_t time;
	uint32_t type;
	uint32_t name;
};

/* Whatever is left to read; `bad` once it was too short. */
struct source {
	struct str rest;
	bool bad;
};

static struct str take(struct source *source, size_t n)
{
	if (source->bad || n > source->rest.n) {
		source->bad = true;
		return STR_NONE;
	}
	struct str taken = str_sub(source->rest, 0, n);
	source->rest = str_sub(source->rest, n, source->rest.n - n);
	return taken;
}

static uint64_t big_endian(struct str bytes, size_t at, size_t n)
{
	uint64_t value = 0;
	for (size_t i = 0; i < n; i++)
		value = value << 8 | (unsigned char)bytes.p[at + i];
	return value;
}

static bool read_header(struct source *source, struct counts *out)
{
	struct str header = take(source, HEADER_SIZE);
	if (header.n != HEADER_SIZE || !str_starts(header, STR("TZif")) || header.p[4] < '2')
		return false;
	out->is_ut = (uint32_t)big_endian(header, 20, 4);
	out->is_std = (uint32_t)big_endian(header, 24, 4);
	out->leap = (uint32_t)big_endian(header, 28, 4);
	out->time = (uint32_t)big_endian(header, 32, 4);
	out->type = (uint32_t)big_endian(header, 36, 4);
	out->name = (uint32_t)big_endian(header, 40, 4);
	/* Leap seconds would make another time scale than ours: "right/" zones are refused. */
	return out->leap == 0 && out->time <= CHANGES_MAX && out->type >= 1 &&
	       out->type <= KINDS_MAX && out->name >= 1 && out->name <= NAMES_MAX &&
	       out->is_ut <= KINDS_MAX && out->is_std <= KINDS_MAX;
}

static bool read_changes(struct source *source, const struct counts *counts, struct zone *out)
{
	struct str times = take(source, (size_t)counts->time * 8);
	struct str kinds = take(source, counts->time);
	if (source->bad)
		return false;
	out->change_at = calloc(counts->time + 1, sizeof *out->change_at);
	out->change_kind = calloc(counts->time + 1, sizeof *out->change_kind);
	if (!out->change_at || !out->change_kind)
		return false;
	out->change_count = counts->time;
	for (size_t i = 0; i < counts->time; i++) {
		out->change_at[i] = (int64_t)big_endian(times, i * 8, 8);
		out->change_kind[i] = (uint8_t)kinds.p[i];
		if (out->change_kind[i] >= counts->type)
			return false;
		if (i > 0 && out->change_at[i] <= out->change_at[i - 1])
			return false;
	}
	return true;
}

static bool set_kind(struct zone_kind *kind, int64_t offset, struct str abbreviation)
{
	if (offset < -ZONE_OFFSET_MAX || offset > ZONE_OFFSET_MAX ||
	    abbreviation.n > ZONE_ABBREVIATION_MAX)
		return false;
	kind->offset = (int32_t)offset;
	kind->abbreviation_n = (uint8_t)abbreviation.n;
	for (size_t i = 0; i < abbreviation.n; i++) {
		char c = abbreviation.p[i];
		bool good = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		            (c >= '0' && c <= '9') || c == '+' || c == '-';
		if (!good)
			return false;
		kind->abbreviation[i] = c;
	}
	return true;
}

static bool read_kinds(struct source *source, const struct counts *counts, struct zone *out)
{
	struct str kinds = take(source, (size_t)counts->type * 6);
	struct str names = take(source, counts->name);
	if (source->bad)
		return false;
	out->kinds = calloc(counts->type, sizeof *out->kinds);
	if (!out->kinds)
		return false;
	out->kind_count = counts->type;
	for (size_t i = 0; i < counts->type; i++) {
		int32_t offset = (int32_t)(uint32_t)big_endian(kinds, i * 6, 4);
		size_t at = (unsigned char)kinds.p[i * 6 + 5];
		struct str name = str_sub(names, at, names.n);
		size_t end = str_find(name, '\0');
		if (at >= names.n || end == name.n ||
		    !set_kind(&out->kinds[i], offset, str_sub(name, 0, end)))
			return false;
	}
	return true;
}

bool zone_table_read(struct str bytes, struct zone *out)
{
	struct source source = { .rest = bytes };
	struct counts counts;

	/* The first block has 32-bit times and is passed over. */
	if (!read_header(&source, &counts))
		return false;
	take(&source, (size_t)counts.time * 5 + (size_t)counts.type * 6 + counts.name +
	                      counts.is_std + counts.is_ut);
	if (source.bad || !read_header(&source, &counts))
		return false;
	if (!read_changes(&source, &counts, out) || !read_kinds(&source, &counts, out))
		return false;
	take(&source, (size_t)counts.is_std + counts.is_ut);

	struct str newline = take(&source, 1);
	size_t end = str_find(source.rest, '\n');
	if (source.bad || newline.p[0] != '\n' || end == source.rest.n)
		return false;
	return zone_rule_read(str_sub(source.rest, 0, end), &out->rule);
}

/* --- the rule behind the last change --------------------------------------------------------- */

static bool next_is(struct source *source, char c)
{
	if (source->bad || source->rest.n == 0 || source->rest.p[0] != c)
		return false;
	source->rest = str_sub(source->rest, 1, source->rest.n - 1);
	return true;
}

/* One to three digits, at most `max`. */
static int take_number(struct source *source, int max)
{
	int value = 0;
	size_t n = 0;
	while (n < source->rest.n && n < 3 && source->rest.p[n] >= '0' && source->rest.p[n] <= '9')
		value = value * 10 + (source->rest.p[n++] - '0');
	if (n == 0 || value > max)
		source->bad = true;
	take(source, n);
	return value;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static int32_t take_time(struct source *source, int hours_max)
{
	bool minus = next_is(source, '-');
	if (!minus)
		next_is(source, '+');
	int32_t seconds = 3600 * take_number(source, hours_max);
	if (next_is(source, ':')) {
		seconds += 60 * take_number(source, 59);
		if (next_is(source, ':'))
			seconds += take_number(source, 59);
	}
	return minus ? -seconds : seconds;
}

/* Three letters or more, or anything fit between < and >. */
static struct str take_name(struct source *source)
{
	bool quoted = next_is(source, '<');
	struct str rest = source->rest;
	size_t n = 0;
	if (quoted) {
		n = str_find(rest, '>');
	} else {
		while (n < rest.n && ((rest.p[n] >= 'A' && rest.p[n] <= 'Z') ||
		                      (rest.p[n] >= 'a' && rest.p[n] <= 'z')))
			n++;
	}
	struct str name = take(source, n);
	if (name.n < 3 || (quoted && !next_is(source, '>')))
		source->bad = true;
	return name;
}

static struct zone_date take_date(struct source *source)
{
	struct zone_date date = { .form = ZONE_DATE_ORDINAL, .time = DEFAULT_TIME };
	bool dots = true;
	if (next_is(source, 'M')) {
		date.form = ZONE_DATE_MONTH;
		date.month = take_number(source, 12);
		dots = next_is(source, '.');
		date.week = take_number(source, 5);
		dots = dots && next_is(source, '.');
		date.day = take_number(source, 6);
		dots = dots && date.month >= 1 && date.week >= 1;
	} else if (next_is(source, 'J')) {
		date.form = ZONE_DATE_JULIAN;
		date.day = take_number(source, 365);
		dots = date.day >= 1;
	} else {
		date.day = take_number(source, 365);
	}
	if (!dots)
		source->bad = true;
	if (next_is(source, '/'))
		date.time = take_time(source, HOURS_MAX);
	return date;
}

bool zone_rule_read(struct str text, struct zone_rule *out)
{
	struct source source = { .rest = text };
	struct zone_rule rule = { .present = true };

	*out = (struct zone_rule){ 0 };
	if (text.n == 0)
		return true;
	struct str name = take_name(&source);
	/* POSIX counts west of Greenwich as positive. */
	int32_t offset = -take_time(&source, 24);
	if (source.bad || !set_kind(&rule.standard, offset, name))
		return false;
	if (source.rest.n > 0) {
		rule.summer_used = true;
		name = take_name(&source);
		int32_t summer = offset + 3600;
		if (source.rest.n > 0 && source.rest.p[0] != ',')
			summer = -take_time(&source, 24);
		if (source.bad || !set_kind(&rule.summer, summer, name) || !next_is(&source, ','))
			return false;
		rule.begins = take_date(&source);
		if (!next_is(&source, ','))
			return false;
		rule.ends = take_date(&source);
	}
	if (source.bad || source.rest.n > 0)
		return false;
	*out = rule;
	return true;
}
