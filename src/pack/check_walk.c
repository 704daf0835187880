/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What only a walk can tell: P02, P03, P05, P08, P09. For each
 * file type one walk of its states, one for each rule, one for each kind that
 * needs something.
 */
#include "pack/check.h"

#define RULES_MAX 256
#define BOUNDED_MAX 3
#define TEXT_MAX ((size_t)65536)

/* One file type while it is walked. */
struct walking {
	struct check *check;
	const struct pack_file_type *type;
	struct arena *arena; /* of one walk, emptied for the next */
	bool *is_kept;       /* by kind of the pack: walked with the states */
	bool *is_fired;
	bool *is_guarded; /* by state: some rule is owed in it always */
	bool *is_seen;    /* by state: it is reached */
	size_t bounded;   /* walks that passed their bound: the rest would say the same */
};

/* --- counter-examples ------------------------------------------------------------------------ */

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

/* Notes a failure with the shortest history that leads to state `n`. */
static bool fail_at(struct walking *walking, const struct walk *walk, size_t n,
                    const char *property, struct pack_place place, struct str sentence,
                    struct err *err)
{
	struct check *check = walking->check;
	const struct pack_duty *rule = walk->machine->slice.rule;
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

/* --- walks ----------------------------------------------------------------------------------- */

static bool run(struct walking *walking, const struct pack_duty *rule, const struct pack_kind *kind,
                struct walk *walk, struct err *err)
{
	struct slice slice = { walking->type, rule, kind };
	arena_reset(walking->arena);
	if (!walk_run(walking->check->pack, &slice, walking->arena, walk, err))
		return false;
	walking->check->walks++;
	walking->check->states += walk->count;
	return true;
}

/* Names what makes a walk too large. */
static void tell_bound(struct walking *walking, const struct walk *walk, struct pack_place place,
                       struct str what)
{
	struct buf facts;
	buf_init(&facts, 2048);
	for (size_t i = 0; i < walk->machine->fact_count; i++)
		buf_format(&facts, "%s%.*s", i ? ", " : "",
		           STR_ARG(walk->machine->facts[i].fact->name));
	check_fails(
		walking->check, "P03", place,
		"the walk of %.*s on a %.*s passes %d states; made large by %zu conditions that "
		"look for entries and the facts %.*s; ask for fewer, or keep facts with fewer"
		" codes",
		STR_ARG(what), STR_ARG(walking->type->name), WALK_STATES_MAX,
		walk->machine->counter_count, STR_ARG(buf_str(&facts)));
	walking->bounded++;
	buf_finish(&facts);
}

static bool is_final(const struct walking *walking, uint8_t state)
{
	return state < 32 && (walking->type->final >> state & 1);
}

static struct str state_name(const struct walking *walking, uint8_t state)
{
	return state < walking->type->state_count ? walking->type->states[state] : STR("none");
}

/* P02: the first final state with the rule open. */
static bool check_ends(struct walking *walking, const struct walk *walk, struct err *err)
{
	const struct pack_duty *rule = walk->machine->slice.rule;
	for (size_t n = 1; n < walk->count; n++) {
		const uint8_t *state = walk_state(walk, n);
		if (state[1] == 0 || !is_final(walking, state[0]))
			continue;
		struct str sentence = arena_format(
			walking->check->arena, "a %.*s ends (%.*s) while %.*s is still owed",
			STR_ARG(walking->type->name), STR_ARG(state_name(walking, state[0])),
			STR_ARG(rule->name));
		return fail_at(walking, walk, n, "P02",
		               check_body(walking->check, SECTION_DUTIES, rule->name), sentence,
		               err);
	}
	return true;
}

static bool *good_states(struct walking *walking, const struct walk *walk, struct err *err)
{
	bool *good = arena_alloc(walking->arena, walk->count, sizeof *good);
	if (!good)
		(void)err_set(err, ERR_UNABLE, "There is no room to walk this pack");
	return good;
}

/* P03: from each state with the rule open, a way to a step by a person that settles or ends it. */
static bool check_discharge(struct walking *walking, const struct walk *walk, struct err *err)
{
	const struct pack_duty *rule = walk->machine->slice.rule;
	bool *good = good_states(walking, walk, err);
	if (!good)
		return false;
	for (size_t i = 0; i < walk->discharges.n / sizeof(uint32_t); i++) {
		uint32_t n;
		memcpy(&n, walk->discharges.p + i * sizeof n, sizeof n);
		good[n] = true;
	}
	walk_back(walk, good);
	for (size_t n = 1; n < walk->count; n++) {
		const uint8_t *state = walk_state(walk, n);
		if (state[1] == 0 || good[n] || is_final(walking, state[0]))
			continue;
		struct str sentence = arena_format(
			walking->check->arena,
			"duty %.*s on a %.*s in state %.*s can be discharged by nobody",
			STR_ARG(rule->name), STR_ARG(walking->type->name),
			STR_ARG(state_name(walking, state[0])));
		return fail_at(walking, walk, n, "P03",
		               check_body(walking->check, SECTION_DUTIES, rule->name), sentence,
		               err);
	}
	return true;
}

/* States in which this rule is always owed need no rest duty. */
static void note_guarded(struct walking *walking, const struct walk *walk)
{
	bool is_open[32];
	for (size_t s = 0; s < COUNT_OF(is_open); s++)
		is_open[s] = walk->machine->slice.rule != walking->check->pack->rest;
	for (size_t n = 1; n < walk->count; n++) {
		const uint8_t *state = walk_state(walk, n);
		if (state[1] == 0 && state[0] < COUNT_OF(is_open))
			is_open[state[0]] = false;
	}
	for (size_t s = 0; s < walking->type->state_count; s++)
		walking->is_guarded[s] = walking->is_guarded[s] || is_open[s];
}

static bool check_rule(struct walking *walking, const struct pack_duty *rule, struct err *err)
{
	struct walk walk = { 0 };
	bool done = run(walking, rule, NULL, &walk, err);
	if (done && walk.is_bounded)
		tell_bound(walking, &walk, check_body(walking->check, SECTION_DUTIES, rule->name),
		           rule->name);
	else if (done) {
		done = check_ends(walking, &walk, err) && check_discharge(walking, &walk, err);
		note_guarded(walking, &walk);
	}
	walking->check->rules++;
	walk_finish(&walk);
	return done;
}

/* --- the states alone ------------------------------------------------------------------------ */

static bool check_way_out(struct walking *walking, const struct walk *walk, struct err *err)
{
	bool *good = good_states(walking, walk, err);
	if (!good)
		return false;
	for (size_t n = 1; n < walk->count; n++)
		good[n] = is_final(walking, walk_state(walk, n)[0]);
	walk_back(walk, good);
	for (size_t n = 1; n < walk->count && walking->type->final; n++) {
		if (good[n])
			continue;
		struct str sentence = arena_format(
			walking->check->arena,
			"file type %.*s: from state %.*s no final state can be reached; after",
			STR_ARG(walking->type->name),
			STR_ARG(state_name(walking, walk_state(walk, n)[0])));
		struct pack_place place =
			check_place(walking->check,
		                    check_node(walking->check, SECTION_FILES, walking->type->name));
		return fail_at(walking, walk, n, "P09", place, sentence, err);
	}
	return true;
}

static void check_reached(struct walking *walking, const struct walk *walk)
{
	const struct pack_file_type *type = walking->type;
	const struct yaml *node = check_node(walking->check, SECTION_FILES, type->name);
	bool has_beginner = false;
	for (size_t n = 1; n < walk->count; n++) {
		if (walk_state(walk, n)[0] < 32)
			walking->is_seen[walk_state(walk, n)[0]] = true;
	}
	for (size_t s = 0; s < type->state_count; s++) {
		walking->check->reached++;
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
}

static void note_fired(struct walking *walking, const struct walk *walk)
{
	for (size_t k = 0; k < walk->machine->kind_count; k++) {
		size_t number = walk->machine->kinds[k].kind->number;
		walking->is_kept[number] = true;
		walking->is_fired[number] = walking->is_fired[number] || walk->fired[k];
	}
}

static bool check_states(struct walking *walking, struct err *err)
{
	struct walk walk = { 0 };
	bool done = run(walking, NULL, NULL, &walk, err);
	if (done && walk.is_bounded)
		tell_bound(walking, &walk,
		           check_place(walking->check, check_node(walking->check, SECTION_FILES,
		                                                  walking->type->name)),
		           STR("the states"));
	else if (done) {
		check_reached(walking, &walk);
		note_fired(walking, &walk);
		done = check_way_out(walking, &walk, err);
	}
	walk_finish(&walk);
	return done;
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
static bool check_kind(struct walking *walking, const struct pack_kind *kind, struct err *err)
{
	struct walk walk = { 0 };
	bool is_made = false;

	if (kind->is_built_in)
		return true;
	walking->check->kinds++;
	if (kind->need_count == 0 && walking->is_kept[kind->number]) {
		if (!walking->is_fired[kind->number])
			cannot_be_made(walking, kind);
		return true;
	}
	bool done = run(walking, NULL, kind, &walk, err);
	for (size_t k = 0; done && k < walk.machine->kind_count; k++)
		is_made = is_made || (walk.machine->kinds[k].kind == kind && walk.fired[k]);
	if (done && !is_made && walk.is_bounded)
		tell_bound(walking, &walk, check_body(walking->check, SECTION_KINDS, kind->name),
		           kind->name);
	else if (done && !is_made)
		cannot_be_made(walking, kind);
	walk_finish(&walk);
	return done;
}

/* Where nothing but the rest duty may be owed: said, so that L4 is not met by it alone
 * unseen. */
static void advise_rests(struct walking *walking)
{
	const struct pack_file_type *type = walking->type;
	const struct yaml *node = check_node(walking->check, SECTION_FILES, type->name);
	for (size_t s = 0; s < type->state_count; s++) {
		bool is_listed = (type->rests >> s | type->final >> s) & 1;
		if (!walking->is_seen[s] || walking->is_guarded[s] || is_listed)
			continue;
		check_advises(walking->check, "P01",
		              check_place(walking->check, check_item(node, STR("states"), s)),
		              "a %.*s in state %.*s may be owed nothing but %.*s; list it in rests",
		              STR_ARG(type->name), STR_ARG(type->states[s]),
		              STR_ARG(walking->check->pack->rest->name));
	}
}

static bool check_type(struct walking *walking, struct err *err)
{
	const struct pack *pack = walking->check->pack;
	const struct pack_duty *rules[RULES_MAX];
	size_t rule_count = machine_rules(pack, walking->type, rules, RULES_MAX);

	if (!check_states(walking, err))
		return false;
	for (size_t i = 0; i < rule_count && walking->bounded < BOUNDED_MAX; i++) {
		if (!check_rule(walking, rules[i], err))
			return false;
	}
	for (size_t k = 0; k < pack->kind_count && walking->bounded < BOUNDED_MAX; k++) {
		if ((pack->kinds[k].file_types >> walking->type->number & 1) &&
		    !check_kind(walking, &pack->kinds[k], err))
			return false;
	}
	advise_rests(walking);
	return true;
}

bool check_walks(struct check *check, struct err *err)
{
	CLEANUP(arena_cleanup) struct arena *arena = arena_create(CHECK_WALK_BYTES);
	const struct pack *pack = check->pack;
	if (!arena)
		return err_set(err, ERR_UNABLE, "There is no room to walk this pack");
	for (size_t t = 0; t < pack->file_type_count; t++) {
		struct walking walking = { .check = check,
			                   .type = &pack->file_types[t],
			                   .arena = arena };
		walking.is_kept = arena_alloc(check->arena, pack->kind_count, sizeof(bool));
		walking.is_fired = arena_alloc(check->arena, pack->kind_count, sizeof(bool));
		walking.is_guarded = arena_alloc(check->arena, 32, sizeof(bool));
		walking.is_seen = arena_alloc(check->arena, 32, sizeof(bool));
		if (!walking.is_kept || !walking.is_fired || !walking.is_guarded ||
		    !walking.is_seen)
			return err_set(err, ERR_UNABLE, "There is no room to walk this pack");
		if (!walking.type->is_built_in && !check_type(&walking, err))
			return false;
	}
	return true;
}
