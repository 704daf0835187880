/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/fold.h"

#include <utf8proc.h>

#define OPTIONS                                                                                    \
	(UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_DECOMPOSE |           \
	 UTF8PROC_IGNORE)
#define TAKEN_APART (UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_DECOMPOSE)

static bool is_hyphen(int32_t point)
{
	return point == 0x2010 || point == 0x2011 || point == 0x2043 || point == 0xFE63 ||
	       point == 0xFF0D;
}

static bool is_apostrophe(int32_t point)
{
	return point == 0x2019 || point == 0x02BC || point == 0xFF07;
}

static bool is_blank(int32_t point, utf8proc_category_t category)
{
	return point == 0x85 || category == UTF8PROC_CATEGORY_ZS ||
	       category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

static bool is_mark(utf8proc_category_t category)
{
	return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
	       category == UTF8PROC_CATEGORY_ME || category == UTF8PROC_CATEGORY_CF;
}

static bool is_letter(utf8proc_category_t category)
{
	return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
	       (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

static enum fold_sort sort_of_ascii(int32_t point)
{
	bool is_letter = (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z') ||
	                 (point >= '0' && point <= '9');
	if (is_letter)
		return FOLD_LETTER;
	if (point == ' ' || (point >= '\t' && point <= '\r'))
		return FOLD_BLANK;
	if (point == '-')
		return FOLD_HYPHEN;
	return point == '\'' ? FOLD_APOSTROPHE : FOLD_OTHER;
}

static enum fold_sort sort_of(int32_t point)
{
	utf8proc_category_t category = utf8proc_category(point);
	if (is_hyphen(point))
		return FOLD_HYPHEN;
	if (is_apostrophe(point))
		return FOLD_APOSTROPHE;
	if (is_blank(point, category))
		return FOLD_BLANK;
	if (is_mark(category))
		return FOLD_NOTHING;
	return is_letter(category) ? FOLD_LETTER : FOLD_OTHER;
}

static void compare_by(struct fold_letter *letter)
{
	utf8proc_int32_t points[FOLD_EXPANDED_MAX];
	int before = 0;
	utf8proc_ssize_t count =
		utf8proc_decompose_char(letter->point, points, FOLD_EXPANDED_MAX, OPTIONS, &before);
	if (count < 0 || count > FOLD_POINTS_MAX) {
		letter->sort = FOLD_OTHER;
		return;
	}
	letter->sort = count > 0 ? FOLD_LETTER : FOLD_NOTHING;
	letter->count = (size_t)count;
	for (size_t i = 0; i < letter->count; i++)
		letter->points[i] = points[i];
}

struct fold_letter fold_letter_at(struct str text, size_t at)
{
	struct fold_letter letter = { .sort = FOLD_OTHER,
		                      .point = (unsigned char)text.p[at],
		                      .n = 1 };
	utf8proc_int32_t point;
	if (letter.point < 0x80) {
		bool is_large = letter.point >= 'A' && letter.point <= 'Z';
		letter.sort = sort_of_ascii(letter.point);
		letter.count = letter.sort == FOLD_LETTER;
		letter.points[0] = is_large ? letter.point + ('a' - 'A') : letter.point;
		return letter;
	}
	utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text.p + at,
	                                      (utf8proc_ssize_t)(text.n - at), &point);
	if (n < 1)
		return letter;
	letter.point = point;
	letter.n = (size_t)n;
	letter.sort = sort_of(point);
	if (letter.sort == FOLD_LETTER)
		compare_by(&letter);
	return letter;
}

int32_t fold_read(struct str text, size_t *at)
{
	unsigned char first = (unsigned char)text.p[*at];
	if (first < 0x80) {
		++*at;
		return first;
	}
	utf8proc_int32_t point;
	utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text.p + *at,
	                                      (utf8proc_ssize_t)(text.n - *at), &point);
	*at += n < 1 ? 1 : (size_t)n;
	return n < 1 ? -1 : point;
}

size_t fold_write(int32_t point, char out[4])
{
	utf8proc_uint8_t bytes[4];
	utf8proc_ssize_t n = utf8proc_encode_char(point, bytes);
	memcpy(out, bytes, sizeof bytes);
	return n < 0 ? 0 : (size_t)n;
}

size_t fold_expand(int32_t point, int32_t out[FOLD_EXPANDED_MAX])
{
	int before = 0;
	if (point < 0)
		return 0;
	utf8proc_ssize_t count =
		utf8proc_decompose_char(point, out, FOLD_EXPANDED_MAX, TAKEN_APART, &before);
	return count < 0 || count > FOLD_EXPANDED_MAX ? 0 : (size_t)count;
}

enum fold_class fold_class_of(int32_t point)
{
	utf8proc_category_t category = utf8proc_category(point);
	if (is_letter(category))
		return FOLD_CLASS_LETTER;
	bool marks = category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
	             category == UTF8PROC_CATEGORY_ME;
	return marks ? FOLD_CLASS_MARK : FOLD_CLASS_OTHER;
}

unsigned fold_order_of(int32_t point)
{
	return (unsigned)utf8proc_get_property(point)->combining_class;
}

size_t fold_compose(int32_t *points, size_t count)
{
	utf8proc_ssize_t left = utf8proc_normalize_utf32(points, (utf8proc_ssize_t)count,
	                                                 UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	return left < 0 ? 0 : (size_t)left;
}

int fold_digit(int32_t point)
{
	if (point >= '0' && point <= '9')
		return point - '0';
	if (point < 0x80 || utf8proc_category(point) != UTF8PROC_CATEGORY_ND)
		return -1;
	/* Unicode keeps the ten of a script together, from 0 on; where tens adjoin, each is whole.
	 */
	int32_t start = point;
	while (utf8proc_category(start - 1) == UTF8PROC_CATEGORY_ND)
		start--;
	return (point - start) % 10;
}
