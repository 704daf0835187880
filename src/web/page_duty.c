/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Duties, ladders, entries and offices as models have them. */
#include "web/page.h"

#define NAMED_IN_LISTS 2

static const char *class_name(enum pack_class class)
{
	switch (class) {
	case PACK_STATUTE:
		return "statute";
	case PACK_GUIDANCE:
		return "guidance";
	case PACK_NORM:
		return "norm";
	case PACK_LOCAL:
		break;
	}
	return "local";
}

/* --- offices --------------------------------------------------------------------------------- */

/* An office that is gone from the register keeps its id as its name. */
static bool title_of_office(struct web_request *request, struct casebook_reader *reader,
                            struct str office, struct str *title, struct err *err)
{
	*title = office;
	return office.n == 0 || casebook_office_title(reader, request->arena, office, title, err) ||
	       err->code == ERR_ABSENT;
}

bool page_office(struct web_request *request, struct casebook_reader *reader, struct str office,
                 struct json **out, struct err *err)
{
	struct arena *arena = request->arena;
	struct str title;
	*out = json_object(arena);
	if (!title_of_office(request, reader, office, &title, err))
		return false;
	json_put_text(arena, *out, STR("id"), office);
	json_put_text(arena, *out, STR("title"), title);
	return true;
}

/* --- ladders --------------------------------------------------------------------------------- */

struct ladder_row {
	struct str office;
	const struct pack_office *role; /* NULL: an office that has the name of none */
	instant at;
	bool is_reached;
	bool is_next;
	bool is_vacant;
	enum pack_rung_place place;
};

static void put_row(struct web_request *request, struct json *ladder, const struct ladder_row *row)
{
	struct arena *arena = request->arena;
	struct json *object = json_object(arena);
	json_put_text(arena, object, STR("office"), row->office);
	struct str known_as = row->office;
	if (row->role)
		known_as = row->role->public_title.n ? row->role->public_title : row->role->title;
	json_put_text(arena, object, STR("known_as"), known_as);
	json_put(object, STR("at"), page_time_due(request, row->at));
	json_put_bool(arena, object, STR("reached"), row->is_reached);
	json_put_bool(arena, object, STR("next"), row->is_next);
	json_put_bool(arena, object, STR("vacant"), row->is_vacant);
	json_put_bool(arena, object, STR("independent"), row->place == PACK_INDEPENDENT);
	json_put_bool(arena, object, STR("outside"), row->place == PACK_OUTSIDE);
	json_push(ladder, object);
}

static bool put_told(struct web_request *request, struct casebook_reader *reader,
                     const struct casebook_duty *duty, const struct pack_ladder *rungs,
                     struct json *ladder, struct err *err)
{
	const struct casebook_told *told;
	size_t count;
	if (!casebook_duty_told(reader, request->arena, duty->id, &told, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		size_t rung = told[i].rung > 0 ? (size_t)told[i].rung - 1 : 0;
		struct ladder_row row = { .role = casebook_office_role(reader, told[i].office),
			                  .at = told[i].at,
			                  .is_reached = true,
			                  .is_vacant = told[i].is_vacant };
		if (rungs && rung < rungs->count)
			row.place = rungs->rungs[rung].place;
		if (!title_of_office(request, reader, told[i].office, &row.office, err))
			return false;
		put_row(request, ladder, &row);
	}
	return true;
}

static bool put_still_to_tell(struct web_request *request, struct casebook_reader *reader,
                              const struct casebook_duty *duty, struct json *ladder,
                              struct err *err)
{
	const struct casebook_rung *rungs;
	size_t count;
	if (!casebook_duty_to_tell(reader, request->arena, duty, CASEBOOK_RUNGS_ALL, &rungs, &count,
	                           err))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct ladder_row row = { .office = rungs[i].title,
			                  .role = rungs[i].role,
			                  .at = rungs[i].at,
			                  .is_next = rungs[i].at == rungs[0].at,
			                  .place = rungs[i].place };
		put_row(request, ladder, &row);
	}
	return true;
}

struct str page_offices(struct arena *arena, const struct str *titles, size_t count, size_t most)
{
	struct str text = count ? titles[0] : STR("");
	if (count > most)
		return arena_format(arena, "%.*s and %zu others", STR_ARG(text), count - 1);
	for (size_t i = 1; i < count; i++)
		text = arena_format(arena, "%.*s%s%.*s", STR_ARG(text),
		                    i + 1 == count ? " and " : ", ", STR_ARG(titles[i]));
	return text;
}

bool page_told_next(struct web_request *request, struct casebook_reader *reader,
                    const struct casebook_duty *duty, struct str *out, struct err *err)
{
	const struct casebook_rung *rungs;
	size_t count;
	if (!casebook_duty_to_tell(reader, request->arena, duty, CASEBOOK_RUNGS_NEXT, &rungs,
	                           &count, err))
		return false;
	struct str *titles = arena_alloc(request->arena, count + 1, sizeof *titles);
	if (!titles)
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	for (size_t i = 0; i < count; i++)
		titles[i] = rungs[i].title;
	*out = page_offices(request->arena, titles, count, NAMED_IN_LISTS);
	return true;
}

bool page_ladder(struct web_request *request, struct casebook_reader *reader,
                 const struct casebook_duty *duty, struct json **out, struct err *err)
{
	const struct pack *pack = casebook_pack(site_book(request));
	const struct pack_ladder *rungs = pack_ladder_find(pack, duty->ladder);
	*out = json_array(request->arena);
	if (!put_told(request, reader, duty, rungs, *out, err))
		return false;
	return !rungs || !duty->is_open || put_still_to_tell(request, reader, duty, *out, err);
}

struct str page_owner(struct arena *arena, const struct pack_owner *owner)
{
	static const char *const STEPS[] = { [PACK_STEP_NONE] = "",
		                             [PACK_STEP_MANAGER] = "the manager of ",
		                             [PACK_STEP_HEAD] = "the head of the agency of ",
		                             [PACK_STEP_CHIEF] =
		                                     "the chief officer of the agency of ",
		                             [PACK_STEP_INSPECTORATE] =
		                                     "the inspectorate of the agency of " };
	static const char *const BASES[] = {
		[PACK_OWNER_ROLE] = "",
		[PACK_OWNER_ENTRY] = "the office that wrote the entry",
		[PACK_OWNER_FIRST_ENTRY] = "the office that wrote the file's first entry",
		[PACK_OWNER_LAST_ENTRY] = "the office that wrote the file's last entry",
		[PACK_OWNER_FIELD] = "the office that the entry names",
		[PACK_OWNER_OF_FILE] = "the office that the file is of",
		[PACK_OWNER_PATTERN] = "the owner of the pattern",
		[PACK_OWNER_OWNER] = "the office that owes it",
	};
	struct str base = owner->sort == PACK_OWNER_ROLE ? owner->role->title
	                                                 : str_from_c(BASES[owner->sort]);
	for (size_t i = 0; i < owner->step_count; i++)
		base = arena_format(arena, "%s%.*s", STEPS[owner->steps[i]], STR_ARG(base));
	return base;
}

/* --- duties ---------------------------------------------------------------------------------- */

static const char *state_of(const struct casebook_duty *duty)
{
	if (duty->is_open)
		return duty->is_late ? "late" : "owed";
	if (duty->was_ended)
		return "ended";
	return duty->is_late ? "settled-late" : "settled";
}

static void put_times(struct web_request *request, const struct casebook_duty *duty,
                      struct json *object)
{
	struct arena *arena = request->arena;
	bool is_agreed = duty->agreed > duty->due;
	instant until = duty->is_open ? request->now : duty->closed_at;
	json_put(object, STR("due"), page_time_due(request, is_agreed ? duty->agreed : duty->due));
	json_put(object, STR("first_due"),
	         is_agreed ? page_time_due(request, duty->due) : json_null(arena));
	json_put_text(arena, object, STR("state"), str_from_c(state_of(duty)));
	json_put(object, STR("late"),
	         duty->is_late ? page_late(request, duty->due, until) : json_null(arena));
	json_put_bool(arena, object, STR("is_late"), duty->is_late);
	json_put_bool(arena, object, STR("is_provisional"), duty->is_provisional);
	json_put_bool(arena, object, STR("is_open"), duty->is_open);
	if (duty->is_open) {
		json_put(object, STR("settled"), json_null(arena));
		return;
	}
	struct json *settled = json_object(arena);
	json_put_integer(arena, settled, STR("entry"), duty->closed);
	json_put(settled, STR("at"), page_time_near(request, duty->closed_at));
	json_put(settled, STR("done"),
	         duty->was_done_in_time ? page_time_near(request, duty->done_at)
	                                : json_null(arena));
	json_put(object, STR("settled"), settled);
}

static struct json *agency_of(struct web_request *request, struct casebook_reader *reader,
                              struct str office)
{
	const struct pack_office *role = casebook_office_role(reader, office);
	return role && role->agency ? json_string(request->arena, role->agency->title)
	                            : json_null(request->arena);
}

bool page_duty(struct web_request *request, struct casebook_reader *reader,
               const struct casebook_duty *duty, struct json **out, struct err *err)
{
	struct arena *arena = request->arena;
	struct json *object = json_object(arena), *file = json_object(arena);
	struct json *opened = json_object(arena), *office = json_object(arena), *ladder;
	if (!page_ladder(request, reader, duty, &ladder, err))
		return false;
	json_put_text(arena, object, STR("rule"), duty->rule);
	json_put_text(arena, object, STR("id"), duty->name);
	json_put_text(arena, object, STR("what"), duty->title);
	json_put_text(arena, object, STR("class"), str_from_c(class_name(duty->class)));
	json_put_text(arena, object, STR("source"), duty->source);
	json_put_text(arena, file, STR("id"), duty->file_number);
	json_put_text(arena, file, STR("label"), duty->file_number);
	json_put(object, STR("file"), file);
	json_put_text(arena, office, STR("id"), duty->office);
	json_put_text(arena, office, STR("title"), duty->office_title);
	json_put(office, STR("agency"), agency_of(request, reader, duty->office));
	json_put(object, STR("office"), office);
	json_put_integer(arena, opened, STR("entry"), duty->opened);
	json_put(opened, STR("at"), page_time_near(request, duty->opened_at));
	json_put(object, STR("opened"), opened);
	put_times(request, duty, object);
	json_put_bool(arena, object, STR("has_ladder"), ladder && ladder->count > 0);
	json_put(object, STR("ladder"), ladder);
	json_put(object, STR("actions"), json_array(arena));
	*out = object;
	return true;
}

/* --- entries --------------------------------------------------------------------------------- */

static void put_apart(struct web_request *request, const struct casebook_entry *entry,
                      struct json *object)
{
	int64_t apart = entry->recorded - entry->happened;
	if (apart < INSTANT_PER_DAY) {
		json_put(object, STR("apart"), json_null(request->arena));
		return;
	}
	struct str elapsed = wording_elapsed(request->arena, apart);
	json_put_text(request->arena, object, STR("apart"),
	              arena_format(request->arena, "%.*s later", STR_ARG(elapsed)));
}

/* received: when it reached whoever wrote, where that was another time; null. */
static void put_received(struct web_request *request, const struct casebook_entry *entry,
                         struct json *object)
{
	instant received;
	bool has = instant_read(json_text(entry->plain, STR("received")), &received);
	json_put(object, STR("received"),
	         has ? page_time_entry(request, entry, received) : json_null(request->arena));
}

bool page_entry(struct web_request *request, struct casebook_reader *reader,
                const struct casebook_entry *entry, struct json **out, struct err *err)
{
	struct arena *arena = request->arena;
	struct json *object = json_object(arena), *sealed = json_object(arena), *office;
	if (!page_office(request, reader, entry->office, &office, err))
		return false;
	const char *state = entry->is_destroyed ? "destroyed"
	                    : entry->is_sealed  ? "sealed"
	                                        : "none";
	json_put_integer(arena, object, STR("n"), entry->index);
	json_put_text(arena, object, STR("kind"), entry->kind);
	json_put_text(arena, object, STR("title"),
	              entry->rules ? entry->rules->title : entry->kind);
	json_put(object, STR("happened"), page_time_entry(request, entry, entry->happened));
	json_put(object, STR("recorded"), page_time_entry(request, entry, entry->recorded));
	put_apart(request, entry, object);
	put_received(request, entry, object);
	json_put(object, STR("office"), office);
	json_put_text(arena, sealed, STR("state"), str_from_c(state));
	json_put(sealed, STR("words"), json_null(arena));
	json_put(object, STR("sealed"), sealed);
	json_put(object, STR("beside"), json_array(arena));
	json_put(object, STR("tags"), json_array(arena));
	*out = object;
	return true;
}
