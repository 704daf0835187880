/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Reading conditions: the pairs, all, any, not, and tests of fields
 * and facts. The other forms are read by condition_form.c.
 */
#include "pack/condition_reader.h"

#include "pack/name.h"
#include "pack/whole.h"

#define WORDS_MAX ((size_t)4096)
#define KNOWN_MAX 512

static void read_pairs(struct reader *reader, const struct yaml *node, size_t depth,
                       bool is_negated);

bool reader_wrong(struct reader *reader, const struct yaml *node, const char *found)
{
	loader_error_at(reader->loader, node, "%.*s: %s", STR_ARG(reader->about), found);
	reader->has_failed = true;
	return false;
}

/* --- operations ------------------------------------------------------------------------------ */

static size_t emit(struct reader *reader, const struct yaml *node, enum cond_op_code code, size_t b)
{
	if (reader->op_count == COND_OPS_MAX) {
		reader_wrong(reader, node, "a condition this long; expected at most 64 pairs");
		return 0;
	}
	reader->ops[reader->op_count] = (struct cond_op){ (uint8_t)code, (uint32_t)b };
	return reader->op_count++;
}

/* Joins what was emitted since `start` items; skips lead behind the last join. */
struct joining {
	enum cond_op_code skip;
	enum cond_op_code join;
	size_t skips[COND_OPS_MAX];
	size_t count;
	bool has_one;
};

static void join_before(struct reader *reader, const struct yaml *node, struct joining *joining)
{
	if (joining->has_one && joining->count < COND_OPS_MAX)
		joining->skips[joining->count++] = emit(reader, node, joining->skip, 0);
}

static void join_after(struct reader *reader, const struct yaml *node, struct joining *joining)
{
	if (joining->has_one)
		emit(reader, node, joining->join, 0);
	joining->has_one = true;
}

static void join_end(struct reader *reader, const struct joining *joining)
{
	for (size_t i = 0; i < joining->count && !reader->has_failed; i++)
		reader->ops[joining->skips[i]].b = (uint32_t)reader->op_count;
}

/* --- words ----------------------------------------------------------------------------------- */

static void write_words(struct buf *out, const struct yaml *node)
{
	if (node->type == YAML_SCALAR) {
		buf_add(out, node->text);
		return;
	}
	for (const struct yaml *child = node->first; child; child = child->next) {
		bool is_nested =
			child->type != YAML_SCALAR && child->count > 1 &&
			!(child->type == YAML_SEQUENCE && child->first->type == YAML_SCALAR);
		if (child != node->first)
			buf_add(out, node->type == YAML_SEQUENCE ? STR("/") : STR(", "));
		if (node->type == YAML_MAPPING)
			buf_format(out, "%.*s ", STR_ARG(child->key));
		if (is_nested)
			buf_add_char(out, '(');
		write_words(out, child);
		if (is_nested)
			buf_add_char(out, ')');
	}
}

static struct str words_of(struct reader *reader, struct str form, const struct yaml *node,
                           bool is_test)
{
	struct buf text;
	buf_init(&text, WORDS_MAX);
	buf_format(&text, "%.*s", STR_ARG(form));
	if (is_test)
		buf_format(&text, " %.*s ", STR_ARG(node->key));
	else
		buf_add_char(&text, '(');
	write_words(&text, node);
	if (!is_test)
		buf_add_char(&text, ')');
	struct str words = text.full ? STR_NONE : arena_copy(reader->loader->arena, buf_str(&text));
	if (!words.p)
		reader->loader->out_of_memory = true;
	buf_finish(&text);
	return words;
}

/* --- atoms ----------------------------------------------------------------------------------- */

static struct cond_atom *atom_new(struct reader *reader, const struct yaml *node,
                                  enum cond_form form, bool is_negated)
{
	if (reader->atom_count == COND_PAIRS_MAX) {
		reader_wrong(reader, node, "a condition this long; expected at most 64 pairs");
		return NULL;
	}
	struct cond_atom *atom = loader_alloc(reader->loader, 1, sizeof *atom);
	if (!atom) {
		reader->has_failed = true;
		return NULL;
	}
	atom->form = form;
	atom->is_negated = is_negated;
	atom->place = loader_place_key(reader->loader, node);
	atom->least = 1;
	atom->most = INT64_MAX;
	atom->period.at_minute = -1;
	reader->atoms[reader->atom_count] = atom;
	emit(reader, node, COND_ATOM, reader->atom_count);
	reader->atom_count++;
	return atom;
}

bool reader_is_never(struct reader *reader, struct str name, struct str *forbidden)
{
	const struct yaml *never =
		yaml_member(reader->loader->whole->roots[SECTION_PACK], STR("never"));
	for (const struct yaml *one = never && never->type == YAML_SEQUENCE ? never->first : NULL;
	     one; one = one->next) {
		if (!str_eq(one->text, name))
			continue;
		*forbidden = arena_format(reader->loader->arena,
		                          "%.*s looks at \"%.*s\", which no condition may (L10)",
		                          STR_ARG(reader->about), STR_ARG(name));
		return true;
	}
	return false;
}

const struct pack_fact *cond_fact_find(const struct pack_file_type *type, struct str name)
{
	for (size_t i = 0; type && i < type->fact_count; i++) {
		if (str_eq(type->facts[i].name, name))
			return &type->facts[i];
	}
	return NULL;
}

static const struct pack_fact *find_fact(const struct reader *reader, struct str name)
{
	const struct pack *pack = reader->loader->pack;
	for (size_t i = 0; i < pack->file_type_count; i++) {
		const struct pack_fact *fact = reader->file_types >> i & 1
		                                       ? cond_fact_find(&pack->file_types[i], name)
		                                       : NULL;
		if (fact)
			return fact;
	}
	return NULL;
}

/* --- tests ----------------------------------------------------------------------------------- */

static const char *const yes_and_no[] = { "yes", "no" };

/* Adds the codes that a field can have; false: it has no codes. */
static bool add_codes(const struct pack_field *field, struct str *known, size_t *count)
{
	if (field->type == PACK_YES) {
		for (size_t i = 0; i < COUNT_OF(yes_and_no) && *count < KNOWN_MAX; i++)
			known[(*count)++] = str_from_c(yes_and_no[i]);
		return true;
	}
	if (!field->list)
		return false;
	for (size_t i = 0; i < field->list->count && *count < KNOWN_MAX; i++)
		known[(*count)++] = field->list->codes[i].code;
	return true;
}

static bool known_codes(const struct pack_field *field, const struct pack_fact *fact,
                        struct str *known, size_t *count)
{
	if (field)
		return add_codes(field, known, count);
	for (size_t i = 0; i < fact->from_count; i++) {
		const struct pack_kind *kind = fact->from[i].kind;
		const struct pack_field *source =
			kind ? pack_field_find(kind, fact->from[i].field) : NULL;
		if (!source || !add_codes(source, known, count))
			return false;
	}
	return *count > 0;
}

static bool read_code(struct reader *reader, const struct yaml *node, struct str name,
                      const struct str *known, size_t count, bool is_fact)
{
	if (node->type != YAML_SCALAR)
		return reader_wrong(reader, node, "a list in a list; expected codes");
	for (size_t i = 0; i < count; i++) {
		if (str_eq(known[i], node->text))
			return true;
	}
	struct str nearest = loader_nearest(reader->loader, node->text, known, count);
	loader_error_at(reader->loader, node, "%.*s: %s \"%.*s\" has no code \"%.*s\"%.*s",
	                STR_ARG(reader->about), is_fact ? "fact" : "field", STR_ARG(name),
	                STR_ARG(node->text), STR_ARG(nearest));
	reader->has_failed = true;
	return false;
}

static bool read_between(struct reader *reader, const struct yaml *node, struct cond_test *out)
{
	out->sort = COND_IS_BETWEEN;
	out->least = INT64_MIN;
	out->most = INT64_MAX;
	for (const struct yaml *bound = node->first; bound; bound = bound->next) {
		int64_t *to = str_eq(bound->key, STR("at-least"))  ? &out->least
		              : str_eq(bound->key, STR("at-most")) ? &out->most
		                                                   : NULL;
		if (!to || bound->type != YAML_SCALAR || !scalar_integer(bound->text, to))
			return reader_wrong(reader, node,
			                    "a test is a code, a list of codes, present, absent, "
			                    "or {at-least: N, at-most: N}");
	}
	return out->least <= out->most || reader_wrong(reader, node, "at-least is above at-most");
}

static bool read_codes(struct reader *reader, const struct yaml *node,
                       const struct pack_field *field, const struct pack_fact *fact,
                       struct cond_test *out)
{
	struct str known[KNOWN_MAX];
	size_t known_count = 0;
	const struct yaml *first = node->type == YAML_SEQUENCE ? node->first : node;
	size_t count = node->type == YAML_SEQUENCE ? node->count : 1;
	bool has_codes = known_codes(field, fact, known, &known_count);
	struct str *codes = loader_alloc(reader->loader, count, sizeof *codes);
	size_t n = 0;

	if (!codes || count == 0)
		return reader_wrong(reader, node, "an empty list; expected codes");
	if (!has_codes)
		return reader_wrong(reader, node,
		                    "what has no codes is tested by present, absent, or "
		                    "{at-least: N, at-most: N} of an integer");
	for (const struct yaml *one = first; one && n < count; one = one->next) {
		if (!read_code(reader, one, node->key, known, known_count, fact != NULL))
			return false;
		codes[n++] = arena_copy(reader->loader->arena, one->text);
	}
	out->sort = COND_IS_CODE;
	out->codes = codes;
	out->code_count = n;
	return true;
}

static bool may_be_seen(struct reader *reader, const struct yaml *node,
                        const struct pack_field *field, struct str *forbidden)
{
	if (reader_is_never(reader, node->key, forbidden))
		return false;
	if (field && field->is_protected)
		*forbidden = arena_format(reader->loader->arena,
		                          "%.*s looks at \"%.*s\", which no condition may (L10)",
		                          STR_ARG(reader->about), STR_ARG(node->key));
	else if (field && field->is_sealed)
		*forbidden = arena_format(
			reader->loader->arena,
			"%.*s looks at sealed field \"%.*s\"; the machine opens no seal",
			STR_ARG(reader->about), STR_ARG(node->key));
	return !forbidden->p;
}

bool reader_test(struct reader *reader, const struct yaml *node, const struct pack_field *field,
                 const struct pack_fact *fact, struct cond_test *out, struct str *forbidden)
{
	int64_t number;

	/* What may not be looked at is told by the check (P13) and never holds. */
	if (!may_be_seen(reader, node, field, forbidden)) {
		*out = (struct cond_test){ .sort = COND_IS_CODE };
		return true;
	}
	if (node->type == YAML_MAPPING)
		return read_between(reader, node, out);
	if (node->type == YAML_SCALAR && str_eq(node->text, STR("present"))) {
		out->sort = COND_IS_PRESENT;
		return true;
	}
	if (node->type == YAML_SCALAR && str_eq(node->text, STR("absent"))) {
		out->sort = COND_IS_ABSENT;
		return true;
	}
	if (field && field->type == PACK_INTEGER && node->type == YAML_SCALAR &&
	    scalar_integer(node->text, &number)) {
		*out = (struct cond_test){ .sort = COND_IS_BETWEEN,
			                   .least = number,
			                   .most = number };
		return true;
	}
	return read_codes(reader, node, field, fact, out);
}

/* --- fields and facts ------------------------------------------------------------------------ */

static void unknown_name(struct reader *reader, const struct yaml *node, const char *format_what,
                         bool with_forms, bool with_fields, bool with_facts)
{
	static const char *const joins[] = { "all", "any", "not", "field", "fact" };
	struct str known[KNOWN_MAX];
	size_t count = 0;
	const struct pack *pack = reader->loader->pack;

	for (size_t i = 0; with_forms && i < COUNT_OF(joins); i++)
		known[count++] = str_from_c(joins[i]);
	for (size_t i = 0; with_forms && i < condition_form_count(); i++)
		known[count++] = condition_form_at(i)->name;
	for (size_t i = 0; with_fields && reader->kind && i < reader->kind->field_count; i++) {
		if (count < KNOWN_MAX)
			known[count++] = reader->kind->fields[i].name;
	}
	for (size_t t = 0; with_facts && t < pack->file_type_count; t++) {
		for (size_t i = 0;
		     reader->file_types >> t & 1 && i < pack->file_types[t].fact_count; i++) {
			if (count < KNOWN_MAX)
				known[count++] = pack->file_types[t].facts[i].name;
		}
	}
	struct str nearest = loader_nearest(reader->loader, node->key, known, count);
	loader_error_key(reader->loader, node, "%.*s: \"%.*s\" is no %s%.*s",
	                 STR_ARG(reader->about), STR_ARG(node->key), format_what, STR_ARG(nearest));
	reader->has_failed = true;
}

static void read_one_test(struct reader *reader, const struct yaml *node,
                          const struct pack_field *field, const struct pack_fact *fact,
                          bool is_negated)
{
	struct cond_atom *atom = atom_new(reader, node, fact ? COND_FACT : COND_FIELD, is_negated);
	if (!atom)
		return;
	atom->name = arena_copy(reader->loader->arena, node->key);
	atom->words = words_of(reader, fact ? STR("fact") : STR("field"), node, true);
	if (!reader_test(reader, node, field, fact, &atom->test, &atom->forbidden))
		reader->has_failed = true;
}

/* `field:` and `fact:`: a mapping from name to test. */
static void read_tests(struct reader *reader, const struct yaml *node, bool is_fact,
                       bool is_negated)
{
	struct joining joining = { .skip = COND_SKIP_IF_FALSE, .join = COND_AND };
	struct str forbidden = STR_NONE;

	if (node->type != YAML_MAPPING || node->count == 0) {
		reader_wrong(reader, node, "expected {NAME: test}");
		return;
	}
	for (const struct yaml *one = node->first; one; one = one->next) {
		const struct pack_field *field =
			!is_fact && reader->kind ? pack_field_find(reader->kind, one->key) : NULL;
		const struct pack_fact *fact = is_fact ? find_fact(reader, one->key) : NULL;
		join_before(reader, node, &joining);
		if (field || fact || reader_is_never(reader, one->key, &forbidden))
			read_one_test(reader, one, field, fact, is_negated);
		else
			unknown_name(reader, one,
			             is_fact ? "fact of this file" : "field of this act", false,
			             !is_fact, is_fact);
		join_after(reader, node, &joining);
	}
	join_end(reader, &joining);
}

/* --- pairs ----------------------------------------------------------------------------------- */

static void read_list(struct reader *reader, const struct yaml *node, size_t depth, bool is_negated,
                      bool is_all)
{
	struct joining joining = { .skip = is_all ? COND_SKIP_IF_FALSE : COND_SKIP_IF_TRUE,
		                   .join = is_all ? COND_AND : COND_OR };
	if (node->type != YAML_SEQUENCE || node->count == 0) {
		reader_wrong(reader, node, "expected a list of conditions, at least one");
		return;
	}
	for (const struct yaml *one = node->first; one; one = one->next) {
		join_before(reader, one, &joining);
		read_pairs(reader, one, depth + 1, is_negated);
		join_after(reader, one, &joining);
	}
	join_end(reader, &joining);
}

static void read_form_pair(struct reader *reader, const struct yaml *node,
                           const struct form_word *word, bool is_negated)
{
	if (word->is_of_patterns && !reader->has_pattern_forms) {
		loader_error_key(reader->loader, node,
		                 "%.*s: \"%.*s\" is a condition of patterns alone",
		                 STR_ARG(reader->about), STR_ARG(node->key));
		reader->has_failed = true;
		return;
	}
	struct cond_atom *atom = atom_new(reader, node, word->form, is_negated);
	if (!atom)
		return;
	atom->words = words_of(reader, word->name, node, false);
	if (!word->read(reader, node, atom))
		reader->has_failed = true;
}

static void read_pair(struct reader *reader, const struct yaml *node, size_t depth, bool is_negated)
{
	const struct form_word *word = condition_form_find(node->key);
	struct str forbidden = STR_NONE;

	if (++reader->pair_count > COND_PAIRS_MAX) {
		reader_wrong(reader, node, "a condition this long; expected at most 64 pairs");
	} else if (str_eq(node->key, STR("all")) || str_eq(node->key, STR("any"))) {
		read_list(reader, node, depth, is_negated, str_eq(node->key, STR("all")));
	} else if (str_eq(node->key, STR("not"))) {
		read_pairs(reader, node, depth + 1, !is_negated);
		emit(reader, node, COND_NOT, 0);
	} else if (str_eq(node->key, STR("field")) || str_eq(node->key, STR("fact"))) {
		read_tests(reader, node, str_eq(node->key, STR("fact")), is_negated);
	} else if (word) {
		read_form_pair(reader, node, word, is_negated);
	} else {
		const struct pack_field *field =
			reader->kind ? pack_field_find(reader->kind, node->key) : NULL;
		const struct pack_fact *fact = field ? NULL : find_fact(reader, node->key);
		if (field || fact || reader_is_never(reader, node->key, &forbidden))
			read_one_test(reader, node, field, fact, is_negated);
		else
			unknown_name(reader, node, "condition, field or fact", true, true, true);
	}
}

static void read_pairs(struct reader *reader, const struct yaml *node, size_t depth,
                       bool is_negated)
{
	struct joining joining = { .skip = COND_SKIP_IF_FALSE, .join = COND_AND };

	if (node->type != YAML_MAPPING || node->count == 0) {
		reader_wrong(reader, node, "a condition is a mapping with at least one pair");
		return;
	}
	if (depth > COND_DEPTH_MAX) {
		reader_wrong(reader, node, "conditions nest at most 6 deep");
		return;
	}
	for (const struct yaml *pair = node->first; pair; pair = pair->next) {
		join_before(reader, pair, &joining);
		read_pair(reader, pair, depth, is_negated);
		join_after(reader, pair, &joining);
	}
	join_end(reader, &joining);
}

static const struct pack_cond *finish(struct reader *reader, const struct yaml *node)
{
	struct loader *loader = reader->loader;
	if (reader->has_failed || loader->out_of_memory)
		return NULL;
	struct pack_cond *cond = loader_alloc(loader, 1, sizeof *cond);
	struct cond_op *ops = loader_alloc(loader, reader->op_count, sizeof *ops);
	const struct cond_atom **atoms = loader_alloc(loader, reader->atom_count, sizeof *atoms);
	if (!cond || !ops || !atoms)
		return NULL;
	memcpy(ops, reader->ops, reader->op_count * sizeof *ops);
	memcpy(atoms, reader->atoms, reader->atom_count * sizeof *atoms);
	*cond = (struct pack_cond){ .ops = ops,
		                    .op_count = reader->op_count,
		                    .atoms = atoms,
		                    .atom_count = reader->atom_count,
		                    .saturates_to_true =
		                            reader->has_pattern_forms || loader->saturates_to_true,
		                    .place = loader_place(loader, node) };
	return cond;
}

const struct pack_cond *reader_inner(struct reader *outer, const struct yaml *node,
                                     uint64_t file_types)
{
	struct reader reader = { .loader = outer->loader,
		                 .file_types = file_types,
		                 .has_pattern_forms = outer->has_pattern_forms,
		                 .is_in_where = true,
		                 .about = outer->about };
	read_pairs(&reader, node, 1, false);
	return finish(&reader, node);
}

const struct pack_cond *condition_read(struct loader *loader, const struct yaml *node,
                                       const struct pack_kind *kind, uint64_t file_types,
                                       bool forms_of_patterns)
{
	struct reader reader = { .loader = loader,
		                 .kind = kind,
		                 .file_types = file_types,
		                 .has_pattern_forms = forms_of_patterns };
	reader.about = loader->about.p ? loader->about : kind ? kind->name : STR("a condition");
	read_pairs(&reader, node, 0, false);
	return finish(&reader, node);
}
