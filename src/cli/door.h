/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The door for people at the machine: while a program serves the register it
 * holds the writer, and commands reach it by DIR/socket (0600; the user at the
 * other end is checked).
 */
#ifndef CANDOUR_CLI_DOOR_H
#define CANDOUR_CLI_DOOR_H

#include "cli/call.h"

#define DOOR_THREADS 4 /* commands carried out at once; more wait */

struct door;

/* Opens the door of a register held to write. ERR_UNABLE. The book, and the index of its people,
 * must outlive it. */
bool door_open(struct casebook *book, struct people *people, struct door **out,
               struct err *err) MUST_USE;
/* Takes no more callers, lets commands in hand end, removes the socket. Takes NULL. */
void door_close(struct door *door);

/*
 * Carries out a call in the program that serves the register: its inputs are
 * read and prepared, its outputs are filled. *served false: nobody serves it.
 * False: somebody does, and could not be spoken with.
 */
bool door_call(struct cli_call *call, const struct str *argv, size_t argc, bool *served,
               int *status, struct err *err) MUST_USE;

#endif
