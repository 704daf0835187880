/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "match/wordlist.h"

bool wordlist_is_among(const char *listed, struct str text)
{
	for (const char *at = listed; *at;) {
		size_t same = 0;
		/* Of most words the first letter is another. */
		if (text.n && *at != text.p[0]) {
			at = strchr(at, '|');
			if (!at)
				return false;
			at++;
			continue;
		}
		while (same < text.n && at[same] == text.p[same])
			same++;
		if (same == text.n && (at[same] == '|' || at[same] == 0))
			return true;
		at += same; /* a bar within `text` itself would be its end, and folded text has none
		             */
		while (*at && *at != '|')
			at++;
		at += *at == '|';
	}
	return false;
}

bool wordlist_has(const struct wordlist *list, struct str text)
{
	unsigned char first = (unsigned char)(text.n > 0 ? text.p[0] - 'a' : 26);
	return first < 26 && list->by_letter[first] &&
	       wordlist_is_among(list->by_letter[first], text);
}
