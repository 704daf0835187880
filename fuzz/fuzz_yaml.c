/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * YAML that was read, written in brackets and quotes, reads as the same. Every
 * node and every error has a place inside the text.
 */
#include "target.h"

#include "base/base.h"

#define ROOM ((size_t)64 * 1024 * 1024)
#define NODES 200000

/* libfyaml 0.7.12 loses 4 KiB of its own on some good quoted scalars, e.g. fifty '' in one. Leaks
 * of ours are still seen. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfyaml";
}

static void write_node(struct buf *out, const struct yaml *node)
{
	if (node->type == YAML_SCALAR) {
		json_write_string(out, node->text);
		return;
	}
	bool mapping = node->type == YAML_MAPPING;
	buf_add_char(out, mapping ? '{' : '[');
	for (const struct yaml *child = node->first; child; child = child->next) {
		if (child != node->first)
			buf_add(out, STR(", "));
		if (mapping) {
			json_write_string(out, child->key);
			buf_add(out, STR(": "));
		}
		write_node(out, child);
	}
	buf_add_char(out, mapping ? '}' : ']');
}

static bool is_same(const struct yaml *a, const struct yaml *b)
{
	if (a->type != b->type || a->count != b->count || !str_eq(a->text, b->text))
		return false;
	const struct yaml *x = a->first, *y = b->first;
	for (; x && y; x = x->next, y = y->next)
		if (!str_eq(x->key, y->key) || !is_same(x, y))
			return false;
	return !x && !y;
}

static bool is_inside(struct str text, int line, int column)
{
	size_t at = 0;
	if (line < 1 || column < 1)
		return false;
	for (; line > 1 && at <= text.n; line--)
		at += str_find(str_sub(text, at, text.n), '\n') + 1;
	return at <= text.n && (size_t)column <= str_find(str_sub(text, at, text.n), '\n') + 1;
}

static void look_at_places(struct str text, const struct yaml *node)
{
	MUST_HOLD(is_inside(text, node->line, node->column));
	for (const struct yaml *child = node->first; child; child = child->next) {
		if (node->type == YAML_MAPPING)
			MUST_HOLD(is_inside(text, child->key_line, child->key_column));
		look_at_places(text, child);
	}
}

/* Only what YAML lets stand raw between quotes: others come from escapes. */
static bool holds_delete(struct str written)
{
	return str_find(written, 0x7f) < written.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_create(ROOM);
	struct str text = str_from_bytes(data, size);
	const struct yaml *root, *again;
	const struct yaml_error *errors;
	struct buf out;

	buf_init(&out, YAML_FILE_MAX);
	if (yaml_read(arena, text, NODES, &root, &errors)) {
		MUST_HOLD(!errors);
		look_at_places(text, root);
		write_node(&out, root);
		if (!out.full && !holds_delete(buf_str(&out))) {
			MUST_HOLD(yaml_read(arena, buf_str(&out), NODES, &again, &errors));
			MUST_HOLD(is_same(root, again));
		}
	} else {
		MUST_HOLD(errors);
		for (; errors; errors = errors->next)
			MUST_HOLD(errors->what.n > 0 &&
			          is_inside(text, errors->line, errors->column));
	}
	buf_finish(&out);
	arena_destroy(arena);
	return 0;
}
