/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What the register wrote, read entry by entry and kept in mind; then the files
 * that were touched, as the views have them, held against what is in mind: L4,
 * L5, L6, L10.
 */
#include "cli/years_world.h"

#include <stdlib.h>

#define TEXT_BYTES ((size_t)1 << 20)
#define OF_BUILT_IN (-2)
#define OF_ALL 100
#define JUST_CLOSED 24
#define LOOKS_FOR_ALL 64
#define EXACT INSTANT_PER_MINUTE /* between a rung's moment and its entry */

/* --- files ------------------------------------------------------------------------------------ */

int years_file_of(const struct years *years, int64_t n)
{
	return n >= 0 && (size_t)n < years->by_n_room ? years->by_n[n] - 1 : -1;
}

struct years_duty *years_duty_find(struct years_file *file, int64_t id)
{
	size_t low = 0, high = file->duty_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (file->duties[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < file->duty_count && file->duties[low].id == id ? &file->duties[low] : NULL;
}

static bool no_room(struct years *years)
{
	return err_set(&years->err, ERR_UNABLE, "There is no memory to simulate");
}

static size_t slot_of(const struct years *years, struct str id)
{
	uint64_t hash = 14695981039346656037u;
	for (size_t i = 0; i < id.n; i++)
		hash = (hash ^ (unsigned char)id.p[i]) * 1099511628211u;
	size_t at = hash & (years->by_id_room - 1);
	while (years->by_id[at] && !str_eq(years->files[years->by_id[at] - 1].id, id))
		at = (at + 1) & (years->by_id_room - 1);
	return at;
}

int years_file_named(const struct years *years, struct str id)
{
	return years->by_id_room ? years->by_id[slot_of(years, id)] - 1 : -1;
}

/* At most half of the slots are taken. */
static bool name_file(struct years *years, int at)
{
	if (years->file_count * 2 > years->by_id_room) {
		size_t room = years->by_id_room ? years->by_id_room * 2 : 1024;
		int *grown = calloc(room, sizeof *grown);
		if (!grown)
			return false;
		free(years->by_id);
		years->by_id = grown;
		years->by_id_room = room;
		for (int i = 0; i < at; i++)
			grown[slot_of(years, years->files[i].id)] = i + 1;
	}
	years->by_id[slot_of(years, years->files[at].id)] = at + 1;
	return true;
}

/* *at: its number; below 0 for the register's and the offices' own. */
static bool know_file(struct years *years, struct casebook_reader *reader, int64_t n, int *at)
{
	struct casebook_file file;
	*at = years_file_of(years, n);
	if (*at != -1)
		return true;
	while ((size_t)n >= years->by_n_room) {
		int *grown =
			years_grow(years->by_n, years->by_n_room, &years->by_n_room, sizeof *grown);
		if (!grown)
			return no_room(years);
		years->by_n = grown;
	}
	if (!casebook_file_get(reader, years->arena, n, &file, &years->err))
		return years_broken(years, "L1: file %" PRId64 " is gone: %s", n,
		                    years->err.message);
	if (!file.type || file.type->is_built_in) {
		*at = OF_BUILT_IN;
		years->by_n[n] = OF_BUILT_IN + 1;
		return true;
	}
	struct years_file *grown =
		years_grow(years->files, years->file_count, &years->file_room, sizeof *grown);
	if (!grown)
		return no_room(years);
	years->files = grown;
	*at = (int)years->file_count;
	grown[years->file_count++] = (struct years_file){ .n = n,
		                                          .id = arena_copy(years->forever, file.id),
		                                          .type = file.type,
		                                          .state = file.state,
		                                          .child = -1 };
	years->by_n[n] = *at + 1;
	return name_file(years, *at) || no_room(years);
}

static bool touch(struct years *years, int at)
{
	if (at < 0 || years->files[at].is_dirty)
		return true;
	int *grown =
		years_grow(years->dirty, years->dirty_count, &years->dirty_room, sizeof *grown);
	if (!grown)
		return no_room(years);
	years->dirty = grown;
	years->files[at].is_dirty = true;
	grown[years->dirty_count++] = at;
	return true;
}

static bool touch_linked(struct years *years, int at)
{
	for (size_t i = 0; i < years->files[at].link_count; i++) {
		if (!touch(years, years->files[at].links[i].other))
			return false;
	}
	return true;
}

/* --- links, as the entries say ---------------------------------------------------------------- */

static bool add_link(struct years *years, int at, struct years_link link)
{
	struct years_file *file = &years->files[at];
	for (size_t i = 0; i < file->link_count; i++) {
		struct years_link *known = &file->links[i];
		if (known->relation == link.relation && known->other == link.other &&
		    known->is_from == link.is_from && known->removed < 0)
			return true;
	}
	struct years_link *grown =
		years_grow(file->links, file->link_count, &file->link_room, sizeof *grown);
	if (!grown)
		return no_room(years);
	file->links = grown;
	grown[file->link_count++] = link;
	return true;
}

static void drop_link(struct years_file *file, const struct pack_relation *relation, int other,
                      int64_t entry)
{
	for (size_t i = 0; i < file->link_count; i++) {
		struct years_link *link = &file->links[i];
		if (link->relation == relation && link->other == other && link->removed < 0)
			link->removed = entry;
	}
}

static bool join(struct years *years, const struct years_entry *entry,
                 const struct pack_relation *relation, struct str id, bool is_taken_away)
{
	int other = years_file_named(years, id);
	if (other < 0 || entry->file < 0)
		return true;
	bool is_from = relation->from >> years->files[entry->file].type->number & 1 &&
	               relation->to >> years->files[other].type->number & 1;
	if (is_taken_away) {
		drop_link(&years->files[entry->file], relation, other, entry->index);
		drop_link(&years->files[other], relation, entry->file, entry->index);
	} else if (!add_link(years, entry->file,
	                     (struct years_link){ relation, other, is_from, entry->index, -1 }) ||
	           !add_link(years, other,
	                     (struct years_link){ relation, entry->file, !is_from, entry->index,
	                                          -1 })) {
		return false;
	}
	return touch(years, other);
}

static bool join_all(struct years *years, const struct years_entry *entry, const struct json *plain,
                     const struct pack_link *links, size_t count, bool is_taken_away)
{
	for (size_t i = 0; i < count; i++) {
		const struct json *value = json_member(plain, links[i].field);
		const struct json *item = value && value->type == JSON_ARRAY ? value->first : value;
		for (; item; item = item == value ? NULL : item->next) {
			if (!join(years, entry, links[i].relation, item->string, is_taken_away))
				return false;
		}
	}
	return true;
}

/* --- entries ---------------------------------------------------------------------------------- */

/* L10: what is sealed stands in no plain text, by its name nor by its mark. */
static bool check_plain(struct years *years, const struct casebook_entry *entry, struct str text)
{
	for (const struct json *at = entry->plain ? entry->plain->first : NULL; at; at = at->next) {
		const struct pack_field *field =
			entry->rules ? pack_field_find(entry->rules, at->key) : NULL;
		if (field && (field->is_sealed || field->is_protected))
			return years_broken(
				years, "L10: \"%.*s\" of entry %" PRId64 " stands in plain text",
				STR_ARG(at->key), entry->index);
	}
	if (str_find_str(text, STR(YEARS_MARK)) != text.n)
		return years_broken(years,
		                    "L10: sealed words stand in the plain text of entry %" PRId64,
		                    entry->index);
	years->report->checked[YEARS_L10]++;
	return true;
}

static void count_entry(struct years *years, const struct casebook_entry *entry)
{
	struct years_report *report = years->report;
	if (entry->by != CASEBOOK_BY_REGISTER)
		years_count_kind(report->kinds, entry->kind);
	if (str_eq(entry->kind, STR("pattern.found")))
		simulate_count(report->patterns, json_text(entry->plain, STR("pattern")), 1);
	if (str_eq(entry->kind, STR("duty.climbed"))) {
		int64_t rung = json_number(entry->plain, STR("rung"), 0);
		report->climbed[rung < 1 || rung > YEARS_RUNGS ? 0 : rung]++;
	}
}

static bool keep_on_file(struct years *years, int at, size_t number)
{
	struct years_file *file = &years->files[at];
	int *grown = years_grow(file->entries, file->entry_count, &file->entry_room, sizeof *grown);
	if (!grown)
		return no_room(years);
	file->entries = grown;
	grown[file->entry_count++] = (int)number;
	return touch(years, at);
}

/* What it does on files that are linked to its own. */
static bool reaches_out(const struct pack_kind *kind)
{
	bool reaches = false;
	for (size_t i = 0; i < kind->open_count; i++)
		reaches = reaches || kind->opens[i].on;
	for (size_t i = 0; i < kind->settle_count; i++)
		reaches = reaches || kind->settles[i].on;
	return reaches;
}

/* Where the entry leads its file. */
static void lead(struct years_file *file, struct years_entry *entry, const struct json *plain)
{
	if (entry->kind) {
		int target = pack_kind_target(entry->kind, file->type, file->reckoned, plain);
		if (target >= 0)
			file->reckoned = target;
	}
	entry->state = file->reckoned;
}

static bool keep_entry(struct years *years, struct casebook_reader *reader,
                       const struct casebook_entry *entry)
{
	struct buf text;
	int file;
	if (!know_file(years, reader, entry->file, &file))
		return false;
	struct years_entry *grown =
		years_grow(years->entries, years->entry_count, &years->entry_room, sizeof *grown);
	if (!grown)
		return no_room(years);
	years->entries = grown;
	struct years_entry *kept = &grown[years->entry_count++];
	buf_init(&text, TEXT_BYTES);
	struct err ignored = { 0 };
	if (!json_write_canonical(&text, entry->plain, &ignored))
		buf_clear(&text);
	const struct years_office *office =
		years->offices ? years_office(years, entry->office) : NULL;
	*kept = (struct years_entry){ .index = entry->index,
		                      .kind = entry->rules,
		                      .file = file,
		                      .happened = entry->happened,
		                      .recorded = entry->recorded,
		                      .by = entry->by,
		                      .account = arena_copy(years->forever, entry->account),
		                      .office = office ? office->id
		                                       : arena_copy(years->forever, entry->office),
		                      .text = arena_copy(years->forever, buf_str(&text)),
		                      .waited = json_number(entry->plain, STR("waited"), -1) };
	buf_finish(&text);
	hasher_add(years->hasher, entry->kind);
	/* The mark of a return code is cut from the act whole, words too. */
	if (!json_member(entry->plain, STR("return")))
		hasher_add(years->hasher, kept->text);
	count_entry(years, entry);
	if (!check_plain(years, entry, kept->text))
		return false;
	if (file < 0)
		return true;
	lead(&years->files[file], kept, entry->plain);
	return keep_on_file(years, file, years->entry_count - 1) &&
	       (!entry->rules || (join_all(years, kept, entry->plain, entry->rules->unlinks,
	                                   entry->rules->unlink_count, true) &&
	                          join_all(years, kept, entry->plain, entry->rules->links,
	                                   entry->rules->link_count, false) &&
	                          (!reaches_out(entry->rules) || touch_linked(years, file))));
}

/* --- duties ----------------------------------------------------------------------------------- */

static bool plan_rungs(struct years *years, struct years_duty *duty, int at,
                       const struct casebook_duty *owed)
{
	const struct pack_ladder *ladder = pack_ladder_find(years->pack, owed->ladder);
	struct pack_due due = { .due = owed->due,
		                .last_day = owed->last_day,
		                .sure = owed->is_provisional ? PACK_DUE_PROVISIONAL
		                                             : PACK_DUE_FIXED };
	if (!ladder)
		return (owed->rules && owed->rules->is_built_in) ||
		       years_broken(years, "L5: duty %.*s has no ladder", STR_ARG(owed->name));
	if (!ladder->count || ladder->count > YEARS_RUNGS ||
	    ladder->rungs[ladder->count - 1].place != PACK_OUTSIDE)
		return years_broken(years, "L5: ladder %.*s does not end outside",
		                    STR_ARG(ladder->name));
	duty->rung_count = ladder->count;
	for (size_t i = 0; i < ladder->count; i++) {
		if (!pack_due_rung(years->pack->calendar, &due, &ladder->rungs[i].after,
		                   &duty->rungs[i], &years->err))
			return false;
	}
	return years_plan_rung(
		years, (struct years_event){ .at = duty->rungs[0], .what = at, .which = duty->id });
}

/* When whoever owes it means to do it; most in time, some late, some never. */
static bool plan_owed(struct years *years, struct years_duty *duty, int at)
{
	const struct years_manner *manner = years->manner;
	uint64_t what = years_below(years, OF_ALL);
	instant room = duty->due - years->now, when;
	if (room < INSTANT_PER_HOUR)
		room = 2 * INSTANT_PER_DAY;
	if (what >= manner->in_time + manner->late + manner->very_late)
		return true;
	room = room / OF_ALL * (int64_t)manner->share;
	if (what < manner->in_time)
		when = years->now +
		       (int64_t)years_below(years, (uint64_t)(room / INSTANT_PER_MINUTE)) *
		               INSTANT_PER_MINUTE;
	else if (what < manner->in_time + manner->late)
		when = duty->due + (int64_t)years_below(years, 6 * 24) * INSTANT_PER_HOUR;
	else
		when = duty->due + (int64_t)(10 + years_below(years, 40)) * INSTANT_PER_DAY;
	when = years_in_hours(years, when, what < manner->in_time ? duty->due : INT64_MAX);
	return years_plan_duty(years, duty, at, when);
}

/* A refusal opens nothing and settles nothing. */
static bool is_refusal(const struct years *years, int64_t index)
{
	if (index < 0 || (size_t)index >= years->entry_count || !years->entries[index].kind)
		return false;
	struct str kind = years->entries[index].kind->name;
	return str_eq(kind, STR("act.refused")) || str_eq(kind, STR("gate.refused"));
}

static bool new_duty(struct years *years, int at, const struct casebook_duty *owed)
{
	struct years_file *file = &years->files[at];
	struct years_duty *grown =
		years_grow(file->duties, file->duty_count, &file->duty_room, sizeof *grown);
	if (!grown)
		return no_room(years);
	file->duties = grown;
	if (!owed->rules)
		return years_broken(years, "L4: duty %.*s is of no rule", STR_ARG(owed->name));
	if (is_refusal(years, owed->opened))
		return years_broken(years, "L7: the refusal %" PRId64 " opened %.*s", owed->opened,
		                    STR_ARG(owed->name));
	size_t place = file->duty_count++;
	for (; place > 0 && grown[place - 1].id > owed->id; place--)
		grown[place] = grown[place - 1];
	grown[place] = (struct years_duty){ .id = owed->id,
		                            .rule = owed->rules,
		                            .due = owed->due,
		                            .opened = owed->opened,
		                            .opened_at = owed->opened_at,
		                            .closed = -1,
		                            .name = arena_copy(years->forever, owed->name) };
	years->report->opened++;
	return plan_rungs(years, &grown[place], at, owed) &&
	       (!owed->is_open || plan_owed(years, &grown[place], at));
}

/* L6 of what is known already, and what became of it. */
static bool know_duty(struct years *years, struct years_duty *duty,
                      const struct casebook_duty *owed)
{
	struct years_report *report = years->report;
	if (duty->due != owed->due)
		return years_broken(years, "L6: the due time of %.*s moved", STR_ARG(owed->name));
	if (owed->is_late !=
	            (owed->is_open ? owed->due <= years->now : owed->closed_at >= owed->due) &&
	    !owed->was_ended)
		return years_broken(years, "L6: %.*s is said to be %s, and is not",
		                    STR_ARG(owed->name), owed->is_late ? "late" : "in time");
	if (owed->agreed && (!owed->rules->is_extendable || owed->class == PACK_STATUTE))
		return years_broken(years, "L6: %.*s was put off, and cannot be",
		                    STR_ARG(owed->name));
	report->checked[YEARS_L6]++;
	const struct years_office *office = years_office(years, owed->office);
	if (!office)
		return years_broken(years, "L4: duty %.*s is owed by nobody", STR_ARG(owed->name));
	duty->office = office->id;
	duty->rung = owed->rung;
	if (owed->is_open && duty->closed >= 0)
		return years_broken(years, "L6: %.*s was done, and is owed again",
		                    STR_ARG(owed->name));
	if (owed->is_open || duty->closed >= 0)
		return true;
	duty->closed = owed->closed;
	duty->closed_at = owed->closed_at;
	duty->was_ended = owed->was_ended;
	report->moot += owed->was_ended;
	report->late += !owed->was_ended && owed->is_late;
	report->in_time += !owed->was_ended && !owed->is_late;
	return !is_refusal(years, owed->closed) ||
	       years_broken(years, "L7: the refusal %" PRId64 " settled %.*s", owed->closed,
	                    STR_ARG(owed->name));
}

/* The entry by which the file came to the state it is in. */
static int64_t since_when(const struct years *years, const struct years_file *file)
{
	int64_t since = -1;
	for (size_t i = file->entry_count; i > 0; i--) {
		const struct years_entry *entry = &years->entries[file->entries[i - 1]];
		if (entry->state != file->reckoned)
			break;
		since = entry->index;
	}
	return since;
}

static bool can_be_done(const struct years *years, const struct years_file *file,
                        const struct years_duty *duty)
{
	const struct years_ways *ways = &years->settlers[duty->rule->number];
	for (size_t i = 0; i < ways->count; i++) {
		if (ways->at[i].settle->on || years_may_be_made(ways->at[i].kind, file))
			return true;
	}
	return duty->rule == years->pack->broken_duty;
}

/* At its end nothing is owed but what came after it, and that can be done there. */
static bool check_ended(struct years *years, const struct years_file *file,
                        const struct years_duty *duty)
{
	if (duty->rule != years->pack->broken_duty && duty->opened < since_when(years, file))
		return years_broken(years, "L4: %.*s %.*s ended while it owed %.*s",
		                    STR_ARG(file->type->name), STR_ARG(file->id),
		                    STR_ARG(duty->rule->name));
	return can_be_done(years, file, duty) ||
	       years_broken(years, "L4: %.*s %.*s has ended and owes %.*s, which nobody can do",
	                    STR_ARG(file->type->name), STR_ARG(file->id),
	                    STR_ARG(duty->rule->name));
}

static bool check_owing(struct years *years, const struct years_file *file)
{
	size_t open = 0;
	for (size_t i = 0; i < file->duty_count; i++) {
		const struct years_duty *duty = &file->duties[i];
		if (duty->closed >= 0 || duty->rule->is_built_in)
			continue;
		open++;
		if (file->is_final && !check_ended(years, file, duty))
			return false;
	}
	if (!file->is_final && !open)
		return years_broken(years, "L4: %.*s %.*s is open and owes nothing",
		                    STR_ARG(file->type->name), STR_ARG(file->id));
	years->report->checked[YEARS_L4] += !file->is_final;
	return true;
}

/* Open ones come first, then the newest closed: behind one that was closed before, all were. */
static bool is_up_to_date(struct years *years, int at, const struct casebook_duty_list *duties)
{
	if (!duties->more)
		return true;
	const struct casebook_duty *last = &duties->at[duties->count - 1];
	const struct years_duty *known = years_duty_find(&years->files[at], last->id);
	return !last->is_open && known && known->closed >= 0;
}

/* All that is owed or was, now and then and at the end; else what changed since. */
static bool read_duties(struct years *years, struct casebook_reader *reader, int at,
                        const struct casebook_file *view, struct casebook_duty_list *out)
{
	size_t limit = (size_t)view->open_duties + JUST_CLOSED;
	if (years->is_ending || years->files[at].looks++ % LOOKS_FOR_ALL == 0)
		limit = YEARS_DUTIES_MAX;
	for (;; limit *= 2) {
		if (limit > YEARS_DUTIES_MAX)
			limit = YEARS_DUTIES_MAX;
		if (!casebook_duties_of_file(reader, years->arena, view->n, limit, out,
		                             &years->err))
			return false;
		if (limit == YEARS_DUTIES_MAX || is_up_to_date(years, at, out))
			return true;
	}
}

static bool refresh(struct years *years, struct casebook_reader *reader, int at)
{
	struct casebook_duty_list duties;
	struct casebook_file view;
	if (!casebook_file_get(reader, years->arena, years->files[at].n, &view, &years->err) ||
	    !read_duties(years, reader, at, &view, &duties))
		return years_broken(years, "L4: what is owed on a file cannot be read: %s",
		                    years->err.message);
	years->files[at].is_dirty = false;
	years->files[at].state = view.state;
	years->files[at].is_final = view.type->final >> view.state & 1;
	if (view.state != years->files[at].reckoned)
		return years_broken(years, "L2: %.*s is \"%.*s\", and its entries say \"%.*s\"",
		                    STR_ARG(view.number), STR_ARG(view.state_name),
		                    STR_ARG(view.type->states[years->files[at].reckoned]));
	for (size_t i = 0; i < duties.count; i++) {
		const struct casebook_duty *owed = &duties.at[i];
		if (!years_duty_find(&years->files[at], owed->id) && !new_duty(years, at, owed))
			return false;
		if (!know_duty(years, years_duty_find(&years->files[at], owed->id), owed))
			return false;
	}
	if (!duties.more && duties.count != years->files[at].duty_count)
		return years_broken(years, "L4: of %.*s %.*s something that was owed is gone",
		                    STR_ARG(view.type->name), STR_ARG(view.number));
	return check_owing(years, &years->files[at]);
}

/* --- ladders ---------------------------------------------------------------------------------- */

/* A rung is told at its own moment, or when the duty began if that was later. */
static bool check_moment(struct years *years, const struct years_entry *entry)
{
	const struct json *plain;
	struct str name;
	if (entry->file < 0 || !entry->kind || !str_eq(entry->kind->name, STR("duty.climbed")))
		return true;
	if (!json_read_own(years->arena, entry->text, 8, &plain, &years->err))
		return false;
	struct years_file *file = &years->files[entry->file];
	int64_t rung = json_number(plain, STR("rung"), 0);
	name = json_text(plain, STR("duty"));
	for (size_t i = file->duty_count; i > 0; i--) {
		struct years_duty *duty = &file->duties[i - 1];
		if (!str_eq(duty->name, name))
			continue;
		if (rung <= duty->climbed || (size_t)rung > duty->rung_count)
			return years_broken(years, "L5: %.*s climbed to a rung that is not next",
			                    STR_ARG(name));
		/* A rung that tells nobody brings the next one forward to its own time. */
		instant from = duty->rungs[duty->climbed];
		bool is_late_born = from <= years->entries[duty->opened].recorded;
		duty->climbed = (int)rung;
		if (entry->recorded < from)
			return years_broken(years, "L5: %.*s climbed too soon", STR_ARG(name));
		if (!is_late_born && entry->recorded > from + EXACT)
			return years_broken(years, "L5: %.*s climbed too late", STR_ARG(name));
		return true;
	}
	return years_broken(years, "L5: entry %" PRId64 " climbs a duty that is none",
	                    entry->index);
}

static bool is_told_outside(struct years *years, const struct years_duty *duty, bool *is_told)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	const struct years_office *owner = years_office(years, duty->office);
	const struct casebook_told *told;
	size_t count;
	*is_told = false;
	if (!casebook_reader_take(years->book, &reader, &years->err) ||
	    !casebook_duty_told(reader, years->arena, duty->id, &told, &count, &years->err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct years_office *office = years_office(years, told[i].office);
		*is_told = *is_told || (office && office->role && office->role->is_outside &&
		                        !str_eq(office->account, owner->account));
	}
	return true;
}

static bool check_rung(struct years *years, const struct years_event *event)
{
	struct years_duty *duty = years_duty_find(&years->files[event->what], event->which);
	size_t rung = 0;
	bool is_told;
	while (rung < duty->rung_count && duty->rungs[rung] <= event->at)
		rung++;
	if (duty->closed >= 0 && duty->closed_at <= event->at)
		return true;
	if ((size_t)duty->rung < rung)
		return years_broken(years, "L5: a rung of %.*s is past, and nobody was told",
		                    STR_ARG(duty->name));
	years->report->checked[YEARS_L5]++;
	if (rung < duty->rung_count)
		return years_plan_rung(years, (struct years_event){ .at = duty->rungs[rung],
		                                                    .what = event->what,
		                                                    .which = event->which });
	if (!is_told_outside(years, duty, &is_told))
		return false;
	years->report->outside += is_told;
	years->report->checked[YEARS_OUT]++;
	return is_told ||
	       years_broken(years, "L5: %.*s is past its last rung, and nobody outside was told",
	                    STR_ARG(duty->name));
}

bool years_check_rungs(struct years *years)
{
	struct years_event event;
	while (years_next(years->rungs, &years->rung_count, years->now, &event)) {
		if (!check_rung(years, &event))
			return false;
	}
	return true;
}

/* --- all -------------------------------------------------------------------------------------- */

static bool read_new(struct years *years, struct casebook_reader *reader)
{
	struct casebook_entry entry;
	struct err err = { 0 };
	while (casebook_entry_get(reader, years->arena, years->seen, &entry, &err)) {
		years->seen++;
		if (!keep_entry(years, reader, &entry))
			return false;
	}
	years->report->entries = years->seen;
	return err.code == ERR_ABSENT ||
	       years_broken(years, "L2: entry %" PRId64 ": %s", years->seen, err.message);
}

bool years_see_all(struct years *years)
{
	for (size_t i = 0; i < years->file_count; i++) {
		if (!touch(years, (int)i))
			return false;
	}
	years->is_ending = true;
	return years_see(years) && years_check_rungs(years);
}

bool years_see(struct years *years)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	size_t before = years->entry_count;
	if (!casebook_reader_take(years->book, &reader, &years->err) || !read_new(years, reader))
		return false;
	for (size_t i = 0; i < years->dirty_count; i++) {
		if (!refresh(years, reader, years->dirty[i]))
			return false;
	}
	years->dirty_count = 0;
	for (size_t i = before; i < years->entry_count; i++) {
		if (!check_moment(years, &years->entries[i]) ||
		    !years_judge(years, &years->entries[i]))
			return false;
	}
	return true;
}
