/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What waits for second readers, as the log says it. The view alone is
 * anybody's who can write the database: by its row a writer was another, and
 * agreed to his own act, which then stood in the other's name.
 */
#include "casebook/readings.h"
#include "casebook/turn_parts.h"

#define PROOF_ROOM ((size_t)1 << 20)
#define PLAIN_DEPTH 8

/* By the primary key. */
static const char CLOSED_SQL[] = "SELECT closed FROM waiting WHERE entry = ?1";
/* By the primary key; of this turn, so that no checkpoint reaches it yet. */
static const char OWN_SQL[] = "SELECT header, plain FROM entry WHERE idx = ?1";
/* By entry_file(file, kind, idx). */
static const char GIVEN_SQL[] =
	"SELECT idx FROM entry WHERE file = ?1 AND kind = 'second.given' AND idx > ?2 ORDER BY idx";

struct said {
	struct log_header header;
	const struct json *plain;
};

/* Into the act's arena, header and all. */
static bool keep(struct turn *turn, const struct log_header *header, struct str plain,
                 struct said *out, struct err *err)
{
	struct arena *arena = turn->fold->arena;
	out->header = *header;
	out->header.kind = arena_copy(arena, header->kind);
	out->header.office = arena_copy(arena, header->office);
	return json_read(arena, arena_copy(arena, plain), PLAIN_DEPTH, &out->plain, err);
}

static bool read_own(struct turn *turn, int64_t entry, struct said *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *own = NULL;
	struct log_header header;
	if (!store_prepare(turn->store, OWN_SQL, &own, err))
		return false;
	store_bind_int(own, 1, entry);
	enum store_step step = store_step(own, err);
	if (step != STORE_ROW)
		return step == STORE_DONE &&
		       err_set(err, ERR_FAULT, "an entry of the turn is gone");
	return log_header_read(store_blob(own, 0), &header, err) &&
	       keep(turn, &header, store_str(own, 1), out, err);
}

static bool read_said(struct turn *turn, int64_t entry, struct said *out, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(PROOF_ROOM);
	struct casebook_reader reader = { .book = turn->book,
		                          .store = turn->store,
		                          .hasher = turn->book->hasher };
	struct log_header header;
	struct str plain;
	bool is_proved;
	if (entry >= turn->first)
		return read_own(turn, entry, out, err);
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to look at what waits");
	if (!reader_proved_entry(&reader, arena, entry, &header, &plain, &is_proved, err))
		return false;
	if (!is_proved)
		return err_set(err, ERR_UNABLE,
		               "Entry %" PRId64
		               " does not fit its own proof. Look by candour verify"
		               " what was changed by hand",
		               entry);
	return keep(turn, &header, plain, out, err);
}

/* One more word of a list with blanks between. */
static struct str and_word(struct arena *arena, struct str list, struct str word)
{
	struct str pieces[3] = { list, STR(" "), word };
	return list.n ? arena_join(arena, pieces, 3) : word;
}

static bool read_given(struct turn *turn, const struct file_row *row, struct waiting *out,
                       struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct said said;
	if (!store_prepare(turn->store, GIVEN_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, row->n);
	store_bind_int(rows, 2, out->entry);
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		if (!read_said(turn, store_int(rows, 0), &said, err))
			return false;
		if (str_eq(said.header.kind, STR("second.given")) &&
		    json_number(said.plain, STR("of"), -1) == out->entry &&
		    str_eq(json_text(said.plain, STR("answer")), STR("yes")) &&
		    !str_eq(id_str(&said.header.account), out->account)) {
			struct arena *arena = turn->fold->arena;
			out->given =
				and_word(arena, out->given, json_text(said.plain, STR("role")));
			out->givers = and_word(arena, out->givers,
			                       arena_copy(arena, id_str(&said.header.account)));
		}
	}
}

bool turn_waiting(struct turn *turn, int64_t entry, const struct file_row *row, struct waiting *out,
                  bool *found, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *closed = NULL;
	struct said said;
	*found = false;
	*out = (struct waiting){
		.entry = entry, .roles = STR(""), .given = STR(""), .givers = STR("")
	};
	if (!store_prepare(turn->store, CLOSED_SQL, &closed, err))
		return false;
	store_bind_int(closed, 1, entry);
	enum store_step step = store_step(closed, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	out->is_closed = !store_is_null(closed, 0);
	if (!read_said(turn, entry, &said, err))
		return false;
	if (!str_eq(said.header.kind, STR("act.waiting")) || said.header.by != LOG_BY_ACCOUNT ||
	    !str_eq(id_str(&said.header.file), row->id))
		return true;
	*found = true;
	out->account = arena_copy(turn->fold->arena, id_str(&said.header.account));
	out->office = said.header.office;
	out->recorded = said.header.recorded;
	out->kind = json_text(said.plain, STR("kind"));
	const struct json *roles = json_member(said.plain, STR("roles"));
	for (const struct json *role = roles ? roles->first : NULL; role; role = role->next)
		out->roles = and_word(turn->fold->arena, out->roles, role->string);
	return read_given(turn, row, out, err);
}
