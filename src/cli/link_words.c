/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What linking says to the person who ran it: all of it is in the report too, none of it is a
 * value. */
#include "cli/link_parts.h"

#define LISTED 20 /* groups to look at; the report has more */

static bool is_unread(const struct json *column)
{
	return str_starts(json_text(column, STR("why")), STR("not read"));
}

static const struct json *first_of(const struct json *object, struct str key)
{
	const struct json *list = json_member(object, key);
	return list ? list->first : NULL;
}

/* "a.csv: column ethnicity is not read: nobody is matched by it" */
static void say_columns(struct cli_call *call, const struct json *file)
{
	struct str name = json_text(file, STR("file")), taken = STR("");
	for (const struct json *c = first_of(file, STR("columns")); c; c = c->next) {
		struct str column = json_text(c, STR("column")), as = json_text(c, STR("as"));
		struct str why = json_text(c, STR("why"));
		if (is_unread(c)) {
			cli_say(call, "%.*s: column %.*s is %.*s", STR_ARG(name), STR_ARG(column),
			        STR_ARG(why));
			continue;
		}
		bool is_guess = str_eq(why, STR("by what stands in it"));
		taken = arena_format(call->arena, "%.*s%s%.*s%s%.*s%s", STR_ARG(taken),
		                     taken.n ? ", " : "", STR_ARG(column),
		                     str_eq(column, as) ? "" : " as ",
		                     STR_ARG(str_eq(column, as) ? STR("") : as),
		                     is_guess ? " by what stands in it" : "");
	}
	cli_say(call, "%.*s: columns: %.*s", STR_ARG(name), STR_ARG(taken));
}

static void say_files(struct cli_call *call, const struct json *report)
{
	for (const struct json *file = first_of(report, STR("files")); file; file = file->next) {
		cli_say(call, "%.*s: %" PRId64 " records", STR_ARG(json_text(file, STR("file"))),
		        json_number(file, STR("records"), 0));
		say_columns(call, file);
	}
}

/* "A.csv:17: column birthdate: not a real date; kept as missing (12 such rows)" */
static void say_notes(struct cli_call *call, const struct json *report)
{
	for (const struct json *note = first_of(report, STR("notes")); note; note = note->next) {
		int64_t line = json_number(note, STR("line"), 0),
			rows = json_number(note, STR("rows"), 0);
		struct str column = json_text(note, STR("column")), place = STR(""),
			   times = STR("");
		if (line)
			place = arena_format(call->arena, ":%" PRId64, line);
		if (rows)
			times = arena_format(call->arena, " (%" PRId64 " such row%s)", rows,
			                     rows == 1 ? "" : "s");
		cli_say(call, "%.*s%.*s: %s%.*s%s%.*s%.*s", STR_ARG(json_text(note, STR("file"))),
		        STR_ARG(place), column.n ? "column " : "", STR_ARG(column),
		        column.n ? ": " : "", STR_ARG(json_text(note, STR("what"))),
		        STR_ARG(times));
	}
}

static void say_shared(struct cli_call *call, const struct json *report)
{
	const struct json *shared = json_member(report, STR("shared_by_too_many"));
	for (const struct json *field = shared ? shared->first : NULL; field; field = field->next) {
		bool is_date = str_eq(field->key, STR("dob"));
		if (field->integer)
			cli_say(call, "%.*s: %" PRId64 " value%s %s: %s", STR_ARG(field->key),
			        field->integer, field->integer == 1 ? "" : "s",
			        is_date ? "far more frequent than others"
			                : "shared by too many records",
			        is_date ? "a form's default, of which the year alone counts"
			                : "an office's, which says nothing");
	}
}

static void say_rules(struct cli_call *call, const struct json *report)
{
	for (const struct json *rule = first_of(report, STR("rules")); rule; rule = rule->next) {
		struct str text = json_text(rule, STR("rule"));
		int64_t hot = json_number(rule, STR("hot_blocks"), 0);
		cli_say(call, "rule %.*s: %" PRId64 " pairs, %" PRId64 " so far", STR_ARG(text),
		        json_number(rule, STR("pairs"), 0),
		        json_number(rule, STR("pairs_so_far"), 0));
		if (hot)
			cli_say(call,
			        "rule %.*s: %" PRId64 " hot block%s, the largest of %" PRId64
			        " records; %" PRId64 " compared with near neighbours alone",
			        STR_ARG(text), hot, hot == 1 ? "" : "s",
			        json_number(rule, STR("hot_largest"), 0),
			        json_number(rule, STR("windowed"), 0));
	}
}

static void say_left_out(struct cli_call *call, const struct json *report)
{
	for (const struct json *rule = first_of(report, STR("rules_left_out")); rule;
	     rule = rule->next)
		cli_say(call,
		        "rule %.*s: left out, for its %" PRId64
		        " pairs would be too many; --max-pairs allows more",
		        STR_ARG(json_text(rule, STR("rule"))), json_number(rule, STR("pairs"), 0));
}

static void say_model(struct cli_call *call, const struct json *report)
{
	struct str why = json_text(json_member(report, STR("model")), STR("not_taken"));
	if (why.n)
		cli_say(call,
		        "what these files seem to tell of people is not taken, but what is known of "
		        "people elsewhere: %.*s",
		        STR_ARG(why));
}

static void say_found(struct cli_call *call, const struct json *report)
{
	const struct json *bands = json_member(report, STR("bands")),
			  *groups = json_member(report, STR("groups"));
	cli_say(call, "%" PRId64 " pairs compared; about %" PRId64 " are of one person",
	        json_number(report, STR("candidates"), 0),
	        json_number(report, STR("pairs_of_one_person"), 0));
	cli_say(call, "bands: link %" PRId64 ", likely %" PRId64 ", review %" PRId64 " pairs",
	        json_number(bands, STR("link"), 0), json_number(bands, STR("likely"), 0),
	        json_number(bands, STR("review"), 0));
	cli_say(call, "%" PRId64 " people, the largest of %" PRId64 " records",
	        json_number(groups, STR("people"), 0), json_number(groups, STR("largest"), 0));
}

static void say_look(struct cli_call *call, const struct json *report)
{
	const struct json *look = json_member(report, STR("look_at"));
	int64_t listed = 0, count = json_number(look, STR("count"), 0);
	for (const struct json *group = first_of(look, STR("clusters")); group && listed < LISTED;
	     group = group->next, listed++) {
		struct str why = STR("");
		for (const struct json *w = first_of(group, STR("why")); w; w = w->next)
			why = arena_format(call->arena, "%.*s%s%.*s", STR_ARG(why),
			                   why.n ? "; " : "", STR_ARG(w->string));
		cli_say(call, "look at cluster %.*s (%" PRId64 " records): %.*s",
		        STR_ARG(json_text(group, STR("cluster"))),
		        json_number(group, STR("records"), 0), STR_ARG(why));
	}
	cli_say(call, "%" PRId64 " groups would fall apart without the rows of one agency",
	        json_number(look, STR("held_by_one_agency"), 0));
	if (count > listed)
		cli_say(call, "and at %" PRId64 " more, of which the report names the first",
		        count - listed);
}

static void say_cost(struct cli_call *call, const struct json *report)
{
	const struct json *seconds = json_member(report, STR("seconds"));
	struct str all = STR("");
	for (const struct json *phase = seconds ? seconds->first : NULL; phase; phase = phase->next)
		all = arena_format(call->arena, "%.*s%s%.*s %.*s s", STR_ARG(all),
		                   all.n ? ", " : "", STR_ARG(phase->key), STR_ARG(phase->string));
	cli_say(call, "%.*s; %" PRId64 " MB", STR_ARG(all),
	        json_number(report, STR("memory_bytes"), 0) / 1000000);
}

void link_say_files(struct cli_call *call, const struct json *report)
{
	say_files(call, report);
	say_notes(call, report);
}

void link_say(struct cli_call *call, const struct json *report)
{
	link_say_files(call, report);
	say_shared(call, report);
	say_rules(call, report);
	say_left_out(call, report);
	say_model(call, report);
	say_found(call, report);
	say_look(call, report);
	say_cost(call, report);
}
