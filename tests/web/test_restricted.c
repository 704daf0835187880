/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What fewer may read: said at the head of the file, and counted for who oversees it. */
#include "web/staff.h"

#include "casebook/changed_pack.h"

static void what_is_restricted_is_said_and_counted(void **state)
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
	struct fixture *f = *state;
	found_by(f, changed_all(f, "version: 0.2.0", CHANGES, 1));
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
	get(&site, "/restricted");
	must_see(&site, "Nothing is restricted now.");
	site.cookie_count = 0;
	sign_in(&site, "hana", &head);
	get(&site, "/office"); /* each stands in for offices that nobody holds */
	post_own(&site, "/office", "office=head-of-service");
	get(&site, "/restricted");
	must_see(&site, "1 in force. The oldest is 0 days old.");
	get(&site, "/restricted.csv");
	must_see(&site, "\"C-1\",\"Head of safeguarding\"");
	shut(&site);
}

int main(void)
{
	const struct CMUnitTest tests[] = { PROVES(what_is_restricted_is_said_and_counted) };
	return PROVE(tests);
}
