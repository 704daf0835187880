/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: the columns of a duty, for the sources that list duties. */
#ifndef CANDOUR_CASEBOOK_QUERY_ROWS_H
#define CANDOUR_CASEBOOK_QUERY_ROWS_H

#include "casebook/query.h"
#include "casebook/rows.h"

/* d: the duty, f: its file, e: the entry that opened it. */
#define DUTY_COLUMNS                                                                                      \
	"SELECT d.id, d.file, d.rule, d.pack, d.class, d.office, d.opened, d.started, d.due, d.last_day," \
	" d.provisional, d.agreed, d.ladder, d.rung, d.next_at, d.closed, d.closed_at, d.closed_how,"     \
	" d.done_at, f.id, f.type, f.number, e.header"                                                               \
	" FROM duty AS d JOIN file AS f ON f.n = d.file JOIN entry AS e ON e.idx = d.opened"

/*
 * The bursts among what is open (`among` narrows it): office, rule and hour of more than ?5 duties
 * that began with their files. By duty_open or duty_due; no more than this many of the first due
 * are looked through, so that a flood costs no more than this at any size.
 */
#define BURST_HOUR_US "3600000000"
#define BURSTS_AMONG(among)                                                                         \
	"SELECT b.office, b.rule, b.hour FROM (SELECT d.office AS office, d.rule AS rule,"          \
	" d.started / " BURST_HOUR_US                                                               \
	" AS hour FROM duty AS d JOIN file AS f ON f.n = d.file WHERE " among                       \
	" AND d.closed IS NULL AND d.opened = f.first_entry ORDER BY d.due, d.id LIMIT 20000) AS b" \
	" GROUP BY b.office, b.rule, b.hour HAVING COUNT(*) > ?5"
#define APART_FROM(among)                                                                          \
	" AND (d.opened <> f.first_entry OR (d.office, d.rule, d.started / " BURST_HOUR_US         \
	") NOT IN (" BURSTS_AMONG(among) "))"
#define AMONG_OFFICE "d.office = ?1"
#define AMONG_LATE "d.due <= ?1"

/*
 * All rows of a bound statement that begins with DUTY_COLUMNS and asks for one more than `limit`:
 * the last only says that there is more.
 */
bool duty_rows(struct casebook_reader *reader, struct arena *arena, struct store_stmt *stmt,
               size_t limit, struct casebook_duty_list *out, struct err *err) MUST_USE;

#endif
