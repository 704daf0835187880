/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/http_library.h"

#include <dlfcn.h>
#include <string.h>

/* The name under which Debian's library is built against by its header; another one has another. */
#define NAME "libmicrohttpd.so.12"

_Static_assert(sizeof(void *) == sizeof(void (*)(void)), "POSIX: a function's address fits void *");

bool http_library_load(struct http_library *out, struct err *err)
{
	const struct {
		const char *name;
		void *at;
	} functions[] = {
		{ "MHD_get_version", &out->get_version },
		{ "MHD_start_daemon", &out->start_daemon },
		{ "MHD_quiesce_daemon", &out->quiesce_daemon },
		{ "MHD_stop_daemon", &out->stop_daemon },
		{ "MHD_get_connection_info", &out->get_connection_info },
		{ "MHD_get_connection_values_n", &out->get_connection_values_n },
		{ "MHD_create_response_from_buffer", &out->create_response_from_buffer },
		{ "MHD_create_response_from_callback", &out->create_response_from_callback },
		{ "MHD_add_response_header", &out->add_response_header },
		{ "MHD_queue_response", &out->queue_response },
		{ "MHD_destroy_response", &out->destroy_response },
	};
	*out = (struct http_library){ 0 };
	void *library = dlopen(NAME, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (!library)
		return err_set(err, ERR_UNABLE,
		               "Pages need the library " NAME
		               ", which is not here; on Debian: apt-get install libmicrohttpd12");
	for (size_t i = 0; i < COUNT_OF(functions); i++) {
		void *found = dlsym(library, functions[i].name);
		if (!found)
			return err_set(err, ERR_UNABLE,
			               "The library " NAME " has no %s; another version is needed",
			               functions[i].name);
		memcpy(functions[i].at, &found, sizeof found);
	}
	return true;
}
