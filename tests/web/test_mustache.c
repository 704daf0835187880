/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What pages rely on: strictness, escaping, bounds. The grammar itself is in test_mustache_spec.c.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "web/mustache.h"

struct fixture {
	struct arena *arena;
	struct mustache_set *set;
	struct buf out;
	struct err err;
};

static int set_up(void **state)
{
	static struct fixture f;
	f = (struct fixture){ .arena = arena_create(1 << 20) };
	f.set = mustache_set_create(MUSTACHE_STRICT);
	buf_init(&f.out, 4096);
	*state = &f;
	return !(f.arena && f.set);
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	buf_finish(&f->out);
	mustache_set_destroy(f->set);
	arena_destroy(f->arena);
	return 0;
}

static bool render(struct fixture *f, const char *template, const char *model)
{
	const struct json *read;
	buf_clear(&f->out);
	return mustache_set_add(f->set, STR("page"), str_from_c(template), &f->err) &&
	       mustache_set_link(f->set, &f->err) &&
	       json_read(f->arena, str_from_c(model), JSON_DEPTH_MAX, &read, &f->err) &&
	       mustache_render(f->set, STR("page"), read, &f->out, &f->err);
}

static void assert_out(struct fixture *f, const char *want)
{
	buf_add_char(&f->out, '\0');
	assert_string_equal(f->out.p, want);
}

static void a_name_that_the_model_lacks_is_told_with_template_and_line(void **state)
{
	struct fixture *f = *state;
	assert_false(render(f, "one\n{{there}}\n{{missing}}\n", "{\"there\": \"\"}"));
	assert_int_equal(f->err.code, ERR_FAULT);
	assert_string_equal(f->err.message, "template page, line 3: the model has no: missing");
}

static void a_section_over_a_missing_name_is_an_error_too(void **state)
{
	struct fixture *f = *state;
	assert_false(render(f, "{{^missing}}x{{/missing}}", "{}"));
	assert_int_equal(f->err.code, ERR_FAULT);
}

static void a_missing_step_of_a_dotted_name_is_an_error(void **state)
{
	struct fixture *f = *state;
	assert_false(render(f, "{{a.b.c}}", "{\"a\": {\"b\": {}}, \"c\": \"not this\"}"));
	assert_int_equal(f->err.code, ERR_FAULT);
}

static void a_name_that_is_there_and_empty_is_fine(void **state)
{
	struct fixture *f = *state;
	assert_true(render(f, "[{{n}}{{e}}{{#f}}x{{/f}}{{#n}}x{{/n}}{{#e}}x{{/e}}{{#l}}x{{/l}}]",
	                   "{\"n\": null, \"f\": false, \"e\": \"\", \"l\": []}"));
	assert_out(f, "[]");
}

static void a_nought_is_shown(void **state)
{
	struct fixture *f = *state;
	assert_true(render(f, "{{#n}}{{n}} late{{/n}}", "{\"n\": 0}"));
	assert_out(f, "0 late");
}

static void the_five_marks_are_escaped(void **state)
{
	struct fixture *f = *state;
	assert_true(render(f, "<a title='{{t}}'>", "{\"t\": \"<b> & \\\"it's\\\"\"}"));
	assert_out(f, "<a title='&lt;b&gt; &amp; &quot;it&#39;s&quot;'>");
}

static void raw_insertion_by_braces_is_refused(void **state)
{
	struct fixture *f = *state;
	assert_false(render(f, "\n{{{x}}}", "{\"x\": \"\"}"));
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_non_null(strstr(f->err.message, "template page, line 2:"));
}

static void raw_insertion_by_ampersand_is_refused_under_other_delimiters(void **state)
{
	struct fixture *f = *state;
	assert_false(render(f, "{{=<% %>=}}<%& x %>", "{\"x\": \"\"}"));
	assert_int_equal(f->err.code, ERR_INPUT);
}

static void text_is_wanted_where_a_variable_stands(void **state)
{
	struct fixture *f = *state;
	assert_false(render(f, "{{x}}", "{\"x\": [1]}"));
	assert_int_equal(f->err.code, ERR_FAULT);
}

static void a_partial_that_is_not_there_is_found_at_linking(void **state)
{
	struct fixture *f = *state;
	assert_true(mustache_set_add(f->set, STR("a"), STR("\n{{> gone}}"), &f->err));
	assert_false(mustache_set_link(f->set, &f->err));
	assert_string_equal(f->err.message, "template a, line 2: there is no template gone");
}

static void a_template_that_names_itself_ends(void **state)
{
	struct fixture *f = *state;
	assert_false(render(f, "x{{> page}}", "{}"));
	assert_int_equal(f->err.code, ERR_FAULT);
}

static void a_block_that_overrides_itself_ends(void **state)
{
	struct fixture *f = *state;
	assert_true(mustache_set_add(f->set, STR("layout"), STR("{{$b}}{{/b}}"), &f->err));
	assert_false(render(f, "{{<layout}}{{$b}}x{{$b}}{{/b}}{{/b}}{{/layout}}", "{}"));
	assert_int_equal(f->err.code, ERR_FAULT);
}

static void a_tree_is_drawn_by_a_partial_of_itself(void **state)
{
	struct fixture *f = *state;
	assert_true(render(f, "{{n}}{{#of}}({{> page}}){{/of}}",
	                   "{\"n\": 1, \"of\": [{\"n\": 2, \"of\": []}, {\"n\": 3, \"of\": []}]}"));
	assert_out(f, "1(2)(3)");
}

static void a_page_fills_the_blocks_of_its_layout(void **state)
{
	struct fixture *f = *state;
	assert_true(mustache_set_add(f->set, STR("layout"),
	                             STR("<title>{{$title}}none{{/title}}</title>\n"
	                                 "<main>\n  {{$main}}\n  {{/main}}\n</main>\n"),
	                             &f->err));
	assert_true(
		render(f,
	               "{{<layout}}\n{{$title}}{{t}}{{/title}}\n{{$main}}\n<p>{{t}}</p>\n{{#on}}\n"
	               "<p>on</p>\n{{/on}}\n{{/main}}\n{{/layout}}\n",
	               "{\"t\": \"A\", \"on\": true}"));
	assert_out(f, "<title>A</title>\n<main>\n  <p>A</p>\n  <p>on</p>\n</main>\n");
}

static void sections_nest_to_the_bound_and_no_further(void **state)
{
	struct fixture *f = *state;
	char text[16 * (MUSTACHE_DEPTH_MAX + 1) + 1] = "";
	size_t n = 0;
	for (int i = 0; i < MUSTACHE_DEPTH_MAX + 1; i++, n += 6)
		memcpy(text + n, "{{#a}}", 7);
	assert_false(render(f, text, "{\"a\": true}"));
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_non_null(strstr(f->err.message, "too deep"));
}

static void a_full_page_is_an_answer_not_a_crash(void **state)
{
	struct fixture *f = *state;
	buf_finish(&f->out);
	buf_init(&f->out, 10);
	assert_false(render(f, "{{#a}}four{{/a}}", "{\"a\": [1, 2, 3, 4]}"));
	assert_int_equal(f->err.code, ERR_UNABLE);
}

static void malformed_templates_are_named_with_their_line(void **state)
{
	static const char *const bad[] = {
		"{{#a}}",
		"{{/a}}",
		"{{#a}}{{#b}}{{/a}}{{/b}}",
		"{{a",
		"{{}}",
		"{{a b}}",
		"{{=a=}}",
		"{{=a b c=}}",
		"{{=}}",
		"{{{a}}",
		"{{<a}}{{$b}}{{/a}}",
		"{{>}}",
		"{{=|= =|=}}",
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct err err = { 0 };
		struct mustache_set *set = mustache_set_create(MUSTACHE_LENIENT);
		assert_false(mustache_set_add(set, STR("bad"), str_from_c(bad[i]), &err));
		assert_int_equal(err.code, ERR_INPUT);
		assert_non_null(strstr(err.message, "template bad, line 1: "));
		mustache_set_destroy(set);
	}
	(void)f;
}

static void a_name_is_there_once(void **state)
{
	struct fixture *f = *state;
	assert_true(mustache_set_add(f->set, STR("a"), STR(""), &f->err));
	assert_false(mustache_set_add(f->set, STR("a"), STR(""), &f->err));
	assert_true(mustache_set_has(f->set, STR("a")));
	assert_false(mustache_set_has(f->set, STR("b")));
}

static void a_folder_is_read_with_the_folders_in_it(void **state)
{
	struct fixture *f = *state;
	assert_true(mustache_set_add_folder(f->set, "tests/data/mustache/folder", &f->err));
	assert_true(mustache_set_has(f->set, STR("outer")));
	assert_true(mustache_set_has(f->set, STR("parts/inner")));
	assert_true(mustache_set_link(f->set, &f->err));
}

static void embedded_files_are_added_by_their_names(void **state)
{
	static const unsigned char source[] = "{{> b}}", other[] = "x";
	static const struct embed_file files[] = {
		{ "README.md", other, 1 },
		{ "pages/a.mustache", source, sizeof source - 1 },
		{ "b.mustache", other, 1 },
	};
	struct fixture *f = *state;
	assert_true(mustache_set_add_embedded(f->set, files, COUNT_OF(files), &f->err));
	assert_true(mustache_set_link(f->set, &f->err));
	assert_true(mustache_render(f->set, STR("pages/a"), NULL, &f->out, &f->err));
	assert_out(f, "x");
}

#define PROVES(sentence) cmocka_unit_test_setup_teardown(sentence, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_name_that_the_model_lacks_is_told_with_template_and_line),
		PROVES(a_section_over_a_missing_name_is_an_error_too),
		PROVES(a_missing_step_of_a_dotted_name_is_an_error),
		PROVES(a_name_that_is_there_and_empty_is_fine),
		PROVES(a_nought_is_shown),
		PROVES(the_five_marks_are_escaped),
		PROVES(raw_insertion_by_braces_is_refused),
		PROVES(raw_insertion_by_ampersand_is_refused_under_other_delimiters),
		PROVES(text_is_wanted_where_a_variable_stands),
		PROVES(a_partial_that_is_not_there_is_found_at_linking),
		PROVES(a_template_that_names_itself_ends),
		PROVES(a_block_that_overrides_itself_ends),
		PROVES(a_tree_is_drawn_by_a_partial_of_itself),
		PROVES(a_page_fills_the_blocks_of_its_layout),
		PROVES(sections_nest_to_the_bound_and_no_further),
		PROVES(a_full_page_is_an_answer_not_a_crash),
		PROVES(malformed_templates_are_named_with_their_line),
		PROVES(a_name_is_there_once),
		PROVES(embedded_files_are_added_by_their_names),
		PROVES(a_folder_is_read_with_the_folders_in_it),
	};
	return !!cmocka_run_group_tests(tests, NULL, NULL);
}
