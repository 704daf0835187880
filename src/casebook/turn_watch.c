/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What happens to whoever raised something is told on the file that they began,
 * where the pack watches over it (`watches`): their account ended, they left an
 * office, words that they had read were closed to them. The machine knows the
 * account from the entry's header; nothing it writes names it.
 *
 * Readings that were refused otherwise are told by the night (kept_out.c).
 *
 * A file begun by a watched kind is the newest of its type, or nearly: they are
 * walked from the newest on, until one is older than the kind is watched for.
 */
#include "casebook/chart.h"
#include "casebook/turn_parts.h"

struct watched {
	int64_t file;
	int64_t entry; /* by which it began */
	struct str what;
	struct watched *next;
};

/* An account that has read the file. */
struct has_read {
	struct str account;
	struct has_read *next;
};

/* In the arena of the turn: what follows is made when the act at hand has ended. */
struct turn_watch {
	struct str kind;
	struct str account; /* whose office or account it is; empty: of a restriction */
	struct str by;      /* who restricts */
	int64_t entry;
	bool is_looked;   /* the next two are known */
	int64_t replaced; /* the restriction whose place it takes, or -1 */
	struct has_read *readers;
	const struct turn_refused *refused; /* NULL: it is about an act */
	instant oldest;                     /* of them */
};

/* A file of the walk. */
struct begun {
	int64_t file;
	struct str account; /* whose it is */
	instant from;
	instant until; /* the pack watches */
};

/* --- what may concern a writer ------------------------------------------------------------------
 */

bool turn_watch_note(struct turn *turn, const struct folding *entry, struct err *err)
{
	static const struct str KINDS[] = { { "office.left", 11 },
		                            { "office.held", 11 },
		                            { "account.ended", 13 } };
	bool is_of_seat = false;
	for (size_t i = 0; i < COUNT_OF(KINDS); i++)
		is_of_seat = is_of_seat || str_eq(entry->kind_name, KINDS[i]);
	if (!is_of_seat && !(entry->kind && entry->kind->restricts))
		return true;
	struct turn_watch *watch = arena_alloc(turn->arena, 1, sizeof *watch);
	if (watch)
		*watch = (struct turn_watch){
			.kind = is_of_seat ? arena_copy(turn->arena, entry->kind_name) : STR(""),
			.account = is_of_seat ? arena_copy(turn->arena,
			                                   json_text(entry->plain, STR("account")))
			                      : STR(""),
			.by = arena_copy(turn->arena, entry->account),
			.entry = entry->index,
		};
	if (!watch || !watch->kind.p || !watch->account.p)
		return err_set(err, ERR_UNABLE, "There is no memory for this act");
	turn->watch = watch;
	return true;
}

/* What was told of the file's writer last; empty: nothing yet. */
static bool told_last(struct turn *turn, int64_t file, struct str *what, struct err *err)
{
	/* By entry_file. */
	static const char LAST_SQL[] =
		"SELECT plain FROM entry WHERE file = ?1 AND kind = 'writer.changed'"
		" ORDER BY idx DESC LIMIT 1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	const struct json *plain;
	struct err ignored;
	*what = STR("");
	if (!store_prepare(turn->store, LAST_SQL, &found, err))
		return false;
	store_bind_int(found, 1, file);
	enum store_step step = store_step(found, err);
	if (step == STORE_ROW && !store_is_null(found, 0) &&
	    json_read(turn->fold->arena, store_str(found, 0), 4, &plain, &ignored))
		*what = arena_copy(turn->fold->arena, json_text(plain, STR("what")));
	return step != STORE_FAILED;
}

/* Whether an office in which the account acts reads on what was restricted. */
static bool reads_on(struct turn *turn, int64_t restriction, struct str account, bool *reads,
                     struct err *err)
{
	static const char READER_SQL[] =
		"SELECT 1 FROM restriction_reader WHERE restriction = ?1 AND office = ?2";
	const struct chart *chart = turn->fold->chart;
	*reads = false;
	for (size_t i = 0; i < chart->office_count && !*reads; i++) {
		CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
		const struct chart_office *office = &chart->offices[i];
		bool is_deputy;
		if (!chart_may_act(chart, office, account, turn->now, &is_deputy))
			continue;
		if (office->role && office->role->is_independent)
			*reads = true;
		if (!store_prepare(turn->store, READER_SQL, &found, err))
			return false;
		store_bind_int(found, 1, restriction);
		store_bind_str(found, 2, office->id);
		enum store_step step = store_step(found, err);
		if (step == STORE_FAILED)
			return false;
		*reads = *reads || step == STORE_ROW;
	}
	return true;
}

bool turn_watch_refused(struct turn *turn, const struct turn_refused *refused, struct err *err)
{
	struct turn_watch *watch = arena_alloc(turn->arena, 1, sizeof *watch);
	if (!watch)
		return err_set(err, ERR_UNABLE, "There is no memory for this act");
	*watch = (struct turn_watch){ .refused = refused, .oldest = refused->at };
	for (const struct turn_refused *one = refused; one; one = one->next)
		watch->oldest = one->at < watch->oldest ? one->at : watch->oldest;
	turn->watch = watch;
	return true;
}

/* By restriction_file. */
static bool look_replaced(struct turn *turn, struct turn_watch *watch, struct err *err)
{
	static const char REPLACED_SQL[] =
		"SELECT o.entry FROM restriction AS r JOIN restriction AS o ON o.file = r.file"
		" WHERE r.entry = ?1 AND o.first = r.first AND o.renewals = r.renewals - 1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	if (!store_prepare(turn->store, REPLACED_SQL, &found, err))
		return false;
	store_bind_int(found, 1, watch->entry);
	enum store_step step = store_step(found, err);
	watch->replaced = step == STORE_ROW ? store_int(found, 0) : -1;
	return step != STORE_FAILED;
}

/* Who has read the file that is restricted: once for all writers. */
static bool look_readers(struct turn *turn, struct turn_watch *watch, struct err *err)
{
	/* By the primary key, then reading_file. */
	static const char READ_SQL[] =
		"SELECT DISTINCT d.account FROM restriction AS r JOIN reading AS d ON d.file = r.file"
		" WHERE r.entry = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	if (!store_prepare(turn->store, READ_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, watch->entry);
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW) {
			watch->is_looked = step == STORE_DONE;
			return watch->is_looked;
		}
		struct has_read *one = arena_alloc(turn->arena, 1, sizeof *one);
		if (one)
			*one = (struct has_read){ .account = arena_copy(turn->arena,
				                                        store_str(rows, 0)),
				                  .next = watch->readers };
		if (!one || !one->account.p)
			return err_set(err, ERR_UNABLE, "There is no memory for this act");
		watch->readers = one;
	}
}

/* Whether words that the account has read are restricted by the entry, and are not its own doing.
 */
static bool is_kept_out(struct turn *turn, struct turn_watch *watch, struct str account,
                        bool *is_out, struct err *err)
{
	bool reads;
	*is_out = false;
	if (!watch->is_looked &&
	    (!look_replaced(turn, watch, err) || !look_readers(turn, watch, err)))
		return false;
	const struct has_read *reader = watch->readers;
	while (reader && !str_eq(reader->account, account))
		reader = reader->next;
	if (!reader || str_eq(account, watch->by))
		return true;
	if (!reads_on(turn, watch->entry, account, &reads, err))
		return false;
	*is_out = !reads;
	/* Whom the one before kept out already is kept out by no new one. */
	return !*is_out || watch->replaced < 0 ||
	       reads_on(turn, watch->replaced, account, is_out, err);
}

/* Whether a reading was refused to the account while the pack watched. */
static bool is_refused(const struct turn_watch *watch, const struct begun *begun)
{
	const struct turn_refused *one = watch->refused;
	while (one && !(str_eq(one->account, begun->account) && one->at >= begun->from &&
	                one->at < begun->until))
		one = one->next;
	return one != NULL;
}

/* What is told of whoever began a file, a constant; empty: nothing. */
static bool what_of(struct turn *turn, struct turn_watch *watch, const struct begun *begun,
                    struct str *what, struct err *err)
{
	struct str account = begun->account;
	bool is_out = false;
	*what = STR("");
	if (watch->refused) {
		*what = is_refused(watch, begun) ? STR("kept-out") : STR("");
		return true;
	}
	if (!watch->account.n) {
		if (!is_kept_out(turn, watch, account, &is_out, err))
			return false;
		*what = is_out ? STR("kept-out") : STR("");
		return true;
	}
	if (!str_eq(account, watch->account))
		return true;
	if (str_eq(watch->kind, STR("account.ended")))
		*what = STR("ended");
	else if (str_eq(watch->kind, STR("office.left")))
		*what = judge_has_seat(turn->fold->chart, account, turn->now) ? STR("moved")
		                                                              : STR("left");
	else if (!told_last(turn, begun->file, what, err))
		return false;
	else
		*what = str_eq(*what, STR("left")) ? STR("returned") : STR("");
	return true;
}

/* --- files that are watched ---------------------------------------------------------------------
 */

/* One file of the walk. *is_over: it is older than the kind is watched for, as are all that
 * follow. */
static bool look_at(struct turn *turn, const struct pack_kind *kind, struct store_stmt *row,
                    struct watched ***last, bool *is_over, struct err *err)
{
	struct log_header header;
	struct pack_due end;
	struct str what;
	if (store_is_null(row, 2))
		return true;
	if (!log_header_glance(store_blob(row, 2), &header, err) ||
	    !pack_due(turn->fold->pack->calendar, header.recorded, kind->watches, &end, err))
		return false;
	*is_over = end.due <= (turn->watch->refused ? turn->watch->oldest : turn->now);
	if (*is_over || header.by != LOG_BY_ACCOUNT || !str_eq(header.kind, kind->name))
		return true;
	struct begun begun = { .file = store_int(row, 0),
		               .account = id_str(&header.account),
		               .from = header.recorded,
		               .until = end.due };
	if (!what_of(turn, turn->watch, &begun, &what, err))
		return false;
	if (!what.n)
		return true;
	struct watched *found = arena_alloc(turn->arena, 1, sizeof *found);
	if (!found)
		return err_set(err, ERR_UNABLE, "There is no memory for this act");
	*found = (struct watched){ .file = store_int(row, 0),
		                   .entry = store_int(row, 1),
		                   .what = what };
	**last = found;
	*last = &found->next;
	return true;
}

static bool walk(struct turn *turn, const struct pack_kind *kind, const struct pack_file_type *type,
                 struct watched ***last, struct err *err)
{
	/* By file_number, then the primary key of entry. */
	static const char NEWEST_SQL[] =
		"SELECT f.n, f.first_entry, e.header FROM file AS f JOIN entry AS e ON e.idx = f.first_entry"
		" WHERE f.type = ?1 AND f.destroyed IS NULL ORDER BY f.number DESC";
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	bool is_over = false;
	if (!store_prepare(turn->store, NEWEST_SQL, &rows, err))
		return false;
	store_bind_str(rows, 1, type->name);
	while (!is_over) {
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		if (!look_at(turn, kind, rows, last, &is_over, err))
			return false;
	}
	return true;
}

/* An act of its own, as what follows from a vacancy is (turn_end_act). */
static bool tell(struct turn *turn, const struct watched *watched, struct err *err)
{
	struct folding made;
	fold_begin_act(turn->fold);
	turn->follow_count = 0;
	struct json *plain = json_object(turn->fold->arena);
	json_put_integer(turn->fold->arena, plain, STR("of"), watched->entry);
	json_put_text(turn->fold->arena, plain, STR("what"), watched->what);
	return turn_register_entry(turn, STR("writer.changed"), watched->file, plain, -1, &made,
	                           err) &&
	       turn_follow(turn, &made, 0, err) && turn_end_act(turn, err);
}

bool turn_watch(struct turn *turn, struct err *err)
{
	const struct pack *pack = turn->fold->pack;
	struct watched *first = NULL, **last = &first;
	if (!turn->watch)
		return true;
	for (size_t k = 0; k < pack->kind_count; k++) {
		for (size_t t = 0; pack->kinds[k].watches && t < pack->file_type_count; t++) {
			if ((pack->kinds[k].file_types >> t & 1) &&
			    !walk(turn, &pack->kinds[k], &pack->file_types[t], &last, err))
				return false;
		}
	}
	turn->watch = NULL; /* each that follows ends an act too */
	for (const struct watched *one = first; one; one = one->next) {
		if (!tell(turn, one, err))
			return false;
	}
	return true;
}
