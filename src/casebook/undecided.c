/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Duties that an answer settles are gone through by due; each shows the
 * proposal that opened it or, where a pattern did, what is undecided on its
 * file. A proposal under several is shown under the one that is due first.
 */
#include "casebook/undecided.h"

#include <stdlib.h>

#include "casebook/fold.h"
#include "casebook/query_rows.h"

#define RULES_MAX 16
#define DUTIES_AT_ONCE 64
#define OF_FILE_MAX 1000 /* proposals, and answers, of one file */

/* By duty_undone(office, rule, due, id). */
static const char OWED_SQL[] =
	"SELECT id, due, file, opened FROM duty WHERE office = ?1 AND rule = ?2 AND closed IS NULL"
	" AND (due, id) >= (?3, ?4) ORDER BY due, id LIMIT ?5";
/* By the primary key of duty_also (office, due, duty), for a rule of several owners. */
static const char OWED_TOO_SQL[] =
	"SELECT d.id, d.due, d.file, d.opened FROM duty_also AS a JOIN duty AS d ON d.id = a.duty"
	" WHERE a.office = ?1 AND d.rule = ?2 AND d.closed IS NULL AND (a.due, a.duty) >= (?3, ?4)"
	" ORDER BY a.due, a.duty LIMIT ?5";
/* By duty_rule(file, rule); the office among those that owe it by duty_also_duty. */
static const char ON_FILE_SQL[] =
	"SELECT d.id, d.due, d.file, d.opened FROM duty AS d WHERE d.file = ?1 AND d.rule = ?2"
	" AND d.closed IS NULL AND (d.office = ?3 OR EXISTS"
	" (SELECT 1 FROM duty_also AS a WHERE a.duty = d.id AND a.office = ?3))";
/* By entry_file(file, kind, idx). */
static const char ENTRIES_SQL[] = "SELECT idx, plain FROM entry WHERE file = ?1 AND kind = ?2"
				  " AND idx > ?3 AND plain IS NOT NULL ORDER BY idx LIMIT ?4";

/* By duty_undone, and by the primary key of duty_also: of the office's own, and those it owes too.
 */
static const char COUNT_SQL[] =
	"SELECT (SELECT count(*) FROM duty WHERE office = ?1 AND rule = ?2 AND closed IS NULL) +"
	" (SELECT count(*) FROM duty_also AS a JOIN duty AS d ON d.id = a.duty"
	" WHERE a.office = ?1 AND d.rule = ?2 AND d.closed IS NULL)";

struct owed {
	int64_t id;
	instant due;
	int64_t file;
	int64_t opened;
};

/* That two files are one, or two: it answers what was proposed of the pair before, named or not. */
struct said_of_pair {
	int64_t entry;
	struct str other;
};

struct answers {
	struct rows of;    /* proposals that are named, in their order */
	struct rows pairs; /* struct said_of_pair */
};

struct gathering {
	struct casebook_reader *reader;
	struct arena *arena;
	struct str office;
	const struct pack_duty *rules[RULES_MAX]; /* that an answer settles */
	size_t rule_count;
	/* Of the file that was looked at last. */
	int64_t file;
	struct rows proposals; /* undecided */
	struct rows owed;      /* by the office, under one of the rules */
	struct rows found;     /* of all files */
};

/* --- what is decided -------------------------------------------------------------------------- */

static bool add_answers(struct casebook_reader *reader, struct arena *arena, int64_t file,
                        int64_t after, const struct pack_kind *kind, struct answers *out,
                        struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	const struct pack_matching *matching = &reader_pack(reader)->matching;
	if (!kind)
		return true;
	if (!store_prepare(reader->store, ENTRIES_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, file);
	store_bind_str(rows, 2, kind->name);
	store_bind_int(rows, 3, after);
	store_bind_int(rows, 4, OF_FILE_MAX);
	for (;;) {
		const struct json *plain;
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		if (!json_read(arena, arena_copy(arena, store_str(rows, 1)), 8, &plain, err))
			return false;
		if (kind == matching->answer && matching->undecided.p &&
		    str_eq(json_text(plain, STR("answer")), matching->undecided))
			continue;
		int64_t *of = rows_add(&out->of);
		struct said_of_pair *pair = kind == matching->answer ? NULL : rows_add(&out->pairs);
		if (!of || (!pair && kind != matching->answer))
			return rows_too_long(err);
		*of = json_number(plain, STR("of"), -1);
		if (pair)
			*pair = (struct said_of_pair){ store_int(rows, 0),
				                       json_text(plain, STR("other")) };
	}
}

static int by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

/* What was answered after `after`. */
static bool answers_of(struct casebook_reader *reader, struct arena *arena, int64_t file,
                       int64_t after, struct answers *out, struct err *err)
{
	const struct pack_matching *matching = &reader_pack(reader)->matching;
	*out = (struct answers){ .of = { .arena = arena, .size = sizeof(int64_t) },
		                 .pairs = { .arena = arena, .size = sizeof(struct said_of_pair) } };
	if (!add_answers(reader, arena, file, after, matching->answer, out, err) ||
	    !add_answers(reader, arena, file, after, matching->same, out, err) ||
	    !add_answers(reader, arena, file, after, matching->apart, out, err))
		return false;
	if (out->of.count > 1)
		qsort(out->of.at, out->of.count, sizeof(int64_t), by_number);
	return true;
}

/* Of numbers in order. */
static bool is_among(const struct rows *of, int64_t proposal)
{
	return of->count &&
	       bsearch(&proposal, of->at, of->count, sizeof proposal, by_number) != NULL;
}

static bool is_answered(const struct pack *pack, const struct answers *answers, int64_t proposal,
                        const struct json *plain)
{
	struct str other = json_text(plain, STR("other"));
	bool is = is_among(&answers->of, proposal),
	     asks = pack_asks_who(pack, pack->matching.propose, plain);
	for (size_t i = 0; asks && !is && i < answers->pairs.count; i++) {
		const struct said_of_pair *pair =
			(const struct said_of_pair *)answers->pairs.at + i;
		is = pair->entry > proposal && str_eq(pair->other, other);
	}
	return is;
}

bool casebook_is_decided(struct casebook_reader *reader, struct arena *arena, int64_t file,
                         int64_t proposal, bool *out, struct err *err)
{
	struct answers answers;
	struct casebook_entry entry;
	if (!answers_of(reader, arena, file, proposal, &answers, err) ||
	    !casebook_entry_get(reader, arena, proposal, &entry, err))
		return false;
	*out = is_answered(reader_pack(reader), &answers, proposal, entry.plain);
	return true;
}

/* --- a file ----------------------------------------------------------------------------------- */

static bool opened_any(const struct gathering *g, int64_t proposal)
{
	for (size_t i = 0; i < g->owed.count; i++)
		if (((const struct owed *)g->owed.at + i)->opened == proposal)
			return true;
	return false;
}

static bool read_proposals(struct gathering *g, int64_t file, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct answers answers;
	g->proposals = (struct rows){ .arena = g->arena, .size = sizeof(int64_t) };
	if (!answers_of(g->reader, g->arena, file, -1, &answers, err) ||
	    !store_prepare(g->reader->store, ENTRIES_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, file);
	store_bind_str(rows, 2, reader_pack(g->reader)->matching.propose->name);
	store_bind_int(rows, 3, -1);
	store_bind_int(rows, 4, OF_FILE_MAX);
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		int64_t n = store_int(rows, 0);
		bool is = is_among(&answers.of, n);
		/* What is owed for it is not hidden, whatever its day's rules let settle it. */
		if (!is && answers.pairs.count && !opened_any(g, n)) {
			const struct json *plain;
			if (!json_read(g->arena, arena_copy(g->arena, store_str(rows, 1)), 8,
			               &plain, err))
				return false;
			is = is_answered(reader_pack(g->reader), &answers, n, plain);
		}
		if (is)
			continue;
		int64_t *proposal = rows_add(&g->proposals);
		if (!proposal)
			return rows_too_long(err);
		*proposal = n;
	}
}

static bool add_owed(struct rows *out, struct store_stmt *rows, struct err *err)
{
	bool failed;
	for (struct owed *owed; (owed = rows_next(out, rows, &failed, err));)
		*owed = (struct owed){ store_int(rows, 0), store_int(rows, 1), store_int(rows, 2),
			               store_int(rows, 3) };
	return !failed;
}

static bool look_at_file(struct gathering *g, int64_t file, struct err *err)
{
	if (g->file == file)
		return true;
	g->file = file;
	g->owed = (struct rows){ .arena = g->arena, .size = sizeof(struct owed) };
	for (size_t i = 0; i < g->rule_count; i++) {
		CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
		if (!store_prepare(g->reader->store, ON_FILE_SQL, &rows, err))
			return false;
		store_bind_int(rows, 1, file);
		store_bind_str(rows, 2, g->rules[i]->name);
		store_bind_str(rows, 3, g->office);
		if (!add_owed(&g->owed, rows, err))
			return false;
	}
	return read_proposals(g, file, err);
}

static bool comes_before(const struct owed *a, const struct owed *b)
{
	return a->due != b->due ? a->due < b->due : a->id < b->id;
}

/* Whether a duty is of one undecided proposal alone: else it is of each on the file. */
static bool is_own(const struct gathering *g, const struct owed *owed)
{
	return is_among(&g->proposals, owed->opened);
}

/* Whether another of these comes before: of the one proposal, or -1: of all. */
static bool has_before(const struct gathering *g, const struct owed *owed, int64_t proposal)
{
	for (size_t i = 0; i < g->owed.count; i++) {
		const struct owed *other = (const struct owed *)g->owed.at + i;
		if (comes_before(other, owed) &&
		    (proposal < 0 ? !is_own(g, other) : other->opened == proposal))
			return true;
	}
	return false;
}

/* --- all of an office ------------------------------------------------------------------------- */

static int by_due(const void *a, const void *b)
{
	const struct owed *x = a, *y = b;
	return comes_before(x, y) ? -1 : comes_before(y, x);
}

static bool next_owed_of(struct gathering *g, const char *sql, const struct pack_duty *rule,
                         const struct casebook_undecided_at *from, struct rows *out,
                         struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	if (!store_prepare(g->reader->store, sql, &rows, err))
		return false;
	store_bind_str(rows, 1, g->office);
	store_bind_str(rows, 2, rule->name);
	store_bind_int(rows, 3, from->due);
	store_bind_int(rows, 4, from->duty);
	store_bind_int(rows, 5, DUTIES_AT_ONCE);
	return add_owed(out, rows, err);
}

/* The next duties from `from` on, in order, DUTIES_AT_ONCE at most: of each rule so many are read,
 * so that the first of them all are among those. */
static bool next_owed(struct gathering *g, const struct casebook_undecided_at *from,
                      struct rows *out, struct err *err)
{
	*out = (struct rows){ .arena = g->arena, .size = sizeof(struct owed) };
	for (size_t i = 0; i < g->rule_count; i++) {
		if (!next_owed_of(g, OWED_SQL, g->rules[i], from, out, err) ||
		    (g->rules[i]->owner_count > 1 &&
		     !next_owed_of(g, OWED_TOO_SQL, g->rules[i], from, out, err)))
			return false;
	}
	if (out->count > 1)
		qsort(out->at, out->count, sizeof(struct owed), by_due);
	out->count = out->count < DUTIES_AT_ONCE ? out->count : DUTIES_AT_ONCE;
	return true;
}

static bool add_found(struct gathering *g, const struct owed *owed, int64_t proposal,
                      const struct casebook_undecided_at *after, struct err *err)
{
	if (owed->id == after->duty && proposal <= after->proposal)
		return true;
	struct casebook_undecided *found = rows_add(&g->found);
	if (!found)
		return rows_too_long(err);
	*found = (struct casebook_undecided){ .at = { owed->due, owed->id, proposal },
		                              .file = owed->file,
		                              .is_late =
		                                      casebook_now(g->reader->book) >= owed->due };
	return true;
}

/* What one duty shows, past `after`; stops when there is one more than `limit`. */
static bool show_owed(struct gathering *g, const struct owed *owed,
                      const struct casebook_undecided_at *after, size_t limit, struct err *err)
{
	if (!look_at_file(g, owed->file, err))
		return false;
	if (has_before(g, owed, -1))
		return true; /* what this one shows stands there already */
	if (is_own(g, owed))
		return has_before(g, owed, owed->opened) ||
		       add_found(g, owed, owed->opened, after, err);
	for (size_t i = 0; i < g->proposals.count && g->found.count <= limit; i++) {
		int64_t proposal = rows_id(&g->proposals, i);
		if (!has_before(g, owed, proposal) && !add_found(g, owed, proposal, after, err))
			return false;
	}
	return true;
}

/* The rules that an answer settles on the file it stands on. */
static void find_rules(struct gathering *g)
{
	const struct pack_kind *answer = reader_pack(g->reader)->matching.answer;
	for (size_t i = 0; answer && i < answer->settle_count; i++) {
		const struct pack_settle *line = &answer->settles[i];
		bool is_there = line->on != NULL;
		for (size_t j = 0; j < g->rule_count; j++)
			is_there = is_there || g->rules[j] == line->duty;
		if (!is_there && g->rule_count < RULES_MAX)
			g->rules[g->rule_count++] = line->duty;
	}
}

bool casebook_undecided_of(struct casebook_reader *reader, struct arena *arena, struct str office,
                           const struct casebook_undecided_at *after, size_t limit,
                           struct casebook_undecided_list *out, struct err *err)
{
	struct casebook_undecided_at from =
		after ? *after : (struct casebook_undecided_at){ INSTANT_MIN, -1, -1 };
	const struct casebook_undecided_at past = from;
	struct gathering g = { .reader = reader, .arena = arena, .office = office, .file = -1 };
	struct rows owed = { .count = DUTIES_AT_ONCE };
	g.found = (struct rows){ .arena = arena, .size = sizeof(struct casebook_undecided) };
	*out = (struct casebook_undecided_list){ 0 };
	if (!rows_limit_is_good(limit, err))
		return false;
	if (!reader_pack(reader)->matching.propose)
		return true;
	find_rules(&g);
	while (owed.count == DUTIES_AT_ONCE && g.found.count <= limit) {
		if (!next_owed(&g, &from, &owed, err))
			return false;
		for (size_t i = 0; i < owed.count && g.found.count <= limit; i++) {
			const struct owed *one = (const struct owed *)owed.at + i;
			if (!show_owed(&g, one, &past, limit, err))
				return false;
			from = (struct casebook_undecided_at){ one->due, one->id + 1, -1 };
		}
	}
	*out = (struct casebook_undecided_list){ .at = g.found.at,
		                                 .count = g.found.count < limit ? g.found.count
		                                                                : limit,
		                                 .more = g.found.count > limit };
	return true;
}

bool casebook_undecided_owed(struct casebook_reader *reader, struct str office, int64_t *out,
                             struct err *err)
{
	struct gathering g = { .reader = reader, .office = office };
	*out = 0;
	find_rules(&g);
	for (size_t i = 0; i < g.rule_count; i++) {
		CLEANUP(store_stmt_finish) struct store_stmt *row = NULL;
		if (!store_prepare(reader->store, COUNT_SQL, &row, err))
			return false;
		store_bind_str(row, 1, office);
		store_bind_str(row, 2, g.rules[i]->name);
		enum store_step step = store_step(row, err);
		if (step == STORE_FAILED)
			return false;
		*out += step == STORE_ROW ? store_int(row, 0) : 0;
	}
	return true;
}
