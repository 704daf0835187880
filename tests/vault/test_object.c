/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Attachments: sealed as they arrive, opened whole or not at all. */
#include "vault_fixture.h"

#include <sys/resource.h>

#define LIMIT (64 * 1024 * 1024)

/* Pieces as a store would keep them. */
struct shelf {
	struct arena *arena;
	struct str pieces[64];
	size_t count;
	size_t refuse_at; /* 0: never */
};

static bool keep(void *ctx, int64_t number, struct str piece, struct err *err)
{
	struct shelf *shelf = ctx;
	assert_int_equal(number, shelf->count);
	if (shelf->refuse_at && shelf->count + 1 == shelf->refuse_at)
		return err_set(err, ERR_UNABLE, "The disk is full");
	shelf->pieces[shelf->count++] = arena_copy(shelf->arena, piece);
	return true;
}

static struct str words_of(struct fixture *f, size_t n)
{
	char *bytes = arena_alloc(f->arena, 1, n ? n : 1);
	for (size_t i = 0; i < n; i++)
		bytes[i] = (char)(i * 31 + i / 251);
	return (struct str){ bytes, n };
}

static struct vault_object seal_in_steps(struct fixture *f, struct str words, size_t step,
                                         struct shelf *shelf)
{
	CLEANUP(vault_sealing_cleanup) struct vault_sealing *sealing = NULL;
	struct vault_object object;
	*shelf = (struct shelf){ .arena = f->arena };
	assert_true(vault_sealing_begin(f->vault, LIMIT, keep, shelf, &sealing, &f->err));
	for (size_t at = 0; at < words.n; at += step)
		assert_true(vault_sealing_push(sealing, str_sub(words, at, step), &f->err));
	assert_true(vault_sealing_finish(sealing, &object, &f->err));
	return object;
}

static bool opens(struct fixture *f, const struct vault_object *object, const struct str *pieces,
                  size_t count, struct str words)
{
	CLEANUP(vault_opening_cleanup) struct vault_opening *opening = NULL;
	CLEANUP(buf_finish) struct buf all;
	struct str plain;
	buf_init(&all, LIMIT);
	f->err = (struct err){ 0 };
	assert_true(vault_opening_begin(object, &opening, &f->err));
	for (size_t i = 0; i < count; i++) {
		if (!vault_opening_piece(opening, pieces[i], &plain, &f->err)) {
			assert_int_equal(plain.n, 0);
			return false;
		}
		buf_add(&all, plain);
	}
	return vault_opening_finish(opening, &f->err) && str_eq(buf_str(&all), words);
}

static void what_was_sealed_opens_to_the_letter(void **state)
{
	struct fixture *f = *state;
	const size_t sizes[] = { 0, 1, 65535, 65536, 65537, 131072, 300000 };
	const size_t pieces[] = { 1, 1, 1, 1, 2, 2, 5 };
	const size_t steps[] = { 1000, 65536, 400000 };
	for (size_t i = 0; i < COUNT_OF(sizes); i++)
		for (size_t s = 0; s < COUNT_OF(steps); s++) {
			struct shelf shelf;
			struct str words = words_of(f, sizes[i]);
			struct vault_object object = seal_in_steps(f, words, steps[s], &shelf);
			struct hash sum = hash_of(words);
			assert_int_equal(shelf.count, pieces[i]);
			assert_int_equal(object.pieces, pieces[i]);
			assert_int_equal(object.plain_bytes, sizes[i]);
			assert_int_equal(object.sealed_bytes, sizes[i] + 24 + 17 * pieces[i]);
			assert_true(hash_eq(&sum, &object.plain_sum));
			assert_true(opens(f, &object, shelf.pieces, shelf.count, words));
			struct str sealed = arena_join(f->arena, shelf.pieces, shelf.count);
			sum = hash_of(sealed);
			assert_true(hash_eq(&sum, &object.sealed_sum));
			assert_false(words.n > 64 && holds(sealed, str_sub(words, 0, 32)));
		}
}

static void an_object_cut_short_does_not_open(void **state)
{
	struct fixture *f = *state;
	struct shelf shelf;
	struct str words = words_of(f, 300000);
	struct vault_object object = seal_in_steps(f, words, 5000, &shelf);
	for (size_t count = 0; count < shelf.count; count++) {
		assert_false(opens(f, &object, shelf.pieces, count, words));
		assert_int_equal(f->err.code, ERR_INPUT);
	}
}

/* Whoever cut it may also have counted and summed anew: the last piece still says it is not last.
 */
static void an_object_cut_short_does_not_open_whatever_is_said_of_it(void **state)
{
	struct fixture *f = *state;
	struct shelf shelf;
	struct str words = words_of(f, 300000);
	struct vault_object object = seal_in_steps(f, words, 5000, &shelf);
	struct str sealed = arena_join(f->arena, shelf.pieces, 2);
	words.n = 2 * VAULT_PIECE_PLAIN;
	object.plain_bytes = 2 * VAULT_PIECE_PLAIN;
	object.plain_sum = hash_of(words);
	object.sealed_sum = hash_of(sealed);
	object.sealed_bytes = (int64_t)sealed.n;
	object.pieces = 2;
	assert_false(opens(f, &object, shelf.pieces, 2, words));
}

static void after_a_bad_piece_nothing_opens(void **state)
{
	struct fixture *f = *state;
	CLEANUP(vault_opening_cleanup) struct vault_opening *opening = NULL;
	struct shelf shelf;
	struct str plain;
	struct vault_object object = seal_in_steps(f, words_of(f, 300000), 5000, &shelf);
	assert_true(vault_opening_begin(&object, &opening, &f->err));
	assert_true(vault_opening_piece(opening, shelf.pieces[0], &plain, &f->err));
	assert_false(vault_opening_piece(opening, shelf.pieces[2], &plain, &f->err));
	assert_false(vault_opening_piece(opening, shelf.pieces[1], &plain, &f->err));
	assert_int_equal(plain.n, 0);
	assert_false(vault_opening_finish(opening, &f->err));
}

static void pieces_out_of_order_do_not_open(void **state)
{
	struct fixture *f = *state;
	struct shelf shelf;
	struct str words = words_of(f, 300000);
	struct vault_object object = seal_in_steps(f, words, 5000, &shelf);
	struct str swapped[] = { shelf.pieces[0], shelf.pieces[2], shelf.pieces[1], shelf.pieces[3],
		                 shelf.pieces[4] };
	struct str twice[] = { shelf.pieces[0], shelf.pieces[1], shelf.pieces[1] };
	struct str without[] = { shelf.pieces[0], shelf.pieces[2], shelf.pieces[3],
		                 shelf.pieces[4] };
	struct str surplus[] = { shelf.pieces[0], shelf.pieces[1], shelf.pieces[2],
		                 shelf.pieces[3], shelf.pieces[4], shelf.pieces[4] };
	assert_false(opens(f, &object, swapped, 5, words));
	assert_false(opens(f, &object, twice, 3, words));
	assert_false(opens(f, &object, without, 4, words));
	assert_false(opens(f, &object, surplus, 6, words));
}

static void a_flipped_bit_in_a_piece_is_seen(void **state)
{
	struct fixture *f = *state;
	struct shelf shelf;
	struct str words = words_of(f, 40);
	struct vault_object object = seal_in_steps(f, words, 40, &shelf);
	char *bytes = arena_alloc(f->arena, 1, shelf.pieces[0].n);
	struct str bent = { bytes, shelf.pieces[0].n };
	for (size_t bit = 0; bit < 8 * bent.n; bit++) {
		memcpy(bytes, shelf.pieces[0].p, bent.n);
		bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
		assert_false(opens(f, &object, &bent, 1, words));
		assert_int_equal(f->err.code, ERR_INPUT);
	}
	for (size_t n = 0; n < bent.n; n++) {
		struct str cut = str_sub(shelf.pieces[0], 0, n);
		assert_false(opens(f, &object, &cut, 1, words));
	}
}

static void pieces_of_another_object_do_not_open(void **state)
{
	struct fixture *f = *state;
	struct shelf one, two;
	struct str words = words_of(f, 70000);
	struct vault_object first = seal_in_steps(f, words, 5000, &one);
	struct vault_object second = seal_in_steps(f, words, 5000, &two);
	struct str mixed[] = { one.pieces[0], two.pieces[1] };
	assert_memory_not_equal(first.key, second.key, sizeof first.key);
	assert_false(opens(f, &second, one.pieces, one.count, words));
	assert_false(opens(f, &first, mixed, 2, words));
}

static void sums_and_lengths_are_those_of_the_entry(void **state)
{
	struct fixture *f = *state;
	struct shelf shelf;
	struct str words = words_of(f, 100);
	struct vault_object object = seal_in_steps(f, words, 100, &shelf), other;
	other = object;
	other.plain_sum.bytes[0] ^= 1;
	assert_false(opens(f, &other, shelf.pieces, 1, words));
	other = object;
	other.sealed_sum.bytes[31] ^= 1;
	assert_false(opens(f, &other, shelf.pieces, 1, words));
	other = object;
	other.plain_bytes++;
	assert_false(opens(f, &other, shelf.pieces, 1, words));
	other = object;
	other.pieces++;
	assert_false(opens(f, &other, shelf.pieces, 1, words));
	assert_true(opens(f, &object, shelf.pieces, 1, words));
}

static void too_large_an_attachment_is_refused_as_it_arrives(void **state)
{
	struct fixture *f = *state;
	CLEANUP(vault_sealing_cleanup) struct vault_sealing *sealing = NULL;
	struct shelf shelf = { .arena = f->arena };
	struct vault_object object;
	assert_true(vault_sealing_begin(f->vault, 100000, keep, &shelf, &sealing, &f->err));
	assert_true(vault_sealing_push(sealing, words_of(f, 100000), &f->err));
	assert_false(vault_sealing_push(sealing, STR("x"), &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_non_null(strstr(f->err.message, "100000 bytes"));
	assert_false(vault_sealing_finish(sealing, &object, &f->err));
	assert_int_equal(object.pieces, 0);
}

static void a_full_disk_stops_the_sealing(void **state)
{
	struct fixture *f = *state;
	CLEANUP(vault_sealing_cleanup) struct vault_sealing *sealing = NULL;
	struct shelf shelf = { .arena = f->arena, .refuse_at = 2 };
	struct vault_object object;
	assert_true(vault_sealing_begin(f->vault, LIMIT, keep, &shelf, &sealing, &f->err));
	assert_false(vault_sealing_push(sealing, words_of(f, 300000), &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
	assert_string_equal(f->err.message, "The disk is full");
	assert_false(vault_sealing_push(sealing, STR("x"), &f->err));
	assert_int_equal(f->err.code, ERR_FAULT);
	assert_false(vault_sealing_finish(sealing, &object, &f->err));
}

static bool drop(void *ctx, int64_t number, struct str piece, struct err *err)
{
	(void)number;
	(void)err;
	*(int64_t *)ctx += (int64_t)piece.n;
	return true;
}

static void a_large_object_takes_no_more_memory_than_a_small_one(void **state)
{
	struct fixture *f = *state;
	CLEANUP(vault_sealing_cleanup) struct vault_sealing *sealing = NULL;
	struct vault_object object;
	struct rusage before, after;
	int64_t sealed = 0;
	struct str words = words_of(f, 100000);
	assert_true(
		vault_sealing_begin(f->vault, INT64_C(1) << 40, drop, &sealed, &sealing, &f->err));
	assert_true(vault_sealing_push(sealing, words, &f->err));
	getrusage(RUSAGE_SELF, &before);
	for (int i = 0; i < 500; i++) /* 50 MB */
		assert_true(vault_sealing_push(sealing, words, &f->err));
	getrusage(RUSAGE_SELF, &after);
	assert_true(vault_sealing_finish(sealing, &object, &f->err));
	assert_int_equal(object.plain_bytes, 50100000);
	assert_int_equal(object.sealed_bytes, sealed);
	assert_true(after.ru_maxrss - before.ru_maxrss < 1024); /* KiB */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(what_was_sealed_opens_to_the_letter),
		PROVES(an_object_cut_short_does_not_open),
		PROVES(an_object_cut_short_does_not_open_whatever_is_said_of_it),
		PROVES(after_a_bad_piece_nothing_opens),
		PROVES(pieces_out_of_order_do_not_open),
		PROVES(a_flipped_bit_in_a_piece_is_seen),
		PROVES(pieces_of_another_object_do_not_open),
		PROVES(sums_and_lengths_are_those_of_the_entry),
		PROVES(too_large_an_attachment_is_refused_as_it_arrives),
		PROVES(a_full_disk_stops_the_sealing),
		PROVES(a_large_object_takes_no_more_memory_than_a_small_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
