/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* policy.json and receipt.json: quorums, and receipts by the first check that fails. */
#include "log/vectors.h"

#define TEXT_MAX ((size_t)1 << 20)

/* Those of the policy's witnesses whose names stand among the words; other names are strangers. */
static void cosigned_by(const struct log_policy *policy, struct str words, struct log_verified *out)
{
	size_t count = 0;
	const struct log_vkey *keys = log_policy_keys(policy, &count);
	struct str rest = words, word;
	*out = (struct log_verified){ 0 };
	while (str_cut(&rest, ' ', &word))
		for (size_t i = 0; i < count; i++)
			if (keys[i].type == LOG_KEY_WITNESS && str_eq(keys[i].name, word))
				out->at[out->count++] = (struct log_signed_by){ &keys[i], 1 };
}

static void judge_good_policies(struct run *run)
{
	for (const struct json *one = want_array(run, run->root, "good"); one; one = one->next) {
		const struct log_policy *policy = NULL;
		begin_case(run, one, "name policy cases torchwood formats");
		struct str name = want_text(run, one, "name");
		CLEANUP(arena_cleanup) struct arena *arena = arena_create(TEXT_MAX);
		if (!expect(run,
		            log_policy_read(arena, want_bytes(run, one, "policy"), &policy,
		                            &run->err),
		            "policy %.*s", STR_ARG(name)))
			continue;
		for (const struct json *part = want_array(run, one, "cases"); part;
		     part = part->next) {
			struct log_verified verified;
			begin_case(run, part, "cosigned satisfied");
			struct str words = want_text(run, part, "cosigned");
			cosigned_by(policy, words, &verified);
			expect(run,
			       log_policy_is_met(policy, &verified) ==
			               want_bool(run, part, "satisfied"),
			       "policy %.*s, cosigned by %.*s", STR_ARG(name), STR_ARG(words));
		}
	}
}

void judge_policy(struct run *run)
{
	only(run, run->root, "comment seed log good bad");
	only(run, json_member(run->root, STR("log")), "name seed vkey");
	judge_good_policies(run);
	for (const struct json *one = want_array(run, run->root, "bad"); one; one = one->next) {
		const struct log_policy *policy = NULL;
		begin_case(run, one, "policy policy_b64 why torchwood formats");
		struct str why = want_text(run, one, "why");
		expect(run,
		       !log_policy_read(run->scratch, want_bytes(run, one, "policy"), &policy,
		                        &run->err),
		       "bad policy: %.*s", STR_ARG(why));
	}
}

/* --- receipts ------------------------------------------------------------------------------- */

/* A good receipt taken apart and written again is the same to the letter. */
static bool is_written_again(struct run *run, struct str raw, const struct log_receipt_found *found)
{
	CLEANUP(buf_finish) struct buf again = { 0 };
	struct log_proof path = { 0 };
	struct hash opener = { 0 }, plain = { 0 }, sealed = { 0 };
	char block[1024];
	size_t n = sizeof block;
	struct str rest = raw, line, extra;
	if (!str_cut(&rest, '\n', &line) || !str_cut(&rest, '\n', &extra) ||
	    !str_cut(&rest, '\n', &line) || !base64_read(str_sub(extra, 6, extra.n), block, &n))
		return false;
	while (str_cut(&rest, '\n', &line) && line.n) {
		size_t size = HASH_SIZE;
		if (!base64_read(line, path.at[path.count++].bytes, &size))
			return false;
	}
	struct str text = { block, n };
	size_t salts = (size_t)found->has_plain_salt + found->has_sealed_salt;
	for (size_t i = 0; i < 2 + salts; i++) {
		struct hash *into = i == 1                            ? &opener
		                    : i == 2 && found->has_plain_salt ? &plain
		                                                      : &sealed;
		if (!str_cut(&text, '\n', &line))
			return false;
		if (i > 0 && !hash_read_hex(str_sub(line, str_find(line, ' ') + 1, line.n), into))
			return false;
	}
	struct log_receipt receipt = { text,
		                       opener,
		                       found->has_plain_salt ? &plain : NULL,
		                       found->has_sealed_salt ? &sealed : NULL,
		                       found->header.index,
		                       &path,
		                       rest };
	buf_init(&again, TEXT_MAX);
	return log_receipt_write(&again, &receipt, &run->err) && str_eq(buf_str(&again), raw);
}

void judge_receipt(struct run *run)
{
	const struct log_policy *policy = NULL;
	only(run, run->root, "comment seed log policy cases");
	only(run, json_member(run->root, STR("log")), "name seed vkey");
	if (!expect(run,
	            log_policy_read(run->arena, want_text(run, run->root, "policy"), &policy,
	                            &run->err),
	            "policy"))
		return;
	for (const struct json *one = want_array(run, run->root, "cases"); one; one = one->next) {
		struct log_receipt_found found;
		begin_case(run, one, "name receipt receipt_b64 report result why");
		struct str name = want_text(run, one, "name"),
			   raw = want_bytes(run, one, "receipt");
		struct str report = has(one, "report") ? want_text(run, one, "report") : STR_NONE;
		if (!expect(run,
		            log_receipt_check(run->hasher, run->scratch, raw, policy,
		                              report.p ? &report : NULL, &found, &run->err),
		            "receipt %.*s", STR_ARG(name)))
			continue;
		struct str word = log_receipt_word(found.result);
		expect(run, str_eq(word, want_text(run, one, "result")),
		       "receipt %.*s: %.*s, since %.*s", STR_ARG(name), STR_ARG(word),
		       STR_ARG(found.why));
		if (log_receipt_exit(found.result) == 0)
			expect(run, is_written_again(run, raw, &found),
			       "receipt %.*s written again", STR_ARG(name));
	}
}
