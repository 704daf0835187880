/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Who knows a person: each agency from its first to its last contact, and who
 * was named as one that ought to, and has written nothing. It is reckoned from
 * what the chronology gathered: by entries alone, in the order of first contact.
 */
#include <stdlib.h>

#include "web/story_parts.h"

#include "pack/pack.h"
#include "web/file_parts.h"
#include "web/timeline.h"

#define SORTS_SHOWN 3
#define NAMINGS_MAX 8

struct contact {
	size_t count;
	instant first, last;
	size_t owed, late;
};

struct known_office {
	struct contact contact;
	size_t lane;
	int64_t named; /* by the newest entry that names it; -1: none does */
	bool is_awaited;
};

struct known {
	const struct story *story;
	size_t agency_count;
	struct contact *agencies;     /* by lane */
	struct known_office *offices; /* as the story's */
	size_t *sorts;                /* entries by lane, then by kind */
	size_t *rows;                 /* lanes that are shown, in their order */
	size_t row_count;
	size_t awaited; /* agencies with an office that should know, and has written nothing */
	struct str sum;
	struct pack_naming namings[NAMINGS_MAX];
	size_t naming_count;
};

/* --- what each wrote, and owes --------------------------------------------------------------- */

static void add_contact(struct contact *contact, instant at)
{
	contact->first = contact->count == 0 || at < contact->first ? at : contact->first;
	contact->last = contact->count == 0 || at > contact->last ? at : contact->last;
	contact->count++;
}

static struct known_office *office_of(const struct known *known, struct str id)
{
	for (size_t i = 0; i < known->story->office_count; i++)
		if (str_eq(known->story->offices[i].id, id))
			return &known->offices[i];
	return NULL;
}

static bool is_contact(const struct known *known, const struct story_line *line)
{
	const struct pack *pack = casebook_pack(site_book(known->story->request));
	return line->lane < known->agency_count &&
	       !story_is_of_other(known->story, &line->of->file) &&
	       !(line->entry->rules && !pack_kind_is_contact(pack, line->entry->rules));
}

/* The plain fields as they were corrected since: what was corrected last holds. */
static const struct json *corrected(const struct story *story, const struct casebook_entry *entry)
{
	struct arena *arena = story->request->arena;
	struct json *plain = NULL;
	int64_t newest = -1;
	for (size_t i = 0; i < story->correction_count; i++) {
		const struct casebook_entry *other = story->corrections[i];
		const struct json *value = json_member(other->plain, STR("value"));
		if (json_number(other->plain, STR("of"), -1) != entry->index || !value)
			continue;
		plain = plain ? plain : draft_copy(arena, entry->plain);
		if (plain && other->index > newest)
			draft_set(plain, json_text(other->plain, STR("field")),
			          draft_copy(arena, value));
		newest = other->index > newest ? other->index : newest;
	}
	return plain ? plain : entry->plain;
}

static void add_naming(struct known *known, const struct casebook_entry *entry)
{
	for (size_t i = 0; i < known->naming_count; i++) {
		const struct pack_naming *naming = &known->namings[i];
		if (naming->kind != entry->rules)
			continue;
		const struct json *plain = corrected(known->story, entry);
		struct known_office *office = office_of(known, json_text(plain, naming->office));
		if (!office || office->named > entry->index)
			continue;
		bool holds = pack_naming_holds(naming, plain);
		office->is_awaited = holds || (office->named == entry->index && office->is_awaited);
		office->named = entry->index;
	}
}

static void add_lines(struct known *known)
{
	const struct story *story = known->story;
	size_t kinds = casebook_pack(site_book(story->request))->kind_count;
	for (size_t i = 0; i < story->all_count; i++) {
		const struct story_line *line = &story->all[i];
		const struct casebook_entry *entry = line->entry;
		if (story_is_of_other(story, &line->of->file))
			continue;
		add_naming(known, entry);
		if (!is_contact(known, line))
			continue;
		struct known_office *office = office_of(known, entry->office);
		add_contact(&known->agencies[line->lane], entry->happened);
		if (office)
			add_contact(&office->contact, entry->happened);
		if (entry->rules)
			known->sorts[line->lane * kinds + entry->rules->number]++;
	}
}

static void add_owed(struct known *known)
{
	const struct story *story = known->story;
	for (size_t f = 0; f < story->file_count; f++) {
		const struct casebook_duty_list *duties = &story->files[f].duties;
		bool is_other = story_is_of_other(story, &story->files[f].file);
		for (size_t i = 0; i < duties->count && !is_other; i++) {
			const struct casebook_duty *duty = &duties->at[i];
			struct known_office *office = office_of(known, duty->office);
			if (!duty->is_open || story_is_told_alone(story, duty) || !office)
				continue;
			office->contact.owed++;
			office->contact.late += duty->is_late;
			known->agencies[office->lane].owed++;
			known->agencies[office->lane].late += duty->is_late;
		}
	}
}

/* --- which are shown, in their order --------------------------------------------------------- */

static bool is_silent(const struct known_office *office)
{
	return office->is_awaited && office->contact.count == 0;
}

static bool has_awaited(const struct known *known, size_t lane)
{
	for (size_t i = 0; i < known->story->office_count; i++)
		if (known->offices[i].lane == lane && is_silent(&known->offices[i]))
			return true;
	return false;
}

static bool is_earlier(const struct contact *a, const struct contact *b)
{
	if (!a->count || !b->count)
		return a->count > 0 && b->count == 0;
	return a->first < b->first;
}

/* Those who have written nothing stand last, in the order of the rules. */
static void order_rows(struct known *known)
{
	for (size_t lane = 0; lane < known->agency_count; lane++) {
		const struct contact *one = &known->agencies[lane];
		bool is_awaited = has_awaited(known, lane);
		if (!one->count && !one->owed && !is_awaited)
			continue;
		size_t at = known->row_count++;
		for (; at > 0 && is_earlier(one, &known->agencies[known->rows[at - 1]]); at--)
			known->rows[at] = known->rows[at - 1];
		known->rows[at] = lane;
		known->awaited += is_awaited;
	}
}

/* --- as rows --------------------------------------------------------------------------------- */

static struct json *day_of(struct web_request *request, instant at)
{
	struct arena *arena = request->arena;
	struct json *day = json_object(arena);
	json_put_text(arena, day, STR("iso"), instant_write(arena, at));
	json_put_text(arena, day, STR("text"),
	              wording_day_short(arena, zone_day(page_zone(request), at)));
	return day;
}

static void put_contact(const struct story *story, const struct contact *contact, struct json *row)
{
	struct web_request *request = story->request;
	struct arena *arena = request->arena;
	bool has = contact->count > 0;
	json_put_bool(arena, row, STR("has_contact"), has);
	json_put(row, STR("first"), has ? day_of(request, contact->first) : json_null(arena));
	json_put(row, STR("last"), has ? day_of(request, contact->last) : json_null(arena));
	json_put_integer(arena, row, STR("n"), (int64_t)contact->count);
	json_put_bool(arena, row, STR("is_one"), contact->count == 1);
	json_put_integer(arena, row, STR("owed"), (int64_t)contact->owed);
	json_put_bool(arena, row, STR("has_owed"), contact->owed > 0);
	json_put_integer(arena, row, STR("late"), (int64_t)contact->late);
	json_put_bool(arena, row, STR("is_late"), contact->late > 0);
}

/* The commonest; of those alike, the one that the rules name first. */
static void put_sorts(const struct known *known, size_t lane, struct json *row)
{
	struct arena *arena = known->story->request->arena;
	const struct pack *pack = casebook_pack(site_book(known->story->request));
	size_t *counts = &known->sorts[lane * pack->kind_count], shown = 0, left = 0;
	struct json *sorts = json_array(arena);
	for (; shown < SORTS_SHOWN; shown++) {
		size_t most = 0;
		for (size_t i = 1; i < pack->kind_count; i++)
			most = counts[i] > counts[most] ? i : most;
		if (!counts[most])
			break;
		struct json *sort = json_object(arena);
		json_put_text(arena, sort, STR("title"), pack->kinds[most].title);
		json_put_integer(arena, sort, STR("n"), (int64_t)counts[most]);
		json_push(sorts, sort);
		counts[most] = 0;
	}
	for (size_t i = 0; i < pack->kind_count; i++)
		left += counts[i] > 0;
	json_put(row, STR("sorts"), sorts);
	json_put_integer(arena, row, STR("sorts_left"), (int64_t)left);
	json_put_bool(arena, row, STR("has_sorts_left"), left > 0);
	json_put_bool(arena, row, STR("is_sort_one"), left == 1);
}

static struct json *office_row(const struct known *known, size_t n)
{
	struct arena *arena = known->story->request->arena;
	const struct known_office *office = &known->offices[n];
	struct json *row = json_object(arena);
	json_put_text(arena, row, STR("title"), known->story->offices[n].title);
	put_contact(known->story, &office->contact, row);
	json_put_bool(arena, row, STR("is_named"), office->is_awaited);
	json_put_bool(arena, row, STR("is_awaited"), is_silent(office));
	return row;
}

static struct json *office_rows(const struct known *known, size_t lane, struct err *err)
{
	struct arena *arena = known->story->request->arena;
	size_t *order = arena_alloc(arena, known->story->office_count + 1, sizeof *order);
	size_t count = 0;
	struct json *rows = json_array(arena);
	if (!order || !rows) {
		(void)err_set(err, ERR_UNABLE, "There is no memory for this page");
		return NULL;
	}
	for (size_t i = 0; i < known->story->office_count; i++) {
		const struct known_office *one = &known->offices[i];
		if (one->lane != lane ||
		    (!one->contact.count && !one->contact.owed && !one->is_awaited))
			continue;
		size_t at = count++;
		for (; at > 0 && is_earlier(&one->contact, &known->offices[order[at - 1]].contact);
		     at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
	for (size_t i = 0; i < count; i++)
		json_push(rows, office_row(known, order[i]));
	return rows;
}

static bool put_rows(const struct known *known, struct json *model, struct err *err)
{
	const struct story *story = known->story;
	struct arena *arena = story->request->arena;
	struct json *rows = json_array(arena);
	for (size_t i = 0; i < known->row_count; i++) {
		size_t lane = known->rows[i];
		struct json *row = json_object(arena), *offices = office_rows(known, lane, err);
		if (!offices)
			return false;
		json_put_text(arena, row, STR("agency"), story->lanes[lane].title);
		put_contact(story, &known->agencies[lane], row);
		json_put_bool(arena, row, STR("is_awaited"), has_awaited(known, lane));
		put_sorts(known, lane, row);
		json_put(row, STR("offices"), offices);
		json_push(rows, row);
	}
	json_put_bool(arena, model, STR("has_rows"), known->row_count > 0);
	json_put(model, STR("rows"), rows);
	return true;
}

/* --- as a picture ---------------------------------------------------------------------------- */

static void find_ends(const struct known *known, instant *from, instant *to)
{
	*from = *to = known->story->request->now;
	for (size_t i = 0; i < known->row_count; i++) {
		const struct contact *one = &known->agencies[known->rows[i]];
		if (!one->count)
			continue;
		*from = one->first < *from ? one->first : *from;
		*to = one->last > *to ? one->last : *to;
	}
}

/* wrote_n, since ("2 Mar 2026") and sum: "2 agencies, 2 Mar 2026 to 26 Nov 2026". */
static void put_sum(struct known *known, struct json *model)
{
	struct web_request *request = known->story->request;
	struct arena *arena = request->arena;
	instant first = INT64_MAX, last = INT64_MIN;
	size_t wrote = 0;
	for (size_t i = 0; i < known->row_count; i++) {
		const struct contact *one = &known->agencies[known->rows[i]];
		if (!one->count)
			continue;
		wrote++;
		first = one->first < first ? one->first : first;
		last = one->last > last ? one->last : last;
	}
	bool has = wrote > 0;
	struct str from = has ? json_text(day_of(request, first), STR("text")) : STR("");
	struct str to = has ? json_text(day_of(request, last), STR("text")) : STR("");
	bool is_one_day = str_eq(from, to);
	struct str agencies = arena_format(arena, "%zu agenc%s", wrote, wrote == 1 ? "y" : "ies");
	known->sum = !has ? STR("No agency has written anything")
	             : is_one_day
	                     ? arena_format(arena, "%.*s, %.*s", STR_ARG(agencies), STR_ARG(from))
	                     : arena_format(arena, "%.*s, %.*s to %.*s", STR_ARG(agencies),
	                                    STR_ARG(from), STR_ARG(to));
	json_put_integer(arena, model, STR("wrote_n"), (int64_t)wrote);
	json_put_bool(arena, model, STR("has_written"), has);
	json_put_text(arena, model, STR("agencies"), agencies);
	json_put_text(arena, model, STR("since"), from);
	json_put_text(arena, model, STR("sum"), known->sum);
}

static void draw(struct known *known, struct str title, struct json *model)
{
	const struct story *story = known->story;
	struct arena *arena = story->request->arena;
	size_t rows = known->row_count + 1, *row_of;
	struct str *names = arena_alloc(arena, rows, sizeof *names);
	struct str *silent = arena_alloc(arena, rows, sizeof *silent);
	struct timeline_span *spans = arena_alloc(arena, rows, sizeof *spans);
	struct timeline_notch *notches = arena_alloc(arena, story->all_count + 1, sizeof *notches);
	row_of = arena_alloc(arena, story->lane_count, sizeof *row_of);
	struct timeline picture = { .id = "known",
		                    .title = title,
		                    .zone = page_zone(story->request) };
	bool is_drawn = names && silent && spans && notches && row_of && known->row_count > 0;
	json_put_bool(arena, model, STR("has_picture"), is_drawn);
	if (!is_drawn)
		return;
	for (size_t i = 0; i < known->row_count; i++) {
		size_t lane = known->rows[i];
		const struct contact *one = &known->agencies[lane];
		row_of[lane] = i;
		names[i] = story->lanes[lane].title;
		silent[i] = !one->count && has_awaited(known, lane)
		                    ? STR("should know, has written nothing")
		                    : STR("");
		if (one->count)
			spans[picture.span_count++] =
				(struct timeline_span){ i, one->first, one->last };
	}
	for (size_t i = 0; i < story->all_count; i++)
		if (is_contact(known, &story->all[i]))
			notches[picture.notch_count++] =
				(struct timeline_notch){ row_of[story->all[i].lane],
				                         story->all[i].entry->happened };
	find_ends(known, &picture.from, &picture.to);
	picture.lanes = names;
	picture.lane_count = known->row_count;
	picture.silent = silent;
	picture.spans = spans;
	picture.notches = notches;
	json_put(model, STR("picture"), timeline_draw(arena, &picture));
}

/* --- the whole ------------------------------------------------------------------------------- */

static bool begin(struct known *known, struct err *err)
{
	const struct story *story = known->story;
	struct arena *arena = story->request->arena;
	const struct pack *pack = casebook_pack(site_book(story->request));
	known->agency_count = story->lane_count - 2;
	known->agencies = arena_alloc(arena, story->lane_count, sizeof *known->agencies);
	known->offices = arena_alloc(arena, story->office_count + 1, sizeof *known->offices);
	known->sorts =
		arena_alloc(arena, story->lane_count * pack->kind_count, sizeof *known->sorts);
	known->rows = arena_alloc(arena, story->lane_count, sizeof *known->rows);
	if (!known->agencies || !known->offices || !known->sorts || !known->rows)
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	for (size_t i = 0; i < story->office_count; i++)
		known->offices[i] = (struct known_office){
			.lane = story_lane_of_office(story, story->offices[i].id), .named = -1
		};
	known->naming_count = pack_namings(pack, known->namings, NAMINGS_MAX);
	return true;
}

bool story_put_known(const struct story *story, struct json *model, struct err *err)
{
	struct arena *arena = story->request->arena;
	struct known known = { .story = story };
	struct json *part = json_object(arena);
	if (!begin(&known, err))
		return false;
	add_lines(&known);
	add_owed(&known);
	order_rows(&known);
	struct str type = file_inside(arena, file_type_title(story->request, &story->of));
	json_put_text(arena, part, STR("type"), type);
	put_sum(&known, part);
	json_put_integer(arena, part, STR("awaited_n"), (int64_t)known.awaited);
	json_put_bool(arena, part, STR("has_awaited"), known.awaited > 0);
	json_put_bool(arena, part, STR("is_awaited_one"), known.awaited == 1);
	json_put_bool(arena, part, STR("is_cut"), story->is_cut);
	json_put_integer(arena, part, STR("looked_n"), (int64_t)story->all_count);
	draw(&known,
	     arena_format(arena, "Who knows the %.*s: %.*s", STR_ARG(type), STR_ARG(known.sum)),
	     part);
	json_put(model, STR("known"), part);
	return put_rows(&known, part, err);
}
