/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 128
#define SOCKET_MODE 0660

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_un local;
	struct sockaddr_storage room;
};

static bool usage(const char *where, struct err *err)
{
	return err_set(err, ERR_USAGE,
	               "%s is no address to listen on; write 127.0.0.1:8080, [::1]:8080 or a path",
	               where);
}

static bool unable(const char *where, struct err *err)
{
	return err_set(err, ERR_UNABLE, "Cannot listen on %s: %s", where, strerror(errno));
}

/* HOST:PORT into an address; the length of it in *n. */
static bool read_address(struct str where, union address *out, socklen_t *n)
{
	size_t colon = where.n;
	while (colon > 0 && where.p[colon - 1] != ':')
		colon--;
	uint64_t port;
	if (colon == 0 || !str_to_u64(str_sub(where, colon, where.n), 65535, &port))
		return false;
	struct str host = str_sub(where, 0, colon - 1);
	bool is_v6 = host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']';
	if (host.n == 0 || str_eq(host, STR("localhost")))
		host = STR("127.0.0.1");
	if (is_v6)
		host = str_sub(host, 1, host.n - 2);
	char text[INET6_ADDRSTRLEN] = "";
	if (host.n >= sizeof text)
		return false;
	memcpy(text, host.p, host.n);
	*out = (union address){ 0 };
	if (is_v6) {
		out->v6.sin6_family = AF_INET6;
		out->v6.sin6_port = htons((uint16_t)port);
		*n = sizeof out->v6;
		return inet_pton(AF_INET6, text, &out->v6.sin6_addr) == 1;
	}
	out->v4.sin_family = AF_INET;
	out->v4.sin_port = htons((uint16_t)port);
	*n = sizeof out->v4;
	return inet_pton(AF_INET, text, &out->v4.sin_addr) == 1;
}

static bool is_loopback(const union address *address)
{
	if (address->any.sa_family == AF_INET)
		return ntohl(address->v4.sin_addr.s_addr) >> 24 == 127;
	return memcmp(&address->v6.sin6_addr, &in6addr_loopback, sizeof in6addr_loopback) == 0;
}

static bool open_network(const char *where, struct listener *out, struct err *err)
{
	union address address;
	socklen_t n;
	int on = 1;
	if (!read_address(str_from_c(where), &address, &n))
		return usage(where, err);
	out->fd = socket(address.any.sa_family, SOCK_STREAM, 0);
	if (out->fd < 0)
		return unable(where, err);
	(void)setsockopt(out->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (address.any.sa_family == AF_INET6)
		(void)setsockopt(out->fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
	out->is_loopback = is_loopback(&address);
	if (bind(out->fd, &address.any, n) != 0 || listen(out->fd, BACKLOG) != 0 ||
	    getsockname(out->fd, &address.any, &n) != 0)
		return unable(where, err);
	out->port = ntohs(address.any.sa_family == AF_INET ? address.v4.sin_port
	                                                   : address.v6.sin6_port);
	return true;
}

/* Removes a socket on which nobody listens any more; leaves everything else. */
static void remove_stale(const union address *address)
{
	struct stat status;
	if (lstat(address->local.sun_path, &status) != 0 || !S_ISSOCK(status.st_mode))
		return;
	int probe = socket(AF_UNIX, SOCK_STREAM, 0);
	if (probe < 0)
		return;
	if (connect(probe, &address->any, sizeof address->local) != 0 && errno == ECONNREFUSED)
		(void)unlink(address->local.sun_path);
	(void)close(probe);
}

static bool open_unix(const char *where, struct listener *out, struct err *err)
{
	union address address = { 0 };
	size_t n = strlen(where);
	if (n >= sizeof address.local.sun_path)
		return usage(where, err);
	address.local.sun_family = AF_UNIX;
	memcpy(address.local.sun_path, where, n);
	remove_stale(&address);
	out->is_unix = true;
	out->is_loopback = true;
	out->fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (out->fd < 0 || bind(out->fd, &address.any, sizeof address.local) != 0 ||
	    chmod(where, SOCKET_MODE) != 0 || listen(out->fd, BACKLOG) != 0)
		return unable(where, err);
	return true;
}

bool listener_open(const char *where, struct listener *out, struct err *err)
{
	*out = (struct listener){ .fd = -1 };
	bool good = where[0] == '/' ? open_unix(where, out, err) : open_network(where, out, err);
	if (!good && out->fd >= 0) {
		(void)close(out->fd);
		out->fd = -1;
	}
	return good;
}
