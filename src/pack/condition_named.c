/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Silence of those who were named as ought to know: they need owe nothing yet. */
#include "pack/atom.h"

struct circle {
	const struct cond_atom *atom;
	const struct pack_world *world;
	uint64_t named[COND_OFFICES_MAX]; /* hashes, as in `silence` */
	bool is_awaited[COND_OFFICES_MAX];
	size_t count;
	size_t awaited;
	size_t rows;
	bool is_cut;
	bool is_failed;
	struct err *err;
};

/* The office in the field, which holds one: "a". */
static struct str office_in(const struct circle *circle, const struct pack_seen *seen)
{
	struct str raw = cond_raw_member(seen->plain, circle->atom->ask_field);
	return raw.n > 2 && raw.p[0] == '"' ? str_sub(raw, 1, raw.n - 2) : STR_NONE;
}

static size_t find(const struct circle *circle, struct str office)
{
	struct str speaker = cond_speaker(circle->atom, circle->world, office);
	size_t at = 0;
	if (!speaker.p)
		return SIZE_MAX;
	while (at < circle->count && circle->named[at] != cond_hash(speaker))
		at++;
	return at;
}

/* Newest first: what was said last of an office holds. */
static bool note_named(void *ctx, const struct pack_seen *seen)
{
	struct circle *circle = ctx;
	struct str office = office_in(circle, seen);
	size_t at = find(circle, office);
	if (circle->rows++ == COND_COUNT_MAX || (at == circle->count && at == COND_OFFICES_MAX)) {
		circle->is_cut = true;
		return false;
	}
	if (at != circle->count)
		return true;
	circle->named[at] = cond_hash(cond_speaker(circle->atom, circle->world, office));
	circle->is_awaited[at] = cond_which_fits(&circle->atom->which, circle->world, seen);
	circle->awaited += circle->is_awaited[at];
	circle->count++;
	return true;
}

static bool note_word(void *ctx, const struct pack_seen *seen)
{
	struct circle *circle = ctx;
	bool within;
	if (circle->rows++ == COND_COUNT_MAX) {
		circle->is_cut = true;
		return false;
	}
	if (!cond_is_within(circle->world, &circle->atom->period, seen->recorded, &within,
	                    circle->err)) {
		circle->is_failed = true;
		return false;
	}
	if (!within || cond_says_nothing(seen))
		return within;
	size_t at = find(circle, seen->office);
	if (at < circle->count && circle->is_awaited[at]) {
		circle->is_awaited[at] = false;
		circle->awaited--;
	}
	return circle->awaited > 0;
}

/* Who was named, and of whom a word is waited for still. */
static bool listen(struct circle *circle, struct err *err)
{
	const struct pack_world *world = circle->world;
	if (!world->calls->entries(world, &circle->atom->ask, 1, NULL, note_named, circle, err))
		return false;
	circle->rows = 0;
	return circle->awaited == 0 || circle->is_cut ||
	       (world->calls->entries(world, NULL, 0, NULL, note_word, circle, err) &&
	        !circle->is_failed);
}

bool cond_look_named(const struct pack_cond *cond, const struct cond_atom *atom,
                     const struct pack_world *world, bool *holds, struct err *err)
{
	struct circle circle = { .atom = atom, .world = world, .err = err };
	*holds = false;
	if (!listen(&circle, err))
		return false;
	*holds = circle.is_cut ? cond->saturates_to_true != atom->is_negated : circle.awaited > 0;
	return true;
}

struct telling {
	struct circle *circle;
	bool is_told[COND_OFFICES_MAX];
	pack_visit_awaited *visit;
	void *ctx;
};

/* Newest first, as they were noted; who ought to know no longer is nobody's matter. */
static bool tell_one(void *ctx, const struct pack_seen *seen)
{
	struct telling *telling = ctx;
	struct circle *circle = telling->circle;
	struct str office = office_in(circle, seen);
	size_t at = find(circle, office);
	if (at >= circle->count || telling->is_told[at])
		return true;
	telling->is_told[at] = true;
	return !cond_which_fits(&circle->atom->which, circle->world, seen) ||
	       telling->visit(telling->ctx, office, circle->is_awaited[at]);
}

bool cond_tell_named(const struct cond_atom *atom, const struct pack_world *world,
                     pack_visit_awaited *visit, void *ctx, struct err *err)
{
	struct circle circle = { .atom = atom, .world = world, .err = err };
	struct telling telling = { .circle = &circle, .visit = visit, .ctx = ctx };
	if (!listen(&circle, err))
		return false;
	return circle.is_cut ||
	       world->calls->entries(world, &atom->ask, 1, NULL, tell_one, &telling, err);
}

size_t pack_namings(const struct pack *pack, struct pack_naming *out, size_t room)
{
	size_t count = 0;
	for (size_t i = 0; i < pack->pattern_count; i++) {
		const struct pack_cond *when = pack->patterns[i].when;
		for (size_t n = 0; when && n < when->atom_count && count < room; n++) {
			const struct cond_atom *atom = when->atoms[n];
			if (atom->form == COND_SILENT_FOR && atom->ask)
				out[count++] =
					(struct pack_naming){ atom->ask, atom->ask_field, atom };
		}
	}
	return count;
}

bool pack_naming_holds(const struct pack_naming *naming, const struct json *plain)
{
	const struct cond_which *which = &naming->atom->which;
	for (size_t i = 0; i < which->where_count; i++)
		if (!cond_test_json(&which->where[i].test,
		                    json_member(plain, which->where[i].field)))
			return false;
	return true;
}
