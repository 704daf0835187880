/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Writing receipts, and checking them step by step. */
#include "log/receipt.h"

#include "log/parts.h"

#define FIRST_LINE "c2sp.org/tlog-proof@v1"
#define EXTRA_LINE "extra "
#define INDEX_LINE "index "
#define BLOCK_LINE "candour/receipt/v1"
#define OPENER_LINE "opener "
#define PLAIN_SALT_LINE "plain-salt "
#define SEALED_SALT_LINE "sealed-salt "
#define BLOCK_MAX 1024     /* 19 + 3 * 77 + 512 at most */
#define REPORT_DEPTH_MAX 9 /* the fields' 8, and the object around them */
#define REPORT_MAX ((size_t)2 << 20)

struct str log_receipt_word(enum log_receipt_result result)
{
	switch (result) {
	case LOG_RECEIPT_WITNESSED:
		return STR("witnessed");
	case LOG_RECEIPT_SIGNED:
		return STR("signed");
	case LOG_RECEIPT_MALFORMED:
		return STR("malformed");
	case LOG_RECEIPT_ORIGIN:
		return STR("origin");
	case LOG_RECEIPT_SIGNATURE:
		return STR("signature");
	case LOG_RECEIPT_INDEX:
		return STR("index");
	case LOG_RECEIPT_INCLUSION:
		return STR("inclusion");
	case LOG_RECEIPT_REPORT:
		return STR("report");
	case LOG_RECEIPT_DOUBTFUL:
		return STR("doubtful");
	}
	return STR("malformed");
}

int log_receipt_exit(enum log_receipt_result result)
{
	if (result == LOG_RECEIPT_WITNESSED || result == LOG_RECEIPT_SIGNED)
		return 0;
	return result == LOG_RECEIPT_MALFORMED ? 3 : 1;
}

/* --- writing -------------------------------------------------------------------------------- */

static void add_hex_line(struct buf *out, struct str name, const struct hash *hash)
{
	if (!hash)
		return;
	buf_add(out, name);
	buf_add_hex(out, hash->bytes, HASH_SIZE);
	buf_add_char(out, '\n');
}

bool log_receipt_write(struct buf *out, const struct log_receipt *receipt, struct err *err)
{
	CLEANUP(buf_finish) struct buf block = { 0 };
	struct log_header header;
	if (!log_header_read(receipt->header, &header, err) || header.index != receipt->index ||
	    receipt->path->count > LOG_RECEIPT_PATH_MAX)
		return err_set(err, ERR_FAULT, "log_receipt_write: entry %" PRId64, receipt->index);
	buf_init(&block, BLOCK_MAX);
	buf_add(&block, STR(BLOCK_LINE "\n"));
	add_hex_line(&block, STR(OPENER_LINE), &receipt->opener);
	add_hex_line(&block, STR(PLAIN_SALT_LINE), receipt->plain_salt);
	add_hex_line(&block, STR(SEALED_SALT_LINE), receipt->sealed_salt);
	buf_add(&block, receipt->header);
	buf_add(out, STR(FIRST_LINE "\n" EXTRA_LINE));
	buf_add_base64(out, block.p, block.n);
	buf_format(out, "\n" INDEX_LINE "%" PRId64 "\n", receipt->index);
	for (size_t i = 0; i < receipt->path->count; i++) {
		buf_add_base64(out, receipt->path->at[i].bytes, HASH_SIZE);
		buf_add_char(out, '\n');
	}
	buf_add_char(out, '\n');
	buf_add(out, receipt->note);
	if (block.full || out->full || out->n > LOG_RECEIPT_MAX)
		return err_set(err, ERR_UNABLE, "This receipt is too long to be written");
	return true;
}

/* --- reading -------------------------------------------------------------------------------- */

struct parsed {
	struct str header;
	struct hash opener;
	struct hash plain_salt;
	struct hash sealed_salt;
	int64_t index;
	struct hash path[LOG_RECEIPT_PATH_MAX];
	size_t count;
	struct log_note note;
};

static bool take_line(struct str *rest, struct str name, struct str *value)
{
	return str_starts(*rest, name) && str_cut(rest, '\n', value) && rest->p &&
	       (*value = str_sub(*value, name.n, value->n), true);
}

/* An optional line of the block; false only when it is there and broken. */
static bool take_salt(struct str *rest, struct str name, struct hash *out, bool *is_there)
{
	struct str value;
	*is_there = str_starts(*rest, name);
	return !*is_there || (take_line(rest, name, &value) && hash_read_hex(value, out));
}

static bool read_block(struct arena *arena, struct str text, struct parsed *parsed,
                       struct log_receipt_found *out, struct err *err)
{
	struct str line;
	size_t n = BLOCK_MAX;
	char *bytes = arena_alloc(arena, BLOCK_MAX, 1);
	if (!bytes)
		return err_set(err, ERR_UNABLE, "There is no room to check a receipt");
	if (!base64_read(text, bytes, &n))
		return err_set(err, ERR_INPUT,
		               "The line 'extra' is not the block of a receipt of Candour");
	struct str rest = { bytes, n };
	if (!take_line(&rest, STR(BLOCK_LINE), &line) || line.n ||
	    !take_line(&rest, STR(OPENER_LINE), &line) || !hash_read_hex(line, &parsed->opener) ||
	    !take_salt(&rest, STR(PLAIN_SALT_LINE), &parsed->plain_salt, &out->has_plain_salt) ||
	    !take_salt(&rest, STR(SEALED_SALT_LINE), &parsed->sealed_salt, &out->has_sealed_salt))
		return err_set(err, ERR_INPUT,
		               "The line 'extra' is not the block of a receipt of Candour");
	parsed->header = rest;
	return log_header_read(rest, &out->header, err);
}

static bool read_path(struct str rest, struct parsed *parsed, struct err *err)
{
	struct str line;
	while (str_cut(&rest, '\n', &line)) {
		size_t n = HASH_SIZE;
		if (parsed->count == LOG_RECEIPT_PATH_MAX)
			return err_set(err, ERR_INPUT, "The receipt's path has more than %d hashes",
			               LOG_RECEIPT_PATH_MAX);
		if (!base64_read(line, parsed->path[parsed->count].bytes, &n) || n != HASH_SIZE)
			return err_set(err, ERR_INPUT, "A line of the receipt's path is no hash");
		parsed->count++;
	}
	return true;
}

/* Errors are ERR_INPUT for a malformed receipt. */
static bool parse(struct arena *arena, struct str raw, struct parsed *parsed,
                  struct log_receipt_found *out, struct err *err)
{
	struct str first, extra, index;
	uint64_t number = 0;
	if (raw.n > LOG_RECEIPT_MAX)
		return err_set(err, ERR_INPUT, "A receipt has at most 64 KiB");
	if (!str_is_utf8(raw) || str_find(raw, '\r') < raw.n)
		return err_set(err, ERR_INPUT, "A receipt is UTF-8 text with lines that end in LF");
	size_t split = str_find_str(raw, STR("\n\n"));
	if (split == raw.n)
		return err_set(err, ERR_INPUT,
		               "The receipt has no checkpoint behind an empty line");
	struct str rest = str_sub(raw, 0, split + 1); /* each line with its LF */
	if (!take_line(&rest, STR(FIRST_LINE), &first) || first.n)
		return err_set(err, ERR_INPUT,
		               "This is no receipt: it does not begin with '" FIRST_LINE "'");
	if (!take_line(&rest, STR(EXTRA_LINE), &extra))
		return err_set(err, ERR_INPUT,
		               "The receipt's second line must be 'extra' and its block");
	if (!read_block(arena, extra, parsed, out, err))
		return false;
	if (!take_line(&rest, STR(INDEX_LINE), &index) || !str_to_u64(index, INT64_MAX, &number))
		return err_set(err, ERR_INPUT,
		               "The receipt's third line must be 'index' and a number");
	parsed->index = (int64_t)number;
	/* Without the last LF, so that pieces are lines; no lines at all is a path of one leaf. */
	if (rest.n && !read_path(str_sub(rest, 0, rest.n - 1), parsed, err))
		return false;
	return log_note_read(arena, str_sub(raw, split + 2, raw.n), &parsed->note, err) &&
	       log_checkpoint_read(parsed->note.text, &out->checkpoint, err);
}

/* --- checking ------------------------------------------------------------------------------- */

static bool hash_plain(struct hasher *hasher, const struct json *plain, const struct parsed *parsed,
                       struct hash *out, struct err *err)
{
	CLEANUP(buf_finish) struct buf text = { 0 };
	buf_init(&text, REPORT_MAX);
	if (!json_write_canonical(&text, plain, err))
		return false;
	if (text.full)
		return err_set(err, ERR_INPUT, "The report is too long");
	*out = log_plain_hash(hasher, &parsed->plain_salt, buf_str(&text));
	return true;
}

static bool is_report_shape(const struct json *report)
{
	size_t known = 0;
	if (report->type != JSON_OBJECT)
		return false;
	for (const struct json *member = report->first; member; member = member->next) {
		if (!str_eq(member->key, STR("plain")) && !str_eq(member->key, STR("sealed")))
			return false;
		if (member->type != JSON_OBJECT)
			return false;
		known++;
	}
	return known > 0;
}

/* ERR_INPUT says in what the report differs. */
static bool check_report(struct hasher *hasher, struct arena *arena, struct str text,
                         const struct parsed *parsed, const struct log_receipt_found *found,
                         struct err *err)
{
	const struct json *report = NULL;
	struct hash made = { 0 };
	if (!json_read(arena, text, REPORT_DEPTH_MAX, &report, err))
		return false;
	if (!is_report_shape(report))
		return err_set(err, ERR_INPUT,
		               "The report must be a JSON object with 'plain', 'sealed' or "
		               "both, and nothing else");
	const struct json *plain = json_member(report, STR("plain"));
	const struct json *sealed = json_member(report, STR("sealed"));
	if ((plain && !found->has_plain_salt) || (sealed && !found->has_sealed_salt))
		return err_set(err, ERR_INPUT,
		               "The receipt does not hold the salt that would prove the report");
	if (plain && (!hash_plain(hasher, plain, parsed, &made, err) ||
	              !hash_eq(&made, &found->header.plain)))
		return err_set(err, ERR_INPUT,
		               "The report's plain fields are not those that were recorded");
	if (!sealed)
		return true;
	if (!log_sealed_hash(hasher, arena, sealed, parsed->sealed_salt.bytes, &made, err))
		return false;
	if (!found->header.is_sealed || !hash_eq(&made, &found->header.sealed))
		return err_set(err, ERR_INPUT, "The report's words are not those that were sealed");
	return true;
}

static bool did_log_sign(const struct log_verified *verified, struct str origin)
{
	for (size_t i = 0; i < verified->count; i++)
		if (verified->at[i].key->type == LOG_KEY_LOG &&
		    str_eq(verified->at[i].key->name, origin))
			return true;
	return false;
}

static bool is_included(struct hasher *hasher, const struct parsed *parsed,
                        const struct log_checkpoint *checkpoint)
{
	struct hash commitment = log_commitment(hasher, &parsed->opener, parsed->header);
	struct hash leaf = log_leaf_hash(hasher, &commitment);
	return log_inclusion_check(hasher, (uint64_t)parsed->index, (uint64_t)checkpoint->size,
	                           &leaf, parsed->path, parsed->count, &checkpoint->root);
}

/* The checks in their order: true when all hold, else false with out->result set and *err saying
 * why. */
static bool check(struct hasher *hasher, struct arena *arena, struct str raw,
                  const struct log_policy *policy, const struct str *report,
                  struct log_receipt_found *out, struct err *err)
{
	struct parsed parsed = { 0 };
	size_t count = 0;
	const struct log_vkey *keys = log_policy_keys(policy, &count);
	out->result = LOG_RECEIPT_MALFORMED;
	if (!parse(arena, raw, &parsed, out, err))
		return false;
	out->result = LOG_RECEIPT_ORIGIN;
	if (!log_policy_has_log(policy, out->checkpoint.origin))
		return err_set(err, ERR_INPUT,
		               "The receipt is of the log '%.*s', which is not trusted here",
		               STR_ARG(out->checkpoint.origin));
	out->result = LOG_RECEIPT_SIGNATURE;
	if (!log_note_verify(&parsed.note, keys, count, &out->signers, err))
		return false;
	if (!did_log_sign(&out->signers, out->checkpoint.origin))
		return err_set(err, ERR_INPUT,
		               "The log itself did not sign the receipt's checkpoint");
	out->result = LOG_RECEIPT_INDEX;
	if (parsed.index != out->header.index)
		return err_set(err, ERR_INPUT, "The receipt's index is not that of its entry");
	out->result = LOG_RECEIPT_INCLUSION;
	if (!is_included(hasher, &parsed, &out->checkpoint))
		return err_set(err, ERR_INPUT,
		               "The entry is not in the log that was signed: the receipt was "
		               "changed, or the log was");
	out->result = LOG_RECEIPT_REPORT;
	if (report && !check_report(hasher, arena, *report, &parsed, out, err))
		return false;
	out->result = log_policy_asks_witnesses(policy) && log_policy_is_met(policy, &out->signers)
	                      ? LOG_RECEIPT_WITNESSED
	                      : LOG_RECEIPT_SIGNED;
	return true;
}

bool log_receipt_check(struct hasher *hasher, struct arena *arena, struct str raw,
                       const struct log_policy *policy, const struct str *report,
                       struct log_receipt_found *out, struct err *err)
{
	*out = (struct log_receipt_found){ 0 };
	if (check(hasher, arena, raw, policy, report, out, err))
		return true;
	if (err->code != ERR_INPUT)
		return false;
	out->why = arena_copy(arena, str_from_c(err->message));
	if (!out->why.p)
		return err_set(err, ERR_UNABLE, "There is no room to check a receipt");
	*err = (struct err){ 0 };
	return true;
}

void log_receipt_doubt(struct log_receipt_found *found, instant since)
{
	if (found->result != LOG_RECEIPT_SIGNED || found->header.recorded < since)
		return;
	found->result = LOG_RECEIPT_DOUBTFUL;
	found->why =
		STR("The key that signed it may have been known to others by then, and no"
	            " witness signed it too. Ask the register for a new receipt of this entry");
}
