/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The terminal: questions with hidden answers, and progress of long work. What
 * is typed is read from the terminal itself, so that standard input may be a
 * file; nobody is asked where standard error is no terminal.
 */
#include "cli/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define ANSWER_MAX 2048

static void say(int fd, const char *text)
{
	size_t n = strlen(text);
	while (n > 0) {
		ssize_t done = write(fd, text, n);
		if (done <= 0)
			return;
		text += done;
		n -= (size_t)done;
	}
}

/* One line without its end; ERR_INPUT when it is too long or the terminal went away. */
static bool read_line(int fd, char line[ANSWER_MAX], size_t *n, struct err *err)
{
	*n = 0;
	for (;;) {
		char c;
		ssize_t got = read(fd, &c, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return err_set(err, ERR_INPUT, "Nothing was typed");
		if (c == '\n')
			return true;
		if (*n == ANSWER_MAX)
			return err_set(err, ERR_INPUT, "What was typed is too long");
		line[(*n)++] = c;
	}
}

static bool ask_on(int fd, const char *question, enum cli_asks how, struct arena *arena,
                   struct str *answer, struct err *err)
{
	struct termios before, quiet;
	char line[ANSWER_MAX];
	size_t n = 0;
	if (tcgetattr(fd, &before) != 0)
		return err_set(err, ERR_USAGE, "There is no terminal to ask on");
	quiet = before;
	if (how == CLI_HIDDEN)
		quiet.c_lflag &= (tcflag_t)~ECHO;
	/* Before the question: what is typed once it stands there is neither shown nor dropped. */
	tcsetattr(fd, TCSAFLUSH, &quiet);
	say(fd, question);
	bool good = read_line(fd, line, &n, err);
	tcsetattr(fd, TCSAFLUSH, &before);
	if (how == CLI_HIDDEN)
		say(fd, "\n");
	if (good && !str_is_utf8((struct str){ line, n }))
		good = err_set(err, ERR_INPUT, "What was typed is not UTF-8 text");
	if (good) {
		*answer = arena_copy(arena, (struct str){ line, n });
		good = answer->p || err_set(err, ERR_UNABLE, "There is not enough memory");
	}
	explicit_bzero(line, sizeof line);
	return good;
}

static bool ask(void *ctx, const char *question, enum cli_asks how, struct arena *arena,
                struct str *answer, struct err *err)
{
	(void)ctx;
	int fd = isatty(STDERR_FILENO) ? open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC) : -1;
	if (fd < 0)
		return err_set(
			err, ERR_USAGE,
			"There is no terminal to ask on. Give a token by --token FILE or CANDOUR_TOKEN,"
			" and secrets in files where the command takes them");
	bool good = ask_on(fd, question, how, arena, answer, err);
	close(fd);
	return good;
}

static void show_progress(void *ctx, const char *what, int64_t done, int64_t all)
{
	(void)ctx;
	if (all > 0)
		fprintf(stderr, "\r\033[K%s: %" PRId64 " of %" PRId64, what, done, all);
	else
		fprintf(stderr, "\r\033[K%s: %" PRId64, what, done);
	fflush(stderr);
}

struct cli_person terminal_person(void)
{
	return (struct cli_person){ .ask = ask,
		                    .progress = isatty(STDERR_FILENO) ? show_progress : NULL };
}

void terminal_settle(void)
{
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}

struct str machine_user_name(struct arena *arena, unsigned uid)
{
	char room[4096];
	struct passwd entry, *found = NULL;
	if (getpwuid_r((uid_t)uid, &entry, room, sizeof room, &found) == 0 && found)
		return arena_copy(arena, str_from_c(found->pw_name));
	return arena_format(arena, "%u", uid);
}

struct str machine_user_here(struct arena *arena)
{
	return machine_user_name(arena, (unsigned)getuid());
}
