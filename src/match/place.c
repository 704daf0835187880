/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Postcodes. (Addresses: address.c.) */
#include "match/place.h"

#define POSTCODE_MAX 7
#define INWARD 3

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Capitals and figures of `text`; 0: there are more than a postcode has. */
static size_t take_signs(struct str text, char out[POSTCODE_MAX])
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
			bool is_small = parts[i] >= 'a' && parts[i] <= 'z';
			int32_t sign = is_small ? parts[i] - 0x20 : parts[i];
			if (sign >= 0x80 || (!is_capital((char)sign) && !is_digit((char)sign)))
				continue;
			if (n == POSTCODE_MAX)
				return 0;
			out[n++] = (char)sign;
		}
	}
	return n;
}

/* One or two letters, a digit, perhaps a letter or digit more. */
static bool is_outward(struct str s)
{
	size_t letters = s.n > 1 && is_capital(s.p[1]) ? 2 : 1;
	if (s.n <= letters || s.n > letters + 2 || !is_capital(s.p[0]) || !is_digit(s.p[letters]))
		return false;
	return s.n == letters + 1 || is_capital(s.p[letters + 1]) || is_digit(s.p[letters + 1]);
}

/* A digit and two letters of those that are not taken for others. */
static bool is_inward(struct str s)
{
	static const char LETTERS[] = "ABDEFGHJLNPQRSTUWXYZ";
	return s.n == INWARD && is_digit(s.p[0]) && is_capital(s.p[1]) && is_capital(s.p[2]) &&
	       strchr(LETTERS, s.p[1]) && strchr(LETTERS, s.p[2]);
}

static char as_digit(char c)
{
	return c == 'O' ? '0' : c == 'I' ? '1' : c;
}

static char as_letter(char c)
{
	return c == '0' ? 'O' : c == '1' ? 'I' : c;
}

/* Letters for digits and digits for letters, by position, the outward half with `letters` letters.
 */
static void mend(char *code, size_t n, size_t letters)
{
	size_t outward = n - INWARD;
	for (size_t i = 0; i < outward; i++)
		code[i] = i < letters ? as_letter(code[i]) : as_digit(code[i]);
	code[outward] = code[outward] == 'L' ? '1' : as_digit(code[outward]);
	code[outward + 1] = as_letter(code[outward + 1]);
	code[outward + 2] = as_letter(code[outward + 2]);
}

static void set_halves(struct str outward, struct str inward, struct norm_postcode *out)
{
	memcpy(out->out, outward.p, outward.n);
	out->out[outward.n] = 0;
	memcpy(out->in, inward.n > 0 ? inward.p : "", inward.n);
	out->in[inward.n] = 0;
}

static bool is_whole(struct str code)
{
	return code.n > INWARD && is_outward(str_sub(code, 0, code.n - INWARD)) &&
	       is_inward(str_sub(code, code.n - INWARD, INWARD));
}

/* Areas that are none. */
static bool is_made_up(struct str code)
{
	bool has_area = str_starts(code, STR("ZZ")) || str_starts(code, STR("XX"));
	return has_area && code.n > 2 && is_digit(code.p[2]);
}

/* Fills the halves; whether somebody can live there. */
static bool settle(struct str code, size_t outward, struct norm_postcode *out)
{
	set_halves(str_sub(code, 0, outward), str_sub(code, outward, INWARD), out);
	out->is_nowhere = is_made_up(code);
	return !out->is_nowhere;
}

bool norm_postcode(struct str text, struct norm_postcode *out)
{
	char code[POSTCODE_MAX];
	*out = (struct norm_postcode){ 0 };
	size_t n = take_signs(text, code);
	struct str s = { code, n };
	if (is_made_up(s)) /* whatever stands behind: 3VZ is no inward half */
		return settle(s, n > 4 ? n - INWARD : n, out);
	if (n < 5)
		return is_outward(s) && settle(s, n, out);
	for (size_t letters = 3; letters > 0; letters--) {
		char mended[POSTCODE_MAX];
		memcpy(mended, code, sizeof mended);
		if (letters < 3)
			mend(mended, n, letters);
		struct str tried = { mended, n };
		if (is_whole(tried))
			return settle(tried, n - INWARD, out);
	}
	return false;
}
