/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define V4_SIZE 4
#define V6_PREFIX_SIZE 8

static struct hash key_of(const struct peer_rules *rules, const void *bytes, size_t n)
{
	struct str pieces[] = { STR("candour/peer/v1\n"), str_from_bytes(bytes, n) };
	return hash_hmac(hash_str(&rules->key), pieces, 2);
}

static bool is_mapped_v4(const unsigned char bytes[16])
{
	static const unsigned char prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
	return memcmp(bytes, prefix, sizeof prefix) == 0;
}

static void from_v4(const struct peer_rules *rules, const unsigned char bytes[V4_SIZE],
                    struct peer *out)
{
	out->is_local = bytes[0] == 127;
	out->key = key_of(rules, bytes, V4_SIZE);
}

static void from_v6(const struct peer_rules *rules, const unsigned char bytes[16], struct peer *out)
{
	static const unsigned char loopback[16] = { [15] = 1 };
	if (is_mapped_v4(bytes)) {
		from_v4(rules, bytes + 12, out);
		return;
	}
	out->is_local = memcmp(bytes, loopback, sizeof loopback) == 0;
	out->key = key_of(rules, bytes, V6_PREFIX_SIZE);
}

void peer_of_address(const struct peer_rules *rules, const struct sockaddr *address,
                     struct peer *out)
{
	*out = (struct peer){ 0 };
	if (address && address->sa_family == AF_INET) {
		struct sockaddr_in v4;
		memcpy(&v4, address, sizeof v4);
		unsigned char bytes[V4_SIZE];
		memcpy(bytes, &v4.sin_addr, sizeof bytes);
		from_v4(rules, bytes, out);
	} else if (address && address->sa_family == AF_INET6) {
		struct sockaddr_in6 v6;
		memcpy(&v6, address, sizeof v6);
		from_v6(rules, v6.sin6_addr.s6_addr, out);
	} else {
		out->is_local = true;
		out->key = key_of(rules, "local", 5);
	}
	out->is_exempt = out->is_local && !rules->proxy_secret.p && !rules->is_unix;
}

/* An address as text, without port or brackets. */
static bool from_text(const struct peer_rules *rules, struct str text, struct peer *out)
{
	char c_text[INET6_ADDRSTRLEN] = "";
	unsigned char bytes[16];
	if (text.n == 0 || text.n >= sizeof c_text)
		return false;
	memcpy(c_text, text.p, text.n);
	if (inet_pton(AF_INET, c_text, bytes) == 1)
		from_v4(rules, bytes, out);
	else if (inet_pton(AF_INET6, c_text, bytes) == 1)
		from_v6(rules, bytes, out);
	else
		return false;
	return true;
}

void peer_of_request(const struct peer_rules *rules, const struct peer *connection,
                     const struct gate_input *head, struct peer *out)
{
	*out = *connection;
	if (!rules->proxy_secret.p || !connection->is_local)
		return;
	struct str secret = gate_header_get(head, STR(PEER_SECRET_HEADER));
	if (!str_eq_constant_time(secret, rules->proxy_secret))
		return;
	struct str rest = gate_header_get(head, STR("X-Forwarded-For")), last = STR_NONE;
	while (str_cut(&rest, ',', &last))
		continue;
	struct peer forwarded = { 0 };
	if (from_text(rules, str_trim(last), &forwarded)) {
		forwarded.is_local = connection->is_local;
		*out = forwarded;
	}
}
