/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a duty asks of the acts that open it: the field that names who owes it,
 * the day it is due, the code that chooses its ladder. Each kind that opens
 * the duty must have it.
 */
#include "pack/atom.h"
#include "pack/load.h"

/* One opening of a duty by a kind. */
struct opening {
	struct load *load;
	const struct pack_kind *kind;
	const struct pack_duty *duty;
	const struct pack_owner *owner; /* replaces the duty's, or NULL */
	const struct pack_relation *on; /* on the files at its other end, or NULL */
	const struct yaml *at;          /* where the error is shown */
};

static const struct pack_field *column_of(const struct pack_field *field, struct str name)
{
	for (size_t i = 0; i < field->column_count; i++) {
		if (str_eq(field->columns[i].name, name))
			return &field->columns[i];
	}
	return NULL;
}

/* FIELD or FIELD.COLUMN of the kind, or NULL and an error. */
static const struct pack_field *ask(struct opening *o, const char *what, struct str name,
                                    struct str column)
{
	const struct pack_field *field = pack_field_find(o->kind, name);
	if (field && column.p)
		field = column_of(field, column);
	if (!field)
		loader_error_at(o->load->loader, o->at,
		                "%.*s opens %.*s, whose %s is field \"%.*s%s%.*s\"; it has"
		                " no such field",
		                STR_ARG(o->kind->name), STR_ARG(o->duty->name), what, STR_ARG(name),
		                column.p ? "." : "", STR_ARG(column));
	return field;
}

static void wrong_type(struct opening *o, const char *what, const struct pack_field *field,
                       const char *expected)
{
	loader_error_at(o->load->loader, o->at,
	                "%.*s opens %.*s, whose %s is field \"%.*s\"; expected %s",
	                STR_ARG(o->kind->name), STR_ARG(o->duty->name), what, STR_ARG(field->name),
	                expected);
}

static void check_owner(struct opening *o, const struct pack_owner *owner)
{
	if (owner->sort == PACK_OWNER_PATTERN || owner->sort == PACK_OWNER_OWNER)
		loader_error_at(o->load->loader, o->at,
		                "%.*s opens %.*s, which is owed by the owner of a pattern; only"
		                " patterns open it",
		                STR_ARG(o->kind->name), STR_ARG(o->duty->name));
	if (owner->sort != PACK_OWNER_FIELD)
		return;
	const struct pack_field *field = ask(o, "owner", owner->field, owner->column);
	if (field && (field->type != PACK_OFFICE || field->is_sealed))
		wrong_type(o, "owner", field, "a plain office");
}

/* Codes of a fact of every type of file on which the kind opens the duty; 0 and an error: one has
 * none. */
static size_t codes_of_fact(struct opening *o, const struct pack_fact *fact,
                            const struct str *codes[], size_t count)
{
	for (size_t i = 0; i < fact->from_count; i++) {
		const struct pack_kind *kind = fact->from[i].kind;
		const struct pack_field *field =
			kind ? pack_field_find(kind, fact->from[i].field) : NULL;
		if (field && count == 0)
			count = load_codes(field, codes, o->load->loader->errors_arena);
	}
	return count;
}

/* A ladder that goes by a fact of the file: each type of file knows it. */
static bool check_ladder_fact(struct opening *o, const struct str *codes[], size_t *count)
{
	const struct pack *pack = &o->load->whole->pack;
	uint64_t types = o->on ? o->on->from | o->on->to : o->kind->file_types;
	bool is_fact = false;
	for (size_t t = 0; t < pack->file_type_count; t++) {
		const struct pack_fact *fact =
			types >> t & 1 ? cond_fact_find(&pack->file_types[t], o->duty->ladder_by)
				       : NULL;
		is_fact = is_fact || fact;
		if (fact)
			*count = codes_of_fact(o, fact, codes, *count);
	}
	return is_fact;
}

static bool has_else(const struct pack_duty *duty)
{
	for (size_t i = 0; i < duty->ladder_count; i++) {
		if (!duty->ladder_codes[i].p)
			return true;
	}
	return false;
}

static void check_ladder_codes(struct opening *o, const struct str *codes, size_t count)
{
	for (size_t i = 0; i < count && !has_else(o->duty); i++) {
		bool has_ladder = false;
		for (size_t j = 0; j < o->duty->ladder_count; j++)
			has_ladder = has_ladder || str_eq(o->duty->ladder_codes[j], codes[i]);
		if (!has_ladder)
			loader_error_at(o->load->loader, o->at,
			                "%.*s opens %.*s, which has no ladder when"
			                " \"%.*s\" is %.*s",
			                STR_ARG(o->kind->name), STR_ARG(o->duty->name),
			                STR_ARG(o->duty->ladder_by), STR_ARG(codes[i]));
	}
	for (size_t j = 0; j < o->duty->ladder_count; j++) {
		bool is_code = !o->duty->ladder_codes[j].p;
		for (size_t i = 0; i < count; i++)
			is_code = is_code || str_eq(o->duty->ladder_codes[j], codes[i]);
		if (!is_code)
			loader_error_at(
				o->load->loader, o->at,
				"%.*s opens %.*s, which has a ladder for"
				" \"%.*s\"; field \"%.*s\" has no such code%.*s",
				STR_ARG(o->kind->name), STR_ARG(o->duty->name),
				STR_ARG(o->duty->ladder_codes[j]), STR_ARG(o->duty->ladder_by),
				STR_ARG(loader_nearest(o->load->loader, o->duty->ladder_codes[j],
			                               codes, count)));
	}
}

static void check_ladder(struct opening *o)
{
	const struct str *codes = NULL;
	size_t count = 0;
	bool may_be_absent = has_else(o->duty);
	if (!o->duty->ladder_by.p)
		return;
	if (may_be_absent && !pack_field_find(o->kind, o->duty->ladder_by) &&
	    check_ladder_fact(o, &codes, &count)) {
		check_ladder_codes(o, codes, count);
		return;
	}
	const struct pack_field *field = ask(o, "ladder", o->duty->ladder_by, STR_NONE);
	if (!field)
		return;
	if ((field->type != PACK_CODE && field->type != PACK_YES) ||
	    (field->required != PACK_REQUIRED && !may_be_absent) || field->is_sealed) {
		wrong_type(o, "ladder", field, "a plain required code, or yes and no");
		return;
	}
	count = load_codes(field, &codes, o->load->loader->errors_arena);
	check_ladder_codes(o, codes, count);
}

static bool is_same_yaml(const struct yaml *a, const struct yaml *b)
{
	const struct yaml *one = a->first, *other = b->first;
	if (a->type != b->type || a->count != b->count || !str_eq(a->text, b->text))
		return false;
	for (; one && other; one = one->next, other = other->next) {
		if (!str_eq(one->key, other->key) || !is_same_yaml(one, other))
			return false;
	}
	return !one == !other;
}

/* The field is asked wherever the duty is opened: both say so by the same words. */
static bool is_asked_when_opened(struct opening *o, const struct pack_field *field)
{
	const struct yaml *when = o->at ? member_of(o->at, "when") : NULL;
	const struct yaml *kind = o->load->kind_nodes[o->kind->number];
	const struct yaml *fields = kind ? member_of(kind, "fields") : NULL;
	for (const struct yaml *one = fields ? fields->first : NULL; one; one = one->next) {
		if (str_eq(text_of(one, "name"), field->name))
			return field->required == PACK_REQUIRED_IF && when &&
			       is_same_yaml(when, member_of(one, "required"));
	}
	return false;
}

static void check_within(struct opening *o)
{
	if (!o->duty->within_is_field)
		return;
	const struct pack_field *field =
		ask(o, "due time", o->duty->within_field, o->duty->within_column);
	if (!field)
		return;
	if ((field->type != PACK_DATE && field->type != PACK_INSTANT) || field->is_sealed)
		wrong_type(o, "due time", field, "a plain date or instant");
	else if (field->required != PACK_REQUIRED && !is_asked_when_opened(o, field))
		wrong_type(o, "due time", field,
		           "a required field: without it nothing would be due");
}

static void check_opening(struct opening *o)
{
	if (o->owner)
		check_owner(o, o->owner);
	for (size_t i = 0; !o->owner && i < o->duty->owner_count; i++)
		check_owner(o, &o->duty->owners[i]);
	check_ladder(o);
	check_within(o);
}

/* --- fields that at least one opening kind must have ------------------------------------------ */

static bool is_opened_by(const struct pack_kind *kind, const struct pack_duty *duty)
{
	for (size_t i = 0; i < kind->open_count; i++) {
		if (kind->opens[i].duty == duty)
			return true;
	}
	return false;
}

static void check_somewhere(struct load *load, const struct pack_duty *duty, const struct yaml *at,
                            const char *what, struct str name)
{
	const struct pack *pack = &load->whole->pack;
	bool is_opened = false;
	for (size_t i = 0; i < pack->kind_count; i++) {
		if (!is_opened_by(&pack->kinds[i], duty))
			continue;
		const struct pack_field *field = pack_field_find(&pack->kinds[i], name);
		is_opened = true;
		if (field && (field->type == PACK_DATE || field->type == PACK_INSTANT) &&
		    !field->is_sealed)
			return;
		if (field) {
			loader_error_at(load->loader, at,
			                "duty %.*s: %s names \"%.*s\" of %.*s; expected a plain"
			                " date or instant",
			                STR_ARG(duty->name), what, STR_ARG(name),
			                STR_ARG(pack->kinds[i].name));
			return;
		}
	}
	if (is_opened)
		loader_error_at(load->loader, at,
		                "duty %.*s: %s names field \"%.*s\"; no kind that opens it has"
		                " such a field",
		                STR_ARG(duty->name), what, STR_ARG(name));
}

static void check_starts(struct load *load)
{
	const struct pack_duty *duty = load->duties;
	for (const struct yaml *node = load->whole->roots[SECTION_DUTIES]->first; node;
	     node = node->next, duty++) {
		const struct yaml *from = member_of(node, "from");
		for (const struct yaml *item = first_of(from); item; item = next_of(from, item)) {
			if (str_starts(item->text, STR("field ")))
				check_somewhere(load, duty, item, "from",
				                str_sub(item->text, 6, item->text.n));
		}
		if (duty->no_later_than.p)
			check_somewhere(load, duty, member_of(node, "no-later-than"),
			                "no-later-than", duty->no_later_than);
	}
}

/* Duties that the register itself opens by a built-in kind. */
static void check_register_duty(struct load *load, const char *key, const char *kind)
{
	const struct yaml *node = member_of(load->whole->roots[SECTION_PACK], key);
	const struct pack_duty *duty = node ? pack_duty_find(&load->whole->pack, node->text) : NULL;
	struct opening opening = {
		.load = load,
		.kind = pack_kind_find(&load->whole->pack, str_from_c(kind)),
		.duty = duty,
		.at = node,
	};
	if (duty && opening.kind)
		check_opening(&opening);
}

void load_references(struct load *load)
{
	const struct pack *pack = &load->whole->pack;
	for (size_t i = 0; i < pack->kind_count; i++) {
		const struct pack_kind *kind = &pack->kinds[i];
		const struct yaml *opens =
			load->kind_nodes[i] ? member_of(load->kind_nodes[i], "opens") : NULL;
		const struct yaml *item = opens ? opens->first : NULL;
		if (count_of(opens) != kind->open_count)
			continue; /* one of its duties has no name: said already */
		for (size_t j = 0; j < kind->open_count; j++, item = item->next) {
			struct opening opening = { .load = load,
				                   .kind = kind,
				                   .duty = kind->opens[j].duty,
				                   .owner = kind->opens[j].owner,
				                   .on = kind->opens[j].on,
				                   .at = item };
			check_opening(&opening);
		}
	}
	check_starts(load);
	check_register_duty(load, "vacant-duty", "office.vacant");
	check_register_duty(load, "clock-duty", "clock.stepped");
	check_register_duty(load, "broken-duty", "access.broken");
}
