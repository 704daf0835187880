/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whoever owes something on a file, or on one that the entry names, is told of it
 * (`tells-owners`): they read it, by an R02 on that file. */
#include "casebook/chart.h"
#include "casebook/fold_parts.h"

#define TOLD_MAX 64 /* offices told of one entry */

/* By duty_file and duty_also_duty: what is owed on one file, the oldest first. */
static const char OWING_SQL[] =
	"SELECT d.id AS id, d.rule, d.office FROM duty AS d WHERE d.file = ?1 AND d.closed IS NULL"
	" UNION ALL SELECT d.id, d.rule, a.office FROM duty AS d JOIN duty_also AS a ON a.duty = d.id"
	" WHERE d.file = ?1 AND d.closed IS NULL ORDER BY id";

struct telling {
	struct fold *fold;
	const struct folding *entry;
	instant due;
	struct str told[TOLD_MAX];
	size_t count;
};

/* Once each, and not who wrote it. */
static bool tell(struct telling *telling, struct file_row *row, struct str office, struct err *err)
{
	if (!office.n || str_eq(office, telling->entry->office) || telling->count == TOLD_MAX ||
	    !chart_find(telling->fold->chart, office))
		return true;
	for (size_t i = 0; i < telling->count; i++) {
		if (str_eq(telling->told[i], office))
			return true;
	}
	telling->told[telling->count++] = office;
	return fold_open_reading(telling->fold, row, telling->entry,
	                         telling->entry->index * FOLD_ORDINAL_BASE, office, telling->due,
	                         err);
}

struct owing {
	struct str offices[TOLD_MAX];
	size_t count;
};

static bool find_owing(struct fold *fold, int64_t file, struct owing *owing, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	enum store_step step;
	if (!store_prepare(fold->store, OWING_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, file);
	while ((step = store_step(rows, err)) == STORE_ROW && owing->count < TOLD_MAX) {
		const struct pack_duty *rule = pack_duty_find(fold->pack, store_str(rows, 1));
		if (rule && rule->is_built_in)
			continue;
		struct str office = arena_copy(fold->arena, store_str(rows, 2));
		if (!office.p)
			return err_set(err, ERR_UNABLE, "There is no memory to tell who owes");
		owing->offices[owing->count++] = office;
	}
	return step != STORE_FAILED;
}

/* Where nothing is owed, who began the file. */
static bool tell_on(struct telling *telling, struct file_row *row, struct err *err)
{
	struct owing owing = { 0 };
	if (row->destroyed >= 0)
		return true;
	if (!find_owing(telling->fold, row->n, &owing, err))
		return false;
	for (size_t i = 0; i < owing.count; i++) {
		if (!tell(telling, row, owing.offices[i], err))
			return false;
	}
	return owing.count > 0 || tell(telling, row, row->first_office, err);
}

static bool tell_named(struct telling *telling, struct str field, struct err *err)
{
	const struct json *value = json_member(telling->entry->plain, field);
	const struct json *item = value && value->type == JSON_ARRAY ? value->first : value;
	for (; item; item = item == value ? NULL : item->next) {
		struct file_row *there;
		if (item->type == JSON_STRING &&
		    (!fold_file_by_id(telling->fold, item->string, &there, err) ||
		     !tell_on(telling, there, err)))
			return false;
	}
	return true;
}

bool fold_tell_owners(struct fold *fold, struct file_row *row, const struct folding *entry,
                      struct err *err)
{
	struct telling telling = { .fold = fold, .entry = entry };
	struct pack_period day = { .unit = PACK_WORKING_DAYS, .amount = 1, .at_minute = -1 };
	struct pack_due due;
	if (entry->kind->tells_owners_count == 0)
		return true;
	if (!pack_due(fold->pack->calendar, entry->recorded, &day, &due, err))
		return false;
	telling.due = due.due;
	if (!tell_on(&telling, row, err))
		return false;
	for (size_t i = 0; i < entry->kind->tells_owners_count; i++) {
		if (!tell_named(&telling, entry->kind->tells_owners[i], err))
			return false;
	}
	return true;
}
