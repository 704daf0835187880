/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour link check: whether a model can be read, and what it says. */
#include "cli/link_parts.h"

#define MODEL_MAX ((size_t)4 << 20)

static const struct cli_option OPTIONS[] = {
	{ "model", CLI_TEXT, "MODEL",
	  "a model's FILE.yaml, or auto, people, people-demog or wide" },
};

static bool show(struct cli_call *call, struct buf *out, struct err *err)
{
	struct str name = cli_text(call, "model"), text;
	enum match_model set;
	if (link_model_named(name, &set))
		return match_show_set(set, call->arena, out, err);
	return link_model_text(call, &text, err) &&
	       match_show_model(name, text, call->arena, out, err);
}

static bool run(struct cli_call *call, struct err *err)
{
	struct buf text;
	if (!cli_has(call, "model"))
		return err_set(err, ERR_USAGE, "Say which model to check: --model FILE.yaml");
	buf_init(&text, MODEL_MAX);
	bool done = show(call, &text, err);
	if (done)
		buf_add(&call->out, buf_str(&text));
	buf_finish(&text);
	return done;
}

const struct cli_command cli_link_check = {
	.name = "link check",
	.arguments = "",
	.about = "Check a model and print it back",
	.detail =
		"What the model does not say is not printed: rules then are chosen by what the files hold, and chances\n"
		"are estimated from them. A model by name is printed with the chances that estimation begins with.",
	.least = 0,
	.most = 0,
	.needs = CLI_NOTHING,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};
