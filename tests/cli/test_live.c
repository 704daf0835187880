/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A live register: founded by the set-up code, acted in after proof on a terminal or by a token. */
#define _XOPEN_SOURCE 700 /* for terminals of our own */
#include "cli/cli_fixture.h"

#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>

#define PASSWORD "a long enough password"

/* --- a terminal for the program ------------------------------------------------------------- */

static int open_terminal(char name[64])
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(fd >= 0);
	assert_int_equal(grantpt(fd), 0);
	assert_int_equal(unlockpt(fd), 0);
	(void)snprintf(name, 64, "%s", ptsname(fd));
	return fd;
}

static pid_t start_on_terminal(struct fixture *f, const char *terminal, const char *const *args)
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
static int run_on_terminal(struct fixture *f, const char *const *answers, const char *const *args)
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

static struct str from_base32(struct fixture *f, const char *text)
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
static const char *digits(struct fixture *f, const char *base32, int64_t ahead)
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
};

static struct live found_live(struct fixture *f)
{
	struct live live = { .dir = path_of(f, "live") };
	must_run(f, "init", live.dir, "--origin", "northmere.example/register");
	live.code = line_of(f, 0);
	write_file(f, "code", str_from_c(live.code));
	write_file(f, "password", STR(PASSWORD "\n"));
	must_run(f, "account", "first", live.dir, "ada", "--setup-code", path_of(f, "code"), "--password",
	         path_of(f, "password"));
	live.totp = value_of(f, "totp");
	return live;
}

static void must_on_terminal(struct fixture *f, const char *const *answers, const char *const *args)
{
	if (run_on_terminal(f, answers, args) != 0)
		fail_msg("exit %d: %.*s", f->status, STR_ARG(f->words));
}

static void the_set_up_code_dies_at_first_use(void **state)
{
	struct fixture *f = *state;
	struct live live = found_live(f);
	assert_int_not_equal(run(f, "account", "first", live.dir, "eve", "--setup-code", path_of(f, "code"),
	                         "--password", path_of(f, "password")),
	                     0);
}

static void a_wrong_set_up_code_makes_nobody(void **state)
{
	struct fixture *f = *state;
	const char *dir = path_of(f, "live");
	must_run(f, "init", dir);
	write_file(f, "code", STR("AAAAA-BBBBB-CCCCC-DDDDD"));
	write_file(f, "password", STR(PASSWORD));
	assert_int_equal(run(f, "account", "first", dir, "eve", "--setup-code", path_of(f, "code"), "--password",
	                     path_of(f, "password")),
	                 1);
	must_run(f, "account", "list", dir);
	assert_int_equal(f->out.n, 0);
}

static void a_name_alone_is_no_proof(void **state)
{
	struct fixture *f = *state;
	struct live live = found_live(f);
	assert_int_equal(run(f, "account", "add", live.dir, "ben", "--as", "ada", "--password",
	                     path_of(f, "password")),
	                 2);
	assert_true(says(f->words, "no terminal"));
}

static void password_and_digits_are_asked_on_the_terminal(void **state)
{
	struct fixture *f = *state;
	struct live live = found_live(f);
	must_on_terminal(f, ANSWERS(PASSWORD, digits(f, live.totp, 1)),
	                 ARGS("account", "add", live.dir, "ben", "--as", "ada", "--password",
	                      path_of(f, "password")));
	assert_false(says(f->words, PASSWORD));
	must_run(f, "account", "list", live.dir);
	assert_true(says(f->out, "ben"));
}

static void wrong_digits_are_an_answer_no(void **state)
{
	struct fixture *f = *state;
	struct live live = found_live(f);
	assert_int_equal(run_on_terminal(f, ANSWERS(PASSWORD, "000000"),
	                                 ARGS("account", "add", live.dir, "ben", "--as", "ada", "--password",
	                                      path_of(f, "password"))),
	                 1);
}

static void a_new_password_is_asked_twice(void **state)
{
	struct fixture *f = *state;
	struct live live = found_live(f);
	assert_int_equal(run_on_terminal(f, ANSWERS(PASSWORD, digits(f, live.totp, 1), "one password here", "another one here"),
	                                 ARGS("account", "add", live.dir, "ben", "--as", "ada")),
	                 3);
	assert_true(says(f->words, "differ"));
}

/* Three proofs follow one another, each by a later code: they must lie within one half minute. */
static void await_fresh_half_minute(void)
{
	while (clock_read().wall / INSTANT_PER_SECOND % 30 > 22)
		(void)poll(NULL, 0, 100);
}

/* Somebody in an office, and a token for a program of his. */
static const char *token_for(struct fixture *f, const struct live *live, const char *name, const char *office,
                             const char **totp)
{
	await_fresh_half_minute();
	must_on_terminal(f, ANSWERS(PASSWORD, digits(f, live->totp, -1)),
	                 ARGS("account", "add", live->dir, name, "--as", "ada", "--password",
	                      path_of(f, "password")));
	if (totp)
		*totp = value_of(f, "totp");
	must_on_terminal(f, ANSWERS(PASSWORD, digits(f, live->totp, 0)),
	                 ARGS("office", "hold", live->dir, office, name, "--as", "ada"));
	must_on_terminal(f, ANSWERS(PASSWORD, digits(f, live->totp, 1)),
	                 ARGS("account", "token", live->dir, name, "--for", office, "--until",
	                      "2099-01-01T00:00:00Z", "--as", "ada"));
	write_file(f, "token", str_from_c(line_of(f, 0)));
	return path_of(f, "token");
}

static const char *token_for_ben(struct fixture *f, const struct live *live)
{
	return token_for(f, live, "ben", "screener", NULL);
}

static void a_token_acts_for_its_account_in_its_office(void **state)
{
	struct fixture *f = *state;
	struct live live = found_live(f);
	const char *token = token_for_ben(f, &live);
	must_run(f, "office", "list", live.dir);
	assert_true(says(f->out, "ben"));
	must_run(f, "report", live.dir, "--text", "He is alone at night.");
	must_run(f, "show", live.dir, "C-1", "--token", token);
	assert_true(says(f->out, "He is alone at night."));
	write_file(f, "fields", STR("{\"danger\":\"none-found\",\"checked\":[\"own-files\"]}"));
	(void)setenv("CANDOUR_TOKEN", str_to_c(f->arena, str_trim(text_of(f, token))), 1);
	must_run(f, "add", live.dir, "concern.looked", "--file", "C-1", "--json", path_of(f, "fields"));
	must_run(f, "show", live.dir, "C-1", "--json");
	const struct json *last = json_member(json_of(f), STR("entries"))->last;
	assert_true(str_eq(json_text(last, STR("kind")), STR("concern.looked")));
	assert_true(str_eq(json_text(last, STR("by")), STR("ben")));
	assert_true(str_eq(json_text(last, STR("office")), STR("screener")));
	assert_int_equal(run(f, "show", live.dir, "C-1", "--office", "dcs"), 2);
}

static void a_token_keeps_no_account_and_breaks_no_glass(void **state)
{
	struct fixture *f = *state;
	struct live live = found_live(f);
	const char *totp, *token = token_for(f, &live, "otto", "register-administrator", &totp);
	assert_int_equal(run(f, "account", "add", live.dir, "eve", "--password", path_of(f, "password"), "--token",
	                     token),
	                 1);
	assert_true(says(f->words, "password and six digits"));
	assert_true(says(f->words, "A token is no such proof"));
	assert_true(says(f->words, "(refused, entry "));
	must_run(f, "account", "list", live.dir);
	assert_false(says(f->out, "eve"));
	must_run(f, "report", live.dir, "--text", "He is alone at night.");
	struct str until = instant_write(f->arena, clock_read().wall + INSTANT_PER_HOUR);
	write_file(f, "glass",
	           arena_format(f->arena, "{\"because\":\"The child is in the waiting room.\",\"until\":\"%.*s\"}",
	                        STR_ARG(until)));
	assert_int_equal(run(f, "add", live.dir, "access.broken", "--file", "C-1", "--json", path_of(f, "glass"),
	                     "--token", token),
	                 1);
	assert_true(says(f->words, "A token is no such proof"));
	/* The same by password and digits. */
	must_on_terminal(f, ANSWERS(PASSWORD, digits(f, totp, 1)),
	                 ARGS("add", live.dir, "access.broken", "--file", "C-1", "--json", path_of(f, "glass"), "--as",
	                      "otto"));
}

/* Every account.* and token.* entry, in a drill where a name is enough. */
static void the_machines_user_stands_beside_the_account(void **state)
{
	struct fixture *f = *state;
	const char *dir = path_of(f, "drill");
	int found = 0;
	must_run(f, "init", dir, "--drill");
	write_file(f, "password", STR(PASSWORD "\n"));
	must_run(f, "account", "add", dir, "ben", "--as", "ada", "--password", path_of(f, "password"));
	must_run(f, "account", "password", dir, "ben", "--as", "ada", "--password", path_of(f, "password"));
	must_run(f, "account", "totp", dir, "ben", "--as", "ada");
	must_run(f, "office", "hold", dir, "screener", "ben", "--as", "ada");
	must_run(f, "account", "token", dir, "ben", "--for", "screener", "--until", "2099-01-01T00:00:00Z", "--as", "ada");
	must_run(f, "account", "token", "list", dir, "--json");
	const char *entry = arena_format(f->arena, "%" PRId64, json_number(json_of(f)->first, STR("entry"), -1)).p;
	must_run(f, "account", "token", "end", dir, entry, "--as", "ada");
	must_run(f, "show", dir, "R-1", "--as", "ada", "--json");
	for (const struct json *one = json_member(json_of(f), STR("entries"))->first; one; one = one->next) {
		struct str kind = json_text(one, STR("kind"));
		if (!str_starts(kind, STR("account.")) && !str_starts(kind, STR("token.")))
			continue;
		found++;
		if (!json_text(json_member(one, STR("plain")), STR("user")).n)
			fail_msg("%.*s tells no user of the machine", STR_ARG(kind));
	}
	/* ada, ben, his password and digits, a token made and ended. */
	assert_int_equal(found, 6);
}

static void a_token_is_kept_as_a_hash(void **state)
{
	struct fixture *f = *state;
	struct live live = found_live(f);
	struct str token = text_of(f, token_for_ben(f, &live));
	assert_true(token.n >= 43);
	assert_false(says(text_of(f, path_of(f, "live/register.db")), str_to_c(f->arena, str_trim(token))));
}

static void what_is_no_token_opens_nothing(void **state)
{
	struct fixture *f = *state;
	struct live live = found_live(f);
	write_file(f, "token", STR("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"));
	assert_int_equal(run(f, "show", live.dir, "C-1", "--token", path_of(f, "token")), 1);
	(void)setenv("CANDOUR_TOKEN", "nonsense", 1);
	assert_int_equal(run(f, "show", live.dir, "C-1"), 1);
}

static void terminal_questions_come_through_the_door(void **state)
{
	struct fixture *f = *state;
	struct live live = found_live(f);
	f->serving = start(f, NULL, ARGS("serve", live.dir, "--listen", "none"));
	for (int i = 0; i < 100 && !file_exists(path_of(f, "live/socket")); i++)
		(void)poll(NULL, 0, 50);
	must_on_terminal(f, ANSWERS(PASSWORD, digits(f, live.totp, 1)),
	                 ARGS("account", "add", live.dir, "ben", "--as", "ada", "--password",
	                      path_of(f, "password")));
	assert_int_equal(stop_serving(f), 0);
	must_run(f, "account", "list", live.dir);
	assert_true(says(f->out, "ben"));
}

static void a_live_clock_does_not_run_ahead(void **state)
{
	struct fixture *f = *state;
	struct live live = found_live(f);
	assert_int_equal(run(f, "clock", live.dir, "--until", "2199-01-01T00:00:00Z"), 2);
	must_run(f, "clock", live.dir, "--json");
}

static void a_register_in_postgresql_is_refused_for_now(void **state)
{
	struct fixture *f = *state;
	const char *dir = path_of(f, "elsewhere");
	static const char *const URLS[] = { "postgresql://db.example/candour", "postgres://u:secret@db.example/x" };
	for (size_t i = 0; i < COUNT_OF(URLS); i++) {
		assert_int_equal(run(f, "init", dir, "--store", URLS[i]), 4);
		assert_true(says(f->words, "Leave out --store"));
		assert_false(says(f->words, "secret"));
		assert_false(file_exists(dir));
	}
	assert_int_equal(run(f, "init", dir, "--store", "mysql://db.example/x"), 2);
	assert_true(says(f->words, "Leave it out"));
	assert_false(file_exists(dir));
}

static void reports_are_taken_before_the_register_is_opened(void **state)
{
	struct fixture *f = *state;
	const char *dir = path_of(f, "live");
	must_run(f, "init", dir);
	must_run(f, "report", dir, "--text", "He is alone at night.");
	must_run(f, "status", dir, line_of(f, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(the_set_up_code_dies_at_first_use),
		PROVES(a_wrong_set_up_code_makes_nobody),
		PROVES(a_name_alone_is_no_proof),
		PROVES(password_and_digits_are_asked_on_the_terminal),
		PROVES(wrong_digits_are_an_answer_no),
		PROVES(a_new_password_is_asked_twice),
		PROVES(a_token_acts_for_its_account_in_its_office),
		PROVES(a_token_keeps_no_account_and_breaks_no_glass),
		PROVES(the_machines_user_stands_beside_the_account),
		PROVES(a_token_is_kept_as_a_hash),
		PROVES(what_is_no_token_opens_nothing),
		PROVES(terminal_questions_come_through_the_door),
		PROVES(a_live_clock_does_not_run_ahead),
		PROVES(a_register_in_postgresql_is_refused_for_now),
		PROVES(reports_are_taken_before_the_register_is_opened),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
