/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What only a walk can tell: P02, P03, P05, P08, P09. For each
 * file type one walk of its states, one for each rule, and a search for each
 * kind that needs something. A walk begins with nothing tracked but the states
 * and the rule, and tracks more until what it tells is sure.
 */
#include "pack/check.h"

#define BOUNDED_MAX 3
#define TRIES_OF_A_KIND 150   /* in going about */
#define TOLD_STATES_MAX 20000 /* of a walk that only tells better what is known */
#define SMALL_STATES_MAX 4000 /* of a walk after which a fault is sought by going about */
#define SEEK_TRIES 30000

/* One file type while it is walked. */
struct walking {
	struct check *check;
	const struct pack_file_type *type;
	const struct machine *machine;
	struct arena *arena; /* of one walk, emptied for the next */
	struct arena *aside; /* of one search, emptied for the next */
	bool *is_fired;      /* by kind of the machine: it surely can be made */
	uint32_t reached;    /* states surely reached */
	bool is_guarded[32]; /* by state: some rule is owed in it always */
	bool is_seen[32];    /* by state: it is reached */
	size_t bounded;      /* walks that passed their bound: the rest would say the same */
};

/* What a walk is to tell: that no file ends with the rule open, that from each state that matters
 * the goal can be reached. */
struct telling {
	struct slice slice;
	enum goal_sort goal;
	struct var_set kept;
	struct var_set tracked;
	struct var_set wanted; /* to be tracked as well, that it may be told */
	bool is_exact;         /* nothing is hidden */
	bool is_real;          /* the fault is one: what is tracked more only tells it better */
	bool is_last;          /* and what tells it better is too large */
	const struct pack_kind *rung; /* what a rung of the rule makes, while that is looked at */
	struct pack_place place;
	struct str name;
};

static bool is_final(const struct walking *walking, uint8_t state)
{
	return state < 32 && (walking->type->final >> state & 1);
}

static struct str state_name(const struct walking *walking, uint8_t state)
{
	return state < walking->type->state_count ? walking->type->states[state] : STR("none");
}

/* --- walks ----------------------------------------------------------------------------------- */

static bool run(struct walking *walking, const struct telling *telling, struct walk *walk,
                struct err *err)
{
	arena_reset(walking->arena);
	if (!walk_run(walking->machine, &telling->slice, &telling->tracked,
	              telling->is_real ? TOLD_STATES_MAX : WALK_STATES_MAX, walking->arena, walk,
	              err))
		return false;
	walking->check->walks++;
	walking->check->states += walk->count;
	return true;
}

/* Names what makes a walk too large. */
static void tell_bound(struct walking *walking, const struct walk *walk, struct pack_place place,
                       struct str what)
{
	const struct machine *machine = walking->machine;
	size_t counters = 0;
	struct buf facts;
	if (machine->too_large) {
		check_fails(walking->check, "P03", place,
		            "a %.*s has more %s than can be walked; ask for fewer",
		            STR_ARG(walking->type->name), machine->too_large);
		walking->bounded = BOUNDED_MAX;
		return;
	}
	buf_init(&facts, 4096);
	for (size_t i = 0; i < walk->view.tracked_count; i++) {
		size_t var = walk->view.tracked_vars[i];
		counters += var >= machine->fact_count;
		if (var < machine->fact_count)
			buf_format(&facts, "%s%.*s", facts.n ? ", " : "",
			           STR_ARG(machine->facts[var].fact->name));
	}
	check_fails(
		walking->check, "P03", place,
		"the walk of %.*s on a %.*s passes %d states; made large by %zu conditions that "
		"look for entries and the facts %.*s; ask for fewer, or keep facts with fewer"
		" codes",
		STR_ARG(what), STR_ARG(walking->type->name), WALK_STATES_MAX, counters,
		STR_ARG(facts.n ? buf_str(&facts) : STR("(none)")));
	walking->bounded++;
	buf_finish(&facts);
}

/* --- what is hidden along a history ---------------------------------------------------------- */

/* What is hidden and may bar the step into a state. */
static struct var_set hidden_at(const struct telling *telling, const struct walk *walk, size_t n)
{
	const struct walk_node *node = walk_node(walk, n);
	struct var_set vars = { { 0 } };
	if (node->sort != WALK_KIND)
		return vars;
	const struct view_kind *kind = &walk->view.kinds[node->kind];
	uint8_t values[MACHINE_FIELDS_MAX] = { 0 };
	struct machine_state from;
	struct machine_step step;
	struct acting acting;
	memcpy(from.bytes, walk_state(walk, node->parent), walk->view.state_bytes);
	machine_choice(kind, node->choice, values);
	machine_begin(&acting, &walk->view, kind, values, &from);
	uint32_t leaf = 0;
	while (machine_next(&acting, &step) && leaf < node->leaf)
		leaf++;
	bool is_one = (step.rules & (step.rules - 1)) == 0;
	if (step.admitted == MACHINE_TRUE && is_one)
		return vars;
	vars = search_hidden(&walk->view, kind, &step);
	vars = vars_and(&vars, &telling->kept, false);
	return vars_and(&vars, &telling->tracked, true);
}

/* The first on the way to a state; none: the way is a real one. */
static struct var_set hidden_before(const struct telling *telling, const struct walk *walk,
                                    size_t n)
{
	struct var_set first = { { 0 } };
	for (size_t at = n; at != 0; at = walk_node(walk, at)->parent) {
		struct var_set vars = hidden_at(telling, walk, at);
		if (vars_any(&vars))
			first = vars;
	}
	return first;
}

/* --- P02, P03, P09 --------------------------------------------------------------------------- */

static bool fail_end(struct walking *walking, const struct walk *walk, size_t n, struct err *err)
{
	const struct pack_duty *rule = walk->view.slice.rule;
	struct str sentence = arena_format(
		walking->check->arena, "a %.*s ends (%.*s) while %.*s is still owed",
		STR_ARG(walking->type->name), STR_ARG(state_name(walking, walk_state(walk, n)[0])),
		STR_ARG(rule->name));
	return check_fails_at(walking->check, walk, n, "P02",
	                      check_body(walking->check, SECTION_DUTIES, rule->name), sentence,
	                      err);
}

static bool fail_goal(struct walking *walking, const struct telling *telling,
                      const struct walk *walk, size_t n, struct err *err)
{
	const struct pack_duty *rule = walk->view.slice.rule;
	struct str state = state_name(walking, walk_state(walk, n)[0]);
	struct str sentence =
		rule ? arena_format(walking->check->arena,
	                            "duty %.*s on a %.*s in state %.*s can be discharged by nobody",
	                            STR_ARG(rule->name), STR_ARG(walking->type->name),
	                            STR_ARG(state))
		     : arena_format(walking->check->arena,
	                            "file type %.*s: from state %.*s no final state can be reached;"
	                            " after",
	                            STR_ARG(walking->type->name), STR_ARG(state));
	return check_fails_at(walking->check, walk, n, rule ? "P03" : "P09", telling->place,
	                      sentence, err);
}

/* It is told all the same, and act.refused says that nothing was made: of a type that lists where
 * it may rest, an error; else advice. */
static bool fail_rung(struct walking *walking, const struct telling *telling,
                      const struct walk *walk, size_t n, struct err *err)
{
	struct str state = state_name(walking, walk_state(walk, n)[0]);
	struct str sentence = arena_format(
		walking->check->arena,
		"a rung of %.*s makes %.*s on a %.*s while it is %.*s, where its from: does"
		" not allow it",
		STR_ARG(telling->name), STR_ARG(telling->rung->name), STR_ARG(walking->type->name),
		STR_ARG(state));
	return walking->type->rests ? check_fails_at(walking->check, walk, n, "P05", telling->place,
	                                             sentence, err)
	                            : check_advises_at(walking->check, walk, n, "P05",
	                                               telling->place, sentence, err);
}

static bool fail(struct walking *walking, const struct telling *telling, const struct walk *walk,
                 size_t n, struct err *err)
{
	const uint8_t *state = walk_state(walk, n);
	if (telling->rung)
		return fail_rung(walking, telling, walk, n, err);
	bool is_end = telling->slice.rule && is_final(walking, state[0]) && state[1] <= RULE_ENDED;
	return is_end ? fail_end(walking, walk, n, err) : fail_goal(walking, telling, walk, n, err);
}

/* A way to one of the faults, where a walk would grow too large: not the shortest, but none of its
 * acts can be left out. */
static bool seek(struct walking *walking, struct telling *telling, const struct walk *walk,
                 const bool *bad, bool *told, struct err *err)
{
	struct search search = { .machine = walking->machine,
		                 .slice = telling->slice,
		                 .sort = GOAL_NOTHING,
		                 .walk = walk,
		                 .good = bad,
		                 .arena = walking->aside };
	struct machine_state root;
	struct walk way = { 0 };
	view_root(&walk->view, &root);
	if (!roam_run(&search, &walk->view, &root, SEEK_TRIES, told, &way, err))
		return false;
	bool done = !*told || fail(walking, telling, &way, way.count - 1, err);
	walk_finish(&way);
	return done;
}

/* Faults, the first at state `n`. *told: it was one, and is told; else what is to be tracked is
 * noted. */
static bool weigh(struct walking *walking, struct telling *telling, const struct walk *walk,
                  size_t n, const bool *bad, bool *told, struct err *err)
{
	*told = telling->is_exact;
	if (*told)
		return fail(walking, telling, walk, n, err);
	telling->wanted = hidden_before(telling, walk, n);
	if (!vars_any(&telling->wanted)) {
		telling->is_real = true;
		telling->wanted = telling->kept;
		return true;
	}
	return walk->count < SMALL_STATES_MAX || seek(walking, telling, walk, bad, told, err);
}

/* Final states that a file comes to with the rule open; what is opened on a file that has ended is
 * owed there. *told: there is none, or the first is told. */
static bool tell_ends(struct walking *walking, struct telling *telling, const struct walk *walk,
                      bool *told, struct err *err)
{
	bool *bad = arena_alloc(walking->arena, walk->count, sizeof *bad);
	size_t first = 0;
	*told = true;
	if (!bad)
		return err_set(err, ERR_UNABLE, "There is no room to walk this pack");
	for (size_t n = walk->count; telling->slice.rule && n-- > 1;) {
		const uint8_t *state = walk_state(walk, n);
		bad[n] = state[1] > 0 && state[1] <= RULE_ENDED && is_final(walking, state[0]);
		first = bad[n] ? n : first;
	}
	return first == 0 || weigh(walking, telling, walk, first, bad, told, err);
}

/* Whether a state is one from which the goal must be reached. */
static bool matters(const struct walking *walking, const struct telling *telling,
                    const uint8_t *state)
{
	return telling->slice.rule ? state[1] > 0 : !is_final(walking, state[0]);
}

static bool search_from(struct walking *walking, struct telling *telling, const struct walk *walk,
                        const bool *good, size_t n, bool *found, struct err *err)
{
	struct search search = { .machine = walking->machine,
		                 .slice = telling->slice,
		                 .sort = telling->goal,
		                 .walk = walk,
		                 .good = good,
		                 .arena = walking->aside };
	struct machine_state start;
	memcpy(start.bytes, walk_state(walk, n), walk->view.state_bytes);
	if (!search_run(&search, &walk->view, &start, found, err))
		return false;
	walking->check->states += search.states;
	telling->wanted = vars_and(&search.blame, &telling->tracked, true);
	return true;
}

/* States from which the goal is surely reached, and those from which it may be. */
static bool find_good(struct walking *walking, const struct telling *telling,
                      const struct walk *walk, bool **good, bool **may, struct err *err)
{
	*good = arena_alloc(walking->arena, walk->count, sizeof **good);
	*may = arena_alloc(walking->arena, walk->count, sizeof **may);
	if (!*good || !*may)
		return err_set(err, ERR_UNABLE, "There is no room to walk this pack");
	for (size_t n = 0; n < walk->count; n++) {
		bool is_end = is_final(walking, walk_state(walk, n)[0]);
		(*good)[n] = telling->goal == GOAL_FINAL ? is_end : walk->discharges[n];
		(*may)[n] = telling->goal == GOAL_FINAL ? is_end : walk->may_discharge[n];
	}
	walk_back(walk, true, *good);
	walk_back(walk, false, *may);
	return true;
}

/* States that matter and from which the goal cannot be reached. *told: there is none, or the first
 * is told. */
static bool tell_goal(struct walking *walking, struct telling *telling, const struct walk *walk,
                      bool *told, struct err *err)
{
	bool *bad = arena_alloc(walking->arena, walk->count, sizeof *bad);
	bool *good, *may;
	size_t first = 0;
	*told = true;
	if (!find_good(walking, telling, walk, &good, &may, err) || !bad)
		return false;
	for (size_t n = walk->count; n-- > 1;) {
		bad[n] = !may[n] && matters(walking, telling, walk_state(walk, n));
		first = bad[n] ? n : first;
	}
	for (size_t n = 1; n < walk->count && !telling->is_exact && *told; n++) {
		if (good[n] || bad[n] || !matters(walking, telling, walk_state(walk, n)))
			continue;
		if (!search_from(walking, telling, walk, good, n, &good[n], err))
			return false;
		*told = good[n];
	}
	return !*told || first == 0 || weigh(walking, telling, walk, first, bad, told, err);
}

/* Open files on which the rule climbs, and what the rung makes may not be made. *told: there is
 * none, or the first is told. */
static bool tell_made(struct walking *walking, struct telling *telling, const struct walk *walk,
                      const struct pack_ladder *ladder, bool *told, struct err *err)
{
	bool *bad = arena_alloc(walking->arena, walk->count, sizeof *bad);
	if (!bad)
		return err_set(err, ERR_UNABLE, "There is no room to walk this pack");
	for (size_t r = 0; r < ladder->count && *told; r++) {
		const struct pack_kind *made = ladder->rungs[r].makes;
		size_t first = 0;
		for (size_t n = made ? walk->count : 0; n-- > 1;) {
			const uint8_t *state = walk_state(walk, n);
			bad[n] = state[1] > 0 && !is_final(walking, state[0]) &&
			         !(made->file_types >> walking->type->number & 1 &&
			           made->from[walking->type->number] >> state[0] & 1);
			first = bad[n] ? n : first;
		}
		telling->rung = made;
		if (first && !weigh(walking, telling, walk, first, bad, told, err))
			return false;
		if (first && *told)
			break;
	}
	telling->rung = NULL;
	return true;
}

static bool tell_rungs(struct walking *walking, struct telling *telling, const struct walk *walk,
                       bool *told, struct err *err)
{
	const struct pack_duty *rule = telling->slice.rule;
	if (rule->ladder && !tell_made(walking, telling, walk, rule->ladder, told, err))
		return false;
	for (size_t i = 0; i < rule->ladder_count && *told; i++) {
		if (!tell_made(walking, telling, walk, rule->ladder_for[i], told, err))
			return false;
	}
	return true;
}

/* States in which this rule is always owed need no rest duty. */
static void note_guarded(struct walking *walking, const struct walk *walk)
{
	bool is_open[32];
	for (size_t s = 0; s < COUNT_OF(is_open); s++)
		is_open[s] = walk->view.slice.rule != walking->check->pack->rest;
	for (size_t n = 1; n < walk->count; n++) {
		const uint8_t *state = walk_state(walk, n);
		if (state[1] == 0 && state[0] < COUNT_OF(is_open))
			is_open[state[0]] = false;
	}
	for (size_t s = 0; s < walking->type->state_count; s++)
		walking->is_guarded[s] = walking->is_guarded[s] || is_open[s];
}

/* Tracks what is wanted; all, where that is nothing more. */
static void track_more(struct telling *telling)
{
	struct var_set wanted = vars_and(&telling->wanted, &telling->kept, false);
	wanted = vars_and(&wanted, &telling->tracked, true);
	vars_join(&telling->tracked, vars_any(&wanted) ? &wanted : &telling->kept);
}

/* One walk. *told: nothing more need be tracked. */
static bool tell_once(struct walking *walking, struct telling *telling, bool *told, struct err *err)
{
	struct walk walk = { 0 };
	struct var_set hidden = vars_and(&telling->kept, &telling->tracked, true);
	telling->is_exact = telling->is_last || !vars_any(&hidden);
	bool done = run(walking, telling, &walk, err);
	*told = true;
	if (done && walk.is_bounded && telling->is_real) {
		*told = !(telling->is_last = true);
	} else if (done && walk.is_bounded) {
		tell_bound(walking, &walk, telling->place, telling->name);
	} else if (done) {
		done = tell_ends(walking, telling, &walk, told, err);
		if (done && *told && (telling->slice.rule || walking->type->final))
			done = tell_goal(walking, telling, &walk, told, err);
		if (done && *told && telling->slice.rule)
			done = tell_rungs(walking, telling, &walk, told, err);
		if (done && *told && telling->slice.rule)
			note_guarded(walking, &walk);
	}
	walk_finish(&walk);
	return done;
}

/* Walks, tracking more each time, until what the walk tells is sure. */
static bool tell(struct walking *walking, struct telling *telling, struct err *err)
{
	struct var_set before = telling->tracked;
	bool told = false;
	telling->kept = machine_kept(walking->machine, &telling->slice);
	while (!told) {
		if (!tell_once(walking, telling, &told, err))
			return false;
		struct var_set now = telling->tracked;
		if (telling->is_last)
			telling->tracked = before;
		else if (!told)
			track_more(telling);
		before = now;
	}
	return true;
}

static bool check_rule(struct walking *walking, const struct pack_duty *rule, struct err *err)
{
	struct telling telling = {
		.slice = { walking->type, rule, NULL },
		.goal = GOAL_DISCHARGE,
		.place = check_body(walking->check, SECTION_DUTIES, rule->name),
		.name = rule->name,
	};
	walking->check->rules++;
	return tell(walking, &telling, err);
}

/* --- the states alone ------------------------------------------------------------------------ */

/* One search from the file that is not begun; what is surely made and reached on the way is noted.
 */
static bool search_root(struct walking *walking, struct search *search, bool *found,
                        struct err *err)
{
	static const struct var_set NONE = { { 0 } };
	struct slice slice = { walking->type, NULL, search->kind };
	struct machine_state root;
	struct view view;
	search->machine = walking->machine;
	search->slice = slice;
	search->everything = true;
	search->arena = walking->aside;
	search->fired = walking->is_fired;
	arena_reset(walking->arena);
	if (!view_build(walking->machine, &slice, &NONE, true, walking->arena, &view, err))
		return false;
	view_root(&view, &root);
	bool done = search->sort == GOAL_NOTHING
	                    ? roam_run(search, &view, &root,
	                               TRIES_OF_A_KIND * (walking->machine->kind_count + 4), found,
	                               NULL, err)
	                    : search_run(search, &view, &root, found, err);
	if (!done)
		return false;
	walking->reached |= search->reached;
	walking->check->states += search->states;
	return true;
}

/* Whether a state or a kind is reached in its own slice, whatever must be tracked for it. */
static bool walk_to(struct walking *walking, struct telling *telling, uint8_t state, bool *reached,
                    struct err *err)
{
	telling->kept = machine_kept(walking->machine, &telling->slice);
	for (;;) {
		struct walk walk = { 0 };
		struct var_set hidden = vars_and(&telling->kept, &telling->tracked, true);
		size_t n = 0;
		bool done = run(walking, telling, &walk, err);
		*reached = false;
		for (size_t k = 0; done && telling->slice.kind && k < walk.view.kind_count; k++)
			*reached = *reached || (walk.fired[k] && walk.view.kinds[k].kind->kind ==
			                                                 telling->slice.kind);
		for (; done && !telling->slice.kind && !*reached && n < walk.count; n++)
			*reached = walk_state(&walk, n)[0] == state;
		bool is_bounded = done && walk.is_bounded && !(*reached && !vars_any(&hidden));
		if (is_bounded)
			tell_bound(walking, &walk, telling->place, telling->name);
		walk_finish(&walk);
		if (!done)
			return false;
		if (is_bounded || !*reached || !vars_any(&hidden)) {
			*reached = *reached || is_bounded;
			return true;
		}
		track_more(telling);
	}
}

static bool is_state_reached(struct walking *walking, uint8_t state, bool *reached, struct err *err)
{
	struct search search = { .sort = GOAL_STATE, .state = state };
	struct telling telling = {
		.slice = { walking->type, NULL, NULL },
		.place = check_place(walking->check, check_node(walking->check, SECTION_FILES,
		                                                walking->type->name)),
		.name = STR("the states"),
	};
	*reached = walking->reached >> state & 1;
	if (*reached)
		return true;
	if (!search_root(walking, &search, reached, err))
		return false;
	telling.wanted = search.blame;
	return *reached || walk_to(walking, &telling, state, reached, err);
}

static bool check_reached(struct walking *walking, struct err *err)
{
	const struct pack_file_type *type = walking->type;
	const struct yaml *node = check_node(walking->check, SECTION_FILES, type->name);
	bool has_beginner = false;
	for (size_t s = 0; s < type->state_count; s++) {
		walking->check->reached++;
		if (!is_state_reached(walking, (uint8_t)s, &walking->is_seen[s], err))
			return false;
		if (!walking->is_seen[s])
			check_fails(walking->check, "P08",
			            check_place(walking->check, check_item(node, STR("states"), s)),
			            "file type %.*s: state \"%.*s\" is never reached",
			            STR_ARG(type->name), STR_ARG(type->states[s]));
	}
	for (size_t k = 0; k < walking->check->pack->kind_count; k++) {
		const struct pack_kind *kind = &walking->check->pack->kinds[k];
		has_beginner =
			has_beginner || ((kind->file_types >> type->number & 1) && kind->may_begin);
	}
	if (!has_beginner)
		check_fails(walking->check, "P08", check_place(walking->check, node),
		            "file type %.*s: no kind begins it", STR_ARG(type->name));
	return true;
}

static bool check_states(struct walking *walking, struct err *err)
{
	struct search roam = { .sort = GOAL_NOTHING };
	struct telling telling = {
		.slice = { walking->type, NULL, NULL },
		.goal = GOAL_FINAL,
		.place = check_place(walking->check, check_node(walking->check, SECTION_FILES,
		                                                walking->type->name)),
		.name = STR("the states"),
	};
	bool found;
	return search_root(walking, &roam, &found, err) && check_reached(walking, err) &&
	       tell(walking, &telling, err);
}

/* --- kinds ----------------------------------------------------------------------------------- */

static void cannot_be_made(struct walking *walking, const struct pack_kind *kind)
{
	check_fails(walking->check, "P05", check_body(walking->check, SECTION_KINDS, kind->name),
	            "%.*s can never be made on a %.*s%s", STR_ARG(kind->name),
	            STR_ARG(walking->type->name),
	            kind->need_count ? ": a need of it is never met" : "");
}

/* P05: a kind that needs something is walked in the slice of its needs. */
static bool check_kind(struct walking *walking, const struct machine_kind *kind, struct err *err)
{
	struct search search = { .sort = GOAL_KIND, .kind = kind->kind };
	struct telling telling = {
		.slice = { walking->type, NULL, kind->kind },
		.place = check_body(walking->check, SECTION_KINDS, kind->kind->name),
		.name = kind->kind->name,
	};
	bool is_made = walking->is_fired[kind->number];
	if (kind->kind->is_built_in)
		return true;
	walking->check->kinds++;
	if (!is_made && !search_root(walking, &search, &is_made, err))
		return false;
	telling.wanted = search.blame;
	if (!is_made && !walk_to(walking, &telling, 0, &is_made, err))
		return false;
	if (!is_made)
		cannot_be_made(walking, kind->kind);
	return true;
}

/* Where nothing but the rest duty may be owed: said, so that L4 is not met by it alone unseen. Of a
 * type that lists where it may rest, every other such state is an error. */
static bool check_rests(struct walking *walking, struct err *err)
{
	const struct pack_file_type *type = walking->type;
	struct check *check = walking->check;
	const struct yaml *node = check_node(check, SECTION_FILES, type->name);
	for (size_t s = 0; s < type->state_count; s++) {
		bool is_listed = (type->rests >> s | type->final >> s) & 1;
		if (!walking->is_seen[s] || walking->is_guarded[s] || is_listed)
			continue;
		struct check_said said = {
			.property = "P01",
			.place = check_place(check, check_item(node, STR("states"), s)),
			.sentence = arena_format(
				check->arena,
				"a %.*s in state %.*s may be owed nothing but %.*s; list it in rests",
				STR_ARG(type->name), STR_ARG(type->states[s]),
				STR_ARG(check->pack->rest->name)),
		};
		if (!type->rests)
			check_advises(check, said.property, said.place, "%.*s",
			              STR_ARG(said.sentence));
		else if (!check_fails_in(check, walking->machine, walking->arena, UINT32_C(1) << s,
		                         &said, err))
			return false;
	}
	return true;
}

static bool check_type(struct walking *walking, struct err *err)
{
	const struct machine *machine = walking->machine;
	if (!check_states(walking, err))
		return false;
	for (size_t i = 0; i < machine->rule_count && walking->bounded < BOUNDED_MAX; i++) {
		if (!check_rule(walking, machine->rules[i], err))
			return false;
	}
	for (size_t k = 0; k < machine->kind_count && walking->bounded < BOUNDED_MAX; k++) {
		if (!check_kind(walking, &machine->kinds[k], err))
			return false;
	}
	return check_rests(walking, err) &&
	       check_thens(walking->check, machine, walking->arena, err);
}

bool check_walks(struct check *check, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *of_type = arena_create(CHECK_WALK_BYTES);
	CLEANUP(arena_cleanup) struct arena *of_walk = arena_create(CHECK_WALK_BYTES);
	CLEANUP(arena_cleanup) struct arena *of_search = arena_create(CHECK_WALK_BYTES);
	const struct pack *pack = check->pack;
	if (!of_type || !of_walk || !of_search)
		return err_set(err, ERR_UNABLE, "There is no room to walk this pack");
	for (size_t t = 0; t < pack->file_type_count; t++) {
		struct walking walking = { .check = check,
			                   .type = &pack->file_types[t],
			                   .arena = of_walk,
			                   .aside = of_search };
		struct machine *machine;
		if (walking.type->is_built_in)
			continue;
		arena_reset(of_type);
		walking.is_fired = arena_alloc(of_type, pack->kind_count, sizeof(bool));
		if (!walking.is_fired)
			return err_set(err, ERR_UNABLE, "There is no room to walk this pack");
		if (!machine_build(pack, walking.type, of_type, &machine, err))
			return false;
		walking.machine = machine;
		if (!check_type(&walking, err))
			return false;
	}
	return true;
}
