/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Ids in Crockford's base32. */
#include "base/id.h"

static const char SYMBOLS[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

struct id id_from_bytes(const unsigned char bytes[16])
{
	struct id id;
	/* 130 bits in 26 symbols: two bits of nought stand in front. */
	__extension__ unsigned __int128 value = 0;
	for (int i = 0; i < 16; i++)
		value = value << 8 | bytes[i];
	for (int i = ID_LENGTH - 1; i >= 0; i--) {
		id.text[i] = SYMBOLS[(unsigned)(value & 31)];
		value >>= 5;
	}
	return id;
}

struct id id_make(struct random_source *source)
{
	unsigned char bytes[16];
	random_bytes(source, bytes, sizeof bytes);
	return id_from_bytes(bytes);
}

/* 1 for each symbol: no branch a symbol, since each header is read by it. */
static const unsigned char IS_SYMBOL[256] = {
	['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1,
	['8'] = 1, ['9'] = 1, ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1, ['F'] = 1,
	['G'] = 1, ['H'] = 1, ['J'] = 1, ['K'] = 1, ['M'] = 1, ['N'] = 1, ['P'] = 1, ['Q'] = 1,
	['R'] = 1, ['S'] = 1, ['T'] = 1, ['V'] = 1, ['W'] = 1, ['X'] = 1, ['Y'] = 1, ['Z'] = 1,
};

bool id_is(struct str text)
{
	unsigned all = 1;
	if (text.n != ID_LENGTH || text.p[0] < '0' || text.p[0] > '7')
		return false;
	for (size_t i = 1; i < ID_LENGTH; i++)
		all &= IS_SYMBOL[(unsigned char)text.p[i]];
	return all == 1;
}

bool id_read(struct str text, struct id *out)
{
	if (!id_is(text))
		return false;
	memcpy(out->text, text.p, ID_LENGTH);
	return true;
}

bool id_eq(const struct id *a, const struct id *b)
{
	return memcmp(a->text, b->text, ID_LENGTH) == 0;
}

struct str id_str(const struct id *id)
{
	return (struct str){ id->text, ID_LENGTH };
}
