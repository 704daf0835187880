/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Due times as a calendar (RFC 5545). It holds file numbers and rules, and no names. */
#include "web/practice.h"

#define DUTIES_MAX 500

/* "20261126T101200Z". */
static void add_stamp(struct buf *out, instant at)
{
	char text[INSTANT_MS_LENGTH];
	instant_write_ms(text, at);
	buf_format(out, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", text, text + 5, text + 8, text + 11,
	           text + 14, text + 17);
}

static void add_event(struct web_request *request, const struct casebook_duty *duty,
                      struct buf *out)
{
	buf_format(out, "BEGIN:VEVENT\r\nUID:%.*s@%.*s\r\nDTSTAMP:", STR_ARG(duty->name),
	           STR_ARG(casebook_origin(site_book(request))));
	add_stamp(out, request->now);
	buf_add(out, STR("\r\nDTSTART:"));
	add_stamp(out, duty->due);
	buf_format(out, "\r\nSUMMARY:%.*s %.*s%s\r\nEND:VEVENT\r\n", STR_ARG(duty->file_number),
	           STR_ARG(duty->rule), duty->is_late ? " late" : "");
}

bool work_calendar(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct casebook_reader *reader;
	struct casebook_duty_list list;
	if (!practice_has_office(request, answer))
		return true;
	if (!site_reader(request, &reader, err) ||
	    !casebook_duties_of_office(reader, request->arena,
	                               practice_viewer(request)->actor.office, INSTANT_MIN, 0,
	                               DUTIES_MAX, &list, err))
		return false;
	web_answer_download(request, answer, STR("work.ics"), STR("text/calendar; charset=utf-8"));
	struct buf *out = &answer->body;
	buf_add(out, STR("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Candour//My work//EN\r\n"));
	for (size_t i = 0; i < list.count; i++)
		add_event(request, &list.at[i], out);
	buf_add(out, STR("END:VCALENDAR\r\n"));
	return true;
}
