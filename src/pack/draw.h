/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A file type as a picture: its states side by side, each with a line down from
 * it, and below each other the ways from one to another, as arrows between
 * these lines. Nothing crosses a name, however many states and ways there are.
 * Places only, in whole units: who shows it writes the markup.
 */
#ifndef CANDOUR_PACK_DRAW_H
#define CANDOUR_PACK_DRAW_H

#include "base/base.h"
#include "pack/model.h"

struct pack_drawn_state {
	struct str name;
	struct str title;
	bool is_final;
	bool is_resting; /* a file in it may be owed nothing but the rest duty */
	int64_t x;       /* of the middle */
};

/* A kind that leads along a way, and by which codes of which field, if it depends on one. */
struct pack_drawn_kind {
	const struct pack_kind *kind;
	struct str field; /* p NULL: none */
	struct str codes; /* "none, advice" */
	struct str gates; /* "G1, G2", or empty */
	struct str label; /* "concern.closed [G1, G2]" */
};

/* From some states (none: a file begins) to one, by all of the same kinds. */
struct pack_drawn_way {
	uint32_t from; /* mask of states */
	int to;
	const struct pack_drawn_kind *kinds;
	size_t count;
	int64_t y;    /* of the arrow; its words stand above it, one line a kind */
	int64_t left; /* the arrow's ends; one of them may be the state it leads to */
	int64_t right;
	int64_t words_x;
	int64_t words_y; /* of the first line */
};

struct pack_drawing {
	const struct pack_file_type *type;
	const struct pack_drawn_state *states;
	size_t state_count;
	const struct pack_drawn_way *ways;
	size_t way_count;
	int64_t width;
	int64_t height;
	int64_t state_width;
	int64_t state_height;
	int64_t line; /* from one line of words to the next */
};

/* ERR_ABSENT: there is no such file type. */
bool pack_draw(const struct pack *pack, struct arena *arena, struct str type,
               struct pack_drawing *out, struct err *err) MUST_USE;
/* The same for Graphviz. */
bool pack_draw_dot(const struct pack_drawing *drawing, struct arena *arena, struct str *out,
                   struct err *err) MUST_USE;

#endif
