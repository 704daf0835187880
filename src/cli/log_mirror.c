/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * candour log mirror: agreements with those who keep a mirror of this log. An agreement gives
 * headers and plain fields, by which the mirror sees what is owed and late; never a word that is
 * sealed, nor a key.
 */
#include "vault/vault.h"

#include "cli/acts.h"
#include "cli/commands.h"
#include "cli/who.h"

static const struct cli_option AGREE_OPTIONS[] = {
	{ "until", CLI_TEXT, "TIME", "when it ends" },
	CLI_WHO,
	CLI_SECOND,
};

static const struct cli_option LIST_OPTIONS[] = {
	{ "json", CLI_FLAG, NULL, "as JSON, for programs" },
};

static const struct cli_option END_OPTIONS[] = {
	CLI_WHO,
};

static bool agree(struct cli_call *call, struct err *err)
{
	struct acts_two two;
	struct json *fields = json_object(call->arena);
	char secret[CASEBOOK_SECRET_TEXT + 1] = { 0 };
	struct str kept;
	instant until;
	if (!cli_has(call, "until"))
		return err_set(err, ERR_USAGE, "Say until when it is agreed: --until TIME");
	if (!cli_instant(call, "until", &until, err) ||
	    !acts_two_read(call, STR(WHO_ADMINISTRATOR), &two, err) ||
	    !casebook_agreement_secret(call->book, call->arena, secret, &kept, err))
		return false;
	json_put_text(call->arena, fields, STR("name"), call->args[0]);
	json_put_text(call->arena, fields, STR("secret"), kept);
	json_put_text(call->arena, fields, STR("until"), cli_when(call, until));
	cli_print(call, "%s", secret);
	vault_wipe(secret, sizeof secret);
	if (!acts_submit_two(call, &two, STR("mirror.agreed"), STR(ACTS_REGISTER_FILE), fields,
	                     err)) {
		buf_clear(&call->out); /* it opens nothing */
		return false;
	}
	cli_say(call,
	        "The first line is the mirror's secret. It is shown once: give it to whoever keeps the"
	        " mirror by another way than mail, for candour mirror --agreement FILE.");
	return true;
}

const struct cli_command cli_log_mirror_agree = {
	.name = "log mirror agree",
	.arguments = "DIR NAME",
	.about = "Agree that a mirror is given headers and plain fields, until an end",
	.detail =
		"NAME is the mirror's host: mirror.example.org. Its secret stands on the first line of standard\n"
		"output. It is given who wrote what kind of entry on which file and when, all by numbers, and the codes,\n"
		"dates and offices beside; no word that is sealed, no name, no key. In a live register that is open two\n"
		"administrators agree: with --second at the same terminal, else it waits for the other one.",
	.least = 2,
	.most = 2,
	.needs = CLI_WRITER,
	.options = AGREE_OPTIONS,
	.option_count = COUNT_OF(AGREE_OPTIONS),
	.run = agree,
};

static struct str state_word(enum casebook_agreement_state state)
{
	switch (state) {
	case CASEBOOK_AGREEMENT_LIVE:
		return STR("live");
	case CASEBOOK_AGREEMENT_ENDED:
		return STR("ended");
	case CASEBOOK_AGREEMENT_LAPSED:
		return STR("lapsed");
	}
	return STR_NONE;
}

static bool list(struct cli_call *call, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	const struct casebook_agreement *all;
	struct json *model = json_array(call->arena);
	size_t count;
	if (!casebook_reader_take(call->book, &reader, err) ||
	    !casebook_agreements(reader, call->arena, &all, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct json *row = json_object(call->arena);
		struct str state = state_word(all[i].state), until = cli_when(call, all[i].until);
		if (!cli_has(call, "json"))
			cli_print(call, "%" PRId64 "  %.*s  until %.*s  %.*s", all[i].entry,
			          STR_ARG(all[i].name), STR_ARG(until), STR_ARG(state));
		json_put_integer(call->arena, row, STR("entry"), all[i].entry);
		json_put_text(call->arena, row, STR("name"), all[i].name);
		json_put_text(call->arena, row, STR("made"), cli_when(call, all[i].made));
		json_put_text(call->arena, row, STR("until"), until);
		json_put_text(call->arena, row, STR("state"), state);
		json_push(model, row);
	}
	return !cli_has(call, "json") || cli_print_json(call, model, err);
}

const struct cli_command cli_log_mirror_list = {
	.name = "log mirror list",
	.arguments = "DIR",
	.about = "List the agreements with mirrors, by the entry that made each",
	.detail = "An agreement is live, ended by an entry, or lapsed: past its time.",
	.least = 1,
	.most = 1,
	.needs = CLI_READER,
	.options = LIST_OPTIONS,
	.option_count = COUNT_OF(LIST_OPTIONS),
	.run = list,
};

static bool end(struct cli_call *call, struct err *err)
{
	struct casebook_actor actor;
	struct casebook_answer answer = { 0 };
	struct json *fields = json_object(call->arena);
	uint64_t entry;
	if (!str_to_u64(call->args[0], JSON_INTEGER_MAX, &entry))
		return err_set(
			err, ERR_INPUT,
			"\"%.*s\" is not the number of an entry. See: candour log mirror list DIR",
			STR_ARG(str_sub(call->args[0], 0, 60)));
	json_put_integer(call->arena, fields, STR("of"), (int64_t)entry);
	if (!who_acts(call, STR(WHO_ADMINISTRATOR), &actor, err) ||
	    !acts_submit(call, &actor, STR("mirror.ended"), STR(ACTS_REGISTER_FILE), fields,
	                 &answer, err))
		return false;
	acts_print(call, &answer);
	return true;
}

const struct cli_command cli_log_mirror_end = {
	.name = "log mirror end",
	.arguments = "DIR ENTRY",
	.about = "End an agreement with a mirror, named by the entry that made it",
	.detail =
		"It is given nothing more from then on; what it was given before it keeps. One administrator suffices.",
	.least = 2,
	.most = 2,
	.needs = CLI_WRITER,
	.options = END_OPTIONS,
	.option_count = COUNT_OF(END_OPTIONS),
	.run = end,
};
