/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a witness answers: the checks of tlog-witness, in their order. */
#include "log/witness_parts.h"

#define OLD_LINE "old "
#define PLAIN STR("text/plain; charset=utf-8")
#define SIZE_TYPE STR("text/x.tlog.size")

/* A request as it was read. */
struct request {
	struct str body;
	int64_t older;
	struct hash proof[LOG_WITNESS_PROOF_MAX];
	size_t count;
	struct str note_text; /* the note, whole */
	struct log_note note;
	struct log_verified verified; /* the log's keys that signed */
	struct log_checkpoint checkpoint;
};

/* --- answers -------------------------------------------------------------------------------- */

/* Ends a check that failed: the answer stands, and nothing more is asked. */
static bool say(struct arena *arena, struct log_witness_answer *out, int status, const char *why)
{
	*out = (struct log_witness_answer){ .status = status,
		                            .type = PLAIN,
		                            .body = arena_format(arena, "%s\n", why) };
	return false;
}

static bool is_told(const struct log_witness_answer *out, struct err *err)
{
	return out->body.p || err_set(err, ERR_UNABLE, "There is no memory for an answer");
}

/* --- reading -------------------------------------------------------------------------------- */

static bool read_proof(struct str *rest, struct request *request)
{
	struct str line;
	while (str_cut(rest, '\n', &line) && rest->p && line.n) {
		size_t n = HASH_SIZE;
		if (request->count == LOG_WITNESS_PROOF_MAX ||
		    !base64_read(line, request->proof[request->count].bytes, &n) || n != HASH_SIZE)
			return false;
		request->count++;
	}
	return rest->p != NULL;
}

static bool read_request(struct arena *arena, struct str body, struct request *request,
                         struct log_witness_answer *out)
{
	struct str rest = body, line;
	uint64_t older = 0;
	request->body = body;
	if (!str_cut(&rest, '\n', &line) || !rest.p || !str_starts(line, STR(OLD_LINE)) ||
	    !str_to_u64(str_sub(line, sizeof OLD_LINE - 1, line.n), INT64_MAX, &older))
		return say(arena, out, 400, "The first line must be 'old' and a size");
	request->older = (int64_t)older;
	if (!read_proof(&rest, request))
		return say(arena, out, 400,
		           "Behind it stand at most 63 hashes in base64, a line each, and an empty "
		           "line");
	request->note_text = rest;
	if (str_find_str(rest, STR("\n\n")) == rest.n)
		return say(arena, out, 400, "Behind the empty line stands a signed checkpoint");
	return true;
}

static struct watched *watched_of(struct log_witness *witness, struct str origin)
{
	for (size_t i = 0; i < witness->count; i++)
		if (witness->logs[i].is_known && str_eq(witness->logs[i].origin, origin))
			return &witness->logs[i];
	return NULL;
}

static bool read_note(struct log_witness *witness, struct arena *arena, struct request *request,
                      struct watched **log, struct log_witness_answer *out)
{
	struct err why = { 0 };
	struct str rest = request->note_text, origin;
	(void)str_cut(&rest, '\n', &origin);
	*log = watched_of(witness, origin);
	if (!*log)
		return say(arena, out, 404, "This witness does not watch that log");
	if (!log_note_read(arena, request->note_text, &request->note, &why))
		return say(arena, out, 400, why.message);
	if (!log_note_verify(&request->note, (*log)->keys, (*log)->key_count, &request->verified,
	                     &why))
		return say(arena, out, 403, "No key of that log signed this checkpoint");
	if (!log_checkpoint_read_lines(request->note.text, &request->checkpoint, &why))
		return say(arena, out, 400, why.message);
	if (request->older > request->checkpoint.size)
		return say(arena, out, 400, "The old size is above the checkpoint's");
	return true;
}

/* --- growth --------------------------------------------------------------------------------- */

/* Whether the checkpoint's tree begins with all of the state's, by the request's own proof. */
static bool is_growth(const struct request *request, const struct watched *log)
{
	struct hash empty = hash_of(STR(""));
	const struct log_checkpoint *checkpoint = &request->checkpoint;
	if (checkpoint->size == 0 && !hash_eq(&checkpoint->root, &empty))
		return false;
	if (request->older == 0)
		return request->count == 0 && (!log->has_state || checkpoint->size > 0 ||
		                               hash_eq(&checkpoint->root, &log->root));
	if (request->older == checkpoint->size)
		return request->count == 0 && hash_eq(&checkpoint->root, &log->root);
	struct hasher *hasher = hasher_create();
	bool holds = hasher && log_consistency_check(hasher, (uint64_t)request->older,
	                                             (uint64_t)checkpoint->size, request->proof,
	                                             request->count, &log->root, &checkpoint->root);
	hasher_destroy(hasher);
	return holds;
}

static const struct log_note_line *line_of(const struct log_note *note, const struct log_vkey *key)
{
	for (size_t i = 0; i < note->count; i++)
		if (str_eq(note->lines[i].name, key->name) &&
		    memcmp(note->lines[i].id, key->id, LOG_KEY_ID_SIZE) == 0)
			return &note->lines[i];
	return NULL;
}

/* The checkpoint, the log's signatures that held, and ours; *own: ours alone. */
static bool cosign(struct log_witness *witness, struct arena *arena, const struct request *request,
                   int64_t now, struct buf *note, struct str *own, struct err *err)
{
	uint8_t signature[LOG_COSIGNATURE_SIZE];
	const struct log_vkey *key = log_signer_vkey(witness->key);
	if (!log_cosign(witness->key, request->note.text, now, signature, err))
		return false;
	buf_add(note, request->note.text);
	buf_add_char(note, '\n');
	for (size_t i = 0; i < request->verified.count; i++) {
		const struct log_note_line *line =
			line_of(&request->note, request->verified.at[i].key);
		log_note_add_line(note, line->name, line->id, line->signature);
	}
	size_t from = note->n;
	log_note_add_line(note, key->name, key->id,
	                  str_from_bytes(signature, LOG_COSIGNATURE_SIZE));
	*own = arena_copy(arena, str_sub(buf_str(note), from, note->n));
	return (own->p && !note->full) ||
	       err_set(err, ERR_UNABLE, "There is no memory to cosign a checkpoint");
}

/* The same tree again needs no write: the time is no state. */
static bool advance(struct log_witness *witness, struct arena *arena, struct watched *log,
                    const struct request *request, int64_t now, struct log_witness_answer *out)
{
	CLEANUP(buf_finish) struct buf note = { 0 };
	struct err err = { 0 };
	struct str own;
	buf_init(&note, WITNESS_NOTE_MAX);
	bool is_same = log->has_state && request->checkpoint.size == log->size;
	if (!cosign(witness, arena, request, now, &note, &own, &err) ||
	    (!is_same && !witness_state_write(log, &request->checkpoint, buf_str(&note), &err)))
		return say(arena, out, 500, err.message);
	*out = (struct log_witness_answer){ .status = 200, .type = PLAIN, .body = own };
	return true;
}

static void judge(struct log_witness *witness, struct arena *arena, struct watched *log,
                  const struct request *request, int64_t now, struct log_witness_answer *out)
{
	int64_t known = log->has_state ? log->size : 0;
	if (log->trouble.p) {
		(void)say(arena, out, 500, log->trouble.p);
	} else if (request->older != known) {
		*out = (struct log_witness_answer){
			.status = 409,
			.type = SIZE_TYPE,
			.body = arena_format(arena, "%" PRId64 "\n", known),
		};
	} else if (!is_growth(request, log)) {
		witness_evidence_keep(witness, arena, request->body);
		(void)say(arena, out, 422,
		          "This tree does not begin with what was cosigned before");
	} else {
		(void)advance(witness, arena, log, request, now, out);
	}
}

bool log_witness_add_checkpoint(struct log_witness *witness, struct arena *arena, struct str body,
                                int64_t now, struct log_witness_answer *out, struct err *err)
{
	struct watched *log = NULL;
	struct request *request = arena_alloc(arena, 1, sizeof *request);
	if (!request)
		return err_set(err, ERR_UNABLE, "There is no memory for an answer");
	if (body.n > LOG_WITNESS_BODY_MAX) {
		(void)say(arena, out, 413, "A request has at most 64 KiB");
	} else if (read_request(arena, body, request, out) &&
	           read_note(witness, arena, request, &log, out)) {
		pthread_mutex_lock(&witness->turn);
		judge(witness, arena, log, request, now, out);
		pthread_mutex_unlock(&witness->turn);
	}
	return is_told(out, err);
}

/* --- monitoring ----------------------------------------------------------------------------- */

bool log_witness_checkpoint(struct log_witness *witness, struct arena *arena, struct str path,
                            struct log_witness_answer *out, struct err *err)
{
	(void)say(arena, out, 404, "Nothing was cosigned of such a log");
	for (size_t i = 0; i < witness->count; i++) {
		struct watched *log = &witness->logs[i];
		struct str wanted = arena_format(arena, "/%.*s/checkpoint", STR_ARG(log->hex));
		if (!log->is_known || !str_eq(path, wanted))
			continue;
		pthread_mutex_lock(&witness->turn);
		if (log->trouble.p)
			(void)say(arena, out, 500, log->trouble.p);
		else if (log->has_state)
			*out = (struct log_witness_answer){
				.status = 200,
				.type = PLAIN,
				.body = arena_copy(arena, buf_str(&log->note)),
			};
		pthread_mutex_unlock(&witness->turn);
	}
	return is_told(out, err);
}

/* --- asking --------------------------------------------------------------------------------- */

void log_witness_body(struct buf *out, int64_t older, const struct log_proof *proof,
                      struct str note)
{
	buf_format(out, OLD_LINE "%" PRId64 "\n", older);
	for (size_t i = 0; i < proof->count; i++) {
		buf_add_base64(out, proof->at[i].bytes, HASH_SIZE);
		buf_add_char(out, '\n');
	}
	buf_add_char(out, '\n');
	buf_add(out, note);
}
