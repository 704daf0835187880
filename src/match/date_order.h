/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whether the day or the month comes first in a column of dates. Private to match. */
#ifndef CANDOUR_MATCH_DATE_ORDER_H
#define CANDOUR_MATCH_DATE_ORDER_H

#include "match/date.h"
#include "match/dictionary.h"

struct date_order {
	enum norm_order
		order;    /* by which fewer values are no dates; of as many, day before month */
	bool is_by_order; /* there are values of the form a/b/year at all */
	bool is_mixed;    /* some are no dates by either */
	bool is_told;     /* one order leaves fewer without a date than the other */
};
struct date_order date_order_of(const struct dictionary *raw);

#endif
