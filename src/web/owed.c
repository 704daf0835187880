/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/owed.h"

#include "web/draft.h"

#define DUTIES_MAX 200
#define ENTRIES_MAX 1000
#define LADDER_MAX 24 /* offices of a ladder in one sentence */

/* Duties of the register's own making are no step that a reporter waits for. */
static bool is_shown(const struct casebook_duty *duty)
{
	return duty->is_open && !(duty->rules && duty->rules->is_built_in);
}

/* --- in public words ------------------------------------------------------------------------- */

/* "Duty team" is the duty team; "GP", and whoever is outside, keep their capitals. */
static struct str the_office(struct arena *arena, struct str title, bool is_outside)
{
	char first[2] = { title.n ? title.p[0] : '\0', '\0' };
	bool is_word = title.n > 1 && title.p[1] >= 'a' && title.p[1] <= 'z';
	if (!is_outside && is_word && first[0] >= 'A' && first[0] <= 'Z')
		first[0] = (char)(first[0] - 'A' + 'a');
	struct str rest = str_sub(title, title.n > 0, title.n);
	const char *the = str_starts(title, STR("The ")) ? "" : "the ";
	return arena_format(arena, "%s%s%.*s", the, first, STR_ARG(rest));
}

/* As set-up was told that the agency is called; empty: it was not. */
static struct str agency_called(struct web_request *request, const struct pack_office *role)
{
	return role ? site_particular(request, arena_format(request->arena, "agency.%.*s",
	                                                    STR_ARG(role->agency->name)))
	            : STR("");
}

/* What whoever reported knows an office by: what its role is called in public, never what those
 * who work there call their own. */
static struct str role_words(const struct pack_office *role)
{
	return role->public_title.n ? role->public_title : role->title;
}

/* Of a role; `office` and `agency` stand for one that the rules have no more. */
static struct str words_of_role(struct web_request *request, const struct pack_office *role,
                                struct str office, struct str agency)
{
	struct arena *arena = request->arena;
	struct str area = site_area(request);
	struct str called = agency_called(request, role);
	struct str who = the_office(arena, role ? role_words(role) : office, false);
	if (agency.n == 0)
		return who;
	if (called.n)
		return arena_format(arena, "%.*s at %.*s", STR_ARG(who), STR_ARG(called));
	if (area.n == 0)
		return arena_format(arena, "%.*s, %.*s", STR_ARG(who), STR_ARG(agency));
	return arena_format(arena, "%.*s at %.*s %.*s", STR_ARG(who), STR_ARG(area),
	                    STR_ARG(agency));
}

struct str owed_office_words(struct web_request *request, struct casebook_reader *reader,
                             const struct json *office)
{
	return words_of_role(request, casebook_office_role(reader, json_text(office, STR("id"))),
	                     json_text(office, STR("title")), json_text(office, STR("agency")));
}

static struct str with_capital(struct arena *arena, struct str text)
{
	char *p = arena_alloc(arena, text.n + 1, 1);
	if (!p || text.n == 0)
		return STR("");
	memcpy(p, text.p, text.n);
	if (p[0] >= 'a' && p[0] <= 'z')
		p[0] = (char)(p[0] - 'a' + 'A');
	return (struct str){ p, text.n };
}

/* "The team manager and the head of service have been told. If it is still owed at the end of
 * today, the director is told." The list itself, with its times, stands behind it. */
static struct str told_in_short(struct arena *arena, const struct json *ladder)
{
	struct str told[LADDER_MAX] = { 0 }, next[LADDER_MAX] = { 0 }, at = STR("");
	size_t told_count = 0, next_count = 0;
	for (const struct json *rung = ladder ? ladder->first : NULL; rung; rung = rung->next) {
		if (json_is_true(rung, STR("reached")) && told_count < LADDER_MAX)
			told[told_count++] = json_text(rung, STR("who"));
		if (json_is_true(rung, STR("next")) && next_count < LADDER_MAX) {
			next[next_count++] = json_text(rung, STR("who"));
			at = json_text(json_member(rung, STR("at")), STR("text"));
		}
	}
	struct str who = with_capital(arena, page_offices(arena, told, told_count, LADDER_MAX));
	struct str then = page_offices(arena, next, next_count, LADDER_MAX);
	struct str text = told_count ? arena_format(arena, "%.*s %s been told. ", STR_ARG(who),
	                                            told_count == 1 ? "has" : "have")
	                             : STR("");
	return next_count ? arena_format(arena, "%.*sIf it is still owed at %.*s, %.*s %s told. ",
	                                 STR_ARG(text), STR_ARG(at), STR_ARG(then),
	                                 next_count == 1 ? "is" : "are")
	                  : text;
}

static void put_ladder_words(struct arena *arena, const struct json *ladder)
{
	for (struct json *rung = ladder ? ladder->first : NULL; rung; rung = rung->next) {
		struct str title = json_text(rung, STR("known_as"));
		struct str who = the_office(arena, title, json_is_true(rung, STR("outside")));
		draft_set(rung, STR("office"), json_string(arena, title));
		draft_set(rung, STR("known_as"), NULL);
		json_put_text(arena, rung, STR("who"), who);
	}
}

/* Who works there, by which rule and from which source, are words of those who work there. */
static void put_public_words(struct web_request *request, struct casebook_reader *reader,
                             const struct casebook_duty *duty, struct json *object)
{
	static const char *const INSIDE[] = { "file", "office", "class", "source", "actions" };
	struct arena *arena = request->arena;
	const struct pack_duty *rules = duty->rules;
	bool has_words = rules && rules->public_text.n;
	struct str what = has_words ? rules->public_text : STR("The next step is taken");
	struct str by = owed_office_words(request, reader, json_member(object, STR("office")));
	for (size_t i = 0; i < COUNT_OF(INSIDE); i++)
		draft_set(object, str_from_c(INSIDE[i]), NULL);
	draft_set(object, STR("what"), json_string(arena, what));
	json_put(object, STR("owed_to_you"),
	         rules && rules->public_late.n ? json_string(arena, rules->public_late)
	                                       : json_null(arena));
	json_put_text(arena, object, STR("by"), by);
	json_put_text(arena, object, STR("by_first"), with_capital(arena, by));
	put_ladder_words(arena, json_member(object, STR("ladder")));
	json_put_text(arena, object, STR("told_in_short"),
	              told_in_short(arena, json_member(object, STR("ladder"))));
}

/* --- what comes after it --------------------------------------------------------------------- */

static bool is_settled_by(const struct pack_kind *kind, const struct pack_duty *duty)
{
	for (size_t i = 0; i < kind->settle_count; i++)
		if (kind->settles[i].duty == duty && !kind->settles[i].when)
			return true;
	return false;
}

static struct str within_words(struct arena *arena, const struct pack_period *within)
{
	int64_t amount = within->amount;
	const char *unit = within->unit == PACK_HOURS          ? "hour"
	                   : within->unit == PACK_WORKING_DAYS ? "working day"
	                                                       : NULL;
	return unit ? arena_format(arena, "Within %" PRId64 " %s%s after that", amount, unit,
	                           amount == 1 ? "" : "s")
	            : STR("After that");
}

/* Who will owe it, where the rule names one office. */
static struct str then_by(struct web_request *request, const struct pack_duty *next)
{
	const struct pack_owner *owner = next->owner_count == 1 ? &next->owners[0] : NULL;
	if (!owner || owner->sort != PACK_OWNER_ROLE || owner->step_count > 0)
		return STR("");
	return words_of_role(request, owner->role, owner->role->title,
	                     owner->role->agency ? owner->role->agency->title : STR(""));
}

/* What whoever settles it owes next in every case, said in public. */
static void put_then(struct web_request *request, const struct casebook_duty *duty,
                     struct json *then)
{
	struct arena *arena = request->arena;
	const struct pack *pack = casebook_pack(site_book(request));
	const struct pack_duty *settled = pack_duty_find(pack, duty->rule);
	for (size_t i = 0; settled && i < pack->kind_count; i++) {
		const struct pack_kind *kind = &pack->kinds[i];
		if (kind->is_built_in || !is_settled_by(kind, settled))
			continue;
		for (size_t n = 0; n < kind->open_count; n++) {
			const struct pack_duty *next = kind->opens[n].duty;
			if (kind->opens[n].when || !next->public_text.n || next->within_is_field)
				continue;
			struct json *row = json_object(arena);
			json_put_text(arena, row, STR("what"), next->public_text);
			json_put_text(arena, row, STR("within"),
			              within_words(arena, &next->within));
			json_put_text(arena, row, STR("by"), then_by(request, next));
			json_push(then, row);
		}
	}
}

/* --- reading --------------------------------------------------------------------------------- */

static bool read_duties(struct web_request *request, struct casebook_reader *reader,
                        struct owed *owed, struct err *err)
{
	struct casebook_duty_list duties;
	owed->late = json_array(request->arena);
	owed->owed = json_array(request->arena);
	owed->then = json_array(request->arena);
	if (!casebook_duties_of_file(reader, request->arena, owed->file.n, DUTIES_MAX, &duties,
	                             err))
		return false;
	owed->duties = duties.at;
	owed->duty_count = duties.count;
	for (size_t i = 0; i < duties.count; i++) {
		struct json *duty;
		if (!is_shown(&duties.at[i]))
			continue;
		if (!page_duty(request, reader, &duties.at[i], &duty, err))
			return false;
		put_public_words(request, reader, &duties.at[i], duty);
		put_then(request, &duties.at[i], owed->then);
		if (duties.at[i].is_late && owed->late_count == 0)
			owed->late_words = json_text(duty, STR("owed_to_you"));
		json_push(duties.at[i].is_late ? owed->late : owed->owed, duty);
		owed->late_count += duties.at[i].is_late;
	}
	return true;
}

/* "2 hours and 40 minutes after you sent it", for what came later than a minute. */
static struct json *words_after(struct arena *arena, instant sent, instant at)
{
	int64_t after = at - sent, rest = after % INSTANT_PER_HOUR;
	if (after < INSTANT_PER_MINUTE)
		return json_null(arena);
	struct str elapsed = wording_elapsed(arena, after);
	if (after >= INSTANT_PER_HOUR && after < INSTANT_PER_DAY && rest >= INSTANT_PER_MINUTE)
		elapsed = arena_format(arena, "%.*s and %.*s", STR_ARG(elapsed),
		                       STR_ARG(wording_elapsed(arena, rest)));
	return json_string(arena, arena_format(arena, "%.*s after you sent it", STR_ARG(elapsed)));
}

/* Whether it settled what was late by then: "Done late" stays for ever. */
static bool was_late(const struct owed *owed, int64_t entry)
{
	for (size_t i = 0; i < owed->duty_count; i++) {
		const struct casebook_duty *duty = &owed->duties[i];
		bool is_ours = !(duty->rules && duty->rules->is_built_in);
		if (is_ours && !duty->is_open && duty->is_late && duty->closed == entry)
			return true;
	}
	return false;
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
		json_put(row, STR("at"), page_time_entry(request, entry, entry->recorded));
		json_put(row, STR("after"),
		         words_after(arena, owed->entries[0].recorded, entry->recorded));
		json_put_bool(arena, row, STR("is_told"), is_told);
		json_put_bool(arena, row, STR("late"), was_late(owed, entry->index));
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

bool owed_takes_more(const struct pack *pack, const struct pack_file_type *type)
{
	const struct pack_kind *more = pack->report_added;
	return more && type && (more->file_types >> type->number & 1);
}
