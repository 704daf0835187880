/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The ways between the states of a file type, gathered and given their places. */
#include "pack/pack.h"

#define LETTER 8 /* wide, of a name */
#define SMALL 7  /* wide, of the words on an arrow */
#define LINE 17
#define MARGIN 24
#define STATE_HEIGHT 36
#define STATE_LEAST 84
#define STATES_APART 16
#define ARROWS_APART 22
#define TEXT_BYTES_MAX ((size_t)1 << 20)
#define WAYS_MAX ((PACK_STATES_MAX + 1) * PACK_STATES_MAX)

/* What is gathered: a list of kinds for each pair of states; row PACK_STATES_MAX: beginnings. */
struct gathering {
	struct arena *arena;
	const struct pack_file_type *type;
	struct pack_drawn_kind *kinds[PACK_STATES_MAX + 1][PACK_STATES_MAX];
	size_t counts[PACK_STATES_MAX + 1][PACK_STATES_MAX];
	bool is_full;
};

#define BEGINS PACK_STATES_MAX
#define KINDS_MAX 256 /* on one way */

static struct str gates_of(struct arena *arena, const struct pack_kind *kind)
{
	struct str gates = STR("");
	for (size_t i = 0; i < kind->need_count; i++)
		if (kind->needs[i].gate)
			gates = arena_format(arena, "%.*s%s%.*s", STR_ARG(gates),
			                     gates.n ? ", " : "",
			                     STR_ARG(kind->needs[i].gate->name));
	return gates;
}

static struct pack_drawn_kind *last_of(struct gathering *gathering, int from, int to,
                                       const struct pack_kind *kind)
{
	size_t n = gathering->counts[from][to];
	struct pack_drawn_kind *last = n ? &gathering->kinds[from][to][n - 1] : NULL;
	return last && last->kind == kind ? last : NULL;
}

static void add(struct gathering *gathering, int from, int to, const struct pack_kind *kind,
                struct str code)
{
	struct arena *arena = gathering->arena;
	struct pack_drawn_kind *drawn = last_of(gathering, from, to, kind);
	size_t *count = &gathering->counts[from][to];
	if (from == to)
		return; /* it stays where it is */
	if (drawn && code.p)
		drawn->codes =
			arena_format(arena, "%.*s, %.*s", STR_ARG(drawn->codes), STR_ARG(code));
	if (drawn)
		return;
	if (!gathering->kinds[from][to])
		gathering->kinds[from][to] = arena_alloc(arena, KINDS_MAX, sizeof *drawn);
	if (!gathering->kinds[from][to] || *count == KINDS_MAX) {
		gathering->is_full = true;
		return;
	}
	struct str gates = gates_of(arena, kind);
	gathering->kinds[from][to][(*count)++] = (struct pack_drawn_kind){
		.kind = kind,
		.field = code.p ? kind->to.field : STR_NONE,
		.codes = code,
		.gates = gates,
		.label = gates.n ? arena_format(arena, "%.*s [%.*s]", STR_ARG(kind->name),
		                                STR_ARG(gates))
		                 : kind->name,
	};
}

static void gather_from(struct gathering *gathering, const struct pack_kind *kind, int from)
{
	const struct pack_to *to = &kind->to;
	int only = to->state.p ? pack_state_find(gathering->type, to->state) : -1;
	switch (to->sort) {
	case PACK_TO_NONE:
		if (from == BEGINS)
			add(gathering, from, 0, kind, STR_NONE);
		return;
	case PACK_TO_STATE:
		if (only >= 0)
			add(gathering, from, only, kind, STR_NONE);
		return;
	case PACK_TO_BY_STATE:
		for (size_t i = 0; i < to->count && only >= 0 && from != BEGINS; i++)
			if (str_eq(to->codes[i], gathering->type->states[from]))
				add(gathering, from, only, kind, STR_NONE);
		if (from == BEGINS)
			add(gathering, from, 0, kind, STR_NONE);
		return;
	case PACK_TO_BY_FIELD:
		for (size_t i = 0; i < to->count; i++) {
			int state = pack_state_find(gathering->type, to->states_for[i]);
			if (state >= 0)
				add(gathering, from, state, kind, to->codes[i]);
		}
		return;
	}
}

static void gather(struct gathering *gathering, const struct pack *pack)
{
	size_t number = gathering->type->number;
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		if (!(kind->file_types >> number & 1) || kind->retired.p)
			continue;
		if (kind->may_begin) {
			gather_from(gathering, kind, BEGINS);
			continue;
		}
		for (size_t s = 0; s < gathering->type->state_count && kind->from; s++)
			if (kind->from[number] >> s & 1)
				gather_from(gathering, kind, (int)s);
	}
}

static bool are_same(const struct gathering *gathering, int a, int b, int to)
{
	if (gathering->counts[a][to] != gathering->counts[b][to])
		return false;
	for (size_t i = 0; i < gathering->counts[a][to]; i++) {
		const struct pack_drawn_kind *left = &gathering->kinds[a][to][i];
		const struct pack_drawn_kind *right = &gathering->kinds[b][to][i];
		if (left->kind != right->kind || !str_eq(left->codes, right->codes))
			return false;
	}
	return true;
}

/* One way from all states from which the same kinds lead to a state. */
static size_t join(const struct gathering *gathering, struct pack_drawn_way *ways)
{
	size_t count = 0, states = gathering->type->state_count;
	for (size_t to = 0; to < states; to++) {
		if (gathering->counts[BEGINS][to])
			ways[count++] =
				(struct pack_drawn_way){ .to = (int)to,
				                         .kinds = gathering->kinds[BEGINS][to],
				                         .count = gathering->counts[BEGINS][to] };
	}
	for (size_t from = 0; from < states; from++) {
		for (size_t to = 0; to < states; to++) {
			bool is_joined = gathering->counts[from][to] == 0;
			for (size_t w = 0; w < count && !is_joined; w++) {
				int first = ways[w].from ? __builtin_ctz(ways[w].from) : -1;
				if (ways[w].to != (int)to || first < 0 ||
				    !are_same(gathering, first, (int)from, (int)to))
					continue;
				ways[w].from |= UINT32_C(1) << from;
				is_joined = true;
			}
			if (!is_joined)
				ways[count++] = (struct pack_drawn_way){
					.from = UINT32_C(1) << from,
					.to = (int)to,
					.kinds = gathering->kinds[from][to],
					.count = gathering->counts[from][to]
				};
		}
	}
	return count;
}

/* --- places ---------------------------------------------------------------------------------- */

static int64_t letters(struct str text)
{
	int64_t n = 0;
	for (size_t i = 0; i < text.n; i++)
		n += ((unsigned char)text.p[i] & 0xc0) != 0x80;
	return n;
}

static void place_states(struct pack_drawing *drawing, struct pack_drawn_state *states)
{
	int64_t width = STATE_LEAST;
	for (size_t i = 0; i < drawing->state_count; i++) {
		int64_t wanted = letters(states[i].title) * LETTER + 20;
		width = wanted > width ? wanted : width;
	}
	drawing->state_width = width;
	drawing->state_height = STATE_HEIGHT;
	for (size_t i = 0; i < drawing->state_count; i++)
		states[i].x = MARGIN + width / 2 + (int64_t)i * (width + STATES_APART);
	drawing->width =
		2 * MARGIN - STATES_APART + (int64_t)drawing->state_count * (width + STATES_APART);
}

static void place_ways(struct pack_drawing *drawing, struct pack_drawn_way *ways)
{
	int64_t y = STATE_HEIGHT + MARGIN;
	for (size_t w = 0; w < drawing->way_count; w++) {
		struct pack_drawn_way *way = &ways[w];
		int64_t widest = 0;
		way->left = way->right = drawing->states[way->to].x;
		if (!way->from)
			way->left = drawing->states[way->to].x - drawing->state_width / 2;
		for (size_t s = 0; s < drawing->state_count; s++) {
			int64_t x = drawing->states[s].x;
			if (!(way->from >> s & 1))
				continue;
			way->left = x < way->left ? x : way->left;
			way->right = x > way->right ? x : way->right;
		}
		for (size_t k = 0; k < way->count; k++) {
			int64_t wide = letters(way->kinds[k].label) * SMALL;
			widest = wide > widest ? wide : widest;
		}
		way->words_x = way->left + 8;
		if (way->words_x + widest > drawing->width - 8)
			way->words_x = drawing->width - 8 - widest;
		if (way->words_x < 8) {
			way->words_x = 8;
			drawing->width =
				widest + 16 > drawing->width ? widest + 16 : drawing->width;
		}
		way->words_y = y + LINE - 6;
		y += (int64_t)way->count * LINE;
		way->y = y + 2;
		y += ARROWS_APART;
	}
	drawing->height = y;
	drawing->line = LINE;
}

bool pack_draw(const struct pack *pack, struct arena *arena, struct str type,
               struct pack_drawing *out, struct err *err)
{
	const struct pack_file_type *found = pack_file_type_find(pack, type);
	*out = (struct pack_drawing){ .type = found };
	if (!found)
		return err_set(err, ERR_ABSENT, "Pack %.*s has no file type %.*s",
		               STR_ARG(pack->name), STR_ARG(str_sub(type, 0, 64)));
	struct gathering *gathering = arena_alloc(arena, 1, sizeof *gathering);
	struct pack_drawn_state *states = arena_alloc(arena, found->state_count, sizeof *states);
	struct pack_drawn_way *ways = arena_alloc(arena, WAYS_MAX, sizeof *ways);
	if (!gathering || !states || !ways)
		return err_set(err, ERR_UNABLE, "There is no memory to draw a file type");
	*gathering = (struct gathering){ .arena = arena, .type = found };
	for (size_t i = 0; i < found->state_count; i++)
		states[i] = (struct pack_drawn_state){ .name = found->states[i],
			                               .title = found->state_titles[i],
			                               .is_final = found->final >> i & 1,
			                               .is_resting = found->rests >> i & 1 };
	gather(gathering, pack);
	if (gathering->is_full)
		return err_set(err, ERR_UNABLE, "This file type is too large to draw");
	out->states = states;
	out->state_count = found->state_count;
	out->way_count = join(gathering, ways);
	out->ways = ways;
	place_states(out, states);
	place_ways(out, ways);
	return true;
}

/* --- for Graphviz ---------------------------------------------------------------------------- */

static void dot_state(struct buf *out, const struct pack_drawn_state *state)
{
	buf_format(out, "\t\"%.*s\" [shape=%s%s];\n", STR_ARG(state->name),
	           state->is_final ? "doublecircle" : "ellipse",
	           state->is_resting ? ", style=filled, fillcolor=lightgrey" : "");
}

static void dot_way(struct buf *out, const struct pack_drawing *drawing,
                    const struct pack_drawn_way *way, struct str from)
{
	buf_format(out, "\t\"%.*s\" -> \"%.*s\" [label=\"", STR_ARG(from),
	           STR_ARG(drawing->states[way->to].name));
	for (size_t k = 0; k < way->count; k++)
		buf_format(out, "%s%.*s", k ? "\\n" : "", STR_ARG(way->kinds[k].label));
	buf_add(out, STR("\"];\n"));
}

bool pack_draw_dot(const struct pack_drawing *drawing, struct arena *arena, struct str *out,
                   struct err *err)
{
	struct buf text;
	bool has_begun = false;
	*out = STR_NONE;
	buf_init(&text, TEXT_BYTES_MAX);
	buf_format(&text, "digraph \"%.*s\" {\n", STR_ARG(drawing->type->name));
	for (size_t i = 0; i < drawing->state_count; i++)
		dot_state(&text, &drawing->states[i]);
	for (size_t w = 0; w < drawing->way_count; w++) {
		const struct pack_drawn_way *way = &drawing->ways[w];
		if (!way->from && !has_begun)
			buf_add(&text, STR("\t\"\" [shape=point];\n"));
		has_begun = has_begun || !way->from;
		if (!way->from)
			dot_way(&text, drawing, way, STR(""));
		for (size_t s = 0; s < drawing->state_count; s++)
			if (way->from >> s & 1)
				dot_way(&text, drawing, way, drawing->states[s].name);
	}
	buf_add(&text, STR("}\n"));
	if (!text.full)
		*out = arena_copy(arena, buf_str(&text));
	buf_finish(&text);
	return out->p || err_set(err, ERR_UNABLE, "This file type is too large to draw");
}
