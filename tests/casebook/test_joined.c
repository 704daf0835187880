/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What the writer keeps of joined histories says what the tables say, whatever
 * happened before: each pattern on each child, now and a few entries ago, is
 * asked with what is kept, with each entry read once, and without either.
 */
#include "casebook/dump.h"
#include "casebook/joined.h"
#include "casebook/keys.h"
#include "casebook/pattern.h"
#include "casebook/sample_changed.h"
#include "casebook/turn.h"

#define STEPS 160
#define SEEDS 3
#define BACK 4 /* entries */

static const struct text_change LINKED[] = {
	{ "kinds/concern.yaml", "",
	  "concern.parted:\n  title: Not about this child\n  file: concern\n  by: [anyone, screener]\n"
	  "  fields: [{ name: child, type: file, of: [child], required: yes }]\n"
	  "  unlinks: [{ relation: about, to: child }]\n"
	  "concern.named:\n  title: About this child\n  file: concern\n  by: [anyone, screener]\n"
	  "  fields: [{ name: child, type: file, of: [child], required: yes }]\n"
	  "  links: [{ relation: about, to: child }]\n" },
	{ "patterns.yaml", "",
	  "K97:\n  title: Two told by one, and neglect told twice\n  about: child\n  through: [about]\n"
	  "  owner: team-manager\n"
	  "  when:\n    any:\n"
	  "      - { count: { of: { kind: concern.received, where: { source: [police] } }, at-least: 2, at-most: 3 } }\n"
	  "      - { count: { of: { kind: concern.received, where: { harm: [neglect] } }, at-least: 3, at-most: 4 } }\n"
	  "  source: Norm\n"
	  "K98:\n  title: One agency alone\n  about: child\n  through: [about]\n"
	  "  owner: team-manager\n"
	  "  when: { share: { of: entries, from-one: office, at-least: 80, among-at-least: 10, within: { months: 6 } } }\n"
	  "  source: Norm\n"
	  "K99:\n  title: Anything at all is told\n  about: child\n"
	  "  owner: team-manager\n"
	  "  when: { linked: { by: about, type: [concern], at-least: 1 } }\n"
	  "  source: Norm\n" },
};

struct history {
	struct fixture *f;
	uint64_t seed;
	struct person worker, screener, manager;
	struct str children[2];
	int64_t numbers[2]; /* their slots */
	struct str concerns[STEPS];
	int64_t firsts[STEPS]; /* their first entries */
	size_t concern_count;
	size_t compared, held, kept, corrected, linked, answered;
};

static size_t dice(struct history *h, size_t sides)
{
	h->seed = h->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t)(h->seed >> 33) % sides;
}

/* --- what happens --------------------------------------------------------------------------- */

static void receive(struct history *h)
{
	static const char *const harms[] = { "neglect", "sexual", "not-yet-known" };
	static const char *const sources[] = { "school", "police", "public" };
	struct fixture *f = h->f;
	size_t whose = dice(h, 3);
	const char *harm = harms[dice(h, 3)], *source = sources[dice(h, 3)];
	struct str text = arena_format(f->arena,
	                               "{'source':'%s','harm':['%s'],'danger-now':'no','harm-sign':'no',"
	                               "'area':'screener','words':'Alone.'%s%.*s%s}",
	                               source, harm, whose < 2 ? ",'child':'" : "",
	                               STR_ARG(whose < 2 ? h->children[whose] : STR("")), whose < 2 ? "'" : "");
	struct casebook_answer made = dice(h, 2) ? admitted(f, &BY_PUBLIC, "concern.received", STR_NONE, fields_of(f, text.p))
	                                         : admitted(f, &h->screener.actor, "concern.received", STR_NONE,
	                                                    fields_of(f, text.p));
	h->concerns[h->concern_count] = made.file;
	h->firsts[h->concern_count++] = made.index;
}

static void link_or_part(struct history *h, const char *kind)
{
	if (!h->concern_count)
		return;
	struct str concern = h->concerns[dice(h, h->concern_count)], child = h->children[dice(h, 2)];
	struct casebook_answer made =
		act(h->f, &h->screener.actor, kind, concern,
	            fields_of(h->f, arena_format(h->f->arena, "{'child':'%.*s'}", STR_ARG(child)).p));
	h->linked += made.outcome == CASEBOOK_ADMITTED;
}

static void correct(struct history *h)
{
	if (!h->concern_count)
		return;
	size_t which = dice(h, h->concern_count);
	struct str text = arena_format(h->f->arena, "{'of':%" PRId64 ",'field':'source','value':'police','why':'mistyped'}",
	                               h->firsts[which]);
	struct casebook_answer made =
		act(h->f, &h->screener.actor, "entry.corrected", h->concerns[which], fields_of(h->f, text.p));
	h->corrected += made.outcome == CASEBOOK_ADMITTED;
}

static void go_missing(struct history *h)
{
	struct fixture *f = h->f;
	struct str child = h->children[dice(h, 2)];
	struct casebook_answer away =
		act(f, &h->worker.actor, "missing.reported", STR_NONE,
	            fields_of(f, arena_format(f->arena, "{'since':'2026-11-26T09:00:00Z','child':'%.*s'}", STR_ARG(child)).p));
	if (away.outcome == CASEBOOK_ADMITTED && dice(h, 2))
		(void)act(f, &h->worker.actor, "missing.found", away.file,
		          fields_of(f, "{'returned':'2026-11-26T09:30:00Z','sexual-activity-sign':'no'}"));
}

static void consider(struct history *h, struct str child)
{
	struct casebook_answer made =
		act(h->f, &h->manager.actor, "pattern.considered", child,
	            fields_of(h->f, dice(h, 2) ? "{'follows':'not-a-pattern','reasons':'I read them.'}"
	                                       : "{'follows':'strategy','reasons':'I read them.'}"));
	h->answered += made.outcome == CASEBOOK_ADMITTED;
}

/* An entry that was written and looked at, in a turn that is given up. */
static bool write_and_fail(struct turn *turn, void *ctx, struct err *err)
{
	struct history *h = ctx;
	struct folding made;
	fold_begin_act(turn->fold);
	turn->now = book_recorded(turn->book);
	if (dice(h, 2))
		turn->fold->joined = NULL; /* as for a long history */
	return turn_register_entry(turn, STR("child.not-seen"), h->numbers[dice(h, 2)], NULL, -1, &made, err) &&
	       turn_follow(turn, &made, 0, err) && err_set(err, ERR_UNABLE, "given up");
}

static void give_up(struct history *h)
{
	assert_false(turn_own(h->f->book, write_and_fail, h, &h->f->err));
	assert_string_equal(h->f->err.message, "given up");
	h->f->err = (struct err){ 0 };
}

static void go_on(struct history *h)
{
	struct fixture *f = h->f;
	struct str child = h->children[dice(h, 2)];
	size_t fired;
	instant next;
	bool is_done;
	switch (dice(h, 17)) {
	case 0:
	case 1:
	case 2:
	case 3:
		receive(h);
		break;
	case 4:
	case 5:
		link_or_part(h, "concern.named");
		break;
	case 6:
		link_or_part(h, "concern.parted");
		break;
	case 7:
		(void)act(f, &h->worker.actor, "child.not-seen", child, fields_of(f, "{'reason':'not-in'}"));
		break;
	case 8:
		(void)act(f, &h->worker.actor, "child.seen", child, fields_of(f, "{'contact':'seen-alone','alone':true}"));
		break;
	case 9:
		(void)act(f, &h->worker.actor, "child.said", child, fields_of(f, "{'words':'Leave it.'}"));
		break;
	case 10:
		go_missing(h);
		break;
	case 11:
		correct(h);
		break;
	case 12:
		consider(h, child);
		break;
	case 13:
		later(f, (int64_t)(1 + dice(h, 40)) * INSTANT_PER_DAY);
		break;
	case 14:
		MUST(f, casebook_night(f->book, casebook_now(f->book), &fired, &next, &is_done, &f->err));
		break;
	case 15:
		give_up(h);
		break;
	default:
		if (dice(h, 4) == 0)
			fixture_reopen(f);
		else if (dice(h, 4) == 0)
			MUST(f, casebook_refold(f->book, NULL, NULL, &f->err));
	}
}

/* --- asked twice ---------------------------------------------------------------------------- */

struct asked {
	bool holds;
	int64_t entries[PATTERN_ENTRIES_MAX];
	size_t count;
	struct pattern_known known;
};

static bool ask(struct turn *turn, const struct pack_pattern *pattern, int64_t child, int64_t up_to, struct asked *out,
                struct err *err)
{
	struct pattern_eye eye;
	struct file_row *row;
	*out = (struct asked){ .count = 0 };
	return pattern_eye_night(turn->fold, child, turn->now, &eye, err) && fold_file(turn->fold, child, &row, err) &&
	       pattern_holds(&eye, pattern, row, up_to, turn->now, &out->holds, err) &&
	       pattern_counted(&eye, pattern, row, up_to, -1, out->entries, &out->count, err) &&
	       pattern_known(&eye, pattern, child, &out->known, err);
}

static void must_say_the_same(const struct asked *kept, const struct asked *plain)
{
	assert_int_equal(kept->holds, plain->holds);
	assert_int_equal(kept->count, plain->count);
	assert_memory_equal(kept->entries, plain->entries, sizeof plain->entries);
	assert_int_equal(kept->known.was_found, plain->known.was_found);
	assert_int_equal(kept->known.is_open, plain->known.is_open);
	assert_int_equal(kept->known.is_refuted, plain->known.is_refuted);
	assert_int_equal(kept->known.newest, plain->known.newest);
}

/* By what is kept of joined histories; by the tables, where each entry is read once; by them alone. */
static bool compare(struct turn *turn, struct history *h, const struct pack_pattern *pattern, int64_t child, int64_t up_to,
                    struct err *err)
{
	struct joined *joined = turn->fold->joined;
	struct sights *sights = turn->fold->sights;
	struct asked kept, once, plain;
	assert_non_null(sights);
	if (!ask(turn, pattern, child, up_to, &kept, err))
		return false;
	turn->fold->joined = NULL;
	bool done = ask(turn, pattern, child, up_to, &once, err);
	turn->fold->sights = NULL;
	done = done && ask(turn, pattern, child, up_to, &plain, err);
	turn->fold->joined = joined;
	turn->fold->sights = sights;
	if (!done)
		return false;
	must_say_the_same(&kept, &plain);
	must_say_the_same(&once, &plain);
	h->compared++;
	h->held += plain.holds;
	return true;
}

/* Whether the child's history is answered from memory at all. */
static bool count_kept(struct turn *turn, struct history *h, const struct pack_pattern *pattern, int64_t child, struct err *err)
{
	struct joined_list *list;
	struct file_row *row;
	if (!fold_file(turn->fold, child, &row, err))
		return false;
	struct world world = { .store = turn->store, .pack = turn->fold->pack, .arena = turn->fold->looks, .row = row,
		               .up_to = turn->book->entries, .fold = turn->fold, .pattern = pattern };
	struct joined_question question = { pattern->through, pattern->through_count, true };
	if (!joined_find(&world, &question, &list, err))
		return false;
	h->kept += list != NULL;
	return true;
}

static bool compare_all(struct turn *turn, void *ctx, struct err *err)
{
	struct history *h = ctx;
	const struct pack *pack = turn->fold->pack;
	fold_begin_act(turn->fold);
	turn->now = book_recorded(turn->book);
	for (size_t c = 0; c < 2; c++) {
		for (size_t p = 0; p < pack->pattern_count; p++) {
			if (!str_eq(pack->patterns[p].about->name, STR("child")))
				continue;
			for (int64_t back = 0; back < BACK; back++) {
				if (!compare(turn, h, &pack->patterns[p], h->numbers[c], turn->book->entries - back, err))
					return false;
			}
			if (!count_kept(turn, h, &pack->patterns[p], h->numbers[c], err))
				return false;
		}
	}
	return turn_end_act(turn, err);
}

static struct history *begin(struct fixture *f)
{
	struct history *h = arena_alloc(f->arena, 1, sizeof *h);
	const char *seed = file_environment("CANDOUR_JOINED_SEED");
	*h = (struct history){ .f = f, .seed = seed ? (uint64_t)strtoull(seed, NULL, 10) : 1 };
	found_by(f, sample_changed(f, LINKED, COUNT_OF(LINKED)));
	h->worker = person(f, "sam", "social-worker");
	h->screener = person(f, "amara", "screener");
	h->manager = person(f, "mina", "service-manager");
	for (size_t i = 0; i < 2; i++) {
		h->children[i] = admitted(f, &h->worker.actor, "person.opened", STR_NONE,
		                          fields_of(f, "{'names':['Rose'],'born':'2012-03'}"))
		                         .file;
		h->numbers[i] = file_named(f, h->children[i]).n;
	}
	return h;
}

static void what_is_kept_says_what_the_tables_say(void **state)
{
	struct fixture *f = *state;
	struct history *h = begin(f);
	for (int step = 0; step < STEPS; step++) {
		go_on(h);
		MUST(f, turn_own(f->book, compare_all, h, &f->err));
	}
	print_message("%zu compared, %zu hold, %zu kept; %zu corrected, %zu linked, %zu answered\n", h->compared, h->held,
	              h->kept, h->corrected, h->linked, h->answered);
	assert_true(h->held > 0 && h->held < h->compared);
	assert_int_equal(h->kept * BACK, h->compared);
	instant now = casebook_now(f->book);
	close_register(f);
	must_verify(f);
	fixture_take_up(f, now);
}

/* What was linked once and is no more: then it was, and now it is not. */
static void a_link_that_is_taken_away_was_there_before(void **state)
{
	struct fixture *f = *state;
	struct history *h = begin(f);
	struct str child = h->children[0];
	const struct json *about = fields_of(f, arena_format(f->arena, "{'child':'%.*s'}", STR_ARG(child)).p);
	struct str text = arena_format(f->arena,
	                               "{'source':'school','harm':['neglect'],'danger-now':'no','harm-sign':'no',"
	                               "'area':'screener','words':'Alone.','child':'%.*s'}",
	                               STR_ARG(child));
	struct str concern = admitted(f, &h->screener.actor, "concern.received", STR_NONE, fields_of(f, text.p)).file;
	for (int turn = 0; turn < 3; turn++) {
		MUST(f, turn_own(f->book, compare_all, h, &f->err));
		(void)admitted(f, &h->screener.actor, "concern.parted", concern, about);
		MUST(f, turn_own(f->book, compare_all, h, &f->err));
		(void)admitted(f, &h->screener.actor, "concern.named", concern, about);
	}
	assert_true(h->held > 0 && h->held < h->compared);
}

/* However little room there is, what is written is written, and the same is found. */
static void what_has_no_room_begins_anew(void **state)
{
	struct fixture *f = *state;
	struct history *h = begin(f);
	for (size_t room = 512; room <= 64 << 10; room += 96 + room / 48) {
		struct joined *small = joined_create(room);
		assert_non_null(small);
		joined_destroy(f->book->joined);
		f->book->joined = small;
		for (int step = 0; step < 3; step++) {
			go_on(h);
			MUST(f, turn_own(f->book, compare_all, h, &f->err));
		}
	}
	assert_true(h->held > 0 && h->held < h->compared);
	assert_true(h->kept > 0 && h->kept * BACK < h->compared);
}

static void a_history_too_long_to_be_kept_is_asked_of_the_tables(void **state)
{
	enum { ACTS = 1100 };
	struct fixture *f = *state;
	struct history *h = begin(f);
	struct casebook_act *acts = arena_alloc(f->arena, ACTS, sizeof *acts);
	struct casebook_answer *answers = arena_alloc(f->arena, ACTS, sizeof *answers);
	const struct json *out = fields_of(f, "{'reason':'not-in'}");
	MUST(f, turn_own(f->book, compare_all, h, &f->err));
	assert_int_equal(h->kept * BACK, h->compared);
	for (size_t i = 0; i < ACTS; i++)
		acts[i] = (struct casebook_act){ .actor = h->worker.actor,
			                         .via = CASEBOOK_WEB,
			                         .kind = STR("child.not-seen"),
			                         .file = h->children[0],
			                         .fields = out };
	MUST(f, casebook_submit_many(f->book, acts, ACTS, f->arena, answers, &f->err));
	fixture_must_admit(&answers[ACTS - 1], "child.not-seen");
	h->kept = h->compared = 0;
	MUST(f, turn_own(f->book, compare_all, h, &f->err));
	assert_int_equal(h->kept * BACK * 2, h->compared);
}

/* Beside the newest thousand no more is looked at, whoever is asked. */
static void of_more_than_a_thousand_the_same_is_said(void **state)
{
	enum { BEFORE = 600, UP_TO = 1040 };
	struct fixture *f = *state;
	struct history *h = begin(f);
	struct casebook_act *acts = arena_alloc(f->arena, BEFORE, sizeof *acts);
	struct casebook_answer *answers = arena_alloc(f->arena, BEFORE, sizeof *answers);
	for (size_t i = 0; i < BEFORE; i++) {
		bool is_refused = i % 3 == 0; /* the register's own entries are among them */
		struct str told = arena_format(f->arena,
		                               "{'source':'school','harm':['neglect'],'danger-now':'no','harm-sign':'no',"
		                               "'area':'screener','words':'Alone.','child':'%.*s'}",
		                               STR_ARG(h->children[0]));
		if (i % 6 == 1) { /* another office */
			acts[i] = (struct casebook_act){ .actor = h->screener.actor,
				                         .via = CASEBOOK_WEB,
				                         .kind = STR("concern.received"),
				                         .fields = fields_of(f, told.p) };
			continue;
		}
		acts[i] = (struct casebook_act){ .actor = h->worker.actor,
			                         .via = CASEBOOK_WEB,
			                         .kind = is_refused ? STR("plan.ended") : STR("child.not-seen"),
			                         .file = h->children[0],
			                         .fields = fields_of(f, is_refused ? "{}" : "{'reason':'not-in'}") };
	}
	MUST(f, casebook_submit_many(f->book, acts, BEFORE, f->arena, answers, &f->err));
	for (size_t i = BEFORE; i < UP_TO; i++) {
		acts[0].kind = STR("child.not-seen");
		acts[0].fields = fields_of(f, "{'reason':'not-in'}");
		MUST(f, casebook_submit_many(f->book, acts, 1, f->arena, answers, &f->err));
		if (i % 4 == 0)
			MUST(f, turn_own(f->book, compare_all, h, &f->err));
	}
	assert_true(h->kept > 0 && h->kept * BACK < h->compared);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROVES(what_is_kept_says_what_the_tables_say),
		PROVES(a_link_that_is_taken_away_was_there_before),
		PROVES(what_has_no_room_begins_anew),
		PROVES(of_more_than_a_thousand_the_same_is_said),
		PROVES(a_history_too_long_to_be_kept_is_asked_of_the_tables),
	};
	return PROVE(tests);
}
