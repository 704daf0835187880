/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Files that the build laid into the program (tools/embed.c): templates,
 * migrations, packs' texts, and what a browser loads. Tables are in order of
 * name (as strcmp orders bytes), so that a reader may search them by halves;
 * they live as long as the program and are never written.
 */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include <stddef.h>

/* A text of the program's own. A NUL stands after the last byte, uncounted. */
struct embed_file {
	const char *name; /* the path below the folder it came from, parted by '/' */
	const unsigned char *bytes;
	size_t size;
};

/* What a browser loads by an address that holds `hash`, kept for ever there. */
struct embed_asset {
	const char *name;
	const unsigned char *bytes;
	size_t size;
	const unsigned char *gzip; /* the same, compressed */
	size_t gzip_size;
	const char *hash; /* first 16 hex of SHA-256 over `bytes` */
	const char *type; /* Content-Type */
};

#endif
