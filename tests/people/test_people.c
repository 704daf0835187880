/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The index of people: what is found, what is proposed, and that nothing is ever joined by it. */
#include "people/people_parts.h"
#include "people/town.h"

static bool finds(struct town *t, const char *words, struct str number)
{
	struct people_found found[PEOPLE_FOUND_MAX];
	size_t count = find_in(t, t->people, words, found);
	int64_t file = file_named(&t->e->f, number).n;
	for (size_t i = 0; i < count; i++) {
		if (found[i].file == file)
			return true;
	}
	return false;
}

/* The register's proposals on a file that name the other; *what of the last. */
static size_t proposed(struct town *t, struct str number, struct str other, struct str *what)
{
	struct fixture *f = &t->e->f;
	const struct casebook_entry *entries;
	size_t count, n = 0;
	MUST(f, people_wait(t->people, &f->err));
	struct casebook_file file = file_named(f, number), named = file_named(f, other);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_entries(reader, f->arena, file.n, -1, 200, &entries, &count, &f->err));
	for (size_t i = 0; i < count; i++) {
		bool is_it = str_eq(entries[i].kind, STR("link.proposed")) && entries[i].by == CASEBOOK_BY_REGISTER &&
		             str_eq(json_text(entries[i].plain, STR("other")), named.id);
		n += is_it;
		if (is_it && what)
			*what = json_text(entries[i].plain, STR("what"));
	}
	return n;
}

static size_t links_of(struct town *t, struct str number)
{
	struct fixture *f = &t->e->f;
	const struct casebook_linked *links;
	size_t count;
	struct casebook_file file = file_named(f, number);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_links(reader, f->arena, file.n, &links, &count, &f->err));
	return count;
}

/* --- what is found ---------------------------------------------------------------------------- */

static void somebody_is_found_however_the_name_is_written(void **state)
{
	struct town *t = *state;
	struct str aisha = open_child(t, "Aisha Begum", "12/03/2011", "14 Hill Road, Northmere NM4 2AB").number;
	struct str other = open_child(t, "Callum Price", "03/09/2014", "2 Quay Street, Northmere NM1 1AA").number;
	assert_true(finds(t, "Ayesha Begum, 12 March 2011", aisha));
	assert_true(finds(t, "Begum Aisha", aisha));
	assert_true(finds(t, "Aisha Begum 12/3/2011", aisha));
	assert_true(finds(t, "14 Hill Rd, NM4 2AB, Aisha", aisha));
	assert_false(finds(t, "Ayesha Begum, 12 March 2011", other));
	assert_false(finds(t, "Zygmunt Wojcik", aisha));
}

/* linkage.md 10.3: from what there is. */
static void one_half_of_a_name_or_a_street_is_enough_to_look_for(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct str xanthe = open_child(t, "Xanthe Rose Quillifer", "12/03/2011", "12 Larkspur Lane, Northmere NM4 2AB").number;
	struct str deano = open_child(t, "Deano", "", "").number;
	struct str leo = open_child(t, "Leo Marsh", "01/02/2012", "9 Mill Lane, Northmere NM2 3CD").number;
	(void)admitted(f, &t->worker->actor, "person.known", leo, fields_of(f, "{'what':['name'],'names':['Smudge']}"));
	/* What a thing weighs by itself sinks with how many there are. */
	for (size_t i = 0; i < 60; i++)
		(void)open_child(t, arena_format(f->arena, "Child%c%c Other%c", (char)('a' + i / 26), (char)('a' + i % 26), (char)('a' + i % 26)).p, "", "");
	assert_true(finds(t, "Quillifer", xanthe));
	assert_true(finds(t, "quilifer", xanthe));
	assert_true(finds(t, "Xanthe", xanthe));
	assert_true(finds(t, "Rose", xanthe));
	assert_true(finds(t, "Deano", deano));
	assert_true(finds(t, "Smudge", leo));
	assert_true(finds(t, "12 Larkspur Lane", xanthe));
	assert_true(finds(t, "12 Larkspur Ln", xanthe));
	assert_true(finds(t, "Quillifer, 2011", xanthe));
	assert_false(finds(t, "Quillifer", leo));
	assert_false(finds(t, "12 Larkspur Lane", leo));
	assert_false(finds(t, "Marsh", deano));
}

/* linkage.md 10.3: whoever asks for more finds no less. */
static void any_two_words_of_a_name_find_it_in_a_crowd(void **state)
{
	static const struct {
		const char *is, *asked[4];
	} CASES[] = {
		{ "Mohammed Abdi Xasan", { "Mohammed Hassan", "Mohamed Hassan", "Abdi Hassan", "Hassan" } },
		{ "Faadumo Warsame Cali", { "Fatima Ali", "Fadumo Warsame", "Warsame, Fadumo", "Cali" } },
		{ "Maria Joana Pereira da Silva", { "Maria Silva", "Maria Pereira", "Joana Silva", "Joana Pereira" } },
		{ "Cheung Ka Man", { "Ka Man Cheung", "Cheung, Ka Man", "Man Cheung", "Ka Cheung" } },
		{ "Segun Oluwaseun", { "S Oluwaseun", "Oluwaseun S", "Oluwaseun, Segun", "Segun Tunde Oluwaseun" } },
		{ "Peregrine", { "Peregrine Lockwood", "Lockwood Peregrine", "Perry Peregrine", "Peregrin" } },
	};
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct str numbers[COUNT_OF(CASES)];
	for (size_t i = 0; i < 60; i++)
		(void)open_child(t, arena_format(f->arena, "Child%c%c Other%c", (char)('a' + i / 26), (char)('a' + i % 26), (char)('a' + i % 26)).p, "", "");
	for (size_t i = 0; i < COUNT_OF(CASES); i++)
		numbers[i] = open_child(t, CASES[i].is, "05/03/2010", "").number;
	for (size_t i = 0; i < COUNT_OF(CASES); i++) {
		for (size_t j = 0; j < COUNT_OF(CASES[i].asked); j++) {
			const char *asked = CASES[i].asked[j];
			if (!finds(t, asked, numbers[i]) || !finds(t, arena_format(f->arena, "%s, 2010", asked).p, numbers[i]) ||
			    !finds(t, arena_format(f->arena, "%s, 5 March 2010", asked).p, numbers[i]))
				fail_msg("%s finds no %s", asked, CASES[i].is);
			if (finds(t, asked, numbers[(i + 1) % COUNT_OF(CASES)]))
				fail_msg("%s finds %s", asked, CASES[(i + 1) % COUNT_OF(CASES)].is);
		}
	}
	assert_false(finds(t, "Maria Silva, 3 September 1999", numbers[2]));
}

static bool may_see_all(void *ctx, const struct people_found *found, bool *may, struct err *err)
{
	(void)ctx;
	(void)found;
	(void)err;
	*may = true;
	return true;
}

static void of_many_who_share_a_surname_the_best_are_shown_as_some(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct people_shown shown;
	for (size_t i = 0; i < 50; i++)
		(void)open_child(t, arena_format(f->arena, "Child%c%c Marshe", (char)('a' + i / 26), (char)('a' + i % 26)).p, "", "");
	int64_t deano = file_named(f, open_child(t, "Marsh", "", "").number).n;
	MUST(f, people_wait(t->people, &f->err));
	MUST(f, people_find_for(t->people, STR("Marsh"), f->arena, may_see_all, NULL, &shown, &f->err));
	assert_int_equal(shown.count, PEOPLE_FOUND_MAX);
	assert_true(shown.is_cut);
	assert_int_equal(shown.at[0].file, deano);
	for (size_t i = 1; i < shown.count; i++)
		assert_true(shown.at[i - 1].weight >= shown.at[i].weight);
	MUST(f, people_find_for(t->people, STR("Childaa"), f->arena, may_see_all, NULL, &shown, &f->err));
	assert_true(shown.count > 0 && shown.count < PEOPLE_FOUND_MAX);
	assert_false(shown.is_cut);
}

static void an_older_name_and_an_older_home_are_found_too(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct str leo = open_child(t, "Leo Marsh", "01/02/2012", "9 Mill Lane, Northmere NM2 3CD").number;
	(void)admitted(f, &t->worker->actor, "person.known", leo,
	               fields_of(f, "{'what':['name','home','number'],'names':['Leon Kowalski'],"
	                            "'home':['77 Station Way, Northmere NM9 8ZZ'],'identifiers':['07700 900123']}"));
	assert_true(finds(t, "Leon Kowalski, 1 February 2012", leo));
	assert_true(finds(t, "Leo Marsh, 1 February 2012", leo));
	assert_true(finds(t, "77 Station Way NM9 8ZZ", leo));
	assert_true(finds(t, "9 Mill Lane, Northmere NM2 3CD", leo));
	assert_true(finds(t, "+44 7700 900123", leo));
}

/* As many as a field of the pack takes. */
static void all_names_homes_and_numbers_of_one_entry_are_found(void **state)
{
	static const char *const WORDS[] = { "Xanthe", "Ottilie", "Barnaby",  "Cordelia", "Ignatius", "Jemima", "Lysander",
		                             "Mirabel", "Peregrine", "Rosalind", "Sebastian", "Tobias", "Ursula", "Vivienne",
		                             "Wilfred", "Yolanda", "Zebedee", "Gwendolyn", "Horatio", "Euphemia" };
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct buf fields;
	buf_init(&fields, 8192);
	buf_add(&fields, STR("{'birth-known':'no','names':["));
	for (int i = 0; i < 20; i++)
		buf_format(&fields, "%s'%s Quillifer'", i ? "," : "", WORDS[i]);
	buf_add(&fields, STR("],'home':["));
	for (int i = 0; i < 20; i++)
		buf_format(&fields, "%s'5 %s Lane, Northmere'", i ? "," : "", WORDS[i]);
	buf_add(&fields, STR("],'identifiers':["));
	for (int i = 0; i < 20; i++)
		buf_format(&fields, "%s'07700 9000%02d'", i ? "," : "", i);
	buf_add(&fields, STR("]}"));
	struct str xanthe =
		admitted(f, &t->worker->actor, "person.opened", STR_NONE, fields_of(f, arena_copy(f->arena, buf_str(&fields)).p)).number;
	buf_finish(&fields);
	for (int i = 0; i < 20; i++) {
		assert_true(finds(t, WORDS[i], xanthe));
		assert_true(finds(t, arena_format(f->arena, "5 %s Lane", WORDS[i]).p, xanthe));
		assert_true(finds(t, arena_format(f->arena, "07700 9000%02d", i).p, xanthe));
	}
	assert_false(finds(t, "5 Larkspur Lane", xanthe));
	assert_false(finds(t, "07700 900020", xanthe));
}

static void a_number_is_found_and_proposed_by_with_its_name_before_it(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct str leo = open_child(t, "Leo Marsh", "", "").number, rose = open_child(t, "Rose Dale", "", "").number;
	(void)admitted(f, &t->worker->actor, "person.known", leo,
	               fields_of(f, "{'what':['number'],'identifiers':['NHS number 943 476 5919','mobile: 07700 900123','07700 900125 (mum)',"
	                            "'UPN J993123456789']}"));
	assert_true(finds(t, "943 476 5919", leo));
	assert_true(finds(t, "NHS 9434765919", leo));
	assert_true(finds(t, "07700900123", leo));
	assert_true(finds(t, "tel 07700 900125", leo));
	assert_true(finds(t, "J993123456789", leo));
	assert_false(finds(t, "RXH 943 476 5919", leo));
	(void)admitted(f, &t->worker->actor, "person.known", rose, fields_of(f, "{'what':['number'],'identifiers':['943 476 5919']}"));
	assert_int_equal(proposed(t, rose, leo, NULL), 1);
}

static void nobody_is_found_by_the_words_of_whoever_told(void **state)
{
	struct town *t = *state;
	struct people_found found[PEOPLE_FOUND_MAX];
	(void)tell(t, ",'said':'Zebedee Quill was there','name':'Mrs Quill','contact':'07700 900999'");
	assert_int_equal(find_in(t, t->people, "Zebedee Quill", found), 0);
	assert_int_equal(find_in(t, t->people, "07700 900999", found), 0);
}

static void a_plate_is_found_to_the_letter(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct str car = admitted(f, &t->worker->actor, "thing.opened", STR_NONE,
	                          fields_of(f, "{'sort':'vehicle','mark':['AB12 CDE']}"))
	                         .number;
	assert_true(finds(t, "ab12cde", car));
	assert_false(finds(t, "ab12cdf", car));
}

static bool is_equal(const struct people_found *a, const struct people_found *b, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (a[i].file != b[i].file || a[i].entry != b[i].entry || a[i].how != b[i].how ||
		    a[i].weight != b[i].weight || a[i].kind != b[i].kind)
			return false;
	}
	return true;
}

static void what_was_read_turn_by_turn_is_what_is_read_at_once(void **state)
{
	static const char *const WORDS[] = { "Amira Khan", "Leo Marsh, 2012", "9 Mill Lane NM2 3CD", "AB12 CDE", "Khan" };
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	const struct people_options silent = { .proposes = false };
	struct people *again;
	(void)open_child(t, "Amira Khan", "05/05/2010", "9 Mill Lane, Northmere NM2 3CD");
	MUST(f, people_wait(t->people, &f->err));
	struct str leo = open_child(t, "Leo Marsh", "01/02/2012", "9 Mill Lane, Northmere NM2 3CD").number;
	(void)admitted(f, &t->worker->actor, "person.known", leo, fields_of(f, "{'what':['name'],'names':['Leo Khan']}"));
	(void)tell(t, ",'child':'Amira Khan, 13','born':'5.5.2010','home':'Mill Lane'");
	MUST(f, people_wait(t->people, &f->err));
	MUST(f, people_start(f->book, &silent, &again, &f->err));
	for (size_t i = 0; i < COUNT_OF(WORDS); i++) {
		struct people_found live[PEOPLE_FOUND_MAX], anew[PEOPLE_FOUND_MAX];
		size_t count = find_in(t, t->people, WORDS[i], live);
		assert_int_equal(find_in(t, again, WORDS[i], anew), count);
		assert_true(is_equal(live, anew, count));
	}
	people_stop(again);
}

static struct people_said said_of(const struct people_compared *compared, size_t side, const char *what)
{
	for (size_t i = 0; i < compared->said_count[side]; i++) {
		if (str_eq(compared->said[side][i].what, str_from_c(what)))
			return compared->said[side][i];
	}
	return (struct people_said){ .entry = -1 };
}

static void what_is_compared_is_told_as_it_was_written_with_the_entry_that_says_so(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct people_compared *compared = arena_alloc(f->arena, 1, sizeof *compared);
	bool has;
	struct str leo = open_child(t, "Leo  Marsh (year 9)", "1 Feb 2012", "9 Mill Lane, Northmere NM2 3AB").number;
	struct str other = open_child(t, "LEO MARSH", "01/02/2012", "").number;
	struct casebook_answer later = admitted(f, &t->worker->actor, "person.known", leo,
	                                        fields_of(f, "{'what':['number'],'identifiers':['NHS number 943 476 5919']}"));
	(void)admitted(f, &t->worker->actor, "person.known", other, fields_of(f, "{'what':['number'],'identifiers':['9434765919']}"));
	struct casebook_file one = file_named(f, leo), two = file_named(f, other);
	MUST(f, people_wait(t->people, &f->err));
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, people_compare(t->people, reader, one.n, two.n, STR("person"), f->arena, compared, &has, &f->err));
	assert_true(has);
	assert_true(str_eq(said_of(compared, 0, "name").text, STR("Leo  Marsh")));
	assert_int_equal(said_of(compared, 0, "name").entry, one.first_entry);
	assert_true(str_eq(said_of(compared, 0, "dob").text, STR("1 Feb 2012")));
	assert_int_equal(said_of(compared, 0, "dob").entry, one.first_entry);
	assert_true(str_eq(said_of(compared, 0, "address").text, STR("9 Mill Lane, Northmere NM2 3AB")));
	assert_int_equal(said_of(compared, 0, "address").entry, one.first_entry);
	assert_true(str_eq(said_of(compared, 0, "nhs_number").text, STR("943 476 5919")));
	assert_int_equal(said_of(compared, 0, "nhs_number").entry, later.index);
	assert_true(str_eq(said_of(compared, 1, "name").text, STR("LEO MARSH")));
	assert_int_equal(said_of(compared, 1, "name").entry, two.first_entry);
	assert_int_equal(said_of(compared, 1, "phone").entry, -1);
	/* One entry alone, which says the file's first words too. */
	struct people_said said[PEOPLE_SAID_MAX];
	size_t count;
	MUST(f, people_says(t->people, reader, later.index, f->arena, said, &count, &f->err));
	assert_int_equal(count, 5);
	for (size_t i = 0; i < count; i++) {
		if (str_eq(said[i].what, STR("nhs_number")))
			assert_true(str_eq(said[i].text, STR("943 476 5919")));
		else
			assert_true(str_eq(said[i].text, said_of(compared, 0, said[i].what.p).text));
	}
}

/* However much less they weigh, the claims that say it are those that are shown. */
static void what_a_pair_was_proposed_for_is_shown_as_each_wrote_it(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct people_compared *compared = arena_alloc(f->arena, 1, sizeof *compared);
	bool has;
	struct str leo = open_child(t, "Leo Sharrow", "01/02/2012", "").number;
	struct str kit = open_child(t, "Kit Sharrow", "02/03/2012", "").number;
	(void)admitted(f, &t->worker->actor, "person.known", leo, fields_of(f, "{'what':['number'],'identifiers':['07700 900123']}"));
	(void)admitted(f, &t->worker->actor, "person.known", kit, fields_of(f, "{'what':['number'],'identifiers':['07700 900123']}"));
	struct casebook_answer later = admitted(f, &t->worker->actor, "person.known", leo,
	                                        fields_of(f, "{'what':['home','name'],'names':['Zebedee Quill'],'home':['54 Chapel Row, NM4 2AB']}"));
	struct casebook_answer moved = admitted(f, &t->worker->actor, "person.known", kit,
	                                        fields_of(f, "{'what':['home'],'home':['54 Chapel Row NM4 2AB']}"));
	struct casebook_answer here = tell(t, ",'child':'Florin, 4','home':'1 Quay Street, Northmere','where':'Weirside Primary'");
	struct casebook_answer there = tell(t, ",'child':'Amina Harbottle','home':'46 Lantern Court, Northmere','where':'Weirside Primary School'");
	struct casebook_answer same = tell(t, ",'child':'Amina Harbottle','home':'46 Lantern Court, Northmere','where':'WEIRSIDE PRIMARY'");
	MUST(f, people_wait(t->people, &f->err));
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	int64_t one = file_named(f, leo).n, two = file_named(f, kit).n;
	MUST(f, people_compare(t->people, reader, one, two, STR("address"), f->arena, compared, &has, &f->err));
	assert_true(has);
	assert_int_equal(compared->entries[0], later.index);
	assert_int_equal(compared->entries[1], moved.index);
	assert_true(str_eq(compared->shared[0].text, STR("54 Chapel Row, NM4 2AB")));
	assert_true(str_eq(compared->shared[1].text, STR("54 Chapel Row NM4 2AB")));
	assert_int_equal(compared->shared[0].entry, later.index);
	assert_int_equal(compared->shared[1].entry, moved.index);
	MUST(f, people_compare(t->people, reader, one, two, STR("person"), f->arena, compared, &has, &f->err));
	assert_int_equal(compared->shared[0].entry, -1);
	one = file_named(f, here.number).n;
	two = file_named(f, same.number).n;
	MUST(f, people_compare(t->people, reader, one, two, STR("address"), f->arena, compared, &has, &f->err));
	assert_true(str_eq(compared->shared[0].text, STR("Weirside Primary")));
	assert_int_equal(compared->shared[0].entry, here.index);
	assert_int_equal(compared->shared[1].entry, same.index);
	two = file_named(f, there.number).n;
	MUST(f, people_compare(t->people, reader, one, two, STR("address"), f->arena, compared, &has, &f->err));
	assert_int_equal(compared->shared[1].entry, -1);
}

/* --- what is proposed ------------------------------------------------------------------------- */

static void a_new_concern_is_proposed_to_the_child_it_may_be_about(void **state)
{
	struct town *t = *state;
	struct str what = STR("");
	struct str aisha = open_child(t, "Aisha Begum", "12/03/2011", "14 Hill Road, Northmere NM4 2AB").number;
	struct str concern = tell(t, ",'child':'Ayesha Begum','born':'12 March 2011'").number;
	assert_int_equal(proposed(t, concern, aisha, &what), 1);
	assert_true(str_eq(what, STR("person")));
	assert_int_equal(links_of(t, concern), 0);
	assert_int_equal(links_of(t, aisha), 0);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(&t->e->f);
	struct casebook_duty_list owed;
	size_t n = 0;
	MUST(&t->e->f, casebook_duties_of_file(reader, t->e->f.arena, file_named(&t->e->f, concern).n, 50, &owed, &t->e->f.err));
	for (size_t i = 0; i < owed.count; i++)
		n += owed.at[i].is_open && str_eq(owed.at[i].rule, STR("T103"));
	assert_int_equal(n, 1);
}

static void one_thing_alone_is_proposed_of_nobody(void **state)
{
	struct town *t = *state;
	struct str aisha = open_child(t, "Aisha Begum", "12/03/2011", "14 Hill Road, Northmere NM4 2AB").number;
	struct str name = tell(t, ",'child':'Aisha'").number;
	struct str day = tell(t, ",'child':'Callum','born':'12 March 2011'").number;
	assert_int_equal(proposed(t, name, aisha, NULL), 0);
	assert_int_equal(proposed(t, day, aisha, NULL), 0);
}

static void a_whole_name_that_hardly_anybody_bears_is_proposed_by_itself(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct str what = STR("");
	/* Others, so that a name's share of all is small; and ten who bear one name. */
	for (size_t i = 0; i < 40; i++)
		(void)open_child(t, arena_format(f->arena, "Child%c%c Other%c", (char)('a' + i / 26), (char)('a' + i % 26), (char)('a' + i % 26)).p, "", "");
	struct str common = STR("");
	for (size_t i = 0; i < 10; i++)
		common = open_child(t, "Sam Reed", arena_format(f->arena, "%02zu/03/2011", i + 1).p, "").number;
	struct str first = open_child(t, "Xanthe Quillifer", "", "").number, second = open_child(t, "Xanthe Quillifer", "", "").number;
	assert_int_equal(proposed(t, second, first, &what), 1);
	assert_true(str_eq(what, STR("person")));
	struct str aisha = open_child(t, "Ayesha Begumova", "14/05/2012", "12 Larkspur Lane, Northmere NM4 2AB").number;
	struct str concern = tell(t, ",'child':'Ayesha Begumova'").number;
	assert_int_equal(proposed(t, concern, aisha, NULL), 1);
	/* Half of it, another birth, or a name that many bear, is as little as before. */
	concern = tell(t, ",'child':'Quillifer'").number;
	assert_int_equal(proposed(t, concern, first, NULL), 0);
	concern = tell(t, ",'child':'Ayesha Begumova','born':'3 September 2007'").number;
	assert_int_equal(proposed(t, concern, aisha, NULL), 0);
	concern = tell(t, ",'child':'Sam Reed'").number;
	assert_int_equal(proposed(t, concern, common, NULL), 0);
}

/* The hint of a concern's field says that a first name can be enough. */
static void what_somebody_is_called_is_enough_beside_one_thing_more(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	for (size_t i = 0; i < 40; i++)
		(void)open_child(t, arena_format(f->arena, "Child%c%c Other%c", (char)('a' + i / 26), (char)('a' + i % 26), (char)('a' + i % 26)).p,
		                 arena_format(f->arena, "%02zu/07/2009", i % 28 + 1).p, "");
	struct str zillah = open_child(t, "Zillah Okeover", "11/08/2014", "13 Fennel Close, Northmere NM6 2AB").number;
	assert_int_equal(proposed(t, tell(t, ",'child':'Zillah','born':'11 August 2014'").number, zillah, NULL), 1);
	assert_int_equal(proposed(t, tell(t, ",'child':'Okeover','born':'11 August 2014'").number, zillah, NULL), 1);
	assert_int_equal(proposed(t, tell(t, ",'child':'Zilah','home':'13 Fennel Close'").number, zillah, NULL), 1);
	assert_int_equal(proposed(t, tell(t, ",'child':'Zillah'").number, zillah, NULL), 0);
	assert_int_equal(proposed(t, tell(t, ",'child':'Callum','born':'11 August 2014'").number, zillah, NULL), 0);
	assert_int_equal(proposed(t, tell(t, ",'child':'Zillah','born':'3 September 2007'").number, zillah, NULL), 0);
}

static void two_who_are_called_alike_with_one_telephone_are_proposed(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct str one, two, family;
	one = open_child(t, "Dean Crockwell", "", "").number;
	(void)admitted(f, &t->worker->actor, "person.known", one,
	               fields_of(f, "{'what':['name','number'],'names':['Deano'],'identifiers':['07700 900555']}"));
	family = open_child(t, "Mr Crockwell", "", "").number;
	(void)admitted(f, &t->worker->actor, "person.known", family, fields_of(f, "{'what':['number'],'identifiers':['07700 900555']}"));
	assert_int_equal(proposed(t, family, one, NULL), 0);
	two = open_child(t, "Deano", "", "").number;
	(void)admitted(f, &t->worker->actor, "person.known", two, fields_of(f, "{'what':['number'],'identifiers':['07700 900555']}"));
	assert_int_equal(proposed(t, two, one, NULL), 1);
}

/* "a" is no initial of hers. */
static void a_girl_whom_nobody_names_is_nobody_by_her_name(void **state)
{
	static const char *const NOBODIES[] = { "a girl",          "A Girl",        "girl, about 12", "the older sister", "an unknown man",
		                                "her brother",     "two young boys", "young woman",   "Baby's mother",    "Child" };
	static const char *const NAMES[] = { "Aisha Begum", "A Begum", "An Man", "Young Son", "Lee Child", "Guy Young", "Boy Smith", "May Little",
		                             "Theáº¿ Nguyen", "Girly Ann" };
	struct town *t = *state;
	struct str what = STR("");
	struct str aisha = open_child(t, "Aisha Begum", "12/03/2011", "14 Hill Road, Northmere NM4 2AB").number;
	for (size_t i = 0; i < COUNT_OF(NOBODIES); i++) {
		struct people_found found[PEOPLE_FOUND_MAX];
		if (!subject_is_nobody(str_from_c(NOBODIES[i])) && !strchr(NOBODIES[i], ','))
			fail_msg("\"%s\" is taken for a name", NOBODIES[i]);
		assert_int_equal(find_in(t, t->people, NOBODIES[i], found), 0);
	}
	for (size_t i = 0; i < COUNT_OF(NAMES); i++)
		assert_false(subject_is_nobody(str_from_c(NAMES[i])));
	struct str girl = tell(t, ",'child':'a girl','home':'14 Hill Road, Northmere NM4 2AB'").number;
	(void)proposed(t, girl, aisha, &what);
	assert_false(str_eq(what, STR("person")));
}

static void those_who_are_said_to_be_two_are_not_proposed(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct str one = open_child(t, "Sam Reed", "12/03/2011", "14 Hill Road, Northmere NM4 2AB").number;
	struct str two = open_child(t, "Samuel Reed", "12/03/2011", "14 Hill Road, Northmere NM4 2AB").number;
	assert_int_equal(proposed(t, two, one, NULL), 1);
	(void)admitted(f, &t->manager->actor, "person.kept-apart", two,
	               fields_of(f, arena_format(f->arena, "{'other':'%.*s','evidence':[%" PRId64 "],'reasons':'Two boys.'}",
	                                         STR_ARG(one), file_named(f, two).first_entry)
	                                    .p));
	(void)admitted(f, &t->worker->actor, "person.known", two,
	               fields_of(f, "{'what':['number'],'identifiers':['07700 900123']}"));
	assert_int_equal(proposed(t, two, one, NULL), 1);
	assert_int_equal(proposed(t, one, two, NULL), 0);
}

static bool may_know(struct fixture *f, const struct person *who, struct str number)
{
	struct casebook_access access;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_may(reader, &who->viewer, file_named(f, number).n, &access, &f->err));
	return access.may_know;
}

/* Whoever knows a hidden child's name opens another of that name, and waits for the honest answer. */
static void nobody_reads_a_file_because_another_is_not_the_same(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	const struct person *fire = england_holder(t->e, "fire-officer");
	struct str hidden = open_child(t, "Sam Reed", "12/03/2011", "3 Refuge Mews, Northmere NM2 2SS").number;
	struct str like = admitted(f, &fire->actor, "person.opened", STR_NONE,
	                           fields_of(f, "{'names':['Sam Reed'],'birth':'12/03/2011','birth-known':'day','born':'2011-03'}"))
	                          .number;
	assert_false(may_know(f, fire, hidden));
	assert_int_equal(proposed(t, like, hidden, NULL), 1);
	(void)admitted(f, &t->manager->actor, "person.kept-apart", like,
	               fields_of(f, arena_format(f->arena, "{'other':'%.*s','evidence':[%" PRId64 "],'reasons':'Two boys.'}",
	                                         STR_ARG(hidden), file_named(f, like).first_entry)
	                                    .p));
	assert_true(may_know(f, fire, like));
	assert_false(may_know(f, fire, hidden));
}

static void what_was_not_proposed_before_a_stop_is_proposed_after_it(void **state)
{
	const struct people_options options = { .proposes = true };
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct str aisha = open_child(t, "Aisha Begum", "12/03/2011", "14 Hill Road, Northmere NM4 2AB").number;
	MUST(f, people_wait(t->people, &f->err));
	people_stop(t->people);
	fixture_reopen(f);
	struct str concern = tell(t, ",'child':'Ayesha Begum','born':'12 March 2011'").number;
	fixture_reopen(f);
	MUST(f, people_start(f->book, &options, &t->people, &f->err));
	assert_int_equal(proposed(t, concern, aisha, NULL), 1);
	people_stop(t->people);
	fixture_reopen(f);
	MUST(f, people_start(f->book, &options, &t->people, &f->err));
	assert_int_equal(proposed(t, concern, aisha, NULL), 1);
}

/* By the register, on the file. */
static size_t proposed_on(struct town *t, struct str number)
{
	struct fixture *f = &t->e->f;
	struct casebook_own_proposal own[50];
	size_t count;
	MUST(f, people_wait(t->people, &f->err));
	struct casebook_file file = file_named(f, number);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_own_proposals(reader, f->arena, file.n, COUNT_OF(own), own, &count, &f->err));
	return count;
}

static void another_start_proposes_nothing_more_of_the_same(void **state)
{
	enum { ALIKE = 9 };
	const struct people_options options = { .proposes = true };
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct str numbers[ALIKE];
	for (size_t i = 0; i < ALIKE; i++)
		numbers[i] = open_child(t, "Sam Reed", "12/03/2011", arena_format(f->arena, "%zu%zu Road %zu, NM%zu 1AA", i, i, i, i).p).number;
	for (int start = 0; start < 3; start++) {
		size_t all = 0;
		for (size_t i = 0; i < ALIKE; i++)
			all += proposed_on(t, numbers[i]);
		/* Three of each but the first three, which are alike to fewer before them. */
		assert_int_equal(all, 0 + 1 + 2 + 6 * 3);
		people_stop(t->people);
		fixture_reopen(f);
		MUST(f, people_start(f->book, &options, &t->people, &f->err));
	}
}

/* More than are sent at once: what does not fit any more is proposed with those that follow. */
static void very_many_are_proposed_at_one_start_as_by_any_other(void **state)
{
	enum { GROUPS = 12, ALIKE = 20 };
	static const char *const NAMES[GROUPS] = { "Zephaniah Quill",  "Ottoline Marsh",   "Ignatius Crowe",  "Philippa Vane",
		                                   "Barnabas Thwaite", "Clementine Ducke", "Lysander Gough",  "Marigold Hurst",
		                                   "Peregrine Stoat",  "Winifred Lamb",    "Thaddeus Ruddle", "Hyacinth Bligh" };
	const struct people_options options = { .proposes = true };
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct str numbers[GROUPS * ALIKE];
	people_stop(t->people);
	fixture_reopen(f);
	for (size_t i = 0; i < GROUPS * ALIKE; i++)
		numbers[i] = open_child(t, NAMES[i / ALIKE], arena_format(f->arena, "%02zu/%02zu/20%02zu", i / ALIKE + 2, i / ALIKE + 1, 10 + i / ALIKE % 5).p,
		                        arena_format(f->arena, "%zu Road %zu, NM%zu %zuAA", i + 1, i, i % 90 + 1, i % 10).p)
		                     .number;
	for (int start = 0; start < 2; start++) {
		size_t all = 0;
		fixture_reopen(f);
		MUST(f, people_start(f->book, &options, &t->people, &f->err));
		for (size_t i = 0; i < GROUPS * ALIKE; i++)
			all += proposed_on(t, numbers[i]);
		assert_int_equal(all, GROUPS * (0 + 1 + 2 + (ALIKE - 3) * 3));
		people_stop(t->people);
		t->people = NULL;
	}
}

static void six_proposals_by_somebody_do_not_silence_the_register(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct str child = open_child(t, "Rose Dale", "01/02/2013", "3 Weir Street, Northmere NM5 5AA").number;
	struct str like = open_child(t, "W", "01/02/2013", "1 Quay Street").number;
	for (size_t i = 0; i < 6; i++) {
		struct str other = open_child(t, "Nobody", "1970", "2 Quay Street").number;
		(void)admitted(f, &t->worker->actor, "link.proposed", like,
		               fields_of(f, arena_format(f->arena, "{'other':'%.*s','what':'plate'}", STR_ARG(other)).p));
	}
	(void)admitted(f, &t->worker->actor, "person.known", like,
	               fields_of(f, "{'what':['name','home'],'names':['Rose Dale'],"
	                            "'home':['3 Weir Street, Northmere NM5 5AA'],'identifiers':['07700 900123']}"));
	assert_int_equal(proposed(t, like, child, NULL), 1);
}

/* A car that somebody says two share says nothing of whether they are one. */
static void what_somebody_found_alike_hides_no_person(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct str child = open_child(t, "Rose Dale", "01/02/2013", "3 Weir Street, Northmere NM5 5AA").number;
	struct str like = open_child(t, "W", "01/02/2013", "1 Quay Street").number;
	(void)admitted(f, &t->worker->actor, "link.proposed", like,
	               fields_of(f, arena_format(f->arena, "{'other':'%.*s','what':'plate'}", STR_ARG(child)).p));
	(void)admitted(f, &t->worker->actor, "person.known", like,
	               fields_of(f, "{'what':['name','home'],'names':['Rose Dale'],"
	                            "'home':['3 Weir Street, Northmere NM5 5AA'],'identifiers':['07700 900123']}"));
	assert_int_equal(proposed(t, like, child, NULL), 1);
	/* It was said once: whatever else is said of the two, it is not said again. */
	(void)admitted(f, &t->worker->actor, "link.proposed", like,
	               fields_of(f, arena_format(f->arena, "{'other':'%.*s','what':'plate'}", STR_ARG(child)).p));
	(void)admitted(f, &t->worker->actor, "person.known", like,
	               fields_of(f, "{'what':['number'],'identifiers':['07700 900124']}"));
	assert_int_equal(proposed(t, like, child, NULL), 1);
}

/* The register found one account first; that they may be one person is news after it. */
static void what_the_register_found_alike_hides_no_person(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct str what = STR("");
	struct str child = admitted(f, &t->worker->actor, "person.opened", STR_NONE,
	                            fields_of(f, "{'birth-known':'no','names':['Rose Dale'],'birth':'01/02/2013','home':['3 Weir Street, "
	                                         "Northmere NM5 5AA'],'identifiers':['rosie_d_13']}"))
	                           .number;
	struct str like = admitted(f, &t->worker->actor, "person.opened", STR_NONE,
	                           fields_of(f, "{'birth-known':'no','names':['Winston Achebe'],'identifiers':['rosie_d_13']}"))
	                          .number;
	assert_int_equal(proposed(t, like, child, &what), 1);
	assert_false(str_eq(what, STR("person")));
	(void)admitted(f, &t->worker->actor, "person.known", like,
	               fields_of(f, "{'what':['name','home'],'names':['Rose Dale'],'home':['3 Weir Street, Northmere NM5 5AA']}"));
	assert_int_equal(proposed(t, like, child, &what), 2);
	assert_true(str_eq(what, STR("person")));
}

/* By any kind that links, and by a proposal: a file is no other. */
static void nothing_is_linked_or_proposed_with_itself(void **state)
{
	static const char *const KINDS[] = { "link.proposed", "person.kept-apart", "person.joined", "link.made" };
	static const char *const FIELDS[] = { "'other':", "'other':", "'other':", "'sibling':" };
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct str child = open_child(t, "Rose Dale", "01/02/2013", "3 Weir Street, Northmere NM5 5AA").number;
	for (size_t i = 0; i < COUNT_OF(KINDS); i++) {
		const char *more = arena_format(f->arena, ",'evidence':[%" PRId64 "],'reasons':'x'", file_named(f, child).first_entry).p;
		const char *text = arena_format(f->arena, "{%s'%.*s'%s}", FIELDS[i], STR_ARG(child),
		                                i == 0 ? ",'what':'plate'" : i == 3 ? "" : more)
		                           .p;
		struct casebook_answer answer = act(f, &t->worker->actor, KINDS[i], child, fields_of(f, text));
		assert_int_equal(answer.outcome, CASEBOOK_REFUSED);
		assert_true(str_find_str(answer.sentence, STR("hat is this file itself")) < answer.sentence.n);
	}
	/* Nor is a blank a name. */
	struct casebook_answer blank = act(f, &t->worker->actor, "person.opened", STR_NONE,
	                                    fields_of(f, "{'birth-known':'no','names':['',' ']}"));
	assert_int_equal(blank.outcome, CASEBOOK_FAILED);
	assert_int_equal(blank.error_count, 1);
	assert_true(str_eq(blank.errors[0].field, STR("names")));
}

static void one_car_of_two_children_is_proposed(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct str what = STR("");
	struct str one = admitted(f, &t->worker->actor, "thing.opened", STR_NONE,
	                          fields_of(f, "{'sort':'vehicle','mark':['AB12 CDE']}"))
	                         .number;
	struct str two = admitted(f, &t->worker->actor, "thing.opened", STR_NONE,
	                          fields_of(f, "{'sort':'vehicle','mark':['AB12CDE']}"))
	                         .number;
	assert_int_equal(proposed(t, two, one, &what), 1);
	assert_true(str_eq(what, STR("plate")));
}

static void a_car_that_a_concern_names_is_proposed_to_the_thing_that_bears_its_plate(void **state)
{
	static const char *const WHERE[] = { "In a car, AB12 CDE, outside school", "silver Corsa (ab12cde)" };
	static const char *const NONE[] = { "On the A1066", "Room 101, 12 Mill Lane", "NM2 3AB", "Flat 12b the Maltings",
		                            "Year10 boys" };
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct str what = STR("");
	struct str car = admitted(f, &t->worker->actor, "thing.opened", STR_NONE,
	                          fields_of(f, "{'sort':'vehicle','mark':['AB12 CDE']}"))
	                         .number;
	for (size_t i = 0; i < COUNT_OF(WHERE); i++) {
		struct str told = tell(t, arena_format(f->arena, ",'where':'%s'", WHERE[i]).p).number;
		assert_true(proposed(t, told, car, &what) >= 1);
		assert_true(str_eq(what, STR("plate")));
	}
	for (size_t i = 0; i < COUNT_OF(NONE); i++) {
		struct subject *subject = arena_alloc(f->arena, 1, sizeof *subject);
		struct casebook_claim_text text = { PACK_MATCHED_PLACE, str_from_c(NONE[i]) };
		subject_of(&text, 1, f->arena, subject);
		for (size_t m = 0; m < subject->mark_count; m++)
			assert_int_equal(subject->marks[m].how, PEOPLE_PLACE);
	}
}

/* Two concerns about one child share a home: that is no news, and of two strangers it is. */
static void what_brothers_and_sisters_share_is_not_proposed(void **state)
{
	struct town *t = *state;
	struct str rose = open_child(t, "Rose Dale", "01/02/2013", "3 Weir Street, Northmere NM5 5AA").number;
	struct str child = arena_format(t->e->f.arena, ",'child-file':'%.*s','home':'3 Weir Street, Northmere NM5 5AA'", STR_ARG(rose));
	struct str one = tell(t, child.p).number;
	struct str two = tell(t, child.p).number;
	struct str stranger = tell(t, ",'child':'Tom','home':'3 Weir Street, Northmere NM5 5AA'").number;
	assert_int_equal(proposed(t, two, one, NULL), 0);
	assert_int_equal(proposed(t, two, rose, NULL), 0);
	assert_int_equal(proposed(t, stranger, two, NULL) + proposed(t, stranger, one, NULL) + proposed(t, stranger, rose, NULL), 3);
}

#define AT_HOME "'home':['3 Weir Street, Northmere NM5 5AA']"

static struct str opens_at(struct town *t, const char *kind, const char *name, const char *more)
{
	struct fixture *f = &t->e->f;
	bool is_child = strcmp(kind, "person.opened") == 0;
	struct str fields = arena_format(f->arena, "{%s'names':['%s'],%s}", is_child ? "'birth-known':'no'," : "", name, more);
	return admitted(f, &t->worker->actor, kind, STR_NONE, fields_of(f, fields.p)).number;
}

/* Whoever they are, and whether it is the home, its telephone or both; what one alone has is nobody else's. */
static void a_home_and_its_telephone_are_a_familys(void **state)
{
	static const char *const KINDS[] = { "person.opened", "adult.opened" };
	static const char *const NAMES[] = { "Rose Dale", "Winston Achebe", "Tom Okoro", "Ines Brandt" };
	struct town *t = *state;
	struct str files[COUNT_OF(NAMES)];
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		files[i] = opens_at(t, KINDS[i % 2], NAMES[i],
		                    i % 2 ? AT_HOME ",'identifiers':['tel 07700 900123 (mum)']" :
		                            AT_HOME ",'identifiers':['+44 7700 900123']");
		for (size_t j = 0; j < i; j++)
			assert_int_equal(proposed(t, files[i], files[j], NULL), 0);
	}
	struct str one = opens_at(t, "person.opened", "Ada Finch", "'identifiers':['rosie_d_13']");
	struct str two = opens_at(t, "adult.opened", "Max Huber", "'identifiers':['rosie_d_13']");
	assert_int_equal(proposed(t, two, one, NULL), 1);
}

/* Networks are seen child by child where nobody sees that two whom different concerns name share a telephone. */
static void a_telephone_of_two_concerns_is_proposed(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct str files[3], first = tell(t, ",'child':'Rose'").number, second = tell(t, ",'child':'Tom'").number;
	const struct str concerns[] = { first, first, second };
	static const char *const NAMES[] = { "Deano", "Winston Achebe", "Big Tone" };
	for (size_t i = 0; i < COUNT_OF(files); i++)
		files[i] = opens_at(t, "adult.opened", NAMES[i],
		                    arena_format(f->arena, "'named-in':'%.*s','identifiers':['07700 900123']", STR_ARG(concerns[i])).p);
	assert_int_equal(proposed(t, files[1], files[0], NULL), 0); /* of one concern: they belong together already */
	assert_int_equal(proposed(t, files[2], files[0], NULL), 1);
	assert_int_equal(proposed(t, files[2], files[1], NULL), 1);
	/* One that is a matter of its own is nobody's home. */
	struct str thing = admitted(f, &t->worker->actor, "thing.opened", STR_NONE,
	                            fields_of(f, "{'sort':'phone','mark':['07700 900123']}"))
	                           .number;
	assert_int_equal(proposed(t, thing, files[0], NULL), 1);
}

/* Whoever may not read the words now is told nothing by them, and no proposal tells of them. */
static void what_is_restricted_is_shown_and_proposed_to_nobody_who_may_not_read_it(void **state)
{
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct people_found found[PEOPLE_FOUND_MAX];
	struct casebook_answer rose = open_child(t, "Rose Dale", "01/02/2013", "3 Weir Street, Northmere NM5 5AA");
	const struct person *head = england_holder(t->e, "head-of-service");
	assert_int_equal(find_in(t, t->people, "Rose Dale, 1 February 2013", found), 1);
	bool before, after;
	{
		CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
		MUST(f, casebook_may_claim(reader, &t->manager->viewer, found[0].file, found[0].entry, &before, &f->err));
	}
	admitted(f, &head->actor, "restriction.placed", rose.file,
	         fields_of(f, "{'reason':'live-investigation','until':'2026-04-10',"
	                      "'who':['head-of-service','independent-scrutineer'],'reasons':'It is under way.'}"));
	struct str concern = tell(t, ",'child':'Rose Dale','born':'1 February 2013','home':'3 Weir Street, NM5 5AA'").number;
	assert_int_equal(proposed(t, concern, rose.number, NULL), 0);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_may_claim(reader, &t->manager->viewer, found[0].file, found[0].entry, &after, &f->err));
	assert_true(before);
	assert_false(after);
}

/* --- what very many share --------------------------------------------------------------------- */

struct only {
	int64_t file;
};

static bool may_see_one(void *ctx, const struct people_found *found, bool *may, struct err *err)
{
	const struct only *only = ctx;
	(void)err;
	*may = found->file == only->file;
	return true;
}

static void what_one_may_read_is_not_crowded_out_by_what_one_may_not(void **state)
{
	enum { CROWD = 70 };
	struct town *t = *state;
	struct fixture *f = &t->e->f;
	struct people_shown shown;
	struct people_found found[PEOPLE_FOUND_MAX];
	for (size_t i = 0; i < CROWD; i++)
		(void)open_child(t, "Rose Dale", "01/02/2013", "3 Weir Street, Northmere NM5 5AA");
	struct str mine = open_child(t, "Rosie Dale", "02/02/2013", "77 Station Way, Northmere NM9 8ZZ").number;
	struct only only = { file_named(f, mine).n };
	size_t count = find_in(t, t->people, "Rose Dale, 1 February 2013", found);
	for (size_t i = 0; i < count; i++)
		assert_int_not_equal(found[i].file, only.file);
	MUST(f, people_find_for(t->people, STR("Rose Dale, 1 February 2013"), f->arena, may_see_one, &only, &shown, &f->err));
	assert_int_equal(shown.count, 1);
	assert_int_equal(shown.at[0].file, only.file);
	assert_true(shown.at[0].reasons.count > 0);
	assert_false(shown.is_cut);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TOWN(somebody_is_found_however_the_name_is_written),
		TOWN(one_half_of_a_name_or_a_street_is_enough_to_look_for),
		TOWN(any_two_words_of_a_name_find_it_in_a_crowd),
		TOWN(of_many_who_share_a_surname_the_best_are_shown_as_some),
		TOWN(an_older_name_and_an_older_home_are_found_too),
		TOWN(all_names_homes_and_numbers_of_one_entry_are_found),
		TOWN(a_number_is_found_and_proposed_by_with_its_name_before_it),
		TOWN(nobody_is_found_by_the_words_of_whoever_told),
		TOWN(a_plate_is_found_to_the_letter),
		TOWN(what_was_read_turn_by_turn_is_what_is_read_at_once),
		TOWN(what_is_compared_is_told_as_it_was_written_with_the_entry_that_says_so),
		TOWN(what_a_pair_was_proposed_for_is_shown_as_each_wrote_it),
		TOWN(a_new_concern_is_proposed_to_the_child_it_may_be_about),
		TOWN(one_thing_alone_is_proposed_of_nobody),
		TOWN(a_whole_name_that_hardly_anybody_bears_is_proposed_by_itself),
		TOWN(what_somebody_is_called_is_enough_beside_one_thing_more),
		TOWN(two_who_are_called_alike_with_one_telephone_are_proposed),
		TOWN(a_girl_whom_nobody_names_is_nobody_by_her_name),
		TOWN(those_who_are_said_to_be_two_are_not_proposed),
		TOWN(nobody_reads_a_file_because_another_is_not_the_same),
		TOWN(what_was_not_proposed_before_a_stop_is_proposed_after_it),
		TOWN(another_start_proposes_nothing_more_of_the_same),
		TOWN(very_many_are_proposed_at_one_start_as_by_any_other),
		TOWN(six_proposals_by_somebody_do_not_silence_the_register),
		TOWN(what_somebody_found_alike_hides_no_person),
		TOWN(what_the_register_found_alike_hides_no_person),
		TOWN(nothing_is_linked_or_proposed_with_itself),
		TOWN(one_car_of_two_children_is_proposed),
		TOWN(a_car_that_a_concern_names_is_proposed_to_the_thing_that_bears_its_plate),
		TOWN(what_brothers_and_sisters_share_is_not_proposed),
		TOWN(a_home_and_its_telephone_are_a_familys),
		TOWN(a_telephone_of_two_concerns_is_proposed),
		TOWN(what_is_restricted_is_shown_and_proposed_to_nobody_who_may_not_read_it),
		TOWN(what_one_may_read_is_not_crowded_out_by_what_one_may_not),
	};
	return cmocka_run_group_tests(tests, found_england, forget_england);
}
