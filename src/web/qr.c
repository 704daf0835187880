/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/qr.h"

#include <qrencode.h>

#define QUIET 4 /* modules of white around a code */
#define PATH_MAX_BYTES ((size_t)256 << 10)

/* Dark modules of each row as runs: "M4 4h7v1h-7z". */
static struct str path_of(struct arena *arena, const QRcode *code)
{
	struct buf path;
	buf_init(&path, PATH_MAX_BYTES);
	for (int y = 0; y < code->width; y++) {
		for (int x = 0; x < code->width; x++) {
			int run = 0;
			while (x + run < code->width && code->data[y * code->width + x + run] & 1)
				run++;
			if (run > 0)
				buf_format(&path, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, run,
				           run);
			x += run;
		}
	}
	struct str text = path.full ? STR_NONE : arena_copy(arena, buf_str(&path));
	buf_finish(&path);
	return text;
}

struct json *qr_picture(struct arena *arena, struct str text)
{
	const char *plain = str_to_c(arena, text);
	QRcode *code = plain ? QRcode_encodeString8bit(plain, 0, QR_ECLEVEL_M) : NULL;
	if (!code)
		return NULL;
	struct json *picture = json_object(arena);
	int side = code->width + 2 * QUIET;
	json_put_text(arena, picture, STR("path"), path_of(arena, code));
	json_put_text(arena, picture, STR("box"), arena_format(arena, "0 0 %d %d", side, side));
	QRcode_free(code);
	return picture;
}
