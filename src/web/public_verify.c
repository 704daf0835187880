/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Checking a receipt here, for those who have nothing else: the proof alone is
 * sent, never words. The page says that a program of somebody else's is better.
 */
#include "web/public.h"

#include "log/log.h"
#include "web/draft.h"

struct proof {
	struct buf bytes;
	bool is_too_large;
};

static bool begin_proof(struct web_request *request, const struct multipart_part *part,
                        struct err *err)
{
	(void)part;
	struct proof *proof = request->upload;
	if (proof)
		return err_set(err, ERR_INPUT, "Send one receipt at a time");
	proof = arena_alloc(request->arena, 1, sizeof *proof);
	if (!proof)
		return err_set(err, ERR_UNABLE, "There is no memory for this receipt");
	buf_init(&proof->bytes, LOG_RECEIPT_MAX);
	request->upload = proof;
	return true;
}

static bool add_piece(struct web_request *request, struct str bytes, struct err *err)
{
	struct proof *proof = request->upload;
	(void)err;
	buf_add(&proof->bytes, bytes);
	proof->is_too_large = proof->is_too_large || proof->bytes.full;
	return true;
}

static bool end_proof(struct web_request *request, struct err *err)
{
	(void)request;
	(void)err;
	return true;
}

static void finish_proof(struct web_request *request)
{
	struct proof *proof = request->upload;
	buf_finish(&proof->bytes);
}

const struct web_sink public_verify_sink = { begin_proof, add_piece, end_proof, finish_proof };

/* --- what was found, in words ---------------------------------------------------------------- */

struct verdict {
	bool holds;
	const char *title;
	const char *sentence;
};

static struct verdict verdict_of(enum log_receipt_result result)
{
	switch (result) {
	case LOG_RECEIPT_WITNESSED:
		return (struct verdict){ true, "Yes. This entry is in the register.",
			                 "Outside witnesses have signed it too." };
	case LOG_RECEIPT_SIGNED:
		return (struct verdict){ true, "Yes. This entry is in the register.",
			                 "Outside witnesses have not signed this receipt." };
	case LOG_RECEIPT_MALFORMED:
		return (struct verdict){ false, "No. This is not a whole receipt.",
			                 "Copy all of the file, from its first line to its last." };
	case LOG_RECEIPT_ORIGIN:
		return (struct verdict){ false, "No. This receipt is of another register.",
			                 "Its first lines name the register that it comes from." };
	case LOG_RECEIPT_SIGNATURE:
		return (struct verdict){ false, "No. The signature is not ours.",
			                 "Keep the file. Somebody may have changed it." };
	case LOG_RECEIPT_INDEX:
	case LOG_RECEIPT_INCLUSION:
		return (struct verdict){
			false, "No. The receipt and the register do not fit.",
			"This is serious: keep the file, and tell the scrutineer, who "
			"answers to none of us."
		};
	case LOG_RECEIPT_DOUBTFUL:
		return (struct verdict){
			false, "We cannot say. The key that signed it may have been stolen.",
			"Ask us for a new receipt. If we cannot give one, keep the file, and tell the "
			"scrutineer, who answers to none of us."
		};
	case LOG_RECEIPT_REPORT:
		break;
	}
	return (struct verdict){ false, "No. The words are not those that were sent.",
		                 "Check that they are written exactly as they were." };
}

/* "10:12am on Friday 20 November 2026": what is kept does not speak of today. */
static struct json *promised_time(struct web_request *request, instant at)
{
	struct json *time = page_time(request, at);
	draft_set(time, STR("text"),
	          json_string(request->arena,
	                      wording_due(request->arena, page_zone(request), at, 0)));
	return time;
}

bool public_grade(struct web_request *request, int64_t entry, struct casebook_grade *out,
                  struct json **model, struct err *err)
{
	struct arena *arena = request->arena;
	struct casebook_reader *reader;
	struct json *by = json_array(arena);
	if (!site_reader(request, &reader, err) || !casebook_grade(reader, arena, entry, out, err))
		return false;
	for (size_t i = 0; i < out->witness_count; i++)
		json_push(by, json_string(arena, out->witnesses[i]));
	*model = json_object(arena);
	json_put_bool(arena, *model, STR("asks"), out->asks_witnesses);
	json_put_bool(arena, *model, STR("witnessed"), out->is_witnessed);
	json_put(*model, STR("by"), by);
	json_put(*model, STR("promised"),
	         out->promise.p ? promised_time(request, out->promised) : json_null(arena));
	return true;
}

struct str public_fingerprint(struct web_request *request)
{
	struct arena *arena = request->arena;
	struct hash hash = hash_of(casebook_vkey(site_book(request)));
	struct str hex = hash_hex(arena, &hash);
	struct buf out;
	buf_init(&out, 64);
	for (size_t i = 0; i < 8; i++) {
		if (i > 0)
			buf_add_char(&out, ' ');
		buf_add(&out, str_sub(hex, i * 4, 4));
	}
	struct str text = arena_copy(arena, buf_str(&out));
	buf_finish(&out);
	return text;
}

static struct json *begin(struct web_request *request)
{
	struct arena *arena = request->arena;
	struct page_head head = { .page = STR("verify"),
		                  .title = STR("Check a receipt"),
		                  .back = STR("/") };
	struct json *model = page_begin(request, &head);
	json_put_text(arena, model, STR("vkey"), casebook_vkey(site_book(request)));
	json_put_text(arena, model, STR("fingerprint"), public_fingerprint(request));
	return model;
}

static struct json *all_verdicts(struct arena *arena)
{
	static const enum log_receipt_result ALL[] = {
		LOG_RECEIPT_WITNESSED, LOG_RECEIPT_SIGNED,    LOG_RECEIPT_MALFORMED,
		LOG_RECEIPT_ORIGIN,    LOG_RECEIPT_SIGNATURE, LOG_RECEIPT_INDEX,
		LOG_RECEIPT_INCLUSION, LOG_RECEIPT_DOUBTFUL,
	};
	struct json *verdicts = json_array(arena);
	for (size_t i = 0; i < COUNT_OF(ALL); i++) {
		struct verdict verdict = verdict_of(ALL[i]);
		struct json *one = json_object(arena);
		json_put_text(arena, one, STR("word"), log_receipt_word(ALL[i]));
		json_put_text(arena, one, STR("answer"), str_from_c(verdict.title));
		json_put_text(arena, one, STR("sentence"), str_from_c(verdict.sentence));
		json_put_bool(arena, one, STR("holds"), verdict.holds);
		json_push(verdicts, one);
	}
	return verdicts;
}

static bool put_doubts(struct web_request *request, struct json *here, struct err *err)
{
	struct arena *arena = request->arena;
	struct json *doubts = json_array(arena);
	const struct casebook_key *keys;
	size_t count;
	if (!casebook_keys(site_book(request), arena, &keys, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct json *one = json_object(arena);
		if (!keys[i].doubted)
			continue;
		json_put_text(arena, one, STR("key"), keys[i].vkey);
		json_put_text(arena, one, STR("since"), instant_write(arena, keys[i].doubted));
		json_push(doubts, one);
	}
	json_put(here, STR("doubts"), doubts);
	return true;
}

/* What a browser with scripts needs to check a receipt by itself, and what it then says. */
static bool put_here(struct web_request *request, struct json *model, struct err *err)
{
	struct arena *arena = request->arena;
	struct assets assets = { web_asset_files, web_asset_files_n };
	struct json *here = json_object(arena);
	const struct log_policy *policy;
	struct casebook_reader *reader;
	struct str text;
	if (!site_reader(request, &reader, err) ||
	    !casebook_policy(reader, arena, &text, &policy, err) || !put_doubts(request, here, err))
		return false;
	json_put_text(arena, here, STR("script"), asset_address(&assets, arena, STR("verify.js")));
	json_put_text(arena, here, STR("policy"), text);
	json_put(here, STR("verdicts"), all_verdicts(arena));
	json_put(model, STR("here"), here);
	return true;
}

bool public_verify_get(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct json *model = begin(request);
	if (!put_here(request, model, err))
		return false;
	json_put(model, STR("found"), json_null(request->arena));
	json_put(model, STR("proof_error"), json_null(request->arena));
	page_field(request, model, STR("proof"), STR(""));
	return page_answer(request, answer, STR("public/verify"), model, err);
}

bool public_policy(struct web_request *request, struct web_answer *answer, struct err *err)
{
	const struct log_policy *policy;
	struct casebook_reader *reader;
	struct str text;
	if (!site_reader(request, &reader, err) ||
	    !casebook_policy(reader, request->arena, &text, &policy, err))
		return false;
	buf_add(&answer->body, text);
	web_answer_download(request, answer, STR("policy"), STR("text/plain; charset=utf-8"));
	return true;
}

static bool is_signer(const struct log_receipt_found *found, const struct log_vkey *key)
{
	for (size_t i = 0; i < found->signers.count; i++) {
		if (str_eq(found->signers.at[i].key->pub, key->pub))
			return true;
	}
	return false;
}

/* Since when all keys of the log that signed it are doubtful; INT64_MAX: not all are. */
static bool doubtful_since(struct web_request *request, const struct log_receipt_found *found,
                           instant *out, struct err *err)
{
	const struct casebook_key *keys;
	size_t count;
	*out = INT64_MAX;
	if (!casebook_keys(site_book(request), request->arena, &keys, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct log_vkey key;
		if (!log_vkey_read(request->arena, keys[i].vkey, &key, err))
			return false;
		if (!is_signer(found, &key))
			continue;
		if (!keys[i].doubted) {
			*out = INT64_MAX;
			return true;
		}
		*out = *out < keys[i].doubted ? *out : keys[i].doubted;
	}
	return true;
}

static bool check(struct web_request *request, struct str raw, struct log_receipt_found *found,
                  struct err *err)
{
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	const struct log_policy *policy;
	struct casebook_reader *reader;
	struct str text;
	instant since;
	if (!site_reader(request, &reader, err) ||
	    !casebook_policy(reader, request->arena, &text, &policy, err) ||
	    !log_receipt_check(hasher, request->arena, raw, policy, NULL, found, err) ||
	    !doubtful_since(request, found, &since, err))
		return false;
	log_receipt_doubt(found, since);
	return true;
}

static struct json *found_object(struct web_request *request, const struct log_receipt_found *found)
{
	struct arena *arena = request->arena;
	struct json *object = json_object(arena);
	struct verdict verdict = verdict_of(found->result);
	json_put_bool(arena, object, STR("holds"), verdict.holds);
	json_put_text(arena, object, STR("word"), log_receipt_word(found->result));
	json_put_text(arena, object, STR("answer"), str_from_c(verdict.title));
	json_put_text(arena, object, STR("sentence"), str_from_c(verdict.sentence));
	if (verdict.holds) {
		json_put_integer(arena, object, STR("index"), (int64_t)found->header.index);
		json_put(object, STR("recorded"), page_time(request, found->header.recorded));
	}
	return object;
}

/* What a text box does to a file: its lines end in CR LF. A receipt has none. */
static struct str without_returns(struct arena *arena, struct str text)
{
	char *p = arena_alloc(arena, text.n + 1, 1);
	size_t n = 0;
	if (!p)
		return STR_NONE;
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != '\r')
			p[n++] = text.p[i];
	return (struct str){ p, n };
}

bool public_verify_post(struct web_request *request, struct web_answer *answer, struct err *err)
{
	const struct proof *proof = request->upload;
	struct json *model = begin(request);
	struct str raw =
		proof && proof->bytes.n > 0
			? buf_str(&proof->bytes)
			: without_returns(request->arena, site_value(request, STR("proof")));
	struct log_receipt_found found;
	struct str wrong = STR_NONE;
	if (raw.n == 0)
		wrong = STR("Choose the file of your receipt, or paste its text");
	else if (raw.n > LOG_RECEIPT_MAX || (proof && proof->is_too_large))
		wrong = STR("This is larger than any receipt");
	page_field(request, model, STR("proof"), STR(""));
	json_put(model, STR("proof_error"),
	         wrong.p ? json_string(request->arena, wrong) : json_null(request->arena));
	if (wrong.p) {
		page_error(request, model, STR("proof"), wrong);
		json_put(model, STR("found"), json_null(request->arena));
		answer->status = 422;
		if (!put_here(request, model, err))
			return false;
		return page_answer(request, answer, STR("public/verify"), model, err);
	}
	if (!check(request, raw, &found, err))
		return false;
	json_put(model, STR("found"), found_object(request, &found));
	json_put(model, STR("here"), json_null(request->arena));
	return page_answer(request, answer, STR("public/verify"), model, err);
}
