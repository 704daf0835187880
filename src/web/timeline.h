/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: a picture of who did what when, from numbers to places.
 * Lanes are rows and time runs right. Marks differ by shape first; one that
 * stands for several says how many. What is owed is a bar in its lane: hollow
 * while it is in time, full from the moment it is late. A lane that was waited
 * for and is silent is dashed, and says so.
 */
#ifndef CANDOUR_WEB_TIMELINE_H
#define CANDOUR_WEB_TIMELINE_H

#include "base/base.h"

/* In the order in which they stand before each other where several fall together. */
enum timeline_shape {
	TIMELINE_ACT,   /* a square */
	TIMELINE_BEGUN, /* a circle: a file begins */
	TIMELINE_WORDS, /* a diamond: the person's own words */
	TIMELINE_ALARM, /* a cross: late, or refused */
	TIMELINE_SHAPES,
};

struct timeline_mark {
	size_t lane;
	instant at;
	enum timeline_shape shape;
};

/* Owed from `from` on until now; late since `due` where that has passed. */
struct timeline_owed {
	size_t lane;
	instant from;
	instant due;
};

/* A bar over the lane's line, from the first to the last of something. */
struct timeline_span {
	size_t lane;
	instant from, to;
};

/* One of many that stand on a lane without being told apart: a short line across it. */
struct timeline_notch {
	size_t lane;
	instant at;
};

struct timeline {
	const char *id; /* of the picture's elements */
	struct str title;
	const struct str *lanes;
	size_t lane_count;
	const struct timeline_mark *marks;
	size_t mark_count;
	const struct timeline_owed *owed;
	size_t owed_count;
	const struct timeline_span *spans;
	size_t span_count;
	const struct timeline_notch *notches;
	size_t notch_count;
	const struct str *silent; /* by lane: what its dashed line says; n 0: it is not silent.
	                             NULL: none is */
	instant from, to;         /* to is now, where anything is owed */
	const struct zone *zone;
};

/* {id, title, wide{box, lanes[{name, marks[], bars[], spans[], notches, silent …}], ticks[]},
 * tall{…}}. */
struct json *timeline_draw(struct arena *arena, const struct timeline *timeline);

#endif
