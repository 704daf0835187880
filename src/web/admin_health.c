/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How the register is: for people, for programs, and the least of it for anybody. */
#include "web/admin.h"

#include "web/log_health.h"
#include "web/session_gate.h"

#define FREE_LOW INT64_C(1000000000)
#define SLOTS_LOW 1024

#define BACKUP_OLD (2 * INSTANT_PER_DAY) /* of a live register; a drill may go without */
#define RESTORE_OLD (365 * INSTANT_PER_DAY)
#define VERIFY_OLD (35 * INSTANT_PER_DAY)

struct state {
	struct casebook_health health;
	struct casebook_upkeep upkeep;
	struct casebook_witnesses witnesses;
	bool is_drill;
	bool is_forked; /* somebody outside holds another history, or a longer one */
	struct str why_intake;
	bool is_intake_only;
	bool is_disk_low;
	bool may_take;
	bool is_unfit; /* the log does not fit its own proof, and is only read */
};

static bool read_state(struct web_request *request, struct state *out, struct err *err)
{
	struct casebook_reader *reader;
	struct casebook *book = site_book(request);
	*out = (struct state){ .why_intake = STR("") };
	if (!site_reader(request, &reader, err) || !casebook_health(reader, &out->health, err) ||
	    !casebook_upkeep(book, &out->upkeep, err) ||
	    !casebook_witnesses(reader, request->arena, &out->witnesses, err))
		return false;
	out->is_drill = casebook_is_drill(book);
	out->is_forked = casebook_is_forked(book);
	out->is_intake_only = casebook_is_intake_only(book, &out->why_intake);
	out->is_disk_low = out->health.free_bytes >= 0 && out->health.free_bytes < FREE_LOW;
	out->may_take = casebook_may_take(book);
	out->is_unfit = casebook_unfit(book).p != NULL;
	return true;
}

static bool verify_failed(const struct state *state)
{
	return state->upkeep.at[CASEBOOK_VERIFIED] && !state->upkeep.is_good[CASEBOOK_VERIFIED];
}

static bool is_well(const struct state *state)
{
	return !state->is_intake_only && !state->is_disk_low && state->may_take &&
	       !state->health.clock_is_late && !verify_failed(state) && !state->is_forked;
}

/* The same words as on the banner and in `doctor`. */
static struct str sentence_of(struct web_request *request, const struct state *state)
{
	struct arena *arena = request->arena;
	if (verify_failed(state))
		return STR(
			"The record does not fit its own proof. Do not restart. Tell the scrutineer.");
	if (state->is_forked)
		return STR(
			"This log signed another history, or a longer one, than is here. Nothing is taken in. "
			"Reports: by telephone. Tell the board; run: candour doctor DIR");
	if (!state->may_take)
		return STR("The register can be read, not written. Reports: by telephone.");
	if (state->is_intake_only)
		return state->why_intake;
	if (state->is_disk_low)
		return STR(
			"The disk is nearly full. Reports are still taken; files over 1 MB are not.");
	if (state->health.clock_is_late)
		return STR(
			"The clock has not run for more than 10 beats. Nothing climbs until it runs again.");
	struct str ago = wording_elapsed(arena, request->now - state->health.last_turn);
	return arena_format(arena, "Everything works. The newest entry is %.*s old.", STR_ARG(ago));
}

static void add_row(struct arena *arena, struct json *rows, const char *label, struct str text,
                    bool is_wrong)
{
	struct json *row = json_object(arena);
	json_put_text(arena, row, STR("label"), str_from_c(label));
	json_put_text(arena, row, STR("text"), text);
	json_put_bool(arena, row, STR("is_wrong"), is_wrong);
	json_push(rows, row);
}

/* "12 hours ago"; what is missing says what to do. */
static void add_done(struct web_request *request, const struct state *state, struct json *rows,
                     const char *label, enum casebook_upkeep_sort sort, int64_t old,
                     const char *remedy)
{
	struct arena *arena = request->arena;
	const struct casebook_upkeep *upkeep = &state->upkeep;
	int64_t age = upkeep->now - upkeep->at[sort];
	if (!upkeep->at[sort]) {
		add_row(arena, rows, label, arena_format(arena, "Never. %s", remedy),
		        !state->is_drill);
		return;
	}
	bool is_old = age > old && !state->is_drill;
	struct str when = wording_instant(arena, page_zone(request), upkeep->at[sort]);
	const char *found = sort == CASEBOOK_BACKED_UP ? ""
	                    : upkeep->is_good[sort]    ? ", and it fitted its own proof"
	                                               : ", and it did not fit its own proof";
	add_row(arena, rows, label,
	        arena_format(arena, "%.*s (%.*s ago)%s.%s%s", STR_ARG(when),
	                     STR_ARG(wording_elapsed(arena, age > 0 ? age : 0)), found,
	                     is_old ? " " : "", is_old ? remedy : ""),
	        is_old || !upkeep->is_good[sort]);
}

static void add_shares(struct arena *arena, struct json *rows, const struct state *state)
{
	const struct casebook_upkeep *upkeep = &state->upkeep;
	bool is_enough =
		upkeep->shares_needed > 0 && upkeep->shares_confirmed >= upkeep->shares_needed;
	struct str text =
		upkeep->shares_needed == 0
			? STR("None were made. A lost disk would lose every record. Run: candour key "
	                      "split DIR 3/5")
			: arena_format(arena, "%d of %d were read back; %d rebuild the key.",
	                               upkeep->shares_confirmed, upkeep->shares_made,
	                               upkeep->shares_needed);
	if (upkeep->shares_needed > 0 && !is_enough)
		text = arena_format(
			arena,
			"%.*s Fewer than %d shares confirmed: a lost password could lose "
			"every record. Run: candour key confirm DIR",
			STR_ARG(text), upkeep->shares_needed);
	add_row(arena, rows, "Key shares", text, !is_enough && !state->is_drill);
}

static struct str disk_text(struct arena *arena, int64_t bytes)
{
	int64_t mb = bytes / 1000000;
	struct str n = wording_number(arena, mb >= 10000 ? mb / 1000 : mb);
	return arena_format(arena, "%.*s %s", STR_ARG(n), mb >= 10000 ? "GB" : "MB");
}

static void add_upkeep(struct web_request *request, const struct state *state, struct json *rows)
{
	add_done(request, state, rows, "Last backup", CASEBOOK_BACKED_UP, BACKUP_OLD,
	         "Run: candour backup DIR TO");
	add_done(request, state, rows, "Last time a backup was restored", CASEBOOK_RESTORED,
	         RESTORE_OLD, "Try one: candour restore TO ELSEWHERE --trial-of DIR");
	add_done(request, state, rows, "Last verify", CASEBOOK_VERIFIED, VERIFY_OLD,
	         "Run: candour verify DIR");
	add_shares(request->arena, rows, state);
}

static struct str silent_text(struct web_request *request, const struct casebook_witnesses *all)
{
	struct str since = all->quorum_size > 0 ? wording_near(request->arena, page_zone(request),
	                                                       all->quorum_at, request->now)
	                                        : STR("they were asked, or for a long time");
	return arena_format(
		request->arena,
		"Entries are safe. Outside witnesses have not signed since %.*s. Receipts "
		"carry a dated promise until they do",
		STR_ARG(since));
}

/* What is published without its quorum is told: its receipts are promises still. */
static void add_witnesses(struct web_request *request, const struct state *state, struct json *rows)
{
	struct arena *arena = request->arena;
	const struct casebook_witnesses *all = &state->witnesses;
	bool is_met =
		!state->is_forked && all->quorum_size >= 0 && all->quorum_size == all->published;
	if (state->is_forked)
		add_row(arena, rows, "History",
		        STR("This log signed another history, or a longer one, than is here: DIR/evidence proves "
		            "it. Put the newest database back"),
		        true);
	if (!all->asks) {
		add_row(arena, rows, "Outside witnesses",
		        STR("None is asked to countersign this register. Ask another organisation, then run: "
		            "candour log witness add DIR"),
		        !state->is_drill);
		return;
	}
	add_row(arena, rows, "Outside witnesses",
	        is_met             ? STR("All that is published has its quorum")
	        : state->is_forked ? STR("What they signed is not what is published here")
	                           : silent_text(request, all),
	        !is_met);
	for (size_t i = 0; i < all->count; i++) {
		const struct casebook_witness *one = &all->at[i];
		struct str when =
			wording_near(arena, page_zone(request), one->signed_at, request->now);
		add_row(arena, rows,
		        str_to_c(arena, arena_format(arena, "Witness %.*s", STR_ARG(one->name))),
		        one->size < 0 ? STR("Signed nothing lately")
		                      : arena_format(arena, "Signed %.*s entries, %.*s",
		                                     STR_ARG(wording_number(arena, one->size)),
		                                     STR_ARG(when)),
		        one->size < 0);
	}
}

static struct json *rows_of(struct web_request *request, const struct state *state)
{
	struct arena *arena = request->arena;
	const struct casebook_health *health = &state->health;
	struct json *rows = json_array(arena);
	const struct zone *zone = page_zone(request);
	add_row(arena, rows, "Writer",
	        arena_format(
			arena, "%.*s entries, the newest %.*s",
			STR_ARG(wording_number(arena, health->entries)),
			STR_ARG(wording_near(arena, zone, health->newest_entry, request->now))),
	        !state->may_take);
	add_row(arena, rows, "Clock",
	        health->last_beat
	                ? arena_format(arena, "Last beat %.*s",
	                               STR_ARG(wording_near(arena, zone, health->last_beat,
	                                                    request->now)))
	                : STR("It has not run yet"),
	        health->clock_is_late);
	add_row(arena, rows, "Duties",
	        arena_format(arena, "%" PRId64 " open, %" PRId64 " late", health->open_duties,
	                     health->late_duties),
	        false);
	add_row(arena, rows, "Readings not yet sealed into the log",
	        wording_number(arena, health->unsealed_readings), false);
	add_row(arena, rows, "Free key slots", wording_number(arena, health->free_slots),
	        health->free_slots < SLOTS_LOW);
	add_row(arena, rows, "Free disk",
	        health->free_bytes >= 0 ? disk_text(arena, health->free_bytes) : STR("Not known"),
	        state->is_disk_low);
	add_upkeep(request, state, rows);
	add_witnesses(request, state, rows);
	return rows;
}

static void put_numbers(struct arena *arena, const struct state *state, struct json *model)
{
	const struct casebook_health *health = &state->health;
	struct json *numbers = json_object(arena);
	json_put_integer(arena, numbers, STR("entries"), health->entries);
	json_put_integer(arena, numbers, STR("open_duties"), health->open_duties);
	json_put_integer(arena, numbers, STR("late_duties"), health->late_duties);
	json_put_integer(arena, numbers, STR("free_slots"), health->free_slots);
	json_put_integer(arena, numbers, STR("free_bytes"), (int64_t)health->free_bytes);
	json_put_integer(arena, numbers, STR("unsealed_readings"), health->unsealed_readings);
	static const char *const DONE[CASEBOOK_UPKEEPS] = { "last_backup", "last_restore",
		                                            "last_verify" };
	for (int i = 0; i < CASEBOOK_UPKEEPS; i++)
		json_put(numbers, str_from_c(DONE[i]),
		         state->upkeep.at[i]
		                 ? json_string(arena, instant_write(arena, state->upkeep.at[i]))
		                 : json_null(arena));
	json_put_bool(arena, numbers, STR("last_verify_fitted"),
	              state->upkeep.is_good[CASEBOOK_VERIFIED]);
	json_put_integer(arena, numbers, STR("shares_needed"), state->upkeep.shares_needed);
	json_put_integer(arena, numbers, STR("shares_made"), state->upkeep.shares_made);
	json_put_integer(arena, numbers, STR("shares_confirmed"), state->upkeep.shares_confirmed);
	json_put_integer(arena, numbers, STR("published_size"), state->witnesses.published);
	json_put_integer(arena, numbers, STR("witnesses"), (int64_t)state->witnesses.count);
	json_put_integer(arena, numbers, STR("witnessed_size"), state->witnesses.quorum_size);
	json_put(model, STR("numbers"), numbers);
}

/* Whoever has not signed in learns whether it works, and no number. */
static bool show_least(struct web_request *request, struct web_answer *answer,
                       const struct state *state, struct err *err)
{
	struct page_head head = { .page = STR("health"), .title = STR("Health of the register") };
	struct json *model = page_begin(request, &head);
	json_put_bool(request->arena, model, STR("ok"), is_well(state));
	json_put_bool(request->arena, model, STR("is_unfit"), state->is_unfit);
	return page_answer(request, answer, STR("admin/health-least"), model, err);
}

bool health_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("health"), .title = STR("Health of the register") };
	struct arena *arena = request->arena;
	struct state state;
	struct json *model;
	if (!session_gate_look(request, err) || !read_state(request, &state, err))
		return false;
	if (!is_well(&state))
		answer->status = 503;
	if (site_visit(request)->known == SITE_UNKNOWN)
		return show_least(request, answer, &state, err);
	if (!practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err))
		return false;
	json_put_bool(arena, model, STR("ok"), is_well(&state));
	json_put_text(arena, model, STR("sentence"), sentence_of(request, &state));
	json_put(model, STR("rows"), rows_of(request, &state));
	json_put(model, STR("log"), log_health_of(request, &state.witnesses));
	put_numbers(arena, &state, model);
	answer->status = 200;
	return page_answer(request, answer, STR("admin/health"), model, err);
}

bool metrics_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct state state;
	if (!read_state(request, &state, err))
		return false;
	const struct casebook_health *health = &state.health;
	const struct {
		const char *name;
		int64_t value;
	} LINES[] = {
		{ "candour_entries", health->entries },
		{ "candour_duties_open", health->open_duties },
		{ "candour_duties_late", health->late_duties },
		{ "candour_newest_entry_seconds", health->newest_entry / INSTANT_PER_SECOND },
		{ "candour_last_beat_seconds", health->last_beat / INSTANT_PER_SECOND },
		{ "candour_free_key_slots", health->free_slots },
		{ "candour_free_bytes", (int64_t)health->free_bytes },
		{ "candour_readings_unsealed", health->unsealed_readings },
		{ "candour_published_size", state.witnesses.published },
		{ "candour_witnesses", (int64_t)state.witnesses.count },
		{ "candour_witnessed_size", state.witnesses.quorum_size },
		{ "candour_takes_acts", state.may_take },
		{ "candour_is_well", is_well(&state) },
	};
	web_answer_text(answer, 200, STR(""));
	for (size_t i = 0; i < COUNT_OF(LINES); i++)
		buf_format(&answer->body, "%s %" PRId64 "\n", LINES[i].name, LINES[i].value);
	return true;
}
