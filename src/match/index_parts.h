/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The index in memory. Private to the room.
 *
 * 1. Claims keep the codes of all their values (raw), and keys are made of
 *    those: what is in the lists never changes while a claim is there.
 * 2. What depends on how many claims share a value (an office's telephone, a
 *    form's date) is a mark on the claims that have it, set and cleared as the
 *    count passes its limit; it counts when claims are compared.
 * 3. So the lists, the counts and the marks depend on the claims alone.
 * 4. All that may fail is done before anything is changed, or is undone.
 */
#ifndef CANDOUR_MATCH_INDEX_PARTS_H
#define CANDOUR_MATCH_INDEX_PARTS_H

#include "match/match_parts.h"
#include "match/postings.h"
#include "match/value.h"

/* Marks of claims, beside CLAIM_…: the value is an office's. */
#define INDEX_HOT_PHONE 16
#define INDEX_HOT_PHONE_2 32
#define INDEX_HOT_EMAIL 64
#define INDEX_HOT_HOUSE 128
#define INDEX_HOT (INDEX_HOT_PHONE | INDEX_HOT_PHONE_2 | INDEX_HOT_EMAIL | INDEX_HOT_HOUSE)

/* Codes that one claim may need at most of a set; as many are always free, for a query. */
#define INDEX_SPARE 80

/* Keys of one half of a name: of the whole half, and of each of its words. */
#define INDEX_HALF_KEYS 6

/* As claims_sets has them. */
enum index_set {
	INDEX_NAMES,
	INDEX_MIDDLES,
	INDEX_DATES,
	INDEX_POSTCODES,
	INDEX_HOUSES,
	INDEX_STREETS,
	INDEX_PHONES,
	INDEX_EMAILS,
	INDEX_NHS,
	INDEX_UPNS,
	INDEX_AGENCIES,
	INDEX_OTHERS,
};

/* Lists of all claims that have a value, for marks. */
enum index_holder { HOLDER_PHONE, HOLDER_EMAIL, HOLDER_HOUSE, HOLDER_DOB, HOLDERS };

struct index_dates {
	uint32_t *by_count; /* how many dates so many claims have */
	uint32_t room;
	uint32_t distinct;
	uint32_t most; /* a date of more claims is a form's */
};

struct match_index {
	struct match_limits limits;
	struct arena *arena; /* of the model's text */
	struct str model_name, model_text;
	struct match *match; /* values, model and scorer; claims->count is how many there are now */
	struct rule rules[RULES_MAX + HOLDERS]; /* the model's, then those of holders */
	size_t rule_count, search_count;        /* of them, those that a search goes by */
	size_t holders[HOLDERS];                /* their rules */
	struct postings postings;
	uint32_t hot, max_block;
	bool was_used;
	/* Records: claims->claims by number. */
	uint32_t *id_at;  /* where its id and person lie in `letters`; 0: the record is free */
	uint32_t high;    /* records that were ever used */
	uint32_t room;    /* for records */
	uint32_t free;    /* a free one and 1, which has the next in claim->first; 0: none */
	uint8_t *letters; /* of each record: two lengths of two bytes, id, person */
	size_t letter_count, letter_room, letters_gone;
	/* Values: arrays of claims by set. */
	uint32_t rooms[CLAIMS_SETS]; /* codes for which there is room */
	uint32_t ready[CLAIMS_SETS]; /* codes that are made ready */
	/* Counts. */
	uint32_t full_used;                /* slots of full names */
	double date_pairs, postcode_pairs; /* of claims that share one */
	uint32_t changed; /* claims that came or went since names were last put together */
	struct index_dates dates;
	/* Of one call. */
	struct value *value;
	struct arena *scratch;
	uint8_t *seen; /* bits by record */
	uint32_t *found;
	size_t found_count;
	struct compare_cache cache;
};

/* --- values: index_values.c */

/* Room for INDEX_SPARE codes more than there are, twice over. */
bool index_rooms_make(struct match_index *index) MUST_USE;
/* What a set's values are made of lies ready up to `count` codes. */
void index_ready_all(struct match_index *index);

/* What lies ready of a name elsewhere: its words by themselves, and what is framed in it. Not of a
 * name that was asked. */
void index_wipe_name(struct match_index *index, uint32_t code);
/* What lies ready of a code that no claim has. */
void index_wipe_code(struct match_index *index, size_t set, uint32_t code);

enum index_reading {
	INDEX_KEPT,  /* new values get codes */
	INDEX_ASKED, /* new values get codes behind all others, until the next call */
};
/* The cells as a claim, its values made ready. Of INDEX_ASKED what is new is the scratch's. */
bool index_read(struct match_index *index, const struct match_columns *columns,
                const struct str *cells, enum index_reading how, struct claim *out) MUST_USE;

/* Keys are made of the date by itself, also where it is a form's for how many have it. */
void index_own_date(const struct claims *claims, struct claim *claim);

/* --- lists: index_lists.c */

void index_rules_set(struct match_index *index, const struct rules *rules);
/* The rule of that part alone; rule_count: there is none. */
size_t index_rule_of(const struct match_index *index, enum rule_part part);
/* Into all lists; false: there is no memory, and it is in none. */
bool index_lists_add(struct match_index *index, uint32_t record) MUST_USE;
void index_lists_remove(struct match_index *index, uint32_t record);
/* Whether a list of so many is hot, of those that were cut so many times. */
bool index_is_cut(const struct match_index *index, uint32_t count, size_t step);
/* The key of a list, mixed. */
uint64_t index_key(const struct match_index *index, size_t rule, uint64_t key);
uint64_t index_key_cut(const struct match_index *index, uint64_t key, size_t step,
                       const struct claim *claim, uint64_t id_hash);
uint64_t index_key_of_id(const struct match_index *index, struct str id);
/* By how it sounds, the keys of lists of all that have it there: never cut, since whoever asks by a
 * surname alone, or a first name, knows nothing by which they would be. */
enum index_half { INDEX_FIRST, INDEX_SURNAME };
uint64_t index_half_key(const struct match_index *index, enum index_half half, struct str word);
size_t index_half_keys(const struct match_index *index, enum index_half half, uint32_t name,
                       uint64_t keys[INDEX_HALF_KEYS]);
uint64_t index_holder_key(const struct match_index *index, enum index_holder holder, uint32_t code);

/* --- records: index.c */

struct str index_id(const struct match_index *index, uint32_t record);
struct str index_person(const struct match_index *index, uint32_t record);
uint64_t index_id_hash(const struct match_index *index, struct str id);
bool index_find(const struct match_index *index, struct str id, uint32_t *record);
bool index_records_grow(struct match_index *index, uint32_t more) MUST_USE;
bool index_letters_grow(struct match_index *index, size_t more) MUST_USE;
void index_letters_put(struct match_index *index, uint32_t record, struct str id,
                       struct str person);

/* --- counts and marks: index_live.c */

bool index_counts_begin(struct match_index *index) MUST_USE;
/* Room for what the claim adds. */
bool index_counts_make(struct match_index *index, const struct claim *claim) MUST_USE;
/* A record that is in its lists, or still is; `by` 1 or -1. */
void index_counts_add(struct match_index *index, uint32_t record, int by);
/* All records at once, whose values are counted already. */
bool index_counts_all(struct match_index *index) MUST_USE;
bool index_ties_make(struct match_index *index) MUST_USE;
/* The claim without what says nothing: itself, or in `room`. */
const struct claim *index_masked(const struct match_index *index, const struct claim *claim,
                                 struct claim *room);
/* The marks that a query would have. */
void index_mark_query(const struct match_index *index, struct claim *claim);
/* Chances as they are among so many claims as there are now. */
void index_model_refresh(struct match_index *index);

#endif
