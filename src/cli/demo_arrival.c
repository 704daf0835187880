/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A concern of Northmere arrives, is looked at, acknowledged, and others are asked about it. */
#include "cli/demo_steps.h"

static const struct casebook_actor PUBLIC = { .by = CASEBOOK_BY_PUBLIC };

/* --- fields --------------------------------------------------------------------------------- */

void demo_put(struct demo *demo, struct json *fields, const char *name, struct str text)
{
	if (text.n)
		json_put_text(demo->act, fields, str_from_c(name), text);
}

void demo_put_word(struct demo *demo, struct json *fields, const char *name, const char *word)
{
	if (word)
		demo_put(demo, fields, name, str_from_c(word));
}

void demo_put_codes(struct demo *demo, struct json *fields, const char *name, const char *codes)
{
	struct json *list = json_array(demo->act);
	struct str rest = str_from_c(codes), piece;
	while (rest.n && str_cut(&rest, ' ', &piece))
		json_push(list, json_string(demo->act, piece));
	json_put(fields, str_from_c(name), list);
}

/* --- what stands on the file ---------------------------------------------------------------- */

/* The newest entry of a kind, or -1. */
int64_t demo_newest(struct demo *demo, const struct demo_concern *concern, const char *kind)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	const struct casebook_entry *entries;
	struct casebook_file file;
	struct err err = { 0 };
	size_t count;
	int64_t found = -1;
	if (!casebook_reader_take(demo->book, &reader, &err) ||
	    !casebook_file_find(reader, demo->act, concern->file, &file, &err) ||
	    !casebook_entries(reader, demo->act, file.n, -1, 1000, &entries, &count, &err))
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (str_eq(entries[i].kind, str_from_c(kind)))
			found = entries[i].index;
	}
	return found;
}

/* Whoever holds the office and did not make the newest entry of the kind; else anybody who holds
 * it.
 */
const struct casebook_actor *demo_other(struct demo *demo, const struct demo_concern *concern,
                                        const char *office, const char *kind)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_entry entry = { 0 };
	struct err err = { 0 };
	int64_t newest = demo_newest(demo, concern, kind);
	if (newest < 0 || !casebook_reader_take(demo->book, &reader, &err) ||
	    !casebook_entry_get(reader, demo->act, newest, &entry, &err))
		return demo_actor(demo, office);
	for (size_t i = 0; i < demo->worker_count; i++) {
		const struct casebook_actor *actor = &demo->workers[i].actor;
		if (str_eq(actor->office, str_from_c(office)) &&
		    !str_eq(actor->account, entry.account))
			return actor;
	}
	return demo_actor(demo, office);
}

struct str demo_state(struct demo *demo, const struct demo_concern *concern)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_file file;
	struct err err = { 0 };
	if (!concern->file.n || !casebook_reader_take(demo->book, &reader, &err) ||
	    !casebook_file_find(reader, demo->act, concern->file, &file, &err))
		return STR_NONE;
	return file.state_name;
}

bool demo_is_closed(struct demo *demo, const struct demo_concern *concern)
{
	return str_eq(demo_state(demo, concern), STR("closed"));
}

/* The name of an open duty of a rule on the file, and who owes it; empty: none is owed. */
struct str demo_owed_by(struct demo *demo, const struct demo_concern *concern, const char *rule,
                        struct str *office)
{
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = NULL;
	struct casebook_duty_list duties;
	struct casebook_file file;
	struct err err = { 0 };
	if (!casebook_reader_take(demo->book, &reader, &err) ||
	    !casebook_file_find(reader, demo->act, concern->file, &file, &err) ||
	    !casebook_duties_of_file(reader, demo->act, file.n, 500, &duties, &err))
		return STR_NONE;
	for (size_t i = 0; i < duties.count; i++) {
		if (!duties.at[i].is_open || !str_eq(duties.at[i].rule, str_from_c(rule)))
			continue;
		*office = duties.at[i].office;
		return duties.at[i].name;
	}
	return STR_NONE;
}

struct str demo_owed(struct demo *demo, const struct demo_concern *concern, const char *rule)
{
	struct str office;
	return demo_owed_by(demo, concern, rule, &office);
}

/* --- it arrives ----------------------------------------------------------------------------- */

static const char *channel_of(enum demo_way way)
{
	switch (way) {
	case DEMO_WEB:
		return "web";
	case DEMO_PHONE:
		return "phone";
	case DEMO_OFFICE:
		return "web";
	}
	return "web";
}

const struct casebook_actor *demo_on_duty(struct demo *demo)
{
	instant now = casebook_now(demo->book);
	return demo_actor(demo, pack_in_office_hours(demo->calendar, now) ? "screener" : "edt");
}

static const struct casebook_actor *teller(struct demo *demo, const struct demo_story *story)
{
	switch (story->way) {
	case DEMO_WEB:
		return &PUBLIC;
	case DEMO_PHONE:
		return demo_on_duty(demo);
	case DEMO_OFFICE:
		return demo_actor(demo, story->office);
	}
	return &PUBLIC;
}

static void put_reporter(struct demo *demo, const struct demo_concern *concern, struct json *fields)
{
	if (!concern->reporter.n)
		return;
	demo_put(demo, fields, "name", concern->reporter);
	demo_put(demo, fields, "contact", concern->contact);
	json_put_bool(demo->act, fields, STR("may-contact"), true);
	json_put_bool(demo->act, fields, STR("tell-family"), false);
	demo_put(demo, fields, "contact-rules",
	         STR("After six in the evening. Say it is about the library."));
}

static struct str others_in(struct demo *demo, const struct demo_concern *concern)
{
	const struct demo_home *home = concern->home;
	for (int i = 0; i < home->child_count; i++) {
		if (&home->children[i] != concern->child)
			return arena_format(demo->act, "%.*s, about %d; parent %.*s",
			                    STR_ARG(home->children[i].first), home->children[i].age,
			                    STR_ARG(home->parent));
	}
	return arena_format(demo->act, "Parent %.*s", STR_ARG(home->parent));
}

static bool put_file(struct demo *demo, const struct demo_concern *concern, struct json *fields,
                     struct err *err)
{
	const struct json *value;
	struct json *list = json_array(demo->act);
	if (!concern->story->file)
		return true;
	if (!demo_attach(demo, concern->story->file, &value, err))
		return false;
	json_push(list, (struct json *)(uintptr_t)value); /* made for this act alone */
	json_put(fields, STR("files"), list);
	return true;
}

bool step_receive(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	const struct demo_story *story = concern->story;
	const struct demo_child *child = concern->child;
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	(void)n;
	demo_put_word(demo, fields, "danger-now",
	              story->outcome == DEMO_EMERGENCY ? "unknown" : "no");
	demo_put_word(demo, fields, "source", story->source);
	demo_put_word(demo, fields, "about",
	              str_eq(str_from_c(story->source), STR("child")) ? "me" : "child");
	demo_put(demo, fields, "happening", demo_fill(demo, concern, story->happening));
	if (story->said)
		demo_put(demo, fields, "said", demo_fill(demo, concern, story->said));
	demo_put_codes(demo, fields, "harm",
	               story->way == DEMO_WEB ? "not-yet-known" : story->harm);
	demo_put_word(demo, fields, "harm-sign", story->way == DEMO_WEB ? "unknown" : story->sign);
	demo_put(demo, fields, "child",
	         arena_format(demo->act, "%.*s %.*s", STR_ARG(child->first),
	                      STR_ARG(concern->home->family)));
	json_put_integer(demo->act, fields, STR("age-said"), child->age);
	demo_put(demo, fields, "home", concern->home->address);
	demo_put_word(demo, fields, "school", concern->home->school);
	demo_put(demo, fields, "others", others_in(demo, concern));
	demo_put(demo, fields, "when", demo_fill(demo, concern, story->when));
	demo_put(demo, fields, "where", demo_fill(demo, concern, story->where));
	demo_put_word(demo, fields, "channel", channel_of(story->way));
	put_reporter(demo, concern, fields);
	if (!put_file(demo, concern, fields, err) ||
	    !demo_do(demo, teller(demo, story), "concern.received", STR_NONE, fields, &answer, err))
		return false;
	if (answer.outcome != CASEBOOK_ADMITTED)
		return true;
	demo->made->told++;
	concern->file = arena_copy(demo->arena, answer.file);
	concern->number = arena_copy(demo->arena, answer.number);
	concern->first = answer.index;
	if (answer.has_code)
		concern->code = casebook_code_write(demo->arena, &answer.code, '-');
	return true;
}

/* --- it is looked at ------------------------------------------------------------------------ */

static const char *danger_of(const struct demo_story *story)
{
	if (story->outcome == DEMO_EMERGENCY)
		return "now";
	return story->outcome == DEMO_STRATEGY ? "possible" : "none-found";
}

/* Of a report of the public nobody knew: whoever looks at the whole of it judges. */
void demo_judge_harm(struct demo *demo, const struct demo_concern *concern, struct json *fields)
{
	const struct pack_kind *looked =
		pack_kind_find(casebook_pack(demo->book), STR("concern.looked"));
	bool is_sign = str_eq(str_from_c(concern->story->sign), STR("yes"));
	if (looked && pack_field_find(looked, STR("harm-sign")))
		demo_put_word(demo, fields, "harm-sign", is_sign ? "yes" : "no");
}

bool step_look(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	const struct casebook_actor *actor = demo_on_duty(demo);
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	if (!concern->file.n || demo_is_closed(demo, concern))
		return true;
	if (!demo_read(demo, actor, concern->first, err))
		return false;
	demo_put_word(demo, fields, "danger",
	              n == LOOK_WHOLE ? "none-found" : danger_of(concern->story));
	demo_put_codes(demo, fields, "checked",
	               n == LOOK_WHOLE         ? "own-files police health school"
	               : demo_chance(demo, 40) ? "own-files school"
	                                       : "own-files");
	if (n == LOOK_WHOLE)
		demo_judge_harm(demo, concern, fields);
	demo_put(demo, fields, "basis", demo_fill(demo, concern, demo_basis_words(demo->random)));
	return demo_do(demo, actor, "concern.looked", concern->file, fields, &answer, err);
}

bool step_acknowledge(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	(void)n;
	if (!concern->file.n)
		return true;
	demo_put_word(demo, fields, "to", "referrer");
	demo_put_word(demo, fields, "how", concern->code.n ? "return-page" : "phone");
	if (concern->code.n)
		demo_put(
			demo, fields, "reply",
			STR("Thank you. We have your concern, and somebody is reading it. You need do nothing more. If "
		            "you see anything else, write here."));
	return demo_do(demo, demo_actor(demo, "screener"), "concern.acknowledged", concern->file,
	               fields, &answer, err);
}

/* --- others are asked ----------------------------------------------------------------------- */

/* While nobody holds an office, the first held one above it may act in it. */
static const struct casebook_actor *answerer(struct demo *demo, const char *office,
                                             struct casebook_actor *stand_in)
{
	const struct casebook_actor *actor = demo_actor(demo, office);
	if (actor || !str_eq(str_from_c(office), STR("health-visitor")))
		return actor;
	actor = demo_actor(demo, "named-nurse");
	if (!actor)
		return NULL;
	*stand_in = *actor;
	stand_in->office = str_from_c(office);
	return stand_in;
}

static bool step_answer(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	const struct demo_ask *ask = &concern->plan.asks[n];
	struct casebook_actor stand_in;
	const struct casebook_actor *actor = answerer(demo, ask->office, &stand_in);
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	bool knows = demo_chance(demo, 65);
	if (!ask->entry || !actor || demo_is_closed(demo, concern))
		return true;
	if (!demo_read(demo, actor, ask->entry, err))
		return false;
	demo_put_word(demo, fields, "knows", knows ? "yes" : "nothing");
	demo_put(demo, fields, "answer",
	         demo_fill(demo, concern, demo_answer_words(demo->random, ask->office, knows)));
	if (!demo_do(demo, actor, "concern.answered", concern->file, fields, &answer, err))
		return false;
	if (answer.outcome == CASEBOOK_ADMITTED)
		concern->answered = answer.index;
	return true;
}

bool step_ask(struct demo *demo, struct demo_concern *concern, int n, struct err *err)
{
	struct demo_ask *ask = &concern->plan.asks[n];
	struct json *fields = json_object(demo->act);
	struct casebook_answer answer;
	if (!concern->file.n || demo_is_closed(demo, concern))
		return true;
	demo_put_word(demo, fields, "office", ask->office);
	json_put_bool(demo->act, fields, STR("urgent"), ask->is_urgent);
	demo_put_word(demo, fields, "lawful-basis", "public-task");
	demo_put(demo, fields, "question",
	         demo_fill(demo, concern, demo_question_words(demo->random)));
	if (!demo_do(demo, demo_on_duty(demo), "concern.asked", concern->file, fields, &answer,
	             err))
		return false;
	if (answer.outcome == CASEBOOK_ADMITTED)
		ask->entry = answer.index;
	demo_at(demo, ask->answered, step_answer, concern, n);
	return true;
}
