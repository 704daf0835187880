/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A register of the whole England pack in which one child stands: a concern
 * with a sign of harm, signs of exploitation, a possible offence. Somebody with
 * a manager's rights wants it gone. It is founded once a program; each try has
 * a copy of its own.
 *
 * A try ends in one of these: it is refused, and the refusal is an entry
 * (refused_by, refused_saying); it waits for somebody else (waits_for); or it
 * is done and stands where an independent reader sees it (late_and_told,
 * owed_by).
 */
#ifndef CANDOUR_TESTS_ENGLAND_BAD_ACTOR_H
#define CANDOUR_TESTS_ENGLAND_BAD_ACTOR_H

#include "england/england.h"

#define BAD_START INT64_C(1772442000000000) /* Monday 2 March 2026, 9am */
#define SCRUTINEER "independent-scrutineer"
#define MANAGER "team-manager"

#define TRIES(sentence) cmocka_unit_test_setup_teardown(sentence, bad_set_up, bad_tear_down)
#define PROVE_TRIES(tests) cmocka_run_group_tests(tests, bad_found, bad_forget)

/* What every try begins from. */
struct ground {
	struct england *e;
	struct casebook_shelf *shelf;
	instant now;
	struct str child;
	struct str concern;
	struct str offence;
	struct str adult;
	int64_t received; /* entries */
	int64_t suspected;
};

struct bad {
	struct england *e; /* with the copy open */
	const struct ground *ground;
	struct str child;
	struct str concern;
	struct str offence;
	struct str adult;
};

/* --- acts ------------------------------------------------------------------------------------- */

static inline struct casebook_answer bad_act(struct england *e, const struct casebook_actor *actor, const char *kind,
                                             struct str file, const char *text)
{
	return act(&e->f, actor, kind, file, fields_of(&e->f, text));
}

/* An act of whoever holds the office; fields as of fields_of, made by a format. */
static inline struct casebook_answer tries(struct bad *b, const char *office, const char *kind, struct str file,
                                           const char *format, ...) PRINTF(5, 6);
static inline struct casebook_answer tries(struct bad *b, const char *office, const char *kind, struct str file,
                                           const char *format, ...)
{
	char text[2048];
	va_list args;
	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return bad_act(b->e, &england_holder(b->e, office)->actor, kind, file, text);
}

/* The same, which everybody may do: it must be admitted. */
static inline struct casebook_answer does(struct england *e, const char *office, const char *kind, struct str file,
                                          const char *format, ...) PRINTF(5, 6);
static inline struct casebook_answer does(struct england *e, const char *office, const char *kind, struct str file,
                                          const char *format, ...)
{
	char text[2048];
	va_list args;
	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	struct casebook_answer answer = bad_act(e, &england_holder(e, office)->actor, kind, file, text);
	fixture_must_admit(&answer, kind);
	return answer;
}

/* An act that says when it happened, and since when its agency knew; 0: it does not. */
static inline struct casebook_answer at_another_time(struct bad *b, const char *office, const char *kind, struct str file,
                                              const char *fields, instant happened, instant received)
{
	struct fixture *f = &b->e->f;
	struct casebook_act what = { .actor = england_holder(b->e, office)->actor,
		                     .via = CASEBOOK_WEB,
		                     .kind = str_from_c(kind),
		                     .file = file,
		                     .fields = fields_of(f, fields),
		                     .has_happened = happened != 0,
		                     .happened = happened,
		                     .has_received = received != 0,
		                     .received = received };
	struct casebook_answer answer;
	MUST(f, casebook_submit(f->book, &what, f->arena, &answer, &f->err));
	return answer;
}

static inline struct casebook_answer agrees(struct bad *b, const struct casebook_actor *who, struct str file,
                                            int64_t waits)
{
	struct json *fields = json_object(b->e->f.arena);
	json_put_integer(b->e->f.arena, fields, STR("of"), waits);
	json_put_text(b->e->f.arena, fields, STR("answer"), STR("yes"));
	json_put_text(b->e->f.arena, fields, STR("reasons"), STR("I agree."));
	return act(&b->e->f, who, "second.given", file, fields);
}

/* --- what came of it -------------------------------------------------------------------------- */

static inline void bad_explain(const struct casebook_answer *answer)
{
	static const char *const OUTCOMES[] = { "admitted", "waiting", "refused", "failed" };
	print_error("%s: %.*s %s\n", OUTCOMES[answer->outcome], STR_ARG(answer->sentence),
	            answer->outcome == CASEBOOK_FAILED ? answer->err.message : "");
	for (size_t i = 0; i < answer->missing_count; i++)
		print_error("  missing %.*s: %.*s\n", STR_ARG(answer->missing[i].gate),
		            STR_ARG(answer->missing[i].sentence));
	for (size_t i = 0; i < answer->error_count; i++)
		print_error("  field %.*s: %.*s\n", STR_ARG(answer->errors[i].field), STR_ARG(answer->errors[i].text));
	for (size_t i = 0; i < answer->role_count; i++)
		print_error("  waits for %.*s\n", STR_ARG(answer->roles[i]));
}

/* It was refused, and the refusal stands as an entry. */
static inline void refused(struct bad *b, const struct casebook_answer *answer)
{
	struct casebook_entry entry;
	if (answer->outcome != CASEBOOK_REFUSED) {
		bad_explain(answer);
		fail_msg("it was not refused");
	}
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(&b->e->f);
	MUST(&b->e->f, casebook_entry_get(reader, b->e->f.arena, answer->index, &entry, &b->e->f.err));
	assert_true(str_eq(entry.kind, STR("gate.refused")) || str_eq(entry.kind, STR("act.refused")));
}

static inline void refused_by(struct bad *b, const struct casebook_answer *answer, const char *gate)
{
	refused(b, answer);
	for (size_t i = 0; i < answer->missing_count; i++) {
		if (str_eq(answer->missing[i].gate, str_from_c(gate)))
			return;
	}
	bad_explain(answer);
	fail_msg("gate %s was not asked", gate);
}

/* It was refused for this: the beginning of a sentence. */
static inline void refused_saying(struct bad *b, const struct casebook_answer *answer, const char *sentence)
{
	refused(b, answer);
	if (str_starts(answer->sentence, str_from_c(sentence)))
		return;
	for (size_t i = 0; i < answer->missing_count; i++) {
		if (str_starts(answer->missing[i].sentence, str_from_c(sentence)))
			return;
	}
	bad_explain(answer);
	fail_msg("nobody said: %s", sentence);
}

/* What cannot be written at all: a value that the field does not take. */
static inline void not_taken(struct bad *b, const struct casebook_answer *answer, const char *field)
{
	(void)b;
	if (answer->outcome == CASEBOOK_FAILED) {
		for (size_t i = 0; i < answer->error_count; i++) {
			if (str_eq(answer->errors[i].field, str_from_c(field)))
				return;
		}
	}
	bad_explain(answer);
	fail_msg("field %s was taken", field);
}

static inline void waits_for(struct bad *b, const struct casebook_answer *answer, const char *role)
{
	(void)b;
	for (size_t i = 0; answer->outcome == CASEBOOK_WAITING && i < answer->role_count; i++) {
		if (str_eq(answer->roles[i], str_from_c(role)))
			return;
	}
	bad_explain(answer);
	fail_msg("it does not wait for %s", role);
}

static inline void is_done(struct bad *b, const struct casebook_answer *answer)
{
	(void)b;
	if (answer->outcome == CASEBOOK_ADMITTED)
		return;
	bad_explain(answer);
	fail_msg("it was not done");
}

static inline bool bad_duty(struct bad *b, struct str file, const char *rule, struct casebook_duty *out)
{
	struct fixture *f = &b->e->f;
	struct casebook_duty_list list;
	struct casebook_file found = file_named(f, file);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_duties_of_file(reader, f->arena, found.n, 400, &list, &f->err));
	for (size_t i = 0; i < list.count; i++) {
		if (list.at[i].is_open && str_eq(list.at[i].rule, str_from_c(rule))) {
			*out = list.at[i];
			return true;
		}
	}
	return false;
}

/* What is owed on the file under the rule; it must be. */
static inline struct casebook_duty owed(struct bad *b, struct str file, const char *rule)
{
	struct casebook_duty duty;
	if (!bad_duty(b, file, rule, &duty))
		fail_msg("nothing is owed under %s", rule);
	return duty;
}

static inline bool is_owed_by(struct bad *b, struct str file, const char *rule, const char *office)
{
	struct fixture *f = &b->e->f;
	struct casebook_duty_list list;
	struct casebook_file found = file_named(f, file);
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_duties_of_file(reader, f->arena, found.n, 400, &list, &f->err));
	for (size_t i = 0; i < list.count; i++) {
		if (list.at[i].is_open && str_eq(list.at[i].rule, str_from_c(rule)) &&
		    str_eq(list.at[i].office, str_from_c(office)))
			return true;
	}
	return false;
}

static inline bool was_told(struct bad *b, int64_t duty, const char *office)
{
	struct fixture *f = &b->e->f;
	const struct casebook_told *told;
	size_t count;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_duty_told(reader, f->arena, duty, &told, &count, &f->err));
	for (size_t i = 0; i < count; i++) {
		if (str_eq(told[i].office, str_from_c(office)))
			return true;
	}
	return false;
}

static inline bool is_listed_late(struct bad *b, int64_t duty)
{
	struct fixture *f = &b->e->f;
	struct casebook_duty_list list;
	CLEANUP(casebook_reader_give) struct casebook_reader *reader = reader_of(f);
	MUST(f, casebook_duties_open(reader, f->arena, true, INSTANT_MIN, 0, 900, &list, &f->err));
	for (size_t i = 0; i < list.count; i++) {
		if (list.at[i].id == duty)
			return true;
	}
	return false;
}

/*
 * Nobody does anything more: at the due time the duty is on the list of all
 * that is late, and within `days` it was told to the office.
 */
static inline void late_and_told(struct bad *b, struct str file, const char *rule, const char *office, int days)
{
	struct casebook_duty duty = owed(b, file, rule);
	england_until(b->e, duty.due + INSTANT_PER_SECOND);
	assert_true(is_listed_late(b, duty.id));
	england_until(b->e, duty.due + days * 24 * INSTANT_PER_HOUR);
	if (!was_told(b, duty.id, office))
		fail_msg("%s was not told of %s within %d days", office, rule, days);
}

/* After the next night the pattern's duty is owed by the office. */
static inline void found_by_night(struct bad *b, struct str file, const char *office)
{
	england_until(b->e, casebook_now(b->e->f.book) + 24 * INSTANT_PER_HOUR);
	if (!is_owed_by(b, file, "T90", office))
		fail_msg("no pattern is before %s", office);
}

static inline bool is_in(struct bad *b, struct str file, const char *state)
{
	struct casebook_file found = file_named(&b->e->f, file);
	return str_eq(found.state_name, str_from_c(state));
}

/* --- the ground ------------------------------------------------------------------------------- */

static inline void bad_history(struct ground *g)
{
	static const char *const HELD[] = { "screener", "edt", MANAGER, "service-manager", "head-of-service", "dcs",
		"social-worker", "police-contact", "police-officer", "police-sergeant", "police-duty-inspector",
		"detective-inspector", "police-commander", "police-exploitation", "crime-registrar", "health-visitor", "named-nurse",
		"dsl", "headteacher", "vol-worker", "exploitation-lead", SCRUTINEER, "monitoring-officer",
		"data-protection-officer", "register-administrator", "partnership-manager", "partnership-chair",
		"chief-executive", "other-area", "cp-chair", "support-lead", "records-officer" };
	struct england *e = g->e;
	for (size_t i = 0; i < COUNT_OF(HELD); i++)
		(void)england_holder(e, HELD[i]);
	g->child = does(e, "health-visitor", "person.opened", STR(""),
	                "{'birth-known':'month','born':'2012-05','names':['Mina']}").file;
	struct casebook_answer concern = does(e, "dsl", "concern.received", STR(""),
		"{'danger-now':'no','source':'school','happening':'Cars wait for her.','harm':['sexual-exploitation'],"
		"'harm-sign':'yes','channel':'in-person','child-file':'%.*s'}", STR_ARG(g->child));
	g->concern = concern.file;
	g->received = concern.index;
	g->adult = does(e, "dsl", "adult.opened", STR(""), "{'names':['Uncle'],'named-in':['%.*s']}",
	                STR_ARG(g->child)).file;
	g->suspected = does(e, "dsl", "exploitation.suspected", g->child,
		"{'form':['sexual'],'indicators':['cars','named-adult'],'adults':['%.*s'],'seen':'A silver car.'}",
		STR_ARG(g->adult)).index;
	g->offence = does(e, "vol-worker", "offence.disclosed", STR(""),
		"{'child':'%.*s','came-from':'%.*s','age-at-event':'13-15','family':['exploit-pay'],'told-by':'child',"
		"'suspect-known':'yes','several-suspects':'no','suspect-trust':'no','recent':'older','threat':'yes',"
		"'words':'He gives me phones.'}", STR_ARG(g->child), STR_ARG(g->concern)).file;
}

static inline int bad_found(void **state)
{
	struct ground *g = calloc(1, sizeof *g);
	assert_non_null(g);
	g->e = england_begin(BAD_START);
	g->shelf = casebook_shelf_create();
	assert_non_null(g->shelf);
	bad_history(g);
	g->now = casebook_now(g->e->f.book);
	casebook_close(g->e->f.book);
	g->e->f.book = NULL;
	*state = g;
	return 0;
}

static inline int bad_forget(void **state)
{
	struct ground *g = *state;
	england_end(g->e);
	casebook_shelf_destroy(g->shelf);
	free(g);
	return 0;
}

static inline void bad_open(struct bad *b)
{
	struct casebook_options options = { .has_seed = true, .seed = 8, .shelf = b->ground->shelf };
	MUST(&b->e->f, casebook_open_with(b->e->f.dir, CASEBOOK_WRITE, &options, &b->e->f.book, &b->e->f.err));
}

static inline int bad_set_up(void **state)
{
	const struct ground *g = *state;
	struct bad *b = calloc(1, sizeof *b);
	assert_non_null(b);
	b->e = calloc(1, sizeof *b->e);
	assert_non_null(b->e);
	*b->e = *g->e; /* the same people; texts lie in the arena of the ground */
	b->ground = g;
	b->child = g->child;
	b->concern = g->concern;
	b->offence = g->offence;
	b->adult = g->adult;
	struct fixture *f = &b->e->f;
	f->arena = arena_create(4 * FIXTURE_FILE_MAX);
	(void)snprintf(f->dir, sizeof f->dir, "/tmp/candour-bad-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	fixture_copy_folder(f, g->e->f.dir, f->dir);
	bad_open(b);
	MUST(f, casebook_set_now(f->book, g->now + INSTANT_PER_SECOND, &f->err));
	*state = b;
	return 0;
}

static inline int bad_tear_down(void **state)
{
	struct bad *b = *state;
	struct fixture *f = &b->e->f;
	casebook_close(f->book);
	arena_reset(f->arena);
	fixture_remove_folder(f->arena, f->dir);
	arena_destroy(f->arena);
	free(b->e);
	free(b);
	return 0;
}

#endif
