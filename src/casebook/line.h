/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A line of offices, and the people in it: what is to be read from outside a line is read by a
 * person who stands outside it, whichever chair he reads it from. */
#ifndef CANDOUR_CASEBOOK_LINE_H
#define CANDOUR_CASEBOOK_LINE_H

#include "casebook/chart.h"

/* Whether the one is the other, or stands above or below it. */
bool line_joins(const struct chart *chart, const struct chart_office *a,
                const struct chart_office *b);
/* Whether the account holds an office in the line of `office` now, or stands in for one by name. */
bool line_seats(const struct chart *chart, const struct chart_office *office, struct str account,
                instant now);
/* Whether the account holds an office in the line of `office`, or stands in for one by name; or did
 * at any time from `since` to `now`. */
bool line_has_account(struct store *store, const struct chart *chart,
                      const struct chart_office *office, struct str account, instant since,
                      instant now, bool *has, struct err *err) MUST_USE;

#endif
