/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/finder.h"

#include <string.h>

const struct tags_sql file_tags = TAGS_SQL("file", "file", "finder");
const struct tags_sql code_tags = TAGS_SQL("code", "code", "finder");

static int64_t read_symbols(struct str text, size_t count, const char *alphabet, int bits)
{
	uint64_t value = 0;
	for (size_t i = 0; i < count && i < text.n; i++) {
		const char *at = strchr(alphabet, text.p[i]);
		value = value << bits | (at && *at ? (uint64_t)(at - alphabet) : 0);
	}
	return (int64_t)(value & INT64_MAX);
}

int64_t finder_of_id(struct str id)
{
	return read_symbols(id, 13, "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 5);
}

int64_t finder_of_tag(struct str hex)
{
	return (int64_t)((uint64_t)read_symbols(hex, 15, "0123456789abcdef", 4) << 3 |
	                 (uint64_t)read_symbols(str_sub(hex, 15, 16), 1, "0123456789abcdef", 4) >>
	                         1);
}
