/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a run took for what and what it found, without any value of a person. */
#include <math.h>

#include "match/bounds.h"
#include "match/look.h"
#include "match/match_parts.h"

/* A number as text with so many figures, for JSON's own numbers here are whole. */
static void put_real(struct arena *arena, struct json *object, struct str key, double value)
{
	struct json *number =
		json_string(arena, arena_format(arena, "%.6g", isfinite(value) ? value : 0));
	if (number)
		number->type = JSON_REAL;
	json_put(object, key, number);
}

static struct str why_of(enum columns_why why)
{
	static const char *const WORDS[] = {
		[COLUMNS_BY_NAME] = "by its name",
		[COLUMNS_BY_VALUES] = "by what stands in it",
		[COLUMNS_BY_MODEL] = "by the model",
		[COLUMNS_UNWANTED] = "not read: the model says so",
		[COLUMNS_SHARED] = "not read: who share its values are not of one person",
		[COLUMNS_UNEXPLAINED] = "not read: nothing explains it",
		[COLUMNS_REFUSED] = "not read: nobody is matched by it",
		[COLUMNS_TWICE] = "not read: another column is that already",
	};
	return str_from_c(WORDS[why]);
}

static struct json *columns_of(const struct match *match, struct arena *arena, size_t file)
{
	struct json *out = json_array(arena);
	for (size_t i = 0; i < match->header_count[file]; i++) {
		const struct columns *columns = &match->columns[file];
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("column"), match->headers[file][i]);
		json_put_text(arena, row, STR("as"), field_name(columns->fields[i]));
		json_put_text(arena, row, STR("why"), why_of(columns->why[i]));
		json_push(out, row);
	}
	return out;
}

static struct json *files_of(const struct match *match, struct arena *arena)
{
	struct json *out = json_array(arena);
	for (size_t i = 0; i < match->file_count; i++) {
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("file"), match->names[i]);
		if (match->limits.has_hashes)
			json_put_text(arena, row, STR("sha256"),
			              hash_hex(arena, &match->hashes[i]));
		json_put_integer(arena, row, STR("records"), match->records[i]);
		json_put_integer(arena, row, STR("bad_rows"), (int64_t)match->bad_rows[i]);
		json_put_integer(arena, row, STR("rows_of_windows_1252"),
		                 (int64_t)match->recoded[i]);
		json_put(row, STR("columns"), columns_of(match, arena, i));
		json_push(out, row);
	}
	return out;
}

static struct json *rules_of(const struct match *match, struct arena *arena)
{
	struct json *out = json_array(arena);
	uint64_t all = 0;
	for (size_t i = 0; i < match->rules.count; i++) {
		const struct block_rule *block = &match->blocks.by_rule[i];
		struct json *row = json_object(arena);
		all += match->pairs.by_rule[i];
		json_put_text(arena, row, STR("rule"), rule_text(arena, &match->rules.rules[i]));
		json_put_integer(arena, row, STR("pairs"), (int64_t)match->pairs.by_rule[i]);
		json_put_integer(arena, row, STR("pairs_so_far"), (int64_t)all);
		json_put_integer(arena, row, STR("hot_blocks"), (int64_t)block->hot_count);
		json_put_integer(arena, row, STR("hot_largest"), block->hot_largest);
		json_put_integer(arena, row, STR("windowed"), (int64_t)block->windowed);
		json_push(out, row);
	}
	return out;
}

static struct json *left_out_of(const struct match *match, struct arena *arena)
{
	struct json *out = json_array(arena);
	for (size_t i = 0; i < match->left_out.count; i++) {
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("rule"), rule_text(arena, &match->left_out.rules[i]));
		json_put_integer(arena, row, STR("pairs"), (int64_t)match->left_out_pairs[i]);
		json_push(out, row);
	}
	return out;
}

static struct json *bands_of(const struct match *match, struct arena *arena)
{
	int64_t link = 0, likely = 0, review = 0;
	for (size_t i = 0; i < match->pairs.count; i++) {
		float weight = match->pairs.pairs[i].weight;
		link += weight >= 6.0f;
		likely += weight >= 2.0f && weight < 6.0f;
		review += weight >= 0.0f && weight < 2.0f;
	}
	struct json *out = json_object(arena);
	json_put_integer(arena, out, STR("link"), link);
	json_put_integer(arena, out, STR("likely"), likely);
	json_put_integer(arena, out, STR("review"), review);
	return out;
}

static struct json *groups_of(const struct match *match, struct arena *arena)
{
	static const char *const STOPS[] = { "joined", "nhs_number", "upn",    "apart",
		                             "agency", "mean",       "against" };
	struct json *out = json_object(arena);
	json_put_integer(arena, out, STR("people"), (int64_t)match->clusters.count);
	json_put_integer(arena, out, STR("largest"), (int64_t)match->clusters.largest);
	for (size_t i = 0; i <= CLUSTER_AGAINST; i++)
		json_put_integer(arena, out, str_from_c(STOPS[i]),
		                 (int64_t)match->clusters.stopped[i]);
	return out;
}

/* --- what to say of the files
 * ---------------------------------------------------------------------------------- */

static void push_note(struct arena *arena, struct json *out, const struct note *note)
{
	struct json *row = json_object(arena);
	json_put_text(arena, row, STR("file"), note->file);
	if (note->line)
		json_put_integer(arena, row, STR("line"), note->line);
	if (note->column.n)
		json_put_text(arena, row, STR("column"), note->column);
	json_put_text(arena, row, STR("what"), note->what);
	if (note->rows)
		json_put_integer(arena, row, STR("rows"), (int64_t)note->rows);
	json_push(out, row);
}

static void push_refused(const struct match *match, struct arena *arena, struct json *out)
{
	const struct settled *together = &match->settled[MATCH_TOGETHER];
	for (size_t i = 0; i < together->count; i++) {
		enum cluster_stop stop = together->stops[i];
		if (stop == CLUSTER_JOINED)
			continue;
		push_note(arena, out,
		          &(struct note){ .file = together->name,
		                          .line = together->pairs[i].line,
		                          .what = arena_format(arena, "not put together: %.*s",
		                                               STR_ARG(match_stop_words(stop))) });
	}
}

static struct json *notes_of(const struct match *match, struct arena *arena)
{
	struct json *out = json_array(arena);
	for (const struct note *note = match->notes.first; note; note = note->next)
		push_note(arena, out, note);
	for (size_t i = 0; i < MATCH_SETTLED; i++) {
		const struct settled *settled = &match->settled[i];
		if (settled->absent)
			push_note(arena, out,
			          &(struct note){ .file = settled->name,
			                          .line = settled->absent_line,
			                          .what = STR("a record is not in the files; the "
			                                      "pair is left out"),
			                          .rows = settled->absent });
	}
	push_refused(match, arena, out);
	return out;
}

/* Values that too many records share. */
static struct json *shared_of(const struct match *match, struct arena *arena)
{
	static const enum field FIELDS[] = { FIELD_PHONE, FIELD_EMAIL, FIELD_ADDRESS, FIELD_DOB };
	struct json *out = json_object(arena);
	for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++)
		json_put_integer(arena, out, field_name(FIELDS[i]),
		                 (int64_t)match->claims.hot[FIELDS[i]]);
	return out;
}

/* --- groups to look at
 * ----------------------------------------------------------------------------------------- */

static struct json *group_of(const struct match *match, struct arena *arena,
                             const struct look_group *group)
{
	struct json *row = json_object(arena), *why = json_array(arena);
	json_put_text(arena, row, STR("cluster"), claims_id(&match->claims, group->first));
	json_put_integer(arena, row, STR("records"), group->records);
	for (enum look_why w = 0; w < LOOK_WHYS; w++) {
		if (group->why[w])
			json_push(why, json_string(arena, look_words(w)));
	}
	json_put(row, STR("why"), why);
	return row;
}

static struct json *look_of(const struct match *match, struct arena *arena)
{
	struct json *out = json_object(arena), *groups = json_array(arena);
	struct look *look = arena_alloc(arena, 1, sizeof *look);
	if (!look || !look_at_groups(match, look))
		return NULL;
	json_put_integer(arena, out, STR("count"), (int64_t)look->count);
	json_put_integer(arena, out, STR("held_by_one_agency"),
	                 (int64_t)look->by_why[LOOK_ONE_AGENCY]);
	for (size_t i = 0; i < look->listed; i++)
		json_push(groups, group_of(match, arena, &look->groups[i]));
	json_put(out, STR("clusters"), groups);
	return out;
}

/* --- the model
 * ---------------------------------------------------------------------------------------------------
 */

static struct json *comparison_of(const struct model *model, enum comparison k, struct arena *arena)
{
	static const char *const CLASSES[MODEL_CLASSES] = { "m", "h", "s", "u" };
	struct json *out = json_array(arena);
	for (unsigned l = 1; l < compare_levels(k); l++) {
		struct json *row = json_object(arena);
		if (k == COMPARE_NAME && l == NAME_LEVEL(0, 0))
			continue;
		json_put_text(arena, row, STR("level"), model_level_name(k, l, arena));
		for (size_t c = 0; c < MODEL_CLASSES; c++)
			put_real(arena, row, str_from_c(CLASSES[c]), model->p[c][k][l]);
		json_push(out, row);
	}
	return out;
}

static struct json *model_of(const struct match *match, struct arena *arena)
{
	struct json *out = json_object(arena), *comparisons = json_object(arena);
	struct buf text;
	buf_init(&text, (size_t)1 << 20);
	match_save_model(match, &text, arena);
	struct hash hash = hash_of(buf_str(&text));
	buf_finish(&text);
	json_put_text(arena, out, STR("name"), match_model_name(match));
	json_put_text(arena, out, STR("sha256"), hash_hex(arena, &hash));
	put_real(arena, out, STR("edge"), match->model.edge);
	json_put_bool(arena, out, STR("estimated"),
	              match->model.rounds > 0 && match->model.breach == MODEL_SOUND);
	if (match->model.breach != MODEL_SOUND)
		json_put_text(arena, out, STR("not_taken"), bounds_words(match->model.breach));
	for (enum comparison k = 0; k < COMPARE_COUNT; k++) {
		if (match->model.is_used[k])
			json_put(comparisons, compare_name(k),
			         comparison_of(&match->model, k, arena));
	}
	json_put(out, STR("comparisons"), comparisons);
	return out;
}

static void put_pairs(const struct match *match, struct arena *arena, struct json *out)
{
	json_put_integer(arena, out, STR("candidates"), (int64_t)match->pairs.candidates);
	json_put_integer(arena, out, STR("passes"), match->passes);
	json_put_integer(arena, out, STR("patterns"), (int64_t)match->pairs.pattern_count);
	json_put_integer(arena, out, STR("pairs_of_one_person"), (int64_t)match->model.n[MODEL_M]);
	json_put_integer(arena, out, STR("pairs_of_one_household"),
	                 (int64_t)match->model.n[MODEL_H]);
	json_put_integer(arena, out, STR("pairs_of_one_street"), (int64_t)match->model.n[MODEL_S]);
	json_put_integer(arena, out, STR("rounds"), match->model.rounds);
	json_put(out, STR("bands"), bands_of(match, arena));
	json_put(out, STR("groups"), groups_of(match, arena));
}

struct json *match_rows_report(const struct match *match, struct arena *arena)
{
	struct json *out = json_object(arena);
	json_put(out, STR("files"), files_of(match, arena));
	json_put(out, STR("notes"), notes_of(match, arena));
	return out;
}

struct json *match_report(const struct match *match, struct arena *arena)
{
	struct json *out = json_object(arena), *phases = json_object(arena);
	json_put_text(arena, out, STR("candour"), STR(CANDOUR_VERSION));
	json_put_integer(arena, out, STR("seed"), (int64_t)match->limits.seed);
	json_put(out, STR("files"), files_of(match, arena));
	json_put(out, STR("notes"), notes_of(match, arena));
	json_put(out, STR("shared_by_too_many"), shared_of(match, arena));
	json_put(out, STR("rules"), rules_of(match, arena));
	json_put(out, STR("rules_left_out"), left_out_of(match, arena));
	put_pairs(match, arena, out);
	json_put(out, STR("look_at"), look_of(match, arena));
	json_put(out, STR("model"), model_of(match, arena));
	for (enum match_phase phase = 0; phase < MATCH_PHASES; phase++)
		put_real(arena, phases, match_phase_name(phase), match->seconds[phase]);
	json_put(out, STR("seconds"), phases);
	json_put_integer(arena, out, STR("memory_bytes"), (int64_t)pool_peak(match->pool));
	return out;
}
