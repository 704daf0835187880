/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The year that Northmere has behind it: lived by the simulator, from the
 * tables of the pack alone, with the people of the demo in its offices and its
 * children in the files. What a person reads of it comes from demo_says.c.
 */
#include "cli/demo_world.h"

/* Its offices are busy and mostly in time; some are late, and some are never heard of. */
static const struct years_manner MANNER = {
	.in_time = 96,
	.late = 3,
	.very_late = 1,
	.share = 40,
	.tries = 20,
	.efforts = 5,
	.choices = 6,
	.arrivals = 64,
};

/* --- who is told of --------------------------------------------------------------------------- */

/* The first homes; the stories of the present days happen in the others. */
static bool choose_children(struct demo *demo)
{
	struct day today = zone_day(demo->calendar->zone, demo->start);
	demo->lived = arena_alloc(demo->arena, demo->options->children, sizeof *demo->lived);
	demo->born = arena_alloc(demo->arena, demo->options->children, sizeof *demo->born);
	if (!demo->lived || !demo->born)
		return false;
	for (size_t count = 0; count < demo->options->children; demo->quiet_homes++) {
		const struct demo_home *home = &demo->homes[demo->quiet_homes];
		for (int c = 0; c < home->child_count && count < demo->options->children;
		     c++, count++) {
			demo->lived[count] =
				(struct demo_lived){ .home = home, .child = &home->children[c] };
			demo->born[count] =
				(struct month){ .year = today.year - home->children[c].age,
				                .month = 1 + (int)demo_below(demo, 12) };
		}
	}
	return true;
}

static bool holder(void *ctx, struct str office, struct casebook_actor *out)
{
	struct demo *demo = ctx;
	const struct casebook_actor *actor = demo_actor_of(demo, office);
	if (actor)
		*out = *actor;
	return actor != NULL;
}

bool demo_enter_years(struct demo *demo, struct err *err)
{
	demo->made->lived = arena_alloc(demo->arena, 1, sizeof *demo->made->lived);
	if (!demo->made->lived || !choose_children(demo))
		return err_set(err, ERR_UNABLE, "There is no memory for the demo");
	demo->house = (struct years_house){ .book = demo->book,
		                            .born = demo->born,
		                            .holder = holder,
		                            .answer = demo_says,
		                            .ctx = demo };
	demo->living = (struct years_options){ .seed = demo->options->seed,
		                               .words_seed = demo->options->seed,
		                               .days = DEMO_WEEKS * 7,
		                               .children = (int)demo->options->children,
		                               .progress = demo->options->progress,
		                               .progress_ctx = demo->options->progress_ctx,
		                               .manner = &MANNER,
		                               .house = &demo->house };
	return years_enter(&demo->living, demo->made->lived, &demo->years, err);
}
