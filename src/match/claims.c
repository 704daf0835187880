/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Each field by one thread, over its distinct texts; then the rows, cut into
 * ranges. What is a distinct text of a column (raw) becomes a code of a value.
 */
#include "match/claims.h"

#include "match/value.h"
#include "match/work.h"

#define RANGE ((size_t)1 << 14) /* rows */

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

static enum norm_order order_of(const struct dictionary *raw)
{
	bool can_dmy = true, can_mdy = true;
	for (uint32_t code = 1; code < raw->count; code++) {
		bool dmy, mdy;
		if (norm_date_orders(dictionary_text(raw, code), &dmy, &mdy)) {
			can_dmy = can_dmy && dmy;
			can_mdy = can_mdy && mdy;
		}
	}
	return can_mdy && !can_dmy ? NORM_MDY : NORM_DMY;
}

/* The codes of one value. */
static bool put_value(struct making *making, enum field field, const struct value *value,
                      uint32_t out[VALUE_TEXTS])
{
	for (size_t k = 0; k < value_texts(field); k++) {
		struct value_set *set = value_set_of(making->claims, field, k);
		out[k] = set ? dictionary_put_copy(&set->texts, value->texts[k]) : value->number;
		if (out[k] == UINT32_MAX)
			return false;
	}
	if (field == FIELD_AGENCY)
		out[0] = out[0] < UINT8_MAX ? out[0] : UINT8_MAX;
	return true;
}

static bool map_source(struct making *making, size_t number)
{
	const struct table_source *source = &making->table->sources[number];
	struct mapping *mapping = &making->mappings[number];
	const struct dictionary *raw = &source->raw;
	struct value_how how = { .order = source->has_order            ? source->order
		                          : source->field == FIELD_DOB ? order_of(raw)
		                                                       : NORM_DMY,
		                 .this_year = making->limits->this_year };
	size_t codes = value_texts(source->field);
	struct value value;
	for (size_t k = 0; k < codes; k++) {
		mapping->code[k] = pool_take(making->claims->pool, raw->count, sizeof(uint32_t));
		if (!mapping->code[k])
			return false;
	}
	for (uint32_t code = 1; code < raw->count; code++) {
		uint32_t out[VALUE_TEXTS] = { 0 };
		value_make(source->field, &how, dictionary_text(raw, code), &value);
		if (!put_value(making, source->field, &value, out))
			return false;
		for (size_t k = 0; k < codes; k++)
			mapping->code[k][code] = out[k];
	}
	return true;
}

static bool is_name(enum field field)
{
	return field == FIELD_FIRST || field == FIELD_SURNAME || field == FIELD_FULL;
}

/* All columns of one field by one thread, so that its codes come in one order. */
static bool map_field(void *ctx, size_t part, unsigned thread)
{
	struct making *making = ctx;
	(void)thread;
	for (size_t s = 0; s < making->table->source_count; s++) {
		enum field field = making->table->sources[s].field;
		bool is_mine = is_name(field) ? part == FIELD_FIRST : (size_t)field == part;
		if (is_mine && !map_source(making, s))
			return false;
	}
	return true;
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
	bool done = begin(&making) &&
	            work_share(claims->limits.threads, FIELD_COUNT, map_field, &making) &&
	            fill(&making);
	end(&making);
	if (!done)
		return no_memory(err);
	claims->first_count = making.is_second ? claims->first_count : table->count;
	claims->count += table->count;
	claims->high = claims->count;
	claims->file_count++;
	return true;
}
