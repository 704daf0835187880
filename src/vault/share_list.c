/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "vault/share_list.h"

struct hash share_commitment(const struct share *share)
{
	const uint8_t number = (uint8_t)share->number;
	const struct str pieces[] = { STR("candour/share/v1\n"),
		                      { share->set, SHARE_SET },
		                      str_from_bytes(&number, 1),
		                      str_from_bytes(share->bytes, SHARE_SIZE) };
	CLEANUP(hasher_cleanup) struct hasher *hasher = hasher_create();
	return hasher_of(hasher, pieces, COUNT_OF(pieces));
}

void share_list_write(const struct share_list *list, struct buf *out)
{
	buf_format(out, "%.4s %d %d %" PRId64 "\n", list->set, list->said.needed, list->said.count,
	           list->said.made);
	for (int i = 0; i < list->said.count; i++) {
		buf_format(out, "%d ", i + 1);
		buf_add_hex(out, list->commitments[i].bytes, HASH_SIZE);
		buf_format(out, " %.*s %" PRId64 "\n", SHARE_MARKS, list->marks[i],
		           list->said.confirmed_at[i]);
	}
}

/* Cuts the next line into exactly `count` words. */
static bool cut_line(struct str *rest, struct str words[], size_t count)
{
	struct str line;
	if (!str_cut(rest, '\n', &line))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!str_cut(&line, ' ', &words[i]))
			return false;
	return line.p == NULL;
}

static bool read_int(struct str word, int max, int *out)
{
	uint64_t value = 0;
	if (!str_to_u64(word, (uint64_t)max, &value))
		return false;
	*out = (int)value;
	return true;
}

static bool read_instant(struct str word, instant *out)
{
	uint64_t value = 0;
	if (!str_to_u64(word, (uint64_t)INSTANT_MAX, &value))
		return false;
	*out = (instant)value;
	return true;
}

bool share_list_read(struct str text, struct share_list *out)
{
	struct str rest = text, words[4];
	*out = (struct share_list){ 0 };
	if (text.n == 0)
		return true;
	if (!cut_line(&rest, words, 4) || words[0].n != SHARE_SET ||
	    !read_int(words[1], VAULT_SHARES_MAX, &out->said.needed) ||
	    !read_int(words[2], VAULT_SHARES_MAX, &out->said.count) ||
	    !read_instant(words[3], &out->said.made))
		return false;
	memcpy(out->set, words[0].p, SHARE_SET);
	for (int i = 0; i < out->said.count; i++) {
		int number = 0;
		if (!cut_line(&rest, words, 4) || !read_int(words[0], VAULT_SHARES_MAX, &number) ||
		    number != i + 1 || !hash_read_hex(words[1], &out->commitments[i]) ||
		    words[2].n != SHARE_MARKS ||
		    !read_instant(words[3], &out->said.confirmed_at[i]))
			return false;
		memcpy(out->marks[i], words[2].p, SHARE_MARKS);
		out->said.confirmed += out->said.confirmed_at[i] > 0;
	}
	return rest.n == 0;
}

bool share_list_has(const struct share_list *list, const struct share *share)
{
	if (share->number < 1 || share->number > list->said.count ||
	    share->needed != list->said.needed || share->count != list->said.count ||
	    memcmp(share->set, list->set, SHARE_SET) != 0)
		return false;
	struct hash commitment = share_commitment(share);
	return str_eq_constant_time(hash_str(&commitment),
	                            hash_str(&list->commitments[share->number - 1]));
}
