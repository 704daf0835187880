/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/date_order.h"

struct date_order date_order_of(const struct dictionary *raw)
{
	size_t by_order = 0, not_dmy = 0, not_mdy = 0;
	for (uint32_t code = 1; code < raw->count; code++) {
		bool dmy, mdy;
		if (!norm_date_orders(dictionary_text(raw, code), &dmy, &mdy))
			continue;
		by_order++;
		not_dmy += !dmy;
		not_mdy += !mdy;
	}
	return (struct date_order){ .order = not_dmy > not_mdy ? NORM_MDY : NORM_DMY,
		                    .is_by_order = by_order > 0,
		                    .is_mixed = not_dmy > 0 && not_mdy > 0,
		                    .is_told = not_dmy != not_mdy };
}
