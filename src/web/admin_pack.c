/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rules in force: which pack, who adopted it, and all that it says, to be read and printed. */
#include "web/admin.h"
#include "web/pack_parts.h"
#include "web/story_parts.h"

#define PARTS_MAX 64 /* of the rules, by the file that a kind stands in */

static const struct str CLASSES[] = { [PACK_STATUTE] = { "statute", 7 },
	                              [PACK_GUIDANCE] = { "guidance", 8 },
	                              [PACK_NORM] = { "norm", 4 },
	                              [PACK_LOCAL] = { "local", 5 } };

static struct str or_empty(struct str text)
{
	return text.p ? text : STR("");
}

/* As one sentence: it begins with a capital letter, whatever comes first. */
static struct str owners_text(struct arena *arena, const struct pack *pack,
                              const struct pack_duty *duty)
{
	struct str owners = pack_words_asked(arena, duty);
	if (owners.n)
		return arena_format(arena, "E%.*s", STR_ARG(str_sub(owners, 1, owners.n)));
	owners = STR("");
	for (size_t i = 0; i < duty->owner_count; i++)
		owners = arena_format(arena, "%.*s%s%.*s", STR_ARG(owners), i ? " and " : "",
		                      STR_ARG(page_owner(arena, &duty->owners[i])));
	owners = arena_format(arena, "%.*s%.*s", STR_ARG(owners),
	                      STR_ARG(pack_words_owned_else(arena, pack, duty)));
	if (str_starts(owners, STR("the ")))
		return arena_format(arena, "The %.*s", STR_ARG(str_sub(owners, 4, owners.n)));
	return owners;
}

/* --- by parts --------------------------------------------------------------------------------- */

/* Rows of one part of the rules, in the order in which the first of each came. */
struct part {
	struct str name;
	struct str title;
	struct json *rows;
};

struct parts {
	struct arena *arena;
	struct part at[PARTS_MAX];
	size_t count;
};

/* The rows of a part; past the last there is room for, those of the last. */
static struct json *rows_of_part(struct parts *parts, struct str name, struct str title)
{
	for (size_t i = 0; i < parts->count; i++)
		if (str_eq(parts->at[i].name, name))
			return parts->at[i].rows;
	if (parts->count == PARTS_MAX)
		return parts->at[PARTS_MAX - 1].rows;
	parts->at[parts->count] = (struct part){ name, title, json_array(parts->arena) };
	return parts->at[parts->count++].rows;
}

static struct json *rows_of_kind(struct parts *parts, const struct pack_kind *kind)
{
	return rows_of_part(parts, story_part(kind), story_part_title(parts->arena, kind));
}

/* A duty stands with the first kind that opens it, else with what the register opens of itself. */
static struct json *rows_of_duty(struct parts *parts, const struct pack *pack,
                                 const struct pack_duty *duty)
{
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		for (size_t i = 0; !kind->is_built_in && i < kind->open_count; i++)
			if (kind->opens[i].duty == duty)
				return rows_of_kind(parts, kind);
	}
	return rows_of_part(parts, STR("of-the-register-itself"),
	                    STR("Of patterns, and of the register itself"));
}

/* NAME[{name, title, n, rows[]}]. */
static void put_parts(const struct parts *parts, const char *name, struct json *model)
{
	struct arena *arena = parts->arena;
	struct json *list = json_array(arena);
	for (size_t i = 0; i < parts->count; i++) {
		struct json *part = json_object(arena);
		const struct json *rows = parts->at[i].rows;
		json_put_text(arena, part, STR("part"), parts->at[i].name);
		json_put_text(arena, part, STR("part_title"), parts->at[i].title);
		json_put_integer(arena, part, STR("n"), rows ? (int64_t)rows->count : 0);
		json_put(part, STR("rows"), parts->at[i].rows);
		json_push(list, part);
	}
	json_put(model, str_from_c(name), list);
}

/* --- its elements ----------------------------------------------------------------------------- */

static struct json *put_row(struct arena *arena, struct json *rows, struct str name,
                            struct str title)
{
	struct json *row = json_object(arena);
	json_put_text(arena, row, STR("name"), name);
	json_put_text(arena, row, STR("href"), pack_href(arena, name));
	json_put_text(arena, row, STR("title"), or_empty(title));
	json_push(rows, row);
	return row;
}

static void put_duty(struct arena *arena, const struct pack *pack, const struct pack_duty *duty,
                     struct json *rows)
{
	struct json *row = put_row(arena, rows, duty->name, duty->title);
	json_put_text(arena, row, STR("owed_by"), owners_text(arena, pack, duty));
	json_put_text(arena, row, STR("due"), pack_words_due(arena, duty));
	json_put_text(arena, row, STR("opened_by"), pack_words_openers(arena, pack, duty));
	json_put_text(arena, row, STR("settled_by"), pack_words_settlers(arena, pack, duty));
	json_put_text(arena, row, STR("class"), CLASSES[duty->class]);
	json_put_text(arena, row, STR("source"), or_empty(duty->source));
	json_put_text(arena, row, STR("certainty"), or_empty(duty->certainty));
	json_put_text(arena, row, STR("ladder"), or_empty(pack_words_ladder(arena, duty)));
}

static void put_duties(struct arena *arena, const struct pack *pack, struct json *model)
{
	struct json *doubtful = json_array(arena);
	struct parts parts = { .arena = arena };
	for (size_t i = 0; i < pack->duty_count; i++) {
		const struct pack_duty *duty = &pack->duties[i];
		put_duty(arena, pack, duty, rows_of_duty(&parts, pack, duty));
		if (str_eq(duty->certainty, STR("check")))
			put_duty(arena, pack, duty, doubtful);
	}
	struct json *questions = json_array(arena);
	for (size_t i = 0; i < pack->question_count; i++) {
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("matter"), or_empty(pack->questions[i].matter));
		json_put_text(arena, row, STR("assumed"), or_empty(pack->questions[i].assumed));
		json_put_text(arena, row, STR("ask"), or_empty(pack->questions[i].ask));
		json_push(questions, row);
	}
	json_put_bool(arena, model, STR("has_doubtful"), doubtful->count + questions->count > 0);
	json_put_integer(arena, model, STR("doubtful_n"),
	                 (int64_t)(doubtful->count + questions->count));
	json_put_bool(arena, model, STR("has_questions"), questions->count > 0);
	json_put(model, STR("questions"), questions);
	json_put(model, STR("doubtful"), doubtful);
	put_parts(&parts, "duty_parts", model);
}

static void put_ladders(struct arena *arena, const struct pack *pack, struct json *model)
{
	struct json *rows = json_array(arena);
	for (size_t i = 0; i < pack->ladder_count; i++) {
		const struct pack_ladder *ladder = &pack->ladders[i];
		struct json *row = put_row(arena, rows, ladder->name, STR_NONE);
		struct json *rungs = json_array(arena);
		for (size_t r = 0; r < ladder->count; r++)
			json_push(rungs,
			          json_string(arena, pack_words_rung(arena, &ladder->rungs[r])));
		json_put(row, STR("rungs"), rungs);
	}
	json_put_integer(arena, model, STR("ladders_n"), (int64_t)pack->ladder_count);
	json_put(model, STR("ladders"), rows);
}

static void put_gates(struct arena *arena, const struct pack *pack, struct json *model)
{
	struct json *rows = json_array(arena);
	for (size_t i = 0; i < pack->gate_count; i++) {
		const struct pack_gate *gate = &pack->gates[i];
		struct json *row = put_row(arena, rows, gate->name, gate->title);
		struct json *needs = json_array(arena);
		for (size_t n = 0; n < gate->need_count; n++)
			json_push(needs, json_string(arena, gate->needs[n].otherwise));
		json_put(row, STR("needs"), needs);
	}
	json_put_integer(arena, model, STR("gates_n"), (int64_t)pack->gate_count);
	json_put(model, STR("gates"), rows);
}

static void put_patterns(struct arena *arena, const struct pack *pack, struct json *model)
{
	struct json *rows = json_array(arena);
	for (size_t i = 0; i < pack->pattern_count; i++) {
		const struct pack_pattern *pattern = &pack->patterns[i];
		struct json *row = put_row(arena, rows, pattern->name, pattern->title);
		json_put_text(arena, row, STR("when"), pack_cond_words(arena, pattern->when));
		json_put_text(arena, row, STR("source"), or_empty(pattern->source));
	}
	json_put_bool(arena, model, STR("has_patterns"), pack->pattern_count > 0);
	json_put_integer(arena, model, STR("patterns_n"), (int64_t)pack->pattern_count);
	json_put(model, STR("patterns"), rows);
}

/* "a, b" of the states whose bits are set. */
static struct str states_text(struct arena *arena, const struct pack_file_type *type)
{
	struct str text = STR("");
	for (size_t i = 0; i < type->state_count; i++)
		text = arena_format(arena, "%.*s%s%.*s", STR_ARG(text), i ? ", " : "",
		                    STR_ARG(type->state_titles[i]));
	return text;
}

static void put_files(struct arena *arena, const struct pack *pack, struct json *model)
{
	struct json *files = json_array(arena);
	struct parts parts = { .arena = arena };
	int64_t kinds = 0;
	for (size_t i = 0; i < pack->file_type_count; i++) {
		const struct pack_file_type *type = &pack->file_types[i];
		struct json *row = put_row(arena, files, type->name, type->title);
		json_put_text(arena, row, STR("states"), states_text(arena, type));
	}
	for (size_t k = 0; k < pack->kind_count; k++) {
		const struct pack_kind *kind = &pack->kinds[k];
		if (kind->is_built_in)
			continue;
		struct str of = STR("");
		for (size_t i = 0; i < pack->file_type_count; i++)
			if (kind->file_types >> i & 1)
				of = arena_format(arena, "%.*s%s%.*s", STR_ARG(of),
				                  of.n ? ", " : "",
				                  STR_ARG(pack->file_types[i].title));
		struct json *row =
			put_row(arena, rows_of_kind(&parts, kind), kind->name, kind->title);
		json_put_text(arena, row, STR("files"), of);
		kinds++;
	}
	json_put_integer(arena, model, STR("files_n"), (int64_t)pack->file_type_count);
	json_put(model, STR("files"), files);
	json_put_integer(arena, model, STR("kinds_n"), kinds);
	put_parts(&parts, "kind_parts", model);
}

/* --- who adopted it --------------------------------------------------------------------------- */

/* "ruth, Register administrator, and noor"; what was founded was adopted by nobody. */
static bool put_adopters(struct web_request *request, struct casebook_reader *reader,
                         const struct casebook_entry *adopted, struct json *about, struct err *err)
{
	struct arena *arena = request->arena;
	struct str account = STR_NONE, other = STR_NONE;
	struct str second = json_text(adopted->plain, STR("second"));
	struct json *office;
	struct str text = STR("when the register was founded");
	if (adopted->by == CASEBOOK_BY_OFFICE) {
		if (!casebook_account_name(reader, arena, adopted->account, &account, err) ||
		    !casebook_account_name(reader, arena, second, &other, err) ||
		    !page_office(request, reader, adopted->office, &office, err))
			return false;
		text = arena_format(arena, "by %.*s (%.*s) and %.*s", STR_ARG(account),
		                    STR_ARG(json_text(office, STR("title"))), STR_ARG(other));
	}
	if (json_number(adopted->plain, STR("waited"), -1) >= 0)
		text = arena_format(arena, "%.*s, with the independent scrutineer", STR_ARG(text));
	json_put_text(arena, about, STR("adopted"), text);
	return true;
}

static bool put_pack(struct web_request *request, struct casebook_reader *reader,
                     struct json *model, struct err *err)
{
	struct arena *arena = request->arena;
	const struct pack *pack = casebook_pack(site_book(request));
	struct json *about = json_object(arena);
	struct casebook_entry adopted;
	struct str below = STR("");
	int64_t own = 0;
	for (size_t k = 0; k < pack->kind_count; k++)
		own += !pack->kinds[k].is_built_in;
	if (!casebook_pack_since(reader, arena, &adopted, err) ||
	    !put_adopters(request, reader, &adopted, about, err))
		return false;
	for (size_t i = 0; i < pack->below_count; i++)
		below = arena_format(arena, "%.*s%s%.*s %.*s", STR_ARG(below), i ? ", upon " : "",
		                     STR_ARG(pack->below[i].name), STR_ARG(pack->below[i].version));
	json_put(about, STR("since"), page_time(request, adopted.recorded));
	json_put_integer(arena, about, STR("entry"), adopted.index);
	json_put_text(arena, about, STR("name"), pack->name);
	json_put_text(arena, about, STR("version"), pack->version);
	json_put_text(arena, about, STR("below"), below);
	json_put_text(arena, about, STR("pack_title"), or_empty(pack->title));
	json_put_text(arena, about, STR("hash"), hash_hex(arena, &pack->hash));
	json_put_integer(arena, about, STR("own_n"), own);
	json_put_integer(arena, about, STR("built_in_n"), (int64_t)pack->kind_count - own);
	json_put_integer(arena, about, STR("duties_n"), (int64_t)pack->duty_count);
	json_put(model, STR("pack"), about);
	return true;
}

bool pack_show(struct web_request *request, struct web_answer *answer, struct err *err)
{
	struct page_head head = { .page = STR("pack"), .title = STR("Rules in force") };
	struct arena *arena = request->arena;
	const struct pack *pack = casebook_pack(site_book(request));
	struct json *model;
	struct casebook_reader *reader;
	if (!practice_begin(request, &head, PRACTICE_ELSEWHERE, &model, err) ||
	    !site_reader(request, &reader, err) || !put_pack(request, reader, model, err))
		return false;
	json_put_bool(arena, model, STR("is_whole"),
	              str_eq(fields_get(&request->head->query, STR("whole")), STR("yes")));
	put_duties(arena, pack, model);
	put_ladders(arena, pack, model);
	put_gates(arena, pack, model);
	put_patterns(arena, pack, model);
	put_files(arena, pack, model);
	return page_answer(request, answer, STR("admin/pack"), model, err);
}
