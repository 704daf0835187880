/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A duty as staff see it in lists: state, who was told, who is next, and the act that settles it.
 */
#include "web/practice.h"

#include "web/draft.h"

#define NEXT_MAX 16 /* offices told at one time, by name */
#define OTHERS_MAX 600

/* Whether somebody of the offices that owe it, or the office that looks, may act on it. */
static bool is_mine(const struct web_request *request, const struct casebook_duty *duty)
{
	struct str office = practice_viewer(request)->actor.office;
	if (str_eq(duty->office, office))
		return true;
	for (size_t i = 0; i < duty->also_count; i++)
		if (str_eq(duty->also[i], office))
			return true;
	return false;
}

bool office_is_outside(const struct casebook_office *office)
{
	return office->role && office->role->is_outside;
}

bool duty_is_of_owner(const struct pack_settle *line)
{
	return line->only == PACK_ONLY_OWN || line->is_own;
}

static bool settles(const struct pack_kind *kind, const struct casebook_duty *duty,
                    struct str office)
{
	for (size_t i = 0; i < kind->settle_count; i++) {
		const struct pack_settle *line = &kind->settles[i];
		bool is_rule = line->duty == duty->rules || str_eq(line->duty->name, duty->rule);
		if (!line->on && is_rule &&
		    (!duty_is_of_owner(line) || str_eq(duty->office, office)))
			return true;
	}
	return false;
}

bool duty_is_settled_by(const struct casebook_duty *duty, const struct pack_kind *kind,
                        struct str office)
{
	const struct pack_file_type *type = duty->file_type;
	return !kind->retired.p && !kind->may_begin && type &&
	       kind->file_types >> type->number & 1 && settles(kind, duty, office);
}

bool duty_is_settled_together(const struct pack *pack, const struct casebook_duty *duty)
{
	bool is_settled = false;
	for (size_t i = 0; i < pack->kind_count; i++) {
		const struct pack_kind *kind = &pack->kinds[i];
		if (!duty_is_settled_by(duty, kind, duty->office))
			continue;
		for (size_t s = 0; s < kind->settle_count; s++) {
			const struct pack_settle *line = &kind->settles[s];
			if (line->on || !str_eq(line->duty->name, duty->rule))
				continue;
			if (line->only != PACK_ONLY_ALL && line->only != PACK_ONLY_OWN)
				return false;
			is_settled = true;
		}
	}
	return is_settled;
}

const struct pack_kind *duty_kind_that_settles(const struct pack *pack,
                                               const struct casebook_duty *duty,
                                               const struct pack_office *role)
{
	const struct pack_kind *found = NULL;
	for (size_t i = 0; i < pack->kind_count; i++) {
		const struct pack_kind *kind = &pack->kinds[i];
		if (!duty_is_settled_by(duty, kind, duty->office) ||
		    (kind->by_count == 1 && kind->by[0].sort == PACK_BY_REGISTER) ||
		    (role && !practice_may_make(kind, role->name, duty->rules)))
			continue;
		if (!found || (found->is_weighty && !kind->is_weighty))
			found = kind;
	}
	return found;
}

/* A second reader's answer names the act that waits, which is the entry that opened the duty. */
static void put_second(struct web_request *request, const struct casebook_duty *duty,
                       struct json *action)
{
	struct arena *arena = request->arena;
	json_put_text(arena, action, STR("href"),
	              arena_format(arena, "/files/%.*s/second.given?of=%" PRId64,
	                           STR_ARG(duty->file_number), duty->opened));
	json_put_text(arena, action, STR("text"), STR("Read it and answer"));
}

/* The field in which the act's form asks for the duty; p NULL: in none. */
static struct str field_of_duty(const struct pack_kind *kind, const struct casebook_duty *duty)
{
	if (pack_field_find(kind, STR("duty")))
		return STR("duty");
	for (size_t i = 0; i < kind->settle_count; i++) {
		const struct pack_settle *line = &kind->settles[i];
		if (line->only == PACK_ONLY_FIELD && str_eq(line->duty->name, duty->rule))
			return line->field;
	}
	return STR_NONE;
}

struct str duty_path(struct web_request *request, struct str file, const struct pack_kind *kind,
                     const struct casebook_duty *duty)
{
	struct str path = practice_file_path(request, file, kind->name);
	struct str field = field_of_duty(kind, duty);
	return field.p ? arena_format(request->arena, "%.*s?%.*s=%.*s", STR_ARG(path),
	                              STR_ARG(field), STR_ARG(duty->name))
	               : path;
}

void duty_put_action(struct web_request *request, const struct casebook_duty *duty,
                     const struct pack_kind *kind, struct json *row)
{
	struct arena *arena = request->arena;
	struct json *actions = json_array(arena), *action = json_object(arena);
	json_put_text(arena, action, STR("href"),
	              duty_path(request, duty->file_number, kind, duty));
	json_put_text(arena, action, STR("text"), pack_kind_action(kind));
	json_put_text(arena, action, STR("of"), duty->file_number);
	json_push(actions, action);
	draft_set(row, STR("actions"), actions);
}

/* Where the office that looks may not do what settles it: what that is, and who may. */
static struct str done_by_others(struct arena *arena, const struct pack_kind *kind)
{
	struct buf out;
	buf_init(&out, OTHERS_MAX);
	for (size_t i = 0; i < kind->by_count; i++)
		if (kind->by[i].sort == PACK_BY_ROLE)
			buf_format(&out, "%s%.*s", buf_str(&out).n ? ", " : "",
			           STR_ARG(kind->by[i].role->title));
	struct str who = arena_copy(arena, buf_str(&out));
	buf_finish(&out);
	if (!who.n)
		return STR("");
	return arena_format(arena, "%.*s: it can be done by %.*s", STR_ARG(pack_kind_action(kind)),
	                    STR_ARG(who));
}

/* The types of file on which this kind settles the duty of a linked one: "Child"; n 0: none. */
static struct str types_elsewhere(struct arena *arena, const struct pack *pack,
                                  const struct pack_kind *kind, const struct casebook_duty *duty)
{
	struct buf out;
	buf_init(&out, OTHERS_MAX);
	for (size_t s = 0; s < kind->settle_count && !kind->retired.p; s++)
		for (size_t t = 0; kind->settles[s].on && t < pack->file_type_count &&
		                   str_eq(kind->settles[s].duty->name, duty->rule);
		     t++)
			if (kind->file_types >> t & 1 && &pack->file_types[t] != duty->file_type)
				buf_format(&out, "%s%.*s", buf_str(&out).n ? ", " : "",
				           STR_ARG(pack->file_types[t].title));
	struct str types = arena_copy(arena, buf_str(&out));
	buf_finish(&out);
	return types;
}

static bool settles_its_own(const struct pack_kind *kind, const struct casebook_duty *duty)
{
	for (size_t s = 0; s < kind->settle_count; s++)
		if (!kind->settles[s].on && str_eq(kind->settles[s].duty->name, duty->rule))
			return true;
	return false;
}

/* Where nothing on its own file settles it: what does on a file that is linked to it; first what
 * is itself the thing that is owed, then what only makes it count. */
static struct str done_elsewhere(struct arena *arena, const struct pack *pack,
                                 const struct casebook_duty *duty)
{
	const struct pack_kind *found = NULL;
	struct str on = STR("");
	for (size_t i = 0; i < pack->kind_count; i++) {
		const struct pack_kind *kind = &pack->kinds[i];
		struct str types = types_elsewhere(arena, pack, kind, duty);
		if (!types.n || (found && !settles_its_own(kind, duty)))
			continue;
		found = kind;
		on = types;
		if (settles_its_own(kind, duty))
			break;
	}
	if (!found)
		return STR("");
	return arena_format(arena, "%.*s: on the file that is linked to this one (%.*s)",
	                    STR_ARG(pack_kind_action(found)), STR_ARG(on));
}

static void put_action(struct web_request *request, const struct pack_office *role,
                       const struct casebook_duty *duty, struct json *object)
{
	struct arena *arena = request->arena;
	const struct pack *pack = casebook_pack(site_book(request));
	const struct pack_kind *kind = NULL;
	struct str others = STR("");
	bool is_second = pack->second_duty && str_eq(duty->rule, pack->second_duty->name);
	draft_set(object, STR("actions"), json_array(arena));
	if (duty->is_open && is_mine(request, duty) && is_second) {
		struct json *actions = json_array(arena), *action = json_object(arena);
		put_second(request, duty, action);
		json_put_text(arena, action, STR("of"), duty->file_number);
		json_push(actions, action);
		draft_set(object, STR("actions"), actions);
	} else if (duty->is_open && is_mine(request, duty)) {
		kind = duty_kind_that_settles(pack, duty, role);
		if (kind)
			duty_put_action(request, duty, kind, object);
		else if ((kind = duty_kind_that_settles(pack, duty, NULL)))
			others = done_by_others(arena, kind);
		else
			others = done_elsewhere(arena, pack, duty);
	}
	json_put_text(arena, object, STR("others"), others);
	json_put_text(arena, object, STR("not_yet"), STR(""));
}

static void put_tag(struct arena *arena, struct json *tags, const char *kind, struct str text)
{
	struct json *tag = json_object(arena);
	json_put_text(arena, tag, STR("kind"), str_from_c(kind));
	json_put_text(arena, tag, STR("text"), text);
	json_push(tags, tag);
}

/* The last rung that was reached, in words; and whether that stands outside. */
static struct str last_told(struct arena *arena, const struct json *ladder, bool *is_outside)
{
	struct str office = STR_NONE;
	*is_outside = false;
	for (const struct json *row = ladder ? ladder->first : NULL; row; row = row->next) {
		if (!json_is_true(row, STR("reached")))
			continue;
		office = json_text(row, STR("office"));
		*is_outside = *is_outside || json_is_true(row, STR("outside"));
	}
	return office.n ? arena_format(arena, "Told: %.*s", STR_ARG(office)) : STR_NONE;
}

/* Every office that is told at that time. */
static void put_next(struct arena *arena, const struct json *ladder, struct json *object)
{
	struct str titles[NEXT_MAX], at = STR("");
	size_t count = 0;
	for (const struct json *row = ladder ? ladder->first : NULL; row; row = row->next) {
		if (!json_is_true(row, STR("next")) || count == NEXT_MAX)
			continue;
		titles[count++] = json_text(row, STR("office"));
		at = json_text(json_member(row, STR("at")), STR("text"));
	}
	if (count == 0) {
		json_put(object, STR("next_told"), json_null(arena));
		return;
	}
	struct json *next = json_object(arena);
	json_put_text(arena, next, STR("office"), page_offices(arena, titles, count, NEXT_MAX));
	json_put_text(arena, next, STR("at"), at);
	json_put(object, STR("next_told"), next);
}

static void put_tags(struct web_request *request, const struct casebook_duty *duty, struct str told,
                     bool is_outside, struct json *object)
{
	struct arena *arena = request->arena;
	struct json *tags = json_array(arena);
	struct str late = json_text(json_member(object, STR("late")), STR("text"));
	const char *row = "cd-duty";
	if (duty->is_open && duty->is_late)
		row = is_outside ? "cd-duty cd-duty--late cd-duty--outside"
		                 : "cd-duty cd-duty--late";
	else if (!duty->is_open)
		row = "cd-duty cd-duty--done";
	if (duty->is_open && duty->is_late)
		put_tag(arena, tags, "late", late);
	else if (duty->is_open)
		put_tag(arena, tags, "owed", STR("Owed"));
	else if (duty->was_ended)
		put_tag(arena, tags, "ended", STR("Ended"));
	else
		put_tag(arena, tags, duty->is_late ? "late" : "done",
		        duty->is_late ? arena_format(arena, "Done, %.*s", STR_ARG(late))
		                      : STR("Done"));
	if (is_outside)
		put_tag(arena, tags, "outside", STR("Outside told"));
	if (told.n)
		put_tag(arena, tags, "climbed", told);
	json_put_text(arena, object, STR("row"), str_from_c(row));
	json_put(object, STR("tags"), tags);
}

static void put_links(struct web_request *request, struct casebook_reader *reader,
                      const struct casebook_duty *duty, struct json *object)
{
	struct arena *arena = request->arena;
	put_action(request, casebook_office_role(reader, practice_viewer(request)->actor.office),
	           duty, object);
	json_put_text(arena, object, STR("file_href"),
	              practice_file_path(request, duty->file_number, STR("")));
	json_put_text(arena, object, STR("initials"), STR(""));
	json_put_bool(arena, object, STR("is_mine"), is_mine(request, duty));
}

bool duty_row(struct web_request *request, struct casebook_reader *reader,
              const struct casebook_duty *duty, struct json **out, struct err *err)
{
	struct arena *arena = request->arena;
	bool is_outside;
	if (!page_duty(request, reader, duty, out, err))
		return false;
	const struct json *ladder = json_member(*out, STR("ladder"));
	struct str told = last_told(arena, ladder, &is_outside);
	put_tags(request, duty, told, is_outside, *out);
	if (duty->is_open)
		put_next(arena, ladder, *out);
	else
		json_put(*out, STR("next_told"), json_null(arena));
	put_links(request, reader, duty, *out);
	return true;
}

/* --- in long lists --------------------------------------------------------------------------- */

/* Who was told last, from the climbs alone: the whole ladder stands on the file's page. */
static bool told_of_list(struct web_request *request, struct casebook_reader *reader,
                         const struct casebook_duty *duty, struct str *told, bool *is_outside,
                         struct err *err)
{
	const struct pack_ladder *ladder =
		pack_ladder_find(casebook_pack(site_book(request)), duty->ladder);
	const struct casebook_told *rows;
	struct str title;
	size_t count;
	*told = STR_NONE;
	*is_outside = false;
	if (duty->rung == 0)
		return true;
	if (!casebook_duty_told(reader, request->arena, duty->id, &rows, &count, err))
		return false;
	for (size_t i = 0; ladder && i < count; i++) {
		size_t rung = rows[i].rung > 0 ? (size_t)rows[i].rung - 1 : 0;
		*is_outside = *is_outside ||
		              (rung < ladder->count && ladder->rungs[rung].place == PACK_OUTSIDE);
	}
	if (count == 0)
		return true;
	title = rows[count - 1].office;
	if (!casebook_office_title(reader, request->arena, title, &title, err) &&
	    err->code != ERR_ABSENT)
		return false;
	*told = arena_format(request->arena, "Told: %.*s", STR_ARG(title));
	return true;
}

static bool put_next_of_list(struct web_request *request, struct casebook_reader *reader,
                             const struct casebook_duty *duty, struct json *object, struct err *err)
{
	struct arena *arena = request->arena;
	struct str office = STR("");
	if (duty->is_open && duty->next_at != 0 &&
	    !page_told_next(request, reader, duty, &office, err))
		return false;
	if (office.n == 0) {
		json_put(object, STR("next_told"), json_null(arena));
		return true;
	}
	struct json *next = json_object(arena);
	json_put_text(arena, next, STR("office"), office);
	json_put_text(arena, next, STR("at"),
	              wording_due(arena, page_zone(request), duty->next_at, request->now));
	json_put(object, STR("next_told"), next);
	return true;
}

/* The members of page_duty that a list shows, under the same names. */
static struct json *listed(struct web_request *request, const struct casebook_duty *duty)
{
	struct arena *arena = request->arena;
	struct json *object = json_object(arena), *file = json_object(arena);
	struct json *office = json_object(arena);
	json_put_text(arena, object, STR("rule"), duty->rule);
	json_put_text(arena, object, STR("id"), duty->name);
	json_put_text(arena, object, STR("what"), duty->title);
	json_put_text(arena, object, STR("source"), duty->source);
	json_put_text(arena, file, STR("id"), duty->file_number);
	json_put_text(arena, file, STR("label"), duty->file_number);
	json_put(object, STR("file"), file);
	json_put_text(arena, office, STR("id"), duty->office);
	json_put_text(arena, office, STR("title"), duty->office_title);
	json_put(object, STR("office"), office);
	bool is_agreed = duty->agreed > duty->due;
	json_put(object, STR("due"), page_time_due(request, is_agreed ? duty->agreed : duty->due));
	json_put(object, STR("first_due"),
	         is_agreed ? page_time_due(request, duty->due) : json_null(arena));
	json_put_text(arena, object, STR("state"), duty->is_late ? STR("late") : STR("owed"));
	json_put(object, STR("late"),
	         duty->is_late ? page_late(request, duty->due, request->now) : json_null(arena));
	json_put_bool(arena, object, STR("is_late"), duty->is_late);
	json_put_bool(arena, object, STR("is_open"), duty->is_open);
	json_put(object, STR("settled"), json_null(arena));
	json_put_bool(arena, object, STR("is_provisional"), duty->is_provisional);
	json_put(object, STR("actions"), json_null(arena));
	return object;
}

bool duty_row_listed(struct web_request *request, struct casebook_reader *reader,
                     const struct casebook_duty *duty, struct json **out, struct err *err)
{
	struct str told;
	bool is_outside;
	*out = listed(request, duty);
	if (!told_of_list(request, reader, duty, &told, &is_outside, err))
		return false;
	put_tags(request, duty, told, is_outside, *out);
	if (!put_next_of_list(request, reader, duty, *out, err))
		return false;
	put_links(request, reader, duty, *out);
	json_put_text(request->arena, *out, STR("told"), told.p ? told : STR(""));
	return true;
}
