/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Every duty of the pack by its id, in small stories (tests/data/england/
 * duties): what opens it, with the due instant; an act that does not settle
 * it; its time passing, and who hears of that; what settles it. Each story has
 * a copy of one register. The last test says which duties have no story, and
 * which ways of opening and settling nobody told.
 */
#include "england/story.h"

#define STORIES "tests/data/england/duties"
#define USUAL "tests/data/england/usual.yaml"
#define START INT64_C(1609459200000000) /* 2021-01-01T00:00:00Z */
#define RULES_MAX 256
#define WAYS_MAX 1024
#define FILES_MAX 64

struct way {
	size_t rule;
	enum story_told what;
	char by[64];
};

struct stories {
	struct arena *arena;
	struct england *founded;
	const struct yaml *usual;
	struct str names[FILES_MAX];
	size_t name_count;
	size_t told[RULES_MAX][TOLD_SETTLED + 1];
	struct way ways[WAYS_MAX];
	size_t way_count;
	size_t stories;
	size_t sentences;
	size_t wrong;
};

static struct stories *told_to(void *ctx)
{
	return ctx;
}

static void tell(void *ctx, struct str rule, enum story_told what, struct str by)
{
	struct stories *all = told_to(ctx);
	const struct pack_duty *duty = pack_duty_find(all->founded->pack, rule);
	assert_true(duty && duty->number < RULES_MAX);
	all->told[duty->number][what]++;
	for (size_t i = 0; i < all->way_count; i++) {
		if (all->ways[i].rule == duty->number && all->ways[i].what == what &&
		    str_eq(str_from_c(all->ways[i].by), by))
			return;
	}
	if (!by.p || all->way_count == WAYS_MAX)
		return;
	struct way *way = &all->ways[all->way_count++];
	way->rule = duty->number;
	way->what = what;
	(void)snprintf(way->by, sizeof way->by, "%.*s", STR_ARG(by));
}

static int set_up(void **state)
{
	struct stories *all = calloc(1, sizeof *all);
	struct err err = { 0 };
	const struct str *names;
	size_t count;
	assert_non_null(all);
	all->arena = arena_create(FIXTURE_FILE_MAX);
	all->founded = england_begin(START);
	all->usual = story_read(all->arena, USUAL);
	if (!file_list(all->arena, STORIES, &names, &count, &err))
		fail_msg("%s", err.message);
	casebook_close(all->founded->f.book);
	all->founded->f.book = NULL;
	for (size_t i = 0; i < count && all->name_count < FILES_MAX; i++) {
		if (str_ends(names[i], STR(".yaml")))
			all->names[all->name_count++] = names[i];
	}
	*state = all;
	return 0;
}

static int tear_down(void **state)
{
	struct stories *all = *state;
	england_end(all->founded);
	arena_destroy(all->arena);
	free(all);
	return 0;
}

static void play(struct stories *all, const char *path, const struct yaml *told)
{
	const struct yaml *of = yaml_member(told, STR("of")), *words = yaml_member(told, STR("story"));
	const struct yaml *begins = yaml_member(told, STR("begins"));
	instant start;
	assert_true(of && words && begins && instant_read(begins->text, &start));
	if (!pack_duty_find(all->founded->pack, of->text)) {
		print_error("%s: the pack has no duty %.*s\n", path, STR_ARG(of->text));
		all->wrong++;
		return;
	}
	struct story s = { .e = england_copy(all->founded),
		           .of = of->text,
		           .usual = all->usual,
		           .told = tell,
		           .ctx = all };
	s.path = arena_format(s.e->f.arena, "%s: %.*s, %.*s", path, STR_ARG(of->text),
	                      STR_ARG(words->text))
	                 .p;
	/* Nothing is owed yet, and no night of the years before has anything to look at. */
	MUST(&s.e->f, casebook_set_now(s.e->f.book, start, &s.e->f.err));
	const struct yaml *held = yaml_member(told, STR("held"));
	for (const struct yaml *office = held ? held->first : NULL; office; office = office->next)
		(void)england_holder(s.e, story_c(&s, office->text));
	const struct yaml *watch = yaml_member(told, STR("watch"));
	for (const struct yaml *office = watch ? watch->first : NULL; office; office = office->next) {
		s.files[s.file_count].name = office->text;
		s.files[s.file_count++].id = file_of_office(&s.e->f, story_c(&s, office->text));
	}
	story_play(&s, yaml_member(told, STR("acts")));
	all->stories++;
	all->sentences += s.looked;
	all->wrong += s.wrong;
	england_end(s.e);
}

/* CANDOUR_STORY=T01 plays those of one duty alone. */
static void every_story_is_so(void **state)
{
	struct stories *all = *state;
	const char *only = getenv("CANDOUR_STORY");
	for (size_t i = 0; i < all->name_count; i++) {
		const char *path = file_join(all->arena, STORIES, str_to_c(all->arena, all->names[i]));
		const struct yaml *root = story_read(all->arena, path);
		for (const struct yaml *told = root->first; told; told = told->next) {
			if (!only || str_eq(yaml_member(told, STR("of"))->text, str_from_c(only)))
				play(all, path, told);
		}
	}
	print_message("%zu stories, %zu sentences\n", all->stories, all->sentences);
	if (all->wrong)
		fail_msg("%zu sentences are not so", all->wrong);
}

/* What no act of anybody's opens: the clock's own is told by a machine that sleeps and is set
 * (tests/clock/test_outage.c), that of outside witnesses by witnesses (tests/casebook/test_quorum.c). */
static bool is_the_registers(const struct pack *pack, const struct pack_duty *duty)
{
	const struct pack_kind *kind = pack_kind_find(pack, STR("log.unwitnessed"));
	for (size_t i = 0; kind && i < kind->open_count; i++)
		if (kind->opens[i].duty == duty)
			return true;
	return duty == pack->clock_duty;
}

/* A duty without a ladder (R02) has nobody else to hear of it. */
static bool is_told_elsewhere(const struct pack *pack, const struct pack_duty *duty, size_t what)
{
	return is_the_registers(pack, duty) ||
	       (what == TOLD_PAST && !duty->ladder && !duty->ladder_count);
}

static void every_duty_is_opened_left_late_and_settled(void **state)
{
	static const char *const LACKS[] = { "opens it", "leaves it open", "lets its time pass",
		                             "settles it" };
	struct stories *all = *state;
	const struct pack *pack = all->founded->pack;
	size_t lacking = 0;
	if (getenv("CANDOUR_STORY"))
		skip();
	for (size_t i = 0; i < pack->duty_count; i++) {
		for (size_t what = 0; what < COUNT_OF(LACKS); what++) {
			if (all->told[pack->duties[i].number][what] ||
			    is_told_elsewhere(pack, &pack->duties[i], what))
				continue;
			print_error("%.*s: no story %s\n", STR_ARG(pack->duties[i].name), LACKS[what]);
			lacking++;
		}
	}
	if (lacking)
		fail_msg("%zu sentences are told by no story", lacking);
}

static size_t untold(const struct stories *all, const struct pack_duty *duty, enum story_told what,
                     struct str by)
{
	for (size_t i = 0; i < all->way_count; i++) {
		if (all->ways[i].rule == duty->number && all->ways[i].what == what &&
		    str_eq(str_from_c(all->ways[i].by), by))
			return 0;
	}
	if (is_the_registers(all->founded->pack, duty))
		return 0;
	print_error("%.*s: no story in which %.*s %s it\n", STR_ARG(duty->name), STR_ARG(by),
	            what == TOLD_OPENED ? "opens" : "settles");
	return 1;
}

static void every_opener_and_every_settler_has_its_story(void **state)
{
	struct stories *all = *state;
	const struct pack *pack = all->founded->pack;
	size_t lacking = 0, ways = 0;
	if (getenv("CANDOUR_STORY"))
		skip();
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		for (size_t i = 0; i < kind->open_count; i++, ways++)
			lacking += untold(all, kind->opens[i].duty, TOLD_OPENED, kind->name);
		/* That the end of a file ends its rest duty is proved for every kind by pack check. */
		for (size_t i = 0; i < kind->settle_count; i++) {
			if (kind->settles[i].duty == pack->rest && kind->to.sort != PACK_TO_NONE)
				continue;
			ways++;
			lacking += untold(all, kind->settles[i].duty, TOLD_SETTLED, kind->name);
		}
	}
	for (size_t p = 0; p < pack->pattern_count; p++) {
		const struct pack_pattern *pattern = &pack->patterns[p];
		/* What comes true by a night and no act is told where nights are run. */
		for (size_t i = 0; i < pattern->open_count && !pattern->asks_time; i++, ways++)
			lacking += untold(all, pattern->opens[i].duty, TOLD_OPENED, pattern->name);
	}
	print_message("%zu of %zu ways of opening and settling are told\n", ways - lacking, ways);
	if (lacking)
		fail_msg("%zu ways are told by no story", lacking);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_story_is_so),
		cmocka_unit_test(every_duty_is_opened_left_late_and_settled),
		cmocka_unit_test(every_opener_and_every_settler_has_its_story),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
