/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Parcels: what a register sends to the keeper of its off-site copy, a body of HTTP each. A first
 * line, then records, one behind the other:
 *
 *	candour/parcel/v1\n
 *	SORT (a letter)  FIELDS (a byte)  and for each field: LENGTH (4 bytes, big-endian) BYTES
 *
 * A length of 0xffffffff is a field that is not there; numbers are 8 bytes, big-endian, from 0 up.
 * No byte more than that is read.
 */
#ifndef CANDOUR_LOG_PARCEL_H
#define CANDOUR_LOG_PARCEL_H

#include "base/base.h"

#define LOG_PARCEL_MAX ((size_t)8 << 20) /* bytes of a body */
#define LOG_PARCEL_FIELDS_MAX 8

enum log_parcel_sort {
	LOG_PARCEL_BEGIN = 'b',  /* checkpoint; size that the keeper has, root of ours there */
	LOG_PARCEL_SLOT = 'k',   /* n, wrapped (no bytes: destroyed) */
	LOG_PARCEL_KEPT = 'm',   /* name, value, tag: what the vault keeps about itself */
	LOG_PARCEL_PIECE = 'q',  /* object, n, bytes */
	LOG_PARCEL_OBJECT = 'o', /* id, entry, size, digest; behind its pieces, before its entry */
	LOG_PARCEL_ENTRY = 'e',  /* index, size, file, header, opener, sealed or none, dark */
	LOG_PARCEL_SIGNED = 's', /* size, root, signature or none, key id; behind its entries */
	LOG_PARCEL_PUBLISHED = 'p', /* size, note */
	LOG_PARCEL_DARK_NONE = 'x', /* part: none of its rows stays */
	LOG_PARCEL_DARK = 'd',      /* part, n, entry and 1 (0: of none), bytes */
	LOG_PARCEL_END = 'z',       /* checkpoint: all is there up to it */
};

/* One record as it was read; fields are borrowed from the body, p NULL: not there. */
struct log_parcel_record {
	char sort;
	size_t count;
	struct str at[LOG_PARCEL_FIELDS_MAX];
};

/* Begins a body in an empty buffer. */
void log_parcel_begin(struct buf *out);
/* Adds the head of a record of `count` fields, which then follow one by one. */
void log_parcel_add(struct buf *out, enum log_parcel_sort sort, size_t count);
void log_parcel_str(struct buf *out, struct str field); /* p NULL: not there */
void log_parcel_int(struct buf *out, int64_t field);    /* from 0 up */

/* Cuts the first line off. False: it is another. */
bool log_parcel_open(struct str *body) MUST_USE;
/* The next record; *more false at the end. False: it is malformed. */
bool log_parcel_next(struct str *body, struct log_parcel_record *out, bool *more) MUST_USE;
/* A field as a number. False: it is none. */
bool log_parcel_number(struct str field, int64_t *out) MUST_USE;

#endif
