/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Advice on words: named in plain on an office's own entry, counted by office, and no more. */
#include "casebook/dump.h"
#include "casebook/owed.h"

#define MONTH (INT64_C(2026) * 12 + 10) /* November */

static struct casebook_entry entry_of(struct fixture *f, int64_t index)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_entry entry;
	MUST(f, casebook_entry_get(reader, f->arena, index, &entry, &f->err));
	return entry;
}

static struct str advised_on(struct fixture *f, int64_t index)
{
	struct casebook_entry entry = entry_of(f, index);
	const struct json *names = json_member(entry.plain, STR("advised"));
	struct str out = STR("");
	for (const struct json *name = names ? names->first : NULL; name; name = name->next)
		out = arena_format(f->arena, "%.*s%s%.*s", STR_ARG(out), out.n ? " " : "",
		                   STR_ARG(name->string));
	return out;
}

static struct casebook_answer looked(struct fixture *f, const struct person *by, struct str file,
                                     const char *basis)
{
	struct json *fields = (struct json *)(uintptr_t)fields_of(
		f, "{'checked':['own-files','police','health','school'],'danger':'possible'}");
	json_put_text(f->arena, fields, STR("basis"), str_from_c(basis));
	return admitted(f, &by->actor, "concern.looked", file, fields);
}

static int64_t counted(struct fixture *f, struct str office, const char *word, int64_t first,
                       int64_t end)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	const struct casebook_advised *rows;
	size_t count;
	int64_t n = 0;
	MUST(f, casebook_advised(reader, f->arena, first, end, &rows, &count, &f->err));
	for (size_t i = 0; i < count; i++)
		if (str_eq(rows[i].office, office) && str_eq(rows[i].word, str_from_c(word)))
			n += rows[i].count;
	return n;
}

static void an_office_is_advised_and_its_words_are_kept(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "She is promiscuous, they say.");
	static const char TEXT[] =
		"A lifestyle choice; PROMISCUOUS,  promiscuous. He wrote \"risk-taking\".";
	struct casebook_answer entry = looked(f, &screener, concern.number, TEXT);
	assert_true(str_eq(advised_on(f, concern.index), STR("")));
	assert_true(str_eq(advised_on(f, entry.index), STR("lifestyle-choice promiscuous")));

	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_viewer viewer = { .actor = screener.actor };
	const struct json *sealed;
	enum casebook_seal how;
	MUST(f, casebook_open_seal(reader, &viewer, entry.index, f->arena, &how, &sealed, &f->err));
	assert_true(str_eq(json_text(sealed, STR("basis")), str_from_c(TEXT)));
}

static void who_writes_plainly_is_told_nothing(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_answer entry = looked(f, &screener, concern.number, "Seen at school.");
	assert_null(json_member(entry_of(f, entry.index).plain, STR("advised")));
}

static void own_words_taken_down_by_an_office_are_not_looked_at(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer call = admitted(
		f, &screener.actor, "concern.received", STR_NONE,
		fields_of(f, "{'happening':'She is promiscuous','said':'lifestyle choice',"
	                     "'harm':['physical'],'danger-now':'no','channel':'phone',"
	                     "'harm-sign':'no','source':'neighbour','where':'risk-taking'}"));
	assert_true(str_eq(advised_on(f, call.index), STR("risk-taking")));
}

static void it_is_counted_by_office_and_month(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct str office = screener.actor.office;
	looked(f, &screener, concern.number, "promiscuous and promiscuous");
	looked(f, &screener, concern.number, "promiscuity");
	assert_int_equal(counted(f, office, "promiscuous", MONTH, MONTH + 1), 2);
	assert_int_equal(counted(f, office, "promiscuous", MONTH - 1, MONTH), 0);
	assert_int_equal(counted(f, office, "risk-taking", MONTH, MONTH + 1), 0);
	later(f, 10 * INSTANT_PER_DAY);
	looked(f, &screener, concern.number, "promiscuous, with risk-taking");
	assert_int_equal(counted(f, office, "promiscuous", MONTH, MONTH + 1), 2);
	assert_int_equal(counted(f, office, "promiscuous", MONTH - 1, MONTH + 2), 3);
	assert_int_equal(counted(f, office, "risk-taking", MONTH + 1, MONTH + 2), 1);
}

static void an_import_is_counted_too(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_act old = {
		.actor = screener.actor,
		.via = CASEBOOK_IMPORT,
		.kind = STR("concern.looked"),
		.file = concern.number,
		.fields = fields_of(f, "{'checked':['own-files'],'danger':'possible',"
		                       "'basis':'promiscuous'}"),
	};
	struct casebook_answer answer;
	MUST(f, casebook_submit(f->book, &old, f->arena, &answer, &f->err));
	assert_int_equal(answer.outcome, CASEBOOK_ADMITTED);
	assert_int_equal(counted(f, screener.actor.office, "promiscuous", MONTH, MONTH + 1), 1);
}

static void the_count_is_made_anew_from_the_entries(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	looked(f, &screener, concern.number, "promiscuous, lifestyle choice");
	looked(f, &screener, concern.number, "promiscuous");
	struct buf before = dump(f);
	assert_true(str_find_str(buf_str(&before), STR("word=promiscuous n=2")) < before.n);
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	struct buf after = dump(f);
	assert_same_dump(&before, &after);
	buf_finish(&before);
	buf_finish(&after);
	struct casebook_verified found;
	MUST(f,
	     casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	assert_true(found.ok);
}

static void advice_before_an_act_is_that_of_the_act(void **state)
{
	struct fixture *f = *state;
	struct casebook_answer concern = report(f, "He is alone at night.");
	struct casebook_file file = file_named(f, concern.number);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	const struct casebook_advice *advice;
	size_t count;
	MUST(f,
	     casebook_advice(reader, f->arena, STR("concern.looked"), &file,
	                     fields_of(f, "{'basis':'It was Risk-taking','danger':'promiscuous'}"),
	                     &advice, &count, &f->err));
	assert_int_equal(count, 1);
	assert_true(str_eq(advice[0].field, STR("basis")));
	assert_true(str_eq(advice[0].found, STR("Risk-taking")));
	MUST(f, casebook_advice(reader, f->arena, STR("note.made"), &file,
	                        fields_of(f, "{'text':'promiscuous'}"), &advice, &count, &f->err));
	assert_int_equal(count, 1);
	MUST(f, casebook_advice(reader, f->arena, STR("no.such"), NULL, fields_of(f, "{}"), &advice,
	                        &count, &f->err));
	assert_int_equal(count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(an_office_is_advised_and_its_words_are_kept),
		PROVES(who_writes_plainly_is_told_nothing),
		PROVES(own_words_taken_down_by_an_office_are_not_looked_at),
		PROVES(it_is_counted_by_office_and_month),
		PROVES(an_import_is_counted_too),
		PROVES(the_count_is_made_anew_from_the_entries),
		PROVES(advice_before_an_act_is_that_of_the_act),
	};
	return PROVE(tests);
}
