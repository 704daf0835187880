/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The words of the public report: every one the pages ask for stands in the pack, and no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "pack/pack.h"
#include "web/report_question.h"

#define BYTES ((size_t)32 << 20)

struct fixture {
	struct arena *arena;
	struct pack *pack;
	struct str file; /* packs/england/texts/en.yaml */
	size_t asked;    /* sentences looked for and found */
};

static int set_up(void **state)
{
	static const char *const folders[] = { "packs" };
	const struct pack_bytes *bytes;
	struct pack_errors errors = { 0 };
	struct err err = { 0 };
	struct fixture *f = calloc(1, sizeof *f);
	assert_non_null(f);
	f->arena = arena_create(BYTES);
	assert_true(pack_find(f->arena, folders, COUNT_OF(folders), STR("england"), &bytes, &err));
	assert_true(pack_load(bytes, &f->pack, f->arena, &errors, &err));
	assert_true(file_read(f->arena, "packs/england/texts/en.yaml", BYTES, &f->file, &err));
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	pack_destroy(f->pack);
	arena_destroy(f->arena);
	free(f);
	return 0;
}

/* How many of WHAT and WHAT-me the pack says. */
static size_t ask(struct fixture *f, const char *sort, const char *name, const char *what)
{
	size_t found = 0;
	for (int me = 0; me < 2; me++) {
		struct str path = arena_format(f->arena, "report.%s.%s.%s%s", sort, name, what,
		                               me ? "-me" : "");
		found += pack_text(f->pack, STR("en"), path, STR_NONE).n > 0;
	}
	f->asked += found;
	return found;
}

static void need(struct fixture *f, const char *sort, const char *name, const char *what)
{
	if (ask(f, sort, name, what) == 0)
		fail_msg("the pack says nothing at report.%s.%s.%s", sort, name, what);
}

static void ask_of_question(struct fixture *f, const struct question *question)
{
	static const char *const FAULTS[] = { "wrong", "ahead", "wrong-phone", "wrong-email",
		                              "wrong-through" };
	need(f, "question", question->name, "label");
	(void)ask(f, "question", question->name, "hint");
	if (question->is_required)
		need(f, "question", question->name, "required");
	if (question->is_number || question->type == QUESTION_DATE)
		need(f, "question", question->name, "wrong");
	for (size_t i = 0; i < COUNT_OF(FAULTS); i++) {
		if (i > 0 || !(question->is_number || question->type == QUESTION_DATE))
			(void)ask(f, "question", question->name, FAULTS[i]);
	}
	for (size_t i = 0; i < question->code_count; i++) {
		char what[80];
		(void)snprintf(what, sizeof what, "code.%s", question->codes[i]);
		need(f, "question", question->name, what);
		(void)snprintf(what, sizeof what, "code.%s-hint", question->codes[i]);
		(void)ask(f, "question", question->name, what);
	}
}

static void every_question_has_its_words_and_every_word_its_question(void **state)
{
	struct fixture *f = *state;
	for (size_t i = 0; i < report_page_count; i++) {
		const struct question_page *page = &report_pages[i];
		need(f, "page", page->name, "title");
		need(f, "page", page->name, "change");
		if (page->count == 0)
			need(f, "page", page->name, "heading");
		else
			(void)ask(f, "page", page->name, "heading");
		(void)ask(f, "page", page->name, "hint");
		for (size_t n = 0; n < page->count; n++)
			ask_of_question(f, &page->questions[n]);
	}
	size_t lines = 0;
	struct str rest = f->file, line;
	while (str_cut(&rest, '\n', &line))
		lines += str_starts(line, STR("report."));
	assert_true(lines > 100);
	assert_int_equal(f->asked, lines);
}

/* The file is read twice, by YAML and by the build: both must see the same. */
static void what_is_built_in_is_what_the_pack_says(void **state)
{
	struct fixture *f = *state;
	struct str rest = f->file, line;
	while (str_cut(&rest, '\n', &line)) {
		if (!str_starts(line, STR("report.")))
			continue;
		struct str path = str_sub(line, 0, str_find(line, ':'));
		struct str said = pack_text(f->pack, STR("en"), path, STR_NONE);
		struct str built_in = pack_sentence_built_in(path);
		if (!said.p || !str_eq(said, built_in))
			fail_msg("%.*s: \"%.*s\" is built in as \"%.*s\"", STR_ARG(path), STR_ARG(said),
			         STR_ARG(built_in));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			every_question_has_its_words_and_every_word_its_question, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_built_in_is_what_the_pack_says, set_up,
		                                tear_down),
	};
	return !!cmocka_run_group_tests(tests, NULL, NULL);
}
