/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Acts: what somebody wants to do, and what came of it. The only road into the
 * record; web, API, command line, import, demo, tests and the clock use it.
 */
#ifndef CANDOUR_CASEBOOK_ACT_H
#define CANDOUR_CASEBOOK_ACT_H

#include "base/base.h"
#include "casebook/register.h"

#define CASEBOOK_SUBMISSION_MAX 192 /* bytes of a submission id */

enum casebook_via {
	CASEBOOK_WEB,
	CASEBOOK_API,
	CASEBOOK_CLI,
	CASEBOOK_IMPORT,
	CASEBOOK_REGISTER,
};

enum casebook_by {
	CASEBOOK_BY_PUBLIC,   /* no account */
	CASEBOOK_BY_PERSON,   /* of the file, by code */
	CASEBOOK_BY_OFFICE,   /* an account in an office */
	CASEBOOK_BY_REGISTER, /* the clock and the like */
};

/* Who acts. Texts are borrowed. */
struct casebook_actor {
	enum casebook_by by;
	struct str account; /* id */
	struct str office;  /* instance id */
	bool is_proved;     /* proof anew within 5 minutes */
};

/* An act. Everything is borrowed until the call returns. */
struct casebook_act {
	struct casebook_actor actor;
	enum casebook_via via;
	struct str submission; /* empty: none, then every call is another act */
	struct str kind;
	struct str file; /* id or number ("C-418"); empty: a new file */
	bool has_happened;
	instant happened; /* else: recorded */
	bool has_received;
	instant received;
	/* The newest entry of the file that its writer had before him: an act whose answers choose
	 * where the file goes is refused when somebody chose since, and he did not see it. */
	bool has_seen;
	int64_t seen;
	const struct json *fields; /* the kind's fields, plain and sealed alike, as one object */
	struct str machine_user;   /* via the command line */
	bool wants_code; /* a report by the public or on a caller's behalf: cut a return
	                    code */
};

enum casebook_outcome {
	CASEBOOK_ADMITTED,
	CASEBOOK_WAITING, /* a second reader is missing */
	CASEBOOK_REFUSED, /* access, door or gate; the refusal is an entry */
	CASEBOOK_FAILED,  /* err: ERR_INPUT, ERR_ABSENT, ERR_UNABLE, ERR_FAULT; no entry */
};

struct casebook_missing {
	struct str gate; /* "G1", or empty for a need of the kind's own */
	struct str sentence;
};

struct casebook_field_error {
	struct str field;
	struct str text; /* 'Choose one of the answers' */
};

/* A return code as it is shown once. */
struct casebook_code {
	uint16_t word[4];
	uint16_t digits;
};

/* What came of an act. Texts lie in the arena given. */
struct casebook_answer {
	enum casebook_outcome outcome;
	bool is_repeat;  /* the submission was known: this is the first answer again */
	int64_t index;   /* of the entry: the act's own, act.waiting's or the refusal's; -1: none */
	int64_t size;    /* tree size signed with it */
	struct str file; /* 26 symbols */
	struct str number; /* "C-418" */
	instant recorded;
	bool has_code;
	struct casebook_code code;
	const struct casebook_missing *missing; /* REFUSED */
	size_t missing_count;
	const struct str *roles; /* WAITING: seconds wanted */
	size_t role_count;
	struct str sentence; /* REFUSED by access or a door: why */
	int64_t since; /* REFUSED: the entry by which somebody decided what the writer had not seen;
	                  0: that is not why */
	struct err err;                            /* FAILED */
	const struct casebook_field_error *errors; /* FAILED with ERR_INPUT: each field's */
	size_t error_count;
};

/*
 * Puts an act through the turn and waits until it is durable. True: `answer`
 * says what came of it, FAILED included. False only when the queue is full or
 * the writer has stopped (ERR_UNABLE): nothing was done.
 */
bool casebook_submit(struct casebook *book, const struct casebook_act *act, struct arena *arena,
                     struct casebook_answer *answer, struct err *err) MUST_USE;
/* Several acts in as few turns as they fit; answers in their order. */
bool casebook_submit_many(struct casebook *book, const struct casebook_act *acts, size_t count,
                          struct arena *arena, struct casebook_answer *answers,
                          struct err *err) MUST_USE;
/* Whether acts of this kind, and agreeing to one, want an actor with proof anew.
 */
bool casebook_wants_proof(struct str kind);
/* Whether the queue would take another act now: asked before a body is read. Any thread. */
bool casebook_may_take(struct casebook *book);

/* After each commit, the turn's entries in order, to those who asked. They may not fail nor submit.
 */
struct casebook_committed {
	int64_t first;
	int64_t count;
	instant at;
};
typedef void casebook_follower(void *ctx, const struct casebook_committed *turn);
bool casebook_follow(struct casebook *book, casebook_follower *fn, void *ctx,
                     struct err *err) MUST_USE;
/* Once this returns `fn` is not called again, and not being called. Not from within a turn. */
void casebook_unfollow(struct casebook *book, casebook_follower *fn, void *ctx);

/*
 * The words of a code. `list` is packs/code-words.en.txt as it was embedded:
 * 2,048 words. "lantern otter maple river 4071" with blanks, or with hyphens.
 */
struct str casebook_code_write(struct arena *arena, const struct casebook_code *code, char between);
/* Any case and separator, first four letters enough, digits first or last.
 * ERR_ABSENT with the sentence for the reader: a word that is none of ours, or no code at all. */
bool casebook_code_read(struct str text, struct casebook_code *out, struct err *err) MUST_USE;
/* The word of a number, 0 .. 2047. */
struct str casebook_code_word(unsigned number);

#endif
