/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a refused act still needs, and the act that supplies each of it: as a
 * link for the office that looks, with the office that owes it for others.
 */
#include "web/act_form.h"

#define ROWS_OF_ONE 6 /* ways to supply one missing thing that are shown */

struct supply {
	struct act_form *form;
	const struct casebook_possible *possible;
	size_t possible_count;
	const struct casebook_office *offices;
	size_t office_count;
	struct json *rows; /* of the missing thing at hand */
	bool is_late;      /* one of them is owed and late */
};

/* --- the need behind a sentence -------------------------------------------------------------- */

static const struct pack_need *need_of(const struct act_form *form,
                                       const struct casebook_missing *missing)
{
	const struct pack *pack = casebook_pack(site_book(form->request));
	const struct pack_gate *gate = missing->gate.n ? pack_gate_find(pack, missing->gate) : NULL;
	for (size_t i = 0; gate && i < gate->need_count; i++)
		if (str_eq(gate->needs[i].otherwise, missing->sentence))
			return &gate->needs[i];
	for (size_t i = 0; i < form->kind->need_count; i++) {
		const struct pack_need *own = form->kind->needs[i].need;
		if (own && str_eq(own->otherwise, missing->sentence))
			return own;
	}
	return NULL;
}

/* --- rows ------------------------------------------------------------------------------------ */

static bool is_possible(const struct supply *supply, const struct pack_kind *kind)
{
	for (size_t i = 0; i < supply->possible_count; i++)
		if (supply->possible[i].kind == kind)
			return supply->possible[i].is_possible;
	return false;
}

static bool is_there(const struct supply *supply, struct str text)
{
	for (const struct json *row = supply->rows->first; row; row = row->next)
		if (str_eq(json_text(row, STR("text")), text))
			return true;
	return false;
}

/* "Duty team, Team manager": the offices that may make it. */
static struct str makers(struct arena *arena, const struct pack_kind *kind)
{
	struct buf out;
	buf_init(&out, 400);
	for (size_t i = 0; i < kind->by_count; i++)
		if (kind->by[i].sort == PACK_BY_ROLE)
			buf_format(&out, "%s%.*s", buf_str(&out).n ? ", " : "",
			           STR_ARG(kind->by[i].role->title));
	struct str text = arena_copy(arena, buf_str(&out));
	buf_finish(&out);
	return text;
}

static void add_row(struct supply *supply, struct str text, struct str href, struct str office,
                    const struct casebook_duty *duty)
{
	struct arena *arena = supply->form->request->arena;
	if (!supply->rows || supply->rows->count >= ROWS_OF_ONE || is_there(supply, text))
		return;
	struct json *row = json_object(arena);
	json_put_text(arena, row, STR("text"), text);
	json_put(row, STR("href"), href.n ? json_string(arena, href) : json_null(arena));
	json_put_text(arena, row, STR("office"), office);
	json_put(row, STR("due"),
	         duty ? page_time_due(supply->form->request, duty->due) : json_null(arena));
	json_put_text(arena, row, STR("late_text"),
	              duty && duty->is_late ? json_text(page_late(supply->form->request, duty->due,
	                                                          supply->form->request->now),
	                                                STR("text"))
	                                    : STR(""));
	supply->is_late = supply->is_late || (duty && duty->is_late);
	json_push(supply->rows, row);
}

/* The path of an act, naming the duty where its form asks for one. */
static struct str path_of(const struct supply *supply, const struct pack_kind *kind,
                          const struct casebook_duty *duty)
{
	struct web_request *request = supply->form->request;
	struct str file = supply->form->file.number;
	return duty ? duty_path(request, file, kind, duty)
	            : practice_file_path(request, file, kind->name);
}

/* An open duty: its act for who may make it, its owner and time for who must wait. */
static void add_duty(struct supply *supply, const struct casebook_duty *duty)
{
	struct web_request *request = supply->form->request;
	const struct pack_kind *kind =
		duty_kind_that_settles(casebook_pack(site_book(request)), duty, NULL);
	if (kind && is_possible(supply, kind))
		add_row(supply, pack_kind_action(kind), path_of(supply, kind, duty),
		        duty->office_title, duty);
	else
		add_row(supply,
		        arena_format(request->arena, "Wait for %.*s: %.*s",
		                     STR_ARG(duty->office_title), STR_ARG(duty->title)),
		        STR(""), duty->office_title, duty);
}

static bool settles(const struct pack_kind *kind, struct str rule)
{
	for (size_t i = 0; i < kind->settle_count; i++)
		if (str_eq(kind->settles[i].duty->name, rule))
			return true;
	return false;
}

/* Whether the condition counts what this office would write. */
static bool counts(const struct supply *supply, const struct pack_supply_kind *one,
                   struct str office)
{
	struct str role = STR("");
	for (size_t i = 0; i < supply->office_count; i++)
		if (str_eq(supply->offices[i].id, office))
			role = supply->offices[i].role_name;
	for (size_t i = 0; i < one->by_count; i++)
		if (str_eq(one->by[i]->name, role))
			return true;
	return one->by_count == 0;
}

static bool add_owed(struct supply *supply, const struct pack_supply_kind *one)
{
	const struct casebook_duty_list *duties = &supply->form->duties;
	bool found = false;
	for (size_t i = 0; i < duties->count; i++) {
		const struct casebook_duty *duty = &duties->at[i];
		if (!duty->is_open || !settles(one->kind, duty->rule) ||
		    !counts(supply, one, duty->office))
			continue;
		found = true;
		add_duty(supply, duty);
	}
	return found;
}

static bool fits_file(const struct supply *supply, const struct pack_kind *kind)
{
	const struct pack_file_type *type = supply->form->file.type;
	return type && !kind->may_begin && kind->file_types >> type->number & 1;
}

/* An act that only who owes it may make: what would make somebody owe it comes first. */
static void add_openers(struct supply *supply, const struct pack_kind *kind)
{
	const struct pack *pack = casebook_pack(site_book(supply->form->request));
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *other = &pack->kinds[k];
		bool opens = false;
		for (size_t i = 0; i < other->open_count; i++)
			opens = opens || settles(kind, other->opens[i].duty->name);
		if (opens && fits_file(supply, other) && is_possible(supply, other))
			add_row(supply, pack_kind_action(other), path_of(supply, other, NULL),
			        STR(""), NULL);
	}
}

static void add_kind(struct supply *supply, const struct pack_supply_kind *one)
{
	const struct pack_kind *kind = one->kind;
	struct arena *arena = supply->form->request->arena;
	if (!fits_file(supply, kind) || kind->is_built_in || add_owed(supply, one))
		return;
	struct str office = practice_viewer(supply->form->request)->actor.office;
	struct str offices = makers(arena, kind);
	if (is_possible(supply, kind) && counts(supply, one, office))
		add_row(supply, pack_kind_action(kind), path_of(supply, kind, NULL), STR(""), NULL);
	else if (offices.n == 0)
		add_openers(supply, kind);
	else
		add_row(supply,
		        arena_format(arena, "%.*s: it can be done by %.*s",
		                     STR_ARG(pack_kind_action(kind)), STR_ARG(offices)),
		        STR(""), offices, NULL);
}

static bool is_asked_for(const struct pack_supply *asks, const struct casebook_duty *duty)
{
	if (asks->classes >> duty->class & 1)
		return true;
	for (size_t i = 0; i < asks->rule_count; i++)
		if (str_eq(asks->rules[i]->name, duty->rule))
			return true;
	return false;
}

static void add_ways(struct supply *supply, const struct pack_supply *asks)
{
	const struct casebook_duty_list *duties = &supply->form->duties;
	struct arena *arena = supply->form->request->arena;
	for (size_t i = 0; i < duties->count; i++)
		if (duties->at[i].is_open && is_asked_for(asks, &duties->at[i]))
			add_duty(supply, &duties->at[i]);
	for (size_t i = 0; i < asks->kind_count; i++)
		add_kind(supply, &asks->kinds[i]);
	if (asks->second)
		add_row(supply,
		        arena_format(arena, "Ask %.*s to read this (second reader)",
		                     STR_ARG(asks->second->title)),
		        STR(""), asks->second->title, NULL);
}

/* --- the list, what is late first
 * -------------------------------------------------------------------------------- */

bool act_supply_put(struct act_form *form, const struct casebook_answer *given, struct json *into,
                    struct err *err)
{
	struct arena *arena = form->request->arena;
	struct supply supply = { .form = form };
	struct json *late = json_array(arena), *rest = json_array(arena);
	if (!late || !rest)
		return err_set(err, ERR_UNABLE, "There is no memory for this page");
	if (!form->is_new &&
	    !casebook_possible_acts(form->reader, arena, practice_viewer(form->request),
	                            &form->file, &supply.possible, &supply.possible_count, err))
		return false;
	if (!casebook_offices(form->reader, arena, &supply.offices, &supply.office_count, err))
		return false;
	for (size_t i = 0; i < given->missing_count; i++) {
		const struct casebook_missing *missing = &given->missing[i];
		const struct pack_need *need = need_of(form, missing);
		struct pack_supply asks = { 0 };
		struct json *row = json_object(arena);
		supply.rows = json_array(arena);
		supply.is_late = false;
		if (need)
			pack_cond_supply(need->need, &asks);
		if (!form->is_new)
			add_ways(&supply, &asks);
		json_put_text(arena, row, STR("gate"), missing->gate.p ? missing->gate : STR(""));
		json_put_text(arena, row, STR("text"), missing->sentence);
		json_put_bool(arena, row, STR("is_late"), supply.is_late);
		json_put_bool(arena, row, STR("has_acts"), supply.rows && supply.rows->count > 0);
		json_put(row, STR("acts"), supply.rows);
		json_push(supply.is_late ? late : rest, row);
	}
	for (struct json *row = rest->first, *next; row; row = next) {
		next = row->next;
		row->next = NULL;
		json_push(late, row);
	}
	json_put(into, STR("missing"), late);
	return true;
}
