/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What pattern.found means to the views: the pattern duty, owed by the owner of
 * the pattern, and what the pattern opens besides. An entry that names a duty
 * adds to what is open already and opens nothing.
 */
#include "casebook/chart.h"
#include "casebook/fold_parts.h"
#include "casebook/joined.h"
#include "casebook/pattern.h"
#include "casebook/world.h"

#define PLAIN_DEPTH 8

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
                           const struct folding *entry, const struct pack_owner *owner)
{
	struct owner_context context = { .chart = fold->chart, .row = row, .plain = entry->plain };
	return owner_resolve(&context, owner);
}

/* --- what it opens --------------------------------------------------------------------------- */

/* The files that one entry's pattern opens a duty on. */
struct found_on {
	int64_t files[PACK_FOUND_ON_MAX];
	size_t count;
};

static void add_file(struct found_on *on, int64_t file)
{
	for (size_t i = 0; i < on->count; i++) {
		if (on->files[i] == file)
			return;
	}
	if (on->count < COUNT_OF(on->files))
		on->files[on->count++] = file;
}

/* By link's key and link_b: the newest files at the other end. */
static bool files_along(struct fold *fold, int64_t file, const struct pack_relation *relation,
                        struct found_on *to, struct err *err)
{
	static const char *const ENDS_SQL[] = {
		"SELECT b FROM link WHERE a = ?1 AND relation = ?2 AND removed IS NULL"
		" ORDER BY b DESC LIMIT ?3",
		"SELECT a FROM link WHERE b = ?1 AND relation = ?2 AND removed IS NULL"
		" ORDER BY a DESC LIMIT ?3",
	};
	for (size_t i = 0; i < COUNT_OF(ENDS_SQL); i++) {
		CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
		enum store_step step;
		if (!store_prepare(fold->store, ENDS_SQL[i], &rows, err))
			return false;
		store_bind_int(rows, 1, file);
		store_bind_str(rows, 2, relation->name);
		store_bind_int(rows, 3, PACK_FOUND_ON_MAX);
		while ((step = store_step(rows, err)) == STORE_ROW)
			add_file(to, store_int(rows, 0));
		if (step == STORE_FAILED)
			return false;
	}
	return true;
}

static bool find_on(struct fold *fold, const struct file_row *row,
                    const struct pack_found_open *open, struct found_on *out, struct err *err)
{
	*out = (struct found_on){ .files = { row->n }, .count = 1 };
	for (size_t step = 0; step < open->on_count; step++) {
		struct found_on next = { .count = 0 };
		for (size_t i = 0; i < out->count; i++) {
			if (!files_along(fold, out->files[i], open->on[step], &next, err))
				return false;
		}
		*out = next;
	}
	return true;
}

static bool is_asked(struct fold *fold, struct file_row *row, const struct folding *entry,
                     const struct pack_found_open *open, bool *is, struct err *err)
{
	struct entry_world there;
	world_of_entry(fold, row, entry, entry->index + 1, &there);
	return pack_cond_holds(open->when, &there.shown, is, err);
}

/* The plain fields of the entry that began the file; an empty object: they are destroyed. */
static bool read_first(struct fold *fold, const struct file_row *row, const struct json **out,
                       struct err *err)
{
	static const char FIRST_SQL[] =
		"SELECT plain FROM entry WHERE idx = ?1 AND plain IS NOT NULL";
	CLEANUP(store_stmt_finish) struct store_stmt *first = NULL;
	*out = json_object(fold->arena);
	if (!store_prepare(fold->store, FIRST_SQL, &first, err))
		return false;
	store_bind_int(first, 1, row->first_entry);
	enum store_step step = store_step(first, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	struct str plain = arena_copy(fold->arena, store_str(first, 0));
	return json_read(fold->arena, plain, PLAIN_DEPTH, out, err);
}

/* One duty, or one for each office that the first entry names. */
static bool open_there(struct fold *fold, struct file_row *there, const struct folding *entry,
                       const struct pack_found_open *open, struct err *err)
{
	const struct json *first;
	if (!open->owner || open->owner->sort != PACK_OWNER_FIELD)
		return fold_open_rule(fold, there, entry, open->duty, open->owner, STR_NONE, NULL,
		                      err);
	if (!read_first(fold, there, &first, err))
		return false;
	const struct json *named = json_member(first, open->owner->field);
	bool is_list = named && named->type == JSON_ARRAY;
	for (const struct json *item = is_list ? named->first : named; item;
	     item = is_list ? item->next : NULL) {
		struct owner_context context = {
			.chart = fold->chart, .row = there, .plain = first, .each_row = item
		};
		if (!fold_open_rule(fold, there, entry, open->duty, open->owner,
		                    owner_resolve(&context, open->owner), NULL, err))
			return false;
	}
	return true;
}

/* As the duty says of an act that names the office. */
static bool open_for(struct fold *fold, struct file_row *there, const struct folding *entry,
                     const struct pack_duty *rule, struct str office, struct err *err)
{
	struct folding named = *entry;
	struct json *plain = json_object(fold->arena);
	bool owes;
	if (!pattern_is_owed(fold, there, rule, office, &owes, err))
		return false;
	if (owes)
		return true;
	for (size_t i = 0; i < rule->owner_count; i++)
		if (!json_member(plain, rule->owners[i].field))
			json_put_text(fold->arena, plain, rule->owners[i].field, office);
	named.plain = plain;
	return fold_open_rule(fold, there, &named, rule, NULL, STR_NONE, NULL, err);
}

/* One for each of those whom the entry names; of the silent, where it names none, the pattern's
 * owner. */
static bool open_each(struct fold *fold, struct file_row *there, const struct folding *entry,
                      const struct pack_found_open *open, struct err *err)
{
	bool is_silent = open->each == PACK_FOUND_SILENT;
	const struct json *named =
		json_member(entry->plain, is_silent ? STR("silent") : STR("others"));
	if (!named && is_silent)
		return fold_open_rule(fold, there, entry, open->duty, NULL, STR_NONE, NULL, err);
	for (const struct json *item = named ? named->first : NULL; item; item = item->next) {
		if (item->type == JSON_STRING &&
		    !open_for(fold, there, entry, open->duty, item->string, err))
			return false;
	}
	return true;
}

/* On the pattern's own file, or on those linked to it that have not ended. */
static bool open_found(struct fold *fold, const struct file_row *row, const struct folding *entry,
                       const struct pack_found_open *open, struct err *err)
{
	struct found_on on;
	if (!find_on(fold, row, open, &on, err))
		return false;
	for (size_t i = 0; i < on.count; i++) {
		struct file_row *there;
		bool is = true;
		if (!fold_file(fold, on.files[i], &there, err))
			return false;
		if (!there->type || !(open->types >> there->type->number & 1) ||
		    there->destroyed >= 0 || (there->type->final >> there->state & 1))
			continue;
		if (!is_asked(fold, there, entry, open, &is, err))
			return false;
		if (is &&
		    !(open->each == PACK_FOUND_ONE ? open_there(fold, there, entry, open, err)
		                                   : open_each(fold, there, entry, open, err)))
			return false;
	}
	return true;
}

/* Who is silent besides, while it is open. */
static bool open_added(struct fold *fold, struct file_row *row, const struct folding *entry,
                       const struct pack_pattern *pattern, struct err *err)
{
	bool is_silent = json_member(entry->plain, STR("silent"));
	for (size_t i = 0; is_silent && i < pattern->open_count; i++) {
		if (pattern->opens[i].each == PACK_FOUND_SILENT &&
		    !open_found(fold, row, entry, &pattern->opens[i], err))
			return false;
	}
	return true;
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
	if (is_added) {
		pattern_added(fold, pattern, row->n, entry->index);
		found.owner = owner_of(fold, row, entry, &pattern->owners[0]);
		return open_added(fold, row, &found, pattern, err);
	}
	joined_drop_known(fold->joined, row->n);
	/* The pattern duties are the entry's first: so they are found again (view pattern). */
	for (size_t i = 0; i < pattern->owner_count; i++) {
		found.owner = owner_of(fold, row, entry, &pattern->owners[i]);
		if (!fold_open_rule(fold, row, &found, fold->pack->pattern_duty, NULL, STR_NONE,
		                    NULL, err))
			return false;
	}
	found.owner = owner_of(fold, row, entry, &pattern->owners[0]);
	for (size_t i = 0; i < pattern->open_count; i++) {
		if (!open_found(fold, row, &found, &pattern->opens[i], err))
			return false;
	}
	return true;
}
