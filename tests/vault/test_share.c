/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Officers' shares: read aloud, typed, read back, joined. */
#include "vault_fixture.h"

#include "store/store.h"
#include "vault/share_text.h"

#define NOON (INSTANT_PER_DAY * 20000 + 12 * INSTANT_PER_HOUR)

static struct str text_of(const struct vault_share *share)
{
	return str_from_c(share->text);
}

static void split(struct fixture *f, int needed, int count, struct vault_share *shares)
{
	if (!vault_split(f->vault, needed, count, NOON, shares, &f->err))
		fail_msg("%s (%s)", f->err.message, f->err.context);
}

static bool joins(struct fixture *f, const struct str *texts, size_t count)
{
	f->err = (struct err){ 0 };
	return vault_join(f->dir, texts, count, VAULT_JOIN_PROVE, &f->err);
}

static bool says(struct fixture *f, const char *words)
{
	if (f->err.code == ERR_INPUT && strstr(f->err.message, words))
		return true;
	print_error("%d %s\n", (int)f->err.code, f->err.message);
	return false;
}

static void any_three_of_five_rebuild_the_key(void **state)
{
	struct fixture *f = *state;
	struct vault_share shares[5];
	split(f, 3, 5, shares);
	for (unsigned some = 0; some < 32; some++) {
		struct str texts[5];
		size_t count = 0;
		for (unsigned i = 0; i < 5; i++)
			if (some >> i & 1)
				texts[count++] = text_of(&shares[i]);
		if (count >= 3)
			assert_true(joins(f, texts, count));
		else
			assert_false(joins(f, texts, count));
	}
}

static void a_lost_master_key_is_written_again(void **state)
{
	struct fixture *f = *state;
	struct vault_share shares[5];
	struct str before = bytes_of(f, "master.key");
	split(f, 2, 5, shares);
	struct str texts[] = { text_of(&shares[4]), text_of(&shares[1]) };
	vault_close(f->vault);
	f->vault = NULL;
	/* One that is there is left alone. */
	assert_false(vault_join(f->dir, texts, 2, VAULT_JOIN_WRITE, &f->err));
	assert_true(says(f, "there already"));
	assert_int_equal(unlink(path_of(f, "master.key")), 0);
	assert_true(vault_join(f->dir, texts, 2, VAULT_JOIN_WRITE, &f->err));
	assert_true(str_eq(before, bytes_of(f, "master.key")));
	reopen(f, VAULT_WRITE);
}

static void proving_writes_nothing(void **state)
{
	struct fixture *f = *state;
	struct vault_share shares[2];
	split(f, 2, 2, shares);
	struct str texts[] = { text_of(&shares[0]), text_of(&shares[1]) };
	assert_int_equal(unlink(path_of(f, "master.key")), 0);
	assert_true(joins(f, texts, 2));
	assert_false(file_exists(path_of(f, "master.key")));
}

static void one_share_too_few_is_told_and_rebuilds_nothing(void **state)
{
	struct fixture *f = *state;
	struct vault_share shares[5];
	split(f, 3, 5, shares);
	struct str texts[] = { text_of(&shares[0]), text_of(&shares[1]) };
	assert_false(joins(f, texts, 2));
	assert_true(says(f, "3 shares are needed; 2 were given"));
}

/* Two of three, printed as if two were enough: the checks hold, the key does not come out. */
static void too_few_shares_with_a_forged_head_do_not_rebuild(void **state)
{
	struct fixture *f = *state;
	struct vault_share shares[5], forged[2];
	split(f, 3, 5, shares);
	for (size_t i = 0; i < 2; i++) {
		struct share share;
		assert_true(share_text_read(text_of(&shares[i]), "It", &share, &f->err));
		share.needed = 2;
		share.set[0] = share.set[0] == 'A' ? 'B' : 'A';
		share_text_write(&share, forged[i].text);
	}
	struct str texts[] = { text_of(&forged[0]), text_of(&forged[1]) };
	assert_false(joins(f, texts, 2));
	assert_true(says(f, "do not make the master key"));
}

static void a_damaged_share_is_named(void **state)
{
	struct fixture *f = *state;
	struct vault_share shares[5], bad;
	struct share share;
	split(f, 3, 5, shares);
	assert_true(share_text_read(text_of(&shares[3]), "It", &share, &f->err));
	share.bytes[17] ^= 4; /* and printed anew, so that its own checks hold */
	share_text_write(&share, bad.text);
	struct str texts[] = { text_of(&shares[0]), text_of(&bad), text_of(&shares[4]) };
	assert_false(joins(f, texts, 3));
	assert_true(says(f, "Share 4 is damaged"));
	struct str good[] = { text_of(&shares[0]), text_of(&shares[3]), text_of(&shares[4]) };
	assert_true(joins(f, good, 3));
}

static void shares_of_another_register_are_refused(void **state)
{
	struct fixture *f = *state;
	struct vault_share shares[2];
	void *other = NULL;
	(void)set_up(&other);
	split(other, 2, 2, shares);
	struct str texts[] = { text_of(&shares[0]), text_of(&shares[1]) };
	assert_false(joins(f, texts, 2));
	assert_true(says(f, "do not make the master key"));
	(void)tear_down(&other);
}

static void shares_of_two_sets_are_not_mixed(void **state)
{
	struct fixture *f = *state;
	struct vault_share first[2], second[2];
	split(f, 2, 2, first);
	split(f, 2, 2, second);
	struct str mixed[] = { text_of(&first[0]), text_of(&second[1]) };
	assert_false(joins(f, mixed, 2));
	assert_true(says(f, "bring shares of one set"));
	struct str twice[] = { text_of(&second[0]), text_of(&second[0]) };
	assert_false(joins(f, twice, 2));
	assert_true(says(f, "given twice"));
	/* An older set still rebuilds: nobody is locked out by splitting anew. */
	struct str older[] = { text_of(&first[0]), text_of(&first[1]) };
	assert_true(joins(f, older, 2));
}

static void every_misread_symbol_shows_in_its_group(void **state)
{
	static const char SYMBOLS[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	struct fixture *f = *state;
	struct vault_share shares[2], bad;
	struct share share;
	split(f, 2, 2, shares);
	size_t start = 0;
	for (int blanks = 0; blanks < 5; start++)
		blanks += shares[0].text[start] == ' ';
	for (size_t at = start; shares[0].text[at]; at++) {
		if (shares[0].text[at] == '-' || shares[0].text[at] == ' ')
			continue;
		size_t group = (at - start) / 6 + 1;
		for (size_t i = 0; i < 32; i++) {
			bad = shares[0];
			if (bad.text[at] == SYMBOLS[i])
				continue;
			bad.text[at] = SYMBOLS[i];
			assert_false(share_text_read(text_of(&bad), "It", &share, &f->err));
			const char *advice =
				group == 14
					? "its last group again"
					: arena_format(f->arena, "its group %zu again", group).p;
			assert_true(says(f, advice));
		}
	}
}

static void swapped_symbols_and_groups_show(void **state)
{
	struct fixture *f = *state;
	struct vault_share shares[2], bad;
	struct share share;
	split(f, 2, 2, shares);
	size_t start = 0;
	for (int blanks = 0; blanks < 5; start++)
		blanks += shares[0].text[start] == ' ';
	for (size_t at = start; at + 1 < start + 13 * 6; at++) {
		bad = shares[0];
		if (bad.text[at] == '-' || bad.text[at + 1] == '-' || bad.text[at + 1] == ' ' ||
		    bad.text[at] == ' ' || bad.text[at] == bad.text[at + 1])
			continue;
		bad.text[at] = shares[0].text[at + 1];
		bad.text[at + 1] = shares[0].text[at];
		assert_false(share_text_read(text_of(&bad), "It", &share, &f->err));
		const char *advice =
			arena_format(f->arena, "its group %zu again", (at - start) / 6 + 1).p;
		assert_true(says(f, advice));
	}
	for (size_t group = 0; group + 1 < 13; group++) {
		bad = shares[0];
		memcpy(bad.text + start + 6 * group, shares[0].text + start + 6 * group + 6, 5);
		memcpy(bad.text + start + 6 * group + 6, shares[0].text + start + 6 * group, 5);
		assert_false(share_text_read(text_of(&bad), "It", &share, &f->err));
		assert_true(says(f, arena_format(f->arena, "its group %zu again", group + 1).p));
	}
}

static void wrong_numbers_and_set_show(void **state)
{
	struct fixture *f = *state;
	struct vault_share shares[5], bad;
	struct share share;
	split(f, 3, 5, shares);
	/* "candour-share/v1 3 5 1 SET": needed, count, number, the set */
	const size_t places[] = { 17, 19, 21, 23, 24, 25, 26 };
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		bad = shares[0];
		bad.text[places[i]] = bad.text[places[i]] == '4' ? '2' : '4';
		assert_false(share_text_read(text_of(&bad), "It", &share, &f->err));
		assert_true(says(f, "read its three numbers"));
	}
}

static void what_is_no_share_is_refused(void **state)
{
	struct fixture *f = *state;
	struct vault_share shares[2];
	struct share share;
	split(f, 2, 2, shares);
	struct str good = text_of(&shares[0]);
	for (size_t n = 0; n < good.n; n++) {
		assert_false(share_text_read(str_sub(good, 0, n), "It", &share, &f->err));
		assert_int_equal(f->err.code, ERR_INPUT);
	}
	const struct str bad[] = {
		arena_format(f->arena, "%.*s0", STR_ARG(good)),
		arena_format(f->arena, "%.*sU", STR_ARG(good)),
		arena_format(f->arena, "candour-share/v2%.*s", STR_ARG(str_sub(good, 16, 999))),
		arena_format(f->arena, "candour-share/v1 2 99 1%.*s",
		             STR_ARG(str_sub(good, 22, 999))),
		arena_format(f->arena, "candour-share/v1 1 2 1%.*s",
		             STR_ARG(str_sub(good, 22, 999))),
		arena_format(f->arena, "candour-share/v1 2 2 0%.*s",
		             STR_ARG(str_sub(good, 22, 999))),
		{ "candour-share/v1 2 2 1 \0", 24 },
	};
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		assert_false(share_text_read(bad[i], "It", &share, &f->err));
		assert_int_equal(f->err.code, ERR_INPUT);
	}
}

static void a_share_is_read_as_people_type(void **state)
{
	struct fixture *f = *state;
	struct vault_share shares[2];
	struct share share, right;
	char typed[400];
	size_t n = 0;
	split(f, 2, 2, shares);
	assert_true(share_text_read(text_of(&shares[0]), "It", &right, &f->err));
	for (const char *c = shares[0].text; *c; c++) {
		size_t at = (size_t)(c - shares[0].text);
		char small = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
		if (at > 22 && small == '1')
			small = at % 2 ? 'l' : 'i';
		if (at > 22 && small == '0')
			small = 'o';
		typed[n++] = at > 22 && small == '-' ? ' ' : small;
		if (small == ' ')
			typed[n++] = '\n';
	}
	assert_true(share_text_read((struct str){ typed, n }, "It", &share, &f->err));
	assert_memory_equal(&share, &right, sizeof share);
}

static void a_printed_share_keeps_its_form(void **state)
{
	struct share share = {
		.needed = 3, .count = 5, .number = 2, .set = { 'K', '7', 'Q', 'X' }
	};
	struct vault_share printed;
	(void)state;
	for (int i = 0; i < SHARE_SIZE; i++)
		share.bytes[i] = (uint8_t)(i * 37 + 1);
	share_text_write(&share, printed.text);
	assert_true(str_starts(text_of(&printed), STR("candour-share/v1 3 5 2 K7QX 04K4")));
	assert_int_equal(strlen(printed.text), 28 + 13 * 6 + 5);
}

static void a_share_read_back_is_remembered(void **state)
{
	struct fixture *f = *state;
	struct vault_share shares[5];
	struct vault_shares known;
	int number = 0;
	assert_true(vault_shares(f->vault, &known, &f->err));
	assert_int_equal(known.count, 0);
	split(f, 3, 5, shares);
	assert_true(vault_shares(f->vault, &known, &f->err));
	assert_int_equal(known.needed, 3);
	assert_int_equal(known.count, 5);
	assert_int_equal(known.confirmed, 0);
	assert_int_equal(known.made, NOON);
	assert_true(vault_share_confirm(f->vault, text_of(&shares[3]), NOON + 5, &number, &f->err));
	assert_int_equal(number, 4);
	assert_true(vault_share_confirm(f->vault, text_of(&shares[0]), NOON + 6, &number, &f->err));
	assert_true(vault_share_confirm(f->vault, text_of(&shares[0]), NOON + 7, &number, &f->err));
	reopen(f, VAULT_READ);
	assert_true(vault_shares(f->vault, &known, &f->err));
	assert_int_equal(known.confirmed, 2);
	assert_int_equal(known.confirmed_at[3], NOON + 5);
	assert_int_equal(known.confirmed_at[0], NOON + 7);
	assert_int_equal(known.confirmed_at[1], 0);
}

/* The text of a group of a printed share. */
static struct str group_of(const struct vault_share *share, int group)
{
	/* "candour-share/v1 2 3 1 K7QX " comes before the groups of five and a hyphen. */
	return str_sub(text_of(share), 28 + 6 * (size_t)(group - 1), 5);
}

static void two_groups_typed_are_remembered(void **state)
{
	struct fixture *f = *state;
	struct vault_share shares[3];
	struct vault_shares known;
	char small[5];
	split(f, 2, 3, shares);
	for (int group = 1; group <= VAULT_SHARE_GROUPS; group++) {
		const int groups[2] = { group, group % VAULT_SHARE_GROUPS + 1 };
		struct str texts[2] = { group_of(&shares[1], groups[0]), group_of(&shares[1], groups[1]) };
		/* In small letters too, as people type. */
		for (size_t i = 0; i < 5; i++)
			small[i] = (char)(texts[0].p[i] >= 'A' ? texts[0].p[i] - 'A' + 'a' : texts[0].p[i]);
		texts[0] = (struct str){ small, 5 };
		if (!vault_share_confirm_groups(f->vault, 2, groups, texts, NOON + 5, &f->err))
			fail_msg("%s", f->err.message);
	}
	reopen(f, VAULT_READ);
	assert_true(vault_shares(f->vault, &known, &f->err));
	assert_int_equal(known.confirmed, 1);
	assert_int_equal(known.confirmed_at[1], NOON + 5);
}

static void a_group_of_another_share_or_place_confirms_nothing(void **state)
{
	struct fixture *f = *state;
	struct vault_share shares[3];
	struct vault_shares known;
	const int groups[2] = { 4, 9 };
	split(f, 2, 3, shares);
	struct str right[2] = { group_of(&shares[0], 4), group_of(&shares[0], 9) };
	const struct {
		int number;
		struct str first, second;
		const char *says;
	} ROWS[] = {
		{ 2, right[0], right[1], "Group 4 of share 2 is not as it was printed" },
		{ 1, group_of(&shares[0], 5), right[1], "Group 4 of share 1" },
		{ 1, right[0], group_of(&shares[0], 8), "Group 9 of share 1" },
		{ 1, right[0], STR(""), "Group 9 of share 1" },
		{ 1, STR("a group that is too long"), right[1], "Group 4 of share 1" },
		{ 4, right[0], right[1], "There is no share 4" },
		{ 0, right[0], right[1], "There is no share 0" },
	};
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		struct str texts[2] = { ROWS[i].first, ROWS[i].second };
		assert_false(vault_share_confirm_groups(f->vault, ROWS[i].number, groups, texts, NOON, &f->err));
		assert_true(says(f, ROWS[i].says));
	}
	assert_true(vault_shares(f->vault, &known, &f->err));
	assert_int_equal(known.confirmed, 0);
}

static void splitting_anew_forgets_who_read_back(void **state)
{
	struct fixture *f = *state;
	struct vault_share old[3], new[3];
	struct vault_shares known;
	int number = 0;
	split(f, 2, 3, old);
	assert_true(vault_share_confirm(f->vault, text_of(&old[0]), NOON, &number, &f->err));
	split(f, 2, 3, new);
	assert_true(vault_shares(f->vault, &known, &f->err));
	assert_int_equal(known.confirmed, 0);
	assert_false(vault_share_confirm(f->vault, text_of(&old[1]), NOON, &number, &f->err));
	assert_true(says(f, "not one of those made last"));
	assert_true(vault_share_confirm(f->vault, text_of(&new[1]), NOON, &number, &f->err));
}

static void a_share_misread_is_not_remembered(void **state)
{
	struct fixture *f = *state;
	struct vault_share shares[3];
	struct vault_shares known;
	int number = 0;
	split(f, 2, 3, shares);
	shares[0].text[40] = shares[0].text[40] == 'A' ? 'B' : 'A';
	assert_false(vault_share_confirm(f->vault, text_of(&shares[0]), NOON, &number, &f->err));
	assert_true(vault_shares(f->vault, &known, &f->err));
	assert_int_equal(known.confirmed, 0);
}

static void the_most_officers_fit(void **state)
{
	struct fixture *f = *state;
	struct vault_share shares[VAULT_SHARES_MAX];
	struct str texts[VAULT_SHARES_MAX];
	struct vault_shares known;
	int number = 0;
	split(f, VAULT_SHARES_MAX, VAULT_SHARES_MAX, shares);
	for (size_t i = 0; i < VAULT_SHARES_MAX; i++) {
		texts[i] = text_of(&shares[i]);
		assert_true(vault_share_confirm(f->vault, texts[i], NOON, &number, &f->err));
	}
	assert_true(vault_shares(f->vault, &known, &f->err));
	assert_int_equal(known.confirmed, VAULT_SHARES_MAX);
	assert_true(joins(f, texts, VAULT_SHARES_MAX));
	assert_false(joins(f, texts, VAULT_SHARES_MAX - 1));
}

static void numbers_that_make_no_sense_are_refused(void **state)
{
	struct fixture *f = *state;
	const int pairs[][2] = { { 1, 5 }, { 0, 0 }, { 3, 2 }, { 2, 33 }, { -1, 5 } };
	struct vault_share shares[5];
	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		assert_false(
			vault_split(f->vault, pairs[i][0], pairs[i][1], NOON, shares, &f->err));
		assert_int_equal(f->err.code, ERR_USAGE);
	}
}

static void no_share_lies_in_keys_db(void **state)
{
	struct fixture *f = *state;
	struct vault_share shares[3];
	struct share share;
	split(f, 2, 3, shares);
	struct str db = bytes_of(f, "keys.db"), wal = bytes_of(f, "keys.db-wal");
	for (size_t i = 0; i < 3; i++) {
		assert_true(share_text_read(text_of(&shares[i]), "It", &share, &f->err));
		struct str bytes = str_from_bytes(share.bytes, 16);
		assert_false(holds(db, bytes) || holds(wal, bytes));
		bytes = str_sub(text_of(&shares[i]), 28, 11);
		assert_false(holds(db, bytes) || holds(wal, bytes));
	}
}

/* Somebody with the files but not the keys marks a share as read back. */
static void a_confirmation_forged_in_the_file_is_named(void **state)
{
	struct fixture *f = *state;
	struct vault_share shares[2];
	struct vault_shares known;
	struct store *store = NULL;
	split(f, 2, 2, shares);
	assert_true(store_open(path_of(f, "keys.db"), STORE_WRITE, &store, &f->err));
	assert_true(store_run(store,
	                      "UPDATE kept SET value = CAST(REPLACE(CAST(value AS TEXT),"
	                      " ' 0' || CHAR(10), ' 5' || CHAR(10)) AS BLOB)"
	                      " WHERE name = 'shares'",
	                      &f->err));
	store_close(store);
	assert_false(vault_shares(f->vault, &known, &f->err));
	assert_true(says(f, "was altered"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(any_three_of_five_rebuild_the_key),
		PROVES(a_lost_master_key_is_written_again),
		PROVES(proving_writes_nothing),
		PROVES(one_share_too_few_is_told_and_rebuilds_nothing),
		PROVES(too_few_shares_with_a_forged_head_do_not_rebuild),
		PROVES(a_damaged_share_is_named),
		PROVES(shares_of_another_register_are_refused),
		PROVES(shares_of_two_sets_are_not_mixed),
		PROVES(every_misread_symbol_shows_in_its_group),
		PROVES(swapped_symbols_and_groups_show),
		PROVES(wrong_numbers_and_set_show),
		PROVES(what_is_no_share_is_refused),
		PROVES(a_share_is_read_as_people_type),
		PROVES(a_printed_share_keeps_its_form),
		PROVES(a_share_read_back_is_remembered),
		PROVES(two_groups_typed_are_remembered),
		PROVES(a_group_of_another_share_or_place_confirms_nothing),
		PROVES(splitting_anew_forgets_who_read_back),
		PROVES(a_share_misread_is_not_remembered),
		PROVES(the_most_officers_fit),
		PROVES(numbers_that_make_no_sense_are_refused),
		PROVES(no_share_lies_in_keys_db),
		PROVES(a_confirmation_forged_in_the_file_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
