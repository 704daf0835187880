/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Bytes as text: small hexadecimal and strict base64 (RFC 4648, 4, canonical, padded). */
#ifndef CANDOUR_BASE_ENCODE_H
#define CANDOUR_BASE_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attribute.h"
#include "base/str.h"

struct buf;
struct arena;

/* Writes 2 * n small hex digits and no NUL. */
void hex_write(char *out, const void *bytes, size_t n);
/* Exactly 2 * n small hex digits, nothing else. */
bool hex_read(struct str text, void *out, size_t n) MUST_USE;
void buf_add_hex(struct buf *buf, const void *bytes, size_t n);

/* Length of the text for n bytes. */
size_t base64_length(size_t n);
/* Writes base64_length(n) characters and no NUL. */
void base64_write(char *out, const void *bytes, size_t n);
void buf_add_base64(struct buf *buf, const void *bytes, size_t n);
/*
 * Strict: canonical, padded, no white space. *n in: room of `out`; out: bytes
 * written. False when the text is anything else or does not fit.
 */
bool base64_read(struct str text, void *out, size_t *n) MUST_USE;

/* Percent-decoding as in forms and queries; `plus` true turns + into a blank. False for a broken
 * escape, NUL, or when the arena is out. */
bool percent_decode(struct arena *arena, struct str text, bool plus, struct str *out) MUST_USE;

#endif
