/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * candour mirror: a verified copy of somebody's public log. candour monitor: the same look, held
 * against what witnesses and mirrors saw. Neither needs a register or any right.
 */
#include <stdlib.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/mirror_parts.h"
#include "cli/parts.h"

#define ROUND_ARENA ((size_t)4 << 20)
#define CONNECT_MS 5000
#define ALL_MS 30000
#define STALE_S 600 /* as tlog.md has it */
#define EVERY_MAX 86400
#define STILL_S 7200 /* two of the longest beats that a register may have */
#define FOLDERS_DEEP 12

/* clang-format off */
#define LOOKS                                                                                      \
	{ "policy", CLI_INPUT, "FILE", "the log's key, and whose cosignatures suffice" },          \
	{ "vkey", CLI_TEXT, "KEY", "the log's verifier key alone: no witness is asked for" },      \
	{ "every", CLI_TEXT, "SECONDS", "goes on, and looks that often; else it looks once" },     \
	{ "stale", CLI_TEXT, "SECONDS",                                                            \
	  "how old the newest cosignature may be; 600 when left out, 0: any age" },                \
	{ "still", CLI_TEXT, "SECONDS",                                                            \
	  "how long the log may stand still; 7200 when left out, 0: for ever" }
/* clang-format on */

static const struct cli_option MIRROR_OPTIONS[] = {
	LOOKS,
	{ "agreement", CLI_INPUT, "FILE", "the secret of an agreement with the register" },
	{ "opened", CLI_TEXT, "FOLDER",
	  "where headers and plain fields are kept: private, not in DIR" },
};

static const struct cli_option MONITOR_OPTIONS[] = {
	LOOKS,
	{ "keep", CLI_TEXT, "DIR", "remembers in DIR what it saw, and goes on from there" },
	{ "mirror", CLI_TEXTS, "URL", "a mirror of the log, to be compared; may be repeated" },
};

bool mirror_get(void *ctx, struct str path, struct arena *arena, int *status, struct str *body,
                struct err *err)
{
	struct mirror_source *source = ctx;
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

bool mirror_source_open(struct cli_call *call, struct str url, struct mirror_source *source,
                        struct err *err)
{
	static const struct log_fetch_patience patience = { CONNECT_MS, ALL_MS };
	if (!log_fetch_is_url(url, err))
		return false;
	source->url = with_slash(call->arena, url);
	return log_fetch_create(&patience, &source->fetch, err);
}

void mirror_tell(struct cli_call *call, const struct log_mirrored *out)
{
	if (out->alarm != LOG_ALARM_NONE)
		cli_print(call, "alarm %.*s: %.*s", STR_ARG(log_alarm_word(out->alarm)),
		          STR_ARG(out->words));
	else if (out->size != out->before || out->before == 0)
		cli_print(call, "%" PRId64 " entries, %" PRId64 " of them new", out->size,
		          out->size - out->before);
}

/* What somebody else saw. False: an alarm, or no memory. */
static bool compare(struct cli_call *call, struct log_mirror *mirror, struct mirror_source *source,
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

static bool compare_all(struct cli_call *call, struct log_mirror *mirror,
                        struct mirror_source *source, struct arena *arena, struct err *err)
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

/* What is looked for, as long as the program goes on. */
struct watching {
	struct mirror_source *source;
	struct log_mirror *mirror;
	struct mirror_opened *opened; /* NULL: no agreement */
	bool has_page;
	int64_t every;
	int64_t stale;
	int64_t still;
};

static bool not_as_it_must(struct cli_call *call, const struct watching *watching, struct err *err)
{
	const char *evidence = file_join(call->arena, call->dir, "evidence");
	struct str seen = watching->has_page
	                          ? arena_format(call->arena, ": see %s/status.html", call->dir)
	                          : STR("");
	struct str kept = evidence && file_is_folder(evidence)
	                          ? arena_format(call->arena, "%s keep %s",
	                                         watching->has_page ? ", and" : ":", evidence)
	                          : STR("");
	return err_set(err, ERR_REFUSED, "The log of %.*s is not as it must be%.*s%.*s",
	               STR_ARG(log_mirror_origin(watching->mirror)), STR_ARG(seen), STR_ARG(kept));
}

/* A register writes something at each beat, if only that time passes. */
static bool look_at_growth(struct cli_call *call, const struct watching *watching,
                           struct mirror_seen *seen, struct err *err)
{
	int64_t size = log_mirror_size(watching->mirror);
	if (!mirror_grown(call, seen, size, err))
		return false;
	int64_t age = seen->now - seen->grown;
	if (watching->still > 0 && age / INSTANT_PER_SECOND > watching->still)
		mirror_alarm(call, seen, STR("stopped"),
		             arena_format(seen->arena, "It has stood at %.*s entries for %.*s",
		                          STR_ARG(wording_number(seen->arena, size)),
		                          STR_ARG(wording_elapsed(seen->arena, age))));
	return true;
}

static bool look_at_log(struct cli_call *call, struct watching *watching, struct mirror_seen *seen,
                        struct err *err)
{
	struct log_mirrored out;
	if (!log_mirror_run(watching->mirror, mirror_get, watching->source,
	                    seen->now / INSTANT_PER_SECOND, watching->stale, seen->arena, &out,
	                    err)) {
		seen->unreached = arena_copy(seen->arena, str_from_c(err->message));
		return false;
	}
	if (out.alarm != LOG_ALARM_NONE)
		mirror_alarm(call, seen, log_alarm_word(out.alarm), out.words);
	else
		mirror_tell(call, &out);
	return true;
}

/* One look. False: an alarm, or it cannot go on. */
static bool look(struct cli_call *call, struct watching *watching, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(ROUND_ARENA);
	struct mirror_seen seen = { .arena = arena, .now = clock_read().wall };
	struct err ignored = { 0 };
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to fetch a log");
	bool came = look_at_log(call, watching, &seen, err);
	/* Not to be reached and not to grow are one silence. */
	bool done =
		look_at_growth(call, watching, &seen, came ? err : &ignored) && came &&
		(!watching->opened ||
	         mirror_opened_run(call, watching->opened, watching->mirror,
	                           watching->still > 0 ? watching->still : STILL_S, &seen, err));
	if (watching->has_page && !mirror_write_status(call, watching->mirror, watching->source,
	                                               &seen, done ? err : &ignored))
		return false;
	(void)cli_flush(call);
	if (seen.alarm_count > 0)
		return not_as_it_must(call, watching, err);
	return done && (!watching->source->compares ||
	                compare_all(call, watching->mirror, watching->source, arena, err));
}

/* False once it is to end. */
static bool wait_for(const sigset_t *ends, int64_t seconds)
{
	const struct timespec at = { .tv_sec = (time_t)seconds };
	return sigtimedwait(ends, NULL, &at) < 0;
}

static bool go_on(struct cli_call *call, struct watching *watching, struct err *err)
{
	sigset_t ends;
	serve_block_signals(&ends);
	do {
		struct err why = { 0 };
		if (look(call, watching, &why))
			continue;
		if (watching->every == 0 || why.code != ERR_UNABLE) {
			*err = why;
			return false;
		}
		cli_say(call, "%s", why.message); /* it is tried again */
		(void)cli_flush(call);
	} while (watching->every > 0 && wait_for(&ends, watching->every));
	return true;
}

/* What a mirror writes is for a web server to give: a register's folder, a keeper's or a witness's
 * would be given with it. */
static bool is_for_all(struct cli_call *call, struct err *err)
{
	static const char *const PRIVATE[] = { "register.db", "copy.db", "keys", "key" };
	for (size_t i = 0; i < COUNT_OF(PRIVATE); i++) {
		const char *path = file_join(call->arena, call->dir, PRIVATE[i]);
		if (!path || file_exists(path))
			return err_set(
				err, ERR_INPUT,
				"%s holds \"%s\", which nobody may be given: name a folder of"
				" its own",
				call->dir, PRIVATE[i]);
	}
	return true;
}

static bool watch(struct cli_call *call, struct mirror_source *source, bool is_mirror,
                  struct err *err)
{
	struct watching watching = { .source = source, .has_page = is_mirror };
	bool good = is_for_all(call, err) && read_seconds(call, "every", 0, &watching.every, err) &&
	            read_seconds(call, "stale", STALE_S, &watching.stale, err) &&
	            read_seconds(call, "still", STILL_S, &watching.still, err) &&
	            cli_policy(call, &source->policy, err) &&
	            mirror_source_open(call, call->args[0], source, err) &&
	            (!is_mirror || mirror_opened_open(call, source, &watching.opened, err)) &&
	            log_mirror_open(call->dir, source->policy, &watching.mirror, err) &&
	            go_on(call, &watching, err);
	log_mirror_close(watching.mirror);
	mirror_opened_close(watching.opened);
	log_fetch_destroy(source->fetch);
	return good;
}

static bool run_mirror(struct cli_call *call, struct err *err)
{
	struct mirror_source source = { 0 };
	call->dir = str_to_c(call->arena, call->args[1]);
	return call->dir ? watch(call, &source, true, err)
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

void mirror_forget(struct arena *arena, const char *path)
{
	forget(arena, path, FOLDERS_DEEP);
}

/* Without --keep what was fetched is forgotten, but what proves anything. */
static bool run_monitor(struct cli_call *call, struct err *err)
{
	struct mirror_source source = { .compares = true };
	char folder[] = "/tmp/candour-monitor-XXXXXX";
	bool keeps = cli_has(call, "keep");
	call->dir = keeps ? str_to_c(call->arena, cli_text(call, "keep")) : mkdtemp(folder);
	if (!call->dir)
		return err_set(err, ERR_UNABLE, "No folder can be had to keep what is fetched");
	bool good = watch(call, &source, false, err);
	if (!keeps && (good || err->code != ERR_REFUSED))
		mirror_forget(call->arena, call->dir);
	return good;
}

/* --- the commands --------------------------------------------------------------------------- */

const struct cli_command cli_mirror = {
	.name = "mirror",
	.arguments = "URL DIR",
	.about =
		"Keep a verified copy of a register's public log, and sound an alarm where it cheats",
	.detail =
		"URL is the log's prefix: https://register.example.org/log/. Every entry is hashed up to the root that\n"
		"the log signed, and every tile compared; what was seen once must be there for ever. Any static web\n"
		"server can serve DIR; DIR/status.html says what was seen, and what to do about it. After an alarm it\n"
		"ends with status 1, and keeps what proves it in DIR/evidence. Under an agreement (candour log mirror\n"
		"agree) headers and plain fields are kept too, in a folder of their own: what ought to have been told\n"
		"upwards by now, and was not, is then reckoned here from the entries and the rules alone.",
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
