/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour clock: runs the clock to a moment, or confirms the machine's time. */
#include "clock/clock.h"

#include "cli/acts.h"
#include "cli/commands.h"
#include "cli/who.h"
#include "cli/words.h"

#define YEARS_AHEAD 10 /* of a drill, at one call */

static const struct cli_option OPTIONS[] = {
	{ "until", CLI_TEXT, "TIME",
	  "the moment to run to; in a drill up to ten years ahead of now" },
	{ "confirm", CLI_FLAG, NULL, "the machine's time is right (two accounts must say so)" },
	CLI_WHO,
	CLI_SECOND,
	{ "json", CLI_FLAG, NULL, "as JSON, for programs" },
};

static bool confirm(struct cli_call *call, struct err *err)
{
	struct acts_two two;
	struct json *fields = json_object(call->arena);
	if (cli_has(call, "until"))
		return err_set(err, ERR_USAGE, "Give --until or --confirm, not both");
	if (!acts_two_read(call, STR(WHO_ADMINISTRATOR), &two, err))
		return false;
	json_put_text(call->arena, fields, STR("wall"),
	              instant_write(call->arena, clock_read().wall));
	return acts_submit_two(call, &two, STR("clock.confirmed"), STR(ACTS_REGISTER_FILE), fields,
	                       err);
}

static bool is_near(struct cli_call *call, instant until, struct err *err)
{
	const instant most = YEARS_AHEAD * 366 * INSTANT_PER_DAY;
	instant now = casebook_now(call->book);
	if (until <= now || until - now <= most)
		return true;
	struct str furthest = instant_write(call->arena, now - now % INSTANT_PER_SECOND + most);
	return err_set(
		err, ERR_USAGE,
		"A drill goes %d years ahead at one call, to %.*s at most: each day of it is "
		"lived. Name a nearer moment with --until, and call again from there",
		YEARS_AHEAD, STR_ARG(furthest));
}

/* A day at a time, so that whoever waits sees how far it is, and each day is done whole. */
static bool run_ahead(struct cli_call *call, instant until, struct clock_ran *ran, struct err *err)
{
	instant to = casebook_now(call->book);
	int64_t days = until > to ? (until - to) / INSTANT_PER_DAY + 1 : 1;
	*ran = (struct clock_ran){ 0 };
	if (!is_near(call, until, err))
		return false;
	for (int64_t day = 1; day <= days; day++) {
		struct clock_ran one;
		to = day < days ? to + INSTANT_PER_DAY : until;
		bool good = clock_run_until(call->book, to, &one, err);
		ran->ran_to = one.ran_to;
		ran->fired += one.fired;
		if (!good)
			return false;
		if (days > 1 && call->person.progress)
			call->person.progress(call->person.ctx, "days", day, days);
	}
	return true;
}

static bool run_to(struct cli_call *call, instant until, struct clock_ran *ran, struct err *err)
{
	return casebook_is_drill(call->book) ? run_ahead(call, until, ran, err)
	                                     : clock_run_until(call->book, until, ran, err);
}

static bool run(struct cli_call *call, struct err *err)
{
	struct clock_ran ran;
	instant until = 0;
	if (cli_has(call, "confirm"))
		return confirm(call, err);
	if (cli_has(call, "as"))
		return err_set(err, ERR_USAGE,
		               "The clock needs no account; --as goes with --confirm");
	if (cli_has(call, "until") && !cli_instant(call, "until", &until, err))
		return false;
	if (cli_has(call, "until") ? !run_to(call, until, &ran, err)
	                           : !clock_run_now(call->book, &ran, err))
		return false;
	if (cli_has(call, "json")) {
		struct json *model = json_object(call->arena);
		json_put_text(call->arena, model, STR("ran_to"), cli_when(call, ran.ran_to));
		json_put_integer(call->arena, model, STR("fired"), ran.fired);
		return cli_print_json(call, model, err);
	}
	cli_print(call, "ran to %.*s", STR_ARG(cli_when(call, ran.ran_to)));
	cli_print(call, "fired %" PRId64, ran.fired);
	cli_say(call, "It is %.*s in this register.%s",
	        STR_ARG(words_when(call, casebook_now(call->book))),
	        ran.fired ? " What is late: candour duties DIR --overdue" : "");
	return true;
}

const struct cli_command cli_clock = {
	.name = "clock",
	.arguments = "DIR",
	.about = "Tell what is late up the ladders, up to a moment",
	.detail =
		"Without --until: up to now. JSON: {\"ran_to\", \"fired\"}. While the register is served,\n"
		"the clock runs by itself.",
	.least = 1,
	.most = 1,
	.needs = CLI_WRITER,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};
