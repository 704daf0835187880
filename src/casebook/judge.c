/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Judging an act before anything is written: who may (access), where and when
 * (doors), what must be there (needs). Sentences are for the person refused.
 */
#include "casebook/chart.h"
#include "casebook/counted.h"
#include "casebook/fold_parts.h"
#include "casebook/turn_parts.h"
#include "casebook/world.h"

/* By duty_file(file, id). */
static const char OWED_SQL[] =
	"SELECT id, office FROM duty WHERE file = ?1 AND rule = ?2 AND closed IS NULL ORDER BY due, id";
static const char ALSO_SQL[] = "SELECT 1 FROM duty_also WHERE duty = ?1 AND office = ?2";
static const char FIRST_SQL[] = "SELECT header FROM entry WHERE idx = ?1";

static bool refuse(struct verdict *verdict, enum judgement judgement, struct str because,
                   struct str sentence)
{
	verdict->judgement = judgement;
	verdict->because = because;
	verdict->sentence = sentence;
	return true;
}

/* --- access -------------------------------------------------------------------------------- */

/* An open duty of the rule that the acting office owes, or stands in for. */
static bool owes_open(struct turn *turn, const struct judged *judged, const struct pack_duty *rule,
                      bool *owes, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct str office = judged->act->actor.office;
	*owes = false;
	if (!judged->row)
		return true;
	if (!store_prepare(turn->store, OWED_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, judged->row->n);
	store_bind_str(rows, 2, rule->name);
	while (!*owes) {
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		const struct chart_office *owner =
			chart_find(turn->fold->chart, store_str(rows, 1));
		*owes = str_eq(store_str(rows, 1), office);
		if (!*owes && owner && !chart_is_held(owner)) {
			const struct chart_office *above =
				chart_first_held_in_line(turn->fold->chart, owner);
			*owes = above && str_eq(above->id, office);
		}
		if (!*owes) {
			CLEANUP(store_stmt_finish) struct store_stmt *also = NULL;
			if (!store_prepare(turn->store, ALSO_SQL, &also, err))
				return false;
			store_bind_int(also, 1, store_int(rows, 0));
			store_bind_str(also, 2, office);
			enum store_step found = store_step(also, err);
			if (found == STORE_FAILED)
				return false;
			*owes = found == STORE_ROW;
		}
	}
	return true;
}

bool judge_first_account(struct turn *turn, const struct file_row *row, struct str *out,
                         struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *first = NULL;
	struct log_header header;
	*out = STR_NONE;
	if (!row)
		return true;
	if (!store_prepare(turn->store, FIRST_SQL, &first, err))
		return false;
	store_bind_int(first, 1, row->first_entry);
	enum store_step step = store_step(first, err);
	if (step != STORE_ROW || store_is_null(first, 0))
		return step != STORE_FAILED;
	if (!log_header_read(store_blob(first, 0), &header, err))
		return false;
	if (header.by == LOG_BY_ACCOUNT)
		*out = arena_copy(turn->fold->arena, id_str(&header.account));
	return true;
}

static bool is_first_account(struct turn *turn, const struct judged *judged, bool *is,
                             struct err *err)
{
	struct str first;
	if (!judge_first_account(turn, judged->row, &first, err))
		return false;
	*is = first.p && str_eq(first, judged->act->actor.account);
	return true;
}

/* The role itself, or a deputy of it while its instance is vacant. */
static bool is_role(struct turn *turn, const struct judged *judged,
                    const struct chart_office *office, const struct pack_office *role)
{
	if (office->role == role)
		return true;
	struct str area = judged->row ? judged->row->area : STR_NONE;
	const struct chart_office *meant =
		chart_instance(turn->fold->chart, role, area, office->agency);
	if (!meant || chart_is_held(meant))
		return false;
	for (size_t i = 0; i < role->deputy_count; i++) {
		if (role->deputies[i] == office->role)
			return true;
	}
	return false;
}

/* Whoever is told says that he has read it, outside the partnership too; what he was not
 * told, judge_duty refuses. */
static bool is_anyone(const struct judged *judged, const struct chart_office *office)
{
	bool is_reading = judged->kind->is_built_in && str_eq(judged->kind->name, STR("duty.read"));
	return office && office->role && (!office->role->is_outside || is_reading);
}

static bool matches_by(struct turn *turn, const struct judged *judged, const struct pack_by *by,
                       const struct chart_office *office, bool *matches, struct err *err)
{
	enum casebook_by actor = judged->act->actor.by;
	*matches = false;
	switch (by->sort) {
	case PACK_BY_ROLE:
		*matches = office && is_role(turn, judged, office, by->role);
		return true;
	case PACK_BY_ANYONE:
		*matches = is_anyone(judged, office);
		return true;
	case PACK_BY_PUBLIC:
		*matches = actor == CASEBOOK_BY_PUBLIC;
		return true;
	case PACK_BY_PERSON:
		*matches = actor == CASEBOOK_BY_PERSON;
		return true;
	case PACK_BY_REGISTER:
		*matches = actor == CASEBOOK_BY_REGISTER;
		return true;
	case PACK_BY_FIRST_ACCOUNT:
		return !office || is_first_account(turn, judged, matches, err);
	case PACK_BY_OWNER:
		return !office || owes_open(turn, judged, by->duty, matches, err);
	}
	return true;
}

static struct str who_may(struct turn *turn, const struct pack_kind *kind)
{
	struct arena *arena = turn->fold->arena;
	struct str all = STR("");
	for (size_t i = 0; i < kind->by_count; i++) {
		struct str one = STR_NONE;
		if (kind->by[i].sort == PACK_BY_ROLE)
			one = kind->by[i].role->title;
		if (kind->by[i].sort == PACK_BY_OWNER)
			one = arena_format(arena, "whoever owes \"%.*s\"",
			                   STR_ARG(kind->by[i].duty->title));
		if (kind->by[i].sort == PACK_BY_FIRST_ACCOUNT)
			one = STR("whoever began it");
		if (kind->by[i].sort == PACK_BY_ANYONE)
			one = STR("anyone who reads the file");
		if (kind->by[i].sort == PACK_BY_PUBLIC)
			one = STR("the public");
		if (kind->by[i].sort == PACK_BY_PERSON)
			one = STR("whoever told it, by the return code");
		if (!one.p)
			continue;
		struct str pieces[3] = { all, STR(", "), one };
		all = all.n ? arena_join(arena, pieces, 3) : one;
	}
	return arena_format(arena, "Your office may not do this. It can be done by: %.*s",
	                    STR_ARG(all.n ? all : STR("the register itself")));
}

static bool is_private(const struct judged *judged)
{
	return judged->row && !judged->row->is_new && judged->row->type &&
	       judged->row->type->is_private;
}

/* May this office know of the file at all: the reading rule, in one place (access_read.c). On a
 * private file whoever does not read it has a part alone. */
static bool may_know(struct turn *turn, const struct judged *judged, bool *may,
                     bool *has_part_alone, struct err *err)
{
	struct casebook_reader reader = { .book = turn->book,
		                          .store = turn->store,
		                          .hasher = turn->book->hasher,
		                          .chart = turn->fold->chart };
	struct casebook_viewer viewer = { .actor = judged->act->actor };
	struct casebook_access access;
	*may = true;
	if (!judged->row || judged->row->is_new || judged->row->type == NULL ||
	    judged->row->type->is_built_in)
		return true;
	if (!casebook_may(&reader, &viewer, judged->row->n, &access, err))
		return false;
	*may = access.may_know || casebook_writes_alone(&reader, &viewer, &access, judged->kind);
	*has_part_alone = is_private(judged) && !access.may_open;
	return true;
}

/* Whether the act settles something that the office owes on the file. */
static bool settles_own(struct turn *turn, const struct judged *judged, bool *settles,
                        struct err *err)
{
	*settles = false;
	for (size_t i = 0; !*settles && i < judged->kind->settle_count; i++) {
		if (!judged->kind->settles[i].on &&
		    !owes_open(turn, judged, judged->kind->settles[i].duty, settles, err))
			return false;
	}
	return true;
}

static bool judge_office(struct turn *turn, const struct judged *judged, bool *has_part_alone,
                         struct verdict *verdict, struct err *err)
{
	const struct casebook_actor *actor = &judged->act->actor;
	const struct chart_office *office = chart_find(turn->fold->chart, actor->office);
	bool is_deputy, may;
	if (!office ||
	    !chart_may_act(turn->fold->chart, office, actor->account, turn->now, &is_deputy))
		return refuse(verdict, JUDGED_REFUSED_ACCESS, STR("not-holder"),
		              STR("You do not hold this office now"));
	if (str_eq(judged->kind->name, STR("access.broken"))) {
		/* The emergency way in: known and reviewed afterwards. */
		if (!is_private(judged) || (office->role && office->role->is_independent))
			return true;
		return refuse(
			verdict, JUDGED_REFUSED_ACCESS, STR("private"),
			STR("A file of this kind opens in an emergency for independent offices alone"));
	}
	if (!may_know(turn, judged, &may, has_part_alone, err))
		return false;
	if (!may)
		return refuse(verdict, JUDGED_REFUSED_ACCESS, STR("not-readable"),
		              STR("Your office has no part in this file"));
	return true;
}

bool judge_by(struct turn *turn, const struct judged *judged, struct verdict *verdict,
              struct err *err)
{
	const struct casebook_actor *actor = &judged->act->actor;
	const struct chart_office *office = NULL;
	bool matches = false, has_part_alone = false, is_left_out = false;
	verdict->judgement = JUDGED_ADMITTED;
	if (actor->by == CASEBOOK_BY_PUBLIC && judged->row)
		return refuse(verdict, JUDGED_REFUSED_ACCESS, STR("not-by"),
		              STR("Without a return code, nothing can be added to a file"));
	if (actor->by == CASEBOOK_BY_OFFICE) {
		office = chart_find(turn->fold->chart, actor->office);
		if (!judge_office(turn, judged, &has_part_alone, verdict, err))
			return false;
		if (verdict->judgement != JUDGED_ADMITTED)
			return true;
		if (has_part_alone && !judged->kind->is_built_in) {
			if (!settles_own(turn, judged, &matches, err))
				return false;
			is_left_out = !matches;
			matches = false;
		}
	}
	for (size_t i = 0; !matches && i < judged->kind->by_count; i++) {
		/* "anyone" is anyone who reads the file. */
		if (is_left_out && judged->kind->by[i].sort == PACK_BY_ANYONE)
			continue;
		if (!matches_by(turn, judged, &judged->kind->by[i], office, &matches, err))
			return false;
	}
	/* What is founded by init is the register's own act; so is what a drill makes for --as. */
	if (!matches && actor->by == CASEBOOK_BY_REGISTER && judged->kind->is_built_in)
		matches = true;
	return matches ||
	       refuse(verdict, JUDGED_REFUSED_ACCESS, STR("not-by"), who_may(turn, judged->kind));
}

bool judge_access(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                  struct err *err)
{
	if (!judge_by(turn, judged, verdict, err))
		return false;
	if (verdict->judgement != JUDGED_ADMITTED)
		return true;
	if (!judged->kind->is_built_in)
		return true;
	if (judged->act->actor.by == CASEBOOK_BY_OFFICE ? !judge_own(turn, judged, verdict, err)
	                                                : !judge_sides(turn, judged, verdict))
		return false;
	return verdict->judgement != JUDGED_ADMITTED || judge_office_file(turn, judged, verdict);
}

/* --- doors --------------------------------------------------------------------------------- */

static struct str states_words(struct turn *turn, const struct judged *judged)
{
	struct arena *arena = turn->fold->arena;
	uint32_t from = judged->kind->from[judged->type->number];
	struct str all = STR("");
	for (size_t i = 0; i < judged->type->state_count; i++) {
		if (!(from >> i & 1))
			continue;
		struct str pieces[3] = { all, STR(", "), judged->type->state_titles[i] };
		all = all.n ? arena_join(arena, pieces, 3) : judged->type->state_titles[i];
	}
	return arena_format(arena, "The file is \"%.*s\". This can be done while it is: %.*s",
	                    STR_ARG(judged->type->state_titles[judged->row->state]), STR_ARG(all));
}

/* A duty that this act would settle, but not before its earliest time. */
static bool too_early(struct turn *turn, const struct judged *judged, instant *earliest,
                      struct err *err)
{
	static const char EARLY_SQL[] =
		"SELECT MIN(earliest) FROM duty WHERE file = ?1 AND rule = ?2 AND closed IS NULL AND earliest > ?3";
	*earliest = 0;
	for (size_t i = 0; judged->row && i < judged->kind->settle_count; i++) {
		CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
		const struct pack_settle *settle = &judged->kind->settles[i];
		if (settle->is_early || settle->on || !settle->duty->has_not_before)
			continue;
		if (!store_prepare(turn->store, EARLY_SQL, &found, err))
			return false;
		store_bind_int(found, 1, judged->row->n);
		store_bind_str(found, 2, settle->duty->name);
		store_bind_int(found, 3, turn->now);
		if (store_step(found, err) == STORE_FAILED)
			return false;
		if (!store_is_null(found, 0))
			*earliest = store_int(found, 0);
	}
	return true;
}

/* What somebody chose about the file since the writer looked at it, by an act of the same kind; 0:
 * nothing. Other entries are beside his own and stop nothing. */
static bool decided_since(struct turn *turn, const struct judged *judged, int64_t *since,
                          struct err *err)
{
	/* By entry_file(file, kind, idx). */
	static const char SINCE_SQL[] =
		"SELECT COALESCE(MAX(idx), 0) FROM entry WHERE file = ?1 AND kind = ?2 AND idx > ?3";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	/* What waited was written when it began to wait. */
	bool has_waited = judged->waited >= 0;
	*since = 0;
	if ((!judged->act->has_seen && !has_waited) || !judged->row || judged->row->is_new ||
	    judged->kind->to.sort != PACK_TO_BY_FIELD)
		return true;
	if (!store_prepare(turn->store, SINCE_SQL, &found, err))
		return false;
	store_bind_int(found, 1, judged->row->n);
	store_bind_str(found, 2, judged->kind->name);
	store_bind_int(found, 3, has_waited ? judged->waited : judged->act->seen);
	if (store_step(found, err) != STORE_ROW)
		return false;
	*since = store_int(found, 0);
	return true;
}

bool judge_doors(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                 struct err *err)
{
	struct arena *arena = turn->fold->arena;
	instant earliest;
	int64_t since;
	verdict->judgement = JUDGED_ADMITTED;
	if (!judged->type || !(judged->kind->file_types >> judged->type->number & 1))
		return refuse(verdict, JUDGED_REFUSED_DOOR, STR("file-type"),
		              arena_format(arena, "\"%.*s\" cannot be made on this kind of file",
		                           STR_ARG(judged->kind->title)));
	/* The walk of the pack proves its properties for files that such a kind begins, not for
	 * others. */
	if (judged->kind->may_begin && judged->row && !judged->row->is_new &&
	    !judged->row->type->is_built_in)
		return refuse(verdict, JUDGED_REFUSED_DOOR, STR("begins-a-file"),
		              arena_format(arena,
		                           "\"%.*s\" begins a file of its own; leave the file out",
		                           STR_ARG(judged->kind->title)));
	if (judged->row && judged->row->destroyed >= 0 &&
	    judged->act->actor.by != CASEBOOK_BY_REGISTER)
		return refuse(verdict, JUDGED_REFUSED_DOOR, STR("destroyed"),
		              STR("This file was lawfully destroyed; nothing can be added to it"));
	if (!decided_since(turn, judged, &since, err))
		return false;
	if (since) {
		verdict->since = since;
		return refuse(verdict, JUDGED_REFUSED_DOOR, STR("decided-since"),
		              decided_since_words(arena, since));
	}
	if (judged->row && !judged->row->is_new &&
	    !(judged->kind->from[judged->type->number] >> judged->row->state & 1))
		return refuse(verdict, JUDGED_REFUSED_DOOR, STR("state"),
		              states_words(turn, judged));
	if (!too_early(turn, judged, &earliest, err))
		return false;
	if (earliest)
		return refuse(verdict, JUDGED_REFUSED_DOOR, STR("too-early"),
		              arena_format(arena, "This may be done from %.*s on",
		                           STR_ARG(wording_instant(arena, turn->fold->pack->zone,
		                                                   earliest))));
	return judge_cited(turn, judged, verdict, err) &&
	       (verdict->judgement != JUDGED_ADMITTED || judge_takes(turn, judged, verdict, err));
}

/* --- needs --------------------------------------------------------------------------------- */

static void add_missing(struct verdict *verdict, struct str gate, const struct pack_need *need)
{
	if (verdict->missing_count < COUNT_OF(verdict->missing))
		verdict->missing[verdict->missing_count++] =
			(struct casebook_missing){ gate, need->otherwise };
}

static void add_role(struct verdict *verdict, const struct pack_office *role)
{
	for (size_t i = 0; i < verdict->role_count; i++) {
		if (str_eq(verdict->roles[i], role->name))
			return;
	}
	if (verdict->role_count < COUNT_OF(verdict->roles))
		verdict->roles[verdict->role_count++] = role->name;
}

static bool judge_need(const struct pack_world *shown, struct str gate,
                       const struct pack_need *need, struct verdict *verdict, struct err *err)
{
	bool holds;
	if (!pack_cond_holds(need->when, shown, &holds, err))
		return false;
	if (!holds)
		return true;
	if (!pack_cond_holds(need->need, shown, &holds, err))
		return false;
	if (holds)
		return true;
	if (need->is_second)
		add_role(verdict, need->second);
	else
		add_missing(verdict, gate, need);
	return true;
}

bool judge_needs_of(const struct pack_kind *kind, const struct pack_world *shown,
                    struct verdict *verdict, struct err *err)
{
	verdict->judgement = JUDGED_ADMITTED;
	for (size_t i = 0; i < kind->need_count; i++) {
		const struct pack_kind_need *line = &kind->needs[i];
		bool holds = true;
		if (line->gate && !pack_cond_holds(line->when, shown, &holds, err))
			return false;
		if (line->need && !judge_need(shown, STR(""), line->need, verdict, err))
			return false;
		for (size_t n = 0; line->gate && holds && n < line->gate->need_count; n++) {
			if (!judge_need(shown, line->gate->name, &line->gate->needs[n], verdict,
			                err))
				return false;
		}
	}
	if (verdict->missing_count)
		verdict->judgement = JUDGED_REFUSED_GATE;
	else if (verdict->role_count)
		verdict->judgement = JUDGED_WAITING;
	return true;
}

void judge_world(struct turn *turn, const struct judged *judged, struct world *world,
                 struct pack_world *shown)
{
	*world = (struct world){ .store = turn->store,
		                 .files = turn->fold->file_tags,
		                 .pack = turn->fold->pack,
		                 .chart = turn->fold->chart,
		                 .arena = turn->fold->arena,
		                 .row = judged->row,
		                 .up_to = INT64_MAX, /* the act's own entry is not made yet */
		                 .seconds = judged->seconds,
		                 .second_count = judged->second_count,
		                 .since = judged->waited_since,
		                 .linking = judged->kind,
		                 .linking_plain = judged->plain };
	world_show(world, shown);
	shown->now = turn->now;
	shown->kind = judged->kind;
	shown->plain = judged->plain;
	shown->happened = judged->act->has_happened ? judged->act->happened : turn->now;
	shown->account = judged->act->actor.account;
	shown->office =
		judged->act->actor.by == CASEBOOK_BY_OFFICE ? judged->act->actor.office : STR_NONE;
}

bool judge_counted(struct turn *turn, const struct judged *judged, struct err *err)
{
	struct file_row blank = { .type = judged->type, .n = -1 };
	struct judged there = *judged;
	struct world world;
	struct pack_world shown;
	there.row = judged->row ? judged->row : &blank;
	judge_world(turn, &there, &world, &shown);
	world.linking = NULL; /* as verify sees it: links that stand already */
	return counted_say(&shown, turn->fold->arena, judged->kind, judged->plain, err);
}

bool judge_needs(struct turn *turn, const struct judged *judged, struct verdict *verdict,
                 struct err *err)
{
	struct file_row blank = { .type = judged->type, .n = -1 };
	struct judged there = *judged;
	struct world world;
	struct pack_world shown;
	there.row = judged->row ? judged->row : &blank;
	judge_world(turn, &there, &world, &shown);
	return judge_needs_of(judged->kind, &shown, verdict, err);
}
