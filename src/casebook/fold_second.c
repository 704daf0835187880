/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What acts that wait for second readers, and their answers, mean to the views. */
#include "casebook/chart.h"
#include "casebook/fold_parts.h"

static const char WAITING_SQL[] =
	"INSERT INTO waiting (kind, account, office, roles, given, entry, file, until_at)"
	" VALUES (?1, ?2, ?3, ?4, '', ?5, ?6, ?7)";
static const char GIVEN_SQL[] = "UPDATE waiting SET given = ?1 WHERE entry = ?2 AND closed IS NULL";
static const char FALLEN_SQL[] =
	"UPDATE waiting SET closed = ?2 WHERE entry = ?1 AND closed IS NULL";
static const char WAITING_READ_SQL[] = "SELECT given, roles FROM waiting WHERE entry = ?1";
static const char WRITER_SQL[] =
	"SELECT office, kind FROM waiting AS w WHERE entry = ?1 AND closed IS NULL AND NOT EXISTS (SELECT 1"
	" FROM duty AS d WHERE d.about = ?2 AND d.office = w.office AND d.closed IS NULL)";

static bool joined_roles(struct fold *fold, const struct folding *entry, struct str *out)
{
	const struct json *roles = json_member(entry->plain, STR("roles"));
	struct str all = STR("");
	for (const struct json *role = roles ? roles->first : NULL; role; role = role->next) {
		struct str pieces[3] = { all, STR(" "), role->string };
		all = all.n ? arena_join(fold->arena, pieces, 3) : role->string;
	}
	*out = all;
	return all.p != NULL;
}

/* R01 climbs as the first duty that the waiting act would settle, else as the rest duty.
 */
static bool settled_ladder(struct fold *fold, const struct file_row *row, struct str kind_name,
                           const struct pack_ladder **out, struct err *err)
{
	/* By duty_file(file, id). */
	static const char LADDER_SQL[] =
		"SELECT ladder FROM duty WHERE file = ?1 AND rule = ?2 AND closed IS NULL ORDER BY due, id LIMIT 1";
	const struct pack_kind *kind = pack_kind_find(fold->pack, kind_name);
	*out = NULL;
	for (size_t i = 0; !*out && kind && i < kind->settle_count; i++) {
		CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
		if (kind->settles[i].on)
			continue;
		if (!store_prepare(fold->store, LADDER_SQL, &found, err))
			return false;
		store_bind_int(found, 1, row->n);
		store_bind_str(found, 2, kind->settles[i].duty->name);
		enum store_step step = store_step(found, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_ROW)
			*out = pack_ladder_find(fold->pack, store_str(found, 0));
	}
	if (!*out && fold->pack->rest)
		*out = fold->pack->rest->ladder;
	return true;
}

/* R01 on an office, about the act that waits. */
static bool open_second(struct fold *fold, struct file_row *row, const struct folding *entry,
                        int64_t waiting, struct str office, const struct pack_ladder *ladder,
                        const struct pack_due *due, struct err *err)
{
	struct fold_opening opening = {
		.rule = fold->pack->second_duty,
		.office = office,
		.due = due->due,
		.last_day = due->last_day,
		.started = entry->recorded,
		.ladder = ladder,
		.about = waiting * FOLD_ORDINAL_BASE,
	};
	int64_t id;
	return fold_open_duty(fold, row, entry, &opening, &id, err);
}

static bool act_waiting(struct fold *fold, struct file_row *row, const struct folding *entry,
                        struct err *err)
{
	struct str texts[4] = { folding_text(entry, STR("kind")),
		                folding_text(entry, STR("writer")),
		                folding_text(entry, STR("office")), STR_NONE };
	int64_t numbers[3] = { entry->index, row->n, 0 };
	struct pack_period day = { .unit = PACK_WORKING_DAYS, .amount = 1, .at_minute = -1 };
	struct pack_due due;
	const struct json *roles = json_member(entry->plain, STR("roles"));
	if (!joined_roles(fold, entry, &texts[3]) ||
	    !instant_read(folding_text(entry, STR("falls")), &numbers[2]))
		return folding_lacks(err, entry, "roles");
	if (!fold_put(fold, WAITING_SQL, texts, 4, numbers, 3, err) ||
	    !pack_due(fold->pack->calendar, entry->recorded, &day, &due, err))
		return false;
	const struct pack_ladder *ladder = NULL;
	if (!settled_ladder(fold, row, texts[0], &ladder, err))
		return false;
	for (const struct json *item = roles->first; item; item = item->next) {
		const struct pack_office *role = pack_office_find(fold->pack, item->string);
		struct pack_owner owner = { .sort = PACK_OWNER_ROLE, .role = role };
		struct owner_context context = { .chart = fold->chart,
			                         .row = row,
			                         .office = texts[2] };
		struct str office = role ? owner_resolve(&context, &owner) : STR_NONE;
		if (!open_second(fold, row, entry, entry->index, office.p ? office : texts[2],
		                 ladder, &due, err))
			return false;
	}
	return true;
}

static bool all_given(struct str roles, struct str given)
{
	struct str role;
	while (roles.n && str_cut(&roles, ' ', &role)) {
		if (!str_has_word(given, role))
			return false;
	}
	return true;
}

/* "I need to know more": it goes on waiting, and its writer owes an answer. */
static bool ask_writer(struct fold *fold, struct file_row *row, const struct folding *entry,
                       int64_t waiting, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *read = NULL;
	struct pack_period day = { .unit = PACK_WORKING_DAYS, .amount = 1, .at_minute = -1 };
	const struct pack_ladder *ladder;
	struct pack_due due;
	if (!store_prepare(fold->store, WRITER_SQL, &read, err))
		return false;
	store_bind_int(read, 1, waiting);
	store_bind_int(read, 2, waiting * FOLD_ORDINAL_BASE);
	enum store_step step = store_step(read, err);
	if (step != STORE_ROW)
		return step ==
		       STORE_DONE; /* it waits no more, or the writer owes the answer already */
	struct str office = arena_copy(fold->arena, store_str(read, 0));
	struct str kind = arena_copy(fold->arena, store_str(read, 1));
	store_stmt_finish(&read);
	return settled_ladder(fold, row, kind, &ladder, err) &&
	       pack_due(fold->pack->calendar, entry->recorded, &day, &due, err) &&
	       open_second(fold, row, entry, waiting, office, ladder, &due, err);
}

/* One more role agreed; at the last the act waits no more, and the turn judges it anew.
 */
static bool second_given(struct fold *fold, struct file_row *row, const struct folding *entry,
                         struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *read = NULL;
	int64_t of = json_number(entry->plain, STR("of"), -1);
	struct str answer = folding_text(entry, STR("answer")),
		   role = folding_text(entry, STR("role"));
	if (str_eq(answer, STR("more")))
		return ask_writer(fold, row, entry, of, err);
	if (str_eq(answer, STR("no")) || str_eq(answer, STR("withdrawn"))) {
		int64_t numbers[2] = { of, entry->index };
		return fold_put(fold, FALLEN_SQL, NULL, 0, numbers, 2, err) &&
		       fold_end_about(fold, of * FOLD_ORDINAL_BASE, entry, err);
	}
	if (!store_prepare(fold->store, WAITING_READ_SQL, &read, err))
		return false;
	store_bind_int(read, 1, of);
	enum store_step step = store_step(read, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE)
		return folding_lacks(err, entry, "waiting act");
	struct str pieces[3] = { store_str(read, 0), STR(" "), role };
	struct str given = pieces[0].n ? arena_join(fold->arena, pieces, 3) : role;
	bool is_last = all_given(store_str(read, 1), given);
	int64_t numbers[2] = { of, entry->index };
	store_stmt_finish(&read);
	return fold_put(fold, GIVEN_SQL, &given, 1, &of, 1, err) &&
	       (!is_last || fold_put(fold, FALLEN_SQL, NULL, 0, numbers, 2, err)) &&
	       fold_close_about(fold, entry, of * FOLD_ORDINAL_BASE, entry->office, err);
}

/* Nobody answered in time: it waits no more, and nobody is asked any more. */
static bool act_fell(struct fold *fold, struct file_row *row, const struct folding *entry,
                     struct err *err)
{
	int64_t numbers[2] = { json_number(entry->plain, STR("of"), -1), entry->index };
	(void)row;
	return fold_put(fold, FALLEN_SQL, NULL, 0, numbers, 2, err) &&
	       fold_end_about(fold, numbers[0] * FOLD_ORDINAL_BASE, entry, err);
}

static const struct fold_meanings MEANINGS[] = {
	{ "act.waiting", act_waiting },
	{ "act.fell", act_fell },
	{ "second.given", second_given },
};

fold_meaning *fold_second_meaning(struct str kind)
{
	return fold_meaning_of(MEANINGS, COUNT_OF(MEANINGS), kind);
}
