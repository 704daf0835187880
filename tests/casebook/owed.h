/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is owed on a file, and why an act was refused, for tests upon the fixture. */
#ifndef CANDOUR_TESTS_CASEBOOK_OWED_H
#define CANDOUR_TESTS_CASEBOOK_OWED_H

#include "casebook/fixture.h"

static inline const char *refused_because(struct fixture *f, const struct casebook_answer *answer)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_entry entry;
	if (answer->outcome == CASEBOOK_FAILED)
		fail_msg("failed: %s", answer->err.message);
	if (answer->outcome != CASEBOOK_REFUSED)
		return "not refused";
	reader = reader_of(f);
	MUST(f, casebook_entry_get(reader, f->arena, answer->index, &entry, &f->err));
	return str_to_c(f->arena, json_text(entry.plain, STR("because")));
}

#define REFUSED(f, answer, why)                                                                    \
	do {                                                                                       \
		struct casebook_answer refusal_ = (answer);                                        \
		assert_string_equal(refused_because((f), &refusal_), (why));                       \
	} while (0)

static inline struct casebook_duty_list duties_of(struct fixture *f, struct str file)
{
	int64_t n = file_named(f, file).n;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_duty_list list;
	MUST(f, casebook_duties_of_file(reader, f->arena, n, 200, &list, &f->err));
	return list;
}

static inline const struct casebook_duty *open_of(struct fixture *f, struct str file, const char *rule)
{
	struct casebook_duty_list list = duties_of(f, file);
	for (size_t i = 0; i < list.count; i++) {
		if (list.at[i].is_open && str_eq(list.at[i].rule, str_from_c(rule)))
			return &list.at[i];
	}
	return NULL;
}

/* How many open duties of a rule a file has. */
static inline size_t open_count_of(struct fixture *f, struct str file, const char *rule)
{
	struct casebook_duty_list list = duties_of(f, file);
	size_t n = 0;
	for (size_t i = 0; i < list.count; i++)
		n += list.at[i].is_open && str_eq(list.at[i].rule, str_from_c(rule));
	return n;
}

#endif
