/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/header.h"

#define WORDS_MAX 12
#define LETTERS_MAX 96
#define RUN_MAX 4 /* words that together are a name of a field: date of birth */

struct words {
	char letters[LETTERS_MAX]; /* small, one behind the other */
	size_t used, count;
	size_t starts[WORDS_MAX + 1];
};

/* --- words
 * -----------------------------------------------------------------------------------------------
 */

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A mark of ASCII, or a byte of a longer letter: "Child’s" is two words. */
static bool is_mark(char c)
{
	return !is_upper(c) && !is_lower(c) && !is_digit(c);
}

/* "firstName", "NHSNumber", "phone2": where a new word begins without a mark. */
static bool begins(struct str header, size_t i)
{
	char before = header.p[i - 1], c = header.p[i];
	if (is_digit(c) || is_digit(before))
		return is_digit(c) != is_digit(before);
	bool is_next_lower = i + 1 < header.n && is_lower(header.p[i + 1]);
	return is_upper(c) && (is_lower(before) || (is_upper(before) && is_next_lower));
}

static struct str run_of(const struct words *words, size_t from, size_t to)
{
	return (struct str){ words->letters + words->starts[from],
		             words->starts[to] - words->starts[from] };
}

static void end_word(struct words *words)
{
	if (words->used > words->starts[words->count])
		words->starts[++words->count] = words->used;
}

/* False: there are more than are looked at. */
static bool cut_words(struct str header, struct words *out)
{
	*out = (struct words){ .used = 0 };
	for (size_t i = 0; i < header.n; i++) {
		char c = header.p[i];
		if (is_mark(c) || (i > 0 && !is_mark(header.p[i - 1]) && begins(header, i)))
			end_word(out);
		if (out->used == LETTERS_MAX || out->count == WORDS_MAX)
			return false;
		if (!is_mark(c))
			out->letters[out->used++] = is_upper(c) ? (char)(c - 'A' + 'a') : c;
	}
	end_word(out);
	return true;
}

/* --- filling
 * --------------------------------------------------------------------------------------------- */

#define WHO                                                                                        \
	"child childs children childrens pupil pupils student students learner learners patient "  \
	"patients client clients person persons individual subject cyp"
#define OF_A(field) (UINT32_C(1) << (field))
#define NAMES (OF_A(FIELD_FIRST) | OF_A(FIELD_MIDDLE) | OF_A(FIELD_SURNAME) | OF_A(FIELD_FULL))
#define REACH (OF_A(FIELD_POSTCODE) | OF_A(FIELD_ADDRESS) | OF_A(FIELD_PHONE) | OF_A(FIELD_EMAIL))
#define NUMBERS (OF_A(FIELD_PHONE) | OF_A(FIELD_NHS) | OF_A(FIELD_UPN))

/* Words that say nothing, and beside which fields: "home name" is a children's home's. */
static const struct filling {
	const char *words;
	uint32_t fields;
} FILLINGS[] = {
	{ WHO " s the of for young serviceuser", UINT32_MAX },
	{ "legal preferred chosen official known", NAMES | OF_A(FIELD_SEX) },
	{ "current", NAMES | REACH },
	{ "home usual main present latest permanent", REACH },
	{ "number numbers no nos num nr id ref", NUMBERS },
	{ "code", OF_A(FIELD_SEX) | OF_A(FIELD_POSTCODE) },
	{ "and", NAMES },
	{ "1", NAMES | REACH },
	{ "2 3 4 5 6 7 8 9", REACH | OF_A(FIELD_FIRST) | OF_A(FIELD_MIDDLE) },
	{ "line lines", OF_A(FIELD_ADDRESS) },
	{ "dd mm yyyy yy d m y ddmmyyyy ddmmyy format", OF_A(FIELD_DOB) },
	{ "atbirth", OF_A(FIELD_SEX) },
};

/* Beside which fields the run says nothing; 0: it says something. */
static uint32_t filling_of(struct str run)
{
	for (size_t i = 0; i < COUNT_OF(FILLINGS); i++) {
		if (str_has_word(str_from_c(FILLINGS[i].words), run))
			return FILLINGS[i].fields;
	}
	return 0;
}

/* --- fields
 * ---------------------------------------------------------------------------------------------- */

static enum field head_of(struct str run)
{
	enum field field = field_of_head(run);
	if (field == FIELD_NONE && str_ends(run, STR("s")))
		field = field_of_head(str_sub(run, 0, run.n - 1));
	/* What agency wrote it, and whose number it is, are told outright. */
	return field == FIELD_AGENCY || field == FIELD_ID ? FIELD_NONE : field;
}

/* "patientforename" */
static enum field head_behind_who(struct str run)
{
	struct str rest = STR(WHO), who;
	enum field field = FIELD_NONE;
	while (field == FIELD_NONE && str_cut(&rest, ' ', &who)) {
		if (str_starts(run, who) && run.n > who.n)
			field = head_of(str_sub(run, who.n, run.n));
	}
	return field;
}

/* Two names of fields in one header. */
static enum field both_of(enum field a, enum field b)
{
	if (a == FIELD_NONE || a == b)
		return b;
	if (a == FIELD_ADDRESS || b == FIELD_ADDRESS) {
		enum field other = a == FIELD_ADDRESS ? b : a;
		/* A street's name is none of a person's. */
		return other == FIELD_FULL ? FIELD_ADDRESS : other;
	}
	bool is_whole = (a == FIELD_FIRST && b == FIELD_SURNAME) ||
	                (a == FIELD_SURNAME && b == FIELD_FIRST);
	return is_whole ? FIELD_FULL : FIELD_REFUSED;
}

/* How many words from there on are one thing, the longest first; 0: nobody knows. */
static size_t take_run(const struct words *words, size_t from, enum field *field, uint32_t *fits)
{
	size_t left = words->count - from;
	for (size_t n = left < RUN_MAX ? left : RUN_MAX; n; n--) {
		struct str run = run_of(words, from, from + n);
		enum field head = head_of(run);
		uint32_t filling = head == FIELD_NONE ? filling_of(run) : 0;
		if (head == FIELD_NONE && !filling)
			head = head_behind_who(run);
		if (head == FIELD_NONE && !filling)
			continue;
		if (head != FIELD_NONE)
			*field = both_of(*field, head);
		else
			*fits &= filling;
		return n;
	}
	return 0;
}

/* "Forename 2" */
static bool is_further(const struct words *words)
{
	struct str last = run_of(words, words->count - 1, words->count);
	return last.n == 1 && last.p[0] >= '2' && last.p[0] <= '9';
}

enum field header_field(struct str header)
{
	struct words words;
	enum field field = FIELD_NONE;
	uint32_t fits = UINT32_MAX;
	if (!cut_words(header, &words))
		return FIELD_NONE;
	for (size_t at = 0, n; at < words.count; at += n) {
		n = take_run(&words, at, &field, &fits);
		if (!n || field == FIELD_REFUSED)
			return FIELD_NONE;
	}
	if (field == FIELD_NONE || !(fits & OF_A(field)))
		return FIELD_NONE;
	return field == FIELD_FIRST && is_further(&words) ? FIELD_MIDDLE : field;
}

/* --- whose
 * -----------------------------------------------------------------------------------------------
 */

static bool has_any(const struct words *words, struct str list)
{
	for (size_t i = 0; i < words->count; i++) {
		struct str word = run_of(words, i, i + 1);
		bool is_of = word.n > 2 && str_ends(word, STR("s")) &&
		             str_has_word(list, str_sub(word, 0, word.n - 1));
		if (is_of || str_has_word(list, word))
			return true;
	}
	return false;
}

enum header_whose header_whose(struct str header)
{
	static const char KIN[] = "mother father mum dad parent carer guardian contact";
	static const char OTHERS[] =
		"worker referrer reporter caller author practitioner professional staff officer "
		"manager supervisor nurse doctor gp dr consultant midwife teacher school nursery "
		"college employer emergency kin sibling brother sister twin partner spouse husband "
		"wife grandparent grandmother grandfather relative neighbour witness perpetrator "
		"suspect offender alleged lawyer solicitor placement hospital surgery team office "
		/* when something happened */
		"referral referred start started end ended opened open closed close created create "
		"updated update modified changed recorded entered entry received event incident "
		"visit assessment review meeting death died deceased admission admitted "
		"discharge discharged due seen reported effective";
	struct words words;
	if (!cut_words(header, &words))
		return HEADER_HERS;
	if (has_any(&words, str_from_c(OTHERS)))
		return HEADER_ANOTHERS;
	return has_any(&words, str_from_c(KIN)) ? HEADER_KINS : HEADER_HERS;
}

bool header_may_be_id(struct str header)
{
	static const char PLACES[] = "house flat room street phone telephone mobile age year";
	struct words words;
	if (!cut_words(header, &words) || !words.count || header_whose(header) != HEADER_HERS ||
	    has_any(&words, str_from_c(PLACES)))
		return false;
	struct str last = run_of(&words, words.count - 1, words.count);
	return str_ends(last, STR("id")) || str_ends(last, STR("ref")) ||
	       str_ends(last, STR("reference")) || str_ends(last, STR("key")) ||
	       (words.count > 1 && str_has_word(STR("number no num nr"), last));
}

bool header_is_of_house(struct str header)
{
	static const char HOUSES[] =
		"house household home family uprn property building premises tenancy address flat "
		"room street";
	struct words words;
	return cut_words(header, &words) && has_any(&words, str_from_c(HOUSES));
}
