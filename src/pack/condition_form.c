/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reading the forms of conditions one by one: a table from word to reader. */
#include "pack/condition_reader.h"

#include "pack/name.h"

#define KNOWN_MAX 1024

static const char WHICH_KEYS[] = "kind where after by through every";
static const char PERIOD_KEYS[] = READER_PERIOD_KEYS;

/* --- which entries --------------------------------------------------------------------------- */

static bool read_one_where(struct reader *reader, const struct yaml *node,
                           const struct cond_which *which, struct cond_where *out,
                           struct cond_atom *atom)
{
	out->field = arena_copy(reader->loader->arena, node->key);
	for (size_t i = 0; i < which->kind_count; i++) {
		const struct pack_kind *kind = which->kinds[i];
		const struct pack_field *field = pack_field_find(kind, node->key);
		struct str known[KNOWN_MAX / 8];
		size_t count = 0;
		if (field) {
			if (!reader_test(reader, node, field, NULL, &out->test, &atom->forbidden))
				return false;
			continue;
		}
		if (reader_is_never(reader, node->key, &atom->forbidden))
			continue;
		for (size_t f = 0; f < kind->field_count && count < COUNT_OF(known); f++)
			known[count++] = kind->fields[f].name;
		struct str nearest = loader_nearest(reader->loader, node->key, known, count);
		loader_error_key(reader->loader, node, "%.*s: %.*s has no field \"%.*s\"%.*s",
		                 STR_ARG(reader->about), STR_ARG(kind->name), STR_ARG(node->key),
		                 STR_ARG(nearest));
		return false;
	}
	return true;
}

static bool read_where(struct reader *reader, const struct yaml *node, struct cond_which *which,
                       struct cond_atom *atom)
{
	if (node->type != YAML_MAPPING || node->count == 0)
		return reader_wrong(reader, node, "expected {FIELD: test}");
	struct cond_where *all = loader_alloc(reader->loader, node->count, sizeof *all);
	size_t n = 0;
	if (!all)
		return false;
	for (const struct yaml *one = node->first; one; one = one->next) {
		if (!read_one_where(reader, one, which, &all[n++], atom))
			return false;
	}
	which->where = all;
	which->where_count = n;
	return true;
}

static bool read_yes(struct reader *reader, const struct yaml *node, struct str key, bool *out)
{
	const struct yaml *value = yaml_member(node, key);
	if (value && !str_eq(value->text, STR("yes")) && !str_eq(value->text, STR("no")))
		return reader_wrong(reader, value, "expected yes or no");
	*out = value && str_eq(value->text, STR("yes"));
	return true;
}

static bool read_every(struct reader *reader, const struct yaml *node, struct cond_which *which)
{
	if (!read_yes(reader, node, STR("every"), &which->on_every))
		return false;
	return !which->on_every || which->through ||
	       reader_wrong(reader, yaml_member(node, STR("every")),
	                    "every asks through: which files are meant");
}

/* after: KIND | [KIND+] | {kind:, by:} */
static bool read_after_which(struct reader *reader, const struct yaml *node,
                             struct cond_which *which)
{
	if (node->type != YAML_MAPPING)
		return reader_kinds(reader, node, &which->after, &which->after_count);
	return reader_has_keys(reader, node, "kind by", "", "kind by") &&
	       reader_kinds(reader, yaml_member(node, STR("kind")), &which->after,
	                    &which->after_count) &&
	       reader_offices(reader, yaml_member(node, STR("by")), &which->after_by,
	                      &which->after_by_count);
}

/* KIND | [KIND+] | {kind:, where:, after:, by:, through:, every:}; `more` keys are the form's own.
 */
static bool read_which(struct reader *reader, const struct yaml *node, const char *more,
                       struct cond_which *which, struct cond_atom *atom)
{
	if (node->type != YAML_MAPPING)
		return reader_kinds(reader, node, &which->kinds, &which->kind_count);
	const struct yaml *where = yaml_member(node, STR("where"));
	const struct yaml *after = yaml_member(node, STR("after"));
	const struct yaml *by = yaml_member(node, STR("by"));
	const struct yaml *through = yaml_member(node, STR("through"));
	if (!reader_has_keys(reader, node, WHICH_KEYS, more, "kind") ||
	    !reader_kinds(reader, yaml_member(node, STR("kind")), &which->kinds,
	                  &which->kind_count) ||
	    (where && !read_where(reader, where, which, atom)) ||
	    (by && !reader_offices(reader, by, &which->by, &which->by_count)))
		return false;
	if (after && !read_after_which(reader, after, which))
		return false;
	if (through && !(which->through = reader_relation(reader, through)))
		return false;
	return read_every(reader, node, which);
}

static bool read_through(struct reader *reader, const struct yaml *node, struct cond_which *which)
{
	const struct yaml *through = yaml_member(node, STR("through"));
	return !through || (which->through = reader_relation(reader, through));
}

static bool read_has(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	return read_which(reader, node, "", &atom->which, atom);
}

static bool read_fresh(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	return reader_has_keys(reader, node, WHICH_KEYS, "within", "kind within") &&
	       read_which(reader, node, "within", &atom->which, atom) &&
	       reader_within(reader, node, atom);
}

static bool read_older_than(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	return reader_has_keys(reader, node, WHICH_KEYS, PERIOD_KEYS, "kind") &&
	       read_which(reader, node, PERIOD_KEYS, &atom->which, atom) &&
	       reader_period_among(reader, node, atom);
}

/* Where there are more, the number compared counts as reached: of `at-most` that would say too
 * much. */
static bool read_newest(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	const struct yaml *newest = yaml_member(node, STR("of-newest"));
	if (!reader_number(reader, node, STR("of-newest"), 1, COND_BOUND_MAX, &atom->newest))
		return false;
	return !newest || (atom->newest >= atom->least && !yaml_member(node, STR("at-most"))) ||
	       reader_wrong(reader, newest, "of-newest goes with at-least alone, and is no less");
}

/* By what day it is counted: old papers that are written down now count now. */
static bool read_recorded(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	const struct yaml *recorded = yaml_member(node, STR("recorded"));
	if (!read_yes(reader, node, STR("recorded"), &atom->by_recorded))
		return false;
	if (!atom->by_recorded)
		return true;
	if (!reader->has_pattern_forms)
		return reader_wrong(reader, recorded, "recorded is asked in patterns alone");
	return (atom->has_period && yaml_member(node, STR("at-least")) &&
	        !yaml_member(node, STR("at-most")) && !atom->with_this && !atom->owed &&
	        !atom->of_all && !atom->of_files && !atom->anywhere.p) ||
	       reader_wrong(reader, recorded,
	                    "recorded goes with within and at-least, and not with at-most, "
	                    "with-this, anywhere or a share");
}

static bool read_count(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	const struct yaml *since = yaml_member(node, STR("since"));
	const struct yaml *different = yaml_member(node, STR("different"));
	const struct yaml *alike = yaml_member(node, STR("alike"));
	if (!reader_has_keys(reader, node, "of at-least at-most within since",
	                     "different alike through with-this of-newest of-owed anywhere "
	                     "on-file of-all of-files recorded",
	                     "of") ||
	    !read_which(reader, yaml_member(node, STR("of")), "", &atom->which, atom) ||
	    !reader_bound(reader, node, atom) || !reader_within(reader, node, atom) ||
	    !read_through(reader, node, &atom->which))
		return false;
	if (!yaml_member(node, STR("at-least")) && !yaml_member(node, STR("at-most")))
		return reader_wrong(reader, node, "expected at-least or at-most");
	if (since && !(atom->since = reader_kind(reader, since)))
		return false;
	if (!read_newest(reader, node, atom))
		return false;
	if (alike && (different || yaml_member(node, STR("with-this"))))
		return reader_wrong(reader, alike, "alike stands without different and with-this");
	atom->is_alike = alike != NULL;
	if (alike)
		different = alike;
	return read_yes(reader, node, STR("with-this"), &atom->with_this) &&
	       (!different || reader_what(reader, different, atom)) &&
	       condition_read_owed(reader, node, atom) &&
	       condition_read_anywhere(reader, node, atom) &&
	       condition_read_of_all(reader, node, atom) &&
	       condition_read_of_files(reader, node, atom) && read_recorded(reader, node, atom) &&
	       condition_read_on_file(reader, node, atom);
}

static bool read_share(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	if (!reader_has_keys(reader, node, "of from-one at-least among-at-least within through", "",
	                     "of from-one at-least among-at-least within"))
		return false;
	const struct yaml *of = yaml_member(node, STR("of"));
	bool is_any = of->type == YAML_SCALAR && str_eq(of->text, STR("entries"));
	if (!is_any && !read_which(reader, of, "", &atom->which, atom))
		return false;
	return reader_number(reader, node, STR("at-least"), 1, 100, &atom->least) &&
	       reader_number(reader, node, STR("among-at-least"), 1, COND_BOUND_MAX,
	                     &atom->months) &&
	       reader_within(reader, node, atom) && read_through(reader, node, &atom->which) &&
	       reader_what(reader, yaml_member(node, STR("from-one")), atom);
}

static bool read_after(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	return reader_has_keys(reader, node, "first then within", "", "first then within") &&
	       read_which(reader, yaml_member(node, STR("first")), "", &atom->which, atom) &&
	       read_which(reader, yaml_member(node, STR("then")), "", &atom->then, atom) &&
	       reader_within(reader, node, atom);
}

static bool read_running(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	const struct yaml *same = yaml_member(node, STR("same"));
	if (!reader_has_keys(reader, node, "of among times same", "", "of among times") ||
	    !read_which(reader, yaml_member(node, STR("of")), "", &atom->which, atom) ||
	    (same && !reader_what(reader, same, atom)))
		return false;
	if (same && atom->what != COND_BY_FIELD)
		return reader_wrong(reader, same, "expected a field that all of them share");
	return reader_kinds(reader, yaml_member(node, STR("among")), &atom->among,
	                    &atom->among_count) &&
	       reader_number(reader, node, STR("times"), 1, COND_BOUND_MAX, &atom->least);
}

/* The first field of the kind that names an office. */
static bool find_office_field(struct reader *reader, const struct yaml *node,
                              struct cond_atom *atom)
{
	for (size_t i = 0; i < atom->ask->field_count && !atom->ask_field.p; i++) {
		if (atom->ask->fields[i].type == PACK_OFFICE)
			atom->ask_field = atom->ask->fields[i].name;
	}
	return atom->ask_field.p ||
	       reader_wrong(reader, node,
	                    "a kind that names no office; expected one with an office field");
}

/* silent-for: one kind, by which those are named who ought to know. */
static bool read_named(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	if (!read_which(reader, node, "", &atom->which, atom))
		return false;
	if (atom->which.kind_count != 1 || atom->which.through || atom->which.after_count ||
	    atom->which.by_count)
		return reader_wrong(reader, node, "expected one kind, and where");
	atom->ask = atom->which.kinds[0];
	return find_office_field(reader, node, atom);
}

static bool read_silent_for(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	const struct yaml *named = yaml_member(node, STR("named"));
	if (!reader_has_keys(reader, node, PERIOD_KEYS, "by broken named", "by") ||
	    !reader_period_among(reader, node, atom) ||
	    !read_yes(reader, node, STR("broken"), &atom->is_broken))
		return false;
	const struct yaml *by = yaml_member(node, STR("by"));
	if (str_eq(by->text, STR("agency")))
		atom->what = COND_BY_AGENCY;
	else if (str_eq(by->text, STR("office")))
		atom->what = COND_BY_OFFICE;
	else if (str_eq(by->text, STR("anyone")))
		atom->what = COND_BY_ANYONE;
	else
		return reader_wrong(reader, by, "expected agency, office or anyone");
	if (atom->is_broken && atom->what != COND_BY_ANYONE)
		return reader_wrong(reader, by, "broken: yes asks of anyone");
	if (named && atom->what == COND_BY_ANYONE)
		return reader_wrong(reader, by, "expected agency or office, of those named");
	return !named || read_named(reader, named, atom);
}

static bool read_same_account(struct reader *reader, const struct yaml *node,
                              struct cond_atom *atom)
{
	return reader_has_keys(reader, node, "as", "", "as") &&
	       read_which(reader, yaml_member(node, STR("as")), "", &atom->which, atom);
}

/* --- ages ------------------------------------------------------------------------------------ */

static bool read_age_at(struct reader *reader, const struct yaml *at, struct cond_atom *atom)
{
	struct str field = STR("field ");
	if (at->type == YAML_SCALAR && str_eq(at->text, STR("now"))) {
		atom->when = COND_NOW;
	} else if (at->type == YAML_SCALAR && str_eq(at->text, STR("happened"))) {
		atom->when = COND_HAPPENED;
	} else if (at->type == YAML_SCALAR && str_starts(at->text, field)) {
		struct str name = str_sub(at->text, field.n, at->text.n);
		const struct pack_field *found =
			reader->kind ? pack_field_find(reader->kind, name) : NULL;
		if (!found || (found->type != PACK_DATE && found->type != PACK_INSTANT &&
		               found->type != PACK_MONTH))
			return reader_wrong(reader, at,
			                    "expected a field of this act that is a date, "
			                    "an instant or a month");
		atom->when = COND_AT_FIELD;
		atom->name = arena_copy(reader->loader->arena, name);
	} else {
		return reader_wrong(reader, at, "expected now, happened or field NAME");
	}
	return true;
}

static bool read_age(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	if (!reader_has_keys(reader, node, "under at-least at", "", ""))
		return false;
	const struct yaml *at = yaml_member(node, STR("at"));
	atom->is_under = yaml_member(node, STR("under"));
	if (atom->is_under == (yaml_member(node, STR("at-least")) != NULL))
		return reader_wrong(reader, node, "expected under or at-least, one of the two");
	return reader_number(reader, node, atom->is_under ? STR("under") : STR("at-least"), 0, 150,
	                     &atom->least) &&
	       (!at || read_age_at(reader, at, atom));
}

static bool read_turns_age(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	return reader_has_keys(reader, node, "years months", "", "years") &&
	       reader_number(reader, node, STR("years"), 0, 150, &atom->least) &&
	       reader_number(reader, node, STR("months"), 0, 11, &atom->months);
}

/* --- other files ----------------------------------------------------------------------------- */

static uint64_t ends_of(const struct pack_relation *relation)
{
	return relation->from | relation->to;
}

/* The names of the types, for the sentence that it is said in. */
static bool keep_names(struct reader *reader, const struct yaml *type, struct cond_atom *atom)
{
	size_t n = reader_list_count(type);
	struct str *names = loader_alloc(reader->loader, n, sizeof *names);
	for (size_t i = 0; names && i < n; i++)
		names[i] = arena_copy(reader->loader->arena, reader_list_at(type, i)->text);
	atom->names = names;
	atom->name_count = names ? n : 0;
	return names != NULL;
}

/* The relation that leads to them; where they are counted apart, several. */
static bool read_ways(struct reader *reader, const struct yaml *by, struct cond_atom *atom)
{
	size_t n = reader_list_count(by);
	if (n > 1 && !atom->apart)
		return reader_wrong(
			reader, by,
			"several relations at once, what stands apart alone is asked by");
	const struct pack_relation **ways =
		loader_alloc(reader->loader, n, sizeof(const struct pack_relation *));
	atom->relation = reader_relation(reader, reader_list_at(by, 0));
	atom->ways = ways;
	atom->file_types = atom->relation ? ends_of(atom->relation) : 0;
	for (size_t i = 1; ways && atom->relation && i < n; i++) {
		ways[atom->way_count] = reader_relation(reader, reader_list_at(by, i));
		if (!ways[atom->way_count])
			return false;
		atom->file_types |= ends_of(ways[atom->way_count++]);
	}
	return ways && atom->relation;
}

static bool read_linked(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	if (!reader_has_keys(reader, node, "by type where named at-least at-most within apart", "",
	                     "by"))
		return false;
	const struct yaml *type = yaml_member(node, STR("type"));
	const struct yaml *where = yaml_member(node, STR("where"));
	const struct yaml *within = yaml_member(node, STR("within"));
	if (reader->is_in_where)
		return reader_wrong(reader, node, "linked inside linked; expected another form");
	const struct yaml *apart = yaml_member(node, STR("apart"));
	if (within && !reader->has_pattern_forms)
		return reader_wrong(reader, within,
		                    "how long files are linked, patterns alone ask");
	if (apart && !reader->has_pattern_forms)
		return reader_wrong(reader, apart, "what stands apart, patterns alone ask");
	if (apart && !(atom->apart = reader_relation(reader, apart)))
		return false;
	if (!read_ways(reader, yaml_member(node, STR("by")), atom) ||
	    !reader_bound(reader, node, atom) || !reader_within(reader, node, atom) ||
	    !read_yes(reader, node, STR("named"), &atom->is_named))
		return false;
	if (type &&
	    (!reader_types(reader, type, &atom->file_types) || !keep_names(reader, type, atom)))
		return false;
	return !where || (atom->where = reader_inner(reader, where, atom->file_types));
}

static bool read_same_file(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	const struct yaml *type = yaml_member(node, STR("type"));
	return reader_has_keys(reader, node, "by type of within", "", "by type of") &&
	       (atom->relation = reader_relation(reader, yaml_member(node, STR("by")))) &&
	       reader_types(reader, type, &atom->file_types) && keep_names(reader, type, atom) &&
	       reader_number(reader, node, STR("of"), 1, COND_BOUND_MAX, &atom->least) &&
	       reader_within(reader, node, atom);
}

/* --- duties ---------------------------------------------------------------------------------- */

static bool read_classes(struct reader *reader, const struct yaml *node, unsigned *classes)
{
	static const struct str words[] = {
		{ "statute", 7 }, { "guidance", 8 }, { "norm", 4 }, { "local", 5 }
	};
	for (size_t i = 0; i < reader_list_count(node); i++) {
		const struct yaml *one = reader_list_at(node, i);
		size_t n = 0;
		while (n < COUNT_OF(words) && !str_eq(words[n], one->text))
			n++;
		if (n == COUNT_OF(words))
			return reader_unknown(reader, one, "class", words, COUNT_OF(words));
		*classes |= 1U << n;
	}
	return true;
}

static bool read_duty(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	static const struct str states[] = { { "open", 4 }, { "late", 4 }, { "settled", 7 } };
	if (!reader_has_keys(reader, node, "rule class is of", "", "is"))
		return false;
	const struct yaml *rule = yaml_member(node, STR("rule"));
	const struct yaml *class = yaml_member(node, STR("class"));
	const struct yaml *of = yaml_member(node, STR("of"));
	const struct yaml *is = yaml_member(node, STR("is"));
	if ((rule != NULL) == (class != NULL))
		return reader_wrong(reader, node, "expected rule or class, one of the two");
	if (rule && !reader_duties(reader, rule, &atom->rules, &atom->rule_count))
		return false;
	if (class && !read_classes(reader, class, &atom->classes))
		return false;
	size_t n = 0;
	while (n < COUNT_OF(states) && !str_eq(states[n], is->text))
		n++;
	if (n == COUNT_OF(states))
		return reader_wrong(reader, is, "is: open, late or settled");
	atom->is = (enum cond_duty_is)n;
	atom->has_owner = of != NULL;
	return !of || owner_read(reader->loader, of, &atom->owner);
}

/* A field of this act that names offices, and is not sealed. */
static bool office_field(struct reader *reader, const struct yaml *node, struct str *out)
{
	const struct pack_field *field = reader->kind && node->type == YAML_SCALAR
	                                         ? pack_field_find(reader->kind, node->text)
	                                         : NULL;
	*out = arena_copy(reader->loader->arena, node->text);
	return (field && field->type == PACK_OFFICE && !field->is_sealed) ||
	       reader_wrong(reader, node, "expected a field of this act that names offices");
}

static bool read_asked(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	if (!reader_has_keys(reader, node, "ask answer silent named", "", "ask answer"))
		return false;
	const struct yaml *silent = yaml_member(node, STR("silent"));
	const struct yaml *named = yaml_member(node, STR("named"));
	if (!silent && !named)
		return reader_wrong(reader, node, "expected silent or named");
	if (named && !office_field(reader, named, &atom->named))
		return false;
	atom->ask = reader_kind(reader, yaml_member(node, STR("ask")));
	atom->answer = reader_kind(reader, yaml_member(node, STR("answer")));
	atom->silent = silent ? reader_duty(reader, silent) : NULL;
	if (!atom->ask || !atom->answer || (silent && !atom->silent))
		return false;
	return find_office_field(reader, yaml_member(node, STR("ask")), atom);
}

/* --- who acts -------------------------------------------------------------------------------- */

/* FIELD or FIELD.COLUMN of this act, where offices are named. */
static bool office_place(struct reader *reader, const struct yaml *node, struct str *field,
                         struct str *column)
{
	struct str rest = node->type == YAML_SCALAR ? node->text : STR_NONE, name;
	if (!str_cut(&rest, '.', &name) || !rest.n)
		return office_field(reader, node, field);
	const struct pack_field *rows = reader->kind ? pack_field_find(reader->kind, name) : NULL;
	*field = arena_copy(reader->loader->arena, name);
	*column = arena_copy(reader->loader->arena, rest);
	for (size_t i = 0; rows && rows->type == PACK_ROWS && i < rows->column_count; i++) {
		if (str_eq(rows->columns[i].name, rest) && rows->columns[i].type == PACK_OFFICE)
			return true;
	}
	return reader_wrong(reader, node, "expected a column of this act that names offices");
}

bool condition_read_naming(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	if (!reader_has_keys(reader, node, "kind field", "", "kind field") ||
	    !(atom->ask = reader_kind(reader, yaml_member(node, STR("kind")))))
		return false;
	const struct yaml *name = yaml_member(node, STR("field"));
	const struct pack_field *field = pack_field_find(atom->ask, name->text);
	atom->ask_field = arena_copy(reader->loader->arena, name->text);
	return (field && field->type == PACK_OFFICE && !field->is_sealed) ||
	       reader_wrong(reader, name, "expected a field of that kind that names offices");
}

/* all-of: FIELD of this act, or { kind: KIND, field: FIELD } of the newest such entry. */
static bool read_all_of(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	const struct yaml *all = yaml_member(node, STR("all-of"));
	const struct yaml *each = yaml_member(node, STR("each"));
	atom->by_agency = each && str_eq(each->text, STR("agency"));
	if (each && !atom->by_agency && !str_eq(each->text, STR("office")))
		return reader_wrong(reader, each, "expected each: office or agency");
	if (!office_place(reader, yaml_member(node, STR("in")), &atom->name, &atom->what_field))
		return false;
	if (all->type != YAML_MAPPING)
		return office_field(reader, all, &atom->ask_field);
	return condition_read_naming(reader, all, atom);
}

static bool read_office(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	if (node->type != YAML_MAPPING)
		return reader_offices(reader, node, &atom->offices, &atom->office_count);
	if (!reader_has_keys(reader, node, "in agencies offices all-of each", "", "in"))
		return false;
	if (yaml_member(node, STR("all-of"))) {
		atom->form = COND_OFFICE_IN;
		if (yaml_member(node, STR("agencies")) || yaml_member(node, STR("offices")))
			return reader_wrong(reader, node,
			                    "expected one of all-of, agencies, offices");
		return read_all_of(reader, node, atom);
	}
	const struct yaml *in = yaml_member(node, STR("in"));
	const struct yaml *agencies = yaml_member(node, STR("agencies"));
	const struct yaml *offices = yaml_member(node, STR("offices"));
	atom->form = COND_OFFICE_IN;
	if ((agencies != NULL) == (offices != NULL))
		return reader_wrong(reader, node, "expected agencies or offices, one of the two");
	if (in->type == YAML_MAPPING ? !condition_read_naming(reader, in, atom)
	                             : !office_field(reader, in, &atom->name))
		return false;
	return agencies ? reader_agencies(reader, agencies, &atom->agencies, &atom->agency_count)
	                : reader_offices(reader, offices, &atom->offices, &atom->office_count);
}

/* The column of this act's rows that `place`, FIELD.COLUMN, means; or NULL. */
static const struct pack_field *column_at(struct reader *reader, struct str place)
{
	struct str name;
	const struct pack_field *rows = reader->kind && str_cut(&place, '.', &name)
	                                        ? pack_field_find(reader->kind, name)
	                                        : NULL;
	for (size_t i = 0; rows && rows->type == PACK_ROWS && i < rows->column_count; i++) {
		if (str_eq(rows->columns[i].name, place))
			return &rows->columns[i];
	}
	return NULL;
}

/* Some row of this act says one of these codes. */
static bool read_any_of(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	if (!reader_has_keys(reader, node, "in any-of", "", "in any-of"))
		return false;
	const struct yaml *in = yaml_member(node, STR("in"));
	const struct pack_field *column =
		in->type == YAML_SCALAR ? column_at(reader, in->text) : NULL;
	struct str rest = in->text, name;
	if (!column || column->type != PACK_CODE || !str_cut(&rest, '.', &name))
		return reader_wrong(reader, in, "expected a column of this act of type code");
	atom->name = arena_copy(reader->loader->arena, name);
	atom->what_field = arena_copy(reader->loader->arena, rest);
	atom->is_of_codes = true;
	return reader_test(reader, yaml_member(node, STR("any-of")), column, NULL, &atom->test,
	                   &atom->forbidden) &&
	       (atom->test.sort == COND_IS_CODE ||
	        reader_wrong(reader, node, "any-of: expected codes of that column"));
}

/* Each code that such entries say stands in the field of this act. */
static bool read_codes(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	if (node->type == YAML_MAPPING && yaml_member(node, STR("any-of")))
		return read_any_of(reader, node, atom);
	if (!reader_has_keys(reader, node, "in all-of", "", "in all-of"))
		return false;
	const struct yaml *in = yaml_member(node, STR("in")),
			  *all = yaml_member(node, STR("all-of"));
	const struct pack_field *field = reader->kind && in->type == YAML_SCALAR
	                                         ? pack_field_find(reader->kind, in->text)
	                                         : NULL;
	if (!field || field->type != PACK_CODES)
		return reader_wrong(reader, in, "expected a field of this act of type codes");
	if (!reader_has_keys(reader, all, "kind field", "", "kind field") ||
	    !(atom->ask = reader_kind(reader, yaml_member(all, STR("kind")))))
		return false;
	const struct yaml *name = yaml_member(all, STR("field"));
	const struct pack_field *said = pack_field_find(atom->ask, name->text);
	atom->name = arena_copy(reader->loader->arena, in->text);
	atom->ask_field = arena_copy(reader->loader->arena, name->text);
	atom->is_of_codes = true;
	return (said && said->type == PACK_CODES && said->list == field->list) ||
	       reader_wrong(reader, name,
	                    "expected a field of that kind of the same list of codes");
}

static bool read_second(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	if (node->type != YAML_MAPPING)
		return (atom->second = reader_office(reader, node)) != NULL;
	if (!reader_has_keys(reader, node, "office who-began", "", "office who-began"))
		return false;
	const struct yaml *who = yaml_member(node, STR("who-began"));
	atom->who_began = str_eq(who->text, STR("yes"));
	atom->second = reader_office(reader, yaml_member(node, STR("office")));
	return atom->second &&
	       (atom->who_began || reader_wrong(reader, who, "expected who-began: yes"));
}

static bool read_outside_line(struct reader *reader, const struct yaml *node,
                              struct cond_atom *atom)
{
	atom->has_owner = true;
	return reader_has_keys(reader, node, "of", "", "of") &&
	       owner_read(reader->loader, yaml_member(node, STR("of")), &atom->owner);
}

/* --- the file -------------------------------------------------------------------------------- */

static bool knows_state(const struct reader *reader, struct str state, struct str *known,
                        size_t *count)
{
	const struct pack *pack = reader->loader->pack;
	for (size_t t = 0; t < pack->file_type_count; t++) {
		const struct pack_file_type *type = &pack->file_types[t];
		if (!(reader->file_types >> t & 1))
			continue;
		for (size_t i = 0; i < type->state_count; i++) {
			if (str_eq(type->states[i], state))
				return true;
			if (*count < KNOWN_MAX / 2)
				known[(*count)++] = type->states[i];
		}
	}
	return false;
}

static bool read_state(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	size_t n = reader_list_count(node);
	struct str *names = loader_alloc(reader->loader, n, sizeof *names);
	if (!names)
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct yaml *one = reader_list_at(node, i);
		struct str known[KNOWN_MAX / 2];
		size_t count = 0;
		if (one->type != YAML_SCALAR)
			return reader_wrong(reader, one, "expected the name of a state");
		if (!knows_state(reader, one->text, known, &count)) {
			struct str nearest =
				loader_nearest(reader->loader, one->text, known, count);
			loader_error_at(reader->loader, one, "%.*s: no state \"%.*s\"%.*s",
			                STR_ARG(reader->about), STR_ARG(one->text),
			                STR_ARG(nearest));
			return false;
		}
		names[i] = arena_copy(reader->loader->arena, one->text);
	}
	atom->names = names;
	atom->name_count = n;
	return n > 0 || reader_wrong(reader, node, "an empty list; expected a state");
}

static bool read_file(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	return reader_types(reader, node, &atom->file_types) && keep_names(reader, node, atom);
}

/* --- the table ------------------------------------------------------------------------------- */

#define WORD(text, read, form, is_of_patterns)                                                     \
	{                                                                                          \
		{ text, sizeof(text) - 1 }, read, form, is_of_patterns                             \
	}

static const struct form_word FORMS[] = {
	WORD("state", read_state, COND_STATE, false),
	WORD("file", read_file, COND_FILE, false),
	WORD("has", read_has, COND_HAS, false),
	WORD("lacks", read_has, COND_LACKS, false),
	WORD("fresh", read_fresh, COND_FRESH, false),
	WORD("count", read_count, COND_COUNT, false),
	WORD("share", read_share, COND_SHARE, true),
	WORD("after", read_after, COND_AFTER, false),
	WORD("running", read_running, COND_RUNNING, false),
	WORD("silent-for", read_silent_for, COND_SILENT_FOR, true),
	WORD("older-than", read_older_than, COND_OLDER_THAN, false),
	WORD("age", read_age, COND_AGE, false),
	WORD("turns-age", read_turns_age, COND_TURNS_AGE, true),
	WORD("linked", read_linked, COND_LINKED, false),
	WORD("same-file", read_same_file, COND_SAME_FILE, true),
	WORD("duty", read_duty, COND_DUTY, false),
	WORD("asked-and-answered", read_asked, COND_ASKED, false),
	WORD("office", read_office, COND_OFFICE, false),
	WORD("codes", read_codes, COND_OFFICE_IN, false),
	WORD("second", read_second, COND_SECOND, false),
	WORD("same-account", read_same_account, COND_SAME_ACCOUNT, false),
	WORD("outside-line", read_outside_line, COND_OUTSIDE_LINE, false),
	WORD("has-held", condition_read_held, COND_HELD, false),
	WORD("register", condition_read_register, COND_REGISTER, false),
	WORD("complete", condition_read_complete, COND_COMPLETE, true),
};

size_t condition_form_count(void)
{
	return COUNT_OF(FORMS);
}

const struct form_word *condition_form_at(size_t i)
{
	return &FORMS[i];
}

const struct form_word *condition_form_find(struct str name)
{
	for (size_t i = 0; i < COUNT_OF(FORMS); i++) {
		if (str_eq(FORMS[i].name, name))
			return &FORMS[i];
	}
	return NULL;
}
