/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What fewer may read: said at the head of the file, and counted for who oversees it. */
#include "web/staff.h"

#include "casebook/changed_pack.h"

/* The tests' pack, with a kind that lets fewer read. */
static const struct pack_bytes *with_restrictions(struct fixture *f)
{
	static const struct text_change CHANGES[] = {
		{ "kinds/note.yaml", "note.made:\n",
		  "restriction.placed:\n"
		  "  title: Fewer people may read it\n"
		  "  file: concern\n"
		  "  by: [head-of-service]\n"
		  "  fields:\n"
		  "    - { name: until, type: date, required: yes }\n"
		  "    - { name: who, type: office, repeated: yes, max-items: 9, required: yes }\n"
		  "  restricts: { until: until, to: who }\n"
		  "  opens: [{ duty: T02, owed-by: head-of-service }]\n"
		  "note.made:\n" },
	};
	return changed_all(f, "version: 0.2.0", CHANGES, 1);
}

static void what_is_restricted_is_said_and_counted(void **state)
{
	struct fixture *f = *state;
	found_by(f, with_restrictions(f));
	struct person head = person(f, "hana", "head-of-service"), nurse = person(f, "nora", "icb-nurse");
	report(f, "CANARY is driven away.");
	admitted(f, &head.actor, "restriction.placed", STR("C-1"),
	         fields_of(f, "{'until':'2026-12-01','who':['police-commander']}"));
	struct site site = serve(f, NULL);
	sign_in(&site, "nora", &nurse);
	get(&site, "/office"); /* each stands in for offices that nobody holds */
	post_own(&site, "/office", "office=icb-nurse");
	get(&site, "/files/C-1");
	must_see(&site, "Fewer people may read this now, until Tuesday 1 December 2026: ");
	must_see(&site, "Police commander");
	must_not_see(&site, "CANARY");
	must_see(&site, "Sealed words. Fewer people may read them now.");
	must_not_see(&site, "Open the sealed words"); /* what leads nowhere is no link */
	get(&site, "/restricted");
	must_see(&site, "Nothing that your office restricted is in force now.");
	site.cookie_count = 0;
	sign_in(&site, "hana", &head);
	get(&site, "/office"); /* each stands in for offices that nobody holds */
	post_own(&site, "/office", "office=head-of-service");
	get(&site, "/restricted");
	must_see(&site, "1 in force. The oldest is less than a day old.");
	get(&site, "/restricted.csv");
	must_see(&site, "\"C-1\",\"Head of safeguarding\"");
	shut(&site);
}

static size_t times(struct str text, struct str wanted)
{
	size_t count = 0;
	for (size_t at; (at = str_find_str(text, wanted)) < text.n; count++)
		text = str_sub(text, at + wanted.n, text.n);
	return count;
}

/* Pages 5.5: per agency and reason for whoever oversees it, and page by page, none left out. */
static void all_that_is_restricted_is_totalled_and_read_page_by_page(void **state)
{
	enum { FILES = 53 };
	struct fixture *f = *state;
	found_by(f, with_restrictions(f));
	struct person head = person(f, "hana", "head-of-service"), sam = person(f, "sam", "independent-scrutineer");
	for (int i = 0; i < FILES; i++) {
		struct casebook_answer concern = report(f, "He is alone at night.");
		admitted(f, &head.actor, "restriction.placed", concern.file,
		         fields_of(f, "{'until':'2026-12-01','who':['police-commander']}"));
	}
	struct site site = serve(f, NULL);
	sign_in(&site, "sam", &sam);
	get(&site, "/office");
	post_own(&site, "/office", "office=independent-scrutineer");
	get(&site, "/work");
	must_see(&site, "href=\"/restricted\"");
	get(&site, "/restricted");
	must_see(&site, "53 in force. The oldest is less than a day old.");
	must_see(&site, "cd-whole\">Council</th><td class=\"govuk-table__cell cd-whole\" data-label=\"Why\">"
	                "Not said</td><td class=\"govuk-table__cell govuk-table__cell--numeric\" data-label=\"In force\">53</td>");
	assert_int_equal(times(site.body, STR("data-label=\"Restricted by\"")), 50);
	const char *next = arena_format(f->arena, "/restricted?after=%.*s",
	                                STR_ARG(between(&site, "href=\"/restricted?after=", "\"")))
	                           .p;
	get(&site, next);
	must_see(&site, "53 in force.");
	assert_int_equal(times(site.body, STR("data-label=\"Restricted by\"")), 3);
	must_not_see(&site, "/restricted?after=");
	get(&site, "/restricted.csv");
	assert_int_equal(times(site.body, STR("\"C-")), FILES);
	shut(&site);
}

/* Whoever is independent is told how many; each by its file is for who looks at samples or at what
 * is restricted. */
static void an_independent_office_that_reads_no_files_is_told_how_many(void **state)
{
	struct fixture *f = *state;
	found_by(f, with_restrictions(f));
	struct person head = person(f, "hana", "head-of-service"), dora = person(f, "dora", "data-protection-officer");
	struct casebook_answer concern = report(f, "He is alone at night.");
	admitted(f, &head.actor, "restriction.placed", concern.file,
	         fields_of(f, "{'until':'2026-12-01','who':['police-commander']}"));
	struct site site = serve(f, NULL);
	sign_in(&site, "dora", &dora);
	get(&site, "/restricted");
	must_see(&site, "1 in force. The oldest is less than a day old.");
	must_not_see(&site, "C-1");
	get(&site, "/restricted.csv");
	must_not_see(&site, "C-1");
	shut(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = { PROVES(what_is_restricted_is_said_and_counted),
		                    PROVES(an_independent_office_that_reads_no_files_is_told_how_many),
		                             PROVES(all_that_is_restricted_is_totalled_and_read_page_by_page) };
	return PROVE(tests);
}
