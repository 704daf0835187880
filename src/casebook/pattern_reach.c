/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which files an entry concerns: its own, and those at the other ends of what it is linked by. */
#include "casebook/fold_parts.h"
#include "casebook/joined.h"
#include "casebook/pattern.h"
#include "casebook/world.h"

/* By the primary key and by link_b, the newest files first; a link that this very entry took away
 * leads there still. ?4: only links that this entry made, or -1. */
static const char NEAR_A_SQL[] =
	"SELECT b FROM link WHERE a = ?1 AND relation = ?2 AND (removed IS NULL OR removed = ?3)"
	" AND (?4 < 0 OR entry = ?4) ORDER BY b DESC LIMIT ?5";
static const char NEAR_B_SQL[] =
	"SELECT a FROM link WHERE b = ?1 AND relation = ?2 AND (removed IS NULL OR removed = ?3)"
	" AND (?4 < 0 OR entry = ?4) ORDER BY a DESC LIMIT ?5";

/* The files at the other end of a relation; kept, as several patterns look along it. */
struct pattern_near {
	struct pattern_near *next;
	const struct pack_relation *relation;
	int64_t from;
	bool is_made;
	int64_t files[2 * PATTERN_REACHED_MAX];
	size_t count;
};

struct pattern_row {
	struct pattern_row *next;
	struct file_row *row;
};

static bool no_room(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no memory to look for patterns");
}

static bool near_by(struct pattern_eye *eye, const char *sql, struct pattern_near *out,
                    struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	int64_t index = eye->entry ? eye->entry->index : -1;
	if (!store_prepare(eye->fold->store, sql, &rows, err))
		return false;
	store_bind_int(rows, 1, out->from);
	store_bind_str(rows, 2, out->relation->name);
	store_bind_int(rows, 3, index);
	store_bind_int(rows, 4, out->is_made ? index : -1);
	store_bind_int(rows, 5, PATTERN_REACHED_MAX);
	while (out->count < COUNT_OF(out->files)) {
		enum store_step step = store_step(rows, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		out->files[out->count++] = store_int(rows, 0);
	}
	return true;
}

/* `type`: of the file `from`; is_made: by links that this entry made. */
static bool find_near(struct pattern_eye *eye, int64_t from, uint64_t type,
                      const struct pack_relation *relation, bool is_made,
                      const struct pattern_near **out, struct err *err)
{
	const struct fold *fold = eye->fold;
	struct pattern_near *near = eye->nears;
	while (near &&
	       (near->relation != relation || near->from != from || near->is_made != is_made))
		near = near->next;
	*out = near;
	if (near)
		return true;
	near = arena_alloc(eye->fold->looks, 1, sizeof *near);
	if (!near)
		return no_room(err);
	*near = (struct pattern_near){
		.next = eye->nears, .relation = relation, .from = from, .is_made = is_made
	};
	*out = eye->nears = near;
	/* By what was there before: a link that the entry takes away leads there still. */
	if (eye->entry &&
	    joined_has_none(fold->joined, fold->pack, from, relation, eye->entry->index))
		return true;
	if ((relation->from & type) && !near_by(eye, NEAR_A_SQL, near, err))
		return false;
	return !(relation->to & type) || near_by(eye, NEAR_B_SQL, near, err);
}

struct reaching {
	struct pattern_reached *out;
	size_t count;
};

static void reach(struct reaching *reaching, int64_t file, bool is_joined)
{
	for (size_t i = 0; i < reaching->count; i++) {
		if (reaching->out[i].file == file) {
			reaching->out[i].is_joined = reaching->out[i].is_joined || is_joined;
			return;
		}
	}
	if (reaching->count < PATTERN_REACHED_MAX)
		reaching->out[reaching->count++] = (struct pattern_reached){ file, is_joined };
}

/* A file that was just linked may be shared with others of the pattern's type. */
static bool reach_shared(struct pattern_eye *eye, const struct pack_relation *relation,
                         uint64_t type, struct reaching *reaching, struct err *err)
{
	const struct pattern_near *made, *others;
	if (!find_near(eye, eye->own->n, type, relation, true, &made, err))
		return false;
	for (size_t i = 0; i < made->count; i++) {
		/* Of whichever type the other end is, the relation leads back. */
		uint64_t there = relation->from | relation->to;
		if (!find_near(eye, made->files[i], there, relation, false, &others, err))
			return false;
		for (size_t j = 0; j < others->count; j++)
			reach(reaching, others->files[j], false);
	}
	return true;
}

bool pattern_is_through(const struct pack_pattern *pattern, const struct pack_relation *relation)
{
	for (size_t i = 0; i < pattern->through_count; i++) {
		if (pattern->through[i] == relation)
			return true;
	}
	return false;
}

/* Whether the relation leads from a file of `type` to one of those that it is about. */
static bool leads(const struct pack_relation *relation, uint64_t type, uint64_t about)
{
	return ((relation->from & type) && (relation->to & about)) ||
	       ((relation->to & type) && (relation->from & about));
}

/* The files of the offices that the entry is of; at night there is none. */
static bool reach_offices(struct pattern_eye *eye, const struct pack_pattern *pattern,
                          struct reaching *reaching, struct err *err)
{
	int64_t files[PATTERN_REACHED_MAX];
	size_t count = 0;
	if (eye->entry && !fold_offices_of(eye->fold, eye->entry, pattern->of_office, files,
	                                   COUNT_OF(files), &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		reach(reaching, files[i], true);
	return true;
}

bool pattern_reach(struct pattern_eye *eye, const struct pack_pattern *pattern,
                   struct pattern_reached out[PATTERN_REACHED_MAX], size_t *count, struct err *err)
{
	struct reaching reaching = { .out = out };
	const struct file_row *row = eye->own;
	size_t links = eye->entry && eye->entry->kind ? eye->entry->kind->link_count : 0;
	*count = 0;
	if (!row->type)
		return true;
	uint64_t type = UINT64_C(1) << row->type->number;
	uint64_t about = UINT64_C(1) << pattern->about->number;
	if (type == about)
		reach(&reaching, row->n, true);
	if (pattern->of_office && !reach_offices(eye, pattern, &reaching, err))
		return false;
	/* Nothing is linked to a file that has just begun, but what this entry links. */
	bool is_alone = eye->entry && row->first_entry == eye->entry->index && links == 0;
	for (size_t i = 0; i < pattern->reach_count && !is_alone; i++) {
		const struct pack_relation *relation = pattern->reach[i];
		const struct pattern_near *near;
		if (leads(relation, type, about)) {
			if (!find_near(eye, row->n, type, relation, false, &near, err))
				return false;
			for (size_t j = 0; j < near->count; j++)
				reach(&reaching, near->files[j],
				      pattern_is_through(pattern, relation));
		}
		if (links && pack_cond_shares(pattern->when, relation) &&
		    !reach_shared(eye, relation, type, &reaching, err))
			return false;
	}
	*count = reaching.count;
	return true;
}

/* --- the eye ---------------------------------------------------------------------------------- */

/* A correction wakes what the corrected entry wakes. */
static bool find_woken(struct fold *fold, const struct folding *entry,
                       const struct pack_kind **woken, struct err *err)
{
	static const char KIND_SQL[] = "SELECT kind FROM entry WHERE idx = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	*woken = entry->kind;
	if (!entry->kind || !str_eq(entry->kind_name, STR("entry.corrected")))
		return true;
	if (!store_prepare(fold->store, KIND_SQL, &found, err))
		return false;
	store_bind_int(found, 1, json_number(entry->plain, STR("of"), -1));
	enum store_step step = store_step(found, err);
	if (step == STORE_ROW)
		*woken = pack_kind_find(fold->pack, store_str(found, 0));
	return step != STORE_FAILED;
}

static bool open_looks(struct fold *fold, struct err *err)
{
	joined_open(fold->joined, fold->pack);
	return fold->looks || (fold->looks = arena_create(2 * PATTERN_LOOKS_MAX)) || no_room(err);
}

bool pattern_eye_open(struct fold *fold, const struct folding *entry, struct pattern_eye *out,
                      struct err *err)
{
	*out = (struct pattern_eye){ .fold = fold, .entry = entry, .now = entry->recorded };
	if (!find_woken(fold, entry, &out->woken, err))
		return false;
	if (!out->woken || !out->woken->wake_count)
		return true;
	return open_looks(fold, err) && fold_file(fold, entry->file, &out->own, err);
}

bool pattern_eye_night(struct fold *fold, int64_t file, instant now, struct pattern_eye *out,
                       struct err *err)
{
	*out = (struct pattern_eye){ .fold = fold, .now = now };
	return open_looks(fold, err) && pattern_eye_row(out, file, &out->own, err);
}

bool pattern_eye_has_room(const struct pattern_eye *eye)
{
	return arena_used(eye->fold->looks) < PATTERN_LOOKS_MAX;
}

bool pattern_eye_row(struct pattern_eye *eye, int64_t n, struct file_row **out, struct err *err)
{
	struct pattern_row *kept = eye->rows;
	*out = fold_in_hand(eye->fold, n);
	if (*out)
		return true;
	while (kept && kept->row->n != n)
		kept = kept->next;
	if (!kept) {
		kept = arena_alloc(eye->fold->looks, 1, sizeof *kept);
		if (!kept)
			return no_room(err);
		if (!file_row_read(eye->fold->store, eye->fold->pack, eye->fold->looks, n,
		                   &kept->row, err))
			return false;
		kept->next = eye->rows;
		eye->rows = kept;
	}
	*out = kept->row;
	return true;
}
