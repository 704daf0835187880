/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Who may read what: decided here and nowhere else (L9).
 *
 * A1. The pack says what an office reads; an account reads as an office that
 *     it holds or stands in for today, and as nothing else.
 * A2. An office that owes or owed something on a file, or wrote on it, or was
 *     told that something there is late, may know that the file is there.
 *     What it may open is still the pack's word.
 * A3. The register's own file opens for nobody; its plain side is for
 *     register-administrator and for offices that owe something on it.
 * A4. An emergency reading opens one file for one account until its hour.
 * A5. A file of a private type is for the offices whose reads name the type.
 *     Whoever wrote on it himself, or whose office owes something there, may
 *     know of it and opens no words; being told that something is late is no
 *     part in it. No emergency opens it but for an independent office.
 * A6. While a restriction is in force, words that it hides open for the offices
 *     that it names, for those that placed it, and for independent ones, each
 *     where it reads the file anyway: it gives nobody more. That there are
 *     words, their kind, time, office and duties stay.
 */
#include "casebook/chart.h"
#include "casebook/readings.h"

#define PROVED_MAX 8 /* of one file's emergency readings by one account in a day: newest first */
#define PROOF_ROOM ((size_t)1 << 20)
#define LINKED_MAX 256 /* linked files looked at; more of one file are none of an office's own */

/* By duty_file(file, id): a file's duties are few. */
static const char OWES_SQL[] = "SELECT 1 FROM duty WHERE file = ?1 AND office = ?2 LIMIT 1";
/* By duty_file, then duty_also_duty. */
static const char OWES_TOO_SQL[] =
	"SELECT 1 FROM duty AS d JOIN duty_also AS a ON a.duty = d.id WHERE d.file = ?1 AND a.office = ?2"
	" LIMIT 1";
/* By duty_file, then the primary key of climb (duty, rung, office). */
static const char TOLD_SQL[] =
	"SELECT 1 FROM duty AS d JOIN climb AS c ON c.duty = d.id WHERE d.file = ?1 AND c.office = ?2"
	" LIMIT 1";
/* By entry_thread(file, idx). */
static const char HEADERS_SQL[] =
	"SELECT header FROM entry WHERE file = ?1 AND header IS NOT NULL ORDER BY idx DESC";
/* By the primary key and by link_b. */
static const char LINKED_SQL[] =
	"SELECT b FROM link WHERE a = ?1 AND removed IS NULL"
	" UNION SELECT a FROM link WHERE b = ?1 AND removed IS NULL LIMIT ?2";
/* By the primary key (file, account, entry). */
static const char BROKEN_SQL[] =
	"SELECT entry, until_at FROM broken WHERE file = ?1 AND account = ?2 AND until_at > ?3"
	" ORDER BY entry DESC LIMIT ?4";
/* By the primary key. */
static const char FILE_SQL[] = "SELECT type, state, area, id FROM file WHERE n = ?1";

struct asked {
	struct casebook_reader *reader;
	const struct casebook_viewer *viewer;
	const struct chart_office *office;
	int64_t file;
	const struct pack_file_type *type; /* NULL: gone from the pack */
	int state;
	struct id id;
	bool is_of_area;
};

/* True when the statement gives a row. */
static bool gives_row(struct store_stmt *stmt, bool *found, struct err *err)
{
	enum store_step step = store_step(stmt, err);
	*found = step == STORE_ROW;
	return step != STORE_FAILED;
}

static bool owes(struct store *store, const char *sql, int64_t file, struct str office, bool *found,
                 struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(store, sql, &stmt, err))
		return false;
	store_bind_int(stmt, 1, file);
	store_bind_str(stmt, 2, office);
	return gives_row(stmt, found, err);
}

/* `account` empty: whoever acted for the office; else that account, for whichever office. */
static bool wrote(struct store *store, int64_t file, struct str office, struct str account,
                  bool *found, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	*found = false;
	if (!store_prepare(store, HEADERS_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, file);
	while (!*found) {
		struct log_header header;
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			break;
		if (!log_header_read(store_blob(rows, 0), &header, err))
			return false;
		/* Breaking in is no part in a file: it ends at its hour (A4). */
		*found = header.by == LOG_BY_ACCOUNT &&
		         (account.n ? str_eq(id_str(&header.account), account)
		                    : str_eq(header.office, office)) &&
		         !str_eq(header.kind, STR("access.broken"));
	}
	return true;
}

static bool has_part(struct store *store, int64_t file, struct str office, struct str account,
                     bool *found, struct err *err)
{
	return owes(store, OWES_SQL, file, office, found, err) &&
	       (*found || owes(store, OWES_TOO_SQL, file, office, found, err)) &&
	       (*found || wrote(store, file, office, account, found, err));
}

static bool has_part_in_linked(struct store *store, int64_t file, struct str office, bool *found,
                               struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	*found = false;
	if (!store_prepare(store, LINKED_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, file);
	store_bind_int(rows, 2, LINKED_MAX);
	while (!*found) {
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			break;
		if (!has_part(store, store_int(rows, 0), office, STR(""), found, err))
			return false;
	}
	return true;
}

/* Whether the log says that the viewer broke in on this file, until then: the view alone is
 * anybody's who can write the database. */
static bool is_logged(const struct asked *asked, int64_t entry, instant until, bool *found,
                      struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(PROOF_ROOM);
	struct log_header header;
	const struct json *fields;
	struct str plain;
	struct id account;
	struct err ignored;
	instant said;
	bool is_proved;
	*found = false;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to look at who may read");
	if (!reader_proved_entry(asked->reader, arena, entry, &header, &plain, &is_proved, err))
		return false;
	*found = is_proved && header.by == LOG_BY_ACCOUNT &&
	         str_eq(header.kind, STR("access.broken")) && id_eq(&header.file, &asked->id) &&
	         id_read(asked->viewer->actor.account, &account) &&
	         id_eq(&header.account, &account) &&
	         json_read(arena, plain, 8, &fields, &ignored) &&
	         instant_read(json_text(fields, STR("until")), &said) && said == until;
	return true;
}

static bool is_broken(const struct asked *asked, bool *found, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	*found = false;
	if (!store_prepare(asked->reader->store, BROKEN_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, asked->file);
	store_bind_str(rows, 2, asked->viewer->actor.account);
	store_bind_int(rows, 3, casebook_now(asked->reader->book));
	store_bind_int(rows, 4, PROVED_MAX);
	while (!*found) {
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		if (!is_logged(asked, store_int(rows, 0), store_int(rows, 1), found, err))
			return false;
	}
	return true;
}

/* A file without an area, and an office for all areas, are of everybody's. */
static bool is_of_area(struct str file_area, struct str office_area)
{
	return !file_area.n || str_eq(file_area, STR("-")) || !office_area.n ||
	       str_eq(office_area, STR("-")) || str_eq(file_area, office_area);
}

static bool read_file(struct asked *asked, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	if (!store_prepare(asked->reader->store, FILE_SQL, &found, err))
		return false;
	store_bind_int(found, 1, asked->file);
	enum store_step step = store_step(found, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE)
		return err_set(err, ERR_ABSENT, "There is no such file");
	asked->type = pack_file_type_find(reader_pack(asked->reader), store_str(found, 0));
	asked->state = (int)store_int(found, 1);
	if (!id_read(store_str(found, 3), &asked->id))
		return err_set(err, ERR_FAULT, "a file's id is none");
	asked->is_of_area = asked->office && is_of_area(store_str(found, 2), asked->office->area);
	return true;
}

static bool covers(const struct asked *asked, const struct pack_read *read)
{
	const struct pack_file_type *type = asked->type;
	if (!type || !pack_read_covers(read, type))
		return false;
	return !read->states ||
	       (asked->state >= 0 && read->states[type->number] >> asked->state & 1);
}

/* Whether the pack lets the office read in this way on the file. */
static bool reads(const struct asked *asked, enum pack_reads what)
{
	const struct pack_office *role = asked->office->role;
	for (size_t i = 0; role && i < role->read_count; i++) {
		if (role->reads[i].what == what && covers(asked, &role->reads[i]))
			return true;
	}
	return false;
}

static bool is_independent(const struct asked *asked)
{
	return asked->office->role && asked->office->role->is_independent;
}

static bool decide_register_file(const struct asked *asked, struct casebook_access *out,
                                 struct err *err)
{
	out->because = STR(
		"The register's own file holds names and keys of accounts. Nobody reads them here.");
	out->may_know = str_eq(asked->office->role_name, STR("register-administrator"));
	return out->may_know || owes(asked->reader->store, OWES_SQL, asked->file, asked->office->id,
	                             &out->may_know, err);
}

static bool decide(const struct asked *asked, struct casebook_access *out, struct err *err)
{
	struct store *store = asked->reader->store;
	bool is_own = false, is_linked = false;
	if (asked->file == 0)
		return decide_register_file(asked, out, err);
	bool is_private = asked->type && asked->type->is_private;
	if (!(is_private && !is_independent(asked)) &&
	    !is_broken(asked, &out->by_broken_glass, err))
		return false;
	out->may_open =
		out->by_broken_glass || (asked->is_of_area && reads(asked, PACK_READS_CHILDREN));
	struct str account = is_private ? asked->viewer->actor.account : STR("");
	if (!out->may_open &&
	    !has_part(store, asked->file, asked->office->id, account, &is_own, err))
		return false;
	if (!out->may_open && reads(asked, PACK_READS_OWN)) {
		if (!is_own &&
		    !has_part_in_linked(store, asked->file, asked->office->id, &is_linked, err))
			return false;
		out->may_open = is_own || is_linked;
	}
	/* Offices are no secret: who stands where is for everybody who is in. */
	bool is_office_file = asked->type && asked->type->is_built_in;
	out->may_know = out->may_open || is_own || is_office_file;
	if (!out->may_know && !is_private &&
	    !owes(store, TOLD_SQL, asked->file, asked->office->id, &out->may_know, err))
		return false;
	if (!out->may_open)
		out->because =
			out->may_know
				? STR("Your office has a part in this file, but does not read the words.")
				: STR("Your office has no part in this file.");
	return true;
}

/* By restriction_file, then primary keys. Words of the restricting entries themselves are hidden
 * with what they restrict. */
static const char HIDDEN_SQL[] =
	"SELECT 1 FROM restriction AS r LEFT JOIN restriction_entry AS e ON e.restriction = r.entry"
	" AND e.entry = ?2 WHERE r.file = ?1 AND r.ended IS NULL AND r.until_at > ?3"
	" AND ((r.whole <> 0 AND e.opened IS NULL) OR (e.entry IS NOT NULL AND e.opened IS NULL)"
	" OR r.entry = ?2 OR r.first = ?2)"
	" AND NOT EXISTS (SELECT 1 FROM restriction_reader AS o WHERE o.restriction = r.entry"
	" AND o.office = ?4) LIMIT 1";

bool reader_is_hidden(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                      int64_t file, int64_t entry, bool *is_hidden, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	const struct chart_office *office = chart_find(reader->chart, viewer->actor.office);
	*is_hidden = false;
	if (office && office->role && office->role->is_independent)
		return true;
	if (!store_prepare(reader->store, HIDDEN_SQL, &found, err))
		return false;
	store_bind_int(found, 1, file);
	store_bind_int(found, 2, entry);
	store_bind_int(found, 3, casebook_now(reader->book));
	store_bind_str(found, 4, viewer->actor.office);
	return gives_row(found, is_hidden, err);
}

bool reader_is_seat(const struct casebook_reader *reader, struct str office, struct str account)
{
	bool is_deputy;
	const struct chart_office *found = chart_find(reader->chart, office);
	return found && account.n &&
	       chart_may_act(reader->chart, found, account, casebook_now(reader->book), &is_deputy);
}

bool casebook_may(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                  int64_t file, struct casebook_access *out, struct err *err)
{
	struct asked asked = { .reader = reader, .viewer = viewer, .file = file };
	*out = (struct casebook_access){ 0 };
	switch (viewer->actor.by) {
	case CASEBOOK_BY_OFFICE:
		if (reader_is_seat(reader, viewer->actor.office, viewer->actor.account))
			asked.office = chart_find(reader->chart, viewer->actor.office);
		if (!read_file(&asked, err))
			return false;
		if (asked.office)
			return decide(&asked, out, err);
		out->because = STR("You do not hold this office today.");
		return true;
	case CASEBOOK_BY_REGISTER:
	case CASEBOOK_BY_PERSON:
		/* They see what is owed and done, and open no seal. */
		out->may_know = true;
		out->because = STR("The words are read by the offices that act on them.");
		return read_file(&asked, err);
	case CASEBOOK_BY_PUBLIC:
		out->because = STR("There is no such file");
		return true;
	}
	return true;
}
