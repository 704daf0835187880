/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Why a pair weighs what it weighs, line by line, and what stood in its way. */
#include <math.h>

#include "match/ids.h"
#include "match/match_parts.h"
#include "match/united.h"
#include "match/why.h"

#define LIKELY_FROM 2.0
#define LINK_FROM 6.0

struct str match_band_name(enum match_band band)
{
	static const char *const NAMES[] = { "not", "review", "likely", "link" };
	return str_from_c(NAMES[band]);
}

enum match_band explain_band(double weight, double edge)
{
	return weight >= LINK_FROM ? MATCH_LINK
	       : weight >= edge    ? MATCH_LIKELY
	       : weight >= 0       ? MATCH_REVIEW
	                           : MATCH_NOT;
}

enum match_hit_kind explain_kind(const struct scored *scored, pattern_of_levels pattern,
                                 double edge)
{
	if (scored->weight >= edge)
		return scored->rule == SCORE_NEAR ? MATCH_HIT_NEAR_TWIN : MATCH_HIT_SAME;
	if (scored->rule == SCORE_TWINS || score_may_be_twins(pattern))
		return MATCH_HIT_TWIN;
	if (scored->rule == SCORE_SURNAME)
		return MATCH_HIT_SURNAME;
	return scored->parts.of[MODEL_H] > scored->parts.of[MODEL_M] ? MATCH_HIT_HOUSEHOLD
	                                                             : MATCH_HIT_NEAR;
}

/* --- words
 * ------------------------------------------------------------------------------------------------
 */

static struct str half_words(unsigned half)
{
	static const char *const WORDS[HALF_COUNT] = {
		"missing", "equal", "close", "another form of it", "elsewhere in the other's name",
		"another"
	};
	return str_from_c(WORDS[half]);
}

struct str explain_level(enum comparison comparison, unsigned level, struct arena *arena)
{
	static const char *const DOB[] = { "missing",
		                           "equal",
		                           "one digit or day and month changed over",
		                           "two of three parts equal",
		                           "year equal",
		                           "a form's default date",
		                           "another",
		                           "the same default date" };
	static const char *const EDIT[] = { "missing", "equal", "one letter or digit off",
		                            "another" };
	static const char *const ADDRESS[] = { "missing", "number and street equal", "street equal",
		                               "another" };
	static const char *const SAME[] = { "missing", "equal", "another" };
	switch ((int)comparison) {
	case COMPARE_NAME:
		return level == NAME_SWAPPED
		               ? STR("first name and surname changed over")
		               : arena_format(arena, "first name %.*s, surname %.*s",
		                              STR_ARG(half_words(level / HALF_COUNT)),
		                              STR_ARG(half_words(level % HALF_COUNT)));
	case COMPARE_DOB:
		return str_from_c(DOB[level]);
	case COMPARE_ADDRESS:
		return str_from_c(ADDRESS[level]);
	case COMPARE_PHONE:
	case COMPARE_SEX:
		return str_from_c(SAME[level]);
	default:
		return str_from_c(EDIT[level]);
	}
}

/* --- values
 * ------------------------------------------------------------------------------------------------
 */

static struct str text_of(const struct value_set *set, uint32_t code)
{
	return code ? dictionary_text(&set->texts, code) : STR("");
}

static struct str full_name(const struct claims *claims, const struct claim *claim,
                            struct arena *arena)
{
	return arena_format(arena, "%.*s %.*s", STR_ARG(text_of(&claims->names, claim->first)),
	                    STR_ARG(text_of(&claims->names, claim->surname)));
}

static struct str address_of(const struct claims *claims, const struct claim *claim,
                             struct arena *arena)
{
	struct str house = text_of(&claims->houses, claim->house);
	if (!house.n)
		return text_of(&claims->streets, claim->street);
	struct str number = str_sub(house, 0, str_find(house, CLAIM_HOUSE_SEPARATOR));
	return arena_format(arena, "%.*s %.*s", STR_ARG(number),
	                    STR_ARG(text_of(&claims->streets, claim->street)));
}

static struct str value_of(const struct claims *claims, const struct claim *claim,
                           enum comparison comparison, struct arena *arena)
{
	static const char *const SEX[] = { "", "female", "male" };
	switch ((int)comparison) {
	case COMPARE_NAME:
		return full_name(claims, claim, arena);
	case COMPARE_DOB:
		return str_sub(text_of(&claims->dates, claim->dob), 0, 8);
	case COMPARE_POSTCODE:
		return text_of(&claims->postcodes, claim->postcode);
	case COMPARE_ADDRESS:
		return address_of(claims, claim, arena);
	case COMPARE_PHONE:
		return text_of(&claims->phones, claim->phone[0]);
	case COMPARE_EMAIL:
		return text_of(&claims->emails, claim->email);
	case COMPARE_NHS:
		return text_of(&claims->nhs, claim->nhs);
	case COMPARE_UPN:
		return text_of(&claims->upns, claim->upn);
	case COMPARE_MIDDLE:
		return text_of(&claims->middles, claim->middle);
	case COMPARE_SEX:
		return str_from_c(SEX[claim->sex < 3 ? claim->sex : 0]);
	default:
		return text_of(&claims->others[comparison - COMPARE_OTHER_1],
		               claim->other[comparison - COMPARE_OTHER_1]);
	}
}

/* The part of a key; what is worked out by sound or as letters is shown by what it comes of. */
struct str explain_key(const struct match *match, const struct claim *claim, enum rule_part part,
                       struct arena *arena)
{
	const struct claims *claims = &match->claims;
	switch ((int)rule_part_field(part)) {
	case FIELD_FIRST:
		return text_of(&claims->names, claim->first);
	case FIELD_SURNAME:
		return part == RULE_EITHER ? full_name(claims, claim, arena)
		                           : text_of(&claims->names, claim->surname);
	case FIELD_MIDDLE:
		return arena_format(arena, "%.*s %.*s",
		                    STR_ARG(text_of(&claims->names, claim->first)),
		                    STR_ARG(text_of(&claims->middles, claim->middle)));
	case FIELD_DOB:
		return value_of(claims, claim, COMPARE_DOB, arena);
	case FIELD_ADDRESS:
		return part == RULE_STREET ? text_of(&claims->streets, claim->street)
		       : claim->house      ? address_of(claims, claim, arena)
		                           : STR("");
	default:
		break;
	}
	for (enum comparison k = 0; k < COMPARE_COUNT; k++) {
		if (compare_field(k) == rule_part_field(part))
			return value_of(claims, claim, k, arena);
	}
	return STR("");
}

/* Instead of normalised values what was written, where it was kept. */
static void show_written(const struct match *match, struct match_reasons *out)
{
	for (size_t i = 0; i < out->count; i++) {
		struct match_line *line = &out->lines[i];
		for (enum comparison k = 0; k < COMPARE_COUNT; k++) {
			struct str left = match->written[0][k], right = match->written[1][k];
			if (!str_eq(line->what, compare_name(k)))
				continue;
			line->left = left.n ? left : line->left;
			line->right = right.n ? right : line->right;
		}
	}
}

/* --- lines
 * -------------------------------------------------------------------------------------------------
 */

static void add_line(struct match_reasons *out, struct match_line line)
{
	if (out->count < MATCH_LINES_MAX)
		out->lines[out->count++] = line;
}

static void add_comparisons(const struct match *match, const struct claim *a, const struct claim *b,
                            pattern_of_levels pattern, struct arena *arena,
                            struct match_reasons *out)
{
	const struct model *model = &match->model;
	for (enum comparison k = 0; k < COMPARE_COUNT; k++) {
		unsigned level = compare_level(pattern, k);
		if (!model->is_used[k])
			continue;
		add_line(out, (struct match_line){
				      .what = compare_name(k),
				      .left = value_of(&match->claims, a, k, arena),
				      .right = value_of(&match->claims, b, k, arena),
				      .level = explain_level(k, level, arena),
				      .bits = level ? log2(model->p[MODEL_M][k][level] /
		                                           model->p[MODEL_U][k][level])
		                                    : 0,
			      });
	}
}

static void add_rest(const struct match *match, const struct scored *scored,
                     pattern_of_levels pattern, struct match_reasons *out)
{
	static const char *const RULES[] = {
		[SCORE_NO_RULE] = "",
		[SCORE_TWINS] = "one house and one birthday, and another first name",
		[SCORE_NEAR] =
			"one house and one birthday, and a first name that is near: may be twins",
		[SCORE_SURNAME] = "another surname, and nothing but first name and birthday"
	};
	struct model_parts parts = model_parts(&match->model, pattern);
	double others = parts.of[MODEL_H] + parts.of[MODEL_S] + parts.of[MODEL_U];
	double household = -log2(others / parts.of[MODEL_U]), sum = 0;
	double most = fmax(parts.of[MODEL_H], fmax(parts.of[MODEL_S], parts.of[MODEL_U]));
	add_line(
		out,
		(struct match_line){
			.what = STR("household"),
			.level =
				most <= parts.of[MODEL_U]
					? STR("two who have nothing to do with each other are likelier")
				: most <= parts.of[MODEL_H] ? STR("what two of one household share")
							    : STR("what two of one street share"),
			.bits = household });
	add_line(out, (struct match_line){ .what = STR("frequency"),
	                                   .level = STR("how often these values are"),
	                                   .bits = scored->frequency });
	for (size_t i = 0; i < out->count; i++)
		sum += out->lines[i].bits;
	if (scored->rule != SCORE_NO_RULE)
		add_line(out, (struct match_line){ .what = STR("rule"),
		                                   .level = str_from_c(RULES[scored->rule]),
		                                   .bits = scored->weight - sum });
}

/* --- what stood in the way
 * ---------------------------------------------------------------------------------- */

static void find_rule(const struct match *match, const struct claim *a, const struct claim *b,
                      struct arena *arena, struct match_reasons *out)
{
	for (size_t i = 0; i < match->rules.count && !out->is_candidate; i++) {
		if (!rule_holds(&match->claims, &match->rules.rules[i], a, b))
			continue;
		out->is_candidate = true;
		out->rule = rule_text(arena, &match->rules.rules[i]);
	}
}

struct str match_stop_words(enum cluster_stop stop)
{
	static const char *const WORDS[] = {
		[CLUSTER_JOINED] = "",
		[CLUSTER_NHS] = "two different NHS numbers, both right",
		[CLUSTER_UPN] = "two different UPNs of one year",
		[CLUSTER_APART] = "it was settled that they are not the same",
		[CLUSTER_AGENCY] = "one agency holds both",
		[CLUSTER_MEAN] = "the others of their groups do not fit",
		[CLUSTER_AGAINST] = "others of their groups speak against it",
	};
	return str_from_c(WORDS[stop]);
}

void explain_pair(const struct match *match, const struct claim *x, const struct claim *y,
                  pattern_of_levels pattern, struct arena *arena, struct match_reasons *out)
{
	struct scored scored = score_pair(&match->scorer, x, y, pattern);
	*out = (struct match_reasons){ .weight = scored.weight,
		                       .band = explain_band(scored.weight, match->model.edge),
		                       .kind = explain_kind(&scored, pattern, match->model.edge) };
	add_line(out, (struct match_line){
			      .what = STR("start"),
			      .level = STR("any two records"),
			      .bits = log2(match->model.n[MODEL_M] / match->model.n[MODEL_U]) });
	add_comparisons(match, x, y, pattern, arena, out);
	add_rest(match, &scored, pattern, out);
	find_rule(match, x, y, arena, out);
}

/* Each line in whole thousandths, so that the lines as they are shown add up to the weight as it
 * is: what is cut off one is in the next. */
void explain_round(struct match_reasons *reasons)
{
	double sum = 0;
	int64_t told = 0;
	for (size_t i = 0; i < reasons->count; i++) {
		struct match_line *line = &reasons->lines[i];
		sum += line->bits;
		int64_t so_far = llround((i + 1 < reasons->count ? sum : reasons->weight) * 1000);
		line->bits = (double)(so_far - told) / 1000;
		told = so_far;
	}
}

static size_t members_of(const struct match *match, uint32_t a)
{
	size_t members = 0;
	for (uint32_t i = 0; i < match->claims.count; i++)
		members += match->clusters.of[i] == match->clusters.of[a];
	return members;
}

static struct str group_words(const struct united_state *state, enum cluster_stop bar)
{
	size_t first = state->members[0], second = state->members[1];
	if (state->is_together)
		return first == 2 ? STR("neither is one with anybody else")
		                  : STR("they are one person by others");
	if (bar != CLUSTER_JOINED)
		return match_stop_words(bar);
	return first == 1 && second == 1 ? STR("neither is one with anybody else")
	                                 : STR("the others of their groups do not fit");
}

/* What became of the two in their groups; what was not compared is in none together. */
static void add_groups(const struct match *match, uint32_t a, uint32_t b, pattern_of_levels pattern,
                       struct match_reasons *out)
{
	const struct claim *claims = match->claims.claims;
	struct scored alone = score_pair(&match->scorer, &claims[a], &claims[b], pattern);
	struct united_state state = { out->is_together,
		                      { members_of(match, a), members_of(match, b) } };
	double edge = match->model.edge;
	if (cluster_is_apart(&match->bars, a, b))
		return;
	if (!out->is_together && !out->is_compared)
		return;
	out->weight = united_weight(&alone, &state, &match->clusters, edge);
	out->band = explain_band(out->weight, edge);
	if (out->weight > alone.weight || out->weight < alone.weight)
		add_line(out, (struct match_line){
				      .what = STR("groups"),
				      .level = group_words(&state, cluster_bar(&match->claims,
		                                                               &match->bars, a, b)),
				      .bits = out->weight - alone.weight });
}

/* Linking makes no pair of one record, and of two files none within either. */
static bool is_pair(const struct match *match, uint32_t a, uint32_t b, struct err *err)
{
	const struct claims *claims = &match->claims;
	bool is_second = a >= claims->first_count;
	if (a == b)
		return err_set(err, ERR_ABSENT, "There is no pair: both are record %.*s",
		               STR_ARG(claims_id(claims, a)));
	return !match_is_across(match) || is_second != (b >= claims->first_count) ||
	       err_set(err, ERR_ABSENT,
	               "There is no pair: both records are of %.*s, and pairs go across the two "
	               "files alone",
	               STR_ARG(match->names[is_second]));
}

bool match_explain(struct match *match, struct str left, struct str right, struct arena *arena,
                   struct match_reasons *out, struct err *err)
{
	const struct claims *claims = &match->claims;
	uint32_t a, b;
	struct ids ids;
	*out = (struct match_reasons){ .count = 0 };
	if (!ids_open(&ids, claims))
		return err_set(err, ERR_UNABLE, "There is no memory to look up who they are");
	a = ids_find(&ids, left, IDS_LEFT);
	b = ids_find(&ids, right, IDS_RIGHT);
	ids_close(&ids);
	if (a == IDS_ABSENT || b == IDS_ABSENT)
		return err_set(err, ERR_ABSENT, "There is no record %.*s",
		               STR_ARG(a == IDS_ABSENT ? left : right));
	if (!is_pair(match, a, b, err))
		return false;
	const struct claim *x = &claims->claims[a], *y = &claims->claims[b];
	struct compare_cache cache;
	if (!compare_cache_init(&cache, match->pool, 1))
		return err_set(err, ERR_UNABLE, "There is no memory to compare them");
	pattern_of_levels pattern = compare_claims(claims, &cache, x, y);
	explain_pair(match, x, y, pattern, arena, out);
	show_written(match, out);
	why_find(match, &cache, a, b, pattern, arena, out);
	add_groups(match, a, b, pattern, out);
	explain_round(out);
	compare_cache_finish(&cache, match->pool);
	return true;
}
