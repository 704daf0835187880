/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Matches to decide: files that were said to be alike, one pair a page. What
 * each says stands side by side, with what agrees, and the ways to answer: each
 * is an act of the rules with a reason of its own. Nothing is joined here.
 */
#include "web/alike.h"
#include "web/file_parts.h"

#define PROPOSALS_MAX 200 /* that a list shows */

/* --- which ------------------------------------------------------------------------------------ */

static const struct pack_matching *matching_of(struct web_request *request)
{
	return &casebook_pack(site_book(request))->matching;
}

/* An entry that proposes, and that this viewer may know of. */
static bool get_proposal(struct web_request *request, struct casebook_reader *reader, int64_t n,
                         struct casebook_entry *entry, struct err *err)
{
	const struct pack_kind *propose = matching_of(request)->propose;
	struct casebook_access access;
	if (!casebook_entry_get(reader, request->arena, n, entry, err) ||
	    !casebook_may_see(reader, practice_viewer(request), n, &access, err))
		return false;
	bool is_it = propose && str_eq(entry->kind, propose->name) && entry->plain;
	return (is_it && access.may_know) || err_set(err, ERR_ABSENT, "There is no such match");
}

static bool is_answered(struct casebook_reader *reader, struct arena *arena,
                        const struct casebook_entry *proposal, const struct pack_matching *matching,
                        bool *out, struct err *err)
{
	const struct casebook_entry *entries;
	size_t count;
	*out = false;
	if (!casebook_entries(reader, arena, proposal->file, proposal->index, 1000, &entries,
	                      &count, err))
		return false;
	for (size_t i = 0; i < count && !*out; i++) {
		const struct pack_kind *kind = entries[i].rules;
		bool answers = kind && (kind == matching->answer || kind == matching->same ||
		                        kind == matching->apart);
		*out = answers && json_number(entries[i].plain, STR("of"), -1) == proposal->index;
	}
	return true;
}

static struct str what_title(const struct pack_matching *matching, struct str code)
{
	const struct pack_field *field = pack_field_find(matching->propose, STR("what"));
	const struct pack_code *found =
		field && field->list ? pack_code_find(field->list, code) : NULL;
	return found ? found->title : code;
}

/* --- the list --------------------------------------------------------------------------------- */

static bool add_listed(struct web_request *request, struct casebook_reader *reader,
                       const struct casebook_duty *duty, struct json *rows, struct err *err)
{
	struct arena *arena = request->arena;
	const struct pack_matching *matching = matching_of(request);
	struct casebook_entry entry;
	struct casebook_file file, other;
	struct err absent = { 0 };
	bool answered;
	if (!casebook_entry_get(reader, arena, duty->opened, &entry, err))
		return false;
	if (!str_eq(entry.kind, matching->propose->name) || !entry.plain)
		return true;
	if (!is_answered(reader, arena, &entry, matching, &answered, err))
		return false;
	if (answered)
		return true;
	if (!casebook_file_get(reader, arena, entry.file, &file, err))
		return false;
	if (!casebook_file_find(reader, arena, json_text(entry.plain, STR("other")), &other,
	                        &absent))
		return true;
	struct json *row = json_object(arena);
	json_put_text(arena, row, STR("href"),
	              arena_format(arena, "/matches/%" PRId64, entry.index));
	json_put_text(arena, row, STR("file_title"), file_heading(request, &file));
	json_put_text(arena, row, STR("other_title"), file_heading(request, &other));
	json_put_text(arena, row, STR("what"),
	              what_title(matching, json_text(entry.plain, STR("what"))));
	json_put(row, STR("since"), page_time_near(request, entry.recorded));
	json_put(row, STR("due"), page_time_due(request, duty->due));
	json_put_bool(arena, row, STR("is_late"), duty->is_late);
	json_push(rows, row);
	return true;
}

bool matches_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("matches"), .title = STR("Matches to decide") };
	const struct pack_matching *matching = matching_of(request);
	struct casebook_reader *reader;
	struct casebook_duty_list owed;
	struct json *model, *rows = json_array(request->arena);
	if (!practice_has_office(request, answer))
		return true;
	if (!practice_begin(request, &head, PRACTICE_FIND, &model, err) ||
	    !site_reader(request, &reader, err) ||
	    !casebook_duties_of_office(reader, request->arena,
	                               practice_viewer(request)->actor.office, INSTANT_MIN, -1,
	                               PROPOSALS_MAX, &owed, err))
		return false;
	for (size_t i = 0; matching->propose && i < owed.count; i++) {
		if (duty_is_settled_by(&owed.at[i], matching->answer,
		                       practice_viewer(request)->actor.office) &&
		    !add_listed(request, reader, &owed.at[i], rows, err))
			return false;
	}
	json_put_bool(request->arena, model, STR("has_rows"), rows->count > 0);
	json_put(model, STR("rows"), rows);
	json_put_text(request->arena, model, STR("warming"), alike_warming(request));
	return page_answer(request, answer, STR("practice/matches"), model, err);
}

/* --- one pair --------------------------------------------------------------------------------- */

struct pair {
	struct web_request *request;
	struct casebook_reader *reader;
	struct casebook_entry proposal;
	struct casebook_file files[2];
	struct casebook_access access[2];
	struct json *model;
};

static bool get_pair(struct pair *pair, int64_t n, struct err *err)
{
	struct web_request *request = pair->request;
	if (!get_proposal(request, pair->reader, n, &pair->proposal, err) ||
	    !casebook_file_get(pair->reader, request->arena, pair->proposal.file, &pair->files[0],
	                       err) ||
	    !casebook_file_find(pair->reader, request->arena,
	                        json_text(pair->proposal.plain, STR("other")), &pair->files[1],
	                        err))
		return false;
	for (size_t i = 0; i < 2; i++) {
		if (!casebook_may(pair->reader, practice_viewer(request), pair->files[i].n,
		                  &pair->access[i], err))
			return false;
	}
	return true;
}

static struct json *file_row(struct pair *pair, size_t i)
{
	struct arena *arena = pair->request->arena;
	struct json *row = json_object(arena);
	json_put_text(arena, row, STR("title"), file_heading(pair->request, &pair->files[i]));
	json_put_text(arena, row, STR("number"), pair->files[i].number);
	json_put_text(arena, row, STR("href"),
	              practice_file_path(pair->request, pair->files[i].number, STR("")));
	json_put_bool(arena, row, STR("may_know"), pair->access[i].may_know);
	json_put_bool(arena, row, STR("may_open"), pair->access[i].may_open);
	return row;
}

/* Both are read, and compared; what is not for this viewer is not. */
static bool put_compared(struct pair *pair, struct err *err)
{
	struct web_request *request = pair->request;
	struct arena *arena = request->arena;
	struct people *people = site_web(request)->people;
	struct people_compared *compared = arena_alloc(arena, 1, sizeof *compared);
	bool may = pair->access[0].may_open && pair->access[1].may_open, has = false;
	if (!compared)
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	if (may && people &&
	    !people_compare(people, pair->reader, pair->files[0].n, pair->files[1].n, arena,
	                    compared, &has, err))
		return false;
	for (size_t i = 0; has && may && i < 2; i++) {
		if (!casebook_may_claim(pair->reader, practice_viewer(request), pair->files[i].n,
		                        compared->entries[i], &may, err))
			return false;
	}
	has = has && may;
	for (size_t i = 0; has && i < 2; i++) {
		if (!casebook_record_reading(pair->reader, practice_viewer(request),
		                             pair->files[i].n, compared->entries[i], err))
			return false;
	}
	json_put_bool(arena, pair->model, STR("may_compare"), may);
	json_put_bool(arena, pair->model, STR("has_compared"), has);
	json_put(pair->model, STR("compared"),
	         has ? alike_rows(arena, &compared->reasons) : json_array(arena));
	json_put_text(arena, pair->model, STR("certainty"),
	              has ? alike_words_of(MATCH_HIT_NEAR, compared->reasons.weight) : STR(""));
	json_put(pair->model, STR("waterfall"),
	         has ? web_match_waterfall(&compared->reasons,
	                                   STR("How much each thing weighs, in bits"), arena)
	             : json_null(arena));
	return true;
}

/* A way to answer, if the office may make it: by the form of the kind, filled in as far as is
 * known.
 */
static void put_way(struct pair *pair, struct json *ways, const struct pack_kind *kind,
                    const char *text, const char *hint, struct str query)
{
	struct arena *arena = pair->request->arena;
	const struct casebook_file *file = &pair->files[0];
	const struct pack *pack = casebook_pack(site_book(pair->request));
	const struct pack_office *role =
		casebook_office_role(pair->reader, practice_viewer(pair->request)->actor.office);
	size_t number = (size_t)(file->type - pack->file_types);
	if (!kind || !role || !(kind->file_types >> number & 1))
		return;
	struct json *way = json_object(arena);
	struct str path = practice_file_path(pair->request, file->number, kind->name);
	json_put_text(arena, way, STR("text"), str_from_c(text));
	json_put_text(arena, way, STR("hint"), str_from_c(hint));
	json_put_text(arena, way, STR("href"),
	              arena_format(arena, "%.*s?%.*s", STR_ARG(path), STR_ARG(query)));
	json_push(ways, way);
}

static void put_ways(struct pair *pair)
{
	struct arena *arena = pair->request->arena;
	const struct pack_matching *matching = matching_of(pair->request);
	struct json *ways = json_array(arena);
	struct str other = pair->files[1].number;
	bool are_people = pair->files[0].type->is_person && pair->files[1].type->is_person;
	struct str of = arena_format(arena, "of=%" PRId64, pair->proposal.index);
	struct str both = arena_format(arena, "%.*s&other=%.*s", STR_ARG(of), STR_ARG(other));
	if (are_people) {
		put_way(pair, ways, matching->same, "They are the same",
		        "Somebody else must agree, and it can be undone exactly.", both);
		put_way(pair, ways, matching->apart, "They are not the same",
		        "They are not proposed again.", both);
	} else {
		put_way(pair, ways, matching->answer, "They belong together",
		        "No link is made by this: it is offered next.", of);
	}
	put_way(pair, ways, matching->answer,
	        are_people ? "I cannot tell yet, or something else"
	                   : "They do not, or I cannot tell",
	        "It stays to be seen what was looked at, and why.", of);
	json_put(pair->model, STR("ways"), ways);
}

bool match_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("match"), .title = STR("Are these the same?") };
	struct pair *pair = arena_alloc(request->arena, 1, sizeof *pair);
	struct arena *arena = request->arena;
	uint64_t n;
	bool answered;
	if (!practice_has_office(request, answer))
		return true;
	if (!pair)
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	pair->request = request;
	if (!str_to_u64(web_param(request, STR("n")), INT64_MAX, &n))
		return err_set(err, ERR_ABSENT, "There is no such match");
	if (!practice_begin(request, &head, PRACTICE_FIND, &pair->model, err) ||
	    !site_reader(request, &pair->reader, err) || !get_pair(pair, (int64_t)n, err) ||
	    !is_answered(pair->reader, arena, &pair->proposal, matching_of(request), &answered,
	                 err))
		return false;
	json_put(pair->model, STR("left"), file_row(pair, 0));
	json_put(pair->model, STR("right"), file_row(pair, 1));
	json_put_bool(arena, pair->model, STR("is_answered"), answered);
	json_put_text(
		arena, pair->model, STR("what"),
		what_title(matching_of(request), json_text(pair->proposal.plain, STR("what"))));
	json_put(pair->model, STR("since"), page_time_near(request, pair->proposal.recorded));
	if (!put_compared(pair, err))
		return false;
	put_ways(pair);
	return page_answer(request, answer, STR("practice/match"), pair->model, err);
}
