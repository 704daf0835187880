/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Whom three agencies or more knew, each for itself, until files that were
 * imported brought them together: as a page, and as a table for a spreadsheet.
 * Numbers and agencies, and no word of anybody. Of files that this office may
 * not know of there is a number, and no agency that wrote on those alone.
 */
#include "web/alike.h"
#include "web/csv.h"
#include "web/file_parts.h"

#define LEAST_AGENCIES 3
#define ROWS 25       /* of a page */
#define LOOKED_AT 200 /* groups for one page */
#define CSV_ROWS 2000
#define CSV_LOOKED_AT 10000
#define FILES_MAX 512

struct listing {
	struct web_request *request;
	struct casebook_reader *reader;
	struct people *people;
	struct json *rows; /* of the page; NULL: a spreadsheet */
	struct buf *csv;
	size_t shown, looked_at;
	size_t most, most_looked_at;
	int64_t last; /* heap that was looked at last */
	bool is_cut;
	bool has_failed;
	struct err *err;
};

/* The files of a group that this office may know of. */
struct known {
	struct casebook_file *files;
	int64_t *numbers;
	size_t count;
};

static bool know(struct listing *listing, const struct people_group *group, struct known *out)
{
	struct arena *arena = listing->request->arena;
	*out = (struct known){ .files = arena_alloc(arena, group->count, sizeof *out->files),
		               .numbers = arena_alloc(arena, group->count, sizeof *out->numbers) };
	if (!out->files || !out->numbers)
		return err_set(listing->err, ERR_UNABLE, "There is no memory for this page");
	for (size_t i = 0; i < group->count; i++) {
		struct casebook_access access;
		if (!casebook_may(listing->reader, practice_viewer(listing->request),
		                  group->files[i], &access, listing->err))
			return false;
		if (!access.may_know)
			continue;
		if (!casebook_file_get(listing->reader, arena, group->files[i],
		                       &out->files[out->count], listing->err))
			return false;
		out->numbers[out->count++] = group->files[i];
	}
	return true;
}

static struct str agency_title(const struct pack *pack, struct str name)
{
	for (size_t i = 0; i < pack->agency_count; i++) {
		if (str_eq(pack->agencies[i].name, name))
			return pack->agencies[i].title;
	}
	return name;
}

/* "Council, Police". */
static bool name_agencies(struct listing *listing, const struct known *known, struct str *out,
                          size_t *count)
{
	struct arena *arena = listing->request->arena;
	const struct pack *pack = casebook_pack(site_book(listing->request));
	const struct str *names;
	if (!people_agencies(listing->people, known->numbers, known->count, arena, &names, count,
	                     listing->err))
		return false;
	*out = STR("");
	for (size_t i = 0; i < *count; i++)
		*out = arena_format(arena, "%.*s%s%.*s", STR_ARG(*out), i ? ", " : "",
		                    STR_ARG(agency_title(pack, names[i])));
	return true;
}

static void put_files(struct listing *listing, const struct known *known, struct json *row)
{
	struct arena *arena = listing->request->arena;
	struct json *files = json_array(arena);
	for (size_t i = 0; i < known->count; i++) {
		struct json *file = json_object(arena);
		json_put(file, STR("name"), file_name(listing->request, &known->files[i]));
		json_put_text(
			arena, file, STR("href"),
			practice_file_path(listing->request, known->files[i].number, STR("")));
		json_push(files, file);
	}
	json_put(row, STR("files"), files);
}

static void put_more(struct arena *arena, struct json *row, const char *has, const char *n,
                     const char *is_one, size_t count)
{
	json_put_bool(arena, row, str_from_c(has), count > 0);
	json_put_integer(arena, row, str_from_c(n), (int64_t)count);
	json_put_bool(arena, row, str_from_c(is_one), count == 1);
}

static bool put_row(struct listing *listing, const struct people_group *group,
                    const struct known *known, struct str agencies, size_t named)
{
	struct web_request *request = listing->request;
	struct arena *arena = request->arena;
	struct casebook_entry since;
	struct json *row = json_object(arena);
	if (!casebook_entry_get(listing->reader, arena, group->since, &since, listing->err))
		return false;
	put_files(listing, known, row);
	put_more(arena, row, "has_hidden", "hidden_n", "is_hidden_one",
	         group->count - known->count);
	json_put_text(arena, row, STR("agencies"), agencies);
	json_put_integer(arena, row, STR("agencies_n"), (int64_t)group->agency_count);
	put_more(arena, row, "has_more", "more_n", "is_more_one", group->agency_count - named);
	json_put(row, STR("since"), page_time_near(request, since.recorded));
	json_push(listing->rows, row);
	return true;
}

static bool put_line(struct listing *listing, const struct people_group *group,
                     const struct known *known, struct str agencies, size_t named)
{
	struct arena *arena = listing->request->arena;
	struct casebook_entry since;
	struct str files = STR("");
	if (!casebook_entry_get(listing->reader, arena, group->since, &since, listing->err))
		return false;
	for (size_t i = 0; i < known->count; i++)
		files = arena_format(arena, "%.*s%s%.*s", STR_ARG(files), i ? " " : "",
		                     STR_ARG(known->files[i].number));
	csv_row(listing->csv, 6, files, arena_format(arena, "%zu", group->count - known->count),
	        arena_format(arena, "%zu", group->agency_count), agencies,
	        arena_format(arena, "%zu", group->agency_count - named),
	        instant_write(arena, since.recorded));
	return true;
}

static bool take_group(void *ctx, const struct people_group *group)
{
	struct listing *listing = ctx;
	struct known known;
	struct str agencies;
	size_t named;
	bool is_new = group->lump != listing->last;
	if (is_new &&
	    (listing->shown >= listing->most || listing->looked_at >= listing->most_looked_at)) {
		listing->is_cut = true;
		return false;
	}
	listing->last = group->lump;
	listing->looked_at++;
	listing->has_failed = !know(listing, group, &known);
	if (listing->has_failed || known.count == 0)
		return !listing->has_failed;
	listing->shown++;
	listing->has_failed = !name_agencies(listing, &known, &agencies, &named) ||
	                      !(listing->rows ? put_row(listing, group, &known, agencies, named)
	                                      : put_line(listing, group, &known, agencies, named));
	return !listing->has_failed;
}

static bool list(struct listing *listing, int64_t after, struct err *err)
{
	const struct people_groups_ask ask = { .least_agencies = LEAST_AGENCIES, .after = after };
	struct people_groups_told told;
	listing->people = site_web(listing->request)->people;
	listing->last = after;
	listing->err = err;
	if (!site_reader(listing->request, &listing->reader, err))
		return false;
	return !listing->people || (people_groups(listing->people, listing->reader, &ask,
	                                          take_group, listing, &told, err) &&
	                            !listing->has_failed);
}

bool invisible_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("invisible"), .title = STR("Almost invisible") };
	struct listing listing = { .request = request,
		                   .rows = json_array(request->arena),
		                   .most = ROWS,
		                   .most_looked_at = LOOKED_AT };
	struct json *model;
	uint64_t after = 0;
	struct str from = fields_get(&request->head->query, STR("after"));
	if (!practice_has_office(request, answer))
		return true;
	if (from.n && !str_to_u64(from, UINT32_MAX, &after))
		return err_set(err, ERR_ABSENT, "There is no such page");
	if (!practice_begin(request, &head, PRACTICE_FIND, &model, err) ||
	    !list(&listing, from.n ? (int64_t)after : -1, err))
		return false;
	json_put_bool(request->arena, model, STR("has_rows"), listing.rows->count > 0);
	json_put(model, STR("rows"), listing.rows);
	json_put_text(request->arena, model, STR("warming"), alike_warming(request));
	json_put(model, STR("next"),
	         listing.is_cut
	                 ? json_string(request->arena,
	                               arena_format(request->arena, "/invisible?after=%" PRId64,
	                                            listing.last))
	                 : json_null(request->arena));
	return page_answer(request, answer, STR("practice/invisible"), model, err);
}

bool invisible_csv(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct listing listing = { .request = request,
		                   .csv = &answer->body,
		                   .most = CSV_ROWS,
		                   .most_looked_at = CSV_LOOKED_AT };
	if (!practice_has_office(request, answer))
		return true;
	web_answer_download(request, answer, STR("invisible.csv"), STR(CSV_TYPE));
	csv_row(&answer->body, 6, STR("Files"), STR("Files not shown"), STR("Agencies"),
	        STR("Which"), STR("Agencies not shown"), STR("Since"));
	if (!list(&listing, -1, err))
		return false;
	if (listing.is_cut)
		csv_row(&answer->body, 1, STR("There are more than these"));
	return true;
}
