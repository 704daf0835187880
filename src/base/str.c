/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Slices of text and bytes. */
#include "base/str.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "base/arena.h"
#include "base/err.h"

#define DISTANCE_MAX 64

struct str str_from_c(const char *text)
{
	if (!text)
		return STR_NONE;
	return (struct str){ text, strlen(text) };
}

struct str str_from_bytes(const void *bytes, size_t n)
{
	return (struct str){ bytes, n };
}

const char *str_to_c(struct arena *arena, struct str s)
{
	if (s.n && memchr(s.p, 0, s.n))
		return NULL;
	char *out = arena_alloc(arena, s.n + 1, 1);
	if (!out)
		return NULL;
	if (s.n)
		memcpy(out, s.p, s.n);
	return out;
}

bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

int str_compare(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int by_bytes = n ? memcmp(a.p, b.p, n) : 0;
	if (by_bytes)
		return by_bytes;
	return a.n < b.n ? -1 : a.n > b.n;
}

bool str_starts(struct str s, struct str with)
{
	return s.n >= with.n && str_eq(str_sub(s, 0, with.n), with);
}

bool str_ends(struct str s, struct str with)
{
	return s.n >= with.n && str_eq(str_sub(s, s.n - with.n, with.n), with);
}

size_t str_find(struct str s, char c)
{
	const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
	return at ? (size_t)(at - s.p) : s.n;
}

size_t str_find_str(struct str s, struct str part)
{
	if (part.n == 0)
		return 0;
	for (size_t at = 0; at + part.n <= s.n; at++) {
		size_t next = at + str_find(str_sub(s, at, s.n), part.p[0]);
		if (next + part.n > s.n)
			break;
		if (memcmp(s.p + next, part.p, part.n) == 0)
			return next;
		at = next;
	}
	return s.n;
}

unsigned str_steering_mark(struct str text, size_t at, size_t *bytes)
{
	const unsigned char *p = (const unsigned char *)text.p + at;
	size_t left = text.n - at;
	*bytes = 0;
	bool is_arabic_mark = left >= 2 && p[0] == 0xd8 && p[1] == 0x9c;
	if (is_arabic_mark || (left >= 2 && p[0] == 0xc2 && p[1] < 0xa0)) {
		*bytes = 2;
		return is_arabic_mark ? 0x61c : p[1];
	}
	if (left < 3 || p[0] != 0xe2)
		return 0;
	unsigned point = 0x2000u | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
	bool turns = (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069) ||
	             point == 0x200e || point == 0x200f;
	if (!turns)
		return 0;
	*bytes = 3;
	return point;
}

struct str str_sub(struct str s, size_t from, size_t n)
{
	if (from > s.n)
		from = s.n;
	if (n > s.n - from)
		n = s.n - from;
	return (struct str){ s.n ? s.p + from : s.p, n };
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
	while (s.n && is_blank(s.p[0]))
		s = str_sub(s, 1, s.n);
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool str_cut(struct str *rest, char by, struct str *piece)
{
	if (!rest->p)
		return false;
	size_t at = str_find(*rest, by);
	*piece = str_sub(*rest, 0, at);
	if (at == rest->n)
		*rest = STR_NONE;
	else
		*rest = (struct str){ rest->p + at + 1, rest->n - at - 1 };
	return true;
}

bool str_has_word(struct str list, struct str word)
{
	struct str piece;
	while (list.n && str_cut(&list, ' ', &piece)) {
		if (str_eq(piece, word))
			return true;
	}
	return false;
}

bool str_to_u64(struct str s, uint64_t max, uint64_t *out)
{
	uint64_t value = 0;
	if (s.n == 0 || (s.n > 1 && s.p[0] == '0'))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		if (__builtin_mul_overflow(value, UINT64_C(10), &value) ||
		    __builtin_add_overflow(value, (uint64_t)(s.p[i] - '0'), &value))
			return false;
	}
	if (value > max)
		return false;
	*out = value;
	return true;
}

/* Length of the well-formed sequence at p (Unicode 15, table 3-7), or 0. */
static size_t sequence_length(const unsigned char *p, size_t n)
{
	unsigned char low = 0x80, high = 0xBF;
	size_t length;
	if (p[0] < 0x80)
		return 1;
	if (p[0] >= 0xC2 && p[0] <= 0xDF)
		length = 2;
	else if (p[0] >= 0xE0 && p[0] <= 0xEF)
		length = 3;
	else if (p[0] >= 0xF0 && p[0] <= 0xF4)
		length = 4;
	else
		return 0;
	if (n < length)
		return 0;
	if (p[0] == 0xE0)
		low = 0xA0;
	if (p[0] == 0xED)
		high = 0x9F;
	if (p[0] == 0xF0)
		low = 0x90;
	if (p[0] == 0xF4)
		high = 0x8F;
	if (p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++) {
		if (p[i] < 0x80 || p[i] > 0xBF)
			return 0;
	}
	return length;
}

bool str_is_utf8(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	for (size_t at = 0; at < s.n;) {
		uint64_t eight;
		if (s.n - at >= sizeof eight) {
			memcpy(&eight, p + at, sizeof eight);
			if (!(eight & UINT64_C(0x8080808080808080))) {
				at += sizeof eight;
				continue;
			}
		}
		size_t length = sequence_length(p + at, s.n - at);
		if (!length)
			return false;
		at += length;
	}
	return true;
}

size_t str_utf8_count(struct str s)
{
	size_t count = 0;
	for (size_t i = 0; i < s.n; i++)
		count += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return count;
}

size_t str_characters(struct str s)
{
	size_t ends = 0;
	for (size_t i = 0; i + 1 < s.n; i++)
		ends += s.p[i] == '\r' && s.p[i + 1] == '\n';
	return str_utf8_count(s) - ends;
}

static utf8proc_int32_t in_small(utf8proc_int32_t point, void *data)
{
	(void)data;
	return utf8proc_tolower(point);
}

/* `each` NULL: code points stay what they are. */
static bool compose(struct arena *arena, struct str s, utf8proc_custom_func each, struct str *out,
                    struct err *err)
{
	utf8proc_uint8_t *mapped = NULL;
	utf8proc_ssize_t n =
		utf8proc_map_custom((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n, &mapped,
	                            UTF8PROC_STABLE | UTF8PROC_COMPOSE, each, NULL);
	if (n < 0) {
		free(mapped);
		return err_set(err, ERR_INPUT, "This text is not valid UTF-8");
	}
	*out = arena_copy(arena, (struct str){ (const char *)mapped, (size_t)n });
	free(mapped);
	if (!out->p)
		return err_set(err, ERR_UNABLE, "This text is too long");
	return true;
}

bool str_nfc(struct arena *arena, struct str s, struct str *out, struct err *err)
{
	return compose(arena, s, NULL, out, err);
}

bool str_small(struct arena *arena, struct str s, struct str *out, struct err *err)
{
	return compose(arena, s, in_small, out, err);
}

size_t str_distance(struct str a, struct str b)
{
	unsigned char row[3][DISTANCE_MAX + 1];
	if (a.n > DISTANCE_MAX || b.n > DISTANCE_MAX)
		return SIZE_MAX;
	unsigned char *before = row[0], *last = row[1], *now = row[2];
	for (size_t j = 0; j <= b.n; j++)
		last[j] = (unsigned char)j;
	for (size_t i = 1; i <= a.n; i++) {
		now[0] = (unsigned char)i;
		for (size_t j = 1; j <= b.n; j++) {
			bool same = a.p[i - 1] == b.p[j - 1];
			unsigned best = last[j - 1] + (same ? 0U : 1U);
			if (last[j] + 1U < best)
				best = last[j] + 1U;
			if (now[j - 1] + 1U < best)
				best = now[j - 1] + 1U;
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
			    a.p[i - 2] == b.p[j - 1] && before[j - 2] + 1U < best)
				best = before[j - 2] + 1U;
			now[j] = (unsigned char)best;
		}
		unsigned char *spare = before;
		before = last;
		last = now;
		now = spare;
	}
	return last[b.n];
}

bool str_eq_constant_time(struct str a, struct str b)
{
	unsigned char differs = 0;
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		differs |= (unsigned char)((unsigned char)a.p[i] ^ (unsigned char)b.p[i]);
	return *(volatile unsigned char *)&differs == 0;
}
