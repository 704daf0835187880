/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "pack/lexicon.h"

#define STEM_MIN 3 /* letters before a `*` */

size_t lexicon_bucket(int32_t first, int32_t second)
{
	return ((uint32_t)first * 31 + (uint32_t)second) % LEXICON_BUCKETS;
}

struct reading {
	struct loader *loader;
	struct str about;
	const struct yaml *node;
	struct lexicon_phrase *out;
	int32_t *points; /* of all words, one behind the other */
	size_t point_count;
	size_t point_room;
	size_t gaps;
	bool is_after; /* a `_` was read, and no word since */
};

static bool refuse(struct reading *r, const char *why)
{
	loader_error_at(r->loader, r->node, "%.*s: phrase \"%.*s\" %s", STR_ARG(r->about),
	                STR_ARG(str_sub(r->node->text, 0, 80)), why);
	return false;
}

/* `*` and `_` stand alone or at a word's end, and are no letters. */
static bool read_mark(struct reading *r, char mark, bool is_inside, bool is_last_of_word)
{
	struct lexicon_phrase *out = r->out;
	if (mark == '*') {
		if (!is_inside || !is_last_of_word)
			return refuse(r, "has a * that does not end a word");
		struct lexicon_word *word = &out->words[out->count - 1];
		word->goes_on = true;
		return word->count >= STEM_MIN ||
		       refuse(r, "has a * behind fewer than three letters");
	}
	if (is_inside || !is_last_of_word || out->count == 0 || r->is_after)
		return refuse(r, "has a _ that does not stand alone between two words");
	r->is_after = true;
	return ++r->gaps <= LEXICON_GAPS_MAX || refuse(r, "has more than two _");
}

static bool read_letter(struct reading *r, const struct fold_letter *letter, bool is_inside)
{
	struct lexicon_phrase *out = r->out;
	if (!is_inside) {
		if (out->count == LEXICON_WORDS_MAX)
			return refuse(r, "has more than twelve words");
		out->words[out->count++] =
			(struct lexicon_word){ .points = r->points + r->point_count,
			                       .is_after = r->is_after };
		r->is_after = false;
	}
	struct lexicon_word *word = &out->words[out->count - 1];
	for (size_t i = 0; i < letter->count; i++) {
		if (r->point_count == r->point_room)
			return refuse(r, "is too long");
		r->points[r->point_count++] = letter->points[i];
		word->count++;
	}
	return true;
}

static bool read_all(struct reading *r)
{
	struct str text = r->node->text;
	bool is_inside = false;
	for (size_t at = 0; at < text.n;) {
		struct fold_letter letter = fold_letter_at(text, at);
		size_t next = at + letter.n;
		char mark = text.p[at];
		if (mark == '*' || mark == '_') {
			bool is_last = next == text.n || text.p[next] == ' ';
			if (!read_mark(r, mark, is_inside, is_last))
				return false;
		} else if (letter.sort == FOLD_LETTER || letter.sort == FOLD_APOSTROPHE) {
			if (letter.sort == FOLD_APOSTROPHE && !is_inside)
				return refuse(r, "begins a word with an apostrophe");
			letter.points[0] = letter.count ? letter.points[0] : '\'';
			letter.count = letter.count ? letter.count : 1;
			if (!read_letter(r, &letter, is_inside))
				return false;
			is_inside = true;
		} else if (letter.sort == FOLD_BLANK || letter.sort == FOLD_HYPHEN) {
			is_inside = false;
		} else if (letter.sort == FOLD_OTHER) {
			return refuse(r, "holds something besides words, * and _");
		}
		at = next;
	}
	if (r->is_after)
		return refuse(r, "ends with a _");
	return r->out->count > 0 || refuse(r, "holds no word");
}

bool lexicon_read(struct loader *loader, struct str about, const struct yaml *node,
                  struct lexicon_phrase *out)
{
	struct reading r = { .loader = loader, .about = about, .node = node, .out = out };
	size_t bytes = node->text.n;
	r.point_room = 2 * bytes;
	out->words = loader_alloc(loader, bytes < LEXICON_WORDS_MAX ? bytes : LEXICON_WORDS_MAX,
	                          sizeof *out->words);
	r.points = loader_alloc(loader, r.point_room, sizeof *r.points);
	return out->words && r.points && read_all(&r);
}
