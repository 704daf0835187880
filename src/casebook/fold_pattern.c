/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What pattern.found means to the views: the pattern duty, owed by the owner of
 * the pattern, and what the pattern opens besides. An entry that names a duty
 * adds to what is open already and opens nothing.
 */
#include "casebook/chart.h"
#include "casebook/fold_parts.h"
#include "casebook/joined.h"

static const char FOUND_SQL[] =
	"INSERT INTO pattern (name, file, opened, newest) VALUES (?1, ?2, ?3, ?3) ON CONFLICT (file, name)"
	" DO UPDATE SET opened = excluded.opened, newest = excluded.newest";
static const char ADDED_SQL[] = "UPDATE pattern SET newest = ?3 WHERE name = ?1 AND file = ?2";

bool fold_before(struct fold *fold, struct folding *entry, struct err *err)
{
	struct file_row *row;
	if (!entry->kind || !entry->kind->wake_count)
		return true;
	if (!fold_file(fold, entry->file, &row, err))
		return err->code == ERR_ABSENT; /* it begins */
	size_t count = row->type ? row->type->fact_count : 0;
	struct file_row *before = arena_alloc(fold->arena, 1, sizeof *before);
	struct str *facts = arena_alloc(fold->arena, count, sizeof *facts);
	if (!before || !facts)
		return err_set(err, ERR_UNABLE, "There is no memory to fold an entry");
	*before = *row;
	before->facts = facts;
	for (size_t i = 0; i < count; i++)
		facts[i] = row->facts[i];
	entry->before = before;
	return true;
}

static struct str owner_of(struct fold *fold, const struct file_row *row,
                           const struct folding *entry, const struct pack_pattern *pattern)
{
	struct owner_context context = { .chart = fold->chart, .row = row, .plain = entry->plain };
	return owner_resolve(&context, pattern->owner);
}

bool fold_pattern_found(struct fold *fold, struct file_row *row, const struct folding *entry,
                        struct err *err)
{
	struct str name = folding_text(entry, STR("pattern"));
	const struct pack_pattern *pattern = pack_pattern_find(fold->pack, name);
	int64_t numbers[] = { row->n, entry->index };
	bool is_added = json_member(entry->plain, STR("duty")) != NULL;
	struct folding found = *entry;
	if (!pattern || !fold->pack->pattern_duty)
		return folding_lacks(err, entry, "pattern of the rules in force");
	if (!fold_put(fold, is_added ? ADDED_SQL : FOUND_SQL, &name, 1, numbers, COUNT_OF(numbers),
	              err))
		return false;
	joined_drop_known(fold->joined, row->n);
	if (is_added)
		return true;
	found.owner = owner_of(fold, row, entry, pattern);
	/* The pattern duty is the entry's first: so it is found again (view pattern). */
	if (!fold_open_rule(fold, row, &found, fold->pack->pattern_duty, NULL, STR_NONE, NULL, err))
		return false;
	for (size_t i = 0; i < pattern->open_count; i++) {
		if (!fold_open_rule(fold, row, &found, pattern->opens[i], NULL, STR_NONE, NULL,
		                    err))
			return false;
	}
	return true;
}
