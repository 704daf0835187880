/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Matches to decide: files that were said to be alike, one pair a page. What
 * each says stands side by side, with what agrees, and the ways to answer: each
 * is an act of the rules with a reason of its own. Nothing is joined here.
 */
#include "web/alike.h"
#include "web/draft.h"
#include "web/file_parts.h"

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

static struct str what_title(const struct pack_matching *matching, struct str code)
{
	const struct pack_field *field = pack_field_find(matching->propose, STR("what"));
	const struct pack_code *found =
		field && field->list ? pack_code_find(field->list, code) : NULL;
	return found ? found->title : code;
}

/* What a file is called, for whoever may know of it: that it is alike tells of it. */
static bool put_name(struct web_request *request, struct casebook_reader *reader,
                     const struct casebook_file *file, const char *name, struct json *row,
                     struct err *err)
{
	struct casebook_access access;
	if (!casebook_may(reader, practice_viewer(request), file->n, &access, err))
		return false;
	json_put(row, str_from_c(name),
	         access.may_know ? file_name(request, file)
	                         : file_no_name(request->arena, STR(CASEBOOK_HIDDEN_FILE)));
	return true;
}

/* --- the list --------------------------------------------------------------------------------- */

static bool add_listed(struct web_request *request, struct casebook_reader *reader,
                       const struct casebook_undecided *undecided, struct json *rows,
                       struct err *err)
{
	struct arena *arena = request->arena;
	const struct pack_matching *matching = matching_of(request);
	struct casebook_entry entry;
	struct casebook_file file, other;
	struct err absent = { 0 };
	struct json *row = json_object(arena);
	if (!casebook_entry_get(reader, arena, undecided->at.proposal, &entry, err) ||
	    !casebook_file_get(reader, arena, undecided->file, &file, err) ||
	    !put_name(request, reader, &file, "file_name", row, err))
		return false;
	bool has_other = casebook_file_find(reader, arena, json_text(entry.plain, STR("other")),
	                                    &other, &absent);
	if (has_other && !put_name(request, reader, &other, "other_name", row, err))
		return false;
	if (!has_other)
		json_put(row, STR("other_name"), file_no_name(arena, STR("a file that is gone")));
	json_put_text(arena, row, STR("href"),
	              arena_format(arena, "/matches/%" PRId64, entry.index));
	json_put_text(arena, row, STR("what"),
	              what_title(matching, json_text(entry.plain, STR("what"))));
	json_put(row, STR("since"), page_time_near(request, entry.recorded));
	json_put(row, STR("due"), page_time_due(request, undecided->at.due));
	json_put_bool(arena, row, STR("is_late"), undecided->is_late);
	json_push(rows, row);
	return true;
}

/* "?after=DUE.DUTY.PROPOSAL", as the page before wrote it; false: from the beginning. */
static bool read_after(struct web_request *request, struct casebook_undecided_at *out)
{
	struct str rest = fields_get(&request->head->query, STR("after")), due, duty;
	uint64_t numbers[3];
	if (!rest.p || !str_cut(&rest, '.', &due) || !str_cut(&rest, '.', &duty) ||
	    !str_to_u64(due, INSTANT_MAX, &numbers[0]) ||
	    !str_to_u64(duty, INT64_MAX, &numbers[1]) || !str_to_u64(rest, INT64_MAX, &numbers[2]))
		return false;
	*out = (struct casebook_undecided_at){ (instant)numbers[0], (int64_t)numbers[1],
		                               (int64_t)numbers[2] };
	return true;
}

static void put_next(struct web_request *request, const struct casebook_undecided_list *list,
                     struct json *model)
{
	struct arena *arena = request->arena;
	json_put(model, STR("next"), json_null(arena));
	if (!list->more)
		return;
	const struct casebook_undecided_at *last = &list->at[list->count - 1].at;
	draft_set(model, STR("next"),
	          json_string(arena,
	                      arena_format(arena, "/matches?after=%" PRId64 ".%" PRId64 ".%" PRId64,
	                                   last->due, last->duty, last->proposal)));
}

/* How many wait in all. */
static bool put_count(struct web_request *request, struct casebook_reader *reader,
                      struct json *model, struct err *err)
{
	struct casebook_undecided_list all;
	struct str office = practice_viewer(request)->actor.office;
	if (!casebook_undecided_of(reader, request->arena, office, NULL, CASEBOOK_UNDECIDED_COUNTED,
	                           &all, err))
		return false;
	int64_t owed = 0;
	if (all.more && !casebook_undecided_owed(reader, office, &owed, err))
		return false;
	json_put_integer(request->arena, model, STR("count"), (int64_t)all.count);
	json_put_integer(request->arena, model, STR("owed"), owed);
	json_put_bool(request->arena, model, STR("is_one"), all.count == 1);
	json_put_bool(request->arena, model, STR("is_more"), all.more);
	return true;
}

static bool put_rows(struct web_request *request, struct casebook_reader *reader,
                     struct json *model, struct err *err)
{
	struct casebook_undecided_at after;
	struct casebook_undecided_list list;
	struct json *rows = json_array(request->arena);
	struct str office = practice_viewer(request)->actor.office;
	bool is_on = read_after(request, &after);
	if (!casebook_undecided_of(reader, request->arena, office, is_on ? &after : NULL,
	                           PRACTICE_ROWS, &list, err))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		if (!add_listed(request, reader, &list.at[i], rows, err))
			return false;
	}
	json_put_bool(request->arena, model, STR("has_rows"), rows->count > 0);
	json_put(model, STR("rows"), rows);
	put_next(request, &list, model);
	return true;
}

bool matches_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("matches"), .title = STR("Matches to decide") };
	struct casebook_reader *reader;
	struct json *model;
	if (!practice_has_office(request, answer))
		return true;
	if (!practice_begin(request, &head, PRACTICE_FIND, &model, err) ||
	    !site_reader(request, &reader, err) || !put_count(request, reader, model, err) ||
	    !put_rows(request, reader, model, err))
		return false;
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
	bool may = pair->access[i].may_know;
	const struct casebook_file *file = &pair->files[i];
	json_put(row, STR("name"),
	         may ? file_name(pair->request, file)
	             : file_no_name(arena, STR(CASEBOOK_HIDDEN_FILE)));
	json_put_text(arena, row, STR("number"), may ? file->number : STR(""));
	json_put_text(arena, row, STR("href"),
	              may ? practice_file_path(pair->request, file->number, STR("")) : STR(""));
	json_put_bool(arena, row, STR("may_know"), pair->access[i].may_know);
	json_put_bool(arena, row, STR("may_open"), pair->access[i].may_open);
	return row;
}

/* Each entry whose words are shown, once. */
static bool record_said(struct pair *pair, const struct people_compared *compared, size_t side,
                        struct err *err)
{
	const struct casebook_viewer *viewer = practice_viewer(pair->request);
	int64_t entries[PEOPLE_SAID_MAX + 2] = { compared->entries[side],
		                                 compared->shared[side].entry };
	size_t count = 2;
	for (size_t i = 0; i < compared->said_count[side]; i++)
		entries[count++] = compared->said[side][i].entry;
	for (size_t i = 0; i < count; i++) {
		size_t before = 0;
		while (before < i && entries[before] != entries[i])
			before++;
		if (entries[i] >= 0 && before == i &&
		    !casebook_record_reading(pair->reader, viewer, pair->files[side].n, entries[i],
		                             err))
			return false;
	}
	return true;
}

/* Of the office; empty: it has none, or there was no office. */
static bool agency_of(struct pair *pair, struct str office, struct str *out, struct err *err)
{
	const struct casebook_office *offices;
	size_t count;
	*out = STR("");
	if (!casebook_offices(pair->reader, pair->request->arena, &offices, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct pack_agency *agency =
			str_eq(offices[i].id, office)
				? pack_agency_find(casebook_pack(site_book(pair->request)),
		                                   offices[i].agency)
				: NULL;
		*out = agency ? agency->title : *out;
	}
	return true;
}

/* A value as it was written, and who wrote it when. */
static bool put_written(struct pair *pair, const struct people_said *said, const char *value,
                        const char *source, struct json *row, struct err *err)
{
	struct arena *arena = pair->request->arena;
	struct casebook_entry entry;
	struct json *from = json_object(arena), *office;
	struct str agency;
	if (!casebook_entry_get(pair->reader, arena, said->entry, &entry, err) ||
	    !agency_of(pair, entry.office, &agency, err) ||
	    !page_office(pair->request, pair->reader, entry.office, &office, err))
		return false;
	draft_set(row, str_from_c(value), json_string(arena, said->text));
	json_put_text(arena, from, STR("href"),
	              arena_format(arena, "/entries/%" PRId64, said->entry));
	json_put_integer(arena, from, STR("entry"), said->entry);
	json_put(from, STR("office"), office);
	json_put_text(arena, from, STR("agency"), agency);
	json_put(from, STR("at"), page_time_near(pair->request, entry.recorded));
	json_put(row, str_from_c(source), from);
	return true;
}

static bool put_sources(struct pair *pair, const struct people_compared *compared,
                        struct json *rows, struct err *err)
{
	static const char *const VALUES[2] = { "mine", "theirs" }, *const SOURCES[2] = {
		"mine_from", "theirs_from"
	};
	for (struct json *row = rows->first; row; row = row->next) {
		struct str field = json_text(row, STR("field"));
		for (size_t side = 0; side < 2; side++) {
			const struct people_said *said = compared->said[side], *found = NULL;
			for (size_t i = 0; i < compared->said_count[side]; i++)
				found = str_eq(said[i].what, field) ? &said[i] : found;
			/* What stands in no column is told as it was compared. */
			if (!found || !json_text(row, str_from_c(VALUES[side])).n)
				json_put(row, str_from_c(SOURCES[side]),
				         json_null(pair->request->arena));
			else if (!put_written(pair, found, VALUES[side], SOURCES[side], row, err))
				return false;
		}
	}
	return true;
}

/* "child", of "Child". */
static struct str in_a_sentence(struct arena *arena, struct str title)
{
	if (!title.n || title.p[0] < 'A' || title.p[0] > 'Z')
		return title;
	return arena_format(arena, "%c%.*s", title.p[0] | 0x20,
	                    STR_ARG(str_sub(title, 1, title.n)));
}

/* How many agencies knew of one person, if the two are; for whoever may know of both. */
static bool put_agencies(struct pair *pair, struct err *err)
{
	struct arena *arena = pair->request->arena;
	struct people *people = site_web(pair->request)->people;
	const int64_t files[2] = { pair->files[0].n, pair->files[1].n };
	const struct pack_file_type *type = pair->files[0].type;
	const struct str *names;
	size_t count = 0;
	bool are_people = type->is_person && pair->files[1].type->is_person;
	if (people && are_people && pair->access[0].may_know && pair->access[1].may_know &&
	    !people_agencies(people, files, 2, arena, &names, &count, err))
		return false;
	json_put_integer(arena, pair->model, STR("agencies_n"), (int64_t)count);
	json_put_bool(arena, pair->model, STR("has_agencies"), count > 0);
	json_put_bool(arena, pair->model, STR("is_one_agency"), count == 1);
	json_put_text(arena, pair->model, STR("whose"),
	              type == pair->files[1].type ? in_a_sentence(arena, type->title)
	                                          : STR("person"));
	return true;
}

/* Of the entry that began the file too. */
static bool may_see_said(struct pair *pair, const struct people_compared *compared, bool *may,
                         struct err *err)
{
	for (size_t i = 0; *may && i < 4; i++) {
		int64_t entry = i < 2 ? compared->entries[i] : compared->shared[i - 2].entry;
		if (entry >= 0 && !casebook_may_claim(pair->reader, practice_viewer(pair->request),
		                                      pair->files[i % 2].n, entry, may, err))
			return false;
	}
	return true;
}

/* What they were proposed for comes first. */
static bool put_shared(struct pair *pair, const struct people_compared *compared, struct json *rows,
                       struct err *err)
{
	struct arena *arena = pair->request->arena;
	struct json *row = json_object(arena);
	if (compared->shared[0].entry < 0)
		return true;
	json_put_text(arena, row, STR("field"), compared->shared[0].what);
	json_put_text(arena, row, STR("what"),
	              what_title(matching_of(pair->request), compared->shared[0].what));
	json_put_text(arena, row, STR("level"), STR("the same, to the letter"));
	json_put_text(arena, row, STR("agree"), STR(""));
	json_put_bool(arena, row, STR("is_for"), true);
	json_put_bool(arena, row, STR("is_against"), false);
	json_push(rows, row);
	return put_written(pair, &compared->shared[0], "mine", "mine_from", row, err) &&
	       put_written(pair, &compared->shared[1], "theirs", "theirs_from", row, err);
}

static void join_rows(struct json *rows, struct json *more)
{
	for (struct json *row = more->first, *next; row; row = next) {
		next = row->next;
		row->next = NULL;
		json_push(rows, row);
	}
}

/* Both are read, and compared; what is not for this viewer is not. */
static bool put_compared(struct pair *pair, struct err *err)
{
	struct web_request *request = pair->request;
	struct arena *arena = request->arena;
	struct people *people = site_web(request)->people;
	struct people_compared *compared = arena_alloc(arena, 1, sizeof *compared);
	struct json *rows = json_array(arena);
	bool may = pair->access[0].may_open && pair->access[1].may_open, has = false;
	if (!compared)
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	if (may && people &&
	    (!people_compare(people, pair->reader, pair->files[0].n, pair->files[1].n,
	                     json_text(pair->proposal.plain, STR("what")), arena, compared, &has,
	                     err) ||
	     !may_see_said(pair, compared, &may, err)))
		return false;
	bool is_shown = may && people;
	has = has && may;
	for (size_t i = 0; is_shown && i < 2; i++) {
		if (!record_said(pair, compared, i, err))
			return false;
	}
	if (is_shown && !put_shared(pair, compared, rows, err))
		return false;
	if (has) {
		struct json *weighed = alike_rows(arena, &compared->reasons, NULL, 0);
		if (!put_sources(pair, compared, weighed, err))
			return false;
		join_rows(rows, weighed);
	}
	json_put_bool(arena, pair->model, STR("may_compare"), may);
	json_put_bool(arena, pair->model, STR("has_compared"), rows->first != NULL);
	json_put(pair->model, STR("compared"), rows);
	json_put_text(arena, pair->model, STR("certainty"),
	              has ? alike_words_of(compared->reasons.kind, compared->reasons.weight)
	                  : STR(""));
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
	/* Whoever may not know of the other cannot say that they are one, or two. */
	bool may_say = pair->access[1].may_know;
	struct str of = arena_format(arena, "of=%" PRId64, pair->proposal.index);
	struct str both = arena_format(arena, "%.*s&other=%.*s", STR_ARG(of), STR_ARG(other));
	if (are_people && may_say) {
		put_way(pair, ways, matching->same, "They are the same",
		        "Somebody else must agree, and it can be undone exactly.", both);
		put_way(pair, ways, matching->apart, "They are not the same",
		        "They are not proposed again.", both);
	} else if (may_say) {
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
	    !casebook_is_decided(pair->reader, arena, pair->proposal.file, pair->proposal.index,
	                         &answered, err))
		return false;
	json_put(pair->model, STR("left"), file_row(pair, 0));
	json_put(pair->model, STR("right"), file_row(pair, 1));
	json_put_bool(arena, pair->model, STR("is_answered"), answered);
	json_put_text(
		arena, pair->model, STR("what"),
		what_title(matching_of(request), json_text(pair->proposal.plain, STR("what"))));
	json_put(pair->model, STR("since"), page_time_near(request, pair->proposal.recorded));
	if (!put_compared(pair, err) || !put_agencies(pair, err))
		return false;
	put_ways(pair);
	return page_answer(request, answer, STR("practice/match"), pair->model, err);
}
