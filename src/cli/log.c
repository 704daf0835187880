/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* candour log: the public side of the log, for those who watch it. */
#include "log/log.h"
#include "store/store.h"

#include "cli/commands.h"
#include "cli/parts.h"

/* A register's database and the log's key, for reading. */
struct looking {
	struct store *store;
	struct log_reader *reader;
};

static void finish(struct looking *looking)
{
	log_reader_destroy(looking->reader);
	store_close(looking->store);
}

static bool look(struct cli_call *call, struct looking *out, struct err *err)
{
	const char *database = file_join(call->arena, call->dir, "register.db");
	*out = (struct looking){ 0 };
	return store_open(database, STORE_READ, &out->store, err) && store_begin(out->store, err) &&
	       log_reader_create(out->store, &out->reader, err);
}

static bool print_promise_key(struct cli_call *call, struct err *err)
{
	CLEANUP(log_signer_cleanup) struct log_signer *signer = NULL;
	CLEANUP(buf_finish) struct buf text = { 0 };
	if (!casebook_promise_key(call->book, &signer, err))
		return false;
	buf_init(&text, LOG_POLICY_MAX);
	log_vkey_write(&text, log_signer_vkey(signer));
	cli_print(call, "promises %.*s", STR_ARG(buf_str(&text)));
	return true;
}

static bool vkey(struct cli_call *call, struct err *err)
{
	struct log_vkey key;
	char fingerprint[LOG_FINGERPRINT_LENGTH];
	const struct casebook_key *keys;
	size_t count;
	struct str text = casebook_vkey(call->book);
	if (!log_vkey_read(call->arena, text, &key, err) ||
	    !casebook_keys(call->book, call->arena, &keys, &count, err))
		return false;
	log_vkey_fingerprint(&key, fingerprint);
	cli_print(call, "%.*s", STR_ARG(text));
	cli_print(call, "fingerprint %.*s", (int)sizeof fingerprint, fingerprint);
	if (!print_promise_key(call, err))
		return false;
	for (size_t i = 0; count > 1 && i < count; i++) {
		if (keys[i].signs)
			cli_print(call, "key %.*s from %" PRId64, STR_ARG(keys[i].vkey),
			          keys[i].from);
		else
			cli_print(call, "key %.*s from %" PRId64 " to %" PRId64 "%s%.*s",
			          STR_ARG(keys[i].vkey), keys[i].from, keys[i].to,
			          keys[i].doubted ? " doubtful since " : "",
			          STR_ARG(keys[i].doubted ? cli_when(call, keys[i].doubted)
			                                  : STR("")));
	}
	return true;
}

const struct cli_command cli_log_vkey = {
	.name = "log vkey",
	.arguments = "DIR",
	.about = "Print the log's verifier key, and its fingerprint",
	.detail =
		"The key in force stands on the first line, and that of its promises (candour log audit)\n"
		"behind the fingerprint. Where it was changed, all keys follow with the sizes of the checkpoints\n"
		"that they signed: key KEY from SIZE to SIZE. Of one that may have been known to others it says\n"
		"since when: doubtful since TIME.",
	.least = 1,
	.most = 1,
	.needs = CLI_READER,
	.run = vkey,
};

static const struct cli_option CHECKPOINT_OPTIONS[] = {
	{ "published", CLI_FLAG, NULL, "the newest published one, with its cosignatures" },
};

static bool signed_note(struct cli_call *call, struct str *out, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	return casebook_reader_take(call->book, &reader, err) &&
	       casebook_log_signed(reader, call->arena, out, err);
}

static bool checkpoint(struct cli_call *call, struct err *err)
{
	struct looking looking;
	int64_t size;
	struct str note = STR_NONE;
	bool good;
	if (cli_has(call, "published")) {
		good = look(call, &looking, err) &&
		       log_published_newest(looking.store, call->arena, &size, &note, err);
		finish(&looking);
	} else {
		good = signed_note(call, &note, err);
	}
	if (good)
		buf_add(&call->out, note);
	return good;
}

const struct cli_command cli_log_checkpoint = {
	.name = "log checkpoint",
	.arguments = "DIR",
	.about = "Print the newest signed checkpoint",
	.least = 1,
	.most = 1,
	.needs = CLI_READER,
	.options = CHECKPOINT_OPTIONS,
	.option_count = COUNT_OF(CHECKPOINT_OPTIONS),
	.run = checkpoint,
};

static bool read_number(struct str text, int64_t *out, struct err *err)
{
	uint64_t n;
	if (!str_to_u64(text, INT64_MAX, &n))
		return err_set(err, ERR_USAGE, "\"%.*s\" is not a whole number",
		               STR_ARG(str_sub(text, 0, 30)));
	*out = (int64_t)n;
	return true;
}

static bool prove(struct cli_call *call, struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct str receipt;
	int64_t entry;
	if (!read_number(call->args[0], &entry, err) ||
	    !casebook_reader_take(call->book, &reader, err) ||
	    !casebook_receipt(reader, call->arena, entry, &receipt, err))
		return false;
	buf_add(&call->out, receipt);
	return true;
}

const struct cli_command cli_log_prove = {
	.name = "log prove",
	.arguments = "DIR N",
	.about = "Print the receipt of entry N: header, path and checkpoint",
	.least = 2,
	.most = 2,
	.needs = CLI_READER,
	.run = prove,
};

static bool print_consistency(struct cli_call *call, const struct looking *looking, int64_t a,
                              int64_t b, struct err *err)
{
	struct log_proof proof;
	int64_t size;
	if (!log_reader_size(looking->reader, &size, err))
		return false;
	if (a > b || b > size)
		return err_set(err, ERR_USAGE,
		               "Name two sizes, the smaller first, of at most %" PRId64, size);
	if (!log_reader_consistency(looking->reader, a, b, &proof, err))
		return false;
	for (size_t i = 0; i < proof.count; i++) {
		buf_add_base64(&call->out, proof.at[i].bytes, HASH_SIZE);
		buf_add_char(&call->out, '\n');
	}
	return true;
}

static bool consistency(struct cli_call *call, struct err *err)
{
	struct looking looking;
	int64_t a, b;
	if (!read_number(call->args[0], &a, err) || !read_number(call->args[1], &b, err))
		return false;
	bool good = look(call, &looking, err) && print_consistency(call, &looking, a, b, err);
	finish(&looking);
	return good;
}

const struct cli_command cli_log_consistency = {
	.name = "log consistency",
	.arguments = "DIR A B",
	.about = "Prove that the log of size B begins with all of the log of size A",
	.detail = "Prints the hashes of the proof in base64, one a line.",
	.least = 3,
	.most = 3,
	.needs = CLI_READER,
	.run = consistency,
};

/* What is published, read from the register itself. */
static bool get_own(void *ctx, struct str path, struct arena *arena, int *status, struct str *body,
                    struct err *err)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct cli_call *call = ctx;
	struct err why = { 0 };
	int64_t size;
	*status = 200;
	if (!casebook_reader_take(call->book, &reader, err))
		return false;
	if (str_eq(path, STR("checkpoint"))
	            ? casebook_log_checkpoint(reader, arena, &size, body, &why)
	            : casebook_log_tile(reader, arena, path, body, &why))
		return true;
	*status = 404;
	return why.code == ERR_ABSENT || err_set(err, why.code, "%s", why.message);
}

static bool export_to(struct cli_call *call, const char *to, struct err *err)
{
	CLEANUP(log_mirror_cleanup) struct log_mirror *mirror = NULL;
	const struct log_policy *policy;
	struct log_mirrored out;
	if (!log_policy_of_key(call->arena, casebook_vkey(call->book), &policy, err) ||
	    !log_mirror_open(to, policy, &mirror, err) ||
	    !log_mirror_run(mirror, get_own, call, 0, 0, call->arena, &out, err))
		return false;
	if (out.alarm != LOG_ALARM_NONE)
		return err_set(err, ERR_REFUSED, "The log is not as it must be: %.*s",
		               STR_ARG(out.words));
	cli_print(call, "%" PRId64 " entries, %" PRId64 " of them new", out.size,
	          out.size - out.before);
	return true;
}

/* Never by the program that serves: it would write into its own folder, and as its own user. */
static bool export_log(struct cli_call *call, struct err *err)
{
	const char *to = str_to_c(call->arena, call->args[1]);
	call->dir = str_to_c(call->arena, call->args[0]);
	if (!to || !call->dir)
		return err_set(err, ERR_INPUT, "The folder cannot be read");
	if (!register_open(call, CASEBOOK_READ, &call->book, err))
		return false;
	bool done = export_to(call, to, err);
	casebook_close(call->book);
	call->book = NULL;
	return done;
}

const struct cli_command cli_log_export = {
	.name = "log export",
	.arguments = "DIR TO",
	.about = "Write the public log into TO, a tree that any static web server can serve",
	.detail = "Hashed up to the root on the way. Given again it adds what is new.",
	.least = 2,
	.most = 2,
	.needs = CLI_NOTHING,
	.run = export_log,
};
