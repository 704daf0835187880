/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which entries are an office's: those that patterns about offices count. */
#include "casebook/chart.h"
#include "casebook/fold_parts.h"

#define OFFICES_MAX 64 /* that one entry is of; a pack's field holds fewer */

struct gathering {
	const struct fold *fold;
	int64_t *out;
	size_t max;
	size_t count;
};

static void gather(struct gathering *gathering, struct str id)
{
	const struct chart_office *office = chart_find(gathering->fold->chart, id);
	for (size_t i = 0; office && i < gathering->count; i++) {
		if (gathering->out[i] == office->file)
			return;
	}
	if (office && gathering->count < gathering->max)
		gathering->out[gathering->count++] = office->file;
}

/* One value of a field, or each of several. */
static void gather_named(struct gathering *gathering, const struct json *value)
{
	if (value && value->type == JSON_STRING)
		gather(gathering, value->string);
	if (!value || value->type != JSON_ARRAY)
		return;
	for (const struct json *one = value->first; one; one = one->next) {
		if (one->type == JSON_STRING)
			gather(gathering, one->string);
	}
}

size_t fold_offices_of(const struct fold *fold, const struct folding *entry, unsigned parts,
                       int64_t *out, size_t max)
{
	struct gathering gathering = { .fold = fold, .out = out, .max = max };
	const struct pack_kind *kind = entry->kind;
	if ((parts & PACK_MADE_IN) && entry->by == CASEBOOK_BY_OFFICE)
		gather(&gathering, entry->office);
	for (size_t i = 0; (parts & PACK_ASKED_OF) && kind && i < kind->field_count; i++) {
		if (kind->fields[i].type == PACK_OFFICE)
			gather_named(&gathering, json_member(entry->plain, kind->fields[i].name));
	}
	return gathering.count;
}

bool fold_office_entry(struct fold *fold, const struct folding *entry, struct err *err)
{
	static const char PUT_SQL[] =
		"INSERT INTO office_entry (kind, file, part, entry) VALUES (?1, ?2, ?3, ?4)";
	for (unsigned part = 1; entry->kind && part < 1u << PACK_OF_OFFICE_N; part <<= 1) {
		int64_t files[OFFICES_MAX];
		size_t count = 0;
		if (entry->kind->of_office & part)
			count = fold_offices_of(fold, entry, part, files, COUNT_OF(files));
		for (size_t i = 0; i < count; i++) {
			int64_t numbers[] = { files[i], part, entry->index };
			if (!fold_put(fold, PUT_SQL, &entry->kind_name, 1, numbers,
			              COUNT_OF(numbers), err))
				return false;
		}
	}
	return true;
}
