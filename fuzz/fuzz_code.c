/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A return code that was read is written so that it reads as the same; what is
 * none is answered by a sentence that is text, and by nothing else.
 */
#include "target.h"

#include "casebook/casebook.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_create((size_t)1 << 16);
	struct casebook_code code, again;
	struct err err = { 0 };
	if (casebook_code_read(str_from_bytes(data, size), &code, &err)) {
		struct str text = casebook_code_write(arena, &code, '-');
		MUST_HOLD(text.n > 0 && code.digits < 10000);
		MUST_HOLD(casebook_code_read(text, &again, &err));
		for (size_t i = 0; i < COUNT_OF(code.word); i++)
			MUST_HOLD(code.word[i] == again.word[i]);
		MUST_HOLD(code.digits == again.digits);
	} else {
		MUST_HOLD(err.code == ERR_ABSENT);
		MUST_HOLD(err.message[0] != '\0' && str_is_utf8(str_from_c(err.message)));
	}
	arena_destroy(arena);
	return 0;
}
