/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/demog.h"

bool demog_forgets(enum field field)
{
	static const enum field FORGOTTEN[] = { FIELD_PHONE, FIELD_EMAIL, FIELD_NHS,
		                                FIELD_UPN,   FIELD_OTHER, FIELD_OTHER + 1 };
	for (size_t i = 0; i < COUNT_OF(FORGOTTEN); i++) {
		if (FORGOTTEN[i] == field)
			return true;
	}
	return false;
}

void demog_keep(struct claims *claims)
{
	for (enum field field = 0; field < FIELD_COUNT; field++)
		claims->has[field] = claims->has[field] && !demog_forgets(field);
	for (uint32_t i = 0; i < claims->count; i++) {
		struct claim *claim = &claims->claims[i];
		memset(claim->phone, 0, sizeof claim->phone);
		memset(claim->other, 0, sizeof claim->other);
		claim->email = claim->nhs = claim->upn = 0;
	}
}
