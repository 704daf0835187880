/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A promise is read as it was written, by its own key, and in one form alone. */
#include "log/leaves.h"

#define ORIGIN STR("register.example.org/northmere")

static struct log_signer *key_named(struct fixture *f, struct str name)
{
	struct log_signer *signer = NULL;
	uint8_t seed[LOG_KEY_SIZE] = { 9 };
	assert_true(log_signer_create(name, LOG_KEY_LOG, seed, &signer, &f->err));
	return signer;
}

static struct log_promise some(void)
{
	return (struct log_promise){ .origin = ORIGIN,
		                     .index = 17,
		                     .leaf = hash_of(STR("leaf")),
		                     .recorded = INT64_C(1795466650123000),
		                     .by = INT64_C(1795553050123000) };
}

static struct str written(struct fixture *f, const struct log_promise *promise, const struct log_signer *key)
{
	CLEANUP(buf_finish) struct buf note = { 0 };
	buf_init(&note, LOG_PROMISE_MAX);
	assert_true(log_promise_write(&note, promise, key, &f->err));
	return arena_copy(f->arena, buf_str(&note));
}

static void what_was_promised_is_read(void **state)
{
	struct fixture *f = *state;
	CLEANUP(log_signer_cleanup) struct log_signer *key = key_named(f, STR("register.example.org/northmere/promise"));
	struct log_promise promise = some(), read;
	struct str note = written(f, &promise, key);
	assert_true(log_promise_open(f->arena, note, log_signer_vkey(key), &read, &f->err));
	assert_true(str_eq(read.origin, promise.origin) && read.index == 17 && hash_eq(&read.leaf, &promise.leaf));
	assert_int_equal(read.recorded, promise.recorded);
	assert_int_equal(read.by, promise.by);
}

static void no_byte_of_it_can_be_changed(void **state)
{
	struct fixture *f = *state;
	CLEANUP(log_signer_cleanup) struct log_signer *key = key_named(f, STR("register.example.org/northmere/promise"));
	struct log_promise promise = some(), read;
	struct str note = written(f, &promise, key);
	for (size_t i = 0; i < note.n; i++) {
		struct err why = { 0 };
		char *bytes = (char *)(uintptr_t)arena_copy(f->arena, note).p;
		bytes[i] ^= 1;
		assert_false(log_promise_open(f->arena, (struct str){ bytes, note.n }, log_signer_vkey(key), &read, &why));
	}
}

static void no_other_key_of_the_log_promises(void **state)
{
	struct fixture *f = *state;
	CLEANUP(log_signer_cleanup) struct log_signer *log = key_named(f, ORIGIN);
	CLEANUP(buf_finish) struct buf note = { 0 };
	struct log_promise promise = some();
	buf_init(&note, LOG_PROMISE_MAX);
	assert_false(log_promise_write(&note, &promise, log, &f->err));
	assert_int_equal(f->err.code, ERR_FAULT);
	f->err = (struct err){ 0 };
}

static void a_promise_without_time_is_none(void **state)
{
	struct fixture *f = *state;
	CLEANUP(log_signer_cleanup) struct log_signer *key = key_named(f, STR("register.example.org/northmere/promise"));
	CLEANUP(buf_finish) struct buf note = { 0 };
	struct log_promise promise = some();
	promise.by = promise.recorded;
	buf_init(&note, LOG_PROMISE_MAX);
	assert_false(log_promise_write(&note, &promise, key, &f->err));
	f->err = (struct err){ 0 };
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(what_was_promised_is_read),
		PROVES(no_byte_of_it_can_be_changed),
		PROVES(no_other_key_of_the_log_promises),
		PROVES(a_promise_without_time_is_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
