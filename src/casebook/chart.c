/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "casebook/chart.h"

#include <stdlib.h>

#define CHART_ARENA_MAX ((size_t)64 << 20)
#define CHART_DEPTH_MAX 16 /* a line longer than this is a circle, whatever the pack says */

/* Whole tables, read once for each change of an office: no index needed. */
static const char OFFICES_SQL[] =
	"SELECT id, role, agency, area, title, file, vacant_since, CASE WHEN EXISTS (SELECT 1 FROM holding AS h"
	" WHERE h.office = o.id) THEN 1 ELSE 0 END FROM office AS o ORDER BY id";
static const char HOLDERS_SQL[] =
	"SELECT account, since, until FROM holding WHERE office = ?1 AND until IS NULL ORDER BY since, account";
static const char DEPUTIES_SQL[] =
	"SELECT account, from_at, until_at FROM deputising WHERE office = ?1 ORDER BY entry";
static const char COUNT_SQL[] = "SELECT COUNT(*) FROM office";

static bool no_room(struct err *err)
{
	return err_set(err, ERR_UNABLE, "There is no memory for the chart of offices");
}

/* The seats that a statement of account, from, until finds for an office. */
static bool read_seats(struct store *store, struct arena *arena, const char *sql, struct str office,
                       const struct chart_seat **out, size_t *count, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	struct chart_seat *found = NULL;
	size_t n = 0, room = 0;
	if (!store_prepare(store, sql, &rows, err))
		return false;
	store_bind_str(rows, 1, office);
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE)
			break;
		if (n == room) {
			struct chart_seat *more =
				arena_alloc(arena, room += room + 4, sizeof *more);
			if (!more)
				return no_room(err);
			if (found)
				memcpy(more, found, n * sizeof *more);
			found = more;
		}
		found[n].account = arena_copy(arena, store_str(rows, 0));
		found[n].from = store_int(rows, 1);
		found[n].until = store_int(rows, 2);
		if (!found[n++].account.p)
			return no_room(err);
	}
	*out = found;
	*count = n;
	return true;
}

static bool read_office(struct store_stmt *rows, const struct pack *pack, struct arena *arena,
                        struct chart_office *office, struct err *err)
{
	office->id = arena_copy(arena, store_str(rows, 0));
	office->role_name = arena_copy(arena, store_str(rows, 1));
	office->agency = arena_copy(arena, store_str(rows, 2));
	office->area = arena_copy(arena, store_str(rows, 3));
	office->title = arena_copy(arena, store_str(rows, 4));
	office->file = store_int(rows, 5);
	office->vacant_since = store_int(rows, 6);
	office->is_begun = store_int(rows, 7) != 0;
	if (!office->id.p || !office->role_name.p || !office->agency.p || !office->area.p ||
	    !office->title.p)
		return no_room(err);
	office->role = pack_office_find(pack, office->role_name);
	return true;
}

static bool read_offices(struct store *store, struct chart *chart, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *rows = NULL;
	int64_t room = 0;
	size_t n = 0;
	if (!store_get_int(store, COUNT_SQL, &room, err) ||
	    !store_prepare(store, OFFICES_SQL, &rows, err))
		return false;
	struct chart_office *offices = arena_alloc(chart->arena, (size_t)room, sizeof *offices);
	if (!offices)
		return no_room(err);
	for (;;) {
		enum store_step step = store_step(rows, err);
		if (step == STORE_FAILED)
			return false;
		if (step == STORE_DONE || n == (size_t)room)
			break;
		if (!read_office(rows, chart->pack, chart->arena, &offices[n++], err))
			return false;
	}
	for (size_t i = 0; i < n; i++) {
		struct chart_office *office = &offices[i];
		if (!read_seats(store, chart->arena, HOLDERS_SQL, office->id, &office->holders,
		                &office->holder_count, err) ||
		    !read_seats(store, chart->arena, DEPUTIES_SQL, office->id, &office->deputies,
		                &office->deputy_count, err))
			return false;
	}
	chart->offices = offices;
	chart->office_count = n;
	return true;
}

/* Instances by role: by_role[role_first[r] .. role_first[r + 1]). */
static bool sort_by_role(struct chart *chart, struct err *err)
{
	size_t roles = chart->pack->office_count, at = 0;
	const struct chart_office **by_role =
		arena_alloc(chart->arena, chart->office_count, sizeof *by_role);
	size_t *first = arena_alloc(chart->arena, roles + 1, sizeof *first);
	if (!by_role || !first)
		return no_room(err);
	for (size_t r = 0; r < roles; r++) {
		first[r] = at;
		for (size_t i = 0; i < chart->office_count; i++) {
			if (chart->offices[i].role == &chart->pack->offices[r])
				by_role[at++] = &chart->offices[i];
		}
	}
	first[roles] = at;
	chart->by_role = by_role;
	chart->role_first = first;
	return true;
}

static void add_number(struct hasher *hasher, int64_t number)
{
	uint8_t bytes[8];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)((uint64_t)number >> (56 - 8 * i));
	hasher_add(hasher, str_from_bytes(bytes, sizeof bytes));
}

static void add_text(struct hasher *hasher, struct str text)
{
	add_number(hasher, (int64_t)text.n);
	hasher_add(hasher, text);
}

static void add_seats(struct hasher *hasher, const struct chart_seat *seats, size_t count)
{
	add_number(hasher, (int64_t)count);
	for (size_t i = 0; i < count; i++) {
		add_text(hasher, seats[i].account);
		add_number(hasher, seats[i].from);
		add_number(hasher, seats[i].until);
	}
}

/* Made for an area, and never held. */
static bool stands_by(const struct chart_office *office)
{
	return !office->is_begun && !str_eq(office->area, STR("-"));
}

static void add_office(struct hasher *hasher, const struct chart_office *office)
{
	add_text(hasher, office->id);
	add_text(hasher, office->role_name);
	add_text(hasher, office->agency);
	add_text(hasher, office->area);
	add_text(hasher, office->title);
	add_number(hasher, office->file);
	add_number(hasher, office->vacant_since);
	add_seats(hasher, office->holders, office->holder_count);
	add_seats(hasher, office->deputies, office->deputy_count);
	if (stands_by(office))
		add_text(hasher, STR("stands by"));
}

/* Every text with its length, every list with its count: no row is read as a part of another. */
static bool add_up(struct chart *chart, const struct hash *packs, struct err *err)
{
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	if (!hasher)
		return no_room(err);
	hasher_start(hasher);
	for (size_t i = 0; i < chart->office_count; i++)
		add_office(hasher, &chart->offices[i]);
	chart->seats = hasher_end(hasher);
	hasher_start(hasher);
	hasher_add(hasher, hash_str(&chart->seats));
	hasher_add(hasher, hash_str(packs));
	if (chart->is_opened)
		hasher_add(hasher, STR("opened"));
	chart->sum = hasher_end(hasher);
	return true;
}

static bool read_opened(struct store *store, bool *is_opened, struct err *err)
{
	static const char OPENED_SQL[] =
		"SELECT COUNT(*) FROM (SELECT 1 FROM entry WHERE file = 0 AND kind = 'register.opened' LIMIT 1) o";
	int64_t count;
	if (!store_get_int(store, OPENED_SQL, &count, err))
		return false;
	*is_opened = count > 0;
	return true;
}

bool chart_build(struct store *store, const struct pack *pack, const struct hash *packs,
                 struct chart **out, struct err *err)
{
	struct arena *arena = arena_create(CHART_ARENA_MAX);
	struct chart *chart = arena ? calloc(1, sizeof *chart) : NULL;
	*out = NULL;
	if (!chart) {
		arena_destroy(arena);
		return no_room(err);
	}
	chart->references = 1;
	chart->arena = arena;
	chart->pack = pack;
	if (!read_offices(store, chart, err) || !read_opened(store, &chart->is_opened, err) ||
	    !add_up(chart, packs, err) || !sort_by_role(chart, err)) {
		chart_give(chart);
		return false;
	}
	*out = chart;
	return true;
}

bool chart_is_foreign(const char *dir, struct err *err)
{
	return err_set(
		err, ERR_UNABLE,
		"The offices, who holds them, or the packs they act by are not as this register"
		" wrote them: somebody changed the database by hand. Keep a copy of %s, and see what"
		" was changed with candour verify %s. Offices are made anew from the entries:"
		" candour refold %s; packs come from a backup",
		dir, dir, dir);
}

struct chart *chart_take(struct chart *chart)
{
	if (chart)
		chart->references++;
	return chart;
}

void chart_give(struct chart *chart)
{
	if (!chart || --chart->references > 0)
		return;
	arena_destroy(chart->arena);
	free(chart);
}

const struct chart_office *chart_of_file(const struct chart *chart, int64_t file)
{
	for (size_t i = 0; chart && i < chart->office_count; i++) {
		if (chart->offices[i].file == file)
			return &chart->offices[i];
	}
	return NULL;
}

const struct chart_office *chart_find(const struct chart *chart, struct str id)
{
	size_t low = 0, high = chart->office_count;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = str_compare(chart->offices[mid].id, id);
		if (order == 0)
			return &chart->offices[mid];
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* A ladder of an older pack names roles of that pack: today's of the same name is meant.
 */
static const struct pack_office *role_today(const struct chart *chart,
                                            const struct pack_office *role)
{
	if (role->number < chart->pack->office_count && &chart->pack->offices[role->number] == role)
		return role;
	return pack_office_find(chart->pack, role->name);
}

const struct chart_office *chart_instance(const struct chart *chart, const struct pack_office *role,
                                          struct str area, struct str agency)
{
	const struct chart_office *by_area = NULL, *by_agency = NULL, *general = NULL;
	size_t in_area = 0, in_agency = 0;
	role = role_today(chart, role);
	if (!role)
		return NULL;
	for (size_t i = chart->role_first[role->number]; i < chart->role_first[role->number + 1];
	     i++) {
		const struct chart_office *office = chart->by_role[i];
		if (str_eq(office->area, STR("-")) && !general)
			general = office;
		if (!area.n || !str_eq(office->area, area) || stands_by(office))
			continue;
		by_area = office;
		in_area++;
		if (agency.n && str_eq(office->agency, agency)) {
			by_agency = office;
			in_agency++;
		}
	}
	if (in_area == 1)
		return by_area;
	return in_agency == 1 ? by_agency : general;
}

const struct chart_office *chart_above(const struct chart *chart, const struct chart_office *office)
{
	if (!office->role || !office->role->line)
		return NULL;
	return chart_instance(chart, office->role->line, office->area, office->agency);
}

bool chart_is_held(const struct chart_office *office)
{
	return office->holder_count > 0;
}

bool chart_holds(const struct chart_office *office, struct str account)
{
	for (size_t i = 0; i < office->holder_count; i++) {
		if (str_eq(office->holders[i].account, account))
			return true;
	}
	return false;
}

static bool is_named_deputy(const struct chart_office *office, struct str account, instant now)
{
	for (size_t i = 0; i < office->deputy_count; i++) {
		const struct chart_seat *deputy = &office->deputies[i];
		if (str_eq(deputy->account, account) && now >= deputy->from && now < deputy->until)
			return true;
	}
	return false;
}

/* Holders of the roles that the pack names as deputies, when the office is vacant. */
static bool holds_deputy_role(const struct chart *chart, const struct chart_office *office,
                              struct str account)
{
	if (!office->role || chart_is_held(office))
		return false;
	for (size_t i = 0; i < office->role->deputy_count; i++) {
		const struct chart_office *deputy = chart_instance(chart, office->role->deputies[i],
		                                                   office->area, office->agency);
		if (deputy && chart_holds(deputy, account))
			return true;
	}
	return false;
}

bool chart_may_act(const struct chart *chart, const struct chart_office *office, struct str account,
                   instant now, bool *is_deputy)
{
	*is_deputy = false;
	if (chart_holds(office, account))
		return true;
	*is_deputy = true;
	if (is_named_deputy(office, account, now) || holds_deputy_role(chart, office, account))
		return true;
	if (!chart_is_held(office)) {
		const struct chart_office *above = chart_first_held_in_line(chart, office);
		if (above && chart_holds(above, account))
			return true;
	}
	*is_deputy = false;
	return false;
}

const struct chart_office *chart_first_held_in_line(const struct chart *chart,
                                                    const struct chart_office *office)
{
	const struct chart_office *at = chart_above(chart, office);
	for (int depth = 0; at && depth < CHART_DEPTH_MAX; depth++) {
		if (chart_is_held(at))
			return at;
		at = chart_above(chart, at);
	}
	return NULL;
}

const struct chart_office *chart_told_of_vacancy(const struct chart *chart,
                                                 const struct chart_office *office)
{
	const struct chart_office *at = chart_first_held_in_line(chart, office);
	if (at)
		return at;
	const struct pack_office *administrator =
		pack_office_find(chart->pack, STR("register-administrator"));
	const struct chart_office *last =
		administrator ? chart_instance(chart, administrator, STR_NONE, STR_NONE) : NULL;
	return last != office ? last : NULL;
}

bool chart_is_above(const struct chart *chart, const struct chart_office *above,
                    const struct chart_office *office)
{
	const struct chart_office *at = chart_above(chart, office);
	for (int depth = 0; at && depth < CHART_DEPTH_MAX; depth++) {
		if (at == above)
			return true;
		at = chart_above(chart, at);
	}
	return false;
}

bool chart_share_holder(const struct chart_office *a, const struct chart_office *b)
{
	for (size_t i = 0; i < a->holder_count; i++) {
		if (chart_holds(b, a->holders[i].account))
			return true;
	}
	return false;
}
