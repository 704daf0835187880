/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Claims: entries are gone through by their kind, and those of a kind with a
 * field that the pack matches by are opened, one at a time.
 */
#include "casebook/claim.h"

#include "casebook/rows.h"

#define CLAIM_BYTES ((size_t)8 << 20)
#define TEXTS_MAX 256 /* of one entry */
#define OF_FILE_MAX 1000
#define SAID_MAX 500

/* By the primary key. */
static const char KINDS_SQL[] =
	"SELECT idx, kind, file FROM entry WHERE idx >= ?1 AND idx <= ?2 ORDER BY idx";
/* By the primary key. */
static const char CONTACTS_SQL[] =
	"SELECT idx, kind, file, header, plain FROM entry WHERE idx >= ?1 AND idx <= ?2 ORDER BY idx";
/* By entry_thread(file, idx). */
static const char OF_FILE_SQL[] =
	"SELECT idx, kind, file FROM entry WHERE file = ?1 ORDER BY idx LIMIT ?2";
static const char FILE_SQL[] = "SELECT type, number FROM file WHERE n = ?1";
static const char NEWEST_SQL[] = "SELECT COALESCE(MAX(idx), -1) FROM entry";
/* By entry_file(file, kind, idx). */
static const char SAID_SQL[] = "SELECT plain FROM entry WHERE file = ?1 AND kind = ?2 AND plain IS"
			       " NOT NULL ORDER BY idx DESC LIMIT ?3";
/* By the primary key, both ways. */
static const char LINKED_SQL[] =
	"SELECT 1 FROM link WHERE a = ?1 AND b = ?2 AND removed IS NULL"
	" UNION ALL SELECT 1 FROM link WHERE a = ?2 AND b = ?1 AND removed IS NULL LIMIT 1";

static bool is_matched(const struct pack_kind *kind)
{
	for (size_t i = 0; kind && i < kind->field_count; i++) {
		if (kind->fields[i].matched)
			return true;
	}
	return false;
}

struct claiming {
	struct casebook_reader *reader;
	struct arena *arena; /* of one claim */
	struct casebook_claim claim;
	struct casebook_claim_text texts[TEXTS_MAX];
};

static void add_text(struct claiming *claiming, enum pack_matched as, const struct json *value)
{
	if (value->type != JSON_STRING || claiming->claim.count == TEXTS_MAX)
		return;
	struct str text = str_trim(value->string);
	if (text.n)
		claiming->texts[claiming->claim.count++] =
			(struct casebook_claim_text){ .as = as, .text = text };
}

static void add_field(struct claiming *claiming, const struct pack_field *field,
                      const struct json *sealed)
{
	const struct json *value = json_member(sealed, field->name);
	if (!value || !field->matched)
		return;
	if (value->type != JSON_ARRAY)
		add_text(claiming, field->matched, value);
	for (const struct json *item = value->type == JSON_ARRAY ? value->first : NULL; item;
	     item = item->next)
		add_text(claiming, field->matched, item);
}

static bool describe_file(struct claiming *claiming, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	struct casebook_claim *claim = &claiming->claim;
	if (!store_prepare(claiming->reader->store, FILE_SQL, &found, err))
		return false;
	store_bind_int(found, 1, claim->file);
	if (store_step(found, err) != STORE_ROW)
		return err->code ? false : err_set(err, ERR_FAULT, "An entry has no file");
	struct str type = store_str(found, 0);
	claim->type = pack_file_type_find(reader_pack(claiming->reader), type);
	claim->number = number_write(claiming->arena, claim->type, type, store_int(found, 1));
	return claim->number.p ? true : err_set(err, ERR_UNABLE, "There is no memory to compare");
}

/* Reads one entry's claim; `claim.count` 0 and not gone: there is none. */
static bool read_claim(struct claiming *claiming, const struct pack_kind *kind, struct err *err)
{
	struct log_header header;
	const struct json *sealed;
	struct casebook_claim *claim = &claiming->claim;
	arena_reset(claiming->arena);
	claim->texts = claiming->texts;
	if (!reader_open_claim(claiming->reader, claim->entry, claiming->arena, &header,
	                       &claim->is_gone, &sealed, err) ||
	    !describe_file(claiming, err))
		return false;
	claim->office = header.office;
	claim->recorded = header.recorded;
	for (size_t i = 0; sealed && i < kind->field_count; i++)
		add_field(claiming, &kind->fields[i], sealed);
	return true;
}

/* Goes through rows of entry, kind and file. */
static bool visit_rows(struct casebook_reader *reader, struct store_stmt *rows,
                       casebook_visit_claim *visit, void *ctx, int64_t *next, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create_wiping(CLAIM_BYTES);
	struct claiming claiming = { .reader = reader, .arena = arena };
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to compare");
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		int64_t entry = store_int(rows, 0);
		const struct pack_kind *kind =
			pack_kind_find(reader_pack(reader), store_str(rows, 1));
		claiming.claim = (struct casebook_claim){
			.entry = entry,
			.file = store_int(rows, 2),
			.is_gone = str_eq(store_str(rows, 1), STR("file.destroyed")),
		};
		if (is_matched(kind) && !read_claim(&claiming, kind, err))
			return false;
		*next = entry + 1;
		bool is_told = claiming.claim.count > 0 || claiming.claim.is_gone;
		if (is_told && !visit(ctx, &claiming.claim))
			return true;
	}
}

bool casebook_claims(struct casebook_reader *reader, int64_t first, int64_t last,
                     casebook_visit_claim *visit, void *ctx, int64_t *next, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	*next = first;
	if (!store_prepare(reader->store, KINDS_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, first);
	store_bind_int(rows, 2, last);
	return visit_rows(reader, rows, visit, ctx, next, err);
}

bool casebook_claims_of(struct casebook_reader *reader, int64_t file, casebook_visit_claim *visit,
                        void *ctx, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	int64_t ignored;
	if (!store_prepare(reader->store, OF_FILE_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, file);
	store_bind_int(rows, 2, OF_FILE_MAX);
	return visit_rows(reader, rows, visit, ctx, &ignored, err);
}

/* --- who wrote where ------------------------------------------------------------------------- */

static bool read_contact(struct casebook_reader *reader, struct store_stmt *row,
                         struct arena *arena, struct casebook_contact *out, struct err *err)
{
	const struct pack_matching *matching = &reader_pack(reader)->matching;
	struct log_header header;
	struct str plain = store_str(row, 4);
	*out = (struct casebook_contact){
		.entry = store_int(row, 0),
		.kind = pack_kind_find(reader_pack(reader), store_str(row, 1)),
		.file = store_int(row, 2),
		/* Within a text a quotation mark has a stroke before it: it is the member. */
		.is_imported = str_find_str(plain, STR("\"via\":\"import\"")) < plain.n,
	};
	if (!store_is_null(row, 3)) {
		if (!log_header_read(store_blob(row, 3), &header, err))
			return false;
		out->office = header.by == LOG_BY_ACCOUNT ? header.office : STR("");
	}
	bool is_asked = out->kind && matching->propose &&
	                (out->kind == matching->propose || out->kind == matching->answer ||
	                 out->kind == matching->same || out->kind == matching->apart);
	return !is_asked || !plain.n || json_read(arena, plain, JSON_DEPTH_MAX, &out->plain, err);
}

bool casebook_contacts(struct casebook_reader *reader, int64_t first, int64_t last,
                       casebook_visit_contact *visit, void *ctx, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(CLAIM_BYTES);
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to compare");
	if (!store_prepare(reader->store, CONTACTS_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, first);
	store_bind_int(rows, 2, last);
	for (;;) {
		struct casebook_contact contact;
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		if (!read_contact(reader, rows, arena, &contact, err) || !visit(ctx, &contact, err))
			return false;
		arena_reset(arena);
	}
}

bool casebook_newest_entry(struct casebook_reader *reader, int64_t *out, struct err *err)
{
	return store_get_int(reader->store, NEWEST_SQL, out, err);
}

/* Whether one of the newest such entries on `file` names `other`, and says `what` (n 0: anything).
 */
static bool says_of(struct casebook_reader *reader, struct arena *arena,
                    const struct pack_kind *kind, int64_t file, struct str other, struct str what,
                    bool *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	*out = false;
	if (!store_prepare(reader->store, SAID_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, file);
	store_bind_str(rows, 2, kind->name);
	store_bind_int(rows, 3, SAID_MAX);
	for (;;) {
		const struct json *plain;
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		if (!json_read(arena, arena_copy(arena, store_str(rows, 0)), JSON_DEPTH_MAX, &plain,
		               err))
			return false;
		*out = str_eq(json_text(plain, STR("other")), other) &&
		       (what.n == 0 || str_eq(json_text(plain, STR("what")), what));
		if (*out)
			return true;
	}
}

bool casebook_is_related(struct casebook_reader *reader, int64_t a, int64_t b, struct str what,
                         bool *out, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(CLAIM_BYTES);
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	const struct pack_matching *matching = &reader_pack(reader)->matching;
	struct casebook_file files[2];
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to compare");
	if (!store_prepare(reader->store, LINKED_SQL, &found, err))
		return false;
	store_bind_int(found, 1, a);
	store_bind_int(found, 2, b);
	enum store_step step = store_step(found, err);
	if (step == STORE_FAILED)
		return false;
	*out = step == STORE_ROW;
	if (*out || !matching->propose)
		return true;
	return casebook_file_get(reader, arena, a, &files[0], err) &&
	       casebook_file_get(reader, arena, b, &files[1], err) &&
	       says_of(reader, arena, matching->propose, a, files[1].id, what, out, err) &&
	       (*out || says_of(reader, arena, matching->propose, b, files[0].id, what, out, err));
}

static bool opens(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                  const struct casebook_access *access, int64_t file, int64_t entry, bool *out,
                  struct err *err)
{
	enum casebook_seal how;
	if (!casebook_would_open(reader, viewer, access, file, entry, &how, err))
		return false;
	*out = how == CASEBOOK_SEAL_OPEN;
	return true;
}

bool casebook_may_claim(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                        int64_t file, int64_t entry, bool *out, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(CLAIM_BYTES);
	struct casebook_access access;
	struct casebook_file row;
	*out = false;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to compare");
	if (!casebook_may(reader, viewer, file, &access, err))
		return false;
	if (!access.may_know || !(access.may_open || access.opens_restricted))
		return true;
	if (!casebook_file_get(reader, arena, file, &row, err))
		return false;
	if (row.is_destroyed)
		return true;
	return opens(reader, viewer, &access, file, entry, out, err) &&
	       (!*out || opens(reader, viewer, &access, file, row.first_entry, out, err));
}

bool casebook_is_restricted(struct casebook_reader *reader, int64_t file, bool *out,
                            struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(CLAIM_BYTES);
	const struct casebook_restriction *in_force;
	size_t n;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to compare");
	if (!casebook_restrictions(reader, arena, file, 1, &in_force, &n, err))
		return false;
	*out = n > 0;
	return true;
}

bool casebook_own_proposals(struct casebook_reader *reader, struct arena *arena, int64_t file,
                            size_t most, struct casebook_own_proposal *out, size_t *count,
                            struct err *err)
{
	/* By entry_file(file, kind, idx). */
	static const char OWN_SQL[] = "SELECT idx, header, plain FROM entry WHERE file = ?1 AND"
				      " kind = ?2 AND header IS NOT NULL ORDER BY idx";
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	const struct pack_kind *kind = reader_pack(reader)->matching.propose;
	*count = 0;
	if (!kind)
		return true;
	if (!store_prepare(reader->store, OWN_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, file);
	store_bind_str(rows, 2, kind->name);
	while (*count < most) {
		struct log_header header;
		const struct json *plain = NULL;
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		if (!log_header_read(store_blob(rows, 1), &header, err))
			return false;
		if (header.by != LOG_BY_REGISTER)
			continue;
		if (!json_read(arena, store_str(rows, 2), JSON_DEPTH_MAX, &plain, err))
			return false;
		out[(*count)++] = (struct casebook_own_proposal){
			store_int(rows, 0), arena_copy(arena, json_text(plain, STR("what")))
		};
	}
	return true;
}

bool casebook_hides_file(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                         const struct casebook_entry *entry, struct str file, bool *out,
                         struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(CLAIM_BYTES);
	struct casebook_access access;
	struct casebook_file named;
	struct err absent = { 0 };
	*out = false;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to look at this entry");
	if (entry->office.n && str_eq(entry->office, viewer->actor.office))
		return true;
	if (!casebook_file_find(reader, arena, file, &named, &absent)) {
		*err = absent;
		return absent.code == ERR_ABSENT;
	}
	if (!casebook_may(reader, viewer, named.n, &access, err))
		return false;
	*out = !access.may_know;
	return true;
}
