/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * `complete`: of all that entries ought to have said in a time, how much they
 * said. What was due is due by the day on which the entry was written down, and
 * only where its field is there. Of more than COND_COUNT_MAX entries the newest
 * tell.
 */
#include "pack/condition_look.h"
#include "pack/condition_reader.h"

#define PARTS_MAX 12
#define KNOWN_MAX 128

/* --- reading --------------------------------------------------------------------------------- */

static const struct pack_field *read_field(struct reader *reader, const struct yaml *node,
                                           const struct pack_kind *kind, struct str *forbidden)
{
	const struct pack_field *field = pack_field_find(kind, node->text);
	struct str known[KNOWN_MAX];
	size_t count = 0;
	for (size_t i = 0; i < kind->field_count && count < KNOWN_MAX; i++)
		known[count++] = kind->fields[i].name;
	if (!field) {
		(void)reader_unknown(reader, node, "field", known, count);
		return NULL;
	}
	(void)reader_is_never(reader, node->text, forbidden);
	if (field->type == PACK_CODES && field->list && !field->is_sealed && !field->is_protected)
		return field;
	(void)reader_wrong(reader, node, "expected a plain field of type codes");
	return NULL;
}

static bool read_code(struct reader *reader, const struct yaml *node, const struct pack_list *list,
                      struct cond_test *out)
{
	struct str known[KNOWN_MAX];
	size_t count = 0;
	for (size_t i = 0; i < list->count && count < KNOWN_MAX; i++)
		known[count++] = list->codes[i].code;
	const struct pack_code *code =
		node->type == YAML_SCALAR ? pack_code_find(list, node->text) : NULL;
	struct str *one = loader_alloc(reader->loader, 1, sizeof *one);
	if (node->type != YAML_SCALAR)
		return reader_wrong(reader, node, "a list in a list; expected codes");
	if (!code)
		return reader_unknown(reader, node, "code", known, count);
	if (!one)
		return false;
	*one = code->code;
	*out = (struct cond_test){ .sort = COND_IS_CODE, .codes = one, .code_count = 1 };
	return true;
}

static bool read_due(struct reader *reader, const struct yaml *node, const struct pack_list *list,
                     struct cond_part *part)
{
	size_t n = reader_list_count(node);
	struct cond_test *due = loader_alloc(reader->loader, n ? n : 1, sizeof *due);
	if (node->type == YAML_MAPPING || n == 0)
		return reader_wrong(reader, node, "an empty list; expected the codes that are due");
	for (size_t i = 0; due && i < n; i++) {
		if (!read_code(reader, reader_list_at(node, i), list, &due[i]))
			return false;
		for (size_t j = 0; j < i; j++) {
			if (str_eq(due[j].codes[0], due[i].codes[0]))
				return reader_wrong(reader, reader_list_at(node, i),
				                    "a code that is due twice");
		}
	}
	part->due = due;
	part->due_count = n;
	return due != NULL;
}

static bool read_part(struct reader *reader, const struct yaml *node, struct cond_part *part,
                      struct cond_atom *atom)
{
	if (!reader_has_keys(reader, node, "kind field due", "", "kind field due") ||
	    !(part->kind = reader_kind(reader, yaml_member(node, STR("kind")))))
		return false;
	const struct pack_field *field =
		read_field(reader, yaml_member(node, STR("field")), part->kind, &atom->forbidden);
	part->field = field ? field->name : STR_NONE;
	for (size_t i = 0; field && i < atom->part_count; i++) {
		if (atom->parts[i].kind == part->kind && str_eq(atom->parts[i].field, part->field))
			return reader_wrong(reader, node, "a field that stands twice");
	}
	return field && read_due(reader, yaml_member(node, STR("due")), field->list, part);
}

/* Each kind once, though several of its fields are weighed. */
static void add_kind(struct cond_which *which, const struct pack_kind **kinds,
                     const struct pack_kind *kind)
{
	for (size_t i = 0; i < which->kind_count; i++) {
		if (kinds[i] == kind)
			return;
	}
	kinds[which->kind_count++] = kind;
	which->kinds = kinds;
}

/* One part, or a list of them. */
static bool read_parts(struct reader *reader, const struct yaml *of, struct cond_atom *atom)
{
	bool is_list = of->type == YAML_SEQUENCE;
	size_t n = is_list ? of->count : 1;
	if (of->type == YAML_SCALAR || n == 0 || n > PARTS_MAX)
		return reader_wrong(reader, of,
		                    "expected { kind, field, due }, or up to 12 of them");
	struct cond_part *parts = loader_alloc(reader->loader, n, sizeof *parts);
	const struct pack_kind **kinds =
		loader_alloc(reader->loader, n, sizeof(const struct pack_kind *));
	if (!parts || !kinds)
		return false;
	atom->parts = parts;
	for (const struct yaml *one = is_list ? of->first : of; one;
	     one = is_list ? one->next : NULL) {
		if (!read_part(reader, one, &parts[atom->part_count], atom))
			return false;
		add_kind(&atom->which, kinds, parts[atom->part_count].kind);
		atom->part_count++;
	}
	return true;
}

bool condition_read_complete(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	atom->by_recorded = true;
	return reader_has_keys(reader, node, "of within under at-least", "",
	                       "of within under at-least") &&
	       read_parts(reader, yaml_member(node, STR("of")), atom) &&
	       reader_within(reader, node, atom) &&
	       reader_number(reader, node, STR("under"), 1, 100, &atom->under) &&
	       reader_number(reader, node, STR("at-least"), 1, COND_BOUND_MAX, &atom->least);
}

/* --- looking --------------------------------------------------------------------------------- */

/* What the entry had to say, and said; nothing, where its field is not there. */
static void weigh(const struct cond_atom *atom, const struct pack_seen *seen, int64_t *due,
                  int64_t *said)
{
	for (size_t i = 0; i < atom->part_count; i++) {
		const struct cond_part *part = &atom->parts[i];
		struct str raw = part->kind == seen->kind
		                         ? cond_raw_member(seen->plain, part->field)
		                         : STR_NONE;
		if (!raw.p)
			continue;
		*due += (int64_t)part->due_count;
		for (size_t c = 0; c < part->due_count; c++)
			*said += cond_test_raw(&part->due[c], raw);
	}
}

bool cond_is_incomplete(const struct cond_atom *atom, const struct pack_seen *seen)
{
	int64_t due = 0, said = 0;
	weigh(atom, seen, &due, &said);
	return said < due;
}

struct completing {
	const struct cond_atom *atom;
	const struct pack_world *world;
	struct cond_window window;
	size_t rows;
	int64_t due;
	int64_t said;
	bool is_failed;
	struct err *err;
};

static bool see(void *ctx, const struct pack_seen *seen)
{
	struct completing *completing = ctx;
	bool within = false;
	if (completing->rows++ == COND_COUNT_MAX)
		return false;
	if (!cond_is_in_window(&completing->window, completing->world, &completing->atom->period,
	                       seen->recorded, &within, completing->err)) {
		completing->is_failed = true;
		return false;
	}
	/* What follows was written down earlier still. */
	if (within)
		weigh(completing->atom, seen, &completing->due, &completing->said);
	return within;
}

/* How many entries it takes at least until so much is due. */
static int64_t fewest(const struct cond_atom *atom)
{
	int64_t most = 1;
	for (size_t i = 0; i < atom->which.kind_count; i++) {
		int64_t due = 0;
		for (size_t j = 0; j < atom->part_count; j++) {
			if (atom->parts[j].kind == atom->which.kinds[i])
				due += (int64_t)atom->parts[j].due_count;
		}
		most = due > most ? due : most;
	}
	return (atom->least + most - 1) / most;
}

bool cond_look_complete(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                        struct err *err)
{
	struct completing completing = {
		.atom = atom, .world = world, .window = COND_WINDOW, .err = err
	};
	const struct cond_which *which = &atom->which;
	int64_t most;
	bool fewer;
	*holds = false;
	if (!cond_are_fewer(world, which->kinds, which->kind_count, NULL, fewest(atom), &most,
	                    &fewer, err))
		return false;
	if (fewer)
		return true;
	if (!world->calls->entries(world, which->kinds, which->kind_count, NULL, see, &completing,
	                           err) ||
	    completing.is_failed)
		return false;
	*holds = completing.due >= atom->least &&
	         100 * completing.said < atom->under * completing.due;
	return true;
}
