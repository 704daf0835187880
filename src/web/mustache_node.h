/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A parsed template: nodes in the order of the source, a section followed by
 * its content up to `end`. Shared by the parser and the renderer alone.
 */
#ifndef CANDOUR_WEB_MUSTACHE_NODE_H
#define CANDOUR_WEB_MUSTACHE_NODE_H

#include "base/base.h"
#include "web/mustache.h"

enum node_type {
	NODE_LINE, /* a line begins: the indentation in force, then `text`, its own white space */
	NODE_TEXT, /* as it stands */
	NODE_VARIABLE, /* escaped */
	NODE_RAW,      /* not escaped; never in a strict set */
	NODE_SECTION,
	NODE_INVERTED,
	NODE_PARTIAL,
	NODE_PARENT, /* a partial whose blocks are overridden by the blocks inside it */
	NODE_BLOCK,
};

struct template;

struct node {
	enum node_type type;
	bool is_alone; /* the tag stands alone on its line, which is not shown */
	bool is_blank; /* LINE: nothing follows but the end of the line */
	unsigned line; /* from 1, in the source */
	struct str text;
	struct str indent; /* white space before a tag that begins its line */
	size_t dedent;     /* BLOCK: bytes taken from each line when its content moves elsewhere */
	size_t end;        /* index of the node behind the content */
	const struct template *target; /* PARTIAL, PARENT: set by linking; NULL: empty */
};

struct template
{
	struct str name;
	struct node *nodes;
	size_t count;
	struct template *next;
};

/*
 * Parses `source`, which must live as long as `arena`. ERR_INPUT: not well
 * formed; ERR_UNABLE: arena.
 */
bool template_parse(struct arena *arena, enum mustache_mode mode, struct str name,
                    struct str source, struct template *out, struct err *err) MUST_USE;

#endif
