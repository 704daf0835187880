/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * candour pack adopt: a new version of the rules comes into force. The pack is
 * read where the command was given, and goes as one text to where the register
 * is open; before it, for messages, a line "read NAME FOLDER" for each layer.
 */
#include "cli/acts.h"
#include "cli/commands.h"
#include "cli/packs.h"
#include "cli/who.h"

#define TEXT_MAX ((size_t)17 << 20)
#define LAYERS_MAX 4 /* of a pack */

static const struct cli_option OPTIONS[] = {
	CLI_PACKS,
	CLI_WHO,
	CLI_SECOND,
};

/* What a layer is called in messages once it is one text (pack_bytes_read). */
#define KEPT_AS "packs/%.*s/"

struct folder_of {
	struct str kept; /* "packs/england/" */
	struct str read; /* "mypacks/england" */
};

static void say_folders(struct buf *text, const struct pack_bytes *bytes)
{
	for (const struct pack_bytes *layer = bytes; layer; layer = layer->below)
		if (str_find(layer->shown_as, '\n') == layer->shown_as.n)
			buf_format(text, "read %.*s %.*s\n", STR_ARG(layer->name),
			           STR_ARG(layer->shown_as));
}

static size_t cut_folders(struct arena *arena, struct str *text, struct folder_of *out)
{
	struct str line, name, word;
	size_t count = 0;
	while (count < LAYERS_MAX && str_starts(*text, STR("read "))) {
		if (!str_cut(text, '\n', &line) || !str_cut(&line, ' ', &word) ||
		    !str_cut(&line, ' ', &name))
			break;
		out[count].kept = arena_format(arena, KEPT_AS, STR_ARG(name));
		out[count++].read = line;
	}
	return count;
}

/* The text with each layer's files named as they were read. */
static struct str as_read(struct arena *arena, struct str text, const struct folder_of *folders,
                          size_t count)
{
	struct str done = STR("");
	size_t from = 0;
	for (size_t at = 0; at < text.n; at++) {
		const struct folder_of *found = NULL;
		bool begins = at == 0 || text.p[at - 1] == ' ';
		for (size_t i = 0; begins && i < count; i++)
			if (str_starts(str_sub(text, at, text.n), folders[i].kept))
				found = &folders[i];
		if (!found)
			continue;
		done = arena_format(arena, "%.*s%.*s%.*s/", STR_ARG(done),
		                    STR_ARG(str_sub(text, from, at)), STR_ARG(found->read));
		from = at + found->kept.n;
		at = from - 1;
	}
	return from == 0 ? text
	                 : arena_format(arena, "%.*s%.*s", STR_ARG(done),
	                                STR_ARG(str_sub(text, from, text.n)));
}

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
	say_folders(&text, bytes);
	if (pack_bytes_write(&text, bytes))
		call->prepared = arena_copy(call->arena, buf_str(&text));
	buf_finish(&text);
	return call->prepared.p || err_set(err, ERR_UNABLE, "The pack is too large to be sent");
}

static bool run(struct cli_call *call, struct err *err)
{
	const struct pack_bytes *bytes;
	struct casebook_actor actor, second;
	struct casebook_adoption adoption;
	struct folder_of folders[LAYERS_MAX];
	struct str text = call->prepared;
	bool given;
	if (!text.p)
		return err_set(err, ERR_USAGE, "The pack did not come with the command");
	size_t count = cut_folders(call->arena, &text, folders);
	if (!pack_bytes_read(call->arena, text, &bytes, err) ||
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
		cli_say(call, "%.*s",
		        STR_ARG(as_read(call->arena, adoption.changes[i], folders, count)));
	if (!acts_check(call, &adoption.answer, err)) {
		struct str told = arena_copy(call->arena, str_from_c(err->message));
		struct str said = as_read(call->arena, told, folders, count);
		return err_set(err, err->code, "%.*s", STR_ARG(said));
	}
	cli_print(call, "change %.*s", STR_ARG(pack_change_word(adoption.change)));
	acts_print(call, &adoption.answer);
	return true;
}

const struct cli_command cli_pack_adopt = {
	.name = "pack adopt",
	.arguments = "DIR PACK",
	.about = "Bring a new version of the pack into force, for two accounts of two agencies",
	.detail =
		"Takes another version of the pack in force, or a layer upon it; what it changes is said\n"
		"line by line. Texts raise the last number of the version, what is tighter the middle\n"
		"one, all else the first; a number too small is refused. What loosens waits until the\n"
		"independent scrutineer agrees, by second.given on R-1. Nothing that old entries name\n"
		"may go. Entries keep the rules of their day.",
	.least = 2,
	.most = 2,
	.needs = CLI_WRITER,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.prepare = prepare,
	.run = run,
};
