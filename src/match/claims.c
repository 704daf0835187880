/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Each field over its distinct texts; then the rows, cut into ranges. What is a distinct text of a
 * column (raw) becomes a code of a value.
 */
#include "match/claims.h"

#include "match/date_order.h"
#include "match/value.h"
#include "match/work.h"

#define RANGE ((size_t)1 << 14) /* rows */
#define LETTERS_MAX ((size_t)1 << 30)

/* What the raw texts of one column became: up to two codes each. */
struct mapping {
	uint32_t *code[VALUE_TEXTS];
};

struct making {
	struct claims *claims;
	const struct table *table;
	const struct claims_limits *limits;
	struct mapping *mappings; /* by source */
	uint32_t from;            /* of the table's first claim */
	bool is_second;
};

/* --- columns ------------------------------------------------------------------------------------
 */

static bool is_name(enum field field)
{
	return field == FIELD_FIRST || field == FIELD_SURNAME || field == FIELD_FULL;
}

/* A field of its own dictionary: all its columns come one after the other, so that its codes come
 * in one order. Names are one. */
static bool is_of(enum field field, size_t group)
{
	return is_name(field) ? group == FIELD_FIRST : (size_t)field == group;
}

#define GROUPS ((size_t)FIELD_COUNT)
#define STREETS GROUPS /* the second texts of addresses, which have a dictionary of their own */
#define WAVE 16384     /* texts of a field, of all fields at a time */
#define PIECE 1024     /* texts that one thread normalises at a time */

/* Texts of one column that are normalised, and have no codes yet. */
struct wave {
	size_t source;
	uint32_t from, to; /* raw codes */
	struct value_how how;
	struct made {
		struct str texts[VALUE_TEXTS];
		uint32_t number;
	} * made;
};

struct waving {
	struct making *making;
	struct wave waves[GROUPS];
	struct arena **letters; /* by thread, until the next wave */
};

static bool begin_source(struct making *making, struct wave *wave)
{
	const struct table_source *source = &making->table->sources[wave->source];
	wave->from = wave->to = 1;
	wave->how.this_year = making->limits->this_year;
	wave->how.order = source->has_order            ? source->order
	                  : source->field == FIELD_DOB ? date_order_of(&source->raw).order
	                                               : NORM_DMY;
	for (size_t k = 0; k < value_texts(source->field); k++) {
		uint32_t **codes = &making->mappings[wave->source].code[k];
		*codes = pool_take(making->claims->pool, source->raw.count, sizeof **codes);
		if (!*codes)
			return false;
	}
	return true;
}

/* The next texts of the field; *is_any where there are some. */
static bool next_wave(struct making *making, struct wave *wave, size_t group, bool *is_any)
{
	const struct table *table = making->table;
	wave->from = wave->to;
	while (wave->source < table->source_count) {
		const struct table_source *source = &table->sources[wave->source];
		if (is_of(source->field, group)) {
			if (wave->to == 0 && !begin_source(making, wave))
				return false;
			uint32_t left = source->raw.count - wave->from;
			wave->to = wave->from + (left < WAVE ? left : WAVE);
			*is_any = *is_any || left;
			if (left)
				return true;
		}
		wave->source++;
		wave->from = wave->to = 0;
	}
	return true;
}

static bool keep_letters(struct arena *arena, struct str *text)
{
	char *room = text->n ? arena_room(arena, text->n) : NULL;
	if (room) {
		memcpy(room, text->p, text->n);
		text->p = room;
	}
	return room || !text->n;
}

static bool normalise_piece(void *ctx, size_t part, unsigned thread)
{
	struct waving *waving = ctx;
	struct wave *wave = &waving->waves[part / (WAVE / PIECE)];
	uint32_t from = wave->from + (uint32_t)(part % (WAVE / PIECE)) * PIECE,
		 to = from + PIECE < wave->to ? from + PIECE : wave->to;
	struct value value;
	for (uint32_t code = from; code < to; code++) {
		const struct table_source *source = &waving->making->table->sources[wave->source];
		struct made *made = &wave->made[code - wave->from];
		value_make(source->field, &wave->how, dictionary_text(&source->raw, code), &value);
		made->number = value.number;
		for (size_t k = 0; k < VALUE_TEXTS; k++) {
			made->texts[k] = value.texts[k];
			if (!keep_letters(waving->letters[thread], &made->texts[k]))
				return false;
		}
	}
	return true;
}

/* The codes of some texts that stand in one set. */
struct putting {
	struct value_set *set;
	struct dictionary_put puts[DICTIONARY_PUTS];
	uint32_t *to[DICTIONARY_PUTS];
	size_t count;
};

static bool put_some(struct putting *putting)
{
	bool done = true;
	dictionary_put_some(&putting->set->texts, putting->puts, putting->count);
	for (size_t i = 0; i < putting->count; i++) {
		done = done && putting->puts[i].code != UINT32_MAX;
		*putting->to[i] = putting->puts[i].code;
	}
	putting->count = 0;
	return done;
}

static bool put_text(struct putting *putting, struct str text, uint32_t *to)
{
	putting->puts[putting->count] = (struct dictionary_put){ .text = text, .is_copied = true };
	putting->to[putting->count++] = to;
	return putting->count < DICTIONARY_PUTS || put_some(putting);
}

/* Those of the texts `first` to `last` of each value. */
static bool put_wave(struct making *making, const struct wave *wave, size_t first, size_t last)
{
	enum field field = making->table->sources[wave->source].field;
	uint32_t *const *codes = making->mappings[wave->source].code;
	struct putting putting = { .set = value_set_of(making->claims, field, first) };
	for (uint32_t code = wave->from; code < wave->to; code++) {
		const struct made *made = &wave->made[code - wave->from];
		for (size_t k = first; k <= last; k++) {
			if (!putting.set)
				codes[k][code] = made->number;
			else if (!put_text(&putting, made->texts[k], &codes[k][code]))
				return false;
		}
	}
	if (putting.set && !put_some(&putting))
		return false;
	for (uint32_t code = wave->from; field == FIELD_AGENCY && code < wave->to; code++)
		codes[0][code] = codes[0][code] < UINT8_MAX ? codes[0][code] : UINT8_MAX;
	return true;
}

static bool put_group(void *ctx, size_t part, unsigned thread)
{
	struct waving *waving = ctx;
	size_t group = part == STREETS ? FIELD_ADDRESS : part;
	const struct wave *wave = &waving->waves[group];
	(void)thread;
	if (wave->from == wave->to)
		return true;
	/* A full name's two halves are of one set. */
	enum field field = waving->making->table->sources[wave->source].field;
	size_t last = part == STREETS || field == FIELD_FULL ? 1 : 0;
	return put_wave(waving->making, wave, part == STREETS, last);
}

static bool map_wave(struct waving *waving, bool *is_any)
{
	struct making *making = waving->making;
	unsigned threads = making->limits->threads;
	*is_any = false;
	for (size_t group = 0; group < GROUPS; group++) {
		if (!next_wave(making, &waving->waves[group], group, is_any))
			return false;
	}
	for (unsigned i = 0; i < threads; i++)
		arena_reset(waving->letters[i]);
	return !*is_any || (work_share(threads, GROUPS * (WAVE / PIECE), normalise_piece, waving) &&
	                    work_share(threads, GROUPS + 1, put_group, waving));
}

static bool take_waving(struct waving *waving, unsigned threads)
{
	struct pool *pool = waving->making->claims->pool;
	waving->letters = pool_take(pool, threads, sizeof *waving->letters);
	if (!waving->letters)
		return false;
	for (unsigned i = 0; i < threads; i++) {
		waving->letters[i] = pool_wipes(pool) ? arena_create_wiping(LETTERS_MAX)
		                                      : arena_create(LETTERS_MAX);
		if (!waving->letters[i])
			return false;
	}
	for (size_t group = 0; group < GROUPS; group++) {
		waving->waves[group].made = pool_take(pool, WAVE, sizeof(struct made));
		if (!waving->waves[group].made)
			return false;
	}
	return true;
}

/* Threads first normalise texts, then each takes whole fields and looks them up in the order of
 * the columns. */
static bool map_sources(struct making *making)
{
	struct waving waving = { .making = making };
	struct pool *pool = making->claims->pool;
	unsigned threads = making->limits->threads;
	bool is_any = true, done = take_waving(&waving, threads);
	while (done && is_any)
		done = map_wave(&waving, &is_any);
	for (unsigned i = 0; waving.letters && i < threads; i++)
		arena_destroy(waving.letters[i]);
	for (size_t group = 0; group < GROUPS; group++)
		pool_give(pool, waving.waves[group].made);
	pool_give(pool, waving.letters);
	return done;
}

/* --- rows
 * ----------------------------------------------------------------------------------------- */

static bool fill_range(void *ctx, size_t part, unsigned thread)
{
	const struct making *making = ctx;
	const struct table *table = making->table;
	size_t end = (part + 1) * RANGE < table->count ? (part + 1) * RANGE : table->count;
	(void)thread;
	for (size_t i = part * RANGE; i < end; i++) {
		struct claim *claim = &making->claims->claims[making->from + i];
		claim->flags = making->is_second ? CLAIM_SECOND : 0;
		for (size_t s = 0; s < table->source_count; s++) {
			const struct table_source *source = &table->sources[s];
			const struct mapping *mapping = &making->mappings[s];
			uint32_t raw = source->codes ? source->codes[i] : 0;
			if (source->field != FIELD_ID)
				value_keep(claim, source->field, mapping->code[0][raw],
				           mapping->code[1] ? mapping->code[1][raw] : 0);
		}
	}
	return true;
}

static bool fill(struct making *making)
{
	return work_share(making->limits->threads, (making->table->count + RANGE - 1) / RANGE,
	                  fill_range, making);
}

/* --- ids
 * --------------------------------------------------------------------------------------------- */

static bool keep_ids(struct claims *claims, const struct table *table)
{
	size_t bytes = claims->id_bytes;
	for (uint32_t i = 0; i < table->count; i++)
		bytes += table->ids[i].n;
	char *letters = pool_grow(claims->pool, claims->id_letters, bytes, 1);
	if (!letters)
		return false;
	claims->id_letters = letters;
	uint64_t *ends = pool_grow(claims->pool, claims->id_ends,
	                           (size_t)claims->count + table->count, sizeof *ends);
	if (!ends)
		return false;
	claims->id_ends = ends;
	for (uint32_t i = 0; i < table->count; i++) {
		memcpy(letters + claims->id_bytes, table->ids[i].p, table->ids[i].n);
		claims->id_bytes += table->ids[i].n;
		ends[claims->count + i] = claims->id_bytes;
	}
	return true;
}

struct str claims_id(const struct claims *claims, uint32_t claim)
{
	uint64_t from = claim ? claims->id_ends[claim - 1] : 0;
	return (struct str){ claims->id_letters + from, (size_t)(claims->id_ends[claim] - from) };
}

/* --- all
 * -----------------------------------------------------------------------------------------------
 */

static bool no_memory(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no memory for so many records");
}

bool claims_open(struct claims *claims, struct pool *pool, const struct claims_limits *limits,
                 struct err *err)
{
	*claims = (struct claims){ .pool = pool, .limits = *limits };
	struct value_set *sets[CLAIMS_SETS];
	claims_sets(claims, sets);
	for (size_t i = 0; i < CLAIMS_SETS; i++) {
		if (!dictionary_init(&sets[i]->texts, pool, limits->seed)) {
			claims_finish(claims);
			return no_memory(err);
		}
	}
	return true;
}

static bool begin(struct making *making)
{
	struct claims *claims = making->claims;
	const struct table *table = making->table;
	if (table->count > UINT32_MAX / 2 - claims->count)
		return false;
	making->mappings = pool_take(claims->pool, table->source_count, sizeof(struct mapping));
	struct claim *grown = pool_grow(claims->pool, claims->claims,
	                                (size_t)claims->count + table->count, sizeof *grown);
	if (!grown || !making->mappings)
		return false;
	claims->claims = grown;
	for (size_t s = 0; s < table->source_count; s++) {
		if (table->sources[s].field < FIELD_COUNT)
			claims->has[table->sources[s].field] = true;
		if (table->sources[s].field == FIELD_FULL)
			claims->has[FIELD_FIRST] = claims->has[FIELD_SURNAME] = true;
	}
	return keep_ids(claims, table);
}

static void end(struct making *making)
{
	for (size_t s = 0; making->mappings && s < making->table->source_count; s++) {
		for (size_t k = 0; k < VALUE_TEXTS; k++)
			pool_give(making->claims->pool, making->mappings[s].code[k]);
	}
	pool_give(making->claims->pool, making->mappings);
}

bool claims_add(struct claims *claims, const struct table *table, struct err *err)
{
	struct making making = { .claims = claims,
		                 .table = table,
		                 .limits = &claims->limits,
		                 .from = claims->count,
		                 .is_second = claims->file_count > 0 };
	bool done = begin(&making) && map_sources(&making) && fill(&making);
	end(&making);
	if (!done)
		return no_memory(err);
	claims->first_count = making.is_second ? claims->first_count : table->count;
	claims->count += table->count;
	claims->high = claims->count;
	claims->file_count++;
	return true;
}
