/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The cases of the Mustache specification, in its own JSON form: those of the
 * folder named in CANDOUR_MUSTACHE_SPEC, else our own in tests/data/mustache.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/mustache.h"

#define OWN_CASES "tests/data/mustache"

struct tally {
	size_t good, bad;
};

static struct err error; /* the last one, for messages */

static bool add_partials(struct mustache_set *set, const struct json *partials)
{
	for (const struct json *each = partials ? partials->first : NULL; each; each = each->next)
		if (!mustache_set_add(set, each->key, each->string, &error))
			return false;
	return true;
}

/* True when the case's template gives what it should. */
static bool case_holds(const struct json *one, struct buf *out)
{
	CLEANUP(mustache_set_cleanup)
	struct mustache_set *set = mustache_set_create(MUSTACHE_LENIENT);
	assert_non_null(set);
	if (!mustache_set_add(set, STR("the case itself"), json_text(one, STR("template")),
	                      &error) ||
	    !add_partials(set, json_member(one, STR("partials"))) ||
	    !mustache_set_link(set, &error) ||
	    !mustache_render(set, STR("the case itself"), json_member(one, STR("data")), out,
	                     &error))
		return false;
	return str_eq(buf_str(out), json_text(one, STR("expected")));
}

static void run_file(struct arena *arena, const char *path, struct tally *tally)
{
	struct str text;
	const struct json *file;
	assert_true(file_read(arena, path, 1 << 20, &text, &error));
	assert_true(json_read(arena, text, JSON_DEPTH_MAX, &file, &error));
	const struct json *tests = json_member(file, STR("tests"));
	assert_non_null(tests);
	for (const struct json *one = tests->first; one; one = one->next) {
		struct buf out;
		buf_init(&out, 1 << 16);
		error = (struct err){ 0 };
		if (case_holds(one, &out)) {
			tally->good++;
		} else {
			struct str name = json_text(one, STR("name"));
			struct str want = json_text(one, STR("expected"));
			tally->bad++;
			print_error("%s: %.*s\n  wanted [%.*s]\n  got    [%.*s] %s\n", path,
			            STR_ARG(name), STR_ARG(want), STR_ARG(buf_str(&out)),
			            error.message);
		}
		buf_finish(&out);
	}
}

static void every_case_gives_what_the_specification_says(void **state)
{
	(void)state;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(16 << 20);
	const char *folder = file_environment("CANDOUR_MUSTACHE_SPEC");
	const struct str *names;
	size_t count;
	struct tally tally = { 0 };
	folder = folder ? folder : OWN_CASES;
	assert_true(file_list(arena, folder, &names, &count, &error));
	for (size_t i = 0; i < count; i++) {
		/* Not ours: templates hold no code, and name their partials outright. */
		if (!str_ends(names[i], STR(".json")) || str_eq(names[i], STR("~lambdas.json")) ||
		    str_eq(names[i], STR("~dynamic-names.json")))
			continue;
		const char *leaf = str_to_c(arena, names[i]);
		size_t before = tally.good;
		run_file(arena, file_join(arena, folder, leaf), &tally);
		print_message("%s: %zu good\n", leaf, tally.good - before);
	}
	print_message("%s: %zu good, %zu bad\n", folder, tally.good, tally.bad);
	assert_int_equal(tally.bad, 0);
	assert_true(tally.good > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case_gives_what_the_specification_says),
	};
	return !!cmocka_run_group_tests(tests, NULL, NULL);
}
