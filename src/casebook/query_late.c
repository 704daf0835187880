/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is late, counted by whom it is owed, by rule, by ladder. */
#include "casebook/query.h"

#include "casebook/readings.h"
#include "casebook/rows.h"

#define NEWEST_N 20000 /* late duties looked at, the oldest first: what a page may cost */
#define NEWEST "20000"

/* By duty_due(due, id), which holds open ones alone. */
#define GROUPS(column)                                                                             \
	"SELECT d." column ", COUNT(*), MIN(d.due) AS oldest FROM (SELECT " column                 \
	" , due FROM duty WHERE closed IS NULL AND due <= ?1 ORDER BY due, id LIMIT " NEWEST       \
	") AS d GROUP BY d." column " ORDER BY oldest, d." column " LIMIT 500"

static const char OFFICE_SQL[] = GROUPS("office");
static const char RULE_SQL[] = GROUPS("rule");
static const char LADDER_SQL[] = GROUPS("ladder");

static const char *const SQL[] = {
	[CASEBOOK_LATE_BY_OFFICE] = OFFICE_SQL,
	[CASEBOOK_LATE_BY_RULE] = RULE_SQL,
	[CASEBOOK_LATE_BY_LADDER] = LADDER_SQL,
};

static bool find_title(struct casebook_reader *reader, struct arena *arena,
                       enum casebook_late_by by, struct casebook_late_group *group, struct err *err)
{
	group->title = group->name;
	if (by == CASEBOOK_LATE_BY_RULE) {
		const struct pack_duty *rule = pack_duty_find(reader_pack(reader), group->name);
		group->title = rule ? rule->title : group->name;
	}
	return by != CASEBOOK_LATE_BY_OFFICE ||
	       casebook_office_title(reader, arena, group->name, &group->title, err) ||
	       err->code == ERR_ABSENT;
}

bool casebook_late_groups(struct casebook_reader *reader, struct arena *arena,
                          enum casebook_late_by by, const struct casebook_late_group **out,
                          size_t *count, bool *is_whole, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_late_group) };
	int64_t all = 0;
	bool lost = false;
	*out = NULL;
	*count = 0;
	if (!store_prepare(reader->store, SQL[by], &stmt, err))
		return false;
	store_bind_int(stmt, 1, casebook_now(reader->book));
	bool failed;
	for (struct casebook_late_group *group; (group = rows_next(&rows, stmt, &failed, err));) {
		*group = (struct casebook_late_group){ .name = row_text(arena, stmt, 0, &lost),
			                               .count = store_int(stmt, 1),
			                               .oldest = store_int(stmt, 2) };
		all += group->count;
		if (lost)
			return rows_too_long(err);
	}
	if (failed)
		return false;
	struct casebook_late_group *groups = rows.at;
	for (size_t i = 0; i < rows.count; i++)
		if (!find_title(reader, arena, by, &groups[i], err))
			return false;
	*out = groups;
	*count = rows.count;
	*is_whole = all < NEWEST_N;
	return true;
}
