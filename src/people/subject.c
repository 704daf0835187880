/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Words that people wrote, as columns of a claim and as marks. What is written
 * freely ("Leo M., about 12") is taken for no more than it surely is: digits
 * are no name, and a name of more than six words is a sentence.
 */
#include "people/people_parts.h"

#define NAME_WORDS_MAX 6
#define KEY_MAX 160
#define MARK_LEAST 4  /* letters and digits of a plate or a number */
#define PLATE_LEAST 5 /* of one that stands among words */
#define PLATE_MAX 8
#define PLATE_LETTERS 3
#define PLATE_WORD 4 /* its first word, where it has two */
#define PLATE_TAIL 3 /* its second */
#define NHS_DIGITS 10
#define PHONE_LEAST 9

#define BUT_NAME                                                                                   \
	[SUBJECT_BIRTH] = { "dob", 3 }, [SUBJECT_ADDRESS] = { "address", 7 },                      \
	[SUBJECT_POSTCODE] = { "postcode", 8 }, [SUBJECT_PHONE] = { "phone", 5 },                  \
	[SUBJECT_NHS] = { "nhs_number", 10 }, [SUBJECT_UPN] = { "upn", 3 },                        \
	[SUBJECT_EMAIL] = { "email", 5 }

const struct str subject_columns[SUBJECT_COLUMNS] = { [SUBJECT_NAME] = { "full_name", 9 },
	                                              BUT_NAME };
const struct str subject_first_columns[SUBJECT_COLUMNS] = { [SUBJECT_NAME] = { "first_name", 10 },
	                                                    BUT_NAME };

/* --- letters ---------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_latin(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t digits_of(struct str text)
{
	size_t count = 0;
	for (size_t i = 0; i < text.n; i++)
		count += is_digit(text.p[i]);
	return count;
}

static size_t letters_of(struct str text)
{
	size_t count = 0;
	for (size_t i = 0; i < text.n; i++)
		count += is_latin(text.p[i]) || (uint8_t)text.p[i] >= 0x80;
	return count;
}

static size_t words_of(struct str text)
{
	size_t count = 0;
	for (size_t i = 0; i < text.n; i++)
		count += text.p[i] != ' ' && (i == 0 || text.p[i - 1] == ' ');
	return count;
}

/* --- what a text is --------------------------------------------------------------------------- */

/* "Leo Marsh (year 9)": what stands before the bracket, and no piece with a digit in it. */
static struct str name_of(struct arena *arena, struct str text)
{
	struct str pieces[8], rest = text, piece;
	size_t count = 0, end = text.n;
	static const char ENDS[] = ";(\n\r.:";
	for (size_t i = 0; i < sizeof ENDS - 1; i++) {
		size_t at = str_find(text, ENDS[i]);
		/* A dot ends a name only where a sentence goes on: "Leo M." is one. */
		if (ENDS[i] != '.' || at + 2 < text.n)
			end = at < end ? at : end;
	}
	rest = str_sub(text, 0, end);
	while (count + 1 < COUNT_OF(pieces) && str_cut(&rest, ',', &piece)) {
		piece = str_trim(piece);
		if (!piece.n || digits_of(piece))
			continue;
		if (count)
			pieces[count++] = STR(", ");
		pieces[count++] = piece;
	}
	struct str name = arena_join(arena, pieces, count);
	bool is_name = name.p && words_of(name) <= NAME_WORDS_MAX && !subject_is_nobody(name);
	return is_name ? name : STR("");
}

/* One word alone is what somebody is called; "Mr Marsh" is of a family. */
static bool is_called(struct str name)
{
	return words_of(name) == 1;
}

/* The end of an address: "… NF17 0RY". Empty: there is none. */
static struct str postcode_of(struct str text)
{
	size_t at = text.n, seen = 0, digits = 0;
	/* Back over letters, digits and one blank: at most seven symbols, of a digit and letters.
	 */
	while (at > 0 && seen < 8) {
		char c = text.p[at - 1];
		if (c == ' ' ? seen != 3 : !is_digit(c) && !is_latin(c))
			break;
		seen += c != ' ';
		digits += is_digit(c);
		at--;
		if (c != ' ' && seen >= 5 && seen <= 7 && digits >= 2 && is_latin(c) &&
		    (at == 0 || text.p[at - 1] == ' ' || text.p[at - 1] == ',') &&
		    is_digit(text.p[text.n - 3]) && is_latin(text.p[text.n - 1]))
			return str_sub(text, at, text.n);
	}
	return STR("");
}

/* --- marks ------------------------------------------------------------------------------------ */

/* Of digits alone, as a telephone is, and not as a number of the health service; its name before it
 * and words behind it do not count. */
static bool is_telephone(struct str text)
{
	enum subject_number what;
	text = subject_number_of(text, &what);
	size_t digits = digits_of(text);
	return letters_of(text) == 0 && str_find(text, '@') == text.n && digits >= PHONE_LEAST &&
	       (digits != NHS_DIGITS || text.p[0] == '0');
}

static void add_mark(struct subject *subject, enum people_how how, enum pack_matched as,
                     struct str text, struct str key, bool is_of_home)
{
	if (!key.n || subject->mark_count == SUBJECT_MARKS_MAX)
		return;
	for (size_t i = 0; i < subject->mark_count; i++) {
		if (str_eq(subject->marks[i].key, key))
			return;
	}
	subject->marks[subject->mark_count++] =
		(struct subject_mark){ how, as, is_of_home, key, text };
}

/* Letters and digits alone, small, without marks: "AB12 CDE" is "ab12cde". */
static struct str folded(struct arena *arena, struct str head, struct str text, bool has_blanks)
{
	char *key = arena_alloc(arena, KEY_MAX + 8, 1);
	size_t n = head.n;
	bool is_apart = false;
	if (!key)
		return STR("");
	memcpy(key, head.p, head.n);
	for (size_t at = 0; at < text.n && n < KEY_MAX;) {
		struct fold_letter letter = fold_letter_at(text, at);
		at += letter.n;
		if (letter.sort != FOLD_LETTER) {
			is_apart = is_apart ||
			           (letter.sort != FOLD_NOTHING && letter.sort != FOLD_APOSTROPHE);
			continue;
		}
		if (is_apart && has_blanks && n > head.n)
			key[n++] = ' ';
		is_apart = false;
		for (size_t i = 0; i < letter.count && n < KEY_MAX; i++)
			n += fold_write(letter.points[i], key + n);
	}
	return (struct str){ key, n };
}

/* "+44 7700 900123" and "07700900123" are one telephone. */
struct str subject_number_key(struct arena *arena, struct str text)
{
	enum subject_number what;
	text = subject_number_of(text, &what);
	if (str_starts(text, STR("+44")))
		text = str_sub(text, 3, text.n);
	struct str key = folded(arena, STR("m:"), text, false);
	struct str bare = str_sub(key, 2, key.n);
	while (letters_of(bare) == 0 && bare.n > 1 && bare.p[0] == '0')
		bare = str_sub(bare, 1, bare.n);
	if (bare.n < MARK_LEAST)
		return STR("");
	struct str pieces[2] = { STR("m:"), bare };
	return arena_join(arena, pieces, 2);
}

/* By postcode and first number where both are there; else by all its words, two at least. */
static struct str place_key(struct arena *arena, struct str text)
{
	struct str postcode = postcode_of(text);
	struct str key = folded(arena, STR("p:"), text, true);
	if (postcode.n && text.p < postcode.p) {
		struct str before = str_sub(text, 0, (size_t)(postcode.p - text.p));
		size_t at = 0;
		while (at < before.n && !is_digit(before.p[at]))
			at++;
		size_t end = at;
		while (end < before.n && (is_digit(before.p[end]) || is_latin(before.p[end])))
			end++;
		struct str pieces[2] = { str_sub(before, at, end - at), postcode };
		struct str both = arena_join(arena, pieces, at < before.n ? 2 : 0);
		if (both.n)
			return folded(arena, STR("p:"), both, false);
	}
	return words_of(str_sub(key, 2, key.n)) >= 2 ? key : STR("");
}

/* --- a plate among words ---------------------------------------------------------------------- */

/* The next word of letters and digits alone. */
static bool next_word(struct str text, size_t *at, struct str *out)
{
	while (*at < text.n && !is_digit(text.p[*at]) && !is_latin(text.p[*at]))
		(*at)++;
	size_t first = *at;
	while (*at < text.n && (is_digit(text.p[*at]) || is_latin(text.p[*at])))
		(*at)++;
	*out = str_sub(text, first, *at - first);
	return out->n > 0;
}

/* "AB12CDE" or "AB12 CDE": letters, digits, letters, the latter in a word of its own if it is
 * short. Neither a road ("A1066"), a room ("Room 101") nor a postcode ("NM2 3AB") is written so. */
static bool is_plate(struct str text)
{
	size_t groups = 0, blanks = 0, n = text.n;
	for (size_t i = 0; i < n; i++) {
		bool is_other = i == 0 || is_digit(text.p[i]) != is_digit(text.p[i - 1]);
		if (text.p[i] == ' ') {
			blanks++;
			if (i < PLATE_WORD || n - i - 1 > PLATE_TAIL || groups != 2)
				return false;
		} else if (!is_digit(text.p[i]) && !is_latin(text.p[i])) {
			return false;
		} else if (i > 0 && text.p[i - 1] == ' ') {
			groups += !is_digit(text.p[i]);
		} else {
			groups += is_other;
		}
	}
	return groups == 3 && is_latin(text.p[0]) && blanks <= 1 &&
	       letters_of(text) >= PLATE_LETTERS && n - blanks >= PLATE_LEAST &&
	       n - blanks <= PLATE_MAX && !postcode_of(text).n;
}

/* Where something happened may be a car, which its plate tells. */
static void add_plates(struct subject *subject, struct arena *arena, struct str text)
{
	struct str last = STR(""), word;
	for (size_t at = 0; next_word(text, &at, &word); last = word) {
		size_t first = last.n ? (size_t)(last.p - text.p) : 0;
		struct str both = last.n ? str_sub(text, first, at - first) : STR("");
		struct str plate = is_plate(word) ? word : is_plate(both) ? both : STR("");
		add_mark(subject, PEOPLE_MARK, PACK_MATCHED_MARK, plate,
		         subject_number_key(arena, plate), false);
	}
}

/* --- one entry -------------------------------------------------------------------------------- */

static void add_home(struct subject *subject, size_t row, struct arena *arena, struct str text)
{
	(void)arena;
	subject->cells[row][SUBJECT_ADDRESS] = text;
	subject->cells[row][SUBJECT_POSTCODE] = postcode_of(text);
}

/* A number of somebody's: which, its own form says. Where it is none of a column, none is filled.
 */
static void add_number(struct subject *subject, struct str text)
{
	struct str *cells = subject->cells[0];
	enum subject_number what;
	text = subject_number_of(text, &what);
	size_t digits = digits_of(text), letters = letters_of(text);
	if (str_find(text, '@') < text.n)
		cells[SUBJECT_EMAIL] = cells[SUBJECT_EMAIL].n ? cells[SUBJECT_EMAIL] : text;
	else if (letters == 1 && digits >= 12)
		cells[SUBJECT_UPN] = cells[SUBJECT_UPN].n ? cells[SUBJECT_UPN] : text;
	else if (letters == 0 && digits == NHS_DIGITS && text.p[0] != '0')
		cells[SUBJECT_NHS] = cells[SUBJECT_NHS].n ? cells[SUBJECT_NHS] : text;
	else if (letters == 0 && digits >= PHONE_LEAST)
		cells[SUBJECT_PHONE] = cells[SUBJECT_PHONE].n ? cells[SUBJECT_PHONE] : text;
}

/* Numbers, birth and what is not said again stand in each row. */
static void fill_rows(struct subject *subject, size_t names, size_t homes)
{
	size_t rows = names > homes ? names : homes;
	bool has_any = false;
	rows = rows > 0 ? rows : 1;
	for (size_t row = 1; row < rows; row++)
		subject->is_first[row] = subject->is_first[row < names ? row : 0];
	for (size_t row = 0; row < rows; row++) {
		for (size_t c = 0; row > 0 && c < SUBJECT_COLUMNS; c++) {
			bool is_there = subject->cells[row][c].n > 0;
			bool is_home = c == SUBJECT_ADDRESS || c == SUBJECT_POSTCODE;
			if (!is_there && !(is_home && row < homes))
				subject->cells[row][c] = subject->cells[0][c];
		}
	}
	for (size_t c = 0; c < SUBJECT_COLUMNS; c++)
		has_any = has_any || subject->cells[0][c].n > 0;
	subject->row_count = has_any ? rows : 0;
}

void subject_of(const struct casebook_claim_text *texts, size_t count, struct arena *arena,
                struct subject *out)
{
	size_t names = 0, homes = 0;
	*out = (struct subject){ 0 };
	for (size_t i = 0; i < count; i++) {
		struct str text = str_trim(texts[i].text);
		enum pack_matched as = texts[i].as;
		struct str name = as == PACK_MATCHED_NAME ? name_of(arena, text) : STR("");
		if (name.n && names < SUBJECT_ROWS_MAX) {
			out->is_first[names] = is_called(name);
			out->cells[names++][SUBJECT_NAME] = name;
		}
		if (as == PACK_MATCHED_BIRTH && !out->cells[0][SUBJECT_BIRTH].n)
			out->cells[0][SUBJECT_BIRTH] = text;
		if (as == PACK_MATCHED_HOME && homes < SUBJECT_ROWS_MAX)
			add_home(out, homes++, arena, text);
		if (as == PACK_MATCHED_NUMBER)
			add_number(out, text);
		if (as == PACK_MATCHED_NUMBER || as == PACK_MATCHED_MARK)
			add_mark(out, PEOPLE_MARK, as, text, subject_number_key(arena, text),
			         as == PACK_MATCHED_NUMBER && is_telephone(text));
		if (as == PACK_MATCHED_HOME || as == PACK_MATCHED_PLACE)
			add_mark(out, PEOPLE_PLACE, as, text, place_key(arena, text),
			         as == PACK_MATCHED_HOME);
		if (as == PACK_MATCHED_PLACE)
			add_plates(out, arena, text);
	}
	fill_rows(out, names, homes);
}

/* --- a search --------------------------------------------------------------------------------- */

static bool is_month(struct str word)
{
	static const char MONTHS[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	char head[3];
	if (word.n < 3)
		return false;
	for (size_t i = 0; i < 3; i++)
		head[i] = (char)(word.p[i] | 0x20);
	for (size_t i = 0; i + 3 < sizeof MONTHS; i += 3)
		if (memcmp(MONTHS + i, head, 3) == 0)
			return true;
	return false;
}

/* "12/3/2011", "2011-03-12", "12 Mar 2011", "2011". */
static bool is_birth(struct str text)
{
	size_t digits = digits_of(text);
	struct str rest = text, word;
	if (digits < 4 || digits > 8)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		bool is_between = text.p[i] == '/' || text.p[i] == '-' || text.p[i] == '.' ||
		                  text.p[i] == ' ';
		if (!is_digit(text.p[i]) && !is_between && !is_latin(text.p[i]))
			return false;
	}
	while (str_cut(&rest, ' ', &word)) {
		if (letters_of(word) && !is_month(word) && digits_of(word) == 0)
			return false;
		if (letters_of(word) && digits_of(word))
			return false;
	}
	return true;
}

static enum pack_matched looks_like(struct str piece)
{
	size_t digits = digits_of(piece), letters = letters_of(piece);
	enum subject_number what;
	(void)subject_number_of(piece, &what);
	if (digits == 0)
		return str_find(piece, '@') < piece.n ? PACK_MATCHED_NUMBER : PACK_MATCHED_NAME;
	if (what == SUBJECT_NUMBER_PHONE || what == SUBJECT_NUMBER_NHS ||
	    what == SUBJECT_NUMBER_UPN || what == SUBJECT_NUMBER_MAIL)
		return PACK_MATCHED_NUMBER;
	if (is_birth(piece))
		return PACK_MATCHED_BIRTH;
	if (letters == 0 || words_of(piece) == 1)
		return PACK_MATCHED_NUMBER;
	return PACK_MATCHED_HOME;
}

/* "Leo Marsh 12/3/2011" without a comma: the words with digits at its end are a piece of their own.
 */
static struct str cut_name(struct str *piece)
{
	size_t at = 0;
	while (at < piece->n && !is_digit(piece->p[at]))
		at++;
	struct str name = str_trim(str_sub(*piece, 0, at));
	if (at == piece->n || !name.n || !is_birth(str_sub(*piece, at, piece->n)))
		return STR("");
	*piece = str_sub(*piece, at, piece->n);
	return name;
}

/* "9 Mill Lane, Northmere, NM2 3CD" is one home: its pieces from the first with a number on to the
 * last. */
static size_t join_homes(struct casebook_claim_text *texts, size_t count, struct arena *arena)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		struct casebook_claim_text *last = kept ? &texts[kept - 1] : NULL;
		bool is_home = texts[i].as == PACK_MATCHED_HOME;
		bool is_town = texts[i].as == PACK_MATCHED_NAME && i + 1 < count &&
		               texts[i + 1].as == PACK_MATCHED_HOME;
		if (!last || last->as != PACK_MATCHED_HOME || !(is_home || is_town)) {
			texts[kept++] = texts[i];
			continue;
		}
		struct str pieces[3] = { last->text, STR(", "), texts[i].text };
		struct str joined = arena_join(arena, pieces, 3);
		last->text = joined.p ? joined : last->text;
	}
	return kept;
}

/* "Quillifer" is looked for as a surname too: what a file says by itself is a first name. */
static void add_surnames(struct subject *subject)
{
	size_t count = subject->row_count;
	for (size_t row = 0; row < count && subject->row_count < SUBJECT_ROWS_MAX; row++) {
		if (!subject->is_first[row])
			continue;
		size_t at = subject->row_count++;
		memcpy(subject->cells[at], subject->cells[row], sizeof subject->cells[at]);
		subject->is_first[at] = false;
	}
}

void subject_of_words(struct str words, struct arena *arena, struct subject *out)
{
	struct casebook_claim_text texts[16];
	size_t count = 0;
	struct str rest = words, piece;
	while (count + 2 < COUNT_OF(texts) && str_cut(&rest, ',', &piece)) {
		piece = str_trim(piece);
		struct str name = cut_name(&piece);
		if (name.n)
			texts[count++] = (struct casebook_claim_text){ PACK_MATCHED_NAME, name };
		if (piece.n)
			texts[count++] = (struct casebook_claim_text){ looks_like(piece), piece };
	}
	count = join_homes(texts, count, arena);
	/* What could be a plate could be part of an address as well: it is looked for as both. */
	subject_of(texts, count, arena, out);
	add_surnames(out);
	for (size_t i = 0; i < count; i++) {
		if (digits_of(texts[i].text) && texts[i].as != PACK_MATCHED_BIRTH)
			add_mark(out, PEOPLE_MARK, PACK_MATCHED_MARK, texts[i].text,
			         subject_number_key(arena, texts[i].text), false);
		if (texts[i].as == PACK_MATCHED_NAME)
			add_mark(out, PEOPLE_PLACE, PACK_MATCHED_PLACE, texts[i].text,
			         place_key(arena, texts[i].text), false);
	}
}
