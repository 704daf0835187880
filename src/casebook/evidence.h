/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Private to the room: DIR/evidence, where notes are kept that this log signed and that are not in
 * its tree. While one lies there the register is read and not written, whoever opens it: a command
 * that asks no witness too. It goes on once a newer database is put back that has the note's tree.
 */
#ifndef CANDOUR_CASEBOOK_EVIDENCE_H
#define CANDOUR_CASEBOOK_EVIDENCE_H

#include "casebook/book.h"

/*
 * Opening for writing, after the log's gate: stops the writer where something in DIR/evidence
 * proves another history. What is there and proves nothing (of another log, by no key that signs
 * still, in the tree) is passed over. ERR_UNABLE: memory, store, or more lies there than is looked
 * at.
 */
bool evidence_look(struct casebook *book, struct log_reader *reader, struct err *err) MUST_USE;

#endif
