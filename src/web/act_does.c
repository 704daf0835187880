/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an act does, computed from the pack before it is written: what it settles, what it opens. */
#include "web/act_form.h"

static struct str period_text(struct arena *arena, const struct pack_period *period)
{
	static const char *const UNITS[] = { [PACK_HOURS] = "hour",
		                             [PACK_DAYS] = "day",
		                             [PACK_WORKING_DAYS] = "working day",
		                             [PACK_MONTHS] = "month" };
	return arena_format(arena, "%" PRId64 " %s%s", period->amount, UNITS[period->unit],
	                    period->amount == 1 ? "" : "s");
}

/* Kinds of the register's own that settle what was owed to be read. */
static bool settles_own(const struct act_form *form, const struct casebook_duty *duty)
{
	const struct pack *pack = casebook_pack(site_book(form->request));
	return pack->second_duty && str_eq(form->kind->name, STR("second.given")) &&
	       str_eq(duty->rule, pack->second_duty->name) &&
	       str_eq(duty->office, practice_viewer(form->request)->actor.office);
}

/* By itself or beside others. */
static bool is_owed_by(const struct casebook_duty *duty, struct str office)
{
	bool is_owed = str_eq(duty->office, office);
	for (size_t i = 0; i < duty->also_count; i++)
		is_owed = is_owed || str_eq(duty->also[i], office);
	return is_owed;
}

/* By the entry that the field names; *is_perhaps: it names none yet. */
static bool is_opened_by(const struct act_form *form, const struct pack_settle *line,
                         const struct casebook_duty *duty, bool *is_perhaps)
{
	const struct json *named = json_member(form->fields, line->field);
	uint64_t entry;
	*is_perhaps = !named || named->type == JSON_NULL ||
	              (named->type == JSON_STRING && named->string.n == 0);
	if (*is_perhaps || named->type == JSON_INTEGER)
		return *is_perhaps || named->integer == duty->opened;
	return named->type == JSON_STRING && str_to_u64(named->string, INT64_MAX, &entry) &&
	       (int64_t)entry == duty->opened;
}

bool act_means(const struct act_form *form, const struct pack_settle *line,
               const struct casebook_duty *duty, bool *is_perhaps)
{
	*is_perhaps = false;
	if (line->on || !str_eq(line->duty->name, duty->rule))
		return false;
	if (line->only == PACK_ONLY_OWN)
		return is_owed_by(duty, practice_viewer(form->request)->actor.office);
	if (line->only == PACK_ONLY_OPENED)
		return is_opened_by(form, line, duty, is_perhaps);
	*is_perhaps = line->only == PACK_ONLY_AGREES; /* it is asked of the entry that opened it */
	if (line->only != PACK_ONLY_FIELD)
		return true;
	struct str named = json_text(form->fields, line->field);
	if (line->is_own && !is_owed_by(duty, practice_viewer(form->request)->actor.office))
		return false;
	*is_perhaps = named.n == 0;
	return named.n == 0 || str_eq(named, duty->name);
}

bool act_is_before(const struct casebook_duty *duty, const struct casebook_duty *other)
{
	return duty->is_open && str_eq(duty->rule, other->rule) &&
	       (duty->due < other->due || (duty->due == other->due && duty->id < other->id));
}

/* Of several the one that is due first, where the line settles one. */
static bool is_first(const struct act_form *form, const struct pack_settle *line,
                     const struct casebook_duty *duty)
{
	for (size_t i = 0; line->only == PACK_ONLY_EARLIEST && i < form->duties.count; i++)
		if (act_is_before(&form->duties.at[i], duty))
			return false;
	return true;
}

/* Whether a line of the kind settles it; *is_perhaps: if it is the one that is chosen, and not in
 * any case. */
static bool settles_line(const struct act_form *form, const struct casebook_duty *duty,
                         bool *is_perhaps)
{
	bool fits = settles_own(form, duty), is_chosen = false;
	*is_perhaps = false;
	for (size_t s = 0; !fits && s < form->kind->settle_count; s++) {
		const struct pack_settle *line = &form->kind->settles[s];
		if (!act_means(form, line, duty, is_perhaps) || !is_first(form, line, duty))
			continue;
		fits = !*is_perhaps;
		is_chosen = is_chosen || *is_perhaps;
	}
	*is_perhaps = !fits;
	return fits || is_chosen;
}

/* What is owed more than once by one rule stands once: how often, and how late the first of them.
 */
static bool is_told(struct arena *arena, const struct json *list, const struct casebook_duty *duty,
                    bool is_perhaps)
{
	for (struct json *row = list ? list->first : NULL; row; row = row->next) {
		if (!str_eq(json_text(row, STR("rule")), duty->rule) ||
		    !str_eq(json_text(row, STR("what")), duty->title) ||
		    json_is_true(row, STR("is_perhaps")) != is_perhaps)
			continue;
		draft_set(row, STR("times"),
		          json_integer(arena, json_number(row, STR("times"), 1) + 1));
		draft_set(row, STR("is_often"), json_bool(arena, true));
		return true;
	}
	return false;
}

static void put_settles(struct act_form *form, struct json *list)
{
	struct web_request *request = form->request;
	struct arena *arena = request->arena;
	for (size_t i = 0; i < form->duties.count; i++) {
		const struct casebook_duty *duty = &form->duties.at[i];
		bool is_perhaps;
		if (!duty->is_open || !settles_line(form, duty, &is_perhaps) ||
		    is_told(arena, list, duty, is_perhaps))
			continue;
		struct json *row = json_object(arena);
		struct str late = duty->is_late
		                          ? json_text(page_late(request, duty->due, request->now),
		                                      STR("text"))
		                          : STR("");
		json_put_text(arena, row, STR("what"), duty->title);
		json_put_text(arena, row, STR("rule"), duty->rule);
		json_put_text(arena, row, STR("late_text"), late);
		json_put_bool(arena, row, STR("is_perhaps"), is_perhaps);
		json_put_integer(arena, row, STR("times"), 1);
		json_put_bool(arena, row, STR("is_often"), false);
		json_push(list, row);
	}
}

static struct str owner_of(struct arena *arena, const struct pack_owner *owner,
                           const struct pack_duty *duty)
{
	if (!owner && duty->owner_count)
		owner = duty->owners;
	if (!owner)
		return STR("");
	if (owner->sort == PACK_OWNER_ENTRY && owner->step_count == 0)
		return STR("your own office");
	return page_owner(arena, owner);
}

static void put_open(struct arena *arena, const struct pack_open *open, struct json *list)
{
	const struct pack_duty *duty = open->duty;
	struct json *row = json_object(arena);
	json_put_text(arena, row, STR("what"), duty->title);
	json_put_text(arena, row, STR("rule"), duty->name);
	json_put_text(arena, row, STR("owner"), owner_of(arena, open->owner, duty));
	json_put_text(arena, row, STR("within"),
	              duty->within_is_field
	                      ? STR("by the day that is named")
	                      : arena_format(arena, "within %.*s",
	                                     STR_ARG(period_text(arena, &duty->within))));
	json_put_bool(arena, row, STR("is_perhaps"), open->when != NULL);
	json_push(list, row);
}

static void put_opens(struct act_form *form, struct json *list)
{
	for (size_t i = 0; i < form->kind->open_count; i++)
		put_open(form->request->arena, &form->kind->opens[i], list);
}

/* What the register opens of itself when the glass is broken. */
static void put_review(struct act_form *form, struct json *list)
{
	struct arena *arena = form->request->arena;
	const struct pack_duty *review = casebook_pack(site_book(form->request))->broken_duty;
	if (!review || !str_eq(form->kind->name, STR("access.broken")))
		return;
	put_open(arena, &(struct pack_open){ .duty = review }, list);
}

/* Of what it may open: that which it opens in any case, or that which the answers ask for. */
static struct json *opens_that(struct arena *arena, const struct json *opens, bool is_perhaps)
{
	struct json *list = json_array(arena);
	for (const struct json *row = opens ? opens->first : NULL; row; row = row->next)
		if (json_is_true(row, STR("is_perhaps")) == is_perhaps)
			json_push(list, draft_copy(arena, row));
	return list;
}

static void put_list(struct arena *arena, struct json *model, const char *has, const char *name,
                     struct json *list)
{
	json_put_bool(arena, model, str_from_c(has), list && list->count > 0);
	json_put(model, str_from_c(name), list);
}

bool act_does_put(struct act_form *form, struct err *err)
{
	struct arena *arena = form->request->arena;
	struct json *settles = json_array(arena), *opens = json_array(arena);
	(void)err;
	put_settles(form, settles);
	put_opens(form, opens);
	put_review(form, opens);
	json_put_bool(arena, form->model, STR("passes_on"),
	              str_eq(form->kind->name, STR("duty.taken")));
	struct json *perhaps = opens_that(arena, opens, true);
	put_list(arena, form->model, "has_opens_always", "opens_always",
	         opens_that(arena, opens, false));
	json_put_integer(arena, form->model, STR("opens_perhaps_n"),
	                 perhaps ? (int64_t)perhaps->count : 0);
	put_list(arena, form->model, "has_opens_perhaps", "opens_perhaps", perhaps);
	put_list(arena, form->model, "has_settles", "settles", settles);
	put_list(arena, form->model, "has_opens", "opens", opens);
	return true;
}
