/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What each fuzz target gives: one input, one property that must hold for it.
 * `make fuzz` drives it by libFuzzer; replay.c feeds it the kept inputs.
 */
#ifndef CANDOUR_FUZZ_TARGET_H
#define CANDOUR_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Answers 0. Stops the process when the property does not hold. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The property, in the words of the code. */
#define MUST_HOLD(cond)                                                                            \
	do {                                                                                       \
		if (!(cond)) {                                                                     \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #cond);  \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

#endif
