/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Attachments: sealed once, by 64 KiB pieces, as they arrive; never whole in
 * memory, never decoded. The key goes into the sealed fields of the entry.
 */
#ifndef CANDOUR_CASEBOOK_OBJECT_H
#define CANDOUR_CASEBOOK_OBJECT_H

#include "base/base.h"
#include "casebook/reader.h"

struct casebook_upload;

/* Begins an object for a draft. ERR_UNABLE: disk nearly full. */
bool casebook_upload_begin(struct casebook *book, struct str draft, struct casebook_upload **out,
                           struct err *err) MUST_USE;
/* ERR_INPUT: larger than limits.attachment. */
bool casebook_upload_add(struct casebook_upload *upload, struct str bytes,
                         struct err *err) MUST_USE;
/*
 * Ends it, durable: the JSON value to put into the attachment field (object, key, sha256, size,
 * name, type by magic bytes). ERR_INPUT: empty, or of a type that is not taken.
 */
bool casebook_upload_end(struct casebook_upload **upload, struct arena *arena, struct str name,
                         const struct json **value, struct err *err) MUST_USE;
void casebook_upload_drop(struct casebook_upload **upload); /* for CLEANUP; takes NULL */

/*
 * Gives an attachment of an entry, piece by piece. Access and reading as casebook_open_seal.
 * `value` is what the entry's sealed field holds.
 */
typedef bool casebook_object_sink(void *ctx, struct str piece, struct err *err);
bool casebook_object_read(struct casebook_reader *reader, const struct json *value,
                          casebook_object_sink *sink, void *ctx, struct err *err) MUST_USE;

/* Content type from the first bytes (512 are enough), from a list of twelve, or
 * application/octet-stream for SVG, HTML, XML; p NULL: not one we take. */
struct str casebook_object_type(struct str first_bytes);

#endif
