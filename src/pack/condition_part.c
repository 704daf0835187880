/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What several forms of conditions are made of: keys, lists, names, numbers, periods. */
#include "pack/condition_reader.h"

#include "pack/name.h"

#define KNOWN_MAX 512

static bool is_among(struct str word, struct str words)
{
	struct str one;
	while (str_cut(&words, ' ', &one)) {
		if (str_eq(one, word))
			return true;
	}
	return false;
}

/* A mapping whose keys are among `keys` or `more`, and which has every key of `required`. */
bool reader_has_keys(struct reader *reader, const struct yaml *node, const char *keys,
                     const char *more, const char *required)
{
	struct str words = str_from_c(required);
	struct str one;

	if (node->type != YAML_MAPPING)
		return reader_wrong(reader, node, "expected a mapping");
	for (const struct yaml *child = node->first; child; child = child->next) {
		if (is_among(child->key, str_from_c(keys)) ||
		    is_among(child->key, str_from_c(more)))
			continue;
		loader_error_key(reader->loader, child,
		                 "%.*s: \"%.*s\" is no key of \"%.*s\"; expected %s %s",
		                 STR_ARG(reader->about), STR_ARG(child->key), STR_ARG(node->key),
		                 keys, more);
		return false;
	}
	while (words.n && str_cut(&words, ' ', &one)) {
		if (!yaml_member(node, one)) {
			loader_error_key(reader->loader, node, "%.*s: \"%.*s\" has no \"%.*s\"",
			                 STR_ARG(reader->about), STR_ARG(node->key), STR_ARG(one));
			return false;
		}
	}
	return true;
}

size_t reader_list_count(const struct yaml *node)
{
	return node->type == YAML_SEQUENCE ? node->count : 1;
}

const struct yaml *reader_list_at(const struct yaml *node, size_t i)
{
	if (node->type != YAML_SEQUENCE)
		return node;
	const struct yaml *one = node->first;
	while (i-- > 0)
		one = one->next;
	return one;
}

/* Notes ABOUT names WHAT "x"; no such WHAT; nearest. False. */
bool reader_unknown(struct reader *reader, const struct yaml *node, const char *what,
                    const struct str *known, size_t count)
{
	struct str nearest = loader_nearest(reader->loader, node->text, known, count);
	loader_error_at(reader->loader, node, "%.*s names %s \"%.*s\"; no such %s%.*s",
	                STR_ARG(reader->about), what, STR_ARG(node->text), what, STR_ARG(nearest));
	return false;
}

/* One resolver a sort of element: NULL and an error noted when there is none of that name. */
#define RESOLVER(sort, element, what, array, number, find)                                         \
	const struct element *reader_##sort(struct reader *reader, const struct yaml *node)        \
	{                                                                                          \
		const struct pack *pack = reader->loader->pack;                                    \
		struct str known[KNOWN_MAX];                                                       \
		size_t count = 0;                                                                  \
		if (node->type != YAML_SCALAR) {                                                   \
			reader_wrong(reader, node, "expected the name of a " what);                \
			return NULL;                                                               \
		}                                                                                  \
		const struct element *found = find(pack, node->text);                              \
		if (found)                                                                         \
			return found;                                                              \
		for (size_t i = 0; i < pack->number && i < COUNT_OF(known); i++)                   \
			known[count++] = pack->array[i].name;                                      \
		reader_unknown(reader, node, what, known, count);                                  \
		return NULL;                                                                       \
	}

RESOLVER(kind, pack_kind, "kind", kinds, kind_count, pack_kind_find)
RESOLVER(duty, pack_duty, "duty", duties, duty_count, pack_duty_find)
RESOLVER(office, pack_office, "office", offices, office_count, pack_office_find)
RESOLVER(agency, pack_agency, "agency", agencies, agency_count, pack_agency_find)
RESOLVER(relation, pack_relation, "relation", relations, relation_count, pack_relation_find)
RESOLVER(type, pack_file_type, "file type", file_types, file_type_count, pack_file_type_find)

/* A scalar or list of names, resolved. */
#define RESOLVER_LIST(sort, plural, element)                                                       \
	bool reader_##plural(struct reader *reader, const struct yaml *node,                       \
	                     const struct element *const **out, size_t *count)                     \
	{                                                                                          \
		size_t n = reader_list_count(node);                                                \
		const struct element **all = loader_alloc(reader->loader, n, sizeof *all);         \
		if (!all)                                                                          \
			return false;                                                              \
		if (n == 0)                                                                        \
			return reader_wrong(reader, node, "an empty list; expected a name");       \
		for (size_t i = 0; i < n; i++) {                                                   \
			all[i] = reader_##sort(reader, reader_list_at(node, i));                   \
			if (!all[i])                                                               \
				return false;                                                      \
		}                                                                                  \
		*out = all;                                                                        \
		*count = n;                                                                        \
		return true;                                                                       \
	}

RESOLVER_LIST(kind, kinds, pack_kind)
RESOLVER_LIST(duty, duties, pack_duty)
RESOLVER_LIST(office, offices, pack_office)
RESOLVER_LIST(agency, agencies, pack_agency)

bool reader_types(struct reader *reader, const struct yaml *node, uint64_t *mask)
{
	size_t n = reader_list_count(node);
	*mask = 0;
	if (n == 0)
		return reader_wrong(reader, node, "an empty list; expected a file type");
	for (size_t i = 0; i < n; i++) {
		const struct pack_file_type *type = reader_type(reader, reader_list_at(node, i));
		if (!type)
			return false;
		*mask |= UINT64_C(1) << type->number;
	}
	return true;
}

bool reader_number(struct reader *reader, const struct yaml *mapping, struct str key, int64_t least,
                   int64_t most, int64_t *out)
{
	const struct yaml *node = yaml_member(mapping, key);
	int64_t n;
	if (!node)
		return true;
	if (node->type != YAML_SCALAR || !scalar_integer(node->text, &n) || n < least || n > most) {
		loader_error_at(reader->loader, node,
		                "%.*s: \"%.*s\" is a number from %" PRId64 " to %" PRId64,
		                STR_ARG(reader->about), STR_ARG(key), least, most);
		return false;
	}
	*out = n;
	return true;
}

/* ["at-least:" N] ["at-most:" N]; with neither, `least` is what the atom had. */
bool reader_bound(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	const struct yaml *least = yaml_member(node, STR("at-least"));
	const struct yaml *most = yaml_member(node, STR("at-most"));
	if (most && !least)
		atom->least = 0;
	if (!reader_number(reader, node, STR("at-least"), 0, COND_BOUND_MAX, &atom->least) ||
	    !reader_number(reader, node, STR("at-most"), 0, COND_BOUND_MAX, &atom->most))
		return false;
	return atom->least <= atom->most ||
	       reader_wrong(reader, least ? least : node, "at-least is above at-most");
}

bool reader_within(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	const struct yaml *within = yaml_member(node, STR("within"));
	if (!within)
		return true;
	atom->has_period = true;
	return period_read(reader->loader, within, &atom->period);
}

static bool has_period_keys(const struct yaml *node)
{
	for (const struct yaml *child = node->first; child; child = child->next) {
		if (is_among(child->key, STR(READER_PERIOD_KEYS)))
			return true;
	}
	return false;
}

bool reader_period_among(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	if (!has_period_keys(node))
		return reader_wrong(
			reader, node,
			"expected a period beside it: hours, days, working-days or months");
	atom->has_period = true;
	return period_read_among(reader->loader, node, &atom->period);
}

bool reader_what(struct reader *reader, const struct yaml *node, struct cond_atom *atom)
{
	static const struct {
		struct str word;
		enum cond_what what;
	} whats[] = { { { "office", 6 }, COND_BY_OFFICE },
		      { { "agency", 6 }, COND_BY_AGENCY },
		      { { "account", 7 }, COND_BY_ACCOUNT },
		      { { "file", 4 }, COND_BY_FILE } };
	if (node->type != YAML_SCALAR)
		return reader_wrong(reader, node,
		                    "expected office, agency, account, file or a field");
	atom->what = COND_BY_FIELD;
	for (size_t i = 0; i < COUNT_OF(whats); i++) {
		if (str_eq(whats[i].word, node->text))
			atom->what = whats[i].what;
	}
	if (atom->what != COND_BY_FIELD)
		return true;
	atom->what_field = arena_copy(reader->loader->arena, node->text);
	if (reader_is_never(reader, node->text, &atom->forbidden))
		return true;
	for (size_t i = 0; i < atom->which.kind_count; i++) {
		const struct pack_field *field = pack_field_find(atom->which.kinds[i], node->text);
		if (field && (field->is_sealed || field->is_protected))
			atom->forbidden = arena_format(reader->loader->arena,
			                               "%.*s counts by \"%.*s\", which is sealed",
			                               STR_ARG(reader->about), STR_ARG(node->text));
		if (field && field->type == PACK_CODES)
			atom->forbidden = arena_format(reader->loader->arena,
			                               "%.*s counts the codes ticked in \"%.*s\":"
			                               " signs are never added up (L10)",
			                               STR_ARG(reader->about), STR_ARG(node->text));
		if (!field) {
			loader_error_at(reader->loader, node, "%.*s: %.*s has no field \"%.*s\"",
			                STR_ARG(reader->about), STR_ARG(atom->which.kinds[i]->name),
			                STR_ARG(node->text));
			return false;
		}
	}
	return true;
}
