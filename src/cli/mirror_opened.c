/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a mirror is given under an agreement: headers, openers and plain fields, each opened against
 * the leaf that the mirror holds already, and kept in a folder that nobody else is given. Then what
 * ought to have been told upwards by now is reckoned from them and the rules, not asked for.
 */
#include "cli/mirror_parts.h"

#include <stdlib.h>

#define PAGE_MAX ((size_t)8 << 20)   /* bytes of one answer */
#define RULES_MAX ((size_t)17 << 20) /* of one text of rules */
#define PAGE_DEPTH 6
#define PAGE_ARENA ((size_t)96 << 20)
#define CONNECT_MS 5000
#define ALL_MS 60000
#define RECKON_EVERY (15 * INSTANT_PER_MINUTE)
#define UNTOLD_SHOWN 20

struct mirror_opened {
	struct casebook_outside *kept;
	const char *folder;
	struct log_fetch *fetch;
	struct str url;
	instant reckoned; /* 0: not yet */
	int64_t untold;   /* as it was reckoned then */
};

static bool is_inside(struct str folder, struct str dir)
{
	return str_starts(folder, dir) && (folder.n == dir.n || folder.p[dir.n] == '/');
}

bool mirror_opened_open(struct cli_call *call, const struct mirror_source *source,
                        struct mirror_opened **out, struct err *err)
{
	static const struct log_fetch_patience patience = { CONNECT_MS, ALL_MS };
	struct str folder = cli_text(call, "opened"),
		   secret = str_trim(cli_text(call, "agreement"));
	*out = NULL;
	if (!cli_has(call, "opened") && !cli_has(call, "agreement"))
		return true;
	if (!cli_has(call, "opened") || !cli_has(call, "agreement"))
		return err_set(err, ERR_USAGE,
		               "An agreement needs both: --agreement FILE, and --opened FOLDER");
	const char *path = str_to_c(call->arena, folder);
	if (!path || is_inside(folder, str_from_c(call->dir)))
		return err_set(err, ERR_USAGE,
		               "--opened is a folder of its own: %s is what others are given",
		               call->dir);
	struct mirror_opened *opened = calloc(1, sizeof *opened);
	if (!opened)
		return err_set(err, ERR_UNABLE, "There is no memory to keep anything");
	opened->url = source->url;
	opened->folder = path;
	if (log_fetch_create(&patience, &opened->fetch, err) &&
	    log_fetch_bear(opened->fetch, secret, err) &&
	    casebook_outside_open(path, &opened->kept, err)) {
		*out = opened;
		return true;
	}
	mirror_opened_close(opened);
	return false;
}

void mirror_opened_close(struct mirror_opened *opened)
{
	if (!opened)
		return;
	casebook_outside_close(opened->kept);
	log_fetch_destroy(opened->fetch);
	free(opened);
}

/* --- fetching -------------------------------------------------------------------------------- */

static bool get(struct mirror_opened *opened, struct arena *arena, const char *what, int64_t n,
                size_t max, struct log_fetched *out, struct err *err)
{
	struct str url = arena_format(arena, "%.*s%s%" PRId64, STR_ARG(opened->url), what, n);
	return url.p ? log_fetch_get(opened->fetch, arena, url, max, out, err)
	             : err_set(err, ERR_UNABLE, "There is no memory to fetch anything");
}

static bool read_given(const struct json *row, struct casebook_given *out)
{
	*out = (struct casebook_given){
		.index = json_number(row, STR("index"), -1),
		.header = json_text(row, STR("header")),
		.plain = json_text(row, STR("plain")),
	};
	if (!out->header.n)
		out->header = STR_NONE;
	return out->index >= 0 &&
	       (!out->header.p ||
	        (hash_read_hex(json_text(row, STR("opener")), &out->opener) &&
	         hash_read_hex(json_text(row, STR("plain_salt")), &out->plain_salt)));
}

/* As many as the page has, below `size`. False: it is no such page. */
static bool read_page(struct str body, int64_t size, struct arena *arena,
                      struct casebook_given given[CASEBOOK_GIVEN_MAX], size_t *count)
{
	const struct json *page;
	struct err ignored = { 0 };
	*count = 0;
	if (!json_read(arena, body, PAGE_DEPTH, &page, &ignored))
		return false;
	const struct json *list = json_member(page, STR("entries"));
	if (!list || list->type != JSON_ARRAY)
		return false;
	for (const struct json *row = list->first; row && *count < CASEBOOK_GIVEN_MAX;
	     row = row->next) {
		if (!read_given(row, &given[*count]))
			return false;
		if (given[*count].index < size)
			++*count;
	}
	return *count > 0;
}

static bool read_leaves(struct log_mirror *mirror, int64_t from, size_t count,
                        struct hash leaves[CASEBOOK_GIVEN_MAX], struct err *err)
{
	for (size_t i = 0; i < count; i++)
		if (!log_mirror_leaf(mirror, from + (int64_t)i, &leaves[i], err))
			return false;
	return true;
}

/* Sounds the alarm of an answer that is none; true: it was one. */
static bool is_withheld(struct cli_call *call, struct mirror_seen *seen, int status,
                        const char *what, int64_t n)
{
	if (status == 200)
		return false;
	mirror_alarm(call, seen, STR("withheld"),
	             arena_format(seen->arena, "%s %" PRId64 " is not given (status %d)", what, n,
	                          status));
	return true;
}

/* What was given and is not what the log has proves it, and is nobody else's to read. */
static void sound_opened(struct cli_call *call, const struct mirror_opened *opened,
                         struct mirror_seen *seen, int64_t from, struct str body, struct str why)
{
	struct err problem = { 0 };
	struct str name = arena_format(seen->arena, "refused-%" PRId64, from);
	const char *plain = name.p ? str_to_c(seen->arena, name) : NULL;
	const char *path = plain ? file_join(seen->arena, opened->folder, plain) : NULL;
	if (!path || !file_write(path, 0600, body, &problem))
		cli_say(call, "What was given cannot be kept: %s", problem.message);
	mirror_alarm(call, seen, STR("opened"), why);
}

/* The next page of entries. *is_good false: an alarm. */
static bool take_page(struct cli_call *call, struct mirror_opened *opened,
                      struct log_mirror *mirror, struct mirror_seen *seen, bool *is_good,
                      struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(PAGE_ARENA);
	int64_t from = casebook_outside_size(opened->kept);
	struct log_fetched got;
	struct str why;
	size_t count;
	struct casebook_given *given =
		arena ? arena_alloc(arena, CASEBOOK_GIVEN_MAX, sizeof *given) : NULL;
	struct hash *leaves = arena ? arena_alloc(arena, CASEBOOK_GIVEN_MAX, sizeof *leaves) : NULL;
	*is_good = false;
	if (!given || !leaves)
		return err_set(err, ERR_UNABLE, "There is no memory to fetch anything");
	if (!get(opened, arena, "opened/", from, PAGE_MAX, &got, err))
		return false;
	if (is_withheld(call, seen, got.status, "Entry", from))
		return true;
	if (!read_page(got.body, log_mirror_size(mirror), arena, given, &count)) {
		sound_opened(call, opened, seen, from, got.body,
		             arena_format(seen->arena,
		                          "What is given from entry %" PRId64 " on cannot be read",
		                          from));
		return true;
	}
	if (!read_leaves(mirror, from, count, leaves, err) ||
	    !casebook_outside_add(opened->kept, given, leaves, count, seen->arena, &why, err))
		return false;
	*is_good = !why.p;
	if (why.p)
		sound_opened(call, opened, seen, from, got.body, why);
	return true;
}

/* Rules that an entry names. *is_good false: an alarm. */
static bool take_rules(struct cli_call *call, struct mirror_opened *opened,
                       struct mirror_seen *seen, int64_t n, bool *is_good, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(PAGE_ARENA);
	struct log_fetched got;
	struct str why;
	*is_good = false;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to fetch anything");
	if (!get(opened, arena, "opened/rules/", n, RULES_MAX, &got, err))
		return false;
	if (is_withheld(call, seen, got.status, "Text of rules", n))
		return true;
	if (!casebook_outside_add_rules(opened->kept, n, got.body, seen->arena, &why, err))
		return false;
	*is_good = !why.p;
	if (why.p)
		mirror_alarm(call, seen, STR("opened"), why);
	return true;
}

/* Where nothing is new: an agreement that ended is told at once, not when the log grows. */
static bool still_given(struct cli_call *call, struct mirror_opened *opened,
                        struct mirror_seen *seen, bool *is_good, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(PAGE_ARENA);
	int64_t last = casebook_outside_size(opened->kept) - 1;
	struct log_fetched got;
	if (last < 0)
		return true;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory to fetch anything");
	if (!get(opened, arena, "opened/", last, PAGE_MAX, &got, err))
		return false;
	*is_good = !is_withheld(call, seen, got.status, "Entry", last);
	return true;
}

static bool take_all(struct cli_call *call, struct mirror_opened *opened, struct log_mirror *mirror,
                     struct mirror_seen *seen, bool *is_good, struct err *err)
{
	*is_good = true;
	if (casebook_outside_size(opened->kept) >= log_mirror_size(mirror) &&
	    !still_given(call, opened, seen, is_good, err))
		return false;
	while (*is_good && casebook_outside_size(opened->kept) < log_mirror_size(mirror))
		if (!take_page(call, opened, mirror, seen, is_good, err))
			return false;
	while (*is_good) {
		int64_t n;
		if (!casebook_outside_wants_rules(opened->kept, &n, err))
			return false;
		if (n == 0)
			break;
		if (!take_rules(call, opened, seen, n, is_good, err))
			return false;
	}
	return true;
}

/* --- what ought to have been told ------------------------------------------------------------ */

/* Which it is stands on the terminal, and not on the page that everybody may read. */
static void print_untold(struct cli_call *call, const struct casebook_untold *untold, size_t count)
{
	for (size_t i = 0; i < count; i++)
		cli_print(call,
		          "untold %.*s %.*s (%.*s), owed by %.*s, due %.*s, to be told on by %.*s",
		          STR_ARG(untold[i].duty), STR_ARG(untold[i].rule),
		          STR_ARG(untold[i].title), STR_ARG(untold[i].office),
		          STR_ARG(cli_when(call, untold[i].due)),
		          STR_ARG(cli_when(call, untold[i].at)));
}

static bool reckon(struct cli_call *call, struct mirror_opened *opened, int64_t grace,
                   struct mirror_seen *seen, struct err *err)
{
	const struct casebook_untold *untold;
	struct err why = { 0 };
	size_t count;
	if (casebook_outside_untold(opened->kept, grace * INSTANT_PER_SECOND, UNTOLD_SHOWN,
	                            seen->arena, &untold, &count, &opened->untold, &why)) {
		opened->reckoned = seen->now;
		print_untold(call, untold, count);
		return true;
	}
	if (why.code == ERR_UNABLE) {
		*err = why;
		return false;
	}
	opened->untold = 0;
	mirror_alarm(call, seen, STR("unread"),
	             arena_format(seen->arena, "%s (%s)",
	                          why.code == ERR_FAULT ? "What an entry says cannot be followed"
	                                                : why.message,
	                          why.context));
	return true;
}

bool mirror_opened_run(struct cli_call *call, struct mirror_opened *opened,
                       struct log_mirror *mirror, int64_t grace, struct mirror_seen *seen,
                       struct err *err)
{
	bool is_good, is_drill = str_starts(log_mirror_origin(mirror), STR("drill."));
	seen->has_opened = true;
	if (!take_all(call, opened, mirror, seen, &is_good, err))
		return false;
	seen->opened = casebook_outside_size(opened->kept);
	seen->newest = casebook_outside_newest(opened->kept);
	/* A drill's time is its own. */
	int64_t age = seen->now - seen->newest;
	if (is_good && !is_drill && seen->newest && age / INSTANT_PER_SECOND > grace &&
	    seen->alarm_count == 0)
		mirror_alarm(call, seen, STR("stopped"),
		             arena_format(seen->arena, "Its newest entry was recorded %.*s ago",
		                          STR_ARG(wording_elapsed(seen->arena, age))));
	if (is_good && seen->now - opened->reckoned >= RECKON_EVERY &&
	    !reckon(call, opened, grace, seen, err))
		return false;
	seen->reckoned = opened->reckoned;
	if (opened->untold > 0)
		mirror_alarm(call, seen, STR("untold"),
		             arena_format(seen->arena,
		                          "%" PRId64 " thing%s that %s late ought to have been told"
		                          " to somebody above, and no entry says so",
		                          opened->untold, opened->untold == 1 ? "" : "s",
		                          opened->untold == 1 ? "is" : "are"));
	return true;
}
