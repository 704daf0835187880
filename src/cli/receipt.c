/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour receipt: checks a receipt offline, with nothing but a key. */
#include "log/log.h"

#include "cli/commands.h"
#include "cli/parts.h"

static const struct cli_option OPTIONS[] = {
	{ "vkey", CLI_TEXT, "KEY", "the log's verifier key, as the register prints it" },
	{ "doubtful-since", CLI_TEXT, "TIME", "the key may have been known to others since then" },
	{ "policy", CLI_INPUT, "FILE", "a policy: which logs and witnesses are trusted" },
	{ "report", CLI_INPUT, "FILE|-",
	  "the words it is about: {\"plain\": {...}, \"sealed\": {...}}" },
	{ "json", CLI_FLAG, NULL, "as JSON, for programs" },
};

static struct json *cosigners(struct cli_call *call, const struct log_receipt_found *found)
{
	struct json *list = json_array(call->arena);
	for (size_t i = 0; i < found->signers.count; i++) {
		const struct log_signed_by *by = &found->signers.at[i];
		struct json *row = json_object(call->arena);
		if (by->key->type == LOG_KEY_LOG)
			continue;
		json_put_text(call->arena, row, STR("name"), by->key->name);
		json_put_text(call->arena, row, STR("at"),
		              cli_when(call, by->time * INSTANT_PER_SECOND));
		json_push(list, row);
	}
	return list;
}

/* Members are there as far as checking came. */
static bool print_json(struct cli_call *call, const struct log_receipt_found *found,
                       struct err *err)
{
	struct arena *arena = call->arena;
	struct json *model = json_object(arena);
	json_put_text(arena, model, STR("result"), log_receipt_word(found->result));
	if (found->result != LOG_RECEIPT_MALFORMED) {
		json_put_integer(arena, model, STR("index"), found->header.index);
		json_put_text(arena, model, STR("recorded"),
		              cli_when(call, found->header.recorded));
		json_put_text(arena, model, STR("kind"), found->header.kind);
		json_put_text(arena, model, STR("file"), id_str(&found->header.file));
		json_put_text(arena, model, STR("origin"), found->checkpoint.origin);
		json_put_integer(arena, model, STR("size"), found->checkpoint.size);
		json_put(model, STR("cosigners"), cosigners(call, found));
	}
	if (found->why.n)
		json_put_text(arena, model, STR("why"), found->why);
	return cli_print_json(call, model, err);
}

static void print_text(struct cli_call *call, const struct log_receipt_found *found)
{
	cli_print(call, "%.*s", STR_ARG(log_receipt_word(found->result)));
	if (found->why.n)
		cli_say(call, "%.*s", STR_ARG(found->why));
	if (log_receipt_exit(found->result) != 0)
		return;
	cli_print(call, "entry %" PRId64, found->header.index);
	cli_print(call, "file %.*s", STR_ARG(id_str(&found->header.file)));
	cli_print(call, "kind %.*s", STR_ARG(found->header.kind));
	cli_print(call, "recorded %.*s", STR_ARG(cli_when(call, found->header.recorded)));
	cli_print(call, "origin %.*s", STR_ARG(found->checkpoint.origin));
	cli_print(call, "size %" PRId64, found->checkpoint.size);
	for (size_t i = 0; i < found->signers.count; i++) {
		const struct log_signed_by *by = &found->signers.at[i];
		if (by->key->type != LOG_KEY_LOG)
			cli_print(call, "cosigned %.*s %.*s",
			          STR_ARG(cli_when(call, by->time * INSTANT_PER_SECOND)),
			          STR_ARG(by->key->name));
	}
}

static bool run(struct cli_call *call, struct err *err)
{
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	const struct log_policy *policy;
	struct log_receipt_found found;
	struct str raw, report = cli_text(call, "report");
	const char *path = str_to_c(call->arena, call->args[0]);
	instant since = 0;
	if (cli_has(call, "doubtful-since") && !cli_instant(call, "doubtful-since", &since, err))
		return false;
	if (!path || !cli_policy(call, &policy, err))
		return path ? false
		            : err_set(err, ERR_INPUT, "The name of the file cannot be read");
	if (!file_read(call->arena, path, LOG_RECEIPT_MAX, &raw, err)) {
		err->code = err->code == ERR_ABSENT ? ERR_INPUT : err->code;
		return false;
	}
	if (!log_receipt_check(hasher, call->arena, raw, policy,
	                       cli_has(call, "report") ? &report : NULL, &found, err))
		return false;
	if (cli_has(call, "doubtful-since"))
		log_receipt_doubt(&found, since);
	call->status = log_receipt_exit(found.result);
	if (cli_has(call, "json"))
		return print_json(call, &found, err);
	print_text(call, &found);
	return true;
}

const struct cli_command cli_receipt = {
	.name = "receipt",
	.arguments = "FILE",
	.about = "Check a receipt, offline",
	.detail =
		"Prints witnessed or signed when all holds; else what fails first: malformed, origin,\n"
		"signature, index, inclusion or report. Exit status 0, 1, or 3 for malformed.\n"
		"Where `candour log vkey` says since when a key is doubtful, give that time: doubtful is then what\n"
		"that key alone signed of an entry recorded from then on.",
	.least = 1,
	.most = 1,
	.needs = CLI_NOTHING,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};
