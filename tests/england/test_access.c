/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Who may know of a file, read it and write on it, by the whole pack of
 * England: the sentences of its offices as small histories
 * (tests/data/england/access.yaml), and every office before every type of file.
 */
#include "england/story.h"

#include "casebook/book.h"

#define CASES "tests/data/england/access.yaml"
#define USUAL "tests/data/england/usual.yaml"
#define START INT64_C(1774602000000000) /* 2026-03-27T09:00:00Z */

struct asking {
	struct arena *arena;
	struct england *founded;
	const struct yaml *usual;
};

static int set_up(void **state)
{
	struct asking *asking = calloc(1, sizeof *asking);
	assert_non_null(asking);
	asking->arena = arena_create(FIXTURE_FILE_MAX);
	asking->founded = england_begin(START);
	asking->usual = story_read(asking->arena, USUAL);
	casebook_close(asking->founded->f.book);
	asking->founded->f.book = NULL;
	*state = asking;
	return 0;
}

static int tear_down(void **state)
{
	struct asking *asking = *state;
	england_end(asking->founded);
	arena_destroy(asking->arena);
	free(asking);
	return 0;
}

static const char *word_of(const struct casebook_access *access)
{
	if (access->may_open)
		return "read";
	if (access->opens_restricted)
		return "restricted";
	if (access->may_know)
		return "know";
	return access->may_write_alone ? "alone" : "nothing";
}

/* --- by small histories ----------------------------------------------------------------------- */

struct claim {
	struct story *s;
	const struct yaml *row;
	const struct person *who;
	struct casebook_file file;
	struct str by;
};

static bool has_word(const struct yaml *list, struct str word)
{
	for (const struct yaml *item = list ? list->first : NULL; item; item = item->next)
		if (str_eq(item->text, word))
			return true;
	return false;
}

static void can_write(struct claim *claim)
{
	struct fixture *f = &claim->s->e->f;
	const struct yaml *write = yaml_member(claim->row, STR("write")), *not = yaml_member(claim->row, STR("not"));
	const struct casebook_possible *acts;
	size_t count;
	if (!write && !not)
		return;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_possible_acts(reader, f->arena, &claim->who->viewer, &claim->file, &acts, &count, &f->err));
	for (const struct yaml *want = write ? write->first : NULL; want; want = want->next) {
		bool found = false;
		claim->s->looked++;
		for (size_t i = 0; i < count; i++)
			found = found || (acts[i].is_possible && str_eq(acts[i].kind->name, want->text));
		if (!found)
			story_wrong(claim->s, "%.*s cannot write %.*s", STR_ARG(claim->by), STR_ARG(want->text));
	}
	for (size_t i = 0; i < count; i++) {
		if (acts[i].is_possible && has_word(not, acts[i].kind->name))
			story_wrong(claim->s, "%.*s can write %.*s", STR_ARG(claim->by), STR_ARG(acts[i].kind->name));
	}
	/* The turn says the same. */
	for (const struct yaml *want = not ? not->first : NULL; want; want = want->next) {
		struct casebook_answer answer = act(f, &claim->who->actor, story_c(claim->s, want->text), claim->file.id,
		                                    story_fields(claim->s, NULL, NULL, claim->file.id));
		claim->s->looked++;
		if (answer.outcome == CASEBOOK_ADMITTED || answer.outcome == CASEBOOK_WAITING)
			story_wrong(claim->s, "%.*s wrote %.*s", STR_ARG(claim->by), STR_ARG(want->text));
	}
}

static void sees(struct claim *claim, const char *key, bool should)
{
	struct fixture *f = &claim->s->e->f;
	const struct yaml *list = yaml_member(claim->row, str_from_c(key));
	for (const struct yaml *want = list ? list->first : NULL; want; want = want->next) {
		struct casebook_access access;
		int64_t entry = story_entry(claim->s, want->text);
		CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
		claim->s->looked++;
		MUST(f, casebook_may_see(reader, &claim->who->viewer, entry, &access, &f->err));
		if (access.may_know != should || (should && !access.is_own_entry))
			story_wrong(claim->s, "%.*s sees %.*s: %d", STR_ARG(claim->by), STR_ARG(want->text), access.may_know);
	}
}

static void opens(struct claim *claim, const char *key, bool should)
{
	struct fixture *f = &claim->s->e->f;
	const struct yaml *list = yaml_member(claim->row, str_from_c(key));
	for (const struct yaml *want = list ? list->first : NULL; want; want = want->next) {
		enum casebook_seal how = CASEBOOK_SEAL_KEPT;
		const struct json *sealed;
		int64_t entry = story_entry(claim->s, want->text);
		int64_t before = f->book->entries;
		CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
		claim->s->looked++;
		if (!casebook_open_seal(reader, &claim->who->viewer, entry, f->arena, &how, &sealed, &f->err))
			assert_int_equal(f->err.code, ERR_ABSENT); /* as if it were not there */
		assert_int_equal(f->book->entries, before);                 /* nor is it told in the log */
		if ((how == CASEBOOK_SEAL_OPEN) != should)
			story_wrong(claim->s, "%.*s of %.*s is %s", STR_ARG(want->text), STR_ARG(claim->by),
			            casebook_seal_name(how));
	}
}

/* Whatever is tried on the file, the answer is that of the other one. */
static void answers_as_on(struct claim *claim)
{
	struct fixture *f = &claim->s->e->f;
	const struct yaml *other = yaml_member(claim->row, STR("as-on")), *list = yaml_member(claim->row, STR("try"));
	for (const struct yaml *kind = list ? list->first : NULL; kind; kind = kind->next) {
		struct str there = story_file(claim->s, other->text);
		struct casebook_answer one = act(f, &claim->who->actor, story_c(claim->s, kind->text), claim->file.id,
		                                 story_fields(claim->s, NULL, NULL, claim->file.id));
		struct casebook_answer two = act(f, &claim->who->actor, story_c(claim->s, kind->text), there,
		                                 story_fields(claim->s, NULL, NULL, there));
		claim->s->looked++;
		if (one.outcome == CASEBOOK_ADMITTED || one.outcome != two.outcome || !str_eq(one.sentence, two.sentence) ||
		    one.missing_count != two.missing_count || one.error_count != two.error_count)
			story_wrong(claim->s, "%.*s: %.*s, %.*s", STR_ARG(kind->text), STR_ARG(one.sentence), STR_ARG(two.sentence));
	}
}

static void look_at(struct story *s, const struct yaml *row)
{
	struct fixture *f = &s->e->f;
	struct casebook_access access;
	struct claim claim = { .s = s, .row = row, .by = yaml_member(row, STR("by"))->text };
	struct str on = yaml_member(row, STR("on"))->text, may = yaml_member(row, STR("may"))->text;
	claim.who = england_holder(s->e, story_c(s, claim.by));
	claim.file = file_named(f, story_file(s, on));
	s->looked++;
	{
		CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
		MUST(f, casebook_may(reader, &claim.who->viewer, claim.file.n, &access, &f->err));
	}
	if (!str_eq(may, str_from_c(word_of(&access))))
		story_wrong(s, "%.*s on %.*s: %s, not %.*s", STR_ARG(claim.by), STR_ARG(on), word_of(&access), STR_ARG(may));
	can_write(&claim);
	sees(&claim, "sees", true);
	sees(&claim, "sees-not", false);
	opens(&claim, "opens", true);
	opens(&claim, "opens-not", false);
	answers_as_on(&claim);
}

static void play(struct asking *asking, const struct yaml *told, size_t *looked, size_t *wrong)
{
	struct story s = { .e = england_copy(asking->founded), .usual = asking->usual };
	const struct yaml *held = yaml_member(told, STR("held"));
	s.path = arena_format(s.e->f.arena, "%.*s", STR_ARG(yaml_member(told, STR("case"))->text)).p;
	for (const struct yaml *office = held ? held->first : NULL; office; office = office->next)
		(void)england_holder(s.e, story_c(&s, office->text));
	for (const struct yaml *step = yaml_member(told, STR("steps"))->first; step; step = step->next) {
		const struct yaml *days = yaml_member(step, STR("days")), *may = yaml_member(step, STR("may"));
		uint64_t n = 0;
		story_play(&s, yaml_member(step, STR("acts")));
		if (days && str_to_u64(days->text, 1000, &n))
			england_until(s.e, casebook_now(s.e->f.book) + (int64_t)n * INSTANT_PER_DAY);
		for (const struct yaml *row = may->first; row; row = row->next)
			look_at(&s, row);
	}
	*looked += s.looked;
	*wrong += s.wrong;
	england_end(s.e);
}

/* CANDOUR_STORY="GP" plays those whose sentence has the words. */
static void every_sentence_of_the_offices_is_so(void **state)
{
	struct asking *asking = *state;
	const char *only = getenv("CANDOUR_STORY");
	size_t looked = 0, wrong = 0, count = 0;
	const struct yaml *root = story_read(asking->arena, CASES);
	for (const struct yaml *told = root->first; told; told = told->next) {
		struct str words = yaml_member(told, STR("case"))->text;
		if (only && str_find_str(words, str_from_c(only)) == words.n)
			continue;
		play(asking, told, &looked, &wrong);
		count++;
	}
	print_message("%zu cases, %zu sentences\n", count, looked);
	assert_true(only || count >= 25);
	if (wrong)
		fail_msg("%zu sentences are not so", wrong);
}

/* --- every office before every type ------------------------------------------------------------ */

enum situation {
	NO_PART,
	OWES,             /* something there */
	NAMED,            /* by a restriction in force on all of it */
	RESTRICTED_TO_ALL /* others are named */
};

struct table {
	struct story s;
	struct fixture *f;
	const struct pack *pack;
	const struct pack_file_type *type;
	struct casebook_file file;
	size_t looked;
	size_t wrong;
};

/* The kinds that begin a file of each type, as usual.yaml has them. */
static void begin_files(struct table *table)
{
	static const char *const ORDER[] = { "concern.received", "person.opened", "adult.opened", "place.opened",
		                             "thing.opened", "group.opened", "missing.reported", "offence.disclosed",
		                             "allegation.received", "challenge.raised", "disclosure.made", "complaint.made",
		                             "incident.known", "warning.lodged", "recommendation.made", "request.received",
		                             "board.opened" };
	for (size_t i = 0; i < COUNT_OF(ORDER); i++) {
		struct casebook_answer answer;
		const struct yaml *usual = yaml_member(table->s.usual, str_from_c(ORDER[i]));
		assert_non_null(usual);
		struct yaml row = { .type = YAML_MAPPING };
		story_submit(&table->s, &row, usual, str_from_c(ORDER[i]), &answer);
	}
}

static void run(struct table *table, const char *sql, struct str office)
{
	CLEANUP(store_stmt_finish) struct store_stmt *stmt = NULL;
	struct store *store = table->f->book->store;
	MUST(table->f, store_prepare(store, sql, &stmt, &table->f->err));
	store_bind_int(stmt, 1, table->file.n);
	if (office.p)
		store_bind_str(stmt, 2, office);
	assert_int_equal(store_step(stmt, &table->f->err), STORE_DONE);
}

/* Views alone are asked, so a row made up there is as good as what an entry folds to. */
static void put(struct table *table, enum situation how, struct str office)
{
	if (how == OWES)
		run(table,
		    "INSERT INTO duty (id, file, rule, pack, class, office, opened, started, due, last_day, provisional, ladder,"
		    " rung) VALUES (1000000000000000, ?1, 'T62', 1, 2, ?2, 0, 0, 0, 0, 0, 'referral', 0)",
		    office);
	if (how == NAMED || how == RESTRICTED_TO_ALL) {
		run(table,
		    "INSERT INTO restriction (entry, file, first, office, reason, since, until_at, renewals, whole, ended)"
		    " VALUES (1000000000000000, ?1, 0, '', '', 0, 9000000000000000, 0, 1, NULL)",
		    STR_NONE);
		if (how == NAMED)
			run(table, "INSERT INTO restriction_reader (restriction, office) SELECT 1000000000000000 + 0 * ?1, ?2",
			    office);
	}
}

static void take_away(struct table *table)
{
	run(table, "DELETE FROM duty WHERE id = 1000000000000000 AND file = ?1", STR_NONE);
	run(table, "DELETE FROM restriction WHERE entry = 1000000000000000 AND file = ?1", STR_NONE);
	run(table, "DELETE FROM restriction_reader WHERE restriction = 1000000000000000 + 0 * ?1", STR_NONE);
}

static bool lists(const struct table *table, const struct pack_office *role, enum pack_reads what)
{
	const struct pack_file_type *type = table->type;
	for (size_t i = 0; i < role->read_count; i++) {
		const struct pack_read *read = &role->reads[i];
		bool is_named = read->file_types != UINT64_MAX;
		if (read->what == what && read->file_types >> type->number & 1 && (is_named || !type->is_private) &&
		    (!read->states || read->states[type->number] >> table->file.state & 1))
			return true;
	}
	return false;
}

static bool has_any_file(const struct table *table, const struct pack_office *role)
{
	for (size_t k = 0; k < table->pack->kind_count; k++) {
		const struct pack_kind *kind = &table->pack->kinds[k];
		for (size_t i = 0; i < kind->any_file_count; i++)
			if (kind->any_file[i] == role && kind->file_types >> table->type->number & 1)
				return true;
	}
	return false;
}

/* What the pack's lines say, said over again. */
static const char *expected(const struct table *table, const struct pack_office *role, enum situation how)
{
	bool has_part = how == OWES || (how == NAMED && !table->type->is_private);
	bool is_restricted = how == NAMED || how == RESTRICTED_TO_ALL;
	if (lists(table, role, PACK_READS_CHILDREN) || (has_part && lists(table, role, PACK_READS_OWN)))
		return "read";
	if (is_restricted && lists(table, role, PACK_READS_RESTRICTED))
		return "restricted";
	if (has_part)
		return "know";
	return has_any_file(table, role) ? "alone" : "nothing";
}

static const char *expected_words(const struct pack_office *role, enum situation how, const char *may)
{
	bool is_restricted = how == NAMED || how == RESTRICTED_TO_ALL;
	if (strcmp(may, "read") == 0)
		return is_restricted && how != NAMED && !role->is_independent ? "restricted" : "open";
	if (strcmp(may, "restricted") == 0)
		return "open";
	return strcmp(may, "know") == 0 ? "kept" : "-";
}

static const char *words_of(struct table *table, const struct person *who)
{
	struct fixture *f = table->f;
	struct casebook_entry first;
	const struct json *sealed;
	enum casebook_seal how;
	struct err err = { 0 };
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_entry_get(reader, f->arena, table->file.first_entry, &first, &f->err));
	if (!casebook_open_seal(reader, &who->viewer, first.index, f->arena, &how, &sealed, &err))
		return "-";
	return casebook_seal_name(how);
}

static void look(struct table *table, const struct pack_office *role, enum situation how)
{
	static const char *const HOW[] = { "no part", "owes", "named", "restricted" };
	struct fixture *f = table->f;
	const struct person *who = england_holder(table->s.e, str_to_c(f->arena, role->name));
	const char *should = expected(table, role, how), *words = expected_words(role, how, should);
	struct casebook_access access;
	put(table, how, role->name);
	{
		CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
		MUST(f, casebook_may(reader, &who->viewer, table->file.n, &access, &f->err));
	}
	const char *is = word_of(&access), *are = words_of(table, who);
	take_away(table);
	table->looked += 2;
	/* What begins a group or a board has no words. */
	if (strcmp(is, should) == 0 && (strcmp(are, words) == 0 || strcmp(are, "none") == 0))
		return;
	table->wrong++;
	print_error("%.*s on a %.*s (%s): %s and words %s, not %s and %s\n", STR_ARG(role->name),
	            STR_ARG(table->type->name), HOW[how], is, are, should, words);
}

/* Whoever began the file, or wrote on it in the course of that, is looked at by the histories. */
static bool has_own_part(struct table *table, const struct pack_office *role)
{
	struct fixture *f = table->f;
	const struct person *who = england_holder(table->s.e, str_to_c(f->arena, role->name));
	struct casebook_access access;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_may(reader, &who->viewer, table->file.n, &access, &f->err));
	return strcmp(word_of(&access), expected(table, role, NO_PART)) != 0 && (access.may_know || access.may_add);
}

static void every_office_sees_of_every_type_what_the_pack_says(void **state)
{
	struct asking *asking = *state;
	struct table table = { .s = { .e = england_copy(asking->founded), .usual = asking->usual, .path = "table" } };
	size_t left_out = 0;
	table.f = &table.s.e->f;
	table.pack = casebook_pack(table.f->book);
	begin_files(&table);
	assert_int_equal(table.s.wrong, 0);
	assert_int_equal(table.s.file_count, 17);
	for (size_t i = 0; i < table.s.file_count; i++) {
		table.file = file_named(table.f, table.s.files[i].id);
		table.type = table.file.type;
		for (size_t o = 0; o < table.pack->office_count; o++) {
			const struct pack_office *role = &table.pack->offices[o];
			if (role->retired.p)
				continue;
			if (has_own_part(&table, role)) {
				left_out++;
				continue;
			}
			for (int how = NO_PART; how <= RESTRICTED_TO_ALL; how++)
				look(&table, role, (enum situation)how);
		}
	}
	print_message("%zu offices, %zu types, %zu answers, %zu offices with a part already left out\n",
	              table.pack->office_count, table.s.file_count, table.looked, left_out);
	assert_true(table.looked > 10000 && left_out < 80);
	size_t wrong = table.wrong;
	england_end(table.s.e);
	if (wrong)
		fail_msg("%zu answers are not so", wrong);
}

/* No office reads more types than the page of offices says; a new line of reads is looked at here. */
static void nobody_but_these_reads_children_without_a_part(void **state)
{
	static const char *const WIDE[] = { "cp-chair", "dcs", "edt", "exploitation-lead", "head-of-service", "icb-nurse",
		                            "police-commander", "service-manager", "team-manager" };
	struct asking *asking = *state;
	const struct pack *pack = asking->founded->pack;
	const struct pack_file_type *child = pack_file_type_find(pack, STR("child"));
	for (size_t o = 0; o < pack->office_count; o++) {
		bool reads = false, is_wide = false;
		for (size_t r = 0; r < pack->offices[o].read_count; r++)
			reads = reads || (pack->offices[o].reads[r].what == PACK_READS_CHILDREN &&
			                  pack_read_covers(&pack->offices[o].reads[r], child));
		for (size_t i = 0; i < COUNT_OF(WIDE); i++)
			is_wide = is_wide || str_eq(pack->offices[o].name, str_from_c(WIDE[i]));
		if (reads != is_wide)
			fail_msg("%.*s reads every child's file: %d", STR_ARG(pack->offices[o].name), reads);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_sentence_of_the_offices_is_so),
		cmocka_unit_test(every_office_sees_of_every_type_what_the_pack_says),
		cmocka_unit_test(nobody_but_these_reads_children_without_a_part),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
