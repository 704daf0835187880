/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* File types and lists in sentences. */
#include "pack/explain.h"

#include "pack/load.h"
#include "pack/phrase.h"

void explain_place(struct buf *out, const struct pack *pack, enum section section, struct str name)
{
	const struct whole *whole = whole_of(pack);
	const struct yaml *root = whole->roots[section];
	const struct yaml *node = root ? yaml_member(root, name) : NULL;
	struct str file = node ? whole_file_of(whole, node) : STR_NONE;
	if (file.n)
		buf_format(out, "%.*s:%d\n", STR_ARG(file),
		           node->key_line ? node->key_line : node->line);
}

static void say_states(struct buf *out, const char *said, const struct pack_file_type *type,
                       uint32_t mask, const char *none)
{
	const char *before = " ";
	buf_format(out, "%s", said);
	for (size_t i = 0; i < type->state_count; i++) {
		if (!(mask >> i & 1))
			continue;
		buf_format(out, "%s%.*s", before, STR_ARG(type->states[i]));
		before = ", ";
	}
	buf_format(out, "%s", mask ? "" : none);
}

static void say_fact(struct buf *out, const struct pack_fact *fact)
{
	static const char *const KEEPS[] = {
		[PACK_KEEP_LAST] = "the last answer of ",
		[PACK_KEEP_FIRST] = "the first answer of ",
		[PACK_KEEP_HIGHEST] = "the highest answer of ",
		[PACK_KEEP_EVER] = "whether it was ever answered so, of ",
	};
	buf_format(out, "The file remembers %.*s: %s", STR_ARG(fact->name), KEEPS[fact->keep]);
	for (size_t i = 0; i < fact->from_count; i++)
		buf_format(out, "%s\"%.*s\" of %.*s", i ? ", " : "", STR_ARG(fact->from[i].field),
		           STR_ARG(fact->from[i].kind->name));
	if (fact->keep == PACK_KEEP_EVER)
		buf_format(out, ": %.*s", STR_ARG(fact->value));
	for (size_t i = 0; i < fact->order_count; i++)
		buf_format(out, "%s%.*s",
		           i ? ", " : "; from low to high: ", STR_ARG(fact->order[i]));
	buf_add(out, STR(".\n"));
}

static void say_readers(struct buf *out, const struct pack *pack, const struct pack_file_type *type)
{
	const char *before = " ";
	buf_add(out, STR("It is private. It is read by"));
	for (size_t i = 0; i < pack->office_count; i++) {
		bool reads = false;
		for (size_t r = 0; r < pack->offices[i].read_count; r++)
			reads = reads || (pack->offices[i].reads[r].what >= PACK_READS_OWN &&
			                  pack_read_covers(&pack->offices[i].reads[r], type));
		if (!reads)
			continue;
		buf_format(out, "%s%.*s", before, STR_ARG(pack->offices[i].name));
		before = ", ";
	}
	buf_format(out, "%s, and written to by them and by whoever owes something there.\n",
	           *before == ',' ? "" : " nobody");
}

static void say_ways(struct buf *out, const struct pack_drawing *drawing)
{
	for (size_t w = 0; w < drawing->way_count; w++) {
		const struct pack_drawn_way *way = &drawing->ways[w];
		for (size_t k = 0; k < way->count; k++) {
			buf_format(out,
			           way->from ? "Moved by %.*s to %.*s" : "Begun by %.*s in %.*s",
			           STR_ARG(way->kinds[k].label),
			           STR_ARG(drawing->states[way->to].name));
			if (way->kinds[k].codes.n)
				buf_format(out, " if %.*s is %.*s", STR_ARG(way->kinds[k].field),
				           STR_ARG(way->kinds[k].codes));
			if (way->from)
				say_states(out, ", from", drawing->type, way->from, "");
			buf_add(out, STR(".\n"));
		}
	}
}

static void say_tell(struct buf *out, const struct pack_tell *tell)
{
	buf_format(out, "The head of its page tells the newest %.*s", STR_ARG(tell->kind->name));
	if (tell->field.p)
		buf_format(out, " whose %.*s is %.*s", STR_ARG(tell->field), STR_ARG(tell->code));
	buf_format(out, " (%.*s), or: %.*s.\n", STR_ARG(tell->title), STR_ARG(tell->none));
}

bool explain_file_type(struct buf *out, struct arena *arena, const struct pack *pack,
                       const struct pack_file_type *type, struct err *err)
{
	struct pack_drawing drawing;
	if (!pack_draw(pack, arena, type->name, &drawing, err))
		return false;
	buf_format(out, "%.*s %.*s, a file type; its files are numbered %.*s-1, %.*s-2 and on.\n",
	           STR_ARG(type->name), STR_ARG(type->title), STR_ARG(type->letter),
	           STR_ARG(type->letter));
	buf_format(out, "It begins in %.*s; it ", STR_ARG(type->states[0]));
	say_states(out, "ends in", type, type->final, " nothing: it stays open");
	buf_add(out, STR(".\n"));
	say_states(out, "The rest duty alone may be owed in", type, type->rests, " no state");
	buf_add(out, STR(".\n"));
	if (type->is_person)
		buf_add(out, STR("It is about a person.\n"));
	if (type->is_private)
		say_readers(out, pack, type);
	if (type->area != PACK_AREA_NONE)
		buf_format(out, "Whose offices answer for it is told by %s %.*s.\n",
		           type->area == PACK_AREA_FIELD ? "the field" : "the relation",
		           STR_ARG(type->area_name));
	for (size_t i = 0; i < type->retired_state_count; i++)
		buf_format(out, "What was %.*s before is %.*s now.\n",
		           STR_ARG(type->retired_states[i].old),
		           STR_ARG(type->states[type->retired_states[i].now]));
	for (size_t i = 0; i < type->fact_count; i++)
		say_fact(out, &type->facts[i]);
	for (size_t i = 0; i < type->tell_count; i++)
		say_tell(out, &type->tells[i]);
	say_ways(out, &drawing);
	explain_place(out, pack, SECTION_FILES, type->name);
	return true;
}

void explain_list(struct buf *out, const struct pack *pack, const struct pack_list *list)
{
	const char *before = "Asked in ";
	buf_format(out, "%.*s, a list of answers%s:\n", STR_ARG(list->name),
	           list->is_closed ? ", closed: a layer adds none" : "");
	for (size_t i = 0; i < list->count; i++) {
		const struct pack_code *code = &list->codes[i];
		buf_format(out, "  - %.*s: %.*s", STR_ARG(code->code), STR_ARG(code->title));
		if (code->retired.p)
			buf_format(out, " (retired %.*s%s%.*s)", STR_ARG(code->retired),
			           code->instead.p ? "; instead: " : "", STR_ARG(code->instead));
		buf_add_char(out, '\n');
	}
	for (size_t k = 0; k < pack->kind_count; k++) {
		for (size_t f = 0; f < pack->kinds[k].field_count; f++) {
			if (pack->kinds[k].fields[f].list != list)
				continue;
			buf_format(out, "%s\"%.*s\" of %.*s", before,
			           STR_ARG(pack->kinds[k].fields[f].name),
			           STR_ARG(pack->kinds[k].name));
			before = ", ";
		}
	}
	buf_format(out, "%s.\n", *before == ',' ? "" : "Asked nowhere by itself");
	explain_place(out, pack, SECTION_LISTS, list->name);
}
