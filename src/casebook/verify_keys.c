/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* keys.db: each slot as the entries say, and what the vault keeps about itself. */
#include "casebook/verify.h"

/* By entry_file(file, kind, idx). */
static const char DESTROYED_SQL[] =
	"SELECT 1 FROM entry WHERE file = ?1 AND kind = 'file.destroyed'";
static const char LAST_SLOT_SQL[] = "SELECT COALESCE(MAX(n), -1) FROM slot";
static const char STRAY_SLOTS_SQL[] = "SELECT COUNT(*) FROM slot WHERE n < 0";
static const char KEPT_SQL[] = "SELECT COUNT(*) FROM kept WHERE name NOT IN ('master', 'others', 'shares')";

struct slots {
	struct verify *verify;
	bool failed;
	struct err *err;
};

static bool is_meant(struct verify *verify, int64_t slot, bool *out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	if (!store_prepare(verify->store, DESTROYED_SQL, &found, err))
		return false;
	store_bind_int(found, 1, slot);
	enum store_step step = store_step(found, err);
	*out = step == STORE_ROW;
	return step != STORE_FAILED;
}

/* vault_slot_found */
static void take_slot(void *ctx, int64_t slot, enum vault_slot state)
{
	struct slots *slots = ctx;
	bool meant = false;
	if (slots->failed || slots->verify->has_found)
		return;
	if (state == VAULT_SLOT_DESTROYED && !is_meant(slots->verify, slot, &meant, slots->err)) {
		slots->failed = true;
		return;
	}
	if (state == VAULT_SLOT_DAMAGED)
		(void)verify_differs(slots->verify, "keys.slot", -1,
		                     "Slot %" PRId64 ": key altered", slot);
	else if (!meant)
		(void)verify_differs(slots->verify, "keys.slot", -1,
		                     "Slot %" PRId64
		                     ": key missing, and no entry says that it was destroyed",
		                     slot);
}

bool verify_keys(struct verify *verify, struct err *err)
{
	struct err why = { 0 };
	struct slots slots = { .verify = verify, .err = err };
	int64_t last = 0, strays = 0, kept = 0;
	if (!store_get_int(verify->keys, LAST_SLOT_SQL, &last, err) ||
	    !store_get_int(verify->keys, STRAY_SLOTS_SQL, &strays, err) ||
	    !store_get_int(verify->keys, KEPT_SQL, &kept, err))
		return false;
	if (strays)
		return verify_differs(verify, "keys.slot", -1,
		                      "There is a slot of a number below 0");
	if (kept)
		return verify_differs(verify, "keys.kept", -1, "keys.db keeps what no vault wrote");
	if (last < verify->files - 1)
		return verify_differs(verify, "keys.slot", -1, "Slot %" PRId64 ": key missing",
		                      last + 1);
	bool done = vault_verify(verify->vault, take_slot, &slots, &why);
	if (slots.failed || verify->has_found)
		return false;
	if (done)
		return true;
	if (why.code == ERR_INPUT)
		return verify_differs(verify, "keys.kept", -1, "%s", why.message);
	*err = why;
	return false;
}
