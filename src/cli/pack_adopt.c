/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * candour pack adopt: a new version of the rules comes into force. The pack is
 * read where the command was given, and goes as one text to where the register
 * is open.
 */
#include "cli/acts.h"
#include "cli/commands.h"
#include "cli/packs.h"
#include "cli/who.h"

#define TEXT_MAX ((size_t)17 << 20)

static const struct cli_option OPTIONS[] = {
	CLI_PACKS,
	CLI_WHO,
	CLI_SECOND,
};

static bool prepare(struct cli_call *call, struct err *err)
{
	CLEANUP(packs_cleanup) struct pack *pack = NULL;
	const struct pack_bytes *bytes;
	struct buf text;
	/* Loaded first, so that every error of the pack is told and not the first alone. */
	if (!packs_load(call, call->args[0], &pack, err) ||
	    !packs_find(call, call->args[0], &bytes, err))
		return false;
	buf_init(&text, TEXT_MAX);
	if (pack_bytes_write(&text, bytes))
		call->prepared = arena_copy(call->arena, buf_str(&text));
	buf_finish(&text);
	return call->prepared.p || err_set(err, ERR_UNABLE, "The pack is too large to be sent");
}

static const char *word_of(enum pack_change change)
{
	switch (change) {
	case PACK_CHANGE_EQUAL:
		return "equal";
	case PACK_CHANGE_TEXT:
		return "text";
	case PACK_CHANGE_TIGHTER:
		return "tighter";
	case PACK_CHANGE_OTHER:
		return "other";
	}
	return "other";
}

static bool run(struct cli_call *call, struct err *err)
{
	const struct pack_bytes *bytes;
	struct casebook_actor actor, second;
	struct casebook_adoption adoption;
	bool given;
	if (!call->prepared.p)
		return err_set(err, ERR_USAGE, "The pack did not come with the command");
	if (!pack_bytes_read(call->arena, call->prepared, &bytes, err) ||
	    !who_acts(call, STR(WHO_ADMINISTRATOR), &actor, err) ||
	    !who_seconds(call, &actor, STR_NONE, &second, &given, err))
		return false;
	if (!given)
		return err_set(
			err, ERR_USAGE,
			"Adopting needs two accounts of two agencies: name the other by --second NAME or"
			" --second-token FILE");
	if (!casebook_adopt(call->book, &actor, &second, CASEBOOK_CLI, call->machine_user, bytes,
	                    call->arena, &adoption, err))
		return false;
	for (size_t i = 0; i < adoption.change_count; i++)
		cli_say(call, "%.*s", STR_ARG(adoption.changes[i]));
	if (!acts_check(call, &adoption.answer, err))
		return false;
	cli_print(call, "change %s", word_of(adoption.change));
	acts_print(call, &adoption.answer);
	return true;
}

const struct cli_command cli_pack_adopt = {
	.name = "pack adopt",
	.arguments = "DIR PACK",
	.about = "Bring a new version of the pack into force, for two accounts of two agencies",
	.detail =
		"Takes a version that is equal, changes texts alone, or is tighter; what it changes is\n"
		"said line by line. Texts raise the last number of the version, what is tighter the\n"
		"middle one; a number too small is refused. Entries keep the rules of their day.",
	.least = 2,
	.most = 2,
	.needs = CLI_WRITER,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.prepare = prepare,
	.run = run,
};
