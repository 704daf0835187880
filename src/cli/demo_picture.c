/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files that come with a concern of the demo: a small drawing as PNG (ISO/IEC 15948), or a text. */
#include "cli/demo_world.h"

#define WIDE 96
#define HIGH 72
#define ROW (1 + WIDE) /* a filter byte, then indices of colours */

static const uint8_t COLOURS[][3] = {
	{ 236, 242, 246 }, { 74, 110, 62 },  { 158, 82, 60 },
	{ 92, 58, 44 },    { 238, 196, 70 }, { 60, 66, 84 },
};

static uint32_t crc_of(struct str bytes)
{
	uint32_t crc = 0xffffffffu;
	for (size_t i = 0; i < bytes.n; i++) {
		crc ^= (uint8_t)bytes.p[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (0xedb88320u & (0u - (crc & 1)));
	}
	return ~crc;
}

static uint32_t adler_of(const uint8_t *bytes, size_t n)
{
	uint32_t a = 1, b = 0;
	for (size_t i = 0; i < n; i++) {
		a = (a + bytes[i]) % 65521;
		b = (b + a) % 65521;
	}
	return b << 16 | a;
}

static void add_u32(struct buf *out, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_add_char(out, (char)(uint8_t)(value >> shift));
}

static void add_chunk(struct buf *out, const char *type, struct str data)
{
	struct buf body;
	buf_init(&body, 4 + data.n);
	buf_add(&body, str_from_c(type));
	buf_add(&body, data);
	add_u32(out, (uint32_t)data.n);
	buf_add(out, buf_str(&body));
	add_u32(out, crc_of(buf_str(&body)));
	buf_finish(&body);
}

/* A house with a door and a window, a sun, and somebody beside it: sky 0, grass 1, wall 2, wood 3,
 * sun 4, ink 5. */
static uint8_t colour_at(int x, int y, int shift)
{
	int dx = x - 78 + shift, dy = y - 14, px = x - 68 - shift, py = y - 40;
	if (dx * dx + dy * dy < 64)
		return 4;
	if (px * px + py * py < 16 || (x == 68 + shift && y > 40 && y < 58))
		return 5;
	if (x > 16 && x < 54 && y > 30 && y < 60) {
		if (x > 22 && x < 32 && y > 42)
			return 3;
		return x > 38 && x < 48 && y > 38 && y < 48 ? 4 : 2;
	}
	if (y <= 30 && y > 12 && x > 35 - (y - 12) - 4 && x < 35 + (y - 12) + 4)
		return 3;
	return y > 58 ? 1 : 0;
}

static void draw(struct demo *demo, struct buf *out)
{
	uint8_t rows[HIGH * ROW] = { 0 };
	int shift = (int)demo_below(demo, 9);
	struct buf data;
	for (int y = 0; y < HIGH; y++) {
		for (int x = 0; x < WIDE; x++)
			rows[y * ROW + 1 + x] = colour_at(x, y, shift);
	}
	buf_init(&data, sizeof rows + 64);
	add_u32(&data, WIDE);
	add_u32(&data, HIGH);
	buf_add_bytes(&data, "\x08\x03\x00\x00\x00", 5); /* 8 bits, a palette */
	buf_add_bytes(out, "\x89PNG\r\n\x1a\n", 8);
	add_chunk(out, "IHDR", buf_str(&data));
	add_chunk(out, "PLTE", str_from_bytes(COLOURS, sizeof COLOURS));
	buf_clear(&data);
	/* zlib with one block that is stored as it is (RFC 1950, 1951). */
	uint16_t n = (uint16_t)sizeof rows, not_n = (uint16_t)~n;
	const uint8_t head[] = { 0x78,
		                 0x01,
		                 0x01,
		                 (uint8_t)n,
		                 (uint8_t)(n >> 8),
		                 (uint8_t)not_n,
		                 (uint8_t)(not_n >> 8) };
	buf_add_bytes(&data, head, sizeof head);
	buf_add_bytes(&data, rows, sizeof rows);
	add_u32(&data, adler_of(rows, sizeof rows));
	add_chunk(out, "IDAT", buf_str(&data));
	add_chunk(out, "IEND", STR_NONE);
	buf_finish(&data);
}

static void write_text(struct buf *out)
{
	buf_add(out, STR("Written down the same day, so that nothing is forgotten.\r\n\r\n"
	                 "19:04  first message\r\n19:20  he asks for a picture, no answer\r\n"
	                 "19:31  \"you can trust me\"\r\n21:15  he asks which school\r\n"));
}

bool demo_attach(struct demo *demo, const char *name, const struct json **value, struct err *err)
{
	CLEANUP(casebook_upload_drop) struct casebook_upload *upload = NULL;
	struct str draft = arena_format(demo->act, "northmere-%" PRId64, demo->submissions);
	struct buf bytes;
	buf_init(&bytes, (size_t)1 << 16);
	if (str_ends(str_from_c(name), STR(".png")))
		draw(demo, &bytes);
	else
		write_text(&bytes);
	bool done = casebook_upload_begin(demo->book, draft, &upload, err) &&
	            casebook_upload_add(upload, buf_str(&bytes), err) &&
	            casebook_upload_end(&upload, demo->act, str_from_c(name), value, err);
	buf_finish(&bytes);
	return done;
}
