/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Boxes open where they were made and nowhere else. */
#include "vault_fixture.h"

#include <sodium.h>

static const struct str HERE = { "2V5T0M9QZJ4K8XW1B7C3D6F0GH", 26 };
static const struct str THERE = { "2V5T0M9QZJ4K8XW1B7C3D6F0GJ", 26 };

static struct str sealed(struct fixture *f, struct str words)
{
	CLEANUP(buf_finish) struct buf box;
	buf_init(&box, 4u << 20);
	if (!vault_seal(f->vault, 5, HERE, 17, words, &box, &f->err))
		fail_msg("%s (%s)", f->err.message, f->err.context);
	return arena_copy(f->arena, buf_str(&box));
}

static bool opens(struct fixture *f, int64_t slot, struct str file, int64_t index, struct str box,
                  struct str words)
{
	CLEANUP(vault_secret_finish) struct vault_secret found = { 0 };
	f->err = (struct err){ 0 };
	if (!vault_open_box(f->vault, slot, file, index, box, &found, &f->err)) {
		assert_int_equal(found.n, 0);
		return false;
	}
	return str_eq(vault_secret_str(&found), words);
}

static void a_box_opens_where_it_was_made(void **state)
{
	struct fixture *f = *state;
	struct str words = STR("her words\0 and more");
	struct str box = sealed(f, words);
	assert_int_equal(box.n, words.n + VAULT_BOX_EXTRA);
	assert_true(opens(f, 5, HERE, 17, box, words));
	reopen(f, VAULT_READ);
	assert_true(opens(f, 5, HERE, 17, box, words));
}

static void the_longest_and_the_shortest_words_are_sealed(void **state)
{
	struct fixture *f = *state;
	char *long_words = arena_alloc(f->arena, 1, 1u << 20);
	memset(long_words, 'w', 1u << 20);
	struct str words = { long_words, 1u << 20 };
	assert_true(opens(f, 5, HERE, 17, sealed(f, words), words));
	assert_true(opens(f, 5, HERE, 17, sealed(f, STR("")), STR("")));
}

static void refuses(struct fixture *f, int64_t slot, struct str file, int64_t index, struct str box)
{
	assert_false(opens(f, slot, file, index, box, STR("words")));
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_non_null(strstr(f->err.message, "does not open"));
	assert_null(strstr(f->err.message, "words"));
}

static void a_box_moved_to_another_file_does_not_open(void **state)
{
	struct fixture *f = *state;
	refuses(f, 5, THERE, 17, sealed(f, STR("words")));
}

static void a_box_moved_to_another_entry_does_not_open(void **state)
{
	struct fixture *f = *state;
	struct str box = sealed(f, STR("words"));
	refuses(f, 5, HERE, 18, box);
	refuses(f, 5, HERE, 1, box);
	refuses(f, 5, HERE, 170, box);
}

static void a_box_does_not_open_under_another_slot(void **state)
{
	struct fixture *f = *state;
	refuses(f, 6, HERE, 17, sealed(f, STR("words")));
}

static void a_box_of_another_register_does_not_open(void **state)
{
	struct fixture *f = *state;
	struct str box = sealed(f, STR("words"));
	void *other = NULL;
	(void)set_up(&other);
	refuses(other, 5, HERE, 17, box);
	(void)tear_down(&other);
}

static void a_flipped_bit_anywhere_is_seen(void **state)
{
	struct fixture *f = *state;
	struct str box = sealed(f, STR("words"));
	char *bytes = arena_alloc(f->arena, 1, box.n);
	for (size_t bit = 0; bit < 8 * box.n; bit++) {
		memcpy(bytes, box.p, box.n);
		bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
		refuses(f, 5, HERE, 17, (struct str){ bytes, box.n });
	}
}

static void a_cut_or_lengthened_box_does_not_open(void **state)
{
	struct fixture *f = *state;
	struct str box = sealed(f, STR("words"));
	for (size_t n = 0; n < box.n; n++)
		refuses(f, 5, HERE, 17, str_sub(box, 0, n));
	struct str pieces[] = { box, STR("x") };
	refuses(f, 5, HERE, 17, arena_join(f->arena, pieces, 2));
}

static void the_same_words_never_make_the_same_box(void **state)
{
	struct fixture *f = *state;
	assert_false(str_eq(sealed(f, STR("words")), sealed(f, STR("words"))));
}

/* What another program with the file key must do to open it. */
static void a_box_is_xchacha20_poly1305_as_the_design_says(void **state)
{
	struct fixture *f = *state;
	uint8_t key[VAULT_KEY_SIZE] = { 1, 2, 3 }, plain[5];
	CLEANUP(buf_finish) struct buf box;
	buf_init(&box, 1000);
	assert_true(vault_seal_with(f->vault, key, STR("draft"), STR("C5"), STR("words"), &box,
	                            &f->err));
	const unsigned char *bytes = (const unsigned char *)box.p;
	static const char WITH[] = "candour/with/v1\ndraft\nC5\n";
	assert_int_equal(crypto_aead_xchacha20poly1305_ietf_decrypt(
				 plain, NULL, NULL, bytes + 24, box.n - 24,
				 (const unsigned char *)WITH, sizeof WITH - 1, bytes, key),
	                 0);
	assert_memory_equal(plain, "words", 5);
}

static void a_box_behind_others_in_a_buffer_leaves_them_whole(void **state)
{
	struct fixture *f = *state;
	CLEANUP(buf_finish) struct buf box;
	buf_init(&box, 4096);
	buf_add(&box, STR("before"));
	assert_true(vault_seal(f->vault, 5, HERE, 17, STR("words"), &box, &f->err));
	assert_true(str_starts(buf_str(&box), STR("before")));
	assert_true(opens(f, 5, HERE, 17, str_sub(buf_str(&box), 6, box.n), STR("words")));
	assert_false(holds(buf_str(&box), STR("words")));
}

static void a_buffer_too_small_for_a_box_gets_nothing(void **state)
{
	struct fixture *f = *state;
	for (size_t room = 0; room < 5 + VAULT_BOX_EXTRA + 3; room++) {
		struct buf box;
		buf_init(&box, room);
		buf_add(&box, STR("abc"));
		size_t before = box.n;
		assert_false(vault_seal(f->vault, 5, HERE, 17, STR("words"), &box, &f->err));
		assert_int_equal(f->err.code, ERR_UNABLE);
		assert_int_equal(box.n, before);
		buf_finish(&box);
	}
}

static void the_registers_own_seal_is_bound_to_its_purpose(void **state)
{
	struct fixture *f = *state;
	CLEANUP(buf_finish) struct buf box;
	CLEANUP(vault_secret_finish) struct vault_secret words = { 0 };
	buf_init(&box, 1000);
	assert_true(vault_seal_own(f->vault, STR("totp"), STR("A1"), STR("words"), &box, &f->err));
	assert_true(
		vault_open_own(f->vault, STR("totp"), STR("A1"), buf_str(&box), &words, &f->err));
	assert_true(str_eq(vault_secret_str(&words), STR("words")));
	vault_secret_finish(&words);
	assert_false(
		vault_open_own(f->vault, STR("draft"), STR("A1"), buf_str(&box), &words, &f->err));
	assert_int_equal(f->err.code, ERR_INPUT);
	assert_false(
		vault_open_own(f->vault, STR("totp"), STR("A2"), buf_str(&box), &words, &f->err));
	assert_false(opens(f, 0, HERE, 17, buf_str(&box), STR("words")));
}

static void a_purpose_is_a_small_word(void **state)
{
	struct fixture *f = *state;
	const struct str bad[] = { STR(""), STR("Totp"), STR("to\ntp"), STR("a b"),
		                   STR("abcdefghijklmnopqrstuvwxyzabcdefg") };
	CLEANUP(buf_finish) struct buf box;
	buf_init(&box, 1000);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		assert_false(vault_seal_own(f->vault, bad[i], STR("A1"), STR("w"), &box, &f->err));
		assert_int_equal(f->err.code, ERR_FAULT);
	}
	assert_int_equal(box.n, 0);
}

static void a_reporters_key_opens_her_draft_alone(void **state)
{
	struct fixture *f = *state;
	uint8_t key[VAULT_KEY_SIZE] = { 9 }, other[VAULT_KEY_SIZE] = { 8 };
	CLEANUP(buf_finish) struct buf box;
	CLEANUP(vault_secret_finish) struct vault_secret words = { 0 };
	buf_init(&box, 1000);
	assert_true(vault_seal_with(f->vault, key, STR("draft"), STR("7"), STR("words"), &box,
	                            &f->err));
	assert_false(
		vault_open_with(other, STR("draft"), STR("7"), buf_str(&box), &words, &f->err));
	assert_false(vault_open_with(key, STR("draft"), STR("8"), buf_str(&box), &words, &f->err));
	assert_true(vault_open_with(key, STR("draft"), STR("7"), buf_str(&box), &words, &f->err));
	assert_true(str_eq(vault_secret_str(&words), STR("words")));
}

static void a_box_needs_a_real_file(void **state)
{
	struct fixture *f = *state;
	CLEANUP(buf_finish) struct buf box;
	buf_init(&box, 1000);
	assert_false(vault_seal(f->vault, 5, STR("C-418"), 17, STR("w"), &box, &f->err));
	assert_int_equal(f->err.code, ERR_FAULT);
	assert_false(vault_seal(f->vault, 5, HERE, -1, STR("w"), &box, &f->err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_box_opens_where_it_was_made),
		PROVES(the_longest_and_the_shortest_words_are_sealed),
		PROVES(a_box_moved_to_another_file_does_not_open),
		PROVES(a_box_moved_to_another_entry_does_not_open),
		PROVES(a_box_does_not_open_under_another_slot),
		PROVES(a_box_of_another_register_does_not_open),
		PROVES(a_flipped_bit_anywhere_is_seen),
		PROVES(a_cut_or_lengthened_box_does_not_open),
		PROVES(the_same_words_never_make_the_same_box),
		PROVES(a_box_is_xchacha20_poly1305_as_the_design_says),
		PROVES(a_box_behind_others_in_a_buffer_leaves_them_whole),
		PROVES(a_buffer_too_small_for_a_box_gets_nothing),
		PROVES(the_registers_own_seal_is_bound_to_its_purpose),
		PROVES(a_purpose_is_a_small_word),
		PROVES(a_reporters_key_opens_her_draft_alone),
		PROVES(a_box_needs_a_real_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
