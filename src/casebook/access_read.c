/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Who may read what: decided here and nowhere else (L9).
 *
 * A1. The pack says what an office reads; an account reads as an office that
 *     it holds or stands in for today, and as nothing else.
 * A2. An office that has a part in a file (access_part.h), or was told that
 *     something there is late, may know that the file is there. What it may
 *     open is still the pack's word.
 * A3. The register's own file opens for nobody; its plain side is for
 *     register-administrator and for offices that owe something on it.
 * A4. An emergency reading opens one file for one account until its hour.
 * A5. A file of a private type is for the offices whose reads name the type.
 *     Whoever began it himself, or whose office owes something there, may
 *     know of it and opens no words; being named in it, or told that something
 *     is late, is no part in it. No emergency opens it but for an independent
 *     office.
 * A6. While a restriction is in force, words that it hides open for the offices
 *     that it names, for those that placed it, and for independent ones. Being
 *     named is a part in the file, while it lasts. That there are words, their
 *     kind, time, office and duties stay.
 * A7. An office that oversees restrictions opens what is restricted, of any
 *     file that it covers, and of the rest nothing.
 * A8. Where the pack lets an office write without a part in the file, it may
 *     write that, and see what it wrote itself. It learns nothing else, and
 *     what it wrote, and what that made it owe, is no part. The same holds of
 *     any act on a file that its own agency linked to one of its own, where that
 *     link lets it read nothing.
 */
#include "casebook/access_part.h"

#define PROVED_MAX 8 /* of one file's emergency readings by one account in a day: newest first */
#define PROOF_ROOM ((size_t)1 << 20)

/* By duty_file, then the primary key of climb (duty, rung, office). */
static const char TOLD_SQL[] =
	"SELECT 1 FROM duty AS d JOIN climb AS c ON c.duty = d.id WHERE d.file = ?1 AND c.office = ?2"
	" LIMIT 1";
/* By the primary key (file, account, entry). */
static const char BROKEN_SQL[] =
	"SELECT entry, until_at FROM broken WHERE file = ?1 AND account = ?2 AND until_at > ?3"
	" ORDER BY entry DESC LIMIT ?4";
/* By restriction_file. */
static const char RESTRICTED_SQL[] =
	"SELECT 1 FROM restriction WHERE file = ?1 AND ended IS NULL AND until_at > ?2 LIMIT 1";
/* By primary keys. */
static const char ENTRY_SQL[] = "SELECT file, header FROM entry WHERE idx = ?1";
static const char FILE_SQL[] = "SELECT type, state, area, id, first_entry FROM file WHERE n = ?1";

struct asked {
	struct casebook_reader *reader;
	const struct casebook_viewer *viewer;
	const struct chart_office *office;
	int64_t file;
	struct id id;
	struct part_of part;
};

/* True when the statement gives a row. */
static bool gives_row(struct store_stmt *stmt, bool *found, struct err *err)
{
	enum store_step step = store_step(stmt, err);
	*found = step == STORE_ROW;
	return step != STORE_FAILED;
}

static bool was_told(struct store *store, int64_t file, struct str office, bool *told,
                     struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(store, TOLD_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, file);
	store_bind_str(stmt, 2, office);
	return gives_row(stmt, told, err);
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

/* Slices are of the statement's row. */
static bool read_file(struct asked *asked, struct store_stmt *found, struct err *err)
{
	store_bind_int(found, 1, asked->file);
	enum store_step step = store_step(found, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE)
		return err_set(err, ERR_ABSENT, "There is no such file");
	asked->part = (struct part_of){
		.reader = asked->reader,
		.file = asked->file,
		.type = pack_file_type_find(reader_pack(asked->reader), store_str(found, 0)),
		.state = (int)store_int(found, 1),
		.area = store_str(found, 2),
		.first = store_int(found, 4),
		.account = STR(""),
	};
	if (asked->part.type && asked->part.type->is_private)
		asked->part.account = asked->viewer->actor.account;
	return id_read(store_str(found, 3), &asked->id) ||
	       err_set(err, ERR_FAULT, "a file's id is none");
}

/* Whether the pack lets the office read in this way on the file. */
static bool reads(const struct asked *asked, enum pack_reads what)
{
	return part_reads(&asked->part, asked->office, what);
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
	return out->may_know ||
	       part_owes(asked->reader->store, asked->file, asked->office->id, &out->may_know, err);
}

static bool is_restricted(const struct asked *asked, bool *is, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(asked->reader->store, RESTRICTED_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, asked->file);
	store_bind_int(stmt, 2, casebook_now(asked->reader->book));
	return gives_row(stmt, is, err);
}

/* Whether the pack lets the office write anything here without a part in the file. */
static bool writes_anywhere(const struct asked *asked)
{
	const struct pack *pack = reader_pack(asked->reader);
	const struct pack_file_type *type = asked->part.type;
	for (size_t i = 0; type && i < pack->kind_count; i++) {
		const struct pack_kind *kind = &pack->kinds[i];
		if (kind->file_types >> type->number & 1 && !kind->retired.p &&
		    part_needs_none(kind, asked->office->role))
			return true;
	}
	return false;
}

static void say_why(struct casebook_access *out)
{
	if (out->may_open)
		return;
	out->because = STR("Your office has no part in this file.");
	if (out->may_know)
		out->because =
			STR("Your office has a part in this file, but does not read the words.");
	if (out->opens_restricted)
		out->because = STR("Your office reads here what is restricted, and nothing else.");
}

static bool decide(const struct asked *asked, struct casebook_access *out, struct err *err)
{
	const struct pack_file_type *type = asked->part.type;
	bool is_own = false, is_linked = false, has_own_link = false;
	bool is_private = type && type->is_private;
	if (asked->file == 0)
		return decide_register_file(asked, out, err);
	if (!(is_private && !is_independent(asked)) &&
	    !is_broken(asked, &out->by_broken_glass, err))
		return false;
	out->may_open = out->by_broken_glass || (part_is_of_area(&asked->part, asked->office) &&
	                                         reads(asked, PACK_READS_CHILDREN));
	if (!out->may_open && !part_has(&asked->part, asked->office, &is_own, err))
		return false;
	if (!out->may_open && reads(asked, PACK_READS_OWN)) {
		if (!is_own &&
		    !part_has_linked(&asked->part, asked->office, &is_linked, &has_own_link, err))
			return false;
		out->may_open = is_own || is_linked;
	}
	if (!out->may_open && reads(asked, PACK_READS_RESTRICTED) &&
	    !is_restricted(asked, &out->opens_restricted, err))
		return false;
	/* Offices are no secret: who stands where is for everybody who is in. */
	out->may_know =
		out->may_open || is_own || out->opens_restricted || (type && type->is_built_in);
	if (!out->may_know && !is_private &&
	    !was_told(asked->reader->store, asked->file, asked->office->id, &out->may_know, err))
		return false;
	if (!out->may_know && !is_private && !has_own_link &&
	    !part_owes(asked->reader->store, asked->file, asked->office->id, &has_own_link, err))
		return false;
	out->may_add = has_own_link && !out->may_know && !is_private;
	out->may_write_alone = !out->may_know && (out->may_add || writes_anywhere(asked));
	say_why(out);
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

/* From whom none of it is hidden, where `office` is empty: whether anything hides it. */
static bool hides(struct casebook_reader *reader, int64_t file, int64_t entry, struct str office,
                  bool *is_hidden, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	if (!store_prepare(reader->store, HIDDEN_SQL, &found, err))
		return false;
	store_bind_int(found, 1, file);
	store_bind_int(found, 2, entry);
	store_bind_int(found, 3, casebook_now(reader->book));
	store_bind_str(found, 4, office);
	return gives_row(found, is_hidden, err);
}

bool casebook_would_open(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                         const struct casebook_access *access, int64_t file, int64_t entry,
                         enum casebook_seal *how, struct err *err)
{
	const struct chart_office *office = chart_find(reader->chart, viewer->actor.office);
	bool is_hidden = false;
	*how = CASEBOOK_SEAL_KEPT;
	if (!access->may_open && !access->opens_restricted)
		return true;
	if (access->may_open && office && office->role && office->role->is_independent) {
		*how = CASEBOOK_SEAL_OPEN;
		return true;
	}
	if (!hides(reader, file, entry, access->may_open ? viewer->actor.office : STR(""),
	           &is_hidden, err))
		return false;
	if (access->may_open)
		*how = is_hidden ? CASEBOOK_SEAL_RESTRICTED : CASEBOOK_SEAL_OPEN;
	else if (is_hidden)
		*how = CASEBOOK_SEAL_OPEN;
	return true;
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
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	struct asked asked = { .reader = reader, .viewer = viewer, .file = file };
	*out = (struct casebook_access){ 0 };
	if (!store_prepare(reader->store, FILE_SQL, &found, err))
		return false;
	switch (viewer->actor.by) {
	case CASEBOOK_BY_OFFICE:
		if (reader_is_seat(reader, viewer->actor.office, viewer->actor.account))
			asked.office = chart_find(reader->chart, viewer->actor.office);
		if (!read_file(&asked, found, err))
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
		return read_file(&asked, found, err);
	case CASEBOOK_BY_PUBLIC:
		out->because = STR("There is no such file");
		return true;
	}
	return true;
}

bool casebook_may_see(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                      int64_t entry, struct casebook_access *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	struct log_header header;
	*out = (struct casebook_access){ 0 };
	if (!store_prepare(reader->store, ENTRY_SQL, &found, err))
		return false;
	store_bind_int(found, 1, entry);
	enum store_step step = store_step(found, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE)
		return err_set(err, ERR_ABSENT, "There is no such entry");
	if (!casebook_may(reader, viewer, store_int(found, 0), out, err))
		return false;
	if (out->may_know || !out->may_write_alone || store_is_null(found, 1))
		return true;
	if (!log_header_glance(store_blob(found, 1), &header, err))
		return false;
	out->is_own_entry = header.by == LOG_BY_ACCOUNT &&
	                    str_eq(id_str(&header.account), viewer->actor.account) &&
	                    str_eq(header.office, viewer->actor.office);
	if (out->is_own_entry)
		out->may_know = out->may_open = true;
	return true;
}

bool casebook_writes_alone(const struct casebook_reader *reader,
                           const struct casebook_viewer *viewer,
                           const struct casebook_access *access, const struct pack_kind *kind)
{
	const struct chart_office *office = chart_find(reader->chart, viewer->actor.office);
	return access->may_write_alone && office && !kind->is_built_in &&
	       (access->may_add || part_needs_none(kind, office->role));
}
