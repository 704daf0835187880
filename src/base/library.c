/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

#include "base/err.h"

_Static_assert(sizeof(void *) == sizeof(void (*)(void)), "POSIX: a function's address fits void *");

bool library_load(const char *name, const char *missing, const struct library_function *functions,
                  size_t count, struct err *err)
{
	void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (!library)
		return err_set(err, ERR_UNABLE, "%s", missing);
	for (size_t i = 0; i < count; i++) {
		void *found = dlsym(library, functions[i].name);
		if (!found)
			return err_set(err, ERR_UNABLE,
			               "The library %s has no %s; another version is needed", name,
			               functions[i].name);
		memcpy(functions[i].at, &found, sizeof found);
	}
	return true;
}
