/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What is known of those whom a file is about, or of whom it is. Of each code the newest entry
 * that names it decides, whoever made it: what was known and is said to be
 * unknown later, is not. What was not looked at counts as not known.
 */
#include "pack/known.h"

#include "pack/atom.h"

struct knowing {
	const struct pack_field *field;
	const struct pack_world *world;
	size_t files;
	size_t rows;
	uint64_t said; /* on each file looked at so far */
	bool is_cut;
	bool is_failed;
	struct err *err;
	/* Of the file at hand. */
	const struct pack_kind *kind;
	uint64_t said_here;
	int64_t newest[PACK_KNOWN_CODES_MAX];
};

static bool is_code(struct str raw, struct str code)
{
	return raw.n == code.n + 2 && str_eq(str_sub(raw, 1, code.n), code);
}

static bool counts_as_said(const struct pack_known *known, const struct pack_seen *seen)
{
	struct str how = cond_raw_member(seen->plain, known->how);
	for (size_t i = 0; how.p && i < known->by_count; i++) {
		if (is_code(how, known->by[i]))
			return true;
	}
	return false;
}

static bool see_entry(void *ctx, const struct pack_seen *seen)
{
	struct knowing *knowing = ctx;
	const struct pack_list *list = knowing->field->list;
	if (knowing->rows++ == PACK_KNOWN_ROWS_MAX) {
		knowing->is_cut = true;
		return false;
	}
	struct str named = cond_raw_member(seen->plain, knowing->field->known->field);
	for (size_t i = 0; named.p && i < list->count; i++) {
		uint64_t bit = UINT64_C(1) << i;
		if (!is_code(named, list->codes[i].code))
			continue;
		if (seen->index <= knowing->newest[i])
			break;
		knowing->newest[i] = seen->index;
		knowing->said_here &= ~bit;
		if (counts_as_said(knowing->field->known, seen))
			knowing->said_here |= bit;
		break;
	}
	return true;
}

static bool is_asked_on(const struct knowing *knowing, const struct pack_file_type *type)
{
	return type && (knowing->field->known->types >> type->number & 1);
}

/* Kind by kind, which an index finds: a file may be long. */
static bool look(struct knowing *knowing, const struct pack_world *there)
{
	const struct pack_known *known = knowing->field->known;
	knowing->files++;
	knowing->said_here = 0;
	for (size_t i = 0; i < PACK_KNOWN_CODES_MAX; i++)
		knowing->newest[i] = -1;
	for (size_t i = 0; i < known->kind_count && !knowing->is_failed && !knowing->is_cut; i++)
		knowing->is_failed = !there->calls->entries(there, &known->kinds[i], 1, NULL,
		                                            see_entry, knowing, knowing->err);
	knowing->said &= knowing->said_here;
	return !knowing->is_failed && !knowing->is_cut;
}

static bool see_file(void *ctx, const struct pack_seen_file *file)
{
	struct knowing *knowing = ctx;
	struct pack_world there;
	if (!is_asked_on(knowing, file->type))
		return true;
	if (knowing->files == PACK_KNOWN_FILES_MAX) {
		knowing->is_cut = true;
		return false;
	}
	if (!knowing->world->calls->at_file(knowing->world, file, &there, knowing->err)) {
		knowing->is_failed = true;
		return false;
	}
	return look(knowing, &there);
}

bool pack_known_said(const struct pack_field *field, const struct pack_world *world, bool *is_there,
                     uint64_t *said, struct err *err)
{
	const struct pack_known *known = field->known;
	struct knowing knowing = { .field = field, .world = world, .said = UINT64_MAX, .err = err };
	if (known->is_own && is_asked_on(&knowing, world->type))
		(void)look(&knowing, world);
	if (known->through && !knowing.is_failed && !knowing.is_cut &&
	    !world->calls->links(world, known->through, see_file, &knowing, err))
		return false;
	if (knowing.is_failed)
		return false;
	*is_there = knowing.files > 0;
	*said = *is_there && !knowing.is_cut ? knowing.said : 0;
	return true;
}
