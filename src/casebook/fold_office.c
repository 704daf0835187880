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

/* Whose duty it is that is late now and was not before. */
static bool gather_late(struct gathering *gathering, const struct folding *entry, struct err *err)
{
	static const char OWNER_SQL[] = "SELECT office FROM duty WHERE id = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	int64_t id;
	if (!str_eq(entry->kind_name, STR("duty.climbed")) ||
	    !json_is_true(entry->plain, STR("first")) ||
	    !duty_name_read(json_text(entry->plain, STR("duty")), &id))
		return true;
	if (!store_prepare(gathering->fold->store, OWNER_SQL, &found, err))
		return false;
	store_bind_int(found, 1, id);
	enum store_step step = store_step(found, err);
	if (step == STORE_ROW)
		gather(gathering, store_str(found, 0));
	return step != STORE_FAILED;
}

bool fold_offices_of(const struct fold *fold, const struct folding *entry, unsigned parts,
                     int64_t *out, size_t max, size_t *count, struct err *err)
{
	struct gathering gathering = { .fold = fold, .out = out, .max = max };
	const struct pack_kind *kind = entry->kind;
	if ((parts & PACK_MADE_IN) && entry->by == CASEBOOK_BY_OFFICE)
		gather(&gathering, entry->office);
	for (size_t i = 0; (parts & PACK_ASKED_OF) && kind && i < kind->field_count; i++) {
		if (kind->fields[i].type == PACK_OFFICE)
			gather_named(&gathering, json_member(entry->plain, kind->fields[i].name));
	}
	if ((parts & PACK_LATE_IN) && !gather_late(&gathering, entry, err))
		return false;
	*count = gathering.count;
	return true;
}

bool fold_office_entry(struct fold *fold, const struct folding *entry, struct err *err)
{
	static const char PUT_SQL[] =
		"INSERT INTO office_entry (kind, file, part, entry) VALUES (?1, ?2, ?3, ?4)";
	for (unsigned part = 1; entry->kind && part < 1u << PACK_PARTS_N; part <<= 1) {
		int64_t files[OFFICES_MAX] = { 0 }; /* PACK_ANYWHERE: by the register's own */
		size_t count = (entry->kind->of_office & part & PACK_ANYWHERE) != 0;
		if ((entry->kind->of_office & part & ~(unsigned)PACK_ANYWHERE) &&
		    !fold_offices_of(fold, entry, part, files, COUNT_OF(files), &count, err))
			return false;
		for (size_t i = 0; i < count; i++) {
			int64_t numbers[] = { files[i], part, entry->index };
			if (!fold_put(fold, PUT_SQL, &entry->kind_name, 1, numbers,
			              COUNT_OF(numbers), err))
				return false;
		}
	}
	return true;
}
