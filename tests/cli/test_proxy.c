/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A register behind a proxy: the name it answers to, and whose addresses are counted. */
#include "cli/cli_fixture.h"

#include <sys/socket.h>
#include <sys/un.h>

#define SECRET "0f8a63d1c97b4e25a1d4"
#define WITH_SECRET "X-Candour-Proxy: " SECRET "\r\n"
#define CODES_A_MINUTE 20 /* limits.codes */

static void serve_behind_proxy(struct fixture *f)
{
	write_file(f, "secret", STR(SECRET "\n"));
	assert_int_equal(chmod(path_of(f, "secret"), 0600), 0);
	f->serving = start(f, NULL,
	                   (const char *const[]){ "serve", drill(f), "--listen", path_of(f, "web"),
	                                          "--host", "help.northmere.example",
	                                          "--proxy-secret", path_of(f, "secret"), NULL });
	for (int i = 0; i < 100 && !file_exists(path_of(f, "web")); i++)
		(void)poll(NULL, 0, 50);
	assert_true(file_exists(path_of(f, "web")));
}

/* Sends one request over the proxy's socket; the status of its answer, which is in f->out. */
static int ask(struct fixture *f, struct str request)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct buf answer;
	char piece[8192];
	ssize_t n;
	uint64_t status = 0;
	assert_true(strlen(path_of(f, "web")) < sizeof address.sun_path);
	memcpy(address.sun_path, path_of(f, "web"), strlen(path_of(f, "web")));
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(send(fd, request.p, request.n, MSG_NOSIGNAL), (ssize_t)request.n);
	buf_init(&answer, OUTPUT_MAX);
	while ((n = recv(fd, piece, sizeof piece, 0)) > 0)
		buf_add_bytes(&answer, piece, (size_t)n);
	(void)close(fd);
	f->out = arena_copy(f->arena, buf_str(&answer));
	buf_finish(&answer);
	assert_true(str_to_u64(str_sub(f->out, 9, 3), 999, &status));
	return (int)status;
}

static int get(struct fixture *f, const char *host, const char *headers)
{
	return ask(f, arena_format(f->arena,
	                           "GET / HTTP/1.1\r\nHost: %s\r\n%sConnection: close\r\n\r\n", host,
	                           headers));
}

/* A code that opens nothing, as the proxy passes it on for `from`; with a proof of its own. */
static int try_a_code(struct fixture *f, const char *proof, const char *from)
{
	static const char body[] = "code=acorn+acorn+acorn+acorn+0000";
	return ask(f, arena_format(f->arena,
	                           "POST /return/status HTTP/1.1\r\nHost: help.northmere.example\r\n"
	                           "%sX-Forwarded-For: %s\r\nSec-Fetch-Site: same-origin\r\n"
	                           "Content-Type: application/x-www-form-urlencoded\r\n"
	                           "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
	                           proof, from, sizeof body - 1, body));
}

static void behind_a_proxy_it_answers_to_its_name_alone(void **state)
{
	struct fixture *f = *state;
	serve_behind_proxy(f);
	assert_int_equal(get(f, "help.northmere.example", WITH_SECRET), 200);
	assert_true(says(f->out, "Tell us now"));
	assert_int_equal(get(f, "drill.northmere.example", WITH_SECRET), 421);
	assert_int_equal(get(f, "localhost", WITH_SECRET), 421);
}

static void each_address_that_the_proxy_names_is_counted_for_itself(void **state)
{
	struct fixture *f = *state;
	serve_behind_proxy(f);
	for (int i = 0; i < CODES_A_MINUTE; i++)
		assert_int_equal(try_a_code(f, WITH_SECRET, "198.51.100.1, 192.0.2.7"), 404);
	/* What a visitor wrote in front of the proxy's own word frees nobody. */
	assert_int_equal(try_a_code(f, WITH_SECRET, "198.51.100.2, 192.0.2.7"), 429);
	assert_true(says(f->out, "Retry-After: "));
	assert_int_equal(try_a_code(f, WITH_SECRET, "192.0.2.8"), 404);
}

static void without_the_secret_no_address_is_believed(void **state)
{
	static const char *const proofs[] = { "", "X-Candour-Proxy: 0f8a63d1c97b4e25a1d5\r\n" };
	struct fixture *f = *state;
	serve_behind_proxy(f);
	for (int i = 0; i < CODES_A_MINUTE; i++) {
		const char *from = str_to_c(f->arena, arena_format(f->arena, "192.0.2.%d", i + 10));
		assert_int_equal(try_a_code(f, proofs[i % 2], from), 404);
	}
	for (size_t i = 0; i < COUNT_OF(proofs); i++)
		assert_int_equal(try_a_code(f, proofs[i], "192.0.2.99"), 429);
	assert_int_equal(try_a_code(f, WITH_SECRET, "192.0.2.99"), 404);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(behind_a_proxy_it_answers_to_its_name_alone),
		PROVES(each_address_that_the_proxy_names_is_counted_for_itself),
		PROVES(without_the_secret_no_address_is_believed),
	};
	return !!cmocka_run_group_tests_name("proxy", tests, NULL, NULL);
}
