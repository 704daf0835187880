/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Silence: of those who owe something, of anybody, and one that was broken. */
#include "pack/atom.h"

/* The newest word of each agency or office, and the file's first entry. */
struct silence {
	const struct cond_atom *atom;
	const struct pack_world *world;
	uint64_t owing[COND_OFFICES_MAX]; /* hashes of names of agencies, or of office instances */
	bool has_spoken[COND_OFFICES_MAX];
	size_t count;
	size_t rows;
	size_t spoken; /* of them, within the period */
	instant first;
	bool has_row;
	bool is_silent; /* known so before the end */
	bool is_cut;
	bool is_failed;
	struct cond_window window;
	struct err *err;
};

struct str cond_speaker(const struct cond_atom *atom, const struct pack_world *world,
                        struct str office)
{
	if (atom->what == COND_BY_OFFICE || !office.p)
		return office;
	const struct pack_office *role = world->calls->role_of(world, office);
	return role && role->agency ? role->agency->name : STR_NONE;
}

bool cond_says_nothing(const struct pack_seen *seen)
{
	return seen->by_register || (seen->kind && seen->kind->says_nothing);
}

static struct str speaker_of(const struct silence *silence, struct str office)
{
	return cond_speaker(silence->atom, silence->world, office);
}

/* Who may be silent because of it; p NULL: nobody. What was asked within the period is no silence
 * yet. */
static struct str speaker_if_owing(struct silence *silence, const struct pack_seen_duty *duty)
{
	const struct pack *pack = silence->world->pack;
	/* Who is told of another's silence, or asked to agree, has no part in the file by that. */
	bool is_told = (pack->read_duty && str_eq(duty->rule, pack->read_duty->name)) ||
	               (pack->second_duty && str_eq(duty->rule, pack->second_duty->name));
	bool is_young;
	if (!duty->is_open || is_told)
		return STR_NONE;
	if (!cond_is_in_window(&silence->window, silence->world, &silence->atom->period,
	                       duty->started, &is_young, silence->err))
		silence->is_failed = true;
	return silence->is_failed || is_young ? STR_NONE : speaker_of(silence, duty->office);
}

/* Names of office instances are borrowed from the rows: what is kept of them is a hash. */
static bool note_owing(void *ctx, const struct pack_seen_duty *duty)
{
	struct silence *silence = ctx;
	struct str speaker = speaker_if_owing(silence, duty);
	if (!speaker.p)
		return true;
	for (size_t i = 0; i < silence->count; i++) {
		if (silence->owing[i] == cond_hash(speaker))
			return true;
	}
	if (silence->count == COND_OFFICES_MAX) {
		silence->is_cut = true;
		return false;
	}
	silence->owing[silence->count++] = cond_hash(speaker);
	return true;
}

/* Newest first: before the period there is nothing that would break a silence. */
static bool note_spoken(void *ctx, const struct pack_seen *seen)
{
	struct silence *silence = ctx;
	bool within, is_anyone = silence->atom->what == COND_BY_ANYONE;
	if (silence->rows++ == COND_COUNT_MAX) {
		silence->is_cut = true;
		return false;
	}
	silence->first = seen->recorded; /* the last one visited is the first */
	silence->has_row = true;
	if (!cond_is_within(silence->world, &silence->atom->period, seen->recorded, &within,
	                    silence->err)) {
		silence->is_failed = true;
		return false;
	}
	silence->is_silent = !within;
	if (!within || cond_says_nothing(seen))
		return within;
	if (is_anyone)
		return false;
	struct str speaker = speaker_of(silence, seen->office);
	for (size_t i = 0; speaker.p && i < silence->count; i++) {
		if (!silence->has_spoken[i] && silence->owing[i] == cond_hash(speaker)) {
			silence->has_spoken[i] = true;
			silence->spoken++;
		}
	}
	return silence->spoken < silence->count;
}

/* Whether all that is looked at is younger than the period. */
static bool has_just_begun(const struct cond_atom *atom, const struct pack_world *world, bool *has,
                           struct err *err)
{
	instant began;
	*has = false;
	if (!world->calls->began)
		return true;
	if (!world->calls->began(world, &began, err))
		return false;
	*has = began == INSTANT_MAX;
	return began == INSTANT_MIN || began == INSTANT_MAX ||
	       cond_is_within(world, &atom->period, began, has, err);
}

/* The newest word of anybody, and the one before it. */
struct broken {
	const struct cond_atom *atom;
	const struct pack_world *world;
	instant newest;
	bool has_newest;
	bool is_broken;
	size_t rows;
	bool is_cut;
	bool is_failed;
	struct err *err;
};

static bool note_word(void *ctx, const struct pack_seen *seen)
{
	struct broken *broken = ctx;
	struct pack_world then = *broken->world;
	bool within;
	if (broken->rows++ == COND_COUNT_MAX) {
		broken->is_cut = true;
		return false;
	}
	if (cond_says_nothing(seen))
		return true;
	if (!broken->has_newest) {
		broken->newest = seen->recorded;
		broken->has_newest = true;
		return true;
	}
	then.now = broken->newest;
	broken->is_failed =
		!cond_is_within(&then, &broken->atom->period, seen->recorded, &within, broken->err);
	broken->is_broken = !broken->is_failed && !within;
	return false;
}

bool cond_look_broken(const struct pack_cond *cond, const struct cond_atom *atom,
                      const struct pack_world *world, bool *holds, struct err *err)
{
	struct broken broken = { .atom = atom, .world = world, .err = err };
	bool is_young;
	*holds = false;
	if (!has_just_begun(atom, world, &is_young, err))
		return false;
	if (is_young)
		return true;
	if (!world->calls->entries(world, NULL, 0, NULL, note_word, &broken, err) ||
	    broken.is_failed)
		return false;
	*holds = broken.is_cut ? cond->saturates_to_true != atom->is_negated : broken.is_broken;
	return true;
}

/* Who owes something, and who of them has spoken; *is_told: nothing is known of anybody. */
static bool listen(struct silence *silence, bool *is_told, struct err *err)
{
	const struct pack_world *world = silence->world;
	bool is_anyone = silence->atom->what == COND_BY_ANYONE;
	*is_told = false;
	if (!has_just_begun(silence->atom, world, is_told, err))
		return false;
	if (*is_told)
		return true;
	silence->window = COND_WINDOW;
	if (!is_anyone &&
	    (!cond_open_duties(world, NULL, note_owing, silence, err) || silence->is_failed))
		return false;
	*is_told = !is_anyone && silence->count == 0 && !silence->is_cut;
	if (*is_told)
		return true; /* nobody is there who might be silent */
	return world->calls->entries(world, NULL, 0, NULL, note_spoken, silence, err) &&
	       !silence->is_failed;
}

bool cond_look_silent(const struct pack_cond *cond, const struct cond_atom *atom,
                      const struct pack_world *world, bool *holds, struct err *err)
{
	struct silence silence = { .atom = atom, .world = world, .err = err };
	bool is_told;
	*holds = false;
	if (!listen(&silence, &is_told, err))
		return false;
	if (silence.is_cut)
		*holds = cond->saturates_to_true != atom->is_negated;
	else if (!is_told)
		*holds = silence.has_row && silence.is_silent;
	return true;
}

/* --- whose it is ----------------------------------------------------------------------------- */

struct telling {
	struct silence *silence;
	bool is_told[COND_OFFICES_MAX];
	bool holds;
	pack_visit_awaited *visit;
	void *ctx;
};

/* The first that owes something stands for its agency. */
static bool tell_owing(void *ctx, const struct pack_seen_duty *duty)
{
	struct telling *telling = ctx;
	struct silence *silence = telling->silence;
	struct str speaker = speaker_if_owing(silence, duty);
	for (size_t i = 0; speaker.p && i < silence->count; i++) {
		if (telling->is_told[i] || silence->owing[i] != cond_hash(speaker))
			continue;
		telling->is_told[i] = true;
		return telling->visit(telling->ctx, duty->office,
		                      telling->holds && !silence->has_spoken[i]);
	}
	return true;
}

bool cond_tell_owing(const struct cond_atom *atom, const struct pack_world *world,
                     pack_visit_awaited *visit, void *ctx, struct err *err)
{
	struct silence silence = { .atom = atom, .world = world, .err = err };
	struct telling telling = { .silence = &silence, .visit = visit, .ctx = ctx };
	bool is_told;
	if (!listen(&silence, &is_told, err))
		return false;
	if (is_told || silence.is_cut)
		return true;
	telling.holds = silence.has_row && silence.is_silent;
	return cond_open_duties(world, NULL, tell_owing, &telling, err) && !silence.is_failed;
}

static bool is_of_somebody(const struct cond_atom *atom)
{
	return atom->form == COND_SILENT_FOR && !atom->is_negated && atom->what != COND_BY_ANYONE;
}

bool pack_cond_awaits(const struct pack_cond *cond)
{
	for (size_t i = 0; cond && i < cond->atom_count; i++) {
		if (is_of_somebody(cond->atoms[i]))
			return true;
	}
	return false;
}

bool pack_cond_awaited(const struct pack_cond *cond, const struct pack_world *world,
                       pack_visit_awaited *visit, void *ctx, struct err *err)
{
	for (size_t i = 0; cond && i < cond->atom_count; i++) {
		const struct cond_atom *atom = cond->atoms[i];
		if (is_of_somebody(atom) &&
		    !(atom->ask ? cond_tell_named(atom, world, visit, ctx, err)
		                : cond_tell_owing(atom, world, visit, ctx, err)))
			return false;
	}
	return true;
}
