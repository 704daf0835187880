/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What may not be, tried: each must be refused, or is bad input, whatever the pack says. */
#include "cli/years_world.h"

#define TRIES 12

/* Fills in what it can; false: it fits nothing today. */
typedef bool wrong(struct years *years, struct years_file *file, struct casebook_act *act,
                   struct years_sent *sent);

static bool serves(const struct years *years, const struct pack_office *office,
                   const struct pack_office *role)
{
	(void)years;
	for (size_t i = 0; i < role->deputy_count; i++) {
		if (role->deputies[i] == office)
			return true;
	}
	return role == office;
}

static bool owes_anything(const struct years_file *file, const struct years_office *office)
{
	for (size_t i = 0; i < file->duty_count; i++) {
		if (str_eq(file->duties[i].office, office->id))
			return true;
	}
	return false;
}

/* No line of `by` means the office, nor could while another is vacant. */
static bool may_never(const struct years *years, const struct pack_kind *kind,
                      const struct years_file *file, const struct years_office *office)
{
	const struct years_entry *first =
		file->entry_count ? &years->entries[file->entries[0]] : NULL;
	for (size_t i = 0; i < kind->by_count; i++) {
		const struct pack_by *by = &kind->by[i];
		if (by->sort == PACK_BY_ANYONE ||
		    (by->sort == PACK_BY_ROLE && serves(years, office->role, by->role)) ||
		    (by->sort == PACK_BY_FIRST_ACCOUNT &&
		     (!first || str_eq(first->account, office->account))))
			return false;
		/* Who owes, or stands above whoever does. */
		if (by->sort == PACK_BY_OWNER)
			return false;
	}
	return !owes_anything(file, office);
}

static const struct pack_kind *any_kind(struct years *years, const struct years_file *file,
                                        bool can_be_made)
{
	for (int i = 0; i < TRIES; i++) {
		const struct pack_kind *kind =
			&years->pack->kinds[years_below(years, years->pack->kind_count)];
		if (!kind->is_built_in && !kind->retired.p && !kind->may_begin &&
		    years_by_person(kind) && (kind->file_types >> file->type->number & 1) &&
		    (!can_be_made || years_may_be_made(kind, file)))
			return kind;
	}
	return NULL;
}

static struct years_office *any_held(struct years *years)
{
	for (int i = 0; i < TRIES; i++) {
		struct years_office *office =
			&years->offices[years_below(years, years->pack->office_count)];
		if (office->role && office->is_held)
			return office;
	}
	return NULL;
}

static struct casebook_actor sits(const struct years_office *office)
{
	return (struct casebook_actor){ .by = CASEBOOK_BY_OFFICE,
		                        .account = office->account,
		                        .office = office->id,
		                        .is_proved = true };
}

static bool filled(struct years *years, const struct pack_kind *kind, struct years_file *file,
                   struct casebook_act *act)
{
	act->kind = kind->name;
	act->fields = years_fill(years, kind, file, file->child, NULL, 0);
	return act->fields != NULL;
}

/* --- who may not ------------------------------------------------------------------------------ */

static bool by_another_office(struct years *years, struct years_file *file,
                              struct casebook_act *act, struct years_sent *sent)
{
	const struct pack_kind *kind = any_kind(years, file, true);
	struct years_office *office = any_held(years);
	sent->sort = "by an office that may not";
	if (!kind || !office || !may_never(years, kind, file, office))
		return false;
	act->actor = sits(office);
	return filled(years, kind, file, act);
}

static bool by_a_stranger(struct years *years, struct years_file *file, struct casebook_act *act,
                          struct years_sent *sent)
{
	const struct pack_kind *kind = any_kind(years, file, true);
	struct years_office *office = any_held(years), *other = any_held(years);
	sent->sort = "in an office of somebody else";
	if (!kind || !office || !other || office == other)
		return false;
	act->actor = sits(office);
	act->actor.account = other->account;
	return filled(years, kind, file, act);
}

static bool by_anybody(struct years *years, struct years_file *file, struct casebook_act *act,
                       struct years_sent *sent)
{
	const struct pack_kind *kind = any_kind(years, file, true);
	sent->sort = "by the public, without a code";
	act->actor = (struct casebook_actor){ .by = CASEBOOK_BY_PUBLIC };
	return kind && filled(years, kind, file, act);
}

/* --- where it may not ------------------------------------------------------------------------- */

static bool in_another_state(struct years *years, struct years_file *file, struct casebook_act *act,
                             struct years_sent *sent)
{
	const struct pack_kind *kind = any_kind(years, file, false);
	sent->sort = "in a state in which it cannot be";
	return kind && !years_may_be_made(kind, file) &&
	       years_actor(years, kind, file, STR_NONE, &act->actor) &&
	       filled(years, kind, file, act);
}

static bool begun_on_a_file(struct years *years, struct years_file *file, struct casebook_act *act,
                            struct years_sent *sent)
{
	const struct pack_kind *kind = years->beginners[years_below(years, years->beginner_count)];
	sent->sort = "begins a file, on one that is there";
	if (!years_actor(years, kind, NULL, STR_NONE, &act->actor))
		return false;
	return filled(years, kind, file, act);
}

static bool on_another_type(struct years *years, struct years_file *file, struct casebook_act *act,
                            struct years_sent *sent)
{
	const struct pack_kind *kind =
		&years->pack->kinds[years_below(years, years->pack->kind_count)];
	sent->sort = "on another type of file";
	if (kind->is_built_in || kind->retired.p || kind->may_begin ||
	    (kind->file_types >> file->type->number & 1) || !years_by_person(kind) ||
	    !years_actor(years, kind, file, STR_NONE, &act->actor))
		return false;
	return filled(years, kind, file, act);
}

/* --- what nobody may -------------------------------------------------------------------------- */

static const struct years_duty *any_open(struct years *years, const struct years_file *file)
{
	for (int i = 0; i < TRIES && file->duty_count; i++) {
		const struct years_duty *duty = &file->duties[years_below(years, file->duty_count)];
		if (duty->closed < 0)
			return duty;
	}
	return NULL;
}

static bool put_off(struct years *years, struct years_file *file, struct casebook_act *act,
                    struct years_sent *sent)
{
	const struct years_duty *duty = any_open(years, file);
	struct json *fields = json_object(years->arena);
	sent->sort = "put off by whoever owes it";
	if (!duty || !years_holder(years, years_office(years, duty->office), &act->actor) ||
	    !str_eq(act->actor.office, duty->office))
		return false;
	act->kind = STR("duty.extended");
	json_put_text(years->arena, fields, STR("duty"), duty->name);
	json_put_text(years->arena, fields, STR("until"),
	              instant_write(years->arena, duty->due + INSTANT_PER_DAY));
	json_put_text(years->arena, fields, STR("reasons"), STR(YEARS_MARK " We are busy."));
	act->fields = fields;
	return true;
}

static bool his_own_second(struct years *years, struct years_file *file, struct casebook_act *act,
                           struct years_sent *sent)
{
	const struct years_entry *waiting = NULL;
	struct json *fields = json_object(years->arena);
	const struct json *plain;
	sent->sort = "agreed to by himself";
	for (size_t i = file->entry_count; i > 0 && !waiting; i--) {
		const struct years_entry *entry = &years->entries[file->entries[i - 1]];
		waiting =
			entry->kind && str_eq(entry->kind->name, STR("act.waiting")) ? entry : NULL;
	}
	if (!waiting || !json_read_own(years->arena, waiting->text, 8, &plain, &years->err))
		return false;
	act->actor = (struct casebook_actor){ .by = CASEBOOK_BY_OFFICE,
		                              .account = json_text(plain, STR("writer")),
		                              .office = json_text(plain, STR("office")),
		                              .is_proved = true };
	act->kind = STR("second.given");
	json_put_integer(years->arena, fields, STR("of"), waiting->index);
	json_put_text(years->arena, fields, STR("answer"), STR("yes"));
	json_put_text(years->arena, fields, STR("reasons"), STR(YEARS_MARK " I agree."));
	act->fields = fields;
	return act->actor.account.n > 0;
}

static bool the_registers_own(struct years *years, struct years_file *file,
                              struct casebook_act *act, struct years_sent *sent)
{
	struct years_office *office = any_held(years);
	sent->sort = "what the register does by itself";
	for (int i = 0; i < TRIES && office; i++) {
		const struct pack_kind *kind =
			&years->pack->kinds[years_below(years, years->pack->kind_count)];
		if (years_by_person(kind) || kind->retired.p || kind->may_begin ||
		    !(kind->file_types >> file->type->number & 1))
			continue;
		act->actor = sits(office);
		return filled(years, kind, file, act);
	}
	return false;
}

static bool bad_input(struct years *years, struct years_file *file, struct casebook_act *act,
                      struct years_sent *sent)
{
	const struct pack_kind *kind = any_kind(years, file, true);
	struct json *fields = json_object(years->arena);
	sent->sort = "fields that are none";
	sent->hope = YEARS_NOTHING;
	if (!kind || !years_actor(years, kind, file, STR_NONE, &act->actor))
		return false;
	json_put_text(years->arena, fields, STR("no-such-field"), STR("x"));
	act->kind = kind->name;
	act->fields = fields;
	return true;
}

bool years_try_wrong(struct years *years)
{
	static wrong *const all[] = { by_another_office, by_a_stranger,   by_anybody,
		                      in_another_state,  begun_on_a_file, on_another_type,
		                      put_off,           his_own_second,  the_registers_own,
		                      bad_input };
	for (int i = 0; i < TRIES && years->file_count; i++) {
		struct years_file *file = &years->files[years_below(years, years->file_count)];
		struct casebook_act act = { .via = CASEBOOK_API, .file = file->id };
		struct years_sent sent = { .hope = YEARS_REFUSED,
			                   .file = (int)(file - years->files),
			                   .child = file->child };
		if (!all[years_below(years, COUNT_OF(all))](years, file, &act, &sent))
			continue;
		act.submission = arena_format(years->arena, "y%" PRId64, ++years->submissions);
		return years_add(years, &act, &sent);
	}
	return true;
}
