/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/server.h"

#include <stdlib.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "web/exchange.h"
#include "web/head_bytes.h"
#include "web/listener.h"

#define MEMORY_OF_A_HEAD (64 * 1024) /* with less, 500 fields of a query get no answer at all */
#define STACK_OF_A_THREAD (512 * 1024)
#define STOP_LOOK_MS 20
#define DESCRIPTORS_WANTED (SERVER_CONNECTIONS_MAX * 2 + 512) /* also for uploads and the store */

struct server {
	struct exchange_shared shared; /* set before threads start */
	struct listener listener;
	struct MHD_Daemon *daemon;
	char *unix_path; /* removed at stop */
};

/* The library's own lines hold targets and addresses: only that there was one is said. */
static void log_nothing_private(void *cls, const char *format, va_list args)
{
	(void)cls;
	(void)args;
	journal_write(JOURNAL_DEBUG, "web: the HTTP library says: %.*s",
	              (int)strcspn(format, "%\n"), format);
}

static void *on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
	struct server *server = cls;
	(void)connection;
	return exchange_create(&server->shared, str_from_c(target));
}

/* Escapes are decoded by the gate, after it has looked. */
static size_t leave_escapes(void *cls, struct MHD_Connection *connection, char *text)
{
	(void)cls;
	(void)connection;
	return strlen(text);
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
	struct server *server = cls;
	struct reaper *reaper = server->shared.reaper;
	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		struct exchange_connection *link = *context;
		if (link)
			reaper_remove(reaper, link->slot);
		free(link);
		*context = NULL;
		return;
	}
	const union MHD_ConnectionInfo *fd = server->shared.http.get_connection_info(
		connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	const union MHD_ConnectionInfo *address = server->shared.http.get_connection_info(
		connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct exchange_connection *link = calloc(1, sizeof *link);
	if (!link || !fd) {
		free(link);
		return;
	}
	bool is_unix = server->listener.is_unix;
	peer_of_address(&server->shared.peers, address && !is_unix ? address->client_addr : NULL,
	                &link->peer);
	bool is_proxy = server->shared.peers.proxy_secret.p && link->peer.is_local;
	link->slot = reaper_add(reaper, fd->connect_fd,
	                        is_proxy || is_unix ? NULL : &link->peer.key, clock_read().boot_us);
	*context = link;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *size, void **context)
{
	struct exchange *exchange = *context;
	(void)cls;
	(void)url;
	if (!exchange)
		return MHD_NO;
	if (!exchange_has_begun(exchange))
		return exchange_begin(exchange, connection, str_from_c(method),
		                      str_from_c(version));
	if (*size > 0) {
		exchange_feed(exchange, (struct str){ bytes, *size });
		*size = 0;
		return MHD_YES;
	}
	return exchange_answer(exchange, connection);
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code)
{
	struct server *server = cls;
	(void)code;
	exchange_destroy(*context);
	*context = NULL;
	const union MHD_ConnectionInfo *info = server->shared.http.get_connection_info(
		connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	const struct exchange_connection *link = info ? info->socket_context : NULL;
	if (link)
		reaper_wait(server->shared.reaper, link->slot, clock_read().boot_us);
}

static struct MHD_Daemon *start_daemon(struct server *server)
{
	return server->shared.http.start_daemon(
		MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_ERROR_LOG |
			MHD_USE_ITC,
		0, NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER, log_nothing_private,
		NULL, /* first: others may log */
		MHD_OPTION_LISTEN_SOCKET, server->listener.fd, MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_OF_A_HEAD,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)SERVER_CONNECTIONS_MAX,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SERVER_IDLE_S,
		MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK_OF_A_THREAD,
		MHD_OPTION_URI_LOG_CALLBACK, on_target, server, MHD_OPTION_UNESCAPE_CALLBACK,
		leave_escapes, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_END);
}

/* A thousand connections want as many descriptors; most systems begin with 1,024 in all. */
static void raise_descriptors(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= DESCRIPTORS_WANTED)
		return;
	bool may = limit.rlim_max == RLIM_INFINITY || limit.rlim_max >= DESCRIPTORS_WANTED;
	limit.rlim_cur = may ? DESCRIPTORS_WANTED : limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static bool set_up(struct server *server, const struct server_config *config, struct err *err)
{
	const char *where = config->listen ? config->listen : SERVER_LISTEN;
	struct reaper_rules rules = {
		.connections_max = SERVER_CONNECTIONS_MAX,
		.crowd = SERVER_CROWD,
		.peer_max = config->peer_max ? config->peer_max : SERVER_PEER_MAX,
		.head_us = (config->head_ms ? config->head_ms : SERVER_HEAD_MS) * INSTANT_PER_MS,
		.body_us = (config->body_ms ? config->body_ms : SERVER_BODY_MS) * INSTANT_PER_MS,
		.idle_us = SERVER_IDLE_S * INSTANT_PER_SECOND,
	};
	struct http_library http;
	raise_descriptors();
	if (!http_library_load(&http, err) || !listener_open(where, &server->listener, err))
		return false;
	if (config->why_alone && !server->listener.is_loopback)
		return err_set(err, ERR_USAGE, "%s", config->why_alone);
	if (server->listener.is_unix)
		server->unix_path = strdup(where);
	server->shared = (struct exchange_shared){
		.http = http,
		.config = *config,
		.routes = { config->routes, config->route_count },
		.peers = { config->peer_key, config->proxy_secret, server->listener.is_unix },
		.reaper = reaper_create(&rules),
		.sees_head_bytes = strcmp(http.get_version(), HEAD_BYTES_LIBRARY) == 0,
	};
	if (!server->shared.reaper)
		return err_set(err, ERR_UNABLE, "There is no memory for the web server");
	if (!reaper_start(server->shared.reaper, err))
		return false;
	server->daemon = start_daemon(server);
	if (!server->daemon)
		return err_set(err, ERR_UNABLE, "The web server on %s cannot start", where);
	server->listener.fd = -1; /* the library's now */
	return true;
}

static void free_server(struct server *server)
{
	reaper_destroy(server->shared.reaper);
	if (server->listener.fd >= 0)
		(void)close(server->listener.fd);
	if (server->unix_path)
		(void)unlink(server->unix_path);
	free(server->unix_path);
	free(server);
}

bool server_start(const struct server_config *config, struct server **out, struct err *err)
{
	struct server *server = calloc(1, sizeof *server);
	*out = NULL;
	if (!server)
		return err_set(err, ERR_UNABLE, "There is no memory for the web server");
	server->listener.fd = -1;
	if (!set_up(server, config, err)) {
		free_server(server);
		return false;
	}
	*out = server;
	return true;
}

void server_stop(struct server *server)
{
	if (!server)
		return;
	MHD_socket listening = server->shared.http.quiesce_daemon(server->daemon);
	if (listening != MHD_INVALID_SOCKET)
		(void)close(listening);
	for (int ms = 0; ms < SERVER_STOP_MS && reaper_hush(server->shared.reaper) > 0;
	     ms += STOP_LOOK_MS)
		(void)poll(NULL, 0, STOP_LOOK_MS);
	server->shared.http.stop_daemon(server->daemon);
	free_server(server);
}

uint16_t server_port(const struct server *server)
{
	return server->listener.port;
}

bool server_is_loopback(const struct server *server)
{
	return server->listener.is_loopback;
}

size_t server_connections(const struct server *server)
{
	return reaper_count(server->shared.reaper);
}
