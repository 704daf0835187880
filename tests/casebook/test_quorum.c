/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A quorum of outside witnesses that is missing for a day: told once, owed by the administrator, until it is back. */
#include "casebook/cosigned.h"
#include "casebook/owed.h"

#define DUTY "T104"
#define DAY  INSTANT_PER_DAY

struct told {
	size_t unwitnessed;
	size_t witnessed;
};

static struct told told(struct fixture *f)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_health health;
	struct told out = { 0 };
	MUST(f, casebook_health(reader, &health, &f->err));
	for (int64_t at = 0; at < health.entries; at++) {
		struct casebook_entry entry;
		MUST(f, casebook_entry_get(reader, f->arena, at, &entry, &f->err));
		out.unwitnessed += str_eq(entry.kind, STR("log.unwitnessed"));
		out.witnessed += str_eq(entry.kind, STR("log.witnessed"));
	}
	return out;
}

static void must_be_told(struct fixture *f, size_t unwitnessed, size_t witnessed)
{
	struct told so_far = told(f);
	assert_int_equal(so_far.unwitnessed, unwitnessed);
	assert_int_equal(so_far.witnessed, witnessed);
	const struct casebook_duty *owed = open_of(f, STR("R-1"), DUTY);
	assert_int_equal(owed != NULL, unwitnessed > witnessed);
	if (owed)
		assert_true(str_eq(owed->office, STR("register-administrator")));
}

static void beats(struct fixture *f, int count)
{
	for (int i = 0; i < count; i++)
		MUST(f, casebook_beat(f->book, &f->err));
}

/* A register whose witnesses signed once, just now. */
static void begin(struct fixture *f, struct witnesses *witnesses)
{
	witnesses_ask(f, witnesses);
	witnesses_publish(f, witnesses, WITNESSES);
}

static void a_day_without_a_quorum_is_owed_by_the_administrator_once(void **state)
{
	struct fixture *f = *state;
	struct witnesses witnesses;
	begin(f, &witnesses);
	later(f, DAY - INSTANT_PER_MINUTE);
	beats(f, 3);
	must_be_told(f, 0, 0);
	later(f, INSTANT_PER_MINUTE);
	beats(f, 1); /* and the witnesses are asked once more */
	must_be_told(f, 0, 0);
	beats(f, 1);
	must_be_told(f, 1, 0);
	later(f, 3 * DAY);
	beats(f, 3);
	must_be_told(f, 1, 0);
	witnesses_go(&witnesses);
}

static void it_is_settled_when_the_quorum_is_back_and_not_by_less(void **state)
{
	struct fixture *f = *state;
	struct witnesses witnesses;
	begin(f, &witnesses);
	later(f, DAY);
	beats(f, 2);
	must_be_told(f, 1, 0);
	witnesses_publish(f, &witnesses, 1);
	beats(f, 1);
	must_be_told(f, 1, 0);
	witnesses_publish(f, &witnesses, WITNESSES);
	beats(f, 2);
	must_be_told(f, 1, 1);
	later(f, DAY); /* the next outage is another */
	beats(f, 2);
	must_be_told(f, 2, 1);
	witnesses_go(&witnesses);
}

static void a_restart_neither_forgets_an_outage_nor_tells_it_again(void **state)
{
	struct fixture *f = *state;
	struct witnesses witnesses;
	begin(f, &witnesses);
	later(f, DAY / 2);
	beats(f, 1);
	fixture_reopen(f);
	later(f, DAY / 2);
	beats(f, 2);
	must_be_told(f, 1, 0);
	fixture_reopen(f);
	beats(f, 3);
	must_be_told(f, 1, 0);
	witnesses_publish(f, &witnesses, WITNESSES);
	fixture_reopen(f);
	beats(f, 1);
	must_be_told(f, 1, 1);
	fixture_reopen(f);
	beats(f, 3);
	must_be_told(f, 1, 1);
	witnesses_go(&witnesses);
}

/* Off for three days, and the witnesses sign what the first beat sends them. */
static void a_register_that_was_off_tells_of_no_outage(void **state)
{
	struct fixture *f = *state;
	struct witnesses witnesses;
	begin(f, &witnesses);
	later(f, 3 * DAY);
	fixture_reopen(f);
	witnesses_publish(f, &witnesses, WITNESSES);
	beats(f, 3);
	must_be_told(f, 0, 0);
	witnesses_go(&witnesses);
}

static void witnesses_that_are_asked_from_now_on_have_a_day(void **state)
{
	struct fixture *f = *state;
	struct witnesses witnesses;
	later(f, 5 * DAY);
	beats(f, 3); /* nobody is asked: nothing is missing */
	witnesses_ask(f, &witnesses);
	beats(f, 1);
	later(f, DAY - INSTANT_PER_MINUTE);
	beats(f, 3);
	must_be_told(f, 0, 0);
	later(f, INSTANT_PER_MINUTE);
	beats(f, 2);
	must_be_told(f, 1, 0);
	witnesses_go(&witnesses);
}

/* Or a register would be rid of the duty by asking nobody. */
static void asking_nobody_any_more_settles_nothing(void **state)
{
	struct fixture *f = *state;
	struct witnesses witnesses;
	const char *policy = file_join(f->arena, f->dir, "policy");
	begin(f, &witnesses);
	later(f, DAY);
	beats(f, 2);
	assert_int_equal(unlink(policy), 0);
	beats(f, 2);
	must_be_told(f, 1, 0);
	witnesses_go(&witnesses);
	begin(f, &witnesses);
	beats(f, 1);
	must_be_told(f, 1, 1);
	witnesses_go(&witnesses);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_day_without_a_quorum_is_owed_by_the_administrator_once),
		PROVES(it_is_settled_when_the_quorum_is_back_and_not_by_less),
		PROVES(a_restart_neither_forgets_an_outage_nor_tells_it_again),
		PROVES(a_register_that_was_off_tells_of_no_outage),
		PROVES(witnesses_that_are_asked_from_now_on_have_a_day),
		PROVES(asking_nobody_any_more_settles_nothing),
	};
	return PROVE(tests);
}
