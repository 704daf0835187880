/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How far a receipt has come: signed with a promise, published, countersigned by the quorum of DIR/policy. */
#include "casebook/cosigned.h"

static struct casebook_grade grade_of(struct fixture *f, int64_t entry)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_grade grade;
	MUST(f, casebook_grade(reader, f->arena, entry, &grade, &f->err));
	return grade;
}

static void must_promise(struct fixture *f, const struct casebook_grade *grade, const struct casebook_answer *sent)
{
	CLEANUP(log_signer_cleanup) struct log_signer *signer = NULL;
	struct log_promise promise;
	MUST(f, casebook_promise_key(f->book, &signer, &f->err));
	MUST(f, log_promise_open(f->arena, grade->promise, log_signer_vkey(signer), &promise, &f->err));
	assert_int_equal(promise.index, sent->index);
	assert_int_equal(promise.recorded, sent->recorded);
	assert_int_equal(promise.by, sent->recorded + INSTANT_PER_DAY);
	assert_int_equal(grade->promised, promise.by);
	assert_true(str_eq(promise.origin, casebook_origin(f->book)));
}

static void without_witnesses_what_is_published_keeps_the_promise(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer sent = report(f, "He hits her.");
	struct casebook_grade grade = grade_of(f, sent.index);
	assert_false(grade.asks_witnesses || grade.is_witnessed);
	must_promise(f, &grade, &sent);
	MUST(f, casebook_beat(f->book, &f->err));
	grade = grade_of(f, sent.index);
	assert_false(grade.asks_witnesses || grade.is_witnessed);
	assert_null(grade.promise.p);
}

/* One cosignature of two is not the quorum; published without it, the promise stands. */
static void a_receipt_is_witnessed_by_the_quorum_alone(void **state)
{
	struct fixture *f = *state;
	struct witnesses witnesses;
	witnesses_ask(f, &witnesses);
	struct casebook_answer sent = report(f, "He hits her.");
	for (size_t count = 1; count <= WITNESSES; count++) {
		witnesses_publish(f, &witnesses, count);
		struct casebook_grade grade = grade_of(f, sent.index);
		assert_true(grade.asks_witnesses);
		assert_int_equal(grade.is_witnessed, count == WITNESSES);
		assert_int_equal(grade.witness_count, count);
		assert_true(str_eq(grade.witnesses[0], STR("a.example/w")));
		if (count == 1)
			must_promise(f, &grade, &sent);
		else
			assert_null(grade.promise.p);
	}
	witnesses_go(&witnesses);
}

static void what_the_writer_said_is_proved_by_its_parts(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer sent = report(f, "He hits her.");
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct json *words = json_array(f->arena), *parts = NULL;
	json_push(words, json_string(f->arena, STR("nothing that was said")));
	MUST(f, casebook_words_own(reader, f->arena, &sent, words, &parts, &f->err));
	assert_true(parts->count > 0);
	for (const struct json *part = parts->first; part; part = part->next)
		assert_true(!json_member(part, STR("text")) && json_text(part, STR("kept")).n == 64);
	struct casebook_answer other = sent;
	other.recorded += INSTANT_PER_MS; /* whoever did not write it does not know its moment */
	assert_false(casebook_words_own(reader, f->arena, &other, words, &parts, &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(without_witnesses_what_is_published_keeps_the_promise, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(a_receipt_is_witnessed_by_the_quorum_alone, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(what_the_writer_said_is_proved_by_its_parts, fixture_set_up, fixture_tear_down),
	};
	return cmocka_run_group_tests(tests, fixture_found, fixture_forget);
}
