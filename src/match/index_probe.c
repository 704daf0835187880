/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/index_probe.h"

#define FOUND_MAX ((size_t)1 << 16) /* as many as index->found has room for */
#define AHEAD 8                     /* records that are fetched before they are looked at */
#define SCAN_MAX 20000              /* records of a hot list that are looked at one by one */

struct probing {
	struct match_index *index;
	const struct claim *raw, *masked;
};

static void take(struct match_index *index, uint32_t record)
{
	uint8_t *seen = &index->seen[record / 8], bit = (uint8_t)(1u << record % 8);
	if ((*seen & bit) || index->found_count == FOUND_MAX)
		return;
	*seen |= bit;
	index->found[index->found_count++] = record;
}

/* --- hot lists
 * ------------------------------------------------------------------------------------- */

static bool shares_more(const struct claim *a, const struct claim *b, size_t from)
{
	for (size_t step = from; step < BLOCK_CUT_STEPS; step++) {
		uint32_t value = block_cut_value(a, step);
		if (value && value == block_cut_value(b, step))
			return true;
	}
	return false;
}

/* A query without the value by which a hot list is cut: what else it shares decides. */
static void scan(struct match_index *index, const struct posting_list *list,
                 const struct claim *raw, size_t step)
{
	const struct claim *claims = index->match->claims.claims;
	for (uint32_t i = 0; i < list->count; i++) {
		if (i + AHEAD < list->count)
			__builtin_prefetch(&claims[list->records[i + AHEAD]]);
		if (shares_more(raw, &claims[list->records[i]], step + 1))
			take(index, list->records[i]);
	}
}

/* A list, or where it is hot the smaller one in which the query would be. */
static void probe_list(struct match_index *index, uint64_t key, const struct claim *raw)
{
	for (size_t step = 0;; step++) {
		uint32_t one;
		struct posting_list list = postings_find(&index->postings, key, &one);
		if (!index_is_cut(index, list.count, step)) {
			for (uint32_t i = 0; i < list.count; i++)
				take(index, list.records[i]);
			return;
		}
		if (step < BLOCK_CUT_STEPS && !block_cut_value(raw, step) && list.count <= SCAN_MAX)
			scan(index, &list, raw, step);
		key = index_key_cut(index, key, step, raw, 0);
	}
}

static void probe_rules(const struct probing *probing)
{
	struct match_index *index = probing->index;
	const struct claims *claims = &index->match->claims;
	uint64_t keys[RULES_MAX * RULE_KEYS_MAX];
	size_t count = 0;
	for (size_t r = 0; r < index->search_count; r++) {
		uint64_t of_rule[RULE_KEYS_MAX];
		size_t n = rule_keys(claims, &index->rules[r], probing->masked, of_rule);
		for (size_t k = 0; k < n; k++) {
			keys[count] = index_key(index, r, of_rule[k]);
			postings_expect(&index->postings, keys[count++]);
		}
	}
	for (size_t i = 0; i < count; i++)
		probe_list(index, keys[i], probing->raw);
}

/* --- slips of the pen
 * ---------------------------------------------------------------------------------- */

/* One of the names, or its sound, in its place or in the other's. */
static bool shares_name(const struct claim *a, const struct claim *b)
{
	return (a->first && (a->first == b->first || a->first == b->surname)) ||
	       (a->surname && (a->surname == b->surname || a->surname == b->first)) ||
	       (a->first_sound && a->first_sound == b->first_sound) ||
	       (a->surname_sound && a->surname_sound == b->surname_sound);
}

/* Of those that have a value which is nearly the query's, those that share a name. */
static void probe_near(const struct probing *probing, uint64_t key)
{
	struct match_index *index = probing->index;
	const struct claim *claims = index->match->claims.claims;
	uint32_t one;
	struct posting_list list = postings_find(&index->postings, key, &one);
	for (uint32_t i = 0; list.count <= index->max_block && i < list.count; i++) {
		if (shares_name(probing->raw, &claims[list.records[i]]))
			take(index, list.records[i]);
	}
}

/* A date is kept as eight digits and how sure it is, which its day tells too. */
static void probe_date(const struct probing *probing, const char digits[8])
{
	static const char SURE[] = { '0' + NORM_SURE_DAY, '0' + NORM_SURE_MONTH };
	const struct claims *claims = &probing->index->match->claims;
	char text[9];
	memcpy(text, digits, 8);
	for (size_t i = 0; i < sizeof SURE; i++) {
		text[8] = SURE[i];
		uint32_t code = dictionary_find(&claims->dates.texts, (struct str){ text, 9 });
		if (code && claims->dates.counts[code] &&
		    claims->date_values[code].sure != NORM_DEFAULT)
			probe_near(probing, index_holder_key(probing->index, HOLDER_DOB, code));
	}
}

/* Another digit somewhere; day and month changed over. */
static void probe_dates(const struct probing *probing)
{
	const struct claims *claims = &probing->index->match->claims;
	char digits[8];
	if (!probing->masked->sure_dob)
		return;
	memcpy(digits, dictionary_text(&claims->dates.texts, probing->raw->dob).p, sizeof digits);
	for (size_t i = 0; i < sizeof digits; i++) {
		char own = digits[i];
		for (digits[i] = '0'; digits[i] <= '9'; digits[i]++) {
			if (digits[i] != own)
				probe_date(probing, digits);
		}
		digits[i] = own;
	}
	char turned[8] = { digits[0], digits[1], digits[2], digits[3],
		           digits[6], digits[7], digits[4], digits[5] };
	probe_date(probing, turned);
}

static void probe_postcode(const struct probing *probing, size_t rule, struct str text)
{
	const struct claims *claims = &probing->index->match->claims;
	struct claim claim = { .postcode = dictionary_find(&claims->postcodes.texts, text) };
	uint64_t keys[RULE_KEYS_MAX];
	if (!claim.postcode || !claims->postcodes.counts[claim.postcode] ||
	    !rule_keys(claims, &probing->index->rules[rule], &claim, keys))
		return;
	probe_near(probing, index_key(probing->index, rule, keys[0]));
}

/* Another letter or digit somewhere, or two changed over. */
static void probe_postcodes(const struct probing *probing)
{
	static const char LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	const struct claims *claims = &probing->index->match->claims;
	size_t rule = index_rule_of(probing->index, RULE_POSTCODE);
	struct str own = dictionary_text(&claims->postcodes.texts, probing->raw->postcode);
	char letters[8];
	if (rule == probing->index->rule_count || !own.n || own.n > sizeof letters)
		return;
	struct str text = { letters, own.n };
	memcpy(letters, own.p, own.n);
	for (size_t i = 0; i < own.n; i++) {
		for (const char *letter = LETTERS; *letter; letter++) {
			letters[i] = *letter;
			if (*letter != own.p[i])
				probe_postcode(probing, rule, text);
		}
		letters[i] = own.p[i];
		if (i + 1 == own.n || own.p[i] == own.p[i + 1])
			continue;
		letters[i] = own.p[i + 1];
		letters[i + 1] = own.p[i];
		probe_postcode(probing, rule, text);
		memcpy(letters, own.p, own.n);
	}
}

/* First name and surname changed over. */
static void probe_turned(const struct probing *probing)
{
	const struct claims *claims = &probing->index->match->claims;
	struct claim turned = *probing->masked;
	turned.first = probing->masked->surname;
	turned.surname = probing->masked->first;
	const struct name_keys *first = &claims->name_keys[turned.first],
			       *surname = &claims->name_keys[turned.surname];
	memcpy(turned.first_start, first->start, sizeof turned.first_start);
	memcpy(turned.surname_start, surname->start, sizeof turned.surname_start);
	turned.first_sound = first->sound;
	turned.surname_sound = surname->sound;
	probe_rules(&(struct probing){ probing->index, probing->raw, &turned });
}

void index_probe_all(struct match_index *index, const struct claim *raw, const struct claim *masked)
{
	struct probing probing = { index, raw, masked };
	probe_rules(&probing);
	probe_turned(&probing);
	probe_dates(&probing);
	probe_postcodes(&probing);
}

static void probe_half(struct match_index *index, enum index_half half, uint32_t name)
{
	uint64_t keys[INDEX_HALF_KEYS];
	uint32_t one;
	/* The first is the whole half's: its words are for whoever asks by one of them. */
	if (!index_half_keys(index, half, name, keys))
		return;
	struct posting_list list = postings_find(&index->postings, keys[0], &one);
	for (uint32_t i = 0; i < list.count; i++)
		take(index, list.records[i]);
}

void index_probe_alone(struct match_index *index, const struct claim *raw)
{
	if (!raw->first)
		probe_half(index, INDEX_SURNAME, raw->surname);
	if (!raw->surname)
		probe_half(index, INDEX_FIRST, raw->first);
	if (!raw->first && !raw->surname && raw->house)
		probe_list(index, index_holder_key(index, HOLDER_HOUSE, raw->house), raw);
}

/* --- names of several words
 * ----------------------------------------------------------------------------- */

#define WORDS_MAX 8

/* Words of a name that is asked, each sound once; an initial is none. */
struct asked_words {
	struct str at[WORDS_MAX];
	uint64_t keys[WORDS_MAX];
	size_t count;
};

static void add_words(const struct match_index *index, uint32_t name, struct asked_words *out)
{
	struct str rest = dictionary_text(&index->match->claims.names.texts, name), word;
	while (name && out->count < WORDS_MAX && str_cut(&rest, ' ', &word)) {
		uint64_t key = index_half_key(index, INDEX_FIRST, word);
		bool is_new = word.n > 1;
		for (size_t i = 0; i < out->count; i++)
			is_new = is_new && out->keys[i] != key;
		if (!is_new)
			continue;
		out->at[out->count] = word;
		out->keys[out->count++] = key;
	}
}

/* Takes those that have the word and another one before, or no second name. */
static void take_second(struct match_index *index, const struct posting_list *list,
                        const uint8_t *first, bool is_only)
{
	const struct claim *claims = index->match->claims.claims;
	for (uint32_t i = 0; i < list->count; i++) {
		uint32_t record = list->records[i];
		if (i + AHEAD < list->count)
			__builtin_prefetch(&claims[list->records[i + AHEAD]]);
		if (is_only || (first[record / 8] >> record % 8 & 1) || !claims[record].first ||
		    !claims[record].surname)
			take(index, record);
	}
}

bool index_probe_words(struct match_index *index, const struct claim *raw)
{
	struct asked_words words = { .count = 0 };
	uint8_t *first = arena_alloc(index->scratch, index->high / 8 + 1, 1);
	if (!first)
		return false;
	add_words(index, raw->first, &words);
	add_words(index, raw->surname, &words);
	for (size_t w = 0; w < words.count; w++) {
		uint32_t ones[2];
		struct posting_list lists[2];
		for (size_t half = 0; half < 2; half++) {
			uint64_t key = index_half_key(index, (enum index_half)half, words.at[w]);
			lists[half] = postings_find(&index->postings, key, &ones[half]);
			take_second(index, &lists[half], first, words.count == 1);
		}
		for (size_t half = 0; half < 2; half++) {
			for (uint32_t i = 0; i < lists[half].count; i++)
				first[lists[half].records[i] / 8] |=
					(uint8_t)(1u << lists[half].records[i] % 8);
		}
	}
	return true;
}
