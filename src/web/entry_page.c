/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One entry: its plain side, and its sealed words, opened as a recorded reading. */
#include "web/file_parts.h"

#include "web/words.h"

static bool find_entry(struct web_request *request, struct casebook_reader *reader,
                       struct casebook_entry *entry, struct casebook_access *access,
                       struct err *err)
{
	uint64_t index;
	if (!str_to_u64(web_param(request, STR("n")), INT64_MAX, &index))
		return err_set(err, ERR_ABSENT, "There is no such entry");
	if (!casebook_entry_get(reader, request->arena, (int64_t)index, entry, err) ||
	    !casebook_may_see(reader, practice_viewer(request), entry->index, access, err))
		return false;
	if (access->may_know)
		return true;
	casebook_note_refused(reader, practice_viewer(request), entry->file);
	return err_set(err, ERR_ABSENT, "There is no such entry");
}

static bool put_entry(struct web_request *request, struct casebook_reader *reader,
                      const struct casebook_entry *entry, const struct casebook_access *access,
                      struct json *model, struct err *err)
{
	struct arena *arena = request->arena;
	struct json *row, *values = json_array(arena), *words = NULL;
	struct casebook_file file;
	if (!casebook_file_get(reader, arena, entry->file, &file, err) ||
	    !page_entry(request, reader, entry, &row, err) ||
	    !entry_values(request, reader, entry, entry->plain, values, err))
		return false;
	bool has_seal = (entry->is_sealed || entry->is_destroyed) && entry->file != 0;
	if (has_seal && !entry_words(request, reader, entry, &words, err))
		return false;
	json_put(row, STR("values"), values);
	json_put(row, STR("opened"), words ? words : json_null(arena));
	json_put(model, STR("entry"), row);
	json_put_text(arena, model, STR("file_number"), file.number);
	json_put(model, STR("file_name"), file_name(request, &file));
	json_put_text(arena, model, STR("file_href"),
	              practice_file_path(request, file.number, STR("")));
	if (!words_put_entry(request, reader, entry, file.number, row, err))
		return false;
	json_put_text(arena, model, STR("correct_href"),
	              entry->by == CASEBOOK_BY_OFFICE && !access->is_own_entry
	                      ? arena_format(arena, "/files/%.*s/entry.corrected?of=%" PRId64,
	                                     STR_ARG(file.number), entry->index)
	                      : STR(""));
	return true;
}

bool file_entry_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct casebook_reader *reader;
	struct casebook_entry entry;
	struct casebook_access access;
	struct json *model;
	if (!practice_has_office(request, answer))
		return true;
	if (!site_reader(request, &reader, err) ||
	    !find_entry(request, reader, &entry, &access, err))
		return false;
	struct page_head head = { .page = STR("entry"),
		                  .title = arena_format(request->arena, "Entry %" PRId64,
		                                        entry.index) };
	return practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err) &&
	       put_entry(request, reader, &entry, &access, model, err) &&
	       page_answer(request, answer, STR("practice/entry"), model, err);
}
