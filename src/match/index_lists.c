/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Lists of records by key. A list of more than max_block records is hot: then
 * each of them is in a smaller list besides, by the key and one value more, and
 * so on as in a bulk run; in the end by their ids. The long list stays, so that
 * it can become cold again without any memory.
 */
#include "match/index_parts.h"
#include "match/sound.h"

#define ID_BITS 4
#define ID_STEPS (64 / ID_BITS)
#define STEPS_MAX (BLOCK_CUT_STEPS + ID_STEPS)
#define NEIGHBOURS                                                                                 \
	40 /* of claims that are equal in all by which lists are cut, as in a bulk run             \
	    */

/* --- keys
 * ------------------------------------------------------------------------------------------ */

static uint64_t mix(uint64_t key)
{
	key = (key ^ key >> 33) * UINT64_C(0xFF51AFD7ED558CCD);
	key = (key ^ key >> 33) * UINT64_C(0xC4CEB9FE1A85EC53);
	return key ^ key >> 33;
}

uint64_t index_key(const struct match_index *index, size_t rule, uint64_t key)
{
	return mix(key ^ mix(index->match->limits.seed + rule * UINT64_C(0x9E3779B97F4A7C15)));
}

uint64_t index_key_cut(const struct match_index *index, uint64_t key, size_t step,
                       const struct claim *claim, uint64_t id_hash)
{
	uint64_t value = step < BLOCK_CUT_STEPS ? block_cut_value(claim, step)
	                                        : id_hash >> (step - BLOCK_CUT_STEPS) * ID_BITS &
	                                                  ((UINT64_C(1) << ID_BITS) - 1);
	return index_key(index, RULES_MAX + HOLDERS + 1 + step, key ^ mix(value + 1));
}

uint64_t index_key_of_id(const struct match_index *index, struct str id)
{
	return index_key(index, RULES_MAX + HOLDERS, index_id_hash(index, id));
}

uint64_t index_holder_key(const struct match_index *index, enum index_holder holder, uint32_t code)
{
	struct claim claim = { .flags = 0 };
	uint64_t keys[RULE_KEYS_MAX];
	uint32_t *const PLACES[HOLDERS] = { &claim.phone[0], &claim.email, &claim.house,
		                            &claim.sure_dob };
	*PLACES[holder] = code;
	size_t rule = index->holders[holder];
	base_check(rule_keys(&index->match->claims, &index->rules[rule], &claim, keys) == 1);
	return index_key(index, rule, keys[0]);
}

uint64_t index_half_key(const struct match_index *index, enum index_half half, struct str word)
{
	const struct claims *claims = &index->match->claims;
	char room[NORM_ROOM];
	struct str sound = { room,
		             sound_key(names_usual(claims->name_set, word), room, sizeof room) };
	/* A script of which no sound is known goes by its letters. */
	uint64_t hash = dictionary_hash(sound.n ? sound : word, claims->limits.seed);
	uint64_t key = index_key(index, RULES_MAX + HOLDERS + 1 + STEPS_MAX + half, hash);
	base_wipe(room, sizeof room);
	return key;
}

static void add_half_key(const struct match_index *index, enum index_half half, struct str word,
                         uint64_t *keys, size_t *count)
{
	uint64_t key = index_half_key(index, half, word);
	for (size_t i = 0; i < *count; i++) {
		if (keys[i] == key)
			return;
	}
	if (*count < INDEX_HALF_KEYS)
		keys[(*count)++] = key;
}

size_t index_half_keys(const struct match_index *index, enum index_half half, uint32_t name,
                       uint64_t keys[INDEX_HALF_KEYS])
{
	struct str text = dictionary_text(&index->match->claims.names.texts, name), rest = text,
		   word;
	size_t count = 0;
	if (!name)
		return 0;
	add_half_key(index, half, text, keys, &count);
	/* An initial is no word to look for. */
	while (str_cut(&rest, ' ', &word)) {
		if (word.n > 1 && word.n < text.n)
			add_half_key(index, half, word, keys, &count);
	}
	return count;
}

size_t index_rule_of(const struct match_index *index, enum rule_part part)
{
	size_t i = 0;
	while (i < index->rule_count &&
	       (index->rules[i].count != 1 || index->rules[i].parts[0] != part))
		i++;
	return i;
}

void index_rules_set(struct match_index *index, const struct rules *rules)
{
	static const enum rule_part PARTS[HOLDERS] = { RULE_PHONE, RULE_EMAIL, RULE_HOUSE,
		                                       RULE_DOB };
	memcpy(index->rules, rules->rules, rules->count * sizeof *rules->rules);
	index->rule_count = index->search_count = rules->count;
	for (size_t i = 0; i < HOLDERS; i++) {
		size_t at = index_rule_of(index, PARTS[i]);
		if (at == index->rule_count)
			index->rules[index->rule_count++] =
				(struct rule){ .parts = { PARTS[i] }, .count = 1 };
		index->holders[i] = at;
	}
}

/* --- one list
 * --------------------------------------------------------------------------------------- */

static uint64_t cut_key(const struct match_index *index, uint64_t key, size_t step, uint32_t record)
{
	uint64_t id_hash =
		step < BLOCK_CUT_STEPS ? 0 : index_id_hash(index, index_id(index, record));
	return index_key_cut(index, key, step, &index->match->claims.claims[record], id_hash);
}

bool index_is_cut(const struct match_index *index, uint32_t count, size_t step)
{
	uint32_t most = step >= BLOCK_CUT_STEPS && index->max_block < NEIGHBOURS ? NEIGHBOURS
	                                                                         : index->max_block;
	return step < STEPS_MAX && count > most;
}

static void remove_from(struct match_index *index, uint64_t key, size_t step, uint32_t record);

/* The first `count` records of a list out of the smaller ones. */
static void uncut(struct match_index *index, uint64_t key, size_t step, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t one, record = postings_find(&index->postings, key, &one).records[i];
		remove_from(index, cut_key(index, key, step, record), step + 1, record);
	}
}

static void remove_from(struct match_index *index, uint64_t key, size_t step, uint32_t record)
{
	uint32_t one, count = postings_find(&index->postings, key, &one).count;
	if (index_is_cut(index, count, step) && !index_is_cut(index, count - 1, step))
		uncut(index, key, step, count);
	else if (index_is_cut(index, count, step))
		remove_from(index, cut_key(index, key, step, record), step + 1, record);
	postings_remove(&index->postings, key, record);
}

static bool add_to(struct match_index *index, uint64_t key, size_t step, uint32_t record);

static bool cut(struct match_index *index, uint64_t key, size_t step, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t one, record = postings_find(&index->postings, key, &one).records[i];
		if (add_to(index, cut_key(index, key, step, record), step + 1, record))
			continue;
		uncut(index, key, step, i);
		return false;
	}
	return true;
}

static bool add_to(struct match_index *index, uint64_t key, size_t step, uint32_t record)
{
	uint32_t one;
	if (!postings_add(&index->postings, key, record))
		return false;
	uint32_t count = postings_find(&index->postings, key, &one).count;
	if (!index_is_cut(index, count, step))
		return true;
	bool done = !index_is_cut(index, count - 1, step)
	                    ? cut(index, key, step, count)
	                    : add_to(index, cut_key(index, key, step, record), step + 1, record);
	if (!done)
		postings_remove(&index->postings, key, record);
	return done;
}

/* --- all lists of a record
 * --------------------------------------------------------------------------------- */

#define KEYS_MAX ((RULES_MAX + HOLDERS) * RULE_KEYS_MAX + 1)

static size_t keys_of(const struct match_index *index, uint32_t record, uint64_t keys[KEYS_MAX])
{
	const struct claims *claims = &index->match->claims;
	size_t count = 0;
	for (size_t r = 0; r < index->rule_count; r++) {
		uint64_t of_rule[RULE_KEYS_MAX];
		size_t n = rule_keys(claims, &index->rules[r], &claims->claims[record], of_rule);
		for (size_t k = 0; k < n; k++)
			keys[count++] = index_key(index, r, of_rule[k]);
	}
	return count;
}

/* Keys of lists that are never cut: a half of its name, and its id. */
#define WHOLE_MAX (2 * INDEX_HALF_KEYS + 1)

static size_t whole_keys_of(const struct match_index *index, uint32_t record,
                            uint64_t keys[WHOLE_MAX])
{
	const struct claim *claim = &index->match->claims.claims[record];
	size_t count = index_half_keys(index, INDEX_FIRST, claim->first, keys);
	count += index_half_keys(index, INDEX_SURNAME, claim->surname, keys + count);
	keys[count++] = index_key_of_id(index, index_id(index, record));
	return count;
}

static void remove_first(struct match_index *index, const uint64_t *keys, size_t count,
                         uint32_t record)
{
	for (size_t i = 0; i < count; i++)
		remove_from(index, keys[i], 0, record);
}

static void remove_whole(struct match_index *index, const uint64_t *keys, size_t count,
                         uint32_t record)
{
	for (size_t i = 0; i < count; i++)
		postings_remove(&index->postings, keys[i], record);
}

bool index_lists_add(struct match_index *index, uint32_t record)
{
	uint64_t keys[KEYS_MAX], whole[WHOLE_MAX];
	size_t count = keys_of(index, record, keys);
	size_t whole_count = whole_keys_of(index, record, whole);
	for (size_t i = 0; i < count; i++)
		postings_expect(&index->postings, keys[i]);
	for (size_t i = 0; i < whole_count; i++)
		postings_expect(&index->postings, whole[i]);
	for (size_t i = 0; i < count; i++) {
		if (add_to(index, keys[i], 0, record))
			continue;
		remove_first(index, keys, i, record);
		return false;
	}
	for (size_t i = 0; i < whole_count; i++) {
		if (postings_add(&index->postings, whole[i], record))
			continue;
		remove_whole(index, whole, i, record);
		remove_first(index, keys, count, record);
		return false;
	}
	return true;
}

void index_lists_remove(struct match_index *index, uint32_t record)
{
	uint64_t keys[KEYS_MAX], whole[WHOLE_MAX];
	size_t count = keys_of(index, record, keys);
	size_t whole_count = whole_keys_of(index, record, whole);
	remove_first(index, keys, count, record);
	remove_whole(index, whole, whole_count, record);
}
