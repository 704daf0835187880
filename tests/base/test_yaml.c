/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/arena_fixture.h"

#include <unistd.h>

#define NODES 200000
#define EMPTY "an empty value; quote the sentence if it holds a comma, or write none"
#define EXPLICIT "a key with ? before it; write \"key: value\""
#define DECORATION "anchors, aliases and tags are not used in packs"

static const struct yaml *read_good(struct fixture *f, const char *text)
{
	const struct yaml *root;
	const struct yaml_error *errors;
	if (!yaml_read(f->arena, str_from_c(text), NODES, &root, &errors))
		fail_msg("%s\n%d:%d: %.*s", text, errors->line, errors->column,
		         STR_ARG(errors->what));
	assert_null(errors);
	return root;
}

/* All errors as "line:column: what", a line each. */
static void assert_errors_of(struct fixture *f, struct str text, const char *expected)
{
	const struct yaml *root;
	const struct yaml_error *errors;
	struct buf found;
	buf_init(&found, 1 << 20);
	assert_false(yaml_read(f->arena, text, NODES, &root, &errors));
	assert_null(root);
	assert_non_null(errors);
	for (; errors; errors = errors->next)
		buf_format(&found, "%d:%d: %.*s\n", errors->line, errors->column,
		           STR_ARG(errors->what));
	assert_str(buf_str(&found), expected);
	buf_finish(&found);
}

static void assert_errors(struct fixture *f, const char *text, const char *expected)
{
	assert_errors_of(f, str_from_c(text), expected);
}

static void assert_place(const struct yaml *node, int line, int column)
{
	assert_non_null(node);
	assert_int_equal(node->line, line);
	assert_int_equal(node->column, column);
}

static void scalars_stay_text_in_every_form(void **state)
{
	struct fixture *f = *state;
	const struct yaml *root =
		read_good(f, "a: no\nb: 012\nc: \"x\\ty\"\nd: 'it''s'\ne: |\n  one\n"
	                     "  two\nf: >-\n  three\n  four\ng: ~\nh: ''\n");
	assert_int_equal(root->type, YAML_MAPPING);
	assert_int_equal(root->count, 8);
	assert_str(yaml_member(root, STR("a"))->text, "no");
	assert_false(yaml_member(root, STR("a"))->quoted);
	assert_str(yaml_member(root, STR("b"))->text, "012");
	assert_str(yaml_member(root, STR("c"))->text, "x\ty");
	assert_true(yaml_member(root, STR("c"))->quoted);
	assert_str(yaml_member(root, STR("d"))->text, "it's");
	assert_str(yaml_member(root, STR("e"))->text, "one\ntwo\n");
	assert_true(yaml_member(root, STR("e"))->quoted);
	assert_str(yaml_member(root, STR("f"))->text, "three four");
	assert_str(yaml_member(root, STR("g"))->text, "~");
	assert_str(yaml_member(root, STR("h"))->text, "");
	assert_null(yaml_member(root, STR("i")));
	assert_null(yaml_member(NULL, STR("a")));
	assert_null(yaml_member(yaml_member(root, STR("a")), STR("a")));
}

static void every_node_knows_its_first_byte(void **state)
{
	struct fixture *f = *state;
	const struct yaml *root =
		read_good(f, "# head\n\"q é\": 'x'\nlist:\n  - one\n  - {k: [é, \"v\"]}\n"
	                     "text: |  # a > b\n\n    body\nnext: [pair: p]\n");
	assert_place(root, 2, 1);
	const struct yaml *quoted = root->first;
	assert_place(quoted, 2, 9);
	assert_int_equal(quoted->key_line, 2);
	assert_int_equal(quoted->key_column, 1);
	const struct yaml *list = yaml_member(root, STR("list"));
	assert_place(list, 4, 3);
	assert_place(list->first, 4, 5);
	const struct yaml *flow = list->first->next;
	assert_place(flow, 5, 5);
	assert_place(flow->first, 5, 9);
	assert_place(flow->first->first, 5, 10);
	assert_place(flow->first->last, 5, 14); /* é is two bytes */
	assert_place(yaml_member(root, STR("text")), 6, 7);
	assert_str(yaml_member(root, STR("text"))->text, "\nbody\n");
	const struct yaml *next = yaml_member(root, STR("next"));
	assert_int_equal(next->key_line, 9);
	assert_place(next->first, 9, 8); /* a pair in brackets begins with its key */
	assert_place(next->first->first, 9, 14);
}

static void a_flow_mapping_begins_at_its_brace(void **state)
{
	struct fixture *f = *state;
	const struct yaml *root =
		read_good(f, "a:\n  { t: x, b: [{ c: d }] }\ne: {f: g}\nh:\n  - {\n    i: j }\n");
	const struct yaml *a = yaml_member(root, STR("a"));
	assert_place(a, 2, 3);
	assert_place(yaml_member(a, STR("b"))->first, 2, 15);
	assert_place(yaml_member(root, STR("e")), 3, 4);
	assert_place(yaml_member(root, STR("h"))->first, 5, 5);
}

static void a_key_that_stands_twice_is_refused_at_the_second(void **state)
{
	struct fixture *f = *state;
	assert_errors(f, "T01:\n  owed-by: a\n  title: t\n  owed-by: b\n",
	              "4:3: key \"owed-by\" stands twice\n");
	assert_errors(f, "{a: 1, \"a\": 2, b: 1, a: 3}\n",
	              "1:8: key \"a\" stands twice\n1:22: key \"a\" stands twice\n");
}

static void an_empty_value_is_refused_where_its_key_stands(void **state)
{
	struct fixture *f = *state;
	assert_errors(f, "hint: { hint: Say who, if you know }\n", "1:24: " EMPTY "\n");
	assert_errors(f, "a:\nb: x\n", "1:1: " EMPTY "\n");
	assert_errors(f, "a: [x,\n  {b: , c: d}]\n", "2:4: " EMPTY "\n");
	assert_errors(f, "a:\n  - x\n  -\n", "3:3: " EMPTY "\n");
}

static void anchors_aliases_and_tags_are_refused(void **state)
{
	struct fixture *f = *state;
	assert_errors(f, "a: &x b\nc: *x\n", "1:4: " DECORATION "\n2:4: " DECORATION "\n");
	assert_errors(f, "a: !!str b\n", "1:4: " DECORATION "\n");
	assert_errors(f, "a: &x [b]\nc: !t {d: e}\n", "1:4: " DECORATION "\n2:4: " DECORATION "\n");
	assert_errors(f, "&x a: b\n", "1:1: " DECORATION "\n");
	assert_errors(f, "*x : b\n", "1:1: " DECORATION "\n");
}

static void merge_keys_are_refused(void **state)
{
	struct fixture *f = *state;
	assert_errors(f, "a:\n  <<: {b: c}\n", "2:3: merge keys are not used in packs\n");
	(void)read_good(f, "\"<<\": b\n");
}

static void complex_keys_are_refused(void **state)
{
	struct fixture *f = *state;
	assert_errors(f, "? a\n: b\n", "1:3: " EXPLICIT "\n");
	assert_errors(f, "?\n a\n: b\n", "2:2: " EXPLICIT "\n");
	assert_errors(f, "x: {? a: b}\n", "1:7: " EXPLICIT "\n");
	assert_errors(f, "[a]: b\n", "1:1: a key must be one word or sentence, no list\n");
	assert_errors(f, ": b\n", "1:1: an empty key\n");
	(void)read_good(f, "q: what is it?\nb: c\n");
}

static void a_bare_question_inside_brackets_is_refused(void **state)
{
	struct fixture *f = *state;
	assert_errors(f, "a: [who?]\n",
	              "1:5: \"who?\" ends in ? without quotes inside brackets; quote it\n");
	assert_errors(f, "a: {b: is it so?}\n",
	              "1:8: \"is it so?\" ends in ? without quotes inside brackets; quote it\n");
	(void)read_good(f, "a: who?\nb: [\"who?\", '?']\n");
}

static void directives_and_second_documents_are_refused(void **state)
{
	struct fixture *f = *state;
	assert_errors(f, "# x\n%YAML 1.2\n---\na: b\n", "2:1: directives are not used in packs\n");
	assert_errors(f, "a: b\n---\nc: d\n", "2:1: a second document; one file holds one\n");
	assert_errors(f, "a: b\n...\n%YAML 1.1\n---\nc: d\n",
	              "4:1: a second document; one file holds one\n");
	(void)read_good(f, "---\na: b\n...\n");
	(void)read_good(f, "a: b\nc: 50 %\n");
}

static void bytes_that_are_no_plain_text_are_refused(void **state)
{
	struct fixture *f = *state;
	assert_errors_of(f, STR("a: b\nc: \0d\n"), "2:4: a control character\n");
	assert_errors_of(f, STR("a: b\nc: d\0"), "2:5: a control character\n");
	assert_errors(f, "a: b\nc: \xff\n", "2:1: bytes on this line are not UTF-8\n");
	assert_errors(f, "a: b\r\n", "1:5: a carriage return; end lines in LF\n");
	assert_errors(f, "a: \x1b[0m\n", "1:4: a control character\n");
	assert_errors(f,
	              "\xef\xbb\xbf"
	              "a: b\n",
	              "1:1: a byte order mark; take it away\n");
	assert_errors(f, "a:\n\tb: c\n", "2:1: a tab as indent; use blanks\n");
	assert_errors(f, "a:\n  \tb: c\n", "2:3: a tab as indent; use blanks\n");
	/* libfyaml would crash at the first of these. */
	assert_errors(f, "? a\n? e:\t?", "2:5: a tab where a word may begin; use blanks\n");
	assert_errors(f, "a:  \tb\n", "1:5: a tab where a word may begin; use blanks\n");
	assert_errors(f, "-\tb\n", "1:2: a tab where a word may begin; use blanks\n");
	(void)read_good(f, "a: b\tc # d\te\n# f\tg\n");
}

static void escapes_that_are_no_characters_are_refused(void **state)
{
	struct fixture *f = *state;
	assert_errors(f, "a: \"x\\0y\"\n", "1:4: an escape that is no character\n");
	assert_errors(f, "a: \"x\\e[1Ay\"\n",
	              "1:4: the character U+001B, which steers how text is shown; take it away\n");
	assert_errors(f, "a: b\nc: \"x\\r\"\n",
	              "2:4: the character U+000D, which steers how text is shown; take it away\n");
	assert_errors(f, "a: \"\\x9b1A\"\n",
	              "1:4: the character U+009B, which steers how text is shown; take it away\n");
	assert_errors(f, "a: \"\\u202e\"\n",
	              "1:4: the character U+202E, which steers how text is shown; take it away\n");
	assert_errors(f, "a: \xe2\x80\xae\n",
	              "1:4: the character U+202E, which steers how text is shown; take it away\n");
	assert_errors(f, "{\"a\\0\": b}\n", "1:2: an escape that is no character\n");
	(void)read_good(f, "a: \"\\xff \\u2028 \\U0001F600\"\n");
}

static void an_empty_file_says_so(void **state)
{
	struct fixture *f = *state;
	assert_errors(f, "", "1:1: nothing stands in this file\n");
	assert_errors(f, "# only words\n", "1:1: nothing stands in this file\n");
}

static void a_broken_text_is_refused_with_a_place_in_bytes(void **state)
{
	struct fixture *f = *state;
	assert_errors(f, "é: \"é unclosed\n",
	              "1:5: not YAML: double-quoted scalar without closing quote\n");
	assert_errors(f, "a: {b: c}}\n",
	              "1:10: not YAML: flow mapping with invalid extra closing brace\n");
}

static void several_errors_come_in_order_of_place(void **state)
{
	struct fixture *f = *state;
	assert_errors(f, "a: &x 1\nb:\na: 2\nc: [d?]\n",
	              "1:4: " DECORATION "\n2:1: " EMPTY "\n3:1: key \"a\" stands twice\n"
	              "4:5: \"d?\" ends in ? without quotes inside brackets; quote it\n");
}

static void nesting_past_the_limit_is_refused(void **state)
{
	struct fixture *f = *state;
	char text[100];
	memset(text, '[', sizeof text);
	memset(text + YAML_DEPTH_MAX, ']', YAML_DEPTH_MAX);
	text[2 * YAML_DEPTH_MAX] = '\0';
	(void)read_good(f, text);
	memset(text, '[', sizeof text);
	memset(text + YAML_DEPTH_MAX + 1, ']', YAML_DEPTH_MAX + 1);
	text[2 * YAML_DEPTH_MAX + 2] = '\0';
	assert_errors(f, text, "1:21: nested deeper than 20\n");
}

static void hostile_nesting_ends_soon(void **state)
{
	struct fixture *f = *state;
	static char text[YAML_FILE_MAX];
	memset(text, '[', sizeof text);
	const struct yaml *root;
	const struct yaml_error *errors;
	assert_false(yaml_read(f->arena, (struct str){ text, sizeof text }, NODES, &root, &errors));
	assert_non_null(errors);
	for (size_t i = 0; i + 1 < sizeof text; i += 2) {
		text[i] = '-';
		text[i + 1] = ' ';
	}
	assert_false(yaml_read(f->arena, (struct str){ text, sizeof text }, NODES, &root, &errors));
	assert_non_null(errors);
}

static void a_file_of_one_line_is_read_in_good_time(void **state)
{
	struct fixture *f = *state;
	static char text[600000];
	const struct yaml *root;
	const struct yaml_error *errors;
	for (size_t i = 0; i < sizeof text; i += 4)
		memcpy(text + i, "[], ", 4);
	memcpy(text, "[[],", 4);
	memcpy(text + sizeof text - 4, "[]] ", 4);
	alarm(20); /* ends the test if each place is looked for from the beginning */
	assert_true(yaml_read(f->arena, (struct str){ text, sizeof text }, NODES, &root, &errors));
	alarm(0);
	assert_int_equal(root->count, sizeof text / 4);
	assert_int_equal(root->last->column, sizeof text - 3);
}

static void a_file_past_its_limits_is_refused(void **state)
{
	struct fixture *f = *state;
	const struct yaml *root;
	const struct yaml_error *errors;
	static char text[YAML_FILE_MAX + 1];
	memset(text, '#', sizeof text);
	assert_false(yaml_read(f->arena, (struct str){ text, sizeof text }, NODES, &root, &errors));
	assert_str(errors->what, "larger than 2 MB");
	assert_true(yaml_read(f->arena, STR("[a, b, c]"), 4, &root, &errors));
	assert_false(yaml_read(f->arena, STR("[a, b, c]"), 3, &root, &errors));
	assert_str(errors->what, "too many values in one file");
}

static void a_small_arena_is_an_answer_not_a_crash(void **state)
{
	(void)state;
	bool done = false;
	for (size_t bytes = 0; !done; bytes += 16) {
		struct arena *small = arena_create(bytes);
		const struct yaml *root;
		const struct yaml_error *errors;
		done = yaml_read(small, STR("a: [b, c]\nd: {e: f, g: h}\n"), NODES, &root, &errors);
		assert_true(done || errors);
		arena_destroy(small);
	}
}

static void a_refusal_in_a_small_arena_is_still_a_refusal(void **state)
{
	(void)state;
	for (size_t bytes = 0; bytes < 4000; bytes += 16) {
		struct arena *small = arena_create(bytes);
		const struct yaml *root;
		const struct yaml_error *errors;
		assert_false(
			yaml_read(small, STR("a: *x\nb:\na: {b: c?}\n"), NODES, &root, &errors));
		assert_non_null(errors);
		arena_destroy(small);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(scalars_stay_text_in_every_form),
		PROVES(every_node_knows_its_first_byte),
		PROVES(a_flow_mapping_begins_at_its_brace),
		PROVES(a_key_that_stands_twice_is_refused_at_the_second),
		PROVES(an_empty_value_is_refused_where_its_key_stands),
		PROVES(anchors_aliases_and_tags_are_refused),
		PROVES(merge_keys_are_refused),
		PROVES(complex_keys_are_refused),
		PROVES(a_bare_question_inside_brackets_is_refused),
		PROVES(directives_and_second_documents_are_refused),
		PROVES(bytes_that_are_no_plain_text_are_refused),
		PROVES(escapes_that_are_no_characters_are_refused),
		PROVES(an_empty_file_says_so),
		PROVES(a_broken_text_is_refused_with_a_place_in_bytes),
		PROVES(several_errors_come_in_order_of_place),
		PROVES(nesting_past_the_limit_is_refused),
		PROVES(hostile_nesting_ends_soon),
		PROVES(a_file_of_one_line_is_read_in_good_time),
		PROVES(a_file_past_its_limits_is_refused),
		PROVES(a_small_arena_is_an_answer_not_a_crash),
		PROVES(a_refusal_in_a_small_arena_is_still_a_refusal),
	};
	return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
