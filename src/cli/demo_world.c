/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How time passes in Northmere, and the one road by which its people act. */
#include "cli/demo_world.h"

#include "clock/clock.h"

/* --- chance --------------------------------------------------------------------------------- */

uint64_t demo_below(struct demo *demo, uint64_t n)
{
	return random_below(demo->random, n);
}

bool demo_chance(struct demo *demo, unsigned percent)
{
	return demo_below(demo, 100) < percent;
}

int64_t demo_between(struct demo *demo, int64_t least, int64_t most)
{
	return least + (int64_t)demo_below(demo, (uint64_t)(most - least + 1));
}

/* --- time ----------------------------------------------------------------------------------- */

#define OPENS_HOUR 9
#define CLOSES_HOUR 17

static instant at_local(const struct demo *demo, struct day day, int hour, int minute)
{
	return zone_instant(demo->calendar->zone,
	                    (struct local){ .day = day, .hour = hour, .minute = minute });
}

static struct day next_day(struct day day, int by)
{
	return day_from_number(day_number(day) + by);
}

/* The next moment at which an office is open, `at` itself if it is. */
static instant when_open(const struct demo *demo, instant at)
{
	struct day day = zone_day(demo->calendar->zone, at);
	if (pack_is_working_day(demo->calendar, day)) {
		instant opens = at_local(demo, day, OPENS_HOUR, 0);
		if (at < opens)
			return opens;
		if (at < at_local(demo, day, CLOSES_HOUR, 0))
			return at;
	}
	do
		day = next_day(day, 1);
	while (!pack_is_working_day(demo->calendar, day));
	return at_local(demo, day, OPENS_HOUR, 0);
}

instant demo_work(const struct demo *demo, instant from, int64_t minutes)
{
	int64_t left = minutes * INSTANT_PER_MINUTE;
	instant at = when_open(demo, from);
	for (;;) {
		instant closes = at_local(demo, zone_day(demo->calendar->zone, at), CLOSES_HOUR, 0);
		if (at + left < closes)
			return at + left;
		left -= closes - at;
		at = when_open(demo, closes);
	}
}

instant demo_days_ago(const struct demo *demo, int working_days, int hour, int minute)
{
	struct day day = zone_day(demo->calendar->zone, demo->options->now);
	while (working_days > 0) {
		day = next_day(day, -1);
		working_days -= pack_is_working_day(demo->calendar, day);
	}
	return at_local(demo, day, hour, minute);
}

/* --- the queue: a heap by time, then by the order in which steps were put ------------------- */

static bool is_before(const struct demo_due *a, const struct demo_due *b)
{
	return a->at < b->at || (a->at == b->at && a->order < b->order);
}

static void swap(struct demo_due *a, struct demo_due *b)
{
	struct demo_due kept = *a;
	*a = *b;
	*b = kept;
}

void demo_at(struct demo *demo, instant at, demo_step *step, struct demo_concern *concern, int n)
{
	size_t i = demo->queue_count;
	if (!at || at > demo->options->now || demo->queue_count == DEMO_STEPS)
		return;
	demo->queue[demo->queue_count++] = (struct demo_due){ at, demo->order++, step, concern, n };
	while (i > 0 && is_before(&demo->queue[i], &demo->queue[(i - 1) / 2])) {
		swap(&demo->queue[i], &demo->queue[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
}

static struct demo_due take(struct demo *demo)
{
	struct demo_due first = demo->queue[0];
	demo->queue[0] = demo->queue[--demo->queue_count];
	for (size_t i = 0;;) {
		size_t least = i;
		for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < demo->queue_count;
		     child++) {
			if (is_before(&demo->queue[child], &demo->queue[least]))
				least = child;
		}
		if (least == i)
			return first;
		swap(&demo->queue[i], &demo->queue[least]);
		i = least;
	}
}

/* The simulated year goes on meanwhile. */
static bool live_until(struct demo *demo, instant to, struct err *err)
{
	return to <= casebook_now(demo->book) || years_go_on(demo->years, to, err);
}

bool demo_run(struct demo *demo, struct err *err)
{
	while (demo->queue_count > 0) {
		struct demo_due due = take(demo);
		arena_reset(demo->act);
		if (!live_until(demo, due.at, err) || !due.step(demo, due.concern, due.n, err))
			return false;
	}
	return live_until(demo, demo->options->now, err);
}

/* --- acts ----------------------------------------------------------------------------------- */

static enum casebook_via way_of(const struct casebook_actor *actor)
{
	return actor->by == CASEBOOK_BY_REGISTER ? CASEBOOK_REGISTER : CASEBOOK_WEB;
}

/* Told by the public, or to the front door on a caller's behalf: whoever told gets a code. */
static bool is_for_public(const struct casebook_actor *actor)
{
	return actor->by == CASEBOOK_BY_PUBLIC || str_eq(actor->office, STR("screener")) ||
	       str_eq(actor->office, STR("edt"));
}

bool demo_submit(struct demo *demo, const struct casebook_actor *actor, const char *kind,
                 struct str file, const struct json *fields, struct casebook_answer *answer,
                 struct err *err)
{
	*answer = (struct casebook_answer){ .outcome = CASEBOOK_REFUSED, .index = -1 };
	if (!actor)
		return true; /* nobody is in that office: it is not done */
	struct casebook_act act = {
		.actor = *actor,
		.via = way_of(actor),
		.submission = arena_format(demo->act, "northmere/%" PRId64, ++demo->submissions),
		.kind = str_from_c(kind),
		.file = file,
		.fields = fields,
		.wants_code =
			str_eq(str_from_c(kind), STR("concern.received")) && is_for_public(actor),
	};
	if (!casebook_submit(demo->book, &act, demo->act, answer, err))
		return false;
	demo->made->acts++;
	if (answer->outcome != CASEBOOK_FAILED)
		return true;
	*err = answer->err;
	for (size_t i = 0; i < answer->error_count; i++)
		(void)err_context(err, "%.*s: %.*s", STR_ARG(answer->errors[i].field),
		                  STR_ARG(answer->errors[i].text));
	return err_context(err, "%s", kind);
}

bool demo_do(struct demo *demo, const struct casebook_actor *actor, const char *kind,
             struct str file, const struct json *fields, struct casebook_answer *answer,
             struct err *err)
{
	if (!demo_submit(demo, actor, kind, file, fields, answer, err))
		return false;
	demo->made->stray += actor && answer->outcome == CASEBOOK_REFUSED;
	return true;
}

bool demo_read(struct demo *demo, const struct casebook_actor *actor, int64_t entry,
               struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_viewer viewer = { .session = STR("demo") };
	const struct json *sealed;
	enum casebook_seal how;
	struct err told = { 0 };
	if (!actor)
		return true;
	viewer.actor = *actor;
	if (!casebook_reader_take(demo->book, &reader, err))
		return false;
	if (casebook_open_seal(reader, &viewer, entry, demo->act, &how, &sealed, &told) ||
	    told.code == ERR_ABSENT)
		return true; /* kept from this office: that is an answer too */
	*err = told;
	return false;
}

/* --- words ---------------------------------------------------------------------------------- */

struct slot {
	struct str name;
	struct str words;
};

static struct str capital(struct arena *arena, const char *word)
{
	struct str all = arena_copy(arena, str_from_c(word));
	char *first = (char *)(uintptr_t)all.p; /* our own copy */
	if (all.n && *first >= 'a' && *first <= 'z')
		*first = (char)(*first - 'a' + 'A');
	return all;
}

static struct str slot_words(const struct slot *slots, size_t count, struct str name)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(slots[i].name, name))
			return slots[i].words;
	}
	return name;
}

struct str demo_fill(struct demo *demo, const struct demo_concern *concern, const char *words)
{
	return demo_fill_for(demo->act, concern->home, concern->child, str_from_c(words));
}

struct str demo_fill_for(struct arena *arena, const struct demo_home *home,
                         const struct demo_child *child, struct str words)
{
	const struct slot slots[] = {
		{ STR("child"), child->first },
		{ STR("Child"), child->first },
		{ STR("he"), str_from_c(child->words->he) },
		{ STR("him"), str_from_c(child->words->him) },
		{ STR("his"), str_from_c(child->words->his) },
		{ STR("He"), capital(arena, child->words->he) },
		{ STR("His"), capital(arena, child->words->his) },
		{ STR("age"), arena_format(arena, "%d", child->age) },
		{ STR("family"), home->family },
		{ STR("parent"), home->parent },
		{ STR("address"), home->address },
		{ STR("street"), home->street },
		{ STR("school"), str_from_c(home->school) },
	};
	struct str rest = words, all;
	struct buf out;
	buf_init(&out, 8192);
	while (rest.n > 0) {
		size_t open = str_find(rest, '{');
		buf_add(&out, str_sub(rest, 0, open));
		rest = str_sub(rest, open, rest.n);
		size_t close = str_find(rest, '}');
		if (close >= rest.n)
			break;
		buf_add(&out, slot_words(slots, COUNT_OF(slots), str_sub(rest, 1, close - 1)));
		rest = str_sub(rest, close + 1, rest.n);
	}
	all = arena_copy(arena, buf_str(&out));
	buf_finish(&out);
	return all;
}
