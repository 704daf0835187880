/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Any bytes as a model, one or two files to be linked, and two lists of settled
 * pairs, parted by a line of "%%": whatever they are, the run ends, gives its memory back, and no weight
 * is infinite or no number.
 */
#include "target.h"

#include <math.h>

#include "match/match.h"

/* libfyaml 0.7.12 loses 4 KiB of its own on some good quoted scalars. Leaks of ours are still seen.
 */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfyaml";
}

static bool see_pair(void *ctx, const struct match_pair *pair)
{
	(void)ctx;
	MUST_HOLD(isfinite(pair->weight));
	MUST_HOLD(pair->left.n && pair->right.n);
	return true;
}

static bool see_member(void *ctx, const struct match_member *member)
{
	size_t *count = ctx;
	MUST_HOLD(member->id.n && member->cluster.n);
	(*count)++;
	return true;
}

static void cut(struct str *rest, struct str *part)
{
	static const struct str MARK = { "\n%%\n", 4 };
	size_t at = str_find_str(*rest, MARK);
	*part = str_sub(*rest, 0, at);
	*rest = at < rest->n ? str_sub(*rest, at + MARK.n, rest->n) : STR("");
}

static bool see_bad(void *ctx, const struct match_bad *bad)
{
	(void)ctx;
	MUST_HOLD(bad->file.n && bad->line && bad->why.n);
	return true;
}

static void see_all(struct match *match, struct err *err)
{
	struct arena *arena = arena_create((size_t)16 << 20);
	struct match_reasons reasons;
	size_t members = 0;
	struct buf text;
	MUST_HOLD(arena != NULL);
	MUST_HOLD(match_pairs(match, -1000, see_pair, NULL, err));
	MUST_HOLD(match_clusters(match, see_member, &members, err));
	MUST_HOLD(match_report(match, arena) != NULL);
	MUST_HOLD(match_explain(match, STR("1"), STR("2"), arena, &reasons, err) ? isfinite(reasons.weight)
	                                                                         : err->code == ERR_ABSENT);
	buf_init(&text, (size_t)1 << 20);
	match_save_model(match, &text, arena);
	MUST_HOLD(!text.full);
	buf_finish(&text);
	arena_destroy(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct match_limits limits = { .threads = 1, .memory = (size_t)512 << 20, .lists_bad = true, .has_hashes = true, .shown = { STR("1"), STR("2") } };
	struct str rest = str_from_bytes(data, size), model, one, two, apart;
	struct match *match;
	struct err err = { 0 };
	cut(&rest, &model);
	cut(&rest, &one);
	cut(&rest, &two);
	cut(&rest, &apart);
	MUST_HOLD(match_open(&limits, &match, &err));
	bool done = (!model.n || match_use_model(match, STR("m.yaml"), model, &err)) && match_add(match, STR("A.csv"), one, &err) &&
	            (!two.n || match_add(match, STR("B.csv"), two, &err)) &&
	            (!apart.n || match_settle(match, MATCH_APART, STR("apart.csv"), apart, &err)) &&
	            (!rest.n || match_settle(match, MATCH_TOGETHER, STR("together.csv"), rest, &err)) && match_fit(match, MATCH_AUTO, &err);
	if (done)
		see_all(match, &err);
	else
		MUST_HOLD(err.code == ERR_INPUT || err.code == ERR_UNABLE);
	struct err second = { 0 };
	MUST_HOLD(match_bad_rows(match, see_bad, NULL, &second));
	match_close(match);
	return 0;
}
