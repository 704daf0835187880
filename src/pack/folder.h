/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: the files of a pack as bytes, before anything is compiled. */
#ifndef CANDOUR_PACK_FOLDER_H
#define CANDOUR_PACK_FOLDER_H

#include "pack/source.h"

#define FOLDER_FILES_MAX 1000

struct folder_list {
	struct str paths[FOLDER_FILES_MAX];
	size_t count;
};

/* What pack.yaml says of itself; p NULL where it says nothing that can be read. */
struct pack_head {
	struct str name;
	struct str version;
	struct str extends;
	struct str extends_version;
};

void pack_bytes_head(const struct pack_bytes *bytes, struct arena *arena, struct pack_head *out);
/* SHA-256 over path, NUL, length in decimal, NUL, bytes of each file in its order. */
struct hash pack_bytes_hash(const struct pack_file *files, size_t count);

#endif
