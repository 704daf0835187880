/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Lists of duties for a spreadsheet: rules, numbers, offices and times, and no names. */
#include "web/csv.h"
#include "web/practice.h"

#define PIECE 500
#define ROWS_MAX 10000 /* of one table; the last row says when there are more */

static void add_row(struct web_request *request, const struct casebook_duty *duty, struct buf *out)
{
	struct arena *arena = request->arena;
	csv_row(out, 9, duty->title, duty->rule, duty->file_number, duty->office_title,
	        instant_write(arena, duty->due),
	        duty->agreed > duty->due ? instant_write(arena, duty->agreed) : STR(""),
	        duty->is_late ? wording_elapsed(arena, request->now - duty->due) : STR(""),
	        arena_format(arena, "%d", duty->rung), duty->source);
}

/* office.n 0: what is late everywhere. */
static bool answer_duties(struct web_request *request, struct str office, struct web_answer *answer,
                          struct err *err)
{
	struct casebook_reader *reader;
	struct casebook_duty_list list = { .more = true };
	struct casebook_duty last = { .due = INSTANT_MIN };
	size_t rows = 0;
	if (!site_reader(request, &reader, err))
		return false;
	struct buf *out = &answer->body;
	csv_row(out, 9, STR("What"), STR("Rule"), STR("File"), STR("Owed by"), STR("Due"),
	        STR("Agreed later"), STR("Late by"), STR("Rungs told"), STR("Source"));
	while (list.more && rows < ROWS_MAX) {
		bool is_read =
			office.n ? casebook_duties_of_office(reader, request->arena, office,
		                                             last.due, last.id, PIECE, &list, err)
				 : casebook_duties_open(reader, request->arena, true, last.due,
		                                        last.id, PIECE, &list, err);
		if (!is_read)
			return false;
		for (size_t i = 0; i < list.count; i++, rows++) {
			add_row(request, &list.at[i], out);
			last = list.at[i];
		}
	}
	if (list.more)
		csv_row(out, 1, STR("There are more than these 10,000"));
	return true;
}

bool late_csv(struct web_request *request, struct web_answer *answer, struct err *err)
{
	if (!practice_has_office(request, answer))
		return true;
	web_answer_download(request, answer, STR("late.csv"), STR(CSV_TYPE));
	return answer_duties(request, STR(""), answer, err);
}

bool work_csv(struct web_request *request, struct web_answer *answer, struct err *err)
{
	if (!practice_has_office(request, answer))
		return true;
	web_answer_download(request, answer, STR("work.csv"), STR(CSV_TYPE));
	return answer_duties(request, practice_viewer(request)->actor.office, answer, err);
}
