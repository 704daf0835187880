/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/head_bytes.h"

/* From the end of one slice to the beginning of the next; a line end is 1 (LF) or 2 (CR LF). */
static size_t gap(struct str before, const char *next)
{
	return (size_t)((uintptr_t)next - (uintptr_t)(before.p + before.n));
}

/* The library writes NUL over the line end, and over the empty line that ends the head. */
static bool ends_here(struct str last, size_t line_end)
{
	const char *after = last.p + last.n;
	for (size_t i = 0; i < 2 * line_end; i++)
		if (after[i] != '\0')
			return false;
	return true;
}

bool head_is_whole(const char *target_end, const struct gate_input *input)
{
	if (input->header_count == 0)
		return true;
	if (input->version.p != target_end + 1)
		return false;
	size_t line_end = gap(input->version, input->headers[0].name.p);
	if (line_end != 1 && line_end != 2)
		return false;
	for (size_t i = 1; i < input->header_count; i++)
		if (gap(input->headers[i - 1].value, input->headers[i].name.p) != line_end)
			return false;
	return ends_here(input->headers[input->header_count - 1].value, line_end);
}
