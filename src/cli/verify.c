/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour verify and candour refold. */
#include "cli/carried.h"
#include "cli/commands.h"
#include "cli/parts.h"

static const struct cli_option VERIFY_OPTIONS[] = {
	{ "log", CLI_FLAG, NULL, "the log alone: leaves, tiles, roots, signatures, boxes" },
	{ "vkey", CLI_TEXT, "KEY", "with --log: by this verifier key, and no key of the folder" },
	{ "json", CLI_FLAG, NULL, "as JSON, for programs" },
};

static const struct str UNCHECKED[] = {
	{ "signatures: no verifier key; give one by --vkey", 47 },
	{ "sealed words, views, readings, files and accounts: they need the keys", 69 },
};

#define NO_NEWEST                                                                                  \
	"whether something newer was here: keys/newest, which names it, is gone or says nothing;"  \
	" compare the number of entries with receipts and published checkpoints. It is written"    \
	" anew when the register is next opened to write, if all fits"

/* What a copy without keys leaves open: from here on. */
static size_t first_unchecked(const struct casebook_verified *found)
{
	return !found->is_without_keys ? COUNT_OF(UNCHECKED) : found->by_key.p ? 1 : 0;
}

static void put_public(struct cli_call *call, const struct casebook_verified *found,
                       struct json *model)
{
	struct json *list = json_array(call->arena);
	if (found->is_without_newest)
		json_push(list, json_string(call->arena, STR(NO_NEWEST)));
	if (found->is_without_newest && !found->is_without_keys)
		json_put(model, STR("unchecked"), list);
	if (!found->is_without_keys)
		return;
	for (size_t i = first_unchecked(found); i < COUNT_OF(UNCHECKED); i++)
		json_push(list, json_string(call->arena, UNCHECKED[i]));
	if (found->by_key.p)
		json_put_text(call->arena, model, STR("by_key"), found->by_key);
	else
		json_put(model, STR("by_key"), json_null(call->arena));
	json_put(model, STR("unchecked"), list);
}

static void print_public(struct cli_call *call, const struct casebook_verified *found)
{
	if (found->is_without_keys && found->by_key.p)
		cli_print(call, "by key %.*s%s", STR_ARG(found->by_key),
		          cli_has(call, "vkey") ? "" : " (this copy names it itself)");
	if (found->is_without_newest)
		cli_print(call, "not checked: %s", NO_NEWEST);
	for (size_t i = first_unchecked(found); i < COUNT_OF(UNCHECKED); i++)
		cli_print(call, "not checked: %.*s", STR_ARG(UNCHECKED[i]));
}

static bool print_json(struct cli_call *call, const struct casebook_verified *found,
                       struct err *err)
{
	struct json *model = json_object(call->arena), *difference = json_object(call->arena);
	json_put_bool(call->arena, model, STR("ok"), found->ok);
	json_put_integer(call->arena, model, STR("entries"), found->entries);
	json_put_integer(call->arena, model, STR("acts"), found->acts);
	json_put_text(call->arena, model, STR("root"), hash_hex(call->arena, &found->root));
	json_put_text(call->arena, difference, STR("where"), found->difference.where);
	if (found->difference.index >= 0)
		json_put_integer(call->arena, difference, STR("index"), found->difference.index);
	else
		json_put(difference, STR("index"), json_null(call->arena));
	json_put_text(call->arena, difference, STR("what"), found->difference.what);
	json_put(model, STR("difference"), found->ok ? json_null(call->arena) : difference);
	put_public(call, found, model);
	return cli_print_json(call, model, err);
}

static void print_text(struct cli_call *call, const struct casebook_verified *found)
{
	if (found->ok) {
		cli_print(call, "ok");
		cli_print(call, "entries %" PRId64, found->entries);
		cli_print(call, "acts %" PRId64, found->acts);
		cli_print(call, "root %.*s", STR_ARG(hash_hex(call->arena, &found->root)));
		print_public(call, found);
	} else {
		cli_print(call, "not ok: %.*s: %.*s", STR_ARG(found->difference.where),
		          STR_ARG(found->difference.what));
		cli_say(call,
		        "Keep this folder as it is, and compare it with your newest backup and with"
		        " receipts that people hold.");
	}
	if (found->unsealed_readings)
		cli_say(call, "%" PRId64 " %s not yet sealed into the log.",
		        found->unsealed_readings,
		        found->unsealed_readings == 1 ? "reading is" : "readings are");
}

/* For the health page. A folder that only can be read is verified all the same. */
static void remember(struct cli_call *call, const char *dir, const struct casebook_verified *found)
{
	struct err err = { 0 };
	if (!casebook_remember(dir, CASEBOOK_VERIFIED, clock_read().wall, found->ok, &err))
		cli_say(call, "The health page will not know of it: %s.", err.message);
}

/* No key of the folder is asked: one was given, or it is a copy without them, as a backup is. */
static bool is_public(struct cli_call *call, const char *dir)
{
	const char *keys = file_join(call->arena, dir, "keys");
	return cli_has(call, "log") && (cli_has(call, "vkey") || (keys && !file_exists(keys)) ||
	                                carried_alone(call->arena, dir));
}

static bool look(struct cli_call *call, const char *dir, enum casebook_verify how,
                 struct casebook_verified *found, struct err *err)
{
	if (is_public(call, dir))
		return casebook_verify_public(dir, cli_text(call, "vkey"), call->arena,
		                              call->person.progress, call->person.ctx, found, err);
	return casebook_verify(dir, how, call->arena, call->person.progress, call->person.ctx,
	                       found, err);
}

static bool verify(struct cli_call *call, struct err *err)
{
	struct casebook_verified found = { 0 };
	const char *dir = str_to_c(call->arena, call->args[0]);
	enum casebook_verify how =
		cli_has(call, "log") ? CASEBOOK_VERIFY_LOG : CASEBOOK_VERIFY_WHOLE;
	if (!dir)
		return err_set(err, ERR_INPUT, "The name of the register's folder cannot be read");
	struct err why = { 0 };
	call->dir = dir;
	if (cli_has(call, "vkey") && !cli_has(call, "log"))
		return err_set(err, ERR_USAGE, "--vkey goes with --log: the rest needs the keys");
	if (!look(call, dir, how, &found, &why))
		return register_refuse(call, &why, err);
	call->status = found.ok ? 0 : err_exit_status(ERR_ABSENT);
	/* What does not fit is told whichever way it was found; that it fits, by the whole alone.
	 */
	if (!found.is_without_keys && (how == CASEBOOK_VERIFY_WHOLE || !found.ok))
		remember(call, dir, &found);
	if (cli_has(call, "json"))
		return print_json(call, &found, err);
	print_text(call, &found);
	return true;
}

const struct cli_command cli_verify = {
	.name = "verify",
	.arguments = "DIR",
	.about = "Recompute the whole register and name the first difference",
	.detail =
		"Leaves, tiles, roots, signatures, seals, readings, every view, and by the rules of its day what\n"
		"each act needed. Exit status 1 when something does not fit. JSON: {\"ok\", \"entries\", \"acts\",\n"
		"\"root\", \"difference\"}. It may be run while the register is served. --log of a copy without\n"
		"keys, as a backup is, checks all that needs none, and says what it did not check.",
	.least = 1,
	.most = 1,
	.needs = CLI_NOTHING,
	.options = VERIFY_OPTIONS,
	.option_count = COUNT_OF(VERIFY_OPTIONS),
	.run = verify,
};

static bool refold(struct cli_call *call, struct err *err)
{
	if (!casebook_refold(call->book, call->person.progress, call->person.ctx, err))
		return false;
	cli_print(call, "refolded");
	return true;
}

/* Views that name other holders of offices than were kept shut the register, and a refold is what
 * opens it. */
static bool refold_shut(struct cli_call *call, const struct err *why, struct err *err)
{
	struct casebook_options options = { .is_to_refold = true };
	struct err ignored = { 0 };
	if (!casebook_open_with(call->dir, CASEBOOK_WRITE, &options, &call->book, &ignored)) {
		*err = *why;
		return false;
	}
	bool done = refold(call, err);
	casebook_close(call->book);
	call->book = NULL;
	return done;
}

const struct cli_command cli_refold = {
	.name = "refold",
	.arguments = "DIR",
	.about = "Drop every view and rebuild it from the entries",
	.least = 1,
	.most = 1,
	.needs = CLI_WRITER,
	.run = refold,
	.run_shut = refold_shut,
};
