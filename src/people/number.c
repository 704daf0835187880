/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The number in what somebody wrote: "NHS 943 476 5919", "07700 900125 (mum)".
 *
 * N1. Words are left out only around what has the form of a telephone, a
 *     plate, an NHS number or a pupil's, and only those that such a number has
 *     around it, or that stand in brackets behind it. Else they are part of it:
 *     "RXH 943 476 5919" is another's.
 * N2. A word with a digit is never left out, so that no two numbers become one.
 * N3. What stands before a comma is whose number it is ("school, dsl: 1042"),
 *     and no name of a number.
 */
#include "people/people_parts.h"

#define TOKENS_MAX 12
#define LETTERS_MAX 24 /* of one number, its letters and digits together */

struct token {
	struct str text;
	size_t end;               /* in the whole */
	bool has_digit, is_aside; /* in brackets */
};

struct written {
	struct str text;
	struct token tokens[TOKENS_MAX];
	size_t count;
	size_t first, last; /* tokens with a digit */
	bool has_whose;     /* N3 */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (uint8_t)c >= 0x80;
}

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* False: no number that could be told apart. */
static bool cut(struct str text, struct written *out)
{
	bool is_aside = false, has_digit = false;
	*out = (struct written){ .text = text };
	for (size_t at = 0; at < text.n;) {
		size_t from = at;
		bool is_number = false;
		while (at < text.n && (is_digit(text.p[at]) || is_letter(text.p[at])))
			is_number = is_digit(text.p[at++]) || is_number;
		if (at == from) {
			is_aside = text.p[at] == '(' || (is_aside && text.p[at] != ')');
			out->has_whose =
				out->has_whose || (!has_digit && strchr(",;/", text.p[at]) != NULL);
			at++;
			continue;
		}
		if (out->count == TOKENS_MAX)
			return false;
		if (is_number)
			out->last = out->count;
		if (is_number && !has_digit)
			out->first = out->count;
		has_digit = has_digit || is_number;
		out->tokens[out->count++] =
			(struct token){ str_sub(text, from, at - from), at, is_number, is_aside };
	}
	return has_digit && !out->has_whose;
}

/* --- forms ------------------------------------------------------------------------------------ */

struct form {
	char letters[LETTERS_MAX + 1]; /* small */
	size_t n, digits;
};

static bool form_of(const struct written *written, size_t from, size_t to, struct form *out)
{
	*out = (struct form){ .n = 0 };
	for (size_t t = from; t <= to; t++) {
		struct str text = written->tokens[t].text;
		for (size_t i = 0; i < text.n; i++) {
			if (out->n == LETTERS_MAX)
				return false;
			out->letters[out->n++] = small(text.p[i]);
			out->digits += is_digit(text.p[i]);
		}
	}
	return true;
}

static bool has_plus(const struct written *written)
{
	size_t at = (size_t)(written->tokens[written->first].text.p - written->text.p);
	while (at > 0 && written->text.p[at - 1] == '(')
		at--;
	return at > 0 && written->text.p[at - 1] == '+';
}

static bool is_telephone(const struct written *written, const struct form *form)
{
	if (form->digits != form->n)
		return false;
	return (form->letters[0] == '0' && (form->n == 10 || form->n == 11)) ||
	       (has_plus(written) && form->n >= 9 && form->n <= 15);
}

/* "L" a letter, "D" a digit. */
static bool is_of(const struct form *form, const char *shape)
{
	for (size_t i = 0; i < form->n; i++) {
		if (shape[i] != (is_digit(form->letters[i]) ? 'D' : 'L'))
			return false;
	}
	return shape[form->n] == 0;
}

/* Whole plates of the forms that say where they end. */
static bool is_plate(const struct form *form)
{
	static const char *const SHAPES[] = { "LLDDLLL", "LDDDLLL", "LDDLLL", "LDLLL",
		                              "LLLDDDL", "LLLDDL",  "LLLDL" };
	for (size_t i = 0; i < COUNT_OF(SHAPES); i++) {
		if (form->n == strlen(SHAPES[i]) && is_of(form, SHAPES[i]))
			return true;
	}
	return false;
}

static bool is_pupil(const struct form *form)
{
	return form->n == 13 && (is_of(form, "LDDDDDDDDDDDD") || is_of(form, "LDDDDDDDDDDDL"));
}

/* --- names of numbers ------------------------------------------------------------------------- */

/* Small, a bar between. */
#define ANY_WORDS "number|no|nr|num|is|the|my|his|her|their|"
#define NHS_WORDS ANY_WORDS "nhs"
#define PHONE_WORDS                                                                                \
	ANY_WORDS "tel|telephone|phone|mobile|mob|cell|landline|home|work|ring|call|text|"         \
		  "contact|on|of|s|new|old|mum|mother|dad|father|parent|parents|carer|nan|gran|"   \
		  "grandmother|grandfather|aunt|uncle|sister|brother|friend|whatsapp|fax"
#define PUPIL_WORDS ANY_WORDS "upn|unique|pupil"
#define PLATE_WORDS ANY_WORDS "plate|plates|reg|registration|vrm|car|van|red|vehicle"

static bool is_among(struct str word, const char *words)
{
	struct str rest = str_from_c(words), one;
	while (str_cut(&rest, '|', &one)) {
		bool is_it = one.n == word.n;
		for (size_t i = 0; is_it && i < one.n; i++)
			is_it = small(word.p[i]) == one.p[i];
		if (is_it)
			return true;
	}
	return false;
}

/* "mum", not "RXH", which could be of the number. */
static bool is_words(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] >= 'a' && text.p[i] <= 'z')
			return true;
	}
	return false;
}

/* What stands around it is among the words, in brackets behind it, or at least so long a word. */
static bool is_among_words(const struct written *written, size_t from, size_t to, const char *words,
                           size_t longer)
{
	for (size_t t = 0; t < written->count; t++) {
		const struct token *token = &written->tokens[t];
		if ((t >= from && t <= to) || is_among(token->text, words) ||
		    (t > to && token->is_aside && is_words(token->text)) ||
		    (longer && token->text.n >= longer))
			continue;
		return false;
	}
	return true;
}

static bool is_called(const struct written *written, struct str name)
{
	for (size_t t = 0; t < written->count; t++) {
		if (is_among(written->tokens[t].text, name.p))
			return true;
	}
	return false;
}

static enum subject_number number_at(const struct written *written, size_t from, size_t to)
{
	struct form form;
	if (!form_of(written, from, to, &form))
		return SUBJECT_NUMBER_OTHER;
	if (is_telephone(written, &form) && is_among_words(written, from, to, PHONE_WORDS, 0))
		return SUBJECT_NUMBER_PHONE;
	/* "Number 943 476 5919" could be any system's. */
	if (form.digits == form.n && form.n == 10 &&
	    (from == 0 || is_called(written, STR("nhs"))) &&
	    is_among_words(written, from, to, NHS_WORDS, 0))
		return SUBJECT_NUMBER_NHS;
	if (is_pupil(&form) && is_among_words(written, from, to, PUPIL_WORDS, 0))
		return SUBJECT_NUMBER_UPN;
	/* Three letters or less could be of a plate: of another form, or another land. */
	if (is_plate(&form) && is_among_words(written, from, to, PLATE_WORDS, 4))
		return SUBJECT_NUMBER_PLATE;
	return SUBJECT_NUMBER_OTHER;
}

/* The word around the sign of a mail. */
static struct str mail_of(struct str text)
{
	size_t at = str_find(text, '@'), from = at, to = at;
	static const char ENDS[] = " :;,()<>\t\n";
	while (from > 0 && !strchr(ENDS, text.p[from - 1]))
		from--;
	while (to < text.n && !strchr(ENDS, text.p[to]))
		to++;
	return str_sub(text, from, to - from);
}

struct str subject_number_of(struct str text, enum subject_number *what)
{
	struct written written;
	*what = SUBJECT_NUMBER_OTHER;
	if (str_find(text, '@') + 1 < text.n && str_find(text, '@') > 0) {
		*what = SUBJECT_NUMBER_MAIL;
		return mail_of(text);
	}
	if (!cut(text, &written))
		return text;
	/* A letter or three of it may stand apart, before its digits or behind them. */
	for (size_t i = 0; i < 4; i++) {
		size_t from = written.first - (i >> 1), to = written.last + (i & 1);
		if ((i >> 1 && written.first == 0) || to >= written.count)
			continue;
		*what = number_at(&written, from, to);
		if (*what == SUBJECT_NUMBER_OTHER)
			continue;
		size_t at = (size_t)(written.tokens[from].text.p - text.p);
		if (*what == SUBJECT_NUMBER_PHONE && has_plus(&written))
			at = str_find(text, '+');
		return str_sub(text, at, written.tokens[to].end - at);
	}
	return text;
}
