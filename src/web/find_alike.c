/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Finding by name, birth, address, telephone or plate, and how sure it is, in words. */
#include "web/alike.h"
#include "web/file_parts.h"

#define STRONG_BITS 4.0
#define SOME_BITS 0.5
#define LINK_BITS 6.0
#define LIKELY_BITS 2.0

struct str alike_words_of(enum match_hit_kind kind, double weight)
{
	switch (kind) {
	case MATCH_HIT_TWIN:
		return STR("Same birth date, another first name: twins look like this");
	case MATCH_HIT_NEAR_TWIN:
		return STR(
			"Likely the same person; same home and birth date, and a first name that "
			"is near: twins look like this too");
	case MATCH_HIT_SURNAME:
		return STR("Another surname, and little beside it: could be the same person");
	case MATCH_HIT_HOUSEHOLD:
		return STR("Rather somebody else of the same home");
	case MATCH_HIT_SAME:
	case MATCH_HIT_NEAR:
		break;
	}
	return weight >= LINK_BITS     ? STR("Very likely the same person")
	       : weight >= LIKELY_BITS ? STR("Likely the same person")
	       : weight >= 0           ? STR("Could be the same person")
	                               : STR("Little speaks for the same person");
}

struct str alike_certainty(const struct people_found *found)
{
	switch (found->how) {
	case PEOPLE_MARK:
		return STR("The same number, plate or account, to the letter");
	case PEOPLE_PLACE:
		return STR("The same place");
	case PEOPLE_PERSON:
		break;
	}
	if (found->is_by_home)
		return STR("Somebody of this home, or of one near it");
	return alike_words_of(found->kind, found->weight);
}

static struct str agree_of(double bits)
{
	return bits >= STRONG_BITS  ? STR("strong")
	       : bits >= SOME_BITS  ? STR("some")
	       : bits <= -SOME_BITS ? STR("against")
	                            : STR("");
}

static struct str field_words(struct str what)
{
	static const struct {
		const char *what, *words;
	} WORDS[] = {
		{ "name", "Name" },
		{ "dob", "Date of birth" },
		{ "postcode", "Postcode" },
		{ "address", "Address" },
		{ "phone", "Telephone" },
		{ "email", "Email" },
		{ "nhs_number", "NHS number" },
		{ "upn", "Pupil number" },
		{ "sex", "Sex" },
		{ "middle_names", "Other names" },
	};
	for (size_t i = 0; i < COUNT_OF(WORDS); i++) {
		if (str_eq(what, str_from_c(WORDS[i].what)))
			return str_from_c(WORDS[i].words);
	}
	return what;
}

/* "20110312" as it is written on pages. */
static struct str value_words(struct arena *arena, struct str what, struct str value)
{
	if (!str_eq(what, STR("dob")) || value.n != 8)
		return value;
	return arena_format(arena, "%.*s/%.*s/%.*s", STR_ARG(str_sub(value, 6, 2)),
	                    STR_ARG(str_sub(value, 4, 2)), STR_ARG(str_sub(value, 0, 4)));
}

static struct str written(struct arena *arena, const struct match_line *line,
                          const struct people_said *said, size_t count)
{
	for (size_t i = 0; line->right.n && i < count; i++) {
		if (str_eq(said[i].what, line->what))
			return said[i].text;
	}
	return value_words(arena, line->what, line->right);
}

struct json *alike_rows(struct arena *arena, const struct match_reasons *reasons,
                        const struct people_said *said, size_t count)
{
	struct json *rows = json_array(arena);
	for (size_t i = 0; i < reasons->count; i++) {
		const struct match_line *line = &reasons->lines[i];
		bool has_both = line->left.n > 0 && line->right.n > 0;
		struct str agree = agree_of(line->bits);
		if (!line->left.n && !line->right.n)
			continue;
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("field"), line->what);
		json_put_text(arena, row, STR("what"), field_words(line->what));
		json_put_text(arena, row, STR("mine"), value_words(arena, line->what, line->left));
		json_put_text(arena, row, STR("theirs"), written(arena, line, said, count));
		json_put_text(arena, row, STR("level"),
		              has_both ? line->level : STR("not written down for one of them"));
		json_put_text(arena, row, STR("agree"), has_both ? agree : STR(""));
		json_put_bool(arena, row, STR("is_for"), has_both && line->bits >= SOME_BITS);
		json_put_bool(arena, row, STR("is_against"), has_both && line->bits <= -SOME_BITS);
		json_push(rows, row);
	}
	return rows;
}

static bool add_row(struct web_request *request, struct casebook_reader *reader,
                    const struct people_found *found, struct str why, struct json *results,
                    struct err *err)
{
	struct arena *arena = request->arena;
	struct casebook_file file;
	struct casebook_viewer viewer = *practice_viewer(request);
	viewer.purpose = arena_format(arena, "find: %.*s", STR_ARG(why));
	if (!casebook_file_get(reader, arena, found->file, &file, err))
		return false;
	if (!casebook_record_reading(reader, &viewer, file.n, found->entry, err))
		return false;
	struct json *row = json_object(arena);
	struct people_said said[PEOPLE_SAID_MAX];
	size_t said_count = 0;
	if (found->how == PEOPLE_PERSON &&
	    !people_says(site_web(request)->people, reader, found->entry, arena, said, &said_count,
	                 err))
		return false;
	struct json *compared = found->how == PEOPLE_PERSON
	                                ? alike_rows(arena, &found->reasons, said, said_count)
	                                : json_array(arena);
	json_put(row, STR("file_name"), file_name(request, &file));
	json_put_text(arena, row, STR("href"), practice_file_path(request, file.number, STR("")));
	json_put_text(arena, row, STR("how"), alike_certainty(found));
	json_put_bool(arena, row, STR("is_known"), true);
	json_put_integer(arena, row, STR("open_n"), file.open_duties);
	json_put_bool(arena, row, STR("has_compared"), compared->count > 0);
	json_put(row, STR("compared"), compared);
	json_push(results, row);
	return true;
}

struct asked {
	struct web_request *request;
	struct casebook_reader *reader;
};

/* Found by its words, it is shown to whoever may read them alone: a guess tells nobody else. */
static bool may_read(void *ctx, const struct people_found *found, bool *may, struct err *err)
{
	const struct asked *asked = ctx;
	return casebook_may_claim(asked->reader, practice_viewer(asked->request), found->file,
	                          found->entry, may, err);
}

bool alike_find(struct web_request *request, struct casebook_reader *reader, struct str words,
                struct str why, struct json *results, bool *is_cut, struct err *err)
{
	struct people *people = site_web(request)->people;
	struct asked asked = { request, reader };
	struct people_shown shown;
	*is_cut = false;
	if (!people)
		return true;
	if (!people_find_for(people, words, request->arena, may_read, &asked, &shown, err))
		return false;
	for (size_t i = 0; i < shown.count; i++) {
		if (!add_row(request, reader, &shown.at[i], why, results, err))
			return false;
	}
	*is_cut = shown.is_cut;
	return true;
}

struct str alike_warming(struct web_request *request)
{
	struct people *people = site_web(request)->people;
	struct people_state state;
	if (!people)
		return STR("Names are not searched here: this register is only read.");
	people_state(people, &state);
	if (state.has_failed)
		return STR("Names cannot be searched until the register is started again. Exact "
		           "numbers work.");
	if (state.is_ready)
		return STR("");
	return arena_format(request->arena,
	                    "The index is being built: %" PRId64 " of %" PRId64
	                    " entries. Exact file numbers work.",
	                    state.read, state.of);
}
