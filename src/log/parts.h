/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Parts: the sealed fields of an entry cut into paragraphs, each committed to
 * by itself, so that some can be shown and others kept back and the whole
 * still be proved.
 */
#ifndef CANDOUR_LOG_PARTS_H
#define CANDOUR_LOG_PARTS_H

#include "base/base.h"
#include "log/entry.h"

#define LOG_PARTS_OF_FIELD_MAX 1000

enum log_part_sort {
	LOG_PART_WORDS, /* a piece of a string, as it stands */
	LOG_PART_JSON,  /* any other value, as canonical JSON */
};

/* One part in its place: the `number`th of `of` in its field, from 0. */
struct log_part {
	struct str field;
	size_t number;
	size_t of;
	enum log_part_sort sort;
	struct str text;
};

/*
 * Cuts the sealed object (depth at most 8, keys in any order) into its parts,
 * by field as canonical JSON sorts them. Words are borrowed from `sealed`; the
 * strings of a field joined again are the field to the letter.
 * ERR_INPUT: no canonical form; ERR_UNABLE: arena.
 */
bool log_parts_cut(struct arena *arena, const struct json *sealed, const struct log_part **out,
                   size_t *count, struct err *err) MUST_USE;

/* The salt that is shown with a part; it tells nothing of any other part's. */
struct hash log_part_salt(struct hasher *hasher, const uint8_t sealed_salt[LOG_NONCE_SIZE],
                          const struct log_part *part);
/* The part's commitment: what stands for it when it is kept back. */
struct hash log_part_hash(struct hasher *hasher, const struct hash *salt, enum log_part_sort sort,
                          struct str text);

/* The header's `sealed`, from the sealed object and its salt. Errors as log_parts_cut. */
bool log_sealed_hash(struct hasher *hasher, struct arena *arena, const struct json *sealed,
                     const uint8_t sealed_salt[LOG_NONCE_SIZE], struct hash *out,
                     struct err *err) MUST_USE;

/* One part as somebody is given it: shown (salt and text), or kept back (its commitment). */
struct log_disclosed {
	struct str field;
	bool is_shown;
	enum log_part_sort sort; /* shown only */
	struct str text;         /* shown only */
	struct hash salt;        /* shown only */
	struct hash commitment;  /* kept back only */
};

/*
 * The header's `sealed` as it follows from a disclosure, to be compared with
 * the header. ERR_INPUT: a field's name, or a field's number of parts, is none
 * that an entry can have.
 */
bool log_disclosure_hash(struct hasher *hasher, const struct log_disclosed *parts, size_t count,
                         struct hash *out, struct err *err) MUST_USE;

#endif
