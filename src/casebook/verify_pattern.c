/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Whether the patterns were found that were there, and no others. The turn
 * looks for patterns behind each entry, in one order; what it finds is the next
 * entry. So the same looks over the same entries find the same: one that is
 * missing shows at the entry by which it is due, one too many where it stands.
 *
 * V1. Behind an entry come what its kind makes, then its patterns, then what
 *     else follows. Its patterns are looked for when an entry comes that can
 *     only stand behind them, or the act ends: the views are then as the turn
 *     had them.
 * V2. Where the turn may have had no room to look further (pattern.h), what is
 *     missing is no difference: the next entry finds it.
 */
#include "casebook/fold_parts.h"
#include "casebook/pattern.h"
#include "casebook/verify.h"

#include <stdlib.h>

#define FRAMES_MAX 24
/* What else the turn had in hand may differ by this much. */
#define FOLLOW_SPARE 8
#define FILES_SPARE 32

/* An entry behind which more may follow. */
struct frame {
	struct folding entry;
	int depth; /* as turn_follow counts it */
	bool has_begun;
	bool is_done; /* its patterns were looked for */
	struct pattern_eye eye;
	size_t wake;
	bool has_reached; /* `reached` is of the present wake */
	struct pattern_reached reached[PATTERN_REACHED_MAX];
	size_t reached_count;
	size_t next;
};

struct verify_patterns {
	struct fold *fold;
	struct frame frames[FRAMES_MAX];
	size_t count;
	int64_t followed; /* entries that followed from the act */
	int64_t at;
};

struct verify_patterns *verify_patterns_create(struct err *err)
{
	struct verify_patterns *patterns = calloc(1, sizeof *patterns);
	if (!patterns)
		err_set(err, ERR_UNABLE, "There is no memory to verify");
	return patterns;
}

void verify_patterns_destroy(struct verify_patterns *patterns)
{
	free(patterns);
}

int64_t verify_patterns_at(const struct verify_patterns *patterns)
{
	return patterns->at;
}

/* --- looking on ----------------------------------------------------------------------------- */

static bool is_crowded(const struct verify_patterns *patterns)
{
	const struct fold *fold = patterns->fold;
	return !pattern_has_room(fold, patterns->followed + FOLLOW_SPARE, FILES_SPARE) ||
	       arena_used(fold->looks) > PATTERN_LOOKS_MAX / 4 * 3;
}

static bool begin(struct verify_patterns *patterns, struct frame *frame, struct err *err)
{
	struct fold *fold = patterns->fold;
	frame->has_begun = true;
	frame->is_done =
		frame->is_done || !fold->pack->pattern_count || frame->depth >= TURN_DEPTH_MAX;
	if (frame->is_done)
		return true;
	if (!pattern_eye_open(fold, &frame->entry, &frame->eye, err))
		return false;
	frame->is_done = !frame->eye.woken || !frame->eye.woken->wake_count;
	return true;
}

/* The next that the turn found, had it room; `is_done` of the frame: none. `up_to`: entries there
 * were. */
static bool look_on(struct verify_patterns *patterns, struct frame *frame, int64_t up_to,
                    struct pattern_looked *out, struct err *err)
{
	if (!frame->has_begun && !begin(patterns, frame, err))
		return false;
	while (!frame->is_done && frame->wake < frame->eye.woken->wake_count) {
		const struct pack_wake *wake = &frame->eye.woken->wakes[frame->wake];
		if (!frame->has_reached &&
		    !pattern_reach(&frame->eye, wake->pattern, frame->reached,
		                   &frame->reached_count, err))
			return false;
		frame->has_reached = true;
		while (frame->next < frame->reached_count && pattern_eye_has_room(&frame->eye)) {
			if (!pattern_look(&frame->eye, wake, &frame->reached[frame->next++], up_to,
			                  out, err))
				return false;
			if (out->found != PATTERN_NOT_FOUND)
				return true;
		}
		frame->wake++;
		frame->next = 0;
		frame->has_reached = false;
	}
	frame->is_done = true;
	return true;
}

/* --- what is there --------------------------------------------------------------------------- */

static bool is_missing(struct verify_patterns *patterns, const struct frame *frame,
                       const struct pattern_looked *looked, struct err *err)
{
	patterns->at = frame->entry.index;
	return err_set(err, ERR_INPUT,
	               "With it the pattern %.*s was there on the file of entry %" PRId64
	               ", and no entry says so",
	               STR_ARG(looked->known.pattern->name), looked->row->first_entry);
}

static bool is_not_there(struct verify_patterns *patterns, const struct folding *entry,
                         struct err *err)
{
	struct str name = json_text(entry->plain, STR("pattern"));
	patterns->at = entry->index;
	return err_set(err, ERR_INPUT,
	               "The pattern %.*s was found, and by the rules of its day it was not there",
	               STR_ARG(str_sub(name, 0, 64)));
}

static bool names_entries(const struct json *list, const int64_t *entries, size_t count)
{
	const struct json *item = list ? list->first : NULL;
	if ((list ? list->count : 0) != count)
		return false;
	for (size_t i = 0; i < count; i++, item = item->next) {
		if (item->type != JSON_INTEGER || item->integer != entries[i])
			return false;
	}
	return true;
}

/* What it counts, and the duty that it adds to, are as the turn writes them. */
static bool is_as_written(struct verify_patterns *patterns, struct frame *frame,
                          const struct pattern_looked *looked, const struct folding *entry,
                          struct err *err)
{
	int64_t cause = frame->entry.index, entries[PATTERN_ENTRIES_MAX] = { cause };
	struct str duty = json_text(entry->plain, STR("duty")), open = STR_NONE;
	size_t count = 1;
	struct pattern_awaited awaited;
	if (looked->found == PATTERN_ADDED)
		open = duty_name_write(patterns->fold->arena, looked->known.duty);
	else if (!pattern_counted(&frame->eye, looked->known.pattern, looked->row, looked->up_to,
	                          cause, entries, &count, err))
		return false;
	if (!pattern_awaited(&frame->eye, looked->known.pattern, looked->row, looked->up_to,
	                     &awaited, err))
		return false;
	if (looked->found == PATTERN_ADDED)
		awaited.others.count = 0;
	patterns->at = entry->index;
	if (!pattern_is_awaited(entry->plain, &awaited))
		return err_set(err, ERR_INPUT,
		               "It names others than those for whom the pattern waits");
	if (!names_entries(json_member(entry->plain, STR("entries")), entries, count))
		return err_set(err, ERR_INPUT,
		               "It names other entries than those that the pattern counts");
	return (!duty.p && !open.p) || str_eq(duty, open) ||
	       err_set(err, ERR_INPUT, "It names another duty than the one that was open");
}

static bool is_of(const struct pattern_looked *looked, const struct folding *entry)
{
	return looked->row->n == entry->file &&
	       str_eq(json_text(entry->plain, STR("pattern")), looked->known.pattern->name);
}

/* The entry is what is found next behind the frame's. */
static bool expect(struct verify_patterns *patterns, struct frame *frame,
                   const struct folding *entry, struct err *err)
{
	for (;;) {
		struct pattern_looked looked;
		if (!look_on(patterns, frame, entry->index, &looked, err))
			return false;
		if (frame->is_done)
			return is_not_there(patterns, entry, err);
		if (is_of(&looked, entry)) {
			if (!is_as_written(patterns, frame, &looked, entry, err))
				return false;
			frame->eye.files = NULL; /* another is known now */
			return true;
		}
		if (!is_crowded(patterns))
			return is_missing(patterns, frame, &looked, err);
	}
}

/* Nothing more was to be found behind the frame's entry. `up_to`: entries there were. */
static bool finish(struct verify_patterns *patterns, struct frame *frame, int64_t up_to,
                   struct err *err)
{
	while (!frame->is_done) {
		struct pattern_looked looked;
		if (!look_on(patterns, frame, up_to, &looked, err))
			return false;
		if (!frame->is_done && !is_crowded(patterns))
			return is_missing(patterns, frame, &looked, err);
	}
	return true;
}

/* --- one entry after the other ---------------------------------------------------------------- */

static bool is_one_of(struct str kind, const struct str *kinds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(kind, kinds[i]))
			return true;
	}
	return false;
}

/* Behind what the register writes of itself the turn looks for nothing. */
static bool is_followed(const struct folding *entry)
{
	static const struct str NEVER[] = { { "file.destroyed", 14 },
		                            { "log.blank", 9 },
		                            { "log.key-changed", 15 },
		                            { "readings.sealed", 15 } };
	return !is_one_of(entry->kind_name, NEVER, COUNT_OF(NEVER)) &&
	       !(entry->has_cause && str_eq(entry->kind_name, STR("office.vacant")));
}

/* As turn_follow is given it. */
static int depth_of(const struct frame *cause, const struct folding *entry)
{
	static const struct str JUDGED[] = { { "act.refused", 11 }, { "gate.refused", 12 } };
	bool is_answer = cause && str_eq(cause->entry.kind_name, STR("second.given")) &&
	                 is_one_of(entry->kind_name, JUDGED, COUNT_OF(JUDGED));
	if (!cause || entry->by != CASEBOOK_BY_REGISTER || is_answer ||
	    str_eq(entry->kind_name, STR("duty.climbed")))
		return 0;
	return cause->depth + 1;
}

static bool makes(const struct frame *frame, const struct folding *entry)
{
	const struct pack_kind *kind = frame->entry.kind;
	bool is_refused = str_eq(entry->kind_name, STR("act.refused"));
	/* What a rung makes: before the patterns of the climb. */
	if (str_eq(frame->entry.kind_name, STR("duty.climbed")))
		return is_refused || (entry->kind && !entry->kind->is_built_in);
	/* Where the file did not allow it, act.refused stands for it. */
	struct str wanted = is_refused ? json_text(entry->plain, STR("kind")) : entry->kind_name;
	for (size_t i = 0; !frame->has_begun && kind && i < kind->then_count; i++) {
		if (str_eq(kind->then[i].kind->name, wanted))
			return true;
	}
	return false;
}

static bool push(struct verify_patterns *patterns, const struct folding *entry, int depth,
                 struct err *err)
{
	if (patterns->count == FRAMES_MAX)
		return err_set(err, ERR_INPUT, "More follows from one act than may");
	struct frame *frame = &patterns->frames[patterns->count++];
	frame->entry = *entry;
	frame->depth = depth;
	frame->has_begun = frame->has_reached = false;
	frame->is_done = !is_followed(entry);
	frame->wake = frame->next = 0;
	return frame->is_done || fold_before(patterns->fold, &frame->entry, err);
}

/* Ends the frames above the one of `cause`, which stays on top; *out NULL: there is none. */
static bool unwind(struct verify_patterns *patterns, int64_t cause, int64_t up_to,
                   struct frame **out, struct err *err)
{
	for (*out = NULL; patterns->count; patterns->count--) {
		struct frame *top = &patterns->frames[patterns->count - 1];
		if (top->entry.index == cause) {
			*out = top;
			return true;
		}
		if (!finish(patterns, top, up_to, err))
			return false;
	}
	return true;
}

bool verify_patterns_next(struct verify_patterns *patterns, struct fold *fold,
                          const struct folding *entry, struct err *err)
{
	struct frame *cause = NULL;
	patterns->fold = fold;
	patterns->at = entry->index;
	if (entry->has_cause) {
		int64_t index = json_number(entry->plain, STR("cause"), -1);
		bool is_found = entry->by == CASEBOOK_BY_REGISTER &&
		                str_eq(entry->kind_name, STR("pattern.found"));
		if (!unwind(patterns, index, entry->index, &cause, err))
			return false;
		if (is_found && !cause)
			return is_not_there(patterns, entry, err);
		if (is_found && !expect(patterns, cause, entry, err))
			return false;
		if (!is_found && cause && !makes(cause, entry) &&
		    !finish(patterns, cause, entry->index, err))
			return false;
		patterns->followed += entry->by == CASEBOOK_BY_REGISTER;
	}
	return push(patterns, entry, depth_of(cause, entry), err);
}

bool verify_patterns_end(struct verify_patterns *patterns, struct fold *fold, int64_t up_to,
                         struct err *err)
{
	struct frame *none;
	patterns->fold = fold;
	bool fits = unwind(patterns, -1, up_to, &none, err);
	patterns->count = 0;
	patterns->followed = 0;
	return fits;
}
