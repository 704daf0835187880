/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* `pack check`: the properties of 7.4, one after another, and what is said of them. */
#include "pack/check.h"

#include <stdarg.h>
#include <stdio.h>

#define LINE_MAX_BYTES 4096

/* --- notes ----------------------------------------------------------------------------------- */

static struct pack_finding *note(struct check *check, const char *property,
                                 enum pack_verdict verdict, struct pack_place place,
                                 const char *format, va_list args)
{
	char text[LINE_MAX_BYTES];
	if (check->count == CHECK_FINDINGS_MAX)
		return NULL;
	(void)vsnprintf(text, sizeof text, format, args);
	struct str line =
		place.file.p ? arena_format(check->arena, "%.*s:%d:%d: %s", STR_ARG(place.file),
	                                    place.line, place.column, text)
			     : arena_format(check->arena, "%s", text);
	if (!line.p) {
		check->out_of_memory = true;
		return NULL;
	}
	for (size_t i = 0; i < check->count; i++) {
		if (str_eq(check->findings[i].line, line))
			return NULL;
	}
	struct pack_finding *finding = &check->findings[check->count++];
	*finding = (struct pack_finding){ .property = str_from_c(property),
		                          .verdict = verdict,
		                          .line = line };
	return finding;
}

struct pack_finding *check_fails(struct check *check, const char *property, struct pack_place place,
                                 const char *format, ...)
{
	va_list args;
	va_start(args, format);
	struct pack_finding *finding = note(check, property, PACK_FAILS, place, format, args);
	va_end(args);
	return finding;
}

void check_advises(struct check *check, const char *property, struct pack_place place,
                   const char *format, ...)
{
	va_list args;
	va_start(args, format);
	(void)note(check, property, PACK_ADVICE, place, format, args);
	va_end(args);
}

struct pack_place check_place(const struct check *check, const struct yaml *node)
{
	if (!node)
		return (struct pack_place){ 0 };
	return (struct pack_place){ whole_file_of(check->whole, node), node->line, node->column };
}

const struct yaml *check_node(const struct check *check, enum section section, struct str name)
{
	return yaml_member(check->whole->roots[section], name);
}

struct pack_place check_body(const struct check *check, enum section section, struct str name)
{
	return check_place(check, check_node(check, section, name));
}

const struct yaml *check_item(const struct yaml *element, struct str key, size_t n)
{
	const struct yaml *list = element ? yaml_member(element, key) : NULL;
	const struct yaml *item = list && list->type == YAML_SEQUENCE ? list->first : list;
	while (item && n-- > 0)
		item = item->next;
	return item ? item : element;
}

/* --- what holds ------------------------------------------------------------------------------ */

static const struct {
	const char *id;
	const char *words;
} PROPERTIES[] = {
	{ "P01", "whatever is open is owed" },
	{ "P02", "nothing ends owed" },
	{ "P03", "every duty dischargeable" },
	{ "P04", "every gate can be met" },
	{ "P05", "every kind can be made" },
	{ "P06", "every ladder ends outside" },
	{ "P07", "every kind has somebody to make it" },
	{ "P08", "every state reached, every duty opened" },
	{ "P09", "every state can be left for the end" },
	{ "P10", "the register does not go round by itself" },
	{ "P12", "limits stand" },
	{ "P13", "nothing looks at what it may not" },
	{ "P14", "every rule has its source" },
	{ "P15", "dated cases agree" },
};

static struct str figures(const struct check *check, const char *id)
{
	struct arena *arena = check->arena;
	struct str property = str_from_c(id);
	if (str_eq(property, STR("P02")) || str_eq(property, STR("P03")))
		return arena_format(arena, "%zu rules, %zu walks, %zu states", check->rules,
		                    check->walks, check->states);
	if (str_eq(property, STR("P04")))
		return arena_format(arena, "%zu gates", check->pack->gate_count);
	if (str_eq(property, STR("P05")) || str_eq(property, STR("P07")))
		return arena_format(arena, "%zu kinds", check->kinds);
	if (str_eq(property, STR("P06")))
		return arena_format(arena, "%zu ladders, %zu charts", check->ladders,
		                    check->charts);
	if (str_eq(property, STR("P08")) || str_eq(property, STR("P09")))
		return arena_format(arena, "%zu states", check->reached);
	if (str_eq(property, STR("P12")) && check->dearest)
		return arena_format(arena, "%zu duties; one act looks at %zu rows at most (%.*s)",
		                    check->pack->duty_count, check->rows,
		                    STR_ARG(check->dearest->name));
	if (str_eq(property, STR("P13")))
		return arena_format(arena, "%zu conditions", check->conditions);
	if (str_eq(property, STR("P15")))
		return arena_format(arena, "%zu cases", check->cases);
	return arena_format(arena, "%zu duties", check->pack->duty_count);
}

static bool has_failed(const struct check *check, const char *id)
{
	for (size_t i = 0; i < check->count; i++) {
		const struct pack_finding *finding = &check->findings[i];
		if (finding->verdict == PACK_FAILS && str_eq(finding->property, str_from_c(id)))
			return true;
	}
	return false;
}

/* P04 is P05 for the kinds that name a gate, so it falls with it. */
static bool holds(const struct check *check, const char *id)
{
	return !has_failed(check, id) &&
	       !(str_eq(str_from_c(id), STR("P04")) && has_failed(check, "P05"));
}

/* What the charts and walks alone tell: P02 to P09. */
static bool is_by_walk(const char *id)
{
	return strcmp(id, "P02") >= 0 && strcmp(id, "P09") <= 0;
}

static struct pack_finding what_holds(const struct check *check, size_t p, bool is_asked)
{
	struct str id = str_from_c(PROPERTIES[p].id), words = str_from_c(PROPERTIES[p].words);
	struct str line =
		is_asked ? arena_format(check->arena, "ok   %.*s %-42.*s %.*s", STR_ARG(id),
	                                STR_ARG(words), STR_ARG(figures(check, PROPERTIES[p].id)))
			 : arena_format(check->arena,
	                                "     %.*s %-42.*s not looked at while something fails",
	                                STR_ARG(id), STR_ARG(words));
	return (struct pack_finding){ .property = id,
		                      .verdict = is_asked ? PACK_HOLDS : PACK_UNASKED,
		                      .line = line };
}

/* Properties in order: those that hold, or their failures; then advice. */
static bool write_report(struct check *check, bool is_walked, struct pack_report *out)
{
	size_t most = check->count + COUNT_OF(PROPERTIES);
	struct pack_finding *all = arena_alloc(check->arena, most, sizeof *all);
	size_t count = 0;
	if (!all)
		return false;
	for (size_t p = 0; p < COUNT_OF(PROPERTIES); p++) {
		const char *id = PROPERTIES[p].id;
		if (holds(check, id))
			all[count++] = what_holds(check, p, is_walked || !is_by_walk(id));
		for (size_t i = 0; i < check->count; i++) {
			if (check->findings[i].verdict == PACK_FAILS &&
			    str_eq(check->findings[i].property, str_from_c(id)))
				all[count++] = check->findings[i];
		}
	}
	out->holds = true;
	for (size_t i = 0; i < check->count; i++) {
		if (check->findings[i].verdict == PACK_ADVICE)
			all[count++] = check->findings[i];
		else
			out->holds = false;
	}
	out->at = all;
	out->count = count;
	return true;
}

bool pack_check(const struct pack *pack, struct arena *arena, struct pack_report *out,
                struct err *err)
{
	struct check check = { .pack = pack, .whole = whole_of(pack), .arena = arena };

	*out = (struct pack_report){ 0 };
	check.findings = arena_alloc(arena, CHECK_FINDINGS_MAX, sizeof *check.findings);
	if (!check.findings)
		return err_set(err, ERR_UNABLE, "There is no room to check this pack");
	struct supply supply;
	if (!check_forms(&check, err) || !check_ladders(&check, err) || !check_cases(&check, err))
		return false;
	check_costs(&check);
	/* Stage 7 runs only if those before are clean: a chart or walk over broken forms tells
	 * nothing. */
	bool is_clean = true;
	for (size_t i = 0; i < check.count; i++)
		is_clean = is_clean && check.findings[i].verdict != PACK_FAILS;
	if (!check_supply(&check, &supply, err))
		return false;
	check_never(&check, &supply);
	if (is_clean && !check_charts(&check, err))
		return false;
	if (is_clean && !check_walks(&check, err))
		return false;
	if (check.out_of_memory || !write_report(&check, is_clean, out))
		return err_set(err, ERR_UNABLE, "There is no room to check this pack");
	return true;
}
