/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What entries say of whom, or of what, their file is about: the fields that
 * the pack matches by (`matched-as`). For an index in memory alone.
 */
#ifndef CANDOUR_CASEBOOK_CLAIM_H
#define CANDOUR_CASEBOOK_CLAIM_H

#include "base/base.h"
#include "casebook/query.h"
#include "casebook/reader.h"
#include "pack/pack.h"

struct casebook_claim_text {
	enum pack_matched as;
	struct str text; /* one item of a field that is repeated */
};

/* One entry's. Texts live until the visit returns. */
struct casebook_claim {
	int64_t entry;
	int64_t file;
	struct str number;                 /* of the file: "P-88" */
	const struct pack_file_type *type; /* NULL: the rules have it no more */
	struct str office;                 /* whose words they are; empty: nobody's */
	instant recorded;
	const struct casebook_claim_text *texts;
	size_t count;
	bool is_gone; /* the file's key is destroyed: what was known of it is to be forgotten */
};
/* False ends the visit. */
typedef bool casebook_visit_claim(void *ctx, const struct casebook_claim *claim);

/*
 * Visits the claims among the entries from `first` to `last`, oldest first. No
 * reading is recorded, since nobody reads: whoever keeps what is visited shows
 * none of it, but opens the entry for a viewer (casebook_open_seal). Fields of
 * other meanings are not given, a person's own words never. *next: the first entry that was not
 * looked at, also when a visit ended it.
 */
bool casebook_claims(struct casebook_reader *reader, int64_t first, int64_t last,
                     casebook_visit_claim *visit, void *ctx, int64_t *next,
                     struct err *err) MUST_USE;
/* The same of one file's entries, its first 1,000. */
bool casebook_claims_of(struct casebook_reader *reader, int64_t file, casebook_visit_claim *visit,
                        void *ctx, struct err *err) MUST_USE;
/* What the plain side of an entry says of who wrote on which file. */
struct casebook_contact {
	int64_t entry;
	int64_t file;
	const struct pack_kind *kind; /* NULL: the rules have it no more */
	struct str office;            /* empty: nobody's */
	bool is_imported;
	const struct json
		*plain; /* of kinds that propose and answer alone (pack: matching); else NULL
	                 */
};
typedef bool casebook_visit_contact(void *ctx, const struct casebook_contact *contact,
                                    struct err *err);
/* Each entry from `first` to `last`, oldest first; opens no seal. False ends it, with *err. */
bool casebook_contacts(struct casebook_reader *reader, int64_t first, int64_t last,
                       casebook_visit_contact *visit, void *ctx, struct err *err) MUST_USE;

/* The newest entry of the reader's snapshot; -1: none. */
bool casebook_newest_entry(struct casebook_reader *reader, int64_t *out, struct err *err) MUST_USE;

/*
 * Whether what an entry says of whom its file is about would open for the viewer: the entry's own
 * words, and those of the entry that began the file, which stand beside them. Nothing is opened.
 */
bool casebook_may_claim(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                        int64_t file, int64_t entry, bool *out, struct err *err) MUST_USE;
/* Whether words of the file are closed to most now. */
bool casebook_is_restricted(struct casebook_reader *reader, int64_t file, bool *out,
                            struct err *err) MUST_USE;
/* What the register itself proposed on a file; nobody else's proposals. */
struct casebook_own_proposal {
	int64_t entry;
	struct str what; /* of the words that the pack has for it (pack: matching) */
};
/* The oldest `most`. */
bool casebook_own_proposals(struct casebook_reader *reader, struct arena *arena, int64_t file,
                            size_t most, struct casebook_own_proposal *out, size_t *count,
                            struct err *err) MUST_USE;

/* What stands for the number of a file that a viewer may not know of. */
#define CASEBOOK_HIDDEN_FILE "a file that you may not read"
/*
 * Whether a file that `entry` names (id or number) is one that the viewer may not know of: then
 * what is said of both is shown, and not which it is. What the viewer's own office wrote names
 * nothing that it did not know.
 */
bool casebook_hides_file(struct casebook_reader *reader, const struct casebook_viewer *viewer,
                         const struct casebook_entry *entry, struct str file, bool *out,
                         struct err *err) MUST_USE;

/*
 * Whether two files are linked by any relation, either way, or it was proposed already that they
 * belong together: by the word `what` of the pack (matching), or, where n is 0, by any. Then
 * nothing more is proposed of them.
 */
bool casebook_is_related(struct casebook_reader *reader, int64_t a, int64_t b, struct str what,
                         bool *out, struct err *err) MUST_USE;

#endif
