/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Times, offices and duties in words, and text that cannot steer the terminal. */
#include "cli/words.h"

#define PRINTABLE_MAX ((size_t)16 << 20)

bool words_is_printable(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		size_t bytes;
		if (c == 0x7f || (c < 0x20 && c != '\n' && c != '\t') ||
		    (c > 0x7f && str_steering_mark(text, i, &bytes)))
			return false;
	}
	return true;
}

struct str words_printable(struct arena *arena, struct str text)
{
	struct buf out;
	buf_init(&out, PRINTABLE_MAX);
	for (size_t i = 0; i < text.n;) {
		unsigned char c = (unsigned char)text.p[i];
		size_t bytes;
		unsigned mark = str_steering_mark(text, i, &bytes);
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
	if (duty->is_provisional)
		due = arena_format(call->arena, "%.*s (provisional)", STR_ARG(due));
	if (!duty->is_late)
		return arena_format(call->arena, "due %.*s", STR_ARG(due));
	instant until = duty->is_open ? now : duty->closed_at;
	if (duty->was_done_in_time)
		return arena_format(
			call->arena, "was due %.*s, done in time, recorded late by %.*s",
			STR_ARG(due), STR_ARG(wording_elapsed(call->arena, until - duty->due)));
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
