/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/access_part.h"

#define LINKED_MAX 256 /* linked files looked at; more of one file are none of an office's own */
#define CAUSE_MAX 8    /* steps from an entry of the register to the act that it follows from */
#define NAMED_ROOM ((size_t)1 << 20)

/* By duty_file(file, id): a file's duties are few. */
static const char OWES_SQL[] = "SELECT 1 FROM duty WHERE file = ?1 AND office = ?2 LIMIT 1";
static const char OWED_SQL[] = "SELECT rule, opened FROM duty WHERE file = ?1 AND office = ?2";
/* By duty_file, then duty_also_duty. */
static const char OWES_TOO_SQL[] =
	"SELECT 1 FROM duty AS d JOIN duty_also AS a ON a.duty = d.id WHERE d.file = ?1 AND a.office = ?2"
	" LIMIT 1";
/* By restriction_file, then the primary key of restriction_reader. */
static const char READS_ON_SQL[] =
	"SELECT 1 FROM restriction AS r JOIN restriction_reader AS o ON o.restriction = r.entry"
	" WHERE r.file = ?1 AND o.office = ?2 AND r.ended IS NULL AND r.until_at > ?3 LIMIT 1";
/* By entry_thread; an office's id is of small letters, digits and hyphens alone. */
static const char NAMED_SQL[] =
	"SELECT idx, header, plain FROM entry WHERE file = ?1 AND header IS NOT NULL AND plain LIKE ?2"
	" ORDER BY idx DESC";
/* By the primary key. */
static const char CORRECTED_SQL[] =
	"SELECT value FROM corrected WHERE of_entry = ?1 AND field = ?2";
static const char ENTRY_SQL[] = "SELECT header, plain FROM entry WHERE idx = ?1";
/* By the primary key and by link_b. */
static const char LINKED_SQL[] =
	"SELECT b, entry, relation FROM link WHERE a = ?1 AND removed IS NULL"
	" UNION SELECT a, entry, relation FROM link WHERE b = ?1 AND removed IS NULL LIMIT ?2";
static const char TYPE_SQL[] = "SELECT type, first_entry FROM file WHERE n = ?1";

/* True when the statement gives a row. */
static bool gives_row(struct store_stmt *stmt, bool *found, struct err *err)
{
	enum store_step step = store_step(stmt, err);
	*found = step == STORE_ROW;
	return step != STORE_FAILED;
}

static bool asks(struct store *store, const char *sql, int64_t file, struct str office, instant now,
                 bool *found, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	if (!store_prepare(store, sql, &stmt, err))
		return false;
	store_bind_int(stmt, 1, file);
	store_bind_str(stmt, 2, office);
	if (now)
		store_bind_int(stmt, 3, now);
	return gives_row(stmt, found, err);
}

bool part_owes(struct store *store, int64_t file, struct str office, bool *owes, struct err *err)
{
	return asks(store, OWES_SQL, file, office, 0, owes, err);
}

bool part_needs_none(const struct pack_kind *kind, const struct pack_office *role)
{
	for (size_t i = 0; kind && role && i < kind->any_file_count; i++) {
		if (kind->any_file[i] == role)
			return true;
	}
	return false;
}

/* The office whose act made the entry, or made what the register did after it; NULL: nobody of the
 * partnership. */
static bool maker_of(struct casebook_reader *reader, int64_t entry,
                     const struct chart_office **maker, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(NAMED_ROOM);
	*maker = NULL;
	for (int steps = 0; arena && entry >= 0 && steps < CAUSE_MAX; steps++) {
		CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
		const struct json *fields = NULL;
		struct log_header header;
		struct err ignored = { 0 };
		if (!store_prepare(reader->store, ENTRY_SQL, &found, err))
			return false;
		store_bind_int(found, 1, entry);
		enum store_step step = store_step(found, err);
		if (step != STORE_ROW || store_is_null(found, 0))
			return step != STORE_FAILED;
		if (!log_header_glance(store_blob(found, 0), &header, err))
			return false;
		if (header.by == LOG_BY_ACCOUNT)
			*maker = chart_find(reader->chart, header.office);
		if (header.by != LOG_BY_REGISTER ||
		    !json_read(arena, arena_copy(arena, store_str(found, 1)), 8, &fields, &ignored))
			return true;
		entry = json_number(fields, STR("cause"), -1);
	}
	return true;
}

static bool is_by_role(const struct pack_duty *rule, const struct pack_office *role)
{
	for (size_t i = 0; rule && role && i < rule->owner_count; i++) {
		if (rule->owners[i].sort == PACK_OWNER_ROLE && rule->owners[i].role == role &&
		    rule->owners[i].step_count == 0)
			return true;
	}
	return false;
}

/* What the rules put on its role, or another's act on it. What its own act put on itself, as
 * "office of the last entry" does, would let it in by writing. */
static bool owes_for_others(const struct part_of *asked, const struct chart_office *office,
                            bool *owes, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	const struct pack *pack = reader_pack(asked->reader);
	bool is_private = asked->type && asked->type->is_private;
	*owes = false;
	if (!store_prepare(asked->reader->store, OWED_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, asked->file);
	store_bind_str(rows, 2, office->id);
	while (!*owes) {
		const struct chart_office *maker;
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		*owes = is_private ||
		        is_by_role(pack_duty_find(pack, store_str(rows, 0)), office->role);
		if (*owes)
			return true;
		if (!maker_of(asked->reader, store_int(rows, 1), &maker, err))
			return false;
		*owes = !maker || !str_eq(maker->id, office->id);
	}
	return true;
}

/* What it wrote later is no part by itself: nobody comes to read a file by adding to it. */
static bool began(const struct part_of *asked, const struct chart_office *office, bool *found,
                  struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *first = NULL;
	struct log_header header;
	*found = false;
	if (!store_prepare(asked->reader->store, ENTRY_SQL, &first, err))
		return false;
	store_bind_int(first, 1, asked->first);
	enum store_step step = store_step(first, err);
	if (step != STORE_ROW || store_is_null(first, 0))
		return step != STORE_FAILED;
	if (!log_header_glance(store_blob(first, 0), &header, err))
		return false;
	*found = header.by == LOG_BY_ACCOUNT &&
	         (asked->account.n ? str_eq(id_str(&header.account), asked->account)
	                           : str_eq(header.office, office->id));
	return true;
}

/* --- named ----------------------------------------------------------------------------------- */

struct naming {
	const struct part_of *asked;
	struct str office;
	struct arena *arena;
};

static bool says(const struct json *value, struct str office)
{
	if (!value || value->type != JSON_ARRAY)
		return value && value->type == JSON_STRING && str_eq(value->string, office);
	for (const struct json *item = value->first; item; item = item->next) {
		if (item->type == JSON_STRING && str_eq(item->string, office))
			return true;
	}
	return false;
}

static bool rows_say(const struct pack_field *field, const struct json *rows, struct str office)
{
	for (const struct json *row = rows ? rows->first : NULL; row; row = row->next) {
		for (size_t i = 0; i < field->column_count; i++) {
			if (field->columns[i].type == PACK_OFFICE &&
			    says(json_member(row, field->columns[i].name), office))
				return true;
		}
	}
	return false;
}

/* The newest value of the field: what was corrected names nobody any more. */
static bool names_by(const struct naming *naming, const struct pack_field *field, int64_t entry,
                     const struct json *fields, bool *names, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *corrected = NULL;
	const struct json *value = json_member(fields, field->name);
	if (field->type == PACK_ROWS) {
		*names = rows_say(field, value, naming->office);
		return true;
	}
	if (field->type != PACK_OFFICE)
		return true;
	if (!store_prepare(naming->asked->reader->store, CORRECTED_SQL, &corrected, err))
		return false;
	store_bind_int(corrected, 1, entry);
	store_bind_str(corrected, 2, field->name);
	enum store_step step = store_step(corrected, err);
	*names = step == STORE_ROW ? str_eq(store_str(corrected, 0), naming->office)
	                           : says(value, naming->office);
	return step != STORE_FAILED;
}

/* Whether the entry, or the one that it corrects, names the office in a field of its kind. Whoever
 * may read on is named for as long as the restriction is in force (READS_ON_SQL). */
static bool entry_names(const struct naming *naming, int64_t entry, const struct log_header *header,
                        struct str plain, bool *names, struct err *err)
{
	const struct casebook_reader *reader = naming->asked->reader;
	const struct pack *pack = reader_pack(reader);
	const struct pack_kind *kind = pack_kind_find(pack, header->kind);
	const struct json *fields;
	const struct chart_office *by =
		header->by == LOG_BY_ACCOUNT ? chart_find(reader->chart, header->office) : NULL;
	struct err ignored = { 0 };
	if (!kind || header->by == LOG_BY_NOBODY || str_eq(header->office, naming->office) ||
	    (by && part_needs_none(kind, by->role)) ||
	    !json_read(naming->arena, arena_copy(naming->arena, plain), 8, &fields, &ignored))
		return true;
	if (kind->is_built_in) {
		CLEANUP(store_stmt_finish) struct store_stmt *of = NULL;
		struct log_header corrected;
		if (!str_eq(kind->name, STR("entry.corrected")))
			return true;
		if (!store_prepare(reader->store, ENTRY_SQL, &of, err))
			return false;
		store_bind_int(of, 1, json_number(fields, STR("of"), -1));
		enum store_step step = store_step(of, err);
		if (step != STORE_ROW || store_is_null(of, 0))
			return step != STORE_FAILED;
		if (!log_header_glance(store_blob(of, 0), &corrected, err))
			return false;
		kind = pack_kind_find(pack, corrected.kind);
		const struct pack_field *field =
			kind ? pack_field_find(kind, json_text(fields, STR("field"))) : NULL;
		return !field || kind->restricts || field->type != PACK_OFFICE ||
		       names_by(naming, field, json_number(fields, STR("of"), -1), NULL, names,
		                err);
	}
	for (size_t i = 0; !*names && i < kind->field_count; i++) {
		if (!(kind->restricts && str_eq(kind->restricts->to, kind->fields[i].name)) &&
		    !names_by(naming, &kind->fields[i], entry, fields, names, err))
			return false;
	}
	return true;
}

static bool is_named(const struct part_of *asked, struct str office, bool *found, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(NAMED_ROOM);
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct naming naming = { .asked = asked, .office = office, .arena = arena };
	*found = false;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to look at who may read");
	if (!store_prepare(asked->reader->store, NAMED_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, asked->file);
	store_bind_str(rows, 2, arena_format(arena, "%%\"%.*s\"%%", STR_ARG(office)));
	while (!*found) {
		struct log_header header;
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		if (!log_header_glance(store_blob(rows, 1), &header, err) ||
		    !entry_names(&naming, store_int(rows, 0), &header, store_str(rows, 2), found,
		                 err))
			return false;
	}
	return true;
}

/* --- a part ---------------------------------------------------------------------------------- */

bool part_has(const struct part_of *asked, const struct chart_office *office, bool *has,
              struct err *err)
{
	struct store *store = asked->reader->store;
	bool is_private = asked->type && asked->type->is_private;
	instant now = casebook_now(asked->reader->book);
	*has = false;
	if (!owes_for_others(asked, office, has, err) ||
	    (!*has && !asks(store, OWES_TOO_SQL, asked->file, office->id, 0, has, err)) ||
	    (!*has && !began(asked, office, has, err)))
		return false;
	if (*has || is_private)
		return true;
	return asks(store, READS_ON_SQL, asked->file, office->id, now, has, err) &&
	       (*has || is_named(asked, office->id, has, err));
}

bool part_is_of_area(const struct part_of *asked, const struct chart_office *office)
{
	struct str file = asked->area;
	return !file.n || str_eq(file, STR("-")) || !office->area.n ||
	       str_eq(office->area, STR("-")) || str_eq(file, office->area);
}

bool part_reads(const struct part_of *asked, const struct chart_office *office,
                enum pack_reads what)
{
	const struct pack_file_type *type = asked->type;
	for (size_t i = 0; type && office->role && i < office->role->read_count; i++) {
		const struct pack_read *read = &office->role->reads[i];
		bool is_state = !read->states || (asked->state >= 0 &&
		                                  read->states[type->number] >> asked->state & 1);
		if (read->what == what && is_state && pack_read_covers(read, type))
			return true;
	}
	return false;
}

/* Whether the link counts for the office. Between two who are alike, as one person's files are, and
 * the children of one house, nobody opens what they could not read themselves; a report that names
 * a child is another's word about them, and is read with the child's file by whoever is asked. */
static bool is_vouched(const struct part_of *asked, const struct chart_office *office,
                       const struct pack_relation *relation, int64_t entry, bool *counts,
                       struct err *err)
{
	const struct chart_office *maker;
	bool is_between_alike = relation && relation->is_both_ways;
	if (!maker_of(asked->reader, entry, &maker, err))
		return false;
	*counts = !maker || (!is_between_alike && !str_eq(maker->agency, office->agency)) ||
	          (part_is_of_area(asked, maker) && part_reads(asked, maker, PACK_READS_CHILDREN));
	struct part_of theirs = *asked;
	theirs.account = STR("");
	return *counts || str_eq(maker->id, office->id) || part_has(&theirs, maker, counts, err);
}

static bool has_part_in(struct casebook_reader *reader, int64_t file,
                        const struct chart_office *office, bool *has, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	struct part_of linked = { .reader = reader, .file = file };
	*has = false;
	if (!store_prepare(reader->store, TYPE_SQL, &found, err))
		return false;
	store_bind_int(found, 1, file);
	enum store_step step = store_step(found, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	linked.type = pack_file_type_find(reader_pack(reader), store_str(found, 0));
	linked.first = store_int(found, 1);
	return part_has(&linked, office, has, err);
}

bool part_has_linked(const struct part_of *asked, const struct chart_office *office, bool *has,
                     bool *has_own_link, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	*has = *has_own_link = false;
	if (!store_prepare(asked->reader->store, LINKED_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, asked->file);
	store_bind_int(rows, 2, LINKED_MAX);
	for (;;) {
		bool is_own;
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		const struct pack_relation *relation =
			pack_relation_find(reader_pack(asked->reader), store_str(rows, 2));
		/* Whoever says that two files are of two people gives nobody a part in either. */
		if (relation && relation->is_apart)
			continue;
		if (!has_part_in(asked->reader, store_int(rows, 0), office, &is_own, err))
			return false;
		if (is_own && !is_vouched(asked, office, relation, store_int(rows, 1), has, err))
			return false;
		*has_own_link = *has_own_link || (is_own && !*has);
		if (*has)
			return true;
	}
}
