/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The twelve types of attachment that are taken, told by their first bytes.
 * A name or a browser's word for a type is never believed. Markup is taken
 * too, as bytes that nothing ever shows.
 */
#include "casebook/object.h"

#define BOX_BRAND_AT 8 /* ISO base media: size, "ftyp", major brand */
#define BRAND_N 4

struct magic {
	size_t at;
	struct str bytes;
	const char *type;
};

static const struct magic MAGICS[] = {
	{ 0, { "\xFF\xD8\xFF", 3 }, "image/jpeg" }, { 0, { "\x89PNG\r\n\x1A\n", 8 }, "image/png" },
	{ 0, { "GIF87a", 6 }, "image/gif" },        { 0, { "GIF89a", 6 }, "image/gif" },
	{ 8, { "WEBP", 4 }, "image/webp" }, /* behind "RIFF" and a size */
	{ 0, { "%PDF-", 5 }, "application/pdf" },   { 0, { "OggS", 4 }, "audio/ogg" },
	{ 0, { "ID3", 3 }, "audio/mpeg" },
};

static const struct magic BRANDS[] = {
	{ 0, { "qt  ", 4 }, "video/quicktime" }, { 0, { "M4A ", 4 }, "audio/mp4" },
	{ 0, { "M4B ", 4 }, "audio/mp4" },       { 0, { "heic", 4 }, "image/heic" },
	{ 0, { "heix", 4 }, "image/heic" },      { 0, { "heim", 4 }, "image/heic" },
	{ 0, { "heis", 4 }, "image/heic" },      { 0, { "mif1", 4 }, "image/heic" },
	{ 0, { "msf1", 4 }, "image/heic" },      { 0, { "isom", 4 }, "video/mp4" },
	{ 0, { "iso2", 4 }, "video/mp4" },       { 0, { "iso4", 4 }, "video/mp4" },
	{ 0, { "iso5", 4 }, "video/mp4" },       { 0, { "iso6", 4 }, "video/mp4" },
	{ 0, { "mp41", 4 }, "video/mp4" },       { 0, { "mp42", 4 }, "video/mp4" },
	{ 0, { "avc1", 4 }, "video/mp4" },       { 0, { "MSNV", 4 }, "video/mp4" },
	{ 0, { "M4V ", 4 }, "video/mp4" },       { 0, { "3gp4", 4 }, "video/mp4" },
	{ 0, { "3gp5", 4 }, "video/mp4" },       { 0, { "3gp6", 4 }, "video/mp4" },
};

static bool holds(struct str first, const struct magic *magic)
{
	return str_eq(str_sub(first, magic->at, magic->bytes.n), magic->bytes);
}

static struct str of_table(struct str first, const struct magic *table, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (holds(first, &table[i]))
			return str_from_c(table[i].type);
	}
	return STR_NONE;
}

/* A frame of MPEG layer 3 without a tag in front: sync, layer, a bit rate and a sampling rate. */
static bool is_mp3_frame(struct str first)
{
	const unsigned char *p = (const unsigned char *)first.p;
	return first.n >= 3 && p[0] == 0xFF && (p[1] & 0xE6) == 0xE2 && (p[2] & 0xF0) != 0xF0 &&
	       (p[2] & 0xF0) != 0 && (p[2] & 0x0C) != 0x0C;
}

/* Text so far as it is seen: UTF-8 (a last code point may be cut), no control but tab and line
 * ends. */
static bool is_text(struct str first)
{
	for (size_t i = 0; i < first.n; i++) {
		unsigned char c = (unsigned char)first.p[i];
		if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7F)
			return false;
	}
	for (size_t cut = 0; cut < 4 && cut <= first.n; cut++) {
		if (str_is_utf8(str_sub(first, 0, first.n - cut)))
			return true;
	}
	return false;
}

/* SVG, HTML, XML and the like are text too, and a browser would run them. */
static bool is_markup(struct str first)
{
	if (str_starts(first, STR("\xEF\xBB\xBF")))
		first = str_sub(first, 3, first.n);
	first = str_trim(first);
	return first.n > 0 && first.p[0] == '<';
}

struct str casebook_object_type(struct str first_bytes)
{
	struct str found = of_table(first_bytes, MAGICS, COUNT_OF(MAGICS));
	if (found.p)
		return str_eq(found, STR("image/webp")) && !str_starts(first_bytes, STR("RIFF"))
		               ? STR_NONE
		               : found;
	if (str_eq(str_sub(first_bytes, BRAND_N, BRAND_N), STR("ftyp")))
		return of_table(str_sub(first_bytes, BOX_BRAND_AT, BRAND_N), BRANDS,
		                COUNT_OF(BRANDS));
	if (is_mp3_frame(first_bytes))
		return STR("audio/mpeg");
	if (first_bytes.n == 0 || !is_text(first_bytes))
		return STR_NONE;
	return is_markup(first_bytes) ? STR("application/octet-stream") : STR("text/plain");
}
