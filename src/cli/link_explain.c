/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour link explain and why-not: why two records are one person, or not. */
#include "cli/link_parts.h"

#define MILLI 1000

static const struct cli_option OPTIONS[] = {
	{ "in", CLI_TEXT, "A.csv", "the file that was linked within" },
	{ "in2", CLI_TEXT, "B.csv", "the second file, where there are two" },
	{ "model", CLI_TEXT, "MODEL",
	  "auto (also by itself), people, people-demog, wide, or a model's FILE.yaml" },
	{ "apart", CLI_TEXT, "F", "pairs of which somebody settled: not the same" },
	{ "together", CLI_TEXT, "F", "pairs of which somebody settled: the same" },
	{ "json", CLI_FLAG, NULL, "as JSON, for programs; bits in thousandths" },
};

static bool print_json(struct cli_call *call, const struct match_reasons *reasons, struct err *err)
{
	struct arena *arena = call->arena;
	struct json *out = json_object(arena), *lines = json_array(arena);
	for (size_t i = 0; i < reasons->count; i++) {
		const struct match_line *line = &reasons->lines[i];
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("what"), line->what);
		json_put_text(arena, row, STR("level"), line->level);
		json_put_text(arena, row, STR("left"), line->left);
		json_put_text(arena, row, STR("right"), line->right);
		json_put_integer(arena, row, STR("millibits"), (int64_t)(line->bits * MILLI));
		json_push(lines, row);
	}
	json_put(out, STR("lines"), lines);
	json_put_integer(arena, out, STR("millibits"), (int64_t)(reasons->weight * MILLI));
	json_put_text(arena, out, STR("band"), match_band_name(reasons->band));
	json_put_text(arena, out, STR("rule"), reasons->rule);
	json_put_bool(arena, out, STR("together"), reasons->is_together);
	json_put_text(arena, out, STR("stopped"), reasons->stopped);
	return cli_print_json(call, out, err);
}

static void print_line(struct cli_call *call, const struct match_line *line)
{
	if (line->left.n || line->right.n)
		cli_print(call, "%+8.3f  %-13.*s %.*s: %.*s | %.*s", line->bits,
		          STR_ARG(line->what), STR_ARG(line->level), STR_ARG(line->left),
		          STR_ARG(line->right));
	else
		cli_print(call, "%+8.3f  %-13.*s %.*s", line->bits, STR_ARG(line->what),
		          STR_ARG(line->level));
}

static void print_reasons(struct cli_call *call, const struct match_reasons *reasons)
{
	for (size_t i = 0; i < reasons->count; i++)
		print_line(call, &reasons->lines[i]);
	cli_print(call, "%+8.3f  bits: %.*s", reasons->weight,
	          STR_ARG(match_band_name(reasons->band)));
	cli_print(call,
	          reasons->is_together ? "proposed as one person" : "not proposed as one person");
}

/* The comparison that costs most. */
static const struct match_line *worst(const struct match_reasons *reasons)
{
	const struct match_line *out = NULL;
	for (size_t i = 1; i < reasons->count; i++) {
		if (!out || reasons->lines[i].bits < out->bits)
			out = &reasons->lines[i];
	}
	return out;
}

static void print_why_not(struct cli_call *call, const struct match_reasons *reasons)
{
	const struct match_line *line = worst(reasons);
	if (reasons->is_together)
		cli_print(call, "they are proposed as one person");
	else if (!reasons->is_candidate)
		cli_print(call, "no rule makes the pair: they share no key");
	else if (reasons->stopped.n)
		cli_print(call, "the weight would do, but: %.*s", STR_ARG(reasons->stopped));
	else if (line)
		cli_print(call, "%.3f bits are too few; most is lost by %.*s (%.*s, %+.3f)",
		          reasons->weight, STR_ARG(line->what), STR_ARG(line->level), line->bits);
	if (reasons->rule.n)
		cli_print(call, "compared since both have the same: %.*s", STR_ARG(reasons->rule));
}

static bool explain(struct cli_call *call, bool is_why_not, struct err *err)
{
	struct match *match;
	struct match_reasons reasons;
	bool done = link_fit(call, &match, err) &&
	            match_explain(match, call->args[0], call->args[1], call->arena, &reasons, err);
	if (done && cli_has(call, "json")) {
		done = print_json(call, &reasons, err);
	} else if (done) {
		if (is_why_not)
			print_why_not(call, &reasons);
		print_reasons(call, &reasons);
	}
	match_close(match);
	return done;
}

static bool run_explain(struct cli_call *call, struct err *err)
{
	return explain(call, false, err);
}

static bool run_why_not(struct cli_call *call, struct err *err)
{
	return explain(call, true, err);
}

const struct cli_command cli_link_explain = {
	.name = "link explain",
	.arguments = "ID1 ID2",
	.about = "Show why two records weigh what they weigh",
	.detail = "One line for each comparison, in bits; they add up to the weight.",
	.least = 2,
	.most = 2,
	.needs = CLI_NOTHING,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run_explain,
};

const struct cli_command cli_link_why_not = {
	.name = "link why-not",
	.arguments = "ID1 ID2",
	.about = "Show what stood between two records",
	.detail =
		"The first thing that did: no rule that makes the pair, too little weight, or what keeps groups apart.",
	.least = 2,
	.most = 2,
	.needs = CLI_NOTHING,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run_why_not,
};
