/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A counter-example told: in one line, in a block of lines, and for a program (7.7). */
#include "pack/check.h"

#define TEXT_MAX ((size_t)65536)

static struct str short_history(struct arena *arena, const struct walk_act *acts, size_t count)
{
	struct buf text;
	buf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < count; i++) {
		buf_format(&text, "%s%.*s", i ? " > " : "", STR_ARG(acts[i].kind));
		if (acts[i].fields.n)
			buf_format(&text, " (%.*s)", STR_ARG(acts[i].fields));
	}
	struct str kept = arena_copy(arena, buf_str(&text));
	buf_finish(&text);
	return kept;
}

static void write_effects(struct buf *text, const struct walk_act *act)
{
	const struct {
		const char *verb;
		struct str rules;
	} parts[] = { { "settles", act->settles }, { "ends", act->ends }, { "opens", act->opens } };
	const char *between = "";
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		if (!parts[i].rules.n)
			continue;
		buf_format(text, "%s%s %.*s", between, parts[i].verb, STR_ARG(parts[i].rules));
		between = ", ";
	}
}

/* The sentence, with the rule's title behind its name. */
static void write_sentence(struct buf *text, struct str sentence, const struct pack_duty *rule)
{
	size_t at = rule ? str_find_str(sentence, rule->name) + rule->name.n : sentence.n;
	buf_add(text, str_sub(sentence, 0, at));
	if (at < sentence.n)
		buf_format(text, " \"%.*s\"%.*s", STR_ARG(rule->title),
		           STR_ARG(str_sub(sentence, at, sentence.n)));
	buf_add_char(text, '\n');
}

/* The block of 7.7: the sentence, one line an act, where the rule and the last kind stand. */
static struct str long_history(struct check *check, const char *property, struct str sentence,
                               const struct walk_act *acts, size_t count,
                               const struct pack_duty *rule, bool is_owed)
{
	struct arena *arena = check->arena;
	struct pack_place at =
		rule ? check_body(check, SECTION_DUTIES, rule->name) : (struct pack_place){ 0 };
	struct buf text;
	struct buf effects;
	buf_init(&text, TEXT_MAX);
	buf_init(&effects, TEXT_MAX);
	buf_format(&text, "FAIL %s ", property);
	write_sentence(&text, sentence, rule);
	for (size_t i = 0; i < count; i++) {
		buf_clear(&effects);
		write_effects(&effects, &acts[i]);
		buf_format(&text, "  %-2zu %-20.*s %-24.*s %-32.*s %.*s", i + 1,
		           STR_ARG(acts[i].kind), STR_ARG(acts[i].fields),
		           STR_ARG(buf_str(&effects)), STR_ARG(acts[i].state));
		if (is_owed && i + 1 == count && rule)
			buf_format(&text, "     owed: %.*s", STR_ARG(rule->name));
		buf_add_char(&text, '\n');
		if (acts[i].assumed.n)
			buf_format(&text, "       if %.*s\n", STR_ARG(acts[i].assumed));
	}
	if (rule)
		buf_format(&text, "  rule  %.*s:%d:%d", STR_ARG(at.file), at.line, at.column);
	at = count ? check_body(check, SECTION_KINDS, acts[count - 1].kind)
	           : (struct pack_place){ 0 };
	if (at.file.p)
		buf_format(&text, "     %s kind  %.*s:%d:%d",
		           is_owed && str_eq(str_from_c(property), STR("P02")) ? "closing" : "last",
		           STR_ARG(at.file), at.line, at.column);
	buf_add_char(&text, '\n');
	struct str kept = arena_copy(arena, buf_str(&text));
	buf_finish(&text);
	buf_finish(&effects);
	return kept;
}

static struct json *words_as_list(struct arena *arena, struct str words)
{
	struct json *list = json_array(arena);
	struct str word;
	while (words.n && str_cut(&words, ' ', &word))
		json_push(list, json_string(arena, word));
	return list;
}

/* "harm-sign yes, danger now" as an object. */
static struct json *fields_as_object(struct arena *arena, struct str fields)
{
	struct json *object = json_object(arena);
	while (fields.n) {
		size_t end = str_find_str(fields, STR(", "));
		struct str one = str_sub(fields, 0, end);
		size_t blank = str_find(one, ' ');
		json_put_text(arena, object, str_sub(one, 0, blank),
		              str_sub(one, blank + 1, one.n));
		fields = str_sub(fields, end + 2, fields.n);
	}
	return object;
}

static struct str json_history(struct arena *arena, const char *property,
                               const struct pack_duty *rule, const struct walk_act *acts,
                               size_t count)
{
	struct json *root = json_object(arena);
	struct json *steps = json_array(arena);
	json_put_text(arena, root, STR("property"), str_from_c(property));
	if (rule)
		json_put_text(arena, root, STR("rule"), rule->name);
	for (size_t i = 0; i < count; i++) {
		struct json *step = json_object(arena);
		json_put_text(arena, step, STR("kind"), acts[i].kind);
		json_put(step, STR("fields"), fields_as_object(arena, acts[i].fields));
		json_put_text(arena, step, STR("assumed"), acts[i].assumed);
		json_put(step, STR("opens"), words_as_list(arena, acts[i].opens));
		json_put(step, STR("settles"), words_as_list(arena, acts[i].settles));
		json_put(step, STR("ends"), words_as_list(arena, acts[i].ends));
		json_put_text(arena, step, STR("state"), acts[i].state);
		json_push(steps, step);
	}
	json_put(root, STR("steps"), steps);
	struct buf text;
	buf_init(&text, TEXT_MAX);
	json_write(&text, root);
	struct str kept = text.full ? STR_NONE : arena_copy(arena, buf_str(&text));
	buf_finish(&text);
	return kept;
}

bool check_fails_at(struct check *check, const struct walk *walk, size_t n, const char *property,
                    struct pack_place place, struct str sentence, struct err *err)
{
	const struct pack_duty *rule = walk->view.slice.rule;
	struct walk_act *acts;
	size_t count;
	if (!walk_history(walk, n, check->arena, &acts, &count, err))
		return false;
	struct pack_finding *finding =
		check_fails(check, property, place, "%.*s: %.*s", STR_ARG(sentence),
	                    STR_ARG(short_history(check->arena, acts, count)));
	if (!finding)
		return true;
	finding->history = long_history(check, property, sentence, acts, count, rule,
	                                walk_state(walk, n)[1] > 0);
	finding->json = json_history(check->arena, property, rule, acts, count);
	return true;
}

bool check_advises_at(struct check *check, const struct walk *walk, size_t n, const char *property,
                      struct pack_place place, struct str sentence, struct err *err)
{
	struct walk_act *acts;
	size_t count;
	if (!walk_history(walk, n, check->arena, &acts, &count, err))
		return false;
	check_advises(check, property, place, "%.*s: %.*s", STR_ARG(sentence),
	              STR_ARG(short_history(check->arena, acts, count)));
	return true;
}
