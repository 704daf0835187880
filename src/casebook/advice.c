/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Advice on the words of an act (L12): looked for in what an office writes
 * itself, never in a person's own words; the text is left as it is, and the
 * entry keeps in plain only the names of what was advised on.
 */
#include "casebook/advice.h"

#include "casebook/rows.h"
#include "casebook/world.h"

/* The common note of an act is looked at as any other text of its writer. */
static const struct pack_field NOTE = { .name = { "note", 4 }, .type = PACK_TEXT };

struct advising {
	const struct pack *pack;
	const struct pack_world *shown;
	const struct json *names; /* instead of `shown`: the words that were advised on */
	struct rows *out;
	unsigned under; /* the last age that was asked, and what came of it; 0: none */
	bool is_under;
	bool is_failed;
	struct err *err;
};

static bool applies(void *ctx, const struct pack_word *word)
{
	struct advising *advising = ctx;
	bool is_due = false;
	if (advising->is_failed)
		return false;
	if (!word->when && word->under && word->under == advising->under)
		return advising->is_under;
	if (!pack_word_is_due(word, advising->shown, &is_due, advising->err)) {
		advising->is_failed = true;
		return false;
	}
	if (!word->when && word->under) {
		advising->under = word->under;
		advising->is_under = is_due;
	}
	return is_due;
}

static bool is_named(const struct json *names, struct str name)
{
	for (const struct json *item = names->first; item; item = item->next)
		if (str_eq(item->string, name))
			return true;
	return false;
}

static bool was_advised_on(void *ctx, const struct pack_word *word)
{
	const struct advising *advising = ctx;
	return is_named(advising->names, word->name);
}

static bool look_at_text(struct advising *advising, const struct pack_kind *kind,
                         const struct pack_field *field, struct str text)
{
	struct pack_advice found[CASEBOOK_ADVICE_MAX];
	const struct pack_look look = { .pack = advising->pack,
		                        .kind = kind,
		                        .field = field,
		                        .applies = advising->names ? was_advised_on : applies,
		                        .ctx = advising };
	size_t room = CASEBOOK_ADVICE_MAX - advising->out->count;
	size_t count = pack_words_find(&look, text, found, room);
	for (size_t i = 0; i < count && !advising->is_failed; i++) {
		struct casebook_advice *row = rows_add(advising->out);
		if (!row) {
			advising->is_failed = true;
			return rows_too_long(advising->err);
		}
		*row = (struct casebook_advice){
			.field = field->name,
			.word = found[i].word,
			.found = str_sub(text, found[i].from, found[i].to - found[i].from),
		};
	}
	return !advising->is_failed;
}

static bool look_at_field(struct advising *advising, const struct pack_kind *kind,
                          const struct pack_field *field, const struct json *fields)
{
	const struct json *value = json_member(fields, field->name);
	if (!value || !pack_words_reads(advising->pack, field))
		return true;
	bool is_list = value->type == JSON_ARRAY;
	for (const struct json *item = is_list ? value->first : value; item;
	     item = is_list ? item->next : NULL) {
		if (item->type == JSON_STRING && !look_at_text(advising, kind, field, item->string))
			return false;
	}
	return true;
}

static bool look_at_all(struct advising *advising, const struct pack_kind *kind,
                        const struct json *fields)
{
	for (size_t i = 0; i < kind->field_count; i++)
		if (!look_at_field(advising, kind, &kind->fields[i], fields))
			return false;
	return !kind->has_note || look_at_field(advising, kind, &NOTE, fields);
}

bool advice_find(const struct pack_world *shown, const struct pack_kind *kind,
                 const struct json *fields, struct arena *arena, const struct casebook_advice **out,
                 size_t *count, struct err *err)
{
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_advice) };
	struct advising advising = {
		.pack = shown->pack, .shown = shown, .out = &rows, .err = err
	};
	if (!look_at_all(&advising, kind, fields))
		return false;
	*out = rows.at;
	*count = rows.count;
	return true;
}

/* --- in the turn ------------------------------------------------------------------------------ */

static bool note_names(struct turn *turn, const struct judged *judged,
                       const struct casebook_advice *advice, size_t count, struct err *err)
{
	struct arena *arena = turn->fold->arena;
	struct json *names = json_array(arena);
	for (size_t i = 0; names && i < count; i++) {
		if (is_named(names, advice[i].word->name))
			continue;
		struct json *name = json_string(arena, advice[i].word->name);
		if (!name || !json_push(names, name))
			return rows_too_long(err);
	}
	return (names && json_put(judged->plain, STR("advised"), names)) || rows_too_long(err);
}

bool advice_note(struct turn *turn, const struct judged *judged, struct err *err)
{
	struct file_row blank = { .type = judged->type, .n = -1 };
	struct world world = { .store = turn->store,
		               .files = turn->fold->file_tags,
		               .pack = turn->fold->pack,
		               .chart = turn->fold->chart,
		               .arena = turn->fold->arena,
		               .row = judged->row ? judged->row : &blank,
		               .up_to = INT64_MAX,
		               .linking = judged->kind,
		               .linking_plain = judged->plain };
	const struct casebook_advice *advice;
	struct pack_world shown;
	size_t count;
	if (!judged->sealed || judged->act->actor.by != CASEBOOK_BY_OFFICE)
		return true;
	world_show(&world, &shown);
	shown.now = turn->now;
	shown.kind = judged->kind;
	shown.plain = judged->plain;
	shown.happened = judged->act->has_happened ? judged->act->happened : turn->now;
	return advice_find(&shown, judged->kind, judged->sealed, turn->fold->arena, &advice, &count,
	                   err) &&
	       (count == 0 || note_names(turn, judged, advice, count, err));
}

/* --- what was advised on -----------------------------------------------------------------------
 */

bool casebook_advised(struct casebook_reader *reader, struct arena *arena, int64_t first,
                      int64_t end, const struct casebook_advised **out, size_t *count,
                      struct err *err)
{
	/* By the primary key, office after office. */
	static const char ADVISED_SQL[] =
		"SELECT office, word, SUM(n) FROM advised WHERE month >= ?1 AND month < ?2"
		" GROUP BY office, word ORDER BY office, word LIMIT 1000";
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_advised) };
	bool lost = false, failed;
	*out = NULL;
	*count = 0;
	if (!store_prepare(reader->store, ADVISED_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, first);
	store_bind_int(stmt, 2, end);
	for (struct casebook_advised *row; (row = rows_next(&rows, stmt, &failed, err));) {
		*row = (struct casebook_advised){ .office = row_text(arena, stmt, 0, &lost),
			                          .word = row_text(arena, stmt, 1, &lost),
			                          .count = store_int(stmt, 2) };
		if (lost)
			return rows_too_long(err);
		row->title = row->office;
		if (!casebook_office_title(reader, arena, row->office, &row->title, err)) {
			if (err->code != ERR_ABSENT)
				return false;
			row->title = row->office;
		}
	}
	*out = rows.at;
	*count = rows.count;
	return !failed;
}

/* Each phrase of a word once, as it was written first. Answers how many are left. */
static size_t leave_once(struct casebook_advice *advice, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		bool is_there = false;
		for (size_t k = 0; k < kept && !is_there; k++)
			is_there = advice[k].word == advice[i].word &&
			           str_eq(advice[k].found, advice[i].found);
		if (!is_there)
			advice[kept++] = advice[i];
	}
	return kept;
}

bool casebook_advice_given(const struct pack *pack, const struct pack_kind *kind,
                           const struct json *names, const struct json *fields, struct arena *arena,
                           const struct casebook_advice **out, size_t *count, struct err *err)
{
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_advice) };
	struct advising advising = { .pack = pack, .names = names, .out = &rows, .err = err };
	*out = NULL;
	*count = 0;
	if (!names || !fields)
		return true;
	if (!look_at_all(&advising, kind, fields))
		return false;
	*out = rows.at;
	*count = leave_once(rows.at, rows.count);
	return true;
}

/* --- before it is written --------------------------------------------------------------------- */

bool casebook_advice(struct casebook_reader *reader, struct arena *arena, struct str kind,
                     const struct casebook_file *file, const struct json *fields,
                     const struct casebook_advice **out, size_t *count, struct err *err)
{
	const struct pack *pack = reader_pack(reader);
	const struct pack_kind *rules = pack_kind_find(pack, kind);
	struct file_row blank = { .n = -1 }, *row = &blank;
	struct pack_world shown;
	*out = NULL;
	*count = 0;
	if (!rules || !fields)
		return true;
	for (size_t i = 0; !file && !blank.type && i < pack->file_type_count; i++)
		if (rules->file_types >> i & 1)
			blank.type = &pack->file_types[i];
	if (file && !file_row_read(reader->store, pack, arena, file->n, &row, err))
		return false;
	struct world world = { .store = reader->store,
		               .pack = pack,
		               .chart = reader->chart,
		               .arena = arena,
		               .row = row,
		               .up_to = INT64_MAX };
	world_show(&world, &shown);
	shown.now = shown.happened = casebook_now(reader->book);
	shown.kind = rules;
	return advice_find(&shown, rules, fields, arena, out, count, err);
}
