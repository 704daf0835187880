/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/owed.h"

#include "web/draft.h"

#define DUTIES_MAX  200
#define ENTRIES_MAX 1000

/* Duties of the register's own making are no step that a reporter waits for. */
static bool is_shown(const struct casebook_duty *duty)
{
	return duty->is_open && !(duty->rules && duty->rules->is_built_in);
}

static bool read_duties(struct web_request *request, struct casebook_reader *reader,
                        struct owed *owed, struct err *err)
{
	struct casebook_duty_list duties;
	owed->late = json_array(request->arena);
	owed->owed = json_array(request->arena);
	if (!casebook_duties_of_file(reader, request->arena, owed->file.n, DUTIES_MAX, &duties, err))
		return false;
	for (size_t i = 0; i < duties.count; i++) {
		struct json *duty;
		if (!is_shown(&duties.at[i]))
			continue;
		if (!page_duty(request, reader, &duties.at[i], &duty, err))
			return false;
		draft_set(duty, STR("file"), NULL); /* its number tells how many there are */
		json_push(duties.at[i].is_late ? owed->late : owed->owed, duty);
		owed->late_count += duties.at[i].is_late;
	}
	return true;
}

/* "2 hours after you sent it", for what came later than a minute. */
static struct json *words_after(struct arena *arena, instant sent, instant at)
{
	if (at - sent < INSTANT_PER_MINUTE)
		return json_null(arena);
	struct str elapsed = wording_elapsed(arena, at - sent);
	return json_string(arena,
	                   arena_format(arena, "%.*s after you sent it", STR_ARG(elapsed)));
}

static bool read_done(struct web_request *request, struct casebook_reader *reader,
                      struct owed *owed, struct err *err)
{
	struct arena *arena = request->arena;
	owed->done = json_array(arena);
	if (!casebook_entries(reader, arena, owed->file.n, -1, ENTRIES_MAX, &owed->entries,
	                      &owed->entry_count, err))
		return false;
	for (size_t i = owed->entry_count; i-- > 0;) {
		const struct casebook_entry *entry = &owed->entries[i];
		bool is_told = entry->by == CASEBOOK_BY_REGISTER;
		if (!entry->rules || entry->rules->public_text.n == 0)
			continue;
		if (is_told && owed->late_count > 0)
			continue; /* it stands on the ladder above: nothing is said twice */
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("what"), entry->rules->public_text);
		json_put(row, STR("at"), page_time_near(request, entry->recorded));
		json_put(row, STR("after"),
		         words_after(arena, owed->entries[0].recorded, entry->recorded));
		json_put_bool(arena, row, STR("is_told"), is_told);
		json_push(owed->done, row);
		if (owed->headline.n == 0 && !is_told)
			owed->headline = entry->rules->public_text;
	}
	return true;
}

bool owed_read(struct web_request *request, struct casebook_reader *reader, struct str file,
               struct owed *out, struct err *err)
{
	*out = (struct owed){ 0 };
	return casebook_file_find(reader, request->arena, file, &out->file, err) &&
	       read_duties(request, reader, out, err) && read_done(request, reader, out, err);
}
