/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Hexadecimal, strict base64, percent-decoding. */
#include "base/encode.h"

#include "base/arena.h"
#include "base/buf.h"

static const char HEX[] = "0123456789abcdef";
static const char BASE64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void hex_write(char *out, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	for (size_t i = 0; i < n; i++) {
		out[2 * i] = HEX[p[i] >> 4];
		out[2 * i + 1] = HEX[p[i] & 15];
	}
}

/* The value of a small hex digit and one; 0 for every other byte. */
static const unsigned char SMALL_HEX[256] = {
	['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
	['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};

/* Headers hold three hashes each, and there are millions: no branch a digit. */
bool hex_read(struct str text, void *out, size_t n)
{
	unsigned char *p = out;
	unsigned bad = 0;
	if (text.n != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned high = SMALL_HEX[(unsigned char)text.p[2 * i]];
		unsigned low = SMALL_HEX[(unsigned char)text.p[2 * i + 1]];
		bad |= (high - 1) | (low - 1); /* past 15 where one is 0 */
		p[i] = (unsigned char)((high - 1) << 4 | (low - 1));
	}
	return bad < 16;
}

void buf_add_hex(struct buf *buf, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	for (size_t i = 0; i < n; i++) {
		char pair[2] = { HEX[p[i] >> 4], HEX[p[i] & 15] };
		buf_add_bytes(buf, pair, 2);
	}
}

size_t base64_length(size_t n)
{
	return (n + 2) / 3 * 4;
}

void base64_write(char *out, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	for (size_t i = 0; i < n; i += 3) {
		unsigned group = (unsigned)p[i] << 16;
		if (i + 1 < n)
			group |= (unsigned)p[i + 1] << 8;
		if (i + 2 < n)
			group |= p[i + 2];
		*out++ = BASE64[group >> 18];
		*out++ = BASE64[group >> 12 & 63];
		*out++ = i + 1 < n ? BASE64[group >> 6 & 63] : '=';
		*out++ = i + 2 < n ? BASE64[group & 63] : '=';
	}
}

void buf_add_base64(struct buf *buf, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	for (size_t i = 0; i < n; i += 3) {
		char four[4];
		base64_write(four, p + i, n - i < 3 ? n - i : 3);
		buf_add_bytes(buf, four, 4);
	}
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

bool base64_read(struct str text, void *out, size_t *n)
{
	unsigned char *p = out;
	size_t written = 0, room = *n;
	if (text.n % 4)
		return false;
	for (size_t i = 0; i < text.n; i += 4) {
		size_t pad = 0;
		unsigned group = 0;
		if (i + 4 == text.n)
			pad = text.p[i + 3] != '=' ? 0 : text.p[i + 2] != '=' ? 1 : 2;
		for (size_t j = 0; j < 4 - pad; j++) {
			int value = base64_value(text.p[i + j]);
			if (value < 0)
				return false;
			group |= (unsigned)value << (18 - 6 * j);
		}
		/* Canonical: the bits that fall away are nought (RFC 4648, 3.5). */
		if ((pad == 1 && group & 0xFF) || (pad == 2 && group & 0xFFFF))
			return false;
		for (size_t j = 0; j < 3 - pad; j++) {
			if (written == room)
				return false;
			p[written++] = (unsigned char)(group >> (16 - 8 * j));
		}
	}
	*n = written;
	return true;
}

static int any_hex_value(char c)
{
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : SMALL_HEX[(unsigned char)c] - 1;
}

bool percent_decode(struct arena *arena, struct str text, bool plus, struct str *out)
{
	char *p = arena_alloc(arena, text.n + 1, 1);
	size_t n = 0;
	if (!p)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c == '+' && plus) {
			c = ' ';
		} else if (c == '%') {
			if (text.n - i < 3)
				return false;
			int high = any_hex_value(text.p[i + 1]), low = any_hex_value(text.p[i + 2]);
			if (high < 0 || low < 0)
				return false;
			c = (char)(unsigned char)(high * 16 + low);
			i += 2;
		}
		if (c == 0)
			return false;
		p[n++] = c;
	}
	*out = (struct str){ p, n };
	return true;
}
