/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * One byte at a time through six states. The delimiter (CR LF, two hyphens,
 * boundary) holds CR at its first place only, so that after a false start the
 * search may go on with the byte in hand: nothing shorter can have begun
 * inside what was held back.
 */
#include "web/multipart.h"

#include "web/form.h"
#include "web/token.h"

enum state {
	IN_DELIMITER_FIRST, /* the first one: without CR LF in front */
	BEHIND_DELIMITER,   /* CR LF (a part follows) or two hyphens (the end) */
	IN_HEAD,
	IN_BODY,
	AT_END, /* at most one CR LF may follow */
	IS_BROKEN,
};

#define DELIMITER_MAX (4 + MULTIPART_BOUNDARY_MAX)

struct multipart {
	struct multipart_sink sink;
	enum state state;
	size_t parts_left;
	char delimiter[DELIMITER_MAX]; /* CR LF - - boundary */
	size_t delimiter_n;
	size_t matched; /* bytes of the delimiter seen and held back */
	char behind;    /* first of the two bytes behind a delimiter */
	size_t behind_n;
	char head[MULTIPART_HEAD_MAX];
	size_t head_n;
};

static bool broken(struct multipart *m, struct err *err, const char *what)
{
	m->state = IS_BROKEN;
	return err_set(err, ERR_INPUT, "The upload is not as a browser sends it: %s", what);
}

bool multipart_boundary(struct str content_type, struct str *out, struct err *err)
{
	static const char allowed[] =
		"'()+_,-./:=? "; /* RFC 2046, bchars, beside letters and digits */
	struct media_type type = media_type_read(content_type);
	struct str boundary = media_type_parameter(&type, STR("boundary"));
	bool good = boundary.n > 0 && boundary.n <= MULTIPART_BOUNDARY_MAX &&
	            boundary.p[boundary.n - 1] != ' ';
	for (size_t i = 0; good && i < boundary.n; i++) {
		char c = boundary.p[i];
		good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		       (c != 0 && strchr(allowed, c));
	}
	if (!good)
		return err_set(err, ERR_INPUT,
		               "The upload is not as a browser sends it: no boundary");
	*out = boundary;
	return true;
}

struct multipart *multipart_create(struct arena *arena, struct str boundary, size_t max_parts,
                                   const struct multipart_sink *sink)
{
	struct multipart *m = arena_alloc(arena, 1, sizeof *m);
	if (!m || boundary.n > MULTIPART_BOUNDARY_MAX)
		return NULL;
	m->sink = *sink;
	m->parts_left = max_parts;
	memcpy(m->delimiter, "\r\n--", 4);
	memcpy(m->delimiter + 4, boundary.p, boundary.n);
	m->delimiter_n = 4 + boundary.n;
	m->matched = 2; /* as if a CR LF had come */
	return m;
}

/*
 * A quoted value as browsers write it: %22, %0D and %0A for what cannot stand
 * there (HTML Standard, 4.10.21.8). Backslashes are taken as they are.
 */
static bool read_quoted(struct str *rest, struct str *out)
{
	if (rest->n < 2 || rest->p[0] != '"')
		return false;
	size_t end = 1;
	while (end < rest->n && rest->p[end] != '"')
		end++;
	if (end == rest->n)
		return false;
	*out = str_sub(*rest, 1, end - 1);
	*rest = str_sub(*rest, end + 1, rest->n);
	return form_text_is_clean(*out);
}

/*
 * The name of a file as it was before the browser wrote it, for show: those
 * three alone, as browsers write a per cent sign of the name itself as it is.
 * In place: `name` is a part of the head, and never grows.
 */
static struct str decode_filename(struct multipart *m, struct str name)
{
	static const struct {
		struct str written;
		char is;
	} ESCAPES[] = { { { "%22", 3 }, '"' }, { { "%0D", 3 }, '\r' }, { { "%0A", 3 }, '\n' } };
	if (!name.n)
		return name;
	char *to = m->head + (name.p - m->head);
	size_t n = 0;
	for (size_t at = 0; at < name.n;) {
		size_t i = 0;
		while (i < COUNT_OF(ESCAPES) &&
		       !str_starts(str_sub(name, at, name.n), ESCAPES[i].written))
			i++;
		to[n++] = i < COUNT_OF(ESCAPES) ? ESCAPES[i].is : name.p[at];
		at += i < COUNT_OF(ESCAPES) ? ESCAPES[i].written.n : 1;
	}
	return (struct str){ to, n };
}

/* form-data; name="…"[; filename="…"] and nothing else. */
static bool read_disposition(struct str value, struct multipart_part *part)
{
	size_t at = str_find(value, ';');
	if (!token_eq(str_trim(str_sub(value, 0, at)), STR("form-data")))
		return false;
	struct str rest = str_sub(value, at, value.n);
	while (rest.n > 0) {
		if (rest.p[0] != ';')
			return false;
		rest = str_trim(str_sub(rest, 1, rest.n));
		size_t equals = str_find(rest, '=');
		struct str key = str_sub(rest, 0, equals), text;
		rest = str_sub(rest, equals + 1, rest.n);
		if (!read_quoted(&rest, &text))
			return false;
		struct str *to = token_eq(key, STR("name"))       ? &part->name
		                 : token_eq(key, STR("filename")) ? &part->filename
		                                                  : NULL;
		if (!to || to->p)
			return false;
		*to = text;
		rest = str_trim(rest);
	}
	return part->name.n > 0 && part->name.n <= MULTIPART_NAME_MAX &&
	       part->filename.n <= MULTIPART_FILENAME_MAX;
}

static bool read_part_header(struct str line, struct multipart_part *part, bool *has_disposition)
{
	size_t colon = str_find(line, ':');
	struct str name = str_sub(line, 0, colon);
	struct str value = str_trim(str_sub(line, colon + 1, line.n));
	if (colon == line.n || !token_is(name) || !form_text_is_clean(value))
		return false;
	if (token_eq(name, STR("Content-Disposition"))) {
		if (*has_disposition)
			return false;
		*has_disposition = true;
		return read_disposition(value, part);
	}
	if (token_eq(name, STR("Content-Transfer-Encoding"))) /* RFC 7578, 4.7: none is decoded */
		return token_eq(value, STR("7bit")) || token_eq(value, STR("8bit")) ||
		       token_eq(value, STR("binary"));
	if (token_eq(name, STR("Content-Type"))) {
		if (part->type.p)
			return false;
		part->type = value;
	}
	return true;
}

static bool begin_part(struct multipart *m, struct err *err)
{
	struct multipart_part part = { STR_NONE, STR_NONE, STR_NONE };
	bool has_disposition = false;
	struct str rest = { m->head, m->head_n }, line;
	while (rest.n > 0) {
		size_t end = str_find_str(rest, STR("\r\n"));
		line = str_sub(rest, 0, end);
		rest = str_sub(rest, end + 2, rest.n);
		if (line.n > 0 && !read_part_header(line, &part, &has_disposition))
			return broken(m, err, "a part has a header that is not understood");
	}
	if (!has_disposition)
		return broken(m, err, "a part has no name");
	if (m->parts_left == 0)
		return broken(m, err, "it has too many parts");
	m->parts_left--;
	part.filename = decode_filename(m, part.filename);
	m->state = IN_BODY;
	m->matched = 0;
	if (m->sink.begin(m->sink.ctx, &part, err))
		return true;
	m->state = IS_BROKEN;
	return false;
}

static bool step_head(struct multipart *m, char c, struct err *err)
{
	if (m->head_n == sizeof m->head)
		return broken(m, err, "the headers of a part are too long");
	m->head[m->head_n++] = c;
	struct str head = { m->head, m->head_n };
	if (c != '\n' || (!str_ends(head, STR("\r\n\r\n")) && !str_eq(head, STR("\r\n"))))
		return true;
	return begin_part(m, err);
}

static bool step_behind(struct multipart *m, char c, struct err *err)
{
	if (m->behind_n == 0) {
		m->behind = c;
		m->behind_n = 1;
		return true;
	}
	m->behind_n = 0;
	if (m->behind == '\r' && c == '\n') {
		m->state = IN_HEAD;
		m->head_n = 0;
		return true;
	}
	if (m->behind == '-' && c == '-') {
		m->state = AT_END;
		return true;
	}
	return broken(m, err, "something stands behind a boundary");
}

static bool give(struct multipart *m, const char *p, size_t n, struct err *err)
{
	if (n == 0 || m->sink.piece(m->sink.ctx, (struct str){ p, n }, err))
		return true;
	m->state = IS_BROKEN;
	return false;
}

/* Reads body from bytes[*at], gives what is the part's, and stops behind a delimiter. */
static bool read_body(struct multipart *m, struct str bytes, size_t *at, struct err *err)
{
	size_t begin = *at;
	for (size_t i = *at; i < bytes.n; i++) {
		char c = bytes.p[i];
		if (m->matched > 0 && c != m->delimiter[m->matched]) {
			/* A false start: what was held back before this piece is given from the
			 * delimiter. */
			size_t here = i - begin;
			size_t held = m->matched > here ? m->matched - here : 0;
			m->matched = 0;
			if (!give(m, m->delimiter, held, err))
				return false;
		}
		if (c != m->delimiter[m->matched])
			continue;
		m->matched++;
		if (m->matched < m->delimiter_n)
			continue;
		*at = i + 1;
		size_t here = *at - begin;
		size_t own = here > m->delimiter_n ? here - m->delimiter_n : 0;
		m->state = BEHIND_DELIMITER;
		m->matched = 0;
		if (!give(m, bytes.p + begin, own, err))
			return false;
		if (m->sink.end(m->sink.ctx, err))
			return true;
		m->state = IS_BROKEN;
		return false;
	}
	*at = bytes.n;
	size_t here = bytes.n - begin;
	size_t held = m->matched < here ? m->matched : here;
	return give(m, bytes.p + begin, here - held, err);
}

static bool step(struct multipart *m, char c, struct err *err)
{
	switch (m->state) {
	case IN_DELIMITER_FIRST:
		if (c != m->delimiter[m->matched])
			return broken(m, err, "it does not begin with its boundary");
		if (++m->matched == m->delimiter_n)
			m->state = BEHIND_DELIMITER;
		return true;
	case BEHIND_DELIMITER:
		return step_behind(m, c, err);
	case IN_HEAD:
		return step_head(m, c, err);
	case AT_END:
		if (m->behind_n < 2 && c == "\r\n"[m->behind_n]) {
			m->behind_n++;
			return true;
		}
		return broken(m, err, "something stands behind its end");
	case IN_BODY:
	case IS_BROKEN:
		break;
	}
	return broken(m, err, "it went on after a fault");
}

bool multipart_feed(struct multipart *m, struct str bytes, struct err *err)
{
	size_t at = 0;
	while (at < bytes.n) {
		if (m->state == IN_BODY) {
			if (!read_body(m, bytes, &at, err))
				return false;
		} else if (!step(m, bytes.p[at++], err)) {
			return false;
		}
	}
	return true;
}

bool multipart_finish(struct multipart *m, struct err *err)
{
	if (m->state == AT_END && m->behind_n != 1)
		return true;
	return broken(m, err, "it ends before its last boundary");
}
