/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Templates: Mustache (github.com/mustache/spec, with inheritance, without
 * lambdas and dynamic names), parsed once into flat arrays of nodes and
 * rendered over JSON models. A set is filled, linked, and then read by any
 * number of threads.
 *
 * A strict set is what pages use: `{{{x}}}` and `{{&x}}` are refused at
 * parsing, a partial that is not in the set is refused at linking, and a name
 * that the model does not have is an error at rendering, which tells template,
 * line and name. A member that is there with null, false or "" is fine.
 * A lenient set does what the specification says: what is missing is empty.
 *
 * A section is not shown for null, false, "" and an empty list; it is shown
 * for 0.
 */
#ifndef CANDOUR_WEB_MUSTACHE_H
#define CANDOUR_WEB_MUSTACHE_H

#include "base/base.h"

#define MUSTACHE_DEPTH_MAX 32              /* sections, partials and blocks inside one another */
#define MUSTACHE_SOURCE_MAX (256 * 1024)   /* bytes of one template */
#define MUSTACHE_SET_BYTES_MAX (32u << 20) /* all templates of a set, parsed */
#define MUSTACHE_SET_COUNT_MAX 1024

/* What the build laid into the program: templates/, as mustache_set_add_embedded takes it. */
extern const struct embed_file web_template_files[];
extern const size_t web_template_files_n;

enum mustache_mode {
	MUSTACHE_LENIENT,
	MUSTACHE_STRICT,
};

struct mustache_set;

/* NULL only when memory is out. Destroy takes NULL. */
struct mustache_set *mustache_set_create(enum mustache_mode mode);
void mustache_set_destroy(struct mustache_set *set);
void mustache_set_cleanup(struct mustache_set **set); /* for CLEANUP */

/*
 * Parses a copy of `source` under `name` ("pages/start", no ending).
 * ERR_INPUT: the template is not well formed (names template and line), or the
 * name is there already; ERR_UNABLE: a bound above is reached.
 */
bool mustache_set_add(struct mustache_set *set, struct str name, struct str source,
                      struct err *err) MUST_USE;

/* Adds the *.mustache of a table of embedded files, named by their path without the ending. */
bool mustache_set_add_embedded(struct mustache_set *set, const struct embed_file *files,
                               size_t count, struct err *err) MUST_USE;

/*
 * Adds every *.mustache below `folder`, named by its path without the ending.
 * For those who edit templates; a release has them inside the program.
 */
bool mustache_set_add_folder(struct mustache_set *set, const char *folder,
                             struct err *err) MUST_USE;

/*
 * Joins partials to their templates. Call once, after the last add and before
 * the first rendering. ERR_INPUT: a strict set names one that is not there.
 */
bool mustache_set_link(struct mustache_set *set, struct err *err) MUST_USE;

bool mustache_set_has(const struct mustache_set *set, struct str name);

/*
 * Renders template `name` over `model`, appending to `out`.
 * ERR_FAULT   no such template, a name missing from the model of a strict set,
 *             text wanted where the model has a list or an object, or nesting
 *             past MUSTACHE_DEPTH_MAX
 * ERR_UNABLE  `out` is full
 */
bool mustache_render(const struct mustache_set *set, struct str name, const struct json *model,
                     struct buf *out, struct err *err) MUST_USE;

/* Appends `text` with & < > " ' as entities. */
void mustache_escape(struct buf *out, struct str text);

#endif
