/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Times, offices and duties in words, and text that cannot steer the terminal. */
#include "cli/words.h"

#define PRINTABLE_MAX ((size_t)16 << 20)

/* The code point of two or three bytes at `at` that a terminal must not be given; 0: none is. */
static unsigned steering_mark(struct str text, size_t at, size_t *bytes)
{
	const unsigned char *p = (const unsigned char *)text.p + at;
	size_t left = text.n - at;
	*bytes = 0;
	if (left >= 2 && p[0] == 0xc2 && p[1] < 0xa0) {
		*bytes = 2;
		return p[1];
	}
	if (left < 3 || p[0] != 0xe2)
		return 0;
	unsigned point = 0x2000u | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
	if ((point < 0x202a || point > 0x202e) && (point < 0x2066 || point > 0x2069))
		return 0;
	*bytes = 3;
	return point;
}

struct str words_printable(struct arena *arena, struct str text)
{
	struct buf out;
	buf_init(&out, PRINTABLE_MAX);
	for (size_t i = 0; i < text.n;) {
		unsigned char c = (unsigned char)text.p[i];
		size_t bytes;
		unsigned mark = steering_mark(text, i, &bytes);
		if (mark)
			buf_format(&out, "<U+%04X>", mark);
		else if (c == '\r' && i + 1 < text.n && text.p[i + 1] == '\n')
			; /* the line ends with what follows */
		else if (c == 0x7f)
			buf_add(&out, STR("^?"));
		else if (c < 0x20 && c != '\n' && c != '\t')
			buf_format(&out, "^%c", c + '@');
		else
			buf_add_char(&out, (char)c);
		i += bytes ? bytes : 1;
	}
	struct str shown = arena_copy(arena, buf_str(&out));
	buf_finish(&out);
	return shown;
}

struct str words_when(struct cli_call *call, instant at)
{
	return wording_instant(call->arena, casebook_pack(call->book)->zone, at);
}

struct str words_when_of(struct cli_call *call, const struct casebook_entry *entry, instant at)
{
	const struct zone *zone = casebook_pack(call->book)->zone;
	bool ends_day =
		entry->by == CASEBOOK_BY_REGISTER && at == zone_day_start(zone, zone_day(zone, at));
	return ends_day ? wording_due(call->arena, zone, at, casebook_now(call->book))
	                : words_when(call, at);
}

bool words_office(struct cli_call *call, struct casebook_reader *reader, struct str id,
                  struct str *out, struct err *err)
{
	struct err found = { 0 };
	*out = id;
	if (!id.n || casebook_office_title(reader, call->arena, id, out, &found))
		return true;
	*out = id;
	if (found.code == ERR_ABSENT)
		return true;
	*err = found;
	return false;
}

struct str words_due(struct cli_call *call, const struct casebook_duty *duty)
{
	const struct zone *zone = casebook_pack(call->book)->zone;
	instant now = casebook_now(call->book);
	struct str due = wording_due(call->arena, zone, duty->due, now);
	if (!duty->is_late)
		return arena_format(call->arena, "due %.*s", STR_ARG(due));
	instant until = duty->is_open ? now : duty->closed_at;
	return arena_format(call->arena, "was due %.*s, late by %.*s", STR_ARG(due),
	                    STR_ARG(wording_elapsed(call->arena, until - duty->due)));
}

bool words_told(struct cli_call *call, struct casebook_reader *reader,
                const struct casebook_duty *duty, struct str *out, struct err *err)
{
	const struct casebook_told *told;
	size_t count;
	*out = STR("");
	if (!casebook_duty_told(reader, call->arena, duty->id, &told, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct str office;
		if (!words_office(call, reader, told[i].office, &office, err))
			return false;
		*out = arena_format(call->arena, "%.*s%s%.*s%s", STR_ARG(*out), out->n ? ", " : "",
		                    STR_ARG(office), told[i].is_vacant ? " (vacant)" : "");
	}
	return true;
}
