/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whose silence a pattern found, and who else is waited for: each may owe a duty of his own. */
#include "casebook/chart.h"
#include "casebook/fold_parts.h"
#include "casebook/pattern.h"
#include "casebook/world.h"

struct gathering {
	struct pattern_eye *eye;
	const struct chart_office *owner; /* of the pattern, or NULL */
	struct pattern_awaited *out;
	bool is_out_of_memory;
};

static bool is_among(const struct pattern_offices *offices, struct str office)
{
	for (size_t i = 0; i < offices->count; i++) {
		if (str_eq(offices->at[i], office))
			return true;
	}
	return false;
}

static void add(struct gathering *gathering, struct pattern_offices *offices, struct str office)
{
	if (is_among(offices, office) || offices->count == PATTERN_OFFICES_MAX)
		return;
	struct str kept = arena_copy(gathering->eye->fold->looks, office);
	gathering->is_out_of_memory = gathering->is_out_of_memory || !kept.p;
	if (kept.p)
		offices->at[offices->count++] = kept;
}

static bool is_of_owners_agency(const struct gathering *gathering,
                                const struct chart_office *office)
{
	const struct chart_office *owner = gathering->owner;
	return owner && owner->role && office->role && owner->role->agency == office->role->agency;
}

static bool gather(void *ctx, struct str name, bool is_silent)
{
	struct gathering *gathering = ctx;
	const struct chart_office *office = chart_find(gathering->eye->fold->chart, name);
	if (!office)
		return true;
	if (is_silent)
		add(gathering, &gathering->out->silent, name);
	else if (!is_of_owners_agency(gathering, office))
		add(gathering, &gathering->out->others, name);
	return !gathering->is_out_of_memory;
}

/* Who is silent by one part of the condition is none of the others by another. */
static void leave_out_silent(struct pattern_awaited *awaited)
{
	struct pattern_offices *others = &awaited->others;
	size_t kept = 0;
	for (size_t i = 0; i < others->count; i++) {
		if (!is_among(&awaited->silent, others->at[i]))
			others->at[kept++] = others->at[i];
	}
	others->count = kept;
}

bool pattern_opens_each(const struct pack_pattern *pattern)
{
	for (size_t i = 0; i < pattern->open_count; i++) {
		if (pattern->opens[i].each != PACK_FOUND_ONE)
			return true;
	}
	return false;
}

bool pattern_awaited(struct pattern_eye *eye, const struct pack_pattern *pattern,
                     struct file_row *row, int64_t up_to, struct pattern_awaited *out,
                     struct err *err)
{
	struct owner_context context = { .chart = eye->fold->chart, .row = row };
	struct gathering gathering = { .eye = eye, .out = out };
	struct entry_world world;
	out->silent.count = out->others.count = 0;
	if (!pattern_opens_each(pattern))
		return true;
	struct str owner =
		pattern->owner_count ? owner_resolve(&context, &pattern->owners[0]) : STR_NONE;
	gathering.owner = owner.p ? chart_find(eye->fold->chart, owner) : NULL;
	pattern_show(eye, pattern, row, up_to, eye->now, &world);
	if (!pack_cond_awaited(pattern->when, &world.shown, gather, &gathering, err))
		return false;
	if (gathering.is_out_of_memory)
		return err_set(err, ERR_UNABLE, "There is no memory to look for patterns");
	leave_out_silent(out);
	return true;
}

bool pattern_is_owed(struct fold *fold, const struct file_row *there, const struct pack_duty *rule,
                     struct str office, bool *owes, struct err *err)
{
	/* By duty_file; duty_also by its key. */
	static const char OWES_SQL[] =
		"SELECT 1 FROM duty AS d WHERE d.file = ?1 AND d.rule = ?2 AND d.closed IS NULL"
		" AND (d.office = ?3 OR EXISTS (SELECT 1 FROM duty_also AS a WHERE a.duty = d.id"
		" AND a.office = ?3)) LIMIT 1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	if (!store_prepare(fold->store, OWES_SQL, &found, err))
		return false;
	store_bind_int(found, 1, there->n);
	store_bind_str(found, 2, rule->name);
	store_bind_str(found, 3, office);
	enum store_step step = store_step(found, err);
	*owes = step == STORE_ROW;
	return step != STORE_FAILED;
}

/* What is opened on the pattern's own file, always. */
static bool is_plain(const struct pack_found_open *open)
{
	return open->each == PACK_FOUND_SILENT && open->on_count == 0 && !open->when;
}

bool pattern_is_newly_silent(struct pattern_eye *eye, const struct pack_pattern *pattern,
                             struct file_row *row, int64_t up_to, bool *is, struct err *err)
{
	struct pattern_awaited awaited;
	*is = false;
	if (!pattern_awaited(eye, pattern, row, up_to, &awaited, err))
		return false;
	for (size_t i = 0; i < pattern->open_count; i++) {
		const struct pack_found_open *open = &pattern->opens[i];
		for (size_t n = 0; is_plain(open) && n < awaited.silent.count; n++) {
			bool owes;
			if (!pattern_is_owed(eye->fold, row, open->duty, awaited.silent.at[n],
			                     &owes, err))
				return false;
			*is = *is || !owes;
		}
	}
	return true;
}

static void put(struct arena *arena, struct json *plain, struct str field,
                const struct pattern_offices *offices)
{
	struct json *list = offices->count ? json_array(arena) : NULL;
	for (size_t i = 0; i < offices->count; i++)
		json_push(list, json_string(arena, arena_copy(arena, offices->at[i])));
	if (list)
		json_put(plain, field, list);
}

void pattern_put_awaited(struct arena *arena, struct json *plain,
                         const struct pattern_awaited *awaited)
{
	put(arena, plain, STR("silent"), &awaited->silent);
	put(arena, plain, STR("others"), &awaited->others);
}

static bool names(const struct json *list, const struct pattern_offices *offices)
{
	const struct json *item = list ? list->first : NULL;
	if ((list ? list->count : 0) != offices->count)
		return false;
	for (size_t i = 0; i < offices->count; i++, item = item->next) {
		if (item->type != JSON_STRING || !str_eq(item->string, offices->at[i]))
			return false;
	}
	return true;
}

bool pattern_is_awaited(const struct json *plain, const struct pattern_awaited *awaited)
{
	return names(json_member(plain, STR("silent")), &awaited->silent) &&
	       names(json_member(plain, STR("others")), &awaited->others);
}
