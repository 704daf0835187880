/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cells as codes of values, and what lies ready by code. */
#include <stddef.h>

#include "match/index_parts.h"
#include "match/prepare.h"
#include "match/sound.h"

#define JOINED_MAX ((size_t)2048)

/* --- arrays by code
 * --------------------------------------------------------------------------------- */

static const struct {
	enum index_set set;
	size_t at; /* of the pointer, in struct claims */
	size_t size;
} ARRAYS[] = {
	{ INDEX_NAMES, offsetof(struct claims, name_keys), sizeof(struct name_keys) },
	{ INDEX_NAMES, offsetof(struct claims, name_values), sizeof(struct name_value) },
	{ INDEX_NAMES, offsetof(struct claims, name_hints), sizeof(struct name_hint) },
	{ INDEX_NAMES, offsetof(struct claims, first_counts), sizeof(uint32_t) },
	{ INDEX_NAMES, offsetof(struct claims, surname_counts), sizeof(uint32_t) },
	{ INDEX_MIDDLES, offsetof(struct claims, middle_values), sizeof(struct middle_value) },
	{ INDEX_DATES, offsetof(struct claims, date_values), sizeof(struct date_value) },
	{ INDEX_DATES, offsetof(struct claims, dates.counts), sizeof(uint32_t) },
	{ INDEX_POSTCODES, offsetof(struct claims, postcode_values),
	  sizeof(struct postcode_value) },
	{ INDEX_POSTCODES, offsetof(struct claims, postcodes.counts), sizeof(uint32_t) },
	{ INDEX_HOUSES, offsetof(struct claims, houses.counts), sizeof(uint32_t) },
	{ INDEX_STREETS, offsetof(struct claims, streets.counts), sizeof(uint32_t) },
	{ INDEX_PHONES, offsetof(struct claims, phones.counts), sizeof(uint32_t) },
	{ INDEX_EMAILS, offsetof(struct claims, emails.counts), sizeof(uint32_t) },
	{ INDEX_NHS, offsetof(struct claims, nhs_values), sizeof(struct number_value) },
	{ INDEX_UPNS, offsetof(struct claims, upn_values), sizeof(struct number_value) },
	{ INDEX_OTHERS, offsetof(struct claims, other_values[0]), sizeof(struct number_value) },
	{ INDEX_OTHERS + 1, offsetof(struct claims, other_values[1]), sizeof(struct number_value) },
};

static bool grow_ties(struct match_index *index, uint32_t room)
{
	struct full_names *names = &index->match->full_names;
	struct pool *pool = index->match->pool;
	struct name_ties *first = pool_grow(pool, names->by_first, room, sizeof *first);
	names->by_first = first ? first : names->by_first;
	struct name_ties *surname = pool_grow(pool, names->by_surname, room, sizeof *surname);
	names->by_surname = surname ? surname : names->by_surname;
	return first && surname;
}

static bool grow_arrays(struct match_index *index, size_t set, uint32_t room)
{
	struct claims *claims = &index->match->claims;
	for (size_t i = 0; i < COUNT_OF(ARRAYS); i++) {
		char *place = (char *)claims + ARRAYS[i].at;
		void *at;
		if ((size_t)ARRAYS[i].set != set)
			continue;
		memcpy(&at, place, sizeof at);
		at = pool_grow(claims->pool, at, room, ARRAYS[i].size);
		if (!at)
			return false;
		memcpy(place, &at, sizeof at);
	}
	if (set == INDEX_NAMES && !grow_ties(index, room))
		return false;
	index->rooms[set] = room;
	return true;
}

void index_wipe_name(struct match_index *index, uint32_t code)
{
	struct name_value *value = &index->match->claims.name_values[code];
	void *words;
	char *core;
	memcpy(&words, &value->words, sizeof words);
	memcpy(&core, &value->core.text.p, sizeof core);
	if (words)
		base_wipe(words, value->word_count * sizeof *value->words);
	if (core)
		base_wipe(core, value->core.text.n);
}

void index_wipe_code(struct match_index *index, size_t set, uint32_t code)
{
	struct claims *claims = &index->match->claims;
	for (size_t i = 0; i < COUNT_OF(ARRAYS); i++) {
		char *at;
		if ((size_t)ARRAYS[i].set != set)
			continue;
		memcpy(&at, (char *)claims + ARRAYS[i].at, sizeof at);
		base_wipe(at + code * ARRAYS[i].size, ARRAYS[i].size);
	}
}

bool index_rooms_make(struct match_index *index)
{
	struct value_set *sets[CLAIMS_SETS];
	claims_sets(&index->match->claims, sets);
	for (size_t i = 0; i < CLAIMS_SETS; i++) {
		uint32_t count = sets[i]->texts.count, needed = count + 2 * INDEX_SPARE;
		if (index->rooms[i] >= needed)
			continue;
		if (!dictionary_reserve(&sets[i]->texts, 2 * INDEX_SPARE) ||
		    !grow_arrays(index, i, needed + needed / 16))
			return false;
	}
	return true;
}

void index_ready_all(struct match_index *index)
{
	struct value_set *sets[CLAIMS_SETS];
	claims_sets(&index->match->claims, sets);
	for (size_t i = 0; i < CLAIMS_SETS; i++)
		index->ready[i] = index->rooms[i] = sets[i]->texts.count;
}

/* --- codes
 * ----------------------------------------------------------------------------------------- */

struct coding {
	struct match_index *index;
	struct claims *claims;
	enum index_reading how;
	uint32_t ends[CLAIMS_SETS]; /* codes of the set, those of a query behind them included */
};

static size_t number_of(const struct coding *coding, const struct value_set *set)
{
	struct value_set *sets[CLAIMS_SETS];
	size_t i = 0;
	claims_sets(coding->claims, sets);
	while (sets[i] != set)
		i++;
	return i;
}

/* A code behind all others: its text is there, and nothing finds it. */
static bool put_spare(struct coding *coding, struct value_set *set, struct str text, uint32_t *out)
{
	size_t number = number_of(coding, set);
	uint32_t code = coding->ends[number];
	*out = 0;
	if (code - set->texts.count == INDEX_SPARE)
		return true;
	struct str kept = arena_copy(coding->index->scratch, text);
	if (!kept.p)
		return false;
	set->texts.texts[code] = (struct dictionary_text){ kept.p, (uint32_t)kept.n, 0 };
	coding->ends[number] = code + 1;
	*out = code;
	return true;
}

static bool put_code(struct coding *coding, struct value_set *set, struct str text, uint32_t *out)
{
	*out = 0;
	if (!text.n)
		return true;
	if (coding->how == INDEX_KEPT) {
		*out = dictionary_put_copy(&set->texts, text);
		return *out != UINT32_MAX;
	}
	*out = dictionary_find(&set->texts, text);
	return *out || put_spare(coding, set, text, out);
}

/* --- ready
 * ----------------------------------------------------------------------------------------- */

static bool ready_middle(struct coding *coding, uint32_t code)
{
	struct claims *claims = coding->claims;
	struct str names[CLAIM_TOKENS + 1];
	uint32_t codes[CLAIM_TOKENS + 1];
	size_t n = prepare_middle_names(dictionary_text(&claims->middles.texts, code), names);
	for (size_t i = 0; i < n; i++) {
		if (!put_code(coding, &claims->names, names[i], &codes[i]))
			return false;
	}
	prepare_middle(claims, code, codes, n);
	return true;
}

static bool ready_name(struct coding *coding, uint32_t code)
{
	struct claims *claims = coding->claims;
	char sound[NORM_ROOM];
	struct str name = dictionary_text(&claims->names.texts, code);
	struct str usual = names_usual(claims->name_set, name);
	struct str key = { sound, sound_key(usual, sound, sizeof sound) };
	bool is_kept = coding->how == INDEX_KEPT;
	uint32_t sound_code = is_kept ? dictionary_put_copy(&claims->sounds, key)
	                              : dictionary_find(&claims->sounds, key);
	return sound_code != UINT32_MAX &&
	       prepare_name(claims, is_kept ? claims->names_arenas[0] : coding->index->scratch,
	                    code, sound_code);
}

static bool ready_one(struct coding *coding, size_t set, uint32_t code)
{
	struct claims *claims = coding->claims;
	switch ((enum index_set)set) {
	case INDEX_MIDDLES:
		return ready_middle(coding, code);
	case INDEX_NAMES:
		return ready_name(coding, code);
	case INDEX_DATES:
		claims->date_values[code] =
			prepare_date(dictionary_text(&claims->dates.texts, code));
		return true;
	case INDEX_POSTCODES:
		claims->postcode_values[code] =
			prepare_postcode(dictionary_text(&claims->postcodes.texts, code));
		return true;
	case INDEX_NHS:
		claims->nhs_values[code] =
			prepare_number(dictionary_text(&claims->nhs.texts, code));
		return true;
	case INDEX_UPNS:
		claims->upn_values[code] =
			prepare_number(dictionary_text(&claims->upns.texts, code));
		return true;
	case INDEX_HOUSES:
	case INDEX_STREETS:
	case INDEX_PHONES:
	case INDEX_EMAILS:
	case INDEX_AGENCIES:
		return true;
	case INDEX_OTHERS:
	default:
		claims->other_values[set - INDEX_OTHERS][code] = prepare_number(
			dictionary_text(&claims->others[set - INDEX_OTHERS].texts, code));
		return true;
	}
}

static bool ready_set(struct coding *coding, size_t set)
{
	struct value_set *sets[CLAIMS_SETS];
	claims_sets(coding->claims, sets);
	bool is_kept = coding->how == INDEX_KEPT;
	for (uint32_t code = is_kept ? coding->index->ready[set] : sets[set]->texts.count;
	     code < (is_kept ? sets[set]->texts.count : coding->ends[set]); code++) {
		if (!ready_one(coding, set, code))
			return false;
		if (is_kept)
			coding->index->ready[set] = code + 1;
	}
	return true;
}

/* Middle names first: their words are names. */
static bool ready_sets(struct coding *coding)
{
	if (!ready_set(coding, INDEX_MIDDLES))
		return false;
	for (size_t set = 0; set < CLAIMS_SETS; set++) {
		if (set != INDEX_MIDDLES && !ready_set(coding, set))
			return false;
	}
	return true;
}

/* --- cells
 * ----------------------------------------------------------------------------------------- */

static struct str join_address(const struct match_columns *columns, const struct str *cells,
                               char room[JOINED_MAX])
{
	size_t n = 0, last = 0, parts = 0;
	for (size_t i = 0; i < columns->count; i++) {
		last = columns->fields[i] == FIELD_ADDRESS ? i : last;
		parts += columns->fields[i] == FIELD_ADDRESS;
	}
	if (parts == 1)
		return str_trim(cells[last]);
	for (size_t i = 0; i < columns->count; i++) {
		struct str cell = str_trim(cells[i]);
		if (columns->fields[i] != FIELD_ADDRESS || !cell.n || n + cell.n + 2 > JOINED_MAX)
			continue;
		if (n)
			room[n++] = ' ';
		memcpy(room + n, cell.p, cell.n);
		n += cell.n;
	}
	return (struct str){ room, n };
}

static bool read_cell(struct coding *coding, const struct value_how *how, enum field field,
                      struct str cell, struct claim *out)
{
	struct value *value = coding->index->value;
	uint32_t codes[VALUE_TEXTS] = { 0 };
	if (cell.n)
		value_make(field, how, cell, value);
	for (size_t k = 0; cell.n && k < value_texts(field); k++) {
		struct value_set *set = value_set_of(coding->claims, field, k);
		codes[k] = value->number;
		if (set && !put_code(coding, set, value->texts[k], &codes[k]))
			return false;
	}
	if (field == FIELD_AGENCY)
		codes[0] = codes[0] < CLAIM_AGENCIES ? codes[0] : CLAIM_AGENCIES;
	value_keep(out, field, codes[0], codes[1]);
	return true;
}

void index_own_date(const struct claims *claims, struct claim *claim)
{
	if (claim->dob_sure != NORM_DEFAULT)
		return;
	struct date_value own = prepare_date(dictionary_text(&claims->dates.texts, claim->dob));
	if (own.sure == NORM_DEFAULT)
		return;
	claim->year = (uint32_t)own.year;
	claim->sure_dob = claim->dob;
}

bool index_read(struct match_index *index, const struct match_columns *columns,
                const struct str *cells, enum index_reading how, struct claim *out)
{
	struct coding coding = { .index = index, .claims = &index->match->claims, .how = how };
	struct value_how value_how = { columns->is_month_first ? NORM_MDY : NORM_DMY,
		                       index->match->limits.this_year };
	struct value_set *sets[CLAIMS_SETS];
	char address[JOINED_MAX];
	bool has_address = false;
	claims_sets(coding.claims, sets);
	for (size_t i = 0; i < CLAIMS_SETS; i++)
		coding.ends[i] = sets[i]->texts.count;
	*out = (struct claim){ .flags = 0 };
	for (size_t i = 0; i < columns->count; i++) {
		enum field field = (enum field)columns->fields[i];
		struct str cell = str_trim(cells[i]);
		if (field == FIELD_ADDRESS && has_address)
			continue;
		has_address = has_address || field == FIELD_ADDRESS;
		if (field == FIELD_ADDRESS)
			cell = join_address(columns, cells, address);
		if (!read_cell(&coding, &value_how, field, cell, out))
			return false;
	}
	if (!ready_sets(&coding))
		return false;
	prepare_claim(coding.claims, out);
	index_own_date(coding.claims, out);
	return true;
}
