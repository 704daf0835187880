/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Two files against each other: each claim of the one with each of the other. What they were
 * proposed for is shown by the claims that say it, however much less they weigh. */
#include "people/people_parts.h"

#define CLAIMS_MAX 16 /* of one file */
#define EDGE_BITS 2.0 /* of the model */

struct claims {
	struct people *people;
	struct casebook_reader *reader;
	struct arena *arena;
	struct subject *at;
	int64_t entries[CLAIMS_MAX];
	uint32_t own[CLAIMS_MAX]; /* what each says itself: a bit each of enum pack_matched */
	size_t count;
	int64_t first; /* the file's first entry, which says the rest */
	bool has_failed;
	struct err *err;
};

/* The first entry, and the newest. */
static bool keep_claim(void *ctx, const struct casebook_claim *claim)
{
	struct claims *claims = ctx;
	struct casebook_claim whole;
	if (claim->is_gone || claim->count == 0)
		return true;
	size_t at = claims->count < CLAIMS_MAX ? claims->count++ : CLAIMS_MAX - 1;
	claims->entries[at] = claim->entry;
	claims->own[at] = 0;
	for (size_t i = 0; i < claim->count; i++)
		claims->own[at] |= 1u << claim->texts[i].as;
	if (!people_with_first(claims->reader, claims->arena, claim, &whole, claims->err)) {
		claims->has_failed = true;
		return false;
	}
	struct casebook_claim_text *texts =
		arena_alloc(claims->arena, whole.count + 1, sizeof *texts);
	for (size_t i = 0; texts && i < whole.count; i++)
		texts[i] = (struct casebook_claim_text){
			whole.texts[i].as, arena_copy(claims->arena, whole.texts[i].text)
		};
	claims->has_failed = !texts;
	if (claims->has_failed)
		return err_set(claims->err, ERR_UNABLE, "There is no memory to compare people");
	subject_of(texts, whole.count, claims->arena, &claims->at[at]);
	return true;
}

static bool claims_of(struct people *people, struct casebook_reader *reader, int64_t file,
                      struct arena *arena, struct claims *out, struct err *err)
{
	struct casebook_file known;
	*out = (struct claims){ .people = people, .reader = reader, .arena = arena, .err = err };
	if (!casebook_file_get(reader, arena, file, &known, err))
		return false;
	out->first = known.first_entry;
	out->at = arena_alloc(arena, CLAIMS_MAX, sizeof *out->at);
	if (!out->at)
		return err_set(err, ERR_UNABLE, "There is no memory to compare people");
	return casebook_claims_of(reader, file, keep_claim, out, err) && !out->has_failed;
}

/* One row of the one against one row of the other, as the index has it. */
static bool weigh(struct people *people, const struct subject *subject, size_t at, int64_t entry,
                  size_t row, struct arena *arena, struct match_reasons *out, bool *has,
                  struct err *err)
{
	char id[48];
	struct err why = { 0 };
	(void)snprintf(id, sizeof id, "%" PRId64 ".%zu", entry, row);
	*has = match_index_explain(people->index, people_columns(people, subject->is_first[at]),
	                           subject->cells[at], str_from_c(id), arena, out, &why);
	if (!*has && why.code != ERR_ABSENT) {
		*err = why;
		return false;
	}
	return true;
}

/* What a row says, and which entry said so. */
static void tell_said(const struct claims *claims, size_t at, size_t row,
                      struct people_said out[PEOPLE_SAID_MAX], size_t *count)
{
	static const struct {
		const char *what;
		enum pack_matched as;
	} COLUMNS[SUBJECT_COLUMNS] = {
		[SUBJECT_NAME] = { "name", PACK_MATCHED_NAME },
		[SUBJECT_BIRTH] = { "dob", PACK_MATCHED_BIRTH },
		[SUBJECT_ADDRESS] = { "address", PACK_MATCHED_HOME },
		[SUBJECT_POSTCODE] = { "postcode", PACK_MATCHED_HOME },
		[SUBJECT_PHONE] = { "phone", PACK_MATCHED_NUMBER },
		[SUBJECT_NHS] = { "nhs_number", PACK_MATCHED_NUMBER },
		[SUBJECT_UPN] = { "upn", PACK_MATCHED_NUMBER },
		[SUBJECT_EMAIL] = { "email", PACK_MATCHED_NUMBER },
	};
	_Static_assert(SUBJECT_COLUMNS <= PEOPLE_SAID_MAX, "each column is told");
	*count = 0;
	for (size_t c = 0; c < SUBJECT_COLUMNS; c++) {
		struct str text = claims->at[at].cells[row][c];
		bool is_own = claims->own[at] >> COLUMNS[c].as & 1;
		if (text.n)
			out[(*count)++] = (struct people_said){ str_from_c(COLUMNS[c].what), text,
				                                is_own ? claims->entries[at]
				                                       : claims->first };
	}
}

struct best {
	struct people_compared *of;
	struct people_said shared[2]; /* entry -1: nothing was shared yet */
	bool has;
	bool is_alike;
};

static struct people_said said_by(const struct claims *claims, size_t at,
                                  const struct subject_mark *mark, struct str what)
{
	bool is_own = claims->own[at] >> mark->as & 1;
	return (struct people_said){ what, mark->text,
		                     is_own ? claims->entries[at] : claims->first };
}

/* Whether both say the home, the place or the number by which the pair was proposed. */
static bool are_alike(const struct claims *a, size_t i, const struct claims *b, size_t j,
                      struct str what, struct best *best)
{
	const struct pack *pack = casebook_pack(a->people->book);
	const struct subject *left = &a->at[i], *right = &b->at[j];
	for (size_t m = 0; pack && what.n && m < left->mark_count; m++) {
		for (size_t n = 0; n < right->mark_count; n++) {
			const struct subject_mark *mine = &left->marks[m],
						  *theirs = &right->marks[n];
			if (!str_eq(mine->key, theirs->key) ||
			    (!str_eq(pack->matching.as[mine->as], what) &&
			     !str_eq(pack->matching.as[theirs->as], what)))
				continue;
			if (best->shared[0].entry < 0) {
				best->shared[0] = said_by(a, i, mine, what);
				best->shared[1] = said_by(b, j, theirs, what);
			}
			return true;
		}
	}
	return false;
}

static bool weigh_claims(struct people *people, const struct claims *a, size_t i,
                         const struct claims *b, size_t j, bool is_alike, struct arena *arena,
                         struct best *best, struct err *err)
{
	for (size_t r = 0; r < a->at[i].row_count; r++) {
		for (size_t s = 0; s < b->at[j].row_count; s++) {
			struct match_reasons reasons;
			bool is_there;
			if (!weigh(people, &a->at[i], r, b->entries[j], s, arena, &reasons,
			           &is_there, err))
				return false;
			if (!is_there ||
			    (best->has && best->is_alike == is_alike &&
			     best->of->reasons.weight >= reasons.weight) ||
			    (best->is_alike && !is_alike))
				continue;
			best->has = true;
			best->is_alike = is_alike;
			reasons.edge = EDGE_BITS;
			*best->of = (struct people_compared){
				.entries = { a->entries[i], b->entries[j] }, .reasons = reasons
			};
			tell_said(a, i, r, best->of->said[0], &best->of->said_count[0]);
			tell_said(b, j, s, best->of->said[1], &best->of->said_count[1]);
		}
	}
	return true;
}

bool people_compare(struct people *people, struct casebook_reader *reader, int64_t a, int64_t b,
                    struct str what, struct arena *arena, struct people_compared *out, bool *has,
                    struct err *err)
{
	struct best best = { .of = out, .shared = { { .entry = -1 }, { .entry = -1 } } };
	struct claims first, second;
	bool done = true;
	*has = false;
	if (!claims_of(people, reader, a, arena, &first, err) ||
	    !claims_of(people, reader, b, arena, &second, err))
		return false;
	pthread_mutex_lock(&people->lock);
	for (size_t i = 0; done && i < first.count; i++) {
		for (size_t j = 0; done && j < second.count; j++)
			done = weigh_claims(people, &first, i, &second, j,
			                    are_alike(&first, i, &second, j, what, &best), arena,
			                    &best, err);
	}
	pthread_mutex_unlock(&people->lock);
	*has = best.has;
	if (!best.has)
		*out = (struct people_compared){ .entries = { -1, -1 } };
	memcpy(out->shared, best.shared, sizeof out->shared);
	return done;
}

bool people_says(struct people *people, struct casebook_reader *reader, int64_t entry,
                 struct arena *arena, struct people_said out[PEOPLE_SAID_MAX], size_t *count,
                 struct err *err)
{
	int64_t next;
	struct claims claims = {
		.people = people, .reader = reader, .arena = arena, .first = entry, .err = err
	};
	*count = 0;
	claims.at = arena_alloc(arena, CLAIMS_MAX, sizeof *claims.at);
	if (!claims.at)
		return err_set(err, ERR_UNABLE, "There is no memory to compare people");
	if (!casebook_claims(reader, entry, entry, keep_claim, &claims, &next, err) ||
	    claims.has_failed)
		return false;
	if (claims.count == 0 || claims.at[0].row_count == 0)
		return true;
	tell_said(&claims, 0, 0, out, count);
	for (size_t row = 1; row < claims.at[0].row_count; row++) {
		struct people_said other[PEOPLE_SAID_MAX];
		size_t others, kept = 0;
		tell_said(&claims, 0, row, other, &others);
		for (size_t i = 0; i < *count; i++) {
			for (size_t j = 0; j < others; j++) {
				if (str_eq(out[i].what, other[j].what) &&
				    str_eq(out[i].text, other[j].text))
					out[kept++] = out[i];
			}
		}
		*count = kept;
	}
	return true;
}
