/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Claims: what one agency wrote about one person at one time, as codes of
 * normalised values. Each distinct value is prepared once: what is compared and
 * what keys are made of lies ready by its code. Private to the room.
 */
#ifndef CANDOUR_MATCH_CLAIMS_H
#define CANDOUR_MATCH_CLAIMS_H

#include "match/name_hint.h"
#include "match/table.h"

#define CLAIM_PHONES 2
#define CLAIM_THREADS 64 /* as many as there may be */
#define CLAIM_TOKENS 3   /* of middle names */

/* Two lines of the processor's cache: what is compared and what keys are made of. 0: missing. */
struct claim {
	uint32_t first, surname; /* names */
	uint32_t middle;         /* middles */
	uint32_t dob;            /* dates */
	uint32_t postcode;       /* postcodes */
	uint32_t house;          /* number and street */
	uint32_t street;
	uint32_t phone[CLAIM_PHONES];
	uint32_t email;
	uint32_t nhs; /* numbers */
	uint32_t upn;
	uint32_t other[FIELD_OTHERS];
	/* Keys alone. */
	uint32_t first_start[3]; /* hashes of its first 1, 2, 3 letters, or of as many as there are
	                          */
	uint32_t surname_start[4]; /* of 1 … 4 */
	uint32_t first_sound, surname_sound;
	uint32_t year;     /* of birth */
	uint32_t sure_dob; /* dob, where it is no default and the day is known */
	uint32_t either;   /* the sounds of both names in whichever order */
	/* What is compared digit by digit. */
	uint32_t dob_digits; /* eight, four bits each */
	uint8_t dob_sure;    /* enum norm_sure */
	uint8_t sex;         /* enum norm_sex */
	uint8_t agency;
	uint8_t flags;             /* CLAIM_… */
	uint64_t postcode_letters; /* up to seven, a byte each from the lowest; how many in the
	                              highest */
	uint64_t nhs_digits;       /* ten, four bits each */
};
_Static_assert(sizeof(struct claim) == 128, "a claim is two lines of the cache");

#define CLAIM_HOUSE_SEPARATOR '\x1F' /* between number and street */

#define CLAIM_AGENCIES UINT8_MAX /* from here on agencies are not told apart */

#define CLAIM_SECOND 1 /* of the second file */
#define CLAIM_NHS 2    /* the number's check digit is right */
#define CLAIM_UPN 4    /* so is this one's, and it is no temporary one */
#define CLAIM_HALF 8   /* of the postcode the first half alone */

/* A name's prepared keys. */
struct name_keys {
	uint32_t start[4]; /* hash of its first 1 … 4 letters, or of as many as there are */
	uint32_t sound;    /* code of its sound key; 0: none */
	uint32_t set_count;
	const uint32_t *sets; /* what it has in common with variants that sound otherwise */
};

struct middle_value {
	uint32_t names[CLAIM_TOKENS]; /* codes of its words */
	uint32_t whole;               /* code of all of it */
	uint32_t count;
	uint64_t given; /* all of these codes, a bit each (claims_given_bit) */
};

struct date_value {
	uint32_t digits; /* eight, four bits each, the first highest */
	int16_t year;
	uint8_t month, day;
	uint8_t sure; /* enum norm_sure */
};

struct postcode_value {
	uint64_t letters; /* up to seven, one a byte, from the lowest */
	uint8_t n;
	bool is_half; /* outward alone */
};

struct number_value {
	uint64_t low, high; /* characters, one a byte from the lowest */
	uint64_t digits;    /* of a number of digits alone: four bits each, the first highest */
	uint8_t n;
	bool is_valid;
	bool is_temporary;
};

/* Which of 64 bits stands for a name among middle ones. */
static inline uint64_t claims_given_bit(uint32_t name)
{
	return UINT64_C(1) << (name * UINT32_C(0x9E3779B9) >> 26);
}

/* Distinct values of one sort and how many claims have each. */
struct value_set {
	struct dictionary texts;
	uint32_t *counts; /* by code */
};

struct claims_limits {
	unsigned threads;
	uint64_t seed;
	uint32_t hot; /* a telephone, address or mail of more claims is an office's */
	int this_year;
};

struct claims {
	struct pool *pool;
	struct claims_limits limits;
	struct claim *claims;
	char *id_letters; /* all ids, one behind the other */
	size_t id_bytes;
	uint64_t *id_ends; /* by claim */
	uint32_t *by_rank; /* claims in an order that their ids alone give, however the rows came */
	uint32_t *ranks;   /* by claim */
	uint32_t count;
	uint32_t
		high; /* places in `claims` that were ever used: an index has gaps, without names */
	uint32_t file_count;
	uint32_t first_count; /* of the first file's; the rest are the second's */
	/* Of streets those that have one without a house are counted. */
	struct value_set names, middles, dates, postcodes, houses, streets, phones, emails, nhs,
		upns, agencies;
	struct value_set others[FIELD_OTHERS];
	uint32_t *first_counts, *surname_counts; /* by name */
	struct dictionary sounds;
	struct name_keys *name_keys;
	struct arena *names_arenas[CLAIM_THREADS]; /* what names need besides, by thread */
	const struct names *name_set;              /* which names are forms of one */
	struct name_value *name_values;
	struct name_hint *name_hints;
	struct middle_value *middle_values;
	struct date_value *date_values;
	struct postcode_value *postcode_values;
	struct number_value *nhs_values, *upn_values;
	struct number_value *other_values[FIELD_OTHERS];
	size_t hot[FIELD_COUNT]; /* values that too many claims share, by field */
	bool has[FIELD_COUNT];
};

#define CLAIMS_SETS 13
/* All sets of values. */
void claims_sets(struct claims *claims, struct value_set *sets[CLAIMS_SETS]);

bool claims_open(struct claims *claims, struct pool *pool, const struct claims_limits *limits,
                 struct err *err) MUST_USE;
/* One file's rows behind those that are there, twice at most. The table is not needed afterwards.
 * ERR_UNABLE. */
bool claims_add(struct claims *claims, const struct table *table, struct err *err) MUST_USE;
/* Lasts as long as the claims. */
struct str claims_id(const struct claims *claims, uint32_t claim);
/* Once all files are there: what is known of each value by itself, and of how many claims have it.
 * False: there is no memory. */
bool claims_prepare(struct claims *claims) MUST_USE;
void claims_finish(struct claims *claims);

/* How many pairs there are of so many claims; and of claims with an equal value, by how many have
 * each. */
double claims_pairs(double count);
double claims_pairs_equal(const uint32_t *counts, uint32_t codes);

#endif
