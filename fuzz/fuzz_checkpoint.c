/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What was read is written as it was: a checkpoint's three lines, an entry's
 * header.
 */
#include "target.h"

#include "log/log.h"

#define ROOM ((size_t)8 << 20)

static void try_checkpoint(struct str text)
{
	struct log_checkpoint checkpoint;
	struct err err = { 0 };
	struct buf out;
	if (!log_checkpoint_read(text, &checkpoint, &err)) {
		MUST_HOLD(err.code == ERR_INPUT);
		return;
	}
	buf_init(&out, ROOM);
	log_checkpoint_write(&out, &checkpoint);
	MUST_HOLD(str_starts(text, buf_str(&out)));
	buf_finish(&out);
}

static void try_header(struct str text)
{
	struct log_header header;
	struct err err = { 0 };
	char out[LOG_HEADER_MAX];
	size_t n = 0;
	if (!log_header_read(text, &header, &err))
		return;
	MUST_HOLD(log_header_write(&header, out, &n, &err));
	MUST_HOLD(str_eq((struct str){ out, n }, text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_from_bytes(data, size);
	try_checkpoint(text);
	try_header(text);
	return 0;
}
