/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Fetching by libcurl, which is loaded where something is fetched and nowhere else. */
#include "log/fetch.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

/* The name of Debian's library, the one with GnuTLS. */
#define NAME "libcurl-gnutls.so.4"

#define BEARER_MAX 256 /* bytes of its header */

#undef curl_easy_setopt
#undef curl_easy_getinfo

struct curl_functions {
	CURLcode (*global_init)(long);
	CURL *(*create)(void);
	void (*destroy)(CURL *);
	void (*reset)(CURL *);
	CURLcode (*set)(CURL *, CURLoption, ...);
	CURLcode (*perform)(CURL *);
	CURLcode (*get)(CURL *, CURLINFO, ...);
	const char *(*words)(CURLcode);
	struct curl_slist *(*append)(struct curl_slist *, const char *);
	void (*free_list)(struct curl_slist *);
};

struct log_fetch {
	struct curl_functions curl;
	CURL *handle;
	struct log_fetch_patience patience;
	char bearer[BEARER_MAX]; /* a whole header; empty: none */
};

static bool load(struct curl_functions *out, struct err *err)
{
	const struct library_function functions[] = {
		{ "curl_global_init", &out->global_init },
		{ "curl_easy_init", &out->create },
		{ "curl_easy_cleanup", &out->destroy },
		{ "curl_easy_reset", &out->reset },
		{ "curl_easy_setopt", &out->set },
		{ "curl_easy_perform", &out->perform },
		{ "curl_easy_getinfo", &out->get },
		{ "curl_easy_strerror", &out->words },
		{ "curl_slist_append", &out->append },
		{ "curl_slist_free_all", &out->free_list },
	};
	return library_load(NAME,
	                    "What others hold is fetched by the library " NAME
	                    ", which is not here; on Debian: apt-get install libcurl3-gnutls",
	                    functions, COUNT_OF(functions), err);
}

bool log_fetch_create(const struct log_fetch_patience *patience, struct log_fetch **out,
                      struct err *err)
{
	struct log_fetch *fetch = calloc(1, sizeof *fetch);
	*out = NULL;
	if (!fetch)
		return err_set(err, ERR_UNABLE, "There is no memory to fetch anything");
	fetch->patience = *patience;
	if (!load(&fetch->curl, err)) {
		free(fetch);
		return false;
	}
	/* Debian's is built so that this may be called by several threads. */
	if (fetch->curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		fetch->handle = fetch->curl.create();
	if (!fetch->handle) {
		free(fetch);
		return err_set(err, ERR_UNABLE, "There is no memory to fetch anything");
	}
	*out = fetch;
	return true;
}

void log_fetch_destroy(struct log_fetch *fetch)
{
	if (!fetch)
		return;
	fetch->curl.destroy(fetch->handle);
	base_wipe(fetch->bearer, sizeof fetch->bearer);
	free(fetch);
}

bool log_fetch_bear(struct log_fetch *fetch, struct str secret, struct err *err)
{
	static const char before[] = "Authorization: Bearer ";
	if (secret.n == 0 || secret.n + sizeof before > sizeof fetch->bearer)
		return err_set(err, ERR_INPUT, "The secret is not one that a register gives");
	for (size_t i = 0; i < secret.n; i++)
		if ((unsigned char)secret.p[i] <= 0x20 || (unsigned char)secret.p[i] >= 0x7f)
			return err_set(err, ERR_INPUT,
			               "The secret is not one that a register gives");
	memcpy(fetch->bearer, before, sizeof before - 1);
	memcpy(fetch->bearer + sizeof before - 1, secret.p, secret.n);
	fetch->bearer[sizeof before - 1 + secret.n] = '\0';
	return true;
}

void log_fetch_cleanup(struct log_fetch **fetch)
{
	log_fetch_destroy(*fetch);
}

/* --- addresses ------------------------------------------------------------------------------ */

static bool is_this_machine(struct str authority)
{
	static const char *const hosts[] = { "127.0.0.1", "[::1]", "localhost" };
	for (size_t i = 0; i < COUNT_OF(hosts); i++) {
		struct str host = str_from_c(hosts[i]);
		if (str_eq(authority, host) ||
		    (str_starts(authority, host) && authority.p[host.n] == ':'))
			return true;
	}
	return false;
}

static bool is_plain(struct str url)
{
	for (size_t i = 0; i < url.n; i++)
		if ((unsigned char)url.p[i] <= 0x20 || (unsigned char)url.p[i] >= 0x7f)
			return false;
	return true;
}

bool log_fetch_is_url(struct str url, struct err *err)
{
	bool is_https = str_starts(url, STR("https://"));
	struct str rest = str_sub(url, is_https ? 8 : 7, url.n);
	struct str authority = str_sub(rest, 0, str_find(rest, '/'));
	if (url.n > LOG_FETCH_URL_MAX || !is_plain(url) || authority.n == 0 ||
	    str_find(authority, '@') < authority.n ||
	    (!is_https && !str_starts(url, STR("http://"))))
		return err_set(err, ERR_USAGE,
		               "\"%.*s\" is no address: write https://, a host and a path",
		               STR_ARG(str_sub(url, 0, 100)));
	if (!is_https && !is_this_machine(authority))
		return err_set(err, ERR_USAGE,
		               "\"%.*s\" of another machine is fetched by https alone",
		               STR_ARG(str_sub(url, 0, 100)));
	return true;
}

/* --- fetching ------------------------------------------------------------------------------- */

static size_t take(char *bytes, size_t one, size_t count, void *ctx)
{
	struct buf *out = ctx;
	(void)one; /* always 1 */
	buf_add_bytes(out, bytes, count);
	return out->full ? 0 : count;
}

/* What every request has. */
static bool set_up(struct log_fetch *fetch, const char *url, struct buf *out)
{
	const struct curl_functions *c = &fetch->curl;
	CURL *h = fetch->handle;
	c->reset(h);
	return c->set(h, CURLOPT_URL, url) == CURLE_OK &&
	       c->set(h, CURLOPT_PROTOCOLS_STR, "https,http") == CURLE_OK &&
	       c->set(h, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	       c->set(h, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       c->set(h, CURLOPT_PROXY, "") == CURLE_OK &&
	       c->set(h, CURLOPT_USERAGENT, "candour") == CURLE_OK &&
	       c->set(h, CURLOPT_CONNECTTIMEOUT_MS, (long)fetch->patience.connect_ms) == CURLE_OK &&
	       c->set(h, CURLOPT_TIMEOUT_MS, (long)fetch->patience.all_ms) == CURLE_OK &&
	       c->set(h, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
	       c->set(h, CURLOPT_WRITEDATA, (void *)out) == CURLE_OK;
}

static bool perform(struct log_fetch *fetch, struct arena *arena, struct str url,
                    const struct buf *body, struct log_fetched *out, struct err *err)
{
	const struct curl_functions *c = &fetch->curl;
	long status = 0;
	const char *type = NULL;
	CURLcode code = c->perform(fetch->handle);
	if (body->full)
		return err_set(err, ERR_UNABLE, "%.*s answers with more than %zu bytes",
		               STR_ARG(str_sub(url, 0, 200)), body->max);
	if (code != CURLE_OK)
		return err_set(err, ERR_UNABLE, "%.*s: %s", STR_ARG(str_sub(url, 0, 200)),
		               c->words(code));
	(void)c->get(fetch->handle, CURLINFO_RESPONSE_CODE, &status);
	(void)c->get(fetch->handle, CURLINFO_CONTENT_TYPE, &type);
	*out = (struct log_fetched){
		.status = (int)status,
		.type = arena_copy(arena, str_from_c(type)),
		.body = arena_copy(arena, buf_str(body)),
	};
	return (out->type.p && out->body.p) ||
	       err_set(err, ERR_UNABLE, "There is no memory to fetch anything");
}

static bool fetch_it(struct log_fetch *fetch, struct arena *arena, struct str url,
                     const struct str *post, size_t max, struct log_fetched *out, struct err *err)
{
	CLEANUP(buf_finish) struct buf body = { 0 };
	const struct curl_functions *c = &fetch->curl;
	struct curl_slist *headers = NULL;
	if (!log_fetch_is_url(url, err))
		return false;
	const char *address = str_to_c(arena, url);
	buf_init(&body, max);
	bool is_set = address && set_up(fetch, address, &body);
	if (is_set && post) {
		/* Not asked for leave first: the other side reads the whole at once. */
		headers = c->append(c->append(NULL, "Expect:"), "Content-Type: text/plain");
		is_set = headers && c->set(fetch->handle, CURLOPT_POST, 1L) == CURLE_OK &&
		         c->set(fetch->handle, CURLOPT_POSTFIELDS, post->p) == CURLE_OK &&
		         c->set(fetch->handle, CURLOPT_POSTFIELDSIZE, (long)post->n) == CURLE_OK;
	}
	if (is_set && fetch->bearer[0]) {
		struct curl_slist *all = c->append(headers, fetch->bearer);
		is_set = all != NULL;
		headers = all ? all : headers;
	}
	if (is_set && headers)
		is_set = c->set(fetch->handle, CURLOPT_HTTPHEADER, headers) == CURLE_OK;
	bool came = is_set ? perform(fetch, arena, url, &body, out, err)
	                   : err_set(err, ERR_UNABLE, "There is no memory to fetch anything");
	c->free_list(headers);
	return came;
}

bool log_fetch_get(struct log_fetch *fetch, struct arena *arena, struct str url, size_t max,
                   struct log_fetched *out, struct err *err)
{
	return fetch_it(fetch, arena, url, NULL, max, out, err);
}

bool log_fetch_post(struct log_fetch *fetch, struct arena *arena, struct str url, struct str body,
                    size_t max, struct log_fetched *out, struct err *err)
{
	return fetch_it(fetch, arena, url, &body, max, out, err);
}
