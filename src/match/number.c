/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Numbers that stand for a person. What is not ASCII is looked at only where a reader of the
 * number would: full-width figures of a telephone number, odd blanks. */
#include "match/number.h"

#define PHONE_MIN 9 /* digits */
#define PHONE_MAX 15
#define HOME_DIGITS 11 /* of a number of this country, with its leading 0 */
#define PHONE_RAW 40   /* characters: digits, + and brackets of what could still be one number */
#define NHS_DIGITS 10
#define UPN_LETTERS "ABCDEFGHJKLMNPQRTUVWXYZ"
#define UPN_LENGTH 13
#define UPN_MODULUS 23

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool are_all_alike(const char *digits, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (digits[i] != digits[0])
			return false;
	}
	return true;
}

/* Digits, + and brackets of `text`, in their plain forms; more than fit: 0. */
static size_t phone_signs(struct str text, char out[PHONE_RAW])
{
	size_t n = 0;
	for (size_t at = 0; at < text.n;) {
		int32_t parts[FOLD_EXPANDED_MAX];
		size_t count = 1;
		parts[0] = (unsigned char)text.p[at];
		if (parts[0] >= 0x80)
			count = fold_expand(fold_read(text, &at), parts);
		else
			at++;
		for (size_t i = 0; i < count; i++) {
			bool is_sign = (parts[i] >= '0' && parts[i] <= '9') || parts[i] == '+' ||
			               parts[i] == '(' || parts[i] == ')';
			if (is_sign && n == PHONE_RAW)
				return 0;
			if (is_sign)
				out[n++] = (char)parts[i];
		}
	}
	return n;
}

/* Without "(0)", which is left out when one rings from abroad, and without other brackets. */
static size_t drop_brackets(char *signs, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		if (i + 2 < n && memcmp(signs + i, "(0)", 3) == 0)
			i += 2;
		else if (signs[i] != '(' && signs[i] != ')')
			signs[kept++] = signs[i];
	}
	return kept;
}

/* How many signs at the start say "this country". */
static size_t home_prefix(struct str signs)
{
	size_t n = 0;
	if (str_starts(signs, STR("+44")))
		n = 3;
	else if (str_starts(signs, STR("0044")))
		n = 4;
	else if (str_starts(signs, STR("44")) && signs.n == 12 && signs.p[2] != '0' &&
	         str_find(signs, '+') == signs.n)
		n = 2;
	return n > 0 && n < signs.n && signs.p[n] == '0' ? n + 1 : n;
}

bool norm_phone(struct str text, char out[16])
{
	char signs[PHONE_RAW];
	out[0] = 0;
	struct str rest = { signs, drop_brackets(signs, phone_signs(text, signs)) };
	size_t home = home_prefix(rest);
	struct str before = STR_NONE;
	if (home > 0)
		before = STR("0");
	else if (str_starts(rest, STR("+")))
		before = STR("00");
	else if (rest.n == HOME_DIGITS - 1 && rest.p[0] != '0')
		before = STR("0");
	rest = str_sub(rest, home > 0 ? home : str_starts(rest, STR("+")), rest.n);
	size_t n = before.n + rest.n;
	if (n < PHONE_MIN || n > PHONE_MAX || str_find(rest, '+') < rest.n)
		return false;
	char digits[PHONE_MAX + 1] = { 0 };
	memcpy(digits, before.n > 0 ? before.p : "", before.n);
	memcpy(digits + before.n, rest.p, rest.n);
	if (are_all_alike(digits + 1, n - 1))
		return false;
	memcpy(out, digits, sizeof digits);
	return true;
}

enum keep {
	KEEP_HYPHENS,
	DROP_HYPHENS,
};

static bool is_dropped(const struct fold_letter *letter, enum keep hyphens)
{
	bool is_dash = letter->sort == FOLD_HYPHEN || letter->point == 0x2212 ||
	               (letter->point >= 0x2012 && letter->point <= 0x2015);
	return letter->sort == FOLD_BLANK || letter->sort == FOLD_NOTHING ||
	       (is_dash && hyphens == DROP_HYPHENS);
}

/* In capitals, without blanks and marks of direction. 0: it is longer than `room`, or not ASCII. */
static size_t compact(struct str text, enum keep hyphens, char *out, size_t room)
{
	size_t n = 0;
	for (size_t at = 0; at < text.n;) {
		struct fold_letter letter = fold_letter_at(text, at);
		at += letter.n;
		if (is_dropped(&letter, hyphens))
			continue;
		if (letter.point >= 0x80 || n == room)
			return 0;
		bool is_small = letter.point >= 'a' && letter.point <= 'z';
		out[n++] = (char)(is_small ? letter.point - 0x20 : letter.point);
	}
	return n;
}

/* Modulus 11 with weights 10 to 2; a check digit of 10 is never given out. */
static bool is_nhs_checked(const char *digits)
{
	int sum = 0;
	for (int i = 0; i < NHS_DIGITS - 1; i++)
		sum += (digits[i] - '0') * (10 - i);
	return (11 - sum % 11) % 11 == digits[NHS_DIGITS - 1] - '0';
}

bool norm_nhs(struct str text, uint64_t *digits, bool *is_valid)
{
	char number[NHS_DIGITS];
	*digits = 0;
	*is_valid = false;
	if (compact(text, DROP_HYPHENS, number, sizeof number) != NHS_DIGITS)
		return false;
	uint64_t value = 0;
	for (size_t i = 0; i < NHS_DIGITS; i++) {
		if (!is_digit(number[i]))
			return false;
		value = value * 10 + (uint64_t)(number[i] - '0');
	}
	if (are_all_alike(number, NHS_DIGITS))
		return false;
	*digits = value;
	*is_valid = is_nhs_checked(number);
	return true;
}

/* The place of a letter among those that a check letter is taken from; -1: it is none. */
static int upn_letter(char c)
{
	const char *at = strchr(UPN_LETTERS, c);
	return at ? (int)(at - UPN_LETTERS) : -1;
}

static bool is_upn_checked(const char *upn)
{
	char end = upn[UPN_LENGTH - 1];
	int last = is_digit(end) ? end - '0' : upn_letter(end);
	int sum = last * UPN_LENGTH;
	for (int i = 1; i < UPN_LENGTH - 1; i++)
		sum += (upn[i] - '0') * (i + 1);
	return last >= 0 && UPN_LETTERS[sum % UPN_MODULUS] == upn[0];
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

bool norm_upn(struct str text, char out[14], bool *is_valid, bool *is_temporary)
{
	char upn[UPN_LENGTH];
	out[0] = 0;
	*is_valid = *is_temporary = false;
	if (compact(text, KEEP_HYPHENS, upn, sizeof upn) != UPN_LENGTH || !is_capital(upn[0]))
		return false;
	for (size_t i = 1; i < UPN_LENGTH - 1; i++) {
		if (!is_digit(upn[i]))
			return false;
	}
	if (!is_digit(upn[UPN_LENGTH - 1]) && !is_capital(upn[UPN_LENGTH - 1]))
		return false;
	memcpy(out, upn, UPN_LENGTH);
	out[UPN_LENGTH] = 0;
	*is_valid = is_upn_checked(upn);
	*is_temporary = is_capital(upn[UPN_LENGTH - 1]);
	return true;
}
