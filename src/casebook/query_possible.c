/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What an office can do on a file now: the turn's own doors and gates, asked
 * without an act. What hangs on fields that nobody filled in yet cannot be
 * told before, and is not. The register's own kinds are judged by what they
 * name: here by the office whose file it is, and by each duty that is open.
 */
#include "casebook/query.h"

#include "casebook/fields.h"
#include "casebook/fold_parts.h"
#include "casebook/rows.h"
#include "casebook/turn_parts.h"
#include "casebook/world.h"

#define DUTIES_ASKED 200 /* open duties of one file; a page shows no more */

/* By duty_file(file, id). */
static const char OPEN_SQL[] =
	"SELECT id, rule, office, due FROM duty WHERE file = ?1 AND closed IS NULL ORDER BY id LIMIT ?2";

struct owed {
	struct str name; /* "D12.1" */
	struct str rule;
	struct str office;
	instant due;
};

struct question {
	struct casebook_reader *reader;
	struct arena *arena;
	struct turn turn; /* asked, never begun */
	struct casebook_act act;
	struct judged judged;
	struct rows owed;  /* struct owed: what is open on the file */
	struct str office; /* whose file it is, or p NULL */
};

static bool read_owed(struct question *q, int64_t file, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	bool lost = false;
	if (!store_prepare(q->reader->store, OPEN_SQL, &stmt, err))
		return false;
	store_bind_int(stmt, 1, file);
	store_bind_int(stmt, 2, DUTIES_ASKED);
	for (;;) {
		enum store_step step = store_step(stmt, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			break;
		struct owed *owed = rows_add(&q->owed);
		if (!owed)
			return rows_too_long(err);
		owed->name = duty_name_write(q->arena, store_int(stmt, 0));
		owed->rule = row_text(q->arena, stmt, 1, &lost);
		owed->office = row_text(q->arena, stmt, 2, &lost);
		owed->due = store_int(stmt, 3);
	}
	return !lost || rows_too_long(err);
}

static bool is_owed(const struct question *q, const struct pack_duty *rule)
{
	const struct owed *owed = q->owed.at;
	for (size_t i = 0; i < q->owed.count; i++) {
		if (str_eq(owed[i].rule, rule->name))
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

/*
 * The first need of the kind's own that the file as it stands does not meet, so that no field
 * could: p NULL where there is none.
 */
static struct str own_sentence(const struct pack_kind *kind, const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->missing_count; i++) {
		const struct casebook_missing *missing = &verdict->missing[i];
		for (size_t n = 0; !missing->gate.n && n < kind->need_count; n++) {
			const struct pack_need *need = kind->needs[n].need;
			if (need && str_eq(need->otherwise, missing->sentence) &&
			    pack_cond_is_of_file(need->when) && pack_cond_is_of_file(need->need))
				return missing->sentence;
		}
	}
	return STR_NONE;
}

/* --- the register's own kinds ---------------------------------------------------------------- */

/* One duty named, with answers to the other fields that the duty alone would not refuse. */
static bool judge_on_duty(struct question *q, const struct owed *owed, struct verdict *verdict,
                          struct err *err)
{
	q->judged.plain = json_object(q->arena);
	if (!q->judged.plain)
		return rows_too_long(err);
	json_put_text(q->arena, q->judged.plain, STR("duty"), owed->name);
	json_put_text(q->arena, q->judged.plain, STR("to"), owed->office);
	json_put_text(q->arena, q->judged.plain, STR("until"),
	              instant_write(q->arena, owed->due + INSTANT_PER_DAY));
	verdict->judgement = JUDGED_ADMITTED;
	return judge_duty(&q->turn, &q->judged, verdict, err);
}

static bool judge_on_duties(struct question *q, struct casebook_possible *out,
                            struct verdict *verdict, struct err *err)
{
	const struct owed *owed = q->owed.at;
	struct json *none = q->judged.plain;
	struct rows names = { .arena = q->arena, .size = sizeof(struct str) };
	for (size_t i = 0; i < q->owed.count; i++) {
		struct str *name;
		if (!judge_on_duty(q, &owed[i], verdict, err))
			return false;
		if (verdict->judgement != JUDGED_ADMITTED)
			continue;
		if (!(name = rows_add(&names)))
			return rows_too_long(err);
		*name = owed[i].name;
	}
	q->judged.plain = none;
	out->duties = names.at;
	out->duty_count = names.count;
	verdict->judgement = names.count > 0 ? JUDGED_ADMITTED : JUDGED_REFUSED_ACCESS;
	return true;
}

/* Whether it would be refused whatever is filled in: judged by what this file already says. */
static bool judge_unfilled(struct question *q, const struct pack_kind *kind,
                           struct casebook_possible *out, struct verdict *verdict, struct err *err)
{
	if (str_eq(kind->name, STR("duty.taken")) || str_eq(kind->name, STR("duty.extended")))
		return judge_on_duties(q, out, verdict, err);
	/* Which entry, and until when, is not known yet: each is judged when it is sent. */
	if (str_eq(kind->name, STR("access.broken")) || str_eq(kind->name, STR("entry.corrected")))
		return true;
	struct json *none = q->judged.plain;
	if (!(q->judged.plain = json_object(q->arena)))
		return rows_too_long(err);
	if (q->office.p)
		json_put_text(q->arena, q->judged.plain, STR("office"), q->office);
	bool done = judge_own(&q->turn, &q->judged, verdict, err);
	q->judged.plain = none;
	return done;
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
	if (!judge_by(&q->turn, &q->judged, verdict, err))
		return false;
	if (verdict->judgement == JUDGED_ADMITTED && kind->is_built_in &&
	    !judge_unfilled(q, kind, out, verdict, err))
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
	struct str own = own_sentence(kind, verdict);
	out->is_not_yet = own.p != NULL;
	out->why_not = own.p ? own : gate_sentence(verdict);
	return true;
}

/* --- asking ---------------------------------------------------------------------------------- */

/* What is asked of no file, so that there is no row. */
static bool begin_turn(struct question *q, const struct casebook_viewer *viewer, struct err *err)
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
	q->judged = (struct judged){ .act = &q->act, .plain = json_object(q->arena), .waited = -1 };
	return q->judged.plain || rows_too_long(err);
}

static bool begin(struct question *q, const struct casebook_viewer *viewer,
                  const struct casebook_file *file, struct err *err)
{
	if (!begin_turn(q, viewer, err))
		return false;
	const struct chart *chart = q->turn.fold->chart;
	q->judged.type = file->type;
	for (size_t i = 0; i < chart->office_count; i++)
		if (chart->offices[i].file == file->n)
			q->office = chart->offices[i].id;
	return file_row_read(q->reader->store, q->turn.fold->pack, q->arena, file->n,
	                     &q->judged.row, err) &&
	       read_owed(q, file->n, err);
}

bool casebook_possible_acts(struct casebook_reader *reader, struct arena *arena,
                            const struct casebook_viewer *viewer, const struct casebook_file *file,
                            const struct casebook_possible **out, size_t *count, struct err *err)
{
	struct question q = { .reader = reader,
		              .arena = arena,
		              .owed = { .arena = arena, .size = sizeof(struct owed) } };
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

bool casebook_possible_begin(struct casebook_reader *reader, struct arena *arena,
                             const struct casebook_viewer *viewer,
                             const struct pack_kind *const **out, size_t *count, struct err *err)
{
	struct question q = { .reader = reader, .arena = arena };
	struct rows rows = { .arena = arena, .size = sizeof(const struct pack_kind *) };
	const struct pack *pack = reader_pack(reader);
	if (!begin_turn(&q, viewer, err))
		return false;
	for (size_t i = 0; i < pack->kind_count; i++) {
		const struct pack_kind *kind = &pack->kinds[i], **kept;
		struct verdict verdict = { 0 };
		if (!kind->may_begin || kind->is_built_in || kind->retired.p)
			continue;
		q.act.kind = kind->name;
		q.judged.kind = kind;
		if (!judge_by(&q.turn, &q.judged, &verdict, err))
			return false;
		if (verdict.judgement != JUDGED_ADMITTED)
			continue;
		if (!(kept = rows_add(&rows)))
			return rows_too_long(err);
		*kept = kind;
	}
	*out = rows.at;
	*count = rows.count;
	return true;
}

/* --- one act, tried --------------------------------------------------------------------------- */

/* What the conditions of the kind see, with this act's fields beside what is written. */
static void show_world(const struct question *q, struct world *world, struct pack_world *shown)
{
	*world = (struct world){ .store = q->reader->store,
		                 .pack = q->turn.fold->pack,
		                 .chart = q->turn.fold->chart,
		                 .arena = q->arena,
		                 .row = q->judged.row,
		                 .up_to = INT64_MAX };
	world_show(world, shown);
	shown->now = shown->happened = q->turn.now;
	shown->kind = q->judged.kind;
	shown->plain = q->judged.plain;
	shown->account = q->act.actor.account;
	shown->office = q->act.actor.office;
}

static bool try_conditions(const struct question *q, struct casebook_trial *out, struct err *err)
{
	const struct pack_kind *kind = q->judged.kind;
	struct world world;
	struct pack_world shown;
	bool holds, *opens = arena_alloc(q->arena, kind->open_count + 1, sizeof *opens);
	bool *settles = arena_alloc(q->arena, kind->settle_count + 1, sizeof *settles);
	bool *ends = arena_alloc(q->arena, kind->end_count + 1, sizeof *ends);
	if (!opens || !settles || !ends)
		return rows_too_long(err);
	show_world(q, &world, &shown);
	for (size_t i = 0; i < kind->need_count; i++) {
		const struct pack_kind_need *line = &kind->needs[i];
		if (!line->gate || !line->when)
			continue;
		if (!pack_cond_holds(line->when, &shown, &holds, err))
			return false;
		out->is_guarded = out->is_guarded || holds;
	}
	for (size_t i = 0; i < kind->open_count; i++)
		if (!pack_cond_holds(kind->opens[i].when, &shown, &opens[i], err))
			return false;
	for (size_t i = 0; i < kind->settle_count; i++)
		if (!pack_cond_holds(kind->settles[i].when, &shown, &settles[i], err))
			return false;
	for (size_t i = 0; i < kind->end_count; i++)
		if (!pack_cond_holds(kind->ends[i].when, &shown, &ends[i], err))
			return false;
	out->opens = opens;
	out->settles = settles;
	out->ends = ends;
	return true;
}

static struct fields_check check_by(const struct casebook_reader *reader, struct arena *arena)
{
	return (struct fields_check){ .store = reader->store,
		                      .pack = reader_pack(reader),
		                      .chart = reader->chart,
		                      .arena = arena,
		                      .now = casebook_now(reader->book) };
}

static bool begin_try(struct question *q, const struct casebook_viewer *viewer,
                      const struct casebook_file *file, const struct pack_kind *kind,
                      const struct json *fields, struct fields_check *check, struct err *err)
{
	*check = check_by(q->reader, q->arena);
	if (!begin(q, viewer, file, err) || !fields_sort(check, kind, fields, err))
		return false;
	q->judged.kind = kind;
	q->judged.plain = check->plain;
	return judge_counted(&q->turn, &q->judged, err);
}

bool casebook_try(struct casebook_reader *reader, struct arena *arena,
                  const struct casebook_viewer *viewer, const struct casebook_file *file,
                  const struct pack_kind *kind, const struct json *fields,
                  struct casebook_trial *out, struct err *err)
{
	struct question q = { .reader = reader,
		              .arena = arena,
		              .owed = { .arena = arena, .size = sizeof(struct owed) } };
	struct fields_check check;
	*out = (struct casebook_trial){ 0 };
	if (!begin_try(&q, viewer, file, kind, fields, &check, err))
		return false;
	out->errors = check.errors;
	out->error_count = check.error_count;
	if (!try_conditions(&q, out, err))
		return false;
	struct verdict *verdict = arena_alloc(arena, 1, sizeof *verdict);
	if (!verdict)
		return rows_too_long(err);
	if (!judge_needs(&q.turn, &q.judged, verdict, err) ||
	    !judge_end(&q.turn, &q.judged, verdict, err))
		return false;
	out->is_refused = verdict->judgement == JUDGED_REFUSED_GATE ||
	                  verdict->judgement == JUDGED_REFUSED_DOOR;
	return true;
}

bool casebook_counts(struct casebook_reader *reader, struct arena *arena,
                     const struct casebook_duty *duty, const struct pack_settle *line,
                     const struct json *fields, instant happened, bool *counts, struct err *err)
{
	struct fold fold = { .store = reader->store, .pack = reader_pack(reader), .arena = arena };
	return fold_counts(&fold, duty->id, line, fields, casebook_now(reader->book), happened,
	                   counts, err);
}

bool casebook_fields_try(struct casebook_reader *reader, struct arena *arena,
                         const struct pack_kind *kind, const struct json *fields,
                         const struct casebook_field_error **out, size_t *count, struct err *err)
{
	struct fields_check check = check_by(reader, arena);
	if (!fields_sort(&check, kind, fields, err))
		return false;
	*out = check.errors;
	*count = check.error_count;
	return true;
}

/* --- what is there already -------------------------------------------------------------------- */

static bool add_met(const struct pack_world *shown, const struct pack_need *need, struct rows *rows,
                    struct err *err)
{
	struct str *sentence;
	bool holds;
	if (!need->there.p || need->is_second)
		return true;
	if (!pack_cond_holds(need->when, shown, &holds, err))
		return false;
	if (!holds)
		return true;
	if (!pack_cond_holds(need->need, shown, &holds, err))
		return false;
	if (!holds)
		return true;
	if (!(sentence = rows_add(rows)))
		return rows_too_long(err);
	*sentence = need->there;
	return true;
}

bool casebook_there(struct casebook_reader *reader, struct arena *arena,
                    const struct casebook_viewer *viewer, const struct casebook_file *file,
                    const struct pack_kind *kind, const struct json *fields, const struct str **out,
                    size_t *count, struct err *err)
{
	struct question q = { .reader = reader,
		              .arena = arena,
		              .owed = { .arena = arena, .size = sizeof(struct owed) } };
	struct rows rows = { .arena = arena, .size = sizeof(struct str) };
	struct fields_check check;
	struct world world;
	struct pack_world shown;
	if (!begin_try(&q, viewer, file, kind, fields, &check, err))
		return false;
	show_world(&q, &world, &shown);
	world.linking = kind;
	world.linking_plain = check.plain;
	for (size_t i = 0; i < kind->need_count; i++) {
		const struct pack_kind_need *line = &kind->needs[i];
		bool holds = true;
		if (line->gate && !pack_cond_holds(line->when, &shown, &holds, err))
			return false;
		if (line->need && !add_met(&shown, line->need, &rows, err))
			return false;
		for (size_t n = 0; line->gate && holds && n < line->gate->need_count; n++)
			if (!add_met(&shown, &line->gate->needs[n], &rows, err))
				return false;
	}
	*out = rows.at;
	*count = rows.count;
	return true;
}
