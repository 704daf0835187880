/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Verify: a register that nobody altered fits, whatever its history, and while it is written. */
#include "casebook/history.h"
#include <pthread.h>
#include <sys/wait.h>

static struct casebook_verified verified(struct fixture *f, enum casebook_verify how)
{
	struct casebook_verified found;
	MUST(f, casebook_verify(f->dir, how, f->arena, NULL, NULL, &found, &f->err));
	return found;
}

static struct casebook_verified assert_fits(struct fixture *f, enum casebook_verify how)
{
	struct casebook_verified found = verified(f, how);
	if (!found.ok)
		fail_msg("%.*s (%" PRId64 "): %.*s", STR_ARG(found.difference.where), found.difference.index,
		         STR_ARG(found.difference.what));
	return found;
}

static void a_register_of_any_history_fits(void **state)
{
	struct fixture *f = *state;
	struct history h;
	history_begin(&h, f, 21);
	for (int round = 0; round < 4; round++) {
		history_run(&h, 120);
		struct casebook_verified log = assert_fits(f, CASEBOOK_VERIFY_LOG);
		struct casebook_verified whole = assert_fits(f, CASEBOOK_VERIFY_WHOLE);
		assert_true(log.entries > 100);
		assert_int_equal(log.entries, whole.entries);
		assert_int_equal(log.acts, whole.acts);
		assert_true(log.acts > 10 && log.acts < log.entries);
		assert_true(hash_eq(&log.root, &whole.root));
	}
}

static void readings_younger_than_a_beat_are_told_by_number(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	struct casebook_answer concern = report(f, "He is alone at night.");
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	enum casebook_seal how;
	const struct json *sealed;
	MUST(f, casebook_open_seal(reader, &screener.viewer, concern.index, f->arena, &how, &sealed, &f->err));
	assert_int_equal(assert_fits(f, CASEBOOK_VERIFY_WHOLE).unsealed_readings, 1);
	MUST(f, casebook_beat(f->book, &f->err));
	assert_int_equal(assert_fits(f, CASEBOOK_VERIFY_WHOLE).unsealed_readings, 0);
}

static void it_fits_after_a_refold_and_after_a_restart(void **state)
{
	struct fixture *f = *state;
	struct history h;
	history_begin(&h, f, 4);
	history_run(&h, 60);
	MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	assert_fits(f, CASEBOOK_VERIFY_WHOLE);
	fixture_reopen(f);
	history_run(&h, 30);
	assert_fits(f, CASEBOOK_VERIFY_WHOLE);
	casebook_close(f->book);
	f->book = NULL;
	assert_fits(f, CASEBOOK_VERIFY_WHOLE);
}

static void published_checkpoints_are_counted_in_the_log(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < 6; i++) {
		if (i % 2)
			report(f, "He is alone at night.");
		MUST(f, casebook_beat(f->book, &f->err));
	}
	MUST(f, casebook_beat(f->book, &f->err));
	assert_fits(f, CASEBOOK_VERIFY_LOG);
	fixture_reopen(f);
	MUST(f, casebook_beat(f->book, &f->err));
	MUST(f, casebook_beat(f->book, &f->err));
	assert_fits(f, CASEBOOK_VERIFY_LOG);
}

static const struct json *upload(struct fixture *f)
{
	struct casebook_upload *upload = NULL;
	const struct json *value = NULL;
	char *bytes = arena_alloc(f->arena, 200000, 1);
	memcpy(bytes, "%PDF-1.7 ", 9);
	MUST(f, casebook_upload_begin(f->book, STR("draft-1"), &upload, &f->err));
	MUST(f, casebook_upload_add(upload, str_from_bytes(bytes, 200000), &f->err));
	MUST(f, casebook_upload_end(&upload, f->arena, STR("letter.pdf"), &value, &f->err));
	return value;
}

static void attachments_are_opened_and_compared(void **state)
{
	struct fixture *f = *state;
	struct person screener = person(f, "amara", "screener");
	const struct json *value = upload(f);
	/* No entry names it, and no draft. */
	struct casebook_verified found = verified(f, CASEBOOK_VERIFY_WHOLE);
	assert_false(found.ok);
	assert_true(str_eq(found.difference.where, STR("object.draft")));
	struct json *fields = (struct json *)(uintptr_t)fields_of(f, "{'source':'neighbour','words':'A letter.'}");
	struct json *files = json_array(f->arena);
	json_push(files, (struct json *)(uintptr_t)value);
	json_put(fields, STR("files"), files);
	struct casebook_answer concern = report(f, "He is alone at night.");
	admitted(f, &screener.actor, "concern.added", concern.number, fields);
	assert_fits(f, CASEBOOK_VERIFY_WHOLE);
}

/* --- a folder that can only be read ----------------------------------------------------------- */

#define NOBODY 65534

static void make_still(struct fixture *f, const char *dir)
{
	const struct str *names;
	size_t count;
	MUST(f, file_list(f->arena, dir, &names, &count, &f->err));
	for (size_t i = 0; i < count; i++) {
		const char *path = file_join(f->arena, dir, str_to_c(f->arena, names[i]));
		if (file_is_folder(path)) {
			make_still(f, path);
			continue;
		}
		assert_int_equal(chmod(path, 0400), 0);
		if (geteuid() == 0)
			assert_int_equal(chown(path, NOBODY, NOBODY), 0);
	}
	assert_int_equal(chmod(dir, 0500), 0);
	if (geteuid() == 0)
		assert_int_equal(chown(dir, NOBODY, NOBODY), 0);
}

static void one_that_can_only_be_read_is_verified_all_the_same(void **state)
{
	struct fixture *f = *state;
	int status = 0;
	report(f, "He is alone at night.");
	casebook_close(f->book);
	f->book = NULL;
	make_still(f, f->dir);
	pid_t child = fork(); /* rights do not bind root: nobody looks */
	if (child == 0) {
		struct casebook_verified found = { .ok = false };
		bool done = (geteuid() != 0 || (setgid(NOBODY) == 0 && setuid(NOBODY) == 0)) &&
		            casebook_verify(f->dir, CASEBOOK_VERIFY_WHOLE, f->arena, NULL, NULL, &found, &f->err);
		_exit(done && found.ok ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_int_equal(chmod(f->dir, 0700), 0);
	assert_int_equal(chmod(file_join(f->arena, f->dir, "keys"), 0700), 0);
}

struct writing {
	struct fixture *f;
	_Atomic bool stops;
	int made;
};

static void *write_on(void *ctx)
{
	struct writing *writing = ctx;
	CLEANUP(arena_cleanup) struct arena *arena = arena_create((size_t)16 << 20);
	struct fixture own = { .book = writing->f->book, .arena = arena };
	while (!writing->stops && writing->made < 400) {
		struct json *fields = (struct json *)(uintptr_t)fields_of(
			&own, "{'source':'neighbour','happening':'He hits her.','harm':['physical'],"
			      "'danger-now':'no','harm-sign':'unknown','channel':'web'}");
		struct casebook_act what = { .actor = BY_PUBLIC,
			                     .via = CASEBOOK_WEB,
			                     .kind = STR("concern.received"),
			                     .fields = fields };
		struct casebook_answer answer;
		struct err err;
		if (!casebook_submit(own.book, &what, arena, &answer, &err))
			break;
		writing->made++;
	}
	return NULL;
}

static void it_looks_at_one_moment_of_a_register_that_is_being_written(void **state)
{
	struct fixture *f = *state;
	struct writing writing = { .f = f };
	pthread_t thread;
	MUST(f, casebook_start_writer(f->book, &f->err));
	assert_int_equal(pthread_create(&thread, NULL, write_on, &writing), 0);
	for (int i = 0; i < 4; i++)
		assert_fits(f, i % 2 ? CASEBOOK_VERIFY_WHOLE : CASEBOOK_VERIFY_LOG);
	writing.stops = true;
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_true(writing.made > 0);
	assert_fits(f, CASEBOOK_VERIFY_WHOLE);
}

static void a_folder_without_a_register_is_no_difference_but_an_error(void **state)
{
	struct fixture *f = *state;
	struct casebook_verified found;
	assert_false(casebook_verify("/nonexistent", CASEBOOK_VERIFY_LOG, f->arena, NULL, NULL, &found, &f->err));
	assert_int_equal(f->err.code, ERR_ABSENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(a_register_of_any_history_fits),
		PROVES(readings_younger_than_a_beat_are_told_by_number),
		PROVES(it_fits_after_a_refold_and_after_a_restart),
		PROVES(published_checkpoints_are_counted_in_the_log),
		PROVES(attachments_are_opened_and_compared),
		PROVES(one_that_can_only_be_read_is_verified_all_the_same),
		PROVES(it_looks_at_one_moment_of_a_register_that_is_being_written),
		PROVES(a_folder_without_a_register_is_no_difference_but_an_error),
	};
	return PROVE(tests);
}
