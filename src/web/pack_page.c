/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One element of the pack in sentences; a file type with its picture; a pack that waits. */
#include "web/admin.h"
#include "web/pack_parts.h"

struct str pack_href(struct arena *arena, struct str name)
{
	return arena_format(arena, "/pack/%.*s", STR_ARG(name));
}

/* --- sentences -------------------------------------------------------------------------------- */

/* Lines as pack_explain gives them: one that is set in goes with the one before it, and one that is
 * set in further goes on with it. */
static struct json *sentences(struct arena *arena, struct str text)
{
	struct json *blocks = json_array(arena), *items = NULL, *item = NULL;
	struct str line;
	while (text.n && str_cut(&text, '\n', &line)) {
		size_t blanks = 0;
		while (blanks < line.n && line.p[blanks] == ' ')
			blanks++;
		struct str words = str_sub(line, blanks, line.n);
		if (str_starts(words, STR("- ")))
			words = str_sub(words, 2, words.n);
		if (!words.n)
			continue;
		if (blanks > 2 && item) {
			item->string = arena_format(arena, "%.*s %.*s", STR_ARG(item->string),
			                            STR_ARG(words));
		} else if (blanks > 0 && items) {
			item = json_string(arena, words);
			json_push(items, item);
		} else {
			struct json *block = json_object(arena);
			items = json_array(arena);
			item = NULL;
			json_put_text(arena, block, STR("text"), words);
			json_put(block, STR("items"), items);
			json_push(blocks, block);
		}
	}
	for (struct json *block = blocks->first; block; block = block->next)
		json_put_bool(arena, block, STR("has_items"),
		              json_member(block, STR("items"))->count > 0);
	return blocks;
}

/* --- a file type ------------------------------------------------------------------------------ */

static void put_way(struct arena *arena, const struct pack_drawing *drawing,
                    const struct pack_drawn_way *way, const struct pack_drawn_kind *kind,
                    struct json *rows)
{
	struct json *row = json_object(arena);
	struct str from = STR("");
	for (size_t s = 0; s < drawing->state_count; s++)
		if (way->from >> s & 1)
			from = arena_format(arena, "%.*s%s%.*s", STR_ARG(from), from.n ? ", " : "",
			                    STR_ARG(drawing->states[s].title));
	json_put_text(arena, row, STR("from"), from.n ? from : STR("It begins"));
	json_put_text(arena, row, STR("to"), drawing->states[way->to].title);
	json_put_text(arena, row, STR("name"), kind->kind->name);
	json_put_text(arena, row, STR("href"), pack_href(arena, kind->kind->name));
	json_put_text(arena, row, STR("title"), kind->kind->title);
	json_put_text(arena, row, STR("when"),
	              kind->codes.n ? arena_format(arena, "%.*s is %.*s", STR_ARG(kind->field),
	                                           STR_ARG(kind->codes))
	                            : STR(""));
	json_put_text(arena, row, STR("gates"), kind->gates);
	json_push(rows, row);
}

static bool put_drawing(struct arena *arena, const struct pack *pack, struct str name,
                        struct json *model, struct err *err)
{
	struct pack_drawing drawing;
	struct json *drawn = json_object(arena), *ways = json_array(arena),
		    *states = json_array(arena);
	if (!pack_file_type_find(pack, name)) {
		json_put(model, STR("drawn"), json_null(arena));
		return true;
	}
	if (!pack_draw(pack, arena, name, &drawing, err))
		return false;
	for (size_t w = 0; w < drawing.way_count; w++)
		for (size_t k = 0; k < drawing.ways[w].count; k++)
			put_way(arena, &drawing, &drawing.ways[w], &drawing.ways[w].kinds[k], ways);
	for (size_t s = 0; s < drawing.state_count; s++) {
		struct json *state = json_object(arena);
		json_put_text(arena, state, STR("name"), drawing.states[s].title);
		json_put_bool(arena, state, STR("is_final"), drawing.states[s].is_final);
		json_put_bool(arena, state, STR("is_resting"), drawing.states[s].is_resting);
		json_push(states, state);
	}
	json_put(drawn, STR("picture"), pack_picture(arena, &drawing));
	json_put(drawn, STR("state_rows"), states);
	json_put(drawn, STR("way_rows"), ways);
	json_put(model, STR("drawn"), drawn);
	return true;
}

/* What it is called, behind its name: the title, where it has one. */
static struct str title_of(const struct pack *pack, struct str name)
{
	const struct pack_kind *kind = pack_kind_find(pack, name);
	const struct pack_duty *duty = pack_duty_find(pack, name);
	const struct pack_gate *gate = pack_gate_find(pack, name);
	const struct pack_office *office = pack_office_find(pack, name);
	const struct pack_file_type *type = pack_file_type_find(pack, name);
	if (kind)
		return kind->title;
	if (duty)
		return duty->title;
	if (gate)
		return gate->title;
	if (type)
		return type->title;
	for (size_t i = 0; i < pack->pattern_count; i++)
		if (str_eq(pack->patterns[i].name, name))
			return pack->patterns[i].title;
	return office ? office->title : STR("");
}

/* Its first sentence says no more than the heading does. */
static struct str without_heading(struct str text, struct str name, struct str title)
{
	struct str line, rest = text;
	if (!str_cut(&rest, '\n', &line) || !str_starts(line, name) ||
	    line.n != name.n + title.n + 2 || !str_starts(str_sub(line, name.n + 1, line.n), title))
		return text;
	return rest;
}

bool pack_element_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct arena *arena = request->arena;
	const struct pack *pack = casebook_pack(site_book(request));
	struct str name = web_param(request, STR("element")), text;
	struct json *model;
	if (!pack_explain(pack, arena, name, &text, err))
		return err->code == ERR_ABSENT
		               ? err_set(err, ERR_ABSENT, "The rules in force have no such part")
		               : false;
	struct str title = title_of(pack, name);
	struct str heading =
		title.n ? arena_format(arena, "%.*s: %.*s", STR_ARG(name), STR_ARG(title)) : name;
	if (title.n && pack_file_type_find(pack, name))
		heading = arena_format(arena, "Type of file: %.*s", STR_ARG(title));
	struct page_head head = { .page = STR("pack"), .title = heading, .back = STR("/pack") };
	if (!practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err) ||
	    !put_drawing(arena, pack, name, model, err))
		return false;
	json_put_text(arena, model, STR("name"), name);
	json_put(model, STR("sentences"), sentences(arena, without_heading(text, name, title)));
	return page_answer(request, answer, STR("admin/pack-element"), model, err);
}

/* --- a pack that waits ------------------------------------------------------------------------ */

bool pack_proposed_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("pack"),
		                  .title = STR("Rules that are proposed"),
		                  .back = STR("/pack") };
	struct arena *arena = request->arena;
	const struct pack *pack = casebook_pack(site_book(request));
	struct casebook_reader *reader;
	struct casebook_proposal proposal;
	struct json *model, *changes = json_array(arena);
	uint64_t index;
	if (!str_to_u64(web_param(request, STR("n")), INT64_MAX, &index))
		return err_set(err, ERR_ABSENT, "No pack waits under that number");
	if (!practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err) ||
	    !site_reader(request, &reader, err) ||
	    !casebook_pack_proposed(reader, arena, (int64_t)index, &proposal, err))
		return false;
	for (size_t i = 0; i < proposal.count; i++)
		json_push(changes, json_string(arena, proposal.changes[i]));
	json_put_text(arena, model, STR("name"), proposal.name);
	json_put_text(arena, model, STR("version"), proposal.version);
	json_put_text(
		arena, model, STR("in_force"),
		arena_format(arena, "%.*s %.*s", STR_ARG(pack->name), STR_ARG(pack->version)));
	json_put_text(arena, model, STR("hash"), json_text(proposal.entry.plain, STR("hash")));
	json_put(model, STR("at"), page_time(request, proposal.entry.recorded));
	json_put_text(arena, model, STR("answer_href"),
	              proposal.is_open
	                      ? arena_format(arena, "/files/R-1/second.given?of=%" PRIu64, index)
	                      : STR(""));
	json_put(model, STR("changes"), changes);
	return page_answer(request, answer, STR("admin/pack-proposed"), model, err);
}
