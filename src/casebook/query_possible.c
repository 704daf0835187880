/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What an office can do on a file now: the turn's own doors and gates, asked
 * without an act. What hangs on fields that nobody filled in yet cannot be
 * told before, and is not.
 */
#include "casebook/query.h"

#include "casebook/rows.h"
#include "casebook/turn.h"
#include "casebook/world.h"

/* By duty_file(file, id). */
static const char OPEN_RULES_SQL[] =
	"SELECT DISTINCT rule FROM duty WHERE file = ?1 AND closed IS NULL";

struct question {
	struct casebook_reader *reader;
	struct arena *arena;
	struct turn turn; /* asked, never begun */
	struct casebook_act act;
	struct judged judged;
	struct rows rules; /* struct str: rules that are owed on the file */
};

static bool read_rules(struct question *q, int64_t file, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	bool lost = false;
	if (!store_prepare(q->reader->store, OPEN_RULES_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, file);
	for (;;) {
		enum store_step step = store_step(stmt, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			break;
		struct str *rule = rows_add(&q->rules);
		if (!rule)
			return rows_too_long(err);
		*rule = row_text(q->arena, stmt, 0, &lost);
	}
	return !lost || rows_too_long(err);
}

static bool is_owed(const struct question *q, const struct pack_duty *rule)
{
	const struct str *rules = q->rules.at;
	for (size_t i = 0; i < q->rules.count; i++) {
		if (str_eq(rules[i], rule->name))
			return true;
	}
	return false;
}

static bool settles_owed(const struct question *q, const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->settle_count; i++) {
		if (!kind->settles[i].on && is_owed(q, kind->settles[i].duty))
			return true;
	}
	return false;
}

/* Kinds that make a new file, or only the register makes, are offered on no file. */
static bool is_offered(const struct question *q, const struct pack_kind *kind)
{
	bool by_person = false;
	for (size_t i = 0; i < kind->by_count; i++) {
		enum pack_by_sort sort = kind->by[i].sort;
		by_person = by_person || (sort != PACK_BY_REGISTER && sort != PACK_BY_PUBLIC &&
		                          sort != PACK_BY_PERSON);
	}
	return by_person && !kind->retired.p && (kind->file_types >> q->judged.type->number & 1) &&
	       (!kind->may_begin || kind->from[q->judged.type->number] != 0);
}

/* The first sentence that a gate would say; needs of the kind's own are about its fields. */
static struct str gate_sentence(const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->missing_count; i++) {
		if (verdict->missing[i].gate.n)
			return verdict->missing[i].sentence;
	}
	return STR_NONE;
}

static bool judge(struct question *q, const struct pack_kind *kind, struct casebook_possible *out,
                  bool *is_for_office, struct err *err)
{
	struct verdict *verdict = arena_alloc(q->arena, 1, sizeof *verdict);
	if (!verdict)
		return rows_too_long(err);
	q->act.kind = kind->name;
	q->judged.kind = kind;
	out->kind = kind;
	out->settles_owed = settles_owed(q, kind);
	if (!judge_access(&q->turn, &q->judged, verdict, err))
		return false;
	*is_for_office = verdict->judgement == JUDGED_ADMITTED;
	if (!*is_for_office || !judge_doors(&q->turn, &q->judged, verdict, err))
		return !*is_for_office;
	out->is_possible = verdict->judgement == JUDGED_ADMITTED;
	out->why_not = verdict->sentence;
	if (!out->is_possible)
		return true;
	if (!judge_needs(&q->turn, &q->judged, verdict, err))
		return false;
	out->why_not = gate_sentence(verdict);
	return true;
}

static bool begin(struct question *q, const struct casebook_viewer *viewer,
                  const struct casebook_file *file, struct err *err)
{
	struct casebook_reader *reader = q->reader;
	struct fold *fold = arena_alloc(q->arena, 1, sizeof *fold);
	if (!fold)
		return rows_too_long(err);
	fold->book = reader->book;
	fold->store = reader->store;
	fold->pack = reader_pack(reader);
	fold->chart = reader->chart;
	fold->arena = q->arena;
	q->turn = (struct turn){ .book = reader->book,
		                 .fold = fold,
		                 .store = reader->store,
		                 .arena = q->arena,
		                 .now = casebook_now(reader->book) };
	q->act = (struct casebook_act){ .actor = viewer->actor, .via = CASEBOOK_WEB };
	q->judged = (struct judged){
		.act = &q->act, .type = file->type, .plain = json_object(q->arena), .waited = -1
	};
	if (!q->judged.plain)
		return rows_too_long(err);
	return file_row_read(reader->store, fold->pack, q->arena, file->n, &q->judged.row, err) &&
	       read_rules(q, file->n, err);
}

bool casebook_possible_acts(struct casebook_reader *reader, struct arena *arena,
                            const struct casebook_viewer *viewer, const struct casebook_file *file,
                            const struct casebook_possible **out, size_t *count, struct err *err)
{
	struct question q = { .reader = reader,
		              .arena = arena,
		              .rules = { .arena = arena, .size = sizeof(struct str) } };
	struct rows rows = { .arena = arena, .size = sizeof(struct casebook_possible) };
	const struct pack *pack = reader_pack(reader);
	*out = NULL;
	*count = 0;
	if (!file->type)
		return true;
	if (!begin(&q, viewer, file, err))
		return false;
	for (size_t i = 0; i < pack->kind_count; i++) {
		struct casebook_possible one = { 0 }, *kept;
		bool is_for_office = false;
		if (!is_offered(&q, &pack->kinds[i]))
			continue;
		if (!judge(&q, &pack->kinds[i], &one, &is_for_office, err))
			return false;
		if (!is_for_office)
			continue;
		if (!(kept = rows_add(&rows)))
			return rows_too_long(err);
		*kept = one;
	}
	*out = rows.at;
	*count = rows.count;
	return true;
}
