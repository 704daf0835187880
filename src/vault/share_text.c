/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "vault/share_text.h"

#include <stdio.h>

#include <sodium.h>

#define HEAD "candour-share/v1"
#define GROUPS 13
#define GROUP_DATA 4
#define GROUP_TEXT 5
#define DATA_SYMBOLS (GROUPS * GROUP_DATA) /* 260 bits for 256, the last four are 0 */
#define CHECK 5
#define ALL_SYMBOLS (SHARE_SET + GROUPS * GROUP_TEXT + CHECK)

static const char SYMBOLS[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; /* Crockford */

void share_finish(struct share *share)
{
	sodium_memzero(share, sizeof *share);
}

void share_set_from(const uint8_t random[3], char set[SHARE_SET])
{
	uint32_t bits = (uint32_t)random[0] << 16 | (uint32_t)random[1] << 8 | random[2];
	for (int i = 0; i < SHARE_SET; i++)
		set[i] = SYMBOLS[bits >> (5 * i) & 31];
}

/* Times alpha in GF(32) by x^5 + x^2 + 1. */
static unsigned double_symbol(unsigned symbol)
{
	symbol <<= 1;
	return symbol & 32 ? (symbol ^ 37) & 31 : symbol;
}

/*
 * The sum of symbol times alpha^place, and the group's number: no misread
 * symbol, no two swapped and no group in another's place leaves it as it was.
 */
static unsigned group_check(const uint8_t symbols[GROUP_DATA], unsigned group)
{
	unsigned sum = 0;
	for (int i = GROUP_DATA - 1; i >= 0; i--)
		sum = double_symbol(sum) ^ symbols[i];
	return sum ^ group;
}

static void to_symbols(const uint8_t bytes[SHARE_SIZE], uint8_t symbols[DATA_SYMBOLS])
{
	for (size_t i = 0; i < DATA_SYMBOLS; i++) {
		size_t bit = i * 5, at = bit / 8;
		unsigned pair =
			(unsigned)bytes[at] << 8 | (at + 1 < SHARE_SIZE ? bytes[at + 1] : 0u);
		symbols[i] = (uint8_t)(pair >> (11 - bit % 8) & 31);
	}
}

/* False when the four bits behind the last byte are not 0. */
static bool from_symbols(const uint8_t symbols[DATA_SYMBOLS], uint8_t bytes[SHARE_SIZE])
{
	unsigned bits = 0;
	int held = 0;
	size_t at = 0;
	for (size_t i = 0; i < DATA_SYMBOLS; i++) {
		bits = (bits << 5 | symbols[i]) & 0xFFF;
		held += 5;
		if (held >= 8 && at < SHARE_SIZE) {
			held -= 8;
			bytes[at++] = (uint8_t)(bits >> held);
		}
	}
	return (bits & ((1u << held) - 1)) == 0;
}

/* Five symbols over all that the share says. */
static void whole_check(const struct share *share, uint8_t out[CHECK])
{
	char head[80];
	int n = snprintf(head, sizeof head, HEAD " %d %d %d %.4s\n", share->needed, share->count,
	                 share->number, share->set);
	const struct str pieces[] = { { head, (size_t)n },
		                      str_from_bytes(share->bytes, SHARE_SIZE) };
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	struct hash sum = hasher_of(hasher, pieces, COUNT_OF(pieces));
	uint32_t bits = (uint32_t)sum.bytes[0] << 24 | (uint32_t)sum.bytes[1] << 16 |
	                (uint32_t)sum.bytes[2] << 8 | sum.bytes[3];
	for (int i = 0; i < CHECK; i++)
		out[i] = (uint8_t)(bits >> (27 - 5 * i) & 31);
	sodium_memzero(&sum, sizeof sum);
}

void share_text_write(const struct share *share, char out[VAULT_SHARE_TEXT])
{
	uint8_t symbols[DATA_SYMBOLS], check[CHECK];
	int n = snprintf(out, VAULT_SHARE_TEXT, HEAD " %d %d %d %.4s ", share->needed, share->count,
	                 share->number, share->set);
	size_t at = (size_t)n;
	to_symbols(share->bytes, symbols);
	whole_check(share, check);
	for (unsigned group = 0; group < GROUPS; group++) {
		const uint8_t *data = symbols + group * GROUP_DATA;
		for (int i = 0; i < GROUP_DATA; i++)
			out[at++] = SYMBOLS[data[i]];
		out[at++] = SYMBOLS[group_check(data, group)];
		out[at++] = group + 1 < GROUPS ? '-' : ' ';
	}
	for (int i = 0; i < CHECK; i++)
		out[at++] = SYMBOLS[check[i]];
	out[at] = '\0';
	base_check(at < VAULT_SHARE_TEXT);
	sodium_memzero(symbols, sizeof symbols);
}

static char capital(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool is_gap(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '-';
}

static bool symbol_of(char c, uint8_t *out)
{
	c = capital(c);
	c = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
	const char *at = c ? strchr(SYMBOLS, c) : NULL;
	*out = at ? (uint8_t)(at - SYMBOLS) : 0;
	return at != NULL;
}

static bool skip_head(struct str *rest)
{
	*rest = str_trim(*rest);
	if (rest->n < sizeof HEAD - 1)
		return false;
	for (size_t i = 0; i < sizeof HEAD - 1; i++)
		if (capital(rest->p[i]) != capital(HEAD[i]))
			return false;
	*rest = str_sub(*rest, sizeof HEAD - 1, rest->n);
	return rest->n > 0 && is_gap(rest->p[0]);
}

static bool read_number(struct str *rest, int *out)
{
	uint64_t value = 0;
	size_t n = 0;
	*rest = str_trim(*rest);
	while (n < rest->n && !is_gap(rest->p[n]))
		n++;
	if (!str_to_u64(str_sub(*rest, 0, n), VAULT_SHARES_MAX, &value))
		return false;
	*rest = str_sub(*rest, n, rest->n);
	*out = (int)value;
	return true;
}

/* All symbols behind the numbers, as numbers; false for anything else than ALL_SYMBOLS of them. */
static bool read_symbols(struct str rest, uint8_t out[ALL_SYMBOLS])
{
	size_t n = 0;
	for (size_t i = 0; i < rest.n; i++) {
		if (is_gap(rest.p[i]))
			continue;
		if (n == ALL_SYMBOLS || !symbol_of(rest.p[i], &out[n]))
			return false;
		n++;
	}
	return n == ALL_SYMBOLS;
}

static bool read_groups(const uint8_t *groups, const char *which, struct share *out,
                        struct err *err)
{
	uint8_t data[DATA_SYMBOLS];
	bool good = true;
	for (unsigned group = 0; good && group < GROUPS; group++) {
		const uint8_t *symbols = groups + group * GROUP_TEXT;
		memcpy(data + group * GROUP_DATA, symbols, GROUP_DATA);
		good = group_check(symbols, group) == symbols[GROUP_DATA];
		if (!good)
			err_set(err, ERR_INPUT,
			        "%s is not as it was printed: read its group %u again", which,
			        group + 1);
	}
	if (good && !from_symbols(data, out->bytes)) {
		good = false;
		err_set(err, ERR_INPUT, "%s is not as it was printed: read its group %d again",
		        which, GROUPS);
	}
	sodium_memzero(data, sizeof data);
	return good;
}

static bool read_share(struct str text, const char *which, uint8_t symbols[ALL_SYMBOLS],
                       struct share *out, struct err *err)
{
	uint8_t check[CHECK];
	if (!skip_head(&text))
		return err_set(err, ERR_INPUT, "%s does not begin with \"" HEAD " \"", which);
	if (!read_number(&text, &out->needed) || !read_number(&text, &out->count) ||
	    !read_number(&text, &out->number) || out->needed < 2 || out->needed > out->count ||
	    out->number < 1 || out->number > out->count)
		return err_set(err, ERR_INPUT,
		               "%s is not as it was printed: read its three numbers again", which);
	if (!read_symbols(text, symbols))
		return err_set(err, ERR_INPUT,
		               "%s is not as it was printed: behind its three numbers stand 4"
		               " symbols and 14 groups of 5, without the letter U",
		               which);
	for (int i = 0; i < SHARE_SET; i++)
		out->set[i] = SYMBOLS[symbols[i]];
	if (!read_groups(symbols + SHARE_SET, which, out, err))
		return false;
	whole_check(out, check);
	if (sodium_memcmp(check, symbols + ALL_SYMBOLS - CHECK, CHECK) != 0)
		return err_set(err, ERR_INPUT,
		               "%s is not as it was printed: read its three numbers, the 4 symbols"
		               " behind them and its last group again",
		               which);
	return true;
}

bool share_text_read(struct str text, const char *which, struct share *out, struct err *err)
{
	uint8_t symbols[ALL_SYMBOLS];
	*out = (struct share){ 0 };
	bool good = read_share(text, which, symbols, out, err);
	sodium_memzero(symbols, sizeof symbols);
	if (!good)
		share_finish(out);
	return good;
}
