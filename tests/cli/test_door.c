/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One door for people at the machine: commands while the register is served. */
#include <sys/socket.h>
#include <sys/un.h>

#include "cli/cli_fixture.h"

static void every_command_works_while_the_register_is_served(void **state)
{
	struct fixture *f = *state;
	const char *dir = drill(f);
	serve(f);
	must_run(f, "report", dir, "--text", "He is alone at night.", "--receipt", path_of(f, "receipt"));
	const char *code = line_of(f, 0);
	must_run(f, "status", dir, code);
	must_run(f, "status", dir, code, "--json");
	must_run(f, "duties", dir, "--json");
	must_run(f, "show", dir, "C-1", "--as", "amara", "--office", "screener");
	assert_true(says(f->out, "He is alone at night."));
	must_run(f, "find", dir, "C-1", "--as", "amara");
	must_run(f, "account", "list", dir);
	must_run(f, "office", "list", dir);
	must_run(f, "log", "vkey", dir);
	const char *key = line_of(f, 0);
	must_run(f, "receipt", path_of(f, "receipt"), "--vkey", key);
	assert_true(str_starts(text_of(f, path_of(f, "receipt.promise")), STR("candour/promise/v1\n")));
	must_run(f, "log", "checkpoint", dir);
	must_run(f, "log", "prove", dir, "0");
	must_run(f, "log", "consistency", dir, "1", "2");
	must_run(f, "refold", dir);
	must_run(f, "doctor", dir);
	must_run(f, "backup", dir, path_of(f, "copy"));
	must_run(f, "clock", dir, "--until", "2026-11-30T10:00:00Z", "--json");
	must_run(f, "key", "split", dir, "2/3");
	assert_int_equal(stop_serving(f), 0);
}

static void one_reading_is_told_as_one(void **state)
{
	struct fixture *f = *state;
	const char *dir = drill(f);
	serve(f); /* a beat away from being sealed */
	must_run(f, "report", dir, "--text", "He is alone at night.");
	must_run(f, "show", dir, "C-1", "--as", "amara", "--office", "screener");
	must_run(f, "verify", dir);
	assert_true(says(f->words, "1 reading is not yet sealed"));
	(void)run(f, "doctor", dir);
	assert_true(says(f->out, "1 is not yet sealed"));
	assert_int_equal(stop_serving(f), 0);
}

static void what_was_reported_through_the_door_is_there_after_it(void **state)
{
	struct fixture *f = *state; /* L1 */
	const char *dir = drill(f);
	serve(f);
	must_run(f, "report", dir, "--text", "He is alone at night.");
	const char *code = line_of(f, 0);
	assert_int_equal(stop_serving(f), 0);
	must_run(f, "status", dir, code);
}

static void an_answer_no_is_the_same_through_the_door(void **state)
{
	struct fixture *f = *state;
	const char *dir = drill(f);
	const char *const cases[][8] = {
		{ "status", dir, "moth-trek-frozen-freight-9673" },
		{ "report", dir, "--text", "" },
		{ "duties", dir, "--office", "nobody" },
		{ "clock", dir, "--until", "yesterday" },
		{ "clock", dir, "--until", "2020-01-01T00:00:00Z" },
		{ "show", dir, "C-1" },
		{ "add", dir, "no.kind", "--as", "amara", "--office", "screener" },
	};
	int status[COUNT_OF(cases)];
	struct str words[COUNT_OF(cases)];
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		status[i] = run_list(f, NULL, cases[i]);
		words[i] = f->words;
		assert_int_not_equal(status[i], 0);
	}
	serve(f);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(run_list(f, NULL, cases[i]), status[i]);
		assert_true(str_eq(f->words, words[i]));
	}
}

static void files_are_read_and_written_where_the_caller_stands(void **state)
{
	struct fixture *f = *state;
	const char *dir = drill(f);
	serve(f);
	assert_int_equal(run_with(f, "{\"happening\":\"He hides\"}", "report", dir, "--json", "-", "--receipt",
	                          path_of(f, "receipt")),
	                 0);
	assert_true(says(text_of(f, path_of(f, "receipt")), "c2sp.org/tlog-proof@v1"));
}

static void twenty_reports_at_once_are_twenty_concerns(void **state)
{
	struct fixture *f = *state;
	pid_t callers[20];
	const char *dir = drill(f);
	serve(f);
	for (size_t i = 0; i < COUNT_OF(callers); i++)
		callers[i] = start(f, NULL, (const char *const[]){ "report", dir, "--text", "Again", NULL });
	for (size_t i = 0; i < COUNT_OF(callers); i++)
		assert_int_equal(status_of(callers[i]), 0);
	must_run(f, "find", dir, "C-20", "--as", "amara", "--office", "screener");
	assert_int_equal(run(f, "find", dir, "C-21", "--as", "amara"), 1);
}

static void commands_wait_for_each_others_turn_at_the_lock(void **state)
{
	struct fixture *f = *state;
	pid_t callers[6];
	const char *dir = drill(f);
	for (size_t i = 0; i < COUNT_OF(callers); i++)
		callers[i] = start(f, NULL, (const char *const[]){ "report", dir, "--text", "Again", NULL });
	for (size_t i = 0; i < COUNT_OF(callers); i++)
		assert_int_equal(status_of(callers[i]), 0);
	must_run(f, "find", dir, "C-6", "--as", "amara", "--office", "screener");
}

static void a_second_serve_is_turned_away(void **state)
{
	struct fixture *f = *state;
	serve(f);
	assert_int_equal(run(f, "serve", drill(f), "--listen", "none"), 4);
	assert_true(says(f->words, "Another program is writing"));
}

static void a_socket_left_behind_is_no_hindrance(void **state)
{
	struct fixture *f = *state;
	const char *dir = drill(f);
	serve(f);
	assert_int_equal(kill(f->serving, SIGKILL), 0);
	(void)status_of(f->serving);
	f->serving = 0;
	assert_true(file_exists(path_of(f, "r/socket")));
	must_run(f, "report", dir, "--text", "He is alone at night.");
	serve(f);
	must_run(f, "report", dir, "--text", "She has no coat.");
}

static void the_socket_is_for_its_owner_alone(void **state)
{
	struct fixture *f = *state;
	struct stat told;
	serve(f);
	assert_int_equal(stat(path_of(f, "r/socket"), &told), 0);
	assert_int_equal(told.st_mode & 0777, 0600);
}

/* Sends bytes that are no request, and gives what comes back. */
static struct str send_raw(struct fixture *f, struct str bytes)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct str back = STR("");
	char room[4096];
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_true(fd >= 0);
	(void)snprintf(at.sun_path, sizeof at.sun_path, "%s", path_of(f, "r/socket"));
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	(void)send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
	(void)shutdown(fd, SHUT_WR);
	ssize_t n = recv(fd, room, sizeof room, 0);
	if (n > 0)
		back = arena_copy(f->arena, (struct str){ room, (size_t)n });
	close(fd);
	return back;
}

static void nonsense_at_the_door_harms_nothing(void **state)
{
	struct fixture *f = *state;
	static const struct str bytes[] = {
		{ "", 0 },
		{ "\n", 1 },
		{ "hello\n", 6 },
		{ "{}\n", 3 },
		{ "[1,2]\n", 6 },
		{ "{\"version\":\"0.0\"}\n", 18 },
		{ "{\"version\":\"" CANDOUR_VERSION "\",\"words\":[]}\n", sizeof "{\"version\":\"" CANDOUR_VERSION "\",\"words\":[]}\n" - 1 },
		{ "{\"version\":\"" CANDOUR_VERSION "\",\"words\":[\"init\",\"x\"]}\n", sizeof "{\"version\":\"" CANDOUR_VERSION "\",\"words\":[\"init\",\"x\"]}\n" - 1 },
		{ "{\"version\":\"" CANDOUR_VERSION "\",\"words\":[\"add\",\"x\",\"y\",\"--json\",\"z\"]}\n", sizeof "{\"version\":\"" CANDOUR_VERSION "\",\"words\":[\"add\",\"x\",\"y\",\"--json\",\"z\"]}\n" - 1 },
		{ "{\"version\":\"" CANDOUR_VERSION "\",\"words\":[1]}\n", sizeof "{\"version\":\"" CANDOUR_VERSION "\",\"words\":[1]}\n" - 1 },
		{ "\0\0\0\n", 4 },
	};
	serve(f);
	for (size_t i = 0; i < COUNT_OF(bytes); i++) {
		struct str back = send_raw(f, bytes[i]);
		assert_false(says(back, "\"exit\":0"));
	}
	must_run(f, "report", drill(f), "--text", "He is alone at night.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(every_command_works_while_the_register_is_served),
		PROVES(one_reading_is_told_as_one),
		PROVES(what_was_reported_through_the_door_is_there_after_it),
		PROVES(an_answer_no_is_the_same_through_the_door),
		PROVES(files_are_read_and_written_where_the_caller_stands),
		PROVES(twenty_reports_at_once_are_twenty_concerns),
		PROVES(commands_wait_for_each_others_turn_at_the_lock),
		PROVES(a_second_serve_is_turned_away),
		PROVES(a_socket_left_behind_is_no_hindrance),
		PROVES(the_socket_is_for_its_owner_alone),
		PROVES(nonsense_at_the_door_harms_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
