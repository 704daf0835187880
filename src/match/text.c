/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Folding. Two roads, one answer: plain ASCII, which most values are, goes
 * through a table; the rest goes point by point, taken apart, each part kept,
 * rewritten or left out, and what is left is put together again.
 */
#include "match/text.h"

#include "match/script.h"

#define MISREAD_MAX 4096 /* bytes: longer texts are not looked at for it */
#define MISREAD_ROUNDS 3 /* a file may have gone the wrong way more than once */
#define ZERO_WIDTH_NON_JOINER 0x200C
#define ZERO_WIDTH_JOINER 0x200D
#define STRETCH 0x0640 /* makes an Arabic word longer, and is no letter */

enum form {
	FORM_LATIN,
	FORM_SCRIPT,
};

struct folded {
	enum form form;
	size_t n;
	int32_t points[NORM_POINTS_MAX];
};

/* What 0x80 .. 0x9F are in Windows-1252; the five it leaves open are themselves (WHATWG Encoding).
 */
static const int32_t WINDOWS[32] = {
	0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
	0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
	0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178,
};

static bool is_plain_letter(unsigned char byte)
{
	return (unsigned char)((byte | 0x20) - 'a') < 26 || (unsigned char)(byte - '0') < 10;
}

/* False: a byte is not ASCII, and the other road must be gone. */
static bool fold_plain(struct str text, struct norm_text *out)
{
	size_t n = 0;
	for (size_t i = 0; i < text.n && n < NORM_POINTS_MAX; i++) {
		unsigned char byte = (unsigned char)text.p[i];
		if (is_plain_letter(byte)) /* 0x20 is set in every digit */
			out->bytes[n++] = (char)(byte | 0x20);
		else if (byte >= 0x80)
			return false;
		else if (byte != '\'' && byte != '`' && n > 0 && out->bytes[n - 1] != ' ')
			out->bytes[n++] = ' ';
	}
	out->n = n > 0 && out->bytes[n - 1] == ' ' ? n - 1 : n;
	return true;
}

static void add(struct folded *folded, int32_t point)
{
	if (folded->n < NORM_POINTS_MAX)
		folded->points[folded->n++] = point;
}

static void add_plain(struct folded *folded, const char *letters)
{
	for (; *letters; letters++)
		add(folded, *letters);
}

static void add_blank(struct folded *folded)
{
	if (folded->n > 0 && folded->points[folded->n - 1] != ' ')
		add(folded, ' ');
}

/* Marks that stay are kept sorted by their class, as composing wants them. A mark needs a letter.
 */
static void add_mark(struct folded *folded, int32_t mark)
{
	size_t at = folded->n;
	if (script_is_aid(mark) || at == 0 || folded->points[at - 1] == ' ')
		return;
	add(folded, mark);
	unsigned order = fold_order_of(mark);
	if (order == 0 || folded->n == at)
		return;
	for (; at > 0 && fold_order_of(folded->points[at - 1]) > order; at--) {
		folded->points[at] = folded->points[at - 1];
		folded->points[at - 1] = mark;
	}
}

static void add_letter(struct folded *folded, int32_t letter)
{
	const char *rewritten = script_plain(letter);
	if (letter == STRETCH)
		return;
	if (!rewritten && folded->form == FORM_LATIN)
		rewritten = script_latin(letter);
	if (rewritten)
		add_plain(folded, rewritten);
	else
		add(folded, script_same(letter));
}

/* One part of what a point was taken apart into, or a point of ASCII in small letters. */
static void add_part(struct folded *folded, int32_t part)
{
	if (script_is_apostrophe(part))
		return;
	if (part < 0x80) {
		if (is_plain_letter((unsigned char)part))
			add(folded, part);
		else
			add_blank(folded);
		return;
	}
	switch (fold_class_of(part)) {
	case FOLD_CLASS_LETTER:
		add_letter(folded, part);
		break;
	case FOLD_CLASS_MARK:
		add_mark(folded, part);
		break;
	case FOLD_CLASS_OTHER:
		add_blank(folded);
		break;
	}
}

/* A joiner behind a mark that stays shapes a letter (Bengali, Sinhala); elsewhere it parts words.
 */
static bool shapes(const struct folded *folded, int32_t point)
{
	return (point == ZERO_WIDTH_JOINER || point == ZERO_WIDTH_NON_JOINER) && folded->n > 0 &&
	       fold_class_of(folded->points[folded->n - 1]) == FOLD_CLASS_MARK;
}

static void add_point(struct folded *folded, int32_t point)
{
	int32_t parts[FOLD_EXPANDED_MAX];
	if (point < 0x80) {
		bool is_large = point >= 'A' && point <= 'Z';
		add_part(folded, is_large ? point | 0x20 : point);
		return;
	}
	if (script_is_apostrophe(point) || shapes(folded, point))
		return;
	size_t count = fold_expand(point, parts);
	for (size_t i = 0; i < count; i++)
		add_part(folded, parts[i]);
}

static int32_t read_point(struct str text, size_t *at)
{
	int32_t point = fold_read(text, at);
	if (point >= 0)
		return point;
	unsigned char byte = (unsigned char)text.p[*at - 1];
	return byte < 0xA0 ? WINDOWS[byte - 0x80] : byte;
}

/* The byte that Windows-1252, or Latin-1, has for a point; -1: none. */
static int byte_of(int32_t point)
{
	if (point <= 0xFF)
		return (int)point;
	for (size_t i = 0; i < COUNT_OF(WINDOWS); i++) {
		if (WINDOWS[i] == point)
			return 0x80 + (int)i;
	}
	return -1;
}

/*
 * Whether a point that begins a sequence of UTF-8 is followed by one that goes
 * on with it, both read as single bytes. Rare in any language, so that the
 * whole text is looked at only then.
 */
static bool looks_misread(struct str text)
{
	int32_t before = 0;
	for (size_t at = 0; at < text.n;) {
		int32_t point = read_point(text, &at);
		int byte = point < 0x80 ? 0 : byte_of(point);
		if (byte < 0)
			return false;
		if (before >= 0xC2 && before <= 0xF4 && byte >= 0x80 && byte <= 0xBF)
			return true;
		before = byte;
	}
	return false;
}

/* The text as it was before it was misread; false: it was not. `room` has text.n bytes. */
static bool undo_misreading(struct str text, char *room, struct str *out)
{
	size_t n = 0;
	for (size_t at = 0; at < text.n;) {
		int byte = byte_of(read_point(text, &at));
		if (byte < 0)
			return false;
		room[n++] = (char)byte;
	}
	*out = (struct str){ room, n };
	return str_is_utf8(*out);
}

static void write_points(struct folded *folded, struct norm_text *out)
{
	size_t count = fold_compose(folded->points, folded->n);
	if (count > 0 && folded->points[count - 1] == ' ')
		count--;
	out->n = 0;
	for (size_t i = 0; i < count; i++)
		out->n += fold_write(folded->points[i], out->bytes + out->n);
}

static void fold_points(struct str text, enum form form, struct norm_text *out)
{
	struct folded folded = { .form = form };
	for (size_t at = 0; at < text.n && folded.n < NORM_POINTS_MAX;)
		add_point(&folded, read_point(text, &at));
	write_points(&folded, out);
}

static void fold_misread(struct str text, enum form form, struct norm_text *out)
{
	char room[2][MISREAD_MAX];
	for (size_t i = 0; i < MISREAD_ROUNDS && looks_misread(text); i++) {
		struct str right;
		if (!undo_misreading(text, room[i % 2], &right))
			break;
		text = right;
	}
	fold_points(text, form, out);
}

static void fold(struct str text, enum form form, struct norm_text *out)
{
	if (fold_plain(text, out))
		return;
	if (text.n <= MISREAD_MAX && looks_misread(text))
		fold_misread(text, form, out);
	else
		fold_points(text, form, out);
}

void norm_fold(struct str text, struct norm_text *out)
{
	fold(text, FORM_LATIN, out);
}

void norm_fold_script(struct str text, struct norm_text *out)
{
	fold(text, FORM_SCRIPT, out);
}
