/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Private to the room: the pool of readers, and which readings of this minute are durable already.
 */
#ifndef CANDOUR_CASEBOOK_READINGS_H
#define CANDOUR_CASEBOOK_READINGS_H

#include "casebook/book.h"

#define READINGS_SLOTS                                                                             \
	8192 /* readings of a minute that are remembered; a forgotten one is written again */

/* NULL only when memory is out. */
struct readings *readings_create(void);
void readings_destroy(struct readings *readings); /* takes NULL */

/* Closes every idle reader of the register; none may be lent out any more. */
void readers_close(struct casebook *book);

/* The pack whose rules hold in the reader's snapshot. */
const struct pack *reader_pack(const struct casebook_reader *reader);

/* Whether the account may act in the office today. */
bool reader_is_seat(const struct casebook_reader *reader, struct str office, struct str account);

/*
 * Opens the sealed fields of an entry of the register's own file (names of
 * accounts) without a reading. *sealed NULL: nothing there that opens.
 */
bool reader_open_own(struct casebook_reader *reader, int64_t entry, struct arena *arena,
                     const struct json **sealed, struct err *err) MUST_USE;

/*
 * Opens the sealed fields of an entry without a reading, for what is compared in memory and shown
 * to nobody (claim.c). Of `header` the numbers and the office are good. *sealed NULL: nothing there
 * that opens; *is_gone: since the key is destroyed. ERR_ABSENT: no such entry.
 */
bool reader_open_claim(struct casebook_reader *reader, int64_t entry, struct arena *arena,
                       struct log_header *header, bool *is_gone, const struct json **sealed,
                       struct err *err) MUST_USE;

/*
 * An entry whose rows are proved to be the log's by the log's own key, for what lets somebody in:
 * its header and its plain text, in the arena. *is_proved false: they are not, or there is none.
 */
bool reader_proved_entry(struct casebook_reader *reader, struct arena *arena, int64_t entry,
                         struct log_header *header, struct str *plain, bool *is_proved,
                         struct err *err) MUST_USE;

/*
 * The salt of an entry's sealed fields, for the writer's own receipt. The words
 * are opened for a moment and shown to nobody. *has false: nothing sealed, or
 * it does not open.
 */
bool reader_sealed_salt(struct casebook_reader *reader, int64_t entry, struct hash *salt, bool *has,
                        struct err *err) MUST_USE;

/* What opens an entry's commitment to whoever may prove it: its header, as bytes too, the opener and
 * the salt of its plain fields. ERR_ABSENT: there is none, or it was destroyed. */
bool reader_entry_opened(struct casebook_reader *reader, int64_t entry, struct buf *bytes,
                         struct log_header *header, struct hash *opener, struct hash *plain_salt,
                         struct err *err) MUST_USE;

#endif
