/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: stage 3, names. What the readers of the sections share. */
#ifndef CANDOUR_PACK_LOAD_H
#define CANDOUR_PACK_LOAD_H

#include "pack/tree.h"
#include "pack/whole.h"

/* The arrays of the pack while they may still be written to, and the YAML of each element. */
struct load {
	struct loader *loader;
	struct whole *whole;
	struct pack_agency *agencies;
	struct pack_office *offices;
	struct pack_list *lists;
	struct pack_file_type *file_types; /* the pack's, then register and office */
	struct pack_relation *relations;
	struct pack_kind *kinds;        /* the pack's, then the built-in ones */
	const struct yaml **kind_nodes; /* NULL: a built-in kind of which the pack says nothing */
	struct pack_duty *duties;       /* the pack's, then R01 and R02 */
	struct pack_ladder *ladders;
	struct pack_gate *gates;
	struct pack_pattern *patterns;
	struct pack_calendar *calendars;
};

/* Each reads one section, in this order. Errors are noted. */
void load_names(struct load *load);
void load_zone(struct load *load);
void load_lists(struct load *load);
void load_calendars(struct load *load);
void load_file_types(struct load *load);
void load_relations(struct load *load);
void load_offices(struct load *load);
void load_fields(struct load *load);
void load_facts(struct load *load);
void load_tells(struct load *load);
void load_ladders(struct load *load);
void load_duties(struct load *load);
void load_gates(struct load *load);
void load_kinds(struct load *load);
void load_references(struct load *load); /* what duties ask of the kinds that open them */
void load_patterns(struct load *load);
void load_wakes(struct load *load); /* which patterns each kind can make true */
void load_words(struct load *load);
void load_indicators(struct load *load);
void load_texts(struct load *load);
void load_head(struct load *load);
/* pack.yaml, as it was read. */
const struct yaml *load_head_of(const struct load *load);
/* Stage 5, what needs no walk of P12, P13, P14. */
void load_rules(struct load *load);

/*
 * A condition that speaks for `about`; `protects_when_true`: what saturates
 * counts as holding (the `when` of needs, opens, then, and patterns).
 */
const struct pack_cond *load_cond(struct load *load, const struct yaml *node, struct str about,
                                  const struct pack_kind *kind, uint64_t file_types,
                                  bool protects_when_true);

/* Fields of one kind, or the columns of rows. */
void load_field_list(struct load *load, const struct yaml *list, struct str about, bool is_column,
                     struct pack_field **out, size_t *count);
/* The one need of a gate or kind; `kind` NULL: no field may be named. */
bool load_need(struct load *load, const struct yaml *node, struct str about,
               const struct pack_kind *kind, uint64_t file_types, struct pack_need *out);
/* A gate as `kind` meets it: its conditions may name the kind's fields. */
void load_gate_for(struct load *load, struct pack_gate *gate, const struct pack_kind *kind,
                   uint64_t file_types);
/* A name as people read it: hyphens are blanks, the first letter a capital. */
struct str load_label(struct load *load, struct str name);
void load_built_in_kind(struct load *load, struct pack_kind *kind);

/* --- small things ---------------------------------------------------------------------------- */

/* Text of a scalar member, or p NULL. */
struct str text_of(const struct yaml *body, const char *key);
const struct yaml *member_of(const struct yaml *body, const char *key);
bool is_yes(const struct yaml *body, const char *key);
/* A scalar or list as a list: the first of it, the next, NULL. */
const struct yaml *first_of(const struct yaml *node);
const struct yaml *next_of(const struct yaml *node, const struct yaml *item);
size_t count_of(const struct yaml *node);

/* Number of `name` in `index`, or SIZE_MAX with an error at `node`: ABOUT names WHAT "x"; no such
 * WHAT. */
size_t load_resolve(struct load *load, const struct yaml *node, struct str name, struct str about,
                    const char *what, const struct name_index *index);
struct str load_nearest(struct load *load, struct str name, const struct name_index *index);
/* Mask of the file types that a scalar or list names. */
uint64_t load_type_mask(struct load *load, const struct yaml *node, struct str about);
/* A state on any of the types: error otherwise. */
bool load_state(struct load *load, const struct yaml *node, struct str about, const char *verb,
                uint64_t file_types);
/* Codes that a field can have (yes, no for PACK_YES), and their number. */
size_t load_codes(const struct pack_field *field, const struct str **out, struct arena *arena);
struct str about_of(struct load *load, const char *what, struct str name);

#endif
