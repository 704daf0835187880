/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The register's own numbers in an act, and its own lists of what is known.
 * Nobody types them, so that nobody can say that nothing was late, or that all
 * was asked. They count no further than the field's max, or PACK_KNOWN_ROWS_MAX,
 * and so cost no more than that many rows.
 */
#include "casebook/counted.h"

/* By duty_due(due, id), which holds open ones alone. */
static const char LATE_SQL[] =
	"SELECT COUNT(*) FROM (SELECT id FROM duty WHERE closed IS NULL AND due <= ?1 LIMIT ?2) AS late";
/* By file_number, the newest of that type; ?3: the states in which it has ended. */
static const char OPEN_SQL[] =
	"SELECT COUNT(*) FROM (SELECT state FROM file WHERE type = ?1 ORDER BY number DESC LIMIT ?2)"
	" AS newest WHERE (?3 >> newest.state) & 1 = 0";

static bool count(struct store *store, const struct pack_field *field, instant now, int64_t *out,
                  struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	bool is_late = field->counted == PACK_COUNTED_LATE;
	if (!store_prepare(store, is_late ? LATE_SQL : OPEN_SQL, &found, err))
		return false;
	if (is_late)
		store_bind_int(found, 1, now);
	else
		store_bind_str(found, 1, field->counted_type->name);
	store_bind_int(found, 2, field->max);
	if (!is_late)
		store_bind_int(found, 3, field->counted_type->final);
	if (store_step(found, err) != STORE_ROW)
		return false;
	*out = store_int(found, 0);
	return true;
}

static bool is_set(const struct pack_field *field)
{
	return field->counted && field->counted != PACK_COUNTED_KNOWN && !field->retired.p;
}

bool counted_set(struct store *store, struct arena *arena, const struct pack_kind *kind,
                 instant now, struct json *plain, struct err *err)
{
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct pack_field *field = &kind->fields[i];
		int64_t number;
		if (!is_set(field))
			continue;
		if (!count(store, field, now, &number, err))
			return false;
		if (!json_put(plain, field->name, json_integer(arena, number)))
			return err_set(err, ERR_UNABLE, "There is no memory for this act");
	}
	return true;
}

bool counted_check(struct store *store, const struct pack_kind *kind, instant now,
                   const struct json *plain, struct err *err)
{
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct pack_field *field = &kind->fields[i];
		int64_t number;
		if (!is_set(field))
			continue;
		if (!count(store, field, now, &number, err))
			return false;
		int64_t said = json_number(plain, field->name, -1);
		if (said != number)
			return err_set(err, ERR_INPUT,
			               "It says %" PRId64 " for \"%.*s\", and the register counted "
			               "%" PRId64,
			               said, STR_ARG(field->label), number);
	}
	return true;
}

/* --- codes ----------------------------------------------------------------------------------- */

static bool is_said(const struct pack_field *field)
{
	return field->counted == PACK_COUNTED_KNOWN && !field->retired.p;
}

static struct json *list_of(struct arena *arena, const struct pack_field *field, uint64_t said)
{
	struct json *list = json_array(arena);
	for (size_t i = 0; list && i < field->list->count; i++) {
		if ((said >> i & 1) &&
		    !json_push(list, json_string(arena, field->list->codes[i].code)))
			return NULL;
	}
	return list;
}

bool counted_say(const struct pack_world *shown, struct arena *arena, const struct pack_kind *kind,
                 struct json *plain, struct err *err)
{
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct pack_field *field = &kind->fields[i];
		bool is_there;
		uint64_t said;
		if (!is_said(field))
			continue;
		if (!pack_known_said(field, shown, &is_there, &said, err))
			return false;
		if (is_there && !json_put(plain, field->name, list_of(arena, field, said)))
			return err_set(err, ERR_UNABLE, "There is no memory for this act");
	}
	return true;
}

/* Whether the list says those codes, each once, and no other. */
static bool is_list_of(const struct json *list, const struct pack_field *field, uint64_t said)
{
	const struct json *item = list->type == JSON_ARRAY ? list->first : NULL;
	for (size_t i = 0; i < field->list->count; i++) {
		if (!(said >> i & 1))
			continue;
		if (!item || item->type != JSON_STRING ||
		    !str_eq(item->string, field->list->codes[i].code))
			return false;
		item = item->next;
	}
	return list->type == JSON_ARRAY && !item;
}

bool counted_said(const struct pack_world *shown, const struct pack_kind *kind,
                  const struct json *plain, struct err *err)
{
	for (size_t i = 0; i < kind->field_count; i++) {
		const struct pack_field *field = &kind->fields[i];
		const struct json *list;
		bool is_there;
		uint64_t said;
		if (!is_said(field))
			continue;
		if (!pack_known_said(field, shown, &is_there, &said, err))
			return false;
		list = json_member(plain, field->name);
		if (is_there ? !list || !is_list_of(list, field, said) : list != NULL)
			return err_set(err, ERR_INPUT,
			               "Its \"%.*s\" is not what was known when it was recorded",
			               STR_ARG(field->label));
	}
	return true;
}
