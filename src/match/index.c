/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The index as a whole: opened, filled, and one claim in or out. */
#include "match/header.h"
#include "match/index_parts.h"

#include <stdlib.h>

#define FOUND_MAX ((size_t)1 << 16) /* claims that one search compares */
#define SCRATCH_MAX ((size_t)16 << 20)
#define CACHE_BITS 12
#define LENGTHS 4 /* bytes: of id and person, two each */
/* Names are put together again when one in so many came or went, and as many at least. */
#define TIES_SHARE 8
#define TIES_LEAST 64
#define RECORDS_MAX (UINT32_C(1) << 30)

static bool no_memory(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no memory for so many records in the index");
}

/* --- ids
 * ----------------------------------------------------------------------------------------- */

static struct str letters_of(const struct match_index *index, uint32_t record, struct str *person)
{
	const uint8_t *at = index->letters + index->id_at[record];
	size_t n = (size_t)at[0] | (size_t)at[1] << 8, m = (size_t)at[2] | (size_t)at[3] << 8;
	*person = str_from_bytes(at + LENGTHS + n, m);
	return str_from_bytes(at + LENGTHS, n);
}

struct str index_id(const struct match_index *index, uint32_t record)
{
	struct str person;
	return letters_of(index, record, &person);
}

struct str index_person(const struct match_index *index, uint32_t record)
{
	struct str person;
	(void)letters_of(index, record, &person);
	return person;
}

uint64_t index_id_hash(const struct match_index *index, struct str id)
{
	return dictionary_hash(id, index->match->limits.seed);
}

bool index_find(const struct match_index *index, struct str id, uint32_t *record)
{
	uint32_t one;
	struct posting_list list =
		postings_find(&index->postings, index_key_of_id(index, id), &one);
	for (uint32_t i = 0; i < list.count; i++) {
		*record = list.records[i];
		if (str_eq(index_id(index, list.records[i]), id))
			return true;
	}
	return false;
}

void index_letters_put(struct match_index *index, uint32_t record, struct str id, struct str person)
{
	uint8_t *at = index->letters + index->letter_count;
	index->id_at[record] = (uint32_t)index->letter_count;
	at[0] = (uint8_t)(id.n & 0xFF);
	at[1] = (uint8_t)(id.n >> 8);
	at[2] = (uint8_t)(person.n & 0xFF);
	at[3] = (uint8_t)(person.n >> 8);
	memcpy(at + LENGTHS, id.p, id.n);
	if (person.n)
		memcpy(at + LENGTHS + id.n, person.p, person.n);
	index->letter_count += LENGTHS + id.n + person.n;
}

static size_t letters_taken(const struct match_index *index, uint32_t record)
{
	struct str person, id = letters_of(index, record, &person);
	return LENGTHS + id.n + person.n;
}

/* Without those that went, when they are half of all. Later is early enough where there is no
 * memory for it. */
static void close_up(struct match_index *index)
{
	size_t room = index->letter_count - index->letters_gone;
	if (index->letters_gone < room + ((size_t)1 << 16))
		return;
	uint8_t *letters = pool_take(index->match->pool, room, 1);
	if (!letters)
		return;
	size_t count = 1;
	for (uint32_t i = 0; i < index->high; i++) {
		if (!index->id_at[i])
			continue;
		size_t n = letters_taken(index, i);
		memcpy(letters + count, index->letters + index->id_at[i], n);
		index->id_at[i] = (uint32_t)count;
		count += n;
	}
	pool_give(index->match->pool, index->letters);
	index->letters = letters;
	index->letter_count = count;
	index->letter_room = room;
	index->letters_gone = 0;
}

bool index_letters_grow(struct match_index *index, size_t more)
{
	size_t needed = index->letter_count + more;
	if (needed <= index->letter_room)
		return true;
	size_t room = needed + needed / 16 + 4096;
	uint8_t *grown =
		needed < UINT32_MAX ? pool_grow(index->match->pool, index->letters, room, 1) : NULL;
	if (!grown)
		return false;
	index->letters = grown;
	index->letter_room = room;
	return true;
}

bool index_records_grow(struct match_index *index, uint32_t more)
{
	struct claims *claims = &index->match->claims;
	uint64_t needed = (uint64_t)index->high + more, room = needed + needed / 16 + 256;
	if (needed <= index->room)
		return true;
	if (room > RECORDS_MAX)
		return false;
	struct claim *grown = pool_grow(claims->pool, claims->claims, (size_t)room, sizeof *grown);
	if (!grown)
		return false;
	claims->claims = grown;
	uint32_t *id_at = pool_grow(claims->pool, index->id_at, (size_t)room, sizeof *index->id_at);
	if (!id_at)
		return false;
	index->id_at = id_at;
	uint8_t *seen = pool_grow(claims->pool, index->seen, (size_t)room / 8 + 1, 1);
	if (!seen)
		return false;
	index->seen = seen;
	index->room = (uint32_t)room;
	return true;
}

/* --- opening
 * --------------------------------------------------------------------------------------- */

/* What a bulk run needs and an index does not. */
static void give_unused(struct match_index *index)
{
	struct claims *claims = &index->match->claims;
	struct value_set *const UNCOUNTED[] = { &claims->names,    &claims->middles,
		                                &claims->nhs,      &claims->upns,
		                                &claims->agencies, &claims->others[0],
		                                &claims->others[1] };
	for (size_t i = 0; i < COUNT_OF(UNCOUNTED); i++) {
		pool_give(claims->pool, UNCOUNTED[i]->counts);
		UNCOUNTED[i]->counts = NULL;
	}
	pool_give(claims->pool, claims->ranks);
	pool_give(claims->pool, claims->by_rank);
	pool_give(claims->pool, claims->id_letters);
	pool_give(claims->pool, claims->id_ends);
	claims->ranks = claims->by_rank = NULL;
	claims->id_letters = NULL;
	claims->id_ends = NULL;
}

/* All claims that were read, into ids and lists. */
static bool take_claims(struct match_index *index)
{
	const struct claims *claims = &index->match->claims;
	if (!index_letters_grow(index, claims->id_bytes + (size_t)claims->count * LENGTHS + 1) ||
	    !index_records_grow(index, claims->count) || !index_counts_all(index))
		return false;
	for (uint32_t i = 0; i < claims->count; i++) {
		index_letters_put(index, i, claims_id(claims, i), STR(""));
		if (!index_lists_add(index, i))
			return false;
		index->high = i + 1;
	}
	return true;
}

static bool take_scorer(struct match_index *index, struct err *err)
{
	struct match *match = index->match;
	model_start(&match->model, &match->claims);
	if (!match_take_given(match))
		return err_set(err, ERR_INPUT,
		               "%.*s: a model for an index has chances, as candour link "
		               "--save-model writes them",
		               STR_ARG(index->model_name));
	model_keep_clamps(&match->model);
	rules_choose(&match->rules, &match->claims, RULES_AUTO);
	if (match->given->rules.count)
		match->rules = match->given->rules;
	match->scorer = (struct scorer){ .claims = &match->claims,
		                         .model = &match->model,
		                         .names = &match->full_names,
		                         .has_frequency = true,
		                         .has_rules = true };
	return true;
}

static bool take_parts(struct match_index *index)
{
	struct pool *pool = index->match->pool;
	index->value = pool_take(pool, 1, sizeof *index->value);
	index->found = pool_take(pool, FOUND_MAX, sizeof *index->found);
	index->letter_count = 1;
	return index->value && index->found && postings_init(&index->postings, pool) &&
	       compare_cache_init_bits(&index->cache, pool, CACHE_BITS) &&
	       index_counts_begin(index);
}

/* With the claims of a file, or with none. */
static bool begin(struct match_index *index, struct str name, struct str text, struct err *err)
{
	if (!match_open(&index->limits, &index->match, err))
		return false;
	struct match *match = index->match;
	if (!match_use_model(match, index->model_name, index->model_text, err))
		return false;
	index->hot = match->claims.limits.hot;
	index->max_block = match->limits.max_block;
	match->claims.limits.hot = UINT32_MAX; /* marked here, and not dropped */
	if (text.p && !match_add(match, name, text, err))
		return false;
	if (!claims_prepare(&match->claims))
		return no_memory(err);
	for (size_t i = 0; i < FIELD_COUNT; i++)
		match->claims.has[i] = true;
	if (!take_scorer(index, err))
		return false;
	index_rules_set(index, &match->rules);
	index_ready_all(index);
	if (!take_parts(index) || !take_claims(index) || !index_ties_make(index) ||
	    !index_rooms_make(index))
		return no_memory(err);
	give_unused(index);
	return true;
}

static void finish(struct match_index *index)
{
	struct pool *pool = index->match ? index->match->pool : NULL;
	if (!pool)
		return;
	void *pieces[] = { index->value, index->found, index->letters,
		           index->id_at, index->seen,  index->dates.by_count };
	compare_cache_finish(&index->cache, pool);
	postings_finish(&index->postings);
	for (size_t i = 0; i < COUNT_OF(pieces); i++)
		pool_give(pool, pieces[i]);
	match_close(index->match);
	*index = (struct match_index){ .limits = index->limits,
		                       .arena = index->arena,
		                       .model_name = index->model_name,
		                       .model_text = index->model_text,
		                       .scratch = index->scratch };
}

bool match_index_open(const struct match_limits *limits, struct str name, struct str model,
                      struct match_index **out, struct err *err)
{
	struct match_index *index = calloc(1, sizeof *index);
	*out = index;
	if (!index)
		return no_memory(err);
	index->limits = *limits;
	index->limits.wipes = true;
	index->arena = arena_create((size_t)16 << 20);
	index->scratch = arena_create_wiping(SCRATCH_MAX);
	if (index->arena && index->scratch) {
		index->model_name = arena_copy(index->arena, name);
		index->model_text = arena_copy(index->arena, model);
	}
	bool done = index->model_name.p && index->model_text.p ? begin(index, name, STR_NONE, err)
	                                                       : no_memory(err);
	if (!done) {
		match_index_close(index);
		*out = NULL;
	}
	return done;
}

bool match_index_fill(struct match_index *index, struct str name, struct str text, struct err *err)
{
	if (index->was_used)
		return err_set(err, ERR_USAGE, "An index is filled before anything is put into it");
	finish(index);
	index->was_used = true;
	return begin(index, name, text.p ? text : STR(""), err);
}

void match_index_close(struct match_index *index)
{
	if (!index)
		return;
	finish(index);
	arena_destroy(index->arena);
	arena_destroy(index->scratch);
	free(index);
}

size_t match_index_count(const struct match_index *index)
{
	return index->match->claims.count;
}

size_t match_index_bytes(const struct match_index *index)
{
	return pool_used(index->match->pool) + arena_used(index->match->claims.names_arenas[0]) +
	       arena_used(index->match->arena) + arena_used(index->arena) + sizeof *index;
}

/* --- in and out
 * ------------------------------------------------------------------------------------ */

bool match_index_columns(const struct match_index *index, const struct str *headers, size_t count,
                         struct match_columns *out, struct err *err)
{
	*out = (struct match_columns){ .count = count };
	if (count > MATCH_COLUMNS_MAX)
		return err_set(err, ERR_INPUT, "%d columns are read at most", MATCH_COLUMNS_MAX);
	for (size_t i = 0; i < count; i++) {
		const struct model_column *given = match_column_given(index->match, headers[i]);
		enum field field = given ? given->field : field_of_header(headers[i]);
		if (field == FIELD_NONE && !given)
			field = header_field(headers[i]);
		out->is_month_first = out->is_month_first || (given && given->field == FIELD_DOB &&
		                                              given->order == MODEL_ORDER_MDY);
		if (field == FIELD_REFUSED)
			return err_set(err, ERR_INPUT, "Column %zu: nobody is matched by it",
			               i + 1);
		if (field == FIELD_NONE || field == FIELD_ID)
			return err_set(err, ERR_INPUT, "Column %zu: nothing is known by that name",
			               i + 1);
		out->fields[i] = field;
	}
	return true;
}

/* Nothing can fail any more. */
static void take_out(struct match_index *index, uint32_t record)
{
	struct claim *claim = &index->match->claims.claims[record];
	index_counts_add(index, record, -1);
	index_lists_remove(index, record);
	size_t gone = letters_taken(index, record);
	index->letters_gone += gone;
	base_wipe(index->letters + index->id_at[record] + LENGTHS, gone - LENGTHS);
	index->id_at[record] = 0;
	*claim = (struct claim){ .first = index->free };
	index->free = record + 1;
	close_up(index);
}

static uint32_t next_record(struct match_index *index)
{
	if (!index->free)
		return index->high++;
	uint32_t record = index->free - 1;
	index->free = index->match->claims.claims[record].first;
	return record;
}

static void give_record(struct match_index *index, uint32_t record)
{
	index->id_at[record] = 0;
	index->match->claims.claims[record] = (struct claim){ .first = index->free };
	index->free = record + 1;
}

static bool check_claim(const struct match_claim *claim, struct err *err)
{
	if (!claim->id.n)
		return err_set(err, ERR_INPUT, "A claim has an id");
	return (claim->id.n <= UINT16_MAX && claim->person.n <= UINT16_MAX) ||
	       err_set(err, ERR_INPUT, "The id of a claim, or of a person, is too long");
}

bool match_index_put(struct match_index *index, const struct match_columns *columns,
                     const struct match_claim *claim, struct err *err)
{
	struct claim made;
	uint32_t before;
	if (!check_claim(claim, err))
		return false;
	index->was_used = true;
	if (!index_rooms_make(index) ||
	    !index_read(index, columns, claim->cells, INDEX_KEPT, &made) ||
	    !index_rooms_make(index) || !index_counts_make(index, &made) ||
	    !index_records_grow(index, 1) ||
	    !index_letters_grow(index, LENGTHS + claim->id.n + claim->person.n))
		return no_memory(err);
	bool is_there = index_find(index, claim->id, &before);
	size_t letters = index->letter_count;
	uint32_t record = next_record(index);
	index->match->claims.claims[record] = made;
	index_letters_put(index, record, claim->id, claim->person);
	if (!index_lists_add(index, record)) {
		index->letter_count = letters;
		give_record(index, record);
		return no_memory(err);
	}
	index_counts_add(index, record, 1);
	if (is_there)
		take_out(index, before);
	/* Where there is no memory for it, what was known before does for as long again. */
	if (index->changed >= index->match->claims.count / TIES_SHARE + TIES_LEAST &&
	    !index_ties_make(index))
		index->changed = 0;
	return true;
}

bool match_index_settle(struct match_index *index, struct err *err)
{
	return index_ties_make(index) || no_memory(err);
}

bool match_index_remove(struct match_index *index, struct str id, struct err *err)
{
	uint32_t record;
	if (!index_find(index, id, &record))
		return err_set(err, ERR_ABSENT, "There is no record %.*s", STR_ARG(id));
	take_out(index, record);
	return true;
}
