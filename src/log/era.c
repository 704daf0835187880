/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "log/era.h"

struct log_eras log_eras_of_key(struct log_era *room, const struct log_vkey *key)
{
	*room = (struct log_era){ .above = -1, .key = *key };
	return (struct log_eras){ room, 1 };
}

const struct log_era *log_eras_find(const struct log_eras *eras, int64_t size)
{
	size_t i = eras->count - 1;
	while (i > 0 && eras->at[i].above >= size)
		i--;
	return &eras->at[i];
}

const struct log_era *log_eras_last(const struct log_eras *eras)
{
	return &eras->at[eras->count - 1];
}

bool log_era_has(const struct log_era *era, const struct log_vkey *key)
{
	return str_eq(era->key.pub, key->pub) ||
	       (era->has_former && str_eq(era->former.pub, key->pub));
}

bool log_eras_have_ended(const struct log_eras *eras, const struct log_vkey *key)
{
	size_t last = eras->count - 1;
	if (log_era_has(&eras->at[last], key))
		return false;
	for (size_t i = 0; i < last; i++) {
		if (log_era_has(&eras->at[i], key))
			return true;
	}
	return false;
}

bool log_eras_know(const struct log_eras *eras, int64_t key_id)
{
	for (size_t i = 0; i < eras->count; i++) {
		if (key_id == (int64_t)log_key_id_number(eras->at[i].key.id))
			return true;
	}
	return false;
}
