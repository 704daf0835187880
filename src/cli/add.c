/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour add: any act of an account. */
#include "cli/acts.h"
#include "cli/commands.h"
#include "cli/who.h"

static const struct cli_option OPTIONS[] = {
	{ "file", CLI_TEXT, "FILE", "the file it is about, by number or id; left out: a new file" },
	CLI_WHO,
	{ "json", CLI_INPUT, "FILE|-", "the fields, as one JSON object" },
	{ "happened", CLI_TEXT, "TIME", "when it happened, if not now" },
	{ "received", CLI_TEXT, "TIME", "when it reached you, if not now" },
	{ "code", CLI_FLAG, NULL, "cut a return code for whoever told of it" },
	{ "receipt", CLI_OUTPUT, "FILE", "where to write the receipt" },
	{ "promise", CLI_OUTPUT, "FILE",
	  "where to write the promise that others will see it in the log; left out: beside the "
	  "receipt, with .promise behind its name" },
	{ "id", CLI_TEXT, "TEXT", "a submission id: sent twice, it is one entry" },
};

static bool write_receipt(struct cli_call *call, const struct casebook_answer *answer,
                          struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct str receipt;
	return casebook_reader_take(call->book, &reader, err) &&
	       casebook_receipt(reader, call->arena, answer->index, &receipt, err) &&
	       cli_write(call, "receipt", receipt, err);
}

static void say_word(struct cli_call *call, const struct pack_word *word, struct str found)
{
	cli_say(call, "advice: %.*s: %.*s", STR_ARG(found), STR_ARG(word->advice));
	for (size_t i = 0; i < word->instead_count; i++)
		cli_say(call, "  other words: %.*s", STR_ARG(word->instead[i]));
}

/* Said beside the answer, to whoever wrote it, by the words that he wrote; the entry stands as it
 * was written. */
static bool say_advice(struct cli_call *call, const struct casebook_answer *answer,
                       const struct json *fields, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	const struct pack *pack = casebook_pack(call->book);
	const struct casebook_advice *advice = NULL;
	struct casebook_entry entry;
	size_t count = 0;
	if (answer->outcome != CASEBOOK_ADMITTED)
		return true;
	if (!casebook_reader_take(call->book, &reader, err) ||
	    !casebook_entry_get(reader, call->arena, answer->index, &entry, err))
		return false;
	const struct json *names = json_member(entry.plain, STR("advised"));
	if (entry.rules && !casebook_advice_given(pack, entry.rules, names, fields, call->arena,
	                                          &advice, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		say_word(call, advice[i].word, advice[i].found);
	return true;
}

static bool read_times(struct cli_call *call, struct casebook_act *act, struct err *err)
{
	act->has_happened = cli_has(call, "happened");
	act->has_received = cli_has(call, "received");
	return (!act->has_happened || cli_instant(call, "happened", &act->happened, err)) &&
	       (!act->has_received || cli_instant(call, "received", &act->received, err));
}

static bool run(struct cli_call *call, struct err *err)
{
	struct casebook_act act = { .via = CASEBOOK_CLI,
		                    .kind = call->args[0],
		                    .file = cli_text(call, "file"),
		                    .machine_user = call->machine_user,
		                    .wants_code = cli_has(call, "code") };
	struct casebook_answer answer;
	struct str id = cli_text(call, "id");
	if (id.p && (id.n == 0 || id.n > 128))
		return err_set(err, ERR_USAGE, "--id is 1 to 128 letters long");
	if (!cli_json_input(call, "json", &act.fields, err) || !read_times(call, &act, err) ||
	    !who_acts(call, STR_NONE, &act.actor, err))
		return false;
	act.submission =
		id.p ? arena_format(call->arena, "cli/%.*s", STR_ARG(id)) : acts_submission(call);
	if (!casebook_submit(call->book, &act, call->arena, &answer, err) ||
	    !acts_check(call, &answer, err))
		return false;
	if (answer.has_code)
		cli_print(call, "%.*s",
		          STR_ARG(casebook_code_write(call->arena, &answer.code, '-')));
	acts_print(call, &answer);
	if (!say_advice(call, &answer, act.fields, err))
		return false;
	return (!cli_has(call, "receipt") || write_receipt(call, &answer, err)) &&
	       acts_write_promise(call, &answer, err);
}

const struct cli_command cli_add = {
	.name = "add",
	.arguments = "DIR KIND",
	.about = "Add an entry of any kind, for an account in an office",
	.detail = "The kinds and their fields are the pack's: candour pack explain PACK KIND.",
	.least = 2,
	.most = 2,
	.needs = CLI_WRITER,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.prepare = acts_promise_beside,
	.run = run,
};
