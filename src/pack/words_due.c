/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Whether advice on a word is due of a file: what is said of children alone is
 * asked of whom the file is about. Whose birth is not known may be a child.
 */
#include "pack/words.h"

#define LINKS_MAX 256

enum youth {
	YOUTH_OF_NOBODY, /* no person whose birth counts */
	YOUTH_NO,        /* surely older */
	YOUTH_MAY_BE,
};

/* A file of a person; those of a type without birth are no children. */
static enum youth youth_of_file(const struct pack_world *world, unsigned under, struct day on)
{
	const struct pack_fact *fact = world->pack->born;
	struct month born;
	bool is_here = fact && world->type && fact >= world->type->facts &&
	               fact < world->type->facts + world->type->fact_count;
	if (!is_here)
		return YOUTH_OF_NOBODY;
	struct str value = world->calls->fact(world, fact);
	if (!value.p || !month_or_year_read(value, &born))
		return YOUTH_MAY_BE;
	return pack_age_least(born, on) < (int)under ? YOUTH_MAY_BE : YOUTH_NO;
}

struct linked_people {
	const struct pack_world *world;
	unsigned under;
	struct day on;
	enum youth youth; /* the youngest so far */
	size_t links;
	bool is_failed;
	struct err *err;
};

static bool look_at_linked(void *ctx, const struct pack_seen_file *file)
{
	struct linked_people *people = ctx;
	struct pack_world other = { 0 };
	if (people->links++ == LINKS_MAX) {
		people->youth = YOUTH_MAY_BE;
		return false;
	}
	if (!file->type || !file->type->is_person)
		return true;
	if (!people->world->calls->at_file(people->world, file, &other, people->err)) {
		people->is_failed = true;
		return false;
	}
	enum youth youth = youth_of_file(&other, people->under, people->on);
	people->youth = youth > people->youth ? youth : people->youth;
	return people->youth != YOUTH_MAY_BE;
}

static bool is_about_youth(const struct pack_world *world, unsigned under, bool *is_so,
                           struct err *err)
{
	const struct pack *pack = world->pack;
	struct linked_people people = { .world = world, .under = under, .err = err };
	people.on = zone_day(pack->zone, world->kind ? world->happened : world->now);
	*is_so = true;
	if (!pack->born || !world->type)
		return true;
	if (world->type->is_person) {
		*is_so = youth_of_file(world, under, people.on) == YOUTH_MAY_BE;
		return true;
	}
	for (size_t i = 0; i < pack->relation_count && people.youth != YOUTH_MAY_BE; i++) {
		uint64_t ends = pack->relations[i].from | pack->relations[i].to;
		if (!(ends >> world->type->number & 1))
			continue;
		if (!world->calls->links(world, &pack->relations[i], look_at_linked, &people,
		                         err) ||
		    people.is_failed)
			return false;
	}
	*is_so = people.youth != YOUTH_NO;
	return true;
}

bool pack_word_is_due(const struct pack_word *word, const struct pack_world *world, bool *is_due,
                      struct err *err)
{
	*is_due = true;
	if (word->under && !is_about_youth(world, word->under, is_due, err))
		return false;
	return !*is_due || pack_cond_holds(word->when, world, is_due, err);
}
