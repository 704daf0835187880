/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * candour log witness: who countersigns this log, as DIR/policy says it (C2SP tlog-policy). The
 * file is people's to edit; what is added here keeps their lines.
 */
#include "log/log.h"

#include "cli/commands.h"

#define GROUP "witnesses"

/* The words of a policy's line, the first two. */
static void first_words(struct str line, struct str *first, struct str *second)
{
	struct str rest = str_trim(line);
	(void)str_cut(&rest, ' ', first);
	rest = str_trim(rest);
	(void)str_cut(&rest, ' ', second);
}

/* Whether the line is one that is made here: the quorum of all witnesses together. */
static bool is_ours(struct str line)
{
	struct str first = STR(""), second = STR("");
	first_words(line, &first, &second);
	if (str_eq(first, STR("group")))
		return str_eq(second, STR(GROUP));
	return str_eq(first, STR("quorum")) &&
	       (str_eq(second, STR("none")) || str_eq(second, STR(GROUP)));
}

static bool is_quorum(struct str line)
{
	struct str first = STR(""), second = STR("");
	first_words(line, &first, &second);
	return str_eq(first, STR("quorum"));
}

/* Lines that are kept, then the witness, then the quorum unless somebody wrote their own. */
static bool add_to(struct str old, struct str witness, struct buf *out, bool *is_own_quorum)
{
	struct str rest = old, line;
	struct buf behind;
	*is_own_quorum = false;
	buf_init(&behind, LOG_POLICY_MAX);
	while (str_cut(&rest, '\n', &line)) {
		struct str first = STR(""), second = STR("");
		first_words(line, &first, &second);
		if (!line.n || is_ours(line))
			continue;
		*is_own_quorum = *is_own_quorum || is_quorum(line);
		bool is_behind = str_eq(first, STR("group")) || str_eq(first, STR("quorum"));
		buf_format(is_behind ? &behind : out, "%.*s\n", STR_ARG(line));
	}
	buf_format(out, "%.*s\n", STR_ARG(witness));
	buf_add(out, buf_str(&behind));
	buf_finish(&behind);
	return !out->full;
}

/* Two of three, three of five: more than half, once there are two. */
static void add_quorum(struct buf *out, const struct log_policy *policy)
{
	size_t count = log_policy_witness_count(policy);
	if (count < 2) {
		buf_add(out, STR("quorum none\n"));
		return;
	}
	buf_format(out, "group " GROUP " %zu", count / 2 + 1);
	for (size_t i = 0; i < count; i++)
		buf_format(out, " %.*s", STR_ARG(log_policy_witness_name(policy, i)));
	buf_add(out, STR("\nquorum " GROUP "\n"));
}

static bool read_old(struct cli_call *call, const char *path, struct str *old, struct err *err)
{
	struct err why = { 0 };
	if (file_read(call->arena, path, LOG_POLICY_MAX, old, &why))
		return true;
	if (why.code != ERR_ABSENT) {
		*err = why;
		return false;
	}
	*old = arena_format(call->arena, "log %.*s\n", STR_ARG(casebook_vkey(call->book)));
	return old->p || err_set(err, ERR_UNABLE, "There is no memory to write a policy");
}

static bool add(struct cli_call *call, struct err *err)
{
	CLEANUP(buf_finish) struct buf text = { 0 };
	const struct log_policy *policy;
	struct log_vkey key;
	struct str old, name = call->args[0], vkey = str_trim(call->args[1]), url = call->args[2];
	bool is_own_quorum;
	const char *path = file_join(call->arena, call->dir, "policy");
	if (!log_vkey_read(call->arena, vkey, &key, err) || !log_fetch_is_url(url, err) ||
	    !read_old(call, path, &old, err))
		return false;
	if (key.type != LOG_KEY_WITNESS)
		return err_set(err, ERR_INPUT, "This is no witness's key; a witness's has type 4");
	struct str line = arena_format(call->arena, "witness %.*s %.*s %.*s", STR_ARG(name),
	                               STR_ARG(vkey), STR_ARG(url));
	buf_init(&text, LOG_POLICY_MAX);
	if (!add_to(old, line, &text, &is_own_quorum))
		return err_set(err, ERR_INPUT, "%s would be too long", path);
	if (!is_own_quorum) {
		/* Read once without, so that whoever is in it is known. */
		size_t before = text.n;
		buf_add(&text, STR("quorum none\n"));
		if (!log_policy_read(call->arena, buf_str(&text), &policy, err))
			return false;
		text.n = before;
		add_quorum(&text, policy);
	}
	struct str made = arena_copy(call->arena, buf_str(&text));
	if (!made.p || !log_policy_read(call->arena, made, &policy, err) ||
	    !file_write(path, 0644, made, err))
		return false;
	if (is_own_quorum)
		cli_say(call,
		        "The quorum in %s is your own and was left: name the witness in its group",
		        path);
	else if (log_policy_witness_count(policy) < 2)
		cli_say(call,
		        "One witness alone is asked for its cosignature, and not waited for: add a second");
	cli_say(call, "Where the register is served, serve it anew: it reads %s when it begins",
	        path);
	return true;
}

const struct cli_command cli_log_witness_add = {
	.name = "log witness add",
	.arguments = "DIR NAME VKEY URL",
	.about = "Let a witness be asked to countersign the log",
	.detail =
		"Written into DIR/policy, which others may be given: it says whose cosignatures suffice, more than\n"
		"half of the witnesses where nobody wrote a quorum of their own. Take witnesses of other organisations.",
	.least = 4,
	.most = 4,
	.needs = CLI_READER,
	.run = add,
};

static bool list(struct cli_call *call, struct err *err)
{
	const struct log_policy *policy;
	struct str text;
	struct err why = { 0 };
	const char *path = file_join(call->arena, call->dir, "policy");
	if (!file_read(call->arena, path, LOG_POLICY_MAX, &text, &why)) {
		if (why.code == ERR_ABSENT)
			return err_set(
				err, ERR_ABSENT,
				"No witness countersigns this log: candour log witness add %s",
				call->dir);
		*err = why;
		return false;
	}
	if (!log_policy_read(call->arena, text, &policy, err))
		return false;
	buf_add(&call->out, text);
	if (!log_policy_asks_witnesses(policy))
		cli_say(call, "No cosignature is waited for: quorum none");
	return true;
}

const struct cli_command cli_log_witness_list = {
	.name = "log witness list",
	.arguments = "DIR",
	.about = "Print the policy: who countersigns the log, and whose cosignatures suffice",
	.least = 1,
	.most = 1,
	.needs = CLI_READER,
	.run = list,
};
