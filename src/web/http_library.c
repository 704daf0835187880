/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/http_library.h"

/* The name under which Debian's library is built against by its header; another one has another. */
#define NAME "libmicrohttpd.so.12"

bool http_library_load(struct http_library *out, struct err *err)
{
	const struct library_function functions[] = {
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
	return library_load(NAME,
	                    "Pages need the library " NAME
	                    ", which is not here; on Debian: apt-get install libmicrohttpd12",
	                    functions, COUNT_OF(functions), err);
}
