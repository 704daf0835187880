/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/answer.h"

#include <stdlib.h>

#include "web/http_library.h"
#include "web/token.h"

#define STREAM_BLOCK (64 * 1024)

/* On every answer. No page needs a script, a frame, a font or another host. */
static const struct {
	const char *name;
	const char *value;
} SECURITY[] = {
	{ "X-Content-Type-Options", "nosniff" },
	{ "Referrer-Policy", "no-referrer" },
	{ "X-Frame-Options", "DENY" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "Permissions-Policy",
	  "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()" },
};

static const char *policy_text(enum web_policy policy)
{
	switch (policy) {
	case WEB_POLICY_PAGE:
		return "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
		       "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
	case WEB_POLICY_SANDBOX:
		break;
	}
	return "sandbox; default-src 'none'; frame-ancestors 'none'";
}

struct str web_param(const struct web_request *request, struct str name)
{
	struct str rest = str_from_c(request->route ? request->route->pattern : NULL), segment;
	size_t n = 0;
	while (str_cut(&rest, '/', &segment)) {
		if (segment.n == 0 || (segment.p[0] != ':' && segment.p[0] != '*'))
			continue;
		if (n < WEB_PARAMS_MAX && str_eq(str_sub(segment, 1, segment.n), name))
			return request->params[n];
		n++;
	}
	return STR_NONE;
}

bool web_etag_is_named(struct str list, struct str etag)
{
	struct str one;
	while (str_cut(&list, ',', &one)) {
		one = str_trim(one);
		if (str_starts(one, STR("W/")))
			one = str_sub(one, 2, one.n);
		if (str_eq(one, etag) || str_eq(one, STR("*")))
			return true;
	}
	return false;
}

void web_answer_init(struct web_answer *answer)
{
	*answer = (struct web_answer){
		.status = 200,
		.type = STR("text/html; charset=utf-8"),
		.caching = STR("no-store"),
	};
	buf_init(&answer->body, WEB_ANSWER_MAX);
}

void web_answer_finish(struct web_answer *answer)
{
	buf_finish(&answer->body);
	if (answer->stream.close)
		answer->stream.close(answer->stream.ctx);
	answer->stream = (struct web_stream){ 0 };
}

static bool is_header_value(struct str value)
{
	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];
		if (c < 0x20 || c >= 0x7f)
			return false;
	}
	return true;
}

void web_answer_header(struct web_answer *answer, struct str name, struct str value)
{
	if (answer->header_count == WEB_HEADERS_MAX || !token_is(name) || !value.p ||
	    !is_header_value(value)) {
		answer->is_overfull = true;
		return;
	}
	answer->headers[answer->header_count++] = (struct web_header){ name, value };
}

void web_answer_cookie(struct web_answer *answer, struct cookie cookie)
{
	if (answer->cookie_count == WEB_COOKIES_MAX) {
		answer->is_overfull = true;
		return;
	}
	answer->cookies[answer->cookie_count++] = cookie;
}

void web_answer_redirect(struct web_answer *answer, struct str location)
{
	bool is_ours = location.n > 0 && location.p[0] == '/' &&
	               !(location.n > 1 && (location.p[1] == '/' || location.p[1] == '\\'));
	answer->status = 303;
	buf_clear(&answer->body);
	if (is_ours)
		web_answer_header(answer, STR("Location"), location);
	else
		answer->is_overfull = true;
}

void web_answer_text(struct web_answer *answer, unsigned status, struct str text)
{
	answer->status = status;
	answer->type = STR("text/plain; charset=utf-8");
	buf_clear(&answer->body);
	buf_add(&answer->body, text);
}

void web_answer_json(struct web_answer *answer, const struct json *model)
{
	answer->type = STR("application/json");
	buf_clear(&answer->body);
	if (model)
		json_write(&answer->body, model);
	else
		answer->is_overfull = true;
	buf_add_char(&answer->body, '\n');
}

void web_answer_download(struct web_request *request, struct web_answer *answer,
                         struct str filename, struct str type)
{
	struct buf name;
	buf_init(&name, 120);
	for (size_t i = 0; i < filename.n && i < 100; i++) {
		char c = filename.p[i];
		bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		                (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
		buf_add_char(&name, is_plain ? c : '_');
	}
	struct str value = arena_format(request->arena, "attachment; filename=\"%.*s\"",
	                                STR_ARG(buf_str(&name)));
	buf_finish(&name);
	answer->type = type;
	answer->policy = WEB_POLICY_SANDBOX;
	web_answer_header(answer, STR("Content-Disposition"), value);
}

/* --- to the library --------------------------------------------------------------------------- */

static ssize_t read_stream(void *cls, uint64_t at, char *out, size_t room)
{
	struct web_stream *stream = cls;
	if (at >= stream->size)
		return MHD_CONTENT_READER_END_OF_STREAM;
	size_t n = stream->read(stream->ctx, at, out, room);
	return n > 0 && n <= room ? (ssize_t)n : MHD_CONTENT_READER_END_WITH_ERROR;
}

static void close_stream(void *cls)
{
	struct web_stream *stream = cls;
	if (stream->close)
		stream->close(stream->ctx);
	free(stream);
}

static struct MHD_Response *from_stream(const struct http_library *http, struct web_answer *answer)
{
	struct web_stream *stream = malloc(sizeof *stream);
	if (!stream)
		return NULL;
	*stream = answer->stream;
	struct MHD_Response *response = http->create_response_from_callback(
		stream->size, STREAM_BLOCK, read_stream, stream, close_stream);
	if (response)
		answer->stream = (struct web_stream){ 0 }; /* the library closes it now */
	else
		free(stream);
	return response;
}

static struct MHD_Response *make_body(const struct http_library *http, struct web_answer *answer)
{
	static char nothing[1];
	if (answer->stream.read)
		return from_stream(http, answer);
	if (answer->fixed.p) {
		/* The library takes void *, but does not write to persistent bytes. */
		void *bytes = (void *)(uintptr_t)answer->fixed.p;
		return http->create_response_from_buffer(answer->fixed.n, bytes,
		                                         MHD_RESPMEM_PERSISTENT);
	}
	if (answer->body.n == 0)
		return http->create_response_from_buffer(0, nothing, MHD_RESPMEM_PERSISTENT);
	struct MHD_Response *response = http->create_response_from_buffer(
		answer->body.n, answer->body.p, MHD_RESPMEM_MUST_FREE);
	if (response)
		answer->body = (struct buf){ 0 }; /* the library frees it now */
	return response;
}

static bool add(const struct http_library *http, struct MHD_Response *response, struct arena *arena,
                struct str name, struct str value)
{
	const char *c_name = str_to_c(arena, name);
	const char *c_value = str_to_c(arena, value);
	return c_name && c_value && http->add_response_header(response, c_name, c_value) == MHD_YES;
}

static bool add_cookies(const struct http_library *http, struct MHD_Response *response,
                        struct arena *arena, const struct web_answer *answer, struct err *err)
{
	for (size_t i = 0; i < answer->cookie_count; i++) {
		struct str value;
		if (!cookie_write(arena, &answer->cookies[i], &value, err))
			return false;
		if (!add(http, response, arena, STR("Set-Cookie"), value))
			return err_set(err, ERR_UNABLE, "This answer is too large to send");
	}
	return true;
}

static bool add_headers(const struct http_library *http, struct MHD_Response *response,
                        struct arena *arena, const struct web_answer *answer, struct err *err)
{
	bool good = true;
	for (size_t i = 0; i < COUNT_OF(SECURITY); i++)
		good = good &&
		       http->add_response_header(response, SECURITY[i].name, SECURITY[i].value);
	good = good && http->add_response_header(response, "Content-Security-Policy",
	                                         policy_text(answer->policy));
	good = good && add(http, response, arena, STR("Cache-Control"), answer->caching);
	if (answer->status != 303 && answer->status != 304)
		good = good && add(http, response, arena, STR("Content-Type"), answer->type);
	for (size_t i = 0; i < answer->header_count; i++)
		good = good && add(http, response, arena, answer->headers[i].name,
		                   answer->headers[i].value);
	if (answer->closes)
		good = good && http->add_response_header(response, "Connection", "close");
	if (!good)
		return err_set(err, ERR_UNABLE, "This answer is too large to send");
	return add_cookies(http, response, arena, answer, err);
}

struct MHD_Response *answer_response(const struct http_library *http, struct arena *arena,
                                     struct web_answer *answer, struct err *err)
{
	if (answer->is_overfull || !is_header_value(answer->type)) {
		err_set(err, ERR_FAULT, "an answer with a header that cannot be sent");
		return NULL;
	}
	if (answer->body.full) {
		err_set(err, ERR_UNABLE, "This page is too large to show");
		return NULL;
	}
	struct MHD_Response *response = make_body(http, answer);
	if (!response) {
		err_set(err, ERR_UNABLE, "There is no memory for this answer");
		return NULL;
	}
	if (add_headers(http, response, arena, answer, err))
		return response;
	http->destroy_response(response);
	return NULL;
}
