/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What conditions see of the record as it is remembered: entries as they came,
 * links and facts as they say, duties by when they were opened and closed.
 * Nothing is asked of the register's own views.
 */
#include "cli/years_world.h"

#define PLAIN_DEPTH 8

/* One file as the entries below `up_to` left it; those of the act itself make its links. */
struct record {
	struct years *years;
	const struct years_file *file;
	int64_t up_to;
	bool is_own;
	const struct years_entry *act;
};

static struct record *record_of(const struct pack_world *world)
{
	return world->ctx;
}

static const struct json *plain_of(struct years *years, const struct years_entry *entry)
{
	const struct json *plain = NULL;
	struct err ignored = { 0 };
	if (!json_read_own(years->arena, entry->text, PLAIN_DEPTH, &plain, &ignored))
		return NULL;
	return plain;
}

int years_state_at(const struct years *years, const struct years_file *file, int64_t up_to)
{
	for (size_t i = file->entry_count; i > 0; i--) {
		const struct years_entry *entry = &years->entries[file->entries[i - 1]];
		if (entry->index < up_to)
			return entry->state;
	}
	return 0;
}

/* --- facts ------------------------------------------------------------------------------------ */

static size_t order_of(const struct pack_fact *fact, struct str code)
{
	for (size_t i = 0; i < fact->order_count; i++) {
		if (str_eq(fact->order[i], code))
			return i + 1;
	}
	return 0;
}

static struct str value_text(struct arena *arena, const struct json *value)
{
	if (value->type == JSON_INTEGER)
		return arena_format(arena, "%" PRId64, value->integer);
	if (value->type == JSON_TRUE || value->type == JSON_FALSE)
		return value->type == JSON_TRUE ? STR("yes") : STR("no");
	return value->type == JSON_STRING ? value->string : STR_NONE;
}

static struct str kept_of(const struct pack_fact *fact, struct str kept, struct str value)
{
	bool takes = !kept.p;
	if (!value.p)
		return kept;
	if (fact->keep == PACK_KEEP_EVER)
		takes = str_eq(value, fact->value);
	else if (fact->keep == PACK_KEEP_HIGHEST)
		takes = takes || order_of(fact, value) > order_of(fact, kept);
	else if (fact->keep == PACK_KEEP_LAST)
		takes = true;
	return takes ? value : kept;
}

static struct str fact_of(const struct pack_world *world, const struct pack_fact *fact)
{
	struct record *record = record_of(world);
	struct years *years = record->years;
	struct str kept = STR_NONE;
	for (size_t i = 0; record->file && i < record->file->entry_count; i++) {
		const struct years_entry *entry = &years->entries[record->file->entries[i]];
		if (entry->index >= record->up_to)
			break;
		for (size_t s = 0; entry->kind && s < fact->from_count; s++) {
			if (!str_eq(fact->from[s].kind->name, entry->kind->name))
				continue;
			const struct json *value =
				json_member(plain_of(years, entry), fact->from[s].field);
			const struct json *item =
				value && value->type == JSON_ARRAY ? value->first : value;
			for (; item; item = item == value ? NULL : item->next)
				kept = kept_of(fact, kept, value_text(years->arena, item));
		}
	}
	return kept;
}

/* --- entries ---------------------------------------------------------------------------------- */

static bool is_among(const struct pack_kind *kind, const struct pack_kind *const *kinds,
                     size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(kinds[i]->name, kind->name))
			return true;
	}
	return count == 0;
}

static bool visit_entries(const struct pack_world *world, const struct years_file *file,
                          const struct pack_kind *const *kinds, size_t count,
                          pack_visit_entry *visit, void *ctx)
{
	struct record *record = record_of(world);
	for (size_t i = file->entry_count; i > 0; i--) {
		const struct years_entry *entry = &record->years->entries[file->entries[i - 1]];
		if (entry->index >= record->up_to || !entry->kind ||
		    !is_among(entry->kind, kinds, count))
			continue;
		struct pack_seen seen = {
			.index = entry->index,
			.kind = pack_kind_find(world->pack, entry->kind->name),
			.file = file->id,
			.happened = entry->happened,
			.recorded = entry->recorded,
			.plain = entry->text,
			.account = entry->account.n ? entry->account : STR_NONE,
			.office = entry->office.n ? entry->office : STR_NONE,
			.by_register = entry->by == CASEBOOK_BY_REGISTER,
		};
		if (seen.kind && !visit(ctx, &seen))
			return false;
	}
	return true;
}

static bool is_linked(const struct record *record, const struct years_link *link,
                      const struct pack_relation *relation)
{
	bool by_act = record->is_own && link->entry == record->up_to;
	bool is_there = (link->entry < record->up_to || by_act) &&
	                (link->removed < 0 || link->removed >= record->up_to);
	return is_there && str_eq(link->relation->name, relation->name) &&
	       &record->years->files[link->other] != record->file;
}

static bool entries_of(const struct pack_world *world, const struct pack_kind *const *kinds,
                       size_t count, const struct pack_relation *through, pack_visit_entry *visit,
                       void *ctx, struct err *err)
{
	struct record *record = record_of(world);
	(void)err;
	if (!record->file)
		return true;
	if (!through) {
		(void)visit_entries(world, record->file, kinds, count, visit, ctx);
		return true;
	}
	for (size_t i = 0; i < record->file->link_count; i++) {
		const struct years_link *link = &record->file->links[i];
		if (is_linked(record, link, through) &&
		    !visit_entries(world, &record->years->files[link->other], kinds, count, visit,
		                   ctx))
			return true;
	}
	return true;
}

/* --- duties, links, other files --------------------------------------------------------------- */

static bool duties_of(const struct pack_world *world, const struct pack_duty *rule,
                      pack_visit_duty *visit, void *ctx, struct err *err)
{
	struct record *record = record_of(world);
	(void)err;
	for (size_t i = 0; record->file && i < record->file->duty_count; i++) {
		const struct years_duty *duty = &record->file->duties[i];
		bool is_open = duty->closed < 0 || duty->closed >= record->up_to;
		struct pack_seen_duty seen = { .rule = duty->rule->name,
			                       .class = duty->rule->class,
			                       .office = duty->office,
			                       .started = duty->opened_at,
			                       .is_open = is_open,
			                       .is_late = is_open && world->now >= duty->due,
			                       .is_settled = !is_open && !duty->was_ended };
		if (duty->opened < record->up_to &&
		    (!rule || str_eq(duty->rule->name, rule->name)) && !visit(ctx, &seen))
			return true;
	}
	return true;
}

static bool links_of(const struct pack_world *world, const struct pack_relation *relation,
                     pack_visit_file *visit, void *ctx, struct err *err)
{
	struct record *record = record_of(world);
	struct years *years = record->years;
	(void)err;
	for (size_t i = 0; record->file && i < record->file->link_count; i++) {
		const struct years_link *link = &record->file->links[i];
		if (!is_linked(record, link, relation))
			continue;
		const struct years_file *other = &years->files[link->other];
		struct pack_seen_file seen = {
			.file = other->id,
			.type = pack_file_type_find(world->pack, other->type->name),
			.state = years_state_at(years, other, record->up_to),
		};
		if (seen.type && !visit(ctx, &seen))
			return true;
	}
	return true;
}

static bool file_at(const struct pack_world *world, const struct pack_seen_file *file,
                    struct pack_world *other, struct err *err)
{
	struct record *record = record_of(world);
	struct record *there = arena_alloc(record->years->arena, 1, sizeof *there);
	int at = years_file_named(record->years, file->file);
	if (!there || at < 0)
		return err_set(err, ERR_UNABLE, "A linked file is not remembered");
	*there = (struct record){ record->years, &record->years->files[at], record->up_to, false,
		                  NULL };
	*other = *world;
	other->ctx = there;
	other->type = file->type;
	other->state = years_state_at(record->years, there->file, record->up_to);
	other->kind = NULL;
	other->plain = NULL;
	return true;
}

/* Of the register's own file nothing is remembered: simulated offices write nothing there. */
static bool register_at(const struct pack_world *world, struct pack_world *other, struct err *err)
{
	static const struct years_file empty;
	struct record *record = record_of(world);
	struct record *there = arena_alloc(record->years->arena, 1, sizeof *there);
	if (!there)
		return err_set(err, ERR_UNABLE, "There is no memory to simulate");
	*there = (struct record){ record->years, &empty, record->up_to, false, NULL };
	*other = *world;
	other->ctx = there;
	other->type = world->pack->register_type;
	other->state = 0;
	other->kind = NULL;
	other->plain = NULL;
	return true;
}

/* --- offices ---------------------------------------------------------------------------------- */

static const struct pack_office *role_of(const struct pack_world *world, struct str office)
{
	return pack_office_find(world->pack, office);
}

static struct str first_office(const struct record *record)
{
	return record->file && record->file->entry_count
	               ? record->years->entries[record->file->entries[0]].office
	               : STR_NONE;
}

static const struct pack_office *step_from(const struct pack_office *office,
                                           enum pack_owner_step step)
{
	switch (step) {
	case PACK_STEP_NONE:
		return office;
	case PACK_STEP_MANAGER:
		return office->line;
	case PACK_STEP_HEAD:
		return office->agency->head;
	case PACK_STEP_CHIEF:
		return office->agency->chief;
	case PACK_STEP_INSPECTORATE:
		return office->agency->inspectorate;
	}
	return NULL;
}

static bool owner_of(const struct pack_world *world, const struct pack_owner *owner,
                     struct str *office, struct err *err)
{
	const struct pack_office *found = owner->role;
	(void)err;
	if (owner->sort == PACK_OWNER_FIRST_ENTRY)
		found = role_of(world, first_office(record_of(world)));
	else if (owner->sort == PACK_OWNER_FIELD)
		found = role_of(world, json_text(world->plain, owner->field));
	else if (owner->sort != PACK_OWNER_ROLE)
		found = role_of(world, world->office);
	for (size_t i = 0; found && i < owner->step_count; i++)
		found = step_from(found, owner->steps[i]);
	*office = found ? found->name : STR_NONE;
	return true;
}

/* Whether somebody else in that role said yes to what waited. */
static bool second_of(const struct pack_world *world, const struct pack_office *role)
{
	struct record *record = record_of(world);
	struct years *years = record->years;
	for (size_t i = 0; record->act->waited >= 0 && i < record->file->entry_count; i++) {
		const struct years_entry *entry = &years->entries[record->file->entries[i]];
		if (entry->index >= record->up_to || !entry->kind ||
		    !str_eq(entry->kind->name, STR("second.given")) ||
		    str_eq(entry->account, record->act->account))
			continue;
		const struct json *plain = plain_of(years, entry);
		if (json_number(plain, STR("of"), -1) == record->act->waited &&
		    str_eq(json_text(plain, STR("answer")), STR("yes")) &&
		    (str_eq(json_text(plain, STR("role")), role->name) ||
		     str_eq(entry->office, role->name)))
			return true;
	}
	return false;
}

static bool is_above(const struct pack_office *above, const struct pack_office *office)
{
	for (const struct pack_office *at = office->line; at; at = at->line) {
		if (at == above)
			return true;
	}
	return false;
}

static bool outside_line_of(const struct pack_world *world, struct str office, struct str other,
                            bool *is_outside, struct err *err)
{
	const struct pack_office *a = role_of(world, office), *b = role_of(world, other);
	(void)err;
	*is_outside = a && b && a != b && !is_above(a, b) && !is_above(b, a);
	return true;
}

/* Nobody moves from one office to another: whoever holds it, or nobody. */
static bool held_until(const struct pack_world *world, struct str office, instant *until,
                       struct err *err)
{
	const struct years_office *found = years_office(record_of(world)->years, office);
	(void)err;
	*until = found && found->is_held && str_eq(found->account, world->account) ? INSTANT_MAX
	                                                                           : INSTANT_MIN;
	return true;
}

/* --- one act ---------------------------------------------------------------------------------- */

bool years_show(struct years *years, const struct years_entry *entry, struct pack_world *out)
{
	static const struct pack_world_calls calls = {
		.fact = fact_of,
		.entries = entries_of,
		.duties = duties_of,
		.links = links_of,
		.at_file = file_at,
		.at_register = register_at,
		.role_of = role_of,
		.owner = owner_of,
		.second = second_of,
		.outside_line = outside_line_of,
		.held_until = held_until,
	};
	const struct years_file *file = &years->files[entry->file];
	const struct pack *rules = years->rules;
	struct record *record = arena_alloc(years->arena, 1, sizeof *record);
	if (!record)
		return err_set(&years->err, ERR_UNABLE, "There is no memory to simulate");
	*record = (struct record){ years, file, entry->index, true, entry };
	*out = (struct pack_world){
		.calls = &calls,
		.ctx = record,
		.pack = rules,
		.type = pack_file_type_find(rules, file->type->name),
		.state = years_state_at(years, file, entry->index),
		.now = entry->recorded,
		.kind = pack_kind_find(rules, entry->kind->name),
		.plain = plain_of(years, entry),
		.happened = entry->happened,
		.account = entry->account.n ? entry->account : STR_NONE,
		.office = entry->office.n ? entry->office : STR_NONE,
	};
	return true;
}
