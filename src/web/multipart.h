/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * multipart/form-data (RFC 7578), read as it arrives: nothing of a file is
 * kept here. Strict where browsers are uniform: lines end in CR LF, each part
 * has one Content-Disposition "form-data" with a name, nothing stands before
 * the first boundary or behind the last.
 */
#ifndef CANDOUR_WEB_MULTIPART_H
#define CANDOUR_WEB_MULTIPART_H

#include "base/base.h"

#define MULTIPART_BOUNDARY_MAX 70 /* RFC 2046, 5.1.1 */
#define MULTIPART_HEAD_MAX 4096   /* bytes of the headers of one part */
#define MULTIPART_NAME_MAX 200
#define MULTIPART_FILENAME_MAX 1000

/* The head of one part. Slices are valid during the call. */
struct multipart_part {
	struct str name;     /* UTF-8 */
	struct str filename; /* p NULL: a plain field, not a file. Never a path on our side. */
	struct str type;     /* Content-Type as sent; p NULL: absent. Not to be believed. */
};

/*
 * Who is told. Each answers false (having filled err) to end the reading; the
 * reader passes that on. A part's bytes come in any number of pieces.
 */
struct multipart_sink {
	bool (*begin)(void *ctx, const struct multipart_part *part, struct err *err);
	bool (*piece)(void *ctx, struct str bytes, struct err *err);
	bool (*end)(void *ctx, struct err *err);
	void *ctx;
};

struct multipart;

/* The boundary of a Content-Type; false when it is absent or no boundary (ERR_INPUT). */
bool multipart_boundary(struct str content_type, struct str *out, struct err *err) MUST_USE;

/* NULL when the arena is exhausted. At most `max_parts` parts are taken. */
struct multipart *multipart_create(struct arena *arena, struct str boundary, size_t max_parts,
                                   const struct multipart_sink *sink);

/* Reads on. ERR_INPUT: malformed or too many parts; else what the sink said. After false: no more.
 */
bool multipart_feed(struct multipart *multipart, struct str bytes, struct err *err) MUST_USE;

/* To be called after the last byte. ERR_INPUT: the body ended before its last boundary. */
bool multipart_finish(struct multipart *multipart, struct err *err) MUST_USE;

#endif
