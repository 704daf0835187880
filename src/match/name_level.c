/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/name_level.h"
static bool has_word(struct str text, struct str word)
{
	struct str piece;
	while (str_cut(&text, ' ', &piece))
		if (piece.n > 1 && str_eq(piece, word)) return true;
	return false;
}
static bool part(struct str a, struct str b)
{
	struct str piece, rest = a;
	if (str_find(a, ' ') == a.n && str_find(b, ' ') == b.n) return false;
	while (str_cut(&rest, ' ', &piece))
		if (!has_word(b, piece)) return false;
	return true;
}
int name_level(const struct names *names, const struct name_value *a, const struct name_value *b)
{
	(void)names;
	if (a->n == 1 || b->n == 1) return a->points[0] == b->points[0] ? 3 : 5;
	double jw = similar_jaro_winkler((struct similar_word){ a->points, a->n }, (struct similar_word){ b->points, b->n });
	if (jw >= .92) return 2;
	if (a->sound && a->sound == b->sound && jw >= .7 && a->n > 2 && b->n > 2) return 3;
	if (part(a->text, b->text) || part(b->text, a->text)) return 3;
	return 5;
}
