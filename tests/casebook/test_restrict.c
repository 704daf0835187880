/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Restrictions: whose words fewer may read, until when, and that nothing of their existence is hidden. */
#include "casebook/changed_pack.h"
#include "casebook/dump.h"
#include "casebook/owed.h"

#define FIELDS                                                                                                        \
	"    - { name: until, type: date, required: yes }\n"                                                           \
	"    - { name: who, type: office, repeated: yes, max-items: 10, required: yes }\n"                                            \
	"    - { name: entries, type: entry, repeated: yes, max-items: 10 }\n"                                                        \
	"    - { name: reason, type: code, codes: [live-investigation, staff-subject] }\n"                             \
	"    - { name: reasons, type: text, max: 1000 }\n"

static void with_restrictions(struct fixture *f)
{
	static const struct text_change CHANGES[] = {
		{ "kinds/note.yaml", "note.made:\n",
		  "restriction.placed:\n"
		  "  title: Fewer people may read it\n"
		  "  file: concern\n"
		  "  from: any\n"
		  "  by: [head-of-service]\n"
		  "  fields:\n" FIELDS
		  "  restricts: { until: until, to: who, entries: entries, reason: reason }\n"
		  "  opens: [{ duty: T02, owed-by: head-of-service }]\n"
		  "restriction.renewed:\n"
		  "  title: The restriction was justified again\n"
		  "  file: concern\n"
		  "  from: any\n"
		  "  by: [head-of-service]\n"
		  "  fields:\n" FIELDS
		  "    - { name: restriction, type: duty, of: [T02], required: yes }\n"
		  "  restricts: { until: until, to: who, entries: entries, reason: reason, of: restriction }\n"
		  "  settles: [{ duty: T02, only: field restriction }]\n"
		  "  opens: [{ duty: T02, owed-by: head-of-service }]\n"
		  "restriction.lifted:\n"
		  "  title: The restriction was lifted\n"
		  "  file: concern\n"
		  "  from: any\n"
		  "  by: [head-of-service]\n"
		  "  fields:\n"
		  "    - { name: entries, type: entry, repeated: yes, max-items: 10 }\n"
		  "    - { name: restriction, type: duty, of: [T02], required: yes }\n"
		  "  lifts: { entries: entries, of: restriction }\n"
		  "note.made:\n" },
		{ "offices.yaml", "icb-nurse, partnership-chair], reads: [{ what: sample }]",
		  "icb-nurse, partnership-chair], reads: [{ what: children }]" },
	};
	found_by(f, changed_all(f, "version: 0.2.0", CHANGES, COUNT_OF(CHANGES)));
}

static size_t restrictions(struct fixture *f, const struct casebook_restriction **out)
{
	struct casebook_restriction_list list;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_restrictions_in_force(reader, f->arena, STR(""), INSTANT_MIN, 0, 100, &list, &f->err));
	*out = list.at;
	return list.count;
}

static struct json *of_entries(struct fixture *f, const char *text, int64_t entry)
{
	struct json *fields = (struct json *)(uintptr_t)fields_of(f, text);
	if (entry >= 0) {
		struct json *entries = json_array(f->arena);
		json_push(entries, json_integer(f->arena, entry));
		json_put(fields, STR("entries"), entries);
	}
	return fields;
}

static struct casebook_answer placed(struct fixture *f, const struct person *head, struct str file, int64_t entry)
{
	return admitted(f, &head->actor, "restriction.placed", file,
	                of_entries(f, "{'until':'2026-12-01','who':['police-commander'],"
	                              "'reason':'live-investigation','reasons':'It would warn them.'}",
	                           entry));
}

static struct json *renewing(struct fixture *f, int64_t placed, const char *text, int64_t entry)
{
	struct json *fields = of_entries(f, text, entry);
	json_put_text(f->arena, fields, STR("restriction"),
	              arena_format(f->arena, "D%lld.1", (long long)placed));
	return fields;
}

struct cast {
	struct person head, manager, commander, scrutineer;
	struct casebook_answer concern, note;
};

static struct cast begin(struct fixture *f)
{
	struct cast cast;
	with_restrictions(f);
	cast.head = person(f, "hana", "head-of-service");
	cast.manager = person(f, "tomas", "team-manager");
	cast.commander = person(f, "paul", "police-commander");
	cast.scrutineer = person(f, "ines", "independent-scrutineer");
	cast.concern = report(f, "He is driven to a takeaway.");
	cast.note = admitted(f, &cast.manager.actor, "note.made", cast.concern.number,
	                     fields_of(f, "{'text':'The car is known.'}"));
	return cast;
}

static void words_open_for_those_named_and_for_independent_offices_alone(void **state)
{
	struct fixture *f = *state;
	struct cast c = begin(f);
	struct casebook_answer by = placed(f, &c.head, c.concern.number, -1);
	assert_int_equal(seal_of(f, &c.manager, c.concern.index), CASEBOOK_SEAL_RESTRICTED);
	assert_int_equal(seal_of(f, &c.manager, c.note.index), CASEBOOK_SEAL_RESTRICTED);
	assert_int_equal(seal_of(f, &c.manager, by.index), CASEBOOK_SEAL_RESTRICTED);
	assert_int_equal(seal_of(f, &c.commander, c.concern.index), CASEBOOK_SEAL_OPEN);
	assert_int_equal(seal_of(f, &c.head, c.concern.index), CASEBOOK_SEAL_OPEN);
	assert_int_equal(seal_of(f, &c.scrutineer, c.concern.index), CASEBOOK_SEAL_OPEN);
}

static void that_there_are_words_is_hidden_from_nobody(void **state)
{
	struct fixture *f = *state;
	struct cast c = begin(f);
	placed(f, &c.head, c.concern.number, -1);
	struct casebook_entry entry;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_entry_get(reader, f->arena, c.note.index, &entry, &f->err));
	assert_true(entry.is_sealed);
	assert_true(duties_of(f, c.concern.number).count > 0);
	struct casebook_access access;
	MUST(f, casebook_may(reader, &c.manager.viewer, file_named(f, c.concern.number).n, &access, &f->err));
	assert_true(access.may_know);
	assert_true(access.may_open); /* what is not restricted */
}

static void named_entries_are_hidden_and_others_are_not(void **state)
{
	struct fixture *f = *state;
	struct cast c = begin(f);
	placed(f, &c.head, c.concern.number, c.note.index);
	assert_int_equal(seal_of(f, &c.manager, c.note.index), CASEBOOK_SEAL_RESTRICTED);
	assert_int_equal(seal_of(f, &c.manager, c.concern.index), CASEBOOK_SEAL_OPEN);
	struct casebook_answer other = report(f, "Another matter.");
	REFUSED(f,
	        act(f, &c.head.actor, "restriction.placed", c.concern.number,
	            of_entries(f, "{'until':'2026-12-01','who':['police-commander']}", other.index)),
	        "other-file");
}

static void it_ends_with_its_day_by_itself(void **state)
{
	struct fixture *f = *state;
	const struct casebook_restriction *found;
	struct cast c = begin(f);
	placed(f, &c.head, c.concern.number, -1);
	assert_int_equal(restrictions(f, &found), 1);
	assert_true(found[0].is_whole);
	assert_true(str_eq(found[0].reason, STR("live-investigation")));
	assert_int_equal(found[0].until, FIXTURE_START + 5 * INSTANT_PER_DAY + 14 * INSTANT_PER_HOUR);
	later(f, 5 * INSTANT_PER_DAY + 13 * INSTANT_PER_HOUR);
	assert_int_equal(seal_of(f, &c.manager, c.note.index), CASEBOOK_SEAL_RESTRICTED);
	later(f, INSTANT_PER_HOUR);
	assert_int_equal(seal_of(f, &c.manager, c.note.index), CASEBOOK_SEAL_OPEN);
	assert_int_equal(restrictions(f, &found), 0);
}

static void a_renewal_takes_its_place_and_hides_what_it_hid(void **state)
{
	struct fixture *f = *state;
	const struct casebook_restriction *found;
	struct cast c = begin(f);
	struct casebook_answer first = placed(f, &c.head, c.concern.number, c.note.index);
	admitted(f, &c.head.actor, "restriction.renewed", c.concern.number,
	         renewing(f, first.index, "{'until':'2026-12-20','who':['dcs']}", -1));
	assert_int_equal(restrictions(f, &found), 1);
	assert_int_equal(found[0].first, first.index);
	assert_int_equal(found[0].renewals, 1);
	assert_int_equal(found[0].hidden, 1);
	assert_false(found[0].is_whole);
	assert_int_equal(seal_of(f, &c.commander, c.note.index), CASEBOOK_SEAL_RESTRICTED);
	assert_int_equal(seal_of(f, &c.manager, c.concern.index), CASEBOOK_SEAL_OPEN);
}

static void what_is_lifted_may_be_read_again(void **state)
{
	struct fixture *f = *state;
	const struct casebook_restriction *found;
	struct cast c = begin(f);
	struct casebook_answer first = placed(f, &c.head, c.concern.number, -1);
	admitted(f, &c.head.actor, "restriction.lifted", c.concern.number,
	         renewing(f, first.index, "{}", c.note.index));
	assert_int_equal(seal_of(f, &c.manager, c.note.index), CASEBOOK_SEAL_OPEN);
	assert_int_equal(seal_of(f, &c.manager, c.concern.index), CASEBOOK_SEAL_RESTRICTED);
	admitted(f, &c.head.actor, "restriction.lifted", c.concern.number, renewing(f, first.index, "{}", -1));
	assert_int_equal(seal_of(f, &c.manager, c.concern.index), CASEBOOK_SEAL_OPEN);
	assert_int_equal(restrictions(f, &found), 0);
}

static void refolding_tells_the_same_and_verify_is_clean(void **state)
{
	struct fixture *f = *state;
	struct casebook_verified found;
	struct cast c = begin(f);
	struct casebook_answer first = placed(f, &c.head, c.concern.number, c.note.index);
	admitted(f, &c.head.actor, "restriction.renewed", c.concern.number,
	         renewing(f, first.index, "{'until':'2026-12-20','who':['dcs']}", -1));
	struct buf before = dump(f);
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	struct buf after = dump(f);
	assert_same_dump(&before, &after);
	buf_finish(&before);
	buf_finish(&after);
	casebook_close(f->book);
	f->book = NULL;
	MUST(f, casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err));
	assert_true(found.ok);
	fixture_open(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(words_open_for_those_named_and_for_independent_offices_alone),
		PROVES(that_there_are_words_is_hidden_from_nobody),
		PROVES(named_entries_are_hidden_and_others_are_not),
		PROVES(it_ends_with_its_day_by_itself),
		PROVES(a_renewal_takes_its_place_and_hides_what_it_hid),
		PROVES(what_is_lifted_may_be_read_again),
		PROVES(refolding_tells_the_same_and_verify_is_clean),
	};
	return PROVE(tests);
}
