/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour pack diff: what a new version of the rules changes, and what that amounts to. */
#include "cli/commands.h"
#include "cli/packs.h"

static const struct cli_option OPTIONS[] = {
	CLI_PACKS,
	{ "json", CLI_FLAG, NULL, "as JSON, for programs" },
};

/* In the order in which they are counted. */
static const enum pack_change WORDS[] = { PACK_CHANGE_TIGHTER, PACK_CHANGE_LOOSER,
	                                  PACK_CHANGE_OTHER, PACK_CHANGE_TEXT };

static struct json *side(struct cli_call *call, const struct pack *pack)
{
	struct json *model = json_object(call->arena);
	json_put_text(call->arena, model, STR("name"), pack->name);
	json_put_text(call->arena, model, STR("version"), pack->version);
	json_put_text(call->arena, model, STR("hash"), hash_hex(call->arena, &pack->hash));
	return model;
}

static struct json *changed_model(struct cli_call *call, const struct pack_changed *changed)
{
	struct json *row = json_object(call->arena);
	json_put_text(call->arena, row, STR("element"), changed->element);
	json_put_text(call->arena, row, STR("name"), changed->name);
	if (changed->key.p)
		json_put_text(call->arena, row, STR("key"), changed->key);
	json_put_text(call->arena, row, STR("what"), changed->what);
	json_put_text(call->arena, row, STR("change"), pack_change_word(changed->change));
	return row;
}

static bool print_json(struct cli_call *call, const struct pack *old, const struct pack *new,
                       const struct pack_comparison *found, struct err *err)
{
	struct json *model = json_object(call->arena), *counts = json_object(call->arena),
		    *changes = json_array(call->arena), *gone = json_array(call->arena);
	for (size_t i = 0; i < COUNT_OF(WORDS); i++)
		json_put_integer(call->arena, counts, pack_change_word(WORDS[i]),
		                 (int64_t)found->counts[WORDS[i]]);
	for (size_t i = 0; i < found->count; i++)
		json_push(changes, changed_model(call, &found->at[i]));
	for (size_t i = 0; i < found->gone_count; i++)
		json_push(gone, json_string(call->arena, found->gone[i]));
	json_put(model, STR("old"), side(call, old));
	json_put(model, STR("new"), side(call, new));
	json_put_text(call->arena, model, STR("change"), pack_change_word(found->change));
	json_put(model, STR("counts"), counts);
	if (str_eq(old->name, new->name)) {
		json_put_text(call->arena, model, STR("smallest"), found->smallest);
		json_put_bool(call->arena, model, STR("enough"), found->is_number_enough);
	}
	json_put(model, STR("gone"), gone);
	json_put(model, STR("changes"), changes);
	return cli_print_json(call, model, err);
}

static void print_text(struct cli_call *call, const struct pack *old, const struct pack *new,
                       const struct pack_comparison *found)
{
	struct str counts = STR("");
	for (size_t i = 0; i < found->count; i++)
		cli_print(call, "%.*s", STR_ARG(found->lines[i]));
	for (size_t i = 0; i < COUNT_OF(WORDS); i++)
		counts = arena_format(call->arena, "%.*s%s%zu %.*s", STR_ARG(counts), i ? ", " : "",
		                      found->counts[WORDS[i]], STR_ARG(pack_change_word(WORDS[i])));
	if (found->count)
		cli_print(call, "%.*s", STR_ARG(counts));
	else
		cli_print(call, "equal");
	for (size_t i = 0; i < found->gone_count; i++)
		cli_print(call, "never: %.*s", STR_ARG(found->gone[i]));
	if (!str_eq(old->name, new->name))
		cli_print(call, "%.*s is another pack than %.*s: its number, %.*s, is its own",
		          STR_ARG(new->name), STR_ARG(old->name), STR_ARG(new->version));
	else
		cli_print(call, "smallest version number allowed: %.*s (it has %.*s%s)",
		          STR_ARG(found->smallest), STR_ARG(new->version),
		          found->is_number_enough ? "" : ", which is too small");
}

static bool run(struct cli_call *call, struct err *err)
{
	CLEANUP(packs_cleanup) struct pack *old = NULL;
	CLEANUP(packs_cleanup) struct pack *new = NULL;
	struct pack_comparison found;
	if (!packs_load(call, call->args[0], &old, err) ||
	    !packs_load(call, call->args[1], &new, err) ||
	    !pack_compare(old, new, call->arena, &found, err))
		return false;
	call->status = found.change == PACK_CHANGE_EQUAL ? 0 : err_exit_status(ERR_ABSENT);
	if (cli_has(call, "json"))
		return print_json(call, old, new, &found, err);
	print_text(call, old, new, &found);
	return true;
}

const struct cli_command cli_pack_diff = {
	.name = "pack diff",
	.arguments = "OLD NEW",
	.about = "Say what a new version of a pack tightens, loosens, adds and takes away",
	.detail =
		"A line for each key of each element that differs; its last word is \"tighter\",\n"
		"\"looser\", \"other\" (cannot be told by form) or \"text\". Then how many of each, what may\n"
		"never be taken away, and the smallest version number that such a change may carry.\n"
		"Exit status 0 when they are equal, 1 when they differ, 3 when one cannot be read.",
	.least = 2,
	.most = 2,
	.needs = CLI_NOTHING,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};
