/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Sets of templates, and the renderer.
 *
 * Invariants of rendering:
 * 1. Indentation is written at NODE_LINE alone, so that it never enters a
 *    value.
 * 2. Of several blocks that override one, the outermost wins: whoever is
 *    nearest to the page.
 * 3. Every descent (section, partial, parent, moved block) counts one of
 *    MUSTACHE_DEPTH_MAX, so that a template that names itself ends.
 */
#include "web/mustache.h"

#include "web/mustache_node.h"

#define ENDING ".mustache"
#define FOLDER_MAX 8 /* folders inside one another */

struct mustache_set {
	struct arena *arena;
	enum mustache_mode mode;
	bool is_linked;
	struct template *first;
	size_t count;
};

/* What a name is looked up in, innermost first. */
struct scope {
	const struct json *value;
	const struct scope *up;
};

/* The blocks written inside one {{<parent}}, outermost last. */
struct overrides {
	const struct template *template;
	size_t from, to;
	const struct overrides *up;
};

struct indent {
	struct str white;
	const struct indent *up;
};

/* Where rendering stands; copied and changed at each descent. */
struct spot {
	const struct template *template;
	const struct scope *scope;
	const struct overrides *overrides;
	const struct indent *indent;
	size_t dedent;
	unsigned depth;
};

struct rendering {
	enum mustache_mode mode;
	struct buf *out;
	bool skips_indent; /* the line was begun by the template around: write no indentation */
	struct err *err;
};

struct mustache_set *mustache_set_create(enum mustache_mode mode)
{
	struct arena *arena = arena_create(MUSTACHE_SET_BYTES_MAX);
	struct mustache_set *set = arena ? arena_alloc(arena, 1, sizeof *set) : NULL;
	if (!set) {
		arena_destroy(arena);
		return NULL;
	}
	*set = (struct mustache_set){ .arena = arena, .mode = mode };
	return set;
}

void mustache_set_destroy(struct mustache_set *set)
{
	if (set)
		arena_destroy(set->arena);
}

void mustache_set_cleanup(struct mustache_set **set)
{
	mustache_set_destroy(*set);
}

static const struct template *find_template(const struct mustache_set *set, struct str name)
{
	for (const struct template *t = set->first; t; t = t->next)
		if (str_eq(t->name, name))
			return t;
	return NULL;
}

bool mustache_set_has(const struct mustache_set *set, struct str name)
{
	return find_template(set, name) != NULL;
}

bool mustache_set_add(struct mustache_set *set, struct str name, struct str source, struct err *err)
{
	if (find_template(set, name))
		return err_set(err, ERR_INPUT, "template %.*s is there twice", STR_ARG(name));
	if (source.n > MUSTACHE_SOURCE_MAX || set->count == MUSTACHE_SET_COUNT_MAX)
		return err_set(err, ERR_UNABLE, "There is no room for template %.*s",
		               STR_ARG(name));
	if (!str_is_utf8(source))
		return err_set(err, ERR_INPUT, "template %.*s is not UTF-8", STR_ARG(name));
	struct template *fresh = arena_alloc(set->arena, 1, sizeof *fresh);
	struct str kept_name = arena_copy(set->arena, name);
	struct str kept_source = arena_copy(set->arena, source);
	if (!fresh || !kept_name.p || !kept_source.p)
		return err_set(err, ERR_UNABLE, "There is no room for template %.*s",
		               STR_ARG(name));
	if (!template_parse(set->arena, set->mode, kept_name, kept_source, fresh, err))
		return false;
	fresh->next = set->first;
	set->first = fresh;
	set->count++;
	set->is_linked = false;
	return true;
}

static struct str without_ending(struct str name)
{
	return str_sub(name, 0, name.n - (sizeof ENDING - 1));
}

bool mustache_set_add_embedded(struct mustache_set *set, const struct embed_file *files,
                               size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		struct str name = str_from_c(files[i].name);
		struct str source = str_from_bytes(files[i].bytes, files[i].size);
		if (str_ends(name, STR(ENDING)) &&
		    !mustache_set_add(set, without_ending(name), source, err))
			return false;
	}
	return true;
}

static bool add_file(struct mustache_set *set, struct arena *arena, const char *path,
                     struct str name, struct err *err)
{
	struct str source;
	if (!file_read(arena, path, MUSTACHE_SOURCE_MAX, &source, err))
		return false;
	return mustache_set_add(set, without_ending(name), source, err);
}

/* `prefix` is the folder's path below the first, with a slash behind it, or empty. */
static bool add_folder(struct mustache_set *set, struct arena *arena, const char *folder,
                       struct str prefix, unsigned depth, struct err *err)
{
	const struct str *names;
	size_t count;
	if (depth > FOLDER_MAX)
		return err_set(err, ERR_INPUT, "%s: folders of templates lie too deep", folder);
	if (!file_list(arena, folder, &names, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *leaf = str_to_c(arena, names[i]);
		const char *path = leaf ? file_join(arena, folder, leaf) : NULL;
		struct str name = arena_join(arena, (struct str[]){ prefix, names[i] }, 2);
		if (!path || !name.p)
			return err_set(err, ERR_UNABLE, "%s: too many templates", folder);
		if (file_is_folder(path)) {
			struct str inner = arena_join(arena, (struct str[]){ name, STR("/") }, 2);
			if (!inner.p)
				return err_set(err, ERR_UNABLE, "%s: too many templates", folder);
			if (!add_folder(set, arena, path, inner, depth + 1, err))
				return false;
			continue;
		}
		if (str_ends(name, STR(ENDING)) && !add_file(set, arena, path, name, err))
			return false;
	}
	return true;
}

bool mustache_set_add_folder(struct mustache_set *set, const char *folder, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(MUSTACHE_SET_BYTES_MAX);
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no memory for the templates");
	return add_folder(set, arena, folder, STR(""), 0, err);
}

bool mustache_set_link(struct mustache_set *set, struct err *err)
{
	for (struct template *t = set->first; t; t = t->next) {
		for (size_t i = 0; i < t->count; i++) {
			struct node *node = &t->nodes[i];
			if (node->type != NODE_PARTIAL && node->type != NODE_PARENT)
				continue;
			node->target = find_template(set, node->text);
			if (!node->target && set->mode == MUSTACHE_STRICT)
				return err_set(err, ERR_INPUT,
				               "template %.*s, line %u: there is no template %.*s",
				               STR_ARG(t->name), node->line, STR_ARG(node->text));
		}
	}
	set->is_linked = true;
	return true;
}

/* --- rendering -------------------------------------------------------------------------------- */

static struct str entity(char c)
{
	switch (c) {
	case '&':
		return STR("&amp;");
	case '<':
		return STR("&lt;");
	case '>':
		return STR("&gt;");
	case '"':
		return STR("&quot;");
	case '\'':
		return STR("&#39;");
	default:
		return STR_NONE;
	}
}

void mustache_escape(struct buf *out, struct str text)
{
	size_t begin = 0;
	for (size_t i = 0; i < text.n; i++) {
		struct str as = entity(text.p[i]);
		if (as.n == 0)
			continue;
		buf_add(out, str_sub(text, begin, i - begin));
		buf_add(out, as);
		begin = i + 1;
	}
	buf_add(out, str_sub(text, begin, text.n - begin));
}

static bool fault(const struct rendering *r, const struct spot *spot, const struct node *node,
                  const char *what)
{
	return err_set(r->err, ERR_FAULT, "template %.*s, line %u: %s: %.*s",
	               STR_ARG(spot->template->name), node->line, what, STR_ARG(node->text));
}

/*
 * Finds a name: its first part in the innermost scope that has it, the others
 * there and nowhere else. NULL: not there.
 */
static const struct json *look_up(const struct scope *scope, struct str name)
{
	if (str_eq(name, STR(".")))
		return scope->value;
	struct str rest = name, part;
	if (!str_cut(&rest, '.', &part))
		return NULL;
	const struct json *found = NULL;
	for (; scope && !found; scope = scope->up)
		found = json_member(scope->value, part);
	while (found && str_cut(&rest, '.', &part))
		found = json_member(found, part);
	return found;
}

static bool find_value(const struct rendering *r, const struct spot *spot, const struct node *node,
                       const struct json **out)
{
	*out = look_up(spot->scope, node->text);
	if (!*out && r->mode == MUSTACHE_STRICT)
		return fault(r, spot, node, "the model has no");
	return true;
}

static void put(const struct rendering *r, const struct node *node, struct str text)
{
	if (node->type == NODE_RAW)
		buf_add(r->out, text);
	else
		mustache_escape(r->out, text);
}

static bool render_variable(const struct rendering *r, const struct spot *spot,
                            const struct node *node)
{
	const struct json *value;
	if (!find_value(r, spot, node, &value))
		return false;
	if (!value)
		return true;
	switch (value->type) {
	case JSON_NULL:
		break;
	case JSON_FALSE:
		buf_add(r->out, STR("false"));
		break;
	case JSON_TRUE:
		buf_add(r->out, STR("true"));
		break;
	case JSON_INTEGER:
		buf_format(r->out, "%" PRId64, value->integer);
		break;
	case JSON_REAL:
	case JSON_STRING:
		put(r, node, value->string);
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		if (r->mode == MUSTACHE_STRICT)
			return fault(r, spot, node, "this is a list or an object, not text");
		break;
	}
	return true;
}

static void write_indent(struct buf *out, const struct indent *indent)
{
	if (!indent)
		return;
	write_indent(out, indent->up);
	buf_add(out, indent->white);
}

/* White space of the source, less what a moved block leaves behind. */
static struct str dedented(const struct spot *spot, struct str white)
{
	size_t less = spot->dedent < white.n ? spot->dedent : white.n;
	return str_sub(white, less, white.n - less);
}

static void render_line(struct rendering *r, const struct spot *spot, const struct node *node)
{
	if (!r->skips_indent && !node->is_blank)
		write_indent(r->out, spot->indent);
	r->skips_indent = false;
	buf_add(r->out, dedented(spot, node->text));
}

static bool render_range(struct rendering *r, const struct spot *spot, size_t from, size_t to);

static bool is_shown(const struct json *value)
{
	if (!value)
		return false;
	switch (value->type) {
	case JSON_NULL:
	case JSON_FALSE:
		return false;
	case JSON_STRING:
		return value->string.n > 0;
	case JSON_ARRAY:
		return value->count > 0;
	case JSON_TRUE:
	case JSON_INTEGER:
	case JSON_REAL:
	case JSON_OBJECT:
		break;
	}
	return true;
}

static bool render_section(struct rendering *r, const struct spot *spot, size_t at)
{
	const struct node *node = &spot->template->nodes[at];
	const struct json *value;
	if (!find_value(r, spot, node, &value))
		return false;
	struct spot inner = *spot;
	inner.depth++;
	if (is_shown(value) == (node->type == NODE_INVERTED))
		return true;
	if (node->type == NODE_INVERTED)
		return render_range(r, &inner, at + 1, node->end);
	bool is_list = value->type == JSON_ARRAY;
	for (const struct json *each = is_list ? value->first : value; each;
	     each = is_list ? each->next : NULL) {
		struct scope scope = { .value = each, .up = spot->scope };
		inner.scope = &scope;
		if (!render_range(r, &inner, at + 1, node->end))
			return false;
	}
	return true;
}

/* A partial, or a parent with the blocks that stand inside it. */
static bool render_partial(struct rendering *r, const struct spot *spot, size_t at)
{
	const struct node *node = &spot->template->nodes[at];
	if (!node->target)
		return true;
	struct indent indent = { .white = dedented(spot, node->indent), .up = spot->indent };
	struct overrides overrides = { spot->template, at + 1, node->end, spot->overrides };
	struct spot inner = *spot;
	inner.template = node->target;
	inner.indent = node->is_alone ? &indent : NULL;
	inner.dedent = 0;
	inner.depth++;
	if (node->type == NODE_PARENT)
		inner.overrides = &overrides;
	return render_range(r, &inner, 0, node->target->count);
}

/* The block of that name among those of the outermost parent that has one. */
static const struct node *find_override(const struct overrides *overrides, struct str name,
                                        const struct template **owner)
{
	const struct node *found = NULL;
	for (; overrides; overrides = overrides->up) {
		const struct node *nodes = overrides->template->nodes;
		for (size_t i = overrides->from; i < overrides->to; i = nodes[i].end) {
			if (nodes[i].type == NODE_BLOCK && str_eq(nodes[i].text, name)) {
				found = &nodes[i];
				*owner = overrides->template;
			}
		}
	}
	return found;
}

static bool render_block(struct rendering *r, const struct spot *spot, size_t at)
{
	const struct node *node = &spot->template->nodes[at];
	struct spot inner = *spot;
	inner.depth++;
	const struct node *other = find_override(spot->overrides, node->text, &inner.template);
	if (!other)
		return render_range(r, &inner, at + 1, node->end);
	struct indent indent = { .white = dedented(spot, node->indent), .up = spot->indent };
	inner.indent = &indent;
	inner.dedent = other->dedent;
	size_t from = (size_t)(other - inner.template->nodes) + 1;
	bool begins_line = from < other->end && (inner.template->nodes[from].type == NODE_LINE ||
	                                         inner.template->nodes[from].is_alone);
	if (node->is_alone && !begins_line)
		write_indent(r->out, &indent);
	r->skips_indent = !node->is_alone && begins_line;
	if (!render_range(r, &inner, from, other->end))
		return false;
	r->skips_indent = false;
	return true;
}

static bool render_node(struct rendering *r, const struct spot *spot, size_t at)
{
	const struct node *node = &spot->template->nodes[at];
	switch (node->type) {
	case NODE_LINE:
		render_line(r, spot, node);
		return true;
	case NODE_TEXT:
		buf_add(r->out, node->text);
		return true;
	case NODE_VARIABLE:
	case NODE_RAW:
		return render_variable(r, spot, node);
	case NODE_SECTION:
	case NODE_INVERTED:
		return render_section(r, spot, at);
	case NODE_PARTIAL:
	case NODE_PARENT:
		return render_partial(r, spot, at);
	case NODE_BLOCK:
		return render_block(r, spot, at);
	}
	return true;
}

static bool render_range(struct rendering *r, const struct spot *spot, size_t from, size_t to)
{
	const struct node *nodes = spot->template->nodes;
	if (spot->depth > MUSTACHE_DEPTH_MAX && from < to)
		return fault(r, spot, &nodes[from], "templates lie too deep inside one another");
	for (size_t i = from; i < to; i = nodes[i].end) {
		if (!render_node(r, spot, i))
			return false;
		if (r->out->full)
			return err_set(r->err, ERR_UNABLE, "This page is too large to show");
	}
	return true;
}

bool mustache_render(const struct mustache_set *set, struct str name, const struct json *model,
                     struct buf *out, struct err *err)
{
	const struct template *template = find_template(set, name);
	if (!template)
		return err_set(err, ERR_FAULT, "there is no template %.*s", STR_ARG(name));
	if (!set->is_linked)
		return err_set(err, ERR_FAULT, "the templates were not linked");
	struct rendering r = { .mode = set->mode, .out = out, .err = err };
	struct scope scope = { .value = model };
	struct spot spot = { .template = template, .scope = &scope };
	return render_range(&r, &spot, 0, template->count);
}
