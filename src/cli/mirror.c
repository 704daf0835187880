/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * candour mirror: a verified copy of somebody's public log. candour monitor: the same look, held
 * against what witnesses and mirrors saw. Neither needs a register or any right.
 */
#include <stdlib.h>
#include <unistd.h>

#include "log/log.h"

#include "cli/commands.h"
#include "cli/parts.h"

#define ROUND_ARENA ((size_t)4 << 20)
#define CONNECT_MS 5000
#define ALL_MS 30000
#define STALE_S 600 /* as tlog.md has it */
#define EVERY_MAX 86400
#define FOLDERS_DEEP 12

/* clang-format off */
#define LOOKS                                                                                      \
	{ "policy", CLI_INPUT, "FILE", "the log's key, and whose cosignatures suffice" },          \
	{ "vkey", CLI_TEXT, "KEY", "the log's verifier key alone: no witness is asked for" },      \
	{ "every", CLI_TEXT, "SECONDS", "goes on, and looks that often; else it looks once" },     \
	{ "stale", CLI_TEXT, "SECONDS",                                                            \
	  "how old the newest cosignature may be; 600 when left out, 0: any age" }
/* clang-format on */

static const struct cli_option MIRROR_OPTIONS[] = { LOOKS };

static const struct cli_option MONITOR_OPTIONS[] = {
	LOOKS,
	{ "keep", CLI_TEXT, "DIR", "remembers in DIR what it saw, and goes on from there" },
	{ "mirror", CLI_TEXTS, "URL", "a mirror of the log, to be compared; may be repeated" },
};

/* Where a log is fetched from. */
struct source {
	struct log_fetch *fetch;
	struct str url; /* with its last slash */
	const struct log_policy *policy;
	bool compares; /* with witnesses and mirrors */
};

static bool get(void *ctx, struct str path, struct arena *arena, int *status, struct str *body,
                struct err *err)
{
	struct source *source = ctx;
	struct log_fetched got;
	struct str url = arena_format(arena, "%.*s%.*s", STR_ARG(source->url), STR_ARG(path));
	if (!url.p)
		return err_set(err, ERR_UNABLE, "There is no memory to fetch a log");
	if (!log_fetch_get(source->fetch, arena, url, LOG_MIRROR_BODY_MAX, &got, err))
		return false;
	*status = got.status;
	*body = got.body;
	return true;
}

static bool read_seconds(struct cli_call *call, const char *name, int64_t otherwise, int64_t *out,
                         struct err *err)
{
	uint64_t value;
	*out = otherwise;
	if (!cli_has(call, name))
		return true;
	if (!str_to_u64(cli_text(call, name), EVERY_MAX, &value))
		return err_set(err, ERR_USAGE, "--%s wants a number of seconds, at most %d", name,
		               EVERY_MAX);
	*out = (int64_t)value;
	return true;
}

static struct str with_slash(struct arena *arena, struct str url)
{
	return str_ends(url, STR("/")) ? url : arena_format(arena, "%.*s/", STR_ARG(url));
}

static bool open_source(struct cli_call *call, struct str url, struct source *source,
                        struct err *err)
{
	static const struct log_fetch_patience patience = { CONNECT_MS, ALL_MS };
	if (!log_fetch_is_url(url, err))
		return false;
	source->url = with_slash(call->arena, url);
	return log_fetch_create(&patience, &source->fetch, err);
}

static void tell(struct cli_call *call, const struct log_mirrored *out)
{
	if (out->alarm != LOG_ALARM_NONE)
		cli_print(call, "alarm %.*s: %.*s", STR_ARG(log_alarm_word(out->alarm)),
		          STR_ARG(out->words));
	else if (out->size != out->before || out->before == 0)
		cli_print(call, "%" PRId64 " entries, %" PRId64 " of them new", out->size,
		          out->size - out->before);
}

/* What somebody else saw. False: an alarm, or no memory. */
static bool compare(struct cli_call *call, struct log_mirror *mirror, struct source *source,
                    struct str who, struct str url, struct arena *arena, struct err *err)
{
	struct log_fetched got;
	struct log_mirrored out;
	struct err why = { 0 };
	bool ahead;
	if (!log_fetch_get(source->fetch, arena, url, LOG_MIRROR_BODY_MAX, &got, &why)) {
		cli_say(call, "%.*s: %s", STR_ARG(who), why.message);
		return true;
	}
	if (got.status != 200) {
		cli_say(call, "%.*s shows nothing of this log (status %d)", STR_ARG(who),
		        got.status);
		return true;
	}
	if (!log_mirror_compare(mirror, got.body, arena, &out, &ahead, err))
		return false;
	if (out.alarm != LOG_ALARM_NONE) {
		cli_print(call, "alarm %.*s: what %.*s saw is not in the log: %.*s",
		          STR_ARG(log_alarm_word(out.alarm)), STR_ARG(who), STR_ARG(out.words));
		return err_set(err, ERR_REFUSED,
		               "The log of %.*s is not as it must be: keep %s/evidence",
		               STR_ARG(log_mirror_origin(mirror)), call->dir);
	}
	cli_print(call, "%.*s saw size %" PRId64 "%s", STR_ARG(who), out.size,
	          ahead ? ", more than is published" : "");
	return true;
}

static bool compare_all(struct cli_call *call, struct log_mirror *mirror, struct source *source,
                        struct arena *arena, struct err *err)
{
	struct hash hash = hash_of(log_mirror_origin(mirror));
	struct str hex = hash_hex(arena, &hash), rest = cli_text(call, "mirror"), url;
	for (size_t i = 0; i < log_policy_witness_count(source->policy); i++) {
		url = log_policy_witness_url(source->policy, i);
		if (!url.n)
			continue;
		url = with_slash(arena, url);
		url = arena_format(arena, "%.*s%.*s/checkpoint", STR_ARG(url), STR_ARG(hex));
		if (!compare(call, mirror, source, log_policy_witness_name(source->policy, i), url,
		             arena, err))
			return false;
	}
	while (str_cut(&rest, '\n', &url)) {
		struct str at = with_slash(arena, url);
		at = arena_format(arena, "%.*scheckpoint", STR_ARG(at));
		if (!compare(call, mirror, source, url, at, arena, err))
			return false;
	}
	return true;
}

/* One look. False: an alarm, or it cannot go on. */
static bool look(struct cli_call *call, struct log_mirror *mirror, struct source *source,
                 int64_t stale, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(ROUND_ARENA);
	struct log_mirrored out;
	int64_t now = clock_read().wall / INSTANT_PER_SECOND;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to fetch a log");
	if (!log_mirror_run(mirror, get, source, now, stale, arena, &out, err))
		return false;
	tell(call, &out);
	(void)cli_flush(call);
	if (out.alarm != LOG_ALARM_NONE)
		return err_set(err, ERR_REFUSED,
		               "The log of %.*s is not as it must be: keep %s/evidence",
		               STR_ARG(log_mirror_origin(mirror)), call->dir);
	return !source->compares || compare_all(call, mirror, source, arena, err);
}

/* False once it is to end. */
static bool wait_for(const sigset_t *ends, int64_t seconds)
{
	const struct timespec at = { .tv_sec = (time_t)seconds };
	return sigtimedwait(ends, NULL, &at) < 0;
}

static bool go_on(struct cli_call *call, struct log_mirror *mirror, struct source *source,
                  int64_t every, int64_t stale, struct err *err)
{
	sigset_t ends;
	serve_block_signals(&ends);
	do {
		struct err why = { 0 };
		if (look(call, mirror, source, stale, &why))
			continue;
		if (every == 0 || why.code != ERR_UNABLE) {
			*err = why;
			return false;
		}
		cli_say(call, "%s", why.message); /* it is tried again */
		(void)cli_flush(call);
	} while (every > 0 && wait_for(&ends, every));
	return true;
}

static bool watch(struct cli_call *call, struct source *source, struct err *err)
{
	CLEANUP(log_mirror_cleanup) struct log_mirror *mirror = NULL;
	int64_t every, stale;
	bool good = read_seconds(call, "every", 0, &every, err) &&
	            read_seconds(call, "stale", STALE_S, &stale, err) &&
	            cli_policy(call, &source->policy, err) &&
	            open_source(call, call->args[0], source, err) &&
	            log_mirror_open(call->dir, source->policy, &mirror, err) &&
	            go_on(call, mirror, source, every, stale, err);
	log_fetch_destroy(source->fetch);
	return good;
}

static bool run_mirror(struct cli_call *call, struct err *err)
{
	struct source source = { 0 };
	call->dir = str_to_c(call->arena, call->args[1]);
	return call->dir ? watch(call, &source, err)
	                 : err_set(err, ERR_INPUT, "The folder cannot be read");
}

/* A folder of ours, with all in it. */
static void forget(struct arena *arena, const char *path, int depth)
{
	const struct str *names;
	size_t count = 0;
	struct err ignored = { 0 };
	if (file_is_link(path) || !file_is_folder(path)) {
		(void)unlink(path);
		return;
	}
	if (depth > 0 && file_list(arena, path, &names, &count, &ignored)) {
		for (size_t i = 0; i < count; i++) {
			const char *name = str_to_c(arena, names[i]);
			const char *inside = name ? file_join(arena, path, name) : NULL;
			if (inside)
				forget(arena, inside, depth - 1);
		}
	}
	(void)rmdir(path);
}

/* Without --keep what was fetched is forgotten, but what proves anything. */
static bool run_monitor(struct cli_call *call, struct err *err)
{
	struct source source = { .compares = true };
	char folder[] = "/tmp/candour-monitor-XXXXXX";
	bool keeps = cli_has(call, "keep");
	call->dir = keeps ? str_to_c(call->arena, cli_text(call, "keep")) : mkdtemp(folder);
	if (!call->dir)
		return err_set(err, ERR_UNABLE, "No folder can be had to keep what is fetched");
	bool good = watch(call, &source, err);
	if (!keeps && good)
		forget(call->arena, call->dir, FOLDERS_DEEP);
	return good;
}

/* --- promises ------------------------------------------------------------------------------- */

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

static bool audit_in(struct cli_call *call, struct source *source,
                     const struct log_promise *promise, struct err *err)
{
	CLEANUP(log_mirror_cleanup) struct log_mirror *mirror = NULL;
	struct log_mirrored out;
	instant now = clock_read().wall;
	if (!log_mirror_open(call->dir, source->policy, &mirror, err))
		return false;
	if (!str_eq(log_mirror_origin(mirror), promise->origin))
		return err_set(err, ERR_INPUT, "The promise is of %.*s", STR_ARG(promise->origin));
	if (!log_mirror_run(mirror, get, source, now / INSTANT_PER_SECOND, 0, call->arena, &out,
	                    err))
		return false;
	if (out.alarm != LOG_ALARM_NONE && out.alarm != LOG_ALARM_UNWITNESSED) {
		tell(call, &out);
		return broken(call, promise, "the log is not as it must be", err);
	}
	return judge(call, promise, mirror, &out, now, err);
}

static bool run_audit(struct cli_call *call, struct err *err)
{
	struct source source = { 0 };
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
	            open_source(call, cli_text(call, "log"), &source, err) &&
	            audit_in(call, &source, &promise, err);
	log_fetch_destroy(source.fetch);
	if (good || err->code != ERR_REFUSED)
		forget(call->arena, call->dir, FOLDERS_DEEP);
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

/* --- the commands --------------------------------------------------------------------------- */

const struct cli_command cli_mirror = {
	.name = "mirror",
	.arguments = "URL DIR",
	.about =
		"Keep a verified copy of a register's public log, and sound an alarm where it cheats",
	.detail =
		"URL is the log's prefix: https://register.example.org/log/. Every entry is hashed up to the root that\n"
		"the log signed, and every tile compared; what was seen once must be there for ever. Any static web\n"
		"server can serve DIR. After an alarm it ends with status 1, and keeps what proves it in DIR/evidence.",
	.least = 2,
	.most = 2,
	.needs = CLI_NOTHING,
	.options = MIRROR_OPTIONS,
	.option_count = COUNT_OF(MIRROR_OPTIONS),
	.run = run_mirror,
};

const struct cli_command cli_monitor = {
	.name = "monitor",
	.arguments = "URL",
	.about = "Look over a register's public log, and compare it with what others saw of it",
	.detail =
		"For anybody who has the log's public key. All of the log is hashed, and what its witnesses and mirrors\n"
		"saw must be in it. An alarm has a name, ends it with status 1, and leaves what proves it.",
	.least = 1,
	.most = 1,
	.needs = CLI_NOTHING,
	.options = MONITOR_OPTIONS,
	.option_count = COUNT_OF(MONITOR_OPTIONS),
	.run = run_monitor,
};
