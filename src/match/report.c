/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a run took for what and what it found, without any value of a person. */
#include "match/match_parts.h"

#define MILLI 1000

static struct str why_of(enum columns_why why)
{
	static const char *const WORDS[] = {
		[COLUMNS_BY_NAME] = "by its name",
		[COLUMNS_BY_VALUES] = "by what stands in it",
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
		json_put_integer(arena, row, STR("records"), match->records[i]);
		json_put_integer(arena, row, STR("bad_rows"), (int64_t)match->bad_rows[i]);
		json_put_integer(arena, row, STR("cells_of_windows_1252"),
		                 (int64_t)match->recoded[i]);
		json_put(row, STR("columns"), columns_of(match, arena, i));
		json_push(out, row);
	}
	return out;
}

static struct json *rules_of(const struct match *match, struct arena *arena)
{
	struct json *out = json_array(arena);
	for (size_t i = 0; i < match->rules.count; i++) {
		const struct block_rule *block = &match->blocks.by_rule[i];
		struct json *row = json_object(arena);
		json_put_text(arena, row, STR("rule"), rule_text(arena, &match->rules.rules[i]));
		json_put_integer(arena, row, STR("pairs"), (int64_t)match->pairs.by_rule[i]);
		json_put_integer(arena, row, STR("hot_blocks"), (int64_t)block->hot_count);
		json_put_integer(arena, row, STR("hot_largest"), block->hot_largest);
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

struct json *match_report(const struct match *match, struct arena *arena)
{
	struct json *out = json_object(arena), *phases = json_object(arena);
	for (enum match_phase phase = 0; phase < MATCH_PHASES; phase++)
		json_put_integer(arena, phases, match_phase_name(phase),
		                 (int64_t)(match->seconds[phase] * MILLI));
	json_put(out, STR("files"), files_of(match, arena));
	json_put(out, STR("rules"), rules_of(match, arena));
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
	json_put(out, STR("phases_ms"), phases);
	json_put_integer(arena, out, STR("memory_bytes"), (int64_t)pool_peak(match->pool));
	return out;
}
