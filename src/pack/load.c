/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Loading a pack: bytes and YAML (stage 1), form (2), names (3), layers (4),
 * rules that need no walk (5). A stage runs only if those before are clean.
 */
#include "pack/load.h"

#include <stdlib.h>

#include "pack/built_in.h"
#include "pack/compare.h"
#include "pack/form.h"

#define ERRORS_SHOWN 50

struct str text_of(const struct yaml *body, const char *key)
{
	const struct yaml *member = yaml_member(body, str_from_c(key));
	return member && member->type == YAML_SCALAR ? member->text : STR_NONE;
}

const struct yaml *member_of(const struct yaml *body, const char *key)
{
	return yaml_member(body, str_from_c(key));
}

bool is_yes(const struct yaml *body, const char *key)
{
	return str_eq(text_of(body, key), STR("yes"));
}

const struct yaml *first_of(const struct yaml *node)
{
	return node && node->type == YAML_SEQUENCE ? node->first : node;
}

const struct yaml *next_of(const struct yaml *node, const struct yaml *item)
{
	return node->type == YAML_SEQUENCE ? item->next : NULL;
}

size_t count_of(const struct yaml *node)
{
	return !node ? 0 : node->type == YAML_SEQUENCE ? node->count : 1;
}

struct str about_of(struct load *load, const char *what, struct str name)
{
	return arena_format(load->loader->errors_arena, "%s %.*s", what, STR_ARG(name));
}

struct str load_nearest(struct load *load, struct str name, const struct name_index *index)
{
	struct str *known = arena_alloc(load->loader->errors_arena, index->count, sizeof *known);
	if (!known)
		return STR_NONE;
	for (size_t i = 0; i < index->count; i++)
		known[i] = index->at[i].name;
	return loader_nearest(load->loader, name, known, index->count);
}

size_t load_resolve(struct load *load, const struct yaml *node, struct str name, struct str about,
                    const char *what, const struct name_index *index)
{
	size_t number = name_index_find(index, name);
	if (number == SIZE_MAX)
		loader_error_at(load->loader, node, "%.*s names %s \"%.*s\"; no such %s%.*s",
		                STR_ARG(about), what, STR_ARG(str_sub(name, 0, 80)), what,
		                STR_ARG(load_nearest(load, name, index)));
	return number;
}

const struct pack_cond *load_cond(struct load *load, const struct yaml *node, struct str about,
                                  const struct pack_kind *kind, uint64_t file_types,
                                  bool protects_when_true)
{
	load->loader->about = about;
	load->loader->saturates_to_true = protects_when_true;
	const struct pack_cond *cond = condition_read(load->loader, node, kind, file_types, false);
	load->loader->about = STR_NONE;
	load->loader->saturates_to_true = false;
	return cond;
}

uint64_t load_type_mask(struct load *load, const struct yaml *node, struct str about)
{
	uint64_t mask = 0;
	for (const struct yaml *item = first_of(node); item; item = next_of(node, item)) {
		size_t number = load_resolve(load, item, item->text, about, "file type",
		                             &load->whole->file_types);
		if (number != SIZE_MAX)
			mask |= UINT64_C(1) << number;
	}
	return mask;
}

bool load_state(struct load *load, const struct yaml *node, struct str about, const char *verb,
                uint64_t file_types)
{
	struct pack *pack = &load->whole->pack;
	size_t count = 0;
	for (size_t i = 0; i < pack->file_type_count; i++) {
		if (!(file_types >> i & 1))
			continue;
		if (pack_state_find(&pack->file_types[i], node->text) >= 0)
			return true;
		count += pack->file_types[i].state_count;
	}
	struct str *known = arena_alloc(load->loader->errors_arena, count, sizeof *known);
	size_t at = 0;
	for (size_t i = 0; known && i < pack->file_type_count; i++) {
		for (size_t j = 0; (file_types >> i & 1) && j < pack->file_types[i].state_count;
		     j++)
			known[at++] = pack->file_types[i].states[j];
	}
	loader_error_at(load->loader, node, "%.*s: %s names \"%.*s\"; no such state%.*s",
	                STR_ARG(about), verb, STR_ARG(str_sub(node->text, 0, 80)),
	                STR_ARG(loader_nearest(load->loader, node->text, known, at)));
	return false;
}

static bool is_clean(const struct loader *loader)
{
	return loader->error_count == 0 && !loader->out_of_memory;
}

/* --- places for everything ------------------------------------------------------------------- */

static bool index_section(struct load *load, const struct yaml *root, size_t extra,
                          const struct str *extra_names, struct name_index *out)
{
	size_t count = root->count + extra, at = 0;
	struct str *names = loader_alloc(load->loader, count, sizeof *names);
	if (!names)
		return false;
	for (const struct yaml *body = root->first; body; body = body->next)
		names[at++] = body->key;
	for (size_t i = 0; i < extra; i++)
		names[at++] = extra_names[i];
	if (name_index_make(load->loader->arena, names, count, out))
		return true;
	load->loader->out_of_memory = true;
	return false;
}

/* The pack's own kinds in their order, then the built-in ones in theirs. */
static bool place_kinds(struct load *load)
{
	const struct yaml *root = load->whole->roots[SECTION_KINDS];
	size_t most = root->count + built_in_kind_count(), count = 0;
	struct str *names = loader_alloc(load->loader, most, sizeof *names);
	load->kinds = loader_alloc(load->loader, most, sizeof *load->kinds);
	load->kind_nodes = loader_alloc(load->loader, most, sizeof *load->kind_nodes);
	if (!names || !load->kinds || !load->kind_nodes)
		return false;
	for (const struct yaml *body = root->first; body; body = body->next) {
		if (built_in_kind(body->key))
			continue;
		load->kind_nodes[count] = body;
		names[count++] = body->key;
	}
	for (size_t i = 0; i < built_in_kind_count(); i++) {
		names[count] = str_from_c(built_in_kind_at(i)->name);
		load->kind_nodes[count] = yaml_member(root, names[count]);
		load->kinds[count].is_built_in = true;
		load->kinds[count].says_nothing = built_in_kind_at(i)->by == BUILT_IN_BY_READER;
		count++;
	}
	for (size_t i = 0; i < count; i++) {
		load->kinds[i].number = i;
		load->kinds[i].name = names[i];
		if (load->kind_nodes[i])
			load->kinds[i].place = loader_place_key(load->loader, load->kind_nodes[i]);
	}
	load->whole->pack.kinds = load->kinds;
	load->whole->pack.kind_count = count;
	return name_index_make(load->loader->arena, names, count, &load->whole->kinds);
}

/* Gives a section its array of `count` + `extra` elements and walks its bodies. */
#define PLACE(array, model, section, index, extra, extra_names)                                    \
	do {                                                                                       \
		const struct yaml *root_ = whole->roots[section];                                  \
		load->array =                                                                      \
			loader_alloc(load->loader, root_->count + (extra), sizeof *load->array);   \
		if (!load->array ||                                                                \
		    !index_section(load, root_, extra, extra_names, &whole->index))                \
			return;                                                                    \
		whole->pack.array = load->array;                                                   \
		whole->pack.model = root_->count + (extra);                                        \
		size_t at_ = 0;                                                                    \
		for (const struct yaml *body_ = root_->first; body_; body_ = body_->next)          \
			load->array[at_++].name = body_->key;                                      \
	} while (0)

static void number_all(struct load *load)
{
	struct pack *pack = &load->whole->pack;
	size_t at = 0;
	for (size_t i = 0; i < pack->office_count; i++)
		load->offices[i].number = i;
	for (size_t i = 0; i < pack->file_type_count; i++)
		load->file_types[i].number = i;
	for (size_t i = 0; i < pack->relation_count; i++)
		load->relations[i].number = i;
	for (size_t i = 0; i < pack->duty_count; i++)
		load->duties[i].number = i;
	for (const struct yaml *body = load->whole->roots[SECTION_DUTIES]->first; body;
	     body = body->next)
		load->duties[at++].place = loader_place_key(load->loader, body);
	at = 0;
	for (const struct yaml *body = load->whole->roots[SECTION_LADDERS]->first; body;
	     body = body->next)
		load->ladders[at++].place = loader_place_key(load->loader, body);
	at = 0;
	for (const struct yaml *body = load->whole->roots[SECTION_GATES]->first; body;
	     body = body->next)
		load->gates[at++].place = loader_place_key(load->loader, body);
}

void load_names(struct load *load)
{
	static const struct str TYPES[] = { { "register", 8 }, { "office", 6 } };
	static const struct str DUTIES[] = { { "R01", 3 }, { "R02", 3 } };
	struct whole *whole = load->whole;
	struct pack *pack = &whole->pack;

	const struct yaml *files = whole->roots[SECTION_FILES];
	for (size_t i = 0; i < COUNT_OF(TYPES); i++) {
		const struct yaml *taken = yaml_member(files, TYPES[i]);
		if (taken)
			loader_error_key(load->loader, taken,
			                 "file type %.*s is built in; choose another name",
			                 STR_ARG(TYPES[i]));
	}
	if (files->count > 64 - COUNT_OF(TYPES))
		loader_error_key(load->loader, files, "found %zu file types; expected at most 62",
		                 files->count);
	if (load->loader->error_count)
		return;
	PLACE(agencies, agency_count, SECTION_AGENCIES, agencies, 0, NULL);
	PLACE(offices, office_count, SECTION_OFFICES, offices, 0, NULL);
	PLACE(lists, list_count, SECTION_LISTS, lists, 0, NULL);
	PLACE(file_types, file_type_count, SECTION_FILES, file_types, COUNT_OF(TYPES), TYPES);
	PLACE(relations, relation_count, SECTION_RELATIONS, relations, 0, NULL);
	PLACE(duties, duty_count, SECTION_DUTIES, duties, COUNT_OF(DUTIES), DUTIES);
	PLACE(ladders, ladder_count, SECTION_LADDERS, ladders, 0, NULL);
	PLACE(gates, gate_count, SECTION_GATES, gates, 0, NULL);
	PLACE(calendars, calendar_count, SECTION_CALENDARS, calendars, 0, NULL);
	if (!place_kinds(load)) {
		load->loader->out_of_memory = true;
		return;
	}
	built_in_duties(&load->duties[pack->duty_count - 2], &load->duties[pack->duty_count - 1]);
	built_in_register_type(&load->file_types[pack->file_type_count - 2],
	                       pack->file_type_count - 2);
	built_in_office_type(&load->file_types[pack->file_type_count - 1],
	                     pack->file_type_count - 1);
	pack->second_duty = &load->duties[pack->duty_count - 2];
	pack->read_duty = &load->duties[pack->duty_count - 1];
	pack->register_type = &load->file_types[pack->file_type_count - 2];
	pack->office_type = &load->file_types[pack->file_type_count - 1];
	number_all(load);
}

/* --- the stages ------------------------------------------------------------------------------ */

/* What pack.yaml extends must be what lies below it. */
static void check_extends(struct loader *loader, const struct yaml *head,
                          const struct pack_bytes *below)
{
	const struct yaml *extends = member_of(head, "extends");
	struct str said = extends && extends->type == YAML_SCALAR ? extends->text : STR_NONE;
	struct str found = below ? arena_format(loader->errors_arena, "%.*s %.*s",
	                                        STR_ARG(below->name), STR_ARG(below->version))
	                         : STR_NONE;
	if (str_eq(said, found))
		return;
	if (extends)
		loader_error_key(loader, extends, "extends \"%.*s\"; below it lies %.*s",
		                 STR_ARG(said), STR_ARG(below ? found : STR("nothing")));
	else
		loader_error_key(loader, head, "extends nothing; below it lies %.*s",
		                 STR_ARG(found));
}

/* Reads the layers from the lowest up and lays each upon those below. */
static void read_layers(struct loader *loader, const struct pack_bytes *bytes, int depth,
                        struct yaml *roots[SECTION_COUNT])
{
	struct yaml *over[SECTION_COUNT];
	if (depth > 4) {
		loader_error(loader, 1, 1, "more than 4 layers");
		return;
	}
	if (!bytes->below) {
		tree_read(loader, bytes, roots);
		if (is_clean(loader))
			check_extends(loader, roots[SECTION_PACK], NULL);
		return;
	}
	read_layers(loader, bytes->below, depth + 1, roots);
	if (!is_clean(loader))
		return;
	tree_read(loader, bytes, over);
	if (is_clean(loader))
		check_extends(loader, over[SECTION_PACK], bytes->below);
	for (size_t i = 0; i < SECTION_COUNT && !bytes->is_parsed && is_clean(loader); i++)
		layer_check_adding(loader, (enum section)i, compare_section_word((enum section)i),
		                   roots[i], over[i]);
	for (size_t i = 0; i < SECTION_COUNT && is_clean(loader); i++)
		layer_merge((enum section)i, roots[i], over[i]);
}

static void load_all(struct load *load)
{
	static void (*const STEPS[])(struct load *) = {
		load_zone,    load_lists,  load_calendars,  load_file_types, load_relations,
		load_offices, load_fields, load_facts,      load_tells,      load_ladders,
		load_duties,  load_gates,  load_kinds,      load_references, load_patterns,
		load_wakes,   load_words,  load_indicators, load_texts,      load_head,
	};
	load_names(load);
	if (!is_clean(load->loader))
		return;
	/* A name that leads nowhere leaves a hole; the others go on, so that all errors are told.
	 */
	for (size_t i = 0; i < COUNT_OF(STEPS) && !load->loader->out_of_memory; i++)
		STEPS[i](load);
}

static int run_stages(struct load *load, const struct pack_bytes *bytes, struct err *err)
{
	struct loader *loader = load->loader;
	read_layers(loader, bytes, 1, load->whole->roots);
	if (!is_clean(loader))
		return 1;
	if (!bytes->is_parsed)
		form_check(loader);
	if (!is_clean(loader))
		return 2;
	load_all(load);
	if (!is_clean(loader)) {
		bool is_layers = false;
		if (bytes->below && !layer_blame(loader, bytes, &is_layers, err))
			return 0;
		return is_layers ? 4 : 3;
	}
	if (bytes->below && !layer_check(loader, bytes, err))
		return 0;
	if (!is_clean(loader))
		return 4;
	load_rules(load);
	return 5;
}

static int by_place(const void *a, const void *b)
{
	const struct loader_line *left = a, *right = b;
	int order = str_compare(left->file, right->file);
	if (order == 0)
		order = left->line < right->line ? -1 : left->line > right->line;
	if (order == 0)
		order = left->column < right->column ? -1 : left->column > right->column;
	return order;
}

static void write_errors(struct loader *loader, int stage, struct pack_errors *errors)
{
	size_t shown = loader->line_count < ERRORS_SHOWN ? loader->line_count : ERRORS_SHOWN;
	struct str *lines = arena_alloc(loader->errors_arena, shown + 1, sizeof *lines);
	errors->stage = stage;
	if (!lines)
		return;
	if (loader->line_count)
		qsort(loader->lines, loader->line_count, sizeof *loader->lines, by_place);
	for (size_t i = 0; i < shown; i++) {
		const struct loader_line *line = &loader->lines[i];
		lines[i] =
			arena_format(loader->errors_arena, "%.*s:%d:%d: %.*s", STR_ARG(line->file),
		                     line->line, line->column, STR_ARG(line->text));
	}
	if (loader->error_count > shown) {
		lines[shown] = arena_format(loader->errors_arena, "and %zu more",
		                            loader->error_count - shown);
		shown++;
	}
	errors->lines = lines;
	errors->count = shown;
}

static struct whole *whole_create(void)
{
	struct arena *arena = arena_create(WHOLE_BYTES_MAX);
	struct whole *whole = arena ? arena_alloc(arena, 1, sizeof *whole) : NULL;
	if (!whole) {
		arena_destroy(arena);
		return NULL;
	}
	whole->arena = arena;
	return whole;
}

static void name_layers(struct load *load, const struct pack_bytes *below)
{
	struct pack *pack = &load->whole->pack;
	struct arena *arena = load->loader->arena;
	for (; below && pack->below_count < PACK_LAYERS_MAX; below = below->below)
		pack->below[pack->below_count++] =
			(struct pack_layer){ .name = arena_copy(arena, below->name),
			                     .version = arena_copy(arena, below->version) };
}

/* All layers at once: what the pack says follows from it. */
static struct hash sum_of(const struct pack_bytes *bytes)
{
	struct hash sum = bytes->hash;
	for (const struct pack_bytes *below = bytes->below; below; below = below->below) {
		uint8_t both[2 * HASH_SIZE];
		memcpy(both, sum.bytes, HASH_SIZE);
		memcpy(both + HASH_SIZE, below->hash.bytes, HASH_SIZE);
		sum = hash_of(str_from_bytes(both, sizeof both));
	}
	return sum;
}

bool pack_load(const struct pack_bytes *bytes, struct pack **out, struct arena *errors_arena,
               struct pack_errors *errors, struct err *err)
{
	struct whole *whole = whole_create();
	*out = NULL;
	*errors = (struct pack_errors){ 0 };
	*err = (struct err){ 0 };
	if (!whole)
		return err_set(err, ERR_UNABLE, "There is no memory to load the pack");
	struct loader loader = { .arena = whole->arena,
		                 .pack = &whole->pack,
		                 .whole = whole,
		                 .errors_arena = errors_arena,
		                 .file = bytes->shown_as };
	struct load load = { .loader = &loader, .whole = whole };
	whole->pack.hash = bytes->hash;
	whole->pack.sum = sum_of(bytes);
	name_layers(&load, bytes->below);
	int stage = run_stages(&load, bytes, err);
	if (stage > 0 && is_clean(&loader)) {
		*out = &whole->pack;
		return true;
	}
	if (loader.out_of_memory)
		(void)err_set(err, ERR_UNABLE, "The pack needs more than 64 MB of memory");
	else if (stage > 0)
		(void)err_set(err, ERR_INPUT, "The pack %.*s has %zu errors", STR_ARG(bytes->name),
		              loader.error_count);
	write_errors(&loader, stage, errors);
	pack_destroy(&whole->pack);
	return false;
}

void pack_destroy(struct pack *pack)
{
	if (!pack)
		return;
	struct whole *whole = (struct whole *)(void *)pack;
	zone_destroy(whole->zone);
	arena_destroy(whole->arena);
}
