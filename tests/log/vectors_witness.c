/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* witness.json: one conversation, in order, with a witness made anew in a folder in memory. */
#include "log/vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ADD "/add-checkpoint"

static void make_witness(struct run *run, const char *dir)
{
	const struct json *given = json_member(run->root, STR("witness"));
	CLEANUP(log_signer_cleanup) struct log_signer *key = NULL;
	only(run, given, "name seed vkey");
	struct hash seed = want_hash(run, given, "seed");
	if (!expect(run,
	            log_signer_create(want_text(run, given, "name"), LOG_KEY_WITNESS, seed.bytes,
	                              &key, &run->err) &&
	                    log_witness_make(dir, key, &run->err),
	            "the witness is not made"))
		return;
	for (const struct json *log = want_array(run, run->root, "logs"); log; log = log->next) {
		only(run, log, "origin vkeys");
		for (const struct json *one = want_array(run, log, "vkeys"); one; one = one->next)
			expect(run, log_witness_add_log(dir, one->string, &run->err),
			       "%.*s is not watched", STR_ARG(one->string));
	}
}

/* What the witness says it has, beside what the set says. */
static void judge_state(struct run *run, struct log_witness *witness, const struct json *state)
{
	for (size_t i = 0; i < log_witness_count(witness); i++) {
		struct str origin = log_witness_origin(witness, i);
		const struct json *of = json_member(state, origin);
		int64_t size = log_witness_size(witness, i);
		expect(run, of ? size == (int64_t)want_number(run, of, "size") : size == -1,
		       "%.*s: the witness has size %" PRId64, STR_ARG(origin), size);
	}
}

static bool ask(struct run *run, struct log_witness *witness, const struct json *step,
                struct log_witness_answer *out)
{
	struct str path = want_text(run, step, "path"), method = want_text(run, step, "method");
	bool is_post = str_eq(method, STR("POST"));
	if (str_eq(path, STR(ADD)))
		return is_post && log_witness_add_checkpoint(
					  witness, run->scratch, want_bytes(run, step, "body"),
					  (int64_t)want_number(run, step, "now"), out, &run->err);
	return !is_post && log_witness_checkpoint(witness, run->scratch, path, out, &run->err);
}

static void judge_step(struct run *run, struct log_witness *witness, const struct json *step)
{
	struct log_witness_answer answer = { 0 };
	begin_case(run, step, "method path now body body_b64 status reply content_type state why");
	struct str why = want_text(run, step, "why");
	int64_t status = (int64_t)want_number(run, step, "status");
	if (!ask(run, witness, step, &answer)) {
		/* Methods are the server's matter: tests/cli/test_witness. */
		expect(run, status == 405, "%.*s: no answer", STR_ARG(why));
		return;
	}
	expect(run, answer.status == status, "%.*s: %d", STR_ARG(why), answer.status);
	if (has(step, "reply"))
		expect(run, str_eq(answer.body, want_bytes(run, step, "reply")),
		       "%.*s: another reply", STR_ARG(why));
	if (has(step, "content_type"))
		expect(run, str_eq(answer.type, want_text(run, step, "content_type")), "%.*s: %.*s",
		       STR_ARG(why), STR_ARG(answer.type));
	if (has(step, "state"))
		judge_state(run, witness, json_member(step, STR("state")));
}

void judge_witness(struct run *run)
{
	char dir[] = "/dev/shm/candour-witness-XXXXXX", command[64];
	CLEANUP(log_witness_cleanup) struct log_witness *witness = NULL;
	only(run, run->root, "comment seed logs witness steps");
	if (!expect(run, mkdtemp(dir) != NULL, "no folder"))
		return;
	make_witness(run, dir);
	if (expect(run, log_witness_open(dir, &witness, &run->err), "the witness does not open"))
		for (const struct json *step = want_array(run, run->root, "steps"); step;
		     step = step->next)
			judge_step(run, witness, step);
	/* Begun again, it has what it had. */
	if (witness && run->failed == 0) {
		int64_t size = log_witness_size(witness, 0);
		log_witness_close(witness);
		witness = NULL;
		expect(run,
		       log_witness_open(dir, &witness, &run->err) &&
		               log_witness_size(witness, 0) == size,
		       "the witness forgot its state");
	}
	(void)snprintf(command, sizeof command, "rm -rf %s", dir);
	expect(run, system(command) == 0, "the folder stays");
}
