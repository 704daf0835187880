/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The register's own numbers in an act. Nobody types them, so that nobody can
 * say that nothing was late. They count no further than the field's max, and
 * so cost no more than that many rows.
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
	return field->counted && !field->retired.p;
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
