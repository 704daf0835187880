/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is printed of a demo, kept in DIR/demo.json so that it can be printed again. */
#include "cli/demo.h"

#define KEPT_NAME "demo.json"
#define KEPT_BYTES ((size_t)64 << 10)
#define KEPT_DEPTH 4

static struct json *persona_json(struct arena *arena, const struct demo_persona *persona)
{
	struct json *one = json_object(arena);
	json_put_text(arena, one, STR("title"), persona->title);
	json_put_text(arena, one, STR("name"), persona->name);
	json_put_text(arena, one, STR("person"), persona->person);
	json_put_text(arena, one, STR("secret"), persona->secret);
	return one;
}

static struct json *code_json(struct arena *arena, const struct demo_code *code)
{
	struct json *one = json_object(arena);
	json_put_text(arena, one, STR("code"), code->code);
	json_put_text(arena, one, STR("number"), code->number);
	json_put_text(arena, one, STR("what"), code->what);
	return one;
}

bool demo_save(const char *dir, const struct demo_made *made, struct arena *arena, struct err *err)
{
	const char *path = file_join(arena, dir, KEPT_NAME);
	struct json *whole = json_object(arena), *personas = json_array(arena),
		    *codes = json_array(arena);
	struct buf text;
	for (size_t i = 0; i < DEMO_PERSONAS; i++)
		json_push(personas, persona_json(arena, &made->personas[i]));
	for (size_t i = 0; i < DEMO_CODES; i++)
		json_push(codes, code_json(arena, &made->codes[i]));
	json_put_integer(arena, whole, STR("people"), made->people);
	json_put_integer(arena, whole, STR("accounts"), made->accounts);
	json_put_integer(arena, whole, STR("concerns"), made->concerns);
	json_put(whole, STR("personas"), personas);
	json_put(whole, STR("codes"), codes);
	buf_init(&text, KEPT_BYTES);
	json_write(&text, whole);
	bool done = path && !text.full ? file_write(path, 0600, buf_str(&text), err)
	                               : err_set(err, ERR_UNABLE,
	                                         "There is no memory to keep the demo's sign-ins");
	buf_finish(&text);
	return done;
}

static size_t read_list(const struct json *whole, struct str name, const struct json **items,
                        size_t most)
{
	const struct json *list = json_member(whole, name);
	size_t count = 0;
	for (const struct json *item = list ? list->first : NULL; item && count < most;
	     item = item->next)
		items[count++] = item;
	return count;
}

bool demo_load(const char *dir, struct demo_made *out, struct arena *arena, struct err *err)
{
	const char *path = file_join(arena, dir, KEPT_NAME);
	const struct json *whole, *personas[DEMO_PERSONAS], *codes[DEMO_CODES];
	struct str text;
	*out = (struct demo_made){ 0 };
	if (!path)
		return err_set(err, ERR_UNABLE, "There is no memory to read the demo's sign-ins");
	if (!file_read(arena, path, KEPT_BYTES, &text, err) ||
	    !json_read(arena, text, KEPT_DEPTH, &whole, err))
		return false;
	if (read_list(whole, STR("personas"), personas, DEMO_PERSONAS) < DEMO_PERSONAS ||
	    read_list(whole, STR("codes"), codes, DEMO_CODES) < DEMO_CODES)
		return err_set(err, ERR_INPUT,
		               "%s is not what a demo keeps; make the demo anew in another folder",
		               path);
	for (size_t i = 0; i < DEMO_PERSONAS; i++)
		out->personas[i] = (struct demo_persona){ json_text(personas[i], STR("title")),
			                                  json_text(personas[i], STR("name")),
			                                  json_text(personas[i], STR("person")),
			                                  json_text(personas[i], STR("secret")) };
	for (size_t i = 0; i < DEMO_CODES; i++)
		out->codes[i] = (struct demo_code){ json_text(codes[i], STR("code")),
			                            json_text(codes[i], STR("number")),
			                            json_text(codes[i], STR("what")) };
	out->people = json_number(whole, STR("people"), 0);
	out->accounts = json_number(whole, STR("accounts"), 0);
	out->concerns = json_number(whole, STR("concerns"), 0);
	return true;
}
