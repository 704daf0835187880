/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A live register for the program, and a terminal on which its questions are
 * answered. Whoever includes it defines _XOPEN_SOURCE 700 first, for terminals
 * of our own.
 */
#ifndef CANDOUR_TESTS_CLI_TERMINAL_H
#define CANDOUR_TESTS_CLI_TERMINAL_H

#include "cli/cli_fixture.h"

#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>

#define PASSWORD "a long enough password"

/* --- a terminal for the program ------------------------------------------------------------- */

static inline int open_terminal(char name[64])
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(fd >= 0);
	assert_int_equal(grantpt(fd), 0);
	assert_int_equal(unlockpt(fd), 0);
	(void)snprintf(name, 64, "%s", ptsname(fd));
	return fd;
}

static inline pid_t start_on_terminal(struct fixture *f, const char *terminal, const char *const *args)
{
	char *argv[ARGS_MAX + 2] = { f->program };
	for (size_t i = 0; args[i] && i < ARGS_MAX; i++)
		argv[i + 1] = (char *)(uintptr_t)args[i];
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid)
		return pid;
	(void)setsid();
	int tty = open(terminal, O_RDWR);
	int out = open(path_of(f, "out"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
	(void)ioctl(tty, TIOCSCTTY, 0);
	(void)dup2(tty, 0);
	(void)dup2(out, 1);
	(void)dup2(tty, 2);
	execv(f->program, argv);
	_exit(127);
}

/* Answers each question (what ends in ": ") with the next answer; the screen is kept in f->words. */
static inline int run_on_terminal(struct fixture *f, const char *const *answers, const char *const *args)
{
	char name[64], screen[8192];
	size_t n = 0, looked = 0;
	int fd = open_terminal(name);
	pid_t pid = start_on_terminal(f, name, args);
	while (n < sizeof screen - 1) {
		ssize_t got = read(fd, screen + n, sizeof screen - 1 - n);
		if (got <= 0)
			break;
		n += (size_t)got;
		if (*answers && n - looked >= 2 && memcmp(screen + n - 2, ": ", 2) == 0) {
			/* The echo is turned off after the question is put. */
			(void)poll(NULL, 0, 50);
			assert_true(write(fd, *answers, strlen(*answers)) > 0);
			assert_int_equal(write(fd, "\n", 1), 1);
			answers++;
			looked = n;
		}
	}
	close(fd);
	f->status = status_of(pid);
	f->words = arena_copy(f->arena, (struct str){ screen, n });
	f->out = text_of(f, path_of(f, "out"));
	return f->status;
}

#define ANSWERS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define ARGS(...)    ((const char *const[]){ __VA_ARGS__, NULL })

/* --- six digits (RFC 6238) ------------------------------------------------------------------- */

static inline struct str from_base32(struct fixture *f, const char *text)
{
	static const char SYMBOLS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	uint8_t *bytes = arena_alloc(f->arena, strlen(text), 1);
	size_t n = 0;
	unsigned held = 0, bits = 0;
	for (; *text; text++) {
		held = held << 5 | (unsigned)(strchr(SYMBOLS, *text) - SYMBOLS);
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			bytes[n++] = (uint8_t)(held >> bits & 0xff);
		}
	}
	return str_from_bytes(bytes, n);
}

/* The digits of a step that is `ahead` of now's: no code serves twice. */
static inline const char *digits(struct fixture *f, const char *base32, int64_t ahead)
{
	uint64_t step = (uint64_t)(clock_read().wall / INSTANT_PER_SECOND / 30 + ahead);
	uint8_t counter[8], mac[20];
	for (int i = 7; i >= 0; i--, step >>= 8)
		counter[i] = (uint8_t)(step & 0xff);
	hash_hmac_sha1(from_base32(f, base32), str_from_bytes(counter, 8), mac);
	unsigned at = mac[19] & 0xf;
	uint32_t code = ((uint32_t)(mac[at] & 0x7f) << 24 | (uint32_t)mac[at + 1] << 16 |
	                 (uint32_t)mac[at + 2] << 8 | mac[at + 3]) % 1000000;
	return arena_format(f->arena, "%06u", (unsigned)code).p;
}

/* --- a live register with its first administrator --------------------------------------------- */

struct live {
	const char *dir;
	const char *code;
	const char *totp;
	const char *shares[2]; /* of the officers, as many as are needed */
};

static inline struct live found_live(struct fixture *f)
{
	struct live live = { .dir = path_of(f, "live") };
	must_run(f, "init", live.dir, "--origin", "northmere.example/register");
	live.code = line_of(f, 0);
	live.shares[0] = line_of(f, 1);
	live.shares[1] = line_of(f, 2);
	write_file(f, "code", str_from_c(live.code));
	write_file(f, "password", STR(PASSWORD "\n"));
	must_run(f, "account", "first", live.dir, "ada", "--setup-code", path_of(f, "code"), "--password",
	         path_of(f, "password"));
	live.totp = value_of(f, "totp");
	return live;
}

static inline void must_on_terminal(struct fixture *f, const char *const *answers, const char *const *args)
{
	if (run_on_terminal(f, answers, args) != 0)
		fail_msg("exit %d: %.*s", f->status, STR_ARG(f->words));
}

/* Three proofs follow one another, each by a later code: they must lie within one half minute. */
static inline void await_fresh_half_minute(void)
{
	while (clock_read().wall / INSTANT_PER_SECOND % 30 > 22)
		(void)poll(NULL, 0, 100);
}

#endif
