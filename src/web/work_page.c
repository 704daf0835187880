/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * My work: what an office owes, late first, then by due time; what it was told
 * of; its drafts. Files stand there by number. Initials are shown at a switch
 * alone, and each seal that is opened for them is a recorded reading.
 */
#include "web/practice.h"

#include "web/work.h"

#define OFFICE_OPENS_HOUR 9
#define READS_MAX 6 /* pieces of the list looked through for one page */

static const struct {
	const char *name;
	const char *title;
} GROUPS[WORK_GROUPS] = {
	[WORK_LATE] = { "late", "Late" },
	[WORK_TODAY] = { "today", "Today" },
	[WORK_BEFORE] = { "before", "Before the next working day" },
	[WORK_WEEK] = { "week", "This week" },
	[WORK_LATER] = { "later", "Later" },
};

/* --- groups of time -------------------------------------------------------------------------- */

static struct day day_after(struct day day)
{
	return day_from_number(day_number(day) + 1);
}

static void find_bounds(struct web_request *request, struct work_bounds *out)
{
	const struct pack *pack = casebook_pack(site_book(request));
	struct day next = day_after(zone_day(pack->zone, request->now));
	out->bound[WORK_LATE] = request->now;
	out->bound[WORK_TODAY] = zone_day_start(pack->zone, next);
	while (!pack_is_working_day(pack->calendar, next))
		next = day_after(next);
	struct local opens = { .day = next, .hour = OFFICE_OPENS_HOUR };
	out->bound[WORK_BEFORE] = zone_instant(pack->zone, opens);
	out->next_day = next;
	struct day monday = day_from_number(day_number(next) + 7 - day_weekday(next));
	out->bound[WORK_WEEK] = zone_day_start(pack->zone, monday);
	out->bound[WORK_LATER] = INSTANT_MAX;
}

static enum work_group group_of(const struct work_bounds *bounds, instant due)
{
	for (int i = 0; i < WORK_LATER; i++)
		if (due <= bounds->bound[i])
			return (enum work_group)i;
	return WORK_LATER;
}

/* --- the list -------------------------------------------------------------------------------- */

/* The row of this page, in the same group of time, with which one act settles it; NULL: none. */
static struct work_kin *find_kin(struct work *work, enum work_group group,
                                 const struct casebook_duty *duty)
{
	const struct pack *pack = casebook_pack(site_book(work->request));
	for (size_t i = 0; i < work->rows[group]->count; i++) {
		struct work_kin *kin = &work->kin[group][i];
		if (kin->file == duty->file && str_eq(kin->rule, duty->rule) &&
		    str_eq(kin->office, duty->office))
			return duty_is_settled_together(pack, duty) ? kin : NULL;
	}
	return NULL;
}

static void add_to_kin(struct work *work, struct work_kin *kin)
{
	struct arena *arena = work->request->arena;
	kin->count++;
	draft_set(kin->row, STR("n"), json_integer(arena, kin->count));
	draft_set(kin->row, STR("is_many"), json_bool(arena, true));
}

static bool add_duty(struct work *work, const struct casebook_duty *duty, size_t *shown,
                     struct err *err)
{
	struct web_request *request = work->request;
	struct json *row;
	const struct pack *pack = casebook_pack(site_book(request));
	if (pack->read_duty && str_eq(duty->rule, pack->read_duty->name))
		return work_add_told(work, duty, err);
	enum work_group group = group_of(&work->bounds, duty->due);
	struct work_kin *kin = find_kin(work, group, duty);
	if (kin) {
		add_to_kin(work, kin);
		return true;
	}
	if (!duty_row_listed(request, work->reader, duty, &row, err) ||
	    (work->shows_initials && !work_initials(work, duty, row, err)))
		return false;
	json_put_integer(request->arena, row, STR("n"), 1);
	json_put_bool(request->arena, row, STR("is_many"), false);
	work->kin[group][work->rows[group]->count] = (struct work_kin){ .rule = duty->rule,
		                                                        .office = duty->office,
		                                                        .file = duty->file,
		                                                        .row = row,
		                                                        .count = 1 };
	work->shown[group]++;
	(*shown)++;
	json_push(work->rows[group], row);
	return true;
}

/* A flood stands as one row, at the head of its group; its duties are left out below. */
static bool add_bursts(struct work *work, int64_t open, struct err *err)
{
	struct web_request *request = work->request;
	const struct casebook_burst *bursts;
	size_t count;
	if (!work_bursts(request, work->reader, practice_viewer(request)->actor.office, open,
	                 &bursts, &count, err))
		return false;
	work->has_bursts = count > 0;
	for (size_t i = 0; work->is_first && i < count; i++) {
		enum work_group group = group_of(&work->bounds, bursts[i].due);
		work->shown[group]++;
		json_push(work->bursts[group], work_burst_row(request, &bursts[i]));
	}
	return true;
}

/* "<due>.<id>" of the last row of the page before. */
static void read_after(struct web_request *request, instant *due, int64_t *id)
{
	struct str after = fields_get(&request->head->query, STR("after")), first;
	uint64_t due_n = 0, id_n = 0;
	*due = INSTANT_MIN;
	*id = 0;
	if (!after.p || !str_cut(&after, '.', &first) || !str_to_u64(first, INSTANT_MAX, &due_n) ||
	    !str_to_u64(after, INT64_MAX, &id_n))
		return;
	*due = (instant)due_n;
	*id = (int64_t)id_n;
}

static void put_next(struct work *work, const struct casebook_duty *last, struct json *model)
{
	struct arena *arena = work->request->arena;
	struct str next = arena_format(arena, "/work?after=%" PRId64 ".%" PRId64 "%s", last->due,
	                               last->id, work->shows_initials ? "&show=initials" : "");
	draft_set(model, STR("next"), json_string(arena, next));
}

/* What was only told stands beside the list and takes no line of it: read on until it is full. */
static bool read_duties(struct work *work, int64_t open, struct json *model, struct err *err)
{
	struct web_request *request = work->request;
	struct casebook_duty_list list = { .more = true };
	struct casebook_duty last = { 0 };
	size_t shown = 0;
	read_after(request, &last.due, &last.id);
	work->is_first = last.id == 0;
	if (!add_bursts(work, open, err))
		return false;
	json_put(model, STR("next"), json_null(request->arena));
	for (int reads = 0; reads < READS_MAX && list.more && shown < PRACTICE_ROWS; reads++) {
		if (!(work->has_bursts ? casebook_duties_apart : casebook_duties_of_office)(
			    work->reader, request->arena, practice_viewer(request)->actor.office,
			    last.due, last.id, PRACTICE_ROWS, &list, err))
			return false;
		size_t i = 0;
		for (; i < list.count && shown < PRACTICE_ROWS; i++) {
			if (!add_duty(work, &list.at[i], &shown, err))
				return false;
			last = list.at[i];
		}
		list.more = list.more || i < list.count;
	}
	work->has_more = list.more;
	if (list.more)
		put_next(work, &last, model);
	return true;
}

/* --- the sentence ---------------------------------------------------------------------------- */

static void add_part(struct arena *arena, struct json *sum, struct str text, const char *href,
                     bool is_late)
{
	struct json *part = json_object(arena);
	json_put_text(arena, part, STR("text"), text);
	json_put_text(arena, part, STR("href"), str_from_c(href));
	json_put_bool(arena, part, STR("is_late"), is_late);
	json_put_bool(arena, part, STR("goes_on"), sum && sum->count > 0);
	json_push(sum, part);
}

static struct str weekday(struct arena *arena, struct day day)
{
	struct str words = wording_day(arena, day);
	return str_sub(words, 0, str_find(words, ' '));
}

/* Of all that is owed: a page shows a part of it. */
static void put_counts(struct work *work, struct json *model)
{
	struct arena *arena = work->request->arena;
	struct json *counts = json_object(arena), *office = json_object(arena);
	const struct json *you = json_member(model, STR("you"));
	json_put_integer(arena, counts, STR("late"), work->due[WORK_LATE]);
	json_put_integer(arena, counts, STR("today"), work->due[WORK_TODAY]);
	json_put_integer(arena, counts, STR("before_next"), work->due[WORK_BEFORE]);
	json_put_integer(arena, counts, STR("later"), work->due[WORK_WEEK] + work->due[WORK_LATER]);
	json_put_integer(arena, counts, STR("to_read"), work->rest.to_read);
	json_put_bool(arena, counts, STR("is_cut"), work->rest.is_cut);
	json_put(model, STR("counts"), counts);
	json_put_text(arena, office, STR("id"), json_text(you, STR("id")));
	json_put_text(arena, office, STR("title"), json_text(you, STR("title")));
	json_put(model, STR("office"), office);
}

/* A part of the sentence; it leads to its group where this page has it. */
static void add_sum(struct work *work, struct json *sum, int64_t n, struct str words,
                    enum work_group group)
{
	struct arena *arena = work->request->arena;
	if (n == 0)
		return;
	const char *href =
		work->shown[group] ? arena_format(arena, "#%s", GROUPS[group].name).p : "";
	add_part(
		arena, sum,
		arena_format(arena, "%.*s %.*s", STR_ARG(wording_number(arena, n)), STR_ARG(words)),
		href, group == WORK_LATE);
}

static void put_sum(struct work *work, struct json *model)
{
	struct arena *arena = work->request->arena;
	struct json *sum = json_array(arena);
	struct str before = arena_format(arena, "before %.*s 9am",
	                                 STR_ARG(weekday(arena, work->bounds.next_day)));
	put_counts(work, model);
	add_sum(work, sum, work->due[WORK_LATE], STR("late"), WORK_LATE);
	add_sum(work, sum, work->due[WORK_TODAY], STR("due today"), WORK_TODAY);
	add_sum(work, sum, work->due[WORK_BEFORE], before, WORK_BEFORE);
	add_sum(work, sum, work->due[WORK_WEEK] + work->due[WORK_LATER], STR("later"),
	        work->shown[WORK_WEEK] ? WORK_WEEK : WORK_LATER);
	json_put(model, STR("sum"), sum);
	json_put_bool(arena, model, STR("is_cut"), work->rest.is_cut);
}

/* What was only told is owed too, and counts as late in the menu. */
static void put_to_read(struct work *work, struct json *model)
{
	struct arena *arena = work->request->arena;
	int64_t late = work->rest.to_read_late;
	json_put(model, STR("told"), work->told);
	json_put_bool(arena, model, STR("has_told"), work->rest.to_read > 0);
	json_put_text(arena, model, STR("to_read"), wording_number(arena, work->rest.to_read));
	json_put_bool(arena, model, STR("has_to_read_late"), late > 0);
	json_put_text(arena, model, STR("to_read_late"), wording_number(arena, late));
	json_put_integer(arena, model, STR("told_more"),
	                 work->rest.to_read - (int64_t)work->told->count);
	json_put_bool(arena, model, STR("has_told_more"),
	              work->rest.to_read > (int64_t)work->told->count);
}

static void put_groups(struct work *work, struct json *model)
{
	struct arena *arena = work->request->arena;
	struct json *groups = json_array(arena);
	int64_t all = 0;
	for (int i = 0; i < WORK_GROUPS; i++) {
		struct json *group = json_object(arena);
		all += work->due[i];
		if (work->shown[i] == 0)
			continue;
		json_put_text(arena, group, STR("name"), str_from_c(GROUPS[i].name));
		json_put_text(arena, group, STR("group"), str_from_c(GROUPS[i].title));
		json_put_text(arena, group, STR("count"), wording_number(arena, work->due[i]));
		json_put_bool(arena, group, STR("has_bursts"), work->bursts[i]->count > 0);
		json_put(group, STR("bursts"), work->bursts[i]);
		json_put(group, STR("rows"), work->rows[i]);
		json_push(groups, group);
	}
	json_put(model, STR("groups"), groups);
	json_put_bool(arena, model, STR("is_empty"), all == 0);
}

static bool begin(struct work *work, struct json **model, struct err *err)
{
	struct web_request *request = work->request;
	struct arena *arena = request->arena;
	struct page_head head = { .page = STR("work"), .title = STR("My work") };
	work->shows_initials =
		str_eq(fields_get(&request->head->query, STR("show")), STR("initials"));
	for (int i = 0; i < WORK_GROUPS; i++) {
		work->rows[i] = json_array(arena);
		work->bursts[i] = json_array(arena);
		if (!work->rows[i] || !work->bursts[i])
			return err_set(err, ERR_UNABLE, "There is no memory for this page");
	}
	work->told = json_array(arena);
	find_bounds(request, &work->bounds);
	if (!site_reader(request, &work->reader, err) ||
	    !practice_begin(request, &head, PRACTICE_WORK, model, err))
		return false;
	const struct json *nav = json_member(*model, STR("nav"));
	int64_t open = json_number(nav, STR("open"), 0);
	if (!casebook_office_due(work->reader, practice_viewer(request)->actor.office,
	                         work->bounds.bound, WORK_GROUPS, work->due, &work->rest, err) ||
	    !read_duties(work, open, *model, err))
		return false;
	put_sum(work, *model);
	if (!work_put_weekend(work, *model, err))
		return false;
	if (work->due[WORK_LATE] > 0)
		draft_set(*model, STR("title"),
		          json_string(arena, arena_format(arena, "(%.*s late) My work",
		                                          STR_ARG(wording_number(
								  arena, work->due[WORK_LATE])))));
	return true;
}

/* Somebody asked for this account to be reset: said to whoever is signed in by it. */
static bool put_asked(struct work *work, struct json *model, struct err *err)
{
	struct arena *arena = work->request->arena;
	struct casebook_asked asked;
	struct str name = STR_NONE;
	bool is_asked;
	json_put(model, STR("asked"), json_null(arena));
	if (!casebook_account_asked(work->reader, practice_viewer(work->request)->actor.account,
	                            arena, &asked, &is_asked, err))
		return false;
	if (!is_asked)
		return true;
	if (!casebook_account_name(work->reader, arena, asked.by, &name, err) &&
	    err->code != ERR_ABSENT)
		return false;
	struct json *row = json_object(arena);
	json_put_text(arena, row, STR("by"), name.n ? name : STR("an administrator"));
	json_put_integer(arena, row, STR("entry"), asked.entry);
	draft_set(model, STR("asked"), row);
	return true;
}

bool work_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct arena *arena = request->arena;
	struct work work = { .request = request };
	struct json *model;
	if (!practice_has_office(request, answer))
		return true;
	if (!begin(&work, &model, err))
		return false;
	put_groups(&work, model);
	put_to_read(&work, model);
	json_put_bool(arena, model, STR("shows_initials"), work.shows_initials);
	return put_asked(&work, model, err) && work_put_answers(&work, model, err) &&
	       work_put_drafts(&work, model, err) &&
	       practice_put_done(request, work.reader, model, err) &&
	       page_answer(request, answer, STR("practice/work"), model, err);
}
