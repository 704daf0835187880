/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the demo: what its people write, as tables. */
#ifndef CANDOUR_CLI_DEMO_SAYS_H
#define CANDOUR_CLI_DEMO_SAYS_H

#include <stddef.h>

/* Words for a field. Slots in braces are filled with the child; of an identifier or an address
 * "#" is any digit. Of the rows that fit, the most particular are chosen from. */
struct demo_sentence {
	const char *kind;  /* NULL: any */
	const char *field; /* NULL: any */
	const char *code;  /* an answer given before; NULL: whatever it was */
	const char *words; /* NULL: it is left out, where it may be */
};
const struct demo_sentence *demo_sentences(size_t *count);
const struct demo_sentence *demo_sentences_of_offices(size_t *count);

/* Codes for a field: of one, any of these; of several, all. */
struct demo_codes {
	const char *kind;
	const char *field;
	const char *codes; /* with blanks between; "-": it is left out */
};
const struct demo_codes *demo_codes(size_t *count);

#endif
