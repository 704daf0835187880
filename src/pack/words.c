/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Looking for phrases. The text is read once from left to right; at each word
 * the phrases that begin like it are tried, each at most so far as it has
 * words. What stands between quotation marks is passed over in the same way.
 */
#include "pack/words.h"

#include "pack/lexicon.h"

#define QUOTES 6
#define BEFORE 4 /* words that are remembered */

/* A word of the text. */
struct spot {
	size_t from;
	size_t to;
	bool is_joined; /* nothing but blanks or one hyphen lies before it */
};

struct search {
	const struct pack_look *look;
	struct str text;
	bool has_no_end[QUOTES];    /* nothing further on ends such a quotation */
	size_t single_none;         /* up to here no straight single mark ends one */
	struct spot before[BEFORE]; /* the words before the present one, the last first */
	size_t before_count;
};

/* --- quotations ------------------------------------------------------------------------------- */

static const struct {
	int32_t opening;
	int32_t closing;
	int32_t other_closing;
} MARKS[QUOTES] = {
	{ '"', '"', '"' },    { 0x201C, 0x201D, 0x201D }, { 0x201E, 0x201C, 0x201D },
	{ 0xAB, 0xBB, 0xBB }, { 0xBB, 0xAB, 0xAB },       { 0x2039, 0x203A, 0x203A },
};

static bool is_letter_at(struct str text, size_t at)
{
	return at < text.n && fold_letter_at(text, at).sort == FOLD_LETTER;
}

/* Byte behind the closing mark of a quotation that opens before `from`, or 0. */
static size_t end_of_double(struct search *s, size_t which, size_t from)
{
	if (s->has_no_end[which])
		return 0;
	for (size_t at = from; at < s->text.n;) {
		struct fold_letter letter = fold_letter_at(s->text, at);
		at += letter.n;
		if (letter.point == MARKS[which].closing ||
		    letter.point == MARKS[which].other_closing)
			return at;
	}
	s->has_no_end[which] = true;
	return 0;
}

/* Single marks are apostrophes too: one closes where no letter follows it, before its line ends. */
static size_t end_of_single(struct search *s, size_t from)
{
	if (from < s->single_none)
		return 0;
	size_t at = from, last = 0;
	while (at < s->text.n && s->text.p[at] != '\n') {
		struct fold_letter letter = fold_letter_at(s->text, at);
		at += letter.n;
		if (letter.sort == FOLD_APOSTROPHE && last > 0 && !is_letter_at(s->text, at))
			return at;
		last = letter.sort == FOLD_BLANK ? 0 : at;
	}
	s->single_none = at;
	return 0;
}

/* Where a quotation that opens with `letter` at `at` ends; 0: none opens here. */
static size_t end_of_quotation(struct search *s, size_t at, const struct fold_letter *letter,
                               bool is_behind_letter)
{
	size_t from = at + letter->n;
	if ((letter->point == '\'' && !is_behind_letter) || letter->point == 0x2018)
		return is_letter_at(s->text, from) ? end_of_single(s, from) : 0;
	for (size_t i = 0; i < QUOTES; i++)
		if (MARKS[i].opening == letter->point)
			return end_of_double(s, i, from);
	return 0;
}

/* --- words ------------------------------------------------------------------------------------ */

/* Byte behind the word that begins at `from`. */
static size_t end_of_word(struct str text, size_t from)
{
	size_t at = from;
	while (at < text.n) {
		struct fold_letter letter = fold_letter_at(text, at);
		bool goes_on =
			letter.sort == FOLD_LETTER || letter.sort == FOLD_NOTHING ||
			(letter.sort == FOLD_APOSTROPHE && is_letter_at(text, at + letter.n));
		if (!goes_on)
			break;
		at += letter.n;
	}
	return at;
}

enum which_word {
	ANY_WORD,
	JOINED_WORD, /* none that something else than blanks or a hyphen parts from `at` */
};

/* The next word from `at` on, outside quotations. False: there is none. */
static bool next_word(struct search *s, size_t at, enum which_word which, struct spot *out)
{
	bool is_behind_letter = at > 0, is_joined = true, has_hyphen = false;
	while (at < s->text.n) {
		struct fold_letter letter = fold_letter_at(s->text, at);
		if (letter.sort == FOLD_LETTER) {
			*out = (struct spot){ at, end_of_word(s->text, at), is_joined };
			return true;
		}
		size_t end = letter.sort == FOLD_BLANK
		                     ? 0
		                     : end_of_quotation(s, at, &letter, is_behind_letter);
		/* A hyphen joins two words; with a blank before it, it is a dash. */
		bool is_hyphen = letter.sort == FOLD_HYPHEN && is_behind_letter && !has_hyphen;
		if (letter.sort != FOLD_BLANK && letter.sort != FOLD_NOTHING && !is_hyphen)
			is_joined = false;
		if (!is_joined && which == JOINED_WORD)
			return false;
		has_hyphen = has_hyphen || is_hyphen;
		is_behind_letter = letter.sort == FOLD_NOTHING && is_behind_letter;
		at = end ? end : at + letter.n;
	}
	return false;
}

/* Whether a word of the text is one of a phrase: "boyfriend's" is "boyfriend" too. */
static bool is_word(struct str text, const struct spot *spot, const struct lexicon_word *word)
{
	size_t at = spot->from, known = 0;
	while (at < spot->to) {
		struct fold_letter letter = fold_letter_at(text, at);
		if (known == word->count && letter.sort == FOLD_APOSTROPHE)
			return true;
		if (letter.sort == FOLD_APOSTROPHE) {
			letter.points[0] = '\'';
			letter.count = 1;
		}
		for (size_t i = 0; i < letter.count; i++) {
			if (known == word->count)
				return word->goes_on;
			if (word->points[known++] != letter.points[i])
				return false;
		}
		at += letter.n;
	}
	return known == word->count;
}

/* --- phrases ---------------------------------------------------------------------------------- */

/* Byte behind the phrase whose word `n` was found at `spot`, or 0. */
static size_t end_of_phrase(struct search *s, const struct lexicon_phrase *phrase, size_t n,
                            struct spot spot)
{
	if (++n == phrase->count)
		return spot.to;
	const struct lexicon_word *word = &phrase->words[n];
	size_t gap = word->is_after ? LEXICON_GAP : 0;
	for (size_t i = 0; i <= gap; i++) {
		struct spot next;
		if (!next_word(s, spot.to, JOINED_WORD, &next))
			return 0;
		size_t end = is_word(s->text, &next, word) ? end_of_phrase(s, phrase, n, next) : 0;
		if (end)
			return end;
		spot = next;
	}
	return 0;
}

/* Whether a phrase that begins at `from` is one of those beside which no advice is due; its end. */
static size_t end_of_company(struct search *s, const struct lexicon_phrase *phrase,
                             struct spot from)
{
	return is_word(s->text, &from, &phrase->words[0]) ? end_of_phrase(s, phrase, 0, from) : 0;
}

/* Whether one of the word's `not-next` stands right before `spot`, or right behind byte `end`. */
static bool is_in_company(struct search *s, const struct pack_word *word, const struct spot *spot,
                          size_t end)
{
	struct spot next;
	bool has_next = word->not_next && next_word(s, end, JOINED_WORD, &next);
	for (size_t i = 0; i < word->not_next_count; i++) {
		const struct lexicon_phrase *phrase = &word->not_next[i];
		if (has_next && end_of_company(s, phrase, next))
			return true;
		for (size_t b = 0; spot->is_joined && b < s->before_count; b++)
			if (end_of_company(s, phrase, s->before[b]) == s->before[0].to)
				return true;
	}
	return false;
}

static bool is_elsewhere(const struct pack_look *look, const struct pack_word *word)
{
	for (size_t i = 0; i < word->not_in_count; i++)
		if (word->not_in[i].kind == look->kind &&
		    (!word->not_in[i].field ||
		     (look->field && str_eq(word->not_in[i].field->name, look->field->name))))
			return false;
	return true;
}

static bool is_due(struct search *s, const struct pack_word *word)
{
	const struct pack_look *look = s->look;
	return word->in >> look->field->type & 1 && is_elsewhere(look, word) &&
	       (!look->applies || look->applies(look->ctx, word));
}

static size_t bucket_of(struct str text, const struct spot *spot)
{
	int32_t first[2] = { 0, 0 };
	size_t count = 0;
	for (size_t at = spot->from; at < spot->to && count < 2;) {
		struct fold_letter letter = fold_letter_at(text, at);
		if (letter.sort == FOLD_APOSTROPHE)
			break;
		for (size_t i = 0; i < letter.count && count < 2; i++)
			first[count++] = letter.points[i];
		at += letter.n;
	}
	return lexicon_bucket(first[0], first[1]);
}

/* The longest phrase that begins at `spot` and on which advice is due. False: none; out->to is then
 * the end of one that keeps a company of which nothing is said, or 0. */
static bool phrase_at(struct search *s, const struct spot *spot, struct pack_advice *out)
{
	const struct lexicon_phrase *phrase =
		s->look->pack->lexicon->buckets[bucket_of(s->text, spot)];
	size_t passed = 0;
	*out = (struct pack_advice){ 0 };
	for (; phrase; phrase = phrase->next) {
		if (!is_word(s->text, spot, &phrase->words[0]))
			continue;
		size_t end = end_of_phrase(s, phrase, 0, *spot);
		if (end <= out->to || !is_due(s, phrase->of))
			continue;
		if (is_in_company(s, phrase->of, spot, end))
			passed = end > passed ? end : passed;
		else
			*out = (struct pack_advice){ phrase->of, spot->from, end };
	}
	if (!out->word)
		out->to = passed;
	return out->word != NULL;
}

const struct pack_word *pack_word_find(const struct pack *pack, struct str name)
{
	for (size_t i = 0; i < pack->word_count; i++)
		if (str_eq(pack->words[i].name, name))
			return &pack->words[i];
	return NULL;
}

bool pack_words_reads(const struct pack *pack, const struct pack_field *field)
{
	uint32_t types = 0;
	for (size_t i = 0; i < pack->word_count; i++)
		types |= pack->words[i].in;
	return field && field->type != PACK_WORDS && types >> field->type & 1;
}

static void remember(struct search *s, const struct spot *spot)
{
	if (!spot->is_joined)
		s->before_count = 0;
	if (s->before_count < BEFORE)
		s->before_count++;
	for (size_t i = s->before_count - 1; i > 0; i--)
		s->before[i] = s->before[i - 1];
	s->before[0] = *spot;
}

size_t pack_words_find(const struct pack_look *look, struct str text, struct pack_advice *out,
                       size_t max)
{
	struct search s = { .look = look, .text = text };
	struct spot spot;
	size_t count = 0;
	if (!look->pack->lexicon || !pack_words_reads(look->pack, look->field))
		return 0;
	for (size_t at = 0; count < max && next_word(&s, at, ANY_WORD, &spot);) {
		at = spot.to;
		bool is_found = phrase_at(&s, &spot, &out[count]);
		if (out[count].to) {
			at = out[count].to;
			s.before_count = 0;
		} else {
			remember(&s, &spot);
		}
		count += is_found;
	}
	return count;
}
