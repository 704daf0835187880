/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* note.json, checkpoint.json, cosignature.json: keys, signed notes, checkpoints, cosignatures. */
#include "log/vectors.h"

#define TEXT_MAX ((size_t)2 << 20)

/* A key of the sets: its verifier key, and the private key its seed makes. */
struct known_key {
	struct log_vkey vkey;
	struct log_signer *signer;
};

static void forget_key(struct known_key *key)
{
	log_signer_destroy(key->signer);
}

static bool read_key(struct run *run, const struct json *object, struct known_key *out)
{
	CLEANUP(buf_finish) struct buf text = { 0 };
	*out = (struct known_key){ 0 };
	only(run, object, "name seed vkey");
	struct str vkey = want_text(run, object, "vkey");
	struct hash seed = want_hash(run, object, "seed");
	if (!expect(run,
	            log_vkey_read(run->arena, vkey, &out->vkey, &run->err) &&
	                    log_signer_create(out->vkey.name, out->vkey.type, seed.bytes,
	                                      &out->signer, &run->err),
	            "trusted key"))
		return false;
	buf_init(&text, TEXT_MAX);
	log_vkey_write(&text, log_signer_vkey(out->signer));
	return expect(run, str_eq(buf_str(&text), vkey), "the seed makes another key") &&
	       expect(run, str_eq(out->vkey.name, want_text(run, object, "name")),
	              "the key's name");
}

/* --- notes ---------------------------------------------------------------------------------- */

static bool are_signers(const struct log_verified *verified, const struct json *names)
{
	size_t at = 0;
	for (const struct json *one = names; one; one = one->next, at++)
		if (at == verified->count || !str_eq(one->string, verified->at[at].key->name))
			return false;
	return at == verified->count;
}

/* Signing is deterministic, so a good note of the trusted keys alone can be made again. */
static bool can_be_signed_again(const struct log_note *note, const struct log_verified *verified,
                                struct str raw, const struct known_key *keys, size_t count)
{
	CLEANUP(buf_finish) struct buf again = { 0 };
	const struct log_signer *signers[LOG_NOTE_SIGNATURES_MAX];
	if (verified->count != note->count)
		return true;
	for (size_t i = 0; i < verified->count; i++)
		for (size_t j = 0; j < count; j++)
			if (str_eq(keys[j].vkey.name, verified->at[i].key->name))
				signers[i] = keys[j].signer;
	buf_init(&again, TEXT_MAX);
	log_note_sign(&again, note->text, signers, verified->count);
	return str_eq(buf_str(&again), raw);
}

static void judge_notes(struct run *run, const struct known_key *keys, const struct log_vkey *vkeys,
                        size_t count)
{
	for (const struct json *one = want_array(run, run->root, "notes"); one; one = one->next) {
		struct log_note note;
		struct log_verified verified;
		begin_case(run, one, "name note note_b64 ok why text signers gomod");
		struct str name = want_text(run, one, "name"), raw = want_bytes(run, one, "note");
		bool is_good = log_note_read(run->scratch, raw, &note, &run->err) &&
		               log_note_verify(&note, vkeys, count, &verified, &run->err);
		expect(run, is_good == want_bool(run, one, "ok"), "note %.*s", STR_ARG(name));
		if (!is_good)
			continue;
		expect(run,
		       str_eq(note.text, want_text(run, one, "text")) &&
		               are_signers(&verified, want_array(run, one, "signers")),
		       "note %.*s: text and signers", STR_ARG(name));
		expect(run, can_be_signed_again(&note, &verified, raw, keys, count),
		       "note %.*s signed again", STR_ARG(name));
	}
}

static void judge_vkeys(struct run *run)
{
	for (const struct json *one = want_array(run, run->root, "vkeys"); one; one = one->next) {
		CLEANUP(buf_finish) struct buf again = { 0 };
		struct log_vkey vkey;
		begin_case(run, one, "vkey ok why gomod cosignature");
		struct str text = want_text(run, one, "vkey"), why = want_text(run, one, "why");
		bool is_good = log_vkey_read(run->scratch, text, &vkey, &run->err) &&
		               log_vkey_counts(&vkey);
		expect(run, is_good == want_bool(run, one, "ok"), "vkey: %.*s", STR_ARG(why));
		if (!is_good)
			continue;
		buf_init(&again, TEXT_MAX);
		log_vkey_write(&again, &vkey);
		expect(run, str_eq(buf_str(&again), text), "vkey written: %.*s", STR_ARG(why));
	}
}

#define TRUSTED_MAX 32

void judge_note(struct run *run)
{
	struct known_key keys[TRUSTED_MAX];
	struct log_vkey vkeys[TRUSTED_MAX];
	size_t count = 0;
	only(run, run->root, "comment seed trusted notes vkeys");
	for (const struct json *one = want_array(run, run->root, "trusted"); one; one = one->next) {
		if (!expect(run, count < TRUSTED_MAX, "too many trusted keys") ||
		    !read_key(run, one, &keys[count]))
			break;
		vkeys[count] = keys[count].vkey;
		count++;
	}
	judge_notes(run, keys, vkeys, count);
	judge_vkeys(run);
	for (size_t i = 0; i < count; i++)
		forget_key(&keys[i]);
}

/* --- checkpoints ---------------------------------------------------------------------------- */

/* What we write of it is what was signed, save where others added lines. */
static void judge_good_checkpoint(struct run *run, const struct json *one,
                                  const struct log_checkpoint *read, const struct known_key *log)
{
	CLEANUP(buf_finish) struct buf text = { 0 };
	CLEANUP(buf_finish) struct buf note = { 0 };
	const struct log_signer *signer = log->signer;
	struct hash root = want_hash(run, one, "root");
	struct str name = want_text(run, one, "name"), body = want_text(run, one, "body");
	expect(run,
	       str_eq(read->origin, want_text(run, one, "origin")) &&
	               (uint64_t)read->size == want_number(run, one, "size") &&
	               hash_eq(&read->root, &root),
	       "checkpoint %.*s: what it says", STR_ARG(name));
	buf_init(&text, TEXT_MAX);
	log_checkpoint_write(&text, read);
	expect(run, str_starts(body, buf_str(&text)), "checkpoint %.*s written", STR_ARG(name));
	buf_init(&note, TEXT_MAX);
	log_note_sign(&note, body, &signer, 1);
	expect(run, str_eq(buf_str(&note), want_bytes(run, one, "note")), "checkpoint %.*s signed",
	       STR_ARG(name));
}

static void judge_pairs(struct run *run)
{
	for (const struct json *one = want_array(run, run->root, "pairs"); one; one = one->next) {
		struct log_checkpoint older, newer;
		size_t count = 0;
		begin_case(run, one, "old new proof consistent");
		const struct hash *proof = want_hashes(run, one, "proof", &count);
		if (!expect(run,
		            log_checkpoint_read(want_text(run, one, "old"), &older, &run->err) &&
		                    log_checkpoint_read(want_text(run, one, "new"), &newer,
		                                        &run->err),
		            "pair %zu", run->cases))
			continue;
		bool is_good = log_consistency_check(run->hasher, (uint64_t)older.size,
		                                     (uint64_t)newer.size, proof, count,
		                                     &older.root, &newer.root);
		expect(run, is_good == want_bool(run, one, "consistent"),
		       "pair of %" PRId64 " and %" PRId64, older.size, newer.size);
	}
}

void judge_checkpoint(struct run *run)
{
	CLEANUP(forget_key) struct known_key log;
	only(run, run->root, "comment seed log checkpoints pairs");
	if (!read_key(run, json_member(run->root, STR("log")), &log))
		return;
	for (const struct json *one = want_array(run, run->root, "checkpoints"); one;
	     one = one->next) {
		struct log_checkpoint read, from_body;
		begin_case(run, one, "name body note ok why origin size root torchwood_parses");
		struct str name = want_text(run, one, "name");
		bool is_good = log_checkpoint_open(run->scratch, want_bytes(run, one, "note"),
		                                   &log.vkey, &read, &run->err);
		if (!expect(run, is_good == want_bool(run, one, "ok"), "checkpoint %.*s",
		            STR_ARG(name)))
			continue;
		struct str body = want_bytes(run, one, "body");
		bool is_body_good = log_checkpoint_read(body, &from_body, &run->err);
		expect(run, is_body_good || !is_good, "checkpoint %.*s: body", STR_ARG(name));
		if (is_good)
			judge_good_checkpoint(run, one, &read, &log);
	}
	judge_pairs(run);
}

/* --- cosignatures --------------------------------------------------------------------------- */

static void judge_good_cosignature(struct run *run, const struct json *one,
                                   const struct log_note *note, const struct log_verified *verified,
                                   const struct known_key *witness)
{
	CLEANUP(buf_finish) struct buf line = { 0 };
	uint8_t signature[LOG_COSIGNATURE_SIZE];
	struct str name = want_text(run, one, "name");
	uint64_t time = want_number(run, one, "time");
	struct str message = arena_format(run->scratch, "cosignature/v1\ntime %" PRIu64 "\n%.*s",
	                                  time, STR_ARG(note->text));
	expect(run, verified->count == 1 && (uint64_t)verified->at[0].time == time,
	       "cosignature %.*s: time", STR_ARG(name));
	expect(run, str_eq(message, want_text(run, one, "signed_message")),
	       "cosignature %.*s: message", STR_ARG(name));
	if (!expect(run,
	            log_cosign(witness->signer, note->text, (int64_t)time, signature, &run->err),
	            "cosignature %.*s made", STR_ARG(name)))
		return;
	buf_init(&line, TEXT_MAX);
	log_note_add_line(&line, witness->vkey.name, witness->vkey.id,
	                  str_from_bytes(signature, sizeof signature));
	struct str lines = want_text(run, one, "line");
	expect(run, str_find_str(lines, buf_str(&line)) < lines.n, "cosignature %.*s as made",
	       STR_ARG(name));
}

void judge_cosignature(struct run *run)
{
	CLEANUP(forget_key) struct known_key witness = { 0 };
	CLEANUP(forget_key) struct known_key log = { 0 };
	only(run, run->root, "comment seed log witness cases");
	if (!read_key(run, json_member(run->root, STR("witness")), &witness) ||
	    !read_key(run, json_member(run->root, STR("log")), &log))
		return;
	for (const struct json *one = want_array(run, run->root, "cases"); one; one = one->next) {
		struct log_note note;
		struct log_verified verified;
		begin_case(run, one,
		           "name checkpoint line ok why time signed_message torchwood formats");
		struct str name = want_text(run, one, "name");
		struct str pieces[] = { want_text(run, one, "checkpoint"),
			                want_text(run, one, "line") };
		struct str raw = arena_join(run->scratch, pieces, COUNT_OF(pieces));
		bool is_good = log_note_read(run->scratch, raw, &note, &run->err) &&
		               log_note_verify(&note, &witness.vkey, 1, &verified, &run->err);
		expect(run, is_good == want_bool(run, one, "ok"), "cosignature %.*s",
		       STR_ARG(name));
		if (is_good)
			judge_good_cosignature(run, one, &note, &verified, &witness);
	}
}
