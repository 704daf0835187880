/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A shared library that is taken in where it is needed, and stays until the program ends. */
#ifndef CANDOUR_BASE_LIBRARY_H
#define CANDOUR_BASE_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attribute.h"

struct err;

/* One function that is wanted: where its address goes, a pointer to a pointer to a function. */
struct library_function {
	const char *name;
	void *at;
};

/*
 * Loads the library `name` and fills in the functions. ERR_UNABLE: it is not here, said by
 * `missing`, which names the package; or it lacks one of them.
 */
bool library_load(const char *name, const char *missing, const struct library_function *functions,
                  size_t count, struct err *err) MUST_USE;

#endif
