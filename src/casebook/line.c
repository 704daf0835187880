/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A line of offices, and the people in it. */
#include "casebook/line.h"

/* By holding_account. A person's seats are few. */
static const char HELD_SQL[] =
	"SELECT office FROM holding WHERE account = ?1 AND (until IS NULL OR until > ?2)";

bool line_joins(const struct chart *chart, const struct chart_office *a,
                const struct chart_office *b)
{
	return a == b || chart_is_above(chart, a, b) || chart_is_above(chart, b, a);
}

static bool stood_in(const struct chart_office *seat, struct str account, instant since,
                     instant now)
{
	for (size_t i = 0; i < seat->deputy_count; i++) {
		const struct chart_seat *deputy = &seat->deputies[i];
		if (str_eq(deputy->account, account) && deputy->from <= now &&
		    deputy->until > since)
			return true;
	}
	return false;
}

bool line_seats(const struct chart *chart, const struct chart_office *office, struct str account,
                instant now)
{
	for (size_t i = 0; i < chart->office_count; i++) {
		const struct chart_office *seat = &chart->offices[i];
		if ((chart_holds(seat, account) || stood_in(seat, account, now, now)) &&
		    line_joins(chart, seat, office))
			return true;
	}
	return false;
}

bool line_has_account(struct store *store, const struct chart *chart,
                      const struct chart_office *office, struct str account, instant since,
                      instant now, bool *has, struct err *err)
{
	CLEANUP(store_stmt_finish) struct store_stmt *held = NULL;
	enum store_step step = STORE_DONE;
	*has = false;
	for (size_t i = 0; !*has && i < chart->office_count; i++) {
		const struct chart_office *seat = &chart->offices[i];
		*has = stood_in(seat, account, since, now) && line_joins(chart, seat, office);
	}
	if (*has)
		return true;
	if (!store_prepare(store, HELD_SQL, &held, err))
		return false;
	store_bind_str(held, 1, account);
	store_bind_int(held, 2, since);
	while (!*has && (step = store_step(held, err)) == STORE_ROW) {
		const struct chart_office *seat = chart_find(chart, store_str(held, 0));
		*has = seat && line_joins(chart, seat, office);
	}
	return *has || step == STORE_DONE;
}
