/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour doctor: what those who run the machine should know, each with its remedy. */
#include <sys/stat.h>

#include "vault/vault.h"

#include "cli/commands.h"

#define FREE_LEAST ((long long)256 << 20)
#define FREE_ENOUGH ((long long)2 << 30)
#define BACKUP_OLD (7 * INSTANT_PER_DAY)

static const struct cli_option OPTIONS[] = {
	{ "json", CLI_FLAG, NULL, "as JSON, for programs" },
};

enum finding {
	FINDING_GOOD,
	FINDING_NOTE,
	FINDING_BAD,
};

struct checkup {
	struct cli_call *call;
	struct json *list;
	const struct err *shut; /* why the register cannot be opened; NULL: it is open */
	bool is_bad;
};

static void find(struct checkup *checkup, enum finding how, struct str what, struct str words)
{
	static const char *const SHOWN[] = { "ok  ", "note", "BAD " };
	static const struct str NAMES[] = { { "ok", 2 }, { "note", 4 }, { "bad", 3 } };
	struct json *row = json_object(checkup->call->arena);
	checkup->is_bad = checkup->is_bad || how == FINDING_BAD;
	if (!cli_has(checkup->call, "json"))
		cli_print(checkup->call, "%s  %.*s: %.*s", SHOWN[how], STR_ARG(what),
		          STR_ARG(words));
	json_put_text(checkup->call->arena, row, STR("what"), what);
	json_put_text(checkup->call->arena, row, STR("how"), NAMES[how]);
	json_put_text(checkup->call->arena, row, STR("words"), words);
	json_push(checkup->list, row);
}

/* What is only a note where nothing is lost. */
static bool is_drill(const struct checkup *checkup)
{
	return !checkup->shut && casebook_is_drill(checkup->call->book);
}

static void check_permissions(struct checkup *checkup)
{
	static const char *const NAMES[] = { ".",
		                             "register.db",
		                             "keys",
		                             "keys/master.key",
		                             "keys/log.key",
		                             "keys/log.key.former",
		                             "keys/keys.db",
		                             "keys/promise.key",
		                             "keys/return.key" };
	struct cli_call *call = checkup->call;
	bool good = true;
	for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
		const char *path = file_join(call->arena, call->dir, NAMES[i]);
		struct stat told;
		if (!path || stat(path, &told) != 0 || !(told.st_mode & 077))
			continue;
		good = false;
		find(checkup, FINDING_BAD, STR("permissions"),
		     arena_format(call->arena,
		                  "others of this machine may read %s; run: chmod go= %s", path,
		                  path));
	}
	if (good)
		find(checkup, FINDING_GOOD, STR("permissions"),
		     STR("the folder and its keys are for their owner alone"));
}

static void check_place_of_key(struct checkup *checkup)
{
	struct cli_call *call = checkup->call;
	const char *key = file_join(call->arena, call->dir, "keys/master.key");
	const char *database = file_join(call->arena, call->dir, "register.db");
	struct stat a, b;
	if (is_drill(checkup))
		return;
	if (key && !file_exists(key))
		return; /* told by what keeps the register shut, or by its keys */
	if (!key || !database || stat(key, &a) != 0 || stat(database, &b) != 0 ||
	    a.st_dev != b.st_dev) {
		find(checkup, FINDING_GOOD, STR("master key"),
		     STR("it lies on another file system than the register"));
		return;
	}
	find(checkup, FINDING_NOTE, STR("master key"),
	     STR("it lies on the same file system as the register, so that one stolen disk has both; mount"
	         " another one at keys/"));
}

static void check_shares(struct checkup *checkup)
{
	CLEANUP(vault_cleanup) struct vault *vault = NULL;
	struct cli_call *call = checkup->call;
	struct vault_options options = { .cached_keys = 16 };
	struct vault_shares shares;
	struct err err = { 0 };
	enum finding worst = is_drill(checkup) ? FINDING_NOTE : FINDING_BAD;
	if (!vault_open(call->dir, VAULT_READ, &options, &vault, &err) ||
	    !vault_shares(vault, &shares, &err)) {
		find(checkup, FINDING_BAD, STR("keys"),
		     arena_copy(call->arena, str_from_c(err.message)));
		return;
	}
	if (!vault_is_locked(vault))
		find(checkup, FINDING_NOTE, STR("memory"),
		     STR("the machine does not let keys be locked in memory; raise the memlock limit, or encrypt"
		         " the swap"));
	if (!shares.needed) {
		find(checkup, worst, STR("shares"),
		     STR("no officers' shares were made: with the disk every child's record would be lost; run:"
		         " candour key split DIR 3/5"));
		return;
	}
	bool enough = shares.confirmed >= shares.needed;
	find(checkup, enough ? FINDING_GOOD : worst, STR("shares"),
	     arena_format(call->arena, "%d of %d were read back, %d are needed%s", shares.confirmed,
	                  shares.count, shares.needed,
	                  enough ? "" : "; let officers run: candour key confirm DIR"));
}

static void check_disk(struct checkup *checkup)
{
	struct cli_call *call = checkup->call;
	long long bytes = file_free_bytes(call->dir);
	enum finding how = bytes < 0             ? FINDING_NOTE
	                   : bytes < FREE_LEAST  ? FINDING_BAD
	                   : bytes < FREE_ENOUGH ? FINDING_NOTE
	                                         : FINDING_GOOD;
	find(checkup, how, STR("disk"),
	     bytes < 0 ? STR("how much is free cannot be told")
	               : arena_format(call->arena, "%lld MB are free%s", bytes >> 20,
	                              how == FINDING_GOOD ? "" : "; make room before it is full"));
}

static bool check_clock(struct checkup *checkup, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct cli_call *call = checkup->call;
	struct casebook_health health;
	struct str why;
	if (!casebook_reader_take(call->book, &reader, err) ||
	    !casebook_health(reader, &health, err))
		return false;
	if (casebook_is_intake_only(call->book, &why))
		find(checkup, FINDING_BAD, STR("clock"), why);
	else if (call->is_served && health.clock_is_late)
		find(checkup, FINDING_BAD, STR("clock"),
		     STR("it stands still although the register is served; restart serve and look into its journal"));
	else if (!call->is_served)
		find(checkup, FINDING_NOTE, STR("clock"),
		     STR("the register is not served now: nothing climbs by itself; run: candour serve DIR"));
	else
		find(checkup, FINDING_GOOD, STR("clock"), STR("it goes"));
	if (health.late_duties)
		find(checkup, FINDING_NOTE, STR("duties"),
		     arena_format(call->arena, "%" PRId64 " of %" PRId64 " are late",
		                  health.late_duties, health.open_duties));
	if (health.unsealed_readings)
		find(checkup, FINDING_NOTE, STR("readings"),
		     arena_format(call->arena, "%" PRId64 " %s not yet sealed into the log",
		                  health.unsealed_readings,
		                  health.unsealed_readings == 1 ? "is" : "are"));
	return true;
}

static void check_backup(struct checkup *checkup)
{
	struct cli_call *call = checkup->call;
	const char *path = file_join(call->arena, call->dir, "last-backup");
	struct str text;
	struct err ignored = { 0 };
	instant at;
	enum finding worst = is_drill(checkup) ? FINDING_NOTE : FINDING_BAD;
	if (!path || !file_read(call->arena, path, 100, &text, &ignored) ||
	    !instant_read(str_trim(text), &at)) {
		find(checkup, worst, STR("backup"),
		     STR("none was made here; run: candour backup DIR TO"));
		return;
	}
	int64_t age = clock_read().wall - at;
	find(checkup, age > BACKUP_OLD ? FINDING_NOTE : FINDING_GOOD, STR("backup"),
	     arena_format(call->arena, "the last one was made %.*s ago%s",
	                  STR_ARG(wording_elapsed(call->arena, age > 0 ? age : 0)),
	                  age > BACKUP_OLD ? "; make one" : ""));
}

static void check_verified(struct checkup *checkup)
{
	struct cli_call *call = checkup->call;
	const char *path = file_join(call->arena, call->dir, "last-verify");
	struct str text, when;
	struct err ignored = { 0 };
	instant at;
	if (!path || !file_read(call->arena, path, 100, &text, &ignored))
		return; /* how it is done is said at the end */
	text = str_trim(text);
	when = str_sub(text, 0, str_find(text, ' '));
	if (!instant_read(when, &at))
		return;
	int64_t age = clock_read().wall - at;
	bool fits = when.n == text.n;
	find(checkup, fits ? FINDING_GOOD : FINDING_BAD, STR("proof"),
	     arena_format(call->arena, "the last verify, %.*s ago, found that %s",
	                  STR_ARG(wording_elapsed(call->arena, age > 0 ? age : 0)),
	                  fits ? "all fits"
	                       : "something does not fit; keep the folder as it is and run:"
	                         " candour verify DIR"));
}

static void check_copy(struct checkup *checkup)
{
	if (casebook_is_copy(checkup->call->book))
		find(checkup, FINDING_NOTE, STR("folder"),
		     STR("it is a copy, or was moved: another folder was last served; only one of them may go on"));
}

static void check_newest(struct checkup *checkup)
{
	if (!casebook_knows_newest(checkup->call->book))
		find(checkup, is_drill(checkup) ? FINDING_NOTE : FINDING_BAD, STR("newest"),
		     STR("keys/newest is gone or says nothing: an older register in the place of today's would go"
		         " unseen; run: candour verify DIR, and compare its entries with receipts and published"
		         " checkpoints. When the register is next opened to write and all fits, it is written"
		         " anew"));
}

static void check_witnesses(struct checkup *checkup)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct cli_call *call = checkup->call;
	struct casebook_witnesses all;
	struct err why = { 0 };
	struct str unfit = casebook_unfit(call->book);
	if (unfit.p)
		find(checkup, FINDING_BAD, STR("log"),
		     arena_format(
			     call->arena,
			     "it does not fit its own proof: %.*s. Served, the register is read and takes"
			     " nothing in. Keep the folder as it is, and look: candour verify %s",
			     STR_ARG(unfit), call->dir));
	bool is_forked = casebook_is_forked(call->book);
	if (is_forked)
		find(checkup, FINDING_BAD, STR("history"),
		     arena_format(
			     call->arena,
			     "this log signed another history, or a longer one, than is here: %s/evidence"
			     " proves it. This copy takes nothing in. Put the newest database back; where"
			     " there is none, tell the board and those who keep the witnesses",
			     call->dir));
	if (!casebook_reader_take(call->book, &reader, &why) ||
	    !casebook_witnesses(reader, call->arena, &all, &why))
		find(checkup, FINDING_BAD, STR("witnesses"),
		     arena_format(call->arena, "who countersigns cannot be told: %s", why.message));
	else if (!all.asks)
		find(checkup, FINDING_NOTE, STR("witnesses"),
		     STR("nobody outside is asked to countersign; ask another organisation, then run: candour log"
		         " witness add DIR"));
	else if (all.published < 0)
		find(checkup, FINDING_NOTE, STR("witnesses"), STR("nothing is published yet"));
	else if (all.quorum_size < all.published)
		find(checkup, FINDING_BAD, STR("witnesses"),
		     STR("what was published last has not their quorum; receipts carry a promise until it has: look"
		         " into the journal of serve for who does not answer"));
	else if (!is_forked) /* their quorum says nothing of what is missing here */
		find(checkup, FINDING_GOOD, STR("witnesses"),
		     STR("their quorum signed what was published last"));
}

static void check_name(struct checkup *checkup)
{
	struct cli_call *call = checkup->call;
	struct str origin = casebook_origin(call->book);
	bool is_unnamed = str_find_str(origin, STR("unnamed.invalid")) < origin.n;
	if (casebook_is_drill(call->book)) {
		find(checkup, FINDING_GOOD, STR("register"), STR("a drill: for practice alone"));
		return;
	}
	if (is_unnamed)
		find(checkup, FINDING_BAD, STR("name"),
		     STR("the register has none, and is served on this machine alone; run: candour register name DIR"
		         " HOST/NAME"));
	if (!casebook_is_opened(call->book))
		find(checkup, FINDING_NOTE, STR("register"),
		     STR("it is for training until it is opened; run: candour register opened DIR"));
}

static bool look_over(struct checkup *checkup, struct err *err)
{
	struct cli_call *call = checkup->call;
	if (checkup->shut)
		find(checkup, FINDING_BAD, STR("register"),
		     arena_format(call->arena, "it cannot be opened: %s", checkup->shut->message));
	else
		check_name(checkup);
	check_permissions(checkup);
	check_place_of_key(checkup);
	if (!checkup->shut) {
		check_copy(checkup);
		check_newest(checkup);
		check_witnesses(checkup);
		check_shares(checkup);
	}
	check_disk(checkup);
	if (!checkup->shut && !check_clock(checkup, err))
		return false;
	check_backup(checkup);
	check_verified(checkup);
	call->status = checkup->is_bad ? err_exit_status(ERR_ABSENT) : 0;
	if (cli_has(call, "json"))
		return cli_print_json(call, checkup->list, err);
	cli_say(call, "Whether the record fits its own proof is told by: candour verify %s",
	        call->dir);
	return true;
}

static bool run(struct cli_call *call, struct err *err)
{
	struct checkup checkup = { .call = call, .list = json_array(call->arena) };
	return look_over(&checkup, err);
}

static bool run_shut(struct cli_call *call, const struct err *why, struct err *err)
{
	struct checkup checkup = { .call = call, .list = json_array(call->arena), .shut = why };
	return look_over(&checkup, err);
}

const struct cli_command cli_doctor = {
	.name = "doctor",
	.arguments = "DIR",
	.about = "Look over a register and explain what should be mended",
	.detail =
		"Exit status 1 when something is bad. A register that cannot be opened is looked over all the same.",
	.least = 1,
	.most = 1,
	.needs = CLI_READER,
	.options = OPTIONS,
	.option_count = COUNT_OF(OPTIONS),
	.run = run,
	.run_shut = run_shut,
};
