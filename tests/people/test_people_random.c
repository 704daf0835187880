/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Random histories of a town: what is found and proposed does not hang on when
 * the index was made, and files that were joined and parted are as before.
 */
#include "people/town.h"

#include "casebook/joiners.h"

#define ACTS 200
#define SEARCHES 250
#define FILES_MAX 300
#define PAIRS 12 /* that are joined and parted */

static const char *const FIRST[] = { "Aisha", "Ayesha", "Leo", "Leon", "Tarik", "Tariq", "Amira", "Samira", "Tom", "Thomas", "Mohammed", "Kasia" };
static const char *const LAST[] = { "Begum", "Khan", "Marsh", "Veitch", "Weitch", "Kowalski", "Reed", "Smith-Walker" };
static const char *const BORN[] = { "12/03/2011", "3/12/2011", "5 May 2010", "2012-02-01", "1.2.2012", "2015", "3 April 2015" };
static const char *const HOMES[] = { "14 Hill Road, Northmere NM4 2AB", "14 Hill Rd, NM4 2AB", "9 Mill Lane, Northmere NM2 3CD",
	                             "Flat 2, 9 Mill Lane, Northmere NM2 3CD", "77 Station Way, Northmere NM9 8ZZ", "Mill Lane" };
static const char *const NUMBERS[] = { "07700 900123", "+44 7700 900123", "9990004102", "9990000166", "Q990113419001", "leo@example.org" };
static const char *const MARKS[] = { "AB12 CDE", "ab12cde", "XY99 ZZZ", "AB12" };

struct life {
	struct town *t;
	struct random_source *random;
	struct str files[FILES_MAX]; /* numbers; children first or not */
	bool is_child[FILES_MAX];
	int64_t entries[FILES_MAX]; /* that began them */
	size_t count;
};

#define ONE_OF(life, list) ((list)[random_below((life)->random, COUNT_OF(list))])

static void keep(struct life *life, const struct casebook_answer *answer, bool is_child)
{
	assert_true(life->count < FILES_MAX);
	life->is_child[life->count] = is_child;
	life->entries[life->count] = answer->index;
	life->files[life->count++] = answer->number;
}

static const char *name_drawn(struct life *life)
{
	const char *first = ONE_OF(life, FIRST), *last = ONE_OF(life, LAST);
	bool is_turned = random_below(life->random, 8) == 0;
	return arena_format(life->t->e->f.arena, "%s %s", is_turned ? last : first, is_turned ? first : last).p;
}

/* A number that was given before; false: there is none. */
static bool child_drawn(struct life *life, struct str *out)
{
	for (int tries = 0; life->count && tries < 20; tries++) {
		size_t i = random_below(life->random, life->count);
		*out = life->files[i];
		if (life->is_child[i])
			return true;
	}
	return false;
}

static void more_is_known(struct life *life)
{
	struct fixture *f = &life->t->e->f;
	struct str child;
	if (!child_drawn(life, &child))
		return;
	struct str fields = arena_format(f->arena, "{'what':['name','home','number'],'names':['%s'],'home':['%s'],'identifiers':['%s']}",
	                                 name_drawn(life), ONE_OF(life, HOMES), ONE_OF(life, NUMBERS));
	(void)admitted(f, &life->t->worker->actor, "person.known", child, fields_of(f, fields.p));
}

static void act_once(struct life *life)
{
	struct town *t = life->t;
	struct fixture *f = &t->e->f;
	struct casebook_answer answer;
	switch (random_below(life->random, 6)) {
	case 0:
	case 1:
		answer = open_child(t, name_drawn(life), ONE_OF(life, BORN), ONE_OF(life, HOMES));
		keep(life, &answer, true);
		break;
	case 2:
		more_is_known(life);
		break;
	case 3:
		answer = tell(t, arena_format(f->arena, ",'child':'%s','born':'%s'", name_drawn(life), ONE_OF(life, BORN)).p);
		keep(life, &answer, false);
		break;
	case 4:
		answer = tell(t, arena_format(f->arena, ",'child':'%s','home':'%s','where':'%s'", ONE_OF(life, FIRST),
		                              ONE_OF(life, HOMES), ONE_OF(life, HOMES))
		                         .p);
		keep(life, &answer, false);
		break;
	default:
		answer = admitted(f, &t->worker->actor, "thing.opened", STR_NONE,
		                  fields_of(f, arena_format(f->arena, "{'sort':'vehicle','mark':['%s']}", ONE_OF(life, MARKS)).p));
		keep(life, &answer, false);
	}
}

/* --- what is found ---------------------------------------------------------------------------- */

static const char *words_drawn(struct life *life)
{
	struct arena *arena = life->t->e->f.arena;
	switch (random_below(life->random, 6)) {
	case 0:
		return name_drawn(life);
	case 1:
		return arena_format(arena, "%s, %s", name_drawn(life), ONE_OF(life, BORN)).p;
	case 2:
		return arena_format(arena, "%s, %s, %s", ONE_OF(life, FIRST), ONE_OF(life, HOMES), ONE_OF(life, NUMBERS)).p;
	case 3:
		return ONE_OF(life, HOMES);
	case 4:
		return ONE_OF(life, NUMBERS);
	default:
		return ONE_OF(life, MARKS);
	}
}

static void write_found(struct buf *out, const struct people_found *found, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct people_found *one = &found[i];
		bool is_person = one->how == PEOPLE_PERSON;
		buf_format(out, " %" PRId64 "/%" PRId64 " %d %d %d", one->file, one->entry, (int)one->how, (int)one->as, one->is_common);
		if (is_person)
			buf_format(out, " %d %.17g:", (int)one->kind, one->weight);
		for (size_t l = 0; is_person && l < one->reasons.count; l++) {
			const struct match_line *line = &one->reasons.lines[l];
			buf_format(out, " %.*s(%.*s|%.*s %.*s)%.17g", STR_ARG(line->what), STR_ARG(line->left), STR_ARG(line->right),
			           STR_ARG(line->level), line->bits);
		}
	}
	buf_add(out, STR("\n"));
}

/* What words find, and what each file is alike to. */
static struct str all_found(struct life *life, struct people *people, const char *const *words)
{
	struct town *t = life->t;
	struct fixture *f = &t->e->f;
	struct people_found *found = arena_alloc(f->arena, PEOPLE_FOUND_MAX, sizeof *found);
	struct buf out;
	size_t count;
	buf_init(&out, (size_t)32 << 20);
	for (size_t i = 0; i < SEARCHES; i++) {
		count = find_in(t, people, words[i], found);
		buf_format(&out, "%s:", words[i]);
		write_found(&out, found, count);
	}
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	for (size_t i = 0; i < life->count; i++) {
		MUST(f, people_alike(people, reader, life->entries[i], f->arena, found, &count, &f->err));
		buf_format(&out, "%.*s:", STR_ARG(life->files[i]));
		write_found(&out, found, count);
	}
	assert_false(out.full);
	struct str copy = arena_copy(f->arena, buf_str(&out));
	assert_non_null(copy.p);
	buf_finish(&out);
	return copy;
}

static void must_be_equal(const char *what, struct str one, struct str other)
{
	size_t at = 0;
	while (at < one.n && at < other.n && one.p[at] == other.p[at])
		at++;
	size_t from = at < 300 ? 0 : at - 300;
	if (!str_eq(one, other))
		fail_msg("%s:\n%.*s\n--- and\n%.*s", what, STR_ARG(str_sub(one, from, 500)), STR_ARG(str_sub(other, from, 500)));
}

static struct life live(struct town *t, uint64_t seed)
{
	struct life life = { .t = t, .random = random_seeded_create(seed) };
	for (size_t i = 0; i < ACTS; i++) {
		act_once(&life);
		/* Mostly as turns come, and now and then several at once. */
		if (random_below(life.random, 3) > 0)
			MUST(&t->e->f, people_wait(t->people, &t->e->f.err));
	}
	MUST(&t->e->f, people_wait(t->people, &t->e->f.err));
	return life;
}

static void draw_words(struct life *life, const char **words)
{
	for (size_t i = 0; i < SEARCHES; i++)
		words[i] = words_drawn(life);
}

static void what_was_put_as_turns_came_is_what_is_filled_anew(void **state)
{
	const struct people_options silent = { .proposes = false };
	struct town *t = *state;
	const char *words[SEARCHES];
	struct people *again;
	struct life life = live(t, 20261127);
	draw_words(&life, words);
	MUST(&t->e->f, people_start(t->e->f.book, &silent, &again, &t->e->f.err));
	struct str one = all_found(&life, t->people, words), other = all_found(&life, again, words);
	assert_true(one.n > 10000);
	must_be_equal("put as turns came, and filled anew", one, other);
	people_stop(again);
	random_destroy(life.random);
}

/* --- joined and parted ------------------------------------------------------------------------ */

static int by_text(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* "C-3 P-1 person" of each proposal, in the order of the texts. */
static struct str all_proposed(struct life *life)
{
	struct fixture *f = &life->t->e->f;
	struct str *lines = arena_alloc(f->arena, life->count * 8, sizeof *lines);
	size_t count = 0, entry_count;
	struct buf out;
	for (size_t i = 0; i < life->count; i++) {
		const struct casebook_entry *entries;
		struct casebook_file file = file_named(f, life->files[i]);
		{
			CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
			MUST(f, casebook_entries(reader, f->arena, file.n, -1, 1000, &entries, &entry_count, &f->err));
		}
		for (size_t e = 0; e < entry_count; e++) {
			if (!str_eq(entries[e].kind, STR("link.proposed")))
				continue;
			struct str other = file_named(f, json_text(entries[e].plain, STR("other"))).number;
			assert_true(count < life->count * 8);
			lines[count++] = arena_format(f->arena, "%.*s %.*s %.*s\n", STR_ARG(file.number), STR_ARG(other),
			                              STR_ARG(json_text(entries[e].plain, STR("what"))));
		}
	}
	qsort(lines, count, sizeof *lines, by_text);
	buf_init(&out, (size_t)1 << 20);
	for (size_t i = 0; i < count; i++)
		buf_add(&out, lines[i]);
	struct str copy = arena_copy(f->arena, buf_str(&out));
	buf_finish(&out);
	return copy;
}

/* Children at random, alike or not; false: they are linked already, or one was drawn twice. */
static bool join_and_part(struct life *life, struct joiners *joiners, struct random_source *random)
{
	size_t a = random_below(random, life->count), b = random_below(random, life->count);
	if (a == b || !life->is_child[a] || !life->is_child[b])
		return false;
	struct casebook_answer answer =
		joiners_say(joiners, "person.joined", "other", life->files[a], life->files[b], life->entries[a]);
	fixture_must_admit(&answer, "person.joined");
	joiners_look_at_patterns(joiners, life->files[a]);
	joiners_look_at_patterns(joiners, life->files[b]);
	answer = joiners_say(joiners, "person.parted", "other", life->files[a], life->files[b], life->entries[a]);
	fixture_must_admit(&answer, "person.parted");
	return true;
}

static void live_on(struct life *life, size_t acts)
{
	for (size_t i = 0; i < acts; i++) {
		act_once(life);
		MUST(&life->t->e->f, people_wait(life->t->people, &life->t->e->f.err));
	}
}

/* Of two towns with one history files are joined and parted in one: what is found is as before, and what is proposed
 * of all that comes after is as in the other. */
static void what_was_joined_and_parted_is_found_and_proposed_as_before(void **state)
{
	struct town *t = *state, *twin = open_town();
	struct life here = { .t = t, .random = random_seeded_create(7) };
	struct life there = { .t = twin, .random = random_seeded_create(7) };
	struct random_source *random = random_seeded_create(11), *searches = random_seeded_create(13);
	struct joiners joiners = { &t->e->f, *t->manager, *england_holder(t->e, "service-manager"),
		                   *england_holder(t->e, "records-officer") };
	const char *words[SEARCHES];
	live_on(&here, ACTS / 2);
	live_on(&there, ACTS / 2);
	must_be_equal("one history", all_proposed(&here), all_proposed(&there));
	struct life drawing = { .t = t, .random = searches };
	draw_words(&drawing, words);
	struct str before = all_found(&here, t->people, words), proposed = all_proposed(&here);
	assert_true(proposed.n > 100);
	for (size_t done = 0; done < PAIRS;)
		done += join_and_part(&here, &joiners, random);
	must_be_equal("found before and after", before, all_found(&here, t->people, words));
	must_be_equal("proposed before and after", proposed, all_proposed(&here));
	live_on(&here, ACTS / 2);
	live_on(&there, ACTS / 2);
	must_be_equal("with joining and parting, and without", all_proposed(&here), all_proposed(&there));
	random_destroy(here.random);
	random_destroy(there.random);
	random_destroy(random);
	random_destroy(searches);
	close_town(twin);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TOWN(what_was_put_as_turns_came_is_what_is_filled_anew),
		TOWN(what_was_joined_and_parted_is_found_and_proposed_as_before),
	};
	return cmocka_run_group_tests(tests, found_england, forget_england);
}
