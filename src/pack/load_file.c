/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* File types with their states and facts, and relations. */
#include "pack/load.h"
#include "pack/name.h"

#define LETTERS_MAX 3

static void read_states(struct load *load, const struct yaml *node, struct pack_file_type *type)
{
	struct str about = about_of(load, "file type", type->name);
	if (node->count > PACK_STATES_MAX)
		loader_error_at(load->loader, node, "%.*s has %zu states; expected at most %d",
		                STR_ARG(about), node->count, PACK_STATES_MAX);
	struct str *states = loader_alloc(load->loader, node->count, sizeof *states);
	struct str *titles = loader_alloc(load->loader, node->count, sizeof *titles);
	if (!states || !titles)
		return;
	for (const struct yaml *item = node->first; item && type->state_count < PACK_STATES_MAX;
	     item = item->next) {
		if (!name_is_word(item->text) || str_eq(item->text, STR("none")) ||
		    str_eq(item->text, STR("any")))
			loader_error_at(load->loader, item, "%.*s: \"%.*s\" is no name for a state",
			                STR_ARG(about), STR_ARG(str_sub(item->text, 0, 60)));
		titles[type->state_count] = load_label(load, item->text);
		states[type->state_count++] = item->text;
	}
	type->states = states;
	type->state_titles = titles;
}

/* Mask of states: a list, or `none`. */
static uint32_t read_mask(struct load *load, const struct yaml *node, const char *verb,
                          const struct pack_file_type *type)
{
	struct str about = about_of(load, "file type", type->name);
	uint32_t mask = 0;
	if (!node || (node->type == YAML_SCALAR && str_eq(node->text, STR("none"))))
		return 0;
	for (const struct yaml *item = first_of(node); item; item = next_of(node, item)) {
		if (load_state(load, item, about, verb, UINT64_C(1) << type->number))
			mask |= UINT32_C(1) << (unsigned)pack_state_find(type, item->text);
	}
	return mask;
}

/* retired-states: {old: new}; the old is no state any more, the new is one. */
static void read_retired(struct load *load, const struct yaml *node, struct pack_file_type *type)
{
	struct str about = about_of(load, "file type", type->name);
	struct pack_retired_state *made =
		loader_alloc(load->loader, node ? node->count : 0, sizeof *made);
	if (!made || !node)
		return;
	for (const struct yaml *item = node->first; item; item = item->next) {
		if (pack_state_find(type, item->key) >= 0)
			loader_error_key(
				load->loader, item,
				"%.*s: retired-states names \"%.*s\", which is still a state;"
				" expected one that is not among states",
				STR_ARG(about), STR_ARG(item->key));
		if (item->type != YAML_SCALAR) {
			loader_error_at(load->loader, item,
			                "%.*s: retired-states expects OLD: NEW, each a state",
			                STR_ARG(about));
			continue;
		}
		if (!load_state(load, item, about, "retired-states", UINT64_C(1) << type->number))
			continue;
		made[type->retired_state_count++] =
			(struct pack_retired_state){ .old = item->key,
			                             .now = pack_state_find(type, item->text) };
	}
	type->retired_states = made;
}

static bool letter_is_free(const struct load *load, struct str letter)
{
	const struct pack *pack = &load->whole->pack;
	for (size_t i = 0; i < pack->file_type_count; i++) {
		if (load->file_types[i].letter.p && str_eq(load->file_types[i].letter, letter))
			return false;
	}
	return true;
}

/* The shortest free beginning of the name, in capitals. */
static struct str make_letter(struct load *load, const struct yaml *node, struct str name)
{
	char *text = loader_alloc(load->loader, LETTERS_MAX + 1, 1);
	size_t n = 0;
	for (size_t i = 0; text && i < name.n && n < LETTERS_MAX; i++) {
		if (name.p[i] < 'a' || name.p[i] > 'z')
			continue;
		text[n++] = (char)(name.p[i] - 'a' + 'A');
		if (letter_is_free(load, (struct str){ text, n }))
			return (struct str){ text, n };
	}
	loader_error_key(load->loader, node,
	                 "file type %.*s has no letter of its own; give it one:"
	                 " letter: of one to three capitals",
	                 STR_ARG(name));
	return STR_NONE;
}

static void read_letters(struct load *load)
{
	const struct yaml *root = load->whole->roots[SECTION_FILES];
	struct pack_file_type *type = load->file_types;
	for (const struct yaml *node = root->first; node; node = node->next, type++) {
		const struct yaml *letter = member_of(node, "letter");
		if (!letter)
			continue;
		if (!letter_is_free(load, letter->text))
			loader_error_at(load->loader, letter,
			                "file type %.*s: letter %.*s is taken", STR_ARG(type->name),
			                STR_ARG(letter->text));
		type->letter = letter->text;
	}
	type = load->file_types;
	for (const struct yaml *node = root->first; node; node = node->next, type++) {
		if (!type->letter.p)
			type->letter = make_letter(load, node, type->name);
	}
}

/* Names and places of facts now, since conditions ask for them; their sources in load_facts. */
static void place_facts(struct load *load, const struct yaml *node, struct pack_file_type *type)
{
	struct pack_fact *facts = loader_alloc(load->loader, node ? node->count : 0, sizeof *facts);
	if (!facts || !node)
		return;
	for (const struct yaml *fact = node->first; fact; fact = fact->next) {
		facts[type->fact_count] =
			(struct pack_fact){ .number = type->fact_count, .name = fact->key };
		type->fact_count++;
	}
	type->facts = facts;
}

static void read_area(struct load *load, const struct yaml *node, struct pack_file_type *type)
{
	if (!node)
		return;
	if (str_starts(node->text, STR("field "))) {
		type->area = PACK_AREA_FIELD;
		type->area_name = str_sub(node->text, 6, node->text.n);
		return;
	}
	type->area = PACK_AREA_RELATION;
	type->area_name = node->text;
	(void)load_resolve(load, node, node->text, about_of(load, "file type", type->name),
	                   "relation", &load->whole->relations);
}

void load_file_types(struct load *load)
{
	struct pack_file_type *type = load->file_types;
	for (const struct yaml *node = load->whole->roots[SECTION_FILES]->first; node;
	     node = node->next) {
		type->title = text_of(node, "title");
		type->is_person = is_yes(node, "person");
		type->is_private = is_yes(node, "private");
		read_states(load, member_of(node, "states"), type);
		type->final = read_mask(load, member_of(node, "final"), "final", type);
		type->rests = read_mask(load, member_of(node, "rests"), "rests", type);
		if (type->rests & type->final)
			loader_error_at(load->loader, member_of(node, "rests"),
			                "file type %.*s: rests names a final state; expected states"
			                " in which a file is still open",
			                STR_ARG(type->name));
		read_retired(load, member_of(node, "retired-states"), type);
		read_area(load, member_of(node, "area"), type);
		place_facts(load, member_of(node, "facts"), type);
		type++;
	}
	read_letters(load);
}

static const struct pack_relation *read_not_with(struct load *load, const struct yaml *node,
                                                 struct str about)
{
	size_t number = node ? load_resolve(load, node, node->text, about, "relation",
	                                    &load->whole->relations)
	                     : SIZE_MAX;
	return number == SIZE_MAX ? NULL : &load->relations[number];
}

void load_relations(struct load *load)
{
	struct pack_relation *relation = load->relations;
	for (const struct yaml *node = load->whole->roots[SECTION_RELATIONS]->first; node;
	     node = node->next, relation++) {
		struct str about = about_of(load, "relation", node->key);
		relation->from = load_type_mask(load, member_of(node, "from"), about);
		relation->to = load_type_mask(load, member_of(node, "to"), about);
		relation->is_both_ways = is_yes(node, "both-ways");
		relation->is_apart = is_yes(node, "apart");
		relation->not_with = read_not_with(load, member_of(node, "not-with"), about);
		if (relation->is_both_ways && relation->from != relation->to)
			loader_error_key(load->loader, node,
			                 "%.*s goes both ways between different file types;"
			                 " expected from and to alike",
			                 STR_ARG(about));
	}
}

/* --- facts ----------------------------------------------------------------------------------- */

static bool is_never(const struct pack *pack, struct str name)
{
	for (size_t i = 0; i < pack->never_count; i++) {
		if (str_eq(pack->never[i], name))
			return true;
	}
	return false;
}

static void read_source(struct load *load, const struct yaml *node, struct str about,
                        const struct pack_file_type *type, struct pack_fact_source *out)
{
	size_t dot = node->text.n;
	while (dot > 0 && node->text.p[dot - 1] != '.')
		dot--;
	struct str name = str_sub(node->text, 0, dot > 0 ? dot - 1 : node->text.n);
	out->field = dot > 0 ? str_sub(node->text, dot, node->text.n) : STR_NONE;
	size_t number = load_resolve(load, node, name, about, "kind", &load->whole->kinds);
	if (number == SIZE_MAX)
		return;
	out->kind = &load->kinds[number];
	const struct pack_field *field = pack_field_find(out->kind, out->field);
	if (!field)
		loader_error_at(load->loader, node, "%.*s: %.*s has no field \"%.*s\"",
		                STR_ARG(about), STR_ARG(name), STR_ARG(str_sub(out->field, 0, 60)));
	else if (field->is_sealed || field->is_protected ||
	         is_never(&load->whole->pack, field->name))
		loader_error_at(load->loader, node,
		                "%.*s reads \"%.*s\", which is sealed; the machine opens no"
		                " seal (L10)",
		                STR_ARG(about), STR_ARG(node->text));
	if (!(out->kind->file_types >> type->number & 1))
		loader_error_at(load->loader, node, "%.*s: %.*s is never made on a %.*s",
		                STR_ARG(about), STR_ARG(name), STR_ARG(type->name));
}

static void check_code(struct load *load, const struct yaml *node, struct str about,
                       const struct pack_fact *fact, const char *where)
{
	for (size_t i = 0; i < fact->from_count; i++) {
		const struct pack_field *field =
			fact->from[i].kind
				? pack_field_find(fact->from[i].kind, fact->from[i].field)
				: NULL;
		const struct str *codes = NULL;
		size_t count = field ? load_codes(field, &codes, load->loader->errors_arena) : 0;
		bool is_there = !field || count == 0;
		for (size_t j = 0; j < count; j++)
			is_there = is_there || str_eq(codes[j], node->text);
		if (is_there)
			return;
		if (i + 1 == fact->from_count)
			loader_error_at(
				load->loader, node, "%.*s: %s names \"%.*s\"; no such code%.*s",
				STR_ARG(about), where, STR_ARG(str_sub(node->text, 0, 60)),
				STR_ARG(loader_nearest(load->loader, node->text, codes, count)));
	}
}

/* A code that the order leaves out would never count, however high it is meant. */
static void check_order(struct load *load, const struct yaml *order, struct str about,
                        const struct pack_fact *fact)
{
	for (size_t i = 0; i < fact->from_count; i++) {
		const struct pack_fact_source *from = &fact->from[i];
		const struct pack_field *field =
			from->kind ? pack_field_find(from->kind, from->field) : NULL;
		const struct str *codes = NULL;
		size_t count = field ? load_codes(field, &codes, load->loader->errors_arena) : 0;
		for (size_t j = 0; j < count; j++) {
			size_t n = 0;
			while (n < fact->order_count && !str_eq(fact->order[n], codes[j]))
				n++;
			if (n == fact->order_count)
				loader_error_at(load->loader, order,
				                "%.*s: order leaves out \"%.*s\", which %.*s.%.*s"
				                " may say; expected every code",
				                STR_ARG(about), STR_ARG(codes[j]),
				                STR_ARG(from->kind->name), STR_ARG(from->field));
		}
	}
}

static void read_keep(struct load *load, const struct yaml *node, struct str about,
                      struct pack_fact *fact)
{
	static const struct str KEEPS[] = {
		[PACK_KEEP_LAST] = { "last", 4 },
		[PACK_KEEP_FIRST] = { "first", 5 },
		[PACK_KEEP_HIGHEST] = { "highest", 7 },
		[PACK_KEEP_EVER] = { "ever", 4 },
	};
	struct str keep = text_of(node, "keep");
	for (size_t i = 0; i < COUNT_OF(KEEPS); i++) {
		if (str_eq(KEEPS[i], keep))
			fact->keep = (enum pack_keep)i;
	}
	const struct yaml *order = member_of(node, "order"), *value = member_of(node, "value");
	if ((fact->keep == PACK_KEEP_HIGHEST) != (order != NULL))
		loader_error_key(load->loader, order ? order : node,
		                 "%.*s: order goes with keep: highest, and"
		                 " keep: highest with an order",
		                 STR_ARG(about));
	if ((fact->keep == PACK_KEEP_EVER) != (value != NULL))
		loader_error_key(load->loader, value ? value : node,
		                 "%.*s: value goes with keep: ever, and"
		                 " keep: ever with a value",
		                 STR_ARG(about));
	struct str *codes = loader_alloc(load->loader, count_of(order), sizeof *codes);
	if (!codes)
		return;
	for (const struct yaml *item = order ? order->first : NULL; item; item = item->next) {
		check_code(load, item, about, fact, "order");
		codes[fact->order_count++] = item->text;
	}
	fact->order = codes;
	if (order && fact->keep == PACK_KEEP_HIGHEST)
		check_order(load, order, about, fact);
	if (value) {
		check_code(load, value, about, fact, "value");
		fact->value = value->text;
	}
}

static void read_fact(struct load *load, const struct yaml *node, const struct pack_file_type *type,
                      struct pack_fact *fact)
{
	struct str about = arena_format(load->loader->errors_arena, "fact %.*s of %.*s",
	                                STR_ARG(node->key), STR_ARG(type->name));
	const struct yaml *from = member_of(node, "from");
	struct pack_fact_source *sources =
		loader_alloc(load->loader, count_of(from), sizeof *sources);
	if (!sources)
		return;
	for (const struct yaml *item = from->first; item; item = item->next)
		read_source(load, item, about, type, &sources[fact->from_count++]);
	fact->from = sources;
	read_keep(load, node, about, fact);
	if (is_never(&load->whole->pack, fact->name))
		loader_error_key(load->loader, node,
		                 "%.*s has a name that no condition may ask for (L10)",
		                 STR_ARG(about));
}

void load_facts(struct load *load)
{
	struct pack_file_type *type = load->file_types;
	for (const struct yaml *node = load->whole->roots[SECTION_FILES]->first; node;
	     node = node->next, type++) {
		const struct yaml *facts = member_of(node, "facts");
		/* The array that place_facts made, seen writable again. */
		struct pack_fact *made = loader_alloc(load->loader, type->fact_count, sizeof *made);
		if (!made)
			return;
		size_t at = 0;
		for (const struct yaml *fact = facts ? facts->first : NULL; fact;
		     fact = fact->next, at++) {
			made[at] = type->facts[at];
			read_fact(load, fact, type, &made[at]);
		}
		type->facts = made;
	}
}
