/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour log audit: whether a promise that came with a receipt was kept. It needs no register. */
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/mirror_parts.h"
#include "cli/parts.h"

static const struct cli_option AUDIT_OPTIONS[] = {
	{ "log", CLI_TEXT, "URL", "the log's prefix" },
	{ "promise-key", CLI_TEXT, "KEY", "the verifier key that promises are signed with" },
	{ "policy", CLI_INPUT, "FILE", "the log's key, and whose cosignatures suffice" },
	{ "vkey", CLI_TEXT, "KEY", "the log's verifier key alone: no witness is asked for" },
};

static bool broken(struct cli_call *call, const struct log_promise *promise, const char *why,
                   struct err *err)
{
	cli_print(call, "broken");
	return err_set(err, ERR_REFUSED,
	               "The promise of entry %" PRId64
	               ", to be public by %.*s, is broken: %s. Keep "
	               "the promise and %s",
	               promise->index, STR_ARG(cli_when(call, promise->by)), why, call->dir);
}

/* What the log came to, held against what was promised. */
static bool judge(struct cli_call *call, const struct log_promise *promise,
                  struct log_mirror *mirror, const struct log_mirrored *out, instant now,
                  struct err *err)
{
	struct hash leaf;
	bool is_there = promise->index < log_mirror_size(mirror);
	if (is_there && !log_mirror_leaf(mirror, promise->index, &leaf, err))
		return false;
	if (is_there && !hash_eq(&leaf, &promise->leaf))
		return broken(call, promise, "the log has something else in its place", err);
	if (is_there && out->alarm == LOG_ALARM_NONE) {
		cli_print(call, "kept");
		return true;
	}
	if (now <= promise->by) {
		cli_print(call, "open");
		cli_say(call, "It is due by %.*s", STR_ARG(cli_when(call, promise->by)));
		return true;
	}
	return broken(call, promise, is_there ? "too few countersigned it" : "it is not in the log",
	              err);
}

static bool audit_in(struct cli_call *call, struct mirror_source *source,
                     const struct log_promise *promise, struct err *err)
{
	CLEANUP(log_mirror_cleanup) struct log_mirror *mirror = NULL;
	struct log_mirrored out;
	instant now = clock_read().wall;
	if (!log_mirror_open(call->dir, source->policy, &mirror, err))
		return false;
	if (!str_eq(log_mirror_origin(mirror), promise->origin))
		return err_set(err, ERR_INPUT, "The promise is of %.*s", STR_ARG(promise->origin));
	if (!log_mirror_run(mirror, mirror_get, source, now / INSTANT_PER_SECOND, 0, call->arena,
	                    &out, err))
		return false;
	if (out.alarm != LOG_ALARM_NONE && out.alarm != LOG_ALARM_UNWITNESSED) {
		mirror_tell(call, &out);
		return broken(call, promise, "the log is not as it must be", err);
	}
	return judge(call, promise, mirror, &out, now, err);
}

static bool run_audit(struct cli_call *call, struct err *err)
{
	struct mirror_source source = { 0 };
	struct log_promise promise;
	struct log_vkey key;
	struct str note;
	char folder[] = "/tmp/candour-audit-XXXXXX";
	const char *path = str_to_c(call->arena, call->args[0]);
	if (!cli_has(call, "log") || !cli_has(call, "promise-key"))
		return err_set(
			err, ERR_USAGE,
			"Say where the log is, --log URL, and who promised, --promise-key KEY");
	if (!path || !file_read(call->arena, path, LOG_PROMISE_MAX, &note, err) ||
	    !log_vkey_read(call->arena, str_trim(cli_text(call, "promise-key")), &key, err) ||
	    !log_promise_open(call->arena, note, &key, &promise, err))
		return path ? false : err_set(err, ERR_INPUT, "The file cannot be read");
	call->dir = mkdtemp(folder);
	if (!call->dir)
		return err_set(err, ERR_UNABLE, "No folder can be had to keep what is fetched");
	bool good = cli_policy(call, &source.policy, err) &&
	            mirror_source_open(call, cli_text(call, "log"), &source, err) &&
	            audit_in(call, &source, &promise, err);
	log_fetch_destroy(source.fetch);
	if (good || err->code != ERR_REFUSED)
		mirror_forget(call->arena, call->dir);
	return good;
}

const struct cli_command cli_log_audit = {
	.name = "log audit",
	.arguments = "PROMISE",
	.about = "Check whether a promise that came with a receipt was kept",
	.detail =
		"Prints kept, open (not due yet) or broken (status 1). A broken promise and the log's own later\n"
		"checkpoint prove it to anybody.",
	.least = 1,
	.most = 1,
	.needs = CLI_NOTHING,
	.options = AUDIT_OPTIONS,
	.option_count = COUNT_OF(AUDIT_OPTIONS),
	.run = run_audit,
};
