/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who may connect, how many, how slowly, and how a server stops. */
#include "web/server_fixture.h"

static void restart(struct fixture *f, struct server_config config)
{
	server_stop(f->server);
	f->server = NULL;
	assert_true(server_start(&config, &f->server, &f->err));
}

static void only_the_proxy_with_its_secret_names_an_address(void **state)
{
	struct fixture *f = *state;
	(void)ask(f, STR("GET /" H "X-Forwarded-For: 192.0.2.1\r\n\r\n"));
	struct hash direct = f->seen.peer;
	assert_true(f->seen.is_exempt);
	struct server_config config = config_of(f);
	config.proxy_secret = STR("a secret of the proxy");
	restart(f, config);
#define SECRET "X-Candour-Proxy: a secret of the proxy\r\n"
	(void)ask(f, STR("GET /" H "X-Forwarded-For: 192.0.2.1\r\n\r\n"));
	assert_true(hash_eq(&f->seen.peer, &direct));
	assert_false(f->seen.is_exempt);
	(void)ask(f,
	          STR("GET /" H "X-Candour-Proxy: guessed\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n"));
	assert_true(hash_eq(&f->seen.peer, &direct));
	(void)ask(f, STR("GET /" H SECRET "X-Forwarded-For: 192.0.2.1\r\n\r\n"));
	struct hash one = f->seen.peer;
	assert_false(hash_eq(&one, &direct));
	(void)ask(f, STR("GET /" H SECRET "X-Forwarded-For: 198.51.100.7, 192.0.2.1\r\n\r\n"));
	assert_true(
		hash_eq(&f->seen.peer, &one)); /* what the client wrote in front counts nothing */
	(void)ask(f, STR("GET /" H SECRET "X-Forwarded-For: 2001:db8::1\r\n\r\n"));
	struct hash six = f->seen.peer;
	(void)ask(f, STR("GET /" H SECRET "X-Forwarded-For: 2001:db8::ffff\r\n\r\n"));
	assert_true(hash_eq(&f->seen.peer, &six));
	assert_false(hash_eq(&six, &one));
}

static void a_peer_has_so_many_connections_and_no_more(void **state)
{
	struct fixture *f = *state;
	struct server_config config = config_of(f);
	config.peer_max = 3;
	restart(f, config);
	int fds[5];
	for (size_t i = 0; i < COUNT_OF(fds); i++) {
		fds[i] = hello_connect(f->server);
		assert_int_equal(hello_is_closed(fds[i], i < 3 ? 100 : 2000), i >= 3);
	}
	for (size_t i = 0; i < COUNT_OF(fds); i++)
		(void)close(fds[i]);
}

#define CROWD (SERVER_CROWD + 50)

static void in_a_crowd_of_silent_clients_others_are_served(void **state)
{
	struct fixture *f = *state;
	struct server_config config = config_of(f);
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < (size_t)2 * CROWD + 100)
		skip();
	config.peer_max = 2 * (size_t)CROWD;
	config.head_ms = 60000;
	restart(f, config);
	static int fds[CROWD];
	for (size_t i = 0; i < CROWD; i++) {
		fds[i] = hello_connect(f->server);
		assert_true(fds[i] >= 0);
		hello_send(fds[i], STR("GET / HTTP/1.1\r\nHo"));
	}
	assert_int_equal(ask(f, STR("GET /" H "\r\n")), 200);
	assert_true(hello_is_closed(fds[0], 3000)); /* the oldest, long before its time */
	assert_false(hello_is_closed(fds[CROWD - 1], 100));
	assert_int_equal(ask(f, STR("GET /" H "\r\n")), 200);
	for (size_t i = 0; i < CROWD; i++)
		(void)close(fds[i]);
}

static void a_body_that_does_not_come_is_cut(void **state)
{
	struct fixture *f = *state;
	struct server_config config = config_of(f);
	config.body_ms = 300;
	restart(f, config);
	int fd = hello_connect(f->server);
	hello_send(fd,
	           STR("POST /form" H FORM "Origin: http://a\r\nContent-Length: 30\r\n\r\na=1"));
	assert_true(hello_is_closed(fd, 2000));
	(void)close(fd);
}

static void a_unix_socket_serves_too(void **state)
{
	struct fixture *f = *state;
	struct server_config config = config_of(f);
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	(void)snprintf(address.sun_path, sizeof address.sun_path, "/tmp/candour-test-%ld.socket",
	               (long)getpid());
	config.listen = address.sun_path;
	restart(f, config);
	assert_int_equal(server_port(f->server), 0);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
	hello_send(fd, STR("GET /" H "\r\n"));
	hello_read(fd, &f->answer, false, 2000);
	assert_int_equal(hello_status(buf_str(&f->answer)), 200);
	assert_false(f->seen.is_exempt);
	(void)close(fd);
	struct server *second = NULL;
	assert_false(server_start(&config, &second, &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
	server_stop(f->server);
	f->server = NULL;
	assert_false(file_exists(address.sun_path));
}

static void an_address_in_use_is_told(void **state)
{
	struct fixture *f = *state;
	struct server_config config = config_of(f);
	struct server *second = NULL;
	char where[32];
	assert_true(server_is_loopback(f->server));
	(void)snprintf(where, sizeof where, "127.0.0.1:%u", (unsigned)server_port(f->server));
	config.listen = where;
	assert_false(server_start(&config, &second, &f->err));
	assert_int_equal(f->err.code, ERR_UNABLE);
	static const char *const bad[] = { "",           "here",          "127.0.0.1",
		                           "127.0.0.1:", "300.0.0.1:80",  "127.0.0.1:70000",
		                           "[::1:80",    "example.org:80" };
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		config.listen = bad[i];
		assert_false(server_start(&config, &second, &f->err));
		assert_int_equal(f->err.code, ERR_USAGE);
	}
}

static void *stop_it(void *cls)
{
	server_stop(cls);
	return NULL;
}

static void stopping_lets_a_page_end(void **state)
{
	struct fixture *f = *state;
	pthread_t stopper;
	int idle = hello_connect(f->server);
	int fd = hello_connect(f->server);
	hello_send(fd, STR("GET /slow" H "\r\n"));
	(void)poll(NULL, 0, 100);
	assert_int_equal(pthread_create(&stopper, NULL, stop_it, f->server), 0);
	hello_read(fd, &f->answer, false, 2000);
	assert_int_equal(hello_status(buf_str(&f->answer)), 200);
	assert_true(hello_is_closed(idle, 2000));
	assert_int_equal(pthread_join(stopper, NULL), 0);
	f->server = NULL;
	(void)close(fd);
	(void)close(idle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(only_the_proxy_with_its_secret_names_an_address),
		PROVES(a_peer_has_so_many_connections_and_no_more),
		PROVES(in_a_crowd_of_silent_clients_others_are_served),
		PROVES(a_body_that_does_not_come_is_cut),
		PROVES(a_unix_socket_serves_too),
		PROVES(an_address_in_use_is_told),
		PROVES(stopping_lets_a_page_end),
	};
	return !!cmocka_run_group_tests(tests, NULL, NULL);
}
