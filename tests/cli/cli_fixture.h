/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Runs the program itself, as people and scripts do, over a register in a
 * folder of its own. Programs run from the root of the source tree and find
 * the program two folders above themselves.
 */
#ifndef CANDOUR_TESTS_CLI_FIXTURE_H
#define CANDOUR_TESTS_CLI_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base.h"
#include "packs.h"

#define PROVES(sentence) cmocka_unit_test_setup_teardown(sentence, set_up, tear_down)
#define ARGS_MAX         40
#define OUTPUT_MAX       ((size_t)32 << 20)
#define START            "2026-11-26T10:00:00Z" /* of drill registers here */

struct fixture {
	struct arena *arena;
	char dir[64];       /* of the test; DIR/r is the drill register, made when asked for */
	char program[4096];
	pid_t serving; /* 0: nobody */
	int status;    /* of the last run */
	struct str out;
	struct str words;
};

static inline const char *path_of(struct fixture *f, const char *name)
{
	return file_join(f->arena, f->dir, name);
}

static inline struct str text_of(struct fixture *f, const char *path)
{
	struct str text;
	struct err err = { 0 };
	if (!file_read(f->arena, path, OUTPUT_MAX, &text, &err))
		fail_msg("%s", err.message);
	return text;
}

static inline void write_file(struct fixture *f, const char *name, struct str text)
{
	FILE *file = fopen(path_of(f, name), "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(text.p ? text.p : "", 1, text.n, file), text.n);
	fclose(file);
}

/* --- running -------------------------------------------------------------------------------- */

static inline pid_t start(struct fixture *f, const char *in, const char *const *args)
{
	extern char **environ;
	posix_spawn_file_actions_t files;
	char *argv[ARGS_MAX + 2] = { f->program };
	pid_t pid;
	for (size_t i = 0; args[i] && i < ARGS_MAX; i++)
		argv[i + 1] = (char *)(uintptr_t)args[i];
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, in ? in : "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, 1, path_of(f, "out"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_addopen(&files, 2, path_of(f, "words"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_int_equal(posix_spawn(&pid, f->program, &files, NULL, argv, environ), 0);
	posix_spawn_file_actions_destroy(&files);
	return pid;
}

static inline int status_of(pid_t pid)
{
	int told;
	assert_int_equal(waitpid(pid, &told, 0), pid);
	return WIFEXITED(told) ? WEXITSTATUS(told) : 128 + WTERMSIG(told);
}

static inline int run_list(struct fixture *f, const char *in, const char *const *args)
{
	f->status = status_of(start(f, in, args));
	f->out = text_of(f, path_of(f, "out"));
	f->words = text_of(f, path_of(f, "words"));
	return f->status;
}

/* The words up to a NULL. */
static inline int run_words(struct fixture *f, const char *in, ...)
{
	const char *args[ARGS_MAX + 1] = { NULL };
	va_list words;
	va_start(words, in);
	for (size_t i = 0; i < ARGS_MAX && (args[i] = va_arg(words, const char *)); i++)
		;
	va_end(words);
	return run_list(f, in, args);
}

/* Runs the program; f->out and f->words are what it said; answers its exit status. */
#define run(f, ...) run_words((f), NULL, __VA_ARGS__, (const char *)NULL)
/* The same with a text as standard input. */
#define run_with(f, text, ...)                                                                     \
	(write_file((f), "in", str_from_c(text)),                                                  \
	 run_words((f), path_of((f), "in"), __VA_ARGS__, (const char *)NULL))
/* Must be done. */
#define must_run(f, ...) must_be_done((f), run((f), __VA_ARGS__))
static inline void must_be_done(struct fixture *f, int status)
{
	if (status != 0)
		fail_msg("exit %d: %.*s", status, STR_ARG(f->words));
}

static inline bool says(struct str text, const char *part)
{
	struct str wanted = str_from_c(part);
	return wanted.n == 0 || str_find_str(text, wanted) < text.n;
}

static inline const char *line_of(struct fixture *f, size_t number)
{
	struct str rest = f->out, line = STR_NONE;
	for (size_t i = 0; str_cut(&rest, '\n', &line); i++) {
		if (i == number)
			return str_to_c(f->arena, line);
	}
	fail_msg("no line %zu in: %.*s", number, STR_ARG(f->out));
	return NULL;
}

/* The rest of the line that begins with `word` and a blank. */
static inline const char *value_of(struct fixture *f, const char *word)
{
	struct str rest = f->out, line;
	struct str begins = arena_format(f->arena, "%s ", word);
	while (str_cut(&rest, '\n', &line)) {
		if (str_starts(line, begins))
			return str_to_c(f->arena, str_sub(line, begins.n, line.n));
	}
	fail_msg("no line %s in: %.*s", word, STR_ARG(f->out));
	return NULL;
}

static inline const struct json *json_of(struct fixture *f)
{
	const struct json *value;
	struct err err = { 0 };
	if (!json_read(f->arena, f->out, JSON_DEPTH_MAX, &value, &err))
		fail_msg("%s: %.*s", err.message, STR_ARG(f->out));
	return value;
}

/* Whether the object has exactly these members, in this order, parted by blanks. */
static inline bool has_members(const struct json *object, const char *names)
{
	struct str rest = str_from_c(names), name;
	const struct json *member = object->first;
	while (str_cut(&rest, ' ', &name)) {
		if (!member || !str_eq(member->key, name))
			return false;
		member = member->next;
	}
	return member == NULL;
}

static inline bool is_member_instant(const struct json *object, const char *name)
{
	instant ignored;
	return instant_read(json_text(object, str_from_c(name)), &ignored);
}

/* --- folders --------------------------------------------------------------------------------- */

static inline void remove_folder(struct arena *arena, const char *dir)
{
	const struct str *names;
	size_t count = 0;
	struct err ignored;
	if (!file_list(arena, dir, &names, &count, &ignored))
		return;
	for (size_t i = 0; i < count; i++) {
		const char *path = file_join(arena, dir, str_to_c(arena, names[i]));
		if (file_is_folder(path) && !file_is_link(path))
			remove_folder(arena, path);
		else
			(void)unlink(path);
	}
	(void)rmdir(dir);
}

static inline void copy_folder(struct arena *arena, const char *from, const char *to)
{
	const struct str *names;
	size_t count = 0;
	struct err err = { 0 };
	if (!file_make_folder(to, 0700, &err) || !file_list(arena, from, &names, &count, &err))
		fail_msg("%s", err.message);
	for (size_t i = 0; i < count; i++) {
		const char *name = str_to_c(arena, names[i]);
		const char *source = file_join(arena, from, name), *target = file_join(arena, to, name);
		struct str bytes;
		if (file_is_folder(source))
			copy_folder(arena, source, target);
		else if (!file_read(arena, source, OUTPUT_MAX, &bytes, &err) ||
		         !file_write(target, 0600, bytes, &err))
			fail_msg("%s", err.message);
	}
}

/* --- registers ------------------------------------------------------------------------------- */

/* Founded once a program; each test that asks for one has a copy. */
static char founded[64];

static inline void forget_founded(void)
{
	struct arena *arena = arena_create(OUTPUT_MAX);
	remove_folder(arena, founded);
	arena_destroy(arena);
}

static inline const char *drill(struct fixture *f)
{
	const char *dir = path_of(f, "r");
	if (file_exists(dir))
		return dir;
	if (!founded[0]) {
		(void)snprintf(founded, sizeof founded, "/tmp/candour-cli-founded-XXXXXX");
		assert_non_null(mkdtemp(founded));
		assert_int_equal(atexit(forget_founded), 0);
		must_run(f, "init", founded, "--drill", "--start", START, "--seed", "1", "--origin",
		         "drill.northmere.example/register");
	}
	copy_folder(f->arena, founded, dir);
	return dir;
}

/* Reports, and gives the return code. */
static inline const char *report(struct fixture *f, const char *words)
{
	must_run(f, "report", drill(f), "--text", words);
	return line_of(f, 0);
}

static inline void serve(struct fixture *f)
{
	f->serving = start(f, NULL, (const char *const[]){ "serve", drill(f), "--listen", "none", NULL });
	for (int i = 0; i < 100 && !file_exists(path_of(f, "r/socket")); i++)
		(void)poll(NULL, 0, 50);
	assert_true(file_exists(path_of(f, "r/socket")));
}

static inline int stop_serving(struct fixture *f)
{
	pid_t pid = f->serving;
	f->serving = 0;
	assert_int_equal(kill(pid, SIGTERM), 0);
	return status_of(pid);
}

/* --- life ------------------------------------------------------------------------------------ */

static inline int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	assert_non_null(f);
	f->arena = arena_create(4 * OUTPUT_MAX);
	(void)snprintf(f->dir, sizeof f->dir, "/tmp/candour-cli-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	ssize_t n = readlink("/proc/self/exe", f->program, sizeof f->program - 32);
	assert_true(n > 0);
	f->program[n] = '\0';
	for (int i = 0; i < 3; i++)
		*strrchr(f->program, '/') = '\0';
	memcpy(f->program + strlen(f->program), "/candour", sizeof "/candour");
	(void)setenv("CANDOUR_PACKS", test_packs(), 1);
	(void)unsetenv("CANDOUR_TOKEN");
	*state = f;
	return 0;
}

static inline int tear_down(void **state)
{
	struct fixture *f = *state;
	if (f->serving)
		(void)stop_serving(f);
	remove_folder(f->arena, f->dir);
	arena_destroy(f->arena);
	free(f);
	return 0;
}

#endif
