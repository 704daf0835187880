/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Levels of names.
 *
 * 1. Levels are tried from best to worst, the first that holds is it; what
 *    looks alike and is decreed different is tried before letters are.
 * 2. Where both were written in one script that is not Latin, what was written
 *    is compared by letters: the Latin form has lost some of them.
 * 3. Names of several words: each word of the side with fewer takes the best
 *    word that is left on the other. A word is as alike as a name of one word.
 */
#include "match/name_level.h"

#include "match/similar.h"

/* Words that say nothing by themselves of whom they name. */
#define PARTICLES                                                                                   \
	STR("al el ul ud ad as ash an ar at az de da do dos das di del della du la le van von der " \
	    "den ter bin ibn bint binti abu umm mac mc o ni nic ui ap ab e y i")

#define RESPELT_CLOSE 0.96
#define ONE_EDIT_LEAST 3 /* letters */
#define SHORT_LEAST 3    /* of what is short for a name */
#define SHORT_BY 2 /* letters at least that it leaves out: one more is oftener a woman's form */

static bool fill_words(struct name_value *value, struct arena *arena, const struct names *names)
{
	struct str rest = value->whole.text, piece;
	struct name_word *words = arena_alloc(arena, NAME_WORDS_MAX, sizeof *words);
	if (!words)
		return false;
	while (value->word_count < NAME_WORDS_MAX && str_cut(&rest, ' ', &piece)) {
		struct name_word *word = &words[value->word_count++];
		name_word_init(word, names, piece);
		word->is_particle = str_has_word(PARTICLES, piece);
	}
	value->words = words;
	return true;
}

static bool fill_core(struct name_value *value, struct arena *arena, const struct names *names)
{
	char bytes[NAME_CORE_ROOM];
	size_t n;
	value->frame = (uint8_t)name_frame_of(value->whole.text, bytes, &n);
	if (value->frame == NAME_FRAME_NONE)
		return true;
	struct str core = arena_copy(arena, (struct str){ bytes, n });
	if (core.p)
		name_word_init(&value->core, names, core);
	return core.p != NULL;
}

static bool is_ascii(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] >= 0x80)
			return false;
	return true;
}

bool name_value_init(struct name_value *value, struct arena *arena, const struct names *names,
                     struct str text, struct str script, struct err *err)
{
	*value = (struct name_value){ .script = STR_NONE };
	name_word_init(&value->whole, names, text);
	if (!is_ascii(script) && is_ascii(text))
		value->script = script;
	bool is_one = str_find(text, ' ') == text.n;
	if ((is_one || fill_words(value, arena, names)) && fill_core(value, arena, names))
		return true;
	return err_set(err, ERR_UNABLE, "There is not enough memory to compare so many names.");
}

/* --- two words, or two names that are looked at as one -----------------------------------------
 */

static bool is_variant(const struct name_word *a, const struct name_word *b)
{
	return names_related(a->groups, b->groups) == NAMES_VARIANT;
}

/* What is left of a name is short for it: Karan, Karanveer; Seb, Sebastian. */
static bool is_short_for(const struct name_word *a, const struct name_word *b)
{
	const struct name_word *shorter = a->points < b->points ? a : b,
			       *longer = a->points < b->points ? b : a;
	return shorter->points >= SHORT_LEAST && longer->points >= shorter->points + SHORT_BY &&
	       str_starts(longer->text, shorter->text) &&
	       names_related(a->groups, b->groups) != NAMES_DIFFERENT;
}

/* Equal, close, of one set or of one sound. */
static bool is_alike(const struct name_word *a, const struct name_word *b)
{
	enum names_relation relation = names_related(a->groups, b->groups);
	return str_eq(a->text, b->text) || relation == NAMES_VARIANT ||
	       (relation == NAMES_NONE &&
	        (name_word_is_close(a, b, NAME_CLOSE) || name_word_sounds_like(a, b)));
}

/* Alike by the rules of a language; a->frame is not below b's. */
static bool is_framed_alike(const struct name_value *a, const struct name_value *b)
{
	const struct name_word *core = b->frame ? &b->core : &b->whole;
	if (b->frame != NAME_FRAME_NONE && a->frame != b->frame)
		return false;
	switch ((enum name_frame)a->frame) {
	case NAME_FRAME_NONE:
		return false;
	case NAME_FRAME_ARTICLE:
		return is_alike(&a->core, core);
	case NAME_FRAME_SOMALI: /* an x is in English names too */
		return is_variant(&a->core, core) ||
		       name_word_is_close(&a->core, core, RESPELT_CLOSE);
	case NAME_FRAME_ABD:
		return b->frame == a->frame && is_alike(&a->core, core);
	case NAME_FRAME_O:
		return str_eq(a->core.text, core->text) ||
		       (b->frame == a->frame && name_word_sounds_like(&a->core, core));
	case NAME_FRAME_MAC:
		return b->frame == a->frame &&
		       (str_eq(a->core.text, core->text) || name_word_sounds_like(&a->core, core));
	case NAME_FRAME_SK:
		return b->frame == a->frame && str_eq(a->core.text, core->text);
	case NAME_FRAME_OV:
		return b->frame == a->frame ? str_eq(a->core.text, core->text)
		                            : str_ends(a->whole.text, STR("ova")) &&
		                                      name_frame_is_base(a->core.text, core->text);
	}
	return false;
}

/* --- several words -------------------------------------------------------------------------------
 */

/* A value's words; a value of one word is its own. */
static const struct name_word *words_of(const struct name_value *value, unsigned *count)
{
	*count = value->words ? value->word_count : 1;
	return value->words ? value->words : &value->whole;
}

static bool is_different(const struct name_word *a, const struct name_word *b)
{
	return names_related(a->groups, b->groups) == NAMES_DIFFERENT && !str_eq(a->text, b->text);
}

/* Also of words that stand in the same place. */
static bool is_decreed_different(const struct name_value *a, const struct name_value *b)
{
	unsigned in_a, in_b;
	const struct name_word *left = words_of(a, &in_a), *right = words_of(b, &in_b);
	if (is_different(&a->whole, &b->whole))
		return true;
	for (unsigned i = 0; in_a == in_b && i < in_a; i++)
		if (is_different(&left[i], &right[i]))
			return true;
	return false;
}

static bool is_equal_without_blanks(struct str a, struct str b)
{
	size_t i = 0, j = 0;
	while (i < a.n && j < b.n) {
		if (a.p[i] == ' ')
			i++;
		else if (b.p[j] == ' ')
			j++;
		else if (a.p[i++] != b.p[j++])
			return false;
	}
	return i == a.n && j == b.n;
}

/* How well one word stands for another, best highest (3). */
enum fit {
	FIT_NONE,
	FIT_INITIAL,
	FIT_SOUND,
	FIT_SET,
	FIT_CLOSE,
	FIT_EQUAL,
};

static enum fit fit_of(const struct name_word *a, const struct name_word *b)
{
	if (name_word_is_initial(a) || name_word_is_initial(b))
		return name_word_begin_alike(a, b) ? FIT_INITIAL : FIT_NONE;
	if (str_eq(a->text, b->text))
		return FIT_EQUAL;
	enum names_relation relation = names_related(a->groups, b->groups);
	if (relation == NAMES_DIFFERENT)
		return FIT_NONE;
	if (name_word_is_close(a, b, NAME_CLOSE))
		return FIT_CLOSE;
	if (relation == NAMES_VARIANT)
		return FIT_SET;
	return name_word_sounds_like(a, b) ? FIT_SOUND : FIT_NONE;
}

/* The best of `count` words that is not taken; takes it. */
static enum fit take_best(const struct name_word *word, const struct name_word *others,
                          unsigned count, unsigned *taken)
{
	enum fit best = FIT_NONE;
	unsigned at = 0;
	for (unsigned i = 0; i < count; i++) {
		enum fit fit = (*taken >> i & 1) ? FIT_NONE : fit_of(word, &others[i]);
		if (fit > best) {
			best = fit;
			at = i;
		}
	}
	if (best != FIT_NONE)
		*taken |= 1U << at;
	return best;
}

static unsigned count_meant(const struct name_word *words, unsigned count)
{
	unsigned meant = 0;
	for (unsigned i = 0; i < count; i++)
		meant += !words[i].is_particle;
	return meant;
}

/* The worst fit of the words of the side with fewer, and how many of the two sides' words say
 * something; FIT_NONE: one found nothing. */
struct pairing {
	enum fit worst;
	unsigned fewer, more;
};

static struct pairing pair_words(const struct name_value *a, const struct name_value *b)
{
	unsigned in_a, in_b, taken = 0;
	const struct name_word *left = words_of(a, &in_a), *right = words_of(b, &in_b);
	struct pairing pairing = { FIT_EQUAL, count_meant(left, in_a), count_meant(right, in_b) };
	bool is_left =
		pairing.fewer < pairing.more ||
		(pairing.fewer == pairing.more && str_compare(a->whole.text, b->whole.text) < 0);
	const struct name_word *few = is_left ? left : right, *many = is_left ? right : left;
	unsigned in_few = is_left ? in_a : in_b, in_many = is_left ? in_b : in_a;
	if (!is_left)
		pairing = (struct pairing){ FIT_EQUAL, pairing.more, pairing.fewer };
	for (unsigned i = 0; i < in_few && pairing.worst != FIT_NONE; i++) {
		if (few[i].is_particle)
			continue;
		enum fit fit = take_best(&few[i], many, in_many, &taken);
		pairing.worst = fit < pairing.worst ? fit : pairing.worst;
	}
	if (pairing.fewer == 0)
		pairing.worst = FIT_NONE;
	return pairing;
}

static unsigned words_in(const struct name_value *value)
{
	return value->words ? value->word_count : 1;
}

static int level_of_words(const struct name_value *a, const struct name_value *b, enum name_by *by)
{
	static const enum name_by BY[] = { [FIT_INITIAL] = NAME_BY_INITIAL,
		                           [FIT_SOUND] = NAME_BY_SOUND,
		                           [FIT_SET] = NAME_BY_SET };
	struct pairing pairing = pair_words(a, b);
	if (pairing.worst == FIT_NONE)
		return NAME_LEVEL_ELSE;
	bool is_part = pairing.fewer != pairing.more || words_in(a) != words_in(b);
	if (is_part && pairing.worst == FIT_INITIAL)
		return NAME_LEVEL_ELSE;
	if (!is_part && pairing.worst >= FIT_CLOSE)
		return NAME_LEVEL_CLOSE;
	*by = is_part ? NAME_BY_PART : BY[pairing.worst];
	return NAME_LEVEL_VARIANT;
}

/* --- the level
 * ------------------------------------------------------------------------------------ */

static int variant_by(enum name_by why, enum name_by *by)
{
	*by = why;
	return NAME_LEVEL_VARIANT;
}

/* By letters alone: equal, close, or neither. */
static int level_of_letters(const struct name_value *a, const struct name_value *b)
{
	bool are_written = a->script.n > 0 && b->script.n > 0; /* 2 */
	if (are_written ? str_eq(a->script, b->script) : str_eq(a->whole.text, b->whole.text))
		return NAME_LEVEL_EQUAL;
	if (is_decreed_different(a, b))
		return NAME_LEVEL_ELSE;
	if (are_written ? name_text_jw(a->script, b->script) >= NAME_CLOSE
	                : name_word_is_close(&a->whole, &b->whole, NAME_CLOSE))
		return NAME_LEVEL_CLOSE;
	bool has_blanks = a->words || b->words;
	if (has_blanks && is_equal_without_blanks(a->whole.text, b->whole.text))
		return NAME_LEVEL_CLOSE;
	return 0;
}

int name_level_by(const struct name_value *a, const struct name_value *b, enum name_by *by)
{
	*by = NAME_BY_NONE;
	if (name_word_is_initial(&a->whole) || name_word_is_initial(&b->whole))
		return name_word_begin_alike(&a->whole, &b->whole) ? variant_by(NAME_BY_INITIAL, by)
		                                                   : NAME_LEVEL_ELSE;
	int level = level_of_letters(a, b);
	if (level != 0)
		return level;
	if (is_variant(&a->whole, &b->whole) ||
	    (a->frame >= b->frame ? is_framed_alike(a, b) : is_framed_alike(b, a)))
		return variant_by(NAME_BY_SET, by);
	level = a->words || b->words ? level_of_words(a, b, by) : NAME_LEVEL_ELSE;
	if (level == NAME_LEVEL_ELSE && name_word_sounds_like(&a->whole, &b->whole))
		return variant_by(NAME_BY_SOUND, by);
	if (level == NAME_LEVEL_ELSE && !a->words && !b->words &&
	    is_short_for(&a->whole, &b->whole))
		return variant_by(NAME_BY_PART, by);
	return level;
}

bool name_value_is_one_edit(const struct name_value *a, const struct name_value *b)
{
	return !a->words && !b->words && a->whole.points >= ONE_EDIT_LEAST &&
	       b->whole.points >= ONE_EDIT_LEAST && !is_different(&a->whole, &b->whole) &&
	       name_word_is_one_edit(&a->whole, &b->whole);
}

int name_level(const struct names *names, const struct name_value *a, const struct name_value *b)
{
	enum name_by by;
	(void)names; /* each value has its groups */
	return name_level_by(a, b, &by);
}
