/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Duties and ladders. */
#include "pack/load.h"
#include "pack/name.h"

#define RUNGS_MIN 2
#define RUNGS_MAX 9

/* `foreign` is the owner that means nothing here: whoever owes in a duty, a pattern's in a ladder.
 */
static const struct pack_owner *read_owners(struct load *load, const struct yaml *node,
                                            struct str about, enum pack_owner_sort foreign,
                                            size_t *count)
{
	struct pack_owner *out = loader_alloc(load->loader, count_of(node), sizeof *out);
	*count = 0;
	for (const struct yaml *item = out ? first_of(node) : NULL; item;
	     item = next_of(node, item)) {
		if (!owner_read(load->loader, item, &out[*count]))
			continue;
		if (out[*count].sort == foreign)
			loader_error_at(load->loader, item, "%.*s: \"%.*s\" names nobody here",
			                STR_ARG(about), STR_ARG(item->text));
		*count += 1;
	}
	return out;
}

/* { first: E } or { last: E }: E as conditions say it, of one kind, on the file itself. */
static bool read_start_which(struct load *load, const struct yaml *item, struct str about,
                             struct pack_start *out)
{
	const struct yaml *first = member_of(item, "first"), *last = member_of(item, "last");
	const struct yaml *said = first ? first : last;
	const struct yaml *kind = said ? member_of(said, "kind") : NULL;
	struct yaml *has = loader_alloc(load->loader, 2, sizeof *has);
	if (!has)
		return false;
	if (item->count != 1 || !kind || kind->type != YAML_SCALAR || member_of(said, "after") ||
	    member_of(said, "through")) {
		loader_error_at(
			load->loader, item,
			"%.*s: from is { first: { kind: KIND, where: { FIELD: test } } }, or"
			" last; after and through are not asked here",
			STR_ARG(about));
		return false;
	}
	size_t number = load_resolve(load, kind, kind->text, about, "kind", &load->whole->kinds);
	has[0] = *item;
	has[1] = *said;
	has[1].key = STR("has");
	has[1].next = NULL;
	has[0].first = has[0].last = &has[1];
	out->sort = first ? PACK_START_FIRST : PACK_START_LAST;
	out->kind = number == SIZE_MAX ? NULL : &load->kinds[number];
	out->which = number == SIZE_MAX ? NULL
	                                : load_cond(load, &has[0], about, NULL, UINT64_MAX, false);
	return number != SIZE_MAX;
}

static bool read_start(struct load *load, const struct yaml *item, struct str about,
                       struct pack_start *out)
{
	static const struct {
		struct str words;
		enum pack_start_sort sort;
	} FIXED[] = {
		{ { "recorded", 8 }, PACK_START_RECORDED },
		{ { "received", 8 }, PACK_START_RECEIVED },
		{ { "happened", 8 }, PACK_START_HAPPENED },
	};
	bool is_last = str_starts(item->text, STR("last ")),
	     is_first = str_starts(item->text, STR("first "));
	if (item->type == YAML_MAPPING)
		return read_start_which(load, item, about, out);
	for (size_t i = 0; i < COUNT_OF(FIXED); i++) {
		if (str_eq(FIXED[i].words, item->text)) {
			out->sort = FIXED[i].sort;
			return true;
		}
	}
	if (str_starts(item->text, STR("field "))) {
		out->sort = PACK_START_FIELD;
		out->field = str_sub(item->text, 6, item->text.n);
		return true;
	}
	if (is_last || is_first) {
		size_t number =
			load_resolve(load, item, str_sub(item->text, is_last ? 5 : 6, item->text.n),
		                     about, "kind", &load->whole->kinds);
		out->sort = is_last ? PACK_START_LAST : PACK_START_FIRST;
		out->kind = number == SIZE_MAX ? NULL : &load->kinds[number];
		return number != SIZE_MAX;
	}
	loader_error_at(load->loader, item,
	                "%.*s: from is \"%.*s\"; expected recorded, received, happened,"
	                " field NAME, last KIND or first KIND",
	                STR_ARG(about), STR_ARG(str_sub(item->text, 0, 60)));
	return false;
}

static void read_from(struct load *load, const struct yaml *node, struct str about,
                      struct pack_duty *duty)
{
	struct pack_start *out = loader_alloc(load->loader, count_of(node), sizeof *out);
	for (const struct yaml *item = out ? first_of(node) : NULL; item;
	     item = next_of(node, item)) {
		if (read_start(load, item, about, &out[duty->from_count]))
			duty->from_count++;
	}
	duty->from = out;
}

static void read_within(struct load *load, const struct yaml *node, struct str about,
                        struct pack_duty *duty)
{
	const struct yaml *field = member_of(node, "field");
	if (!field) {
		(void)period_read(load->loader, node, &duty->within);
		return;
	}
	duty->within = (struct pack_period){ .at_minute = -1 };
	duty->within_is_field = true;
	if (node->count != 1 || field->type != YAML_SCALAR) {
		loader_error_at(load->loader, node, "%.*s: within is a period or { field: NAME }",
		                STR_ARG(about));
		return;
	}
	struct str rest = field->text;
	(void)str_cut(&rest, '.', &duty->within_field);
	duty->within_column = rest;
}

static const struct pack_ladder *ladder_at(struct load *load, const struct yaml *node,
                                           struct str about)
{
	if (node->type != YAML_SCALAR) {
		loader_error_at(load->loader, node, "%.*s: expected the name of a ladder",
		                STR_ARG(about));
		return NULL;
	}
	size_t number =
		load_resolve(load, node, node->text, about, "ladder", &load->whole->ladders);
	return number == SIZE_MAX ? NULL : &load->ladders[number];
}

static void read_ladder_choice(struct load *load, const struct yaml *node, struct str about,
                               struct pack_duty *duty)
{
	if (node->type == YAML_SCALAR) {
		duty->ladder = ladder_at(load, node, about);
		return;
	}
	const struct yaml *by = member_of(node, "by");
	if (!by || by->type != YAML_SCALAR || node->count < 2) {
		loader_error_key(load->loader, node,
		                 "%.*s: ladder is LADDER or { by: FIELD or FACT, CODE: LADDER,"
		                 " else: LADDER }",
		                 STR_ARG(about));
		return;
	}
	const struct pack_ladder **ladders =
		loader_alloc(load->loader, node->count, sizeof *ladders);
	struct str *codes = loader_alloc(load->loader, node->count, sizeof *codes);
	if (!ladders || !codes)
		return;
	duty->ladder_by = by->text;
	for (const struct yaml *item = node->first; item; item = item->next) {
		if (item == by)
			continue;
		codes[duty->ladder_count] = str_eq(item->key, STR("else")) ? STR_NONE : item->key;
		ladders[duty->ladder_count] = ladder_at(load, item, about);
		if (ladders[duty->ladder_count])
			duty->ladder_count++;
	}
	duty->ladder_for = ladders;
	duty->ladder_codes = codes;
}

static void read_no_later(struct load *load, const struct yaml *node, struct str about,
                          struct pack_duty *duty)
{
	if (!node)
		return;
	if (node->type != YAML_SCALAR) {
		duty->has_ceiling = period_read(load->loader, node, &duty->ceiling);
		return;
	}
	if (!str_starts(node->text, STR("field "))) {
		loader_error_at(load->loader, node,
		                "%.*s: no-later-than is \"%.*s\"; expected field NAME or a period",
		                STR_ARG(about), STR_ARG(str_sub(node->text, 0, 60)));
		return;
	}
	duty->no_later_than = str_sub(node->text, 6, node->text.n);
}

static enum pack_class class_of(struct str name)
{
	static const struct str CLASSES[] = {
		[PACK_STATUTE] = { "statute", 7 },
		[PACK_GUIDANCE] = { "guidance", 8 },
		[PACK_NORM] = { "norm", 4 },
		[PACK_LOCAL] = { "local", 5 },
	};
	for (size_t i = 0; i < COUNT_OF(CLASSES); i++) {
		if (str_eq(CLASSES[i], name))
			return (enum pack_class)i;
	}
	return PACK_LOCAL;
}

static void read_duty(struct load *load, const struct yaml *node, struct pack_duty *duty)
{
	struct str about = about_of(load, "duty", node->key);
	const struct yaml *out_of_hours = member_of(node, "out-of-hours");
	const struct yaml *renewals = member_of(node, "renewals"),
			  *not_before = member_of(node, "not-before"),
			  *not_older = member_of(node, "not-older");
	struct str extendable = text_of(node, "extendable");
	int64_t times = 0;

	duty->title = text_of(node, "title");
	duty->public_text = text_of(node, "public");
	duty->public_late = text_of(node, "public-late");
	duty->source = text_of(node, "source");
	duty->certainty = text_of(node, "certainty");
	duty->class = class_of(text_of(node, "class"));
	duty->awaited = text_of(node, "awaited");
	duty->retired = text_of(node, "retired");
	duty->owners = read_owners(load, member_of(node, "owed-by"), about, PACK_OWNER_OWNER,
	                           &duty->owner_count);
	if (out_of_hours) {
		size_t number = load_resolve(load, out_of_hours, out_of_hours->text, about,
		                             "office", &load->whole->offices);
		duty->out_of_hours = number == SIZE_MAX ? NULL : &load->offices[number];
	}
	read_from(load, member_of(node, "from"), about, duty);
	read_within(load, member_of(node, "within"), about, duty);
	read_no_later(load, member_of(node, "no-later-than"), about, duty);
	duty->has_not_before =
		not_before && period_read(load->loader, not_before, &duty->not_before);
	if (!not_older)
		not_older = member_of(load_head_of(load), "not-older");
	duty->has_not_older = not_older && period_read(load->loader, not_older, &duty->not_older);
	read_ladder_choice(load, member_of(node, "ladder"), about, duty);
	duty->is_extendable = extendable.p ? str_eq(extendable, STR("line-above"))
	                                   : duty->class == PACK_NORM || duty->class == PACK_LOCAL;
	if (renewals && scalar_integer(renewals->text, &times))
		duty->renewals = (int)times;
}

void load_duties(struct load *load)
{
	struct pack_duty *duty = load->duties;
	for (const struct yaml *node = load->whole->roots[SECTION_DUTIES]->first; node;
	     node = node->next)
		read_duty(load, node, duty++);
}

/* --- ladders --------------------------------------------------------------------------------- */

static void read_rung(struct load *load, const struct yaml *node, struct str about,
                      struct pack_rung *rung)
{
	static const struct str PLACES[] = {
		[PACK_LINE] = { "line", 4 },
		[PACK_INDEPENDENT] = { "independent", 11 },
		[PACK_OUTSIDE] = { "outside", 7 },
	};
	const struct yaml *tell = member_of(node, "tell"), *one_of = member_of(node, "one-of");
	const struct yaml *makes = member_of(node, "makes");
	struct str place = text_of(node, "place");

	(void)period_read(load->loader, member_of(node, "after"), &rung->after);
	if (!tell == !one_of) {
		loader_error_at(load->loader, node,
		                "%.*s: a rung tells somebody; expected either tell: or"
		                " one-of:",
		                STR_ARG(about));
		return;
	}
	rung->is_one_of = one_of != NULL;
	rung->tell = read_owners(load, tell ? tell : one_of, about, PACK_OWNER_PATTERN,
	                         &rung->tell_count);
	for (size_t i = 0; i < COUNT_OF(PLACES); i++) {
		if (str_eq(PLACES[i], place))
			rung->place = (enum pack_rung_place)i;
	}
	if (makes) {
		size_t number =
			load_resolve(load, makes, makes->text, about, "kind", &load->whole->kinds);
		rung->makes = number == SIZE_MAX ? NULL : &load->kinds[number];
	}
}

void load_ladders(struct load *load)
{
	struct pack_ladder *ladder = load->ladders;
	for (const struct yaml *node = load->whole->roots[SECTION_LADDERS]->first; node;
	     node = node->next, ladder++) {
		struct str about = about_of(load, "ladder", node->key);
		const struct yaml *list = member_of(node, "rungs");
		if (list->count < RUNGS_MIN || list->count > RUNGS_MAX)
			loader_error_at(load->loader, list, "%.*s has %zu rungs; expected %d to %d",
			                STR_ARG(about), list->count, RUNGS_MIN, RUNGS_MAX);
		struct pack_rung *rungs = loader_alloc(load->loader, list->count, sizeof *rungs);
		for (const struct yaml *item = rungs ? list->first : NULL; item; item = item->next)
			read_rung(load, item, about, &rungs[ladder->count++]);
		ladder->rungs = rungs;
	}
}
