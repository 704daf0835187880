/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The order of the checks: headers as such, method, Host, framing of the body,
 * version, target, the rest. Framing comes before everything that could be
 * answered kindly, for a request whose end is in doubt is the dangerous one.
 */
#include "web/gate.h"

#include "web/cookie.h"
#include "web/token.h"

#define HEADER_NAME_MAX 128
#define KEY_MAX 128 /* Idempotency-Key */

static const struct {
	const char *name;
	enum web_method method;
} METHODS[] = {
	{ "GET", WEB_GET },
	{ "HEAD", WEB_HEAD },
	{ "POST", WEB_POST },
};

/* Known to the world, not to us: 405. Whatever else: 501. */
static const char *const OTHER_METHODS[] = {
	"CONNECT", "DELETE", "OPTIONS", "PATCH", "PUT", "TRACE"
};

/* Headers that decide something: twice is refused, for two readers may take different ones. */
static const char *const SINGLE[] = {
	"Host",           "Content-Length",  "Transfer-Encoding",
	"Content-Type",   "Expect",          "Origin",
	"Sec-Fetch-Site", "Authorization",   "Idempotency-Key",
	"If-None-Match",  "X-Forwarded-For", "X-Candour-Proxy",
};

static bool refuse(struct gate_result *out, unsigned status, const char *why)
{
	out->status = status;
	out->why = why;
	return false;
}

static size_t count_header(const struct gate_input *input, struct str name)
{
	size_t count = 0;
	for (size_t i = 0; i < input->header_count; i++)
		count += token_eq(input->headers[i].name, name);
	return count;
}

struct str gate_header_get(const struct gate_input *input, struct str name)
{
	for (size_t i = 0; i < input->header_count; i++)
		if (token_eq(input->headers[i].name, name))
			return input->headers[i].value;
	return STR_NONE;
}

static bool has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return true;
	}
	return false;
}

static bool check_headers(const struct gate_input *input, struct gate_result *out)
{
	if (input->header_count > GATE_HEADERS_MAX)
		return refuse(out, 431, "too many headers");
	for (size_t i = 0; i < input->header_count; i++) {
		const struct gate_header *header = &input->headers[i];
		if (header->name.n > HEADER_NAME_MAX || header->value.n > GATE_VALUE_MAX)
			return refuse(out, 431, "a header is too long");
		if (!token_is(header->name))
			return refuse(out, 400, "a header's name is not a token");
		if (has_control(header->value))
			return refuse(out, 400, "a header's value holds a control character");
	}
	for (size_t i = 0; i < COUNT_OF(SINGLE); i++)
		if (count_header(input, str_from_c(SINGLE[i])) > 1)
			return refuse(out, 400, "a header that may come once came twice");
	return true;
}

static bool refuse_method(const struct gate_input *input, struct gate_result *out)
{
	bool is_known = out->is_raw;
	for (size_t i = 0; i < COUNT_OF(OTHER_METHODS); i++)
		is_known = is_known || str_eq(input->method, str_from_c(OTHER_METHODS[i]));
	if (!is_known)
		return refuse(out, 501, "an unknown method");
	out->allow = out->is_raw ? STR("GET, HEAD") : STR("GET, HEAD, POST");
	return refuse(out, 405, "a method that we do not serve");
}

static bool check_method(const struct gate_input *input, struct gate_result *out)
{
	for (size_t i = 0; i < COUNT_OF(METHODS); i++) {
		if (!str_eq(input->method, str_from_c(METHODS[i].name)))
			continue;
		out->method = METHODS[i].method;
		return !out->is_raw || out->method != WEB_POST || refuse_method(input, out);
	}
	return refuse_method(input, out);
}

/* uri-host [ ":" port ] of RFC 9110, 7.2, in the letters that names and addresses need. */
static bool split_host(struct str value, struct str *name)
{
	size_t end = 0;
	if (value.n > 0 && value.p[0] == '[') {
		end = str_find(value, ']');
		if (end == value.n)
			return false;
		end++;
	} else {
		end = str_find(value, ':');
	}
	*name = str_sub(value, 0, end);
	struct str port = str_sub(value, end, value.n);
	uint64_t number;
	if (port.n > 0 &&
	    (port.p[0] != ':' || !str_to_u64(str_sub(port, 1, port.n), 65535, &number)))
		return false;
	bool in_brackets = name->n > 0 && name->p[0] == '[';
	for (size_t i = in_brackets; i + in_brackets < name->n; i++) {
		char c = name->p[i];
		bool is_good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		               (c >= 'A' && c <= 'Z') || c == '.' || (c == '-' && !in_brackets) ||
		               (c == ':' && in_brackets);
		if (!is_good)
			return false;
	}
	return name->n > 0 && name->n <= 253;
}

static bool check_host(const struct gate_names *names, const struct gate_input *input,
                       struct gate_result *out)
{
	struct str name;
	out->host = gate_header_get(input, STR("Host"));
	if (!out->host.p || !split_host(out->host, &name))
		return refuse(out, 400, "Host is missing or malformed");
	if (names->host_count == 0)
		return true;
	for (size_t i = 0; i < names->host_count; i++)
		if (token_eq(names->hosts[i], name))
			return true;
	return refuse(out, 421, "Host is not one of our names");
}

/* RFC 9112, 6.3, less everything we do not take. */
static bool check_framing(const struct gate_input *input, struct gate_result *out)
{
	struct str coding = gate_header_get(input, STR("Transfer-Encoding"));
	struct str length = gate_header_get(input, STR("Content-Length"));
	bool is_http_10 = str_eq(input->version, STR("HTTP/1.0"));
	if (coding.p && (length.p || is_http_10 || out->method != WEB_POST))
		return refuse(out, 400, "Transfer-Encoding where there may be none");
	if (coding.p && !token_eq(coding, STR("chunked")))
		return refuse(out, 501, "an unknown transfer coding");
	if (coding.p)
		return refuse(out, 411, "a chunked body");
	for (size_t i = 0; i < length.n; i++)
		if (length.p[i] < '0' || length.p[i] > '9')
			return refuse(out, 400, "Content-Length is not a number");
	if (length.p && length.n == 0)
		return refuse(out, 400, "Content-Length is not a number");
	if (length.n > 1 && length.p[0] == '0')
		return refuse(out, 400, "Content-Length is not a number");
	if (length.p && !str_to_u64(length, INT64_MAX, &out->content_length))
		return refuse(out, 413, "Content-Length past all bounds");
	if (out->method != WEB_POST && out->content_length > 0)
		return refuse(out, 400, "a body where there may be none");
	if (out->method == WEB_POST && !length.p)
		return refuse(out, 411, "a body without length");
	return true;
}

static bool check_target_bytes(struct str target, struct gate_result *out)
{
	if (target.n > GATE_TARGET_MAX)
		return refuse(out, 414, "the target is too long");
	if (target.n == 0 || target.p[0] != '/')
		return refuse(out, 400, "the target does not begin with a slash");
	for (size_t i = 0; i < target.n; i++) {
		unsigned char c = (unsigned char)target.p[i];
		if (c <= 0x20 || c >= 0x7f || c == '\\' || c == '#' || c == '"' || c == '<' ||
		    c == '>')
			return refuse(out, 400,
			              "the target holds a character that must be escaped");
	}
	return true;
}

static bool has_path_mark(struct str segment)
{
	for (size_t i = 0; i < segment.n; i++) {
		unsigned char c = (unsigned char)segment.p[i];
		if (c < 0x20 || c == 0x7f || c == '/' || c == '\\')
			return true;
	}
	return false;
}

static bool add_segment(struct arena *arena, struct str raw, struct gate_result *out)
{
	struct str segment;
	if (raw.n == 0)
		return refuse(out, 400, "the path has an empty segment");
	if (out->segment_count == GATE_SEGMENTS_MAX)
		return refuse(out, 414, "the path has too many segments");
	if (!percent_decode(arena, raw, false, &segment)) {
		if (!arena_alloc(arena, raw.n + 1, 1))
			return refuse(out, 503, "no memory for the path");
		return refuse(out, 400, "the path has a broken escape or a NUL");
	}
	if (has_path_mark(segment) || !str_is_utf8(segment))
		return refuse(out, 400, "a segment of the path holds what no segment may");
	if (str_eq(segment, STR(".")) || str_eq(segment, STR("..")))
		return refuse(out, 400, "the path has a dot segment");
	out->segments[out->segment_count++] = segment;
	return true;
}

static bool check_path(struct arena *arena, struct str path, struct gate_result *out)
{
	out->path = path;
	struct str rest = str_sub(path, 1, path.n), raw;
	out->ends_in_slash = rest.n > 0 && rest.p[rest.n - 1] == '/';
	if (out->ends_in_slash)
		rest.n--;
	else if (rest.n == 0)
		return true;
	while (str_cut(&rest, '/', &raw))
		if (!add_segment(arena, raw, out))
			return false;
	return true;
}

static bool check_query(struct arena *arena, struct str query, struct gate_result *out)
{
	switch (form_read(arena, query, GATE_QUERY_MAX, &out->query)) {
	case FORM_READ:
		return true;
	case FORM_MALFORMED:
		return refuse(out, 400, "the query has a broken escape or is not UTF-8");
	case FORM_TOO_MANY:
		return refuse(out, 414, "the query has too many fields");
	case FORM_NO_ROOM:
		break;
	}
	return refuse(out, 503, "no memory for the query");
}

static bool check_target(struct arena *arena, const struct gate_input *input,
                         struct gate_result *out)
{
	if (!check_target_bytes(input->target, out))
		return false;
	size_t mark = str_find(input->target, '?');
	return check_path(arena, str_sub(input->target, 0, mark), out) &&
	       check_query(arena, str_sub(input->target, mark + 1, input->target.n), out);
}

static bool check_cookies(struct arena *arena, const struct gate_names *names,
                          const struct gate_input *input, struct gate_result *out)
{
	if (count_header(input, STR("Cookie")) == 0)
		return true;
	out->cookies.at = arena_alloc(arena, COOKIES_MAX, sizeof *out->cookies.at);
	if (!out->cookies.at)
		return refuse(out, 503, "no memory for the cookies");
	out->cookies.room = COOKIES_MAX;
	for (size_t i = 0; i < input->header_count; i++)
		if (token_eq(input->headers[i].name, STR("Cookie")) &&
		    !cookie_read(input->headers[i].value, &out->cookies))
			return refuse(out, 431, "too many cookies");
	for (size_t i = 0; i < names->cookie_count; i++)
		if (fields_count(&out->cookies, names->cookies[i]) > 1)
			return refuse(out, 400, "a cookie of ours came twice");
	return true;
}

static void read_body_type(const struct gate_input *input, struct gate_result *out)
{
	static const struct {
		const char *type;
		enum gate_body body;
	} types[] = {
		{ "application/x-www-form-urlencoded", GATE_BODY_FORM },
		{ "application/json", GATE_BODY_JSON },
		{ "multipart/form-data", GATE_BODY_MULTIPART },
	};
	out->content_type = gate_header_get(input, STR("Content-Type"));
	out->body = out->method == WEB_POST ? GATE_BODY_OTHER : GATE_BODY_NONE;
	struct media_type media = media_type_read(out->content_type);
	for (size_t i = 0; i < COUNT_OF(types) && out->method == WEB_POST; i++)
		if (token_eq(media.type, str_from_c(types[i].type)))
			out->body = types[i].body;
}

static enum gate_site read_site(struct str value)
{
	if (!value.p)
		return GATE_SITE_ABSENT;
	if (str_eq(value, STR("none")))
		return GATE_SITE_NONE;
	return str_eq(value, STR("same-origin")) ? GATE_SITE_SAME_ORIGIN : GATE_SITE_OTHER;
}

static bool read_key(const struct gate_input *input, struct gate_result *out)
{
	out->key = gate_header_get(input, STR("Idempotency-Key"));
	const char *why = NULL;
	for (size_t i = 0; i < out->key.n; i++)
		if (out->key.p[i] <= 0x20 || out->key.p[i] >= 0x7f)
			why = "Idempotency-Key is not visible ASCII";
	if (out->key.p && (out->key.n == 0 || out->key.n > KEY_MAX))
		why = "Idempotency-Key is empty or too long";
	if (!why)
		return true;
	out->says =
		"The header Idempotency-Key must be 1 to 128 letters, digits and signs of ASCII, "
		"without a blank";
	return refuse(out, 400, why);
}

/* A list header may come in several lines; one name is looked for in each. */
static int best_quality(const struct gate_input *input, struct str header, struct str what)
{
	int best = -1;
	for (size_t i = 0; i < input->header_count; i++) {
		if (!token_eq(input->headers[i].name, header))
			continue;
		int quality = quality_of(input->headers[i].value, what);
		best = quality > best ? quality : best;
	}
	return best;
}

static bool read_facts(const struct gate_input *input, struct gate_result *out)
{
	struct str expect = gate_header_get(input, STR("Expect"));
	if (expect.p && !token_eq(expect, STR("100-continue")))
		return refuse(out, 417, "an unknown expectation");
	read_body_type(input, out);
	int json = best_quality(input, STR("Accept"), STR("application/json"));
	out->wants_json = json > 0 && json > best_quality(input, STR("Accept"), STR("text/html"));
	out->takes_gzip = best_quality(input, STR("Accept-Encoding"), STR("gzip")) > 0;
	out->site = read_site(gate_header_get(input, STR("Sec-Fetch-Site")));
	out->origin = gate_header_get(input, STR("Origin"));
	out->etag = gate_header_get(input, STR("If-None-Match"));
	struct str authorization = gate_header_get(input, STR("Authorization"));
	if (token_eq(str_sub(authorization, 0, 7), STR("Bearer ")))
		out->bearer = str_trim(str_sub(authorization, 7, authorization.n));
	return read_key(input, out);
}

void gate_check(struct arena *arena, const struct gate_names *names, const struct gate_input *input,
                struct gate_result *out)
{
	*out = (struct gate_result){ 0 };
	out->is_raw = names->raw.n > 0 && str_starts(input->target, names->raw) &&
	              !(names->raw_but.n > 0 && str_starts(input->target, names->raw_but));
	if (!check_headers(input, out) || !check_method(input, out) ||
	    !check_host(names, input, out) || !check_framing(input, out))
		return;
	if (!str_eq(input->version, STR("HTTP/1.1"))) {
		refuse(out, 505, "a version that we do not serve");
		return;
	}
	if (!out->is_raw &&
	    (!check_target(arena, input, out) || !check_cookies(arena, names, input, out)))
		return;
	/* A raw path may be no UTF-8: no refusal shows it. */
	if (read_facts(input, out) && out->is_raw)
		out->path = input->target;
}

void gate_admit(struct gate_result *result, unsigned takes, uint64_t max_bytes)
{
	static const unsigned needed[] = {
		[GATE_BODY_NONE] = 0,
		[GATE_BODY_FORM] = GATE_TAKES_FORM,
		[GATE_BODY_JSON] = GATE_TAKES_JSON,
		[GATE_BODY_MULTIPART] = GATE_TAKES_MULTIPART,
		[GATE_BODY_OTHER] = GATE_TAKES_OTHER,
	};
	if (result->status != 0)
		return;
	if (!(takes & GATE_TAKES_REPEATS) && fields_repeat(&result->query)) {
		refuse(result, 400, "a name stands twice in the query, or is empty");
		return;
	}
	if (result->method != WEB_POST)
		return;
	if (result->content_length > max_bytes) {
		refuse(result, 413, "the body is longer than this page takes");
		return;
	}
	/* A POST without a byte needs no type: a button alone. */
	bool is_bare = result->content_length == 0 && !result->content_type.p;
	unsigned need = needed[result->body];
	if (!is_bare && !(takes & need) && !(takes & GATE_TAKES_OTHER))
		refuse(result, 415, "a type of body that this page does not take");
}
