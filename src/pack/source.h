/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Packs as files: finding, reading, checking, comparing, explaining. A running
 * register reads the bytes kept with its entry pack.adopted, never the folder.
 */
#ifndef CANDOUR_PACK_SOURCE_H
#define CANDOUR_PACK_SOURCE_H

#include "base/base.h"
#include "pack/model.h"

/* One file of a pack. */
struct pack_file {
	struct str path; /* "kinds/concern.yaml" */
	struct str bytes;
	struct str parsed; /* what pack_parsed_read found in place of bytes; p NULL: nothing */
	size_t parsed_nodes;
};

/* A pack's files in byte order of their path, and the layer it extends, if any. */
struct pack_bytes {
	struct str name;
	struct str version;
	struct str shown_as; /* the folder, for messages: "packs/england" */
	const struct pack_file *files;
	size_t count;
	struct hash hash;               /* of its bytes */
	bool is_parsed;                 /* by pack_parsed_read: its forms were found good before */
	const struct pack_bytes *below; /* NULL: no layer below */
};

/*
 * Errors found, each one line "file:line:column: found; expected[; nearest:
 * NAME]", in order; at most 50, then "and N more".
 */
struct pack_errors {
	const struct str *lines;
	size_t count;
	int stage; /* 1 bytes … 7 walk */
};

/*
 * Reads the files of pack `name` (a path when it holds a slash) from the
 * folders given, in order, with the layers it extends. ERR_ABSENT: not found
 * (the message lists the folders); ERR_INPUT: a file that may not be there.
 */
bool pack_find(struct arena *arena, const char *const *folders, size_t folder_count,
               struct str name, const struct pack_bytes **out, struct err *err) MUST_USE;

/*
 * Compiles a pack: stages 1-4. False: *errors tells, or *err (ERR_UNABLE). The
 * pack owns its memory and does not lean on `bytes`.
 */
bool pack_load(const struct pack_bytes *bytes, struct pack **out, struct arena *errors_arena,
               struct pack_errors *errors, struct err *err) MUST_USE;
void pack_destroy(struct pack *pack);

/* One file of canonical text that holds all layers, for keeping inside the register, and back. */
bool pack_bytes_write(struct buf *out, const struct pack_bytes *bytes) MUST_USE;
bool pack_bytes_read(struct arena *arena, struct str text, const struct pack_bytes **out,
                     struct err *err) MUST_USE;

/*
 * What the YAML of a pack says that was loaded, so that its text need not be read again: pack_load
 * takes what pack_parsed_read gives as if it were the text's bytes, and makes the same pack of it,
 * without asking again whether each key may stand where it stands. For whoever keeps it where
 * nobody else can write it; only the same version of the program reads it. What is read lies in
 * `text`. False: the text is not YAML, no room; this is not what was written.
 */
bool pack_parsed_write(struct buf *out, const struct pack_bytes *bytes,
                       struct arena *scratch) MUST_USE;
bool pack_parsed_read(struct arena *arena, struct str text, const struct pack_bytes **out) MUST_USE;

/* What the check found about one property. */
enum pack_verdict {
	PACK_HOLDS,
	PACK_FAILS,
	PACK_ADVICE,
	PACK_UNASKED, /* something else fails, without which it tells nothing */
};

struct pack_finding {
	struct str property; /* "P03" */
	enum pack_verdict verdict;
	/* "ok   P03 every duty dischargeable   26 rules …" or the error with its place. */
	struct str line;
	struct str history; /* the shortest history that breaks it, or p NULL */
	struct str json;    /* the same for a program */
};

struct pack_report {
	const struct pack_finding *at;
	size_t count;
	bool holds;
};

/* Stages 5-7: P01-P15 as far as this version walks them. */
bool pack_check(const struct pack *pack, struct arena *arena, struct pack_report *out,
                struct err *err) MUST_USE;

/* What a pack does not say in a language that it names beside its own. */
struct pack_untold {
	struct str language;
	size_t all;              /* sentences that the pack has */
	const struct str *paths; /* of those that fall back to its own language */
	size_t count;
};
/* One for each such language, in the order of pack.yaml. */
bool pack_untold(const struct pack *pack, struct arena *arena, const struct pack_untold **out,
                 size_t *count, struct err *err) MUST_USE;

/* How a new version stands to the one in force; what follows is worse. */
enum pack_change {
	PACK_CHANGE_EQUAL,
	PACK_CHANGE_TEXT,
	PACK_CHANGE_TIGHTER,
	PACK_CHANGE_OTHER, /* cannot be told by form */
	PACK_CHANGE_LOOSER,
};
#define PACK_CHANGES (PACK_CHANGE_LOOSER + 1)
/* "tighter" */
struct str pack_change_word(enum pack_change change);

/* One key of one element, or a whole element. */
struct pack_changed {
	struct str element; /* "duty" */
	struct str name;
	struct str key;  /* p NULL: the element came or went */
	struct str what; /* "5 working-days -> 4 working-days", "T99 added; T06 gone" */
	enum pack_change change;
	struct str line; /* "duty T08 within: 5 working-days -> 4 working-days   tighter" */
};

struct pack_comparison {
	enum pack_change change; /* the worst of all */
	/* In order of file, name and key. */
	const struct pack_changed *at;
	const struct str *lines; /* their lines */
	size_t count;
	size_t counts[PACK_CHANGES];
	/* The smallest version number that what changed may carry: texts alone raise the last
	 * number, what is tighter the middle one, all else the first. */
	struct str smallest;
	bool is_number_enough; /* the new pack's number is not below it */
	/* What old entries name and the new version lacks, each a sentence: it cannot be adopted
	 * whatever its number. */
	const struct str *gone;
	size_t gone_count;
};

/* Below, at or above 0 as `a` is an older version than `b`, the same, or a newer one. */
int pack_version_compare(struct str a, struct str b);

bool pack_compare(const struct pack *old, const struct pack *new, struct arena *arena,
                  struct pack_comparison *out, struct err *err) MUST_USE;

/* Parts of an element in words, with the titles of roles: "1 working day, counted from when it was
 * received"; the name of its ladder; "2 hours later: Service manager"; "the last visit is older
 * than …".
 */
struct str pack_words_due(struct arena *arena, const struct pack_duty *duty);
/* Who owes what the register itself asks to be read (R01, R02); empty: another duty. */
struct str pack_words_asked(struct arena *arena, const struct pack_duty *duty);
/* Owners that lines which open it name in place of its own: ", or Duty team where concern.added
 * says so"; empty: none. */
struct str pack_words_owned_else(struct arena *arena, const struct pack *pack,
                                 const struct pack_duty *duty);
struct str pack_words_ladder(struct arena *arena, const struct pack_duty *duty);
struct str pack_words_rung(struct arena *arena, const struct pack_rung *rung);
/* What opens a duty, what settles it: kinds and patterns, with commas. */
struct str pack_words_openers(struct arena *arena, const struct pack *pack,
                              const struct pack_duty *duty);
struct str pack_words_settlers(struct arena *arena, const struct pack *pack,
                               const struct pack_duty *duty);

/* The element in sentences. ERR_ABSENT: it has no such element. */
bool pack_explain(const struct pack *pack, struct arena *arena, struct str element, struct str *out,
                  struct err *err) MUST_USE;
/* TSV with a header: duties, kinds, gates, ladders, offices, patterns. */
bool pack_table(const struct pack *pack, struct arena *arena, struct str what, struct str *out,
                struct err *err) MUST_USE;

#endif
