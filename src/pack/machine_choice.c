/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an act may choose: codes that nothing looked at tells apart are chosen once. */
#include "pack/machine_bind.h"

#define CHOICES_MAX 1000000

/* --- domains --------------------------------------------------------------------------------- */

bool machine_field_codes(struct arena *arena, const struct pack_field *field,
                         const struct str **out, size_t *count)
{
	static const struct str yes_no[] = { { "yes", 3 }, { "no", 2 } };
	*out = yes_no;
	*count = 0;
	if (field->is_repeated || field->type == PACK_CODES)
		return true;
	if (field->type == PACK_YES)
		*count = COUNT_OF(yes_no);
	if (field->type != PACK_CODE || !field->list)
		return true;
	size_t n = field->list->count < MACHINE_VALUES_MAX ? field->list->count : 0;
	struct str *codes = arena_alloc(arena, n, sizeof *codes);
	if (!codes)
		return false;
	for (size_t i = 0; i < n; i++)
		codes[i] = field->list->codes[i].code;
	*out = codes;
	*count = n;
	return true;
}

static size_t code_at(const struct str *codes, size_t count, struct str code)
{
	size_t i = 0;
	while (i < count && !str_eq(codes[i], code))
		i++;
	return i;
}

bool machine_fact_codes(struct machine *machine, struct machine_fact *fact)
{
	struct str *codes = arena_alloc(machine->arena, MACHINE_VALUES_MAX, sizeof *codes);
	if (!codes)
		return false;
	fact->codes = codes;
	for (size_t i = 0; i < fact->fact->order_count && i < MACHINE_VALUES_MAX; i++)
		codes[fact->code_count++] = fact->fact->order[i];
	for (size_t i = 0; fact->fact->order_count == 0 && i < fact->fact->from_count; i++) {
		const struct pack_fact_source *from = &fact->fact->from[i];
		const struct pack_field *field = pack_field_find(from->kind, from->field);
		const struct str *own = NULL;
		size_t n = 0;
		if (field && !machine_field_codes(machine->arena, field, &own, &n))
			return false;
		for (size_t c = 0; c < n; c++) {
			if (code_at(codes, fact->code_count, own[c]) == fact->code_count &&
			    fact->code_count < MACHINE_VALUES_MAX)
				codes[fact->code_count++] = own[c];
		}
	}
	fact->class = arena_alloc(machine->arena, MACHINE_CODES + fact->code_count, 1);
	/* What was last said may stand for nothing said; where it is kept for good, it may not. */
	for (size_t v = 0; fact->class && v < MACHINE_CODES + fact->code_count; v++)
		fact->class[v] = fact->fact->keep == PACK_KEEP_LAST ? MACHINE_ABSENT
		                 : v < MACHINE_CODES                ? (uint8_t)v
		                                                    : MACHINE_CODES;
	return fact->class != NULL;
}

/* Of codes in order only neighbours are one, so that the higher stays the higher. */
static void join_neighbours(struct machine_fact *fact)
{
	uint8_t joined[MACHINE_CODES + MACHINE_VALUES_MAX] = { MACHINE_ABSENT, MACHINE_UNKNOWN };
	size_t count = MACHINE_CODES + fact->code_count;
	for (size_t v = MACHINE_CODES; v < count; v++)
		joined[v] = v > MACHINE_CODES && fact->class[v] == fact->class[v - 1]
		                    ? joined[v - 1]
		                    : (uint8_t)v;
	memcpy(fact->class, joined, count);
}

/* What each value of a field makes of a fact. */
static const uint8_t *feed_values(const struct machine *machine, const struct machine_kind *kind,
                                  const struct bound_feed *feed)
{
	const struct machine_fact *fact = &machine->facts[feed->fact];
	const struct machine_field *field = &kind->fields[feed->field];
	uint8_t *values = arena_alloc(machine->arena, MACHINE_CODES + field->code_count, 1);
	if (!values)
		return NULL;
	values[MACHINE_ABSENT] = MACHINE_KEEPS;
	values[MACHINE_UNKNOWN] = fact->class[MACHINE_UNKNOWN];
	for (size_t c = 0; c < field->code_count; c++) {
		size_t at = code_at(fact->codes, fact->code_count, field->codes[c]);
		bool is_kept =
			at < fact->code_count && (fact->fact->keep != PACK_KEEP_EVER ||
		                                  str_eq(field->codes[c], fact->fact->value));
		values[MACHINE_CODES + c] =
			is_kept ? fact->class[MACHINE_CODES + at] : MACHINE_KEEPS;
	}
	return values;
}

/* --- choices --------------------------------------------------------------------------------- */

/* What decides which fields matter. */
struct choosing {
	const struct machine *machine;
	const struct machine_kind *kind;
	const struct pack_duty *rule;
	const struct var_set *tracked;
};

static bool is_used(const struct choosing *choosing, const struct field_use *use)
{
	switch (use->sort) {
	case USE_NEED:
		return true;
	case USE_EFFECT:
		return choosing->rule && choosing->kind->effects[use->index].duty == choosing->rule;
	case USE_COUNT:
		return vars_have(choosing->tracked, choosing->machine->fact_count + use->index);
	}
	return false;
}

/* Whether nothing that is looked at tells two values of a field apart. */
static bool is_alike(const struct choosing *choosing, size_t f, size_t a, size_t b)
{
	const struct machine_kind *kind = choosing->kind;
	for (size_t i = 0; i < kind->use_count; i++) {
		const struct field_use *use = &kind->uses[i];
		if (use->field == f && use->truths[a] != use->truths[b] && is_used(choosing, use))
			return false;
	}
	for (size_t i = 0; i < kind->feed_count; i++) {
		const struct bound_feed *feed = &kind->feeds[i];
		if (feed->field == f && feed->values[a] != feed->values[b] &&
		    vars_have(choosing->tracked, feed->fact))
			return false;
	}
	return kind->to_field != (int)f || kind->to_states[a] == kind->to_states[b];
}

static void add_field(uint8_t *fields, size_t *count, size_t field)
{
	for (size_t i = 0; i < *count; i++) {
		if (fields[i] == field)
			return;
	}
	fields[(*count)++] = (uint8_t)field;
}

/* Fields that matter, in the order in which they are asked. */
static size_t used_fields(const struct choosing *choosing, uint8_t fields[MACHINE_FIELDS_MAX])
{
	const struct machine_kind *kind = choosing->kind;
	size_t count = 0;
	for (size_t i = 0; i < kind->use_count; i++) {
		if (is_used(choosing, &kind->uses[i]))
			add_field(fields, &count, kind->uses[i].field);
	}
	for (size_t i = 0; i < kind->feed_count; i++) {
		if (vars_have(choosing->tracked, kind->feeds[i].fact))
			add_field(fields, &count, kind->feeds[i].field);
	}
	if (kind->to_field >= 0)
		add_field(fields, &count, (size_t)kind->to_field);
	return count;
}

static const uint8_t *field_choices(const struct choosing *choosing, size_t f, struct arena *arena,
                                    size_t *count)
{
	const struct machine_field *field = &choosing->kind->fields[f];
	uint8_t *values = arena_alloc(arena, field->code_count + MACHINE_CODES, 1);
	*count = 0;
	if (!values)
		return NULL;
	for (size_t c = 0; c < field->code_count; c++) {
		size_t n = 0;
		while (n < *count && !is_alike(choosing, f, values[n], MACHINE_CODES + c))
			n++;
		if (n == *count)
			values[(*count)++] = (uint8_t)(MACHINE_CODES + c);
	}
	if (field->code_count == 0)
		values[(*count)++] = MACHINE_UNKNOWN;
	if (field->field->required != PACK_REQUIRED && !field->field->counted)
		values[(*count)++] = MACHINE_ABSENT;
	return values;
}

bool machine_choices(const struct machine *machine, const struct machine_kind *kind,
                     const struct pack_duty *rule, const struct var_set *tracked,
                     struct arena *arena, struct choices *out)
{
	struct choosing choosing = { machine, kind, rule, tracked };
	uint8_t used[MACHINE_FIELDS_MAX];
	size_t count = used_fields(&choosing, used);
	uint8_t *fields = arena_alloc(arena, count, 1);
	const uint8_t **values = arena_alloc(arena, count, sizeof(void *));
	uint8_t *value_counts = arena_alloc(arena, count, 1);

	*out = (struct choices){ 1, count, fields, values, value_counts, false };
	if (!fields || !values || !value_counts)
		return false;
	memcpy(fields, used, count);
	for (size_t i = 0; i < count; i++) {
		size_t n;
		values[i] = field_choices(&choosing, fields[i], arena, &n);
		if (!values[i])
			return false;
		value_counts[i] = (uint8_t)n;
		out->count *= n;
		if (out->count > CHOICES_MAX) {
			out->is_too_large = true;
			out->count = 1;
		}
	}
	return true;
}

bool machine_bind_choices(struct machine *machine)
{
	static const struct var_set NONE = { { 0 } };
	for (size_t f = 0; f < machine->fact_count; f++) {
		if (machine->facts[f].fact->keep == PACK_KEEP_HIGHEST)
			join_neighbours(&machine->facts[f]);
	}
	for (size_t k = 0; k < machine->kind_count; k++) {
		struct machine_kind *kind = &machine->kinds[k];
		for (size_t i = 0; i < kind->feed_count; i++) {
			kind->feeds[i].values = feed_values(machine, kind, &kind->feeds[i]);
			if (!kind->feeds[i].values)
				return false;
		}
		if (!machine_choices(machine, kind, NULL, &NONE, machine->arena, &kind->plain))
			return false;
	}
	return true;
}

void machine_choice(const struct view_kind *kind, size_t n, uint8_t values[MACHINE_FIELDS_MAX])
{
	const struct choices *choices = &kind->choices;
	/* The first field moves slowest, so that choices come in the order of its codes. */
	for (size_t i = choices->field_count; i-- > 0;) {
		values[choices->fields[i]] = choices->values[i][n % choices->value_counts[i]];
		n /= choices->value_counts[i];
	}
}
