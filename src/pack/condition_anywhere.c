/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * `count: anywhere`: how many entries of these kinds, on whichever files, share
 * a value of a field with the newest of them on the pattern's own file. Reports
 * that lie on a file each add up so.
 */
#include "pack/condition_look.h"
#include "pack/condition_reader.h"

#define VALUES_MAX 64

struct sharing {
	const struct cond_atom *atom;
	const struct pack_world *world;
	struct cond_window window;
	uint64_t values[VALUES_MAX]; /* hashes, of the file's own */
	size_t value_count;
	size_t rows;
	size_t files; /* looked into */
	int64_t counted;
	bool is_cut;
	bool is_failed;
	pack_visit_entry *visit; /* told each that counts; NULL: they are counted alone */
	void *ctx;
	struct err *err;
};

/* --- reading --------------------------------------------------------------------------------- */

static const struct pack_field *shared_field(const struct pack_kind *kind, struct str name)
{
	const struct pack_field *field = pack_field_find(kind, name);
	bool is_told_apart = field && !field->is_sealed &&
	                     (field->type == PACK_CODE || field->type == PACK_CODES ||
	                      field->type == PACK_OFFICE);
	return is_told_apart ? field : NULL;
}

/* Whether the kind is made on files of a type that only some may know of. */
static bool is_hidden(const struct pack *pack, const struct pack_kind *kind)
{
	for (size_t t = 0; t < pack->file_type_count; t++) {
		if ((kind->file_types >> t & 1) && pack->file_types[t].is_private)
			return true;
	}
	return false;
}

bool condition_read_anywhere(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	const struct yaml *anywhere = yaml_member(node, STR("anywhere"));
	const struct cond_which *which = &atom->which;
	if (!anywhere)
		return true;
	if (!reader->has_pattern_forms)
		return reader_wrong(reader, anywhere, "anywhere is asked in patterns alone");
	if (which->kind_count == 0 || !atom->has_period || !yaml_member(node, STR("at-least")) ||
	    yaml_member(node, STR("at-most")) || atom->since || atom->newest || which->through ||
	    which->after_count || yaml_member(node, STR("different")) ||
	    yaml_member(node, STR("alike")) || yaml_member(node, STR("with-this")))
		return reader_wrong(
			reader, anywhere,
			"anywhere goes with of kinds, within, at-least and on-file, and "
			"nothing else");
	if (reader_is_never(reader, anywhere->text, &atom->forbidden))
		return true;
	for (size_t i = 0; i < which->kind_count; i++) {
		if (!shared_field(which->kinds[i], anywhere->text))
			return reader_wrong(
				reader, anywhere,
				"expected a plain field of codes or offices that each of "
				"the kinds has");
		if (!(which->kinds[i]->file_types & reader->file_types) ||
		    is_hidden(reader->loader->pack, which->kinds[i]))
			return reader_wrong(
				reader, anywhere,
				"expected kinds that are made on such files, and on none "
				"that is private");
	}
	atom->anywhere = arena_copy(reader->loader->arena, anywhere->text);
	return true;
}

/* --- looking --------------------------------------------------------------------------------- */

/* The next of "a" or ["a","b"]; codes and the names of offices have no escapes. */
static bool next_value(struct str *raw, uint64_t *hash)
{
	size_t from = str_find(*raw, '"');
	if (from == raw->n)
		return false;
	struct str rest = str_sub(*raw, from + 1, raw->n);
	size_t to = str_find(rest, '"');
	*hash = cond_hash(str_sub(rest, 0, to));
	*raw = str_sub(rest, to + 1 < rest.n ? to + 1 : rest.n, rest.n);
	return true;
}

static bool is_own(const struct sharing *sharing, uint64_t hash)
{
	for (size_t i = 0; i < sharing->value_count; i++) {
		if (sharing->values[i] == hash)
			return true;
	}
	return false;
}

static bool take_own(void *ctx, const struct pack_seen *seen)
{
	struct sharing *sharing = ctx;
	struct str raw = cond_raw_member(seen->plain, sharing->atom->anywhere);
	uint64_t hash;
	if (!cond_which_fits(&sharing->atom->which, sharing->world, seen))
		return true;
	while (sharing->value_count < VALUES_MAX && next_value(&raw, &hash))
		sharing->values[sharing->value_count++] = hash;
	return false;
}

static bool shares(const struct sharing *sharing, const struct pack_seen *seen)
{
	struct str raw = cond_raw_member(seen->plain, sharing->atom->anywhere);
	uint64_t hash;
	while (next_value(&raw, &hash)) {
		if (is_own(sharing, hash))
			return true;
	}
	return false;
}

static bool is_within(struct sharing *sharing, instant at)
{
	bool within = false;
	if (!cond_is_in_window(&sharing->window, sharing->world, &sharing->atom->period, at,
	                       &within, sharing->err))
		sharing->is_failed = true;
	return within && !sharing->is_failed;
}

static bool is_on_such_a_file(struct sharing *sharing, const struct pack_seen *seen)
{
	bool fits;
	if (!cond_on_file(sharing->atom, sharing->world, seen, &sharing->files, &fits,
	                  sharing->err))
		sharing->is_failed = true;
	return fits && !sharing->is_failed;
}

static bool see(void *ctx, const struct pack_seen *seen)
{
	struct sharing *sharing = ctx;
	if (sharing->rows++ == COND_COUNT_MAX) {
		sharing->is_cut = true;
		return false;
	}
	/* Nothing happens after it was recorded: what follows is older still. */
	if (!is_within(sharing, seen->recorded))
		return false;
	if (!cond_which_fits(&sharing->atom->which, sharing->world, seen) ||
	    !is_within(sharing, seen->happened) || !shares(sharing, seen) ||
	    !is_on_such_a_file(sharing, seen))
		return !sharing->is_failed;
	sharing->counted++;
	if (sharing->visit)
		return sharing->visit(sharing->ctx, seen);
	return sharing->counted < sharing->atom->least;
}

static bool look(struct sharing *sharing, struct err *err)
{
	const struct pack_world *world = sharing->world;
	const struct cond_which *which = &sharing->atom->which;
	if (!world->calls->anywhere)
		return true;
	return world->calls->entries(world, which->kinds, which->kind_count, NULL, take_own,
	                             sharing, err) &&
	       (!sharing->value_count ||
	        world->calls->anywhere(world, which->kinds, which->kind_count, see, sharing,
	                               err)) &&
	       !sharing->is_failed;
}

bool cond_look_anywhere(const struct cond_atom *atom, const struct pack_world *world, bool *holds,
                        struct err *err)
{
	struct sharing sharing = {
		.atom = atom, .world = world, .window = COND_WINDOW, .err = err
	};
	if (!look(&sharing, err))
		return false;
	*holds = sharing.is_cut || sharing.counted >= atom->least;
	return true;
}

bool cond_tell_anywhere(const struct cond_atom *atom, const struct pack_world *world,
                        pack_visit_entry *visit, void *ctx, struct err *err)
{
	struct sharing sharing = { .atom = atom,
		                   .world = world,
		                   .window = COND_WINDOW,
		                   .visit = visit,
		                   .ctx = ctx,
		                   .err = err };
	return look(&sharing, err);
}
