/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a mirror is given under an agreement, keeps, and reckons from: by the register's own rules,
 * and without its word.
 */
#include "fixture.h"

#include "log/log.h"

struct mirror {
	char dir[64];
	struct casebook_outside *kept;
	char secret[CASEBOOK_SECRET_TEXT + 1];
	int64_t agreement; /* entry */
};

static struct casebook_answer agree(struct fixture *f, const struct person *ada, struct mirror *mirror, instant until)
{
	struct json *fields = json_object(f->arena);
	struct str kept;
	MUST(f, casebook_agreement_secret(f->book, f->arena, mirror->secret, &kept, &f->err));
	json_put_text(f->arena, fields, STR("name"), STR("mirror.example.org"));
	json_put_text(f->arena, fields, STR("secret"), kept);
	json_put_text(f->arena, fields, STR("until"), instant_write(f->arena, until));
	return act(f, &ada->actor, "mirror.agreed", STR("R-1"), fields);
}

static void begin(struct fixture *f, struct mirror *mirror)
{
	struct person ada = person(f, "ada", "register-administrator");
	*mirror = (struct mirror){ .dir = "/tmp/candour-outside-XXXXXX" };
	assert_non_null(mkdtemp(mirror->dir));
	struct casebook_answer answer = agree(f, &ada, mirror, casebook_now(f->book) + 300 * INSTANT_PER_DAY);
	fixture_must_admit(&answer, "mirror.agreed");
	mirror->agreement = answer.index;
	MUST(f, casebook_outside_open(mirror->dir, &mirror->kept, &f->err));
}

static void end(struct fixture *f, struct mirror *mirror)
{
	casebook_outside_close(mirror->kept);
	fixture_remove_folder(f->arena, mirror->dir);
}

/* The leaf that the public log has, from its own bundle. */
static struct hash leaf_of(struct fixture *f, struct casebook_reader *reader, int64_t index)
{
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	struct log_path path = { .is_entries = true, .index = (uint64_t)index / 256 };
	struct hash commitment;
	struct str note, bundle;
	char text[LOG_PATH_MAX];
	int64_t size;
	MUST(f, casebook_log_checkpoint(reader, f->arena, &size, &note, &f->err));
	int64_t left = size - index / 256 * 256;
	path.width = left < 256 ? (unsigned)left : 256;
	size_t n = log_path_write(&path, text);
	MUST(f, casebook_log_tile(reader, f->arena, (struct str){ text, n }, &bundle, &f->err));
	memcpy(commitment.bytes, bundle.p + index % 256 * 34 + 2, HASH_SIZE);
	return log_leaf_hash(hasher, &commitment);
}

/* One page as it is given, and the leaves it must open. */
static size_t page(struct fixture *f, const struct mirror *mirror, const struct casebook_given **given,
                   struct hash leaves[CASEBOOK_GIVEN_MAX])
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_agreement agreement;
	size_t count;
	MUST(f, casebook_agreement_get(reader, f->arena, str_from_c(mirror->secret), &agreement, &f->err));
	if (!casebook_given(reader, &agreement, casebook_outside_size(mirror->kept), f->arena, given, &count, &f->err)) {
		assert_int_equal(f->err.code, ERR_ABSENT);
		return 0;
	}
	for (size_t i = 0; i < count; i++)
		leaves[i] = leaf_of(f, reader, (*given)[i].index);
	return count;
}

static void take_rules(struct fixture *f, struct mirror *mirror)
{
	for (int64_t n;;) {
		struct casebook_agreement agreement;
		struct str text, why;
		MUST(f, casebook_outside_wants_rules(mirror->kept, &n, &f->err));
		if (n == 0)
			return;
		CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
		MUST(f, casebook_agreement_get(reader, f->arena, str_from_c(mirror->secret), &agreement, &f->err));
		MUST(f, casebook_given_rules(reader, &agreement, n, f->arena, &text, &f->err));
		struct str other = arena_format(f->arena, "%.*s\n", STR_ARG(text));
		MUST(f, casebook_outside_add_rules(mirror->kept, n, other, f->arena, &why, &f->err));
		assert_non_null(why.p); /* it names another hash */
		MUST(f, casebook_outside_add_rules(mirror->kept, n, text, f->arena, &why, &f->err));
		assert_null(why.p);
	}
}

/* All that is published, each entry against its leaf. */
static void follow(struct fixture *f, struct mirror *mirror)
{
	struct hash *leaves = arena_alloc(f->arena, CASEBOOK_GIVEN_MAX, sizeof *leaves);
	const struct casebook_given *given;
	MUST(f, casebook_beat(f->book, &f->err));
	for (size_t count; (count = page(f, mirror, &given, leaves)) > 0;) {
		struct str why;
		MUST(f, casebook_outside_add(mirror->kept, given, leaves, count, f->arena, &why, &f->err));
		assert_null(why.p);
	}
	take_rules(f, mirror);
}

static int64_t untold(struct fixture *f, struct mirror *mirror, const struct casebook_untold **out, size_t *count)
{
	int64_t all;
	MUST(f, casebook_outside_untold(mirror->kept, INSTANT_PER_HOUR, 100, f->arena, out, count, &all, &f->err));
	return all;
}

/* L4, L5: from the entries and the rules alone. */
static void what_ought_to_have_climbed_is_told_by_a_mirror(void **state)
{
	struct fixture *f = *state;
	struct mirror mirror;
	const struct casebook_untold *found;
	size_t count, fired = 1;
	instant next;
	begin(f, &mirror);
	report(f, "He hits her.");
	follow(f, &mirror);
	assert_int_equal(untold(f, &mirror, &found, &count), 0);
	/* Days pass, something else is written, and the clock climbs nothing. */
	later(f, 6 * INSTANT_PER_DAY);
	report(f, "He hits her again.");
	follow(f, &mirror);
	int64_t all = untold(f, &mirror, &found, &count);
	assert_true(all > 0 && (int64_t)count == all);
	bool has_first = false;
	for (size_t i = 0; i < count; i++) {
		assert_true(found[i].at < casebook_now(f->book) - INSTANT_PER_HOUR);
		has_first = has_first || (str_eq(found[i].rule, STR("T01")) && str_eq(found[i].office, STR("screener")) &&
		                          str_eq(found[i].title, STR("Decide what happens next")));
	}
	assert_true(has_first);
	while (fired > 0)
		MUST(f, casebook_climb(f->book, casebook_now(f->book), 1000, &fired, &next, &f->err));
	follow(f, &mirror);
	assert_int_equal(untold(f, &mirror, &found, &count), 0);
	end(f, &mirror);
}

/* What is kept goes on where it was, and is the register's own. */
static void what_a_mirror_keeps_goes_on_where_it_was(void **state)
{
	struct fixture *f = *state;
	struct mirror mirror;
	const struct casebook_untold *found;
	size_t count;
	begin(f, &mirror);
	for (int i = 0; i < 3; i++) {
		report(f, "He hits her.");
		later(f, INSTANT_PER_MINUTE);
		follow(f, &mirror);
		casebook_outside_close(mirror.kept);
		MUST(f, casebook_outside_open(mirror.dir, &mirror.kept, &f->err));
		CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
		struct casebook_entry newest;
		struct str note;
		int64_t size;
		MUST(f, casebook_log_checkpoint(reader, f->arena, &size, &note, &f->err));
		MUST(f, casebook_entry_get(reader, f->arena, size - 1, &newest, &f->err));
		assert_int_equal(casebook_outside_size(mirror.kept), size);
		assert_int_equal(casebook_outside_newest(mirror.kept), newest.recorded);
		assert_int_equal(untold(f, &mirror, &found, &count), 0);
	}
	end(f, &mirror);
}

static struct str altered(struct fixture *f, struct str text, size_t at)
{
	char *copy = (char *)(uintptr_t)arena_copy(f->arena, text).p;
	copy[at] ^= 1;
	return (struct str){ copy, text.n };
}

static void what_does_not_open_its_leaf_is_not_kept(void **state)
{
	struct fixture *f = *state;
	struct mirror mirror;
	const struct casebook_given *given;
	struct hash *leaves = arena_alloc(f->arena, CASEBOOK_GIVEN_MAX, sizeof *leaves);
	begin(f, &mirror);
	MUST(f, casebook_beat(f->book, &f->err));
	size_t count = page(f, &mirror, &given, leaves);
	assert_true(count > 2);
	struct casebook_given *all = arena_alloc(f->arena, count, sizeof *all);
	for (int way = 0; way < 7; way++) {
		struct str why;
		memcpy(all, given, count * sizeof *all);
		struct casebook_given *one = &all[count - 1];
		if (way == 0)
			one->header = altered(f, one->header, 30);
		else if (way == 1)
			one->plain = altered(f, one->plain, one->plain.n / 2);
		else if (way == 2)
			one->opener.bytes[3] ^= 1;
		else if (way == 3)
			one->plain_salt.bytes[3] ^= 1;
		else if (way == 4)
			*one = all[count - 2]; /* another one, that is itself good */
		else if (way == 5)
			one->header = STR_NONE;
		else
			one->index++;
		MUST(f, casebook_outside_add(mirror.kept, all, leaves, count, f->arena, &why, &f->err));
		assert_non_null(why.p);
		assert_true(str_starts(why, arena_format(f->arena, "Entry %zu ", count - 1)));
		assert_int_equal(casebook_outside_size(mirror.kept), 0);
	}
	end(f, &mirror);
}

/* --- agreements ------------------------------------------------------------------------------ */

static bool opens(struct fixture *f, struct str secret)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_agreement agreement;
	if (casebook_agreement_get(reader, f->arena, secret, &agreement, &f->err))
		return true;
	assert_int_equal(f->err.code, ERR_ABSENT);
	return false;
}

static enum casebook_agreement_state state_of(struct fixture *f)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	const struct casebook_agreement *all;
	size_t count;
	MUST(f, casebook_agreements(reader, f->arena, &all, &count, &f->err));
	assert_int_equal(count, 1);
	assert_true(str_eq(all[0].name, STR("mirror.example.org")));
	return all[0].state;
}

static void an_agreement_opens_until_its_end_alone(void **state)
{
	struct fixture *f = *state;
	struct mirror mirror;
	begin(f, &mirror);
	assert_true(opens(f, str_from_c(mirror.secret)));
	assert_false(opens(f, altered(f, str_from_c(mirror.secret), 5)));
	assert_false(opens(f, STR("")));
	assert_int_equal(state_of(f), CASEBOOK_AGREEMENT_LIVE);
	later(f, 301 * INSTANT_PER_DAY);
	assert_false(opens(f, str_from_c(mirror.secret)));
	assert_int_equal(state_of(f), CASEBOOK_AGREEMENT_LAPSED);
	end(f, &mirror);
}

static void an_agreement_that_was_ended_opens_nothing(void **state)
{
	struct fixture *f = *state;
	struct mirror mirror;
	begin(f, &mirror);
	struct person bo = person(f, "bo", "register-administrator");
	struct json *fields = json_object(f->arena);
	json_put_integer(f->arena, fields, STR("of"), mirror.agreement);
	admitted(f, &bo.actor, "mirror.ended", STR("R-1"), fields);
	assert_false(opens(f, str_from_c(mirror.secret)));
	assert_int_equal(state_of(f), CASEBOOK_AGREEMENT_ENDED);
	/* Once, and nothing else is ended so. */
	assert_int_equal(act(f, &bo.actor, "mirror.ended", STR("R-1"), fields).outcome, CASEBOOK_REFUSED);
	fields = json_object(f->arena);
	json_put_integer(f->arena, fields, STR("of"), 0);
	assert_int_equal(act(f, &bo.actor, "mirror.ended", STR("R-1"), fields).outcome, CASEBOOK_REFUSED);
	end(f, &mirror);
}

static void an_administrator_agrees_and_nobody_else(void **state)
{
	struct fixture *f = *state;
	struct mirror mirror = { .agreement = 0 };
	struct person amara = person(f, "amara", "screener"), ada = person(f, "ada", "register-administrator");
	instant until = casebook_now(f->book) + INSTANT_PER_DAY;
	assert_int_equal(agree(f, &amara, &mirror, until).outcome, CASEBOOK_REFUSED);
	assert_int_equal(agree(f, &ada, &mirror, casebook_now(f->book)).outcome, CASEBOOK_REFUSED);
	assert_false(opens(f, str_from_c(mirror.secret)));
	ada.actor.is_proved = false; /* a token is no proof */
	assert_int_equal(agree(f, &ada, &mirror, until).outcome, CASEBOOK_REFUSED);
	assert_false(opens(f, str_from_c(mirror.secret)));
}

/* Whoever writes the database makes no agreement: the log does not know the entry. */
static void an_agreement_that_was_altered_by_hand_opens_nothing(void **state)
{
	struct fixture *f = *state;
	struct mirror mirror;
	struct store *store;
	begin(f, &mirror);
	later(f, 301 * INSTANT_PER_DAY);
	assert_false(opens(f, str_from_c(mirror.secret)));
	MUST(f, store_open(file_join(f->arena, f->dir, "register.db"), STORE_WRITE, &store, &f->err));
	MUST(f, store_run(store,
	                  "UPDATE entry SET plain = replace(plain, '\"until\":\"2027', '\"until\":\"2037')"
	                  " WHERE kind = 'mirror.agreed'",
	                  &f->err));
	assert_int_equal(store_changes(store), 1);
	store_close(store);
	assert_false(opens(f, str_from_c(mirror.secret)));
	end(f, &mirror);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(what_ought_to_have_climbed_is_told_by_a_mirror),
		PROVES(what_a_mirror_keeps_goes_on_where_it_was),
		PROVES(what_does_not_open_its_leaf_is_not_kept),
		PROVES(an_agreement_opens_until_its_end_alone),
		PROVES(an_agreement_that_was_ended_opens_nothing),
		PROVES(an_administrator_agrees_and_nobody_else),
		PROVES(an_agreement_that_was_altered_by_hand_opens_nothing),
	};
	return PROVE(tests);
}
