/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What the register's own kinds mean to the views: offices, accounts, climbs,
 * second readers, packs. One table from name to meaning; kinds that need no
 * view of their own are not in it.
 */
#include "casebook/chart.h"
#include "casebook/fold_parts.h"

typedef bool meaning(struct fold *fold, struct file_row *row, const struct folding *entry,
                     struct err *err);

static struct str text_of(const struct folding *entry, struct str name)
{
	return json_text(entry->plain, name);
}

static bool no_such(struct err *err, const struct folding *entry, const char *what)
{
	err_set(err, ERR_FAULT, "entry %" PRId64 " names no %s", entry->index, what);
	return err_context(err, "%.*s", STR_ARG(entry->kind_name));
}

/* A statement with text parameters, then integer ones, in their order. */
static bool put(struct fold *fold, const char *sql, const struct str *texts, size_t text_count,
                const int64_t *numbers, size_t number_count, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(fold->store, sql, &stmt, err))
		return false;
	for (size_t i = 0; i < text_count; i++)
		store_bind_str(stmt, (int)i + 1, texts[i]);
	for (size_t i = 0; i < number_count; i++)
		store_bind_int(stmt, (int)(text_count + i) + 1, numbers[i]);
	return store_do(stmt, err);
}

/* --- climbs and readings of them ----------------------------------------------------------- */

static const char DUTY_SQL[] =
	"SELECT due, last_day, provisional, ladder, pack, closed FROM duty WHERE id = ?1";
static const char CLIMBED_SQL[] = "UPDATE duty SET rung = ?2, next_at = ?3 WHERE id = ?1";
static const char CLIMB_SQL[] =
	"INSERT INTO climb (office, duty, rung, entry, at, vacant) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
	" ON CONFLICT DO NOTHING";
/* By duty_about. */
static const char READ_OF_SQL[] =
	"SELECT id FROM duty WHERE about = ?1 AND office = ?2 AND closed IS NULL ORDER BY id";

struct climbing {
	int64_t id;
	int64_t rung;
	const struct pack *pack; /* of its day: its ladder and its days stay what they were */
	const struct pack_ladder *ladder;
	struct pack_due due;
	bool is_closed;
};

static bool read_climbing(struct fold *fold, const struct folding *entry, struct climbing *out,
                          struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *read = NULL;
	if (!duty_name_read(text_of(entry, STR("duty")), &out->id))
		return no_such(err, entry, "duty");
	if (!store_prepare(fold->store, DUTY_SQL, &read, err))
		return false;
	store_bind_int(read, 1, out->id);
	enum store_step step = store_step(read, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE)
		return no_such(err, entry, "duty");
	out->due = (struct pack_due){
		.due = store_int(read, 0),
		.last_day = day_from_number(store_int(read, 1)),
		.sure = store_int(read, 2) ? PACK_DUE_PROVISIONAL : PACK_DUE_FIXED,
	};
	out->pack = book_pack(fold->book, store_int(read, 4));
	if (!out->pack)
		return no_such(err, entry, "rules of its day");
	out->ladder = pack_ladder_find(out->pack, store_str(read, 3));
	out->rung = json_number(entry->plain, STR("rung"), 0);
	out->is_closed = !store_is_null(read, 5);
	return true;
}

/* The rung above `rung` (1-based), and when it is reached. */
static bool next_rung(const struct climbing *climbing, bool *has, instant *at, struct err *err)
{
	*has = climbing->ladder && climbing->rung >= 0 &&
	       (size_t)climbing->rung < climbing->ladder->count;
	return !*has || pack_due_rung(climbing->pack->calendar, &climbing->due,
	                              &climbing->ladder->rungs[climbing->rung].after, at, err);
}

static bool is_listed(const struct json *list, struct str office)
{
	for (const struct json *item = list ? list->first : NULL; item; item = item->next) {
		if (str_eq(item->string, office))
			return true;
	}
	return false;
}

static bool open_reading(struct fold *fold, struct file_row *row, const struct folding *entry,
                         int64_t about, struct str office, instant due, struct err *err)
{
	struct fold_opening opening = {
		.rule = fold->pack->read_duty,
		.office = office,
		.due = due,
		.last_day = zone_day(fold->pack->zone, due - 1),
		.started = entry->recorded,
		.about = about,
	};
	int64_t id;
	return fold_open_duty(fold, row, entry, &opening, &id, err);
}

static bool duty_climbed(struct fold *fold, struct file_row *row, const struct folding *entry,
                         struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct climbing climbing;
	bool has_next;
	instant next_at = 0;
	if (!read_climbing(fold, entry, &climbing, err) ||
	    !next_rung(&climbing, &has_next, &next_at, err) ||
	    !store_prepare(fold->store, CLIMBED_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, climbing.id);
	store_bind_int(stmt, 2, climbing.rung);
	if (has_next && !climbing.is_closed)
		store_bind_int(stmt, 3, next_at);
	if (!store_do(stmt, err))
		return false;
	const struct json *told = json_member(entry->plain, STR("told"));
	const struct json *vacant = json_member(entry->plain, STR("vacant"));
	for (const struct json *item = told ? told->first : NULL; item; item = item->next) {
		int64_t numbers[] = { climbing.id, climbing.rung, entry->index, entry->recorded,
			              is_listed(vacant, item->string) };
		if (!put(fold, CLIMB_SQL, &item->string, 1, numbers, COUNT_OF(numbers), err))
			return false;
		if (has_next && !climbing.is_closed &&
		    !open_reading(fold, row, entry, climbing.id, item->string, next_at, err))
			return false;
	}
	return true;
}

static bool close_about(struct fold *fold, const struct folding *entry, int64_t about,
                        struct str office, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	int64_t found[64];
	size_t n = 0;
	if (!store_prepare(fold->store, READ_OF_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, about);
	store_bind_str(rows, 2, office);
	while (n < COUNT_OF(found)) {
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			break;
		found[n++] = store_int(rows, 0);
	}
	store_stmt_finish(&rows);
	for (size_t i = 0; i < n; i++) {
		if (!fold_close_duty(fold, found[i], entry, "settled", err))
			return false;
	}
	return true;
}

/* Named is the duty that was told, or the reading itself. */
static bool duty_read(struct fold *fold, struct file_row *row, const struct folding *entry,
                      struct err *err)
{
	static const char OWN_SQL[] =
		"SELECT 1 FROM duty WHERE id = ?1 AND office = ?2 AND rule = ?3 AND closed IS NULL";
	CLEANUP(store_stmt_finish) struct store_stmt *own = NULL;
	int64_t named;
	(void)row;
	if (!duty_name_read(text_of(entry, STR("duty")), &named))
		return no_such(err, entry, "duty");
	if (!store_prepare(fold->store, OWN_SQL, &own, err))
		return false;
	store_bind_int(own, 1, named);
	store_bind_str(own, 2, entry->office);
	store_bind_str(own, 3, fold->pack->read_duty->name);
	enum store_step step = store_step(own, err);
	if (step == STORE_FAILED)
		return false;
	store_stmt_finish(&own);
	if (step == STORE_ROW)
		return fold_close_duty(fold, named, entry, "settled", err);
	return close_about(fold, entry, named, entry->office, err);
}

/* --- duties moved and agreed ---------------------------------------------------------------- */

/* The due time stays: a new owner restarts nothing (X4). */
static const char OWNER_SQL[] = "UPDATE duty SET office = ?1 WHERE id = ?2 AND closed IS NULL";
static const char AGREE_SQL[] = "UPDATE duty SET agreed = ?2 WHERE id = ?1 AND closed IS NULL";

static bool duty_taken(struct fold *fold, struct file_row *row, const struct folding *entry,
                       struct err *err)
{
	int64_t id;
	struct str to = text_of(entry, STR("to"));
	(void)row;
	if (!duty_name_read(text_of(entry, STR("duty")), &id))
		return str_eq(entry->kind_name, STR("office.handed-over")) ||
		       no_such(err, entry, "duty");
	return put(fold, OWNER_SQL, &to, 1, &id, 1, err);
}

static bool duty_extended(struct fold *fold, struct file_row *row, const struct folding *entry,
                          struct err *err)
{
	int64_t numbers[2];
	(void)row;
	if (!duty_name_read(text_of(entry, STR("duty")), &numbers[0]))
		return no_such(err, entry, "duty");
	if (!instant_read(text_of(entry, STR("until")), &numbers[1]))
		return no_such(err, entry, "time");
	return put(fold, AGREE_SQL, NULL, 0, numbers, 2, err);
}

/* --- offices -------------------------------------------------------------------------------- */

static const char OFFICE_SQL[] =
	"INSERT INTO office (id, role, agency, area, title, file) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
static const char VACANT_SQL[] = "UPDATE office SET vacant_since = ?2 WHERE id = ?1";
static const char HELD_SQL[] =
	"INSERT INTO holding (office, account, since) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
static const char FILLED_SQL[] = "UPDATE office SET vacant_since = NULL WHERE id = ?1";
static const char LEFT_SQL[] =
	"UPDATE holding SET until = ?3 WHERE office = ?1 AND account = ?2 AND until IS NULL";
static const char DEPUTY_SQL[] =
	"INSERT INTO deputising (office, account, entry, from_at, until_at) VALUES (?1, ?2, ?3, ?4, ?5)"
	" ON CONFLICT DO NOTHING";

static bool office_made(struct fold *fold, struct file_row *row, const struct folding *entry,
                        struct err *err)
{
	const struct pack_office *role = pack_office_find(fold->pack, text_of(entry, STR("role")));
	struct str texts[5] = { text_of(entry, STR("office")), text_of(entry, STR("role")),
		                text_of(entry, STR("agency")), text_of(entry, STR("area")),
		                text_of(entry, STR("title")) };
	if (!texts[3].n)
		texts[3] = STR("-");
	if (!texts[4].n)
		texts[4] = role ? role->title : texts[0];
	return fold_change_chart(fold, err) && put(fold, OFFICE_SQL, texts, 5, &row->n, 1, err);
}

static bool office_held(struct fold *fold, struct file_row *row, const struct folding *entry,
                        struct err *err)
{
	struct str texts[2] = { text_of(entry, STR("office")), text_of(entry, STR("account")) };
	(void)row;
	return fold_change_chart(fold, err) &&
	       put(fold, HELD_SQL, texts, 2, &entry->recorded, 1, err) &&
	       put(fold, FILLED_SQL, texts, 1, NULL, 0, err);
}

static bool office_left(struct fold *fold, struct file_row *row, const struct folding *entry,
                        struct err *err)
{
	struct str texts[2] = { text_of(entry, STR("office")), text_of(entry, STR("account")) };
	(void)row;
	return fold_change_chart(fold, err) &&
	       put(fold, LEFT_SQL, texts, 2, &entry->recorded, 1, err);
}

static bool office_deputised(struct fold *fold, struct file_row *row, const struct folding *entry,
                             struct err *err)
{
	const struct chart_office *deputy = chart_find(fold->chart, text_of(entry, STR("deputy")));
	struct str texts[2] = { text_of(entry, STR("office")), text_of(entry, STR("account")) };
	int64_t numbers[3] = { entry->index, 0, 0 };
	(void)row;
	if (!instant_read(text_of(entry, STR("from")), &numbers[1]) ||
	    !instant_read(text_of(entry, STR("until")), &numbers[2]))
		return no_such(err, entry, "time");
	if (!fold_change_chart(fold, err))
		return false;
	if (texts[1].n)
		return put(fold, DEPUTY_SQL, texts, 2, numbers, 3, err);
	for (size_t i = 0; deputy && i < deputy->holder_count; i++) {
		texts[1] = deputy->holders[i].account;
		if (!put(fold, DEPUTY_SQL, texts, 2, numbers, 3, err))
			return false;
	}
	return true;
}

static bool office_vacant(struct fold *fold, struct file_row *row, const struct folding *entry,
                          struct err *err)
{
	struct str office = text_of(entry, STR("office")), told = text_of(entry, STR("told"));
	/* Read with, and ended with, the duty to name a holder: the first that this entry opens. */
	int64_t about = entry->index * FOLD_ORDINAL_BASE + 1;
	struct pack_due due;
	struct pack_period day = { .unit = PACK_WORKING_DAYS, .amount = 1, .at_minute = -1 };
	if (!fold_change_chart(fold, err))
		return false;
	if (!put(fold, VACANT_SQL, &office, 1, &entry->recorded, 1, err))
		return false;
	if (fold->pack->vacant_duty &&
	    !fold_open_rule(fold, row, entry, fold->pack->vacant_duty, NULL, STR_NONE, NULL, err))
		return false;
	if (!told.n)
		return true;
	return pack_due(fold->pack->calendar, entry->recorded, &day, &due, err) &&
	       open_reading(fold, row, entry, about, told, due.due, err);
}

/* --- accounts ------------------------------------------------------------------------------- */

static const char ACCOUNT_SQL[] =
	"INSERT INTO account (id, tag, entry, newest) VALUES (?1, ?2, ?3, ?3)";
static const char ACCOUNT_CHANGED_SQL[] = "UPDATE account SET newest = ?2 WHERE id = ?1";
static const char ACCOUNT_TAG_SQL[] = "UPDATE account SET tag = ?2 WHERE id = ?1";
static const char ACCOUNT_ENDED_SQL[] = "UPDATE account SET ended = ?2, newest = ?3 WHERE id = ?1";
static const char NO_DEPUTY_SQL[] =
	"UPDATE deputising SET until_at = ?2 WHERE account = ?1 AND until_at > ?2";
static const char ALL_LEFT_SQL[] =
	"UPDATE holding SET until = ?2 WHERE account = ?1 AND until IS NULL";

static bool account_added(struct fold *fold, struct file_row *row, const struct folding *entry,
                          struct err *err)
{
	struct str texts[2] = { text_of(entry, STR("account")), text_of(entry, STR("tag")) };
	(void)row;
	return put(fold, ACCOUNT_SQL, texts, 2, &entry->index, 1, err);
}

static bool account_changed(struct fold *fold, struct file_row *row, const struct folding *entry,
                            struct err *err)
{
	struct str texts[2] = { text_of(entry, STR("account")), text_of(entry, STR("tag")) };
	(void)row;
	if (texts[1].n && !put(fold, ACCOUNT_TAG_SQL, texts, 2, NULL, 0, err))
		return false;
	return put(fold, ACCOUNT_CHANGED_SQL, texts, 1, &entry->index, 1, err);
}

/* Told to the head of every agency, once where one heads two. */
static bool account_recovered(struct fold *fold, struct file_row *row, const struct folding *entry,
                              struct err *err)
{
	struct pack_period day = { .unit = PACK_WORKING_DAYS, .amount = 1, .at_minute = -1 };
	struct str told[32];
	size_t count = 0;
	struct pack_due due;
	if (!account_changed(fold, row, entry, err) ||
	    !pack_due(fold->pack->calendar, entry->recorded, &day, &due, err))
		return false;
	for (size_t i = 0; i < fold->pack->agency_count && count < COUNT_OF(told); i++) {
		const struct pack_agency *agency = &fold->pack->agencies[i];
		const struct chart_office *head =
			agency->head
				? chart_instance(fold->chart, agency->head, STR_NONE, agency->name)
				: NULL;
		bool is_told = !head;
		for (size_t t = 0; t < count; t++)
			is_told = is_told || str_eq(told[t], head->id);
		if (is_told)
			continue;
		told[count++] = head->id;
		if (!open_reading(fold, row, entry, entry->index * FOLD_ORDINAL_BASE, head->id,
		                  due.due, err))
			return false;
	}
	return true;
}

static bool account_ended(struct fold *fold, struct file_row *row, const struct folding *entry,
                          struct err *err)
{
	struct str account = text_of(entry, STR("account"));
	int64_t numbers[2] = { entry->recorded, entry->index };
	(void)row;
	return fold_change_chart(fold, err) &&
	       put(fold, ACCOUNT_ENDED_SQL, &account, 1, numbers, 2, err) &&
	       put(fold, ALL_LEFT_SQL, &account, 1, numbers, 1, err) &&
	       put(fold, NO_DEPUTY_SQL, &account, 1, numbers, 1, err);
}

/* --- second readers ------------------------------------------------------------------------- */

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
	struct str texts[4] = { text_of(entry, STR("kind")), text_of(entry, STR("writer")),
		                text_of(entry, STR("office")), STR_NONE };
	int64_t numbers[3] = { entry->index, row->n, 0 };
	struct pack_period day = { .unit = PACK_WORKING_DAYS, .amount = 1, .at_minute = -1 };
	struct pack_due due;
	const struct json *roles = json_member(entry->plain, STR("roles"));
	if (!joined_roles(fold, entry, &texts[3]) ||
	    !instant_read(text_of(entry, STR("falls")), &numbers[2]))
		return no_such(err, entry, "roles");
	if (!put(fold, WAITING_SQL, texts, 4, numbers, 3, err) ||
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

static bool has_word(struct str list, struct str word)
{
	struct str piece;
	while (list.n && str_cut(&list, ' ', &piece)) {
		if (str_eq(piece, word))
			return true;
	}
	return false;
}

static bool all_given(struct str roles, struct str given)
{
	struct str role;
	while (roles.n && str_cut(&roles, ' ', &role)) {
		if (!has_word(given, role))
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
	struct str answer = text_of(entry, STR("answer")), role = text_of(entry, STR("role"));
	if (str_eq(answer, STR("more")))
		return ask_writer(fold, row, entry, of, err);
	if (str_eq(answer, STR("no")) || str_eq(answer, STR("withdrawn"))) {
		int64_t numbers[2] = { of, entry->index };
		return put(fold, FALLEN_SQL, NULL, 0, numbers, 2, err) &&
		       fold_end_about(fold, of * FOLD_ORDINAL_BASE, entry, err);
	}
	if (!store_prepare(fold->store, WAITING_READ_SQL, &read, err))
		return false;
	store_bind_int(read, 1, of);
	enum store_step step = store_step(read, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE)
		return no_such(err, entry, "waiting act");
	struct str pieces[3] = { store_str(read, 0), STR(" "), role };
	struct str given = pieces[0].n ? arena_join(fold->arena, pieces, 3) : role;
	bool is_last = all_given(store_str(read, 1), given);
	int64_t numbers[2] = { of, entry->index };
	store_stmt_finish(&read);
	return put(fold, GIVEN_SQL, &given, 1, &of, 1, err) &&
	       (!is_last || put(fold, FALLEN_SQL, NULL, 0, numbers, 2, err)) &&
	       close_about(fold, entry, of * FOLD_ORDINAL_BASE, entry->office, err);
}

/* --- the rest ------------------------------------------------------------------------------- */

static const char BROKEN_SQL[] =
	"INSERT INTO broken (account, file, until_at, entry) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
static const char CORRECTED_SQL[] =
	"INSERT INTO corrected (field, value, of_entry, entry) VALUES (?1, ?2, ?3, ?4)"
	" ON CONFLICT (of_entry, field) DO UPDATE SET value = excluded.value, entry = excluded.entry";

static bool access_broken(struct fold *fold, struct file_row *row, const struct folding *entry,
                          struct err *err)
{
	int64_t numbers[3] = { row->n, 0, entry->index };
	if (!instant_read(text_of(entry, STR("until")), &numbers[1]))
		return no_such(err, entry, "time");
	if (!put(fold, BROKEN_SQL, &entry->account, 1, numbers, 3, err))
		return false;
	return !fold->pack->broken_duty ||
	       fold_open_rule(fold, row, entry, fold->pack->broken_duty, NULL, STR_NONE, NULL, err);
}

static bool clock_stepped(struct fold *fold, struct file_row *row, const struct folding *entry,
                          struct err *err)
{
	return !fold->pack->clock_duty ||
	       fold_open_rule(fold, row, entry, fold->pack->clock_duty, NULL, STR_NONE, NULL, err);
}

/* Who confirmed after another agreed with him: the other's need not wait any more. */
static bool clock_confirmed(struct fold *fold, struct file_row *row, const struct folding *entry,
                            struct err *err)
{
	static const char MET_SQL[] =
		"SELECT entry FROM waiting WHERE kind = 'clock.confirmed' AND closed IS NULL";
	static const char END_SQL[] =
		"UPDATE waiting SET closed = ?2 WHERE entry = ?1 AND closed IS NULL";
	(void)row;
	for (;;) {
		CLEANUP(store_stmt_finish) struct store_stmt *met = NULL;
		int64_t numbers[2] = { 0, entry->index };
		if (!store_prepare(fold->store, MET_SQL, &met, err))
			return false;
		enum store_step step = store_step(met, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		numbers[0] = store_int(met, 0);
		store_stmt_finish(&met);
		if (!put(fold, END_SQL, NULL, 0, numbers, 2, err) ||
		    !fold_end_about(fold, numbers[0] * FOLD_ORDINAL_BASE, entry, err))
			return false;
	}
}

static bool entry_corrected(struct fold *fold, struct file_row *row, const struct folding *entry,
                            struct err *err)
{
	struct str texts[2] = { text_of(entry, STR("field")), text_of(entry, STR("value")) };
	int64_t numbers[2] = { json_number(entry->plain, STR("of"), -1), entry->index };
	bool changed;
	if (!texts[1].n)
		return true;
	/* State, links and duties stay: what was done by the old value was done (L6). */
	return put(fold, CORRECTED_SQL, texts, 2, numbers, 2, err) &&
	       fold_facts_anew(fold, row, entry, texts[0], &changed, err) &&
	       (!changed || fold_end_waiting(fold, row, entry, err));
}

static bool file_destroyed(struct fold *fold, struct file_row *row, const struct folding *entry,
                           struct err *err)
{
	(void)fold;
	(void)err;
	row->destroyed = entry->index;
	row->is_dirty = true;
	return true;
}

static bool pack_adopted(struct fold *fold, struct file_row *row, const struct folding *entry,
                         struct err *err)
{
	(void)row;
	(void)err;
	/* The first pack is in force from its own entry on; a later one from the next. */
	fold->pack_changed = entry->index > 0;
	return true;
}

static const struct {
	const char *kind;
	meaning *meaning;
} MEANINGS[] = {
	{ "duty.climbed", duty_climbed },
	{ "duty.read", duty_read },
	{ "duty.taken", duty_taken },
	{ "duty.extended", duty_extended },
	{ "office.made", office_made },
	{ "office.held", office_held },
	{ "office.left", office_left },
	{ "office.deputised", office_deputised },
	{ "office.handed-over", duty_taken },
	{ "office.vacant", office_vacant },
	{ "account.added", account_added },
	{ "account.changed", account_changed },
	{ "account.recovered", account_recovered },
	{ "account.ended", account_ended },
	{ "act.waiting", act_waiting },
	{ "second.given", second_given },
	{ "access.broken", access_broken },
	{ "clock.stepped", clock_stepped },
	{ "clock.confirmed", clock_confirmed },
	{ "entry.corrected", entry_corrected },
	{ "file.destroyed", file_destroyed },
	{ "pack.adopted", pack_adopted },
};

bool fold_built_in(struct fold *fold, struct file_row *row, const struct folding *entry,
                   struct err *err)
{
	if (entry->kind && !entry->kind->is_built_in)
		return true;
	for (size_t i = 0; i < COUNT_OF(MEANINGS); i++) {
		if (str_eq(str_from_c(MEANINGS[i].kind), entry->kind_name))
			return MEANINGS[i].meaning(fold, row, entry, err);
	}
	return true;
}
