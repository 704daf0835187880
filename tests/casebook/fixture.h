/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A drill register of Northmere with the tests' pack, open for writing, in a
 * folder of its own under /tmp, for the tests of the casebook and of the rooms
 * above. It is founded once a program and copied for each test; its time
 * begins on Thursday 26 November 2026, 10am, and moves when a test moves it.
 *
 *	static void a_concern_is_owed(void **state)
 *	{
 *		struct fixture *f = *state;
 *		struct person screener = person(f, "amara", "screener");
 *		struct casebook_answer concern = report(f, "He is alone at night.");
 *		…
 *	}
 *	int main(void)
 *	{
 *		const struct CMUnitTest tests[] = { PROVES(a_concern_is_owed) };
 *		return PROVE(tests);
 *	}
 *
 * Programs run from the root of the source tree.
 */
#ifndef CANDOUR_TESTS_CASEBOOK_FIXTURE_H
#define CANDOUR_TESTS_CASEBOOK_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/base.h"
#include "casebook/casebook.h"
#include "packs.h"

#define PROVES(sentence)                                                                           \
	cmocka_unit_test_setup_teardown(sentence, fixture_set_up, fixture_tear_down)
#define PROVE(tests) cmocka_run_group_tests(tests, fixture_found, fixture_forget)

#define FIXTURE_START INT64_C(1795687200000000) /* 2026-11-26T10:00:00Z */
#define FIXTURE_PASSWORD "a long enough password"
#define FIXTURE_FILE_MAX ((size_t)64 << 20)

struct fixture {
	const char *founded; /* folder of the register that each test has a copy of */
	char dir[64];
	struct casebook *book;
	struct arena *arena; /* of the test */
	struct err err;
};

/* Stops the test with the error at hand when `done` is false. */
#define MUST(f, done)                                                                              \
	do {                                                                                       \
		if (!(done))                                                                       \
			fail_msg("%s (%s) [%s]", (f)->err.message, (f)->err.context, #done);       \
	} while (0)

/* --- folders -------------------------------------------------------------------------------- */

static inline void fixture_copy_folder(struct fixture *f, const char *from, const char *to)
{
	const struct str *names;
	size_t count;
	MUST(f, file_make_folder(to, 0700, &f->err));
	MUST(f, file_list(f->arena, from, &names, &count, &f->err));
	for (size_t i = 0; i < count; i++) {
		const char *source = file_join(f->arena, from, str_to_c(f->arena, names[i]));
		const char *target = file_join(f->arena, to, str_to_c(f->arena, names[i]));
		struct str bytes;
		if (file_is_folder(source)) {
			fixture_copy_folder(f, source, target);
			continue;
		}
		if (str_eq(names[i], STR("socket")))
			continue;
		MUST(f, file_read(f->arena, source, FIXTURE_FILE_MAX, &bytes, &f->err));
		FILE *out = fopen(target, "wb");
		assert_non_null(out);
		assert_int_equal(fwrite(bytes.p, 1, bytes.n, out), bytes.n);
		assert_int_equal(fclose(out), 0);
		assert_int_equal(chmod(target, 0600), 0);
	}
}

static inline void fixture_remove_folder(struct arena *arena, const char *dir)
{
	const struct str *names;
	size_t count = 0;
	struct err ignored;
	if (!file_list(arena, dir, &names, &count, &ignored))
		return;
	for (size_t i = 0; i < count; i++) {
		const char *path = file_join(arena, dir, str_to_c(arena, names[i]));
		if (file_is_folder(path))
			fixture_remove_folder(arena, path);
		else
			(void)unlink(path);
	}
	(void)rmdir(dir);
}

/* --- founding and copying ------------------------------------------------------------------- */

static inline void fixture_open(struct fixture *f)
{
	static const struct casebook_options options = { .has_seed = true, .seed = 7 };
	MUST(f, casebook_open_with(f->dir, CASEBOOK_WRITE, &options, &f->book, &f->err));
	MUST(f, casebook_set_now(f->book, FIXTURE_START, &f->err));
}

/* Opens it again at a time of its own. */
static inline void fixture_take_up(struct fixture *f, instant now)
{
	static const struct casebook_options options = { .has_seed = true, .seed = 8 };
	MUST(f, casebook_open_with(f->dir, CASEBOOK_WRITE, &options, &f->book, &f->err));
	MUST(f, casebook_set_now(f->book, now, &f->err));
}

/* Closes and opens it again: what is not durable is gone. */
static inline void fixture_reopen(struct fixture *f)
{
	instant now = casebook_now(f->book);
	casebook_close(f->book);
	f->book = NULL;
	fixture_take_up(f, now);
}

/* A register in `dir`, which is made. */
static inline void fixture_create(struct fixture *f, const char *dir, bool is_drill,
                                  struct casebook_made *made)
{
	const char *folders[] = { test_packs() };
	const struct pack_bytes *pack = NULL;
	MUST(f, pack_find(f->arena, folders, COUNT_OF(folders), STR("england"), &pack, &f->err));
	struct casebook_founding founding = {
		.dir = dir,
		.pack = pack,
		.origin = is_drill ? STR("drill.northmere.example/register")
		                   : STR("northmere.example/register"),
		.is_drill = is_drill,
		.has_seed = is_drill,
		.seed = 1,
		.start = is_drill ? FIXTURE_START - INSTANT_PER_HOUR : 0,
	};
	MUST(f, casebook_create(&founding, f->arena, made, &f->err));
}

static inline int fixture_found(void **state)
{
	struct fixture f = { .arena = arena_create(FIXTURE_FILE_MAX) };
	struct casebook_made made;
	char *dir = calloc(1, 64);
	assert_non_null(dir);
	(void)snprintf(dir, 64, "/tmp/candour-founded-XXXXXX");
	assert_non_null(mkdtemp(dir));
	fixture_create(&f, dir, true, &made);
	arena_destroy(f.arena);
	*state = dir;
	return 0;
}

static inline int fixture_forget(void **state)
{
	struct arena *arena = arena_create(FIXTURE_FILE_MAX);
	fixture_remove_folder(arena, *state);
	arena_destroy(arena);
	free(*state);
	return 0;
}

static inline int fixture_set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	assert_non_null(f);
	f->founded = *state;
	f->arena = arena_create(2 * FIXTURE_FILE_MAX);
	(void)snprintf(f->dir, sizeof f->dir, "/tmp/candour-casebook-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	fixture_copy_folder(f, f->founded, f->dir);
	fixture_open(f);
	*state = f;
	return 0;
}

static inline int fixture_tear_down(void **state)
{
	struct fixture *f = *state;
	casebook_close(f->book);
	arena_reset(f->arena);
	fixture_remove_folder(f->arena, f->dir);
	arena_destroy(f->arena);
	free(f);
	return 0;
}

/* --- time ----------------------------------------------------------------------------------- */

static inline void later(struct fixture *f, int64_t us)
{
	MUST(f, casebook_set_now(f->book, casebook_now(f->book) + us, &f->err));
}

/* --- readers -------------------------------------------------------------------------------- */

/* Give it back by casebook_reader_give before the register is closed. */
static inline struct casebook_reader *reader_of(struct fixture *f)
{
	struct casebook_reader *reader = NULL;
	MUST(f, casebook_reader_take(f->book, &reader, &f->err));
	return reader;
}

static inline struct casebook_file file_named(struct fixture *f, struct str name)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	struct casebook_file file;
	MUST(f, casebook_file_find(reader, f->arena, name, &file, &f->err));
	return file;
}

/* --- acts ----------------------------------------------------------------------------------- */

static const struct casebook_actor BY_REGISTER = { .by = CASEBOOK_BY_REGISTER };
static const struct casebook_actor BY_PUBLIC = { .by = CASEBOOK_BY_PUBLIC };

/* Fields from JSON text with ' for ": "{'decision':'none'}". */
static inline const struct json *fields_of(struct fixture *f, const char *text)
{
	const struct json *fields = NULL;
	struct str copy = arena_copy(f->arena, str_from_c(text));
	char *p = arena_alloc(f->arena, copy.n + 1, 1);
	for (size_t i = 0; i < copy.n; i++)
		p[i] = copy.p[i] == '\'' ? '"' : copy.p[i];
	MUST(f, json_read(f->arena, (struct str){ p, copy.n }, 8, &fields, &f->err));
	return fields;
}

static inline struct casebook_answer act(struct fixture *f, const struct casebook_actor *actor,
                                         const char *kind, struct str file,
                                         const struct json *fields)
{
	struct casebook_act what = { .actor = *actor,
		                     .via = actor->by == CASEBOOK_BY_REGISTER ? CASEBOOK_REGISTER
		                                                              : CASEBOOK_WEB,
		                     .kind = str_from_c(kind),
		                     .file = file,
		                     .fields = fields };
	struct casebook_answer answer;
	MUST(f, casebook_submit(f->book, &what, f->arena, &answer, &f->err));
	return answer;
}

static inline void fixture_must_admit(const struct casebook_answer *answer, const char *kind)
{
	if (answer->outcome == CASEBOOK_ADMITTED)
		return;
	print_error("%s: outcome %d, %.*s; %s (%s)\n", kind, (int)answer->outcome,
	            STR_ARG(answer->sentence),
	            answer->outcome == CASEBOOK_FAILED ? answer->err.message : "",
	            answer->outcome == CASEBOOK_FAILED ? answer->err.context : "");
	for (size_t i = 0; i < answer->missing_count; i++)
		print_error("  missing: %.*s\n", STR_ARG(answer->missing[i].sentence));
	for (size_t i = 0; i < answer->error_count; i++)
		print_error("  field %.*s: %.*s\n", STR_ARG(answer->errors[i].field),
		            STR_ARG(answer->errors[i].text));
	fail_msg("%s was not admitted", kind);
}

static inline struct casebook_answer admitted(struct fixture *f, const struct casebook_actor *actor,
                                              const char *kind, struct str file,
                                              const struct json *fields)
{
	struct casebook_answer answer = act(f, actor, kind, file, fields);
	fixture_must_admit(&answer, kind);
	return answer;
}

/* A concern by the public, with a return code. */
static inline struct casebook_answer report(struct fixture *f, const char *words)
{
	struct json *fields = json_object(f->arena);
	struct json *harm = json_array(f->arena);
	struct casebook_answer answer;
	json_push(harm, json_string(f->arena, STR("not-yet-known")));
	json_put_text(f->arena, fields, STR("danger-now"), STR("no"));
	json_put_text(f->arena, fields, STR("source"), STR("neighbour"));
	json_put_text(f->arena, fields, STR("happening"), str_from_c(words));
	json_put(fields, STR("harm"), harm);
	json_put_text(f->arena, fields, STR("harm-sign"), STR("unknown"));
	json_put_text(f->arena, fields, STR("channel"), STR("web"));
	struct casebook_act what = { .actor = BY_PUBLIC,
		                     .via = CASEBOOK_WEB,
		                     .kind = STR("concern.received"),
		                     .submission = arena_format(f->arena, "report %zu",
		                                                arena_used(f->arena)),
		                     .fields = fields,
		                     .wants_code = true };
	MUST(f, casebook_submit(f->book, &what, f->arena, &answer, &f->err));
	fixture_must_admit(&answer, "concern.received");
	return answer;
}

/* --- people --------------------------------------------------------------------------------- */

struct person {
	struct str account;
	struct str totp; /* base32 */
	struct casebook_actor actor;
	struct casebook_viewer viewer;
};

static inline struct person account_named(struct fixture *f, const char *name)
{
	struct casebook_new_account new_account = { .name = str_from_c(name),
		                                    .person = STR("Some Body"),
		                                    .password = STR(FIXTURE_PASSWORD) };
	struct casebook_account_made made;
	MUST(f, casebook_account_add(f->book, &BY_REGISTER, CASEBOOK_REGISTER, &new_account,
	                             f->arena, &made, &f->err));
	fixture_must_admit(&made.answer, "account.added");
	return (struct person){ .account = made.account, .totp = made.totp_base32 };
}

/* The id of the file that an office's own entries lie on. */
static inline struct str file_of_office(struct fixture *f, const char *office)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	const struct casebook_office *offices;
	struct casebook_file file;
	size_t count;
	MUST(f, casebook_offices(reader, f->arena, &offices, &count, &f->err));
	for (size_t i = 0; i < count; i++) {
		if (!str_eq(offices[i].id, str_from_c(office)))
			continue;
		MUST(f, casebook_file_get(reader, f->arena, offices[i].file, &file, &f->err));
		return file.id;
	}
	fail_msg("there is no office %s", office);
	return STR_NONE;
}

/* Names the account to the office, as init does in a drill. */
static inline void hold(struct fixture *f, struct person *person, const char *office)
{
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("office"), str_from_c(office));
	json_put_text(f->arena, fields, STR("account"), person->account);
	admitted(f, &BY_REGISTER, "office.held", file_of_office(f, office), fields);
	person->actor = (struct casebook_actor){ .by = CASEBOOK_BY_OFFICE,
		                                 .account = person->account,
		                                 .office = str_from_c(office),
		                                 .is_proved = true };
	person->viewer = (struct casebook_viewer){ .actor = person->actor, .session = STR("test") };
}

static inline void leave(struct fixture *f, const struct person *person)
{
	struct json *fields = json_object(f->arena);
	json_put_text(f->arena, fields, STR("office"), person->actor.office);
	json_put_text(f->arena, fields, STR("account"), person->account);
	admitted(f, &BY_REGISTER, "office.left",
	         file_of_office(f, str_to_c(f->arena, person->actor.office)), fields);
}

static inline struct person person(struct fixture *f, const char *name, const char *office)
{
	struct person found = account_named(f, name);
	hold(f, &found, office);
	return found;
}

/* The six digits of an authenticator with this secret, at an instant (RFC 6238). */
static inline struct str digits_at(struct fixture *f, struct str base32, instant at)
{
	static const char SYMBOLS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	uint8_t secret[20] = { 0 }, counter[8], mac[20];
	int64_t step = at / INSTANT_PER_SECOND / 30;
	for (size_t i = 0; i < base32.n; i++) {
		unsigned value = (unsigned)(strchr(SYMBOLS, base32.p[i]) - SYMBOLS);
		for (size_t bit = 0; bit < 5; bit++) {
			size_t to = i * 5 + bit;
			if (value >> (4 - bit) & 1 && to < 8 * sizeof secret)
				secret[to / 8] |= (uint8_t)(0x80 >> to % 8);
		}
	}
	for (int i = 0; i < 8; i++)
		counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
	hash_hmac_sha1(str_from_bytes(secret, sizeof secret),
	               str_from_bytes(counter, sizeof counter), mac);
	size_t from = mac[19] & 15;
	uint32_t number = ((uint32_t)(mac[from] & 0x7F) << 24 | (uint32_t)mac[from + 1] << 16 |
	                   (uint32_t)mac[from + 2] << 8 | mac[from + 3]) %
	                  1000000;
	return arena_format(f->arena, "%06" PRIu32, number);
}

static inline struct str digits_now(struct fixture *f, struct str base32)
{
	return digits_at(f, base32, casebook_now(f->book));
}

/* How whoever looks finds the seal of an entry's words. */
static inline enum casebook_seal seal_of(struct fixture *f, const struct person *who, int64_t entry)
{
	enum casebook_seal how = CASEBOOK_SEAL_OPEN;
	const struct json *sealed;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_open_seal(reader, &who->viewer, entry, f->arena, &how, &sealed, &f->err));
	return how;
}

#endif
