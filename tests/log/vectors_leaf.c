/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* leaf.json: canonical JSON, entries to the leaf hash, disclosures, bad headers. */
#include "log/vectors.h"

#define DEPTH_MAX 8

static void judge_canonical(struct run *run)
{
	for (const struct json *one = want_array(run, run->root, "canonical"); one;
	     one = one->next) {
		CLEANUP(buf_finish) struct buf text = { 0 };
		const struct json *value = NULL, *again = NULL;
		begin_case(run, one, "in in_b64 ok out why");
		struct str in = want_bytes(run, one, "in"), why = want_text(run, one, "why");
		buf_init(&text, (size_t)1 << 20);
		bool is_good = json_read(run->scratch, in, DEPTH_MAX, &value, &run->err) &&
		               value->type == JSON_OBJECT &&
		               json_write_canonical(&text, value, &run->err) && !text.full;
		expect(run, is_good == want_bool(run, one, "ok"), "canonical: %.*s", STR_ARG(why));
		if (!is_good)
			continue;
		expect(run, str_eq(buf_str(&text), want_text(run, one, "out")),
		       "canonical form: %.*s", STR_ARG(why));
		expect(run,
		       json_read_canonical(run->scratch, buf_str(&text), DEPTH_MAX, &again,
		                           &run->err),
		       "canonical form read again: %.*s", STR_ARG(why));
		bool is_strict =
			json_read_canonical(run->scratch, in, DEPTH_MAX, &again, &run->err);
		expect(run, is_strict == str_eq(in, buf_str(&text)), "read as canonical: %.*s",
		       STR_ARG(why));
	}
}

/* --- entries ------------------------------------------------------------------------------- */

static bool is_hex_of(struct run *run, const struct json *object, const char *key,
                      const struct hash *hash)
{
	struct hash wanted = want_hash(run, object, key);
	return hash_eq(hash, &wanted);
}

static void judge_parts(struct run *run, const struct json *entry, const struct json *sealed,
                        const struct hash *salt)
{
	const struct log_part *parts = NULL;
	size_t count = 0, at = 0;
	if (!expect(run, log_parts_cut(run->scratch, sealed, &parts, &count, &run->err), "parts"))
		return;
	for (const struct json *one = want_array(run, entry, "parts"); one; one = one->next, at++) {
		only(run, one, "field kind text salt commit");
		if (!expect(run, at < count, "case %zu: too few parts", run->cases))
			return;
		const struct log_part *part = &parts[at];
		struct hash part_salt = log_part_salt(run->hasher, salt->bytes, part);
		struct hash commit = log_part_hash(run->hasher, &part_salt, part->sort, part->text);
		struct str sort = part->sort == LOG_PART_WORDS ? STR("s") : STR("j");
		expect(run,
		       str_eq(part->field, want_text(run, one, "field")) &&
		               str_eq(sort, want_text(run, one, "kind")) &&
		               str_eq(part->text, want_text(run, one, "text")) &&
		               is_hex_of(run, one, "salt", &part_salt) &&
		               is_hex_of(run, one, "commit", &commit),
		       "case %zu: part %zu", run->cases, at);
	}
	expect(run, at == count, "case %zu: too many parts", run->cases);
}

static bool make_sealed(struct run *run, const struct json *entry, struct log_header *header)
{
	const struct json *sealed = NULL;
	struct hash salt = want_hash(run, entry, "sealed_salt");
	header->is_sealed = true;
	header->box = log_box_hash(run->hasher, want_text(run, entry, "box"));
	if (!expect(run,
	            json_read_canonical(run->scratch, want_text(run, entry, "sealed"), DEPTH_MAX,
	                                &sealed, &run->err) &&
	                    log_sealed_hash(run->hasher, run->scratch, sealed, salt.bytes,
	                                    &header->sealed, &run->err),
	            "case %zu: sealed", run->cases))
		return false;
	judge_parts(run, entry, sealed, &salt);
	return true;
}

static bool set_by(struct str by, struct log_header *header)
{
	header->by = LOG_BY_NOBODY;
	if (str_eq(by, STR("-")))
		return true;
	header->by = LOG_BY_REGISTER;
	if (str_eq(by, STR("register")))
		return true;
	header->by = LOG_BY_ACCOUNT;
	header->office = str_sub(by, ID_LENGTH + 1, by.n);
	return id_read(str_sub(by, 0, ID_LENGTH), &header->account);
}

static bool is_same_header(const struct log_header *a, const struct log_header *b)
{
	return a->index == b->index && a->recorded == b->recorded && str_eq(a->kind, b->kind) &&
	       id_eq(&a->file, &b->file) && a->by == b->by &&
	       (a->by != LOG_BY_ACCOUNT ||
	        (id_eq(&a->account, &b->account) && str_eq(a->office, b->office))) &&
	       hash_eq(&a->plain, &b->plain) && a->is_sealed == b->is_sealed &&
	       hash_eq(&a->sealed, &b->sealed) && hash_eq(&a->box, &b->box);
}

static void judge_entry(struct run *run, const struct json *one)
{
	struct log_header header = { 0 }, again = { 0 };
	char text[LOG_HEADER_MAX];
	size_t n = 0;
	begin_case(run, one,
	           "index recorded kind file by nonce opener plain_salt plain sealed sealed_salt "
	           "box parts header commitment leaf_hash");
	struct hash nonce = want_hash(run, one, "nonce");
	struct hash opener = log_opener(run->hasher, nonce.bytes);
	struct hash salt = log_plain_salt(run->hasher, nonce.bytes);
	expect(run,
	       is_hex_of(run, one, "opener", &opener) && is_hex_of(run, one, "plain_salt", &salt),
	       "case %zu: nonce", run->cases);
	header.index = (int64_t)want_number(run, one, "index");
	header.kind = want_text(run, one, "kind");
	header.plain = log_plain_hash(run->hasher, &salt, want_text(run, one, "plain"));
	expect(run,
	       instant_read(want_text(run, one, "recorded"), &header.recorded) &&
	               id_read(want_text(run, one, "file"), &header.file) &&
	               set_by(want_text(run, one, "by"), &header),
	       "case %zu: values", run->cases);
	if (has(one, "sealed") && !make_sealed(run, one, &header))
		return;
	struct str wanted = want_text(run, one, "header");
	if (!expect(run,
	            log_header_write(&header, text, &n, &run->err) &&
	                    str_eq((struct str){ text, n }, wanted),
	            "case %zu: header", run->cases))
		return;
	expect(run, log_header_read(wanted, &again, &run->err) && is_same_header(&header, &again),
	       "case %zu: header read", run->cases);
	struct hash commitment = log_commitment(run->hasher, &opener, wanted);
	struct hash leaf = log_leaf_hash(run->hasher, &commitment);
	expect(run,
	       is_hex_of(run, one, "commitment", &commitment) &&
	               is_hex_of(run, one, "leaf_hash", &leaf),
	       "case %zu: leaf", run->cases);
}

/* --- disclosures, headers ------------------------------------------------------------------ */

static void read_part(struct run *run, const struct json *one, struct log_disclosed *out)
{
	only(run, one, "field kind text salt commit code");
	out->field = want_text(run, one, "field");
	out->is_shown = has(one, "text");
	if (!out->is_shown) {
		out->commitment = want_hash(run, one, "commit");
		return;
	}
	struct str sort = want_text(run, one, "kind");
	expect(run, str_eq(sort, STR("s")) || str_eq(sort, STR("j")), "case %zu: kind", run->cases);
	out->sort = str_eq(sort, STR("s")) ? LOG_PART_WORDS : LOG_PART_JSON;
	out->text = want_text(run, one, "text");
	out->salt = want_hash(run, one, "salt");
}

static void judge_disclosures(struct run *run)
{
	for (const struct json *one = want_array(run, run->root, "disclosures"); one;
	     one = one->next) {
		struct hash made = { 0 };
		size_t n = 0;
		begin_case(run, one, "parts sealed ok why");
		const struct json *list = json_member(one, STR("parts"));
		struct log_disclosed *parts =
			arena_alloc(run->scratch, list ? list->count : 0, sizeof *parts);
		if (!expect(run, parts != NULL, "no room"))
			return;
		for (const struct json *part = want_array(run, one, "parts"); part;
		     part = part->next)
			read_part(run, part, &parts[n++]);
		bool is_good = log_disclosure_hash(run->hasher, parts, n, &made, &run->err) &&
		               is_hex_of(run, one, "sealed", &made);
		struct str why = want_text(run, one, "why");
		expect(run, is_good == want_bool(run, one, "ok"), "disclosure: %.*s", STR_ARG(why));
	}
}

static void judge_bad_headers(struct run *run)
{
	for (const struct json *one = want_array(run, run->root, "bad_headers"); one;
	     one = one->next) {
		struct log_header header;
		begin_case(run, one, "header header_b64 why");
		struct str why = want_text(run, one, "why");
		expect(run, !log_header_read(want_bytes(run, one, "header"), &header, &run->err),
		       "bad header: %.*s", STR_ARG(why));
	}
}

void judge_leaf(struct run *run)
{
	only(run, run->root, "comment seed canonical entries disclosures bad_headers");
	judge_canonical(run);
	for (const struct json *one = want_array(run, run->root, "entries"); one; one = one->next)
		judge_entry(run, one);
	judge_disclosures(run);
	judge_bad_headers(run);
}
