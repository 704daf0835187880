/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour pack: the rules of a partnership, checked and explained. */
#include "cli/commands.h"
#include "cli/packs.h"
#include "web/web.h"

static const struct cli_option CHECK_OPTIONS[] = {
	CLI_PACKS,
	{ "texts", CLI_FLAG, NULL, "count the sentences that other languages lack, and name them" },
	{ "json", CLI_FLAG, NULL, "as JSON, for programs" },
};

static const struct cli_option OPTIONS[] = {
	CLI_PACKS,
};

static struct json *verdict(struct cli_call *call, const struct pack_finding *finding)
{
	struct json *row = json_object(call->arena);
	static const char *const WORDS[] = { [PACK_HOLDS] = "holds",
		                             [PACK_FAILS] = "fails",
		                             [PACK_ADVICE] = "advice",
		                             [PACK_UNASKED] = "unasked" };
	struct str word = str_from_c(WORDS[finding->verdict]);
	json_put_text(call->arena, row, STR("property"), finding->property);
	json_put_text(call->arena, row, STR("verdict"), word);
	json_put_text(call->arena, row, STR("line"), finding->line);
	if (finding->history.p)
		json_put_text(call->arena, row, STR("history"), finding->history);
	return row;
}

static bool print_json(struct cli_call *call, const struct pack *pack,
                       const struct pack_report *report, struct err *err)
{
	struct json *model = json_object(call->arena), *list = json_array(call->arena);
	for (size_t i = 0; i < report->count; i++)
		json_push(list, verdict(call, &report->at[i]));
	json_put_text(call->arena, model, STR("pack"), pack->name);
	json_put_text(call->arena, model, STR("version"), pack->version);
	json_put_text(call->arena, model, STR("hash"), hash_hex(call->arena, &pack->hash));
	json_put_bool(call->arena, model, STR("holds"), report->holds);
	json_put(model, STR("properties"), list);
	return cli_print_json(call, model, err);
}

static void print_text(struct cli_call *call, const struct pack *pack,
                       const struct pack_report *report)
{
	size_t holding = 0, failing = 0;
	for (size_t i = 0; i < report->count; i++) {
		const struct pack_finding *finding = &report->at[i];
		holding += finding->verdict == PACK_HOLDS;
		failing += finding->verdict == PACK_FAILS;
		if (finding->verdict == PACK_FAILS)
			cli_print(call, "FAIL %.*s %.*s", STR_ARG(finding->property),
			          STR_ARG(finding->line));
		else
			cli_print(call, "%s%.*s", finding->verdict == PACK_ADVICE ? "note: " : "",
			          STR_ARG(finding->line));
		if (finding->history.n)
			cli_print(call, "%.*s", STR_ARG(finding->history));
	}
	cli_print(call, "pack %.*s %.*s sha256:%.*s : %zu properties hold", STR_ARG(pack->name),
	          STR_ARG(pack->version), STR_ARG(hash_hex(call->arena, &pack->hash)), holding);
	if (failing)
		cli_say(call, "%zu do not hold: mend what is named above.", failing);
}

/* What each language lacks: it is said in the pack's own. */
static bool print_texts(struct cli_call *call, const struct pack *pack, struct err *err)
{
	const struct pack_untold *untold;
	size_t count;
	if (!pack_untold(pack, call->arena, &untold, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct pack_untold *one = &untold[i];
		for (size_t n = 0; n < one->count; n++)
			cli_print(call, "text: %.*s lacks %.*s", STR_ARG(one->language),
			          STR_ARG(one->paths[n]));
		cli_print(call, "texts %.*s: %zu of %zu sentences; %zu are said in %.*s",
		          STR_ARG(one->language), one->all - one->count, one->all, one->count,
		          STR_ARG(pack->language));
	}
	if (!count)
		cli_print(call, "texts: the pack names no language beside %.*s",
		          STR_ARG(pack->language));
	return true;
}

static bool check(struct cli_call *call, struct err *err)
{
	CLEANUP(packs_cleanup) struct pack *pack = NULL;
	struct pack_report report;
	if (!packs_load(call, call->args[0], &pack, err) ||
	    !pack_check(pack, call->arena, &report, err))
		return false;
	call->status = report.holds ? 0 : err_exit_status(ERR_ABSENT);
	if (cli_has(call, "json"))
		return print_json(call, pack, &report, err);
	if (cli_has(call, "texts") && !print_texts(call, pack, err))
		return false;
	print_text(call, pack, &report);
	return true;
}

const struct cli_command cli_pack_check = {
	.name = "pack check",
	.arguments = "PACK",
	.about = "Prove that every file of a pack stays owed and every duty can be met",
	.detail =
		"A line for each property, with a shortest history that breaks it (in a walk of very many\n"
		"states, with one of which no act can be left out); advice begins with \"note:\". P12 also tells the largest number of rows that one act may look at, and fails\n"
		"above 100000. Exit status 1 when one fails, 3 when the pack cannot be read.",
	.least = 1,
	.most = 1,
	.needs = CLI_NOTHING,
	.options = CHECK_OPTIONS,
	.option_count = COUNT_OF(CHECK_OPTIONS),
	.run = check,
};

static bool explain(struct cli_call *call, struct err *err)
{
	CLEANUP(packs_cleanup) struct pack *pack = NULL;
	struct str text;
	if (!packs_load(call, call->args[0], &pack, err) ||
	    !pack_explain(pack, call->arena, call->args[1], &text, err))
		return false;
	buf_add(&call->out, text);
	if (!str_ends(text, STR("\n")))
		buf_add_char(&call->out, '\n');
	return true;
}

const struct cli_command cli_pack_explain = {
	.name = "pack explain",
	.arguments = "PACK ELEMENT",
	.about =
		"Say in sentences what an element of a pack is: a kind, duty, office, file type, list",
	.least = 2,
	.most = 2,
	.needs = CLI_NOTHING,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = explain,
};

static bool table(struct cli_call *call, struct err *err)
{
	CLEANUP(packs_cleanup) struct pack *pack = NULL;
	struct str text;
	if (!packs_load(call, call->args[0], &pack, err) ||
	    !pack_table(pack, call->arena, call->arg_count > 1 ? call->args[1] : STR("duties"),
	                &text, err))
		return false;
	buf_add(&call->out, text);
	return true;
}

const struct cli_command cli_pack_table = {
	.name = "pack table",
	.arguments = "PACK [WHAT]",
	.about = "Print a pack's duties, kinds, gates, ladders, offices or patterns as a table",
	.detail = "Columns are parted by tabs; the first line names them.",
	.least = 1,
	.most = 2,
	.needs = CLI_NOTHING,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = table,
};

static const struct cli_option DRAW_OPTIONS[] = {
	CLI_PACKS,
	{ "dot", CLI_FLAG, NULL, "for Graphviz, instead of as a picture" },
};

static bool draw(struct cli_call *call, struct err *err)
{
	CLEANUP(packs_cleanup) struct pack *pack = NULL;
	struct pack_drawing drawing;
	struct str text;
	if (!packs_load(call, call->args[0], &pack, err))
		return false;
	bool done = cli_has(call, "dot")
	                    ? pack_draw(pack, call->arena, call->args[1], &drawing, err) &&
	                              pack_draw_dot(&drawing, call->arena, &text, err)
	                    : web_pack_picture(pack, call->args[1], call->arena, &text, err);
	if (done)
		buf_add(&call->out, text);
	return done;
}

const struct cli_command cli_pack_draw = {
	.name = "pack draw",
	.arguments = "PACK FILETYPE",
	.about = "Draw the states of a file type and the ways between them, as SVG",
	.detail =
		"Final states have a double line; those in which only the rest duty may be owed are\n"
		"filled. Each arrow names the kinds that lead along it, and their gates.",
	.least = 2,
	.most = 2,
	.needs = CLI_NOTHING,
	.options = DRAW_OPTIONS,
	.option_count = COUNT_OF(DRAW_OPTIONS),
	.run = draw,
};
