/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/fold.h"

#include <stdlib.h>

#include "casebook/chart.h"
#include "casebook/finder.h"
#include "casebook/fold_parts.h"
#include "casebook/joined.h"
#include "casebook/packs.h"
#include "casebook/rows.h"
#include "casebook/sights.h"
#include "casebook/world.h"

static const char LINK_SQL[] =
	"INSERT INTO link (relation, a, b, entry) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (a, relation, b)"
	" DO UPDATE SET entry = excluded.entry, removed = NULL WHERE link.removed IS NOT NULL";
static const char UNLINK_SQL[] =
	"UPDATE link SET removed = ?4 WHERE relation = ?1 AND a = ?2 AND b = ?3 AND removed IS NULL";
static const char LINKED_SQL[] =
	"SELECT b FROM link WHERE a = ?1 AND relation = ?2 AND removed IS NULL"
	" UNION SELECT a FROM link WHERE b = ?1 AND relation = ?2 AND removed IS NULL ORDER BY 1";
static const char CODE_SQL[] = "INSERT INTO code (n, file, tag, finder) VALUES (?1, ?2, ?3, ?4)"
			       " ON CONFLICT (file, tag) DO NOTHING"; /* code_file */
static const char CODE_LAST_SQL[] = "SELECT COALESCE(MAX(n), 0) FROM code";

struct fold *fold_create(struct casebook *book, struct store *store, struct tags *files,
                         struct err *err)
{
	struct fold *fold = calloc(1, sizeof *fold);
	if (!fold || !(fold->arena = arena_create(BOOK_ARENA_ACT)) ||
	    !(fold->code_tags = tags_create(&code_tags, false)) ||
	    !(fold->own_file_tags = tags_create(&file_tags, true))) {
		fold_destroy(fold);
		err_set(err, ERR_UNABLE, "There is no memory to fold entries");
		return NULL;
	}
	fold->book = book;
	fold->store = store;
	fold->file_tags = files ? files : fold->own_file_tags;
	return fold;
}

void fold_destroy(struct fold *fold)
{
	if (!fold)
		return;
	chart_give(fold->chart);
	tags_destroy(fold->own_file_tags);
	tags_destroy(fold->code_tags);
	arena_destroy(fold->looks);
	arena_destroy(fold->arena);
	free(fold->opened);
	free(fold->files);
	free(fold);
}

void fold_begin_act(struct fold *fold)
{
	arena_reset(fold->arena);
	joined_rest(fold->joined);
	sights_rest(fold->sights);
	if (fold->looks)
		arena_reset(fold->looks);
	fold->file_count = 0;
	fold->opened_count = 0;
	fold->ordinal = 0;
	fold->in_act = true;
}

struct str plain_code(const struct json *value)
{
	if (!value)
		return STR_NONE;
	if (value->type == JSON_STRING)
		return value->string;
	if (value->type == JSON_TRUE)
		return STR("yes");
	return value->type == JSON_FALSE ? STR("no") : STR_NONE;
}

struct str plain_value(struct arena *arena, const struct json *value)
{
	if (value && value->type == JSON_INTEGER)
		return arena_format(arena, "%" PRId64, value->integer);
	return plain_code(value);
}

/* --- links --------------------------------------------------------------------------------- */

/* Puts or takes away the link by which two files are joined. */
static bool put_link(struct fold *fold, const char *sql, const struct pack_relation *relation,
                     int64_t a, int64_t b, int64_t entry, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	if (!store_prepare(fold->store, sql, &put, err))
		return false;
	store_bind_str(put, 1, relation->name);
	store_bind_int(put, 2, a);
	store_bind_int(put, 3, b);
	store_bind_int(put, 4, entry);
	return store_do(put, err);
}

bool fold_link(struct fold *fold, struct file_row *row, const struct folding *entry,
               const struct pack_relation *relation, struct str other, struct err *err)
{
	struct file_row *there;
	if (!fold_file_by_id(fold, other, &there, err))
		return false;
	bool from_here = relation->from >> row->type->number & 1;
	int64_t a = from_here ? row->n : there->n, b = from_here ? there->n : row->n;
	if (!put_link(fold, LINK_SQL, relation, a, b, entry->index, err))
		return false;
	joined_link(fold->joined, relation, a, b, entry->index,
	            row->first_entry == entry->index ? row->n : -1);
	return true;
}

/* Whichever way round it was made. */
static bool fold_unlink(struct fold *fold, struct file_row *row, const struct folding *entry,
                        const struct pack_relation *relation, struct str other, struct err *err)
{
	struct file_row *there;
	if (!fold_file_by_id(fold, other, &there, err) ||
	    !put_link(fold, UNLINK_SQL, relation, row->n, there->n, entry->index, err) ||
	    !put_link(fold, UNLINK_SQL, relation, there->n, row->n, entry->index, err))
		return false;
	joined_unlink(fold->joined, row->n, there->n);
	return true;
}

typedef bool fold_each_link(struct fold *fold, struct file_row *row, const struct folding *entry,
                            const struct pack_relation *relation, struct str other,
                            struct err *err);

static bool each_link(struct fold *fold, struct file_row *row, const struct folding *entry,
                      const struct pack_link *link, fold_each_link *fn, struct err *err)
{
	const struct json *value = json_member(entry->plain, link->field);
	const struct json *item = value && value->type == JSON_ARRAY ? value->first : value;
	for (; item; item = item == value ? NULL : item->next) {
		if (item->type == JSON_STRING &&
		    !fn(fold, row, entry, link->relation, item->string, err))
			return false;
	}
	return true;
}

static bool fold_links(struct fold *fold, struct file_row *row, const struct folding *entry,
                       struct err *err)
{
	const struct pack_kind *kind = entry->kind;
	for (size_t i = 0; i < kind->unlink_count; i++) {
		if (!each_link(fold, row, entry, &kind->unlinks[i], fold_unlink, err))
			return false;
	}
	for (size_t i = 0; i < kind->link_count; i++) {
		if (!each_link(fold, row, entry, &kind->links[i], fold_link, err))
			return false;
	}
	return true;
}

bool fold_linked(struct fold *fold, int64_t file, const struct pack_relation *on, struct rows *out,
                 struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	if (!store_prepare(fold->store, LINKED_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, file);
	store_bind_str(rows, 2, on->name);
	return rows_of_ids(out, fold->arena, rows, err);
}

/* --- settle, end, open --------------------------------------------------------------------- */

/* A visit of each file that `on` leads to from `row`, or of `row` itself. */
typedef bool each_file(struct fold *fold, struct file_row *row, const struct folding *entry,
                       void *ctx, struct err *err);

static bool for_each_file(struct fold *fold, struct file_row *row, const struct folding *entry,
                          const struct pack_relation *on, each_file *fn, void *ctx, struct err *err)
{
	struct rows found;
	if (!on)
		return fn(fold, row, entry, ctx, err);
	if (!fold_linked(fold, row->n, on, &found, err))
		return false;
	for (size_t i = 0; i < found.count; i++) {
		struct file_row *there;
		if (!fold_file(fold, rows_id(&found, i), &there, err))
			return false;
		/* A destroyed file owes nothing any more. */
		if (there->destroyed < 0 && !fn(fold, there, entry, ctx, err))
			return false;
	}
	return true;
}

static bool settle_here(struct fold *fold, struct file_row *row, const struct folding *entry,
                        void *ctx, struct err *err)
{
	const struct pack_settle *settle = ctx;
	return fold_settle(fold, row, entry, settle, err);
}

/* One duty for each value or row of a field, or one. */
static bool open_here(struct fold *fold, struct file_row *row, const struct folding *entry,
                      void *ctx, struct err *err)
{
	const struct pack_open *open = ctx;
	const struct json *each = open->each.p ? json_member(entry->plain, open->each) : NULL;
	bool repeated_owner = !each && !open->owner && open->duty->owner_count == 1 &&
	                      open->duty->owners[0].sort == PACK_OWNER_FIELD &&
	                      !open->duty->owners[0].column.p;
	if (repeated_owner)
		each = json_member(entry->plain, open->duty->owners[0].field);
	if (!each || each->type != JSON_ARRAY)
		return (open->each.p && !each) || fold_open_rule(fold, row, entry, open->duty,
		                                                 open->owner, STR_NONE, NULL, err);
	for (const struct json *item = each->first; item; item = item->next) {
		if (!fold_open_rule(fold, row, entry, open->duty, open->owner, STR_NONE, item, err))
			return false;
	}
	return true;
}

void world_of_entry(struct fold *fold, struct file_row *row, const struct folding *entry,
                    int64_t up_to, struct entry_world *out)
{
	out->world = (struct world){ .store = fold->store,
		                     .files = fold->file_tags,
		                     .pack = fold->pack,
		                     .chart = fold->chart,
		                     .arena = fold->arena,
		                     .row = row,
		                     .up_to = up_to };
	world_show(&out->world, &out->shown);
	out->shown.now = entry->recorded;
	out->shown.kind = entry->kind;
	out->shown.plain = entry->plain;
	out->shown.happened = entry->happened;
	out->shown.account = entry->account;
	out->shown.office = entry->office;
	out->shown.shows_act = up_to > entry->index;
}

static bool fold_duties(struct fold *fold, struct file_row *row, const struct folding *entry,
                        int old_state, struct err *err)
{
	const struct pack_kind *kind = entry->kind;
	struct entry_world judging;
	bool holds;
	world_of_entry(fold, row, entry, entry->index + 1, &judging);
	judging.shown.state = old_state;
	for (size_t i = 0; i < kind->settle_count; i++) {
		struct pack_settle settle = kind->settles[i];
		if (!pack_cond_holds(settle.when, &judging.shown, &holds, err) ||
		    (holds &&
		     !for_each_file(fold, row, entry, settle.on, settle_here, &settle, err)))
			return false;
	}
	for (size_t i = 0; i < kind->end_count; i++) {
		if (!pack_cond_holds(kind->ends[i].when, &judging.shown, &holds, err) ||
		    (holds && !fold_end_rule(fold, row, entry, kind->ends[i].duty, err)))
			return false;
	}
	for (size_t i = 0; i < kind->open_count; i++) {
		struct pack_open open = kind->opens[i];
		if (!pack_cond_holds(open.when, &judging.shown, &holds, err) ||
		    (holds && !for_each_file(fold, row, entry, open.on, open_here, &open, err)))
			return false;
	}
	return true;
}

/* --- the entry ----------------------------------------------------------------------------- */

/* Copied: an entry that follows from this one may bring another chart. */
static bool fold_area(struct fold *fold, struct file_row *row, const struct folding *entry,
                      struct err *err)
{
	if (row->type->area != PACK_AREA_FIELD)
		return true;
	struct str office = json_text(entry->plain, row->type->area_name);
	const struct chart_office *found = office.n ? chart_find(fold->chart, office) : NULL;
	if (!found)
		return true;
	row->area = arena_copy(fold->arena, found->area);
	/* Begun by the public: until an office writes, this one is that of the last entry. */
	if (entry->by != CASEBOOK_BY_OFFICE)
		row->last_office = arena_copy(fold->arena, found->id);
	return (row->area.p && row->last_office.p) ||
	       err_set(err, ERR_UNABLE, "There is no memory to fold an entry");
}

static bool fold_code(struct fold *fold, const struct file_row *row, const struct folding *entry,
                      struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
	struct str tag = json_text(entry->plain, STR("return"));
	if (!tag.n)
		return true;
	int64_t finder = finder_of_tag(tag), last;
	if (!store_get_int(fold->store, CODE_LAST_SQL, &last, err) ||
	    !store_prepare(fold->store, CODE_SQL, &put, err))
		return false;
	store_bind_int(put, 1, last + 1);
	store_bind_int(put, 2, row->n);
	store_bind_str(put, 3, tag);
	store_bind_int(put, 4, finder);
	if (!store_do(put, err))
		return false;
	return store_changes(fold->store) == 0 || /* the file had it */
	       tags_put(fold->code_tags, fold->store, finder, last + 1, err);
}

/* What was advised on, counted by office and month of the pack's zone. */
static bool fold_advised(struct fold *fold, const struct folding *entry, struct err *err)
{
	static const char ADVISED_SQL[] =
		"INSERT INTO advised (office, month, word, n) VALUES (?1, ?2, ?3, 1)"
		" ON CONFLICT (office, month, word) DO UPDATE SET n = advised.n + 1";
	const struct json *names = json_member(entry->plain, STR("advised"));
	if (!names || names->type != JSON_ARRAY || entry->by != CASEBOOK_BY_OFFICE)
		return true;
	struct day day = zone_day(fold->pack->zone, entry->recorded);
	for (const struct json *name = names->first; name; name = name->next) {
		CLEANUP(store_stmt_finish) struct store_stmt *put = NULL;
		if (name->type != JSON_STRING)
			continue;
		if (!store_prepare(fold->store, ADVISED_SQL, &put, err))
			return false;
		store_bind_str(put, 1, entry->office);
		store_bind_int(put, 2, day.year * 12 + day.month - 1);
		store_bind_str(put, 3, name->string);
		if (!store_do(put, err))
			return false;
	}
	return true;
}

const struct pack_file_type *fold_type_begun(const struct fold *fold, const struct folding *entry)
{
	const struct pack_file_type *type = NULL;
	struct str said = json_text(entry->plain, STR("file-type"));
	if (said.n)
		type = pack_file_type_find(fold->pack, said);
	for (size_t i = 0; !type && entry->kind && i < fold->pack->file_type_count; i++) {
		if (entry->kind->file_types >> i & 1)
			type = &fold->pack->file_types[i];
	}
	return type;
}

static bool take_file(struct fold *fold, const struct folding *entry, struct file_row **row,
                      struct err *err)
{
	if (fold_file(fold, entry->file, row, err))
		return true;
	if (err->code != ERR_ABSENT)
		return false;
	const struct pack_file_type *type = fold_type_begun(fold, entry);
	if (!type)
		return err_set(err, ERR_FAULT, "entry %" PRId64 " begins a file of no type",
		               entry->index);
	if (!fold_file_new(fold, entry->file, arena_copy(fold->arena, entry->file_id), type, row,
	                   err))
		return false;
	(*row)->first_entry = entry->index;
	joined_begin(fold->joined, fold->pack, entry->file, entry->index);
	return true;
}

/* What others agreed to is another thing now: acts that wait on the file fall. */
bool fold_end_waiting(struct fold *fold, const struct file_row *row, const struct folding *entry,
                      struct err *err)
{
	/* By waiting_file. */
	static const char OPEN_SQL[] =
		"SELECT entry FROM waiting WHERE file = ?1 AND closed IS NULL ORDER BY entry";
	static const char END_SQL[] = "UPDATE waiting SET closed = ?2 WHERE entry = ?1";
	for (;;) {
		CLEANUP(store_stmt_finish) struct store_stmt *open = NULL;
		CLEANUP(store_stmt_finish) struct store_stmt *end = NULL;
		if (!store_prepare(fold->store, OPEN_SQL, &open, err))
			return false;
		store_bind_int(open, 1, row->n);
		enum store_step step = store_step(open, err);
		if (step != STORE_ROW)
			return step == STORE_DONE;
		int64_t waiting = store_int(open, 0);
		store_stmt_finish(&open);
		if (!store_prepare(fold->store, END_SQL, &end, err))
			return false;
		store_bind_int(end, 1, waiting);
		store_bind_int(end, 2, entry->index);
		if (!store_do(end, err) ||
		    !fold_end_about(fold, waiting * FOLD_ORDINAL_BASE, entry, err))
			return false;
	}
}

static bool fold_by_rules(struct fold *fold, struct file_row *row, const struct folding *entry,
                          struct err *err)
{
	int old_state = row->state;
	bool is_changed = fold_facts(fold, row, entry);
	if (!fold_links(fold, row, entry, err))
		return false;
	int target = pack_kind_target(entry->kind, row->type, old_state, entry->plain);
	if (target >= 0) {
		bool was_final = row->type->final >> old_state & 1;
		row->state = target;
		row->has_ended = (row->type->final >> target & 1) && (row->has_ended || !was_final);
	}
	if ((is_changed || row->state != old_state) && !row->is_new &&
	    !fold_end_waiting(fold, row, entry, err))
		return false;
	return fold_taken(fold, entry, err) && fold_restrict(fold, row, entry, err) &&
	       fold_code(fold, row, entry, err) && fold_duties(fold, row, entry, old_state, err) &&
	       fold_tell_owners(fold, row, entry, err);
}

bool fold_entry(struct fold *fold, const struct folding *entry, struct err *err)
{
	struct file_row *row;
	fold->ordinal = 0;
	fold->chart_changed = fold->pack_changed = false;
	fold->act_index = entry->index;
	fold->act_recorded = entry->recorded;
	if (!take_file(fold, entry, &row, err))
		return false;
	row->last_entry = entry->index;
	row->is_dirty = row->is_touched = true;
	if (entry->by == CASEBOOK_BY_OFFICE) {
		struct str office = arena_copy(fold->arena, entry->office);
		if (!office.p)
			return err_set(err, ERR_UNABLE, "There is no memory to fold an entry");
		if (row->first_entry == entry->index)
			row->first_office = office;
		row->last_office = office;
	}
	if (row->first_entry == entry->index && row->type && !fold_area(fold, row, entry, err))
		return false;
	if (!fold_advised(fold, entry, err) || !fold_office_entry(fold, entry, err))
		return false;
	/* What a kind of the register's own means comes first: who takes a duty owes it before it
	 * settles. */
	if ((!entry->kind || entry->kind->is_built_in) && !fold_built_in(fold, row, entry, err))
		return false;
	return !entry->kind || !row->type || fold_by_rules(fold, row, entry, err);
}

bool fold_chart(struct fold *fold, struct chart **out, struct err *err)
{
	struct hash packs = packs_sum(fold->book, fold->pack_n);
	return chart_build(fold->store, fold->pack, &packs, out, err);
}

bool fold_change_chart(struct fold *fold, struct err *err)
{
	struct chart *there = NULL;
	bool is_own = fold->is_chart_own || !fold->chart;
	if (!is_own) {
		if (!fold_chart(fold, &there, err))
			return false;
		is_own = hash_eq(&there->seats, &fold->chart->seats);
		chart_give(there);
	}
	fold->is_chart_own = is_own;
	fold->chart_changed = true;
	return is_own || chart_is_foreign(casebook_dir(fold->book), err);
}

bool fold_refresh(struct fold *fold, bool *changed, struct err *err)
{
	struct chart *chart;
	*changed = fold->pack_changed || fold->chart_changed;
	if (fold->pack_changed) {
		const struct pack *old = fold->pack;
		fold->pack_n++;
		fold->pack = book_pack(fold->book, fold->pack_n);
		if (!fold->pack)
			return err_set(err, ERR_FAULT, "an adopted pack is not at hand");
		if (!fold_states_anew(fold, old, fold->pack, err) ||
		    !fold_facts_of_pack(fold, old, err))
			return false;
	}
	if (!*changed)
		return true;
	if (!fold_chart(fold, &chart, err))
		return false;
	if (fold->chart && !fold->chart_changed && !fold->is_chart_own &&
	    !hash_eq(&chart->seats, &fold->chart->seats)) {
		chart_give(chart);
		return chart_is_foreign(casebook_dir(fold->book), err);
	}
	chart_give(fold->chart);
	fold->chart = chart;
	return true;
}

/* --- the rest rule ------------------------------------------------------------------------- */

static bool open_rest(struct fold *fold, struct file_row *row, struct err *err)
{
	struct folding entry = {
		.index = fold->act_index,
		.recorded = fold->act_recorded,
		.happened = fold->act_recorded,
		.office = row->last_office,
	};
	return fold_open_rule(fold, row, &entry, fold->pack->rest, NULL, STR_NONE, NULL, err);
}

bool fold_end_act(struct fold *fold, struct err *err)
{
	if (!fold->in_act)
		return true;
	fold->in_act = false;
	for (size_t i = 0; i < fold->file_count; i++) {
		struct file_row *row = fold->files[i];
		if (!row->is_touched || !row->type || row->type->is_built_in || !fold->pack->rest)
			continue;
		row->is_touched = false;
		bool is_final = row->type->final >> row->state & 1;
		if (!is_final && row->open_duties == 0 && !open_rest(fold, row, err))
			return false;
	}
	return fold_write_rows(fold, err);
}
