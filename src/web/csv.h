/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: tables for spreadsheets (RFC 4180, UTF-8, the first row
 * names the columns). A cell that a spreadsheet would take for a formula is
 * preceded by an apostrophe.
 */
#ifndef CANDOUR_WEB_CSV_H
#define CANDOUR_WEB_CSV_H

#include "base/base.h"

#define CSV_TYPE "text/csv; charset=utf-8; header=present"

void csv_cell(struct buf *out, struct str text);
/* `count` cells, each a struct str, and the end of the line. */
void csv_row(struct buf *out, int count, ...);

#endif
