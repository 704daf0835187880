/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * libmicrohttpd, taken in when pages are to be served. Debian's brings eleven
 * more libraries with it, for a TLS that we leave to the proxy, and linking
 * them took half the time of every command that only knocks at a door.
 */
#ifndef CANDOUR_WEB_HTTP_LIBRARY_H
#define CANDOUR_WEB_HTTP_LIBRARY_H

#include <microhttpd.h>

#include "base/base.h"

/* Its functions that we call, without the prefix MHD_ and of its own types. */
struct http_library {
	__typeof__(MHD_get_version) *get_version;
	__typeof__(MHD_start_daemon) *start_daemon;
	__typeof__(MHD_quiesce_daemon) *quiesce_daemon;
	__typeof__(MHD_stop_daemon) *stop_daemon;
	__typeof__(MHD_get_connection_info) *get_connection_info;
	__typeof__(MHD_get_connection_values_n) *get_connection_values_n;
	__typeof__(MHD_create_response_from_buffer) *create_response_from_buffer;
	__typeof__(MHD_create_response_from_callback) *create_response_from_callback;
	__typeof__(MHD_add_response_header) *add_response_header;
	__typeof__(MHD_queue_response) *queue_response;
	__typeof__(MHD_destroy_response) *destroy_response;
};

/*
 * Fills *out; the library stays until the program ends. ERR_UNABLE: it is not
 * installed, or lacks a function.
 */
bool http_library_load(struct http_library *out, struct err *err) MUST_USE;

#endif
