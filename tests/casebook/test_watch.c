/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What happens to whoever raised something is told where they raised it, as long as the pack watches. */
#include "casebook/changed_pack.h"
#include "casebook/dump.h"
#include "casebook/owed.h"

static void with_watching(struct fixture *f)
{
	static const struct text_change CHANGES[] = {
		{ "kinds/concern.yaml", "  opens: [T01, T02, T03]\n", "  watches: { days: 60 }\n  opens: [T01, T02, T03]\n" },
		{ "kinds/note.yaml", "note.made:\n",
		  "restriction.placed:\n"
		  "  title: Fewer people may read it\n"
		  "  file: concern\n"
		  "  by: [head-of-service]\n"
		  "  fields:\n"
		  "    - { name: until, type: date, required: yes }\n"
		  "    - { name: who, type: office, repeated: yes, max-items: 10, required: yes }\n"
		  "    - { name: restriction, type: duty, of: [T02] }\n"
		  "  restricts: { until: until, to: who, of: restriction }\n"
		  "  opens: [{ duty: T02, owed-by: head-of-service }]\n"
		  "note.made:\n" },
	};
	found_by(f, changed_all(f, "version: 0.2.0", CHANGES, COUNT_OF(CHANGES)));
}

static struct casebook_answer raised(struct fixture *f, const struct person *by)
{
	return admitted(f, &by->actor, "concern.received", STR_NONE,
	                fields_of(f, "{'source':'school','happening':'They told me to leave it out.','harm':['neglect'],"
	                             "'danger-now':'no','harm-sign':'no','channel':'phone'}"));
}

static void ended(struct fixture *f, struct str account)
{
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("account"), account);
	admitted(f, &BY_REGISTER, "account.ended", STR("R-1"), fields);
}

/* What was told on the file, in order, with blanks between; each names the entry by which the file began. */
static const char *told_on(struct fixture *f, const struct casebook_answer *began)
{
	struct buf out;
	struct casebook_entry entry;
	struct err none = { 0 };
	int64_t file = file_named(f, began->number).n;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	buf_init(&out, 1024);
	for (int64_t i = began->index; casebook_entry_get(reader, f->arena, i, &entry, &none); i++) {
		if (entry.file != file || !str_eq(entry.kind, STR("writer.changed")))
			continue;
		assert_int_equal(entry.by, CASEBOOK_BY_REGISTER);
		assert_int_equal(json_number(entry.plain, STR("of"), -1), began->index);
		assert_false(json_member(entry.plain, STR("account")));
		buf_format(&out, "%s%.*s", out.n ? " " : "", STR_ARG(json_text(entry.plain, STR("what"))));
	}
	const char *text = str_to_c(f->arena, arena_copy(f->arena, buf_str(&out)));
	buf_finish(&out);
	return text;
}

static void who_leaves_moves_or_ends_is_told_on_what_they_raised(void **state)
{
	struct fixture *f = *state;
	with_watching(f);
	struct person amara = person(f, "amara", "screener"), before = amara, wanda = person(f, "wanda", "police-officer");
	struct casebook_answer first = raised(f, &amara), other = raised(f, &wanda), second = raised(f, &amara);
	assert_string_equal(told_on(f, &first), "");
	leave(f, &amara);
	assert_string_equal(told_on(f, &first), "left");
	assert_string_equal(told_on(f, &second), "left");
	later(f, INSTANT_PER_MINUTE);
	hold(f, &amara, "screener");
	assert_string_equal(told_on(f, &first), "left returned");
	hold(f, &amara, "social-worker"); /* one office more is no change */
	assert_string_equal(told_on(f, &first), "left returned");
	leave(f, &before);
	assert_string_equal(told_on(f, &first), "left returned moved");
	ended(f, amara.account);
	assert_string_equal(told_on(f, &first), "left returned moved ended");
	assert_string_equal(told_on(f, &second), "left returned moved ended");
	assert_string_equal(told_on(f, &other), "");
}

static void it_is_told_for_as_long_as_the_pack_watches(void **state)
{
	struct fixture *f = *state;
	with_watching(f);
	struct person amara = person(f, "amara", "screener"), stella = person(f, "stella", "police-sergeant");
	struct casebook_answer old = raised(f, &amara);
	later(f, 59 * INSTANT_PER_DAY);
	struct casebook_answer of_another = raised(f, &stella);
	struct casebook_answer anonymous = report(f, "He is alone at night.");
	leave(f, &amara);
	assert_string_equal(told_on(f, &old), "left");
	hold(f, &amara, "screener");
	later(f, 2 * INSTANT_PER_DAY);
	struct casebook_answer young = raised(f, &amara);
	ended(f, amara.account);
	assert_string_equal(told_on(f, &old), "left returned");
	assert_string_equal(told_on(f, &young), "ended");
	assert_string_equal(told_on(f, &of_another), "");
	assert_string_equal(told_on(f, &anonymous), "");
}

static void read_by(struct fixture *f, const struct person *who, int64_t entry)
{
	enum casebook_seal how;
	const struct json *sealed;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_open_seal(reader, &who->viewer, entry, f->arena, &how, &sealed, &f->err));
	assert_int_equal(how, CASEBOOK_SEAL_OPEN);
}

/* For the director alone. */
static struct casebook_answer renewed(struct fixture *f, const struct person *by, const struct casebook_answer *placed,
                                      struct str number)
{
	struct json *fields = (struct json *)(uintptr_t)fields_of(f, "{'until':'2026-12-20','who':['dcs']}");
	json_put_text(f->arena, fields, STR("restriction"),
	              arena_format(f->arena, "D%lld.1", (long long)placed->index));
	return admitted(f, &by->actor, "restriction.placed", number, fields);
}

static void words_that_they_had_read_are_closed_to_them(void **state)
{
	struct fixture *f = *state;
	with_watching(f);
	struct person amara = person(f, "amara", "screener"), hana = person(f, "hana", "head-of-service");
	struct casebook_answer raise = raised(f, &amara), one = report(f, "One."), two = report(f, "Two."),
			       three = report(f, "Three.");
	read_by(f, &amara, two.index);
	read_by(f, &amara, three.index);
	admitted(f, &hana.actor, "restriction.placed", one.number,
	         fields_of(f, "{'until':'2026-12-01','who':['dcs']}"));
	assert_string_equal(told_on(f, &raise), ""); /* not read before */
	admitted(f, &hana.actor, "restriction.placed", two.number,
	         fields_of(f, "{'until':'2026-12-01','who':['screener']}"));
	assert_string_equal(told_on(f, &raise), ""); /* named among those who read on */
	struct casebook_answer placed = admitted(f, &hana.actor, "restriction.placed", three.number,
	                                         fields_of(f, "{'until':'2026-12-01','who':['dcs']}"));
	assert_string_equal(told_on(f, &raise), "kept-out");
	placed = renewed(f, &hana, &placed, three.number);
	assert_string_equal(told_on(f, &raise), "kept-out"); /* not anew */
}

static void a_renewal_that_names_them_no_more_closes_it_to_them_too(void **state)
{
	struct fixture *f = *state;
	with_watching(f);
	struct person amara = person(f, "amara", "screener"), hana = person(f, "hana", "head-of-service");
	struct casebook_answer raise = raised(f, &amara), one = report(f, "One.");
	read_by(f, &amara, one.index);
	struct casebook_answer placed = admitted(f, &hana.actor, "restriction.placed", one.number,
	                                         fields_of(f, "{'until':'2026-12-01','who':['dcs','screener']}"));
	assert_string_equal(told_on(f, &raise), "");
	placed = renewed(f, &hana, &placed, one.number);
	assert_string_equal(told_on(f, &raise), "kept-out");
	(void)renewed(f, &hana, &placed, one.number);
	assert_string_equal(told_on(f, &raise), "kept-out");
}

static void refolding_tells_the_same_and_verify_is_clean(void **state)
{
	struct fixture *f = *state;
	struct casebook_verified verified;
	with_watching(f);
	struct person amara = person(f, "amara", "screener");
	raised(f, &amara);
	raised(f, &amara);
	leave(f, &amara);
	ended(f, amara.account);
	struct buf before = dump(f);
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	struct buf after = dump(f);
	assert_same_dump(&before, &after);
	buf_finish(&before);
	buf_finish(&after);
	casebook_close(f->book);
	f->book = NULL;
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &verified, &f->err));
	assert_true(verified.ok);
	fixture_open(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(who_leaves_moves_or_ends_is_told_on_what_they_raised),
		PROVES(it_is_told_for_as_long_as_the_pack_watches),
		PROVES(words_that_they_had_read_are_closed_to_them),
		PROVES(a_renewal_that_names_them_no_more_closes_it_to_them_too),
		PROVES(refolding_tells_the_same_and_verify_is_clean),
	};
	return PROVE(tests);
}
