/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The world that conditions look at, read through one connection. */
#include "casebook/chart.h"
#include "casebook/finder.h"
#include "casebook/line.h"
#include "casebook/rows.h"
#include "casebook/world_parts.h"

#define FACTS_DEPTH 4
#define KEPT_MAX 64 /* entries of a file */
#define PLAIN_DEPTH 8
#define PLAIN_MAX ((size_t)128 << 10)

/* By entry_file(file, kind, idx), backwards. */
static const char ENTRIES_OF_KIND_SQL[] =
	"SELECT e.idx, e.header, e.plain, (SELECT 1 FROM corrected AS c WHERE c.of_entry = e.idx LIMIT 1)"
	" FROM entry AS e WHERE e.file = ?1 AND e.kind = ?2 AND e.idx < ?3"
	" AND e.header IS NOT NULL ORDER BY e.idx DESC";
/* By entry_file(file, …): a file's entries are few, the sort is of those. */
static const char ENTRIES_SQL[] =
	"SELECT e.idx, e.header, e.plain, (SELECT 1 FROM corrected AS c WHERE c.of_entry = e.idx LIMIT 1)"
	" FROM entry AS e WHERE e.file = ?1 AND e.idx < ?2"
	" AND e.header IS NOT NULL ORDER BY e.idx DESC";
/* By duty_file(file, id). */
static const char DUTIES_SQL[] =
	"SELECT rule, class, office, due, closed, closed_how, started FROM duty WHERE file = ?1 AND opened < ?2"
	" ORDER BY id";
static const char DUTIES_BY_SQL[] =
	"SELECT rule, class, office, due, closed, closed_how, started FROM duty WHERE file = ?1 AND opened < ?2"
	" AND rule = ?3 ORDER BY id";
/* By duty_closed(file, closed), twice: what is open, and what was when `up_to` came. */
#define OPEN_DUTIES_SQL(closed, rule)                                                              \
	"SELECT rule, class, office, due, closed, closed_how, started, id FROM duty"               \
	" WHERE file = ?1 AND opened < ?2 AND " closed rule
#define OPEN_DUTIES_BOTH_SQL(rule)                                                                 \
	OPEN_DUTIES_SQL("closed IS NULL", rule)                                                    \
	" UNION ALL " OPEN_DUTIES_SQL("closed >= ?2", rule) " ORDER BY 8"
static const char OPEN_SQL[] = OPEN_DUTIES_BOTH_SQL("");
static const char OPEN_BY_SQL[] = OPEN_DUTIES_BOTH_SQL(" AND rule = ?3");
static const char FILE_SQL[] =
	"SELECT id, type, number, state, facts, area, first_entry, last_entry, first_office, last_office,"
	" open_duties, destroyed FROM file WHERE n = ?1";
static const char FILE_ID_SQL[] = "SELECT id FROM file WHERE n = ?1";

struct world *world_of(const struct pack_world *world)
{
	return world->ctx;
}

bool world_no_room(struct err *err)
{
	return err_set(err, ERR_UNABLE, "This file is too large to judge at once");
}

/* --- rows ---------------------------------------------------------------------------------- */

static bool read_facts(const struct pack_file_type *type, struct arena *arena, struct str text,
                       struct str **out, struct err *err)
{
	const struct json *object = NULL;
	struct str *facts = arena_alloc(arena, type ? type->fact_count : 0, sizeof *facts);
	*out = facts;
	if (!facts)
		return world_no_room(err);
	if (!type || text.n <= 2)
		return true;
	if (!json_read_own(arena, arena_copy(arena, text), FACTS_DEPTH, &object, err))
		return false;
	for (size_t i = 0; i < type->fact_count; i++)
		facts[i] = json_text(object, type->facts[i].name);
	return true;
}

static bool fill_row(struct store_stmt *found, const struct pack *pack, struct arena *arena,
                     int64_t n, struct file_row *row, struct err *err)
{
	row->n = n;
	row->id = arena_copy(arena, store_str(found, 0));
	row->type_name = arena_copy(arena, store_str(found, 1));
	row->type = pack_file_type_find(pack, row->type_name);
	row->number = store_int(found, 2);
	row->state = (int)store_int(found, 3);
	row->area = arena_copy(arena, store_str(found, 5));
	row->first_entry = store_int(found, 6);
	row->last_entry = store_int(found, 7);
	row->first_office = arena_copy(arena, store_str(found, 8));
	row->last_office = arena_copy(arena, store_str(found, 9));
	row->open_duties = store_int(found, 10);
	row->destroyed = store_is_null(found, 11) ? -1 : store_int(found, 11);
	if (!row->id.p || !row->type_name.p || !row->area.p || !row->first_office.p ||
	    !row->last_office.p)
		return world_no_room(err);
	if (!read_facts(row->type, arena, store_str(found, 4), &row->facts, err))
		return false;
	row->born = file_row_born(pack, row);
	return true;
}

struct str file_row_born(const struct pack *pack, const struct file_row *row)
{
	const struct pack_fact *born = pack->born;
	bool is_here = born && row->type && born >= row->type->facts &&
	               born < row->type->facts + row->type->fact_count;
	return is_here ? row->facts[born->number] : STR_NONE;
}

bool file_row_read(struct store *store, const struct pack *pack, struct arena *arena, int64_t n,
                   struct file_row **out, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	struct file_row *row = arena_alloc(arena, 1, sizeof *row);
	if (!row)
		return world_no_room(err);
	if (!store_prepare(store, FILE_SQL, &found, err))
		return false;
	store_bind_int(found, 1, n);
	enum store_step step = store_step(found, err);
	if (step == STORE_FAILED)
		return false;
	if (step == STORE_DONE)
		return err_set(err, ERR_ABSENT, "There is no such file");
	*out = row;
	return fill_row(found, pack, arena, n, row, err);
}

bool file_row_place(struct store *store, struct arena *arena, int64_t n, struct file_row **out,
                    struct err *err)
{
	static const char PLACE_SQL[] =
		"SELECT area, first_office, last_office FROM file WHERE n = ?1";
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	struct file_row *row = arena_alloc(arena, 1, sizeof *row);
	if (!row)
		return world_no_room(err);
	if (!store_prepare(store, PLACE_SQL, &found, err))
		return false;
	store_bind_int(found, 1, n);
	enum store_step step = store_step(found, err);
	if (step != STORE_ROW)
		return step == STORE_FAILED ? false
		                            : err_set(err, ERR_ABSENT, "There is no such file");
	row->n = n;
	row->area = arena_copy(arena, store_str(found, 0));
	row->first_office = arena_copy(arena, store_str(found, 1));
	row->last_office = arena_copy(arena, store_str(found, 2));
	*out = row;
	return (row->area.p && row->first_office.p && row->last_office.p) || world_no_room(err);
}

struct id_wanted {
	struct store *store;
	struct str id;
};

static bool has_id(void *ctx, int64_t n, bool *yes, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *found = NULL;
	const struct id_wanted *wanted = ctx;
	*yes = false;
	if (!store_prepare(wanted->store, FILE_ID_SQL, &found, err))
		return false;
	store_bind_int(found, 1, n);
	enum store_step step = store_step(found, err);
	*yes = step == STORE_ROW && str_eq(store_str(found, 0), wanted->id);
	return step != STORE_FAILED;
}

bool file_row_by_id(struct store *store, struct tags *files, struct str id, int64_t *n,
                    struct err *err)
{
	struct id_wanted wanted = { store, id };
	int64_t finder = finder_of_id(id);
	bool is_first;
	if (!(files ? tags_find(files, store, finder, has_id, &wanted, n, err)
	            : tags_look(&file_tags, store, finder, has_id, &wanted, n, err)))
		return false;
	if (*n != 0)
		return true;
	if (!has_id(&wanted, 0, &is_first, err)) /* the register's own */
		return false;
	return is_first || err_set(err, ERR_ABSENT, "There is no such file");
}

/* --- answers to conditions ----------------------------------------------------------------- */

static struct str world_fact(const struct pack_world *world, const struct pack_fact *fact)
{
	const struct file_row *row = world_of(world)->row;
	return row && row->facts ? row->facts[fact->number] : STR_NONE;
}

/* The instant a member of the plain fields names, or `otherwise`. */
static instant plain_instant(struct str plain, struct str quoted_key, instant otherwise)
{
	size_t at = str_find_str(plain, quoted_key);
	instant found;
	if (at == plain.n)
		return otherwise;
	struct str rest = str_sub(plain, at + quoted_key.n, plain.n);
	return instant_read(str_sub(rest, 0, str_find(rest, '"')), &found) ? found : otherwise;
}

/* --- corrections: the newest plain value of a field is the one that is looked at -- */

static struct json *corrected_value(struct arena *arena, const struct pack_field *field,
                                    struct str text)
{
	struct json *value = NULL;
	uint64_t size;
	bool is_list = field->type == PACK_CODES || field->is_repeated,
	     is_negative = text.n > 1 && text.p[0] == '-';
	if (field->type == PACK_YES)
		value = json_bool(arena, str_eq(text, STR("yes")));
	else if ((field->type == PACK_INTEGER || field->type == PACK_ENTRY) &&
	         str_to_u64(str_sub(text, is_negative, text.n), JSON_INTEGER_MAX, &size))
		value = json_integer(arena, is_negative ? -(int64_t)size : (int64_t)size);
	else
		value = json_string(arena, arena_copy(arena, text));
	if (!is_list || !value)
		return value;
	struct json *list = json_array(arena);
	return list && json_push(list, value) ? list : NULL;
}

static bool put_corrected(struct world *world, struct store_stmt *rows, struct json *fields,
                          const struct pack_kind *kind, struct err *err)
{
	for (enum store_step step = STORE_ROW; step == STORE_ROW;) {
		const struct pack_field *field =
			kind ? pack_field_find(kind, store_str(rows, 0)) : NULL;
		struct json *value =
			field ? corrected_value(world->arena, field, store_str(rows, 1)) : NULL;
		if (field && !value)
			return world_no_room(err);
		for (struct json *member = fields->first; value && member; member = member->next) {
			if (!str_eq(member->key, field->name))
				continue;
			struct json *next = member->next;
			value->key = member->key;
			*member = *value;
			member->next = next;
			value = NULL;
		}
		if (value && !json_put(fields, field->name, value))
			return world_no_room(err);
		step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
	}
	return true;
}

static bool apply_corrections(struct world *world, struct pack_seen *seen, struct err *err)
{
	/* By the primary key. */
	static const char CORRECTED_SQL[] =
		"SELECT field, value FROM corrected WHERE of_entry = ?1 ORDER BY field";
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	const struct json *plain = NULL;
	struct buf text;
	if (!store_prepare(world->store, CORRECTED_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, seen->index);
	enum store_step step = store_step(rows, err);
	if (step != STORE_ROW)
		return step == STORE_DONE;
	if (!json_read(world->arena, arena_copy(world->arena, seen->plain), PLAIN_DEPTH, &plain,
	               err))
		return false;
	struct json *fields = json_object(world->arena);
	for (const struct json *member = plain->first; fields && member; member = member->next) {
		struct json *copy = arena_alloc(world->arena, 1, sizeof *copy);
		if (!copy)
			return world_no_room(err);
		*copy = *member;
		copy->next = NULL;
		json_put(fields, member->key, copy);
	}
	if (!fields || !put_corrected(world, rows, fields, seen->kind, err))
		return fields ? false : world_no_room(err);
	buf_init(&text, PLAIN_MAX);
	json_write(&text, fields);
	seen->plain = arena_copy(world->arena, buf_str(&text));
	bool done = !text.full && seen->plain.p;
	buf_finish(&text);
	return done || world_no_room(err);
}

bool world_see(struct world *world, struct store_stmt *rows, struct str file,
               struct pack_seen *seen, struct err *err)
{
	struct log_header header;
	if (!log_header_glance(store_blob(rows, 1), &header, err))
		return false;
	*seen = (struct pack_seen){
		.index = store_int(rows, 0),
		.kind = pack_kind_find(world->pack, header.kind),
		.recorded = header.recorded,
		.plain = store_str(rows, 2),
		.by_register = header.by == LOG_BY_REGISTER,
	};
	seen->file = file.p ? file : arena_copy(world->arena, id_str(&header.file));
	if (!seen->file.p)
		return world_no_room(err);
	if (!store_is_null(rows, 3) && !apply_corrections(world, seen, err))
		return false;
	seen->happened = plain_instant(seen->plain, STR("\"happened\":\""), header.recorded);
	if (header.by == LOG_BY_ACCOUNT) {
		seen->account = arena_copy(world->arena, id_str(&header.account));
		seen->office = arena_copy(world->arena, header.office);
		if (!seen->account.p || !seen->office.p)
			return world_no_room(err);
	}
	return true;
}

static bool visit_rows(struct world *world, const struct file_row *row,
                       const struct pack_kind *kind, pack_visit_entry *visit, void *ctx,
                       bool *go_on, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	if (!store_prepare(world->store, kind ? ENTRIES_OF_KIND_SQL : ENTRIES_SQL, &rows, err))
		return false;
	store_bind_int(rows, 1, row->n);
	if (kind)
		store_bind_str(rows, 2, kind->name);
	store_bind_int(rows, kind ? 3 : 2, world->up_to);
	while (*go_on) {
		struct pack_seen seen;
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			break;
		if (!world_see(world, rows, row->id, &seen, err))
			return false;
		if (seen.kind || kind)
			*go_on = visit(ctx, &seen);
	}
	return true;
}

struct kept_entries {
	struct rows rows;
	bool is_out;
};

static bool keep_entry(void *ctx, const struct pack_seen *seen)
{
	struct kept_entries *kept = ctx;
	struct pack_seen *row = kept->rows.count < KEPT_MAX ? rows_add(&kept->rows) : NULL;
	if (row) {
		*row = *seen;
		row->plain = arena_copy(kept->rows.arena, seen->plain);
	}
	kept->is_out = !row || !row->plain.p;
	return !kept->is_out;
}

/* A long file is not kept: then the table is asked each time, by the kind that is wanted. */
static bool keep_entries(struct world *world, struct err *err)
{
	struct kept_entries *kept = arena_alloc(world->arena, 1, sizeof *kept);
	bool go_on = true;
	if (!kept)
		return world_no_room(err);
	kept->rows = (struct rows){ .arena = world->arena, .size = sizeof(struct pack_seen) };
	if (!visit_rows(world, world->row, NULL, keep_entry, kept, &go_on, err))
		return false;
	world->entries = &kept->rows;
	world->keeps_entries = !kept->is_out;
	return true;
}

/* Entries of one file of one kind (NULL: any), newest first; *go_on false once a visitor stopped.
 */
static bool visit_entries(struct world *world, const struct file_row *row,
                          const struct pack_kind *kind, pack_visit_entry *visit, void *ctx,
                          bool *go_on, struct err *err)
{
	bool is_own = world->row && row->n == world->row->n;
	if (is_own && world->keeps_entries && !world->entries && !keep_entries(world, err))
		return false;
	if (!is_own || !world->keeps_entries)
		return visit_rows(world, row, kind, visit, ctx, go_on, err);
	const struct pack_seen *seen = world->entries->at;
	for (size_t i = 0; *go_on && i < world->entries->count; i++) {
		if (!kind || seen[i].kind == kind)
			*go_on = visit(ctx, &seen[i]);
	}
	return true;
}

/* Several kinds of one file must come newest first over all of them: merged by walking every entry.
 */
struct chosen_kinds {
	const struct pack_kind *const *kinds;
	size_t count;
	pack_visit_entry *visit;
	void *ctx;
};

static bool visit_chosen(void *ctx, const struct pack_seen *seen)
{
	const struct chosen_kinds *chosen = ctx;
	for (size_t i = 0; i < chosen->count; i++) {
		if (chosen->kinds[i] == seen->kind)
			return chosen->visit(chosen->ctx, seen);
	}
	return true;
}

bool world_visit_file(struct world *world, const struct file_row *row,
                      const struct pack_kind *const *kinds, size_t count, pack_visit_entry *visit,
                      void *ctx, bool *go_on, struct err *err)
{
	struct chosen_kinds chosen = { kinds, count, visit, ctx };
	if (count == 1)
		return visit_entries(world, row, kinds[0], visit, ctx, go_on, err);
	if (count == 0)
		return visit_entries(world, row, NULL, visit, ctx, go_on, err);
	return visit_entries(world, row, NULL, visit_chosen, &chosen, go_on, err);
}

struct newer {
	int64_t than;
	pack_visit_entry *visit;
	void *ctx;
};

/* They come newest first: what follows is older still. */
static bool visit_newer(void *ctx, const struct pack_seen *seen)
{
	const struct newer *newer = ctx;
	return seen->index >= newer->than && newer->visit(newer->ctx, seen);
}

static bool world_entries(const struct pack_world *shown, const struct pack_kind *const *kinds,
                          size_t count, const struct pack_relation *through,
                          pack_visit_entry *visit, void *ctx, struct err *err)
{
	struct world *world = world_of(shown);
	struct newer newer = { world->newer, visit, ctx };
	bool go_on = true;
	if (!world->row)
		return true;
	if (world->pattern && world->newer > 0)
		return world_joined(shown, kinds, count, through, visit_newer, &newer, err);
	if (world->pattern)
		return world_joined(shown, kinds, count, through, visit, ctx, err);
	if (through)
		return world_linked_entries(shown, kinds, count, through, visit, ctx, err);
	return world_visit_file(world, world->row, kinds, count, visit, ctx, &go_on, err);
}

/* Patterns alone ask it often; otherwise it is as if it had been there always. */
static bool world_began(const struct pack_world *shown, instant *at, struct err *err)
{
	*at = INSTANT_MIN;
	return !world_of(shown)->pattern || world_joined_began(shown, at, err);
}

static bool world_at_most(const struct pack_world *shown, const struct pack_kind *const *kinds,
                          size_t count, const struct pack_relation *through, int64_t *most,
                          struct err *err)
{
	*most = INT64_MAX;
	return !world_of(shown)->pattern ||
	       world_joined_count(shown, kinds, count, through, most, err);
}

static struct pack_seen_duty read_duty(const struct world *world, struct store_stmt *rows,
                                       instant now)
{
	bool is_open = store_is_null(rows, 4) || store_int(rows, 4) >= world->up_to;
	return (struct pack_seen_duty){
		.rule = store_str(rows, 0),
		.class = (enum pack_class)store_int(rows, 1),
		.office = store_str(rows, 2),
		.is_open = is_open,
		.is_late = is_open && now >= store_int(rows, 3),
		.is_settled = !is_open && str_eq(store_str(rows, 5), STR("settled")),
		.started = store_int(rows, 6),
	};
}

static bool visit_duties(struct world *world, const char *sql, const struct pack_duty *rule,
                         instant now, pack_visit_duty *visit, void *ctx, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	if (!store_prepare(world->store, sql, &rows, err))
		return false;
	store_bind_int(rows, 1, world->row->n);
	store_bind_int(rows, 2, world->up_to);
	if (rule)
		store_bind_str(rows, 3, rule->name);
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			return true;
		struct pack_seen_duty duty = read_duty(world, rows, now);
		if (!visit(ctx, &duty))
			return true;
	}
}

struct kept_duties {
	struct rows rows;
	bool is_out;
};

static bool keep_duty(void *ctx, const struct pack_seen_duty *duty)
{
	struct kept_duties *kept = ctx;
	struct pack_seen_duty *row = rows_add(&kept->rows);
	if (row) {
		*row = *duty;
		row->rule = arena_copy(kept->rows.arena, duty->rule);
		row->office = arena_copy(kept->rows.arena, duty->office);
	}
	kept->is_out = !row || !row->rule.p || !row->office.p;
	return !kept->is_out;
}

/* A list that has no room is not kept: then the table is asked each time. */
static bool keep_duties(struct world *world, instant now, struct err *err)
{
	struct kept_duties *kept = arena_alloc(world->arena, 1, sizeof *kept);
	if (!kept)
		return world_no_room(err);
	kept->rows = (struct rows){ .arena = world->arena, .size = sizeof(struct pack_seen_duty) };
	if (!visit_duties(world, DUTIES_SQL, NULL, now, keep_duty, kept, err))
		return false;
	world->duties = &kept->rows;
	world->keeps_duties = !kept->is_out;
	return true;
}

static bool world_duties(const struct pack_world *shown, const struct pack_duty *rule,
                         pack_visit_duty *visit, void *ctx, struct err *err)
{
	struct world *world = world_of(shown);
	if (!world->row)
		return true;
	if (world->keeps_duties && !world->duties && !keep_duties(world, shown->now, err))
		return false;
	if (!world->keeps_duties)
		return visit_duties(world, rule ? DUTIES_BY_SQL : DUTIES_SQL, rule, shown->now,
		                    visit, ctx, err);
	const struct pack_seen_duty *duties = world->duties->at;
	for (size_t i = 0; i < world->duties->count; i++) {
		if ((!rule || str_eq(rule->name, duties[i].rule)) && !visit(ctx, &duties[i]))
			break;
	}
	return true;
}

static bool world_open_duties(const struct pack_world *shown, const struct pack_duty *rule,
                              pack_visit_duty *visit, void *ctx, struct err *err)
{
	struct world *world = world_of(shown);
	if (!world->row)
		return true;
	if (world->duties && world->keeps_duties)
		return world_duties(shown, rule, visit, ctx, err);
	return visit_duties(world, rule ? OPEN_BY_SQL : OPEN_SQL, rule, shown->now, visit, ctx,
	                    err);
}

/* The world of another file, whose row is still to be found: nothing of this one is kept. */
static struct world *look_elsewhere(const struct world *world, struct err *err)
{
	struct world *there = arena_alloc(world->arena, 1, sizeof *there);
	if (!there) {
		(void)world_no_room(err);
		return NULL;
	}
	*there = *world;
	there->linking = NULL;
	there->pattern = NULL;
	there->duties = NULL;
	there->entries = NULL;
	there->row = NULL;
	return there;
}

static bool show_elsewhere(struct world *there, const struct pack_world *shown,
                           struct pack_world *other)
{
	world_show(there, other);
	other->now = shown->now;
	other->account = shown->account;
	other->office = shown->office;
	return true;
}

static bool world_at_file(const struct pack_world *shown, const struct pack_seen_file *file,
                          struct pack_world *other, struct err *err)
{
	struct world *there = look_elsewhere(world_of(shown), err);
	return there && world_row(world_of(shown), file->file, &there->row, err) &&
	       show_elsewhere(there, shown, other);
}

/* Its entries are many: none is kept, what is asked for is found by its kind. */
static bool world_at_register(const struct pack_world *shown, struct pack_world *other,
                              struct err *err)
{
	struct world *there = look_elsewhere(world_of(shown), err);
	if (!there)
		return false;
	there->keeps_duties = there->keeps_entries = false;
	there->row = there->fold ? fold_in_hand(there->fold, 0) : NULL;
	return (there->row ||
	        file_row_read(there->store, there->pack, there->arena, 0, &there->row, err)) &&
	       show_elsewhere(there, shown, other);
}

static const struct pack_office *world_role_of(const struct pack_world *shown, struct str office)
{
	const struct chart_office *found = chart_find(world_of(shown)->chart, office);
	return found ? found->role : NULL;
}

static bool world_owner(const struct pack_world *shown, const struct pack_owner *owner,
                        struct str *office, struct err *err)
{
	struct world *world = world_of(shown);
	struct owner_context context = {
		.chart = world->chart,
		.row = world->row,
		.plain = shown->plain,
		.office = shown->office,
		.owner = shown->office,
	};
	(void)err;
	*office = world->row ? owner_resolve(&context, owner) : STR_NONE;
	return true;
}

static bool world_second(const struct pack_world *shown, const struct pack_office *role)
{
	const struct world *world = world_of(shown);
	for (size_t i = 0; i < world->second_count; i++) {
		if (str_eq(world->seconds[i], role->name))
			return true;
	}
	return false;
}

static bool world_outside_line(const struct pack_world *shown, struct str office, struct str other,
                               bool *is_outside, struct err *err)
{
	const struct world *world = world_of(shown);
	const struct chart *chart = world->chart;
	const struct chart_office *a = chart_find(chart, office), *b = chart_find(chart, other);
	bool has_seat = false;
	*is_outside = a && b && !line_joins(chart, a, b) && !chart_share_holder(a, b);
	if (!*is_outside || !shown->account.p)
		return true;
	/* Whoever acts takes his other seats along. */
	if (!line_has_account(world->store, chart, b, shown->account,
	                      world->since ? world->since : shown->now, shown->now, &has_seat, err))
		return false;
	*is_outside = !has_seat;
	return true;
}

void world_show(struct world *world, struct pack_world *out)
{
	static const struct pack_world_calls calls = {
		.fact = world_fact,
		.entries = world_entries,
		.began = world_began,
		.at_most = world_at_most,
		.duties = world_duties,
		.open_duties = world_open_duties,
		.links = world_links,
		.at_file = world_at_file,
		.at_register = world_at_register,
		.owed = world_owed,
		.owes_on = world_owes_on,
		.anywhere = world_anywhere,
		.role_of = world_role_of,
		.owner = world_owner,
		.second = world_second,
		.outside_line = world_outside_line,
		.held_until = world_held_until,
	};
	*out = (struct pack_world){
		.calls = &calls,
		.ctx = world,
		.pack = world->pack,
		.type = world->row ? world->row->type : NULL,
		.state = world->row ? world->row->state : 0,
	};
}
