/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour witness: cosigns the logs of others, from a folder of its own. It needs no register. */
#include "log/log.h"
#include "web/web.h"

#include "cli/commands.h"
#include "cli/parts.h"

static const struct cli_option OPTIONS[] = {
	{ "name", CLI_TEXT, "NAME",
	  "makes the witness in DIR, new, by this name: witness.example.net/w1" },
	{ "log", CLI_TEXTS, "VKEY", "a log that the new witness watches; may be repeated" },
	{ "policy", CLI_INPUT, "FILE", "a policy whose logs the new witness watches" },
	{ "listen", CLI_TEXT, "HOST:PORT", "where it is asked, or the path of a socket" },
	{ "proxy-secret", CLI_TEXT, "FILE",
	  "what the proxy in front proves itself by: a line in FILE" },
};

/* --- making --------------------------------------------------------------------------------- */

static bool add_given(struct cli_call *call, struct err *err)
{
	struct str rest = cli_text(call, "log"), vkey;
	while (str_cut(&rest, '\n', &vkey)) {
		if (!log_witness_add_log(call->dir, str_trim(vkey), err))
			return false;
	}
	return true;
}

static bool add_of_policy(struct cli_call *call, struct err *err)
{
	const struct log_policy *policy;
	size_t count;
	if (!cli_has(call, "policy"))
		return true;
	if (!log_policy_read(call->arena, cli_text(call, "policy"), &policy, err))
		return false;
	const struct log_vkey *keys = log_policy_keys(policy, &count);
	for (size_t i = 0; i < count; i++) {
		CLEANUP(buf_finish) struct buf text = { 0 };
		buf_init(&text, LOG_POLICY_MAX);
		log_vkey_write(&text, &keys[i]);
		if (keys[i].type == LOG_KEY_LOG &&
		    !log_witness_add_log(call->dir, buf_str(&text), err))
			return false;
	}
	return true;
}

static bool make(struct cli_call *call, struct err *err)
{
	CLEANUP(log_signer_cleanup) struct log_signer *key = NULL;
	struct random_source *random = random_system_create();
	if (!random)
		return err_set(err, ERR_UNABLE, "There is no memory to make a witness");
	bool is_made =
		log_signer_make(cli_text(call, "name"), LOG_KEY_WITNESS, random, &key, err) &&
		log_witness_make(call->dir, key, err);
	random_destroy(random);
	return is_made && add_given(call, err) && add_of_policy(call, err);
}

/* What is said of a witness that is there must be so. */
static bool check_given(struct cli_call *call, const struct log_witness *witness, struct err *err)
{
	struct str name = log_witness_vkey(witness)->name;
	if (cli_has(call, "name") && !str_eq(name, cli_text(call, "name")))
		return err_set(err, ERR_USAGE, "The witness in %s has the name %.*s", call->dir,
		               STR_ARG(name));
	if (cli_has(call, "log") || cli_has(call, "policy"))
		return err_set(
			err, ERR_USAGE,
			"The witness in %s is there already: candour witness add-log %s VKEY",
			call->dir, call->dir);
	return true;
}

/* --- serving -------------------------------------------------------------------------------- */

static void tell(struct cli_call *call, struct log_witness *witness, const struct web_witness *web)
{
	CLEANUP(buf_finish) struct buf vkey = { 0 };
	buf_init(&vkey, LOG_POLICY_MAX);
	log_vkey_write(&vkey, log_witness_vkey(witness));
	serve_tell_address(call, web_witness_port(web));
	cli_print(call, "%.*s", STR_ARG(buf_str(&vkey)));
	for (size_t i = 0; i < log_witness_count(witness); i++) {
		struct str origin = log_witness_origin(witness, i);
		struct str trouble = log_witness_trouble(witness, i);
		int64_t size = log_witness_size(witness, i);
		if (trouble.p)
			cli_say(call, "%.*s: %.*s", STR_ARG(origin), STR_ARG(trouble));
		else if (size < 0)
			cli_print(call, "watches %.*s, of which it saw nothing yet",
			          STR_ARG(origin));
		else
			cli_print(call, "watches %.*s, cosigned at size %" PRId64, STR_ARG(origin),
			          size);
	}
	if (log_witness_count(witness) == 0)
		cli_say(call, "It watches no log yet: candour witness add-log %s VKEY", call->dir);
}

static bool run(struct cli_call *call, struct err *err)
{
	CLEANUP(log_witness_cleanup) struct log_witness *witness = NULL;
	struct web_witness *web = NULL;
	const char *listen = NULL;
	struct str secret;
	sigset_t ends;
	serve_block_signals(&ends);
	call->dir = str_to_c(call->arena, call->args[0]);
	if (!call->dir || !serve_read_listen(call, &listen, err))
		return call->dir ? false : err_set(err, ERR_INPUT, "The folder cannot be read");
	if (!serve_read_proxy_secret(call, &secret, err))
		return false;
	bool is_new = cli_has(call, "name") && !file_exists(call->dir);
	if ((is_new && !make(call, err)) || !log_witness_open(call->dir, &witness, err) ||
	    (!is_new && !check_given(call, witness, err)) ||
	    !web_witness_start(witness, listen, secret, &web, err))
		return false;
	tell(call, witness, web);
	(void)cli_flush(call);
	serve_wait_for_end(&ends);
	web_witness_stop(web);
	return true;
}

const struct cli_command cli_witness = {
	.name = "witness",
	.arguments = "DIR",
	.about = "Cosign other organisations' logs, each only as it grows",
	.detail =
		"Runs until it is told to end (SIGTERM or SIGINT). It keeps the newest tree that it saw of each log\n"
		"in DIR, and learns sizes and roots and nothing else. The first line but the address is its\n"
		"verifier key, which the logs' policies name.",
	.least = 1,
	.most = 1,
	.needs = CLI_NOTHING,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};

static bool add_log(struct cli_call *call, struct err *err)
{
	const char *dir = str_to_c(call->arena, call->args[0]);
	return dir ? log_witness_add_log(dir, str_trim(call->args[1]), err)
	           : err_set(err, ERR_INPUT, "The folder cannot be read");
}

const struct cli_command cli_witness_add_log = {
	.name = "witness add-log",
	.arguments = "DIR VKEY",
	.about = "Let a witness watch one more log, or a further key of one",
	.detail =
		"Only this makes the folder of a log: one that is lost makes the log unknown, never new.",
	.least = 2,
	.most = 2,
	.needs = CLI_NOTHING,
	.run = add_log,
};
