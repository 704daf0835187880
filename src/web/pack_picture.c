/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A file type of a pack as a picture: in a page, and by itself for the command line. */
#include "web/pack_parts.h"

#include "web/mustache.h"
#include "web/web.h"

#define HEAD 8 /* long, of an arrow */
#define PICTURE_MAX ((size_t)4 << 20)

static struct json *state_model(struct arena *arena, const struct pack_drawing *drawing,
                                const struct pack_drawn_state *state)
{
	struct json *model = json_object(arena);
	int64_t left = state->x - drawing->state_width / 2;
	json_put_text(arena, model, STR("name"), state->title);
	json_put_bool(arena, model, STR("is_final"), state->is_final);
	json_put_bool(arena, model, STR("is_resting"), state->is_resting);
	json_put_integer(arena, model, STR("x"), state->x);
	json_put_integer(arena, model, STR("left"), left);
	json_put_integer(arena, model, STR("inner_left"), left + 4);
	return model;
}

static void put_head(struct arena *arena, struct json *heads, int64_t x, int64_t y, int64_t back)
{
	struct json *head = json_object(arena);
	json_put_text(arena, head, STR("points"),
	              arena_format(arena,
	                           "%" PRId64 ",%" PRId64 " %" PRId64 ",%" PRId64 " %" PRId64
	                           ",%" PRId64,
	                           x, y, x + back, y - HEAD / 2, x + back, y + HEAD / 2));
	json_push(heads, head);
}

static struct json *way_model(struct arena *arena, const struct pack_drawing *drawing,
                              const struct pack_drawn_way *way)
{
	struct json *model = json_object(arena), *dots = json_array(arena),
		    *heads = json_array(arena), *words = json_array(arena);
	int64_t to = drawing->states[way->to].x;
	for (size_t s = 0; s < drawing->state_count; s++) {
		if (!(way->from >> s & 1))
			continue;
		struct json *dot = json_object(arena);
		json_put_integer(arena, dot, STR("x"), drawing->states[s].x);
		json_push(dots, dot);
	}
	if (way->left < to)
		put_head(arena, heads, to, way->y, -HEAD);
	if (way->right > to)
		put_head(arena, heads, to, way->y, HEAD);
	for (size_t k = 0; k < way->count; k++) {
		struct json *word = json_object(arena);
		json_put_text(arena, word, STR("text"), way->kinds[k].label);
		json_put_integer(arena, word, STR("y"), way->words_y + (int64_t)k * drawing->line);
		json_push(words, word);
	}
	json_put_integer(arena, model, STR("left"), way->left);
	json_put_integer(arena, model, STR("right"), way->right);
	json_put_integer(arena, model, STR("y"), way->y);
	json_put_integer(arena, model, STR("words_x"), way->words_x);
	json_put(model, STR("dots"), dots);
	json_put(model, STR("heads"), heads);
	json_put(model, STR("words"), words);
	return model;
}

/* The same in a sentence a way, for those who hear it. */
static struct str description(struct arena *arena, const struct pack_drawing *drawing)
{
	struct buf text;
	buf_init(&text, PICTURE_MAX);
	for (size_t w = 0; w < drawing->way_count; w++) {
		const struct pack_drawn_way *way = &drawing->ways[w];
		const char *before = "From ";
		for (size_t s = 0; s < drawing->state_count; s++) {
			if (!(way->from >> s & 1))
				continue;
			buf_format(&text, "%s%.*s", before, STR_ARG(drawing->states[s].title));
			before = " or ";
		}
		buf_format(&text, "%s to %.*s by ", way->from ? "" : "Begins",
		           STR_ARG(drawing->states[way->to].title));
		for (size_t k = 0; k < way->count; k++)
			buf_format(&text, "%s%.*s", k ? ", " : "", STR_ARG(way->kinds[k].label));
		buf_add(&text, STR(". "));
	}
	struct str kept = arena_copy(arena, str_trim(buf_str(&text)));
	buf_finish(&text);
	return kept;
}

struct json *pack_picture(struct arena *arena, const struct pack_drawing *drawing)
{
	struct json *model = json_object(arena), *states = json_array(arena),
		    *ways = json_array(arena);
	for (size_t i = 0; i < drawing->state_count; i++)
		json_push(states, state_model(arena, drawing, &drawing->states[i]));
	for (size_t i = 0; i < drawing->way_count; i++)
		json_push(ways, way_model(arena, drawing, &drawing->ways[i]));
	json_put_text(arena, model, STR("title"),
	              arena_format(arena, "%.*s: its states and the ways between them",
	                           STR_ARG(drawing->type->title)));
	json_put_text(arena, model, STR("desc"), description(arena, drawing));
	json_put_integer(arena, model, STR("width"), drawing->width);
	json_put_integer(arena, model, STR("height"), drawing->height);
	json_put_integer(arena, model, STR("bottom"), drawing->height - 6);
	json_put_integer(arena, model, STR("state_width"), drawing->state_width);
	json_put_integer(arena, model, STR("state_height"), drawing->state_height);
	json_put_integer(arena, model, STR("state_bottom"), drawing->state_height + 2);
	json_put_integer(arena, model, STR("inner_width"), drawing->state_width - 8);
	json_put_integer(arena, model, STR("inner_height"), drawing->state_height - 8);
	json_put_integer(arena, model, STR("text_y"), drawing->state_height / 2 + 7);
	json_put(model, STR("states"), states);
	json_put(model, STR("ways"), ways);
	return model;
}

bool web_pack_picture(const struct pack *pack, struct str type, struct arena *arena,
                      struct str *out, struct err *err)
{
	CLEANUP(mustache_set_cleanup)
	struct mustache_set *set = mustache_set_create(MUSTACHE_STRICT);
	struct pack_drawing drawing;
	struct buf text;
	*out = STR_NONE;
	if (!set)
		return err_set(err, ERR_UNABLE, "There is no memory to draw a file type");
	if (!mustache_set_add_embedded(set, web_template_files, web_template_files_n, err) ||
	    !mustache_set_link(set, err) || !pack_draw(pack, arena, type, &drawing, err))
		return false;
	struct json *model = pack_picture(arena, &drawing);
	if (!json_complete(model))
		return err_set(err, ERR_UNABLE, "This file type is too large to draw");
	buf_init(&text, PICTURE_MAX);
	bool done = mustache_render(set, STR("pack/picture"), model, &text, err) &&
	            ((*out = arena_copy(arena, buf_str(&text))).p ||
	             err_set(err, ERR_UNABLE, "There is no memory to draw a file type"));
	buf_finish(&text);
	return done;
}
