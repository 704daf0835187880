/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What follows an act: duties opened, settled, ended; offers, links, further entries. */
#include "pack/load_kind.h"

/* The machine opens no seal: what decides is plain. */
static void not_plain(struct reading *r, const struct yaml *at, const char *key,
                      const struct pack_field *field)
{
	loader_error_at(r->load->loader, at,
	                "%.*s: %s names \"%.*s\", which is sealed; the machine opens no seal",
	                STR_ARG(r->kind->name), key, STR_ARG(field->name));
}

/* The rule of an item that is a rule or a mapping with `duty`. */
static const struct pack_duty *duty_at(struct reading *r, const struct yaml *item, const char *key)
{
	const struct yaml *at = item->type == YAML_SCALAR ? item : member_of(item, "duty");
	struct str about = arena_format(r->load->loader->errors_arena, "%.*s: %s",
	                                STR_ARG(r->kind->name), key);
	size_t number = load_resolve(r->load, at, at->text, about, "duty", &r->load->whole->duties);
	return number == SIZE_MAX ? NULL : &r->load->duties[number];
}

static const struct pack_relation *relation_at(struct reading *r, const struct yaml *item,
                                               const char *key)
{
	const struct yaml *at = item->type == YAML_MAPPING ? member_of(item, key) : NULL;
	if (!at)
		return NULL;
	size_t number = load_resolve(r->load, at, at->text, r->kind->name, "relation",
	                             &r->load->whole->relations);
	if (number == SIZE_MAX)
		return NULL;
	const struct pack_relation *relation = &r->load->relations[number];
	if (!(r->kind->file_types & (relation->from | relation->to)))
		loader_error_at(r->load->loader, at,
		                "%.*s: %s names relation %.*s, which its files have not",
		                STR_ARG(r->kind->name), key, STR_ARG(relation->name));
	return relation;
}

static const struct pack_kind *kind_at(struct reading *r, const struct yaml *item)
{
	const struct yaml *at = member_of(item, "kind");
	size_t number =
		load_resolve(r->load, at, at->text, r->kind->name, "kind", &r->load->whole->kinds);
	return number == SIZE_MAX ? NULL : &r->load->kinds[number];
}

static void read_each(struct reading *r, const struct yaml *item, struct pack_open *open)
{
	const struct yaml *each = member_of(item, "each"), *owed_by = member_of(item, "owed-by");
	if (each) {
		const struct pack_field *field = kind_field(r, each, each->text, "each");
		open->each = each->text;
		if (field && field->is_sealed)
			not_plain(r, each, "each", field);
		else if (field && field->type != PACK_ROWS && field->type != PACK_CODES &&
		         !field->is_repeated)
			loader_error_at(r->load->loader, each,
			                "%.*s: each goes over rows or repeated values;"
			                " \"%.*s\" holds one",
			                STR_ARG(r->kind->name), STR_ARG(each->text));
	}
	if (owed_by) {
		struct pack_owner *owner = loader_alloc(r->load->loader, 1, sizeof *owner);
		if (owner && owner_read(r->load->loader, owed_by, owner))
			open->owner = owner;
	}
}

void kind_read_opens(struct reading *r)
{
	const struct yaml *opens = member_of(r->node, "opens");
	struct pack_open *out = loader_alloc(r->load->loader, count_of(opens), sizeof *out);
	for (const struct yaml *item = out && opens ? opens->first : NULL; item;
	     item = item->next) {
		struct pack_open *open = &out[r->kind->open_count];
		open->duty = duty_at(r, item, "opens");
		open->when = kind_when(r, item, true);
		open->on = relation_at(r, item, "on");
		if (item->type == YAML_MAPPING)
			read_each(r, item, open);
		if (open->duty)
			r->kind->open_count++;
	}
	r->kind->opens = out;
}

static void read_only(struct reading *r, const struct yaml *item, struct pack_settle *settle)
{
	const struct yaml *only = member_of(item, "only");
	static const struct str WORDS[] = {
		[PACK_ONLY_ALL] = { "all", 3 },
		[PACK_ONLY_OWN] = { "own", 3 },
		[PACK_ONLY_EARLIEST] = { "earliest", 8 },
	};
	if (!only)
		return;
	for (size_t i = 0; i < COUNT_OF(WORDS); i++) {
		if (WORDS[i].n && str_eq(WORDS[i], only->text)) {
			settle->only = (enum pack_only)i;
			return;
		}
	}
	settle->is_own = str_starts(only->text, STR("own field "));
	struct str named = settle->is_own ? str_sub(only->text, 4, only->text.n) : only->text;
	if (!str_starts(named, STR("field "))) {
		loader_error_at(r->load->loader, only,
		                "%.*s: only is \"%.*s\"; expected own, field NAME,"
		                " own field NAME, earliest or all",
		                STR_ARG(r->kind->name), STR_ARG(str_sub(only->text, 0, 60)));
		return;
	}
	settle->only = PACK_ONLY_FIELD;
	settle->field = str_sub(named, 6, named.n);
	const struct pack_field *field = kind_field(r, only, settle->field, "only");
	if (field && field->is_sealed)
		not_plain(r, only, "only", field);
	else if (field && settle->is_own && (field->type != PACK_DUTY || field->is_repeated))
		loader_error_at(r->load->loader, only,
		                "%.*s: only names \"%.*s\", which is not one duty",
		                STR_ARG(r->kind->name), STR_ARG(settle->field));
	else if (field && field->type == PACK_ENTRY && !field->is_repeated)
		settle->only = PACK_ONLY_OPENED;
	else if (field && field->type == PACK_FILE && !field->is_repeated)
		settle->only = PACK_ONLY_AGREES;
	else if (field && field->type != PACK_DUTY)
		loader_error_at(
			r->load->loader, only,
			"%.*s: only names \"%.*s\", which is no duty, nor one entry or file",
			STR_ARG(r->kind->name), STR_ARG(settle->field));
}

/* A field that holds the day on which it was done. */
static void read_done(struct reading *r, const struct yaml *item, struct pack_settle *settle)
{
	const struct yaml *done = member_of(item, "done");
	const struct pack_field *field = done ? kind_field(r, done, done->text, "done") : NULL;
	if (!field)
		return;
	settle->done = done->text;
	if (field->is_sealed)
		not_plain(r, done, "done", field);
	else if (field->type != PACK_DATE && field->type != PACK_INSTANT)
		loader_error_at(r->load->loader, done,
		                "%.*s: done names \"%.*s\", which is no date and no instant",
		                STR_ARG(r->kind->name), STR_ARG(done->text));
	else if (settle->duty && !settle->duty->has_not_older)
		loader_error_at(r->load->loader, done,
		                "%.*s: done is asked of a duty that has not-older; %.*s has none",
		                STR_ARG(r->kind->name), STR_ARG(settle->duty->name));
}

/* A condition on the files at the other end, where the duty is owed. */
static void read_where(struct reading *r, const struct yaml *item, struct pack_settle *settle)
{
	const struct yaml *where = member_of(item, "where");
	if (!where)
		return;
	if (!member_of(item, "on")) {
		loader_error_at(r->load->loader, where,
		                "%.*s: where is asked of the files that on leads to; it has no on",
		                STR_ARG(r->kind->name));
		return;
	}
	if (settle->on)
		settle->where = load_cond(r->load, where, r->kind->name, NULL,
		                          settle->on->from | settle->on->to, false);
}

void kind_read_settles(struct reading *r)
{
	const struct yaml *settles = member_of(r->node, "settles");
	struct pack_settle *out = loader_alloc(r->load->loader, count_of(settles), sizeof *out);
	for (const struct yaml *item = out && settles ? settles->first : NULL; item;
	     item = item->next) {
		struct pack_settle *settle = &out[r->kind->settle_count];
		settle->duty = duty_at(r, item, "settles");
		settle->when = kind_when(r, item, false);
		settle->on = relation_at(r, item, "on");
		settle->is_early = item->type == YAML_MAPPING && is_yes(item, "early");
		if (item->type == YAML_MAPPING) {
			read_only(r, item, settle);
			read_done(r, item, settle);
			read_where(r, item, settle);
		}
		if (settle->duty)
			r->kind->settle_count++;
	}
	r->kind->settles = out;
}

void kind_read_ends(struct reading *r)
{
	const struct yaml *ends = member_of(r->node, "ends");
	struct pack_end *out = loader_alloc(r->load->loader, count_of(ends), sizeof *out);
	for (const struct yaml *item = out && ends ? ends->first : NULL; item; item = item->next) {
		struct pack_end *end = &out[r->kind->end_count];
		end->duty = duty_at(r, item, "ends");
		end->when = kind_when(r, item, false);
		if (end->duty)
			r->kind->end_count++;
	}
	r->kind->ends = out;
}

void kind_read_offers(struct reading *r)
{
	const struct yaml *offers = member_of(r->node, "offers");
	struct pack_offer *out = loader_alloc(r->load->loader, count_of(offers), sizeof *out);
	for (const struct yaml *item = out && offers ? offers->first : NULL; item;
	     item = item->next) {
		struct pack_offer *offer = &out[r->kind->offer_count];
		offer->kind = kind_at(r, item);
		offer->when = kind_when(r, item, false);
		if (offer->kind)
			r->kind->offer_count++;
	}
	r->kind->offers = out;
}

/* Whether a link by the relation may go from files of `near` to the files of the field. */
static bool leads(uint64_t near, uint64_t far, const struct pack_field *field)
{
	return near != 0 && (!field->of_file_types || (field->of_file_types & far));
}

/* A link leads from the kind's files to those of the field, or the other way round. */
static void check_leads(struct reading *r, const struct yaml *item, const char *verb,
                        const struct pack_relation *relation, const struct pack_field *field)
{
	uint64_t mine = r->kind->file_types;
	if (leads(mine & relation->from, relation->to, field) ||
	    leads(mine & relation->to, relation->from, field))
		return;
	loader_error_at(r->load->loader, item,
	                "%.*s: %s goes by %.*s, which does not lead from it to the files of"
	                " field \"%.*s\", nor from them to it",
	                STR_ARG(r->kind->name), verb, STR_ARG(relation->name),
	                STR_ARG(field->name));
}

/* The links that it makes, or takes away. */
static void read_links(struct reading *r, const char *verb, const struct pack_link **out,
                       size_t *count)
{
	const struct yaml *links = member_of(r->node, verb);
	struct pack_link *list = loader_alloc(r->load->loader, count_of(links), sizeof *list);
	*out = list;
	for (const struct yaml *item = list && links ? links->first : NULL; item;
	     item = item->next) {
		struct pack_link *link = &list[*count];
		const struct yaml *to = member_of(item, "to");
		const struct pack_field *field = kind_field(r, to, to->text, verb);
		link->relation = relation_at(r, item, "relation");
		link->field = to->text;
		if (field && field->is_sealed)
			not_plain(r, to, verb, field);
		else if (field && field->type != PACK_FILE)
			loader_error_at(r->load->loader, to,
			                "%.*s: %s goes to \"%.*s\", which is no file",
			                STR_ARG(r->kind->name), verb, STR_ARG(to->text));
		if (!link->relation || !field)
			continue;
		check_leads(r, item, verb, link->relation, field);
		++*count;
	}
}

void kind_read_links(struct reading *r)
{
	read_links(r, "links", &r->kind->links, &r->kind->link_count);
	read_links(r, "unlinks", &r->kind->unlinks, &r->kind->unlink_count);
}

/* --- then ------------------------------------------------------------------------------------ */

static void read_set(struct reading *r, const struct yaml *set, struct pack_then *then)
{
	struct pack_set *out = loader_alloc(r->load->loader, set->count, sizeof *out);
	for (const struct yaml *item = out ? set->first : NULL; item; item = item->next) {
		struct pack_set *one = &out[then->set_count++];
		const struct pack_field *field = pack_field_find(then->kind, item->key);
		one->field = item->key;
		if (!field)
			loader_error_key(r->load->loader, item,
			                 "%.*s: set names field \"%.*s\"; %.*s has none of"
			                 " that name",
			                 STR_ARG(r->kind->name), STR_ARG(item->key),
			                 STR_ARG(then->kind->name));
		if (item->type != YAML_SCALAR) {
			loader_error_at(r->load->loader, item,
			                "%.*s: set gives a value or field NAME",
			                STR_ARG(r->kind->name));
			continue;
		}
		if (!str_starts(item->text, STR("field "))) {
			one->value = item->text;
			continue;
		}
		one->from_field = str_sub(item->text, 6, item->text.n);
		const struct pack_field *source = kind_field(r, item, one->from_field, "set");
		if (source && field && (source->type != field->type || source->is_sealed))
			loader_error_at(r->load->loader, item,
			                "%.*s: set puts \"%.*s\" into \"%.*s\"; expected"
			                " plain fields of one type",
			                STR_ARG(r->kind->name), STR_ARG(source->name),
			                STR_ARG(field->name));
	}
	then->set = out;
}

static void check_then(struct reading *r, const struct yaml *item, const struct pack_then *then)
{
	const struct yaml *node = r->load->kind_nodes[then->kind->number];
	const struct yaml *by = node ? member_of(node, "by") : NULL;
	if (!by || by->count != 1 || !str_eq(by->first->text, STR("register")))
		loader_error_at(r->load->loader, item,
		                "%.*s: then makes %.*s, which is not by the register"
		                " alone",
		                STR_ARG(r->kind->name), STR_ARG(then->kind->name));
	for (size_t i = 0; i < then->kind->field_count; i++) {
		const struct pack_field *field = &then->kind->fields[i];
		bool is_set = false;
		for (size_t j = 0; j < then->set_count; j++)
			is_set = is_set || str_eq(then->set[j].field, field->name);
		if (field->required == PACK_REQUIRED && !is_set)
			loader_error_at(r->load->loader, item,
			                "%.*s: then makes %.*s without its required field"
			                " \"%.*s\"",
			                STR_ARG(r->kind->name), STR_ARG(then->kind->name),
			                STR_ARG(field->name));
	}
}

static void read_then_types(struct reading *r, const struct yaml *item, struct pack_then *then)
{
	const struct yaml *type = member_of(item, "type");
	then->types = UINT64_MAX;
	if (!type)
		return;
	uint64_t there = then->on ? then->on->from | then->on->to : r->kind->file_types;
	then->types = load_type_mask(r->load, type, r->kind->name);
	if (then->types & ~there)
		loader_error_at(r->load->loader, type,
		                "%.*s: type names files that it is not written on",
		                STR_ARG(r->kind->name));
}

void kind_read_then(struct reading *r)
{
	const struct yaml *thens = member_of(r->node, "then");
	struct pack_then *out = loader_alloc(r->load->loader, count_of(thens), sizeof *out);
	for (const struct yaml *item = out && thens ? thens->first : NULL; item;
	     item = item->next) {
		struct pack_then *then = &out[r->kind->then_count];
		const struct yaml *set = member_of(item, "set");
		then->kind = kind_at(r, item);
		then->on = relation_at(r, item, "on");
		then->when = kind_when(r, item, true);
		read_then_types(r, item, then);
		if (!then->kind)
			continue;
		if (set)
			read_set(r, set, then);
		check_then(r, item, then);
		r->kind->then_count++;
	}
	r->kind->then = out;
}
