/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The door of an end: what an act would leave owed on a file that it ends. The
 * walk of a pack proves that there is none of it by that pack's own rules; what
 * was opened under an earlier version is not in the walk.
 */
#include "casebook/fold_parts.h"
#include "casebook/turn_parts.h"
#include "casebook/world.h"

/* By duty_file(file, id): a file's open duties are few. */
static const char OPEN_SQL[] =
	"SELECT id, rule, office FROM duty WHERE file = ?1 AND closed IS NULL"
	" ORDER BY due, id";

#define NAMED_MAX 4 /* acts that would settle it */

struct ending {
	struct turn *turn;
	const struct judged *judged;
	struct pack_world shown;
	const struct pack_duty *left; /* the first that stays owed */
	struct str left_by;
	size_t count;
};

/* Whether it leads into a state of the end, from one that is none. */
static bool ends_file(const struct judged *judged)
{
	const struct file_row *row = judged->row;
	if (!row || row->is_new || !row->type || row->type->is_built_in || row->open_duties == 0)
		return false;
	int target = pack_kind_target(judged->kind, row->type, row->state, judged->plain);
	return target >= 0 && row->type->final >> target & 1 &&
	       !(row->type->final >> row->state & 1);
}

/* What follows on the same file may settle more than the act does. */
static bool is_followed_here(const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->then_count; i++)
		if (!kind->then[i].on)
			return true;
	return false;
}

static bool line_means(const struct ending *ending, const struct pack_settle *line, int64_t id,
                       struct str office, bool *closes, struct err *err)
{
	struct str actor = ending->judged->act->actor.office;
	int64_t named;
	*closes = false;
	switch (line->only) {
	case PACK_ONLY_OWN:
		return fold_owes(ending->turn->fold, id, office, actor, closes, err);
	case PACK_ONLY_FIELD:
		*closes = duty_name_read(json_text(ending->judged->plain, line->field), &named) &&
		          named == id;
		return !*closes || !line->is_own ||
		       fold_owes(ending->turn->fold, id, office, actor, closes, err);
	case PACK_ONLY_OPENED:
		*closes = duty_is_of(id, ending->judged->plain, line->field);
		return true;
	case PACK_ONLY_AGREES:
		return fold_agrees(ending->turn->fold, id, ending->judged->plain, line->field,
		                   closes, err);
	case PACK_ONLY_EARLIEST: /* of several the others stay; the turn's own check has them */
	case PACK_ONLY_ALL:
		*closes = true;
		return true;
	}
	return true;
}

static bool line_closes(const struct ending *ending, const struct pack_settle *line, int64_t id,
                        struct str office, bool *closes, struct err *err)
{
	const struct judged *judged = ending->judged;
	return line_means(ending, line, id, office, closes, err) &&
	       (!*closes || fold_counts(ending->turn->fold, id, line, judged->plain,
	                                ending->turn->now, ending->shown.happened, closes, err));
}

static bool is_closed_by(const struct ending *ending, int64_t id, struct str rule,
                         struct str office, bool *closes, struct err *err)
{
	const struct pack_kind *kind = ending->judged->kind;
	*closes = false;
	for (size_t i = 0; !*closes && i < kind->end_count; i++)
		if (str_eq(kind->ends[i].duty->name, rule) &&
		    !pack_cond_holds(kind->ends[i].when, &ending->shown, closes, err))
			return false;
	for (size_t i = 0; !*closes && i < kind->settle_count; i++) {
		const struct pack_settle *line = &kind->settles[i];
		bool holds = false;
		if (line->on || !str_eq(line->duty->name, rule))
			continue;
		if (!pack_cond_holds(line->when, &ending->shown, &holds, err) ||
		    (holds && !line_closes(ending, line, id, office, closes, err)))
			return false;
	}
	return true;
}

static bool look(struct ending *ending, struct err *err)
{
	struct fold *fold = ending->turn->fold;
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	if (!store_prepare(ending->turn->store, OPEN_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, ending->judged->row->n);
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		struct str rule = store_str(rows, 1), office = store_str(rows, 2);
		const struct pack_duty *duty = pack_duty_find(fold->pack, rule);
		bool closes;
		if (!duty || duty->is_built_in)
			continue;
		if (!is_closed_by(ending, store_int(rows, 0), rule, office, &closes, err))
			return false;
		if (closes || ending->count++ > 0)
			continue;
		const struct chart_office *owner = chart_find(fold->chart, office);
		ending->left = duty;
		ending->left_by = arena_copy(fold->arena, owner ? owner->title : office);
	}
}

static bool settles(const struct pack_kind *kind, const struct ending *ending)
{
	if (kind->retired.p || kind->may_begin ||
	    !(kind->file_types >> ending->judged->row->type->number & 1))
		return false;
	for (size_t i = 0; i < kind->settle_count; i++)
		if (!kind->settles[i].on && kind->settles[i].duty == ending->left)
			return true;
	return false;
}

static struct str words_of(const struct ending *ending)
{
	const struct fold *fold = ending->turn->fold;
	const struct pack *pack = fold->pack;
	struct str ways = STR("");
	size_t named = 0;
	for (size_t i = 0; i < pack->kind_count && named < NAMED_MAX; i++) {
		if (!settles(&pack->kinds[i], ending))
			continue;
		struct str pieces[3] = { ways, STR(", or: "), pack_kind_action(&pack->kinds[i]) };
		ways = named++ ? arena_join(fold->arena, pieces, 3) : pieces[2];
	}
	struct str what =
		arena_format(fold->arena,
	                     "It is still owed, from an earlier version of the rules: %.*s (%.*s),"
	                     " by %.*s. This does not settle it",
	                     STR_ARG(ending->left->title), STR_ARG(ending->left->name),
	                     STR_ARG(ending->left_by));
	if (named == 0)
		return arena_format(fold->arena,
		                    "%.*s, and the rules in force have nothing that does on this"
		                    " kind of file: whoever keeps the rules must give them one",
		                    STR_ARG(what));
	return arena_format(fold->arena, "%.*s. What does: %.*s", STR_ARG(what), STR_ARG(ways));
}

bool judge_end(struct turn *turn, const struct judged *judged, struct verdict *verdict,
               struct err *err)
{
	struct ending ending = { .turn = turn, .judged = judged };
	struct world world;
	if (!ends_file(judged) || is_followed_here(judged->kind))
		return true;
	judge_world(turn, judged, &world, &ending.shown);
	if (!look(&ending, err))
		return false;
	if (ending.count == 0)
		return true;
	verdict->judgement = JUDGED_REFUSED_DOOR;
	verdict->because = STR("still-owed");
	verdict->sentence = words_of(&ending);
	return true;
}
