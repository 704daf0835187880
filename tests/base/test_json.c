/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/arena_fixture.h"

#define VECTORS "tests/data/tlog/leaf.json"

static const struct json *read_good(struct fixture *f, const char *text)
{
	const struct json *value;
	if (!json_read(f->arena, str_from_c(text), JSON_DEPTH_MAX, &value, &f->err))
		fail_msg("%s: %s", text, f->err.message);
	return value;
}

static void assert_written(const struct json *value, const char *expected)
{
	struct buf out;
	buf_init(&out, 1 << 20);
	json_write(&out, value);
	assert_false(out.full);
	assert_str(buf_str(&out), expected);
	buf_finish(&out);
}

static void what_was_written_here_reads_the_same_both_ways(void **state)
{
	struct fixture *f = *state;
	static const char *const texts[] = {
		"{}", "{\"a\":1}", "{\"a\":-9007199254740991,\"b\":[],\"c\":{\"d\":[true,false,\"x\",0]}}",
		"{\"a\":\"z\\u00e9 \\\"q\\\"\"}", "{\"a\":\"\xC3\xA9\"}", "[1]", "\"x\"", "{\"b\":1,\"a\":2}",
		"{\"a\":1.5}", "{ \"a\" : null }", "{\"a\":\"\"}",
	};
	static const char *const wrong[] = { "{\"a\":1,\"a\":2}", "{\"a\":01}", "{\"a\":tru}", "{\"a\":1}x", "{\"a\"",
		                             "{\"a\":[1,]}", "{\"a\":\"\xFF\"}", "", "{\"a\":{\"b\":{\"c\":{}}}}" };
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		const struct json *value;
		struct buf one, other;
		buf_init(&one, 4096);
		buf_init(&other, 4096);
		if (!json_read_own(f->arena, str_from_c(texts[i]), 8, &value, &f->err))
			fail_msg("%s: %s", texts[i], f->err.message);
		json_write(&one, value);
		json_write(&other, read_good(f, texts[i]));
		assert_true(str_eq(buf_str(&one), buf_str(&other)));
		buf_finish(&one);
		buf_finish(&other);
	}
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		const struct json *value;
		assert_false(json_read_own(f->arena, str_from_c(wrong[i]), 3, &value, &f->err));
	}
}

static void assert_refused(struct fixture *f, struct str text, const char *part)
{
	const struct json *value;
	f->err = (struct err){ 0 };
	if (json_read(f->arena, text, 8, &value, &f->err))
		fail_msg("read: %.*s", STR_ARG(text));
	assert_null(value);
	assert_int_equal(f->err.code, ERR_INPUT);
	if (!strstr(f->err.message, part))
		fail_msg("%.*s: said \"%s\", expected \"%s\"", STR_ARG(text), f->err.message, part);
}

static void what_is_read_is_written_again_in_its_order(void **state)
{
	struct fixture *f = *state;
	static const char TEXT[] =
		"{\"b\":[1,-2,true,false,null,\"x\"],\"a\":{},\"c\":[],\"é\":\"\\n\"}";
	assert_written(read_good(f, TEXT), TEXT);
	assert_written(read_good(f, " 9223372036854775807 "), "9223372036854775807");
	assert_written(read_good(f, "-9223372036854775808"), "-9223372036854775808");
}

static void members_are_found_by_name_and_type(void **state)
{
	struct fixture *f = *state;
	const struct json *value =
		read_good(f, "{\"t\":\"x\",\"e\":\"\",\"n\":7,\"yes\":true,\"no\":false}");
	assert_str(json_text(value, STR("t")), "x");
	assert_non_null(json_text(value, STR("e")).p);
	assert_null(json_text(value, STR("n")).p);
	assert_null(json_text(value, STR("absent")).p);
	assert_int_equal(json_number(value, STR("n"), -1), 7);
	assert_int_equal(json_number(value, STR("t"), -1), -1);
	assert_true(json_is_true(value, STR("yes")));
	assert_false(json_is_true(value, STR("no")));
	assert_null(json_member(NULL, STR("t")));
	assert_null(json_member(json_member(value, STR("t")), STR("t")));
	assert_int_equal(value->count, 5);
}

static void a_real_keeps_the_text_it_was_written_with(void **state)
{
	struct fixture *f = *state;
	const struct json *value = read_good(
		f, "{\"1.5\":\"2.5e1\",\"a\":[1,0.10,\"\\\"3.5\"],\"b\":1E+2,\"c\":-0.0}");
	const struct json *real = json_member(value, STR("a"))->first->next;
	assert_int_equal(real->type, JSON_REAL);
	assert_str(real->string, "0.10");
	assert_str(json_member(value, STR("b"))->string, "1E+2");
	assert_str(json_member(value, STR("c"))->string, "-0.0");
}

static void what_is_not_strict_json_is_refused(void **state)
{
	struct fixture *f = *state;
	assert_refused(f, STR(""), "empty");
	assert_refused(f, STR("{\n \"a\":1,\"a\":2}"), "line 2, column 1");
	assert_refused(f, STR("{\"a\":1,\"a\":2}"), "a key stands twice");
	assert_refused(f, STR("{\"a\":1,\"\\u0061\":2}"), "a key stands twice");
	assert_refused(f, STR("{}x"), "behind the value");
	assert_refused(f, STR("{} {}"), "behind the value");
	assert_refused(f, STR("[1"), "ends too early");
	assert_refused(f, STR("\"\\u0000\""), "U+0000");
	assert_refused(f, STR("{\"\\u0000\":1}"), "U+0000");
	assert_refused(f, STR("\"\xff\""), "not UTF-8");
	assert_refused(f, STR("\"\xc0\xaf\""), "not UTF-8");
	assert_refused(f, STR("\"\xed\xa0\x80\""), "not UTF-8");
	assert_refused(f, STR("\"\\ud800\""), "not JSON");
	assert_refused(f, STR("9223372036854775808"), "does not fit");
	assert_refused(f, STR("1e400"), "does not fit");
	assert_refused(f, STR("[-0]"), "line 1, column 2: a number that does not fit");
	assert_refused(f, STR("01"), "not JSON");
	assert_refused(f, STR("[1,]"), "not JSON");
	assert_refused(f, STR("{\"a\":\0}"), "ends too early");
	assert_refused(f, STR("{}\0"), "JSON");
	assert_refused(f, STR("\"a\0b\""), "not JSON");
	assert_refused(f, STR("\xef\xbb\xbf{}"), "not JSON");
	assert_refused(f, STR("'x'"), "not JSON");
}

static void nesting_past_the_limit_is_refused_before_it_is_read(void **state)
{
	struct fixture *f = *state;
	static char deep[2000000];
	memset(deep, '[', sizeof deep);
	assert_refused(f, STR("[[[[[[[[[1]]]]]]]]]"), "column 9: nested too deep");
	assert_refused(f, (struct str){ deep, sizeof deep }, "nested too deep");
	(void)read_good(f, "[[[[[[[[\"[[[[[[[[[[\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"]]]]]]]]");
}

static void a_small_arena_is_an_answer_not_a_crash(void **state)
{
	struct fixture *f = *state;
	bool done = false;
	for (size_t bytes = 0; !done; bytes += 16) {
		struct arena *small = arena_create(bytes);
		const struct json *value;
		done = json_read(small, STR("{\"a\":[1,2.5,\"x\"],\"b\":{\"c\":null}}"), 8, &value,
		                 &f->err);
		assert_true(done || (f->err.code == ERR_UNABLE && !value));
		arena_destroy(small);
	}
}

static void assert_unwritable(struct fixture *f, const struct json *value, const char *part)
{
	struct buf out;
	buf_init(&out, 1 << 16);
	f->err = (struct err){ 0 };
	assert_false(json_write_canonical(&out, value, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
	if (!strstr(f->err.message, part))
		fail_msg("said \"%s\", expected \"%s\"", f->err.message, part);
	buf_finish(&out);
}

static void the_canonical_form_refuses_by_the_members_name(void **state)
{
	struct fixture *f = *state;
	assert_unwritable(f, read_good(f, "{\"a\":{\"gone\":null}}"), "\"gone\": null");
	assert_unwritable(f, read_good(f, "{\"sum\":[1.5]}"), "\"sum\": a number must be whole");
	assert_unwritable(f, read_good(f, "{\"n\":9007199254740992}"), "\"n\": a number must lie");
	assert_unwritable(f, read_good(f, "{\"n\":-9007199254740992}"), "\"n\": a number must lie");
	assert_unwritable(f, read_good(f, "{\"in\":{\"A\":1}}"), "\"in\": a key must begin");
	assert_unwritable(f, read_good(f, "{\"\":1}"), "a key must begin");

	struct buf out;
	struct json *built = json_object(f->arena);
	struct str key = STR("abcdefghijklmnopqrstuvwxyz-0123456789_abcdefghijklmnopqrstuvwxyzab");
	json_put_integer(f->arena, built, str_sub(key, 0, 64), 1);
	buf_init(&out, 1000);
	assert_true(json_write_canonical(&out, built, &f->err));
	buf_finish(&out);
	built = json_object(f->arena);
	json_put_integer(f->arena, built, str_sub(key, 0, 65), 1);
	assert_unwritable(f, built, "64 at most");

	built = json_object(f->arena);
	json_put_text(f->arena, built, STR("t"), STR("a\0b"));
	assert_unwritable(f, built, "\"t\": text must not hold U+0000");
	built = json_object(f->arena);
	json_put_text(f->arena, built, STR("t"), STR("\xff"));
	assert_unwritable(f, built, "\"t\": text must be UTF-8");
	built = json_object(f->arena);
	json_put_integer(f->arena, built, STR("b"), 1);
	json_put_integer(f->arena, built, STR("a"), 1);
	json_put_integer(f->arena, built, STR("b"), 2);
	assert_unwritable(f, built, "\"b\": the key stands twice");
}

/* Bytes that JSON itself could not hold stand in base64. */
static struct str text_of(struct fixture *f, const struct json *vector)
{
	struct str encoded = json_text(vector, STR("in_b64"));
	if (!encoded.p)
		return json_text(vector, STR("in"));
	size_t n = encoded.n;
	char *bytes = arena_alloc(f->arena, n, 1);
	assert_true(base64_read(encoded, bytes, &n));
	return (struct str){ bytes, n };
}

/* One of the vectors. */
static void try_vector(struct fixture *f, const struct json *vector)
{
	struct str text = text_of(f, vector);
	assert_non_null(text.p);
	struct str why = json_text(vector, STR("why"));
	const struct json *value;
	struct buf out;
	buf_init(&out, 1 << 21);
	bool good = json_read(f->arena, text, 8, &value, &f->err) && value->type == JSON_OBJECT &&
	            json_write_canonical(&out, value, &f->err);
	if (good != json_is_true(vector, STR("ok")))
		fail_msg("%.*s: %s", STR_ARG(why), good ? "was read" : f->err.message);
	struct str expected = json_text(vector, STR("out"));
	if (good && !str_eq(buf_str(&out), expected))
		fail_msg("%.*s: wrote %.*s", STR_ARG(why), STR_ARG(buf_str(&out)));

	/* Only the canonical form itself is read as canonical. */
	bool canonical = json_read_canonical(f->arena, text, 8, &value, &f->err);
	assert_int_equal(canonical, good && str_eq(text, expected));
	if (good)
		assert_true(json_read_canonical(f->arena, expected, 8, &value, &f->err));
	buf_finish(&out);
}

static void every_canonical_vector_holds(void **state)
{
	struct fixture *f = *state;
	struct str text;
	const struct json *vectors;
	size_t count = 0;
	assert_true(file_read(f->arena, VECTORS, 1 << 20, &text, &f->err));
	/* Another list of the file holds a NUL, which our reader refuses: this one is cut out. */
	size_t from = str_find_str(text, STR("\"canonical\":")) + 12;
	size_t until = str_find_str(text, STR("\"disclosures\":"));
	assert_true(from < until && until < text.n);
	text = str_trim(str_sub(text, from, until - from));
	text.n--; /* the comma */
	assert_true(json_read(f->arena, text, JSON_DEPTH_MAX, &vectors, &f->err));
	for (const struct json *v = vectors->first; v; v = v->next, count++)
		try_vector(f, v);
	assert_int_equal(count, 52);
}

static void a_canonical_text_has_a_greatest_length(void **state)
{
	struct fixture *f = *state;
	const struct json *value;
	char *text = arena_alloc(f->arena, JSON_CANONICAL_MAX + 1, 1);
	memset(text, 'x', JSON_CANONICAL_MAX + 1);
	memcpy(text, "{\"t\":\"", 6);
	memcpy(text + JSON_CANONICAL_MAX - 2, "\"}", 2);
	assert_true(json_read_canonical(f->arena, (struct str){ text, JSON_CANONICAL_MAX }, 8,
	                                &value, &f->err));
	memcpy(text + JSON_CANONICAL_MAX - 2, "x\"}", 3);
	assert_false(json_read_canonical(f->arena, (struct str){ text, JSON_CANONICAL_MAX + 1 }, 8,
	                                 &value, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
}

static void many_unsorted_keys_are_sorted_in_good_time(void **state)
{
	struct fixture *f = *state;
	struct json *built = json_object(f->arena);
	for (int i = 200000; i > 0; i--)
		json_put_integer(f->arena, built, arena_format(f->arena, "k%06d", i), i);
	struct buf out;
	buf_init(&out, 1 << 24);
	assert_true(json_write_canonical(&out, built, &f->err));
	assert_true(str_starts(buf_str(&out), STR("{\"k000001\":1,\"k000002\":2,")));
	buf_finish(&out);
}

static void a_model_is_built_straight(void **state)
{
	struct fixture *f = *state;
	struct json *model = json_object(f->arena);
	json_put_text(f->arena, model, STR("title"), STR("a \"b\" \\ \x01\x1f"));
	json_put_text(f->arena, model, STR("empty"), STR_NONE);
	json_put_bool(f->arena, model, STR("late"), 2);
	struct json *list = json_put(model, STR("list"), json_array(f->arena));
	json_push(list, json_integer(f->arena, 1));
	json_push(list, json_null(f->arena));
	json_push(list, json_bool(f->arena, 0));
	assert_true(json_complete(model));
	assert_written(
		model,
		"{\"title\":\"a \\\"b\\\" \\\\ \\u0001\\u001f\",\"empty\":\"\",\"late\":true,"
		"\"list\":[1,null,false]}");
}

static void a_model_that_lost_a_part_is_never_written_as_whole(void **state)
{
	struct fixture *f = *state;
	struct json *model = json_object(f->arena);
	struct json *list = json_put(model, STR("list"), json_array(f->arena));
	json_push(list, NULL);
	assert_null(json_put(NULL, STR("a"), NULL));
	assert_false(json_complete(model));
	assert_false(json_complete(NULL));
	struct buf out;
	buf_init(&out, 100);
	json_write(&out, model);
	assert_true(out.full);
	buf_finish(&out);
	buf_init(&out, 100);
	json_write(&out, NULL);
	assert_true(out.full);
	buf_finish(&out);
	buf_init(&out, 100);
	assert_false(json_write_canonical(&out, model, &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
	buf_finish(&out);
}

static void text_that_is_not_utf8_makes_the_buffer_full(void **state)
{
	struct fixture *f = *state;
	struct buf out;
	buf_init(&out, 100);
	json_write(&out, json_string(f->arena, STR("a\xff")));
	assert_true(out.full);
	buf_finish(&out);
}

/* Eight bytes are looked at together where they can be: wherever it stands, nothing is missed. */
static void what_needs_an_escape_gets_it_wherever_it_stands(void **state)
{
	(void)state;
	static const struct {
		const char *byte, *written;
	} ROWS[] = { { "\"", "\\\"" },  { "\\", "\\\\" }, { "\n", "\\n" },
		     { "\x1f", "\\u001f" }, { "\x7f", "\x7f" },  { "!", "!" },
		     { "#", "#" },       { "[", "[" },       { "]", "]" },
		     { " ", " " },       { "\xc3\xa9", "\xc3\xa9" } };
	for (size_t row = 0; row < COUNT_OF(ROWS); row++) {
		for (int at = 0; at < 20; at++) {
			for (int after = 0; after < 20; after++) {
				char text[64], expected[80];
				struct buf out;
				(void)snprintf(text, sizeof text, "%.*s%s%.*s", at, "abcdefghijklmnopqrstuvw",
				               ROWS[row].byte, after, "ABCDEFGHIJKLMNOPQRSTUVW");
				(void)snprintf(expected, sizeof expected, "\"%.*s%s%.*s\"", at,
				               "abcdefghijklmnopqrstuvw", ROWS[row].written, after,
				               "ABCDEFGHIJKLMNOPQRSTUVW");
				buf_init(&out, 256);
				json_write_string(&out, str_from_c(text));
				if (out.full || !str_eq(buf_str(&out), str_from_c(expected)))
					fail_msg("%s: %.*s", expected, STR_ARG(buf_str(&out)));
				buf_finish(&out);
			}
		}
	}
}

static void bytes_that_are_not_utf8_are_found_wherever_they_stand(void **state)
{
	(void)state;
	static const char *const BAD[] = { "\xff", "\xc3", "\x80", "\xed\xa0\x80" };
	for (size_t row = 0; row < COUNT_OF(BAD); row++) {
		for (int at = 0; at < 20; at++) {
			char text[64];
			(void)snprintf(text, sizeof text, "%.*s%s%.*s", at, "abcdefghijklmnopqrstuvw",
			               BAD[row], 19 - at, "ABCDEFGHIJKLMNOPQRSTUVW");
			assert_false(str_is_utf8(str_from_c(text)));
		}
	}
}

static void a_tree_deeper_than_the_limit_is_not_written(void **state)
{
	struct fixture *f = *state;
	struct json *root = json_array(f->arena);
	struct json *at = root;
	for (size_t i = 1; i < JSON_DEPTH_MAX; i++)
		at = json_push(at, json_array(f->arena));
	struct buf out;
	buf_init(&out, 1000);
	json_write(&out, root);
	assert_false(out.full);
	json_push(at, json_array(f->arena));
	json_write(&out, root);
	assert_true(out.full);
	buf_finish(&out);
	assert_unwritable(f, root, "nested too deep");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(what_is_read_is_written_again_in_its_order),
		PROVES(members_are_found_by_name_and_type),
		PROVES(a_real_keeps_the_text_it_was_written_with),
		PROVES(what_is_not_strict_json_is_refused),
		PROVES(nesting_past_the_limit_is_refused_before_it_is_read),
		PROVES(a_small_arena_is_an_answer_not_a_crash),
		PROVES(the_canonical_form_refuses_by_the_members_name),
		PROVES(every_canonical_vector_holds),
		PROVES(a_canonical_text_has_a_greatest_length),
		PROVES(many_unsorted_keys_are_sorted_in_good_time),
		PROVES(a_model_is_built_straight),
		PROVES(a_model_that_lost_a_part_is_never_written_as_whole),
		PROVES(text_that_is_not_utf8_makes_the_buffer_full),
		PROVES(what_needs_an_escape_gets_it_wherever_it_stands),
		PROVES(bytes_that_are_not_utf8_are_found_wherever_they_stand),
		PROVES(a_tree_deeper_than_the_limit_is_not_written),
		PROVES(what_was_written_here_reads_the_same_both_ways),
	};
	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
