/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the people of Northmere write in its simulated year: looked up by kind, field, answers. */
#include "cli/demo_says.h"
#include "cli/demo_world.h"

#define TRIES 40
#define LATER_OF 8
#define LEFT_OUT_OF 5 /* of five answers that need not be given, */
#define LEFT_OUT 2    /* so many are not */

/* --- the story that a report tells ------------------------------------------------------------ */

static const char *const DECISIONS[] = { "none",   "advice",   "early-help",
	                                 "assess", "strategy", "emergency" };

/* One that this office, or the public, could tell. */
static bool fits(const struct demo_story *story, struct str office)
{
	if (!office.n)
		return story->way == DEMO_WEB;
	if (str_eq(office, STR("screener")) || str_eq(office, STR("edt")))
		return story->way == DEMO_PHONE;
	return story->way == DEMO_OFFICE && str_eq(str_from_c(story->office), office);
}

static const struct demo_story *any_story(const struct years_asked *asked)
{
	size_t count;
	const struct demo_story *stories = demo_stories(&count), *story = NULL;
	for (int i = 0; i < TRIES; i++) {
		story = &stories[random_below(asked->random, count)];
		if (fits(story, asked->office))
			return story;
	}
	return story;
}

static const char *danger_of(const struct demo_story *story, const struct years_asked *asked)
{
	if (!story || story->outcome < DEMO_STRATEGY || random_below(asked->random, 2))
		return "none-found";
	return story->outcome == DEMO_EMERGENCY ? "now" : "possible";
}

/* What is decided follows from the story; later on less and less is left to do. */
static const char *decision_of(const struct demo_lived *lived, const struct years_asked *asked)
{
	static const char *const LATER[] = { "none", "advice", "advice", "advice" };
	if (!lived->story || random_below(asked->random, LATER_OF) < LATER_OF - 1)
		return LATER[random_below(asked->random, COUNT_OF(LATER))];
	return DECISIONS[lived->story->outcome];
}

static struct str others_in(const struct demo_lived *lived, struct arena *arena)
{
	const struct demo_home *home = lived->home;
	for (int i = 0; i < home->child_count; i++) {
		if (&home->children[i] != lived->child)
			return arena_format(arena, "%.*s, about %d; parent %.*s",
			                    STR_ARG(home->children[i].first), home->children[i].age,
			                    STR_ARG(home->parent));
	}
	return arena_format(arena, "Parent %.*s", STR_ARG(home->parent));
}

static struct json *codes_json(struct arena *arena, const char *codes)
{
	struct json *list = json_array(arena);
	struct str rest = str_from_c(codes), piece;
	while (rest.n && str_cut(&rest, ' ', &piece))
		json_push(list, json_string(arena, piece));
	return list;
}

/* The report itself, told as its story tells it. */
static struct json *of_report(struct demo_lived *lived, const struct years_asked *asked)
{
	struct str field = asked->field->name;
	if (str_eq(field, STR("danger-now")) || !lived->story)
		lived->story = any_story(asked);
	const struct demo_story *story = lived->story;
	const struct {
		const char *field;
		const char *text;
	} said[] = {
		{ "danger-now", story->outcome == DEMO_EMERGENCY ? "unknown" : "no" },
		{ "source", story->source },
		{ "about", str_eq(str_from_c(story->source), STR("child")) ? "me" : "child" },
		{ "happening", story->happening },
		{ "said", story->said },
		{ "harm-sign", story->way == DEMO_WEB ? "unknown" : story->sign },
		{ "when", story->when },
		{ "where", story->where },
		{ "channel", story->way == DEMO_PHONE ? "phone" : "web" },
	};
	if (str_eq(field, STR("harm")))
		return codes_json(asked->arena,
		                  story->way == DEMO_WEB ? "not-yet-known" : story->harm);
	if (str_eq(field, STR("age-said")))
		return json_integer(asked->arena, lived->child->age);
	if (str_eq(field, STR("others")))
		return json_string(asked->arena, others_in(lived, asked->arena));
	for (size_t i = 0; i < COUNT_OF(said); i++) {
		if (str_eq(field, str_from_c(said[i].field)) && said[i].text)
			return json_string(asked->arena,
			                   demo_fill_for(asked->arena, lived->home, lived->child,
			                                 str_from_c(said[i].text)));
	}
	return NULL;
}

/* --- answers that are codes ------------------------------------------------------------------- */

static struct json *of_codes(const struct years_asked *asked)
{
	size_t count;
	const struct demo_codes *rows = demo_codes(&count);
	for (size_t i = 0; i < count; i++) {
		if (!str_eq(asked->kind->name, str_from_c(rows[i].kind)) ||
		    !str_eq(asked->field->name, str_from_c(rows[i].field)))
			continue;
		struct json *all = codes_json(asked->arena, rows[i].codes);
		if (asked->field->type == PACK_CODES || asked->field->is_repeated)
			return all;
		const struct json *one = all->first;
		for (uint64_t n = random_below(asked->random, all->count); n > 0; n--)
			one = one->next;
		if (str_eq(one->string, STR("-")))
			return json_null(asked->arena);
		if (asked->field->type == PACK_YES)
			return json_bool(asked->arena, str_eq(one->string, STR("yes")));
		return json_string(asked->arena, one->string);
	}
	return NULL;
}

static struct json *of_concern(const struct demo_lived *lived, const struct years_asked *asked)
{
	struct str kind = asked->kind->name, field = asked->field->name;
	const char *sign = lived->story ? lived->story->sign : "no";
	if (str_eq(kind, STR("concern.decided")) && str_eq(field, STR("decision")))
		return json_string(asked->arena, str_from_c(decision_of(lived, asked)));
	if (!str_eq(kind, STR("concern.looked")))
		return NULL;
	if (str_eq(field, STR("danger")))
		return json_string(asked->arena, str_from_c(danger_of(lived->story, asked)));
	if (str_eq(field, STR("harm-sign")))
		return json_string(asked->arena,
		                   str_eq(str_from_c(sign), STR("yes")) ? STR("yes") : STR("no"));
	return NULL;
}

/* --- words ------------------------------------------------------------------------------------ */

/* An answer given before was that code. */
static bool was_answered(const struct json *fields, const char *code)
{
	for (const struct json *at = fields ? fields->first : NULL; at; at = at->next) {
		if (at->type == JSON_STRING && str_eq(at->string, str_from_c(code)))
			return true;
	}
	return false;
}

/* How particular the row is to what is asked; 0: it does not fit. */
static int worth(const struct demo_sentence *row, const struct years_asked *asked)
{
	int worth = 1;
	if (row->kind && !str_eq(asked->kind->name, str_from_c(row->kind)))
		return 0;
	if (row->field && !str_eq(asked->field->name, str_from_c(row->field)))
		return 0;
	if (row->code && !was_answered(asked->fields, row->code))
		return 0;
	worth += row->kind ? 4 : 0;
	worth += row->field ? 2 : 0;
	return worth + (row->code ? 8 : 0);
}

struct found {
	const struct demo_sentence *row;
	int worth;
	uint64_t seen;
};

static void find(struct found *found, const struct years_asked *asked,
                 const struct demo_sentence *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int here = worth(&rows[i], asked);
		if (!here || here < found->worth)
			continue;
		found->seen = here > found->worth ? 1 : found->seen + 1;
		found->worth = here;
		if (random_below(asked->random, found->seen) == 0)
			found->row = &rows[i];
	}
}

static struct str with_digits(const struct years_asked *asked, struct str words)
{
	struct str all = arena_copy(asked->arena, words);
	char *text = (char *)(uintptr_t)all.p; /* our own copy */
	for (size_t i = 0; i < all.n; i++) {
		if (text[i] == '#')
			text[i] = (char)('0' + random_below(asked->random, 10));
	}
	return all;
}

static bool is_number(const struct pack_field *field)
{
	return field->type == PACK_IDENTIFIER || field->type == PACK_ADDRESS;
}

static bool is_words(const struct pack_field *field)
{
	return is_number(field) || field->type == PACK_TEXT || field->type == PACK_WORDS ||
	       field->type == PACK_NAME;
}

static struct json *of_words(const struct demo_lived *lived, const struct years_asked *asked)
{
	struct found found = { 0 };
	size_t count;
	const struct demo_sentence *rows = demo_sentences(&count);
	find(&found, asked, rows, count);
	rows = demo_sentences_of_offices(&count);
	find(&found, asked, rows, count);
	bool is_left_out =
		!asked->is_required &&
		(!found.row->words || random_below(asked->random, LEFT_OUT_OF) < LEFT_OUT);
	if (is_left_out)
		return json_null(asked->arena);
	struct str words = found.row->words ? str_from_c(found.row->words) : STR("Not known yet.");
	words = demo_fill_for(asked->arena, lived->home, lived->child, words);
	return json_string(asked->arena,
	                   is_number(asked->field) ? with_digits(asked, words) : words);
}

struct json *demo_says(void *ctx, const struct years_asked *asked)
{
	struct demo *demo = ctx;
	struct demo_lived *lived = &demo->lived[asked->child < 0 ? 0 : asked->child];
	struct json *said = NULL;
	if (str_eq(asked->kind->name, STR("concern.received")))
		said = of_report(lived, asked);
	if (!said)
		said = of_concern(lived, asked);
	if (!said)
		said = of_codes(asked);
	if (!said && is_words(asked->field))
		said = of_words(lived, asked);
	return said;
}
