/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour mirror: a verified copy of somebody's public log. It needs no register and no right. */
#include "log/log.h"

#include "cli/commands.h"
#include "cli/parts.h"

#define ROUND_ARENA ((size_t)4 << 20)
#define CONNECT_MS 5000
#define ALL_MS 30000
#define STALE_S 600 /* as tlog.md has it */
#define EVERY_MAX 86400

static const struct cli_option OPTIONS[] = {
	{ "policy", CLI_INPUT, "FILE", "the log's key, and whose cosignatures suffice" },
	{ "vkey", CLI_TEXT, "KEY", "the log's verifier key alone: no witness is asked for" },
	{ "every", CLI_TEXT, "SECONDS", "goes on, and looks that often; else it looks once" },
	{ "stale", CLI_TEXT, "SECONDS",
	  "how old the newest cosignature may be; 600 when left out, 0: any age" },
};

/* Where a log is fetched from. */
struct source {
	struct log_fetch *fetch;
	struct str url; /* with its last slash */
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

static bool read_policy(struct cli_call *call, const struct log_policy **out, struct err *err)
{
	if (cli_has(call, "vkey") == cli_has(call, "policy"))
		return err_set(err, ERR_USAGE,
		               "Say whom you trust: --vkey KEY or --policy FILE, one of them");
	return cli_has(call, "vkey")
	               ? log_policy_of_key(call->arena, str_trim(cli_text(call, "vkey")), out, err)
	               : log_policy_read(call->arena, cli_text(call, "policy"), out, err);
}

static bool open_source(struct cli_call *call, struct source *source, struct err *err)
{
	static const struct log_fetch_patience patience = { CONNECT_MS, ALL_MS };
	struct str url = call->args[0];
	if (!log_fetch_is_url(url, err))
		return false;
	source->url =
		str_ends(url, STR("/")) ? url : arena_format(call->arena, "%.*s/", STR_ARG(url));
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
	return out.alarm == LOG_ALARM_NONE ||
	       err_set(err, ERR_REFUSED, "The log of %.*s is not as it must be: keep %s/evidence",
	               STR_ARG(log_mirror_origin(mirror)), call->dir);
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

static bool run(struct cli_call *call, struct err *err)
{
	CLEANUP(log_mirror_cleanup) struct log_mirror *mirror = NULL;
	const struct log_policy *policy;
	struct source source = { 0 };
	int64_t every, stale;
	call->dir = str_to_c(call->arena, call->args[1]);
	if (!call->dir)
		return err_set(err, ERR_INPUT, "The folder cannot be read");
	bool good = read_seconds(call, "every", 0, &every, err) &&
	            read_seconds(call, "stale", STALE_S, &stale, err) &&
	            read_policy(call, &policy, err) && open_source(call, &source, err) &&
	            log_mirror_open(call->dir, policy, &mirror, err) &&
	            go_on(call, mirror, &source, every, stale, err);
	log_fetch_destroy(source.fetch);
	return good;
}

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
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
};
