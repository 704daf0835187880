/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/form.h"

bool form_text_is_clean(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
			return false;
	}
	return str_is_utf8(text);
}

static size_t count_pieces(struct str text, size_t stop_above)
{
	size_t count = 0;
	struct str piece;
	while (count <= stop_above && str_cut(&text, '&', &piece))
		count += piece.n > 0;
	return count;
}

static enum form_outcome read_piece(struct arena *arena, struct str piece, struct field *out)
{
	size_t at = str_find(piece, '=');
	struct str value = at < piece.n ? str_sub(piece, at + 1, piece.n) : STR("");
	if (!percent_decode(arena, str_sub(piece, 0, at), true, &out->name) ||
	    !percent_decode(arena, value, true, &out->value))
		/* Decoding says no more than no: when the arena is at its end, so will this. */
		return arena_alloc(arena, piece.n + 1, 1) ? FORM_MALFORMED : FORM_NO_ROOM;
	if (!form_text_is_clean(out->name) || !form_text_is_clean(out->value))
		return FORM_MALFORMED;
	return FORM_READ;
}

enum form_outcome form_read(struct arena *arena, struct str text, size_t max_fields,
                            struct fields *out)
{
	*out = (struct fields){ 0 };
	size_t count = count_pieces(text, max_fields);
	if (count > max_fields)
		return FORM_TOO_MANY;
	struct field *at = arena_alloc(arena, count, sizeof *at);
	if (!at)
		return FORM_NO_ROOM;
	size_t n = 0;
	struct str piece;
	while (str_cut(&text, '&', &piece)) {
		if (piece.n == 0)
			continue;
		enum form_outcome outcome = read_piece(arena, piece, &at[n]);
		if (outcome != FORM_READ)
			return outcome;
		n++;
	}
	*out = (struct fields){ .at = at, .count = n, .room = count };
	return FORM_READ;
}

struct str fields_get_nth(const struct fields *fields, struct str name, size_t n)
{
	for (size_t i = 0; i < fields->count; i++)
		if (str_eq(fields->at[i].name, name) && n-- == 0)
			return fields->at[i].value;
	return STR_NONE;
}

struct str fields_get(const struct fields *fields, struct str name)
{
	return fields_get_nth(fields, name, 0);
}

size_t fields_count(const struct fields *fields, struct str name)
{
	size_t count = 0;
	for (size_t i = 0; i < fields->count; i++)
		count += str_eq(fields->at[i].name, name);
	return count;
}

bool fields_repeat(const struct fields *fields)
{
	for (size_t i = 0; i < fields->count; i++) {
		if (fields->at[i].name.n == 0)
			return true;
		for (size_t j = 0; j < i; j++)
			if (str_eq(fields->at[i].name, fields->at[j].name))
				return true;
	}
	return false;
}
