/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Kinds: where, by whom, whither, and what follows. */
#include "pack/load_kind.h"

const struct pack_cond *kind_when(struct reading *r, const struct yaml *item,
                                  bool protects_when_true)
{
	const struct yaml *when = item->type == YAML_MAPPING ? member_of(item, "when") : NULL;
	return when ? load_cond(r->load, when, r->kind->name, r->kind, r->kind->file_types,
	                        protects_when_true)
	            : NULL;
}

const struct pack_field *kind_field(struct reading *r, const struct yaml *at, struct str name,
                                    const char *key)
{
	const struct pack_field *field = pack_field_find(r->kind, name);
	if (field)
		return field;
	struct str *known =
		arena_alloc(r->load->loader->errors_arena, r->kind->field_count, sizeof *known);
	for (size_t i = 0; known && i < r->kind->field_count; i++)
		known[i] = r->kind->fields[i].name;
	loader_error_at(r->load->loader, at, "%.*s: %s names field \"%.*s\"; no such field%.*s",
	                STR_ARG(r->kind->name), key, STR_ARG(str_sub(name, 0, 60)),
	                STR_ARG(loader_nearest(r->load->loader, name, known,
	                                       known ? r->kind->field_count : 0)));
	return NULL;
}

/* --- where and whither ----------------------------------------------------------------------- */

static uint32_t all_states(const struct pack_file_type *type)
{
	return type->state_count >= 32 ? UINT32_MAX : (UINT32_C(1) << type->state_count) - 1;
}

static void read_from(struct reading *r)
{
	const struct pack *pack = &r->load->whole->pack;
	const struct yaml *from = member_of(r->node, "from");
	uint32_t *masks = loader_alloc(r->load->loader, pack->file_type_count, sizeof *masks);
	if (!masks)
		return;
	bool any = from && from->type == YAML_SCALAR && str_eq(from->text, STR("any"));
	for (size_t i = 0; i < pack->file_type_count; i++) {
		const struct pack_file_type *type = &pack->file_types[i];
		if (!(r->kind->file_types >> i & 1))
			continue;
		if (any || !from)
			masks[i] = all_states(type) & (any ? UINT32_MAX : ~type->final);
	}
	for (const struct yaml *item = any ? NULL : first_of(from); item;
	     item = next_of(from, item)) {
		if (!load_state(r->load, item, r->kind->name, "from", r->kind->file_types))
			continue;
		for (size_t i = 0; i < pack->file_type_count; i++) {
			int state = pack_state_find(&pack->file_types[i], item->text);
			if ((r->kind->file_types >> i & 1) && state >= 0)
				masks[i] |= UINT32_C(1) << (unsigned)state;
		}
	}
	r->kind->from = masks;
}

static bool make_pairs(struct reading *r, size_t count, struct str **codes, struct str **states)
{
	*codes = loader_alloc(r->load->loader, count, sizeof **codes);
	*states = loader_alloc(r->load->loader, count, sizeof **states);
	return *codes && *states;
}

static void check_code(struct reading *r, const struct yaml *at, const struct pack_field *field)
{
	const struct str *codes;
	size_t count = load_codes(field, &codes, r->load->loader->errors_arena);
	for (size_t i = 0; i < count; i++) {
		if (str_eq(codes[i], at->key))
			return;
	}
	loader_error_key(r->load->loader, at, "%.*s: field \"%.*s\" has no code \"%.*s\"%.*s",
	                 STR_ARG(r->kind->name), STR_ARG(field->name),
	                 STR_ARG(str_sub(at->key, 0, 60)),
	                 STR_ARG(loader_nearest(r->load->loader, at->key, codes, count)));
}

static void read_to_by(struct reading *r, const struct yaml *to, const struct yaml *by)
{
	struct str *codes, *states;
	if (!make_pairs(r, to->count, &codes, &states))
		return;
	const struct pack_field *field = kind_field(r, by, by->text, "to");
	if (field && (field->type != PACK_CODE && field->type != PACK_YES))
		loader_error_at(r->load->loader, by,
		                "%.*s: to goes by a field of type code or yes; \"%.*s\" is"
		                " neither",
		                STR_ARG(r->kind->name), STR_ARG(field->name));
	else if (field &&
	         (field->required != PACK_REQUIRED || field->is_sealed || field->is_repeated))
		loader_error_at(r->load->loader, by,
		                "%.*s: to goes by a plain field that is required; \"%.*s\""
		                " is not",
		                STR_ARG(r->kind->name), STR_ARG(field->name));
	r->kind->to.sort = PACK_TO_BY_FIELD;
	r->kind->to.field = by->text;
	for (const struct yaml *item = to->first; item; item = item->next) {
		if (item == by)
			continue;
		if (field)
			check_code(r, item, field);
		(void)load_state(r->load, item, r->kind->name, "to", r->kind->file_types);
		codes[r->kind->to.count] = item->key;
		states[r->kind->to.count++] = item->text;
	}
	r->kind->to.codes = codes;
	r->kind->to.states_for = states;
}

static void read_to(struct reading *r)
{
	const struct yaml *to = member_of(r->node, "to");
	if (!to)
		return;
	if (to->type == YAML_SCALAR) {
		(void)load_state(r->load, to, r->kind->name, "to", r->kind->file_types);
		r->kind->to = (struct pack_to){ .sort = PACK_TO_STATE, .state = to->text };
		return;
	}
	const struct yaml *by = member_of(to, "by"), *by_state = member_of(to, "by-state");
	if (by) {
		read_to_by(r, to, by);
		return;
	}
	struct str *olds = loader_alloc(r->load->loader, by_state->count, sizeof *olds);
	if (!olds)
		return;
	r->kind->to = (struct pack_to){ .sort = PACK_TO_BY_STATE, .state = text_of(to, "to") };
	(void)load_state(r->load, member_of(to, "to"), r->kind->name, "to", r->kind->file_types);
	for (const struct yaml *item = by_state->first; item; item = item->next) {
		(void)load_state(r->load, item, r->kind->name, "by-state", r->kind->file_types);
		olds[r->kind->to.count++] = item->text;
	}
	r->kind->to.codes = olds;
}

/* --- by whom --------------------------------------------------------------------------------- */

static bool read_one_by(struct reading *r, const struct yaml *item, struct pack_by *out)
{
	static const struct {
		struct str words;
		enum pack_by_sort sort;
	} FIXED[] = {
		{ { "anyone", 6 }, PACK_BY_ANYONE },
		{ { "public", 6 }, PACK_BY_PUBLIC },
		{ { "person", 6 }, PACK_BY_PERSON },
		{ { "register", 8 }, PACK_BY_REGISTER },
		{ { "first account", 13 }, PACK_BY_FIRST_ACCOUNT },
	};
	for (size_t i = 0; i < COUNT_OF(FIXED); i++) {
		if (str_eq(FIXED[i].words, item->text)) {
			out->sort = FIXED[i].sort;
			return true;
		}
	}
	if (str_starts(item->text, STR("owner of "))) {
		size_t number = load_resolve(r->load, item, str_sub(item->text, 9, item->text.n),
		                             r->kind->name, "duty", &r->load->whole->duties);
		out->sort = PACK_BY_OWNER;
		out->duty = number == SIZE_MAX ? NULL : &r->load->duties[number];
		return number != SIZE_MAX;
	}
	out->sort = PACK_BY_ROLE;
	size_t number = load_resolve(r->load, item, item->text, r->kind->name, "office",
	                             &r->load->whole->offices);
	out->role = number == SIZE_MAX ? NULL : &r->load->offices[number];
	return number != SIZE_MAX;
}

static void read_by(struct reading *r)
{
	const struct yaml *by = member_of(r->node, "by");
	struct pack_by *out = loader_alloc(r->load->loader, by->count, sizeof *out);
	if (!out)
		return;
	for (const struct yaml *item = by->first; item; item = item->next) {
		if (read_one_by(r, item, &out[r->kind->by_count]))
			r->kind->by_count++;
	}
	r->kind->by = out;
}

/* Offices of `by` that need no part in the file. What begins a file asks for none anyway. */
static void read_any_file(struct reading *r)
{
	const struct yaml *list = member_of(r->node, "any-file");
	const struct pack_office **out = loader_alloc(r->load->loader, count_of(list), sizeof *out);
	if (list && r->kind->may_begin)
		loader_error_at(
			r->load->loader, list,
			"%.*s begins a file, which needs no part in one; leave out any-file",
			STR_ARG(r->kind->name));
	for (const struct yaml *item = out ? first_of(list) : NULL; item;
	     item = next_of(list, item)) {
		size_t number = load_resolve(r->load, item, item->text, r->kind->name, "office",
		                             &r->load->whole->offices);
		bool is_by = false;
		if (number == SIZE_MAX)
			continue;
		for (size_t i = 0; i < r->kind->by_count; i++)
			is_by = is_by || r->kind->by[i].role == &r->load->offices[number];
		if (!is_by)
			loader_error_at(r->load->loader, item,
			                "%.*s: any-file names %.*s, which is not among by:",
			                STR_ARG(r->kind->name), STR_ARG(item->text));
		out[r->kind->any_file_count++] = &r->load->offices[number];
	}
	r->kind->any_file = out;
}

/* --- needs ----------------------------------------------------------------------------------- */

static void read_gate_line(struct reading *r, const struct yaml *item, struct pack_kind_need *out)
{
	static const char *const SENTENCES[] = { "else", "there" };
	const struct yaml *gate = member_of(item, "gate");
	size_t number = load_resolve(r->load, gate, gate->text, r->kind->name, "gate",
	                             &r->load->whole->gates);
	for (size_t i = 0; i < COUNT_OF(SENTENCES); i++)
		if (member_of(item, SENTENCES[i]))
			loader_error_key(r->load->loader, member_of(item, SENTENCES[i]),
			                 "%.*s: a gate has sentences of its own; leave out %s",
			                 STR_ARG(r->kind->name), SENTENCES[i]);
	out->when = kind_when(r, item, true);
	if (number == SIZE_MAX)
		return;
	struct pack_gate *own = loader_alloc(r->load->loader, 1, sizeof *own);
	if (!own)
		return;
	*own = r->load->gates[number];
	load_gate_for(r->load, own, r->kind, r->kind->file_types);
	out->gate = own;
}

static void read_needs(struct reading *r)
{
	const struct yaml *needs = member_of(r->node, "needs");
	struct pack_kind_need *out = loader_alloc(r->load->loader, count_of(needs), sizeof *out);
	for (const struct yaml *item = out && needs ? needs->first : NULL; item;
	     item = item->next) {
		struct pack_kind_need *need = &out[r->kind->need_count++];
		const struct yaml *gate = member_of(item, "gate"), *own = member_of(item, "need");
		if (!gate == !own) {
			loader_error_at(
				r->load->loader, item,
				"%.*s: expected either gate: or need:", STR_ARG(r->kind->name));
			continue;
		}
		if (gate) {
			read_gate_line(r, item, need);
			continue;
		}
		struct pack_need *made = loader_alloc(r->load->loader, 1, sizeof *made);
		if (!made)
			return;
		if (!member_of(item, "else"))
			loader_error_at(
				r->load->loader, item,
				"%.*s: a need has no sentence; add else:", STR_ARG(r->kind->name));
		(void)load_need(r->load, item, r->kind->name, r->kind, r->kind->file_types, made);
		need->need = made;
	}
	r->kind->needs = out;
}

/* Whom it watches over is the writer of a file's first entry: so it must begin one. */
static void read_watches(struct reading *r)
{
	const struct yaml *watches = member_of(r->node, "watches");
	struct pack_period *period =
		watches ? loader_alloc(r->load->loader, 1, sizeof *period) : NULL;
	if (!period || !period_read(r->load->loader, watches, period))
		return;
	r->kind->watches = period;
	r->load->whole->pack.watches = true;
	if (!r->kind->may_begin)
		loader_error_key(r->load->loader, watches,
		                 "%.*s watches over whoever began the file, and begins none; add"
		                 " new: yes",
		                 STR_ARG(r->kind->name));
}

/* --- one kind -------------------------------------------------------------------------------- */

/* `required:` may be a condition over the act's fields; what the register says of other entries
 * names their kinds. */
static void read_required(struct reading *r)
{
	const struct yaml *list = member_of(r->node, "fields");
	struct pack_field *fields =
		loader_alloc(r->load->loader, r->kind->field_count, sizeof *fields);
	size_t at = 0;
	if (!fields || !list)
		return;
	for (const struct yaml *node = list->first; node; node = node->next, at++) {
		const struct yaml *required = member_of(node, "required");
		fields[at] = r->kind->fields[at];
		if (required && required->type == YAML_MAPPING)
			fields[at].required_if =
				load_cond(r->load, required, r->kind->name, r->kind, 0, true);
		if (fields[at].counted == PACK_COUNTED_KNOWN)
			fields[at].known = kind_known(r, member_of(node, "counted"), &fields[at]);
	}
	r->kind->fields = fields;
}

static void check_area(struct reading *r)
{
	const struct pack *pack = &r->load->whole->pack;
	for (size_t i = 0; i < pack->file_type_count; i++) {
		const struct pack_file_type *type = &pack->file_types[i];
		if (!(r->kind->file_types >> i & 1) || type->area != PACK_AREA_FIELD ||
		    !r->kind->may_begin)
			continue;
		const struct pack_field *field = pack_field_find(r->kind, type->area_name);
		if (!field || field->type != PACK_OFFICE)
			loader_error_key(r->load->loader, r->node,
			                 "%.*s begins a %.*s, whose area is field"
			                 " \"%.*s\"; it has no office field of that name",
			                 STR_ARG(r->kind->name), STR_ARG(type->name),
			                 STR_ARG(type->area_name));
	}
}

/* What the register writes of itself is filled by what has it written; it counts for people. */
static void check_counted(struct reading *r)
{
	const struct yaml *list = member_of(r->node, "fields");
	bool is_own = r->kind->by_count == 1 && r->kind->by[0].sort == PACK_BY_REGISTER;
	for (const struct yaml *node = is_own && list ? list->first : NULL; node;
	     node = node->next) {
		if (member_of(node, "counted"))
			loader_error_at(
				r->load->loader, member_of(node, "counted"),
				"%.*s is by the register alone; counted goes with what people"
				" make",
				STR_ARG(r->kind->name));
	}
}

static void read_words(struct reading *r)
{
	struct str title = text_of(r->node, "title"), text = text_of(r->node, "public");
	if (title.p)
		r->kind->title = title;
	if (text.p)
		r->kind->public_text = text;
	struct str action = text_of(r->node, "action");
	if (action.p)
		r->kind->action = action;
}

static void read_kind(struct reading *r)
{
	read_words(r);
	if (!r->kind->is_built_in) {
		r->kind->may_begin = is_yes(r->node, "new");
		r->kind->has_note = !tree_says(member_of(r->node, "note"), STR("no"));
		r->kind->is_weighty = is_yes(r->node, "weighty");
		r->kind->is_before_birth = is_yes(r->node, "before-birth");
		r->kind->destroys = is_yes(r->node, "destroys");
		r->kind->retired = text_of(r->node, "retired");
		read_required(r);
		read_from(r);
		read_to(r);
		read_by(r);
		check_counted(r);
		read_any_file(r);
		read_needs(r);
		kind_read_ends(r);
		kind_read_offers(r);
		kind_read_links(r);
		kind_read_then(r);
		kind_read_takes(r);
		kind_read_restricts(r);
		kind_read_tells_owners(r);
		read_watches(r);
		check_area(r);
	}
	kind_read_opens(r);
	kind_read_settles(r);
}

void load_kinds(struct load *load)
{
	for (size_t i = 0; i < load->whole->pack.kind_count; i++) {
		struct reading r = { .load = load,
			             .kind = &load->kinds[i],
			             .node = load->kind_nodes[i] };
		if (r.node)
			read_kind(&r);
	}
}
