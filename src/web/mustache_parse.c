/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The parser of templates: source to tokens, tokens to nodes line by line,
 * because whether a tag stands alone on its line decides what of the line is
 * shown.
 */
#include "web/mustache_node.h"

enum token_type {
	TOKEN_TEXT, /* without an end of line inside */
	TOKEN_END_OF_LINE,
	TOKEN_VARIABLE,
	TOKEN_RAW,
	TOKEN_SECTION,
	TOKEN_INVERTED,
	TOKEN_PARTIAL,
	TOKEN_PARENT,
	TOKEN_BLOCK,
	TOKEN_CLOSE,
	TOKEN_COMMENT, /* and a change of delimiters: shows nothing */
};

struct token {
	enum token_type type;
	struct str text; /* the text, or the tag's name */
	unsigned line;
};

struct open_tag {
	size_t node;
	struct str name;
};

struct parser {
	struct arena *arena;
	enum mustache_mode mode;
	struct str name;
	struct str source;
	size_t at;
	unsigned line;
	struct str opens; /* delimiters in force */
	struct str closes;
	struct token *tokens;
	size_t token_count;
	size_t token_room;
	struct node *nodes;
	size_t node_count;
	size_t node_room;
	struct open_tag open[MUSTACHE_DEPTH_MAX];
	size_t depth;
	struct err *err;
};

static bool refuse(struct parser *p, unsigned line, const char *what, struct str name)
{
	return err_set(p->err, ERR_INPUT, "template %.*s, line %u: %s%s%.*s", STR_ARG(p->name),
	               line, what, name.n ? " " : "", STR_ARG(name));
}

/* Doubles an array that lives in the arena; the old one stays there till the arena goes. */
static void *grown(struct parser *p, const void *old, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return NULL;
	size_t next = *room ? *room * 2 : 64;
	void *fresh = arena_alloc(p->arena, next, size);
	if (!fresh)
		return NULL;
	if (count)
		memcpy(fresh, old, count * size);
	*room = next;
	return fresh;
}

static bool add_token(struct parser *p, enum token_type type, struct str text, unsigned line)
{
	if (p->token_count == p->token_room) {
		struct token *fresh =
			grown(p, p->tokens, p->token_count, &p->token_room, sizeof *fresh);
		if (!fresh)
			return err_set(p->err, ERR_UNABLE, "There is no room for all templates");
		p->tokens = fresh;
	}
	p->tokens[p->token_count++] = (struct token){ type, text, line };
	return true;
}

static struct node *add_node(struct parser *p, enum node_type type, struct str text, unsigned line)
{
	if (p->node_count == p->node_room) {
		struct node *fresh =
			grown(p, p->nodes, p->node_count, &p->node_room, sizeof *fresh);
		if (!fresh) {
			err_set(p->err, ERR_UNABLE, "There is no room for all templates");
			return NULL;
		}
		p->nodes = fresh;
	}
	struct node *node = &p->nodes[p->node_count++];
	*node = (struct node){ .type = type, .text = text, .line = line };
	node->end = p->node_count;
	return node;
}

/* --- source to tokens ------------------------------------------------------------------------ */

static bool has_blank(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\r' || s.p[i] == '\n')
			return true;
	return false;
}

/* Text up to `end`, cut at each end of line. */
static bool add_text(struct parser *p, size_t end)
{
	while (p->at < end) {
		struct str rest = str_sub(p->source, p->at, end - p->at);
		size_t n = str_find(rest, '\n');
		if (n == rest.n) {
			p->at = end;
			return add_token(p, TOKEN_TEXT, rest, p->line);
		}
		size_t text = n > 0 && rest.p[n - 1] == '\r' ? n - 1 : n;
		if (text > 0 && !add_token(p, TOKEN_TEXT, str_sub(rest, 0, text), p->line))
			return false;
		if (!add_token(p, TOKEN_END_OF_LINE, str_sub(rest, text, n + 1 - text), p->line))
			return false;
		p->at += n + 1;
		p->line++;
	}
	return true;
}

static bool change_delimiters(struct parser *p, struct str inside)
{
	struct str both = str_trim(inside);
	size_t first = 0;
	while (first < both.n && !has_blank(str_sub(both, first, 1)))
		first++;
	struct str opens = str_sub(both, 0, first);
	struct str closes = str_trim(str_sub(both, first, both.n - first));
	if (opens.n == 0 || closes.n == 0 || has_blank(closes) || str_find(both, '=') != both.n)
		return refuse(p, p->line, "delimiters are two words without =", STR_NONE);
	p->opens = opens;
	p->closes = closes;
	return true;
}

static enum token_type tag_type(char sigil)
{
	switch (sigil) {
	case '{':
	case '&':
		return TOKEN_RAW;
	case '#':
		return TOKEN_SECTION;
	case '^':
		return TOKEN_INVERTED;
	case '>':
		return TOKEN_PARTIAL;
	case '<':
		return TOKEN_PARENT;
	case '$':
		return TOKEN_BLOCK;
	case '/':
		return TOKEN_CLOSE;
	case '!':
	case '=':
		return TOKEN_COMMENT;
	default:
		return TOKEN_VARIABLE;
	}
}

/* One tag; p->at stands behind the opening delimiter. */
static bool read_tag(struct parser *p)
{
	struct str rest = str_sub(p->source, p->at, p->source.n - p->at);
	char sigil = rest.n > 0 ? rest.p[0] : 0;
	enum token_type type = tag_type(sigil);
	size_t from = type == TOKEN_VARIABLE ? 0 : 1;
	char before = sigil == '{' ? '}' : sigil == '=' ? '=' : 0;
	size_t n = from;
	for (;; n++) { /* the closing delimiter, with } or = before it where the tag began so */
		if (n >= rest.n)
			return refuse(p, p->line, "a tag is not closed", STR_NONE);
		size_t at = before ? n + 1 : n;
		if ((!before || rest.p[n] == before) &&
		    str_starts(str_sub(rest, at, rest.n - at), p->closes))
			break;
	}
	struct str inside = str_sub(rest, from, n - from);
	unsigned line = p->line;
	if (sigil == '=' && !change_delimiters(p, inside))
		return false;
	for (size_t i = 0; i < inside.n; i++)
		p->line += inside.p[i] == '\n';
	struct str name = type == TOKEN_COMMENT ? STR_NONE : str_trim(inside);
	if (type != TOKEN_COMMENT && (name.n == 0 || has_blank(name)))
		return refuse(p, line, "a tag needs one name without blanks", STR_NONE);
	if (type == TOKEN_RAW && p->mode == MUSTACHE_STRICT)
		return refuse(p, line, "raw insertion is not for pages:", name);
	p->at += n + (before ? 1 : 0);
	return add_token(p, type, name, line);
}

static bool tokenise(struct parser *p)
{
	while (p->at < p->source.n) {
		struct str rest = str_sub(p->source, p->at, p->source.n - p->at);
		size_t n = str_find_str(rest, p->opens);
		if (!add_text(p, p->at + n))
			return false;
		if (n == rest.n)
			return true;
		p->at += p->opens.n;
		size_t closes = p->closes.n; /* a change of delimiters is closed by the old ones */
		if (!read_tag(p))
			return false;
		p->at += closes;
	}
	return true;
}

/* --- tokens to nodes -------------------------------------------------------------------------- */

static bool is_white(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != ' ' && s.p[i] != '\t')
			return false;
	return true;
}

static struct str leading_white(struct str s)
{
	size_t n = 0;
	while (n < s.n && (s.p[n] == ' ' || s.p[n] == '\t'))
		n++;
	return str_sub(s, 0, n);
}

/*
 * Whether the tags of a line stand alone on it: one tag that shows nothing by
 * itself, or several among which a parent's. White space around is allowed.
 */
static bool tags_stand_alone(const struct token *line, size_t count)
{
	size_t tags = 0;
	bool has_parent = false;
	for (size_t i = 0; i < count; i++) {
		if (line[i].type == TOKEN_TEXT) {
			if (!is_white(line[i].text))
				return false;
			continue;
		}
		if (line[i].type == TOKEN_VARIABLE || line[i].type == TOKEN_RAW)
			return false;
		tags++;
		has_parent = has_parent || line[i].type == TOKEN_PARENT;
	}
	return tags == 1 || has_parent;
}

/* Lines that only close, "{{/block}}{{/parent}}", stand alone when one of them closes a parent. */
static bool closes_parent(const struct parser *p, const struct token *line, size_t count)
{
	size_t depth = p->depth;
	bool has_parent = false;
	for (size_t i = 0; i < count; i++) {
		if (line[i].type == TOKEN_TEXT && is_white(line[i].text))
			continue;
		if (line[i].type != TOKEN_CLOSE || depth == 0)
			return false;
		depth--;
		has_parent = has_parent || p->nodes[p->open[depth].node].type == NODE_PARENT;
	}
	return has_parent;
}

static bool close_tag(struct parser *p, const struct token *token)
{
	if (p->depth == 0)
		return refuse(p, token->line, "nothing is open that could be closed by",
		              token->text);
	const struct open_tag *open = &p->open[p->depth - 1];
	if (!str_eq(open->name, token->text))
		return refuse(p, token->line, "the innermost open section is not", token->text);
	p->nodes[open->node].end = p->node_count;
	p->depth--;
	return true;
}

static bool open_section(struct parser *p, const struct token *token)
{
	if (p->depth == MUSTACHE_DEPTH_MAX)
		return refuse(p, token->line, "sections lie too deep inside one another at",
		              token->text);
	p->open[p->depth++] = (struct open_tag){ p->node_count - 1, token->text };
	return true;
}

static enum node_type node_of(enum token_type type)
{
	switch (type) {
	case TOKEN_VARIABLE:
		return NODE_VARIABLE;
	case TOKEN_RAW:
		return NODE_RAW;
	case TOKEN_SECTION:
		return NODE_SECTION;
	case TOKEN_INVERTED:
		return NODE_INVERTED;
	case TOKEN_PARTIAL:
		return NODE_PARTIAL;
	case TOKEN_PARENT:
		return NODE_PARENT;
	case TOKEN_BLOCK:
		return NODE_BLOCK;
	case TOKEN_TEXT:
	case TOKEN_END_OF_LINE:
	case TOKEN_CLOSE:
	case TOKEN_COMMENT:
		break;
	}
	return NODE_TEXT;
}

static bool build_tag(struct parser *p, const struct token *token, struct str white, bool alone)
{
	if (token->type == TOKEN_COMMENT)
		return true;
	if (token->type == TOKEN_CLOSE)
		return close_tag(p, token);
	enum node_type type = node_of(token->type);
	struct node *node = add_node(p, type, token->text, token->line);
	if (!node)
		return false;
	node->indent = white;
	node->is_alone = alone;
	if (type == NODE_SECTION || type == NODE_INVERTED || type == NODE_PARENT ||
	    type == NODE_BLOCK)
		return open_section(p, token);
	return true;
}

/* One line of tokens, its end of line (when it has one) the last. */
static bool build_line(struct parser *p, const struct token *line, size_t count)
{
	size_t inner = count > 0 && line[count - 1].type == TOKEN_END_OF_LINE ? count - 1 : count;
	bool alone = tags_stand_alone(line, inner) || closes_parent(p, line, inner);
	struct str white =
		inner > 0 && line[0].type == TOKEN_TEXT ? leading_white(line[0].text) : STR_NONE;
	if (!alone && count > 0) {
		struct node *node = add_node(p, NODE_LINE, white, line[0].line);
		if (!node)
			return false;
		node->is_blank = inner == 0 || (inner == 1 && line[0].type == TOKEN_TEXT &&
		                                white.n == line[0].text.n);
	}
	bool begins = true; /* nothing but white space so far */
	for (size_t i = 0; i < count; i++) {
		bool is_text = line[i].type == TOKEN_TEXT || line[i].type == TOKEN_END_OF_LINE;
		if (is_text && alone)
			continue;
		if (!is_text) {
			if (!build_tag(p, &line[i], begins ? white : STR_NONE, alone))
				return false;
			begins = alone && line[i].type != TOKEN_PARTIAL;
			continue;
		}
		struct str text = line[i].text;
		if (i == 0) /* the node of the line has shown its white space */
			text = str_sub(text, white.n, text.n - white.n);
		if (text.n == 0)
			continue;
		begins = false;
		if (!add_node(p, NODE_TEXT, text, line[i].line))
			return false;
	}
	return true;
}

/* Where a block's content moves elsewhere, its lines lose the white space that the first has. */
static void measure_block(struct node *nodes, size_t at)
{
	struct node *block = &nodes[at];
	if (!block->is_alone)
		return;
	for (size_t i = at + 1; i < block->end; i++) {
		if (nodes[i].type == NODE_LINE && nodes[i].is_blank)
			continue;
		if (nodes[i].type == NODE_LINE || nodes[i].is_alone) {
			block->indent =
				nodes[i].type == NODE_LINE ? nodes[i].text : nodes[i].indent;
			block->dedent = block->indent.n;
			return;
		}
	}
}

bool template_parse(struct arena *arena, enum mustache_mode mode, struct str name,
                    struct str source, struct template *out, struct err *err)
{
	struct parser p = { .arena = arena,
		            .mode = mode,
		            .name = name,
		            .source = source,
		            .line = 1,
		            .opens = STR("{{"),
		            .closes = STR("}}"),
		            .err = err };
	if (!tokenise(&p))
		return false;
	size_t begin = 0;
	for (size_t i = 0; i < p.token_count; i++) {
		if (p.tokens[i].type != TOKEN_END_OF_LINE && i + 1 < p.token_count)
			continue;
		if (!build_line(&p, &p.tokens[begin], i + 1 - begin))
			return false;
		begin = i + 1;
	}
	if (p.depth > 0)
		return refuse(&p, p.nodes[p.open[p.depth - 1].node].line,
		              "this section is not closed:", p.open[p.depth - 1].name);
	for (size_t i = 0; i < p.node_count; i++)
		if (p.nodes[i].type == NODE_BLOCK)
			measure_block(p.nodes, i);
	*out = (struct template){ .name = name, .nodes = p.nodes, .count = p.node_count };
	return true;
}
