/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A file whose key is destroyed by two persons. */
#ifndef CANDOUR_TESTS_CASEBOOK_DISPOSAL_H
#define CANDOUR_TESTS_CASEBOOK_DISPOSAL_H

#include "casebook/changed_pack.h"

/* The pack of the tests with a kind that destroys the key of a closed or open concern. */
static inline void with_disposal(struct fixture *f)
{
	static const struct text_change CHANGES[] = {
		{ "kinds/note.yaml", "note.made:\n",
		  "disposal.done:\n"
		  "  title: The key was destroyed\n"
		  "  file: concern\n"
		  "  from: any\n"
		  "  by: [screener]\n"
		  "  destroys: yes\n"
		  "  needs: [{ need: { second: team-manager }, else: Nobody destroys alone }, { gate: G99 }]\n"
		  "note.made:\n" },
		/* What is young and owed may go here: of age and duties other tests tell. */
		{ "gates.yaml", "G1:\n",
		  "G99:\n"
		  "  title: Its keeping time has passed\n"
		  "  needs:\n"
		  "    - { need: { not: { duty: { rule: [T96], is: open } } }, else: A reading is not reviewed }\n"
		  "    - { need: { any: [{ older-than: { kind: concern.received, months: 12 } }, { has: concern.received }] }, else: It is young }\n"
		  "G1:\n" },
	};
	found_by(f, changed_all(f, "version: 0.2.0", CHANGES, COUNT_OF(CHANGES)));
}

static inline struct casebook_answer destroyed(struct fixture *f, const struct person *by, const struct person *second,
                                        struct str file)
{
	struct casebook_answer waits = act(f, &by->actor, "disposal.done", file, json_object(f->arena));
	assert_int_equal(waits.outcome, CASEBOOK_WAITING);
	struct json *fields = json_object(f->arena);
	json_put_integer(f->arena, fields, STR("of"), waits.index);
	json_put_text(f->arena, fields, STR("answer"), STR("yes"));
	json_put_text(f->arena, fields, STR("reasons"), STR("Its keeping time has passed."));
	return admitted(f, &second->actor, "second.given", file, fields);
}

#endif
