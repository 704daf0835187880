/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * YAML by libfyaml, from its events: nothing recurses, nothing is resolved,
 * and what is refused is refused where it stands.
 *
 * 1. libfyaml lets NUL, bad UTF-8 and second documents pass: the bytes are
 *    looked over before it sees them, and events are read to the end.
 * 2. Its columns count characters and its marks of quoted and block scalars
 *    point behind the opening: places are reckoned here from byte positions.
 */
#include "base/yaml.h"

#include <stdlib.h>

#include <libfyaml.h>

#define ERRORS_MAX 200 /* more are not collected */
#define SHOWN_MAX 60   /* bytes of a key or scalar quoted in a message */
#define DECORATION "anchors, aliases and tags are not used in packs"

static const struct yaml_error NO_ROOM = {
	.line = 1, .column = 1, .what = { "too large to read", 17 }, .next = NULL
};

/* A mapping or sequence that is still open. */
struct open {
	struct yaml *node;
	size_t at; /* its first byte */
	bool flow;
	bool has_key; /* the key is read, its value comes next */
	struct str key;
	size_t key_at;
};

struct reader {
	struct arena *arena;
	struct str text;
	size_t nodes_left;
	struct yaml *root;
	struct open stack[YAML_DEPTH_MAX];
	size_t depth;
	size_t behind; /* byte behind the last token that was taken */
	bool no_room;
	bool document_seen;
	bool end_seen;
	struct yaml_error *errors;
	size_t error_count;
	/* The line that was last asked for. */
	size_t line_from;
	size_t looked_at; /* no line ends from line_from to here */
	int line;
};

/* Remembers where it last was, for one line can hold all of a file. */
static void place(struct reader *reader, size_t at, int *line, int *column)
{
	const char *p = reader->text.p;
	if (at > reader->text.n)
		at = reader->text.n;
	while (reader->line_from > at) {
		do
			reader->line_from--;
		while (reader->line_from > 0 && p[reader->line_from - 1] != '\n');
		reader->line--;
		reader->looked_at = reader->line_from;
	}
	for (; reader->looked_at < at; reader->looked_at++) {
		if (p[reader->looked_at] != '\n')
			continue;
		reader->line_from = reader->looked_at + 1;
		reader->line++;
	}
	*line = reader->line;
	*column = (int)(at - reader->line_from) + 1;
}

static void add_error(struct reader *reader, int line, int column, struct str what)
{
	if (reader->error_count == ERRORS_MAX)
		return;
	struct yaml_error *made = arena_alloc(reader->arena, 1, sizeof *made);
	if (!made || !what.p) {
		reader->no_room = true;
		return;
	}
	*made = (struct yaml_error){ .line = line, .column = column, .what = what };
	struct yaml_error **at = &reader->errors;
	while (*at && ((*at)->line < line || ((*at)->line == line && (*at)->column <= column)))
		at = &(*at)->next;
	made->next = *at;
	*at = made;
	reader->error_count++;
}

/* Answers false, so that a step that must stop can end with it. */
static bool refuse(struct reader *reader, size_t at, struct str what)
{
	int line, column;
	place(reader, at, &line, &column);
	add_error(reader, line, column, what);
	return false;
}

/* `text` cut to what a message can hold, at a whole character. */
static struct str shown(struct str text)
{
	size_t n = text.n < SHOWN_MAX ? text.n : SHOWN_MAX;
	while (n < text.n && n > 0 && ((unsigned char)text.p[n] & 0xc0) == 0x80)
		n--;
	return str_sub(text, 0, n);
}

/* --- bytes ----------------------------------------------------------------------------------- */

/* What libfyaml would let pass, or say less plainly. Stops at the first. */
static bool bytes_are_good(struct reader *reader)
{
	struct str text = reader->text;
	/* fresh: behind nothing but blanks since the line, or one of -?:,[{, began. */
	bool indent = true, fresh = true, directives = true, line_start = true;

	if (text.n > YAML_FILE_MAX)
		return refuse(reader, 0, STR("larger than 2 MB"));
	if (!str_is_utf8(text)) {
		/* The longest good beginning, to say where: whole lines are good or bad. */
		size_t at = 0;
		for (;;) {
			size_t line = str_find(str_sub(text, at, text.n), '\n');
			if (!str_is_utf8(str_sub(text, at, line)) || at + line >= text.n)
				break;
			at += line + 1;
		}
		return refuse(reader, at, STR("bytes on this line are not UTF-8"));
	}
	if (str_starts(text, STR("\xef\xbb\xbf")))
		return refuse(reader, 0, STR("a byte order mark; take it away"));
	for (size_t at = 0; at < text.n; at++) {
		unsigned char c = (unsigned char)text.p[at];
		if (c == '\n') {
			indent = fresh = line_start = true;
			continue;
		}
		if (c == '\t' && indent)
			return refuse(reader, at, STR("a tab as indent; use blanks"));
		/* libfyaml 0.7.12 loses its count of indents at "? a:<tab>?" and writes out of
		 * bounds. */
		if (c == '\t' && fresh)
			return refuse(reader, at, STR("a tab where a word may begin; use blanks"));
		if (c == '\r')
			return refuse(reader, at, STR("a carriage return; end lines in LF"));
		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return refuse(reader, at, STR("a control character"));
		if (c == '%' && line_start && directives)
			return refuse(reader, at, STR("directives are not used in packs"));
		if (c == '#' && indent) {
			at += str_find(str_sub(text, at, text.n), '\n') - 1;
			continue;
		}
		line_start = false;
		indent = indent && c == ' ';
		fresh = c == ' ' ? fresh : strchr("-?:,[{", c) != NULL;
		directives = directives && indent;
	}
	return true;
}

/* --- places ---------------------------------------------------------------------------------- */

static size_t start_of(struct reader *reader, struct fy_token *token)
{
	const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;
	return mark ? mark->input_pos : reader->behind;
}

static size_t end_of(struct reader *reader, struct fy_token *token)
{
	const struct fy_mark *mark = token ? fy_token_end_mark(token) : NULL;
	return mark ? mark->input_pos : reader->behind;
}

/* The byte before `at` when it is `mark`: libfyaml's marks stand behind & * and quotes. */
static size_t with_mark(struct reader *reader, size_t at, const char *marks)
{
	bool there = at > 0 && at <= reader->text.n && reader->text.p[at - 1] &&
	             strchr(marks, reader->text.p[at - 1]);
	return there ? at - 1 : at;
}

/* First byte behind the last token that is one of `wanted`, passing blanks, comments and
 * indicators; `otherwise` when something else stands there. */
static size_t find_ahead(struct reader *reader, const char *wanted, size_t otherwise)
{
	struct str text = reader->text;
	for (size_t at = reader->behind; at < text.n; at++) {
		char c = text.p[at];
		if (strchr(wanted, c))
			return at;
		if (c == '#') {
			at += str_find(str_sub(text, at, text.n), '\n');
			continue;
		}
		if (!strchr(" \t\n:-?,]}\"'", c))
			break;
	}
	return otherwise;
}

static size_t scalar_place(struct reader *reader, struct fy_token *token)
{
	size_t at = start_of(reader, token);
	switch (fy_token_scalar_style(token)) {
	case FYSS_SINGLE_QUOTED:
	case FYSS_DOUBLE_QUOTED:
		return with_mark(reader, at, "'\"");
	case FYSS_LITERAL:
	case FYSS_FOLDED:
		return find_ahead(reader, "|>", at);
	case FYSS_ANY:
	case FYSS_PLAIN:
	case FYSS_MAX:
		break;
	}
	return at;
}

/* Whether a question mark stands before the key at `at`, alone but for indicators. */
static bool key_is_explicit(struct reader *reader, size_t at)
{
	const char *p = reader->text.p;
	while (at > 0 && (p[at - 1] == ' ' || p[at - 1] == '\t' || p[at - 1] == '\n'))
		at--;
	if (at == 0 || p[at - 1] != '?')
		return false;
	at--;
	while (at > 0 && p[at - 1] == ' ')
		at--;
	return at == 0 || strchr("\n-{[,:?", p[at - 1]) != NULL;
}

/* --- the tree -------------------------------------------------------------------------------- */

static struct open *top(struct reader *reader)
{
	return reader->depth ? &reader->stack[reader->depth - 1] : NULL;
}

static bool wants_key(struct reader *reader)
{
	struct open *open = top(reader);
	return open && open->node->type == YAML_MAPPING && !open->has_key;
}

static bool in_flow(struct reader *reader)
{
	struct open *open = top(reader);
	return open && open->flow;
}

/* A node at `at`, hung under what is open. NULL: limit or arena. */
static struct yaml *add_node(struct reader *reader, enum yaml_type type, size_t at)
{
	if (reader->nodes_left == 0) {
		refuse(reader, at, STR("too many values in one file"));
		return NULL;
	}
	reader->nodes_left--;
	struct yaml *made = arena_alloc(reader->arena, 1, sizeof *made);
	if (!made) {
		reader->no_room = true;
		return NULL;
	}
	made->type = type;
	place(reader, at, &made->line, &made->column);
	struct open *open = top(reader);
	if (!open) {
		reader->root = made;
		return made;
	}
	if (open->has_key) {
		made->key = open->key;
		place(reader, open->key_at, &made->key_line, &made->key_column);
		open->has_key = false;
	}
	if (open->node->last)
		open->node->last->next = made;
	else
		open->node->first = made;
	open->node->last = made;
	open->node->count++;
	return made;
}

static void refuse_decoration(struct reader *reader, struct fy_token *anchor, struct fy_token *tag)
{
	if (anchor)
		refuse(reader, with_mark(reader, start_of(reader, anchor), "&"), STR(DECORATION));
	if (tag)
		refuse(reader, start_of(reader, tag), STR(DECORATION));
}

/* The brace of a flow mapping: libfyaml's mark stands behind it, at the first key. */
static size_t brace_before(const struct reader *reader, size_t at)
{
	const char *p = reader->text.p;
	size_t back = at;
	if (at < reader->text.n && p[at] == '{')
		return at;
	while (back > 0 && (p[back - 1] == ' ' || p[back - 1] == '\n'))
		back--;
	return back > 0 && p[back - 1] == '{' ? back - 1 : at;
}

static bool open_node(struct reader *reader, enum yaml_type type, struct fy_token *token)
{
	size_t at = start_of(reader, token);
	enum fy_token_type sort = token ? fy_token_get_type(token) : FYTT_NONE;
	bool flow = in_flow(reader) || sort == FYTT_FLOW_MAPPING_START ||
	            sort == FYTT_FLOW_SEQUENCE_START;
	if (sort == FYTT_FLOW_MAPPING_START)
		at = brace_before(reader, at);
	if (wants_key(reader))
		return refuse(reader, at, STR("a key must be one word or sentence, no list"));
	if (reader->depth == YAML_DEPTH_MAX)
		return refuse(reader, at, STR("nested deeper than 20"));
	struct yaml *made = add_node(reader, type, at);
	if (!made)
		return false;
	reader->stack[reader->depth++] = (struct open){ .node = made, .at = at, .flow = flow };
	if (at > reader->behind)
		reader->behind = at;
	return true;
}

static int compare_keys(const void *a, const void *b)
{
	const struct yaml *const *left = a;
	const struct yaml *const *right = b;
	int order = str_compare((*left)->key, (*right)->key);
	if (order != 0)
		return order;
	if ((*left)->key_line != (*right)->key_line)
		return (*left)->key_line < (*right)->key_line ? -1 : 1;
	return (*left)->key_column < (*right)->key_column ? -1 : 1;
}

static bool refuse_doubles(struct reader *reader, const struct yaml *mapping)
{
	const struct yaml **sorted = arena_alloc(reader->arena, mapping->count, sizeof *sorted);
	if (!sorted) {
		reader->no_room = true;
		return false;
	}
	size_t count = 0;
	for (const struct yaml *child = mapping->first; child; child = child->next)
		sorted[count++] = child;
	if (count > 1)
		qsort(sorted, count, sizeof *sorted, compare_keys);
	for (size_t i = 1; i < count; i++)
		if (str_eq(sorted[i - 1]->key, sorted[i]->key))
			add_error(reader, sorted[i]->key_line, sorted[i]->key_column,
			          arena_format(reader->arena, "key \"%.*s\" stands twice",
			                       STR_ARG(shown(sorted[i]->key))));
	return true;
}

static bool close_node(struct reader *reader)
{
	struct open *open = top(reader);
	if (!open)
		return refuse(reader, reader->behind, STR("not YAML"));
	reader->depth--;
	return open->node->type != YAML_MAPPING || refuse_doubles(reader, open->node);
}

static bool take_key(struct reader *reader, struct fy_token *token, struct str text, size_t at)
{
	struct open *open = top(reader);
	bool plain = token && fy_token_scalar_style(token) == FYSS_PLAIN;
	if (!token || (plain && text.n == 0))
		return refuse(reader, at, STR("an empty key"));
	if (plain && str_eq(text, STR("<<")))
		refuse(reader, at, STR("merge keys are not used in packs"));
	if (key_is_explicit(reader, at))
		refuse(reader, at, STR("a key with ? before it; write \"key: value\""));
	/* A pair inside [] begins with its key, but libfyaml's mark is at the colon. */
	if (!open->node->first && at < open->at) {
		place(reader, at, &open->node->line, &open->node->column);
		open->at = at;
	}
	open->key = text;
	open->key_at = at;
	open->has_key = true;
	return true;
}

static bool take_empty(struct reader *reader)
{
	struct open *open = top(reader);
	size_t at = reader->behind;
	if (open && open->has_key) {
		at = open->key_at;
	} else if (open) {
		at = find_ahead(reader, "-", at);
		reader->behind = at + 1;
	}
	refuse(reader, at,
	       STR("an empty value; quote the sentence if it holds a comma, or write none"));
	return add_node(reader, YAML_SCALAR, at) != NULL;
}

/* A sentence that steers a terminal, or turns the direction of writing, could hide the one beside
 * it: such characters come in by escapes too. */
static void refuse_steering(struct reader *reader, struct str text, size_t place)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];
		size_t bytes;
		unsigned mark = str_steering_mark(text, i, &bytes);
		if ((c < 0x20 && c != '\n' && c != '\t' && c != '\0') || c == 0x7f)
			mark = c;
		if (!mark)
			continue;
		refuse(reader, place,
		       arena_format(reader->arena,
		                    "the character U+%04X, which steers how text is shown; take it"
		                    " away",
		                    mark));
		return;
	}
}

static bool take_scalar(struct reader *reader, struct fy_event *event)
{
	struct fy_token *token = event->scalar.value;
	refuse_decoration(reader, event->scalar.anchor, event->scalar.tag);
	size_t length = 0;
	const char *bytes = token ? fy_token_get_text(token, &length) : NULL;
	struct str text = arena_copy(reader->arena, (struct str){ bytes, bytes ? length : 0 });
	if (!text.p) {
		reader->no_room = true;
		return false;
	}
	bool plain = !token || fy_token_scalar_style(token) == FYSS_PLAIN;
	if (plain && text.n == 0 && !wants_key(reader))
		return take_empty(reader);

	size_t at = token ? scalar_place(reader, token) : reader->behind;
	if (plain && in_flow(reader) && str_ends(text, STR("?")))
		refuse(reader, at,
		       arena_format(reader->arena,
		                    "\"%.*s\" ends in ? without quotes inside brackets; quote it",
		                    STR_ARG(shown(text))));
	if (!str_is_utf8(text) || str_find(text, '\0') < text.n)
		refuse(reader, at, STR("an escape that is no character")); /* "\0", "\ud800" */
	else
		refuse_steering(reader, text, at);
	if (wants_key(reader)) {
		if (!take_key(reader, token, text, at))
			return false;
	} else {
		struct yaml *made = add_node(reader, YAML_SCALAR, at);
		if (!made)
			return false;
		made->text = text;
		made->quoted = !plain;
	}
	reader->behind = end_of(reader, token);
	return true;
}

static bool take_alias(struct reader *reader, struct fy_event *event)
{
	size_t at = with_mark(reader, start_of(reader, event->alias.anchor), "*");
	refuse(reader, at, STR(DECORATION));
	if (wants_key(reader) || !add_node(reader, YAML_SCALAR, at))
		return false;
	reader->behind = end_of(reader, event->alias.anchor);
	return true;
}

/* False: no further event is read, and there is an error, or no room. */
static bool take(struct reader *reader, struct fy_event *event)
{
	switch (event->type) {
	case FYET_DOCUMENT_START:
		if (reader->document_seen)
			return refuse(reader,
			              start_of(reader, event->document_start.document_start),
			              STR("a second document; one file holds one"));
		reader->document_seen = true;
		return true;
	case FYET_MAPPING_START:
		refuse_decoration(reader, event->mapping_start.anchor, event->mapping_start.tag);
		return open_node(reader, YAML_MAPPING, event->mapping_start.mapping_start);
	case FYET_SEQUENCE_START:
		refuse_decoration(reader, event->sequence_start.anchor, event->sequence_start.tag);
		return open_node(reader, YAML_SEQUENCE, event->sequence_start.sequence_start);
	case FYET_MAPPING_END:
	case FYET_SEQUENCE_END:
		return close_node(reader);
	case FYET_SCALAR:
		return take_scalar(reader, event);
	case FYET_ALIAS:
		return take_alias(reader, event);
	case FYET_STREAM_END:
		reader->end_seen = true;
		return true;
	case FYET_NONE:
	case FYET_STREAM_START:
	case FYET_DOCUMENT_END:
		break;
	}
	return true;
}

/* --- reading --------------------------------------------------------------------------------- */

/* libfyaml counts characters: the byte of `column` in `line`. */
static size_t byte_of(struct str text, int line, int column)
{
	size_t at = 0;
	for (; line > 1 && at < text.n; line--)
		at += str_find(str_sub(text, at, text.n), '\n') + 1;
	for (; column > 1 && at < text.n && text.p[at] != '\n'; column--)
		for (at++; at < text.n && ((unsigned char)text.p[at] & 0xc0) == 0x80;)
			at++;
	return at;
}

static void take_faults(struct reader *reader, struct fy_diag *diag)
{
	void *position = NULL;
	const struct fy_diag_error *fault;
	bool any = false;
	while ((fault = fy_diag_errors_iterate(diag, &position))) {
		any = true;
		/* Faults of quoted text point behind the quote, too. */
		size_t at =
			with_mark(reader, byte_of(reader->text, fault->line, fault->column), "'\"");
		refuse(reader, at,
		       arena_format(reader->arena, "not YAML: %s",
		                    fault->msg ? fault->msg : "no reason is known"));
	}
	if (!any)
		refuse(reader, reader->behind, STR("not YAML"));
}

static void read_events(struct reader *reader, struct fy_parser *parser, struct fy_diag *diag)
{
	bool going = fy_parser_set_string(parser, reader->text.p, reader->text.n) == 0;
	while (going && !reader->end_seen) {
		struct fy_event *event = fy_parser_parse(parser);
		if (!event) {
			take_faults(reader, diag);
			return;
		}
		going = take(reader, event);
		fy_parser_event_free(parser, event);
	}
	if (!going && !reader->errors)
		reader->no_room = true;
	if (going && !reader->root)
		refuse(reader, 0, STR("nothing stands in this file"));
}

static void read_bytes(struct reader *reader)
{
	struct fy_diag_cfg quiet;
	fy_diag_cfg_default(&quiet);
	quiet.fp = NULL;
	struct fy_diag *diag = fy_diag_create(&quiet);
	if (!diag) {
		reader->no_room = true;
		return;
	}
	fy_diag_set_collect_errors(diag, true);
	struct fy_parse_cfg cfg = {
		.search_path = "",
		.flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE,
		.diag = diag,
	};
	struct fy_parser *parser = fy_parser_create(&cfg);
	if (parser)
		read_events(reader, parser, diag);
	else
		reader->no_room = true;
	fy_parser_destroy(parser);
	fy_diag_destroy(diag);
}

bool yaml_read(struct arena *arena, struct str text, size_t nodes_max, const struct yaml **out,
               const struct yaml_error **errors)
{
	struct reader reader = { .arena = arena, .text = text, .nodes_left = nodes_max, .line = 1 };
	*out = NULL;
	*errors = NULL;
	if (text.n == 0)
		refuse(&reader, 0, STR("nothing stands in this file"));
	else if (bytes_are_good(&reader))
		read_bytes(&reader);
	if (reader.errors || reader.no_room) {
		*errors = reader.errors ? reader.errors : &NO_ROOM;
		return false;
	}
	*out = reader.root;
	return true;
}

const struct yaml *yaml_member(const struct yaml *mapping, struct str key)
{
	if (!mapping || mapping->type != YAML_MAPPING)
		return NULL;
	for (const struct yaml *child = mapping->first; child; child = child->next)
		if (str_eq(child->key, key))
			return child;
	return NULL;
}
