/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What one act may cost, reckoned by a table: the rows that the
 * conditions of its kind, and of the patterns that listen to it, look at.
 * A turn holds up all that wait behind it, so a pack whose acts cost more than
 * COST_ROWS_MAX is refused.
 */
#include "pack/check.h"
#include "pack/known.h"

#define COST_ROWS_MAX ((size_t)100000)
#define SETTLED_ON ((size_t)8)

/* The dearest condition met so far, for the message. */
struct costing {
	const struct pack *pack;
	size_t rows;
	size_t counted; /* of them, for fields that the register counts */
	size_t most;
	const struct cond_atom *dearest;
};

static bool is_narrowed(const struct cond_which *which)
{
	return which->where_count > 0 || which->by_count > 0;
}

/* One is enough unless entries must be passed over to find the one that is meant. */
static size_t cost_search(const struct cond_atom *atom)
{
	bool passes = is_narrowed(&atom->which) || atom->form == COND_FRESH;
	size_t rows = passes ? COND_ROWS_MAX : 1;
	if (atom->which.on_every)
		rows *= COND_EVERY_MAX;
	return rows +
	       atom->which.after_count * (atom->which.after_by_count > 0 ? COND_ROWS_MAX : 1);
}

static size_t cost_count(const struct cond_atom *atom)
{
	bool passes = is_narrowed(&atom->which) || atom->what != COND_BY_NOTHING;
	int64_t n = atom->most < INT64_MAX ? atom->most : atom->least;
	size_t most = atom->newest ? (size_t)atom->newest : COND_COUNT_MAX;
	size_t rows = passes ? most : (size_t)n + 1;
	if (atom->anywhere.p) /* and the file's own newest, to be found */
		return COND_COUNT_MAX + (passes ? COND_ROWS_MAX : 1);
	if (atom->owed) /* of each rule as much as would be too much */
		return rows + rows * 100 / (size_t)atom->owed;
	if (atom->of_files)
		return rows + PACK_ROWS_MAX;
	return atom->since ? rows + 1 : rows;
}

static size_t cost_cond(const struct pack *pack, const struct pack_cond *cond);

static size_t cost_atom(const struct pack *pack, const struct cond_atom *atom)
{
	switch (atom->form) {
	case COND_FIELD:
	case COND_FACT:
	case COND_STATE:
	case COND_FILE:
	case COND_AGE:
	case COND_TURNS_AGE:
	case COND_OFFICE:
	case COND_SECOND:
		return 1;
	case COND_OFFICE_IN:
		return atom->is_of_codes ? COND_ROWS_MAX : 1;
	case COND_HAS:
	case COND_LACKS:
	case COND_FRESH:
	case COND_OLDER_THAN:
	case COND_SAME_ACCOUNT:
		return cost_search(atom);
	case COND_COUNT:
		return cost_count(atom) +
		       (atom->where ? COND_ROWS_MAX * (1 + cost_cond(pack, atom->where)) : 0);
	case COND_SHARE:
	case COND_COMPLETE:
		return COND_COUNT_MAX;
	case COND_SILENT_FOR:
		return (size_t)(atom->ask ? 2 : 1) * COND_COUNT_MAX;
	case COND_AFTER:
		return (size_t)2 * COND_COUNT_MAX;
	case COND_RUNNING:
		return (size_t)atom->least;
	case COND_LINKED:
		if (atom->apart)
			return (1 + atom->way_count) * COND_APART_MAX *
			       (1 + COND_APART_MAX + cost_cond(pack, atom->where));
		return COND_LINKS_MAX * (1 + cost_cond(pack, atom->where));
	case COND_SAME_FILE:
		return (size_t)COND_SHARED_MAX * COND_SHARED_MAX;
	case COND_DUTY:
		/* As if each rule were owed once: those that it names are found by their names. */
		return atom->rule_count ? atom->rule_count : pack->duty_count;
	case COND_ASKED:
		return COND_ASKS_MAX + COND_ANSWERS_MAX;
	case COND_OUTSIDE_LINE:
		return COND_LINE_MAX;
	case COND_HELD:
		return COND_ROWS_MAX + 1 + 2 * COND_OFFICES_MAX;
	case COND_REGISTER:
		return 1 + cost_cond(pack, atom->where);
	}
	return 0;
}

static size_t cost_cond(const struct pack *pack, const struct pack_cond *cond)
{
	size_t rows = 0;
	for (size_t i = 0; cond && i < cond->atom_count; i++)
		rows += cost_atom(pack, cond->atoms[i]);
	return rows;
}

static void add_cond(struct costing *costing, const struct pack_cond *cond)
{
	for (size_t i = 0; cond && i < cond->atom_count; i++) {
		size_t rows = cost_atom(costing->pack, cond->atoms[i]);
		costing->rows += rows;
		if (rows > costing->most) {
			costing->most = rows;
			costing->dearest = cond->atoms[i];
		}
	}
}

static void add_needs(struct costing *costing, const struct pack_need *needs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		add_cond(costing, needs[i].when);
		add_cond(costing, needs[i].need);
	}
}

static void add_kind(struct costing *costing, const struct pack_kind *kind)
{
	for (size_t i = 0; i < kind->field_count; i++) {
		add_cond(costing, kind->fields[i].required_if);
		if (kind->fields[i].counted == PACK_COUNTED_KNOWN)
			costing->counted += PACK_KNOWN_FILES_MAX + PACK_KNOWN_ROWS_MAX;
		else if (kind->fields[i].counted)
			costing->counted += (size_t)kind->fields[i].max;
	}
	costing->rows += costing->counted;
	for (size_t i = 0; i < kind->need_count; i++) {
		const struct pack_kind_need *asked = &kind->needs[i];
		add_cond(costing, asked->when);
		if (asked->gate)
			add_needs(costing, asked->gate->needs, asked->gate->need_count);
		else
			add_needs(costing, asked->need, 1);
	}
	for (size_t i = 0; i < kind->open_count; i++)
		add_cond(costing, kind->opens[i].when);
	for (size_t i = 0; i < kind->settle_count; i++) {
		add_cond(costing, kind->settles[i].when);
		/* As if it were owed on so many of the files at the other end. */
		size_t rows = costing->rows;
		add_cond(costing, kind->settles[i].where);
		costing->rows = rows + (costing->rows - rows) * SETTLED_ON;
	}
	for (size_t i = 0; i < kind->end_count; i++)
		add_cond(costing, kind->ends[i].when);
	for (size_t i = 0; i < kind->then_count; i++)
		add_cond(costing, kind->then[i].when);
}

static void judge_kind(struct check *check, const struct costing *costing,
                       const struct pack_kind *kind)
{
	if (costing->rows > check->rows) {
		check->rows = costing->rows;
		check->dearest = kind;
	}
	if (costing->rows <= COST_ROWS_MAX)
		return;
	if (!costing->dearest || costing->counted > costing->most) {
		check_fails(
			check, "P12", check_body(check, SECTION_KINDS, kind->name),
			"one %.*s may look at %zu rows, %zu of them to count what its fields say; "
			"expected at most %zu",
			STR_ARG(kind->name), costing->rows, costing->counted, COST_ROWS_MAX);
		return;
	}
	struct pack_place at = costing->dearest->place;
	check_fails(check, "P12", check_body(check, SECTION_KINDS, kind->name),
	            "one %.*s may look at %zu rows, its own conditions and those of the patterns "
	            "that listen to it together; expected at most %zu; the dearest condition is "
	            "%.*s, %zu rows, at %.*s:%d",
	            STR_ARG(kind->name), costing->rows, COST_ROWS_MAX,
	            STR_ARG(costing->dearest->words), costing->most, STR_ARG(at.file), at.line);
}

/* What it looks at where it opens its duties: each file that they lead to. */
static void add_found(struct costing *costing, const struct pack_pattern *pattern)
{
	for (size_t i = 0; i < pattern->open_count; i++) {
		const struct pack_found_open *open = &pattern->opens[i];
		size_t rows = costing->rows;
		add_cond(costing, open->when);
		if (open->on_count)
			costing->rows = rows + (costing->rows - rows + 1) * PACK_FOUND_ON_MAX;
	}
}

void check_costs(struct check *check)
{
	const struct pack *pack = check->pack;
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		struct costing costing = { .pack = pack };
		add_kind(&costing, kind);
		for (size_t p = 0; p < kind->wake_count; p++) {
			add_cond(&costing, kind->wakes[p].pattern->when);
			add_found(&costing, kind->wakes[p].pattern);
		}
		judge_kind(check, &costing, kind);
	}
}
