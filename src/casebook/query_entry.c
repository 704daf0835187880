/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Questions about entries: their plain side alone. */
#include "casebook/query.h"

#include "casebook/rows.h"

#define PLAIN_DEPTH 8

#define ENTRY_COLUMNS                                                                              \
	"SELECT e.idx, e.file, e.kind, e.header, e.plain, f.id, f.destroyed"                       \
	" FROM entry AS e JOIN file AS f ON f.n = e.file"
static const char ENTRY_SQL[] = ENTRY_COLUMNS " WHERE e.idx = ?1"; /* primary keys */
/* By entry_thread(file, idx). */
static const char ENTRIES_SQL[] =
	ENTRY_COLUMNS " WHERE e.file = ?1 AND f.n = ?1 AND e.idx > ?2 ORDER BY e.idx LIMIT ?3";

static const char ENTRIES_BEFORE_SQL[] =
	ENTRY_COLUMNS " WHERE e.file = ?1 AND f.n = ?1 AND e.idx < ?2 ORDER BY e.idx DESC LIMIT ?3";

#define NEWEST_LOOKED 500
/* By entry_file(file, kind, idx). */
static const char NEWEST_SQL[] = ENTRY_COLUMNS
	" WHERE e.file = ?1 AND f.n = ?1 AND e.kind = ?2 ORDER BY e.idx DESC LIMIT ?3";

static enum casebook_by by_of(const struct log_header *header)
{
	switch (header->by) {
	case LOG_BY_NOBODY:
		return CASEBOOK_BY_PUBLIC;
	case LOG_BY_REGISTER:
		return CASEBOOK_BY_REGISTER;
	case LOG_BY_ACCOUNT:
		return CASEBOOK_BY_OFFICE;
	}
	return CASEBOOK_BY_PUBLIC;
}

static bool fill_header(struct arena *arena, struct casebook_entry *entry, struct err *err)
{
	struct log_header header;
	if (!log_header_read(entry->header, &header, err))
		return false;
	entry->recorded = header.recorded;
	entry->happened = header.recorded;
	entry->by = by_of(&header);
	entry->is_sealed = header.is_sealed;
	if (header.by != LOG_BY_ACCOUNT)
		return true;
	entry->account = arena_copy(arena, id_str(&header.account));
	entry->office = header.office; /* a slice of the copied header */
	return entry->account.p || rows_too_long(err);
}

static bool fill_entry(struct casebook_reader *reader, struct arena *arena,
                       struct store_stmt *found, struct casebook_entry *entry, struct err *err)
{
	bool lost = false;
	struct str header = store_blob(found, 3), plain = row_text(arena, found, 4, &lost);
	*entry = (struct casebook_entry){
		.index = store_int(found, 0),
		.file = store_int(found, 1),
		.file_id = row_text(arena, found, 5, &lost),
		.kind = row_text(arena, found, 2, &lost),
		.header = header.p ? arena_copy(arena, header) : STR_NONE,
		.is_destroyed = !store_is_null(found, 6) || !header.p,
	};
	entry->rules = pack_kind_find(reader_pack(reader), entry->kind);
	if (lost || (header.p && !entry->header.p))
		return rows_too_long(err);
	if (!header.p)
		return true;
	if (!fill_header(arena, entry, err) ||
	    !json_read(arena, plain.n ? plain : STR("{}"), PLAIN_DEPTH, &entry->plain, err))
		return false;
	instant happened;
	if (instant_read(json_text(entry->plain, STR("happened")), &happened))
		entry->happened = happened;
	return true;
}

bool casebook_entry_get(struct casebook_reader *reader, struct arena *arena, int64_t index,
                        struct casebook_entry *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	*out = (struct casebook_entry){ 0 };
	if (!store_prepare(reader->store, ENTRY_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, index);
	enum store_step step = store_step(stmt, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE)
		return err_set(err, ERR_ABSENT, "There is no such entry");
	return fill_entry(reader, arena, stmt, out, err);
}

static bool says(const struct casebook_entry *entry, struct str field, struct str code)
{
	const struct json *value = entry->plain ? json_member(entry->plain, field) : NULL;
	if (value && value->type == JSON_ARRAY) {
		for (const struct json *item = value->first; item; item = item->next)
			if (item->type == JSON_STRING && str_eq(item->string, code))
				return true;
		return false;
	}
	return value && value->type == JSON_STRING && str_eq(value->string, code);
}

bool casebook_entry_newest(struct casebook_reader *reader, struct arena *arena, int64_t file,
                           struct str kind, struct str field, struct str code,
                           struct casebook_entry *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	*out = (struct casebook_entry){ 0 };
	if (!store_prepare(reader->store, NEWEST_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, file);
	store_bind_str(stmt, 2, kind);
	store_bind_int(stmt, 3, field.p ? NEWEST_LOOKED : 1);
	for (;;) {
		enum store_step step = store_step(stmt, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			return err_set(err, ERR_ABSENT, "There is no such entry");
		if (!fill_entry(reader, arena, stmt, out, err))
			return false;
		if (!field.p || says(out, field, code))
			return true;
	}
}

static bool list_entries(struct casebook_reader *reader, struct arena *arena, const char *sql,
                         int64_t file, int64_t bound, size_t limit,
                         const struct casebook_entry **out, size_t *count, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_entry) };
	*out = NULL;
	*count = 0;
	if (!rows_limit_is_good(limit, err) || !store_prepare(reader->store, sql, &stmt, err))
		return false;
	store_bind_int(stmt, 1, file);
	store_bind_int(stmt, 2, bound);
	store_bind_int(stmt, 3, (int64_t)limit);
	bool failed;
	for (struct casebook_entry *entry; (entry = rows_next(&rows, stmt, &failed, err));) {
		if (!fill_entry(reader, arena, stmt, entry, err))
			return false;
	}
	if (failed)
		return false;
	*out = rows.at;
	*count = rows.count;
	return true;
}

bool casebook_entries(struct casebook_reader *reader, struct arena *arena, int64_t file,
                      int64_t after, size_t limit, const struct casebook_entry **out, size_t *count,
                      struct err *err)
{
	return list_entries(reader, arena, ENTRIES_SQL, file, after, limit, out, count, err);
}

bool casebook_entries_before(struct casebook_reader *reader, struct arena *arena, int64_t file,
                             int64_t before, size_t limit, const struct casebook_entry **out,
                             size_t *count, struct err *err)
{
	return list_entries(reader, arena, ENTRIES_BEFORE_SQL, file, before, limit, out, count,
	                    err);
}

/* "contact-rules" of "contact": when it is safe, and the word by which they know us. */
static bool is_of_address(const struct pack_kind *kind, struct str key)
{
	for (size_t i = 0; i < kind->field_count; i++) {
		struct str name = kind->fields[i].name;
		if (kind->fields[i].type == PACK_ADDRESS && str_starts(key, name) &&
		    key.n > name.n && key.p[name.n] == '-')
			return true;
	}
	return false;
}

/* Whether people without an account tell of things by it. */
static bool is_told_by_public(const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->by_count; i++) {
		if (kind->by[i].sort == PACK_BY_PUBLIC || kind->by[i].sort == PACK_BY_PERSON)
			return true;
	}
	return false;
}

bool casebook_names_teller(const struct casebook_entry *entry, struct str field)
{
	if (!entry->rules || !is_told_by_public(entry->rules))
		return false;
	const struct pack_field *found = pack_field_find(entry->rules, field);
	bool is_theirs = found && (found->type == PACK_NAME || found->type == PACK_ADDRESS) &&
	                 !found->is_repeated;
	return is_theirs || (found && is_of_address(entry->rules, field));
}

/* The highest n is the pack in force: one step from the end of the primary key. */
bool casebook_pack_since(struct casebook_reader *reader, struct arena *arena,
                         struct casebook_entry *out, struct err *err)
{
	int64_t index;
	return store_get_int(reader->store, "SELECT entry FROM pack ORDER BY n DESC LIMIT 1",
	                     &index, err) &&
	       casebook_entry_get(reader, arena, index, out, err);
}
