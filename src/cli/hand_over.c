/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * candour office hand-over: what an office owes goes to another, each duty by
 * an entry, all in as few turns as they fit. Due times stay.
 */
#include "cli/acts.h"
#include "cli/commands.h"
#include "cli/who.h"

#define AT_ONCE 500

static const struct cli_option OPTIONS[] = {
	{ "duty", CLI_TEXT, "DUTY", "this duty alone, such as D17.1; else all it owes" },
	CLI_WHO,
};

struct handing {
	struct cli_call *call;
	struct casebook_actor actor;
	struct str office;
	struct str to;
	struct str file; /* of the office */
	size_t count;
	size_t kept; /* refused, each with its reason told */
};

static struct casebook_act act_of(struct handing *handing, struct str duty)
{
	struct cli_call *call = handing->call;
	struct json *fields = json_object(call->arena);
	json_put_text(call->arena, fields, STR("office"), handing->office);
	json_put_text(call->arena, fields, STR("to"), handing->to);
	json_put_text(call->arena, fields, STR("duty"), duty);
	return (struct casebook_act){ .actor = handing->actor,
		                      .via = CASEBOOK_CLI,
		                      .submission = acts_submission(call),
		                      .kind = STR("office.handed-over"),
		                      .file = handing->file,
		                      .fields = fields,
		                      .machine_user = call->machine_user };
}

static bool submit(struct handing *handing, const struct casebook_act *acts, size_t count,
                   struct err *err)
{
	struct cli_call *call = handing->call;
	struct casebook_answer *answers = arena_alloc(call->arena, count, sizeof *answers);
	if (!answers)
		return err_set(err, ERR_UNABLE, "There is not enough memory");
	if (!casebook_submit_many(call->book, acts, count, call->arena, answers, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (answers[i].outcome == CASEBOOK_REFUSED) {
			struct str duty = json_text(acts[i].fields, STR("duty"));
			cli_say(call, "%.*s stays: %.*s", STR_ARG(duty),
			        STR_ARG(answers[i].sentence));
			handing->kept++;
			continue;
		}
		if (!acts_check(call, &answers[i], err))
			return false;
		handing->count++;
	}
	return true;
}

/* What the office itself owes; where it owes together with another, that one keeps its part. */
static bool read_some(struct handing *handing, instant *after_due, int64_t *after_id, bool *more,
                      struct casebook_act *acts, size_t *count, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_duty_list list;
	if (!casebook_reader_take(handing->call->book, &reader, err) ||
	    !casebook_duties_of_office(reader, handing->call->arena, handing->office, *after_due,
	                               *after_id, AT_ONCE, &list, err))
		return false;
	*count = 0;
	*more = list.more;
	for (size_t i = 0; i < list.count; i++) {
		*after_due = list.at[i].due;
		*after_id = list.at[i].id;
		if (str_eq(list.at[i].office, handing->office))
			acts[(*count)++] = act_of(handing, list.at[i].name);
	}
	return true;
}

static bool hand_all(struct handing *handing, struct err *err)
{
	struct casebook_act *acts = arena_alloc(handing->call->arena, AT_ONCE, sizeof *acts);
	instant after_due = INSTANT_MIN;
	int64_t after_id = -1;
	bool more = true;
	if (!acts)
		return err_set(err, ERR_UNABLE, "There is not enough memory");
	while (more) {
		size_t count;
		if (!read_some(handing, &after_due, &after_id, &more, acts, &count, err) ||
		    (count && !submit(handing, acts, count, err)))
			return false;
	}
	return true;
}

static bool run(struct cli_call *call, struct err *err)
{
	struct handing handing = { .call = call, .office = call->args[0], .to = call->args[1] };
	struct str duty = cli_text(call, "duty"), other;
	if (!who_acts(call, handing.office, &handing.actor, err) ||
	    !acts_office_file(call, handing.office, &handing.file, err) ||
	    !acts_office_file(call, handing.to, &other, err))
		return false;
	if (str_eq(handing.office, handing.to))
		return err_set(err, ERR_INPUT, "An office cannot hand over to itself");
	if (duty.n) {
		struct casebook_act act = act_of(&handing, duty);
		if (!submit(&handing, &act, 1, err))
			return false;
	} else if (!hand_all(&handing, err)) {
		return false;
	}
	cli_print(call, "handed over %zu", handing.count);
	if (handing.kept)
		return err_set(
			err, ERR_REFUSED,
			"Not handed over: %zu, named above. Each stays with %.*s, or goes by --duty"
			" to an office that can settle it",
			handing.kept, STR_ARG(handing.office));
	if (!handing.count)
		cli_say(call, "The office owed nothing.");
	return true;
}

const struct cli_command cli_office_hand_over = {
	.name = "office hand-over",
	.arguments = "DIR OFFICE TO",
	.about = "Hand over what an office owes to another, in one go",
	.detail =
		"Each duty goes by an entry of its own; due times stay. The office that owes, or one above\n"
		"it, may do it. A duty that the other office could not settle stays and is named; exit 1.",
	.least = 3,
	.most = 3,
	.needs = CLI_WRITER,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};
