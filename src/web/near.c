/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which files somebody most likely means: linked ones first, then those worked on lately. */
#include "web/near.h"

#include "web/file_parts.h"

#define NEAR_MAX 60
#define LINKED_MAX 40
#define LATELY_MAX 12 /* of each sort */
#define READINGS_LOOKED 100
#define DUTIES_LOOKED 50

struct near {
	struct web_request *request;
	struct casebook_reader *reader;
	struct near_file *at;
	size_t count;
};

static bool is_there(const struct near *near, int64_t file)
{
	for (size_t i = 0; i < near->count; i++)
		if (near->at[i].file.n == file)
			return true;
	return false;
}

static size_t count_of(const struct near *near, enum near_why why)
{
	size_t count = 0;
	for (size_t i = 0; i < near->count; i++)
		count += near->at[i].why == why;
	return count;
}

/* One that is gone, or not for this viewer, is left out. */
static bool add(struct near *near, int64_t n, enum near_why why, struct str relation,
                struct err *err)
{
	struct casebook_access access;
	struct near_file one = { .why = why, .relation = relation };
	if (near->count == NEAR_MAX || is_there(near, n))
		return true;
	if (!casebook_may(near->reader, practice_viewer(near->request), n, &access, err) ||
	    (access.may_know &&
	     !casebook_file_get(near->reader, near->request->arena, n, &one.file, err)))
		return err->code == ERR_ABSENT;
	if (access.may_know && one.file.type)
		near->at[near->count++] = one;
	return true;
}

static bool add_linked(struct near *near, int64_t of, struct err *err)
{
	const struct casebook_linked *links;
	size_t count;
	if (!casebook_links(near->reader, near->request->arena, of, &links, &count, err))
		return false;
	for (size_t i = count; i-- > 0 && count_of(near, NEAR_LINKED) < LINKED_MAX;)
		if (!add(near, links[i].file, NEAR_LINKED, links[i].relation, err))
			return false;
	return true;
}

static bool add_named(struct near *near, struct str name, struct err *err)
{
	struct casebook_file file;
	if (!casebook_file_find(near->reader, near->request->arena, name, &file, err))
		return err->code == ERR_ABSENT;
	return add(near, file.n, NEAR_LINKED, STR(""), err) && add_linked(near, file.n, err);
}

static bool add_read(struct near *near, struct err *err)
{
	const struct casebook_reading *readings;
	size_t count;
	if (!casebook_readings(near->reader, near->request->arena, -1,
	                       practice_viewer(near->request)->actor.account, READINGS_LOOKED,
	                       &readings, &count, err))
		return false;
	for (size_t i = 0; i < count && count_of(near, NEAR_READ) < LATELY_MAX; i++)
		if (!add(near, readings[i].file, NEAR_READ, STR(""), err))
			return false;
	return true;
}

static bool add_owed(struct near *near, struct err *err)
{
	struct casebook_duty_list duties;
	if (!casebook_duties_of_office(near->reader, near->request->arena,
	                               practice_viewer(near->request)->actor.office, INSTANT_MIN, 0,
	                               DUTIES_LOOKED, &duties, err))
		return false;
	for (size_t i = 0; i < duties.count && count_of(near, NEAR_OWED) < LATELY_MAX; i++)
		if (!add(near, duties.at[i].file, NEAR_OWED, STR(""), err))
			return false;
	return true;
}

bool near_find(struct web_request *request, struct casebook_reader *reader,
               const struct casebook_file *of, const struct str *named, size_t named_count,
               struct near_list *out, struct err *err)
{
	struct near near = { .request = request,
		             .reader = reader,
		             .at = arena_alloc(request->arena, NEAR_MAX, sizeof *near.at) };
	if (!near.at)
		return err_set(err, ERR_UNABLE, "There is no memory for this form");
	if (of && (!add(&near, of->n, NEAR_ITSELF, STR(""), err) || !add_linked(&near, of->n, err)))
		return false;
	for (size_t i = 0; i < named_count; i++)
		if (!add_named(&near, named[i], err))
			return false;
	if (!add_read(&near, err) || !add_owed(&near, err))
		return false;
	*out = (struct near_list){ near.at, near.count };
	return true;
}

struct str near_heading(enum near_why why)
{
	switch (why) {
	case NEAR_ITSELF:
		return STR("This file");
	case NEAR_LINKED:
		return STR("Linked here");
	case NEAR_READ:
		return STR("You opened these lately");
	case NEAR_OWED:
		return STR("Your office owes something here");
	}
	return STR("");
}

struct str near_label(struct web_request *request, const struct near_file *near)
{
	const struct casebook_file *file = &near->file;
	struct arena *arena = request->arena;
	struct str state = file->state >= 0 && (size_t)file->state < file->type->state_count
	                           ? file->type->state_titles[file->state]
	                           : file->state_name;
	return arena_format(arena, "%.*s, %.*s, %.*s%s%.*s", STR_ARG(file->number),
	                    STR_ARG(file_inside(arena, file->type->title)),
	                    STR_ARG(file_inside(arena, state)), near->relation.n ? ": " : "",
	                    STR_ARG(near->relation));
}
