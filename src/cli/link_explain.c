/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour link explain and why-not: why two records are one person, or not. */
#include <math.h>

#include "web/web.h"

#include "cli/link_parts.h"

#define MILLI 1000

static const struct cli_option OPTIONS[] = {
	{ "in", CLI_TEXT, "A.csv", "the file that was linked within" },
	{ "in2", CLI_TEXT, "B.csv", "the second file, where there are two" },
	{ "model", CLI_TEXT, "MODEL",
	  "auto (also by itself), people, people-demog, wide, or a model's FILE.yaml" },
	{ "apart", CLI_TEXT, "F", "pairs of which somebody settled: not the same" },
	{ "together", CLI_TEXT, "F", "pairs of which somebody settled: the same" },
	{ "svg", CLI_FLAG, NULL, "as a picture, a waterfall of bits" },
	{ "json", CLI_FLAG, NULL, "as JSON, for programs; bits in thousandths" },
};

static int64_t thousandths(double bits)
{
	return llround(bits * MILLI);
}

static struct json *lines_of(struct arena *arena, const struct match_reasons *reasons)
{
	struct json *lines = json_array(arena);
	for (size_t i = 0; i < reasons->count; i++) {
		const struct match_line *line = &reasons->lines[i];
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("what"), line->what);
		json_put_text(arena, row, STR("level"), line->level);
		json_put_text(arena, row, STR("left"), line->left);
		json_put_text(arena, row, STR("right"), line->right);
		json_put_integer(arena, row, STR("millibits"), thousandths(line->bits));
		json_push(lines, row);
	}
	return lines;
}

static struct json *keys_of(struct arena *arena, const struct match_reasons *reasons)
{
	struct json *keys = json_array(arena);
	for (size_t i = 0; i < reasons->key_count; i++) {
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("rule"), reasons->keys[i].rule);
		json_put_text(arena, row, STR("left"), reasons->keys[i].left);
		json_put_text(arena, row, STR("right"), reasons->keys[i].right);
		json_push(keys, row);
	}
	return keys;
}

static bool print_json(struct cli_call *call, const struct match_reasons *reasons, struct err *err)
{
	struct arena *arena = call->arena;
	struct json *out = json_object(arena);
	json_put(out, STR("lines"), lines_of(arena, reasons));
	json_put_integer(arena, out, STR("millibits"), thousandths(reasons->weight));
	json_put_integer(arena, out, STR("edge_millibits"), thousandths(reasons->edge));
	json_put_text(arena, out, STR("band"), match_band_name(reasons->band));
	json_put_text(arena, out, STR("rule"), reasons->rule);
	json_put_bool(arena, out, STR("compared"), reasons->is_compared);
	json_put_bool(arena, out, STR("together"), reasons->is_together);
	json_put_text(arena, out, STR("stopped"), reasons->stopped);
	json_put_text(arena, out, STR("stopped_left"), reasons->stopped_left);
	json_put_text(arena, out, STR("stopped_right"), reasons->stopped_right);
	json_put_text(arena, out, STR("worst"), reasons->worst);
	json_put_text(arena, out, STR("enough"), reasons->enough);
	json_put(out, STR("keys"), keys_of(arena, reasons));
	return cli_print_json(call, out, err);
}

static bool print_picture(struct cli_call *call, const struct match_reasons *reasons,
                          struct err *err)
{
	struct str title =
		arena_format(call->arena, "Why %.*s and %.*s weigh %+.3f bits",
	                     STR_ARG(call->args[0]), STR_ARG(call->args[1]), reasons->weight);
	struct str picture;
	if (!web_match_picture(reasons, title, call->arena, &picture, err))
		return false;
	buf_add(&call->out, picture);
	return true;
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

static void print_keys(struct cli_call *call, const struct match_reasons *reasons)
{
	for (size_t i = 0; i < reasons->key_count; i++) {
		const struct match_key *key = &reasons->keys[i];
		cli_print(call, "  rule %.*s: %.*s | %.*s", STR_ARG(key->rule), STR_ARG(key->left),
		          STR_ARG(key->right));
	}
}

static void print_too_little(struct cli_call *call, const struct match_reasons *reasons)
{
	cli_print(call, "%.3f bits are too few, for %.3f are wanted", reasons->weight,
	          reasons->edge);
	for (size_t i = 0; i < reasons->count; i++) {
		const struct match_line *line = &reasons->lines[i];
		if (str_eq(line->what, reasons->worst))
			cli_print(call,
			          "most is lost by %.*s: %.*s, %+.3f, %.3f less than it might give",
			          STR_ARG(line->what), STR_ARG(line->level), line->bits,
			          reasons->lost);
	}
	if (reasons->enough.n)
		cli_print(call, "it would do with: %.*s", STR_ARG(reasons->enough));
	else if (reasons->worst.n)
		cli_print(call, "no other level of it alone would do");
}

static void print_why_not(struct cli_call *call, const struct match_reasons *reasons)
{
	if (reasons->is_together) {
		cli_print(call, "they are proposed as one person");
	} else if (reasons->stopped.n && !reasons->stopped_left.n) {
		cli_print(call, "%.*s", STR_ARG(reasons->stopped));
	} else if (!reasons->is_candidate) {
		cli_print(call, "no rule makes the pair: they share no key");
		print_keys(call, reasons);
	} else if (!reasons->is_compared) {
		cli_print(call,
		          "too many records share what they share (%.*s): these two are no "
		          "near neighbours among them, and were not compared",
		          STR_ARG(reasons->rule));
	} else if (reasons->stopped.n) {
		cli_print(call,
		          "the weight would do, but %.*s and %.*s keep their groups apart: %.*s",
		          STR_ARG(reasons->stopped_left), STR_ARG(reasons->stopped_right),
		          STR_ARG(reasons->stopped));
	} else {
		print_too_little(call, reasons);
	}
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
	} else if (done && cli_has(call, "svg")) {
		done = print_picture(call, &reasons, err);
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
