/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Those who say of two files in a register of England that they are one person's, link them, and take it back. */
#ifndef CANDOUR_TESTS_CASEBOOK_JOINERS_H
#define CANDOUR_TESTS_CASEBOOK_JOINERS_H

#include "casebook/fixture.h"

struct joiners {
	struct fixture *f;
	struct person manager, service, records;
};

static inline struct casebook_answer joiners_agree(struct joiners *j, const struct person *who,
                                                   const struct casebook_answer *waits, struct str file)
{
	struct str fields =
		arena_format(j->f->arena, "{'of':%" PRId64 ",'answer':'yes','reasons':'Read.'}", waits->index);
	return act(j->f, &who->actor, "second.given", file, fields_of(j->f, fields.p));
}

/* What needs others' word has it: of the service manager, and of what is taken away of the records officer too. */
static inline struct casebook_answer joiners_say(struct joiners *j, const char *kind, const char *field,
                                                 struct str file, struct str other, int64_t evidence)
{
	bool has_why = strcmp(kind, "link.made") != 0;
	bool takes_away = strcmp(kind, "person.parted") == 0 || strcmp(kind, "link.removed") == 0;
	struct str why = arena_format(j->f->arena, ",'evidence':[%" PRId64 "],'reasons':'Both were read.'", evidence);
	struct str fields = arena_format(j->f->arena, "{'%s':'%.*s'%.*s}", field, STR_ARG(other),
	                                 STR_ARG(has_why ? why : STR("")));
	struct casebook_answer answer = act(j->f, &j->manager.actor, kind, file, fields_of(j->f, fields.p));
	if (answer.outcome != CASEBOOK_WAITING)
		return answer;
	struct casebook_answer said = joiners_agree(j, &j->service, &answer, file);
	return takes_away ? joiners_agree(j, &j->records, &answer, file) : said;
}

/* No link is taken away while a pattern on the file is still to be looked at (G11). */
static inline void joiners_look_at_patterns(struct joiners *j, struct str name)
{
	struct casebook_file file = file_named(j->f, name);
	struct casebook_duty_list owed;
	{
		CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(j->f);
		MUST(j->f, casebook_duties_of_file(reader, j->f->arena, file.n, 200, &owed, &j->f->err));
	}
	for (size_t d = 0; d < owed.count; d++) {
		if (!owed.at[d].is_open || !str_eq(owed.at[d].rule, STR("T90")))
			continue;
		struct str fields = arena_format(j->f->arena,
		                                 "{'pattern':'%.*s','follows':'already-in-hand','in-hand':%" PRId64
		                                 ",'reasons':'It was looked at.'}",
		                                 STR_ARG(owed.at[d].name), file.first_entry);
		struct casebook_actor owner = j->manager.actor;
		owner.office = owed.at[d].office;
		if (!str_eq(owner.office, j->manager.actor.office))
			owner.account = j->service.account;
		admitted(j->f, &owner, "pattern.considered", name, fields_of(j->f, fields.p));
	}
}

#endif
