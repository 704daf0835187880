/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The input is a receipt and, behind a NUL, a report to hold against it. Any
 * bytes are answered with a result; a receipt that holds is of the trusted
 * log, signed by it, its entry below the signed size; and it holds no longer
 * with one byte changed, save in a salt, which only a report makes count.
 */
#include "target.h"

#include <string.h>

#include "log/log.h"

#define ROOM ((size_t)8 << 20)

/* Keys that the corpus is signed by. */
static const char POLICY[] =
	"log register.example.org/northmere+97c346b8+AaXyIMxhJDvf/BiyKtVPYVFgxZnW+mhGU8ZzAFP3weni\n"
	"witness w1 witness.example.net/w1+964ec417+BGKSdxzFKn1PTxZlSPibWDwL8LdzBdQ32UisoZ+w+vj4\n"
	"witness w2 witness.example.net/w2+4327901c+BFRk2x4VnP5Fq1zimoohhikcVi/u643ODafuqVxcJ61+\n"
	"group both any w1 w2\n"
	"quorum both\n";

static void must_have_held(const struct log_receipt_found *found)
{
	MUST_HOLD(str_eq(found->checkpoint.origin, STR("register.example.org/northmere")));
	MUST_HOLD(found->header.index < found->checkpoint.size);
	MUST_HOLD(found->signers.count > 0 && found->why.n == 0);
}

/* The place is in the checkpoint's three lines, where nothing is passed over. */
static void must_count(struct hasher *hasher, struct arena *arena, const struct log_policy *policy,
                       struct str raw, size_t at)
{
	struct log_receipt_found found;
	struct err err = { 0 };
	char *changed = arena_alloc(arena, raw.n, 1);
	if (!changed)
		return;
	memcpy(changed, raw.p, raw.n);
	changed[at] = (char)(changed[at] ^ 1);
	MUST_HOLD(log_receipt_check(hasher, arena, (struct str){ changed, raw.n }, policy, NULL,
	                            &found, &err));
	MUST_HOLD(log_receipt_exit(found.result) != 0);
}

/* A receipt that holds is no report of itself; what is taken as one is JSON, and no more than it. */
static void try_report(struct hasher *hasher, struct arena *arena, const struct log_policy *policy,
                       struct str raw, struct str report)
{
	struct log_receipt_found found;
	const struct json *read = NULL;
	struct err err = { 0 };
	MUST_HOLD(log_receipt_check(hasher, arena, raw, policy, &raw, &found, &err));
	MUST_HOLD(found.result == LOG_RECEIPT_REPORT);
	if (!log_receipt_check(hasher, arena, raw, policy, &report, &found, &err)) {
		MUST_HOLD(err.code == ERR_UNABLE);
		return;
	}
	if (log_receipt_exit(found.result) != 0) {
		MUST_HOLD(found.result == LOG_RECEIPT_REPORT && found.why.n > 0);
		return;
	}
	MUST_HOLD(json_read(arena, report, JSON_DEPTH_MAX, &read, &err));
	MUST_HOLD(json_member(read, STR("plain")) || json_member(read, STR("sealed")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_create(ROOM);
	struct hasher *hasher = hasher_create();
	struct str both = str_from_bytes(data, size);
	size_t end = str_find(both, '\0');
	struct str raw = str_sub(both, 0, end), report = str_sub(both, end + 1, both.n);
	const struct log_policy *policy = NULL;
	struct log_receipt_found found;
	struct err err = { 0 };
	MUST_HOLD(log_policy_read(arena, str_from_c(POLICY), &policy, &err));
	bool is_checked = log_receipt_check(hasher, arena, raw, policy, NULL, &found, &err);
	MUST_HOLD(is_checked || err.code == ERR_UNABLE);
	if (is_checked && log_receipt_exit(found.result) == 0) {
		size_t split = str_find_str(raw, STR("\n\n"));
		must_have_held(&found);
		must_count(hasher, arena, policy, raw, split + 2 + size % 40);
		try_report(hasher, arena, policy, raw, report);
	} else if (is_checked) {
		MUST_HOLD(found.why.n > 0);
	}
	hasher_destroy(hasher);
	arena_destroy(arena);
	return 0;
}
