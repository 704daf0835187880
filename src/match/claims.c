/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Each field by one thread, over its distinct texts; then the rows, cut into
 * ranges. What is a distinct text of a column (raw) becomes a code of a value.
 */
#include "match/claims.h"

#include <stdio.h>
#include <stdlib.h>

#include "match/date.h"
#include "match/number.h"
#include "match/place.h"
#include "match/sound.h"
#include "match/text.h"
#include "match/work.h"

#define RANGE ((size_t)1 << 14) /* rows */

/* What the raw texts of one column became: up to two codes each. */
struct mapping {
	uint32_t *code[2];
};

struct making {
	struct claims *claims;
	const struct table *table;
	const struct claims_limits *limits;
	struct mapping *mappings; /* by source */
	uint32_t from;            /* of the table's first claim */
	bool is_second;
};

/* --- one distinct text each ------------------------------------------------------------------- */

typedef bool map_text(struct making *making, struct str text, uint32_t out[2]);

static bool code_of(uint32_t code, uint32_t *out)
{
	*out = code;
	return code != UINT32_MAX;
}

static bool map_name(struct making *making, struct str text, uint32_t out[2])
{
	struct norm_text name;
	norm_name(text, &name);
	struct str folded = { name.bytes, name.n };
	return norm_is_no_name(folded) ||
	       code_of(dictionary_put_copy(&making->claims->names.texts, folded), &out[0]);
}

static bool map_full(struct making *making, struct str text, uint32_t out[2])
{
	struct norm_text first, surname;
	struct dictionary *names = &making->claims->names.texts;
	norm_full_name(text, &first, &surname);
	return code_of(dictionary_put_copy(names, (struct str){ first.bytes, first.n }), &out[0]) &&
	       code_of(dictionary_put_copy(names, (struct str){ surname.bytes, surname.n }),
	               &out[1]);
}

static bool map_middle(struct making *making, struct str text, uint32_t out[2])
{
	struct norm_text name;
	norm_name(text, &name);
	return code_of(dictionary_put_copy(&making->claims->middles.texts,
	                                   (struct str){ name.bytes, name.n }),
	               &out[0]);
}

static bool map_sex(struct making *making, struct str text, uint32_t out[2])
{
	(void)making;
	out[0] = (uint32_t)norm_sex(text);
	return true;
}

static bool map_postcode(struct making *making, struct str text, uint32_t out[2])
{
	struct norm_postcode postcode;
	char whole[16];
	if (!norm_postcode(text, &postcode) || postcode.is_nowhere)
		return true;
	int n = snprintf(whole, sizeof whole, "%s%s%s", postcode.out, postcode.in[0] ? "" : "-",
	                 postcode.in);
	return code_of(dictionary_put_copy(&making->claims->postcodes.texts,
	                                   (struct str){ whole, (size_t)n }),
	               &out[0]);
}

/* Number and street, and the street. */
static bool map_address(struct making *making, struct str text, uint32_t out[2])
{
	struct norm_text bytes;
	struct norm_address address;
	struct claims *claims = making->claims;
	char house[2 * NORM_ROOM + 2];
	norm_address(text, &bytes, &address);
	if (!code_of(dictionary_put_copy(&claims->streets.texts, address.street), &out[1]))
		return false;
	size_t n = 0;
	if (address.number.n && address.street.n) {
		memcpy(house, address.number.p, address.number.n);
		n = address.number.n;
		house[n++] = CLAIM_HOUSE_SEPARATOR;
		memcpy(house + n, address.street.p, address.street.n);
		n += address.street.n;
	}
	return code_of(dictionary_put_copy(&claims->houses.texts, (struct str){ house, n }),
	               &out[0]);
}

static bool map_phone(struct making *making, struct str text, uint32_t out[2])
{
	char phone[16];
	return !norm_phone(text, phone) ||
	       code_of(dictionary_put_copy(&making->claims->phones.texts, str_from_c(phone)),
	               &out[0]);
}

static bool map_email(struct making *making, struct str text, uint32_t out[2])
{
	struct norm_text folded;
	size_t n = 0;
	/* As it is, in small letters: its marks tell apart. */
	for (size_t i = 0; i < text.n && n < NORM_ROOM; i++) {
		char c = text.p[i];
		if (c != ' ')
			folded.bytes[n++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	return code_of(
		dictionary_put_copy(&making->claims->emails.texts, (struct str){ folded.bytes, n }),
		&out[0]);
}

static bool map_nhs(struct making *making, struct str text, uint32_t out[2])
{
	uint64_t digits;
	bool is_valid;
	char all[16];
	if (!norm_nhs(text, &digits, &is_valid))
		return true;
	int n = snprintf(all, sizeof all, "%010llu%s", (unsigned long long)digits,
	                 is_valid ? "" : "!");
	return code_of(
		dictionary_put_copy(&making->claims->nhs.texts, (struct str){ all, (size_t)n }),
		&out[0]);
}

static bool map_upn(struct making *making, struct str text, uint32_t out[2])
{
	char upn[14], all[18];
	bool is_valid, is_temporary;
	if (!norm_upn(text, upn, &is_valid, &is_temporary))
		return true;
	int n = snprintf(all, sizeof all, "%s%s%s", upn, is_valid ? "" : "!",
	                 is_temporary ? "~" : "");
	return code_of(
		dictionary_put_copy(&making->claims->upns.texts, (struct str){ all, (size_t)n }),
		&out[0]);
}

static bool map_agency(struct making *making, struct str text, uint32_t out[2])
{
	struct norm_text folded;
	norm_fold(text, &folded);
	bool done = code_of(dictionary_put_copy(&making->claims->agencies.texts,
	                                        (struct str){ folded.bytes, folded.n }),
	                    out);
	out[0] = out[0] < UINT8_MAX ? out[0] : UINT8_MAX;
	return done;
}

static bool map_other(struct making *making, struct value_set *set, struct str text, uint32_t *out)
{
	struct norm_text folded;
	(void)making;
	norm_fold(text, &folded);
	return code_of(dictionary_put_copy(&set->texts, (struct str){ folded.bytes, folded.n }),
	               out);
}

static bool map_date(struct making *making, enum norm_order order, struct str text, uint32_t out[2])
{
	struct norm_date date;
	char all[16];
	if (!norm_date(text, order, making->limits->this_year, &date))
		return true;
	int n = snprintf(all, sizeof all, "%04d%02u%02u%u", date.year, date.month, date.day,
	                 date.sure);
	return code_of(
		dictionary_put_copy(&making->claims->dates.texts, (struct str){ all, (size_t)n }),
		&out[0]);
}

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

static map_text *map_for(enum field field)
{
	switch ((int)field) {
	case FIELD_FIRST:
	case FIELD_SURNAME:
		return map_name;
	case FIELD_FULL:
		return map_full;
	case FIELD_MIDDLE:
		return map_middle;
	case FIELD_SEX:
		return map_sex;
	case FIELD_POSTCODE:
		return map_postcode;
	case FIELD_ADDRESS:
		return map_address;
	case FIELD_PHONE:
		return map_phone;
	case FIELD_EMAIL:
		return map_email;
	case FIELD_NHS:
		return map_nhs;
	case FIELD_UPN:
		return map_upn;
	case FIELD_AGENCY:
		return map_agency;
	default:
		return NULL;
	}
}

static bool is_other(enum field field)
{
	return field >= FIELD_OTHER && field < FIELD_OTHER + FIELD_OTHERS;
}

static bool map_source(struct making *making, size_t number)
{
	const struct table_source *source = &making->table->sources[number];
	struct mapping *mapping = &making->mappings[number];
	const struct dictionary *raw = &source->raw;
	map_text *map = map_for(source->field);
	enum norm_order order = source->field == FIELD_DOB ? order_of(raw) : NORM_DMY;
	size_t codes = source->field == FIELD_ADDRESS || source->field == FIELD_FULL ? 2 : 1;
	for (size_t k = 0; k < codes; k++) {
		mapping->code[k] = pool_take(making->claims->pool, raw->count, sizeof(uint32_t));
		if (!mapping->code[k])
			return false;
	}
	for (uint32_t code = 1; code < raw->count; code++) {
		uint32_t out[2] = { 0 };
		struct str text = dictionary_text(raw, code);
		bool done =
			source->field == FIELD_DOB ? map_date(making, order, text, out)
			: is_other(source->field)
				? map_other(making,
		                            &making->claims->others[source->field - FIELD_OTHER],
		                            text, out)
				: map(making, text, out);
		if (!done)
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

static void set_phone(struct claim *claim, uint32_t code)
{
	for (size_t i = 0; code && i < CLAIM_PHONES; i++) {
		if (claim->phone[i] == code)
			return;
		if (!claim->phone[i]) {
			claim->phone[i] = code;
			return;
		}
	}
}

static void set_field(struct claim *claim, enum field field, const struct mapping *mapping,
                      uint32_t raw)
{
	uint32_t code = mapping->code[0][raw];
	switch ((int)field) {
	case FIELD_FIRST:
		claim->first = claim->first ? claim->first : code;
		break;
	case FIELD_SURNAME:
		claim->surname = claim->surname ? claim->surname : code;
		break;
	case FIELD_FULL:
		claim->first = claim->first ? claim->first : code;
		claim->surname = claim->surname ? claim->surname : mapping->code[1][raw];
		break;
	case FIELD_MIDDLE:
		claim->middle = code;
		break;
	case FIELD_DOB:
		claim->dob = code;
		break;
	case FIELD_SEX:
		claim->sex = (uint8_t)code;
		break;
	case FIELD_POSTCODE:
		claim->postcode = code;
		break;
	case FIELD_ADDRESS:
		claim->house = code;
		claim->street = mapping->code[1][raw];
		break;
	case FIELD_PHONE:
		set_phone(claim, code);
		break;
	case FIELD_EMAIL:
		claim->email = code;
		break;
	case FIELD_NHS:
		claim->nhs = code;
		break;
	case FIELD_UPN:
		claim->upn = code;
		break;
	case FIELD_AGENCY:
		claim->agency = (uint8_t)code;
		break;
	default:
		if (is_other(field))
			claim->other[field - FIELD_OTHER] = code;
	}
}

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
			if (source->field != FIELD_ID)
				set_field(claim, source->field, &making->mappings[s],
				          source->codes[i]);
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
		for (size_t k = 0; k < 2; k++)
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
	claims->file_count++;
	return true;
}
