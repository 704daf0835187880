/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/name_hint.h"

#define LETTERS_MAX 64

/* Two bits for each of a … z, the second for its second time; twelve for all others together. */
static uint64_t with_letters(uint64_t letters, struct str text)
{
	for (size_t at = 0; at < text.n;) {
		uint32_t point = (uint32_t)fold_read(text, &at);
		if (point < 'a' || point > 'z') {
			letters |= UINT64_C(1) << (52 + point % 12);
			continue;
		}
		unsigned bit = 2 * (point - 'a');
		letters |= (letters >> bit & 1 ? UINT64_C(2) : UINT64_C(1)) << bit;
	}
	return letters;
}

static uint32_t sound_of(const struct name_word *word)
{
	return word->sound ? (uint32_t)(word->sound * UINT64_C(0x9E3779B97F4A7C15) >> 32) | 1 : 0;
}

static void add_groups(struct name_hint *hint, const struct name_word *word)
{
	for (unsigned which = 0; which < 2; which++)
		hint->groups[which] |= names_bits(word->groups, which);
}

/* What a part of an odd name may be alike by. */
static void add_part(struct name_hint *hint, const struct name_word *word)
{
	uint32_t sound = sound_of(word);
	add_groups(hint, word);
	hint->sound |= sound ? UINT32_C(1) << (sound >> 27) : 0;
	if (name_word_is_initial(word))
		hint->kind = NAME_HINT_WILD;
}

static void make_odd(struct name_hint *hint, const struct name_value *value)
{
	hint->kind = NAME_HINT_ODD;
	hint->sound = 0;
	add_part(hint, &value->whole);
	if (value->frame != NAME_FRAME_NONE) {
		add_part(hint, &value->core);
		hint->letters |= with_letters(0, value->core.text);
	}
	for (unsigned i = 0; value->words && i < value->word_count; i++)
		add_part(hint, &value->words[i]);
}

struct name_hint name_hint_of(const struct name_value *value)
{
	struct str text = value->whole.text;
	size_t letters = str_utf8_count(text), at = 0;
	struct name_hint out = { .letters = with_letters(0, text),
		                 .sound = sound_of(&value->whole),
		                 .n = (uint8_t)(letters < 255 ? letters : 255) };
	if (text.n)
		out.start = (uint32_t)fold_read(text, &at);
	add_groups(&out, &value->whole);
	if (name_word_is_initial(&value->whole))
		out.kind = NAME_HINT_INITIAL;
	else if (letters < 2 || letters > LETTERS_MAX || value->script.n)
		out.kind = NAME_HINT_WILD;
	else if (value->words || value->frame != NAME_FRAME_NONE)
		make_odd(&out, value);
	return out;
}
